//! The stretch of time that a cycle looks at (behaviour, sections 1 and 3).

use chrono::{DateTime, Days, LocalResult, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use windows_timezones::WindowsTimezone;

use crate::contract::{Date, DaySpan, Instant, Profile, Span, Window, Zone};

/// From midnight, in the mailbox's zone, of the first past day to midnight after the last day
/// looked at for occurrences. None when `now` lies beyond the calendar.
#[must_use]
pub fn window(now: Instant, zone: Option<&Zone>, profile: &Profile) -> Option<Window> {
    let zone = zone.and_then(resolve).unwrap_or(Tz::UTC);
    let today = DateTime::from_timestamp_micros(now.microseconds)?
        .with_timezone(&zone)
        .date_naive();
    let first = today.checked_sub_days(Days::new(profile.past_days.into()))?;
    let after = today.checked_add_days(Days::new(u64::from(profile.recurring_days) + 1))?;
    Some(Window {
        start: midnight(first, zone)?,
        end: midnight(after, zone)?,
    })
}

/// No zone's midnight is further than this from UTC's, in microseconds.
const OUTERMOST_ZONE: i64 = 14 * 3_600 * 1_000_000;

/// Whether whole days lie inside a stretch of time in whichever zone they are meant.
#[must_use]
pub fn days_lie_within(days: DaySpan, within: &Window) -> bool {
    match (utc_midnight(days.first), utc_midnight(days.after)) {
        (Some(first), Some(after)) => {
            first - OUTERMOST_ZONE >= within.start.microseconds
                && after + OUTERMOST_ZONE <= within.end.microseconds
        }
        _ => false,
    }
}

/// Whether an item ends after an instant, whole days in any zone.
#[must_use]
pub fn may_end_after(span: Span, instant: Instant) -> bool {
    match span {
        Span::Timed(timed) => timed.end.microseconds > instant.microseconds,
        Span::AllDay(days) => utc_midnight(days.after)
            .is_none_or(|after| after + OUTERMOST_ZONE > instant.microseconds),
    }
}

fn utc_midnight(date: Date) -> Option<i64> {
    let day = NaiveDate::from_ymd_opt(date.year, date.month.into(), date.day.into())?;
    Some(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp_micros())
}

/// The zone that a name means: IANA's or Windows'.
#[must_use]
pub fn resolve(zone: &Zone) -> Option<Tz> {
    let name = zone.name.trim();
    name.parse::<WindowsTimezone>()
        .map(Tz::from)
        .ok()
        .or_else(|| name.parse().ok())
}

/// The first instant of a day. Where summer time skips midnight, the day begins after the gap.
#[must_use]
pub fn midnight(day: NaiveDate, zone: Tz) -> Option<Instant> {
    let midnight = day.and_hms_opt(0, 0, 0)?;
    let time = match zone.from_local_datetime(&midnight) {
        LocalResult::Single(time) | LocalResult::Ambiguous(time, _) => time,
        LocalResult::None => zone
            .from_local_datetime(&day.and_hms_opt(1, 0, 0)?)
            .earliest()?,
    };
    Some(Instant {
        microseconds: time.with_timezone(&Utc).timestamp_micros(),
    })
}

/// The first instant of whole days, in the mailbox's zone.
#[must_use]
pub fn first_midnight(days: DaySpan, zone: Option<&Zone>) -> Option<Instant> {
    let zone = zone.and_then(resolve).unwrap_or(Tz::UTC);
    let DaySpan { first, .. } = days;
    let day = NaiveDate::from_ymd_opt(first.year, first.month.into(), first.day.into())?;
    midnight(day, zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::SecretState;

    fn at(text: &str) -> Instant {
        Instant {
            microseconds: text.parse::<DateTime<Utc>>().unwrap().timestamp_micros(),
        }
    }

    #[test]
    fn window_days_begin_at_midnight_of_the_mailbox_zone() {
        let profile = Profile {
            import_appointments: true,
            export_appointments: true,
            export_to_dos: true,
            export_service_calls: true,
            export_contacts: true,
            past_days: 7,
            recurring_days: 30,
            own_password: SecretState::Absent,
        };
        let zone = Zone {
            name: "W. Europe Standard Time".to_owned(),
        };
        let window = window(at("2026-11-22T23:30:00Z"), Some(&zone), &profile).unwrap();
        assert_eq!(window.start, at("2026-11-15T23:00:00Z"));
        assert_eq!(window.end, at("2026-12-23T23:00:00Z"));
    }
}
