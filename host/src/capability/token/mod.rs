//! Tokens of OAuth 2.0 client credentials: asked for once, shared by all sessions of a tenant,
//! renewed before they end.
//!
//! One request is under way for each client at a time; who comes meanwhile waits for its outcome,
//! good or bad. A refusal is told by its AADSTS number, never by the server's own text.

mod request;

use std::collections::HashMap;
use std::sync::{Arc, Mutex as SyncMutex, PoisonError};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

use super::http::HttpClient;
use crate::contract::TenantId;
pub use request::TokenError;
use request::request;

/// A client that may ask for tokens.
#[derive(Clone)]
pub struct OAuthClient {
    /// Whose client.
    pub tenant: TenantId,
    /// Where tokens come from.
    pub token_url: Url,
    /// Application (client) id.
    pub client_id: String,
    /// The client secret.
    pub secret: SecretString,
    /// For what a token is asked, such as `https://graph.microsoft.com/.default`.
    pub scope: String,
}

/// The tokens of all tenants of this host. Cheap to clone; one for the whole program.
#[derive(Clone, Default)]
pub struct TokenCache {
    slots: Arc<SyncMutex<HashMap<Key, Arc<Slot>>>>,
}

/// Tokens are told apart by a digest over all that decides them, the secret included: a corrected
/// secret never meets the outcome of the wrong one.
type Key = [u8; 32];

#[derive(Default)]
struct Slot {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// The last failure and when it came, for those who were waiting for it.
    failure: Option<(Instant, TokenError)>,
}

struct Token {
    value: SecretString,
    serial: u64,
    renew_at: Instant,
}

/// A token as it is put on a request.
pub(super) struct Lent {
    pub(super) value: SecretString,
    /// Which token it is, to give it back as refused.
    pub(super) serial: u64,
    /// It was asked for just now.
    pub(super) fresh: bool,
}

impl TokenCache {
    /// A token for this client, from the cache or from the server.
    pub(super) async fn token(
        &self,
        client: &OAuthClient,
        http: &HttpClient,
    ) -> Result<Lent, TokenError> {
        let asked = Instant::now();
        let slot = self.slot(client);
        let mut state = slot.state.lock().await;
        if let Some(token) = &state.token
            && Instant::now() < token.renew_at
        {
            return Ok(Lent {
                value: token.value.clone(),
                serial: token.serial,
                fresh: false,
            });
        }
        if let Some((at, failure)) = &state.failure
            && *at >= asked
        {
            return Err(failure.clone());
        }
        match request(client, http).await {
            Ok((value, life)) => {
                let serial = state
                    .token
                    .as_ref()
                    .map_or(0, |old| old.serial)
                    .wrapping_add(1);
                state.token = Some(Token {
                    value: value.clone(),
                    serial,
                    renew_at: Instant::now() + until_renewal(life),
                });
                state.failure = None;
                Ok(Lent {
                    value,
                    serial,
                    fresh: true,
                })
            }
            Err(failure) => {
                state.failure = Some((Instant::now(), failure.clone()));
                Err(failure)
            }
        }
    }

    /// Forgets a token that a server refused, unless it was replaced meanwhile.
    pub(super) async fn forget(&self, client: &OAuthClient, serial: u64) {
        let slot = self.slot(client);
        let mut state = slot.state.lock().await;
        if let Some(token) = &mut state.token
            && token.serial == serial
        {
            // It stays as the holder of its serial number.
            token.renew_at = Instant::now();
        }
    }

    fn slot(&self, client: &OAuthClient) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let key = key(client);
        if !slots.contains_key(&key) {
            // What nobody holds and nobody can use any more makes room first.
            slots.retain(|_, slot| {
                Arc::strong_count(slot) > 1 || slot.state.try_lock().is_ok_and(|s| s.is_useful())
            });
        }
        slots.entry(key).or_default().clone()
    }
}

impl State {
    fn is_useful(&self) -> bool {
        self.token
            .as_ref()
            .is_some_and(|token| Instant::now() < token.renew_at)
    }
}

fn key(client: &OAuthClient) -> Key {
    let mut digest = Sha256::new();
    for part in [
        client.tenant.value.as_str(),
        client.token_url.as_str(),
        &client.client_id,
        &client.scope,
        client.secret.expose_secret(),
    ] {
        digest.update(part.len().to_le_bytes());
        digest.update(part.as_bytes());
    }
    digest.finalize().into()
}

/// Ahead of the end by a tenth of the life, at most five minutes, and by up to as much again: hosts
/// that began together do not renew together.
fn until_renewal(life: Duration) -> Duration {
    let ahead = (life / 10).min(Duration::from_secs(300));
    let jitter = ahead.mul_f64(rand::random::<f64>());
    life.saturating_sub(ahead).saturating_sub(jitter)
}
