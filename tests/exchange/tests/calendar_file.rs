//! Loading `.ics` files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use std::path::PathBuf;

use exchange::{Loaded, Sensitivity, ShowAs};
use support::{ANNA, Server};

/// Other people's calendars; in CI they have to be there.
fn oracles() -> Option<PathBuf> {
    let folder = std::env::var_os("TANDEM_ORACLES").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracles"),
        PathBuf::from,
    );
    let folder = folder.join("calendars");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "{} is missing",
        folder.display()
    );
    eprintln!("skipped: {} is missing", folder.display());
    None
}

fn event(lines: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:7\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

#[test]
fn real_calendars_are_loaded_whole() {
    let Some(folder) = oracles() else { return };
    for (file, items, series, exceptions) in [
        ("holidays-germany.ics", 159, 0, 0),
        ("outlook-2007-folds.ics", 1, 0, 0),
        ("outlook-own-zone.ics", 1, 0, 0),
        ("outlook-quoted-zone.ics", 1, 0, 0),
        ("outlook-series-until-utc.ics", 2, 2, 3),
        ("outlook-standup-series.ics", 1, 1, 0),
    ] {
        let server = Server::start();
        let loaded = server
            .exchange
            .load_calendar(&folder.join(file), ANNA)
            .unwrap();
        assert_eq!(
            loaded,
            Loaded {
                items,
                series,
                exceptions
            },
            "{file}"
        );
    }
}

#[test]
fn a_series_of_outlook_expands_in_its_own_zone() {
    let Some(folder) = oracles() else { return };
    let server = Server::start();
    server
        .exchange
        .load_calendar(&folder.join("outlook-standup-series.ics"), ANNA)
        .unwrap();
    let view =
        "/calendarView?startDateTime=2009-04-01T00:00:00Z&endDateTime=2009-04-08T00:00:00Z&$top=50";
    let view = server.anna(view).json();
    let starts: Vec<&str> = view["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["start"]["dateTime"].as_str().unwrap())
        .collect();
    // half past nine in Sydney, where summer time ended on 2009-04-05
    assert_eq!(
        starts,
        [
            "2009-04-01T22:30:00.0000000",
            "2009-04-02T22:30:00.0000000",
            "2009-04-05T23:30:00.0000000",
            "2009-04-06T23:30:00.0000000",
            "2009-04-07T23:30:00.0000000",
        ]
    );
    let (entries, _) = server.round(&format!(
        "/v1.0/users/{ANNA}/calendarView/delta?startDateTime=2009-04-01T00:00:00Z&endDateTime=2009-04-08T00:00:00Z"
    ));
    assert_eq!(entries.len(), 1 + 5);
}

#[test]
fn exceptions_and_until_in_utc_are_those_of_the_calendars_owner() {
    let Some(folder) = oracles() else { return };
    let server = Server::start();
    server
        .exchange
        .load_calendar(&folder.join("outlook-series-until-utc.ics"), ANNA)
        .unwrap();
    let view = "/calendarView?startDateTime=2020-01-01T00:00:00Z&endDateTime=2021-01-01T00:00:00Z&$top=100";
    let view = server.anna(view).json();
    let of = |subject: &str| -> Vec<String> {
        let events = view["value"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|event| event["subject"] == subject);
        events
            .map(|event| event["start"]["dateTime"].as_str().unwrap()[..10].to_owned())
            .collect()
    };
    let black = of("Refuse black bin");
    assert_eq!(black.len(), 13);
    assert_eq!(
        (black[0].as_str(), black[1].as_str()),
        ("2020-04-02", "2020-04-17")
    );
    assert_eq!(black.last().unwrap(), "2020-09-17");
}

#[test]
fn fields_of_an_event_are_mapped() {
    let server = Server::start();
    let text = event(
        "DTSTART;TZID=\"W. Europe Standard Time\":20261123T090000\r\nDTEND;TZID=\"W. Europe Standard Time\":20261123T100000\r\n\
         SUMMARY:Lunch\\, with \r\n Bo\r\nLOCATION:Room 1\\; left\r\nDESCRIPTION:one\\ntwo\r\nCLASS:PRIVATE\r\n\
         X-MICROSOFT-CDO-BUSYSTATUS:OOF\r\nORGANIZER;CN=\"Bo\":MAILTO:bo@example.org\r\n\
         ATTENDEE;PARTSTAT=DECLINED:mailto:anna@example.com",
    );
    server
        .exchange
        .load_calendar_text("mine.ics", &text, ANNA)
        .unwrap();
    let found = &server.exchange.person(ANNA).events().unwrap()[0];
    assert_eq!(found.content.subject, "Lunch, with Bo");
    assert_eq!(found.content.location, "Room 1; left");
    assert_eq!(found.content.body.content, "one\ntwo");
    assert_eq!(found.content.sensitivity, Sensitivity::Private);
    assert_eq!(found.content.show_as, ShowAs::OutOfOffice);
    assert_eq!(found.json["responseStatus"]["response"], "declined");
    assert_eq!(found.json["isOrganizer"], false);
    assert_eq!(
        found.json["start"]["dateTime"],
        "2026-11-23T08:00:00.0000000"
    );
    assert_eq!(found.uid, "7");
}

#[test]
fn events_with_the_same_uid_are_all_kept() {
    let server = Server::start();
    let one = event("DTSTART;VALUE=DATE:20261224\r\nSUMMARY:a");
    let two = one
        .replace("SUMMARY:a", "SUMMARY:b")
        .replace("20261224", "20261225");
    let text = format!("{one}{two}");
    assert_eq!(
        server
            .exchange
            .load_calendar_text("two.ics", &text, ANNA)
            .unwrap()
            .items,
        2
    );
    let events = server.exchange.person(ANNA).events().unwrap();
    assert!(
        events
            .iter()
            .all(|found| found.content.all_day && found.uid == "7")
    );
}

#[test]
fn excluded_dates_are_not_in_the_series() {
    let server = Server::start();
    let text = event(
        "DTSTART;TZID=Europe/Berlin:20261123T090000\r\nDURATION:PT30M\r\nRRULE:FREQ=DAILY;COUNT=4\r\n\
         EXDATE;TZID=Europe/Berlin:20261124T090000,20261125T090000",
    );
    server
        .exchange
        .load_calendar_text("ex.ics", &text, ANNA)
        .unwrap();
    let (entries, _) = server.first_round();
    assert_eq!(entries.len(), 1 + 2);
}

#[test]
fn an_unreadable_file_names_file_line_and_remedy_and_loads_nothing() {
    let server = Server::start();
    let good = event("DTSTART:20261124T090000Z\r\nSUMMARY:a");
    for (bad, line, word) in [
        (event("DTSTART:yesterday"), 13, "'yesterday' is no time"),
        (
            event("SUMMARY:long\r\n er\r\nDTSTART;TZID=Nowhere:20261124T090000"),
            15,
            "'Nowhere'",
        ),
        (
            event("DTSTART:20261124T090000Z\r\nRRULE:FREQ=HOURLY"),
            14,
            "no pattern",
        ),
        (
            event("DTSTART:20261124T090000Z\r\nno colon here"),
            14,
            "property name",
        ),
        (
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n".to_owned(),
            11,
            "incomplete",
        ),
    ] {
        let error = server
            .exchange
            .load_calendar_text("bad.ics", &format!("{good}{bad}"), ANNA)
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with(&format!("bad.ics, line {line}: ")),
            "{error}"
        );
        assert!(
            error.contains(word) && error.ends_with("nothing was loaded"),
            "{error}"
        );
    }
    let error = server
        .exchange
        .load_calendar(&PathBuf::from("/no/such.ics"), ANNA)
        .unwrap_err();
    assert!(error.to_string().contains("/no/such.ics"), "{error}");
    assert!(
        server
            .exchange
            .load_calendar_text("text.ics", "hello", ANNA)
            .is_err()
    );
    assert!(server.exchange.person(ANNA).events().unwrap().is_empty());
}
