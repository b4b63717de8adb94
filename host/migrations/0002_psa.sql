-- The reference host's own small PSA. Each kind of record has a table of its own; what
-- synchronises carries version and person_version, drawn from tenant.psa_version.

CREATE TABLE resource (
    tenant        TEXT    NOT NULL REFERENCES tenant (tenant) ON DELETE CASCADE,
    id            TEXT    NOT NULL,
    version       BIGINT  NOT NULL,
    name          TEXT    NOT NULL,
    email         TEXT    NOT NULL,
    -- JSON, or none.
    working_hours TEXT,
    active        BOOLEAN NOT NULL,
    created       BIGINT  NOT NULL,
    changed       BIGINT  NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX resource_by_name ON resource (tenant, name, id);

CREATE TABLE appointment (
    tenant         TEXT    NOT NULL,
    id             TEXT    NOT NULL,
    resource       TEXT    NOT NULL,
    version        BIGINT  NOT NULL,
    person_version BIGINT  NOT NULL,
    origin         TEXT    NOT NULL,
    -- A tombstone: its texts are empty, its times are as they were last.
    deleted        BOOLEAN NOT NULL,
    title          TEXT    NOT NULL,
    description    TEXT    NOT NULL,
    -- Timed: start_at and end_at. All day: first_day and after_day as YYYY-MM-DD.
    start_at       BIGINT,
    end_at         BIGINT,
    first_day      TEXT,
    after_day      TEXT,
    -- The outermost instants it can touch, whatever the zone of its days is; for searching only.
    begins         BIGINT  NOT NULL,
    ends           BIGINT  NOT NULL,
    private        BOOLEAN NOT NULL,
    free           BOOLEAN NOT NULL,
    recurring      BOOLEAN NOT NULL,
    not_answered   BOOLEAN NOT NULL,
    -- The item of Exchange that this is a copy of.
    exchange_id    TEXT,
    exchange_uid   TEXT,
    slot_master    TEXT,
    slot_start     BIGINT,
    -- The person_version at which the user deleted the copy in Exchange.
    copy_deleted   BIGINT,
    created        BIGINT  NOT NULL,
    changed        BIGINT  NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, resource) REFERENCES resource (tenant, id),
    CHECK ((start_at IS NULL) = (first_day IS NOT NULL)),
    CHECK ((start_at IS NULL) = (end_at IS NULL)),
    CHECK ((first_day IS NULL) = (after_day IS NULL)),
    CHECK ((slot_master IS NULL) = (slot_start IS NULL))
);
CREATE INDEX appointment_by_version ON appointment (tenant, resource, version);
CREATE INDEX appointment_by_end ON appointment (tenant, resource, ends) WHERE NOT deleted;
CREATE INDEX appointment_by_exchange ON appointment (tenant, exchange_id) WHERE exchange_id IS NOT NULL;
CREATE INDEX appointment_by_uid ON appointment (tenant, exchange_uid) WHERE exchange_uid IS NOT NULL;
