-- Only the pilot group synchronises while this is set.
ALTER TABLE settings ADD COLUMN pilot_only BOOLEAN NOT NULL DEFAULT FALSE;
-- The mailbox belongs to the pilot group.
ALTER TABLE mailbox ADD COLUMN pilot BOOLEAN NOT NULL DEFAULT FALSE;
