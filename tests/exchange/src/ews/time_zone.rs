//! Time zones in XML: by the id that Windows gives them, or written out as periods and changes between them.

use chrono::{DateTime, TimeDelta, Utc};

use super::refusal::Refusal;
use super::time;
use super::words::WEEKDAY;
use super::xml::Element;
use super::zone_rules::{Change, Rules, Summer};
use crate::zone::Zone;

/// What Exchange calls a zone that somebody wrote out.
const CUSTOM: &str = "tzone://Microsoft/Custom";

/// Reads a `StartTimeZone`, an `EndTimeZone` or a `TimeZoneDefinition`. One whose id is not known counts by its rules.
pub fn read(element: &Element) -> Result<Zone, Refusal> {
    let id = element.attribute("Id").unwrap_or_default();
    let custom = || {
        let rules = written_rules(element)?;
        let start: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().ok()?;
        let instants: Vec<_> = (0..26)
            .map(|turn| start + TimeDelta::days(14 * turn))
            .collect();
        let zone = Zone::by_offsets(&instants, |at| rules.offset(at))?;
        Some(zone.labelled(CUSTOM))
    };
    Zone::parse(id).or_else(custom).ok_or_else(|| {
        Refusal::new(
            "ErrorCalendarInvalidTimeZone",
            format!("The time zone '{id}' is not known here."),
        )
    })
}

/// The rules of a definition, as far as it has any.
fn written_rules(element: &Element) -> Option<Rules> {
    let periods = &element.child("Periods")?.children;
    let offset = |name: &str| {
        let period = periods
            .iter()
            .find(|period| period.attribute("Name") == Some(name))?;
        Some(-read_duration(period.attribute("Bias")?)?)
    };
    let standard = offset("Standard").or_else(|| {
        let only = periods.first()?;
        Some(-read_duration(only.attribute("Bias")?)?)
    })?;
    let summer = || {
        let ahead = offset("Daylight")?;
        let id = |name: &str| {
            let period = periods
                .iter()
                .find(|period| period.attribute("Name") == Some(name))?;
            period.attribute("Id")
        };
        let group = element.child("TransitionsGroups")?.children.last()?;
        let change = |to: &str| {
            let change = group
                .children
                .iter()
                .find(|change| change.child_text("To") == Some(to))?;
            read_change(change)
        };
        Some(Summer {
            offset: ahead,
            begins: change(id("Daylight")?)?,
            ends: change(id("Standard")?)?,
        })
    };
    Some(Rules {
        standard,
        summer: summer(),
    })
}

fn read_change(element: &Element) -> Option<Change> {
    let occurrence: i32 = element.child_text("Occurrence")?.parse().ok()?;
    Some(Change {
        month: element.child_text("Month")?.parse().ok()?,
        weekday: WEEKDAY.read(element.child_text("DayOfWeek")?).ok()?,
        occurrence: u8::try_from(occurrence).ok().filter(|nth| *nth < 5),
        time: read_duration(element.child_text("TimeOffset")?)?,
    })
}

/// Reads hours and minutes of an `xs:duration`, such as `-PT1H30M`.
fn read_duration(text: &str) -> Option<TimeDelta> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let mut rest = rest.strip_prefix("PT").or(rest.strip_prefix("P0DT"))?;
    let mut minutes = 0;
    for (unit, length) in [('H', 60), ('M', 1)] {
        if let Some((number, after)) = rest.split_once(unit) {
            minutes += number.parse::<i64>().ok()? * length;
            rest = after;
        }
    }
    Some(TimeDelta::minutes(sign * minutes))
}

/// A zone under an element's name, by id and display name; one that somebody wrote out is written out again.
pub fn show(name: &str, zone: &Zone) -> Element {
    let (id, label) = zone.windows_names();
    let shown = Element::types(name)
        .with_attribute("Id", &id)
        .with_attribute("Name", label);
    if id == CUSTOM {
        shown.with_all(definition(zone, 2026))
    } else {
        shown
    }
}

