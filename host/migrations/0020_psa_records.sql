-- The records of a service business, beside its users and appointments. A deleted record stays as a
-- tombstone that names nothing; texts that others show of it are joined when they are read.

ALTER TABLE resource ADD COLUMN territory TEXT;
ALTER TABLE resource ADD COLUMN security_level TEXT;
CREATE INDEX resource_by_territory ON resource (tenant, territory) WHERE territory IS NOT NULL;

CREATE TABLE territory (
    tenant  TEXT    NOT NULL REFERENCES tenant (tenant) ON DELETE CASCADE,
    id      TEXT    NOT NULL,
    version BIGINT  NOT NULL,
    deleted BOOLEAN NOT NULL,
    name    TEXT    NOT NULL,
    created BIGINT  NOT NULL,
    changed BIGINT  NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX territory_by_version ON territory (tenant, version);

CREATE TABLE security_level (
    tenant               TEXT    NOT NULL REFERENCES tenant (tenant) ON DELETE CASCADE,
    id                   TEXT    NOT NULL,
    version              BIGINT  NOT NULL,
    deleted              BOOLEAN NOT NULL,
    name                 TEXT    NOT NULL,
    configure_extensions BOOLEAN NOT NULL,
    created              BIGINT  NOT NULL,
    changed              BIGINT  NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX security_level_by_version ON security_level (tenant, version);

CREATE TABLE action_type (
    tenant      TEXT    NOT NULL REFERENCES tenant (tenant) ON DELETE CASCADE,
    id          TEXT    NOT NULL,
    version     BIGINT  NOT NULL,
    deleted     BOOLEAN NOT NULL,
    name        TEXT    NOT NULL,
    on_calendar BOOLEAN NOT NULL,
    created     BIGINT  NOT NULL,
    changed     BIGINT  NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX action_type_by_version ON action_type (tenant, version);

CREATE TABLE call_status (
    tenant  TEXT    NOT NULL REFERENCES tenant (tenant) ON DELETE CASCADE,
    id      TEXT    NOT NULL,
    version BIGINT  NOT NULL,
    deleted BOOLEAN NOT NULL,
    name    TEXT    NOT NULL,
    created BIGINT  NOT NULL,
    changed BIGINT  NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX call_status_by_version ON call_status (tenant, version);

CREATE TABLE company (
    tenant          TEXT    NOT NULL REFERENCES tenant (tenant) ON DELETE CASCADE,
    id              TEXT    NOT NULL,
    version         BIGINT  NOT NULL,
    deleted         BOOLEAN NOT NULL,
    name            TEXT    NOT NULL,
    phone           TEXT    NOT NULL,
    -- JSON.
    address         TEXT    NOT NULL,
    territory       TEXT,
    account_manager TEXT,
    created         BIGINT  NOT NULL,
    changed         BIGINT  NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, territory) REFERENCES territory (tenant, id),
    FOREIGN KEY (tenant, account_manager) REFERENCES resource (tenant, id)
);
CREATE INDEX company_by_version ON company (tenant, version);
CREATE INDEX company_by_territory ON company (tenant, territory) WHERE NOT deleted;

CREATE TABLE contact (
    tenant           TEXT    NOT NULL REFERENCES tenant (tenant) ON DELETE CASCADE,
    id               TEXT    NOT NULL,
    version          BIGINT  NOT NULL,
    person_version   BIGINT  NOT NULL,
    deleted          BOOLEAN NOT NULL,
    prefix           TEXT    NOT NULL,
    given_name       TEXT    NOT NULL,
    middle_name      TEXT    NOT NULL,
    surname          TEXT    NOT NULL,
    suffix           TEXT    NOT NULL,
    job_title        TEXT    NOT NULL,
    company          TEXT,
    -- JSON, as are the numbers and the address.
    emails           TEXT    NOT NULL,
    business_phones  TEXT    NOT NULL,
    mobile_phone     TEXT    NOT NULL,
    home_phone       TEXT    NOT NULL,
    business_fax     TEXT    NOT NULL,
    business_address TEXT    NOT NULL,
    notes            TEXT    NOT NULL,
    active           BOOLEAN NOT NULL,
    created          BIGINT  NOT NULL,
    changed          BIGINT  NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, company) REFERENCES company (tenant, id)
);
CREATE INDEX contact_by_version ON contact (tenant, version);
CREATE INDEX contact_by_company ON contact (tenant, company) WHERE NOT deleted;

-- That a mailbox's user deleted the copy of a contact in Exchange.
CREATE TABLE contact_copy_deleted (
    tenant   TEXT   NOT NULL,
    contact  TEXT   NOT NULL,
    resource TEXT   NOT NULL,
    -- The contact's person_version then.
    at       BIGINT NOT NULL,
    PRIMARY KEY (tenant, contact, resource),
    FOREIGN KEY (tenant, contact) REFERENCES contact (tenant, id),
    FOREIGN KEY (tenant, resource) REFERENCES resource (tenant, id)
);

CREATE TABLE opportunity (
    tenant  TEXT    NOT NULL REFERENCES tenant (tenant) ON DELETE CASCADE,
    id      TEXT    NOT NULL,
    version BIGINT  NOT NULL,
    deleted BOOLEAN NOT NULL,
    name    TEXT    NOT NULL,
    company TEXT,
    owner   TEXT,
    created BIGINT  NOT NULL,
    changed BIGINT  NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, company) REFERENCES company (tenant, id),
    FOREIGN KEY (tenant, owner) REFERENCES resource (tenant, id)
);
CREATE INDEX opportunity_by_version ON opportunity (tenant, version);
CREATE INDEX opportunity_by_company ON opportunity (tenant, company, owner) WHERE NOT deleted;

CREATE TABLE service_contract (
    tenant  TEXT    NOT NULL REFERENCES tenant (tenant) ON DELETE CASCADE,
    id      TEXT    NOT NULL,
    version BIGINT  NOT NULL,
    deleted BOOLEAN NOT NULL,
    name    TEXT    NOT NULL,
    company TEXT,
    created BIGINT  NOT NULL,
    changed BIGINT  NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, company) REFERENCES company (tenant, id)
);
CREATE INDEX service_contract_by_version ON service_contract (tenant, version);
CREATE INDEX service_contract_by_company ON service_contract (tenant, company) WHERE NOT deleted;

