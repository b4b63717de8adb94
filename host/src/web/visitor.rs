//! Who looks at a page, as the door to the only rows that the page may reach.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use super::failure::Failure;
use crate::contract::PsaId;
use crate::store::Tenant;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The tenant whose user it is.
    pub tenant: Tenant,
    /// The user.
    pub user: PsaId,
    /// The name that people read.
    pub name: String,
    /// The security level has *Admin: configure Microsoft extensions*.
    pub is_admin: bool,
    /// What opens the session.
    pub(super) session: SecretString,
}

impl Visitor {
    /// What each form of the session's pages carries, so that no other site's form is taken for ours.
    /// It follows from the session and tells nothing of it.
    pub(super) fn form_token(&self) -> String {
        let code = mac(&self.session).finalize().into_bytes();
        code.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether a form carries the session's token. Takes the same time wherever they differ.
    pub(super) fn made_form(&self, token: &str) -> bool {
        let bytes: Option<Vec<u8>> = token
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect();
        bytes.is_some_and(|bytes| mac(&self.session).verify_slice(&bytes).is_ok())
    }
}

fn mac(session: &SecretString) -> Hmac<Sha256> {
    let key = session.expose_secret().as_bytes();
    // Any length of key is taken.
    Hmac::new_from_slice(key)
        .unwrap_or_else(|_| Hmac::new(&Default::default()))
        .chain_update("a form of this session")
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Failure;

    /// Refuses, should a handler ask for who is signed in on a route that anybody may reach.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or(Failure::Forbidden)
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}
