-- Who is told that records changed. The signing secrets stand in `secret`.

CREATE TABLE webhook (
    tenant        TEXT    NOT NULL REFERENCES tenant (tenant) ON DELETE CASCADE,
    id            TEXT    NOT NULL,
    -- Rises with each change that a person or the host makes to the subscription itself.
    version       BIGINT  NOT NULL,
    url           TEXT    NOT NULL,
    active        BOOLEAN NOT NULL,
    -- The version of PSA rows up to which the subscriber was told.
    told          BIGINT  NOT NULL,
    -- Rises with each try: of several hosts one begins it.
    tries         BIGINT  NOT NULL,
    failures      BIGINT  NOT NULL,
    failing_since BIGINT,
    error         TEXT,
    -- No try before this instant.
    due           BIGINT  NOT NULL,
    -- When the secret was exchanged; the one before signs too for a while.
    rotated       BIGINT,
    created       BIGINT  NOT NULL,
    changed       BIGINT  NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX webhook_due ON webhook (due) WHERE active;
