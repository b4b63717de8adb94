//! Texts and choices at the border.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::kind::Kind;
use super::problem::Problem;
use crate::contract::{ItemKind, PsaReference, Side};
use crate::store::codec;

/// Refuses a NUL, which JSON can carry and a database cannot.
///
/// # Errors
/// 422 with the field.
pub fn plain(field: &'static str, text: String) -> Result<String, Problem> {
    match text.contains('\0') {
        true => Err(Problem::invalid(field, "leave out the NUL character")),
        false => Ok(text),
    }
}

/// Refuses a NUL in whichever text of a form.
///
/// # Errors
/// 422 with the field.
pub fn plain_throughout(form: &impl Serialize) -> Result<(), Problem> {
    let form = serde_json::to_value(form).map_err(|e| Problem::internal(&e))?;
    match with_nul(&form, "") {
        Some(field) => Err(Problem::invalid(field, "leave out the NUL character")),
        None => Ok(()),
    }
}

/// The place of the first text with a NUL.
fn with_nul(value: &Value, place: &str) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then(|| place.to_owned()),
        Value::Array(items) => (0..)
            .zip(items)
            .find_map(|(n, item): (u32, _)| with_nul(item, &format!("{place}[{n}]"))),
        Value::Object(fields) => fields.iter().find_map(|(name, value)| match place {
            "" => with_nul(value, name),
            _ => with_nul(value, &format!("{place}.{name}")),
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// A number written in digits alone, as large as a database keeps it.
#[must_use]
pub fn digits(text: &str) -> Option<u64> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: u64 = text.parse().ok()?;
    (number <= i64::MAX.unsigned_abs()).then_some(number)
}

/// A field that may be left out, but never be null: in a change, null would mean that it goes.
///
/// # Errors
/// What the value itself refuses.
pub fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// The name of a choice of the contract, in snake case: `PsaItemIsNew` is `psa_item_is_new`.
///
/// # Errors
/// 500 for what is more than a choice.
pub fn choice<T: Serialize>(value: &T) -> Result<String, Problem> {
    let name = codec::name("choice", value)?;
    let mut text = String::with_capacity(name.len() + 8);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    Ok(text)
}

/// A side's name.
#[must_use]
pub fn side(side: Side) -> &'static str {
    match side {
        Side::Psa => "psa",
        Side::Exchange => "exchange",
    }
}

/// A kind's name, in JSON and in paths.
#[must_use]
pub fn kind(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Appointment => "appointment",
        ItemKind::ToDo => "to_do",
        ItemKind::ServiceCall => "service_call",
        ItemKind::Contact => "contact",
    }
}

/// The kind that a path names.
///
/// # Errors
/// 404 with the names that there are.
pub fn kind_named(name: &str) -> Result<ItemKind, Problem> {
    let kinds = [
        ItemKind::Appointment,
        ItemKind::ToDo,
        ItemKind::ServiceCall,
        ItemKind::Contact,
    ];
    kinds
        .into_iter()
        .find(|known| kind(*known) == name)
        .ok_or_else(|| {
            Problem::new(
                Kind::NotFound,
                format!("there are no items of the kind \"{name}\""),
            )
            .hint("kinds are appointment, to_do, service_call and contact")
        })
}

/// An item of the PSA, by kind and key.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PsaItem {
    /// Which kind of item.
    pub kind: &'static str,
    /// Its key.
    pub id: String,
}

impl From<PsaReference> for PsaItem {
    fn from(reference: PsaReference) -> Self {
        Self {
            kind: kind(reference.kind),
            id: reference.id.value,
        }
    }
}
