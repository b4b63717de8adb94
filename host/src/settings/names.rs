//! The written names of the contract's choices, as they stand in files, JSON and the database.

use serde::{Deserialize, Deserializer, Serializer};

use crate::contract::{Cloud, ContactSelection, ExchangeEdition, ImportMode};

/// A choice with a written name for each case.
pub trait Named: Copy + PartialEq + 'static {
    const NAMES: &'static [(&'static str, Self)];
}

impl Named for ExchangeEdition {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("exchange-2013", Self::Exchange2013),
        ("exchange-2016", Self::Exchange2016),
        ("exchange-2019", Self::Exchange2019),
        ("subscription-edition", Self::SubscriptionEdition),
        ("microsoft-365", Self::Microsoft365),
    ];
}

impl Named for Cloud {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("worldwide", Self::Worldwide),
        ("us-government", Self::UsGovernment),
        ("us-government-dod", Self::UsGovernmentDod),
        ("china", Self::China),
    ];
}

impl Named for ImportMode {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("all-details", Self::AllDetails),
        ("no-details", Self::NoDetails),
        ("none", Self::None),
    ];
}

impl Named for ContactSelection {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("own", Self::Own),
        ("territory", Self::Territory),
        ("all", Self::All),
    ];
}

pub fn serialize<T: Named, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
    let name = T::NAMES
        .iter()
        .find(|(_, named)| named == value)
        .map_or("", |(name, _)| name);
    to.serialize_str(name)
}

pub fn deserialize<'de, T: Named, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    let text = String::deserialize(from)?;
    T::NAMES
        .iter()
        .find(|(name, _)| *name == text)
        .map(|(_, value)| *value)
        .ok_or_else(|| {
            let known: Vec<&str> = T::NAMES.iter().map(|(name, _)| *name).collect();
            serde::de::Error::custom(format!("`{text}` is not one of: {}", known.join(", ")))
        })
}
