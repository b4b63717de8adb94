//! The marker: what Tandem writes on an item of Exchange that the PSA originates.
//!
//! It is a named extended property, so it is invisible to users, survives moves, and is the same
//! property through Graph and through EWS. It is copied when a user copies an item, so it proves
//! where an item came from and not which item it is.

use std::fmt::Write as _;

use crate::contract::{ItemKind, Marker, MarkerReading, PsaId, PsaReference, TenantId};

/// The set of properties that the marker belongs to. It is Tandem's own and never changes: items in
/// customers' mailboxes carry it.
pub const PROPERTY_SET: &str = "6d2b7c0e-93f4-4a1b-8a57-2f0c41d5be96";

/// The property's name in its set.
pub const PROPERTY_NAME: &str = "TandemMarker";

/// The name of a kind inside a marker.
const fn name(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Appointment => "appointment",
        ItemKind::ToDo => "to-do",
        ItemKind::ServiceCall => "service-call",
        ItemKind::Contact => "contact",
    }
}

/// The beginning that the markers of all generations of an item share.
#[must_use]
pub fn prefix(marker: &Marker) -> String {
    let PsaReference { kind, id } = &marker.psa;
    format!("{}:{}:{}:", marker.tenant.value, name(*kind), id.value)
}

/// The marker's text.
#[must_use]
pub fn print(marker: &Marker) -> String {
    let mut text = prefix(marker);
    // Writing to a string cannot fail.
    let _ = write!(text, "{}", marker.generation);
    text
}

/// The marker that a text means. Exchange compares such values without case, so names are read in
/// any case.
#[must_use]
pub fn parse(text: &str) -> Option<Marker> {
    let mut parts = text.trim().split(':');
    let (tenant, kind, id, generation) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || tenant.is_empty() || id.is_empty() {
        return None;
    }
    let kind = [
        ItemKind::Appointment,
        ItemKind::ToDo,
        ItemKind::ServiceCall,
        ItemKind::Contact,
    ]
    .into_iter()
    .find(|candidate| name(*candidate).eq_ignore_ascii_case(kind))?;
    Some(Marker {
        tenant: TenantId {
            value: tenant.to_owned(),
        },
        psa: PsaReference {
            kind,
            id: PsaId {
                value: id.to_owned(),
            },
        },
        generation: generation.parse().ok()?,
    })
}

/// Whether two markers mean the same item, in whatever generation.
#[must_use]
pub fn same_item(one: &Marker, other: &Marker) -> bool {
    prefix(one).eq_ignore_ascii_case(&prefix(other))
}

/// What an item's property says.
#[must_use]
pub fn reading(text: &str) -> MarkerReading {
    parse(text).map_or_else(
        || MarkerReading::Unreadable(text.to_owned()),
        MarkerReading::Present,
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kind() -> impl Strategy<Value = ItemKind> {
        prop_oneof![
            Just(ItemKind::Appointment),
            Just(ItemKind::ToDo),
            Just(ItemKind::ServiceCall),
            Just(ItemKind::Contact),
        ]
    }

    proptest! {
        #[test]
        fn a_printed_marker_is_read_again(
            tenant in "[a-z0-9-]{1,40}",
            kind in kind(),
            id in "[A-Za-z0-9_.-]{1,60}",
            generation in any::<u32>(),
        ) {
            let marker = Marker {
                tenant: TenantId { value: tenant },
                psa: PsaReference { kind, id: PsaId { value: id } },
                generation,
            };
            let text = print(&marker);
            prop_assert_eq!(parse(&text), Some(marker.clone()));
            let shouted = parse(&text.to_ascii_uppercase());
            prop_assert!(shouted.is_some_and(|shouted| same_item(&shouted, &marker)));
            prop_assert!(text.starts_with(&prefix(&marker)));
        }

        #[test]
        fn any_text_is_read_without_harm(text in ".{0,80}") {
            let _ = reading(&text);
        }
    }

    #[test]
    fn a_text_of_somebody_else_is_kept_as_it_is() {
        assert_eq!(
            reading("acme:to-do:12"),
            MarkerReading::Unreadable("acme:to-do:12".to_owned())
        );
    }
}
