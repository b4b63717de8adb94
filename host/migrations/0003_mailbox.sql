-- One row for each PSA user who has, or once had, permission to synchronise.

CREATE TABLE mailbox (
    tenant        TEXT    NOT NULL,
    id            TEXT    NOT NULL,
    resource      TEXT    NOT NULL,
    address       TEXT    NOT NULL,
    -- The address in lower case: two users never share a mailbox.
    address_key   TEXT    NOT NULL,
    enabled       BOOLEAN NOT NULL,
    -- JSON; none until the profile was saved, and until then nothing synchronises.
    profile       TEXT,
    zone          TEXT,
    -- Which provider the stored ids belong to; none before the first cycle.
    provider      TEXT,
    cursor        TEXT,
    psa_cursor    BIGINT,
    -- Links are to be made again with the next complete round.
    relink        BOOLEAN NOT NULL,
    plugin_digest TEXT,
    next_due      BIGINT  NOT NULL,
    lease_owner   TEXT,
    lease_until   BIGINT  NOT NULL,
    -- Rises with each lease; a commit under an older fence is refused.
    fence         BIGINT  NOT NULL,
    last_attempt  BIGINT,
    last_result   TEXT,
    last_error    TEXT,
    failures      BIGINT  NOT NULL,
    created       BIGINT  NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, resource),
    UNIQUE (tenant, address_key),
    FOREIGN KEY (tenant, resource) REFERENCES resource (tenant, id)
);
CREATE INDEX mailbox_due ON mailbox (next_due) WHERE enabled AND profile IS NOT NULL;

CREATE TABLE link (
    tenant      TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    mailbox     TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    origin      TEXT   NOT NULL,
    -- Kind and key, joined by a colon.
    psa         TEXT,
    exchange_id TEXT,
    uid         TEXT,
    slot_master TEXT,
    slot_start  BIGINT,
    state       TEXT   NOT NULL,
    generation  BIGINT NOT NULL,
    base        TEXT,
    undoing     TEXT   NOT NULL,
    remaking    TEXT   NOT NULL,
    changed     BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, mailbox) REFERENCES mailbox (tenant, id) ON DELETE CASCADE
);
-- One copy of a PSA item in a mailbox, never two.
CREATE UNIQUE INDEX link_by_psa ON link (tenant, psa, mailbox) WHERE psa IS NOT NULL;
CREATE INDEX link_by_exchange ON link (tenant, mailbox, exchange_id);
CREATE INDEX link_by_uid ON link (tenant, mailbox, uid) WHERE uid IS NOT NULL;
CREATE INDEX link_by_slot ON link (tenant, mailbox, slot_master, slot_start) WHERE slot_master IS NOT NULL;
CREATE INDEX link_by_state ON link (tenant, mailbox, state);

-- Masters of series as they were last seen, so that a moved window is planned without a request.
CREATE TABLE master (
    tenant  TEXT   NOT NULL,
    mailbox TEXT   NOT NULL,
    id      TEXT   NOT NULL,
    event   TEXT   NOT NULL,
    changed BIGINT NOT NULL,
    PRIMARY KEY (tenant, mailbox, id),
    FOREIGN KEY (tenant, mailbox) REFERENCES mailbox (tenant, id) ON DELETE CASCADE
);
