-- Through which provider a link knows its Exchange item.
ALTER TABLE link ADD COLUMN provenance TEXT NOT NULL DEFAULT 'Own';
-- Whose names they are that a link, or a copy in the PSA, still holds after the mailbox went over to
-- another provider; none where they are the mailbox's provider's.
ALTER TABLE link ADD COLUMN names_of TEXT;
ALTER TABLE appointment ADD COLUMN names_of TEXT;
-- When the mailbox went over to its present provider; none where it never had another.
ALTER TABLE mailbox ADD COLUMN handed_over BIGINT;
-- Planned changes of links say it too.
UPDATE intent SET operation = REPLACE(operation, '"undoing":', '"provenance":"Own","undoing":');
UPDATE held SET operation = REPLACE(operation, '"undoing":', '"provenance":"Own","undoing":');
