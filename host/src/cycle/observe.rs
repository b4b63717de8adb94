//! Step 1: what is new in the mailbox.
//!
//! A round is read page by page and staged as it comes. It counts only when its final cursor came;
//! until then nothing moves. Then the items are looked up by their ids that the round left open:
//! those on the list to look at again, those that were not listed where they should have been, those
//! that were made since the last round, or noted by a cycle that was cut off, and are not told, and those
//! that nobody knows and whose marker was not read. [Contacts](contacts) are in no round.

use std::collections::{BTreeMap, BTreeSet};

use super::run::{Context, CycleError};
use super::{contacts, hand_over, lease, returned, series, window};
use crate::contract::{
    Base, Change, ChangesRequest, Coverage, EventShape, ExchangeId, FetchRequest, ItemKind, Link,
    LinkState, MarkerReading, NextStep, Page, Provenance, Remark, RoundEnd, Scope, Span, Window,
};
use crate::psa::feed;
use crate::runtime::Session;
use crate::store::look_again::{Item, LookAgain};
use crate::store::observation::{self, Staged};
use crate::store::{history, link, look_again, mailbox, master};

/// More pages than this in one round are no round: 10,000 items by 50, and room to spare.
const PAGES: usize = 2_000;
/// How many items a look-up by id takes at once.
const LOOK_UP: usize = 100;

/// A round, and what it left open.
#[derive(Debug)]
pub struct Round {
    /// Where the next round begins.
    pub end: RoundEnd,
    /// What the provider wants the history to know.
    pub remarks: Vec<Remark>,
    /// What was seen.
    pub observed: Observed,
}

/// What was seen of the mailbox.
#[derive(Debug)]
pub struct Observed {
    /// Everything that was read, each item once.
    pub staged: Staged,
    /// Ids that were asked for or announced, of which nobody could say what is true of the item now.
    pub unanswered: Unanswered,
    /// The entries of the list that were looked at, and those of items that were told without.
    pub looked_at: Vec<LookAgain>,
    /// What of the PSA is to be planned beside it.
    pub breadth: Breadth,
}

/// Ids without an answer, each with the reason as far as the provider knows it.
pub type Unanswered = BTreeMap<String, String>;

/// How much is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breadth {
    /// Only what was looked at.
    Items,
    /// What changed on either side since the last cycle.
    Changes,
    /// Everything, because links are made again or all copies are to go.
    Everything {
        /// Links are made again.
        relinking: bool,
    },
}

impl Observed {
    /// Links are being made again.
    #[must_use]
    pub fn relinking(&self) -> bool {
        self.breadth == Breadth::Everything { relinking: true }
    }
}

/// Reads a round and looks up what it left open.
///
/// # Errors
/// Whatever kept the round from its end.
#[tracing::instrument(skip_all)]
pub async fn observe(
    context: &mut Context,
    session: &mut Session,
    guard: &lease::Guard,
) -> Result<Round, CycleError> {
    let Read {
        end,
        mut remarks,
        mut unanswered,
        from_start,
    } = read_round(context, session, guard).await?;
    let id = context.record.mailbox.id.clone();
    if from_start {
        let marked = contacts::marked(context, session).await?;
        stage(context, &marked.changes, &[]).await?;
        hear(&mut unanswered, &[], &marked.changes, &marked.remarks);
        remarks.extend(marked.remarks);
    }
    let mut looked_at = look_again::due(&context.tenant, &id).await?;
    let mut staged = observation::staged(&context.tenant, &id).await?;
    hand_over::find(context, session, &end, from_start, &mut staged).await?;
    let open = open_ids(context, &end, &staged, &looked_at).await?;
    let asked = Asked {
        ids: open,
        again: &looked_at,
        series_within: end.series_within,
    };
    look_closely(context, session, guard, asked, &mut staged, &mut unanswered).await?;
    looked_at.extend(told_early(context, &staged.changes, &looked_at).await?);
    remarks.dedup();
    let full = !matches!(end.coverage, Coverage::ChangesOnly);
    let relinking = full && context.makes_links_again();
    Ok(Round {
        end,
        remarks,
        observed: Observed {
            staged,
            unanswered,
            looked_at,
            breadth: match relinking || context.options.removing {
                true => Breadth::Everything { relinking },
                false => Breadth::Changes,
            },
        },
    })
}

/// Takes note of what an answer leaves open: of what was asked for, and of what the provider
/// remarks on, everything that it does not tell. What it tells is open no longer.
pub fn hear(
    unanswered: &mut Unanswered,
    asked: &[ExchangeId],
    changes: &[Change],
    remarks: &[Remark],
) {
    let ids = changes.iter().map(observation::item_of);
    let told: BTreeSet<&str> = ids.map(|id| id.value.as_str()).collect();
    unanswered.retain(|id, _| !told.contains(id.as_str()));
    let unexplained = asked.iter().map(|id| (id, "the server told nothing of it"));
    let explained = remarks
        .iter()
        .filter_map(|remark| Some((remark.item.as_ref()?, remark.text.as_str())));
    unanswered.extend(
        unexplained
            .chain(explained)
            .filter(|(id, _)| !told.contains(id.value.as_str()))
            .map(|(id, why)| (id.value.clone(), why.to_owned())),
    );
}

