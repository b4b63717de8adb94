//! Reading and writing events.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use exchange::{Behaviour, End, MailKind, Pattern, Recurrence, RepeatedCreate, UnreadableFilter};
use serde_json::{Value, json};
use support::{ANNA, BERLIN, MARKER, Server, draft, hour, kept, marked, with};

#[test]
fn an_event_has_graphs_defaults_and_nulls() {
    let server = Server::start();
    let reply = server.create(&hour("Site visit", "2026-11-23T09:00:00"));
    assert_eq!(reply.status, 201, "{}", reply.text);
    let event = server.anna(&format!("/events/{}", reply.id())).json();
    for (name, value) in [
        ("showAs", json!("busy")),
        ("sensitivity", json!("normal")),
        ("importance", json!("normal")),
        ("reminderMinutesBeforeStart", json!(15)),
        ("isReminderOn", json!(true)),
        ("isOrganizer", json!(true)),
        ("type", json!("singleInstance")),
        ("recurrence", Value::Null),
        ("onlineMeeting", Value::Null),
        ("seriesMasterId", Value::Null),
        ("originalStartTimeZone", json!(BERLIN)),
        (
            "start",
            json!({ "dateTime": "2026-11-23T08:00:00.0000000", "timeZone": "UTC" }),
        ),
    ] {
        assert_eq!(event[name], value, "{name}");
    }
    assert_eq!(event["responseStatus"]["response"], "organizer");
    assert_eq!(event["organizer"]["emailAddress"]["address"], ANNA);
}

#[test]
fn times_and_bodies_come_as_preferred() {
    let server = Server::start();
    let event = with(
        hour("a", "2026-11-23T09:00:00"),
        json!({ "body": { "contentType": "text", "content": "one\ntwo" } }),
    );
    let id = server.create(&event).id();
    let headers = [(
        "Prefer",
        "outlook.timezone=\"Pacific Standard Time\", outlook.body-content-type=\"text\"",
    )];
    let reply = server.send_with(
        "GET",
        &format!("/v1.0/users/{ANNA}/events/{id}"),
        &headers,
        &Value::Null,
    );
    let event = reply.json();
    assert_eq!(
        event["start"],
        json!({ "dateTime": "2026-11-23T00:00:00.0000000", "timeZone": "Pacific Standard Time" })
    );
    assert_eq!(
        event["body"],
        json!({ "contentType": "text", "content": "one\r\ntwo" })
    );
    assert!(
        reply
            .header("Preference-Applied")
            .unwrap()
            .contains("outlook.timezone=\"Pacific Standard Time\"")
    );
    let html = server.anna(&format!("/events/{id}")).json();
    assert_eq!(html["body"]["contentType"], "html");
    assert!(
        html["body"]["content"]
            .as_str()
            .unwrap()
            .contains("one<br>")
    );
}

