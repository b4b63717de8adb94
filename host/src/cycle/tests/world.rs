//! One technician of the demo, with every clock in the test's hand.

use std::path::Path;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use exchange::{Behaviour, Draft, Effect, Fault, Operations, Outlook, Zone};

use crate::contract::{
    Appointment, ExchangeId, Instant, ItemKind, Link, MailboxId, PsaId, PsaReference, Span,
    TimedSpan,
};
use crate::cycle::{self, CycleError, CycleReport, Options};
use crate::demo::Demo;
use crate::host::LEASE;
use crate::psa::appointment::{self, AppointmentRecord, Edit};
use crate::runtime::Clock;
use crate::store::history::{self, Entry};
use crate::store::look_again::{self, LookAgain};
use crate::store::mailbox::{self, MailboxRecord};
use crate::store::statement::sql;
use crate::store::{Tenant, link};

/// When a world begins.
const BEGINNING: &str = "2026-11-23T08:00:00Z";

pub struct World {
    demo: Demo,
    pub tenant: Tenant,
    pub mailbox: MailboxId,
    now: DateTime<Utc>,
}

impl World {
    /// Everything that the demo begins with is synchronised.
    pub async fn settled() -> Self {
        let now: DateTime<Utc> = BEGINNING.parse().unwrap();
        let web = "127.0.0.1:0".parse().unwrap();
        let compiled = Path::new(env!("OUT_DIR")).join("compiled-for-tests");
        let demo = Demo::start_with(Some(now), web, Some(compiled))
            .await
            .unwrap();
        let tenant = demo.host.store.tenant(&demo.tenant);
        let address = demo.people[0].address;
        let record = mailbox::of_address(&tenant, address).await.unwrap();
        let mut world = Self {
            mailbox: record.unwrap().mailbox.id,
            demo,
            tenant,
            now,
        };
        world.pass(TimeDelta::zero());
        world.cycle().await.unwrap();
        world.demo.model.reset_counters();
        world
    }

    /// Lets time pass, on all clocks.
    pub fn pass(&mut self, by: TimeDelta) {
        self.now += by;
        let instant = self.instant();
        self.demo.model.set_now(self.now);
        self.demo.host.clock = Clock::Fixed(instant);
        self.demo.host.store.database().stand_at(instant);
    }

    pub fn instant(&self) -> Instant {
        Instant {
            microseconds: self.now.timestamp_micros(),
        }
    }

    /// A stretch of time tomorrow, so many hours after this one.
    pub fn span(&self, hours: i64) -> Span {
        let at = |time: DateTime<Utc>| Instant {
            microseconds: time.timestamp_micros(),
        };
        let start = self.now + TimeDelta::days(1) + TimeDelta::hours(hours);
        Span::Timed(TimedSpan {
            start: at(start),
            end: at(start + TimeDelta::minutes(30)),
        })
    }

    /// Makes an appointment in the PSA.
    pub async fn plan(&self, title: &str) -> PsaReference {
        let fields = Appointment {
            title: title.to_owned(),
            description: String::new(),
            span: self.span(1),
            private: false,
            free: false,
            recurring: false,
            not_answered: false,
        };
        let owner = PsaId {
            value: self.demo.people[0].id.to_owned(),
        };
        let mut transaction = self.tenant.begin().await.unwrap();
        let made = appointment::create(&mut transaction, &owner, &fields).await;
        transaction.commit().await.unwrap();
        PsaReference {
            kind: ItemKind::Appointment,
            id: made.unwrap().id,
        }
    }

    /// Moves an appointment in the PSA.
    pub async fn reschedule(&self, reference: &PsaReference, hours: i64) {
        let edit = Edit {
            span: Some(self.span(hours)),
            ..Edit::default()
        };
        self.edit(reference, &edit).await;
    }

