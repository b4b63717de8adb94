//! Zones by any name, and wall times to instants and back.
//!
//! Exchange names zones as Windows does, at times as IANA does, at times by display name or by a
//! name of its own. Windows names are mapped to IANA by CLDR's table (crate `windows-timezones`).

use chrono::{
    DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Utc,
};
use chrono_tz::Tz;
use windows_timezones::WindowsTimezone;

use crate::contract::{Date, Instant, Mailbox, Span, Zone};

/// The zone that a name means, or none when nobody knows it.
///
/// Accepts IANA names (in any case), Windows names, `UTC`, `Z`, `tzone://Microsoft/Utc`, and names
/// in quotes.
#[must_use]
pub fn resolve(zone: &Zone) -> Option<Tz> {
    let name = zone.name.trim().trim_matches('"').trim();
    if matches!(name, "Z" | "GMT") || name.eq_ignore_ascii_case("tzone://Microsoft/Utc") {
        return Some(Tz::UTC);
    }
    if let Ok(windows) = name.parse::<WindowsTimezone>() {
        return Some(Tz::from(windows));
    }
    chrono_tz::TZ_VARIANTS
        .iter()
        .copied()
        .find(|zone| zone.name().eq_ignore_ascii_case(name))
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

/// The instant of a chrono time.
#[must_use]
pub fn instant(time: DateTime<Utc>) -> Instant {
    Instant {
        microseconds: time.timestamp_micros(),
    }
}

/// The chrono time of an instant, or none beyond chrono's 262,000 years.
#[must_use]
pub fn utc(instant: Instant) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(instant.microseconds)
}

/// The wall time of an instant in a zone.
#[must_use]
pub fn wall_time(instant: Instant, zone: Tz) -> Option<NaiveDateTime> {
    Some(utc(instant)?.with_timezone(&zone).naive_local())
}

/// The instant of a wall time in a zone.
///
/// In the hour that is skipped in spring the time moves forward by the gap, in the hour that comes
/// twice in autumn the first counts: both as Exchange does it.
#[must_use]
pub fn from_wall_time(wall: NaiveDateTime, zone: Tz) -> Option<Instant> {
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(time) | LocalResult::Ambiguous(time, _) => {
            Some(instant(time.with_timezone(&Utc)))
        }
        LocalResult::None => {
            // The offset in force before the gap puts the time behind it.
            let before = wall.checked_sub_signed(TimeDelta::hours(3))?;
            let offset = zone.from_local_datetime(&before).earliest()?.naive_local()
                - zone.from_local_datetime(&before).earliest()?.naive_utc();
            let time = wall.checked_sub_signed(offset)?;
            Some(instant(time.and_utc()))
        }
    }
}

/// Whether a zone's wall time names this instant and no other.
#[must_use]
pub fn is_unambiguous(instant: Instant, zone: Tz) -> bool {
    wall_time(instant, zone)
        .is_some_and(|wall| matches!(zone.from_local_datetime(&wall), LocalResult::Single(_)))
}

/// A contract date from chrono's.
#[must_use]
pub fn date(day: NaiveDate) -> Date {
    // chrono's months and days are at most 12 and 31.
    let small = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
    Date {
        year: day.year(),
        month: small(day.month()),
        day: small(day.day()),
    }
}

/// chrono's date from the contract's; none when there is no such day.
#[must_use]
pub fn naive_date(date: Date) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(date.year, date.month.into(), date.day.into())
}

/// The instant at which a day begins in a zone.
#[must_use]
pub fn midnight(date: Date, zone: Tz) -> Option<Instant> {
    from_wall_time(naive_date(date)?.and_hms_opt(0, 0, 0)?, zone)
}

/// A mailbox's zone; UTC as long as nobody has read it.
#[must_use]
pub fn of_mailbox(mailbox: &Mailbox) -> Zone {
    mailbox.zone.clone().unwrap_or_else(|| Zone {
        name: "UTC".to_owned(),
    })
}

/// When an item begins; whole days begin at midnight of the mailbox's zone, or of UTC where nobody
/// knows that zone.
#[must_use]
pub fn begin(span: &Span, mailbox_zone: &Zone) -> Option<Instant> {
    match span {
        Span::Timed(timed) => Some(timed.start),
        Span::AllDay(days) => midnight(days.first, resolve(mailbox_zone).unwrap_or(Tz::UTC)),
    }
}

/// When an item is over; see [`begin`].
#[must_use]
pub fn end(span: &Span, mailbox_zone: &Zone) -> Option<Instant> {
    match span {
        Span::Timed(timed) => Some(timed.end),
        Span::AllDay(days) => midnight(days.after, resolve(mailbox_zone).unwrap_or(Tz::UTC)),
    }
}

/// The day on which an instant falls in a zone, moved by so many days.
#[must_use]
pub fn day_of(instant: Instant, zone: Tz, moved: i64) -> Option<Date> {
    let day = wall_time(instant, zone)?.date();
    let distance = Days::new(moved.unsigned_abs());
    let day = if moved < 0 {
        day.checked_sub_days(distance)
    } else {
        day.checked_add_days(distance)
    };
    day.map(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        instant(text.parse::<DateTime<Utc>>().unwrap())
    }

    fn wall(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn zones_are_known_by_windows_and_by_iana_names() {
        for name in [
            "W. Europe Standard Time",
            "Europe/Berlin",
            "europe/berlin",
            "\"W. Europe Standard Time\"",
        ] {
            let zone = resolve(&Zone { name: name.into() }).unwrap();
            assert_eq!(
                from_wall_time(wall("2026-07-01T12:00:00"), zone),
                Some(at("2026-07-01T10:00:00Z")),
                "{name}"
            );
        }
        assert_eq!(
            resolve(&Zone {
                name: "Kitchen Clock Time".into()
            }),
            None
        );
    }

    #[test]
    fn a_time_in_the_skipped_hour_moves_forward() {
        let berlin = Tz::Europe__Berlin;
        assert_eq!(
            from_wall_time(wall("2026-03-29T02:30:00"), berlin),
            Some(at("2026-03-29T01:30:00Z"))
        );
    }

    #[test]
    fn a_time_in_the_repeated_hour_is_the_first() {
        let berlin = Tz::Europe__Berlin;
        assert_eq!(
            from_wall_time(wall("2026-10-25T02:30:00"), berlin),
            Some(at("2026-10-25T00:30:00Z"))
        );
        assert!(!is_unambiguous(at("2026-10-25T01:30:00Z"), berlin));
        assert!(is_unambiguous(at("2026-10-25T03:30:00Z"), berlin));
    }
}
