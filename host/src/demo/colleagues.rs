//! What colleagues do while the demo runs: now and then one of them makes, moves, rewrites or
//! deletes something, in the PSA or in Outlook. All of it is drawn from a seed.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use exchange::{Draft, Exchange, Zone};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::Person;
use super::seed::timed;
use crate::contract::{Appointment, PsaId, Side};
use crate::psa::appointment::{self, AppointmentRecord, Edit, Search};
use crate::store::{StoreError, Tenant};

/// Both sides, and who works there.
pub struct Colleagues {
    /// Exchange.
    pub model: Exchange,
    /// The PSA.
    pub tenant: Tenant,
    /// Everybody.
    pub people: Vec<Person>,
}

const SUBJECTS: [&str; 6] = [
    "Call back, Möwe Hotels",
    "Firmware update",
    "Quote for new laptops",
    "Handover",
    "Coffee with the new colleague",
    "Backup test",
];

/// Lets colleagues work until the task is dropped.
pub async fn edit_for_ever(colleagues: Colleagues, seed: u64, pace: Duration) {
    let mut chance = StdRng::seed_from_u64(seed);
    loop {
        tokio::time::sleep(pace).await;
        if let Err(error) = colleagues.edit(&mut chance).await {
            tracing::warn!(error, "a colleague could not do what was drawn");
        }
    }
}

impl Colleagues {
    async fn edit(&self, chance: &mut StdRng) -> Result<(), String> {
        let Some(person) = pick(&self.people, chance) else {
            return Ok(());
        };
        if chance.random_bool(0.5) {
            self.in_outlook(person, chance)
                .map_err(|error| error.to_string())
        } else {
            self.in_the_psa(person, chance)
                .await
                .map_err(|error| error.to_string())
        }
    }

    fn in_outlook(&self, person: &Person, chance: &mut StdRng) -> Result<(), exchange::WriteError> {
        let outlook = self.model.person(person.address);
        let events = outlook.events()?;
        let event = pick(&events, chance);
        match (chance.random_range(0..4), event) {
            (0, Some(event)) => {
                let by = TimeDelta::minutes(30);
                let content = &event.content;
                if content.all_day || event.calendar.is_none() {
                    return Ok(());
                }
                let moved = Draft::to(
                    content.start.wall + by,
                    content.end.wall + by,
                    &content.start.zone,
                );
                tracing::info!(
                    person = person.name,
                    subject = content.subject,
                    "moved in Outlook"
                );
                outlook.update(&event.id, &moved)
            }
            (1, Some(event)) if event.calendar.is_some() && events.len() > 8 => {
                tracing::info!(
                    person = person.name,
                    subject = event.content.subject,
                    "deleted in Outlook"
                );
                outlook.delete(&event.id)
            }
            _ => {
                let Some(zone) = Zone::parse(person.zone) else {
                    return Ok(());
                };
                let start = soon(self.model.now(), chance).naive_utc();
                let subject = pick(&SUBJECTS, chance).copied().unwrap_or_default();
                let draft = Draft::new(subject, start, start + TimeDelta::minutes(30), &zone);
                tracing::info!(person = person.name, subject, "made in Outlook");
                outlook.create(&draft).map(|_| ())
            }
        }
    }

    async fn in_the_psa(&self, person: &Person, chance: &mut StdRng) -> Result<(), StoreError> {
        let owner = PsaId {
            value: person.id.to_owned(),
        };
        let search = Search {
            resource: Some(owner.clone()),
            limit: 100,
            ..Search::default()
        };
        let records = appointment::list(&self.tenant, &search).await?;
        let record: Option<&AppointmentRecord> = pick(&records, chance);
        let mut transaction = self.tenant.begin().await?;
        match (chance.random_range(0..4), record) {
            (0, Some(record)) => {
                let now = transaction.now().await?;
                let now = DateTime::from_timestamp_micros(now.microseconds).unwrap_or_default();
                let start = soon(now, chance);
                let edit = Edit {
                    span: Some(timed(start, start + TimeDelta::minutes(45))),
                    ..Edit::default()
                };
                appointment::edit(&mut transaction, &record.id, record.version, &edit).await?;
                tracing::info!(person = person.name, "moved in the PSA");
            }
            (1, Some(record)) if records.len() > 10 && record.origin == Side::Psa => {
                appointment::delete(&mut transaction, &record.id, record.version).await?;
                tracing::info!(person = person.name, "deleted in the PSA");
            }
            _ => {
                let now = transaction.now().await?;
                let now = DateTime::from_timestamp_micros(now.microseconds).unwrap_or_default();
                let start = soon(now, chance);
                let title = pick(&SUBJECTS, chance).copied().unwrap_or_default();
                let fields = Appointment {
                    title: title.to_owned(),
                    description: String::new(),
                    span: timed(start, start + TimeDelta::hours(1)),
                    private: false,
                    free: false,
                    recurring: false,
                    not_answered: false,
                };
                appointment::create(&mut transaction, &owner, &fields).await?;
                tracing::info!(person = person.name, title, "made in the PSA");
            }
        }
        transaction.commit().await
    }
}

fn pick<'a, T>(all: &'a [T], chance: &mut StdRng) -> Option<&'a T> {
    if all.is_empty() {
        None
    } else {
        all.get(chance.random_range(0..all.len()))
    }
}

/// A full hour within the next days.
fn soon(now: DateTime<Utc>, chance: &mut StdRng) -> DateTime<Utc> {
    let hours = chance.random_range(2..200);
    let time = now + TimeDelta::hours(hours);
    time.with_minute(0)
        .and_then(|time| time.with_second(0))
        .and_then(|time| time.with_nanosecond(0))
        .unwrap_or(time)
}
