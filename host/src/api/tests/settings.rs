//! Settings: checked as `tandem apply` checks them, the server asked, secrets written and never shown.

use std::time::Duration;

use serde_json::{Value, json};

use super::world::World;
use crate::demo::Demo;
use crate::store::mailbox;

const PATH: &str = "/settings";
const HOUR: Duration = Duration::from_secs(3_600);

async fn demo() -> (Demo, World) {
    let demo = Demo::start(None, "127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let world = World::around(&demo.host, &demo.tenant).await;
    (demo, world)
}

/// The stored settings with some put in their place, and their version.
async fn with(world: &World, changes: Value) -> (Value, String) {
    let answer = world.get(PATH).await;
    let mut settings = answer.expect(200)["settings"].clone();
    for (name, value) in changes.as_object().unwrap() {
        settings[name] = value.clone();
    }
    (settings, answer.header("etag").to_owned())
}

#[tokio::test]
async fn before_the_first_save_the_defaults_are_shown_at_version_0() {
    let world = World::new().await;
    let answer = world.get(PATH).await;
    let view = answer.expect(200);
    assert_eq!(answer.header("etag"), "\"0\"");
    assert_eq!(
        (&view["saved"], &view["secret_stored"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(view["settings"]["synchronise-every"], 30);
    world
        .call("POST", "/settings/validate", None)
        .await
        .problem(409, "not-ready");
}

#[tokio::test]
async fn settings_come_back_as_they_were_saved_and_the_secret_stays_and_is_never_shown() {
    let (demo, world) = demo().await;
    let (settings, tag) = with(&world, json!({"past-days": 5, "import": "no-details"})).await;
    let saved = world
        .change("PUT", PATH, &tag, Some(settings.clone()))
        .await;
    let view = saved.expect(200);
    assert_ne!(saved.header("etag"), tag);
    assert_eq!(view["settings"], settings);
    assert_eq!(settings["credentials"]["client-secret"], Value::Null);
    assert_eq!(
        (&view["resynchronises"], &view["secret_stored"]),
        (&json!(false), &json!(true))
    );
    let answer = world.get(PATH).await;
    assert_eq!(answer.expect(200)["settings"], settings);
    assert_eq!(answer.header("etag"), saved.header("etag"));
    let secret = demo.model.credentials().client_secret;
    assert!(!saved.text.contains(&secret) && !answer.text.contains(&secret));
    // The secret that was left out still signs in.
    let asked = world
        .call("POST", "/settings/validate", None)
        .await
        .expect(200);
    let findings = asked["findings"].as_array().unwrap();
    assert!(
        findings.iter().any(|finding| finding["severity"] == "ok"),
        "{asked}"
    );
    assert!(
        findings
            .iter()
            .all(|finding| finding["severity"] != "error"),
        "{asked}"
    );
    let same = world
        .change("PUT", PATH, saved.header("etag"), Some(settings))
        .await;
    same.expect(200);
    assert_eq!(same.header("etag"), saved.header("etag"));
}

#[tokio::test]
async fn every_wrong_field_is_named_and_nothing_is_saved() {
    let (_demo, world) = demo().await;
    let before = world.get(PATH).await.expect(200);
    let wrong = json!({"synchronise-every": 9, "past-days": 31, "server-address": "10.0.0.1"});
    let (settings, tag) = with(&world, wrong).await;
    let problem = world
        .change("PUT", PATH, &tag, Some(settings))
        .await
        .problem(422, "invalid-value");
    let fields: Vec<&Value> = problem["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| &f["field"])
        .collect();
    assert_eq!(fields, ["server-address", "synchronise-every", "past-days"]);
    assert_eq!(problem["field"], "server-address");
    let mut credentials = before["settings"]["credentials"].clone();
    credentials["client-secret"] = json!("not the secret");
    let (settings, tag) = with(&world, json!({"credentials": credentials})).await;
    let answer = world.change("PUT", PATH, &tag, Some(settings)).await;
    let problem = answer.problem(422, "invalid-value");
    assert_eq!(problem["findings"][0]["severity"], "error", "{problem}");
    assert!(!answer.text.contains("not the secret"));
    // The stored client secret is no password.
    let basic = json!({
        "version": "exchange-2019", "server-address": "mail.example.com", "use-graph": false,
        "credentials": {"kind": "basic", "account": "service"},
    });
    let (settings, tag) = with(&world, basic).await;
    let answer = world.change("PUT", PATH, &tag, Some(settings)).await;
    let problem = answer.problem(422, "invalid-value");
    assert_eq!(problem["findings"][0]["text"], "the password is required");
    let (mut settings, tag) = with(&world, json!({})).await;
    settings["past_days"] = json!(5);
    let answer = world.change("PUT", PATH, &tag, Some(settings)).await;
    assert_eq!(answer.problem(422, "invalid-value")["field"], "past_days");
    assert_eq!(world.get(PATH).await.expect(200), before);
}

#[tokio::test]
async fn nobody_saves_over_what_they_did_not_see() {
    let (_demo, world) = demo().await;
    let (first, tag) = with(&world, json!({"past-days": 5})).await;
    world
        .change("PUT", PATH, &tag, Some(first))
        .await
        .expect(200);
    let (second, current) = with(&world, json!({"past-days": 6})).await;
    let stale = world.change("PUT", PATH, &tag, Some(second.clone())).await;
    stale.problem(412, "version-stale");
    assert_eq!(stale.header("etag"), current);
    world
        .call("PUT", PATH, Some(second))
        .await
        .problem(428, "version-needed");
    assert_eq!(
        world.get(PATH).await.expect(200)["settings"]["past-days"],
        5
    );
}

#[tokio::test]
async fn while_a_cycle_runs_only_what_shapes_none_is_saved() {
    let (demo, world) = demo().await;
    let running = mailbox::list(&world.acme)
        .await
        .unwrap()
        .remove(0)
        .mailbox
        .id;
    let leases = world.host.store.leases();
    let lease = leases
        .one(&demo.tenant, &running, "a host", HOUR)
        .await
        .unwrap();
    let (shaping, tag) = with(&world, json!({"import": "none"})).await;
    let answer = world.change("PUT", PATH, &tag, Some(shaping)).await;
    let problem = answer.problem(409, "synchronisation-in-progress");
    assert!(problem["hint"].as_str().unwrap().contains("raise"));
    let (harmless, tag) = with(&world, json!({"synchronise-every": 60})).await;
    world
        .change("PUT", PATH, &tag, Some(harmless))
        .await
        .expect(200);
    assert!(lease.is_some());
}
