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
    name("title", &fields.title)?;
    at_most("description", &fields.description, DESCRIPTION)?;
    span::check(&fields.span)
}

/// Checks a name or title: 1 to 256 characters, not blank.
///
/// # Errors
/// [`StoreError::Invalid`].
pub fn name(field: &'static str, text: &str) -> Result<()> {
    if text.trim().is_empty() {
        return Err(invalid(field, "give one, it is empty".into()));
    }
    at_most(field, text, TITLE)
}

/// Checks a number as people read it: 1 to 64 characters, not blank.
///
/// # Errors
/// [`StoreError::Invalid`].
pub fn number(field: &'static str, text: &str) -> Result<()> {
    name(field, text)?;
    at_most(field, text, 64)
}

/// Checks short texts of which there are only a few, none of them blank.
///
/// # Errors
/// [`StoreError::Invalid`].
pub fn few(field: &'static str, texts: &[String], most: usize) -> Result<()> {
    if texts.len() > most {
        let rule = format!("give at most {most}, these are {}", texts.len());
        return Err(invalid(field, rule));
    }
    texts.iter().try_for_each(|text| name(field, text))
}

/// Checks a list that names nothing twice.
///
/// # Errors
/// [`StoreError::Invalid`].
pub fn once_each<T: PartialEq>(field: &'static str, list: &[T], most: usize) -> Result<()> {
    if list.len() > most {
        let rule = format!("give at most {most}, these are {}", list.len());
        return Err(invalid(field, rule));
    }
    let mut rest = list;
    while let Some((first, others)) = rest.split_first() {
        if others.contains(first) {
            return Err(invalid(field, "name each once, one is here twice".into()));
        }
        rest = others;
    }
    Ok(())
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
