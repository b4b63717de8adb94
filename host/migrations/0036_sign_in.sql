-- Who may sign in to the pages, and who has.

CREATE TABLE account (
    tenant   TEXT   NOT NULL,
    resource TEXT   NOT NULL,
    -- What its user types to sign in, and the same in lower case: a name leads to one user of one tenant.
    name     TEXT   NOT NULL,
    name_key TEXT   NOT NULL UNIQUE,
    -- Argon2id as a PHC string; none before its user chose a password.
    password TEXT,
    PRIMARY KEY (tenant, resource),
    FOREIGN KEY (tenant, resource) REFERENCES resource (tenant, id)
);

-- A link by which a user chooses a password: at most one for each, used once.
CREATE TABLE invitation (
    tenant   TEXT   NOT NULL,
    resource TEXT   NOT NULL,
    -- SHA-256 of what stands in the link, lower-case hexadecimal.
    digest   TEXT   NOT NULL UNIQUE,
    expires  BIGINT NOT NULL,
    PRIMARY KEY (tenant, resource),
    FOREIGN KEY (tenant, resource) REFERENCES account (tenant, resource) ON DELETE CASCADE
);

CREATE TABLE session (
    tenant   TEXT   NOT NULL,
    -- SHA-256 of what the cookie holds, lower-case hexadecimal.
    digest   TEXT   NOT NULL UNIQUE,
    resource TEXT   NOT NULL,
    created  BIGINT NOT NULL,
    -- To the minute, so that not every page is a write.
    used     BIGINT NOT NULL,
    PRIMARY KEY (tenant, digest),
    FOREIGN KEY (tenant, resource) REFERENCES account (tenant, resource) ON DELETE CASCADE
);
CREATE INDEX session_by_use ON session (used);

-- Failed tries to sign in, of all tenants: nobody is signed in yet.
CREATE TABLE failed_sign_in (
    -- SHA-256 of the name that was typed, or of the address that the try came from.
    subject       TEXT   NOT NULL PRIMARY KEY,
    failures      BIGINT NOT NULL,
    last          BIGINT NOT NULL,
    -- No try counts before this instant.
    refused_until BIGINT NOT NULL
);
CREATE INDEX failed_sign_in_by_time ON failed_sign_in (last);
