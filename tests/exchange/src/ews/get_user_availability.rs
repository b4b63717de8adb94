//! `GetUserAvailability`: when somebody is busy, and by which zone's hours they work.

use chrono::{DateTime, Datelike, Utc};

use super::context::Context;
use super::refusal::Refusal;
use super::response;
use super::sequence::Sequence;
use super::time::Stamp;
use super::words::SHOW_AS;
use super::xml::{Element, Space};
use super::{time, time_zone};
use crate::mailbox::Mailbox;
use crate::mailbox::content::Content;
use crate::mailbox::item::FolderKey;
use crate::zone::Zone;

pub fn answer(
    request: &Element,
    mailboxes: &[Mailbox],
    context: &Context,
) -> Result<Element, Refusal> {
    let mut parts = Sequence::of(request, Space::Types);
    parts.take("TimeZone");
    let people = parts.in_space(Space::Messages).need("MailboxDataArray")?;
    let options = parts.in_space(Space::Types).take("FreeBusyViewOptions");
    parts.take("SuggestionsViewOptions");
    parts.done()?;
    let window = options.map(Window::read).transpose()?;
    let responses = people.children.iter().map(|person| {
        let address = person
            .child("Email")
            .and_then(|email| email.child_text("Address"))
            .unwrap_or_default();
        let free_busy = Element::messages("FreeBusyResponse");
        let known = mailboxes
            .iter()
            .find(|mailbox| mailbox.address.eq_ignore_ascii_case(address));
        if let Some(mailbox) = known {
            free_busy
                .with(response::success("ResponseMessage"))
                .with(view(mailbox, window, context))
        } else {
            let refusal = Refusal::new(
                "ErrorMailRecipientNotFound",
                format!("Unable to resolve e-mail address {address} to a mailbox."),
            );
            free_busy.with(response::refused("ResponseMessage", &refusal))
        }
    });
    Ok(Element::messages("GetUserAvailabilityResponse")
        .with(Element::messages("FreeBusyResponseArray").with_all(responses)))
}

/// The stretch of time that is asked about.
#[derive(Clone, Copy)]
struct Window {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

impl Window {
    fn read(options: &Element) -> Result<Self, Refusal> {
        let window = Sequence::of(options, Space::Types).need("TimeWindow")?;
        let mut parts = Sequence::of(window, Space::Types);
        let mut at = |name: &str| -> Result<DateTime<Utc>, Refusal> {
            let text = &parts.need(name)?.text;
            Ok(Stamp::read(name, text)?.instant(&Zone::utc()))
        };
        Ok(Self {
            from: at("StartTime")?,
            to: at("EndTime")?,
        })
    }
}

fn view(mailbox: &Mailbox, window: Option<Window>, context: &Context) -> Element {
    let busy = window.map_or(Vec::new(), |window| busy(mailbox, window));
    let events = busy.iter().map(|content| {
        let at =
            |name: &str, instant| Element::text(name, time::show(instant, &mailbox.zone, context));
        Element::types("CalendarEvent")
            .with(at("StartTime", content.start.instant()))
            .with(at("EndTime", content.end.instant()))
            .with(Element::text("BusyType", SHOW_AS.word(content.show_as)))
    });
    let hours = Element::types("WorkingPeriod")
        .with(Element::text(
            "DayOfWeek",
            "Monday Tuesday Wednesday Thursday Friday",
        ))
        .with(Element::text("StartTimeInMinutes", "480"))
        .with(Element::text("EndTimeInMinutes", "1020"));
    Element::messages("FreeBusyView")
        .with(Element::text("FreeBusyViewType", "FreeBusy"))
        .with(Element::types("CalendarEventArray").with_all(events))
        .with(
            Element::types("WorkingHours")
                .with(time_zone::show_bias(
                    "TimeZone",
                    &mailbox.zone,
                    context.now.year(),
                ))
                .with(Element::types("WorkingPeriodArray").with(hours)),
        )
}

fn busy(mailbox: &Mailbox, window: Window) -> Vec<Content> {
    let Window { from, to } = window;
    let mut found = Vec::new();
    for item in mailbox.items(FolderKey::CALENDAR) {
        if item.series.is_some() {
            let occurrences = item.occurrences(from, to).into_iter();
            found.extend(occurrences.map(|occurrence| occurrence.content));
        } else if item.content.overlaps(from, to) {
            found.push(item.content.clone());
        }
    }
    found.sort_by_key(|content| content.start.instant());
    found
}
