//! Sends what stands in the database, and tries again until it was taken.
//!
//! A mail that the server did not take is tried again after 2, 4, 8, … minutes, and from then on
//! every hour; it is never given up. A try is begun in the database before the server hears of it,
//! so that of several hosts one sends it. A host that dies between the server's word and the commit
//! leaves a mail that is sent twice, with the same Message-ID: rather twice than never.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::smtp::Smtp;
use crate::store::mail::{self, Mail};
use crate::store::{Store, StoreError};

/// The pace of sending.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How often the database is asked.
    pub nap: Duration,
    /// The pause after the first failure. Longer than one try can take, or another host would try
    /// meanwhile.
    pub first_pause: Duration,
    /// The longest pause.
    pub last_pause: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            nap: Duration::from_secs(5),
            first_pause: Duration::from_secs(2 * 60),
            last_pause: Duration::from_secs(60 * 60),
        }
    }
}

/// How many mails are looked at at once, those that failed least first.
const LOT: u32 = 500;

/// When which mail may be tried, by what was seen of it: the number of its failures. A host that
/// did not see a mail fail pauses from when it first saw it.
#[derive(Debug, Default)]
struct Pauses(HashMap<String, (u64, Instant)>);

impl Pauses {
    fn is_due(&mut self, mail: &Mail, pace: &Pace, now: Instant) -> bool {
        let known = self.0.get(&mail.id);
        let due = match known {
            Some((failures, due)) if *failures == mail.failures => *due,
            _ => {
                let due = now + pace.pause(mail.failures);
                self.0.insert(mail.id.clone(), (mail.failures, due));
                due
            }
        };
        due <= now
    }

    /// Forgets mails that are no longer there.
    fn keep_only(&mut self, mails: &[Mail]) {
        self.0
            .retain(|id, _| mails.iter().any(|mail| mail.id == *id));
    }
}

impl Pace {
    /// None before the first try, then growing.
    fn pause(&self, failures: u64) -> Duration {
        if failures == 0 {
            return Duration::ZERO;
        }
        let doubled = u32::try_from(failures - 1).unwrap_or(u32::MAX).min(16);
        self.first_pause
            .saturating_mul(2_u32.saturating_pow(doubled))
            .min(self.last_pause)
    }
}

/// Sends until `stop` turns true; a mail under way is waited for.
pub async fn send_for_ever(store: Store, smtp: Smtp, pace: Pace, mut stop: watch::Receiver<bool>) {
    let mut pauses = Pauses::default();
    loop {
        if let Err(error) = round(&store, &smtp, &pace, &mut pauses, &stop).await {
            tracing::error!(%error, "the database did not give or take mails");
        }
        tokio::select! {
            () = tokio::time::sleep(pace.nap) => {}
            changed = stop.changed() => if changed.is_err() || *stop.borrow() { return },
        }
    }
}

async fn round(
    store: &Store,
    smtp: &Smtp,
    pace: &Pace,
    pauses: &mut Pauses,
    stop: &watch::Receiver<bool>,
) -> Result<(), StoreError> {
    let mails = mail::unsent(store.database(), LOT).await?;
    pauses.keep_only(&mails);
    for mail in &mails {
        if *stop.borrow() {
            break;
        }
        if pauses.is_due(mail, pace, Instant::now()) {
            try_to_send(store, smtp, pace, mail).await?;
        }
    }
    Ok(())
}

async fn try_to_send(
    store: &Store,
    smtp: &Smtp,
    pace: &Pace,
    mail: &Mail,
) -> Result<(), StoreError> {
    let tenant = store.tenant(&mail.tenant);
    let mut transaction = tenant.begin().await?;
    let is_ours = mail::begin_try(&mut transaction, &mail.id, mail.failures).await?;
    transaction.commit().await?;
    if !is_ours {
        return Ok(());
    }
    let sent = smtp.send(mail).await;
    let mut transaction = tenant.begin().await?;
    match sent {
        Ok(()) => mail::mark_sent(&mut transaction, &mail.id).await?,
        Err(error) => {
            let pause = pace.pause(mail.failures + 1).as_secs();
            tracing::warn!(mail = mail.id, %error, "a mail was not taken; again in {pause} s");
            mail::mark_failed(&mut transaction, &mail.id, &error.to_string()).await?;
        }
    }
    transaction.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour_and_end_there() {
        let minutes = |failures| Pace::default().pause(failures).as_secs() / 60;
        assert_eq!(
            [0, 1, 2, 3, 6, 7, 1_000].map(minutes),
            [0, 2, 4, 8, 60, 60, 60]
        );
    }

    #[test]
    fn a_mail_that_failed_elsewhere_is_not_tried_at_once() {
        let (mut pauses, pace) = (Pauses::default(), Pace::default());
        let now = Instant::now();
        let mail = |failures| Mail {
            id: "1".into(),
            tenant: crate::contract::TenantId {
                value: "acme".into(),
            },
            to: vec!["a@example.com".into()],
            subject: String::new(),
            text: String::new(),
            html: None,
            cause: None,
            created: crate::contract::Instant { microseconds: 0 },
            sent: None,
            failures,
            error: None,
        };
        assert!(pauses.is_due(&mail(0), &pace, now));
        assert!(!pauses.is_due(&mail(1), &pace, now));
        assert!(!pauses.is_due(&mail(1), &pace, now + Duration::from_secs(119)));
        assert!(pauses.is_due(&mail(1), &pace, now + Duration::from_secs(120)));
        pauses.keep_only(&[]);
        assert!(pauses.0.is_empty());
    }
}
