-- How many links a mailbox has, kept with each link that is made or removed. Where the table holds
-- another number, links were lost elsewhere, and are made again.
ALTER TABLE mailbox ADD COLUMN links BIGINT NOT NULL DEFAULT 0;
UPDATE mailbox SET links = (
    SELECT COUNT(*) FROM link WHERE link.tenant = mailbox.tenant AND link.mailbox = mailbox.id
);