/// What is asked for by itself, whatever was told.
pub struct Asked<'a> {
    /// These items, an occurrence by its master.
    pub ids: Vec<ExchangeId>,
    /// The entries of the list that are looked at.
    pub again: &'a [LookAgain],
    /// Where all occurrences of the series told are to be known.
    pub series_within: Window,
}

/// Looks items up, completes the series that were told, and adds both to what was told; what nobody
/// could say is left out of it.
///
/// # Errors
/// When the server cannot be asked.
pub async fn look_closely(
    context: &mut Context,
    session: &mut Session,
    guard: &lease::Guard,
    asked: Asked<'_>,
    staged: &mut Staged,
    unanswered: &mut Unanswered,
) -> Result<(), CycleError> {
    let found = look_at(context, session, asked.ids.clone()).await?;
    hear(unanswered, &asked.ids, &found.changes, &found.remarks);
    staged.add(found.changes);
    series::complete(
        context,
        session,
        guard,
        asked.series_within,
        asked.again,
        staged,
        unanswered,
    )
    .await?;
    leave_unanswered(staged, unanswered);
    Ok(())
}

/// Drops what was told of items, or of their series, of which nobody could say what is true now:
/// what a listing told of an item is not enough where it had to be looked at.
fn leave_unanswered(staged: &mut Staged, unanswered: &Unanswered) {
    staged.changes.retain(|change| {
        let master = series::slot_of(change).map(|slot| &slot.master_id);
        let mut ids = master
            .into_iter()
            .chain([&observation::item_of(change).value]);
        !ids.any(|id| unanswered.contains_key(id))
    });
}

/// Entries of the list that were not due, of items that were told all the same, an occurrence with
/// its series: they are done with, unless the pair waits for somebody.
async fn told_early(
    context: &Context,
    told: &[Change],
    looked_at: &[LookAgain],
) -> Result<Vec<LookAgain>, CycleError> {
    let mailbox = &context.record.mailbox.id;
    let mut entries = look_again::list(&context.tenant, mailbox).await?;
    entries.retain(|entry| !looked_at.iter().any(|due| due.item == entry.item));
    let ids = exchange_ids(&entries);
    let masters = series::masters_of(context, &ids).await?;
    let told: BTreeSet<&str> = told
        .iter()
        .map(|it| observation::item_of(it).value.as_str())
        .collect();
    entries.retain(|entry| {
        let Item::Exchange(id) = &entry.item else {
            return false;
        };
        let master = masters.get(&id.value).into_iter();
        master
            .chain([&id.value])
            .any(|id| told.contains(id.as_str()))
    });
    let ids = exchange_ids(&entries);
    let links = link::by_exchange_ids(&context.tenant, mailbox, &ids).await?;
    entries.retain(|entry| {
        !links.iter().any(|link| {
            let linked = link
                .exchange
                .as_ref()
                .map(|it| Item::Exchange(it.id.clone()));
            link.state == LinkState::SetAside && linked.as_ref() == Some(&entry.item)
        })
    });
    Ok(entries)
}

/// The items of Exchange on a list.
pub fn exchange_ids(entries: &[LookAgain]) -> Vec<ExchangeId> {
    let ids = entries.iter().filter_map(|entry| match &entry.item {
        Item::Exchange(id) => Some(id.clone()),
        Item::Psa(_) => None,
    });
    ids.collect()
}

/// What the pages of a round came to, beside what is staged.
struct Read {
    end: RoundEnd,
    remarks: Vec<Remark>,
    unanswered: Unanswered,
    /// No cursor was there to begin with.
    from_start: bool,
}

