-- Tenants and what belongs to a tenant as a whole.
--
-- One text for SQLite and PostgreSQL: column types are TEXT, BIGINT, BOOLEAN, DOUBLE PRECISION and
-- BYTEA only. Times are microseconds since 1970-01-01T00:00:00Z, ids are UUIDs (version 7) as
-- text, JSON is text. Primary keys begin with the tenant, so that no row can be reached without it.

CREATE TABLE host (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE tenant (
    tenant      TEXT   NOT NULL PRIMARY KEY,
    name        TEXT   NOT NULL,
    created     BIGINT NOT NULL,
    -- The version of the PSA row that was written last. It is raised inside the writing
    -- transaction, whose lock on this row makes versions rise in the order of commits.
    psa_version BIGINT NOT NULL
);

-- Apart from the tenant, so that holding cycles does not wait for writers of PSA rows.
CREATE TABLE settings (
    tenant   TEXT    NOT NULL PRIMARY KEY REFERENCES tenant (tenant) ON DELETE CASCADE,
    -- JSON; none before the first save.
    document TEXT,
    version  BIGINT  NOT NULL,
    -- As in the document: cycles run.
    enabled  BOOLEAN NOT NULL,
    -- No mailbox of the tenant is leased while this is set.
    paused   BOOLEAN NOT NULL,
    -- Nor before this instant: a save waits for the cycles that run. It passes by itself, so that
    -- a host that dies while saving holds nobody up.
    quiet_until BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE secret (
    tenant  TEXT   NOT NULL REFERENCES tenant (tenant) ON DELETE CASCADE,
    name    TEXT   NOT NULL,
    nonce   BYTEA  NOT NULL,
    sealed  BYTEA  NOT NULL,
    changed BIGINT NOT NULL,
    PRIMARY KEY (tenant, name)
);

CREATE TABLE token (
    tenant  TEXT   NOT NULL REFERENCES tenant (tenant) ON DELETE CASCADE,
    id      TEXT   NOT NULL,
    label   TEXT   NOT NULL,
    -- SHA-256 of the token, lower-case hexadecimal. The token itself is kept nowhere.
    digest  TEXT   NOT NULL UNIQUE,
    created BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE mail (
    tenant     TEXT   NOT NULL REFERENCES tenant (tenant) ON DELETE CASCADE,
    id         TEXT   NOT NULL,
    recipients TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    -- Mails of one cause are sent at most once in 24 hours; none is never held back.
    cause      TEXT,
    created    BIGINT NOT NULL,
    sent       BIGINT,
    failures   BIGINT NOT NULL,
    error      TEXT,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX mail_by_cause ON mail (tenant, cause, created);
CREATE INDEX mail_unsent ON mail (created) WHERE sent IS NULL;
