-- The account that a user's own password belongs to; none where it is the mailbox's address.
ALTER TABLE mailbox ADD COLUMN own_account TEXT;
