//! Service calls as rows: one for each mailbox whose user is, or once was, assigned.

use std::collections::BTreeMap;

use super::{Reader, maybe_version};
use crate::contract::{
    ItemKind, PsaContent, PsaId, PsaReference, PsaRow, RowVersion, ServiceCall, Side, WorkLine,
};
use crate::psa::address::Address;
use crate::psa::{WebAddress, span};
use crate::store::codec;
use crate::store::error::Result;
use crate::store::statement::{Row, Statement, sql};
use crate::store::{Source, Tenant};

/// Calls with the assignment of the user in $2. Where there is none, the call is a row all the same:
/// somebody may have carried a copy over. The version of one who was taken off stands, and the
/// person's never passes it.
macro_rules! select {
    ($version:literal, $join:literal, $rest:literal) => {
        concat!(
            "SELECT c.id, ",
            $version,
            " AS version, \
                    CASE WHEN a.version < c.person_version THEN a.version \
                         ELSE c.person_version END AS person_version, \
                    c.deleted, a.copy_deleted, COALESCE(a.assigned, 1 = 0) AS assigned, \
                    c.description, s.name AS status, f.name AS company, f.phone, f.address, \
                    c.start_at, c.end_at, c.first_day, c.after_day \
               FROM service_call c ",
            $join,
            " JOIN assignment a ON a.tenant = c.tenant AND a.call = c.id AND a.resource = $2 \
               JOIN call_status s ON s.tenant = c.tenant AND s.id = c.status \
               JOIN company f ON f.tenant = c.tenant AND f.id = c.company \
              WHERE c.tenant = $1 AND ",
            $rest
        )
    };
}

/// Those that the user is assigned to or was just taken off, and those to which the user is not
/// assigned although there is a link: a copy was found in the mailbox after the tables were put back.
pub(super) async fn changes(
    tenant: &Tenant,
    reader: &Reader<'_>,
    since: i64,
    limit: u32,
) -> Result<Vec<PsaRow>> {
    let text = concat!(
        select!("a.version", "", "a.version > $3"),
        " UNION ALL ",
        select!(
            "c.version",
            "LEFT",
            "c.version > $3 AND COALESCE(NOT a.assigned AND a.version <= $3, 1 = 1) AND EXISTS (
                SELECT 1 FROM link l
                  JOIN mailbox m ON m.tenant = l.tenant AND m.id = l.mailbox
                 WHERE l.tenant = $1 AND l.psa = 'ServiceCall:' || c.id AND m.resource = $2)"
        ),
        " ORDER BY version LIMIT $4"
    );
    let whose = &reader.resource.value;
    let statement = sql!(text, tenant.id(), whose, since, limit);
    rows(tenant, statement, reader.web).await
}

pub(super) async fn by_keys(
    tenant: &Tenant,
    keys: String,
    whose: Option<&str>,
    web: &WebAddress,
) -> Result<Vec<PsaRow>> {
    let text = select!(
        "COALESCE(a.version, c.version)",
        "LEFT",
        "c.id IN {list $3} ORDER BY c.id"
    );
    rows(tenant, sql!(text, tenant.id(), whose, keys), web).await
}

async fn rows(mut tenant: &Tenant, statement: Statement, web: &WebAddress) -> Result<Vec<PsaRow>> {
    let rows = tenant.fetch(statement).await?;
    let mut work = work(tenant, &rows).await?;
    rows.iter().map(|row| read(row, &mut work, web)).collect()
}

type WorkByCall = BTreeMap<String, Vec<WorkLine>>;

async fn work(mut tenant: &Tenant, calls: &[Row]) -> Result<WorkByCall> {
    let ids: Vec<String> = calls
        .iter()
        .map(|row| row.get("id"))
        .collect::<Result<_>>()?;
    let lines = tenant
        .fetch(sql!(
            "SELECT w.call, COALESCE(k.number, t.number) AS number,
                    COALESCE(k.title, t.title) AS title
               FROM call_work w
               LEFT JOIN ticket k ON k.tenant = w.tenant AND k.id = w.ticket
               LEFT JOIN task t ON t.tenant = w.tenant AND t.id = w.task
              WHERE w.tenant = $1 AND w.call IN {list $2} ORDER BY w.call, w.place",
            tenant.id(),
            codec::list(ids)?,
        ))
        .await?;
    let mut work = WorkByCall::new();
    for row in &lines {
        work.entry(row.get("call")?).or_default().push(WorkLine {
            number: row.get("number")?,
            title: row.get("title")?,
        });
    }
    Ok(work)
}

fn read(row: &Row, work: &mut WorkByCall, web: &WebAddress) -> Result<PsaRow> {
    let id: String = row.get("id")?;
    let work = work.remove(&id).unwrap_or_default();
    let reference = PsaReference {
        kind: ItemKind::ServiceCall,
        id: PsaId { value: id },
    };
    let deleted = row.get("deleted")?;
    // A tombstone's texts are empty, although its status and company are known.
    let text = |column| match deleted {
        true => Ok(String::new()),
        false => row.get::<String>(column),
    };
    let address = match deleted {
        true => Address::default(),
        false => codec::from_json("company.address", &text("address")?)?,
    };
    Ok(PsaRow {
        web_link: web.link(&reference),
        reference,
        version: RowVersion {
            number: row.unsigned("version")?,
        },
        person_version: RowVersion {
            number: row.unsigned("person_version")?,
        },
        owner: None,
        origin: Side::Psa,
        deleted,
        exchange: None,
        copy_deleted: maybe_version(row, "copy_deleted")?,
        content: PsaContent::ServiceCall(ServiceCall {
            description: text("description")?,
            status: text("status")?,
            work,
            organisation: text("company")?,
            phone: text("phone")?,
            address: address.on_one_line(),
            span: span::read(row)?,
            assigned: row.get("assigned")?,
        }),
    })
}
