-- How many links the mailbox had when a cycle last wrote some: should there be fewer, the table was
-- damaged, and links are made again before anything is copied twice.
ALTER TABLE mailbox ADD COLUMN links BIGINT NOT NULL DEFAULT 0;