CREATE TABLE ticket (
    tenant  TEXT    NOT NULL REFERENCES tenant (tenant) ON DELETE CASCADE,
    id      TEXT    NOT NULL,
    version BIGINT  NOT NULL,
    deleted BOOLEAN NOT NULL,
    number  TEXT    NOT NULL,
    title   TEXT    NOT NULL,
    company TEXT,
    created BIGINT  NOT NULL,
    changed BIGINT  NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, company) REFERENCES company (tenant, id)
);
CREATE INDEX ticket_by_version ON ticket (tenant, version);
CREATE INDEX ticket_by_company ON ticket (tenant, company) WHERE NOT deleted;

CREATE TABLE task (
    tenant  TEXT    NOT NULL REFERENCES tenant (tenant) ON DELETE CASCADE,
    id      TEXT    NOT NULL,
    version BIGINT  NOT NULL,
    deleted BOOLEAN NOT NULL,
    number  TEXT    NOT NULL,
    title   TEXT    NOT NULL,
    company TEXT,
    created BIGINT  NOT NULL,
    changed BIGINT  NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, company) REFERENCES company (tenant, id)
);
CREATE INDEX task_by_version ON task (tenant, version);
CREATE INDEX task_by_company ON task (tenant, company) WHERE NOT deleted;

