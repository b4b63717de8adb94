//! Contacts as rows, each with whether its own data put it into the tenant's selection (behaviour,
//! section 1, *Contacts to export*).
//!
//! What the law calls account manager and opportunity owner belong to the contact's company: one
//! looks after it, the other has an opportunity there. Its territory is the company's, the user's
//! territory the user's own. A contact without a company is selected only where all are.

use super::{Reader, maybe_version};
use crate::contract::{
    ContactSelection, ItemKind, PsaContact, PsaContent, PsaId, PsaReference, PsaRow, RowVersion,
    Side,
};
use crate::psa::WebAddress;
use crate::psa::contact::Contact;
use crate::psa::record::Record;
use crate::store::codec;
use crate::store::error::Result;
use crate::store::statement::{Row, Statement, sql};
use crate::store::{Source, Tenant};

/// Contacts for the user in $2 under the selection in $3. What a tenant selects for a user is never
/// stored: it follows from a few indexed rows, and there would be as many as contacts times users.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT * FROM (SELECT c.*, COALESCE(f.name, '') AS organisation, \
                    d.at AS copy_deleted, \
                    CASE $3 \
                      WHEN 'All' THEN NOT c.deleted \
                      WHEN 'Own' THEN COALESCE(f.account_manager = $2, 1 = 0) OR EXISTS ( \
                        SELECT 1 FROM opportunity o \
                         WHERE o.tenant = c.tenant AND o.company = c.company AND o.owner = $2 \
                           AND NOT o.deleted) \
                      WHEN 'Territory' THEN EXISTS ( \
                        SELECT 1 FROM resource r \
                         WHERE r.tenant = c.tenant AND r.id = $2 AND r.territory = f.territory) \
                      ELSE 1 = 0 \
                    END AS selected \
               FROM contact c \
               LEFT JOIN company f ON f.tenant = c.tenant AND f.id = c.company \
               LEFT JOIN contact_copy_deleted d \
                      ON d.tenant = c.tenant AND d.contact = c.id AND d.resource = $2 \
              WHERE c.tenant = $1 ",
            $rest
        )
    };
}

/// Selected ones, and those that may have a copy in the mailbox although they no longer are.
pub(super) async fn changes(
    tenant: &Tenant,
    reader: &Reader<'_>,
    since: i64,
    limit: u32,
) -> Result<Vec<PsaRow>> {
    let text = select!(
        "AND c.version > $4) known
          WHERE selected OR EXISTS (
                SELECT 1 FROM link l
                  JOIN mailbox m ON m.tenant = l.tenant AND m.id = l.mailbox
                 WHERE l.tenant = $1 AND l.psa = 'Contact:' || known.id AND m.resource = $2)
          ORDER BY version LIMIT $5"
    );
    let whose = &reader.resource.value;
    let selection = codec::name("contact.selection", &reader.contacts)?;
    let statement = sql!(text, tenant.id(), whose, selection, since, limit);
    rows(tenant, statement, reader.web).await
}

pub(super) async fn by_keys(
    tenant: &Tenant,
    keys: String,
    whose: Option<&str>,
    selection: Option<ContactSelection>,
    web: &WebAddress,
) -> Result<Vec<PsaRow>> {
    let text = select!("AND c.id IN {list $4}) known ORDER BY id");
    let selection = selection
        .map(|selection| codec::name("contact.selection", &selection))
        .transpose()?;
    let statement = sql!(text, tenant.id(), whose, selection, keys);
    rows(tenant, statement, web).await
}

async fn rows(mut tenant: &Tenant, statement: Statement, web: &WebAddress) -> Result<Vec<PsaRow>> {
    let rows = tenant.fetch(statement).await?;
    rows.iter().map(|row| read(row, web)).collect()
}

fn read(row: &Row, web: &WebAddress) -> Result<PsaRow> {
    let reference = PsaReference {
        kind: ItemKind::Contact,
        id: PsaId {
            value: row.get("id")?,
        },
    };
    let contact = Contact::read(row)?;
    let active = contact.active;
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
        deleted: row.get("deleted")?,
        exchange: None,
        copy_deleted: maybe_version(row, "copy_deleted")?,
        content: PsaContent::Contact(PsaContact {
            fields: contact.into_fields(row.get("organisation")?),
            active,
            selected: row.get("selected")?,
        }),
    })
}
