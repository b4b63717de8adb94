//! Which fields a planned write changes: from what to what for time and title, for all others only
//! the name.

use serde::Serialize;

use crate::api::span::When;
use crate::contract::{Action, AppointmentPatch, EventPatch, ExchangePatch, Operation, Span};

/// A field that changes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Its name, such as `time`, `title`, `body`.
    pub field: String,
    /// What it was; only for time and title, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// What it becomes; only for time and title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
    /// The times before and after, for people.
    #[serde(skip)]
    pub spans: (Option<Span>, Option<Span>),
}

/// A value that may be said.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A time.
    Time(When),
    /// A title.
    Title(String),
}

/// The words of an item that may be said; none for a private one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Words<'a> {
    /// They may be said.
    pub open: bool,
    /// The title that the PSA shows.
    pub title: Option<&'a str>,
    /// The subject that Exchange had, where it was read.
    pub subject: Option<&'a str>,
}

/// The fields that an operation changes; none for what makes or deletes a whole item.
#[must_use]
pub fn changes(operation: &Operation, words: Words<'_>) -> Vec<Change> {
    let evidence = &operation.evidence;
    let (old_span, new_span, old_title, new_title) = match &operation.action {
        Action::UpdatePsa(update) => {
            let AppointmentPatch { title, span, .. } = &update.patch;
            let before = evidence.psa.as_ref().map(|digest| digest.span);
            (before, *span, words.title, title.as_deref())
        }
        Action::UpdateExchange(update) => {
            let before = evidence.exchange.as_ref().map(|digest| digest.span);
            let agreed = evidence.base.as_ref().map(|base| base.exchange.digest.span);
            match &update.patch {
                ExchangePatch::Event(EventPatch { subject, span, .. }) => {
                    (before.or(agreed), *span, words.subject, subject.as_deref())
                }
                ExchangePatch::Contact(_) => (None, None, None, None),
            }
        }
        _ => return Vec::new(),
    };
    evidence
        .fields
        .iter()
        .map(|field| {
            let mut change = Change {
                field: field.replace(' ', "_"),
                old: None,
                new: None,
                spans: (None, None),
            };
            match field.as_str() {
                "time" => {
                    change.spans = (old_span, new_span);
                    change.old = old_span.map(|span| Value::Time(span.into()));
                    change.new = new_span.map(|span| Value::Time(span.into()));
                }
                "title" | "subject" if words.open => {
                    let title = |text: &str| Value::Title(text.to_owned());
                    change.old = old_title.map(title);
                    change.new = new_title.map(title);
                }
                _ => {}
            }
            change
        })
        .collect()
}
