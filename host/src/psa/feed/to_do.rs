//! To-dos as rows.

use super::{Reader, maybe_version};
use crate::contract::{ItemKind, PsaContent, PsaId, PsaReference, PsaRow, RowVersion, Side, ToDo};
use crate::psa::address::joined;
use crate::psa::{WebAddress, span};
use crate::store::error::Result;
use crate::store::statement::{Row, Statement, sql};
use crate::store::{Source, Tenant};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, t.resource, t.version, t.person_version, t.deleted, t.copy_deleted, t.description, \
                    t.start_at, t.end_at, t.first_day, t.after_day, t.completed, \
                    a.name AS action_type, a.on_calendar, COALESCE(f.name, '') AS company, \
                    COALESCE(c.given_name, '') AS given_name, COALESCE(c.surname, '') AS surname, \
                    COALESCE(o.name, '') AS opportunity, COALESCE(k.number, '') AS number, \
                    COALESCE(k.title, '') AS title, COALESCE(s.name, '') AS contract \
               FROM to_do t \
               JOIN action_type a ON a.tenant = t.tenant AND a.id = t.action_type \
               LEFT JOIN company f ON f.tenant = t.tenant AND f.id = t.company \
               LEFT JOIN contact c ON c.tenant = t.tenant AND c.id = t.contact \
               LEFT JOIN opportunity o ON o.tenant = t.tenant AND o.id = t.opportunity \
               LEFT JOIN ticket k ON k.tenant = t.tenant AND k.id = t.ticket \
               LEFT JOIN service_contract s ON s.tenant = t.tenant AND s.id = t.contract \
              WHERE t.tenant = $1 AND ",
            $rest
        )
    };
}

/// The user's own ones, and those that may have a copy in the mailbox although somebody else does
/// them now.
pub(super) async fn changes(
    tenant: &Tenant,
    reader: &Reader<'_>,
    since: i64,
    limit: u32,
) -> Result<Vec<PsaRow>> {
    let text = select!(
        "t.version > $3 AND (t.resource = $2 OR EXISTS (
                SELECT 1 FROM link l
                  JOIN mailbox m ON m.tenant = l.tenant AND m.id = l.mailbox
                 WHERE l.tenant = $1 AND l.psa = 'ToDo:' || t.id AND m.resource = $2))
          ORDER BY t.version LIMIT $4"
    );
    let whose = &reader.resource.value;
    rows(
        tenant,
        sql!(text, tenant.id(), whose, since, limit),
        reader.web,
    )
    .await
}

pub(super) async fn by_keys(
    tenant: &Tenant,
    keys: String,
    web: &WebAddress,
) -> Result<Vec<PsaRow>> {
    let text = select!("t.id IN {list $2} ORDER BY t.id");
    rows(tenant, sql!(text, tenant.id(), keys), web).await
}

async fn rows(mut tenant: &Tenant, statement: Statement, web: &WebAddress) -> Result<Vec<PsaRow>> {
    let rows = tenant.fetch(statement).await?;
    rows.iter().map(|row| read(row, web)).collect()
}

fn read(row: &Row, web: &WebAddress) -> Result<PsaRow> {
    let reference = PsaReference {
        kind: ItemKind::ToDo,
        id: PsaId {
            value: row.get("id")?,
        },
    };
    let deleted = row.get("deleted")?;
    // A tombstone names nothing any more but its action type.
    let action_type = match deleted {
        true => String::new(),
        false => row.get("action_type")?,
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
        owner: Some(PsaId {
            value: row.get("resource")?,
        }),
        origin: Side::Psa,
        deleted,
        exchange: None,
        copy_deleted: maybe_version(row, "copy_deleted")?,
        content: PsaContent::ToDo(ToDo {
            action_type,
            on_calendar: row.get("on_calendar")?,
            organisation: row.get("company")?,
            contact: joined(" ", &[row.get("given_name")?, row.get("surname")?]),
            opportunity: row.get("opportunity")?,
            ticket: joined(" ", &[row.get("number")?, row.get("title")?]),
            contract: row.get("contract")?,
            description: row.get("description")?,
            span: span::read(row)?,
            completed: row.get("completed")?,
        }),
    })
}
