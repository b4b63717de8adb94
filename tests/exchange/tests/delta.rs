//! What `calendarView/delta` announces and what it keeps to itself.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use exchange::{Behaviour, Draft, End, Pattern, Recurrence, Zone};
use serde_json::{Value, json};
use support::{ANNA, BERLIN, Server, draft, hour, kept, removed};

fn weekly(start: &str) -> Draft {
    draft("Jour fixe", start).repeating(Recurrence {
        pattern: Pattern::Weekly {
            days: vec![chrono::Weekday::Mon],
            first: chrono::Weekday::Mon,
        },
        interval: 1,
        start: start.split('T').next().unwrap().parse().unwrap(),
        end: End::Never,
    })
}

#[test]
fn a_first_round_shows_what_lies_in_the_window_and_nothing_else() {
    let server = Server::start();
    let anna = server.exchange.person(ANNA);
    let inside = anna
        .create(&draft("inside", "2026-11-23T09:00:00"))
        .unwrap();
    anna.create(&draft("far", "2027-06-01T09:00:00")).unwrap();
    let (entries, _) = server.first_round();
    assert_eq!(kept(&entries), [inside]);
    assert!(removed(&entries).is_empty());
    assert_eq!(entries[0]["subject"], "inside");
}

#[test]
fn a_delta_announces_an_item_outside_its_window_as_bare_removed() {
    let server = Server::start();
    let anna = server.exchange.person(ANNA);
    let (_, link) = server.first_round();
    let far = anna.create(&draft("far", "2027-06-01T09:00:00")).unwrap();
    let (entries, link) = server.round(&link);
    assert_eq!(removed(&entries), *std::slice::from_ref(&far));
    assert_eq!(
        entries[0].as_object().unwrap().len(),
        3,
        "id, type and @removed alone"
    );
    assert_eq!(server.anna(&format!("/events/{far}")).status, 200);
    anna.update(&far, &draft("far", "2027-06-02T09:00:00"))
        .unwrap();
    let (entries, link) = server.round(&link);
    assert_eq!(removed(&entries), *std::slice::from_ref(&far));
    anna.delete(&far).unwrap();
    let (entries, _) = server.round(&link);
    assert_eq!(removed(&entries), *std::slice::from_ref(&far));
    assert_eq!(server.anna(&format!("/events/{far}")).status, 404);
}

#[test]
fn an_idle_round_is_one_empty_page() {
    let server = Server::start();
    server
        .exchange
        .person(ANNA)
        .create(&draft("one", "2026-11-23T09:00:00"))
        .unwrap();
    let (_, link) = server.first_round();
    server.exchange.reset_counters();
    let (entries, _) = server.round(&link);
    assert!(entries.is_empty());
    assert_eq!(server.exchange.counters().requests, 1);
}

#[test]
fn an_item_moved_to_another_calendar_is_removed_there_and_still_answers_by_its_id() {
    let server = Server::start();
    let anna = server.exchange.person(ANNA);
    let id = anna.create(&draft("one", "2026-11-23T09:00:00")).unwrap();
    let (_, link) = server.first_round();
    anna.move_to(&id, "Family").unwrap();
    let (entries, link) = server.round(&link);
    assert_eq!(removed(&entries), *std::slice::from_ref(&id));
    let event = server
        .anna(&format!("/events/{id}?$select=id&$expand=calendar"))
        .json();
    assert_eq!(event["calendar"]["isDefaultCalendar"], false);
    assert_eq!(server.anna(&format!("/calendar/events/{id}")).status, 404);
    anna.move_to(&id, "Calendar").unwrap();
    let (entries, _) = server.round(&link);
    assert!(entries.is_empty(), "the way back is never announced");
    let event = server
        .anna(&format!("/events/{id}?$expand=calendar"))
        .json();
    assert_eq!(event["calendar"]["isDefaultCalendar"], true);
    let default = server.anna("/calendar").json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        event["calendar@odata.navigationLink"]
            .as_str()
            .unwrap()
            .contains(&default)
    );
}

