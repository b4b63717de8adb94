//! A round: from one cursor to the next, a page at a time.
//!
//! The first round reads stage by stage; every later one is usually a single request to the
//! delta's link. Once a day the ids of everything are listed besides, because some deletions are
//! never announced, and every 13 days a new stretch is read, because a delta's window stands still
//! while the product's moves on.

use serde::Deserialize;
use sync::contract::{
    Change, ChangesRequest, Coverage, EventShape, ExchangeId, Fault, FetchRequest, MarkerReading,
    NextStep, Page, Remark, RoundEnd, Span, Zone,
};

use super::collection::{self, After, Collection};
use super::cursor::{State, digest};
use super::stage::{self, Stage};
use super::{Harvest, empty, look};
use crate::event::{self, Reading, wire};
use crate::fault::{self, permission};
use crate::transport::{Request, Transport, ask};
use crate::{address, batch};

/// How many all-day series of a round are remembered.
const MOST_ALL_DAY: usize = 1_000;

/// The next page of a round.
///
/// # Errors
/// What keeps the page from being read; the cursor stays where it was.
pub fn next_page(
    transport: &impl Transport,
    request: &FetchRequest,
    changes: &ChangesRequest,
) -> Result<Page, Fault> {
    let window = &changes.window;
    let now = transport.now();
    let mut state = State::of(request, changes.cursor.as_ref(), window);
    state.begin(now, window, &request.mailbox.id.value);
    state.round.pages = state.round.pages.saturating_add(1);
    let before = state.clone();
    let read = match state.todo.first().copied() {
        Some(Stage::Mailbox) | None => mailbox(transport, request, &mut state),
        Some(stage) => items(transport, request, &mut state, stage),
    };
    let page = match read {
        Ok(page) => page,
        Err(Stop::Fault(Fault::CursorGone(answer))) => {
            return restarted(before.restart(now, window, Fault::CursorGone(answer))?);
        }
        Err(Stop::Endless) => {
            let fault = Fault::NotUnderstood(
                "expected a round with an end; the server repeats its pages".to_owned(),
            );
            return restarted(before.restart(now, window, fault)?);
        }
        Err(Stop::Fault(fault)) => return Err(fault),
    };
    if !state.todo.is_empty() {
        return Ok(Page {
            next: NextStep::More(state.cursor()?),
            ..page
        });
    }
    let round = state.rest(now);
    let coverage = match (round.listed, round.viewed) {
        (true, _) => Coverage::Everything,
        (false, true) => Coverage::Within(state.stretch.window()),
        (false, false) => Coverage::ChangesOnly,
    };
    Ok(Page {
        next: NextStep::Complete(RoundEnd {
            cursor: state.cursor()?,
            coverage,
            markers_listed: round.full,
        }),
        ..page
    })
}

