use chrono::TimeDelta;
use chrono_tz::Tz;
use proptest::prelude::*;
use serde_json::{Value, json};
use sync::contract::{
    Date, DaySpan, EventContent, Instant, RangeEnd, Response, TimedSpan, WeekIndex, Weekday,
};

use super::*;
use crate::examples;
use crate::marker;
use crate::script;

fn reading() -> Reading {
    Reading {
        details: true,
        zone: Some(Tz::Europe__Berlin),
        markers: true,
    }
}

fn found(value: Value) -> Found {
    read(serde_json::from_value(value).unwrap(), &reading()).unwrap()
}

fn event_of(value: Value) -> ExchangeEvent {
    match found(value).change {
        Change::Event(event) => event,
        other => panic!("{other:?}"),
    }
}

fn at(text: &str) -> Instant {
    time::true_instant(text).unwrap()
}

fn with(mut value: Value, fields: Value) -> Value {
    for (name, field) in fields.as_object().unwrap() {
        value[name] = field.clone();
    }
    value
}

fn all_day(start: &str, end: &str, zone: &str) -> Value {
    with(
        script::event("a", "Fair"),
        json!({
            "isAllDay": true,
            "start": {"dateTime": start, "timeZone": zone},
            "end": {"dateTime": end, "timeZone": zone},
        }),
    )
}

fn day(year: i32, month: u8, day: u8) -> Date {
    Date { year, month, day }
}

#[test]
fn the_days_of_an_all_day_event_are_taken_and_never_converted() {
    for zone in ["UTC", "Pacific Standard Time", "tzone://Microsoft/Custom"] {
        let event = event_of(all_day(
            "2026-03-29T00:00:00.0000000",
            "2026-03-31T00:00:00.0000000",
            zone,
        ));
        assert_eq!(
            event.span,
            Span::AllDay(DaySpan {
                first: day(2026, 3, 29),
                after: day(2026, 3, 31),
            })
        );
    }
}

#[test]
fn an_all_day_event_without_length_is_one_day() {
    let event = event_of(all_day("2026-12-31T00:00:00", "2026-12-31T00:00:00", "UTC"));
    assert_eq!(
        event.span,
        Span::AllDay(DaySpan {
            first: day(2026, 12, 31),
            after: day(2027, 1, 1),
        })
    );
}

#[test]
fn times_are_read_in_whatever_zone_they_come() {
    for (text, zone) in [
        ("2026-07-01T10:00:00.0000000", "UTC"),
        ("2026-07-01T10:00:00.0000000", "tzone://Microsoft/Utc"),
        ("2026-07-01T12:00:00", "W. Europe Standard Time"),
        ("2026-07-01T12:00:00", "Europe/Berlin"),
        ("2026-07-01T10:00:00Z", "W. Europe Standard Time"),
        ("2026-07-01T12:00:00+02:00", "UTC"),
        ("2026-07-01T10:00:00", ""),
    ] {
        let times = json!({"dateTime": text, "timeZone": zone});
        let value = with(
            script::event("a", "x"),
            json!({"start": times, "end": times}),
        );
        let Span::Timed(span) = event_of(value).span else {
            panic!()
        };
        assert_eq!(span.start, at("2026-07-01T10:00:00Z"), "{text} {zone}");
    }
}

#[test]
fn an_unknown_zone_falls_back_to_the_mailboxs_and_says_so() {
    let times = json!({"dateTime": "2026-07-01T12:00:00", "timeZone": "tzone://Microsoft/Custom"});
    let found = found(with(
        script::event("a", "x"),
        json!({"start": times, "end": times}),
    ));
    let Change::Event(event) = found.change else {
        panic!()
    };
    let Span::Timed(span) = event.span else {
        panic!()
    };
    assert_eq!(span.start, at("2026-07-01T10:00:00Z"));
    assert_eq!(found.remarks.len(), 1);
    assert_eq!(found.remarks[0].code, "zone-unknown");
    assert_eq!(
        found.remarks[0].item,
        Some(ExchangeId { value: "a".into() })
    );
}