    /// Edits an appointment in the PSA.
    pub async fn edit(&self, reference: &PsaReference, edit: &Edit) {
        let known = self.row(reference).await;
        let mut transaction = self.tenant.begin().await.unwrap();
        let edited = appointment::edit(&mut transaction, &reference.id, known.version, edit);
        edited.await.unwrap();
        transaction.commit().await.unwrap();
    }

    /// Deletes an appointment in the PSA.
    pub async fn delete(&self, reference: &PsaReference) {
        let known = self.row(reference).await;
        let mut transaction = self.tenant.begin().await.unwrap();
        let deleted = appointment::delete(&mut transaction, &reference.id, known.version);
        deleted.await.unwrap();
        transaction.commit().await.unwrap();
    }

    /// An appointment as it stands in the PSA.
    pub async fn row(&self, reference: &PsaReference) -> AppointmentRecord {
        appointment::get(&self.tenant, &reference.id).await.unwrap()
    }

    /// Loses all links, as if somebody had emptied their table.
    pub async fn lose_links(&self) {
        let mut transaction = self.tenant.begin().await.unwrap();
        let all = sql!("DELETE FROM link WHERE tenant = $1", self.tenant.id());
        transaction.execute(all).await.unwrap();
        transaction.commit().await.unwrap();
    }

    /// Lets the mailbox's row count other links than there are, as if somebody had put some back.
    pub async fn miscount_links(&self, by: i64) {
        let mut transaction = self.tenant.begin().await.unwrap();
        let other = sql!(
            "UPDATE mailbox SET links = links + $2 WHERE tenant = $1",
            self.tenant.id(),
            by
        );
        transaction.execute(other).await.unwrap();
        transaction.commit().await.unwrap();
    }

    /// Writes an item in Outlook.
    pub fn book(&self, subject: &str) -> String {
        self.outlook().create(&self.draft(subject)).unwrap()
    }

    /// What somebody would type into Outlook, for two days from now.
    pub fn draft(&self, subject: &str) -> Draft {
        let zone = Zone::parse(self.demo.people[0].zone).unwrap();
        let start = self.draft_start();
        Draft::new(subject, start, start + TimeDelta::minutes(45), &zone)
    }

    /// The wall time at which a draft begins.
    pub fn draft_start(&self) -> NaiveDateTime {
        self.now.naive_utc() + TimeDelta::days(2)
    }

    pub fn outlook(&self) -> Outlook {
        self.demo.model.person(self.demo.people[0].address)
    }

    /// Refuses so many requests with this method and status.
    pub fn refuse(&self, method: &str, status: u16, times: u32) {
        let effect = Effect::Status {
            status,
            code: None,
            retry_after: None,
        };
        self.spoil(method, effect, times);
    }

    /// Refuses all requests whose path has this in it, with a status.
    pub fn refuse_path(&self, part: &str, status: u16) {
        let effect = Effect::Status {
            status,
            code: None,
            retry_after: None,
        };
        let fault = Fault::next(effect).path(part).times(0);
        self.demo.model.add_fault(fault);
    }

    /// Answers so many requests, and no further one.
    pub fn fail_after(&self, requests: u32) {
        let effect = Effect::Status {
            status: 503,
            code: None,
            retry_after: None,
        };
        let fault = Fault::next(effect).path("/users").after(requests).times(0);
        self.demo.model.add_fault(fault);
    }

    /// Answers no question about an item for which this is the id, as if it were damaged.
    pub fn damage(&self, id: &str) {
        let effect = Effect::Status {
            status: 500,
            code: Some("ErrorItemCorrupt".to_owned()),
            retry_after: None,
        };
        // An address writes the padding in another way.
        let id = id.trim_end_matches('=');
        let fault = Fault::next(effect).method("GET").path(id).times(0);
        self.demo.model.add_fault(fault);
    }

    /// Carries out so many requests with this method and answers that they failed.
    pub fn deny(&self, method: &str, status: u16, times: u32) {
        let effect = Effect::StatusAfter {
            status,
            code: None,
            retry_after: None,
        };
        self.spoil(method, effect, times);
    }

