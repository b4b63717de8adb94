//! Appointments there and back.

use serde_json::{Value, json};

use super::world::{World, timed};

#[tokio::test]
async fn an_appointment_comes_back_as_it_was_made() {
    let world = World::new().await;
    let wanted = json!({
        "resource": "ada", "title": "Visit", "description": "Bring the key", "private": true,
        "free": true, "start": "2026-03-01T10:00:00.25+01:00", "end": "2026-03-01T10:30:00Z",
    });
    let made = world.post("/appointments", wanted).await;
    let location = made.header("location").strip_prefix("/api/v1").unwrap();
    let view = made.expect(201);
    assert_eq!(world.get(location).await.expect(200), view);
    assert_eq!(made.header("etag"), format!("\"{}\"", view["version"]));
    for (field, value) in [
        ("resource", json!("ada")),
        ("origin", json!("psa")),
        ("title", json!("Visit")),
        ("description", json!("Bring the key")),
        ("private", json!(true)),
        ("free", json!(true)),
        ("recurring", json!(false)),
        ("not_answered", json!(false)),
        ("deleted", json!(false)),
        ("all_day", json!(false)),
        ("start", json!("2026-03-01T09:00:00.250Z")),
        ("end", json!("2026-03-01T10:30:00Z")),
    ] {
        assert_eq!(view[field], value, "{field}");
    }
    assert!(view.get("first_day").is_none() && view.get("last_day").is_none());
}

#[tokio::test]
async fn an_all_day_appointment_keeps_its_days_however_often_it_goes_to_and_fro() {
    let world = World::new().await;
    for (first, last) in [
        ("2026-03-29", "2026-03-29"),
        ("2026-12-31", "2027-01-01"),
        ("2028-02-28", "2028-02-29"),
        ("0001-01-01", "0001-01-01"),
        ("9999-12-30", "9999-12-30"),
    ] {
        let wanted = json!({"resource": "ada", "title": "Fair", "all_day": true,
                            "first_day": first, "last_day": last});
        let mut view = world.post("/appointments", wanted).await.expect(201);
        for round in 0..3 {
            assert_eq!(view["all_day"], json!(true));
            assert_eq!(view["first_day"], json!(first), "round {round}");
            assert_eq!(view["last_day"], json!(last), "round {round}");
            assert!(view.get("start").is_none() && view.get("end").is_none());
            let change = json!({
                "title": format!("Fair {round}"), "all_day": true,
                "first_day": view["first_day"], "last_day": view["last_day"],
            });
            view = changed(&world, &view, change).await;
        }
    }
}

#[tokio::test]
async fn a_change_may_name_one_end_alone_and_leaves_out_what_stays() {
    let world = World::new().await;
    let view = world
        .post("/appointments", timed("Visit"))
        .await
        .expect(201);
    let view = changed(&world, &view, json!({"end": "2026-03-01T11:00:00Z"})).await;
    assert_eq!(view["start"], json!("2026-03-01T09:00:00Z"));
    assert_eq!(view["end"], json!("2026-03-01T11:00:00Z"));
    assert_eq!(view["title"], json!("Visit"));
    let days = json!({"first_day": "2026-03-01", "last_day": "2026-03-02"});
    let view = changed(&world, &view, days).await;
    assert_eq!(view["all_day"], json!(true));
    assert!(view.get("start").is_none());
    let view = changed(&world, &view, json!({"last_day": "2026-03-04"})).await;
    assert_eq!(view["first_day"], json!("2026-03-01"));
    assert_eq!(view["last_day"], json!("2026-03-04"));
    // A form that stays may be named, null fields of the other one too.
    let times = json!({
        "all_day": false, "start": "2026-03-05T09:00:00Z", "end": "2026-03-05T09:00:00Z",
        "first_day": Value::Null, "last_day": Value::Null,
    });
    let view = changed(&world, &view, times).await;
    assert_eq!(view["all_day"], json!(false));
    let same = changed(&world, &view, json!({"all_day": false})).await;
    assert_eq!(same, view);
}

#[tokio::test]
async fn a_deleted_appointment_is_gone_but_listed_for_who_asks_what_changed() {
    let world = World::new().await;
    let view = world
        .post("/appointments", timed("Visit"))
        .await
        .expect(201);
    let path = format!("/appointments/{}", view["id"].as_str().unwrap());
    let tag = format!("\"{}\"", view["version"]);
    let answer = world.change("DELETE", &path, &tag, None).await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (204, ""));
    world.get(&path).await.problem(404, "not-found");
    let again = world.change("DELETE", &path, &tag, None).await;
    again.problem(404, "not-found");
    let list = world.get("/appointments").await.expect(200);
    assert_eq!(list["items"], json!([]));
    let since = format!("/appointments?since={}", view["version"]);
    let list = world.get(&since).await.expect(200);
    assert_eq!(list["items"][0]["id"], view["id"]);
    assert_eq!(list["items"][0]["deleted"], json!(true));
    assert_eq!(list["items"][0]["title"], json!(""));
}

#[tokio::test]
async fn appointments_are_found_by_user_and_time() {
    let world = World::new().await;
    world.appointment("Visit").await;
    let fair = json!({"resource": "ada", "title": "Fair",
                      "first_day": "2026-03-05", "last_day": "2026-03-06"});
    world.post("/appointments", fair).await.expect(201);
    for (query, titles) in [
        ("resource=ada", vec!["Visit", "Fair"]),
        ("resource=olga", vec![]),
        ("from=2026-03-01T10:00:00Z", vec!["Fair"]),
        ("to=2026-03-02T00:00:00%2B01:00", vec!["Visit"]),
        (
            "from=2026-03-01T09:59:59Z&to=2026-03-01T09:00:01Z",
            vec!["Visit"],
        ),
        ("from=2026-03-07T12:00:00Z", vec![]),
    ] {
        let list = world
            .get(&format!("/appointments?{query}"))
            .await
            .expect(200);
        let found: Vec<&str> = list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["title"].as_str().unwrap())
            .collect();
        assert_eq!(found, titles, "{query}");
    }
}

#[tokio::test]
async fn a_user_comes_back_as_it_was_made() {
    let world = World::new().await;
    let wanted = json!({
        "id": "b.1", "name": "Bea", "email": "bea@acme.example",
        "working_hours": {"zone": "Europe/Berlin", "stretches": [
            {"day": "monday", "from": "08:30", "to": "12:00"},
            {"day": "sunday", "from": "00:00", "to": "24:00"},
        ]},
    });
    let made = world.post("/resources", wanted.clone()).await;
    assert_eq!(made.header("location"), "/api/v1/resources/b.1");
    let view = made.expect(201);
    for field in ["id", "name", "email", "working_hours"] {
        assert_eq!(view[field], wanted[field], "{field}");
    }
    assert_eq!(view["active"], json!(true));
    assert_eq!(world.get("/resources/b.1").await.expect(200), view);
    let again = world.post("/resources", wanted).await;
    assert_eq!(again.problem(422, "invalid-value")["field"], json!("id"));
}

/// The appointment after a change to this view of it.
async fn changed(world: &World, view: &Value, change: Value) -> Value {
    let path = format!("/appointments/{}", view["id"].as_str().unwrap());
    let tag = format!("\"{}\"", view["version"]);
    world
        .change("PATCH", &path, &tag, Some(change))
        .await
        .expect(200)
}