#[test]
fn null_absent_and_unknown_fields_and_names_are_no_trouble() {
    let bare = json!({
        "id": "a",
        "start": {"dateTime": "2026-03-03T09:00:00", "timeZone": null},
        "showAs": "sabbatical",
        "sensitivity": "secret",
        "type": "somethingNew",
        "attendees": [{"emailAddress": null, "type": "observer", "status": null}],
        "onlineMeeting": null, "recurrence": null, "body": null, "location": null,
        "organizer": {"emailAddress": null}, "responseStatus": {"response": "delegated"},
        "neverHeardOf": {"deep": [1, 2]},
    });
    let event = event_of(bare);
    assert_eq!(event.show_as, ShowAs::Unknown);
    assert_eq!(event.sensitivity, Sensitivity::Private);
    assert_eq!(event.shape, EventShape::Single);
    assert_eq!(event.meeting.attendees.len(), 1);
    assert_eq!(event.response, Response::None);
    assert!(!event.meeting.owner_organizes);
    assert_eq!(event.marker, MarkerReading::Absent);
}

#[test]
fn in_no_details_mode_the_body_is_dropped_at_once() {
    let reading = Reading {
        details: false,
        ..reading()
    };
    let event: Event = serde_json::from_value(script::event("a", "Visit")).unwrap();
    let Change::Event(event) = read(event, &reading).unwrap().change else {
        panic!()
    };
    assert_eq!(event.body, "");
}

#[test]
fn a_marker_is_known_in_any_case_and_not_read_where_it_cannot_come() {
    let value = with(
        script::event("a", "Visit"),
        json!({"singleValueExtendedProperties": [
            {"id": "String {00000000-0000-0000-0000-000000000000} Name Other", "value": "x"},
            {"id": marker::PROPERTY.to_ascii_lowercase(), "value": "acme:To-Do:12:3"},
        ]}),
    );
    let MarkerReading::Present(read_marker) = event_of(value).marker else {
        panic!()
    };
    assert_eq!(read_marker.generation, 3);
    let plain: Event = serde_json::from_value(script::event("a", "Visit")).unwrap();
    let Change::Event(event) = read(plain, &reading().without_markers()).unwrap().change else {
        panic!()
    };
    assert_eq!(event.marker, MarkerReading::NotRead);
}

fn series(pattern: Value, range: Value) -> Series {
    let value = with(
        script::event("m", "Series"),
        json!({"type": "seriesMaster", "recurrence": {"pattern": pattern, "range": range}}),
    );
    match event_of(value).shape {
        EventShape::Master(series) => series,
        other => panic!("{other:?}"),
    }
}

#[test]
fn last_friday_numbered_endless_and_the_first_day_of_the_week_are_kept() {
    let last_friday = series(
        json!({"type": "relativeMonthly", "interval": 1, "daysOfWeek": ["friday"], "index": "last",
               "month": 0, "dayOfMonth": 0, "firstDayOfWeek": "sunday"}),
        json!({"type": "numbered", "startDate": "2026-01-30", "endDate": "0001-01-01",
               "numberOfOccurrences": 7, "recurrenceTimeZone": "Tokyo Standard Time"}),
    );
    let rule = last_friday.rule.unwrap();
    let sync::contract::Pattern::RelativeMonthly(pattern) = rule.pattern else {
        panic!()
    };
    assert_eq!(pattern.index, WeekIndex::Last);
    assert_eq!(pattern.days, [Weekday::Friday]);
    assert_eq!(rule.end, RangeEnd::Numbered(7));
    assert_eq!(rule.zone.name, "Tokyo Standard Time");
    let weekly = series(
        json!({"type": "weekly", "interval": 2, "daysOfWeek": ["monday", "thursday"],
               "firstDayOfWeek": "monday"}),
        json!({"type": "noEnd", "startDate": "2026-01-05", "recurrenceTimeZone": ""}),
    );
    let rule = weekly.rule.unwrap();
    let sync::contract::Pattern::Weekly(pattern) = rule.pattern else {
        panic!()
    };
    assert_eq!(pattern.first_day, Weekday::Monday);
    assert_eq!(rule.end, RangeEnd::Endless);
    // The range names no zone, so the one counts in which the series was made.
    assert_eq!(rule.zone.name, "W. Europe Standard Time");
}

