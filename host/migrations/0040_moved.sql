-- The names that are stored are those of another server, which the settings named before.
ALTER TABLE mailbox ADD COLUMN moved BOOLEAN NOT NULL DEFAULT FALSE;
