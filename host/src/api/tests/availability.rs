//! How much of a user's time is left.

use serde_json::{Value, json};

use super::answer::Answer;
use super::world::World;

/// Monday, 2 March 2026.
const MONDAY: &str =
    "/resources/ada/availability?from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z";

#[track_caller]
fn id(made: &Answer) -> String {
    made.expect(201)["id"].as_str().unwrap().to_owned()
}

async fn works_on_mondays(world: &World) {
    let hours = json!({"zone": "UTC", "stretches": [
        {"day": "monday", "from": "08:00", "to": "16:00"},
    ]});
    let ada = world.get("/resources/ada").await;
    let tag = ada.header("etag").to_owned();
    let change = json!({ "working_hours": hours });
    let changed = world.change("PATCH", "/resources/ada", &tag, Some(change));
    changed.await.expect(200);
}

/// From one full hour of the Monday to another.
fn hours(from: u8, to: u8) -> (Value, Value) {
    let at = |hour: u8| json!(format!("2026-03-02T{hour:02}:00:00Z"));
    (at(from), at(to))
}

async fn book(world: &World, from: u8, to: u8, free: bool) {
    let (start, end) = hours(from, to);
    let body = json!({
        "resource": "ada", "title": "Visit", "start": start, "end": end, "free": free,
    });
    world.post("/appointments", body).await.expect(201);
}

async fn to_do(world: &World, on_calendar: bool, from: u8, to: u8) {
    let of = json!({"name": format!("Shown {on_calendar}"), "on_calendar": on_calendar});
    let of = id(&world.post("/action-types", of).await);
    let (start, end) = hours(from, to);
    let body = json!({"resource": "ada", "action_type": of, "start": start, "end": end});
    world.post("/to-dos", body).await.expect(201);
}

async fn call(world: &World, from: u8, to: u8) {
    let company = id(&world.post("/companies", json!({"name": "Acme"})).await);
    let status = id(&world
        .post("/call-statuses", json!({"name": "Planned"}))
        .await);
    let (start, end) = hours(from, to);
    let body = json!({
        "company": company, "status": status, "assigned": ["ada"], "work": [],
        "start": start, "end": end,
    });
    world.post("/service-calls", body).await.expect(201);
}

#[tokio::test]
async fn what_blocks_takes_time_and_calls_and_to_dos_are_service() {
    let world = World::new().await;
    works_on_mondays(&world).await;
    book(&world, 8, 9, false).await;
    book(&world, 9, 10, true).await;
    to_do(&world, true, 10, 11).await;
    to_do(&world, false, 11, 12).await;
    call(&world, 12, 14).await;
    let time = world.get(MONDAY).await.expect(200);
    assert_eq!(
        time,
        json!({
            "available": [
                {"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T10:00:00Z"},
                {"start": "2026-03-02T11:00:00Z", "end": "2026-03-02T12:00:00Z"},
                {"start": "2026-03-02T14:00:00Z", "end": "2026-03-02T16:00:00Z"},
            ],
            "available_minutes": 240, "working_minutes": 480, "service_minutes": 180,
            "utilisation": 0.375,
        })
    );
}

#[tokio::test]
async fn a_user_without_hours_and_a_bad_period_are_refused() {
    let world = World::new().await;
    world.get(MONDAY).await.problem(409, "not-ready");
    works_on_mondays(&world).await;
    for (period, field) in [
        ("to=2026-03-03T00:00:00Z", "from"),
        ("from=2026-03-03T00:00:00Z", "to"),
        ("from=Monday&to=2026-03-03T00:00:00Z", "from"),
        ("from=2026-03-03T00:00:00Z&to=2026-03-03T00:00:00Z", "to"),
        ("from=2026-01-01T00:00:00Z&to=2026-12-31T00:00:00Z", "to"),
    ] {
        let path = format!("/resources/ada/availability?{period}");
        let problem = world.get(&path).await.problem(400, "malformed-request");
        assert_eq!(problem["field"], json!(field));
    }
    let nobody = MONDAY.replace("ada", "nobody");
    world.get(&nobody).await.problem(404, "not-found");
}
