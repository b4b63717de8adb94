//! Tokens of OAuth 2.0 client credentials: asked for once, shared by all sessions of a tenant,
//! renewed before they end.
//!
//! One request is under way for each client at a time; who comes meanwhile waits for its outcome,
//! good or bad. A refusal is told by its AADSTS number, never by the server's own text.

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

/// Why there is no token. The texts are for people; the codes are stable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// AADSTS7000215.
    #[error(
        "the client secret is wrong (AADSTS7000215); copy the secret's value, not its id, from the app registration"
    )]
    SecretWrong,
    /// AADSTS7000222.
    #[error(
        "the client secret has expired (AADSTS7000222); make a new one in the app registration"
    )]
    SecretExpired,
    /// AADSTS700016.
    #[error(
        "the application is not known in this directory (AADSTS700016); check the application (client) id, and that an administrator has consented"
    )]
    UnknownApplication,
    /// AADSTS90002.
    #[error("the directory is not known (AADSTS90002); check the directory (tenant) id")]
    UnknownDirectory,
    /// Another refusal, with its number or name.
    #[error(
        "the token was refused ({0}); look the code up in Microsoft's list of AADSTS error codes"
    )]
    Refused(String),
    /// No answer.
    #[error("the token server cannot be reached: {0}; check the network, proxy and firewall")]
    Unreachable(String),
    /// An answer that makes no sense.
    #[error(
        "the token server's answer is not a token (HTTP {0}); check that no sign-on page or proxy stands in front of it"
    )]
    NotUnderstood(u16),
    /// Nothing is stored.
    #[error("no credentials are stored for this tenant; enter them in the tenant's settings")]
    Absent,
}

impl TokenError {
    /// The code that plugins see.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::SecretWrong => "TandemSecretWrong",
            Self::SecretExpired => "TandemSecretExpired",
            Self::UnknownApplication => "TandemUnknownApplication",
            Self::UnknownDirectory => "TandemUnknownDirectory",
            Self::Refused(_) => "TandemTokenRefused",
            Self::Unreachable(_) => "TandemTokenUnreachable",
            Self::NotUnderstood(_) => "TandemTokenNotUnderstood",
            Self::Absent => "TandemCredentialsAbsent",
        }
    }
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

#[derive(serde::Deserialize)]
struct Granted {
    access_token: String,
    expires_in: serde_json::Value,
}

#[derive(serde::Deserialize)]
struct Refusal {
    error: String,
    #[serde(default)]
    error_description: String,
    #[serde(default)]
    error_codes: Vec<u64>,
}

async fn request(
    client: &OAuthClient,
    http: &HttpClient,
) -> Result<(SecretString, Duration), TokenError> {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &client.client_id),
        ("client_secret", client.secret.expose_secret()),
        ("scope", &client.scope),
    ];
    let (status, body) = http
        .post_form(&client.token_url, &form)
        .await
        .map_err(TokenError::Unreachable)?;
    if (200..300).contains(&status) {
        let granted: Granted =
            serde_json::from_slice(&body).map_err(|_| TokenError::NotUnderstood(status))?;
        let seconds = match &granted.expires_in {
            serde_json::Value::Number(number) => number.as_u64(),
            serde_json::Value::String(text) => text.parse().ok(),
            _ => None,
        };
        let seconds = seconds.ok_or(TokenError::NotUnderstood(status))?;
        return Ok((
            granted.access_token.into(),
            Duration::from_secs(seconds.min(86_400)),
        ));
    }
    let refusal: Refusal =
        serde_json::from_slice(&body).map_err(|_| TokenError::NotUnderstood(status))?;
    Err(refusal.into_error())
}

impl Refusal {
    fn into_error(self) -> TokenError {
        match self.number() {
            Some(7_000_215) => TokenError::SecretWrong,
            Some(7_000_222) => TokenError::SecretExpired,
            Some(700_016) => TokenError::UnknownApplication,
            Some(90_002) => TokenError::UnknownDirectory,
            Some(number) => TokenError::Refused(format!("AADSTS{number}")),
            // A name such as invalid_scope; anything longer is not one.
            None => TokenError::Refused(self.error.chars().take(64).collect()),
        }
    }

    fn number(&self) -> Option<u64> {
        self.error_codes.first().copied().or_else(|| {
            let (_, rest) = self.error_description.split_once("AADSTS")?;
            let end = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            rest.get(..end)?.parse().ok()
        })
    }
}
