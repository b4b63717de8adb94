-- How often the item was put on the list: tells an entry that was looked at from one that came anew.
ALTER TABLE look_again ADD COLUMN times BIGINT NOT NULL DEFAULT 0;
