-- What the writes of cycles replaced, so that a mailbox's last cycle can be undone.

CREATE TABLE before_image (
    tenant  TEXT   NOT NULL,
    id      TEXT   NOT NULL,
    mailbox TEXT   NOT NULL,
    cycle   TEXT   NOT NULL,
    -- The key of the write's intent; none for a write to the PSA.
    intent  TEXT,
    state   TEXT   NOT NULL,
    -- JSON under the key of secrets: it holds texts of items.
    nonce   BYTEA  NOT NULL,
    sealed  BYTEA  NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, mailbox) REFERENCES mailbox (tenant, id) ON DELETE CASCADE
);
CREATE INDEX before_image_by_cycle ON before_image (tenant, mailbox, cycle, id);
CREATE INDEX before_image_by_intent ON before_image (tenant, intent) WHERE intent IS NOT NULL;
CREATE INDEX before_image_by_time ON before_image (created);
-- The cycle that this run undid; none for every other run.
ALTER TABLE cycle_run ADD COLUMN undoes TEXT;
