-- A mail as text and as HTML that says the same.

-- None for mails that were written before, and where there is only text.
ALTER TABLE mail ADD COLUMN html TEXT;
