//! Answers of a provider's own.

use crate::contract::Answer;

/// An answer of our own, for what was never asked.
#[must_use]
pub fn own(code: &str, text: &str) -> Answer {
    Answer {
        status: 0,
        code: code.to_owned(),
        text: text.to_owned(),
        request_id: String::new(),
    }
}
