//! What is refused, and which field is named.

use serde_json::{Value, json};

use super::world::{World, timed};

/// A sound appointment with some fields put in, or taken out by null.
fn appointment(changes: Value) -> Value {
    with(timed("Visit"), &changes)
}

fn with(mut value: Value, changes: &Value) -> Value {
    let fields = value.as_object_mut().unwrap();
    for (name, change) in changes.as_object().unwrap() {
        match change {
            Value::Null => fields.remove(name),
            _ => fields.insert(name.clone(), change.clone()),
        };
    }
    value
}

#[tokio::test]
async fn a_bad_appointment_is_refused_with_its_field() {
    let world = World::new().await;
    let days = |first: &str, last: &str| json!({"start": null, "end": null, "first_day": first, "last_day": last});
    for (changes, field) in [
        (json!({"resource": null}), "resource"),
        (json!({"resource": "nobody"}), "resource"),
        (json!({"resource": "a\u{0}b"}), "resource"),
        (json!({"resource": 7}), "resource"),
        (json!({"title": null}), "title"),
        (json!({"title": "  "}), "title"),
        (json!({"title": "t".repeat(257)}), "title"),
        (json!({"title": "a\u{0}b"}), "title"),
        (json!({"description": "d".repeat(8_001)}), "description"),
        (json!({"private": "yes"}), "private"),
        (json!({"free": 1}), "free"),
        (json!({"colour": "red"}), "colour"),
        (json!({"id": "mine"}), "id"),
        (json!({"recurring": true}), "recurring"),
        (json!({"Title": "x"}), "Title"),
        (json!({"start": null}), "start"),
        (json!({"end": null}), "end"),
        (json!({"start": null, "end": null}), "start"),
        (json!({"start": "2026-03-01"}), "start"),
        (json!({"start": "2026-03-01T09:00:00"}), "start"),
        (json!({"start": "2026-02-30T09:00:00Z"}), "start"),
        (json!({"start": "yesterday"}), "start"),
        (json!({"start": 1_772_355_600}), "start"),
        (json!({"end": "2026-03-01T08:59:59Z"}), "end"),
        (json!({"end": "2026-03-01T10:00:00+02:00"}), "end"),
        (json!({"start": "0000-06-01T00:00:00Z"}), "end"),
        (json!({"all_day": true}), "all_day"),
        (json!({"all_day": "false"}), "all_day"),
        (json!({"first_day": "2026-03-01"}), "first_day"),
        (json!({"last_day": "2026-03-01"}), "last_day"),
        (
            json!({"start": null, "end": null, "all_day": true}),
            "first_day",
        ),
        (
            json!({"start": null, "end": null, "first_day": "2026-03-01"}),
            "last_day",
        ),
        (
            json!({"start": null, "end": null, "last_day": "2026-03-01"}),
            "first_day",
        ),
        (
            with(days("2026-03-01", "2026-03-01"), &json!({"all_day": false})),
            "all_day",
        ),
        (days("2026-03-02", "2026-03-01"), "last_day"),
        (days("2026-02-29", "2026-03-01"), "first_day"),
        (days("2026-3-1", "2026-03-01"), "first_day"),
        (days("2026-03-01T00:00:00Z", "2026-03-01"), "first_day"),
        (days("0000-01-01", "2026-03-01"), "first_day"),
        (days("2026-03-01", "9999-12-31"), "last_day"),
    ] {
        let answer = world
            .post("/appointments", appointment(changes.clone()))
            .await;
        let problem = answer.problem(422, "invalid-value");
        assert_eq!(problem["field"], json!(field), "{changes}: {problem}");
    }
    let list = world.get("/appointments").await.expect(200);
    assert_eq!(list["items"], json!([]));
}

#[tokio::test]
async fn a_bad_change_is_refused_with_its_field() {
    let world = World::new().await;
    let path = format!("/appointments/{}", world.appointment("Visit").await);
    let tag = world.get(&path).await.header("etag").to_owned();
    for (change, field) in [
        (json!({"title": null}), "title"),
        (json!({"description": null}), "description"),
        (json!({"private": null}), "private"),
        (json!({"title": ""}), "title"),
        (json!({"resource": "ada"}), "resource"),
        (json!({"version": 3}), "version"),
        (json!({"end": "2026-03-01T08:00:00Z"}), "end"),
        (json!({"all_day": true}), "first_day"),
        (json!({"first_day": "2026-03-01"}), "last_day"),
        (
            json!({"start": "2026-03-01T09:00:00Z", "last_day": "2026-03-01"}),
            "last_day",
        ),
    ] {
        let answer = world
            .change("PATCH", &path, &tag, Some(change.clone()))
            .await;
        let problem = answer.problem(422, "invalid-value");
        assert_eq!(problem["field"], json!(field), "{change}: {problem}");
    }
    assert_eq!(world.get(&path).await.header("etag"), tag);
}

