//! One `VEVENT` as the content of an item.

use chrono::{Days, Duration, NaiveDate, NaiveDateTime, NaiveTime};
use ical::parser::ical::component::IcalEvent;
use ical::property::Property;

use super::fields::{address, parameter, properties, property, text, value};
use super::lines::EventLines;
use super::zones::Zones;
use super::{Fault, rule};
use crate::mailbox::Mailbox;
use crate::mailbox::content::{
    Attendee, Body, Content, Importance, Moment, Person, Response, Role, Sensitivity, ShowAs,
};
use crate::mailbox::recurrence::Recurrence;
use crate::zone::Zone;

#[derive(Debug)]
pub struct Event {
    pub uid: String,
    pub content: Content,
    pub recurrence: Option<Recurrence>,
    /// Dates that the series leaves out.
    pub excluded: Vec<NaiveDate>,
    /// For a changed occurrence: the date that it has in the pattern.
    pub original: Option<NaiveDate>,
}

impl Event {
    pub fn read(
        event: &IcalEvent,
        zones: &Zones,
        mailbox: &Mailbox,
        lines: &EventLines<'_>,
    ) -> Result<Self, Fault> {
        let at = |name: &str, problem: String, remedy: &'static str| Fault {
            line: lines.of(name),
            problem,
            remedy,
        };
        let dated = |property: &Property| {
            time(property, zones).map_err(|problem| {
                at(
                    &property.name,
                    problem,
                    "write it as 20261122T090000 with a known TZID",
                )
            })
        };
        let begin = property(event, "DTSTART").ok_or_else(|| {
            at(
                "BEGIN",
                "the event has no DTSTART".to_owned(),
                "give it one or take the event out",
            )
        })?;
        let (start, all_day) = dated(begin)?;
        let end = match property(event, "DTEND") {
            Some(end) => dated(end)?.0,
            None => Moment::new(start.wall + length(event, all_day), start.zone.clone()),
        };
        if end.instant() < start.instant() {
            let problem = "the event ends before it starts".to_owned();
            return Err(at("DTEND", problem, "correct DTSTART or DTEND"));
        }
        let recurrence = value(event, "RRULE")
            .map(|text| rule::read(text, start.wall.date(), &start.zone))
            .transpose()
            .map_err(|problem| {
                at(
                    "RRULE",
                    problem,
                    "write a rule that Outlook can show, or take the event out",
                )
            })?;
        let mut excluded = Vec::new();
        for property in properties(event, "EXDATE") {
            for part in property.value.as_deref().unwrap_or_default().split(',') {
                let one = Property {
                    value: Some(part.to_owned()),
                    ..property.clone()
                };
                excluded.push(local_date(&dated(&one)?, &start.zone));
            }
        }
        let original = property(event, "RECURRENCE-ID").map(dated).transpose()?;
        Ok(Self {
            uid: value(event, "UID").unwrap_or_default().to_owned(),
            original: original.map(|original| local_date(&original, &start.zone)),
            content: content(event, start, end, all_day, mailbox),
            recurrence,
            excluded,
        })
    }
}

fn local_date((moment, all_day): &(Moment, bool), zone: &Zone) -> NaiveDate {
    if *all_day {
        moment.wall.date()
    } else {
        zone.wall(moment.instant()).date()
    }
}

/// The time of a property, and whether it is a date only.
fn time(property: &Property, zones: &Zones) -> Result<(Moment, bool), String> {
    let text = property.value.as_deref().unwrap_or_default().trim();
    let wrong = || format!("'{text}' is no time");
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y%m%d") {
        return Ok((
            Moment::new(date.and_time(NaiveTime::MIN), zones.own().clone()),
            true,
        ));
    }
    let (digits, utc) = text
        .strip_suffix('Z')
        .map_or((text, false), |digits| (digits, true));
    let wall = NaiveDateTime::parse_from_str(digits, "%Y%m%dT%H%M%S").map_err(|_| wrong())?;
    let zone = match parameter(property, "TZID") {
        _ if utc => Zone::utc(),
        None => zones.own().clone(),
        Some(name) => zones.find(name).ok_or_else(|| {
            format!("the zone '{name}' is neither known nor described in the file")
        })?,
    };
    Ok((Moment::new(wall, zone), false))
}

/// How long an event lasts that names no end.
fn length(event: &IcalEvent, all_day: bool) -> Duration {
    let usual = if all_day {
        Duration::days(1)
    } else {
        Duration::zero()
    };
    value(event, "DURATION").and_then(duration).unwrap_or(usual)
}

