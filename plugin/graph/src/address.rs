//! Paths and queries, encoded.
//!
//! A wrongly encoded filter is not an error to Graph but an empty list, which would look like a
//! mailbox without items. So every value goes through [`encode`], and nothing else joins queries.

use std::fmt::Write as _;

use chrono::SecondsFormat;
use sync::contract::Instant;
use sync::zone;

/// Percent-encodes everything but RFC 3986's unreserved characters and the comma, which separates
/// names in `$select` and means nothing elsewhere.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b',') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// A text between quotes in a filter: quotes inside are doubled.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The path of a mailbox, to which the rest is added.
#[must_use]
pub fn mailbox(address: &str) -> String {
    format!("/users/{}", encode(address.trim()))
}

/// The path of an event, looked for in the mailbox's default calendar only.
#[must_use]
pub fn event(address: &str, id: &str) -> String {
    format!("{}/calendar/events/{}", mailbox(address), encode(id))
}

/// The path of an event, wherever in the mailbox it lies: an immutable id tells.
#[must_use]
pub fn event_anywhere(address: &str, id: &str) -> String {
    format!("{}/events/{}", mailbox(address), encode(id))
}

/// The path of the mailbox's contacts, those of its default folder.
#[must_use]
pub fn contacts(address: &str) -> String {
    format!("{}/contacts", mailbox(address))
}

/// The path of a contact.
#[must_use]
pub fn contact(address: &str, id: &str) -> String {
    format!("{}/{}", contacts(address), encode(id))
}

/// An instant in a query, to the second; empty beyond the calendar.
#[must_use]
pub fn instant(instant: Instant) -> String {
    zone::utc(instant)
        .map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true))
        .unwrap_or_default()
}

/// A path with its query; values are encoded here and nowhere else.
#[must_use]
pub fn query(path: &str, options: &[(&str, &str)]) -> String {
    let mut target = path.to_owned();
    for (index, (name, value)) in options.iter().enumerate() {
        target.push(if index == 0 { '?' } else { '&' });
        target.push_str(name);
        target.push('=');
        target.push_str(&encode(value));
    }
    target
}

/// The address below which paths are put: the service's, with the interface's version where the
/// settings leave it out.
#[must_use]
pub fn service(url: &str) -> String {
    let base = url.trim().trim_end_matches('/');
    let versioned = base
        .rsplit('/')
        .next()
        .is_some_and(|last| matches!(last, "v1.0" | "beta"));
    let version = if versioned { "" } else { "/v1.0" };
    format!("{base}{version}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_in_a_query_is_encoded() {
        assert_eq!(encode("a b'&+=/ü"), "a%20b%27%26%2B%3D%2F%C3%BC");
        assert_eq!(
            query("/x", &[("$select", "id,type"), ("$filter", "a eq 'b'")]),
            "/x?$select=id,type&$filter=a%20eq%20%27b%27"
        );
    }

    #[test]
    fn a_quote_cannot_end_a_filters_text() {
        assert_eq!(quoted("o'brien"), "'o''brien'");
    }

    #[test]
    fn ids_with_slashes_stay_one_segment() {
        assert_eq!(
            event("a@b.example", "AA/B="),
            "/users/a%40b.example/calendar/events/AA%2FB%3D"
        );
    }

    #[test]
    fn the_interfaces_version_is_added_where_it_is_left_out() {
        for url in ["https://graph.example", "https://graph.example/v1.0/"] {
            assert_eq!(service(url), "https://graph.example/v1.0");
        }
    }
}
