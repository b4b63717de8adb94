//! Whether an item is still as a cycle left it, and whether it says already what it is to say again.
//!
//! Of Exchange another version proves nothing: servers raise versions without a reason, and give texts
//! back with other line ends. So contents are compared, texts line by line without what stands blank.

use crate::contract::{
    AppointmentPatch, Change, Contact, EchoedItem, EventPatch, EventShape, ExchangeEvent,
    ExchangePatch,
};

/// Whether an item of Exchange is as a write left it. Bodies count where they are read.
pub fn exchange(now: &Change, left: &EchoedItem, bodies_are_read: bool) -> bool {
    match (now, left) {
        (Change::Event(now), EchoedItem::Event(left)) => {
            !matches!(now.shape, EventShape::Master(_))
                && (now.version == left.version || is_same_event(now, left, bodies_are_read))
        }
        (Change::Contact(now), EchoedItem::Contact(left)) => {
            now.version == left.version || now.fields == left.fields
        }
        _ => false,
    }
}

fn is_same_event(now: &ExchangeEvent, left: &ExchangeEvent, bodies_are_read: bool) -> bool {
    now.span == left.span
        && now.sensitivity == left.sensitivity
        && now.show_as == left.show_as
        && is_same_text(&now.subject, &left.subject)
        && is_same_text(&now.location, &left.location)
        && (!bodies_are_read || is_same_text(&now.body, &left.body))
}

/// Whether an item of Exchange says all that a patch would write. Bodies count where they are read.
pub fn exchange_says(now: &Change, patch: &ExchangePatch, bodies_are_read: bool) -> bool {
    match (now, patch) {
        (Change::Event(now), ExchangePatch::Event(patch)) => {
            event_says(now, patch, bodies_are_read)
        }
        (Change::Contact(now), ExchangePatch::Contact(wanted)) => contact_says(&now.fields, wanted),
        _ => false,
    }
}

fn event_says(now: &ExchangeEvent, patch: &EventPatch, bodies_are_read: bool) -> bool {
    let text = |wanted: &Option<String>, now: &str| {
        wanted
            .as_ref()
            .is_none_or(|wanted| is_same_text(wanted, now))
    };
    text(&patch.subject, &now.subject)
        && text(&patch.location, &now.location)
        && (!bodies_are_read || text(&patch.body, &now.body))
        && patch.span.is_none_or(|span| span == now.span)
        && patch.sensitivity.is_none_or(|it| it == now.sensitivity)
        && patch.show_as.is_none_or(|it| it == now.show_as)
}

fn contact_says(now: &Contact, wanted: &Contact) -> bool {
    now == wanted
}

/// Whether a PSA item says all that a write left behind.
pub fn psa(now: &AppointmentPatch, left: &AppointmentPatch) -> bool {
    now == left
}

fn is_same_text(one: &str, other: &str) -> bool {
    let lines = |text: &str| -> Vec<String> {
        let text = text.replace('\u{a0}', " ");
        let lines = text.lines().map(|line| line.trim_end().to_owned());
        lines.filter(|line| !line.is_empty()).collect()
    };
    lines(one.trim()) == lines(other.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cycle::series::sample::master;

    fn event(subject: &str, body: &str, version: &str) -> ExchangeEvent {
        ExchangeEvent {
            shape: EventShape::Single,
            subject: subject.to_owned(),
            body: body.to_owned(),
            version: crate::contract::ExchangeVersion {
                tag: version.to_owned(),
            },
            ..master("a")
        }
    }

    fn is_as_left(now: ExchangeEvent, left: ExchangeEvent, bodies: bool) -> bool {
        exchange(&Change::Event(now), &EchoedItem::Event(left), bodies)
    }

    #[test]
    fn another_version_with_other_line_ends_is_no_change() {
        let left = event("Visit", "One\n\nTwo", "1");
        assert!(is_as_left(
            event("Visit", "One \r\nTwo\r\n", "2"),
            left.clone(),
            true
        ));
        assert!(!is_as_left(
            event("Visit", "One\nThree", "2"),
            left.clone(),
            true
        ));
        assert!(!is_as_left(event("Call", "One\n\nTwo", "2"), left, true));
    }

    #[test]
    fn a_body_that_is_not_read_is_not_compared() {
        let left = event("Visit", "", "1");
        assert!(is_as_left(event("Visit", "One", "2"), left.clone(), false));
        assert!(!is_as_left(event("Visit", "One", "2"), left, true));
    }

    #[test]
    fn an_item_that_its_user_made_a_series_was_changed() {
        let series = ExchangeEvent {
            shape: master("a").shape,
            ..event("Visit", "", "1")
        };
        assert!(!is_as_left(series, event("Visit", "", "1"), true));
    }
}
