//! The records that are kept by a key, there and back.

use serde_json::{Value, json};

use super::answer::Answer;
use super::world::World;

/// What a to-do and a call name, made through the interface; each kind's key.
struct Named {
    company: String,
    contact: String,
    ticket: String,
    task: String,
    action_type: String,
    status: String,
}

impl Named {
    async fn make(world: &World) -> Self {
        let company = json!({
            "name": "Nordlicht Bakeries", "phone": "+49 40 5550100",
            "address": {"street": "Kanalweg 4", "city": "Hamburg"},
            "account_manager": "ada",
        });
        let company = id(&world.post("/companies", company).await);
        let contact = json!({"given_name": "Greta", "surname": "Lund", "company": company});
        let work =
            |number: &str| json!({"number": number, "title": "Till offline", "company": company});
        Self {
            contact: id(&world.post("/contacts", contact).await),
            ticket: id(&world.post("/tickets", work("T1001")).await),
            task: id(&world.post("/tasks", work("P7-3")).await),
            action_type: id(&world
                .post("/action-types", json!({"name": "Call back"}))
                .await),
            status: id(&world
                .post("/call-statuses", json!({"name": "Planned"}))
                .await),
            company,
        }
    }

    fn to_do(&self) -> Value {
        json!({
            "resource": "ada", "action_type": self.action_type, "company": self.company,
            "contact": self.contact, "ticket": self.ticket, "description": "Ask for the number",
            "start": "2026-03-01T09:00:00Z", "end": "2026-03-01T09:30:00Z",
        })
    }

    fn call(&self) -> Value {
        json!({
            "status": self.status, "company": self.company, "assigned": ["ada"],
            "work": [{"task": self.task}, {"ticket": self.ticket}],
            "first_day": "2026-03-02", "last_day": "2026-03-03",
        })
    }
}

#[track_caller]
fn id(made: &Answer) -> String {
    made.expect(201)["id"].as_str().unwrap().to_owned()
}

fn tag(view: &Value) -> String {
    format!("\"{}\"", view["version"])
}

/// The record after a change to this view of it.
async fn changed(world: &World, path: &str, view: &Value, change: Value) -> Answer {
    let path = format!("{path}/{}", view["id"].as_str().unwrap());
    world.change("PATCH", &path, &tag(view), Some(change)).await
}