CREATE TABLE to_do (
    tenant         TEXT    NOT NULL,
    id             TEXT    NOT NULL,
    version        BIGINT  NOT NULL,
    person_version BIGINT  NOT NULL,
    -- The version of a cycle's write, until a person writes again.
    tandem_version BIGINT,
    deleted        BOOLEAN NOT NULL,
    resource       TEXT    NOT NULL,
    action_type    TEXT    NOT NULL,
    company        TEXT,
    contact        TEXT,
    opportunity    TEXT,
    ticket         TEXT,
    contract       TEXT,
    description    TEXT    NOT NULL,
    -- As in the table of appointments.
    start_at       BIGINT,
    end_at         BIGINT,
    first_day      TEXT,
    after_day      TEXT,
    begins         BIGINT  NOT NULL,
    ends           BIGINT  NOT NULL,
    completed      BOOLEAN NOT NULL,
    copy_deleted   BIGINT,
    created        BIGINT  NOT NULL,
    changed        BIGINT  NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, resource) REFERENCES resource (tenant, id),
    FOREIGN KEY (tenant, action_type) REFERENCES action_type (tenant, id),
    FOREIGN KEY (tenant, company) REFERENCES company (tenant, id),
    FOREIGN KEY (tenant, contact) REFERENCES contact (tenant, id),
    FOREIGN KEY (tenant, opportunity) REFERENCES opportunity (tenant, id),
    FOREIGN KEY (tenant, ticket) REFERENCES ticket (tenant, id),
    FOREIGN KEY (tenant, contract) REFERENCES service_contract (tenant, id),
    CHECK ((start_at IS NULL) = (first_day IS NOT NULL)),
    CHECK ((start_at IS NULL) = (end_at IS NULL)),
    CHECK ((first_day IS NULL) = (after_day IS NULL))
);
CREATE INDEX to_do_by_version ON to_do (tenant, version);
CREATE INDEX to_do_by_resource ON to_do (tenant, resource, version);
CREATE INDEX to_do_by_action_type ON to_do (tenant, action_type) WHERE NOT deleted;
CREATE INDEX to_do_by_company ON to_do (tenant, company) WHERE NOT deleted;
CREATE INDEX to_do_by_contact ON to_do (tenant, contact) WHERE NOT deleted;
CREATE INDEX to_do_by_opportunity ON to_do (tenant, opportunity) WHERE NOT deleted;
CREATE INDEX to_do_by_ticket ON to_do (tenant, ticket) WHERE NOT deleted;
CREATE INDEX to_do_by_contract ON to_do (tenant, contract) WHERE NOT deleted;

CREATE TABLE service_call (
    tenant         TEXT    NOT NULL,
    id             TEXT    NOT NULL,
    version        BIGINT  NOT NULL,
    person_version BIGINT  NOT NULL,
    deleted        BOOLEAN NOT NULL,
    description    TEXT    NOT NULL,
    status         TEXT    NOT NULL,
    company        TEXT    NOT NULL,
    start_at       BIGINT,
    end_at         BIGINT,
    first_day      TEXT,
    after_day      TEXT,
    begins         BIGINT  NOT NULL,
    ends           BIGINT  NOT NULL,
    created        BIGINT  NOT NULL,
    changed        BIGINT  NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, status) REFERENCES call_status (tenant, id),
    FOREIGN KEY (tenant, company) REFERENCES company (tenant, id),
    CHECK ((start_at IS NULL) = (first_day IS NOT NULL)),
    CHECK ((start_at IS NULL) = (end_at IS NULL)),
    CHECK ((first_day IS NULL) = (after_day IS NULL))
);
CREATE INDEX service_call_by_version ON service_call (tenant, version);
CREATE INDEX service_call_by_status ON service_call (tenant, status) WHERE NOT deleted;
CREATE INDEX service_call_by_company ON service_call (tenant, company) WHERE NOT deleted;

-- A service call in the calendar of one who is, or once was, assigned to it.
CREATE TABLE assignment (
    tenant       TEXT    NOT NULL,
    call         TEXT    NOT NULL,
    resource     TEXT    NOT NULL,
    -- Of the call as it stands in this calendar: rises with the call, and with what it shows.
    version      BIGINT  NOT NULL,
    assigned     BOOLEAN NOT NULL,
    -- The order in which the call names them.
    place        BIGINT  NOT NULL,
    -- The call's person_version at which this user deleted the copy in Exchange.
    copy_deleted BIGINT,
    PRIMARY KEY (tenant, call, resource),
    FOREIGN KEY (tenant, call) REFERENCES service_call (tenant, id),
    FOREIGN KEY (tenant, resource) REFERENCES resource (tenant, id)
);
CREATE INDEX assignment_by_version ON assignment (tenant, resource, version);

-- The tickets and tasks on a service call, in the PSA's order.
CREATE TABLE call_work (
    tenant TEXT   NOT NULL,
    call   TEXT   NOT NULL,
    place  BIGINT NOT NULL,
    ticket TEXT,
    task   TEXT,
    PRIMARY KEY (tenant, call, place),
    FOREIGN KEY (tenant, call) REFERENCES service_call (tenant, id),
    FOREIGN KEY (tenant, ticket) REFERENCES ticket (tenant, id),
    FOREIGN KEY (tenant, task) REFERENCES task (tenant, id),
    CHECK ((ticket IS NULL) = (task IS NOT NULL))
);
CREATE INDEX call_work_by_ticket ON call_work (tenant, ticket) WHERE ticket IS NOT NULL;
CREATE INDEX call_work_by_task ON call_work (tenant, task) WHERE task IS NOT NULL;