#[test]
fn an_all_day_event_is_midnight_to_midnight_in_whatever_zone_is_preferred() {
    let server = Server::start();
    let day = |from: &str, to: &str| {
        json!({
            "subject": "Fair", "isAllDay": true,
            "start": { "dateTime": from, "timeZone": BERLIN }, "end": { "dateTime": to, "timeZone": BERLIN },
        })
    };
    let id = server
        .create(&day("2026-12-24T00:00:00", "2026-12-26T00:00:00"))
        .id();
    for zone in ["UTC", "Pacific Standard Time", "Asia/Tokyo"] {
        let prefer = format!("outlook.timezone=\"{zone}\"");
        let path = format!("/v1.0/users/{ANNA}/events/{id}");
        let event = server
            .send_with("GET", &path, &[("Prefer", &prefer)], &Value::Null)
            .json();
        assert_eq!(
            event["start"],
            json!({ "dateTime": "2026-12-24T00:00:00.0000000", "timeZone": zone })
        );
        assert_eq!(
            event["end"],
            json!({ "dateTime": "2026-12-26T00:00:00.0000000", "timeZone": zone })
        );
    }
    for (from, to) in [
        ("2026-12-24T09:00:00", "2026-12-25T00:00:00"),
        ("2026-12-24T00:00:00", "2026-12-24T00:00:00"),
    ] {
        let reply = server.create(&day(from, to));
        assert_eq!(
            (reply.status, reply.code()),
            (400, "ErrorInvalidRequest".to_owned()),
            "{from} {to}"
        );
    }
    // the window compares the stored instant: the 24th begins in Berlin at 23:00 UTC of the 23rd
    let view = "/calendarView?startDateTime=2026-12-23T22:00:00Z&endDateTime=2026-12-23T23:30:00Z";
    assert_eq!(
        server.anna(view).json()["value"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn what_cannot_be_written_is_refused_by_name() {
    let server = Server::start();
    let zone = json!({ "start": { "dateTime": "2026-11-23T09:00:00", "timeZone": "Middle Earth Standard Time" } });
    let backwards = json!({ "end": { "dateTime": "2026-11-23T08:00:00", "timeZone": BERLIN } });
    for (change, code) in [
        (zone, "TimeZoneNotSupportedException"),
        (backwards, "ErrorPropertyValidationFailure"),
        (json!({ "colour": "red" }), "RequestBodyRead"),
        (json!({ "showAs": "asleep" }), "RequestBodyRead"),
    ] {
        let reply = server.create(&with(hour("a", "2026-11-23T09:00:00"), change.clone()));
        assert_eq!(
            (reply.status, reply.code()),
            (400, code.to_owned()),
            "{change}"
        );
    }
    assert_eq!(server.create(&json!({ "subject": "no time" })).status, 400);
    assert_eq!(server.anna("/events/abc").code(), "ErrorInvalidIdMalformed");
    assert_eq!(server.anna("/events?$select=colour").status, 400);
    assert!(server.exchange.person(ANNA).events().unwrap().is_empty());
}

#[test]
fn a_repeated_create_makes_no_second_event_in_either_way() {
    let server = Server::start();
    let event = with(
        hour("a", "2026-11-23T09:00:00"),
        json!({ "transactionId": "t-1" }),
    );
    let first = server.create(&event).id();
    let changed = with(event, json!({ "subject": "other" }));
    for (way, status, named) in [
        (RepeatedCreate::FirstEventCreated, 201, false),
        (RepeatedCreate::FirstEventOk, 200, false),
        (RepeatedCreate::BadRequest, 400, false),
        (RepeatedCreate::BadRequestWithId, 400, true),
        (RepeatedCreate::Conflict, 409, false),
        (RepeatedCreate::ConflictWithId, 409, true),
    ] {
        server.exchange.set_behaviour(Behaviour {
            repeated_create: way,
            ..Behaviour::default()
        });
        let reply = server.create(&changed);
        assert_eq!(reply.status, status, "{way:?}");
        if status < 300 {
            assert_eq!(reply.id(), first);
            assert_eq!(reply.json()["subject"], "a");
        } else {
            assert_eq!(reply.code(), "ErrorDuplicateTransactionId");
            let id = reply.json()["error"]["@event.existingEventId"]
                .as_str()
                .map(ToOwned::to_owned);
            assert_eq!(id, named.then(|| first.clone()));
        }
    }
    assert_eq!(server.exchange.person(ANNA).events().unwrap().len(), 1);
}

#[test]
fn a_marker_is_shown_where_expanded_and_found_without_regard_to_case() {
    let server = Server::start();
    let id = server
        .create(&marked(
            hour("a", "2026-11-23T09:00:00"),
            "t1:appointment:42:1",
        ))
        .id();
    server.create(&hour("b", "2026-11-23T09:00:00"));
    assert!(
        server
            .anna(&format!("/events/{id}"))
            .json()
            .get("singleValueExtendedProperties")
            .is_none()
    );
    let expand = format!("$expand=singleValueExtendedProperties($filter=id eq '{MARKER}')");
    let event = server
        .anna(&format!("/events/{id}?$select=id&{expand}"))
        .json();
    assert_eq!(
        event["singleValueExtendedProperties"],
        json!([{ "id": MARKER, "value": "t1:appointment:42:1" }])
    );
    for test in [
        "ep/value eq 'T1:APPOINTMENT:42:1'",
        "startswith(ep/value, 't1:')",
    ] {
        let filter = format!(
            "$filter=singleValueExtendedProperties/any(ep: ep/id eq '{MARKER}' and {test})"
        );
        let found = server.anna(&format!("/events?{filter}&{expand}")).json();
        assert_eq!(
            kept(found["value"].as_array().unwrap()),
            *std::slice::from_ref(&id),
            "{test}"
        );
    }
    server.exchange.set_behaviour(Behaviour {
        property_filter_finds_nothing: true,
        ..Behaviour::default()
    });
    let filter = format!(
        "$filter=singleValueExtendedProperties/any(ep: ep/id eq '{MARKER}' and ep/value ne 'x')"
    );
    assert!(
        server.anna(&format!("/events?{filter}")).json()["value"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let view = server
        .anna(&format!("/calendarView?{}&{expand}", support::WINDOW))
        .json();
    assert!(
        view["value"][0]
            .get("singleValueExtendedProperties")
            .is_none()
    );
}

#[test]
fn a_copied_item_carries_the_marker_and_another_uid() {
    let server = Server::start();
    let id = server
        .create(&marked(hour("a", "2026-11-23T09:00:00"), "t1:a:1:1"))
        .id();
    let anna = server.exchange.person(ANNA);
    let copy = anna.copy(&id).unwrap();
    let (one, two) = (anna.event(&id).unwrap(), anna.event(&copy).unwrap());
    assert_eq!(
        one.json["singleValueExtendedProperties"],
        two.json["singleValueExtendedProperties"]
    );
    assert_ne!(one.uid, two.uid);
}

#[test]
fn a_stale_etag_is_412_and_that_of_the_create_is_often_stale() {
    let server = Server::start();
    let created = server.create(&hour("a", "2026-11-23T09:00:00"));
    let id = created.id();
    let path = format!("/v1.0/users/{ANNA}/events/{id}");
    let try_with = |etag: &str| {
        server.send_with(
            "PATCH",
            &path,
            &[("If-Match", etag)],
            &json!({ "subject": "b" }),
        )
    };
    let of_create = created.json()["@odata.etag"].as_str().unwrap().to_owned();
    let reply = try_with(&of_create);
    assert_eq!(
        (reply.status, reply.code()),
        (412, "ErrorIrresolvableConflict".to_owned())
    );
    let now = server.anna(&format!("/events/{id}")).json()["@odata.etag"]
        .as_str()
        .unwrap()
        .to_owned();
    let patched = try_with(&now);
    assert_eq!(patched.status, 200);
    assert_ne!(patched.json()["@odata.etag"], now.as_str());
    assert_eq!(
        server
            .send_with("DELETE", &path, &[("If-Match", &now)], &Value::Null)
            .status,
        412
    );
    server.exchange.set_behaviour(Behaviour {
        etag_changes_after_create: false,
        ..Behaviour::default()
    });
    let created = server.create(&hour("c", "2026-11-23T09:00:00"));
    let read = server.anna(&format!("/events/{}", created.id())).json();
    assert_eq!(read["@odata.etag"], created.json()["@odata.etag"]);
}

#[test]
fn every_write_on_a_meeting_mails_its_attendees() {
    let server = Server::start();
    let anna = server.exchange.person(ANNA);
    let id = anna
        .create(&draft("Review", "2026-11-23T09:00:00").inviting(&["bo@example.org"]))
        .unwrap();
    server.patch(&id, &json!({ "subject": "Review 2" }));
    server.delete(&id);
    let through_api: Vec<_> = server
        .exchange
        .mails()
        .into_iter()
        .filter(|mail| mail.by == exchange::By::Api)
        .map(|mail| (mail.kind, mail.to))
        .collect();
    let bo = vec!["bo@example.org".to_owned()];
    assert_eq!(
        through_api,
        [(MailKind::Update, bo.clone()), (MailKind::Cancellation, bo)]
    );
    let quiet = server.create(&hour("alone", "2026-11-24T09:00:00")).id();
    server.patch(&quiet, &json!({ "subject": "still alone" }));
    server.delete(&quiet);
    assert_eq!(server.exchange.mails().len(), 3);
}

#[test]
fn rewriting_the_body_of_an_online_meeting_loses_its_link() {
    let server = Server::start();
    let id = server
        .create(&with(
            hour("a", "2026-11-23T09:00:00"),
            json!({ "isOnlineMeeting": true }),
        ))
        .id();
    server.patch(&id, &json!({ "subject": "b" }));
    assert!(server.anna(&format!("/events/{id}")).json()["onlineMeeting"]["joinUrl"].is_string());
    server.patch(
        &id,
        &json!({ "body": { "contentType": "text", "content": "x" } }),
    );
    assert!(server.anna(&format!("/events/{id}")).json()["onlineMeeting"].is_null());
}

#[test]
fn a_deleted_event_is_gone_or_still_answers_from_deleted_items() {
    let server = Server::start();
    let id = server.create(&hour("a", "2026-11-23T09:00:00")).id();
    assert_eq!(server.delete(&id).status, 204);
    assert_eq!(
        (
            server.anna(&format!("/events/{id}")).status,
            server.delete(&id).status
        ),
        (404, 404)
    );
    server.exchange.set_behaviour(Behaviour {
        deleted_items_answer: true,
        repeated_delete_forbidden: true,
        ..Behaviour::default()
    });
    let event = server.anna(&format!("/events/{id}?$expand=calendar"));
    assert_eq!(event.status, 200);
    assert!(
        event.json()["calendar"].is_null(),
        "Deleted Items is no calendar"
    );
    assert_eq!(server.anna(&format!("/calendar/events/{id}")).status, 404);
    assert_eq!(
        (server.delete(&id).status, server.delete(&id).code()),
        (403, "ErrorCannotDeleteObject".to_owned())
    );
}

#[test]
fn ordinary_ids_change_with_a_move_and_immutable_ids_do_not() {
    let server = Server::start();
    let immutable = server.create(&hour("a", "2026-11-23T09:00:00")).id();
    let ordinary = || {
        let path = format!("/v1.0/users/{ANNA}/events/{immutable}");
        server
            .send_with(
                "GET",
                &path,
                &[("Prefer", "IdType=\"RestId\"")],
                &Value::Null,
            )
            .id()
    };
    let before = ordinary();
    assert_ne!(before, immutable);
    server
        .exchange
        .person(ANNA)
        .move_to(&immutable, "Other")
        .unwrap();
    assert_ne!(ordinary(), before);
    assert_eq!(server.anna(&format!("/events/{before}")).status, 404);
    let body = json!({
        "inputIds": [ordinary(), "nonsense"], "sourceIdType": "restId", "targetIdType": "restImmutableEntryId",
    });
    let reply = server
        .post(&format!("/v1.0/users/{ANNA}/translateExchangeIds"), &body)
        .json();
    assert_eq!(reply["value"][0]["targetId"], immutable.as_str());
    assert!(reply["value"][1]["errorDetails"]["code"].is_string());
}

#[test]
fn an_occurrence_is_moved_by_its_own_id_but_not_past_its_neighbour() {
    let server = Server::start();
    let rule = Recurrence {
        pattern: Pattern::Daily,
        interval: 2,
        start: "2026-11-23".parse().unwrap(),
        end: End::After(5),
    };
    let anna = server.exchange.person(ANNA);
    let master = anna
        .create(&draft("Stand-up", "2026-11-23T09:00:00").repeating(rule))
        .unwrap();
    let path = format!(
        "/events/{master}/instances?startDateTime=2026-11-25T00:00:00Z&endDateTime=2026-11-26T00:00:00Z"
    );
    let instances = server.anna(&path).json();
    let second = &instances["value"][0];
    assert_eq!(second["originalStart"], "2026-11-25T08:00:00.0000000Z");
    let id = second["id"].as_str().unwrap();
    let at = |day: &str| {
        let all = hour("x", &format!("{day}T15:00:00"));
        json!({ "start": all["start"], "end": all["end"] })
    };
    let refused = server.patch(id, &at("2026-11-27"));
    assert_eq!(
        (refused.status, refused.code()),
        (400, "ErrorOccurrenceCrossingBoundary".to_owned())
    );
    assert_eq!(
        server.patch(id, &at("2026-11-26")).json()["type"],
        "exception"
    );
    let moved = server.anna(&format!("/events/{id}")).json();
    assert_eq!(moved["start"]["dateTime"], "2026-11-26T14:00:00.0000000");
}

#[test]
fn a_series_written_through_graph_repeats_in_its_own_zone() {
    let server = Server::start();
    let series = with(
        hour("Weekly", "2027-03-22T09:00:00"),
        json!({ "recurrence": {
            "pattern": { "type": "weekly", "interval": 1, "daysOfWeek": ["monday"], "firstDayOfWeek": "monday" },
            "range": { "type": "numbered", "startDate": "2027-03-22", "numberOfOccurrences": 2 },
        } }),
    );
    let id = server.create(&series).id();
    let path = format!(
        "/events/{id}/instances?startDateTime=2027-01-01T00:00:00Z&endDateTime=2027-12-31T00:00:00Z"
    );
    let instances = server.anna(&path).json();
    let starts: Vec<_> = instances["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["start"]["dateTime"].clone())
        .collect();
    assert_eq!(
        starts,
        ["2027-03-22T08:00:00.0000000", "2027-03-29T07:00:00.0000000"],
        "summer time lies between"
    );
}

#[test]
fn a_filter_on_time_finds_far_items_or_is_refused() {
    let server = Server::start();
    server.create(&hour("near", "2026-11-23T09:00:00"));
    let far = server.create(&hour("far", "2027-11-23T09:00:00")).id();
    let path = "/calendar/events?$filter=start/dateTime ge '2027-01-06T00:00:00'&$select=id,start";
    assert_eq!(
        kept(server.anna(path).json()["value"].as_array().unwrap()),
        [far]
    );
    server.exchange.set_behaviour(Behaviour {
        time_filter_refused: true,
        ..Behaviour::default()
    });
    assert_eq!(server.anna(path).status, 400);
    let unreadable = "/calendar/events?$filter=start/dateTime after '2027'";
    assert!(
        server.anna(unreadable).json()["value"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    server.exchange.set_behaviour(Behaviour {
        unreadable_filter: UnreadableFilter::BadRequest,
        ..Behaviour::default()
    });
    assert_eq!(server.anna(unreadable).status, 400);
    let by_change = format!(
        "/calendarView?{}&$filter=lastModifiedDateTime ge 2020-01-01T00:00:00Z",
        support::WINDOW
    );
    assert!(
        server.anna(&by_change).json()["value"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_list_comes_in_pages() {
    let server = Server::start();
    for day in 10..23 {
        server.create(&hour("one", &format!("2026-12-{day}T09:00:00")));
    }
    let first = server
        .anna("/events?$top=5&$filter=subject eq 'one'")
        .json();
    assert_eq!(first["value"].as_array().unwrap().len(), 5);
    let mut all = first["value"].as_array().unwrap().clone();
    let mut next = first["@odata.nextLink"].as_str().map(ToOwned::to_owned);
    while let Some(link) = next {
        let page = server.get(&link).json();
        all.extend(page["value"].as_array().unwrap().iter().cloned());
        next = page["@odata.nextLink"].as_str().map(ToOwned::to_owned);
    }
    assert_eq!(all.len(), 13);
    assert_eq!(
        server.anna("/events").json()["value"]
            .as_array()
            .unwrap()
            .len(),
        10,
        "ten, when nobody asks"
    );
}

#[test]
fn an_occurrence_in_the_missing_or_repeated_hour_is_standard_time() {
    let server = Server::start();
    let rule = Recurrence {
        pattern: Pattern::Weekly {
            days: vec![chrono::Weekday::Sun],
            first: chrono::Weekday::Mon,
        },
        interval: 1,
        start: "2027-03-21".parse().unwrap(),
        end: End::Never,
    };
    let anna = server.exchange.person(ANNA);
    let master = anna
        .create(&draft("Night", "2027-03-21T02:30:00").repeating(rule))
        .unwrap();
    let start = |from: &str, to: &str| {
        let path = format!("/events/{master}/instances?startDateTime={from}&endDateTime={to}");
        server.anna(&path).json()["value"][0]["start"]["dateTime"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        start("2027-03-28T00:00:00Z", "2027-03-28T12:00:00Z"),
        "2027-03-28T01:30:00.0000000"
    );
    assert_eq!(
        start("2027-10-31T00:00:00Z", "2027-10-31T12:00:00Z"),
        "2027-10-31T01:30:00.0000000"
    );
}

#[test]
fn an_exception_follows_its_master_in_what_it_did_not_change() {
    let server = Server::start();
    let rule = Recurrence {
        pattern: Pattern::Weekly {
            days: vec![chrono::Weekday::Mon],
            first: chrono::Weekday::Mon,
        },
        interval: 1,
        start: "2026-11-23".parse().unwrap(),
        end: End::After(3),
    };
    let anna = server.exchange.person(ANNA);
    let master = anna
        .create(&draft("Old", "2026-11-23T09:00:00").repeating(rule))
        .unwrap();
    let second = anna
        .occurrence(&master, "2026-11-30T09:00:00".parse().unwrap())
        .unwrap();
    server.patch(&second, &json!({ "location": { "displayName": "Attic" } }));
    server.patch(
        &master,
        &json!({ "subject": "New", "location": { "displayName": "Cellar" } }),
    );
    let exception = server.anna(&format!("/events/{second}")).json();
    assert_eq!(
        (&exception["subject"], &exception["location"]["displayName"]),
        (&json!("New"), &json!("Attic"))
    );
}

#[test]
fn people_see_occurrences_and_learn_what_would_be_refused_without_doing_it() {
    let server = Server::start();
    let rule = Recurrence {
        pattern: Pattern::Daily,
        interval: 2,
        start: "2026-11-23".parse().unwrap(),
        end: End::After(3),
    };
    let anna = server.exchange.person(ANNA);
    let master = anna
        .create(&draft("Round", "2026-11-23T09:00:00").repeating(rule))
        .unwrap();
    let seen = |from: &str, to: &str| {
        let seen = anna.occurrences(&master, from.parse().unwrap(), to.parse().unwrap());
        let seen = seen.unwrap().into_iter();
        seen.map(|one| one.original.to_string()).collect::<Vec<_>>()
    };
    let second = anna
        .occurrence(&master, "2026-11-25T09:00:00".parse().unwrap())
        .unwrap();
    assert!(anna.would_take(&second, &draft("Round", "2026-11-26T09:00:00")));
    assert!(!anna.would_take(&second, &draft("Round", "2026-11-27T09:00:00")));
    assert_eq!(
        seen("2026-11-24T00:00:00Z", "2026-11-28T00:00:00Z"),
        ["2026-11-25 09:00:00", "2026-11-27 09:00:00"]
    );
    anna.delete(&second).unwrap();
    assert_eq!(
        seen("2026-11-24T00:00:00Z", "2026-11-28T00:00:00Z"),
        ["2026-11-27 09:00:00"]
    );
    let found = anna.event(&master).unwrap().series.unwrap();
    assert_eq!(found.deleted.len(), 1);
}

#[test]
fn an_expanded_calendar_shows_the_fields_that_are_chosen() {
    let server = Server::start();
    let id = server.create(&hour("a", "2026-11-23T09:00:00")).id();
    let calendar = |expand: &str| {
        let target = format!("/events/{id}?$select=id&$expand={expand}");
        server.anna(&target).json()["calendar"].clone()
    };
    assert_eq!(calendar("calendar")["name"], "Calendar");
    assert_eq!(
        calendar("calendar($select=isDefaultCalendar)"),
        json!({ "isDefaultCalendar": true })
    );
}