async fn read_round(
    context: &mut Context,
    session: &mut Session,
    guard: &lease::Guard,
) -> Result<Read, CycleError> {
    let anew = context.makes_links_again() || context.options.removing;
    let mut cursor = match anew {
        true => None,
        false => context.record.cursor.clone(),
    };
    let from_start = cursor.is_none();
    let mut remarks = Vec::new();
    let mut unanswered = Unanswered::new();
    let mut seen = BTreeSet::new();
    for _ in 0..PAGES {
        let scope = Scope::Changes(ChangesRequest {
            cursor: cursor.clone(),
            window: context.window()?,
        });
        let page = fetch(context, session, scope).await?;
        if let Some(zone) = &page.zone
            && context.record.mailbox.zone.as_ref() != Some(zone)
        {
            context.record.mailbox.zone = Some(zone.clone());
            if !context.options.dry_run {
                let mut transaction = context.tenant.begin_fenced(&context.lease).await?;
                mailbox::set_zone(&mut transaction, &context.record.mailbox.id, zone).await?;
                transaction.commit().await?;
            }
        }
        stage(context, &page.changes, &page.present).await?;
        hear(&mut unanswered, &[], &page.changes, &page.remarks);
        remarks.extend(page.remarks);
        match page.next {
            NextStep::Complete(end) => {
                return Ok(Read {
                    end,
                    remarks,
                    unanswered,
                    from_start,
                });
            }
            NextStep::More(next) => {
                if !seen.insert(next.value.clone()) {
                    return Err(CycleError::BrokenContract(
                        "its round goes in a circle".to_owned(),
                    ));
                }
                cursor = Some(next);
                guard.extend(&context.host, &mut context.lease).await?;
            }
            NextStep::None => {
                return Err(CycleError::BrokenContract(
                    "its round has no end".to_owned(),
                ));
            }
        }
    }
    Err(CycleError::BrokenContract(format!(
        "its round has more than {PAGES} pages"
    )))
}

impl Context {
    /// Somebody asked for it, or what links say is no longer to be relied on.
    fn makes_links_again(&self) -> bool {
        self.options.full || self.record.relink
    }
}

async fn stage(
    context: &Context,
    changes: &[Change],
    present: &[ExchangeId],
) -> Result<(), CycleError> {
    if changes.is_empty() && present.is_empty() {
        return Ok(());
    }
    let mut transaction = context.tenant.begin_fenced(&context.lease).await?;
    observation::stage(
        &mut transaction,
        &context.record.mailbox.id,
        changes,
        present,
    )
    .await?;
    transaction.commit().await?;
    Ok(())
}

/// A page of what is asked for.
///
/// # Errors
/// When the server cannot be asked, or refuses.
pub async fn fetch(
    context: &Context,
    session: &mut Session,
    scope: Scope,
) -> Result<Page, CycleError> {
    let request = FetchRequest {
        mailbox: context.mailbox(),
        settings: context.settings.clone(),
        profile: context.profile,
        scope,
    };
    let mut pages = session.fetch(&[request]).await?;
    match pages.pop() {
        Some(Ok(page)) => Ok(page),
        Some(Err(fault)) => Err(fault.into()),
        None => Err(CycleError::BrokenContract(
            "it gave no result for a request".to_owned(),
        )),
    }
}

/// What was found of items that were looked up, and what the provider remarks on them.
#[derive(Debug, Default)]
pub struct Found {
    pub changes: Vec<Change>,
    pub remarks: Vec<Remark>,
}

/// Looks items up by their ids, each by itself: as a contact what a contact's link names, and as an
/// event everything else.
///
/// # Errors
/// When the server cannot be asked.
pub async fn look_at(
    context: &Context,
    session: &mut Session,
    ids: Vec<ExchangeId>,
) -> Result<Found, CycleError> {
    let (contacts, events) = contacts::apart(context, ids).await?;
    let mut found = look_up(context, session, events, Scope::Events).await?;
    let others = look_up(context, session, contacts, Scope::Contacts).await?;
    found.changes.extend(others.changes);
    found.remarks.extend(others.remarks);
    Ok(found)
}

/// Looks things up, each by itself.
///
/// # Errors
/// When the server cannot be asked.
pub async fn look_up<T: Clone>(
    context: &Context,
    session: &mut Session,
    wanted: Vec<T>,
    scope: fn(Vec<T>) -> Scope,
) -> Result<Found, CycleError> {
    let mut found = Found::default();
    for some in wanted.chunks(LOOK_UP) {
        let page = fetch(context, session, scope(some.to_vec())).await?;
        found.changes.extend(page.changes);
        found.remarks.extend(page.remarks);
    }
    Ok(found)
}

