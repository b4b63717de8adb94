-- What was told of a series' occurrences, so that those that a moved window lets in are planned
-- without a request.
ALTER TABLE master ADD COLUMN instances TEXT NOT NULL DEFAULT '[]';
-- The end of the window at the last cycle that came to its end; where it is another now,
-- occurrences come in.
ALTER TABLE mailbox ADD COLUMN window_end BIGINT;
-- The version of the PSA's row for which Exchange refused for good what was written.
ALTER TABLE link ADD COLUMN refused BIGINT;
-- Series told before this were not kept: everything is read once more.
UPDATE mailbox SET cursor = NULL;
