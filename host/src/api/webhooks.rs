//! `/webhooks`: addresses that are told when records change.
//!
//! The signing secret is shown where it is made, when a subscription is made and when its secret is
//! exchanged, and never again. See [`webhook`](crate::webhook) for what is sent.

use axum::Json;
use axum::extract::State;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ApiState;
use super::answer::{Created, NoContent, Versioned};
use super::body::Body;
use super::caller::Caller;
use super::list::{Listing, limit};
use super::parameters::{Parameters, Segments};
use super::problem::Problem;
use super::text::{plain, present};
use super::time::instant_text;
use super::version::IfMatch;
use crate::store::webhook::{self, Edit, Webhook};
use crate::webhook::address::check;
use crate::webhook::message::new_secret;

/// A subscription.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct WebhookView {
    /// The key.
    pub id: String,
    /// Rises with each change of the subscription; the `ETag`.
    pub version: u64,
    /// Where messages go.
    pub url: String,
    /// Messages go out. One that failed for five days is switched off.
    pub active: bool,
    /// The version of records up to which the receiver was told.
    pub told: u64,
    /// How many tries failed since the last success.
    pub failures: u64,
    /// Since when they fail; null while they do not.
    #[schema(format = DateTime)]
    pub failing_since: Option<String>,
    /// What came of the last try; null when it succeeded.
    pub last_error: Option<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created: String,
    /// When it was changed last.
    #[schema(format = DateTime)]
    pub changed: String,
}

/// A subscription with the secret that its messages are signed with from now on.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct WebhookWithSecret {
    /// The subscription.
    #[serde(flatten)]
    pub webhook: WebhookView,
    /// The secret, as libraries for Standard Webhooks take it. It is not shown again.
    pub secret: String,
}

/// A new subscription.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// Where messages are to go: https, and a public address unless the operator allows another.
    #[schema(min_length = 1, max_length = 2_048)]
    pub url: String,
}

/// A change of a subscription; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookChange {
    /// Where messages are to go.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false, min_length = 1, max_length = 2_048)]
    pub url: Option<String>,
    /// Messages go out. To switch it on forgets earlier failures.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    pub active: Option<bool>,
}

/// Which subscriptions to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// At most so many, 1 to 500; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    pub limit: Option<String>,
    /// Where to go on.
    pub cursor: Option<String>,
}

impl From<Webhook> for WebhookView {
    fn from(webhook: Webhook) -> Self {
        Self {
            id: webhook.id,
            version: webhook.version.number,
            url: webhook.url,
            active: webhook.active,
            told: webhook.told,
            failures: webhook.failures,
            failing_since: webhook.failing_since.map(instant_text),
            last_error: webhook.error,
            created: instant_text(webhook.created),
            changed: instant_text(webhook.changed),
        }
    }
}

fn versioned(webhook: Webhook) -> Versioned<WebhookView> {
    Versioned {
        version: webhook.version,
        view: webhook.into(),
    }
}

fn with_secret(webhook: Webhook, secret: &SecretString) -> WebhookWithSecret {
    WebhookWithSecret {
        webhook: webhook.into(),
        secret: secret.expose_secret().to_owned(),
    }
}

/// Subscriptions, the oldest first.
pub async fn list(
    caller: Caller,
    Parameters(filter): Parameters<Filter>,
) -> Result<Json<Listing<WebhookView>>, Problem> {
    let limit = limit(filter.limit.as_deref())?;
    let webhooks = webhook::list(&caller.tenant).await?;
    let view = |webhook: Webhook| Ok(webhook.into());
    Listing::cut(webhooks, limit, filter.cursor.as_deref(), view).map(Json)
}

/// Makes a subscription that is told of what changes from now on.
pub async fn create(
    State(ApiState { host }): State<ApiState>,
    caller: Caller,
    Body(new): Body<NewWebhook>,
) -> Result<Created<WebhookWithSecret>, Problem> {
    let url = check(&plain("url", new.url)?, &host.http)?;
    let secret = new_secret();
    let mut transaction = caller.tenant.begin().await?;
    let webhook = webhook::create(&mut transaction, url.as_str(), &secret).await?;
    transaction.commit().await?;
    Ok(Created {
        path: format!("/webhooks/{}", webhook.id),
        version: webhook.version,
        view: with_secret(webhook, &secret),
    })
}

/// A subscription.
pub async fn get(
    caller: Caller,
    Segments(id): Segments<String>,
) -> Result<Versioned<WebhookView>, Problem> {
    Ok(versioned(webhook::get(&caller.tenant, &id).await?))
}

/// Changes a subscription that is still at the version in `If-Match`.
pub async fn edit(
    State(ApiState { host }): State<ApiState>,
    caller: Caller,
    Segments(id): Segments<String>,
    IfMatch(expected): IfMatch,
    Body(change): Body<WebhookChange>,
) -> Result<Versioned<WebhookView>, Problem> {
    let mut edit = Edit {
        url: None,
        active: change.active,
    };
    if let Some(url) = change.url {
        edit.url = Some(check(&plain("url", url)?, &host.http)?.into());
    }
    let mut transaction = caller.tenant.begin().await?;
    let webhook = webhook::edit(&mut transaction, &id, expected, &edit).await?;
    transaction.commit().await?;
    Ok(versioned(webhook))
}

/// Ends a subscription that is still at the version in `If-Match`.
pub async fn delete(
    caller: Caller,
    Segments(id): Segments<String>,
    IfMatch(expected): IfMatch,
) -> Result<NoContent, Problem> {
    let mut transaction = caller.tenant.begin().await?;
    webhook::delete(&mut transaction, &id, expected).await?;
    transaction.commit().await?;
    Ok(NoContent)
}

/// Exchanges the secret of a subscription that is still at the version in `If-Match`. For 24 hours
/// the one before signs too, so that a receiver can change over without missing a message.
pub async fn rotate(
    caller: Caller,
    Segments(id): Segments<String>,
    IfMatch(expected): IfMatch,
) -> Result<Versioned<WebhookWithSecret>, Problem> {
    let secret = new_secret();
    let mut transaction = caller.tenant.begin().await?;
    let webhook = webhook::rotate(&mut transaction, &id, expected, &secret).await?;
    transaction.commit().await?;
    Ok(Versioned {
        version: webhook.version,
        view: with_secret(webhook, &secret),
    })
}
