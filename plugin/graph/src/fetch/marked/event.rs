//! Finding events by their markers.
//!
//! Values are compared without case by the server, so answers are compared again here. That a
//! filter finds nothing is weak evidence: before it counts, the calendar is listed once without
//! the filter.

use sync::contract::{Change, Fault, Marker, MarkerReading, Remark};
use sync::kit::harvest::Harvest;
use sync::marker;
use transport::{Response, Transport};

use crate::event::{self, Reading, wire};
use crate::fault::{self, permission};
use crate::fetch::{collection, look};
use crate::request::Request;
use crate::{address, batch, item, marker as property};

/// How many ids a page of the list should have.
const PAGE: u32 = 1_000;
/// The remark of a search that found its end before the calendar's.
pub const CUT_SHORT: &str = "marker-search-cut-short";

/// The request for the events with an item's marker, in any generation.
#[must_use]
pub fn request(mailbox: &str, wanted: &Marker) -> Request {
    let events = format!("{}/calendar/events", address::mailbox(mailbox));
    Request::list(
        address::query(
            &events,
            &[
                ("$filter", &property::filter(&marker::prefix(wanted))),
                ("$select", event::SELECT),
                ("$expand", &property::expand()),
                ("$top", "50"),
            ],
        ),
        50,
    )
}

/// All events with these markers.
///
/// # Errors
/// Whatever keeps the search from being finished.
pub fn find(
    transport: &impl Transport,
    mailbox: &str,
    wanted: &[Marker],
    reading: &Reading,
) -> Result<Harvest, Fault> {
    let mut harvest = Harvest::default();
    let mut missing: Vec<&Marker> = Vec::new();
    for chunk in wanted.chunks(batch::LARGEST) {
        let parts: Vec<Request> = chunk.iter().map(|one| request(mailbox, one)).collect();
        let id = transport.fresh_id();
        let answers = batch::ask(transport, &parts, id, permission::CALENDARS)?;
        for (one, answer) in chunk.iter().zip(answers) {
            let found = matching(&batch::given(answer)?, one, reading)?;
            if found.changes.is_empty() {
                missing.push(one);
            }
            harvest.append(found);
        }
    }
    if !missing.is_empty() {
        harvest.append(listed(transport, mailbox, &missing, reading)?);
    }
    Ok(harvest)
}

/// The events of an answer that carry the marker. A refused filter finds nothing, as a filter that
/// silently fails does.
fn matching(answer: &Response, wanted: &Marker, reading: &Reading) -> Result<Harvest, Fault> {
    let mut harvest = Harvest::default();
    if !answer.is_good() {
        return match fault::read(answer, permission::CALENDARS) {
            Fault::Refused(_) => Ok(harvest),
            fault => Err(fault),
        };
    }
    let page = collection::read(answer)?;
    harvest.remarks.extend(page.remarks);
    for event in page.items {
        let Ok(found) = event::read(event, reading) else {
            continue;
        };
        if carries(&found.change, wanted) {
            harvest.add(found);
        }
    }
    Ok(harvest)
}

fn carries(change: &Change, wanted: &Marker) -> bool {
    matches!(change, Change::Event(event)
        if matches!(&event.marker, MarkerReading::Present(found) if marker::same_item(found, wanted)))
}

/// The same without a filter: the whole calendar's ids and markers, and a look at those that fit.
fn listed(
    transport: &impl Transport,
    mailbox: &str,
    wanted: &[&Marker],
    reading: &Reading,
) -> Result<Harvest, Fault> {
    let mut ids: Vec<String> = Vec::new();
    let complete = super::listed::<wire::Event>(transport, list(mailbox), PAGE, |page| {
        ids.extend(page.items.into_iter().filter_map(|event| {
            let found = item::marker_in(&event)?;
            let fits = wanted.iter().any(|one| marker::same_item(&found, one));
            event.id.filter(|_| fits)
        }));
        Ok(())
    })?;
    let mut harvest = look::event::at(transport, mailbox, &ids, reading)?;
    // It may be the very copy that is sought: to go on without it would make another.
    let unanswered = |remark: &&Remark| remark.code == look::UNANSWERED;
    if let Some(remark) = harvest.remarks.iter().find(unanswered) {
        return Err(Fault::NotUnderstood(remark.text.clone()));
    }
    if !complete {
        harvest.remarks.push(Remark {
            item: None,
            code: CUT_SHORT.to_owned(),
            text: "the calendar is too long to be searched for a marker without a filter"
                .to_owned(),
        });
    }
    Ok(harvest)
}

fn list(mailbox: &str) -> Request {
    let events = format!("{}/calendar/events", address::mailbox(mailbox));
    Request::list(
        address::query(
            &events,
            &[
                ("$select", "id,type,start,end"),
                ("$expand", &property::expand()),
                ("$top", &PAGE.to_string()),
            ],
        ),
        PAGE,
    )
}