/// Why a page was not read.
enum Stop {
    Fault(Fault),
    Endless,
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Everything is read again, beginning with the next page.
fn restarted(state: State) -> Result<Page, Fault> {
    Ok(Page {
        next: NextStep::More(state.cursor()?),
        remarks: vec![Remark {
            item: None,
            code: "read-again".to_owned(),
            text: "the server lost the place of the last round, so everything is read again"
                .to_owned(),
        }],
        ..empty()
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MailboxSettings {
    #[serde(default)]
    time_zone: Option<String>,
}

/// The mailbox's zone, and that its calendar answers.
fn mailbox(
    transport: &impl Transport,
    request: &FetchRequest,
    state: &mut State,
) -> Result<Page, Stop> {
    let user = address::mailbox(&request.mailbox.address);
    let parts = [
        Request::get(address::query(
            &format!("{user}/mailboxSettings"),
            &[("$select", "timeZone")],
        )),
        Request::get(address::query(
            &format!("{user}/calendar"),
            &[("$select", "id,name,canEdit")],
        )),
    ];
    let rights = [permission::MAILBOX_SETTINGS, permission::CALENDARS];
    let answers = batch::ask(
        transport,
        &parts,
        transport.fresh_id(),
        permission::CALENDARS,
    )?;
    let mut good = Vec::new();
    for (answer, right) in answers.into_iter().zip(rights) {
        let answer = batch::given(answer)?;
        if !answer.is_good() {
            return Err(fault::read(&answer, right).into());
        }
        good.push(answer);
    }
    let name = match good.first() {
        Some(settings) => {
            settings
                .json::<MailboxSettings>("mailbox settings")?
                .time_zone
        }
        None => None,
    };
    let zone = name
        .filter(|name| !name.trim().is_empty())
        .map(|name| Zone { name });
    let mut page = empty();
    if zone.as_ref().and_then(sync::zone::resolve).is_none() {
        page.remarks.push(Remark {
            item: None,
            code: "zone-unknown".to_owned(),
            text: format!(
                "the mailbox's zone {:?} is unknown",
                zone.as_ref().map_or("", |zone| zone.name.as_str())
            ),
        });
    }
    state.zone = zone.as_ref().map(|zone| zone.name.clone());
    page.zone = zone;
    state.next_stage();
    Ok(page)
}

/// A page of any other stage.
fn items(
    transport: &impl Transport,
    request: &FetchRequest,
    state: &mut State,
    stage: Stage,
) -> Result<Page, Stop> {
    let mailbox = &request.mailbox;
    let asked = stage::request(stage, state, &mailbox.address, &mailbox.tenant.value);
    let response = match ask(transport, asked, permission::CALENDARS) {
        Ok(response) => response,
        // Filters that a server does not take are replaced by reading more.
        Err(Fault::Refused(_)) if state.link.is_none() && stage == Stage::Far => {
            if let Some(first) = state.todo.first_mut() {
                *first = Stage::FarUnfiltered;
            }
            return Ok(empty());
        }
        Err(Fault::Refused(_)) if state.link.is_none() && stage == Stage::Marked => {
            state.next_stage();
            return Ok(empty());
        }
        Err(fault) => return Err(fault.into()),
    };
    let mut collection = collection::read(&response)?;
    let known = state.zone.clone().map(|name| Zone { name });
    let zone = known.as_ref().or(mailbox.zone.as_ref());
    let reading = Reading::new(&request.settings, zone);
    let mut page = empty();
    let after = std::mem::replace(&mut collection.after, After::End);
    let harvest = if stage == Stage::Inventory {
        let (present, look_at, remarks) = inventory(collection, state);
        page.present = present;
        page.remarks = remarks;
        look::at(transport, &mailbox.address, &look_at, &reading)?
    } else {
        whole(
            transport,
            &mailbox.address,
            collection,
            state,
            stage,
            &reading,
        )?
    };
    for change in &harvest.changes {
        if let Change::Removal(removal) = change {
            state.forget(&removal.id.value);
        }
    }
    page.changes = harvest.changes;
    page.remarks.extend(harvest.remarks);
    advance(state, stage, after)?;
    Ok(page)
}

/// Where a page leads.
fn advance(state: &mut State, stage: Stage, after: After) -> Result<(), Stop> {
    let is_delta = matches!(stage, Stage::View | Stage::Delta);
    match after {
        After::Next(link) => {
            if !state.follow(link) {
                return Err(Stop::Endless);
            }
            return Ok(());
        }
        After::Delta(link) if stage == Stage::View => {
            state.round.viewed = true;
            state.round.fresh = Some(link);
        }
        After::Delta(link) if stage == Stage::Delta => state.delta = Some(link),
        After::Delta(_) | After::End if is_delta => {
            return Err(Stop::Fault(Fault::NotUnderstood(
                "expected a link to the next page or to the next round".to_owned(),
            )));
        }
        After::Delta(_) | After::End => {}
    }
    if stage == Stage::Inventory {
        state.round.listed = true;
    }
    state.next_stage();
    // The old delta is drained, if there was one: from now on the new one counts.
    let drained = !state.todo.contains(&Stage::Delta) && !state.todo.contains(&Stage::View);
    if let Some(fresh) = state.round.fresh.take_if(|_| drained) {
        state.delta = Some(fresh);
    }
    Ok(())
}

/// Events with all their fields, and a look at those that came without.
fn whole(
    transport: &impl Transport,
    mailbox: &str,
    collection: Collection,
    state: &mut State,
    stage: Stage,
    reading: &Reading,
) -> Result<Harvest, Fault> {
    let in_delta = matches!(stage, Stage::View | Stage::Delta);
    let way = if in_delta {
        reading.without_markers()
    } else {
        reading.clone()
    };
    let mut harvest = Harvest {
        remarks: collection.remarks,
        ..Harvest::default()
    };
    let mut look_at = collection.bare;
    let mut events = collection.events;
    days_of_series(&mut events, state);
    for event in events {
        let Some(id) = event.id.clone() else { continue };
        match event::read(event, &way) {
            Ok(found) => {
                if is_marked(&found.change) {
                    state.round.markers = true;
                }
                let far = matches!(stage, Stage::Far | Stage::FarUnfiltered);
                if !far || begins_after(&found.change, stage::far_from(state)) {
                    harvest.add(found);
                }
            }
            Err(_) if in_delta => look_at.push(id),
            Err(why) => {
                let remark = event::remark(&id, "event-unreadable", why.to_owned());
                harvest.remarks.push(remark);
            }
        }
    }
    harvest.append(look::at(transport, mailbox, &look_at, reading)?);
    Ok(harvest)
}

/// Occurrences do not say whether they are days; their masters do, on this page or an earlier one.
fn days_of_series(events: &mut [wire::Event], state: &mut State) {
    let mut timed: Vec<String> = Vec::new();
    for event in events.iter() {
        let (Some(id), true) = (&event.id, event.kind.as_deref() == Some("seriesMaster")) else {
            continue;
        };
        let name = digest(id);
        if event.is_all_day != Some(true) {
            timed.push(name);
        } else if !state.round.all_day.contains(&name) && state.round.all_day.len() < MOST_ALL_DAY {
            state.round.all_day.push(name);
        }
    }
    for event in events.iter_mut().filter(|event| event.is_all_day.is_none()) {
        let Some(name) = event.series_master_id.as_deref().map(digest) else {
            continue;
        };
        if state.round.all_day.contains(&name) {
            event.is_all_day = Some(true);
        } else if timed.contains(&name) {
            event.is_all_day = Some(false);
        }
    }
}

fn is_marked(change: &Change) -> bool {
    matches!(change, Change::Event(event) if matches!(event.marker, MarkerReading::Present(_)))
}

/// Items that begin earlier were listed by the view; a series counts by its first occurrence.
fn begins_after(change: &Change, microseconds: i64) -> bool {
    let Change::Event(event) = change else {
        return false;
    };
    match (&event.shape, event.span) {
        (EventShape::Exception(_), _) => false,
        (_, Span::Timed(times)) => times.start.microseconds >= microseconds,
        (_, Span::AllDay(days)) => sync::zone::midnight(days.first, chrono_tz::Tz::UTC)
            .is_some_and(|start| start.microseconds >= microseconds),
    }
}

/// The ids that are there, and those to look at: what had gone away and came back, and what
/// carries a marker, when the inventory asks for it.
fn inventory(
    collection: Collection,
    state: &mut State,
) -> (Vec<ExchangeId>, Vec<String>, Vec<Remark>) {
    let mut look_at = Vec::new();
    let mut present = Vec::new();
    for event in collection.events {
        let returned = event.id.as_deref().is_some_and(|id| state.came_back(id));
        let marked = stage::proves_markers(state) && event::marker_in(&event).is_some();
        if returned || marked {
            look_at.extend(event.id.clone());
        }
        present.extend(event.id.map(|value| ExchangeId { value }));
    }
    // Without a start an event is still there.
    present.extend(
        collection
            .bare
            .into_iter()
            .map(|value| ExchangeId { value }),
    );
    (present, look_at, collection.remarks)
}