#[tokio::test]
async fn a_bad_user_is_refused_with_its_field() {
    let world = World::new().await;
    let hours = |day: &str, from: &str, to: &str| {
        json!({"name": "Bea", "working_hours": {"zone": "Europe/Berlin",
               "stretches": [{"day": "monday", "from": "08:00", "to": "09:00"},
                             {"day": day, "from": from, "to": to}]}})
    };
    for (body, field) in [
        (json!({}), "name"),
        (json!({"name": " "}), "name"),
        (json!({"name": "Bea", "id": "a:b"}), "id"),
        (json!({"name": "Bea", "id": ""}), "id"),
        (json!({"name": "Bea", "email": "e".repeat(321)}), "email"),
        (json!({"name": "Bea", "age": 40}), "age"),
        (
            hours("Monday", "08:00", "09:00"),
            "working_hours.stretches[1].day",
        ),
        (
            hours("friday", "8:00", "09:00"),
            "working_hours.stretches[1].from",
        ),
        (
            hours("friday", "08:60", "09:00"),
            "working_hours.stretches[1].from",
        ),
        (
            hours("friday", "08:00", "24:01"),
            "working_hours.stretches[1].to",
        ),
        (
            hours("friday", "08:00", "08:00"),
            "working_hours.stretches[1].to",
        ),
        (
            json!({"name": "Bea", "working_hours": {"zone": "Mars/Base", "stretches": []}}),
            "working_hours.zone",
        ),
        (
            json!({"name": "Bea", "working_hours": {"zone": "UTC", "stretches": [{"dya": 1}]}}),
            "working_hours.stretches[0].dya",
        ),
        (
            json!({"name": "Bea", "working_hours": {"zone": "UTC", "stretches": [{}]}}),
            "working_hours.stretches[0].day",
        ),
    ] {
        let problem = world.post("/resources", body.clone()).await;
        let problem = problem.problem(422, "invalid-value");
        assert_eq!(problem["field"], json!(field), "{body}: {problem}");
    }
}

#[tokio::test]
async fn what_is_no_json_is_refused() {
    let world = World::new().await;
    for body in [
        "",
        "{",
        "title=x",
        "{\"title\": \"a\"} {}",
        "{\"title\": \"\\ud800\"}",
    ] {
        let answer = world
            .post_text("/resources", "application/json", body.to_owned())
            .await;
        assert!(
            matches!(answer.status.as_u16(), 400 | 422),
            "{body}: {}",
            answer.text
        );
        assert!(answer.json()["detail"].is_string());
    }
    let twice = "{\"name\": \"a\", \"name\": \"b\"}".to_owned();
    let answer = world
        .post_text("/resources", "application/json", twice)
        .await;
    assert_eq!(answer.problem(422, "invalid-value")["field"], json!("name"));
    for body in ["[]", "null", "7", "\"text\""] {
        let body = body.to_owned();
        let answer = world
            .post_text("/resources", "application/json", body)
            .await;
        answer.problem(422, "invalid-value");
    }
}

#[tokio::test]
async fn a_bad_parameter_is_refused_with_its_name() {
    let world = World::new().await;
    for (path, field) in [
        ("/appointments?limit=0", "limit"),
        ("/appointments?limit=501", "limit"),
        ("/appointments?limit=ten", "limit"),
        ("/appointments?limit=", "limit"),
        ("/appointments?limit=1&limit=2", "limit"),
        ("/appointments?cursor=abc", "cursor"),
        ("/appointments?since=-1", "since"),
        ("/appointments?since=9223372036854775808", "since"),
        ("/appointments?from=today", "from"),
        ("/appointments?to=2026-03-01T00:00:00+01:00", "to"),
        ("/appointments?resorce=ada", "resorce"),
        ("/appointments?resource=a%00b", "resource"),
        ("/resources?active_only=yes", "active_only"),
        ("/resources?cursor=1.5", "cursor"),
        ("/mailboxes?cursor=x", "cursor"),
        ("/mailboxes?resource=ada", "resource"),
        ("/runs?limit=-1", "limit"),
        ("/runs?mailbox=1", "mailbox"),
        ("/items/appointment/1/history?limit=a", "limit"),
    ] {
        let problem = world.get(path).await.problem(400, "malformed-request");
        assert_eq!(problem["field"], json!(field), "{path}: {problem}");
    }
    let plus = world
        .get("/appointments?to=2026-03-01T00:00:00+01:00")
        .await;
    assert!(plus.json()["hint"].as_str().unwrap().contains("%2B"));
}
