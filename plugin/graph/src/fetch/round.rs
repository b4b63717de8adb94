//! A round: from one cursor to the next, a page at a time.
//!
//! The first round reads stage by stage; every later one is usually a single request to the
//! delta's link. Once a day the ids of everything are listed besides, because some deletions are
//! never announced, and every 13 days a new stretch is read, because a delta's window stands still
//! while the product's moves on.

use sync::contract::{
    Change, ChangesRequest, Coverage, Fault, FetchRequest, NextStep, Page, Remark, RoundEnd, Zone,
};
use sync::kit::harvest::empty_page;
use transport::Transport;

use super::collection::{self, After};
use super::cursor::State;
use super::stage::{self, Stage};
use super::{items, look, mailbox};
use crate::event::Reading;
use crate::fault::permission;
use crate::request::ask;

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
        Some(Stage::Mailbox) | None => {
            mailbox::page(transport, request, &mut state).map_err(Stop::Fault)
        }
        Some(stage) => listed(transport, request, &mut state, stage),
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
            series_within: state.stretch.window(),
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
        ..empty_page()
    })
}

/// A page of any other stage.
fn listed(
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
            return Ok(empty_page());
        }
        Err(Fault::Refused(_)) if state.link.is_none() && stage == Stage::Marked => {
            state.next_stage();
            return Ok(empty_page());
        }
        Err(fault) => return Err(fault.into()),
    };
    let mut collection = collection::read(&response)?;
    let known = state.zone.clone().map(|name| Zone { name });
    let zone = known.as_ref().or(mailbox.zone.as_ref());
    let reading = Reading::new(&request.settings, zone);
    let mut page = empty_page();
    let after = std::mem::replace(&mut collection.after, After::End);
    let harvest = if stage == Stage::Inventory {
        let (present, look_at, remarks) = items::inventory(collection, state);
        page.present = present;
        page.remarks = remarks;
        look::event::at(transport, &mailbox.address, &look_at, &reading)?
    } else {
        items::whole(
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