#[test]
fn a_rule_that_nobody_knows_is_kept_as_text_and_reported() {
    let value = with(
        script::event("m", "Series"),
        json!({"type": "seriesMaster", "recurrence": {
            "pattern": {"type": "lunar", "interval": 1}, "range": {"type": "noEnd"}}}),
    );
    let found = found(value);
    assert_eq!(found.remarks[0].code, "rule-unknown");
    let Change::Event(event) = found.change else {
        panic!()
    };
    let EventShape::Master(series) = event.shape else {
        panic!()
    };
    assert_eq!(series.rule, None);
    assert!(series.rule_text.contains("lunar"));
}

#[test]
fn an_occurrence_is_known_by_its_master_and_original_start() {
    let occurrence = json!({
        "@odata.etag": "W/\"1\"", "id": "o", "seriesMasterId": "m", "type": "occurrence",
        "start": {"dateTime": "2026-03-03T09:00:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": "2026-03-03T10:00:00.0000000", "timeZone": "UTC"},
    });
    let Change::Occurrence(read) = found(occurrence).change else {
        panic!()
    };
    assert_eq!(read.slot.master_id, "m");
    assert_eq!(read.slot.original_start, at("2026-03-03T09:00:00Z"));
    let exception = with(
        script::event("e", "Moved"),
        json!({"type": "exception", "seriesMasterId": "m",
               "originalStart": "2026-03-01T09:00:00Z"}),
    );
    let EventShape::Exception(slot) = event_of(exception).shape else {
        panic!()
    };
    assert_eq!(slot.original_start, at("2026-03-01T09:00:00Z"));
}

#[test]
fn an_all_day_occurrence_begins_at_the_mailboxs_midnight() {
    let occurrence = json!({
        "id": "o", "seriesMasterId": "m", "type": "occurrence",
        "start": {"dateTime": "2026-07-03T00:00:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": "2026-07-04T00:00:00.0000000", "timeZone": "UTC"},
    });
    let Change::Occurrence(read) = found(occurrence).change else {
        panic!()
    };
    assert!(matches!(read.span, Span::AllDay(_)));
    assert_eq!(read.slot.original_start, at("2026-07-02T22:00:00Z"));
}

fn content(span: Span, zone: &str) -> EventContent {
    EventContent {
        subject: "Visit".into(),
        location: String::new(),
        body: "Text".into(),
        span,
        zone: Zone { name: zone.into() },
        sensitivity: Sensitivity::Normal,
        show_as: ShowAs::Busy,
        without_reminder: false,
    }
}

#[test]
fn nothing_is_written_that_was_not_asked_for() {
    let span = Span::Timed(TimedSpan {
        start: at("2026-07-01T10:00:00Z"),
        end: at("2026-07-01T11:00:00Z"),
    });
    let body = write::creation(&content(span, "Europe/Berlin"), None, "k");
    assert!(body.get("attendees").is_none());
    assert!(body.get("isReminderOn").is_none());
    assert_eq!(body["transactionId"], "k");
    assert_eq!(body["start"]["timeZone"], "W. Europe Standard Time");
    assert_eq!(body["start"]["dateTime"], "2026-07-01T12:00:00.000000");
    let past = EventContent {
        without_reminder: true,
        ..content(span, "Europe/Berlin")
    };
    assert_eq!(write::creation(&past, None, "k")["isReminderOn"], false);
}

