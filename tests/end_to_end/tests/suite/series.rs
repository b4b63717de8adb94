//! Series: one PSA appointment for each occurrence in the window, and what becomes of them.

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};
use end_to_end::time::{day, timed, utc, wall};
use end_to_end::{BERLIN, Desk, Embedded, On, World, with_every_provider};
use serde_json::{Value, json};
use tandem::contract::{Rule, Span};
use tandem::cycle::Options;
use tandem::psa::appointment::AppointmentRecord;

/// A series as Outlook writes it, by the mailbox's wall clock.
fn series(subject: &str, start: &str, minutes: i64, pattern: Value, range: Value) -> Value {
    in_zone(
        "W. Europe Standard Time",
        subject,
        start,
        minutes,
        pattern,
        range,
    )
}

fn in_zone(
    zone: &str,
    subject: &str,
    start: &str,
    minutes: i64,
    pattern: Value,
    range: Value,
) -> Value {
    let start = wall(start);
    let at = |time: NaiveDateTime| json!({"dateTime": time.format("%Y-%m-%dT%H:%M:%S").to_string(), "timeZone": zone});
    let mut range = range;
    range["startDate"] = start.date().to_string().into();
    json!({
        "subject": subject,
        "body": {"contentType": "text", "content": format!("About {subject}")},
        "start": at(start),
        "end": at(start + TimeDelta::minutes(minutes)),
        "recurrence": {"pattern": pattern, "range": range},
    })
}

fn weekly(days: &[&str]) -> Value {
    json!({"type": "weekly", "interval": 1, "daysOfWeek": days, "firstDayOfWeek": "monday"})
}

fn daily() -> Value {
    json!({"type": "daily", "interval": 1})
}

fn endless() -> Value {
    json!({"type": "noEnd"})
}

async fn world(on: On, now: &str) -> World {
    World::on(on)
        .now(utc(now))
        .technician("anna", BERLIN)
        .start()
        .await
}

/// Mondays at 9 in Berlin from the 5th of October 2026 on, seen on the 12th: summer time ends on the
/// 25th. The window goes from the 5th to the 11th of November.
async fn mondays(on: On) -> (World, String) {
    let world = world(on, "2026-10-12T08:00Z").await;
    let pattern = weekly(&["monday"]);
    let draft = series("Stand-up", "2026-10-05T09:00", 30, pattern, endless());
    let id = world.anna().outlook().create_json(&draft).unwrap();
    (world, id)
}

const MONDAYS: [&str; 6] = [
    "2026-10-05T07:00Z",
    "2026-10-12T07:00Z",
    "2026-10-19T07:00Z",
    "2026-10-26T08:00Z",
    "2026-11-02T08:00Z",
    "2026-11-09T08:00Z",
];

async fn spans(anna: &Desk<'_>) -> Vec<Span> {
    let mut spans: Vec<Span> = in_order(anna)
        .await
        .iter()
        .map(|it| it.fields.span)
        .collect();
    spans.dedup();
    spans
}

async fn in_order(anna: &Desk<'_>) -> Vec<AppointmentRecord> {
    let mut records = anna.records().await;
    records.sort_by_key(|record| format!("{:?}", begins(record.fields.span)));
    records
}

fn begins(span: Span) -> NaiveDateTime {
    match span {
        Span::Timed(timed) => chrono::DateTime::from_timestamp_micros(timed.start.microseconds)
            .unwrap()
            .naive_utc(),
        Span::AllDay(days) => NaiveDate::from_ymd_opt(
            days.first.year,
            days.first.month.into(),
            days.first.day.into(),
        )
        .unwrap()
        .and_time(chrono::NaiveTime::MIN),
    }
}

fn half_hours(starts: &[&str]) -> Vec<Span> {
    starts.iter().map(|start| timed(start, 30)).collect()
}

/// The occurrence that the rule puts at this wall time.
fn occurrence(anna: &Desk<'_>, series: &str, original: &str) -> String {
    anna.outlook().occurrence(series, wall(original)).unwrap()
}

async fn each_occurrence_in_the_window_comes_over_once(on: On) {
    let (world, _) = mondays(on).await;
    let anna = world.anna();
    anna.cycle_writes(6, 0).await;
    assert_eq!(spans(&anna).await, half_hours(&MONDAYS));
    for record in anna.records().await {
        assert_eq!(record.fields.title, "Stand-up");
        assert_eq!(record.fields.description, "About Stand-up");
        assert!(record.fields.recurring);
    }
}

