-- The change feed reads each kind of record by version, whosever it is.

CREATE INDEX appointment_of_tenant_by_version ON appointment (tenant, version);
CREATE INDEX resource_by_version ON resource (tenant, version);
