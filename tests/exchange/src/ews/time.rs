//! Times as XML has them: with a `Z`, with an offset, or without either.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, SecondsFormat, TimeDelta, Utc};

use super::context::Context;
use super::refusal::Refusal;
use super::sequence::invalid;
use crate::mailbox::content::Moment;
use crate::zone::Zone;

/// A time that a client wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamp {
    /// With `Z` or an offset.
    Instant(DateTime<Utc>),
    /// Without: what a clock on the wall shows.
    Wall(NaiveDateTime),
}

impl Stamp {
    /// Reads an `xs:dateTime`.
    pub fn read(place: &str, text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        DateTime::parse_from_rfc3339(text)
            .map(|at| Self::Instant(at.to_utc()))
            .or_else(|_| text.parse().map(Self::Wall))
            .map_err(|_| invalid(place, text))
    }

    /// The instant, where times without an offset are in `zone`.
    pub fn instant(self, zone: &Zone) -> DateTime<Utc> {
        match self {
            Self::Instant(at) => at,
            Self::Wall(wall) => zone.instant(wall),
        }
    }

    /// The time in the zone `own`, where times without an offset are in `given`.
    pub fn moment(self, own: &Zone, given: &Zone) -> Moment {
        match self {
            Self::Wall(wall) if own == given => Moment::new(wall, own.clone()),
            _ => Moment::new(own.wall(self.instant(given)), own.clone()),
        }
    }
}

/// Reads an `xs:date`, which may carry an offset that means nothing.
pub fn date(place: &str, text: &str) -> Result<NaiveDate, Refusal> {
    let text = text.trim();
    text.get(..10)
        .and_then(|date| date.parse().ok())
        .ok_or_else(|| invalid(place, text))
}

/// An instant as answers show it: with a `Z`, or as the switch says with the offset of a zone.
pub fn show(at: DateTime<Utc>, zone: &Zone, context: &Context) -> String {
    if !context.behaviour.times_with_offset {
        return at.to_rfc3339_opts(SecondsFormat::Secs, true);
    }
    let zone = context.zone.as_ref().unwrap_or(zone);
    let offset = i32::try_from(zone.offset(at).num_seconds())
        .ok()
        .and_then(FixedOffset::east_opt);
    match offset {
        Some(offset) => at
            .with_timezone(&offset)
            .to_rfc3339_opts(SecondsFormat::Secs, false),
        None => at.to_rfc3339_opts(SecondsFormat::Secs, true),
    }
}

/// A length of time as `xs:duration`.
pub fn duration(length: TimeDelta) -> String {
    let sign = if length < TimeDelta::zero() { "-" } else { "" };
    let length = length.abs();
    let (days, hours, minutes) = (
        length.num_days(),
        length.num_hours() % 24,
        length.num_minutes() % 60,
    );
    let part = |number: i64, unit: &str| match number {
        0 => String::new(),
        number => format!("{number}{unit}"),
    };
    match (part(days, "D"), part(hours, "H") + &part(minutes, "M")) {
        (days, time) if days.is_empty() && time.is_empty() => "PT0S".to_owned(),
        (days, time) if time.is_empty() => format!("{sign}P{days}"),
        (days, time) => format!("{sign}P{days}T{time}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_an_instant_only_with_an_offset() {
        let berlin = Zone::parse("W. Europe Standard Time").unwrap();
        let nine = "2026-11-23T09:00:00".parse::<NaiveDateTime>().unwrap();
        let read = |text: &str| {
            Stamp::read("Start", text)
                .unwrap()
                .moment(&berlin, &berlin)
                .wall
        };
        assert_eq!(read("2026-11-23T09:00:00"), nine);
        assert_eq!(read("2026-11-23T08:00:00Z"), nine);
        assert_eq!(read("2026-11-23T03:00:00.000-05:00"), nine);
        assert!(Stamp::read("Start", "tomorrow").is_err());
    }

    #[test]
    fn lengths_are_days_hours_and_minutes() {
        assert_eq!(duration(TimeDelta::minutes(90)), "PT1H30M");
        assert_eq!(duration(TimeDelta::days(1)), "P1D");
        assert_eq!(duration(TimeDelta::zero()), "PT0S");
        assert_eq!(duration(TimeDelta::minutes(-60)), "-PT1H");
    }
}
