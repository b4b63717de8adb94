//! Zones by any name.
//!
//! Exchange names zones as Windows does, at times as IANA does, at times as Windows shows them to
//! people, or by a name of its own. Windows names are mapped to IANA by CLDR's table (crate
//! `windows-timezones`).

use chrono_tz::{TZ_VARIANTS, Tz};
use windows_timezones::WindowsTimezone;

use crate::contract::{Instant, Zone};

/// The zone that a name means, or none when nobody knows it, as with `tzone://Microsoft/Custom`.
///
/// Accepts Windows names, IANA names, what Windows shows to people, as in `(UTC-10:00) Hawaii` or
/// `Hawaii`, and `tzone://Microsoft/Utc`. Case, blanks and quotes are no difference.
#[must_use]
pub fn resolve(zone: &Zone) -> Option<Tz> {
    let name = zone.name.trim().trim_matches('"').trim();
    name.parse()
        .map(|windows: WindowsTimezone| Tz::from(windows))
        .ok()
        .or_else(|| utc_by_another_name(name))
        .or_else(|| name.parse().ok())
        .or_else(|| otherwise_spelt(name))
}

/// A zone by a name that every program knows: its own where that is Windows' or IANA's to the letter,
/// else IANA's. None when nobody knows the zone.
#[must_use]
pub fn by_known_name(zone: &Zone) -> Option<Zone> {
    let known = resolve(zone)?;
    let own = zone.name.trim();
    let is_known = own.parse::<WindowsTimezone>().is_ok() || own.parse::<Tz>().is_ok();
    Some(Zone {
        name: if is_known { own } else { known.name() }.to_owned(),
    })
}

/// The first zone with a Windows name that has these [`offsets`](super::offsets), in minutes, in the
/// January and July of an instant's year.
#[must_use]
pub fn by_offsets(now: Instant, january: i32, july: i32) -> Option<Zone> {
    let mut windows = TZ_VARIANTS
        .iter()
        .filter_map(|zone| WindowsTimezone::try_from(*zone).ok());
    windows
        .find(|windows| super::offsets(now, Tz::from(*windows)) == Some((january, july)))
        .map(|windows| Zone {
            name: windows.name().to_owned(),
        })
}

fn utc_by_another_name(name: &str) -> Option<Tz> {
    ["Z", "GMT", "tzone://Microsoft/Utc"]
        .into_iter()
        .any(|utc| same_letters(utc, name))
        .then_some(Tz::UTC)
}

fn otherwise_spelt(name: &str) -> Option<Tz> {
    let iana = TZ_VARIANTS.iter().copied();
    let mut windows = iana
        .clone()
        .filter_map(|zone| WindowsTimezone::try_from(zone).ok());
    iana.clone()
        .find(|zone| same_letters(zone.name(), name))
        .or_else(|| {
            windows
                .find(|zone| {
                    same_letters(zone.name(), name)
                        || same_letters(places(zone.description()), places(name))
                })
                .map(Tz::from)
        })
}

/// What stands behind the offset in `(UTC-10:00) Hawaii`, which old servers write with `GMT`.
fn places(shown: &str) -> &str {
    shown
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(')'))
        .map_or(shown, |(_, places)| places)
}

fn same_letters(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '_')
        .map(|letter| letter.to_ascii_lowercase())
}

/// The name under which Exchange knows a zone: Windows' where there is one, else the zone's own.
#[must_use]
pub fn exchange_name(zone: Tz) -> String {
    if zone == Tz::UTC {
        return "UTC".to_owned();
    }
    WindowsTimezone::try_from(zone).map_or_else(
        |_| zone.name().to_owned(),
        |windows| windows.name().to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str) -> Option<Tz> {
        resolve(&Zone { name: name.into() })
    }

    #[test]
    fn a_zone_is_known_by_windows_by_iana_and_by_what_people_see() {
        for name in [
            "W. Europe Standard Time",
            "Europe/Berlin",
            "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
            "(GMT+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
            "Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
        ] {
            assert_eq!(known(name), Some(Tz::Europe__Berlin), "{name}");
        }
    }

    #[test]
    fn case_blanks_and_quotes_are_no_difference() {
        for (name, zone) in [
            ("europe/berlin", Tz::Europe__Berlin),
            (" EUROPE/BERLIN ", Tz::Europe__Berlin),
            ("\"W. Europe Standard Time\"", Tz::Europe__Berlin),
            ("w.europe  standard time", Tz::Europe__Berlin),
            ("America/New York", Tz::America__New_York),
            (
                " \"(UTC-08:00)  pacific time (US & Canada)\"",
                Tz::America__Los_Angeles,
            ),
            ("pacific standard time(mexico)", Tz::America__Tijuana),
        ] {
            assert_eq!(known(name), Some(zone), "{name}");
        }
    }

    #[test]
    fn utc_has_several_names() {
        for name in [
            "UTC",
            "Z",
            "GMT",
            "tzone://Microsoft/Utc",
            "tzone://microsoft/utc",
            "Etc/UTC",
            "(UTC) Coordinated Universal Time",
        ] {
            let zone = known(name).unwrap();
            assert_eq!(exchange_name(zone), "UTC", "{name}");
        }
    }

    #[test]
    fn a_name_that_says_no_zone_is_not_guessed_at() {
        for name in [
            "tzone://Microsoft/Custom",
            "Customized Time Zone",
            "Kitchen Clock Time",
            "(UTC+01:00)",
            "(UTC+01:00",
            "",
            " ",
        ] {
            assert_eq!(known(name), None, "{name}");
        }
    }

    #[test]
    fn a_name_that_only_people_know_gives_way_to_one_that_programs_know() {
        for (name, known) in [
            ("W. Europe Standard Time", "W. Europe Standard Time"),
            (" Europe/Berlin ", "Europe/Berlin"),
            ("(UTC-10:00) Hawaii", "Pacific/Honolulu"),
            ("europe / berlin", "Europe/Berlin"),
            ("tzone://Microsoft/Utc", "UTC"),
        ] {
            let zone = by_known_name(&Zone { name: name.into() }).unwrap();
            assert_eq!(zone.name, known, "{name}");
        }
        let custom = "tzone://Microsoft/Custom".into();
        assert_eq!(by_known_name(&Zone { name: custom }), None);
    }
}
