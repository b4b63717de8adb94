//! Calendars that other programs made, in ten windows of 30 days each, drawn by seed and in mailboxes
//! all around the world: inside the window the PSA holds what recurring-ical-events expands.
//!
//! The judge is a program in Python, so that this runs only where it is installed:
//! `tests/oracles/run calendars`. SEED draws other windows. What counts as the same stands in the
//! judge, `tests/oracles/recurring-ical-events/expand.py`.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, SecondsFormat, TimeDelta, Utc};
use end_to_end::time::day;
use end_to_end::{AUCKLAND, BERLIN, Kind, LOS_ANGELES, On, World, oracles, run};
use exchange::Zone;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};
use tandem::contract::{Date, Instant, Span};
use tandem::psa::appointment::AppointmentRecord;

/// How long a window is.
const DAYS: u32 = 30;

/// Zones from the far west to the far east, by Windows' name and by IANA's; each calendar comes into a
/// mailbox of each.
const ZONES: [(&str, &str); 10] = [
    ("Dateline Standard Time", "Etc/GMT+12"),
    ("Hawaiian Standard Time", "Pacific/Honolulu"),
    (LOS_ANGELES, "America/Los_Angeles"),
    ("Newfoundland Standard Time", "America/St_Johns"),
    ("GMT Standard Time", "Europe/London"),
    (BERLIN, "Europe/Berlin"),
    ("Nepal Standard Time", "Asia/Kathmandu"),
    ("AUS Eastern Standard Time", "Australia/Sydney"),
    (AUCKLAND, "Pacific/Auckland"),
    ("Line Islands Standard Time", "Pacific/Kiritimati"),
];

/// The days between which a calendar has something; of a series without end its first three years.
fn days_of(file: &str) -> RangeInclusive<NaiveDate> {
    let (first, last) = match file {
        "holidays-germany.ics" => ("2008-01-01", "2020-12-26"),
        "outlook-2007-folds.ics" => ("2009-06-21", "2009-06-21"),
        "outlook-own-zone.ics" => ("2017-02-24", "2017-02-24"),
        "outlook-quoted-zone.ics" => ("2024-10-28", "2024-10-28"),
        "outlook-series-until-utc.ics" => ("2020-04-02", "2020-09-24"),
        "outlook-standup-series.ics" => ("2009-03-10", "2012-03-10"),
        _ => panic!("write down between which days {file} has something"),
    };
    day(first)..=day(last)
}

/// The window of a mailbox, and the instant at which it is that.
#[derive(Debug)]
struct Window {
    /// Windows' name and IANA's.
    zone: (&'static str, &'static str),
    first: NaiveDate,
    past_days: u32,
    now: DateTime<Utc>,
}

impl Window {
    /// Draws one that touches the days of a calendar. Every second lies over a change of the clock in
    /// the mailbox's zone, if there is any.
    fn draw(
        dice: &mut StdRng,
        zone: (&'static str, &'static str),
        days: &RangeInclusive<NaiveDate>,
    ) -> Self {
        let clock = Zone::parse(zone.0).unwrap();
        let earliest = *days.start() - Days::new(u64::from(DAYS) - 1);
        let all: Vec<NaiveDate> = earliest
            .iter_days()
            .take_while(|first| first <= days.end())
            .collect();
        let over_a_change: Vec<NaiveDate> = all
            .iter()
            .copied()
            .filter(|first| changes(&clock, *first))
            .collect();
        let first = if !over_a_change.is_empty() && dice.random_bool(0.5) {
            over_a_change.choose(dice)
        } else {
            all.choose(dice)
        };
        let first = *first.unwrap();
        let past_days = dice.random_range(1..=DAYS - 2);
        let today = first + Days::new(past_days.into());
        let now =
            today.and_time(NaiveTime::MIN) + TimeDelta::minutes(dice.random_range(0..24 * 60));
        Self {
            zone,
            first,
            past_days,
            now: clock.instant(now),
        }
    }

    /// How many days it looks ahead, today not counted.
    fn days_ahead(&self) -> u32 {
        DAYS - 1 - self.past_days
    }
}

/// Whether the clock is changed in a window.
fn changes(clock: &Zone, first: NaiveDate) -> bool {
    let offset = |day: NaiveDate| clock.offset(day.and_time(NaiveTime::MIN).and_utc());
    offset(first) != offset(first + Days::new(u64::from(DAYS)))
}

/// Title, start and end. Days and instants are texts that sort as they follow each other.
type Occurrence = (String, String, String);

/// The judge's answer: the window's bounds as days and as instants, and what it has in there.
struct Expansion {
    days: (String, String),
    instants: (String, String),
    occurrences: Vec<Occurrence>,
}