/// Ids that have to be asked for one by one; an occurrence's series by its master's.
async fn open_ids(
    context: &Context,
    end: &RoundEnd,
    staged: &Staged,
    looked_at: &[LookAgain],
) -> Result<Vec<ExchangeId>, CycleError> {
    let told: BTreeSet<&str> = staged
        .changes
        .iter()
        .map(|change| observation::item_of(change).value.as_str())
        .collect();
    let present = staged.present.iter().map(|id| id.value.as_str());
    let listed: BTreeSet<&str> = told.iter().copied().chain(present).collect();
    let listed_again = series::through_masters(context, exchange_ids(looked_at)).await?;
    let mut open: BTreeSet<String> = listed_again.into_iter().map(|id| id.value).collect();
    let all_links = !matches!(end.coverage, Coverage::ChangesOnly);
    let links = if all_links {
        link::of_mailbox(&context.tenant, &context.record.mailbox.id).await?
    } else {
        let ids: Vec<ExchangeId> = staged
            .changes
            .iter()
            .map(observation::item_of)
            .cloned()
            .collect();
        link::by_exchange_ids(&context.tenant, &context.record.mailbox.id, &ids).await?
    };
    let linked: BTreeSet<&str> = links
        .iter()
        .filter_map(|link| link.exchange.as_ref())
        .map(|exchange| exchange.id.value.as_str())
        .collect();
    let mailbox = &context.record.mailbox.id;
    let unsettled = history::of_unsettled(&context.tenant, mailbox).await?;
    for link in link::by_exchange_ids(&context.tenant, mailbox, &unsettled).await? {
        let is_in_round = link.kind != ItemKind::Contact && link.provenance != Provenance::Foreign;
        let known = link.exchange.as_ref().filter(|_| is_in_round);
        let id = known.map(series::asked_by);
        open.extend(id.filter(|id| !listed.contains(id)).map(str::to_owned));
    }
    let anew = all_links && context.makes_links_again();
    let began_anew = all_links && end.markers_listed;
    for link in &links {
        let known = link.exchange.as_ref();
        let Some(exchange) = known.filter(|_| link.provenance != Provenance::Foreign) else {
            continue;
        };
        let id = series::asked_by(exchange);
        if link.kind == ItemKind::Contact {
            if anew && !told.contains(id) {
                open.insert(id.to_owned());
            }
            continue;
        }
        let is_missing = should_be_listed(link, &end.coverage) && !listed.contains(id);
        // A round that began anew, markers included, does not tell what happened to an item outside
        // its stretch since the last one: that its id is there says nothing of its time.
        let is_untold = began_anew && !told.contains(id);
        if is_missing || is_untold && !matches!(link.state, LinkState::SetAside) {
            open.insert(id.to_owned());
        }
    }
    if all_links {
        // A series that is kept would come in with the window, though nobody knows whether it is
        // there still, or whether it has any occurrence there.
        let kept = master::ids(&context.tenant, &context.record.mailbox.id).await?;
        let kept = kept.into_iter().map(|id| id.value);
        open.extend(kept.filter(|id| {
            !listed.contains(id.as_str()) || began_anew && !told.contains(id.as_str())
        }));
    }
    for id in returned::ids(context, end, staged, &linked).await? {
        open.insert(id.value);
    }
    if anew {
        // A copy whose link was lost is linked again, or follows an original that is gone, only
        // when its original is seen: in whichever place it lies now.
        let originals = feed::originals(&context.tenant, &context.record.mailbox.owner).await?;
        let unlinked = originals.into_iter().map(|original| original.value);
        open.extend(
            unlinked.filter(|id| !told.contains(id.as_str()) && !linked.contains(id.as_str())),
        );
    }
    let kept = series::in_play::kept(context, &staged.changes).await?;
    let slots = staged.changes.iter().filter_map(series::slot_of);
    let masters = slots.map(|slot| slot.master_id.as_str());
    let unknown = masters.filter(|master| !told.contains(master));
    let unread = staged.changes.iter().filter_map(marker_not_read);
    let unread = unread.filter(|id| !end.markers_listed && !linked.contains(id));
    let strangers = unknown.chain(unread).filter(|id| !kept.contains(*id));
    open.extend(strangers.map(str::to_owned));
    Ok(open.into_iter().map(|value| ExchangeId { value }).collect())
}

/// An item that may carry our marker, of which that was not read. Occurrences never carry one, but a
/// master may be our copy that its user made a series.
fn marker_not_read(change: &Change) -> Option<&str> {
    match change {
        Change::Event(event)
            if matches!(event.marker, MarkerReading::NotRead)
                && !matches!(event.shape, EventShape::Exception(_)) =>
        {
            Some(&event.id.value)
        }
        _ => None,
    }
}

/// Whether a complete round must have listed the link's item, an occurrence with its master. If it
/// did not, the item is asked for: absence is no proof.
fn should_be_listed(link: &Link, coverage: &Coverage) -> bool {
    if matches!(link.state, LinkState::SetAside) {
        return false;
    }
    match coverage {
        Coverage::ChangesOnly => false,
        Coverage::Everything => true,
        Coverage::Within(within) => link
            .base
            .as_ref()
            .is_none_or(|base| lies_within(base, within)),
    }
}

/// Whether an item lies wholly inside, all-day items by any zone's midnight.
fn lies_within(base: &Base, within: &Window) -> bool {
    match &base.exchange.digest.span {
        Span::Timed(timed) => {
            timed.start.microseconds >= within.start.microseconds
                && timed.end.microseconds <= within.end.microseconds
        }
        Span::AllDay(days) => window::days_lie_within(*days, within),
    }
}
