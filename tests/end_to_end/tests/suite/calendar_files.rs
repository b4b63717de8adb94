//! Calendars that other programs made, in their own years: single items arrive as they are, and series
//! as their occurrences inside the window.
//!
//! What is expected is written down here from reading the files, or read from them with the `ical`
//! crate's lines alone, never with the emulator's own reader.

use std::path::Path;

use chrono::NaiveDate;
use end_to_end::time::{all_day, days, timed, utc};
use end_to_end::{BERLIN, On, World, oracles, with_every_provider};
use tandem::contract::Span;

/// Loads a file into Berlin's mailbox at an instant of its year. None without the files.
async fn loaded(on: On, file: &str, now: &str) -> Option<World> {
    let path = oracles::calendars()?.join(file);
    let world = World::on(on)
        .now(utc(now))
        .technician("anna", BERLIN)
        .start()
        .await;
    world
        .exchange
        .load_calendar(&path, &world.anna().technician.address)
        .unwrap();
    Some(world)
}

async fn arrives(on: On, file: &str, now: &str, wanted: &[(&str, Span)]) {
    let Some(world) = loaded(on, file, now).await else {
        return;
    };
    let anna = world.anna();
    anna.cycle_writes(wanted.len() as u64, 0).await;
    let mut here: Vec<(String, String)> = anna
        .records()
        .await
        .into_iter()
        .map(|record| (record.fields.title, format!("{:?}", record.fields.span)))
        .collect();
    here.sort();
    let mut wanted: Vec<(String, String)> = wanted
        .iter()
        .map(|(title, span)| ((*title).to_owned(), format!("{span:?}")))
        .collect();
    wanted.sort();
    assert_eq!(here, wanted);
}

async fn a_meeting_of_the_summer_of_2009_with_folded_lines(on: On) {
    let title = "Example Calendar Export that Blows Up DDay.iCal";
    let wanted = [(title, days("2009-06-21", 1))];
    arrives(on, "outlook-2007-folds.ics", "2009-06-20T08:00Z", &wanted).await;
}

async fn an_appointment_in_a_zone_that_the_file_defines(on: On) {
    // Noon in California in February is 20:00 UTC.
    let wanted = [("Test 4", timed("2017-02-24T20:00Z", 30))];
    arrives(on, "outlook-own-zone.ics", "2017-02-20T08:00Z", &wanted).await;
}

async fn an_appointment_in_new_york_while_europe_has_changed_its_clocks(on: On) {
    // On 2024-10-28 New York still has summer time: 17:00 there is 21:00 UTC.
    let wanted = [(
        "Anonymous Test Event for TZID",
        timed("2024-10-28T21:00Z", 60),
    )];
    arrives(on, "outlook-quoted-zone.ics", "2024-10-20T08:00Z", &wanted).await;
}

async fn a_black_bin_put_off_by_a_day_comes_over_on_that_day(on: On) {
    // The window of 2020-05-25 begins on 2020-05-18 and ends with 2020-06-24, a day before a black
    // bin. The Thursday 2020-05-28 was moved to the Friday.
    let (black, blue) = ("Refuse black bin", "Blue Recycle bin");
    let wanted = [
        (blue, days("2020-05-21", 1)),
        (black, days("2020-05-29", 1)),
        (blue, days("2020-06-04", 1)),
        (black, days("2020-06-11", 1)),
        (blue, days("2020-06-18", 1)),
    ];
    let file = "outlook-series-until-utc.ics";
    arrives(on, file, "2020-05-25T08:00Z", &wanted).await;
}

async fn the_last_bins_are_those_of_the_midnight_that_the_series_ends_with(on: On) {
    // The series end with 2020-09-16T23:00Z and 2020-09-23T23:00Z: in Britain midnights of Thursdays.
    // The Thursday 2020-09-03 was moved to the Friday.
    let (black, blue) = ("Refuse black bin", "Blue Recycle bin");
    let wanted = [
        (black, days("2020-09-04", 1)),
        (blue, days("2020-09-10", 1)),
        (black, days("2020-09-17", 1)),
        (blue, days("2020-09-24", 1)),
    ];
    let file = "outlook-series-until-utc.ics";
    arrives(on, file, "2020-09-10T08:00Z", &wanted).await;
}

