//! Which item somebody means: the PSA's id, `exchange:` and an id of Exchange, or a part of a
//! title where only one item has it.

use crate::contract::{ExchangeId, ItemKind, PsaId, PsaReference, RowVersion};
use crate::psa::appointment::{self, AppointmentRecord, Search};
use crate::store::{StoreError, Tenant, history, link};

/// How many rows are read at once while titles are compared.
const PAGE: u32 = 500;
/// How many items of one title are told before the rest is only counted.
const TOLD: usize = 10;

/// An item that somebody asks about.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// An item of the PSA.
    Psa(PsaReference),
    /// An item of Exchange.
    Exchange(ExchangeId),
}

/// Why it is not known which item is meant.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// Nothing has that name.
    #[error(
        "nothing is known of `{0}`; name an item by the PSA's id (it stands in `tandem sync --dry-run`, in \
         /api/v1/appointments and in the link at the end of each copy), as exchange:ID by the id that the dry run \
         and the history show, or by a part of its title that no other item has; titles of private items are not searched"
    )]
    Unknown(String),
    /// Several items have that title.
    #[error("`{title}` stands in the titles of {count} items; name one by its id:{listed}")]
    Several {
        /// What was looked for.
        title: String,
        /// How many have it.
        count: usize,
        /// The first of them.
        listed: String,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Finds the item.
///
/// # Errors
/// [`FindError`], which says how to name an item.
pub async fn find(tenant: &Tenant, name: &str) -> Result<Wanted, FindError> {
    let name = name.trim();
    let unknown = || FindError::Unknown(super::text::plain(name));
    if name.is_empty() || name.contains('\0') {
        return Err(unknown());
    }
    if let Some(id) = name.strip_prefix("exchange:") {
        let id = ExchangeId {
            value: id.to_owned(),
        };
        let is_known = !history::of_exchange(tenant, &id).await?.is_empty()
            || !link::everywhere_by_exchange(tenant, std::slice::from_ref(&id))
                .await?
                .is_empty();
        return match is_known {
            true => Ok(Wanted::Exchange(id)),
            false => Err(unknown()),
        };
    }
    if let Some(reference) = by_id(tenant, name).await? {
        return Ok(Wanted::Psa(reference));
    }
    let mut found = by_title(tenant, name).await?;
    match (found.pop(), found.len()) {
        (None, _) => Err(unknown()),
        (Some(only), 0) => Ok(Wanted::Psa(only.reference())),
        (Some(last), more) => {
            found.push(last);
            Err(FindError::Several {
                title: super::text::plain(name),
                count: more + 1,
                listed: told(&found),
            })
        }
    }
}

/// By the PSA's id, also of an item that is gone and has left a history.
async fn by_id(tenant: &Tenant, name: &str) -> Result<Option<PsaReference>, StoreError> {
    if name.contains(':') {
        return Ok(None);
    }
    for kind in [
        ItemKind::Appointment,
        ItemKind::ToDo,
        ItemKind::ServiceCall,
        ItemKind::Contact,
    ] {
        let reference = PsaReference {
            kind,
            id: PsaId {
                value: name.to_owned(),
            },
        };
        let is_there = kind == ItemKind::Appointment
            && match appointment::get(tenant, &reference.id).await {
                Ok(_) => true,
                Err(StoreError::NotFound { .. }) => false,
                Err(error) => return Err(error),
            };
        if is_there || !history::of_psa(tenant, &reference).await?.is_empty() {
            return Ok(Some(reference));
        }
    }
    Ok(None)
}

async fn by_title(tenant: &Tenant, part: &str) -> Result<Vec<AppointmentRecord>, StoreError> {
    let part = part.to_lowercase();
    let mut found = Vec::new();
    let mut after: Option<RowVersion> = None;
    loop {
        let search = Search {
            after,
            limit: PAGE,
            ..Search::default()
        };
        let page = appointment::list(tenant, &search).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.version);
        found.extend(
            page.into_iter()
                .filter(|it| !it.fields.private && it.fields.title.to_lowercase().contains(&part)),
        );
    }
    Ok(found)
}

fn told(found: &[AppointmentRecord]) -> String {
    let utc = super::time::Shown::of(None);
    let mut text = String::new();
    for record in found.iter().take(TOLD) {
        text.push_str(&format!(
            "\n  {}  {}  {} UTC  \"{}\"",
            record.id.value,
            super::text::plain(&record.resource.value),
            utc.span(&record.fields.span),
            super::text::plain(&record.fields.title),
        ));
    }
    if found.len() > TOLD {
        text.push_str(&format!("\n  and {} more", found.len() - TOLD));
    }
    text
}
