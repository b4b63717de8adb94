//! The zones that a file names, as zones that Exchange has.
//!
//! A `TZID` is taken for a Windows or IANA name; else its `VTIMEZONE` is compared with all Windows zones by their offsets, and the
//! name by which Windows shows a zone decides between several. Old Outlook files have names such as "Canberra, Melbourne, Sydney".

use std::collections::BTreeMap;

use chrono::{
    DateTime, Datelike, Days, Duration, NaiveDate, NaiveDateTime, TimeDelta, Utc, Weekday,
};
use ical::parser::ical::component::{IcalTimeZone, IcalTimeZoneTransition};
use ical::property::Property;

use crate::zone::Zone;

pub struct Zones {
    by_name: BTreeMap<String, Zone>,
    /// For floating times and dates: the file's zone if it has only one, else the mailbox's.
    own: Zone,
}

impl Zones {
    pub fn read(timezones: &[IcalTimeZone], mailbox: &Zone) -> Self {
        let by_name: BTreeMap<String, Zone> = timezones
            .iter()
            .filter_map(|timezone| {
                let name = value(&timezone.properties, "TZID")?;
                Some((
                    name.to_owned(),
                    known(name).or_else(|| by_rules(&timezone.transitions))?,
                ))
            })
            .collect();
        let mut zones = by_name.values();
        let own = match (zones.next(), zones.next()) {
            (Some(only), None) => only.clone(),
            _ => mailbox.clone(),
        };
        Self { by_name, own }
    }

    pub fn own(&self) -> &Zone {
        &self.own
    }

    /// The zone of a `TZID`.
    pub fn find(&self, name: &str) -> Option<Zone> {
        let name = name.trim_matches('"');
        self.by_name.get(name).cloned().or_else(|| known(name))
    }
}

fn known(name: &str) -> Option<Zone> {
    Zone::parse(name).or_else(|| Zone::by_display_name(name))
}

fn value<'a>(properties: &'a [Property], name: &str) -> Option<&'a str> {
    properties
        .iter()
        .find(|property| property.name == name)?
        .value
        .as_deref()
}

/// One half of a zone's year: the offset before and after it begins, and when that is.
struct Half {
    before: TimeDelta,
    after: TimeDelta,
    start: NaiveDateTime,
    yearly: Option<(u32, i32, Weekday)>,
}

impl Half {
    fn read(transition: &IcalTimeZoneTransition) -> Option<Self> {
        let text = |name| value(&transition.properties, name);
        Some(Self {
            before: offset(text("TZOFFSETFROM")?)?,
            after: offset(text("TZOFFSETTO")?)?,
            start: NaiveDateTime::parse_from_str(text("DTSTART")?, "%Y%m%dT%H%M%S").ok()?,
            yearly: text("RRULE").and_then(yearly),
        })
    }

    /// When it begins in a year.
    fn begin(&self, year: i32) -> Option<DateTime<Utc>> {
        let date = match self.yearly {
            None => NaiveDate::from_ymd_opt(year, self.start.month(), self.start.day())?,
            Some((month, nth, weekday)) => nth_weekday(year, month, nth, weekday)?,
        };
        Some((date.and_time(self.start.time()) - self.before).and_utc())
    }
}

fn offset(text: &str) -> Option<TimeDelta> {
    let (sign, digits) = text.split_at_checked(1)?;
    let number = |range: std::ops::Range<usize>| digits.get(range)?.parse::<i64>().ok();
    let minutes = number(0..2)? * 60 + number(2..4)?;
    Some(Duration::minutes(if sign == "-" {
        -minutes
    } else {
        minutes
    }))
}

fn yearly(rule: &str) -> Option<(u32, i32, Weekday)> {
    let part = |name: &str| rule.split(';').find_map(|part| part.strip_prefix(name));
    let day = part("BYDAY=")?;
    let (nth, weekday) = day.split_at_checked(day.len().checked_sub(2)?)?;
    Some((
        part("BYMONTH=")?.parse().ok()?,
        nth.parse().ok()?,
        super::rule::weekday(weekday)?,
    ))
}

fn nth_weekday(year: i32, month: u32, nth: i32, weekday: Weekday) -> Option<NaiveDate> {
    if nth > 0 {
        return NaiveDate::from_weekday_of_month_opt(year, month, weekday, u8::try_from(nth).ok()?);
    }
    let last = NaiveDate::from_ymd_opt(year, month, 1)?
        .checked_add_months(chrono::Months::new(1))?
        .checked_sub_days(Days::new(1))?;
    let back = (7 + last.weekday().num_days_from_monday() - weekday.num_days_from_monday()) % 7;
    last.checked_sub_days(Days::new(u64::from(back)))
}

fn by_rules(transitions: &[IcalTimeZoneTransition]) -> Option<Zone> {
    let halves: Vec<Half> = transitions.iter().filter_map(Half::read).collect();
    let latest = halves.iter().map(|half| half.start.year()).max()?;
    let year = if latest < 1971 { 2015 } else { latest + 1 };
    let offset = |at: DateTime<Utc>| {
        let begun = [at.year() - 1, at.year()].into_iter().flat_map(|year| {
            halves
                .iter()
                .filter_map(move |half| Some((half.begin(year)?, half.after)))
        });
        begun
            .filter(|(begin, _)| *begin <= at)
            .max_by_key(|(begin, _)| *begin)
            .map_or(TimeDelta::zero(), |(_, after)| after)
    };
    let begin = NaiveDate::from_ymd_opt(year, 1, 1)?;
    let instants: Vec<DateTime<Utc>> = begin
        .iter_days()
        .take(365)
        .map(|date| date.and_time(chrono::NaiveTime::MIN).and_utc() + Duration::hours(12))
        .collect();
    Zone::by_offsets(&instants, offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_is_found_by_its_offsets() {
        let text = "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Our office\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\n\
            RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n\
            BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nTZOFFSETFROM:+0100\r\n\
            TZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n";
        let calendar = ical::IcalParser::new(text.as_bytes())
            .next()
            .unwrap()
            .unwrap();
        let zones = Zones::read(&calendar.timezones, &Zone::utc());
        let zone = zones.find("Our office").unwrap();
        let summer: NaiveDateTime = "2026-07-01T12:00:00".parse().unwrap();
        let winter: NaiveDateTime = "2026-12-01T12:00:00".parse().unwrap();
        assert_eq!(zone.offset(summer.and_utc()), Duration::hours(2));
        assert_eq!(zone.offset(winter.and_utc()), Duration::hours(1));
    }
}
