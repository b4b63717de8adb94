//! The conversation with the token server (RFC 6749, 4.4), and what its refusals mean.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::OAuthClient;
use crate::capability::http::HttpClient;

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
    /// Too much to do, or trouble of its own.
    #[error(
        "the token server is busy (HTTP {0}); nothing is to be done here, it is asked again with the next synchronisation"
    )]
    Busy(u16),
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
    /// Each user signs in with an own password, and this one has none.
    #[error(
        "the user has no password of the user's own stored; enter it on the user's profile tab, or let one account impersonate all users"
    )]
    OwnPasswordAbsent,
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
            Self::Busy(_) => "TandemTokenBusy",
            Self::Unreachable(_) => "TandemTokenUnreachable",
            Self::NotUnderstood(_) => "TandemTokenNotUnderstood",
            Self::Absent => "TandemCredentialsAbsent",
            Self::OwnPasswordAbsent => "TandemOwnPasswordAbsent",
        }
    }
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

/// Asks the server for a token; with how long it lives.
pub(super) async fn request(
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
    if status == 429 || status >= 500 {
        return Err(TokenError::Busy(status));
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