#[test]
fn a_time_that_comes_twice_is_written_in_utc() {
    let span = Span::Timed(TimedSpan {
        start: at("2026-10-25T01:30:00Z"),
        end: at("2026-10-25T03:00:00Z"),
    });
    let body = write::creation(&content(span, "W. Europe Standard Time"), None, "k");
    assert_eq!(body["start"]["timeZone"], "UTC");
    assert_eq!(body["start"]["dateTime"], "2026-10-25T01:30:00.000000");
}

#[test]
fn days_are_written_from_midnight_to_midnight_of_the_mailbox() {
    let span = Span::AllDay(DaySpan {
        first: day(2026, 3, 29),
        after: day(2026, 3, 30),
    });
    let body = write::creation(&content(span, "W. Europe Standard Time"), None, "k");
    assert_eq!(body["isAllDay"], true);
    assert_eq!(body["start"]["dateTime"], "2026-03-29T00:00:00");
    assert_eq!(body["end"]["dateTime"], "2026-03-30T00:00:00");
    assert_eq!(body["end"]["timeZone"], "W. Europe Standard Time");
}

#[test]
fn only_fields_that_differ_are_sent() {
    let patch = sync::contract::EventPatch {
        subject: Some("New".into()),
        location: None,
        body: None,
        span: None,
        zone: Zone { name: "UTC".into() },
        sensitivity: None,
        show_as: None,
    };
    assert_eq!(write::change(&patch), Some(json!({"subject": "New"})));
    let nothing = sync::contract::EventPatch {
        subject: None,
        ..patch
    };
    assert_eq!(write::change(&nothing), None);
}

proptest! {
    #[test]
    fn what_is_written_is_read_again_at_the_same_instant(
        zone in proptest::sample::select(vec![
            "W. Europe Standard Time", "Pacific Standard Time", "India Standard Time",
            "UTC", "Lord Howe Standard Time", "Azores Standard Time", "Europe/Dublin",
            "Samoa Standard Time", "Chatham Islands Standard Time",
        ]),
        minutes in 28_000_000_i64..31_000_000,
        length in 0_i64..4_000,
    ) {
        let start = sync::zone::instant(
            chrono::DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes));
        let end = Instant { microseconds: start.microseconds + length * 60_000_000 };
        let span = Span::Timed(TimedSpan { start, end });
        let body = write::creation(&content(span, zone), None, "k");
        let echoed = with(script::event("a", "x"), json!({
            "start": body["start"], "end": body["end"], "isAllDay": body["isAllDay"],
        }));
        prop_assert_eq!(event_of(echoed).span, span);
    }

    #[test]
    fn no_answer_makes_the_reader_fall(text in "[0-9TZ:+. -]{0,30}", zone in ".{0,20}") {
        let times = json!({"dateTime": text, "timeZone": zone});
        let value = with(script::event("a", "x"), json!({"start": times, "end": times}));
        let event: Event = serde_json::from_value(value).unwrap();
        let _ = read(event, &reading());
    }
}

#[test]
fn every_published_example_of_an_answer_is_read() {
    let Some(examples) = examples::answers() else {
        return;
    };
    let mut events = 0;
    for (name, body) in examples {
        if name.contains("translateexchangeids") {
            let pairs = crate::fetch::translation::read(&script::response(200, &body)).unwrap();
            assert_eq!(pairs.len(), 2, "{name}");
        }
        if body.get("start").is_none() {
            continue;
        }
        events += 1;
        let event = event_of(body);
        assert!(event.version.tag.starts_with("W/"), "{name}");
        assert!(event.uid.is_some(), "{name}");
        assert!(event.created.is_some(), "{name}");
        assert!(!event.body.contains('<'), "{name}: {}", event.body);
        assert!(event.meeting.owner_organizes, "{name}");
        assert!(!event.meeting.attendees.is_empty(), "{name}");
    }
    assert_eq!(events, 3);
}
