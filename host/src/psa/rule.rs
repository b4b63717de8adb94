//! What is accepted at the border, from people and from cycles alike.

use super::span;
use crate::contract::{Appointment, PsaId};
use crate::store::error::{Result, StoreError};

/// The longest title, in characters.
pub const TITLE: usize = 256;

/// The longest description, in characters.
pub const DESCRIPTION: usize = 8_000;

/// Checks all fields of an appointment.
///
/// # Errors
/// [`StoreError::Invalid`] with the field and the rule.
pub fn appointment(fields: &Appointment) -> Result<()> {
    if fields.title.trim().is_empty() {
        return Err(invalid("title", "give one, it is empty".into()));
    }
    at_most("title", &fields.title, TITLE)?;
    at_most("description", &fields.description, DESCRIPTION)?;
    span::check(&fields.span)
}

/// Checks a key that a caller chose.
///
/// # Errors
/// [`StoreError::Invalid`].
pub fn id(id: &PsaId) -> Result<()> {
    let accepted = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    match (1..=64).contains(&id.value.len()) && id.value.chars().all(accepted) {
        true => Ok(()),
        false => Err(invalid(
            "id",
            "give 1 to 64 letters, digits, hyphens, underscores and dots".into(),
        )),
    }
}

/// Checks a text's length.
///
/// # Errors
/// [`StoreError::Invalid`].
pub fn at_most(field: &'static str, text: &str, most: usize) -> Result<()> {
    let length = text.chars().count();
    match length <= most {
        true => Ok(()),
        false => Err(invalid(
            field,
            format!("give at most {most} characters, these are {length}"),
        )),
    }
}

pub(super) fn invalid(field: &'static str, rule: String) -> StoreError {
    StoreError::Invalid { field, rule }
}