    fn spoil(&self, method: &str, effect: Effect, times: u32) {
        let fault = Fault::next(effect).method(method).times(times);
        // Tokens are asked for by POST, too.
        self.demo.model.add_fault(match method {
            "POST" => fault.path("/events"),
            _ => fault,
        });
    }

    /// Lets the next round tell of nothing, as if nothing had happened.
    pub fn keep_silent(&self) {
        let fault = Fault::next(Effect::EmptyPage).path("/calendarView/delta");
        self.demo.model.add_fault(fault);
    }

    /// Makes a cycle one that was cut off after its writes to the PSA.
    pub async fn cut_off(&self, cycle: &str) {
        let mut transaction = self.tenant.begin().await.unwrap();
        let cut = sql!(
            "UPDATE cycle_run SET finished = NULL WHERE tenant = $1 AND id = $2",
            self.tenant.id(),
            cycle
        );
        transaction.execute(cut).await.unwrap();
        transaction.commit().await.unwrap();
    }

    /// Lets the server forget where the last round ended.
    pub fn lose_cursor(&self) {
        let effect = Effect::Status {
            status: 410,
            code: Some("SyncStateNotFound".to_owned()),
            retry_after: None,
        };
        let fault = Fault::next(effect).path("/calendarView/delta");
        self.demo.model.add_fault(fault);
    }

    /// Lets searches for markers find nothing, so that a full read lists the ids of all items.
    pub fn hide_markers(&self) {
        self.demo.model.set_behaviour(Behaviour {
            property_filter_finds_nothing: true,
            ..self.demo.model.behaviour()
        });
    }

    pub fn no_faults(&self) {
        self.demo.model.clear_faults();
    }

    /// What Exchange was asked to write.
    pub fn operations(&self) -> Operations {
        self.demo.model.counters().operations
    }

    pub async fn cycle(&self) -> Result<CycleReport, CycleError> {
        self.cycle_as(Options::default()).await
    }

    pub async fn cycle_as(&self, options: Options) -> Result<CycleReport, CycleError> {
        let host = &self.demo.host;
        let leases = host.store.leases();
        let lease = leases
            .one(self.tenant.id(), &self.mailbox, &host.owner, LEASE)
            .await
            .unwrap()
            .unwrap();
        cycle::run(host, lease, options).await
    }

    /// A cycle that comes to its end, and its writes: in the PSA, at Exchange, and failures.
    pub async fn writes(&self) -> (u64, u64, u64) {
        let counts = self.cycle().await.unwrap().counts;
        (counts.psa_writes, counts.exchange_writes, counts.failed)
    }

    pub async fn record(&self) -> MailboxRecord {
        mailbox::get(&self.tenant, &self.mailbox).await.unwrap()
    }

    pub async fn link_of(&self, reference: &PsaReference) -> Link {
        let one = std::slice::from_ref(reference);
        let mut links = link::by_psa(&self.tenant, &self.mailbox, one)
            .await
            .unwrap();
        links.remove(0)
    }

    /// What the history says of an item of Exchange, the oldest first.
    pub async fn told_of(&self, id: &str) -> Vec<Entry> {
        let id = ExchangeId {
            value: id.to_owned(),
        };
        history::of_exchange(&self.tenant, &id).await.unwrap()
    }

    pub async fn outcomes_of(&self, id: &str) -> Vec<String> {
        let told = self.told_of(id).await.into_iter();
        told.map(|entry| entry.outcome).collect()
    }

    pub async fn waiting(&self) -> Vec<LookAgain> {
        look_again::list(&self.tenant, &self.mailbox).await.unwrap()
    }

    /// What the history says of a PSA item, the oldest first.
    pub async fn told(&self, reference: &PsaReference) -> Vec<Entry> {
        history::of_psa(&self.tenant, reference).await.unwrap()
    }

    pub async fn outcomes(&self, reference: &PsaReference) -> Vec<String> {
        let told = self.told(reference).await.into_iter();
        told.map(|entry| entry.outcome).collect()
    }
}
