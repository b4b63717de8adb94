//! Tells subscribers what they are owed, and tries again until they took it.
//!
//! A receiver that does not answer with a 2xx is tried again after 10, 20, 40, … seconds, and from
//! then on every six hours. After five days of that, or at once when it answers 410, its subscription
//! is switched off and the notification addresses get a mail. A try is begun in the database, so that
//! of several hosts one makes it; a host that dies before it has noted the outcome leaves a message
//! that is sent twice, with the same `webhook-id`.

use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use http::header::{CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::sync::watch;
use url::Url;

use super::message::Message;
use crate::capability::http::HttpClient;
use crate::contract::Instant;
use crate::outbox::letter::{Fact, HEARS_OF_ERRORS, Letter};
use crate::store::mail;
use crate::store::webhook::{self, Owed, Webhook};
use crate::store::{Store, StoreError, Tenant, Transaction, settings};

/// The pace of telling.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How often the database is asked.
    pub nap: Duration,
    /// How long a receiver may take.
    pub patience: Duration,
    /// The pause after the first failure.
    pub first_pause: Duration,
    /// The longest pause.
    pub last_pause: Duration,
    /// For how long a receiver may fail before it is switched off.
    pub give_up: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            nap: Duration::from_secs(2),
            patience: Duration::from_secs(15),
            first_pause: Duration::from_secs(10),
            last_pause: Duration::from_secs(6 * 60 * 60),
            give_up: Duration::from_secs(5 * 24 * 60 * 60),
        }
    }
}

/// How many subscriptions are looked at in one go.
const LOT: u32 = 100;

/// How many receivers are told at once: a slow one holds up no other.
const AT_ONCE: usize = 8;

impl Pace {
    /// The pause before the next try.
    fn pause(&self, failures: u64) -> Duration {
        let doubled = u32::try_from(failures).unwrap_or(u32::MAX).min(20);
        self.first_pause
            .saturating_mul(2_u32.saturating_pow(doubled))
            .min(self.last_pause)
    }

    /// For how long a try keeps others off: longer than it can take.
    fn hold(&self) -> Duration {
        self.patience.saturating_mul(4)
    }
}

/// Tells until `stop` turns true; what is under way is waited for.
pub async fn tell_for_ever(
    store: Store,
    http: HttpClient,
    pace: Pace,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        if let Err(error) = round(&store, &http, &pace).await {
            tracing::error!(%error, "the database did not give or take webhooks");
        }
        tokio::select! {
            () = tokio::time::sleep(pace.nap) => {}
            changed = stop.changed() => if changed.is_err() || *stop.borrow() { return },
        }
    }
}

async fn round(store: &Store, http: &HttpClient, pace: &Pace) -> Result<(), StoreError> {
    let owed = webhook::owed(store.database(), LOT).await?;
    let mut tries = futures::stream::iter(owed)
        .map(|owed| async move {
            let tenant = store.tenant(&owed.webhook.tenant);
            try_to_tell(&tenant, http, pace, &owed).await
        })
        .buffer_unordered(AT_ONCE);
    while let Some(tried) = tries.next().await {
        tried?;
    }
    Ok(())
}

async fn try_to_tell(
    tenant: &Tenant,
    http: &HttpClient,
    pace: &Pace,
    owed: &Owed,
) -> Result<(), StoreError> {
    let Owed { webhook, reached } = owed;
    let mut transaction = tenant.begin().await?;
    let id = &webhook.id;
    let is_ours = webhook::begin_try(&mut transaction, id, webhook.tries, pace.hold()).await?;
    let secrets = webhook::secrets(&mut transaction, id).await?;
    let now = transaction.now().await?;
    transaction.commit().await?;
    if !is_ours {
        return Ok(());
    }
    let message = Message::new(id, *reached);
    let timestamp = now.microseconds.div_euclid(1_000_000);
    let signatures = message.signatures(&secrets, timestamp);
    let answered = send(http, pace, webhook, message, timestamp, &signatures).await;
    let mut transaction = tenant.begin().await?;
    match answered {
        Ok(200..=299) => webhook::note_told(&mut transaction, id, *reached).await?,
        answered => {
            let error = match answered {
                Ok(status) => format!("it answered {status}"),
                Err(why) => why.to_owned(),
            };
            tracing::warn!(webhook = id, error, "a webhook was not taken");
            let pause = pace.pause(webhook.failures);
            webhook::note_failed(&mut transaction, id, &error, pause).await?;
            if answered == Ok(410) || has_failed_long(webhook, now, pace) {
                webhook::switch_off(&mut transaction, id).await?;
                notice(&mut transaction, webhook, &error).await?;
            }
        }
    }
    transaction.commit().await
}

fn has_failed_long(webhook: &Webhook, now: Instant, pace: &Pace) -> bool {
    webhook.failing_since.is_some_and(|since| {
        let failing = now.microseconds.saturating_sub(since.microseconds);
        u128::try_from(failing).is_ok_and(|failing| failing >= pace.give_up.as_micros())
    })
}

/// The status of the answer, or why there is none.
async fn send(
    http: &HttpClient,
    pace: &Pace,
    webhook: &Webhook,
    message: Message,
    timestamp: i64,
    signatures: &str,
) -> Result<u16, &'static str> {
    let url = Url::parse(&webhook.url).map_err(|_| "its address is none")?;
    let text = |value: &str| HeaderValue::try_from(value).map_err(|_| "it cannot be signed");
    let headers = HeaderMap::from_iter([
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (USER_AGENT, HeaderValue::from_static("tandem")),
        (HeaderName::from_static("webhook-id"), text(&message.id)?),
        (
            HeaderName::from_static("webhook-timestamp"),
            timestamp.into(),
        ),
        (
            HeaderName::from_static("webhook-signature"),
            text(signatures)?,
        ),
    ]);
    let body = Bytes::from(message.body);
    http.post_message(&url, headers, body, pace.patience).await
}

/// Tells the notification addresses that a subscription was switched off.
async fn notice(
    transaction: &mut Transaction,
    webhook: &Webhook,
    error: &str,
) -> Result<(), StoreError> {
    let stored = settings::get(&mut *transaction).await?.settings;
    let host = Url::parse(&webhook.url).ok();
    let host = host.as_ref().and_then(Url::host_str).unwrap_or("(none)");
    let to_do = format!(
        "see that the receiver answers with a 2xx, then switch it on again with PATCH \
         /api/v1/webhooks/{} and {{\"active\": true}}",
        webhook.id
    );
    let letter = Letter {
        subject: format!("Tandem no longer calls the webhook at {host}"),
        lead: format!("The webhook {} at {host} was switched off.", webhook.id),
        facts: vec![
            Fact::new("What came back", error),
            Fact::new("In a row", format!("{} times", webhook.failures + 1)),
            Fact::new("What to do", to_do),
        ],
        more: vec![
            "Nothing is lost: the receiver is then told of everything that changed meanwhile."
                .to_owned(),
        ],
        links: Vec::new(),
        reason: HEARS_OF_ERRORS,
    };
    let to = stored.map_or_else(Vec::new, |settings| settings.error_addresses);
    let cause = format!("webhook-switched-off/{}", webhook.id);
    mail::write(transaction, &letter.into_mail(to, Some(cause))).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_six_hours_and_end_there() {
        let seconds = |failures| Pace::default().pause(failures).as_secs();
        assert_eq!(
            [0, 1, 2, 11, 12, 1_000].map(seconds),
            [10, 20, 40, 20_480, 21_600, 21_600]
        );
    }
}