/// A zone with its rules in a year.
pub fn show_whole(zone: &Zone, year: i32) -> Element {
    let (id, label) = zone.windows_names();
    Element::types("TimeZoneDefinition")
        .with_attribute("Id", id)
        .with_attribute("Name", label)
        .with_all(definition(zone, year))
}

const STANDARD: &str = "Standard";
const DAYLIGHT: &str = "Daylight";

fn definition(zone: &Zone, year: i32) -> Vec<Element> {
    let rules = Rules::of(zone, year);
    let period = |name: &str, offset: TimeDelta| {
        Element::types("Period")
            .with_attribute("Bias", time::duration(-offset))
            .with_attribute("Name", name)
            .with_attribute("Id", name)
    };
    let to = |kind: &str, id: &str| Element::text("To", id).with_attribute("Kind", kind);
    let mut periods = Element::types("Periods").with(period(STANDARD, rules.standard));
    let group = Element::types("TransitionsGroup").with_attribute("Id", "0");
    let group = match rules.summer {
        None => group.with(Element::types("Transition").with(to("Period", STANDARD))),
        Some(summer) => {
            periods = periods.with(period(DAYLIGHT, summer.offset));
            let mut changes = [(DAYLIGHT, summer.begins), (STANDARD, summer.ends)];
            changes.sort_by_key(|(_, change)| change.month);
            group.with_all(changes.map(|(id, change)| {
                let occurrence = change.occurrence.map_or(-1, i32::from);
                Element::types("RecurringDayTransition")
                    .with(to("Period", id))
                    .with(Element::text("TimeOffset", time::duration(change.time)))
                    .with(Element::text("Month", change.month.to_string()))
                    .with(Element::text("DayOfWeek", WEEKDAY.word(change.weekday)))
                    .with(Element::text("Occurrence", occurrence.to_string()))
            }))
        }
    };
    vec![
        periods,
        Element::types("TransitionsGroups").with(group),
        Element::types("Transitions").with(Element::types("Transition").with(to("Group", "0"))),
    ]
}

/// The older form, a `TimeZone` with a bias: what must be added to the zone's time to get UTC, in minutes.
pub fn show_bias(name: &str, zone: &Zone, year: i32) -> Element {
    let rules = Rules::of(zone, year);
    let change = |name: &str, bias: i64, change: Option<Change>| {
        let number = |name: &str, number: i64| Element::text(name, number.to_string());
        let time = change.map_or(TimeDelta::zero(), |change| change.time);
        let order = change.map_or(0, |change| change.occurrence.map_or(5, i64::from));
        let weekday = change.map_or("Sunday", |change| WEEKDAY.word(change.weekday));
        Element::types(name)
            .with(number("Bias", bias))
            .with(Element::text(
                "Time",
                format!("{:02}:{:02}:00", time.num_hours(), time.num_minutes() % 60),
            ))
            .with(number("DayOrder", order))
            .with(number(
                "Month",
                change.map_or(0, |change| i64::from(change.month)),
            ))
            .with(Element::text("DayOfWeek", weekday))
    };
    let summer_bias = rules
        .summer
        .map_or(0, |summer| (rules.standard - summer.offset).num_minutes());
    Element::types(name)
        .with(Element::text(
            "Bias",
            (-rules.standard.num_minutes()).to_string(),
        ))
        .with(change(
            "StandardTime",
            0,
            rules.summer.map(|summer| summer.ends),
        ))
        .with(change(
            "DaylightTime",
            summer_bias,
            rules.summer.map(|summer| summer.begins),
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_that_is_written_out_is_known_by_its_rules() {
        let berlin = Zone::parse("W. Europe Standard Time").unwrap();
        let mut written = show_whole(&berlin, 2026);
        written.attributes = vec![("Id".to_owned(), "Mine".to_owned())];
        let read = read(&written).unwrap();
        assert_eq!(read.name(), CUSTOM);
        for at in ["2026-07-01T12:00:00Z", "2026-12-01T12:00:00Z"] {
            let at: DateTime<Utc> = at.parse().unwrap();
            assert_eq!(read.offset(at), berlin.offset(at));
        }
        assert!(super::read(&Element::types("StartTimeZone")).is_err());
    }
}
