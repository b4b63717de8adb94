//! Time zones as Exchange names them.
//!
//! Exchange knows zones by their Windows names and accepts IANA names too. A [`Zone`] keeps the name it was given, because
//! answers repeat it, beside the rules that turn wall time into an instant.
//!
//! Summer time: a wall time in the missing hour counts with the offset before the change (02:30 becomes 03:30 summer time); one
//! in the repeated hour is the later of the two, standard time. Windows computes it so.

use std::str::FromStr;

use chrono::{DateTime, Duration, LocalResult, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use strum::IntoEnumIterator;
use windows_timezones::WindowsTimezone;

/// A zone by the name somebody gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    name: String,
    rules: Tz,
}

impl Zone {
    /// UTC, which is also what Graph shows when nobody prefers another zone.
    pub fn utc() -> Self {
        Self {
            name: "UTC".to_owned(),
            rules: Tz::UTC,
        }
    }

    /// Reads a Windows name, an IANA name, or Exchange's own `tzone://Microsoft/Utc`.
    pub fn parse(name: &str) -> Option<Self> {
        let rules = if name.eq_ignore_ascii_case("tzone://Microsoft/Utc") {
            Tz::UTC
        } else if let Ok(windows) = WindowsTimezone::from_str(name) {
            Tz::from_str(windows.tzdb_id()).ok()?
        } else {
            Tz::from_str(name).ok()?
        };
        Some(Self {
            name: name.to_owned(),
            rules,
        })
    }

    /// All zones that Windows knows.
    pub fn all() -> Vec<Self> {
        WindowsTimezone::iter()
            .filter_map(|zone| Self::parse(zone.name()))
            .collect()
    }

    /// The zone that Windows shows as "(UTC+10:00) `label`" in its settings; old calendar files name zones so.
    pub fn by_display_name(label: &str) -> Option<Self> {
        WindowsTimezone::iter()
            .find(|zone| {
                zone.description()
                    .split_once(") ")
                    .is_some_and(|(_, places)| places.eq_ignore_ascii_case(label))
            })
            .and_then(|zone| Self::parse(zone.name()))
    }

    /// The first Windows zone whose offset agrees with `offset` at every one of `instants`.
    pub fn by_offsets(
        instants: &[DateTime<Utc>],
        offset: impl Fn(DateTime<Utc>) -> TimeDelta,
    ) -> Option<Self> {
        Self::all()
            .into_iter()
            .find(|zone| instants.iter().all(|at| zone.offset(*at) == offset(*at)))
    }

    /// The Windows name of the zone and how Windows shows it. A zone with another kind of name gets those of the first Windows
    /// zone with its rules, one that somebody made keeps its name.
    pub fn windows_names(&self) -> (String, String) {
        let known = WindowsTimezone::from_str(&self.name).ok().or_else(|| {
            let named = Tz::from_str(&self.name).is_ok();
            WindowsTimezone::iter()
                .find(|zone| named && Tz::from_str(zone.tzdb_id()) == Ok(self.rules))
        });
        match known {
            Some(zone) => (zone.name().to_owned(), zone.description().to_owned()),
            None => (self.name.clone(), self.name.clone()),
        }
    }

    /// The same rules under another name, as Exchange shows zones that somebody made: `tzone://Microsoft/Custom`.
    pub fn labelled(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// The name as it was given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What must be added to UTC at `instant`.
    pub fn offset(&self, instant: DateTime<Utc>) -> TimeDelta {
        let fixed = self
            .rules
            .offset_from_utc_datetime(&instant.naive_utc())
            .fix();
        Duration::seconds(i64::from(fixed.local_minus_utc()))
    }

    /// What the clock on the wall shows at `instant`.
    pub fn wall(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.with_timezone(&self.rules).naive_local()
    }

    /// The instant at which the clock on the wall shows `wall`.
    pub fn instant(&self, wall: NaiveDateTime) -> DateTime<Utc> {
        match self.rules.from_local_datetime(&wall) {
            LocalResult::Single(at) => at.with_timezone(&Utc),
            LocalResult::Ambiguous(_, later) => later.with_timezone(&Utc),
            LocalResult::None => {
                let before = self.offset((wall - Duration::hours(12)).and_utc());
                (wall - before).and_utc()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn a_zone_is_known_by_its_windows_name_and_its_iana_name() {
        let at = wall("2026-07-01T12:00:00");
        for name in ["W. Europe Standard Time", "Europe/Berlin"] {
            let zone = Zone::parse(name).unwrap();
            assert_eq!(
                zone.instant(at),
                wall("2026-07-01T10:00:00").and_utc(),
                "{name}"
            );
            assert_eq!(zone.name(), name);
        }
        assert_eq!(Zone::parse("Middle Earth Standard Time"), None);
    }

    #[test]
    fn the_missing_hour_moves_forward_and_the_repeated_hour_is_standard_time() {
        let zone = Zone::parse("W. Europe Standard Time").unwrap();
        assert_eq!(
            zone.instant(wall("2026-03-29T02:30:00")),
            wall("2026-03-29T01:30:00").and_utc()
        );
        assert_eq!(
            zone.instant(wall("2026-10-25T02:30:00")),
            wall("2026-10-25T01:30:00").and_utc()
        );
    }

    #[test]
    fn a_display_name_leads_to_its_zone() {
        let zone = Zone::by_display_name("Canberra, Melbourne, Sydney").unwrap();
        assert_eq!(zone.name(), "AUS Eastern Standard Time");
    }
}