#[test]
fn a_deleted_occurrence_is_never_announced_but_missing_among_its_masters_instances() {
    let server = Server::start();
    let anna = server.exchange.person(ANNA);
    let master = anna.create(&weekly("2026-11-23T09:00:00")).unwrap();
    let (entries, link) = server.first_round();
    assert_eq!(entries.len(), 1 + 7);
    let second = anna
        .occurrence(&master, "2026-11-30T09:00:00".parse().unwrap())
        .unwrap();
    assert!(kept(&entries).contains(&second));
    anna.delete(&second).unwrap();
    let (entries, _) = server.round(&link);
    assert!(removed(&entries).is_empty());
    assert_eq!(entries.len(), 1 + 6);
    assert!(!kept(&entries).contains(&second));
    let shown = server
        .anna(&format!("/events/{master}?$select=id,cancelledOccurrences"))
        .json();
    assert_eq!(
        shown["cancelledOccurrences"],
        json!([format!("OID.{master}.2026-11-30")])
    );
    assert!(
        server
            .anna(&format!("/events/{master}"))
            .json()
            .get("cancelledOccurrences")
            .is_none()
    );
}

#[test]
fn an_occurrence_carries_few_fields_and_an_exception_all() {
    let server = Server::start();
    let anna = server.exchange.person(ANNA);
    let master = anna.create(&weekly("2026-11-23T09:00:00")).unwrap();
    let second = anna
        .occurrence(&master, "2026-11-30T09:00:00".parse().unwrap())
        .unwrap();
    anna.update(&second, &draft("moved", "2026-12-01T11:00:00"))
        .unwrap();
    let (entries, _) = server.first_round();
    let of = |kind: &str| {
        entries
            .iter()
            .filter(|entry| entry["type"] == kind)
            .collect::<Vec<_>>()
    };
    let occurrence = of("occurrence")[0];
    let mut names: Vec<&str> = occurrence
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    names.retain(|name| !name.starts_with('@'));
    assert_eq!(names, ["end", "id", "seriesMasterId", "start", "type"]);
    let exception = of("exception")[0];
    assert_eq!(exception["subject"], "moved");
    assert_eq!(exception["originalStart"], "2026-11-30T08:00:00.0000000Z");
    assert_eq!(
        exception["start"]["dateTime"],
        "2026-12-01T10:00:00.0000000"
    );
    assert_eq!(
        of("seriesMaster")[0]["recurrence"]["pattern"]["type"],
        "weekly"
    );
}

#[test]
fn a_series_that_is_timed_anew_loses_its_old_occurrence_ids_without_removed() {
    let server = Server::start();
    let anna = server.exchange.person(ANNA);
    let master = anna.create(&weekly("2026-11-23T09:00:00")).unwrap();
    let (before, link) = server.first_round();
    let zone = Zone::parse(BERLIN).unwrap();
    let later = Draft::to(
        "2026-11-23T14:00:00".parse().unwrap(),
        "2026-11-23T15:00:00".parse().unwrap(),
        &zone,
    );
    anna.update(&master, &later).unwrap();
    let (after, _) = server.round(&link);
    assert!(removed(&after).is_empty());
    let old = kept(&before);
    let shared: Vec<String> = kept(&after)
        .into_iter()
        .filter(|id| old.contains(id))
        .collect();
    assert_eq!(shared, [master]);
}

