-- The question that a stopped cycle left open: at most one for each mailbox.

CREATE TABLE stop (
    tenant   TEXT   NOT NULL,
    mailbox  TEXT   NOT NULL,
    -- The cycle that asked, by which `tandem approve` names it.
    cycle    TEXT   NOT NULL,
    reason   TEXT   NOT NULL,
    -- JSON: how much would have been done.
    extent   TEXT   NOT NULL,
    created  BIGINT NOT NULL,
    approved BIGINT,
    PRIMARY KEY (tenant, mailbox),
    FOREIGN KEY (tenant, mailbox) REFERENCES mailbox (tenant, id) ON DELETE CASCADE
);
