-- What cycles leave behind: while they run, for the next one, and for people.

CREATE TABLE round (
    tenant  TEXT   NOT NULL,
    mailbox TEXT   NOT NULL,
    next    TEXT   NOT NULL,
    started BIGINT NOT NULL,
    PRIMARY KEY (tenant, mailbox),
    FOREIGN KEY (tenant, mailbox) REFERENCES mailbox (tenant, id) ON DELETE CASCADE
);

CREATE TABLE observation (
    tenant  TEXT NOT NULL,
    mailbox TEXT NOT NULL,
    item    TEXT NOT NULL,
    -- JSON; none for an item that is there and of which nothing else was read.
    change  TEXT,
    PRIMARY KEY (tenant, mailbox, item),
    FOREIGN KEY (tenant, mailbox) REFERENCES mailbox (tenant, id) ON DELETE CASCADE
);

CREATE TABLE intent (
    tenant     TEXT   NOT NULL,
    key        TEXT   NOT NULL,
    mailbox    TEXT   NOT NULL,
    cycle      TEXT   NOT NULL,
    link       TEXT,
    generation BIGINT NOT NULL,
    operation  TEXT   NOT NULL,
    marker     TEXT,
    state      TEXT   NOT NULL,
    created    BIGINT NOT NULL,
    -- Keeps the order in which the intents of a cycle were prepared.
    position   BIGINT NOT NULL,
    PRIMARY KEY (tenant, key),
    FOREIGN KEY (tenant, mailbox) REFERENCES mailbox (tenant, id) ON DELETE CASCADE
);
CREATE INDEX intent_by_mailbox ON intent (tenant, mailbox, created, position);

CREATE TABLE look_again (
    tenant   TEXT   NOT NULL,
    mailbox  TEXT   NOT NULL,
    -- "exchange:" with an id, or "psa:" with kind, colon and key.
    item     TEXT   NOT NULL,
    reason   TEXT   NOT NULL,
    failures BIGINT NOT NULL,
    due      BIGINT NOT NULL,
    detail   TEXT   NOT NULL,
    PRIMARY KEY (tenant, mailbox, item),
    FOREIGN KEY (tenant, mailbox) REFERENCES mailbox (tenant, id) ON DELETE CASCADE
);

CREATE TABLE held (
    tenant    TEXT   NOT NULL,
    id        TEXT   NOT NULL,
    mailbox   TEXT   NOT NULL,
    cycle     TEXT   NOT NULL,
    link      TEXT,
    operation TEXT   NOT NULL,
    created   BIGINT NOT NULL,
    approved  BIGINT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, mailbox) REFERENCES mailbox (tenant, id) ON DELETE CASCADE
);
CREATE INDEX held_by_mailbox ON held (tenant, mailbox);

CREATE TABLE history (
    tenant        TEXT   NOT NULL,
    id            TEXT   NOT NULL,
    mailbox       TEXT   NOT NULL,
    cycle         TEXT   NOT NULL,
    time          BIGINT NOT NULL,
    link          TEXT,
    psa           TEXT,
    exchange_id   TEXT,
    plugin_digest TEXT   NOT NULL,
    rule          TEXT,
    action        TEXT   NOT NULL,
    fields        TEXT   NOT NULL,
    evidence      TEXT,
    outcome       TEXT   NOT NULL,
    request_id    TEXT   NOT NULL,
    status        BIGINT NOT NULL,
    remark        TEXT   NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant) REFERENCES tenant (tenant) ON DELETE CASCADE
);
CREATE INDEX history_by_psa ON history (tenant, psa, id) WHERE psa IS NOT NULL;
CREATE INDEX history_by_exchange ON history (tenant, exchange_id, id) WHERE exchange_id IS NOT NULL;
CREATE INDEX history_by_link ON history (tenant, link, id) WHERE link IS NOT NULL;
CREATE INDEX history_by_cycle ON history (tenant, cycle, id);
CREATE INDEX history_by_time ON history (time);

CREATE TABLE cycle_run (
    tenant          TEXT    NOT NULL,
    id              TEXT    NOT NULL,
    mailbox         TEXT    NOT NULL,
    plugin_digest   TEXT    NOT NULL,
    dry_run         BOOLEAN NOT NULL,
    started         BIGINT  NOT NULL,
    finished        BIGINT,
    psa_writes      BIGINT  NOT NULL,
    exchange_writes BIGINT  NOT NULL,
    requests        BIGINT  NOT NULL,
    batch_parts     BIGINT  NOT NULL,
    failed          BIGINT  NOT NULL,
    duration        BIGINT  NOT NULL,
    error           TEXT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant) REFERENCES tenant (tenant) ON DELETE CASCADE
);
CREATE INDEX cycle_run_by_mailbox ON cycle_run (tenant, mailbox, id);
CREATE INDEX cycle_run_by_time ON cycle_run (started);

CREATE TABLE plugin_storage (
    tenant  TEXT  NOT NULL,
    plugin  TEXT  NOT NULL,
    mailbox TEXT  NOT NULL,
    key     TEXT  NOT NULL,
    value   BYTEA NOT NULL,
    PRIMARY KEY (tenant, plugin, mailbox, key),
    FOREIGN KEY (tenant) REFERENCES tenant (tenant) ON DELETE CASCADE
);