#[tokio::test]
async fn a_record_of_each_kind_comes_back_as_it_was_made() {
    let world = World::new().await;
    let named = Named::make(&world).await;
    let company = || json!(named.company);
    for (path, wanted) in [
        ("/territories", json!({"name": "North"})),
        (
            "/security-levels",
            json!({"name": "Admin", "configure_extensions": true}),
        ),
        (
            "/action-types",
            json!({"name": "Note", "on_calendar": false}),
        ),
        ("/call-statuses", json!({"name": "Done"})),
        (
            "/opportunities",
            json!({"name": "Cover", "company": company(), "owner": "ada"}),
        ),
        ("/contracts", json!({"name": "Gold", "company": company()})),
        (
            "/tickets",
            json!({"number": "T2", "title": "No mail", "company": null}),
        ),
        (
            "/tasks",
            json!({"number": "P1", "title": "Racks", "company": company()}),
        ),
        ("/to-dos", named.to_do()),
        ("/service-calls", named.call()),
        (
            "/contacts",
            json!({"surname": "Lund", "emails": ["a@b.example"], "active": false}),
        ),
        (
            "/companies",
            json!({"name": "Kiesel & Sons", "address": {"postal_code": "20457"}}),
        ),
    ] {
        let made = world.post(path, wanted.clone()).await;
        let location = made
            .header("location")
            .strip_prefix("/api/v1")
            .unwrap()
            .to_owned();
        let view = made.expect(201);
        assert_eq!(location, format!("{path}/{}", view["id"].as_str().unwrap()));
        let read = world.get(&location).await;
        assert_eq!(read.header("etag"), tag(&view), "{path}");
        assert_eq!(read.expect(200), view, "{path}");
        for (field, value) in wanted.as_object().unwrap() {
            match value {
                Value::Object(inner) => {
                    for (part, value) in inner {
                        assert_eq!(view[field][part], *value, "{path} {field}.{part}");
                    }
                }
                value => assert_eq!(view[field], *value, "{path} {field}"),
            }
        }
        let listed = world.get(&format!("{path}?limit=500")).await.expect(200);
        assert_eq!(
            listed["items"].as_array().unwrap().last(),
            Some(&view),
            "{path}"
        );
        let gone = world.change("DELETE", &location, &tag(&view), None).await;
        assert_eq!(gone.status.as_u16(), 204, "{path}: {}", gone.text);
        world.get(&location).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_change_names_what_changes_and_null_empties() {
    let world = World::new().await;
    let named = Named::make(&world).await;
    let path = format!("/companies/{}", named.company);
    let view = world.get(&path).await.expect(200);
    let change = json!({"phone": null, "account_manager": null, "address": {"street": "Kai 1"}});
    let view = changed(&world, "/companies", &view, change)
        .await
        .expect(200);
    assert_eq!(view["name"], json!("Nordlicht Bakeries"));
    assert_eq!(
        (&view["phone"], &view["account_manager"]),
        (&json!(""), &Value::Null)
    );
    assert_eq!(view["address"]["street"], json!("Kai 1"));
    assert_eq!(view["address"]["city"], json!("Hamburg"));
    let same = changed(&world, "/companies", &view, json!({"name": view["name"]})).await;
    assert_eq!(same.expect(200), view);
    for (change, field) in [
        (json!({"name": null}), "name"),
        (json!({"name": 7}), "name"),
        (json!({"name": " "}), "name"),
        (json!({"name": "a\u{0}b"}), "name"),
        (json!({"address": {"planet": "Mars"}}), "address.planet"),
        (json!({"territory": "nowhere"}), "territory"),
        (json!({"id": "other"}), "id"),
    ] {
        let refused = changed(&world, "/companies", &view, change.clone()).await;
        let problem = refused.problem(422, "invalid-value");
        assert_eq!(problem["field"], json!(field), "{change}");
    }
    let stale = world
        .change("PATCH", &path, "\"1\"", Some(json!({"name": 7})))
        .await;
    assert_eq!(
        stale.problem(412, "version-stale")["version"],
        view["version"]
    );
}

#[tokio::test]
async fn a_to_do_is_moved_by_one_end_and_turned_into_days() {
    let world = World::new().await;
    let named = Named::make(&world).await;
    let view = world.post("/to-dos", named.to_do()).await.expect(201);
    let later = json!({"end": "2026-03-01T10:00:00Z", "completed": true});
    let view = changed(&world, "/to-dos", &view, later).await.expect(200);
    assert_eq!(view["start"], json!("2026-03-01T09:00:00Z"));
    assert_eq!(view["end"], json!("2026-03-01T10:00:00Z"));
    assert_eq!(
        (&view["completed"], &view["all_day"]),
        (&json!(true), &json!(false))
    );
    let days = json!({"first_day": "2026-03-01", "last_day": "2026-03-02"});
    let view = changed(&world, "/to-dos", &view, days).await.expect(200);
    assert_eq!(view["all_day"], json!(true));
    assert!(view.get("start").is_none());
    let view = changed(&world, "/to-dos", &view, json!({"last_day": "2026-03-01"})).await;
    let view = view.expect(200);
    assert_eq!(view["first_day"], view["last_day"]);
    for (change, field) in [
        (json!({"start": "2026-03-01T09:00:00Z"}), "end"),
        (json!({"last_day": "2026-02-01"}), "last_day"),
        (json!({"all_day": false}), "all_day"),
    ] {
        let refused = changed(&world, "/to-dos", &view, change).await;
        assert_eq!(refused.problem(422, "invalid-value")["field"], json!(field));
    }
}

#[tokio::test]
async fn what_others_name_is_not_deleted_and_the_answer_says_by_what() {
    let world = World::new().await;
    let named = Named::make(&world).await;
    let path = format!("/companies/{}", named.company);
    let view = world.get(&path).await.expect(200);
    let refused = world.change("DELETE", &path, &tag(&view), None).await;
    let problem = refused.problem(409, "in-use");
    assert!(
        problem["detail"].as_str().unwrap().contains("contact"),
        "{problem}"
    );
}

#[tokio::test]
async fn records_are_found_by_text_company_and_calendar() {
    let world = World::new().await;
    let named = Named::make(&world).await;
    world.post("/to-dos", named.to_do()).await.expect(201);
    world.post("/service-calls", named.call()).await.expect(201);
    let company = &named.company;
    for (query, found) in [
        ("/companies?text=nord".to_owned(), 1),
        ("/companies?text=south".to_owned(), 0),
        (format!("/contacts?company={company}&text=greta"), 1),
        ("/tickets?company=nobody".to_owned(), 0),
        ("/to-dos?resource=ada&to=2026-03-01T09:00:01Z".to_owned(), 1),
        ("/to-dos?from=2026-03-01T09:30:00Z".to_owned(), 0),
        (format!("/service-calls?resource=ada&company={company}"), 1),
        ("/service-calls?resource=olga".to_owned(), 0),
    ] {
        let list = world.get(&query).await.expect(200);
        assert_eq!(list["items"].as_array().unwrap().len(), found, "{query}");
    }
    let refused = world.get("/companies?resource=ada").await;
    assert_eq!(
        refused.problem(400, "malformed-request")["field"],
        json!("resource")
    );
    let first = world.get("/call-statuses?limit=1").await.expect(200);
    assert_eq!(first["next"], Value::Null);
}

#[tokio::test]
async fn records_come_in_bulk_under_the_psas_own_keys_and_twice_changes_nothing() {
    let world = World::new().await;
    let named = Named::make(&world).await;
    let request = json!({"records": [
        {"id": "visit-1", "record": named.call()},
        {"id": "visit-2", "record": {"status": "none", "company": named.company,
                                     "start": "2026-03-01T09:00:00Z", "end": "2026-03-01T10:00:00Z"}},
    ]});
    let outcomes = |answer: Value| -> Vec<Value> {
        let results = answer["results"].as_array().unwrap();
        results
            .iter()
            .map(|result| result["outcome"].clone())
            .collect()
    };
    let first = world
        .post("/service-calls/bulk", request.clone())
        .await
        .expect(200);
    assert_eq!(first["results"][1]["problem"]["field"], json!("status"));
    assert_eq!(outcomes(first), ["created", "refused"]);
    let before = world.get("/changes").await.expect(200)["version"].clone();
    let again = world.post("/service-calls/bulk", request).await.expect(200);
    assert_eq!(outcomes(again), ["unchanged", "refused"]);
    assert_eq!(world.get("/changes").await.expect(200)["version"], before);
    let gone = json!({"records": [{"id": "visit-1", "record": null}]});
    let answer = world
        .post("/service-calls/bulk", gone.clone())
        .await
        .expect(200);
    assert_eq!(outcomes(answer), ["deleted"]);
    let answer = world.post("/service-calls/bulk", gone).await.expect(200);
    assert_eq!(outcomes(answer), ["unchanged"]);
}

#[tokio::test]
async fn the_change_feed_tells_of_each_kind_and_of_what_is_gone() {
    let world = World::new().await;
    let named = Named::make(&world).await;
    let to_do = world.post("/to-dos", named.to_do()).await.expect(201);
    let feed = world.get("/changes").await.expect(200);
    let kinds: Vec<&str> = feed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["kind"].as_str().unwrap())
        .collect();
    let expected = [
        "resource",
        "company",
        "contact",
        "ticket",
        "task",
        "action_type",
        "call_status",
        "to_do",
    ];
    assert_eq!(kinds, expected);
    let path = format!("/to-dos/{}", to_do["id"].as_str().unwrap());
    world.change("DELETE", &path, &tag(&to_do), None).await;
    let since = format!("/changes?since={}", feed["version"]);
    let gone = &world.get(&since).await.expect(200)["items"][0];
    assert_eq!(
        (&gone["kind"], &gone["deleted"]),
        (&json!("to_do"), &json!(true))
    );
    assert_eq!(gone["changed_by"], json!("person"));
    assert_eq!(gone["record"]["description"], json!(""));
}
