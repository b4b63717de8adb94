//! The reference host's own small PSA: the records that a real platform would bring.
//!
//! One file for each kind of record; [`record`] says what they have in common. Users and
//! appointments, whose copies Exchange changes too, are kept by their own files. People reach records
//! through the JSON interface, Tandem through a cycle; both write through a
//! [`Transaction`](crate::store::Transaction), and each write draws the tenant's next [`version`]. A
//! write by a person also sets `person_version`, a write by Tandem leaves it: so the law can tell them
//! apart.
//!
//! A deleted record stays as a tombstone, so that the change feed ([`feed`]) tells of it.
//!
//! The law's organisation is a [`company`] here, which is what a PSA's people call it.

pub mod action_type;
pub mod address;
pub mod appointment;
pub mod availability;
pub mod calendar;
pub mod call_status;
pub mod company;
pub mod contact;
pub mod copy;
pub mod feed;
pub mod filter;
pub mod former;
pub mod key;
pub mod opportunity;
pub mod original;
mod raise;
pub mod record;
pub mod resource;
pub mod roster;
pub mod rule;
pub mod security_level;
pub mod service_call;
pub mod service_contract;
pub mod span;
pub mod task;
pub mod territory;
pub mod ticket;
pub mod to_do;
pub mod version;
pub mod written;

use url::Url;

use crate::contract::{ItemKind, PsaReference};

/// Where people open a record: the address of the pages, without a trailing slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAddress {
    base: String,
}

impl WebAddress {
    /// From the address of the pages, such as `https://psa.example.com`.
    #[must_use]
    pub fn new(base: &str) -> Self {
        Self {
            base: base.trim_end_matches('/').to_owned(),
        }
    }

    /// A page's address, from its path.
    #[must_use]
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Whether people reach the pages over HTTPS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.base.starts_with("https://")
    }

    /// Whether the pages are part of this site: scheme, host and port are the same.
    #[must_use]
    pub fn is_at(&self, site: &Url) -> bool {
        Url::parse(&self.base).is_ok_and(|own| own.origin() == site.origin())
    }

    /// The address that opens a record: `BASE/open/KIND/ID`.
    #[must_use]
    pub fn link(&self, reference: &PsaReference) -> String {
        let kind = match reference.kind {
            ItemKind::Appointment => "appointment",
            ItemKind::ToDo => "to-do",
            ItemKind::ServiceCall => "service-call",
            ItemKind::Contact => "contact",
        };
        format!("{}/open/{kind}/{}", self.base, reference.id.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::PsaId;

    #[test]
    fn a_record_has_an_address() {
        let reference = PsaReference {
            kind: ItemKind::ToDo,
            id: PsaId { value: "7".into() },
        };
        let address = WebAddress::new("https://psa.example/");
        assert_eq!(address.link(&reference), "https://psa.example/open/to-do/7");
    }
}
