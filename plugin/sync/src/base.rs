//! Normal forms and fingerprints: how two states of an item are compared without keeping texts.
//!
//! A server does not give back what it was sent: lines end differently, blanks go astray, an empty
//! body becomes a blank line. Texts are compared in a normal form in which those differences are
//! none, so that an echo is never taken for somebody's change.

use sha2::{Digest as _, Sha256};

use crate::contract::{
    AttendeeProof, Contact, Date, DaySpan, Digest, ExchangeBase, ExchangeContact, ExchangeEvent,
    Fingerprint, Sensitivity, ShowAs, Span,
};

/// A text's normal form: lines end with a line feed, no blanks at the end of a line, no-break
/// spaces are spaces, runs of empty lines are one, none at either end.
#[must_use]
pub fn normal_text(text: &str) -> String {
    let unified = text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let mut lines: Vec<String> = Vec::new();
    for line in unified.split('\n') {
        let line = line
            .replace(['\u{a0}', '\t'], " ")
            .replace(['\u{200b}', '\u{feff}'], "");
        let line = line.trim_end();
        if line.is_empty() && lines.last().is_none_or(String::is_empty) {
            continue;
        }
        lines.push(line.to_owned());
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.join("\n")
}

/// The fingerprint of a text in its normal form: the first 16 bytes of its SHA-256.
#[must_use]
pub fn fingerprint(text: &str) -> Fingerprint {
    let hash = Sha256::digest(normal_text(text).as_bytes());
    let hex = hash
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Fingerprint { hex }
}

/// The fingerprint of a text that stands on one line: blanks at both ends do not count.
#[must_use]
pub fn fingerprint_line(text: &str) -> Fingerprint {
    fingerprint(text.trim())
}

/// An event's fields in normal form.
#[must_use]
pub fn digest_of_event(event: &ExchangeEvent) -> Digest {
    Digest {
        span: event.span,
        subject: fingerprint_line(&event.subject),
        location: fingerprint_line(&event.location),
        body: fingerprint(&event.body),
        sensitivity: event.sensitivity,
        show_as: event.show_as,
    }
}

/// Exchange's half of a base, as the event is now.
#[must_use]
pub fn exchange_base(event: &ExchangeEvent) -> ExchangeBase {
    ExchangeBase {
        version: event.version.clone(),
        digest: digest_of_event(event),
        proof: AttendeeProof {
            version: event.version.clone(),
            attendees: u32::try_from(event.meeting.attendees.len()).unwrap_or(u32::MAX),
            owner_organizes: event.meeting.owner_organizes,
        },
        online: event.meeting.online,
    }
}

/// Whether a write to this version of an item mails nobody: it has no attendees, and its owner
/// organises it (behaviour, section 4).
#[must_use]
pub fn mails_nobody(exchange: &ExchangeBase) -> bool {
    exchange.proof.attendees == 0 && exchange.proof.owner_organizes
}

/// A contact's fields in normal form; it takes no time.
#[must_use]
pub fn digest_of_contact(contact: &Contact) -> Digest {
    let address = &contact.business_address;
    let mut fields: Vec<&str> = vec![
        &contact.prefix,
        &contact.given_name,
        &contact.middle_name,
        &contact.surname,
        &contact.suffix,
        &contact.job_title,
        &contact.organisation,
        &contact.mobile_phone,
        &contact.home_phone,
        &contact.business_fax,
        &address.street,
        &address.city,
        &address.state,
        &address.postal_code,
        &address.country,
    ];
    fields.push("emails");
    fields.extend(contact.emails.iter().map(String::as_str));
    fields.push("phones");
    fields.extend(contact.business_phones.iter().map(String::as_str));
    let joined: Vec<String> = fields
        .iter()
        .map(|field| normal_text(field.trim()))
        .collect();
    let no_day = Date {
        year: 1,
        month: 1,
        day: 1,
    };
    Digest {
        span: Span::AllDay(DaySpan {
            first: no_day,
            after: no_day,
        }),
        subject: fingerprint(&joined.join("\u{1f}")),
        location: fingerprint(""),
        body: fingerprint(&contact.notes),
        sensitivity: Sensitivity::Normal,
        show_as: ShowAs::Free,
    }
}

/// Exchange's half of a base, as the contact is now. Contacts have no attendees.
#[must_use]
pub fn exchange_contact_base(contact: &ExchangeContact) -> ExchangeBase {
    ExchangeBase {
        version: contact.version.clone(),
        digest: digest_of_contact(&contact.fields),
        proof: AttendeeProof {
            version: contact.version.clone(),
            attendees: 0,
            owner_organizes: true,
        },
        online: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_does_to_line_ends_and_blanks_is_no_change() {
        let sent = "Line one\nLine two\n\n-- \nLink";
        let echoed = "Line one \r\nLine two\r\n\r\n\r\n--\u{a0}\r\nLink\r\n";
        assert_eq!(fingerprint(sent), fingerprint(echoed));
    }

    #[test]
    fn an_empty_body_equals_a_blank_line() {
        assert_eq!(fingerprint(""), fingerprint("\r\n \r\n"));
    }

    #[test]
    fn another_word_is_another_fingerprint() {
        assert_ne!(fingerprint("Visit Acme"), fingerprint("Visit ACME"));
    }
}