fn duration(text: &str) -> Option<Duration> {
    let mut total = Duration::zero();
    let mut number = String::new();
    for letter in text.trim_start_matches(['+', 'P']).chars() {
        if letter.is_ascii_digit() {
            number.push(letter);
            continue;
        }
        let count: i64 = if letter == 'T' {
            0
        } else {
            number.parse().ok()?
        };
        number.clear();
        total += match letter {
            'T' => Duration::zero(),
            'W' => Duration::try_weeks(count)?,
            'D' => Duration::try_days(count)?,
            'H' => Duration::try_hours(count)?,
            'M' => Duration::try_minutes(count)?,
            'S' => Duration::try_seconds(count)?,
            _ => return None,
        };
    }
    Some(total)
}

fn content(
    event: &IcalEvent,
    start: Moment,
    mut end: Moment,
    date_only: bool,
    mailbox: &Mailbox,
) -> Content {
    let flagged = value(event, "X-MICROSOFT-CDO-ALLDAYEVENT")
        .is_some_and(|flag| flag.eq_ignore_ascii_case("TRUE"));
    let midnights = start.wall.time() == NaiveTime::MIN && end.wall.time() == NaiveTime::MIN;
    let all_day = date_only || (flagged && midnights);
    if all_day && end.wall <= start.wall {
        end.wall = start.wall + Days::new(1);
    }
    let owner = mailbox.owner();
    let mut content = Content::new(
        start,
        end,
        organizer(event).unwrap_or_else(|| owner.clone()),
    );
    content.all_day = all_day;
    content.subject = text(event, "SUMMARY");
    content.location = text(event, "LOCATION");
    content.body = Body {
        html: false,
        content: text(event, "DESCRIPTION"),
    };
    content.sensitivity = match value(event, "CLASS")
        .map(str::to_ascii_uppercase)
        .as_deref()
    {
        Some("PRIVATE") => Sensitivity::Private,
        Some("CONFIDENTIAL") => Sensitivity::Confidential,
        _ => Sensitivity::Normal,
    };
    content.importance = match value(event, "X-MICROSOFT-CDO-IMPORTANCE") {
        Some("0") => Importance::Low,
        Some("2") => Importance::High,
        _ => Importance::Normal,
    };
    content.show_as = show_as(event);
    content.reminder_on = !event.alarms.is_empty();
    content.attendees = properties(event, "ATTENDEE").map(attendee).collect();
    content.cancelled =
        value(event, "STATUS").is_some_and(|status| status.eq_ignore_ascii_case("CANCELLED"));
    if !content
        .organizer
        .address
        .eq_ignore_ascii_case(&owner.address)
        && !content.attendees.is_empty()
    {
        let own = content
            .attendees
            .iter()
            .find(|attendee| attendee.person.address.eq_ignore_ascii_case(&owner.address));
        content.response = own.map_or(Response::NotResponded, |attendee| attendee.response);
    }
    content
}

fn show_as(event: &IcalEvent) -> ShowAs {
    let own = [
        "X-MICROSOFT-CDO-BUSYSTATUS",
        "X-MICROSOFT-CDO-INTENDEDSTATUS",
    ];
    match value(event, own[0])
        .or_else(|| value(event, own[1]))
        .map(str::to_ascii_uppercase)
        .as_deref()
    {
        Some("FREE") => ShowAs::Free,
        Some("TENTATIVE") => ShowAs::Tentative,
        Some("BUSY") => ShowAs::Busy,
        Some("OOF") => ShowAs::OutOfOffice,
        Some("WORKINGELSEWHERE") => ShowAs::WorkingElsewhere,
        _ if value(event, "TRANSP")
            .is_some_and(|word| word.eq_ignore_ascii_case("TRANSPARENT")) =>
        {
            ShowAs::Free
        }
        _ => ShowAs::Busy,
    }
}

fn person(property: &Property) -> Person {
    let address = address(property);
    Person {
        name: parameter(property, "CN").unwrap_or(&address).to_owned(),
        address,
    }
}

/// An organiser makes a meeting only together with attendees; without them Outlook writes one all the same.
fn organizer(event: &IcalEvent) -> Option<Person> {
    property(event, "ORGANIZER").map(person)
}

fn attendee(property: &Property) -> Attendee {
    let word = |name| {
        parameter(property, name)
            .map(str::to_ascii_uppercase)
            .unwrap_or_default()
    };
    let role = match (word("CUTYPE").as_str(), word("ROLE").as_str()) {
        ("RESOURCE" | "ROOM", _) => Role::Resource,
        (_, "OPT-PARTICIPANT" | "NON-PARTICIPANT") => Role::Optional,
        _ => Role::Required,
    };
    let response = match word("PARTSTAT").as_str() {
        "ACCEPTED" => Response::Accepted,
        "DECLINED" => Response::Declined,
        "TENTATIVE" => Response::TentativelyAccepted,
        _ => Response::None,
    };
    Attendee {
        person: person(property),
        role,
        response,
    }
}
