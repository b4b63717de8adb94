//! `POST /{tenant}/oauth2/v2.0/token`: tokens for an application, as Entra ID gives and refuses them.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::answer::Answer;

/// What an application has to know to be let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    pub tenant: String,
    pub client_id: String,
    pub client_secret: String,
}

impl Default for Credentials {
    fn default() -> Self {
        Self {
            tenant: "0b8f6a52-7f1e-4c55-9a63-3d2c1f0e9b71".to_owned(),
            client_id: "c7d1e9f4-22ab-4b1c-8f0d-6e5a4b3c2d10".to_owned(),
            client_secret: "emulated~client.secret".to_owned(),
        }
    }
}

/// The tokens that were given out.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    given: BTreeMap<String, Token>,
    count: u64,
}

/// What a token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    Graph,
    Ews,
    /// Every resource: what tests hold that are not about tokens.
    Any,
}

impl Audience {
    /// The resource that a scope such as `https://graph.microsoft.com/.default` names.
    fn of_scope(scope: &str) -> Self {
        let host = scope.split("//").nth(1).unwrap_or_default();
        match host.split('.').next() {
            Some("graph") => Self::Graph,
            Some("outlook") => Self::Ews,
            _ => Self::Any,
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Token {
    audience: Audience,
    expiry: DateTime<Utc>,
}

impl Tokens {
    /// Whether a request with this `Authorization` header comes in, else why not.
    pub fn admit(
        &self,
        header: Option<&str>,
        at: Audience,
        now: DateTime<Utc>,
    ) -> Result<(), &'static str> {
        let token = header
            .and_then(|header| header.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or("Access token is empty.")?;
        match self.given.get(token) {
            None => Err("Access token validation failure."),
            Some(token) if token.expiry <= now => {
                Err("Lifetime validation failed, the token is expired.")
            }
            Some(token) if ![at, Audience::Any].contains(&token.audience) => {
                Err("Access token validation failure. Invalid audience.")
            }
            Some(_) => Ok(()),
        }
    }

    /// Makes all tokens void that were given out so far.
    pub fn revoke(&mut self) {
        self.given.clear();
    }

    /// A new token, good for `lifetime`.
    pub fn give(&mut self, audience: Audience, lifetime: TimeDelta, now: DateTime<Utc>) -> String {
        self.count += 1;
        let digest = Sha256::digest(format!("token {}", self.count));
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let token = format!(
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.{:08}.{hex}",
            self.count
        );
        self.given
            .retain(|_, token| token.expiry + TimeDelta::days(1) > now);
        let expiry = now + lifetime;
        self.given.insert(token.clone(), Token { audience, expiry });
        token
    }
}

/// A refusal of Entra ID: status, OAuth error, AADSTS number, text.
struct Denial(u16, &'static str, u32, String);

/// Answers a request to the token end point of `tenant`.
pub fn answer(
    tokens: &mut Tokens,
    credentials: &Credentials,
    secret_expired: bool,
    lifetime: TimeDelta,
    tenant: &str,
    body: &[u8],
    now: DateTime<Utc>,
) -> Answer {
    let form: BTreeMap<String, String> = url::form_urlencoded::parse(body).into_owned().collect();
    match check(credentials, secret_expired, tenant, &form) {
        Ok(()) => {
            let scope = form.get("scope").map(String::as_str);
            let audience = Audience::of_scope(scope.unwrap_or_default());
            let token = tokens.give(audience, lifetime, now);
            let seconds = lifetime.num_seconds();
            Answer::json(
                200,
                json!({ "token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds, "access_token": token }),
            )
        }
        Err(Denial(status, error, number, text)) => Answer::json(
            status,
            json!({
                "error": error,
                "error_description": format!(
                    "AADSTS{number}: {text} Timestamp: {}", now.format("%Y-%m-%d %H:%M:%SZ")
                ),
                "error_codes": [number],
                "timestamp": now.format("%Y-%m-%d %H:%M:%SZ").to_string(),
                "error_uri": format!("https://login.microsoftonline.com/error?code={number}"),
            }),
        ),
    }
}

fn check(
    credentials: &Credentials,
    secret_expired: bool,
    tenant: &str,
    form: &BTreeMap<String, String>,
) -> Result<(), Denial> {
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let client = field("client_id");
    if !tenant.eq_ignore_ascii_case(&credentials.tenant) {
        return Err(Denial(
            400,
            "invalid_request",
            90002,
            format!(
                "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID."
            ),
        ));
    }
    if field("grant_type") != "client_credentials" {
        let text = "The app requested an unsupported grant type.".to_owned();
        return Err(Denial(400, "unsupported_grant_type", 70003, text));
    }
    if !client.eq_ignore_ascii_case(&credentials.client_id) {
        return Err(Denial(
            400,
            "unauthorized_client",
            700_016,
            format!(
                "Application with identifier '{client}' was not found in the directory '{tenant}'."
            ),
        ));
    }
    if secret_expired {
        return Err(Denial(
            401,
            "invalid_client",
            7_000_222,
            format!("The provided client secret keys for app '{client}' are expired."),
        ));
    }
    if field("client_secret") != credentials.client_secret {
        return Err(Denial(
            401,
            "invalid_client",
            7_000_215,
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the \
             client secret ID."
                .to_owned(),
        ));
    }
    let scope = field("scope");
    if !scope.ends_with("/.default") {
        return Err(Denial(
            400,
            "invalid_scope",
            1_002_012,
            format!(
                "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier."
            ),
        ));
    }
    Ok(())
}
