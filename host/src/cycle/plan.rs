//! Step 2: what the law wants done. The plugin decides; the host only hands over what is known.

use std::collections::{BTreeMap, BTreeSet};

use super::group::{self, Known};
use super::known;
use super::observe::Observed;
use super::run::{Context, CycleError};
use super::series::as_event;
use super::series::in_play::InPlay;
use crate::contract::{Batch, Change, ExchangeEvent, Link, Operation, PsaRow, RowVersion};
use crate::psa::version;
use crate::runtime::Session;
use crate::store::observation::item_of;

/// The links that this cycle knows, by their keys.
pub type Links = BTreeMap<String, Link>;

/// Events and contacts as observed, by their ids; an occurrence as an event of its own.
pub type Items = BTreeMap<String, Change>;

/// The series' masters of occurrences' copies, by the keys of the copies in the PSA.
pub type Copies = BTreeMap<String, String>;

/// A cycle's plan.
#[derive(Debug)]
pub struct Planned {
    /// In order, each with the number of its group over all calls.
    pub operations: Vec<Operation>,
    /// The PSA's version up to which changes were planned; none before its first row.
    pub psa_version: Option<RowVersion>,
    /// Events and contacts as observed: the host's own proof that nobody is mailed.
    pub items: Items,
    /// Those of which more than the time is to be replaced, [as they are](super::before).
    pub former: Items,
    /// Copies of occurrences, which links may not know.
    pub copies: Copies,
    /// The links that were decided about.
    pub links: BTreeSet<String>,
    /// The series that were decided about.
    pub series: InPlay,
}

/// Plans everything that was observed, and remembers the links concerned.
///
/// # Errors
/// When the sandbox fails, or the database does not answer.
#[tracing::instrument(skip_all)]
pub async fn plan(
    context: &Context,
    session: &mut Session,
    observed: &Observed,
    links: &mut Links,
) -> Result<Planned, CycleError> {
    let (mut planned, known) = gathered(context, observed, links).await?;
    let window = context.window()?;
    let mut groups_before = 0;
    for groups in group::calls(known) {
        let count = u32::try_from(groups.len()).unwrap_or(u32::MAX);
        let batch = Batch {
            now: context.now,
            mailbox: context.mailbox(),
            settings: context.settings.clone(),
            profile: context.profile,
            window,
            relinking: observed.relinking(),
            removing: context.options.removing,
            groups,
        };
        let plan = session.transform(&batch).await?;
        for mut operation in plan.operations {
            if operation.group >= count {
                return Err(CycleError::BrokenContract(
                    "an operation names a group that does not exist".to_owned(),
                ));
            }
            operation.group += groups_before;
            planned.operations.push(operation);
        }
        groups_before += count;
    }
    Ok(planned)
}

/// All that is known about what was observed, and a plan without operations; remembers the links
/// concerned.
///
/// # Errors
/// When the database does not answer.
pub async fn gathered(
    context: &Context,
    observed: &Observed,
    links: &mut Links,
) -> Result<(Planned, Known), CycleError> {
    // Before the rows are read: what changes in between is planned again, never missed.
    let psa_version = version::current(&context.tenant).await?;
    let (known, series) = known::gather(context, observed).await?;
    for link in &known.links {
        links.insert(link.id.value.clone(), link.clone());
    }
    let decided = known.links.iter().map(|link| link.id.value.clone());
    let planned = Planned {
        operations: Vec::new(),
        psa_version,
        items: items(&known),
        former: Items::new(),
        copies: copies(&known),
        links: decided.collect(),
        series,
    };
    Ok((planned, known))
}

fn copies(known: &Known) -> Copies {
    let copy = |row: &PsaRow| {
        let slot = row.exchange.as_ref()?.slot.as_ref()?;
        Some((row.reference.id.value.clone(), slot.master_id.clone()))
    };
    known.rows.iter().filter_map(copy).collect()
}

fn items(known: &Known) -> Items {
    let masters: BTreeMap<&str, &ExchangeEvent> = known
        .masters
        .iter()
        .map(|master| (master.id.value.as_str(), master))
        .collect();
    let item = |change: &Change| match change {
        Change::Event(_) | Change::Contact(_) => Some(change.clone()),
        Change::Occurrence(occurrence) => {
            let master = masters.get(occurrence.slot.master_id.as_str())?;
            Some(Change::Event(as_event(occurrence, master)))
        }
        Change::Removal(_) => None,
    };
    let items = known.changes.iter().filter_map(item);
    items
        .map(|item| (item_of(&item).value.clone(), item))
        .collect()
}