async fn the_stand_up_of_canberra_goes_with_canberras_clock(on: On) {
    // Half past nine there is 22:30 UTC of the day before, and 23:30 from 2009-04-05 on, when summer
    // time ends. The window begins at 2009-03-25T23:00Z and ends at 2009-05-02T22:00Z: the stand-up of
    // Thursday 2009-03-26 is over before, that of Monday 2009-05-04 comes after.
    let summer = ["03-26", "03-29", "03-30", "03-31", "04-01", "04-02"];
    let winter = [
        "04-05", "04-06", "04-07", "04-08", "04-09", "04-12", "04-13", "04-14", "04-15", "04-16",
        "04-19", "04-20", "04-21", "04-22", "04-23", "04-26", "04-27", "04-28", "04-29", "04-30",
    ];
    let summer = summer.map(|day| timed(&format!("2009-{day}T22:30Z"), 15));
    let winter = winter.map(|day| timed(&format!("2009-{day}T23:30Z"), 15));
    let wanted: Vec<(&str, Span)> = summer
        .into_iter()
        .chain(winter)
        .map(|span| ("Standup", span))
        .collect();
    let file = "outlook-standup-series.ics";
    arrives(on, file, "2009-04-02T08:00Z", &wanted).await;
}

/// All-day events of a file by its plain lines: title, first day, day after.
fn days_in(path: &Path) -> Vec<(String, NaiveDate, NaiveDate)> {
    let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
    let mut found = Vec::new();
    for calendar in ical::IcalParser::new(file) {
        for event in calendar.unwrap().events {
            let value = |name: &str| {
                let property = event.properties.iter().find(|one| one.name == name);
                property.and_then(|one| one.value.clone()).unwrap()
            };
            let date = |name: &str| NaiveDate::parse_from_str(&value(name), "%Y%m%d").unwrap();
            let title = value("SUMMARY").replace("\\,", ",").trim().to_owned();
            found.push((title, date("DTSTART"), date("DTEND")));
        }
    }
    found
}

async fn germanys_holidays_keep_their_dates(on: On) {
    let Some(folder) = oracles::calendars() else {
        return;
    };
    let path = folder.join("holidays-germany.ics");
    // Read on 2014-06-15: the window begins on 2014-06-08, and everything later comes over.
    let Some(world) = loaded(on, "holidays-germany.ics", "2014-06-15T08:00Z").await else {
        return;
    };
    let start: NaiveDate = "2014-06-08".parse().unwrap();
    let mut wanted: Vec<(String, String)> = days_in(&path)
        .into_iter()
        .filter(|(_, _, after)| *after > start)
        .map(|(title, first, after)| (title, format!("{:?}", all_day(first, after))))
        .collect();
    wanted.sort();
    assert!(wanted.len() > 60, "{}", wanted.len());
    let anna = world.anna();
    anna.cycle_writes(wanted.len() as u64, 0).await;
    let mut here: Vec<(String, String)> = anna
        .records()
        .await
        .into_iter()
        .map(|record| (record.fields.title, format!("{:?}", record.fields.span)))
        .collect();
    here.sort();
    assert_eq!(here, wanted);
}

async fn no_calendar_is_left_out(on: On) {
    let Some(folder) = oracles::calendars() else {
        return;
    };
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(
        files,
        [
            "holidays-germany.ics",
            "outlook-2007-folds.ics",
            "outlook-own-zone.ics",
            "outlook-quoted-zone.ics",
            "outlook-series-until-utc.ics",
            "outlook-standup-series.ics",
        ],
        "a calendar was added: write down what is expected of it"
    );
    drop(on);
}

async fn an_unreadable_file_is_refused_whole_with_its_line(on: On) {
    let world = World::start(on).await;
    let address = &world.anna().technician.address;
    let event = |lines: &str| {
        format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Good\r\n\
             DTSTART:20261124T090000Z\r\nDTEND:20261124T100000Z\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\n\
             {lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
    };
    for text in [
        "no calendar at all".to_owned(),
        event("DTSTART:2026-11-24"),
        event("DTSTART:20261324T090000Z"),
        event("DTSTART:20261124T090000Z\r\nDTEND:20261123T090000Z"),
        event("DTSTART:20261124T090000Z").replace("END:VCALENDAR\r\n", ""),
    ] {
        let error = world
            .exchange
            .load_calendar_text("broken.ics", &text, address)
            .unwrap_err()
            .to_string();
        assert!(error.contains("broken.ics, line "), "{error}");
        assert!(error.ends_with("nothing was loaded"), "{error}");
        assert!(world.anna().calendar().is_empty());
    }
    let missing = world.on.folder().join("missing.ics");
    let error = world.exchange.load_calendar(&missing, address).unwrap_err();
    assert!(error.to_string().contains("missing.ics"), "{error}");
}

with_every_provider![
    a_meeting_of_the_summer_of_2009_with_folded_lines,
    an_appointment_in_a_zone_that_the_file_defines,
    an_appointment_in_new_york_while_europe_has_changed_its_clocks,
    a_black_bin_put_off_by_a_day_comes_over_on_that_day,
    the_last_bins_are_those_of_the_midnight_that_the_series_ends_with,
    the_stand_up_of_canberra_goes_with_canberras_clock,
    germanys_holidays_keep_their_dates,
    no_calendar_is_left_out,
    an_unreadable_file_is_refused_whole_with_its_line,
];
