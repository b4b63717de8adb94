//! How a session's requests are authorised. Secrets stay here and in the request that carries them:
//! a plugin sees neither, and nothing here can be printed.
//!
//! When no token can be had, the plugin gets a synthetic answer in place of the server's: HTTP 401,
//! a header `tandem-credentials` with the cause's code, and a JSON error with code and text, so that
//! what it reports names the real cause.

use reqwest::RequestBuilder;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::endpoint::{EndpointError, Endpoints, token_url};
use super::http::HttpClient;
use super::token::{OAuthClient, TokenCache, TokenError};
use crate::contract::{Credentials as SignIn, Description, Settings, TenantId};

/// The header of a synthetic answer.
pub const CAUSE_HEADER: &str = "tandem-credentials";

/// What a session signs in with.
#[derive(Clone)]
pub struct Credentials(Kind);

#[derive(Clone)]
enum Kind {
    None,
    NoOwnPassword,
    OAuth {
        client: Box<OAuthClient>,
        cache: TokenCache,
    },
    Basic {
        account: String,
        password: SecretString,
    },
}

/// What was put on a request.
pub(super) enum Authorised {
    /// A password, which does not change by itself.
    Settled,
    /// A token from the cache; refused, it is worth another try with a new one.
    Cached { serial: u64 },
    /// A new token.
    Fresh { serial: u64 },
}

impl Credentials {
    /// None: each request is answered as unauthorised by the host itself.
    pub const fn none() -> Self {
        Self(Kind::None)
    }

    /// OAuth 2.0 client credentials, with tokens from a cache that sessions share.
    pub fn oauth(client: OAuthClient, cache: TokenCache) -> Self {
        Self(Kind::OAuth {
            client: Box::new(client),
            cache,
        })
    }

    /// An account and its password; a domain that is not empty stands before the account.
    pub fn basic(domain: &str, account: &str, password: SecretString) -> Self {
        let account = if domain.is_empty() || account.contains('\\') || account.contains('@') {
            account.to_owned()
        } else {
            format!("{domain}\\{account}")
        };
        Self(Kind::Basic { account, password })
    }

    /// A user's own account and password, where no other acts for all; without a password each request
    /// is answered as unauthorised by the host itself.
    pub fn of_user(settings: &Settings, account: &str, password: Option<SecretString>) -> Self {
        match password {
            Some(password) => Self::basic(&settings.domain, account, password),
            None => Self(Kind::NoOwnPassword),
        }
    }

    /// What a tenant's settings say, with the stored secret: the client secret or the password.
    ///
    /// # Errors
    /// [`EndpointError`] when the settings lead to no token address.
    pub fn of_settings(
        tenant: &TenantId,
        settings: &Settings,
        description: &Description,
        endpoints: &Endpoints,
        secret: Option<SecretString>,
        cache: &TokenCache,
    ) -> Result<Self, EndpointError> {
        let Some(secret) = secret else {
            return Ok(Self::none());
        };
        match &settings.credentials {
            SignIn::Basic(account) => Ok(Self::basic(&settings.domain, &account.name, secret)),
            SignIn::Oauth(client) => Ok(Self::oauth(
                OAuthClient {
                    tenant: tenant.clone(),
                    token_url: token_url(settings, endpoints)?,
                    client_id: client.client_id.clone(),
                    secret,
                    scope: scope(&description.token_scope, &settings.service_url),
                },
                cache.clone(),
            )),
        }
    }

    /// Puts the authorisation on a request.
    pub(super) async fn authorise(
        &self,
        request: RequestBuilder,
        http: &HttpClient,
    ) -> Result<(RequestBuilder, Authorised), TokenError> {
        match &self.0 {
            Kind::None => Err(TokenError::Absent),
            Kind::NoOwnPassword => Err(TokenError::OwnPasswordAbsent),
            Kind::Basic { account, password } => Ok((
                request.basic_auth(account, Some(password.expose_secret())),
                Authorised::Settled,
            )),
            Kind::OAuth { client, cache } => {
                let lent = cache.token(client, http).await?;
                let serial = lent.serial;
                Ok((
                    request.bearer_auth(lent.value.expose_secret()),
                    if lent.fresh {
                        Authorised::Fresh { serial }
                    } else {
                        Authorised::Cached { serial }
                    },
                ))
            }
        }
    }

    /// The server refused what was put on a request. Says whether another try makes sense.
    pub(super) async fn was_refused(&self, authorised: &Authorised) -> bool {
        let Kind::OAuth { client, cache } = &self.0 else {
            return false;
        };
        match authorised {
            Authorised::Settled => false,
            Authorised::Cached { serial } => {
                cache.forget(client, *serial).await;
                true
            }
            Authorised::Fresh { serial } => {
                cache.forget(client, *serial).await;
                false
            }
        }
    }
}

/// `{service-origin}` in a scope stands for scheme, host and port of the service.
fn scope(template: &str, service_url: &str) -> String {
    let origin = Url::parse(service_url)
        .map(|url| url.origin().ascii_serialization())
        .unwrap_or_default();
    template.replace("{service-origin}", &origin)
}

/// The synthetic answer's body.
pub(super) fn refusal_body(error: &TokenError) -> Vec<u8> {
    serde_json::json!({ "error": { "code": error.code(), "message": error.to_string() } })
        .to_string()
        .into_bytes()
}
