//! Wall times to instants and back, and [zones by any name](resolve).

mod name;
#[cfg(test)]
mod tests;

use chrono::{
    DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, Offset, TimeZone, Utc,
};
use chrono_tz::{GapInfo, Tz};

pub use self::name::{by_known_name, by_offsets, exchange_name, resolve};
use crate::contract::{Date, Instant, Mailbox, Span, Zone};

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
/// twice in autumn the first counts (RFC 5545, section 3.3.5). Windows takes the second; but servers
/// are asked for UTC, so it only matters where one answers in another zone all the same.
#[must_use]
pub fn from_wall_time(wall: NaiveDateTime, zone: Tz) -> Option<Instant> {
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(time) | LocalResult::Ambiguous(time, _) => {
            Some(instant(time.with_timezone(&Utc)))
        }
        LocalResult::None => {
            // The offset in force before the gap puts the time behind it.
            let (_, before) = GapInfo::new(&wall, &zone)?.begin?;
            Some(instant(wall.checked_sub_offset(before.fix())?.and_utc()))
        }
    }
}

/// Whether a zone's wall time names this instant and no other.
#[must_use]
pub fn is_unambiguous(instant: Instant, zone: Tz) -> bool {
    wall_time(instant, zone)
        .is_some_and(|wall| matches!(zone.from_local_datetime(&wall), LocalResult::Single(_)))
}

/// A zone's offsets from UTC, in minutes, in the middle of January and of July of the year in which an
/// instant lies.
#[must_use]
pub fn offsets(now: Instant, zone: Tz) -> Option<(i32, i32)> {
    let year = utc(now)?.year();
    let offset = |month| {
        let noon = NaiveDate::from_ymd_opt(year, month, 15)?.and_hms_opt(12, 0, 0)?;
        let offset = zone.offset_from_utc_datetime(&noon).fix();
        Some(offset.local_minus_utc() / 60)
    };
    Some((offset(1)?, offset(7)?))
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