fn expand(calendar: &Path, window: &Window) -> Expansion {
    let python = std::env::var_os("TANDEM_EXPANDER")
        .expect("TANDEM_EXPANDER names the Python to ask; tests/oracles/run calendars sets it");
    let script =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../oracles/recurring-ical-events/expand.py");
    let answer = Command::new(python)
        .arg(script)
        .arg(calendar)
        .args([window.zone.1, &window.first.to_string(), &DAYS.to_string()])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&answer.stderr);
    assert!(answer.status.success(), "{window:?}: {told}");
    let mut json: serde_json::Value = serde_json::from_slice(&answer.stdout).unwrap();
    let mut part = |name: &str| json[name].take();
    Expansion {
        days: serde_json::from_value(part("days")).unwrap(),
        instants: serde_json::from_value(part("instants")).unwrap(),
        occurrences: serde_json::from_value(part("occurrences")).unwrap(),
    }
}

impl Expansion {
    /// The PSA's appointments inside the window. Single items after its end are there too.
    fn inside(&self, records: Vec<AppointmentRecord>) -> Vec<Occurrence> {
        let all = records.into_iter().map(|record| {
            let (bounds, start, end) = match record.fields.span {
                Span::AllDay(span) => (&self.days, date(span.first), date(span.after)),
                Span::Timed(span) => (&self.instants, instant(span.start), instant(span.end)),
            };
            let inside = start < bounds.1 && end > bounds.0;
            inside.then_some((record.fields.title, start, end))
        });
        all.flatten().collect()
    }
}

fn date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}

fn instant(instant: Instant) -> String {
    DateTime::from_timestamp_micros(instant.microseconds)
        .unwrap()
        .to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// What of `these` is not among `those`, each counted as often as it stands there.
fn without(these: &[Occurrence], those: &[Occurrence]) -> Vec<Occurrence> {
    let mut left = those.to_vec();
    let mut is_missing = |one: &&Occurrence| match left.iter().position(|other| other == *one) {
        Some(place) => {
            left.swap_remove(place);
            false
        }
        None => true,
    };
    these
        .iter()
        .filter(|one| is_missing(one))
        .cloned()
        .collect()
}

/// What the PSA holds after a cycle with a calendar in the mailbox; the cycle after it does nothing.
async fn brought_over(on: On, calendar: &Path, window: &Window) -> Vec<AppointmentRecord> {
    let world = World::on(on)
        .now(window.now)
        .technician("anna", window.zone.0)
        .settings(|settings| {
            settings.past_days = window.past_days;
            settings.recurring_days = window.days_ahead();
        })
        .start()
        .await;
    let anna = world.anna();
    world
        .exchange
        .load_calendar(calendar, &anna.technician.address)
        .unwrap();
    let report = anna.cycle().await;
    assert_eq!(report.counts.failed, 0, "{window:?}");
    anna.is_at_rest().await;
    anna.records().await
}

fn files() -> Vec<PathBuf> {
    let folder = oracles::calendars().expect("the calendars are there");
    let files = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
#[ignore = "needs a judge in Python: tests/oracles/run calendars"]
fn the_psa_holds_what_recurring_ical_events_expands() {
    let seed = std::env::var("SEED").map_or(1, |seed| seed.parse().expect("SEED is a number"));
    println!("seed {seed}");
    let mut dice = StdRng::seed_from_u64(seed);
    let mut differences = Vec::new();
    for file in files() {
        let name = file.file_name().unwrap().to_str().unwrap();
        let mut zones = ZONES;
        zones.shuffle(&mut dice);
        let (mut compared, mut over_a_change) = (0, 0);
        for zone in zones {
            let window = Window::draw(&mut dice, zone, &days_of(name));
            let expansion = expand(&file, &window);
            let mut records = Vec::new();
            run(Kind::Sqlite, |on| async {
                records = brought_over(on, &file, &window).await;
            });
            let held = expansion.inside(records);
            let missing = without(&expansion.occurrences, &held);
            let surplus = without(&held, &expansion.occurrences);
            if !(missing.is_empty() && surplus.is_empty()) {
                differences.push(format!(
                    "{name}, seed {seed}, {window:?}\n  missing: {missing:#?}\n  too much: {surplus:#?}"
                ));
            }
            compared += expansion.occurrences.len();
            over_a_change +=
                usize::from(changes(&Zone::parse(window.zone.0).unwrap(), window.first));
        }
        println!(
            "{name}: {compared} occurrences in {} windows, {over_a_change} over a change of the clock",
            ZONES.len()
        );
        assert!(compared > 0, "{name}: all windows are empty");
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
