//! A technician at work on both sides, and the cycles of the technician's mailbox.

use chrono::{DateTime, NaiveDateTime, TimeDelta};
use exchange::{Content, Draft, Found, Outlook, Zone};
use tandem::contract::{Appointment, PsaId, PsaReference, Rule, Span};
use tandem::cycle::{self, CycleError, CycleReport, Options};
use tandem::psa::appointment::{self, AppointmentRecord, Edit, Search};
use tandem::store::history::{self, Entry};
use tandem::store::look_again;
use tandem::store::mailbox::{self, MailboxRecord};

use crate::record::plain;
use crate::time::{all_day, between, day, wall};
use crate::{Embedded, Technician, World};

/// What one technician sees and does.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    pub(crate) world: &'a World,
    /// Who sits here.
    pub technician: &'a Technician,
}

/// More cycles than this to come to rest are a war.
const PATIENCE: usize = 8;

impl Desk<'_> {
    // The PSA.

    fn owner(&self) -> PsaId {
        PsaId {
            value: self.technician.id.clone(),
        }
    }

    /// Makes an appointment in the PSA.
    pub async fn plan(&self, title: &str, span: Span) -> PsaId {
        self.plan_all(&[plain(title, span)]).await.remove(0)
    }

    /// Makes appointments in the PSA, all at once.
    pub async fn plan_all(&self, all: &[Appointment]) -> Vec<PsaId> {
        let mut transaction = self.world.tenant.begin().await.unwrap();
        let mut made = Vec::new();
        for fields in all {
            let record = appointment::create(&mut transaction, &self.owner(), fields).await;
            made.push(record.unwrap().id);
        }
        transaction.commit().await.unwrap();
        made
    }

    /// Changes an appointment in the PSA.
    pub async fn edit(&self, id: &PsaId, edit: Edit) {
        let mut transaction = self.world.tenant.begin().await.unwrap();
        let known = appointment::get(&mut transaction, id).await.unwrap();
        appointment::edit(&mut transaction, id, known.version, &edit)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
    }

    /// Moves an appointment in the PSA.
    pub async fn reschedule(&self, id: &PsaId, span: Span) {
        let edit = Edit {
            span: Some(span),
            ..Edit::default()
        };
        self.edit(id, edit).await;
    }

    /// Deletes appointments in the PSA.
    pub async fn strike(&self, ids: &[PsaId]) {
        let mut transaction = self.world.tenant.begin().await.unwrap();
        for id in ids {
            let known = appointment::get(&mut transaction, id).await.unwrap();
            appointment::delete(&mut transaction, id, known.version)
                .await
                .unwrap();
        }
        transaction.commit().await.unwrap();
    }

    /// An appointment of the PSA, deleted or not.
    pub async fn record(&self, id: &PsaId) -> AppointmentRecord {
        appointment::get(&self.world.tenant, id).await.unwrap()
    }

    /// All appointments in the PSA that are not deleted.
    pub async fn records(&self) -> Vec<AppointmentRecord> {
        let search = Search {
            resource: Some(self.owner()),
            limit: 10_000,
            ..Search::default()
        };
        appointment::list(&self.world.tenant, &search)
            .await
            .unwrap()
    }

    /// The only one in the PSA.
    pub async fn only_record(&self) -> AppointmentRecord {
        let mut all = self.records().await;
        assert_eq!(all.len(), 1, "{all:#?}");
        all.remove(0)
    }

    // Exchange.

    /// Outlook, opened by the technician.
    #[must_use]
    pub fn outlook(&self) -> Outlook {
        self.world.exchange.person(&self.technician.address)
    }

    /// The mailbox's zone.
    #[must_use]
    pub fn zone(&self) -> Zone {
        Zone::parse(&self.technician.zone).unwrap()
    }

    /// An item to be written, by the wall clock of the mailbox.
    #[must_use]
    pub fn draft(&self, subject: &str, start: &str, minutes: i64) -> Draft {
        let start: NaiveDateTime = wall(start);
        Draft::new(
            subject,
            start,
            start + TimeDelta::minutes(minutes),
            &self.zone(),
        )
    }

    /// Writes an item in Outlook and gives its id.
    #[must_use]
    pub fn book(&self, subject: &str, start: &str, minutes: i64) -> String {
        let draft = self.draft(subject, start, minutes);
        self.outlook().create(&draft).unwrap()
    }

    /// Writes an all-day item in Outlook and gives its id.
    #[must_use]
    pub fn book_days(&self, subject: &str, first: &str, count: i64) -> String {
        let (first, after) = (day(first), day(first) + TimeDelta::days(count));
        let draft = Draft::all_day(subject, first, after, &self.zone());
        self.outlook().create(&draft).unwrap()
    }

    /// Moves an item in Outlook.
    pub fn drag(&self, id: &str, start: &str, minutes: i64) {
        let start = wall(start);
        let draft = Draft::to(start, start + TimeDelta::minutes(minutes), &self.zone());
        self.outlook().update(id, &draft).unwrap();
    }

    /// Moves an all-day item in Outlook.
    pub fn drag_days(&self, id: &str, first: &str, count: i64) {
        let (first, after) = (day(first), day(first) + TimeDelta::days(count));
        let draft = Draft {
            subject: None,
            ..Draft::all_day("", first, after, &self.zone())
        };
        self.outlook().update(id, &draft).unwrap();
    }

    /// An item of the mailbox.
    #[must_use]
    pub fn item(&self, id: &str) -> Found {
        self.outlook().event(id).unwrap()
    }

    /// What the provider calls the item, occurrence or contact that Outlook knows by this id. With EWS it
    /// is called otherwise after each move.
    #[must_use]
    pub fn name_of(&self, id: &str) -> String {
        match self.world.on.provider {
            Embedded::Graph => id.to_owned(),
            Embedded::Ews => self.outlook().ews_id(id).unwrap(),
        }
    }

    /// How many rows of the PSA a cycle writes because so many of their items were moved to another
    /// calendar and back. With EWS that gives an item another id, which its row is to name.
    #[must_use]
    pub const fn rows_that_name_anew(&self, items: u64) -> u64 {
        match self.world.on.provider {
            Embedded::Graph => 0,
            Embedded::Ews => items,
        }
    }

    /// Everything in the default calendar.
    #[must_use]
    pub fn calendar(&self) -> Vec<Found> {
        let all = self.outlook().events().unwrap();
        all.into_iter()
            .filter(|found| found.calendar.as_deref() == Some("Calendar"))
            .collect()
    }

    /// The only item in the default calendar.
    #[must_use]
    pub fn only_item(&self) -> Found {
        let mut all = self.calendar();
        assert_eq!(all.len(), 1, "{all:#?}");
        all.remove(0)
    }

    /// When an item takes place, as the PSA would say it.
    #[must_use]
    pub fn span_of(&self, found: &Found) -> Span {
        content_span(&found.content)
    }

    /// When the occurrence takes place that the rule puts at a wall time of the series' zone.
    #[must_use]
    pub fn occurrence_span(&self, master: &str, original: NaiveDateTime) -> Span {
        let (from, to) = (
            DateTime::UNIX_EPOCH,
            original.and_utc() + TimeDelta::days(400),
        );
        let all = self.outlook().occurrences(master, from, to).unwrap();
        let found = all.into_iter().find(|found| found.original == original);
        content_span(&found.expect("there is such an occurrence").content)
    }

    // Cycles.

    /// The mailbox as the host knows it.
    pub async fn mailbox(&self) -> MailboxRecord {
        mailbox::of_address(&self.world.tenant, &self.technician.address)
            .await
            .unwrap()
            .unwrap()
    }

    /// A cycle that may fail.
    ///
    /// # Errors
    /// Why it did.
    pub async fn try_cycle(&self, options: Options) -> Result<CycleReport, CycleError> {
        let host = &self.world.host;
        let lease = cycle::lease::take(host, &self.mailbox().await, options)
            .await
            .unwrap()
            .expect("the mailbox is free");
        cycle::run(host, lease, options).await
    }

    /// Has all copies removed that Tandem made.
    pub async fn remove_copies(&self) -> CycleReport {
        let removing = Options {
            removing: true,
            ..Options::default()
        };
        self.try_cycle(removing).await.unwrap()
    }

    /// Has told which copies that would remove.
    pub async fn preview_removal(&self) -> CycleReport {
        let preview = Options {
            removing: true,
            dry_run: true,
            ..Options::default()
        };
        self.try_cycle(preview).await.unwrap()
    }

    /// Has the last cycle that wrote something undone, or told what that would do.
    pub async fn undo(&self, dry_run: bool) -> CycleReport {
        let mailbox = self.mailbox().await.mailbox.id;
        let last = cycle::undo::last(&self.world.tenant, &mailbox)
            .await
            .unwrap();
        let undoing = Options {
            undoing: Some(last.expect("a cycle wrote something").id.parse().unwrap()),
            dry_run,
            ..Options::default()
        };
        self.try_cycle(undoing).await.unwrap()
    }

    /// A cycle.
    pub async fn cycle(&self) -> CycleReport {
        self.try_cycle(Options::default()).await.unwrap()
    }

    /// A cycle that makes exactly so many writes in the PSA and at Exchange, and the one after it
    /// none.
    pub async fn cycle_writes(&self, psa: u64, exchange: u64) -> CycleReport {
        let report = self.cycle().await;
        let counts = report.counts;
        assert_eq!(
            (counts.psa_writes, counts.exchange_writes, counts.failed),
            (psa, exchange, 0),
            "writes to PSA and Exchange, failures; history: {:#?}",
            self.history_of(&report).await
        );
        self.is_at_rest().await;
        report
    }

    /// A cycle over unchanged data writes nothing, on either side, and asks no more than twice.
    ///
    /// Graph's rounds tell items with all that they say, those of EWS tell ids: there the first cycle after
    /// a write reads what was written, and the one after it is the idle one.
    pub async fn is_at_rest(&self) {
        if self.world.on.provider == Embedded::Ews {
            self.writes_nothing().await;
        }
        let requests = self.writes_nothing().await;
        assert!(requests <= 2, "{requests} requests");
    }

    /// A cycle writes nothing, on either side; how often it asked.
    async fn writes_nothing(&self) -> u64 {
        let before = (self.world.writes_at_exchange(), self.records().await);
        let report = self.cycle().await;
        let counts = report.counts;
        assert_eq!(
            (counts.psa_writes, counts.exchange_writes, counts.failed),
            (0, 0, 0),
            "it is not at rest: {:#?}",
            self.history_of(&report).await
        );
        assert_eq!(
            before,
            (self.world.writes_at_exchange(), self.records().await),
            "the counts are not true"
        );
        counts.requests
    }

    /// Cycles until nothing is left to do, whatever fails on the way.
    pub async fn comes_to_rest(&self) {
        for _ in 0..PATIENCE {
            if let Ok(report) = self.try_cycle(Options::default()).await
                && report.counts.psa_writes == 0
                && report.counts.exchange_writes == 0
                && report.counts.failed == 0
            {
                return self.is_at_rest().await;
            }
        }
        let report = self.try_cycle(Options::default()).await;
        panic!("it never comes to rest; the last cycle: {report:#?}");
    }

    /// No item waits to be looked at again.
    pub async fn nothing_waits(&self) -> bool {
        let id = self.mailbox().await.mailbox.id;
        let list = look_again::list(&self.world.tenant, &id).await.unwrap();
        list.is_empty()
    }

    /// Both sides hold the same items at the same times, each once: these titles and no others.
    pub async fn both_sides_hold(&self, titles: &[&str]) {
        let mut here: Vec<(String, String)> = self
            .records()
            .await
            .iter()
            .map(|record| {
                (
                    record.fields.title.clone(),
                    format!("{:?}", record.fields.span),
                )
            })
            .collect();
        let mut there: Vec<(String, String)> = self
            .calendar()
            .iter()
            .map(|found| {
                (
                    found.content.subject.clone(),
                    format!("{:?}", self.span_of(found)),
                )
            })
            .collect();
        here.sort();
        there.sort();
        assert_eq!(here, there, "PSA and Exchange differ");
        let mut wanted: Vec<&str> = titles.to_vec();
        wanted.sort_unstable();
        let found: Vec<&str> = here.iter().map(|(title, _)| title.as_str()).collect();
        assert_eq!(found, wanted);
    }

    // What is remembered.

    /// What a cycle noted.
    pub async fn history_of(&self, report: &CycleReport) -> Vec<Entry> {
        history::of_cycle(&self.world.tenant, &report.cycle)
            .await
            .unwrap()
    }

    /// The rules that decided about a PSA item, the oldest first.
    pub async fn rules_of(&self, id: &PsaId) -> Vec<Rule> {
        let reference = PsaReference {
            kind: tandem::contract::ItemKind::Appointment,
            id: id.clone(),
        };
        let all = history::of_psa(&self.world.tenant, &reference)
            .await
            .unwrap();
        all.into_iter().filter_map(|entry| entry.rule).collect()
    }

    /// The rules that decided about an item of Exchange, the oldest first.
    pub async fn rules_of_item(&self, id: &str) -> Vec<Rule> {
        let id = tandem::contract::ExchangeId {
            value: self.name_of(id),
        };
        let all = history::of_exchange(&self.world.tenant, &id).await.unwrap();
        all.into_iter().filter_map(|entry| entry.rule).collect()
    }
}

fn content_span(content: &Content) -> Span {
    let (start, end) = (&content.start, &content.end);
    if content.all_day {
        assert_eq!(start.wall.time(), chrono::NaiveTime::MIN, "{content:?}");
        all_day(start.wall.date(), end.wall.date())
    } else {
        between(start.instant(), end.instant())
    }
}