async fn occurrences_enter_as_the_window_moves_without_being_asked_for(on: On) {
    let (mut world, _) = mondays(on).await;
    world.anna().cycle_writes(6, 0).await;
    // The daily inventory is over by now, and due again in a day.
    world.set_now(utc("2026-10-16T12:00Z")).await;
    world.anna().cycle().await;
    world.set_now(utc("2026-10-16T21:50Z")).await;
    world.anna().cycle_writes(0, 0).await;
    // Midnight in Berlin: the 16th of November is the last day of the window now.
    world.set_now(utc("2026-10-16T22:10Z")).await;
    let report = world.anna().cycle().await;
    let new_day = requests_of_a_new_day(&world.on);
    let counts = report.counts;
    assert_eq!((counts.psa_writes, counts.requests), (1, new_day));
    let anna = world.anna();
    assert_eq!(
        spans(&anna).await.last(),
        Some(&timed("2026-11-16T08:00Z", 30))
    );
    anna.is_at_rest().await;
}

/// How often a cycle asks in which the window has moved on: with EWS the calendar is viewed then.
const fn requests_of_a_new_day(on: &On) -> u64 {
    match on.provider {
        Embedded::Graph => 1,
        Embedded::Ews => 2,
    }
}

async fn a_mailbox_with_forty_series_asks_once(on: On) {
    let mut world = world(on, "2026-10-12T08:00Z").await;
    for number in 0..40_u32 {
        let pattern = match number % 4 {
            0 => daily(),
            1 => weekly(&["monday", "thursday"]),
            2 => json!({"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31}),
            _ => {
                json!({"type": "relativeMonthly", "interval": 1, "daysOfWeek": ["friday"], "index": "last"})
            }
        };
        let start = format!(
            "2026-{:02}-0{}T{:02}:15",
            1 + number % 9,
            1 + number % 7,
            8 + number % 9
        );
        let draft = series(&format!("Series {number}"), &start, 45, pattern, endless());
        let id = world.anna().outlook().create_json(&draft).unwrap();
        if number == 4 {
            world
                .anna()
                .outlook()
                .delete(&occurrence(&world.anna(), &id, "2026-11-18T12:15"))
                .unwrap();
        }
    }
    let first = world.anna().cycle().await;
    assert!(first.counts.psa_writes > 400, "{:?}", first.counts);
    assert!(first.counts.requests <= 20, "{:?}", first.counts);
    // The first cycle found out the mailbox's zone, and with it where the window lies.
    let new_day = requests_of_a_new_day(&world.on);
    let idle = world.anna().cycle().await;
    assert_eq!((idle.counts.requests, idle.counts.psa_writes), (new_day, 0));
    world.set_now(utc("2026-10-12T21:50Z")).await;
    // The token is out of date by now, and the first request is sent twice.
    world.anna().cycle().await;
    let idle = world.anna().cycle().await;
    assert_eq!((idle.counts.requests, idle.counts.psa_writes), (1, 0));
    world.set_now(utc("2026-10-12T22:10Z")).await;
    let next_day = world.anna().cycle().await;
    assert!(next_day.counts.psa_writes > 0);
    assert_eq!(next_day.counts.requests, new_day);
}

async fn a_moved_an_edited_and_a_deleted_occurrence_come_over(on: On) {
    let (world, id) = mondays(on).await;
    let anna = world.anna();
    anna.cycle_writes(6, 0).await;
    let moved = occurrence(&anna, &id, "2026-10-19T09:00");
    anna.drag(&moved, "2026-10-20T15:00", 60);
    let renamed = occurrence(&anna, &id, "2026-10-26T09:00");
    anna.outlook()
        .update_json(&renamed, &json!({"subject": "Stand-up with cake"}))
        .unwrap();
    anna.outlook()
        .delete(&occurrence(&anna, &id, "2026-11-02T09:00"))
        .unwrap();
    anna.cycle_writes(3, 0).await;
    let records = in_order(&anna).await;
    assert_eq!(records.len(), 5);
    assert_eq!(records[2].fields.span, timed("2026-10-20T13:00Z", 60));
    assert_eq!(records[3].fields.title, "Stand-up with cake");
    assert_eq!(records[4].fields.span, timed("2026-11-09T08:00Z", 30));
}

async fn an_occurrence_leaves_the_window_and_comes_back(on: On) {
    let (world, id) = mondays(on).await;
    let anna = world.anna();
    anna.cycle_writes(6, 0).await;
    let last = occurrence(&anna, &id, "2026-11-09T09:00");
    // Beyond all that is read, so that the round tells nothing of it.
    for original in [
        "2026-11-16T09:00",
        "2026-11-23T09:00",
        "2026-11-30T09:00",
        "2026-12-07T09:00",
        "2026-12-14T09:00",
    ] {
        anna.outlook()
            .delete(&occurrence(&anna, &id, original))
            .unwrap();
    }
    anna.drag(&last, "2026-12-18T10:00", 30);
    anna.cycle_writes(1, 0).await;
    assert_eq!(
        spans(&anna).await.last(),
        Some(&timed("2026-12-18T09:00Z", 30))
    );
    anna.drag(&last, "2026-11-10T10:00", 30);
    anna.cycle_writes(1, 0).await;
    assert_eq!(
        spans(&anna).await.last(),
        Some(&timed("2026-11-10T09:00Z", 30))
    );
    // One from outside the window comes into it.
    let far = occurrence(&anna, &id, "2026-12-21T09:00");
    anna.drag(&far, "2026-11-11T10:00", 30);
    anna.cycle_writes(1, 0).await;
    assert_eq!(
        spans(&anna).await.last(),
        Some(&timed("2026-11-11T09:00Z", 30))
    );
}

async fn a_series_set_to_another_time_is_one_change(on: On) {
    let world = world(on, "2026-10-12T08:00Z").await;
    let anna = world.anna();
    let draft = series("Stand-up", "2026-10-01T09:00", 30, daily(), endless());
    let id = anna.outlook().create_json(&draft).unwrap();
    let single = anna.book("Lunch", "2026-10-13T08:00", 30);
    anna.cycle().await;
    let before: Vec<String> = in_order(&anna)
        .await
        .into_iter()
        .map(|it| it.id.value)
        .collect();
    assert_eq!(before.len(), 39);
    anna.drag(&id, "2026-10-01T14:00", 30);
    let report = anna.cycle_writes(38, 0).await;
    assert_eq!(report.held, 0);
    let after: Vec<String> = in_order(&anna)
        .await
        .into_iter()
        .map(|it| it.id.value)
        .collect();
    assert_eq!(after, before);
    assert!(spans(&anna).await.contains(&timed("2026-10-12T12:00Z", 30)));
    assert!(!anna.rules_of_item(&single).await.is_empty());
}

async fn a_deleted_series_is_one_deletion(on: On) {
    let world = world(on, "2026-10-12T08:00Z").await;
    let anna = world.anna();
    let draft = series("Stand-up", "2026-10-01T09:00", 30, daily(), endless());
    let id = anna.outlook().create_json(&draft).unwrap();
    let _ = anna.book("Lunch", "2026-10-13T12:00", 30);
    anna.cycle_writes(39, 0).await;
    anna.outlook().delete(&id).unwrap();
    let report = anna.cycle_writes(38, 0).await;
    assert_eq!(report.held, 0);
    anna.both_sides_hold(&["Lunch"]).await;
}

async fn a_series_that_ends_loses_what_comes_after(on: On) {
    let (world, id) = mondays(on).await;
    let anna = world.anna();
    anna.cycle_writes(6, 0).await;
    let until = json!({"recurrence": {"pattern": weekly(&["monday"]),
        "range": {"type": "endDate", "startDate": "2026-10-05", "endDate": "2026-10-20"}}});
    anna.outlook().update_json(&id, &until).unwrap();
    anna.cycle_writes(3, 0).await;
    assert_eq!(spans(&anna).await, half_hours(&MONDAYS[..3]));
}

async fn an_item_becomes_a_series_and_single_again(on: On) {
    let world = world(on, "2026-10-12T08:00Z").await;
    let anna = world.anna();
    let id = anna.book("Stand-up", "2026-10-19T09:00", 30);
    anna.cycle_writes(1, 0).await;
    let row = anna.only_record().await.id;
    let repeats = json!({"recurrence": {"pattern": weekly(&["monday"]),
        "range": {"type": "noEnd", "startDate": "2026-10-19"}}});
    anna.outlook().update_json(&id, &repeats).unwrap();
    anna.cycle_writes(4, 0).await;
    assert_eq!(spans(&anna).await, half_hours(&MONDAYS[2..]));
    assert_eq!(in_order(&anna).await[0].id, row);
    anna.outlook()
        .update_json(&id, &json!({"recurrence": null}))
        .unwrap();
    anna.cycle_writes(4, 0).await;
    let record = anna.only_record().await;
    assert_eq!((record.id, record.fields.recurring), (row, false));
}

async fn an_occurrence_moved_in_the_psa_becomes_an_exception(on: On) {
    let (world, id) = mondays(on).await;
    let anna = world.anna();
    anna.cycle_writes(6, 0).await;
    let records = in_order(&anna).await;
    // Several at once: each write gives all the others another version.
    anna.reschedule(&records[2].id, timed("2026-10-20T13:00Z", 45))
        .await;
    anna.reschedule(&records[3].id, timed("2026-10-27T13:00Z", 45))
        .await;
    anna.reschedule(&records[4].id, timed("2026-11-03T13:00Z", 45))
        .await;
    anna.cycle_writes(0, 3).await;
    for (original, start) in [
        ("2026-10-19T09:00", "2026-10-20T13:00Z"),
        ("2026-10-26T09:00", "2026-10-27T13:00Z"),
        ("2026-11-02T09:00", "2026-11-03T13:00Z"),
    ] {
        assert_eq!(anna.occurrence_span(&id, wall(original)), timed(start, 45));
    }
    assert_eq!(anna.records().await.len(), 6);
}

async fn where_exchange_refuses_a_place_the_copy_goes_back(on: On) {
    let (world, _) = mondays(on).await;
    let anna = world.anna();
    anna.cycle_writes(6, 0).await;
    let row = in_order(&anna).await[2].id.clone();
    // Past its neighbour of the 26th.
    anna.reschedule(&row, timed("2026-10-28T13:00Z", 30)).await;
    anna.cycle().await;
    anna.comes_to_rest().await;
    assert_eq!(anna.record(&row).await.fields.span, timed(MONDAYS[2], 30));
    assert!(
        anna.rules_of(&row)
            .await
            .contains(&Rule::OccurrenceNotMoved)
    );
    assert!(anna.nothing_waits().await);
    // Moved once more, to a place that it may have.
    anna.reschedule(&row, timed("2026-10-21T13:00Z", 30)).await;
    anna.cycle_writes(0, 1).await;
}

async fn an_occurrence_struck_in_the_psa_stays_away_until_it_changes(on: On) {
    let (world, id) = mondays(on).await;
    let anna = world.anna();
    anna.cycle_writes(6, 0).await;
    let row = in_order(&anna).await[2].id.clone();
    anna.strike(std::slice::from_ref(&row)).await;
    anna.cycle_writes(0, 0).await;
    assert_eq!(anna.records().await.len(), 5);
    anna.drag(
        &occurrence(&anna, &id, "2026-10-19T09:00"),
        "2026-10-19T11:00",
        30,
    );
    anna.cycle_writes(1, 0).await;
    assert_eq!(anna.records().await.len(), 6);
}

async fn a_meetings_occurrence_is_not_moved(on: On) {
    let world = world(on, "2026-10-12T08:00Z").await;
    let anna = world.anna();
    let mut draft = series(
        "Board",
        "2026-10-05T09:00",
        30,
        weekly(&["monday"]),
        endless(),
    );
    draft["attendees"] =
        json!([{"emailAddress": {"address": "bea@elsewhere.example"}, "type": "required"}]);
    let _ = anna.outlook().create_json(&draft).unwrap();
    anna.cycle_writes(6, 0).await;
    let row = in_order(&anna).await[2].id.clone();
    anna.reschedule(&row, timed("2026-10-20T13:00Z", 30)).await;
    anna.cycle_writes(1, 0).await;
    assert_eq!(anna.record(&row).await.fields.span, timed(MONDAYS[2], 30));
    assert!(anna.rules_of(&row).await.contains(&Rule::MeetingNotMoved));
}

async fn nothing_is_doubled_when_links_or_storage_are_lost(on: On) {
    let (world, id) = mondays(on.clone()).await;
    let anna = world.anna();
    let moved = occurrence(&anna, &id, "2026-10-19T09:00");
    anna.drag(&moved, "2026-10-20T15:00", 30);
    anna.cycle_writes(6, 0).await;
    let rows: Vec<String> = in_order(&anna)
        .await
        .into_iter()
        .map(|it| it.id.value)
        .collect();
    for statement in [
        "DELETE FROM link",
        "DELETE FROM plugin_storage",
        "DELETE FROM master",
    ] {
        on.execute(statement).await;
        anna.comes_to_rest().await;
        let full = Options {
            full: true,
            ..Options::default()
        };
        anna.try_cycle(full).await.unwrap();
        anna.is_at_rest().await;
        let now: Vec<String> = in_order(&anna)
            .await
            .into_iter()
            .map(|it| it.id.value)
            .collect();
        assert_eq!(now, rows, "{statement}");
    }
    // And what happens afterwards is still followed.
    anna.outlook().delete(&moved).unwrap();
    anna.cycle_writes(1, 0).await;
}

async fn a_series_moved_to_another_calendar_goes_and_comes_back(on: On) {
    let (mut world, id) = mondays(on).await;
    let anna = world.anna();
    anna.cycle_writes(6, 0).await;
    anna.outlook().move_to(&id, "Private").unwrap();
    anna.cycle_writes(6, 0).await;
    assert!(anna.records().await.is_empty());
    // The server never announces its return; the day's list of everything shows it.
    anna.outlook().move_to(&id, "Calendar").unwrap();
    world.pass(TimeDelta::hours(26)).await;
    let anna = world.anna();
    anna.cycle_writes(5, 0).await;
    assert_eq!(spans(&anna).await, half_hours(&MONDAYS[1..]));
}

async fn in_the_hour_that_is_missing_and_the_one_that_comes_twice(on: On) {
    let world = world(on, "2026-10-20T08:00Z").await;
    let anna = world.anna();
    let draft = series(
        "Night shift",
        "2026-10-24T02:30",
        30,
        daily(),
        json!({"type": "numbered", "numberOfOccurrences": 3}),
    );
    let autumn = anna.outlook().create_json(&draft).unwrap();
    anna.cycle_writes(3, 0).await;
    let there: Vec<Span> = ["2026-10-24T02:30", "2026-10-25T02:30", "2026-10-26T02:30"]
        .iter()
        .map(|original| anna.occurrence_span(&autumn, wall(original)))
        .collect();
    assert_eq!(spans(&anna).await, there);
    assert_eq!(there[0], timed("2026-10-24T00:30Z", 30));
    assert_eq!(there[2], timed("2026-10-26T01:30Z", 30));
}

async fn a_series_of_another_zone_keeps_that_zones_time(on: On) {
    let world = world(on, "2026-10-20T08:00Z").await;
    let anna = world.anna();
    // New York changes its clocks a week after Berlin.
    let draft = in_zone(
        "Eastern Standard Time",
        "Call",
        "2026-10-19T10:00",
        30,
        weekly(&["monday"]),
        endless(),
    );
    let _ = anna.outlook().create_json(&draft).unwrap();
    anna.cycle_writes(5, 0).await;
    let expected = [
        "2026-10-19T14:00Z",
        "2026-10-26T14:00Z",
        "2026-11-02T15:00Z",
        "2026-11-09T15:00Z",
        "2026-11-16T15:00Z",
    ];
    assert_eq!(spans(&anna).await, half_hours(&expected));
}

async fn at_the_windows_edges(on: On) {
    let world = world(on, "2026-10-12T08:00Z").await;
    let anna = world.anna();
    // The window begins with the 5th, midnight in Berlin, and ends with the 12th of November.
    let midnight = series(
        "Backup",
        "2026-10-01T22:00",
        120,
        daily(),
        json!({"type": "endDate", "endDate": "2026-10-05"}),
    );
    let _ = anna.outlook().create_json(&midnight).unwrap();
    let long = series(
        "Fair",
        "2026-10-03T12:00",
        3 * 24 * 60,
        weekly(&["saturday"]),
        json!({"type": "numbered", "numberOfOccurrences": 1}),
    );
    let _ = anna.outlook().create_json(&long).unwrap();
    let moment = series("Ping", "2026-11-10T00:00", 0, daily(), endless());
    let _ = anna.outlook().create_json(&moment).unwrap();
    anna.cycle().await;
    anna.is_at_rest().await;
    let records = in_order(&anna).await;
    let of = |title: &str| -> Vec<Span> {
        let its = records.iter().filter(|it| it.fields.title == title);
        its.map(|it| it.fields.span).collect()
    };
    // What ends with the 4th ends at the window's start.
    assert_eq!(of("Backup"), [timed("2026-10-05T20:00Z", 120)]);
    assert_eq!(of("Fair"), [timed("2026-10-03T10:00Z", 3 * 24 * 60)]);
    let pings = ["2026-11-09T23:00Z", "2026-11-10T23:00Z"];
    assert_eq!(of("Ping"), pings.map(|start| timed(start, 0)));
}

/// A weekly all-day series and a single all-day item are moved in the PSA and back ten times, while
/// the clock goes over both changes of the zone.
async fn days_stay_days(on: On, zone: &str, zone_name: &str, now: &str, weeks: u64) {
    let mut world = World::on(on)
        .now(utc(now))
        .technician("anna", zone)
        .start()
        .await;
    let today = world.now().date_naive();
    let start = today - Days::new(3);
    let draft = json!({
        "subject": "On duty",
        "isAllDay": true,
        "start": {"dateTime": format!("{start}T00:00:00"), "timeZone": zone_name},
        "end": {"dateTime": format!("{}T00:00:00", start + Days::new(1)), "timeZone": zone_name},
        "recurrence": {
            "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": [start.format("%A").to_string().to_lowercase()], "firstDayOfWeek": "sunday"},
            "range": {"type": "noEnd", "startDate": start.to_string()},
        },
    });
    let series = world.anna().outlook().create_json(&draft).unwrap();
    let single = world
        .anna()
        .book_days("Holiday", &(today + Days::new(10)).to_string(), 2);
    world.anna().cycle().await;
    world.anna().is_at_rest().await;
    let all_day =
        |first: NaiveDate, count: u64| end_to_end::time::all_day(first, first + Days::new(count));
    for round in 0..10_u64 {
        let original = start + Days::new(7 * (round * weeks / 10 + 2));
        let now = (original - Days::new(5))
            .and_hms_opt(12, 0, 0)
            .unwrap()
            .and_utc();
        if now > world.now() {
            world.set_now(now).await;
        }
        let anna = world.anna();
        anna.comes_to_rest().await;
        let records = anna.records().await;
        let duty = records
            .iter()
            .find(|it| it.fields.title == "On duty" && it.fields.span == all_day(original, 1))
            .unwrap_or_else(|| panic!("{zone}, round {round}, {original}: {records:#?}"));
        let holiday = records
            .iter()
            .find(|it| it.fields.title == "Holiday")
            .unwrap();
        let away = original + Days::new(2);
        for (first, holiday_first) in [(away, away), (original, original)] {
            anna.reschedule(&duty.id, all_day(first, 1)).await;
            anna.reschedule(&holiday.id, all_day(holiday_first, 2))
                .await;
            anna.comes_to_rest().await;
            assert_eq!(
                anna.record(&duty.id).await.fields.span,
                all_day(first, 1),
                "{zone}, round {round}"
            );
            let there = anna.occurrence_span(&series, original.and_time(chrono::NaiveTime::MIN));
            assert_eq!(there, all_day(first, 1), "{zone}, round {round}");
            assert_eq!(
                anna.span_of(&anna.item(&single)),
                all_day(holiday_first, 2),
                "{zone}, round {round}"
            );
        }
    }
    assert!(
        world.now().date_naive() > day("2027-04-10"),
        "over both changes"
    );
}

async fn in_auckland_days_stay_days(on: On) {
    // Summer time began there on 2026-09-27 and ends on 2027-04-04.
    days_stay_days(
        on,
        end_to_end::AUCKLAND,
        "New Zealand Standard Time",
        "2026-09-10T20:00Z",
        34,
    )
    .await;
}

async fn in_los_angeles_days_stay_days(on: On) {
    // Summer time ends there on 2026-11-01 and begins on 2027-03-14.
    days_stay_days(
        on,
        end_to_end::LOS_ANGELES,
        "Pacific Standard Time",
        "2026-10-10T03:00Z",
        30,
    )
    .await;
}

with_every_provider!(
    each_occurrence_in_the_window_comes_over_once,
    occurrences_enter_as_the_window_moves_without_being_asked_for,
    a_mailbox_with_forty_series_asks_once,
    a_moved_an_edited_and_a_deleted_occurrence_come_over,
    an_occurrence_leaves_the_window_and_comes_back,
    a_series_set_to_another_time_is_one_change,
    a_deleted_series_is_one_deletion,
    a_series_that_ends_loses_what_comes_after,
    an_item_becomes_a_series_and_single_again,
    an_occurrence_moved_in_the_psa_becomes_an_exception,
    where_exchange_refuses_a_place_the_copy_goes_back,
    an_occurrence_struck_in_the_psa_stays_away_until_it_changes,
    a_meetings_occurrence_is_not_moved,
    nothing_is_doubled_when_links_or_storage_are_lost,
    a_series_moved_to_another_calendar_goes_and_comes_back,
    in_the_hour_that_is_missing_and_the_one_that_comes_twice,
    a_series_of_another_zone_keeps_that_zones_time,
    at_the_windows_edges,
    in_auckland_days_stay_days,
    in_los_angeles_days_stay_days,
);
