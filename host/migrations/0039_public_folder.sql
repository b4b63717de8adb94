-- The tenant's public folder of all contacts has a row among the mailboxes: the names of the folders that
-- lead to it, joined by slashes. None for a user's mailbox.
ALTER TABLE mailbox ADD COLUMN public_folder TEXT;
