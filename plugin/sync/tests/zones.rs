//! Zones against jiff, a zone library with a tz database of its own: by offset, at many instants.
//!
//! CLDR's table of Windows names says which zones there are. Where one database is newer than the other,
//! the zone is listed here with the first day on which they differ.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod oracles;

use std::collections::BTreeMap;

use chrono::{DateTime, Offset, TimeZone as _};
use chrono_tz::Tz;
use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use sync::contract::Zone;
use sync::zone;
use windows_timezones::WindowsTimezone;

const FIRST: &str = "2015-01-01T00:00:00Z";
const END: &str = "2038-01-01T00:00:00Z";

/// Where the database of `chrono-tz` (2025b) is behind jiff's (2026f), since when, and what it lacks.
const OUTDATED: [(&str, &str, &str); 8] = [
    ("Africa/Casablanca", "2026-09-20", "standard time for good"),
    ("Africa/El_Aaiun", "2026-09-20", "standard time for good"),
    ("America/Edmonton", "2026-11-01", "summer time for good"),
    ("America/Havana", "2026-11-02", "summer time over a winter"),
    ("America/Inuvik", "2026-11-01", "summer time for good"),
    ("America/Vancouver", "2026-11-01", "summer time for good"),
    ("America/Winnipeg", "2026-11-01", "summer time for good"),
    ("Europe/Chisinau", "2022-03-27", "changes with the EU"),
];

/// Zones whose Windows name, by CLDR, means an offset that they gave up years ago.
const MISNAMED: [&str; 3] = [
    "America/Scoresbysund",
    "Antarctica/Casey",
    "Antarctica/Vostok",
];

#[test]
fn every_zone_has_its_offsets_except_for_the_listed() {
    let Some(table) = Table::read() else { return };
    let found: BTreeMap<&str, String> = table
        .zones()
        .filter_map(|name| Some((name, first_difference(known(name), &other(name))?)))
        .collect();
    assert_eq!(found, outdated());
}

#[test]
fn every_windows_name_means_its_zone_however_it_is_spelt() {
    let Some(table) = Table::read() else { return };
    let outdated = outdated();
    let names: Vec<_> = table.windows_names().collect();
    assert_eq!(names.len(), 139);
    for (windows, iana) in names {
        let shown = windows.parse::<WindowsTimezone>().unwrap().description();
        let other = other(iana);
        for name in [
            windows.to_owned(),
            windows.to_lowercase(),
            windows.replace(' ', "  "),
            shown.to_owned(),
            shown.to_uppercase(),
            shown.split_once(") ").unwrap().1.to_owned(),
        ] {
            assert_eq!(
                first_difference(known(&name), &other).as_ref(),
                outdated.get(iana),
                "{name}"
            );
        }
    }
}

#[test]
fn a_zone_keeps_its_offset_under_the_name_that_exchange_has_for_it() {
    let Some(table) = Table::read() else { return };
    let misnamed: Vec<&str> = table
        .zones()
        .filter(|name| {
            let zone = known(name);
            let again = known(&zone::exchange_name(zone));
            days("2026-01-01T00:00:00Z").any(|day| offset(zone, day) != offset(again, day))
        })
        .collect();
    assert_eq!(misnamed, MISNAMED);
}

#[test]
fn wall_times_around_changes_are_the_instants_that_jiff_says() {
    let Some(table) = Table::read() else { return };
    let outdated = outdated();
    let mut compared = 0;
    for name in table.zones().filter(|name| !outdated.contains_key(name)) {
        let (zone, other) = (known(name), other(name));
        // Where only the name changes jiff sees a repeated hour at times (Greenland in 2023), which
        // Python's zoneinfo does not.
        let moves = |at: &i64| offset(zone, *at - 1) != offset(zone, *at);
        for change in changes(&other).filter(moves) {
            // Fourteen hours to either side of the change, by both clocks.
            for minutes in (-14 * 60..=14 * 60).step_by(15) {
                let utc = DateTime::from_timestamp(change + minutes * 60, 0).unwrap();
                let wall = utc.naive_utc() + offset(zone, change - 1);
                let theirs = wall.format("%Y-%m-%dT%H:%M:%S").to_string();
                let theirs: jiff::civil::DateTime = theirs.parse().unwrap();
                let theirs = other.to_ambiguous_timestamp(theirs).compatible().unwrap();
                let ours = zone::from_wall_time(wall, zone).unwrap();
                assert_eq!(
                    ours.microseconds,
                    theirs.as_microsecond(),
                    "{wall} in {name}"
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 100_000, "only {compared} times were compared");
}

/// CLDR's `windowsZones`: Windows names, each with a territory and IANA's names there.
struct Table(Vec<[String; 3]>);

impl Table {
    fn read() -> Option<Self> {
        let text = oracles::text("timezones/windowsZones.json")?;
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        let entries = json["supplemental"]["windowsZones"]["mapTimezones"].as_array();
        let field = |entry: &serde_json::Value, name: &str| {
            entry["mapZone"][name].as_str().unwrap().to_owned()
        };
        let entry = |entry| ["_other", "_territory", "_type"].map(|name| field(entry, name));
        Some(Self(entries.unwrap().iter().map(entry).collect()))
    }

    /// Windows names with IANA's name where no territory is asked for.
    fn windows_names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|[windows, territory, iana]| {
            (territory == "001").then_some((windows.as_str(), iana.as_str()))
        })
    }

    /// All of IANA's names in it.
    fn zones(&self) -> impl Iterator<Item = &str> {
        let names = self.0.iter().flat_map(|[.., iana]| iana.split_whitespace());
        names.collect::<std::collections::BTreeSet<_>>().into_iter()
    }
}

fn outdated() -> BTreeMap<&'static str, String> {
    OUTDATED
        .iter()
        .map(|(zone, since, _)| (*zone, (*since).to_owned()))
        .collect()
}

fn known(name: &str) -> Tz {
    zone::resolve(&Zone { name: name.into() }).unwrap_or_else(|| panic!("{name} is not known"))
}

fn other(iana: &str) -> TimeZone {
    TimeZoneDatabase::bundled().get(iana).unwrap()
}

/// Seconds of 1970 from which a day has begun, by UTC, from an instant on.
fn days(first: &str) -> impl Iterator<Item = i64> {
    (seconds(first)..seconds(END)).step_by(24 * 60 * 60)
}

fn seconds(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_second()
}

/// When the offset changes.
fn changes(zone: &TimeZone) -> impl Iterator<Item = i64> {
    zone.following(FIRST.parse().unwrap())
        .map(|change| change.timestamp().as_second())
        .take_while(|change| *change < seconds(END))
}

/// The first day on which the offsets differ, at its begin or around a change.
fn first_difference(zone: Tz, other: &TimeZone) -> Option<String> {
    let around = changes(other).flat_map(|at| [at - 3600, at - 1, at, at + 3600]);
    days(FIRST)
        .chain(around)
        .filter(|at| {
            let theirs = other.to_offset(Timestamp::from_second(*at).unwrap());
            offset(zone, *at).local_minus_utc() != theirs.seconds()
        })
        .min()
        .map(|at| {
            DateTime::from_timestamp(at, 0)
                .unwrap()
                .date_naive()
                .to_string()
        })
}

fn offset(zone: Tz, at: i64) -> chrono::FixedOffset {
    let utc = DateTime::from_timestamp(at, 0).unwrap().naive_utc();
    zone.offset_from_utc_datetime(&utc).fix()
}