#[test]
fn pages_follow_the_clients_wish_and_links_are_absolute() {
    let server = Server::start();
    for day in 10..20 {
        server.create(&hour("one", &format!("2026-12-{day}T09:00:00")));
    }
    let reply = server.send_with(
        "GET",
        &format!("/v1.0/users/{ANNA}/calendarView/delta?{}", support::WINDOW),
        &[("Prefer", "odata.maxpagesize=4, outlook.timezone=\"UTC\"")],
        &Value::Null,
    );
    let page = reply.json();
    assert_eq!(page["value"].as_array().unwrap().len(), 4);
    assert!(
        page["@odata.nextLink"]
            .as_str()
            .unwrap()
            .starts_with(&server.url())
    );
    assert!(
        reply
            .header("Preference-Applied")
            .unwrap()
            .contains("maxpagesize=4")
    );
}

#[test]
fn a_lost_cursor_is_410() {
    let server = Server::start();
    let (_, link) = server.first_round();
    let bad = format!("{link}00");
    assert_eq!(
        (server.get(&bad).status, server.get(&bad).code()),
        (410, "SyncStateNotFound".to_owned())
    );
    server.exchange.expire_cursors();
    assert_eq!(server.get(&link).status, 410);
    let (_, link) = server.first_round();
    server.exchange.advance(chrono::Duration::days(31));
    let fresh = server.exchange.token();
    let bearer = format!("Bearer {fresh}");
    assert_eq!(
        server
            .try_send("GET", &link, &[("Authorization", &bearer)], "")
            .unwrap()
            .status,
        410
    );
}

#[test]
fn a_delta_refuses_select_filter_expand_and_orderby() {
    let server = Server::start();
    for option in [
        "$select=id",
        "$filter=id eq 'a'",
        "$expand=calendar",
        "$orderby=id",
    ] {
        let reply = server.anna(&format!("/calendarView/delta?{}&{option}", support::WINDOW));
        assert_eq!(
            (reply.status, reply.code()),
            (400, "ErrorInvalidUrlQuery".to_owned()),
            "{option}"
        );
    }
}

#[test]
fn rounds_can_repeat_items_and_pages_and_never_end() {
    let server = Server::start();
    for day in 10..25 {
        server.create(&hour("one", &format!("2026-12-{day}T09:00:00")));
    }
    server.exchange.set_behaviour(Behaviour {
        delta_repeats_items: true,
        ..Behaviour::default()
    });
    assert_eq!(server.first_round().0.len(), 30);
    server.exchange.set_behaviour(Behaviour {
        delta_repeats_pages: true,
        ..Behaviour::default()
    });
    assert_eq!(server.first_round().0.len(), 25);
    server.exchange.set_behaviour(Behaviour {
        delta_never_ends: true,
        ..Behaviour::default()
    });
    let mut link = format!("/v1.0/users/{ANNA}/calendarView/delta?{}", support::WINDOW);
    for _ in 0..20 {
        link = server.get(&link).json()["@odata.nextLink"]
            .as_str()
            .unwrap()
            .to_owned();
    }
}

#[test]
fn the_calendar_path_has_the_same_delta() {
    let server = Server::start();
    server.create(&hour("one", "2026-12-01T09:00:00"));
    let (entries, _) = server.round(&format!(
        "/v1.0/users/{ANNA}/calendar/calendarView/delta?{}",
        support::WINDOW
    ));
    assert_eq!(entries.len(), 1);
}

#[test]
fn what_changes_between_two_pages_hides_no_other_item() {
    let server = Server::start();
    let anna = server.exchange.person(ANNA);
    let ids: Vec<String> = (1..=25)
        .map(|n| {
            anna.create(&draft("one", &format!("2026-12-{n:02}T09:00:00")))
                .unwrap()
        })
        .collect();
    let first = server
        .anna(&format!("/calendarView/delta?{}", support::WINDOW))
        .json();
    let mut seen = kept(first["value"].as_array().unwrap());
    let gone = seen[3].clone();
    anna.delete(&gone).unwrap();
    let (rest, link) = server.round(first["@odata.nextLink"].as_str().unwrap());
    seen.extend(kept(&rest));
    seen.sort();
    assert_eq!(seen, ids);
    assert_eq!(removed(&server.round(&link).0), [gone]);
}
