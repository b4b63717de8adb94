//! Users: their fields, their permission to synchronise, and what they choose.

use serde_json::{Value, json};

use secrecy::ExposeSecret;

use super::world::World;
use crate::store::{mail, mailbox, secret};
use crate::testing::add_user;

const PATH: &str = "/resources/ada";
const PROFILE: &str = "/resources/ada/profile";

async fn tag(world: &World) -> String {
    world.get(PATH).await.header("etag").to_owned()
}

/// Ada after a change of the newest version.
async fn changed(world: &World, change: Value) -> Value {
    let answer = world
        .change("PATCH", PATH, &tag(world).await, Some(change))
        .await;
    let user = answer.expect(200);
    assert_eq!(answer.header("etag"), format!("\"{}\"", user["version"]));
    assert_eq!(world.get(PATH).await.expect(200), user);
    user
}

async fn mailboxes(world: &World) -> Value {
    world.get("/mailboxes").await.expect(200)["items"].clone()
}

#[tokio::test]
async fn a_change_names_what_it_changes_and_leaves_the_rest() {
    let world = World::new().await;
    let hours = json!({"zone": "Europe/Berlin", "stretches": [
        {"day": "monday", "from": "08:30", "to": "12:00"},
    ]});
    let user = changed(&world, json!({"name": "Ada L.", "working_hours": hours})).await;
    assert_eq!(
        (&user["name"], &user["working_hours"]),
        (&json!("Ada L."), &hours)
    );
    assert_eq!(user["email"], "ada@example.com");
    let user = changed(&world, json!({"email": "", "active": false})).await;
    assert_eq!(
        (&user["email"], &user["active"]),
        (&json!(""), &json!(false))
    );
    assert_eq!(user["working_hours"], hours);
    let user = changed(&world, json!({"working_hours": null})).await;
    assert_eq!(user["working_hours"], Value::Null);
    let same = changed(&world, json!({"name": "Ada L.", "active": false})).await;
    assert_eq!(same, user, "what changes nothing keeps the version");
}

#[tokio::test]
async fn a_bad_change_is_refused_with_its_field_and_nothing_is_written() {
    let world = World::new().await;
    add_user(&world.acme, "bea").await;
    world.mailbox("bea").await;
    let before = world.get(PATH).await.expect(200);
    for (change, field) in [
        (json!({"name": " "}), "name"),
        (json!({"name": null}), "name"),
        (json!({"email": "x".repeat(321)}), "email"),
        (json!({"active": "no"}), "active"),
        (json!({"enabled": null}), "enabled"),
        (json!({"enabled": true}), "mailbox"),
        (json!({"mailbox": "no address"}), "mailbox"),
        (json!({"mailbox": "a\u{0}@b.example"}), "mailbox"),
        (json!({"mailbox": "ada@acme.example", "name": ""}), "name"),
        (json!({"id": "other"}), "id"),
    ] {
        let answer = world
            .change("PATCH", PATH, &tag(&world).await, Some(change))
            .await;
        assert_eq!(answer.problem(422, "invalid-value")["field"], field);
    }
    let taken = Some(json!({"mailbox": "BEA@acme.example", "enabled": true}));
    let answer = world.change("PATCH", PATH, &tag(&world).await, taken).await;
    assert_eq!(answer.problem(409, "already-taken")["field"], "mailbox");
    for method in ["PATCH", "DELETE"] {
        let body = Some(json!({"name": "x"}));
        let answer = world.change(method, PATH, "\"999\"", body.clone()).await;
        answer.problem(412, "version-stale");
        world
            .call(method, PATH, body)
            .await
            .problem(428, "version-needed");
    }
    assert_eq!(world.get(PATH).await.expect(200), before);
    assert_eq!(mailboxes(&world).await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_user_is_permitted_with_an_address_and_nothing_runs_before_a_profile_was_saved() {
    let world = World::new().await;
    world.save_settings(true).await;
    let refused = world.get(PROFILE).await;
    refused.problem(409, "not-ready");
    let user = changed(
        &world,
        json!({"enabled": true, "mailbox": " ada@acme.example "}),
    )
    .await;
    assert_eq!(
        (&user["enabled"], &user["mailbox"]),
        (&json!(true), &json!("ada@acme.example"))
    );
    let list = world.get("/resources").await.expect(200);
    assert_eq!(list["items"][0], user);
    let mailbox = mailboxes(&world).await[0].clone();
    assert_eq!(
        (&mailbox["enabled"], &mailbox["profile_saved"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(mailbox["next_due"], Value::Null);

    let answer = world.get(PROFILE).await;
    let offered = answer.expect(200);
    assert_eq!(offered["saved"], false);
    assert_eq!(offered["profile"]["past-days"], 7);
    let choices = Some(json!({"past-days": 3, "export-appointments": false}));
    let saved = world
        .change("PUT", PROFILE, answer.header("etag"), choices.clone())
        .await;
    let view = saved.expect(200);
    assert_eq!(view["saved"], true);
    assert_eq!(view["profile"]["past-days"], 3);
    assert_eq!(view["profile"]["export-appointments"], false);
    assert_eq!(view["profile"]["import-appointments"], true);
    assert_eq!(world.get(PROFILE).await.expect(200), view);
    assert_eq!(saved.header("etag"), tag(&world).await);
    assert!(mailboxes(&world).await[0]["next_due"].is_string());
    let again = world
        .change("PUT", PROFILE, saved.header("etag"), choices)
        .await;
    assert_eq!(
        again.header("etag"),
        saved.header("etag"),
        "the same choices keep the version"
    );
    let stale = world
        .change("PUT", PROFILE, answer.header("etag"), Some(json!({})))
        .await;
    stale.problem(412, "version-stale");
}

#[tokio::test]
async fn bad_choices_are_refused_with_each_field() {
    let world = World::new().await;
    world.mailbox("ada").await;
    let choices = Some(json!({"past-days": 31, "recurring-days": 0}));
    let answer = world
        .change("PUT", PROFILE, &tag(&world).await, choices)
        .await;
    let problem = answer.problem(422, "invalid-value");
    assert_eq!(problem["field"], "past-days");
    let fields: Vec<&Value> = problem["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| &f["field"])
        .collect();
    assert_eq!(fields, ["past-days", "recurring-days"]);
    let unknown = Some(json!({"past_days": 3}));
    let answer = world
        .change("PUT", PROFILE, &tag(&world).await, unknown)
        .await;
    assert_eq!(answer.problem(422, "invalid-value")["field"], "past_days");
    world
        .get("/resources/none/profile")
        .await
        .problem(404, "not-found");
}

#[tokio::test]
async fn a_user_out_of_use_stays_with_all_records_and_no_longer_synchronises() {
    let world = World::new().await;
    world.mailbox("ada").await;
    let id = world.appointment("Visit").await;
    let gone = world.change("DELETE", PATH, &tag(&world).await, None).await;
    assert_eq!(gone.status, 204);
    let user = world.get(PATH).await.expect(200);
    assert_eq!(
        (&user["active"], &user["enabled"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(user["mailbox"], "ada@acme.example");
    world.get(&format!("/appointments/{id}")).await.expect(200);
    let again = world.change("DELETE", PATH, &tag(&world).await, None).await;
    assert_eq!(again.status, 204);
    assert_eq!(world.get(PATH).await.expect(200), user);
    let active = world.get("/resources?active_only=true").await.expect(200);
    assert_eq!(active["items"], json!([]));
}

#[tokio::test]
async fn a_users_own_password_is_stored_sealed_and_never_shown() {
    let world = World::new().await;
    world.mailbox("ada").await;
    let put = async |choices: Value| {
        let tag = tag(&world).await;
        world.change("PUT", PROFILE, &tag, Some(choices)).await
    };
    let password = "correct horse battery staple";
    let choices = json!({"own-account": " CONTOSO\\ada ", "own-password": format!(" {password} ")});
    let answer = put(choices).await;
    let view = answer.expect(200);
    assert_eq!(view["own_password_stored"], true);
    assert_eq!(view["profile"]["own-account"], "CONTOSO\\ada");
    assert_eq!(view["profile"]["own-password"], Value::Null);
    let stored = mailbox::list(&world.acme).await.unwrap().remove(0);
    let name = secret::own_password(&stored.mailbox.id);
    let sealed = secret::get(&world.acme, &name).await.unwrap().unwrap();
    assert_eq!(sealed.expose_secret(), password);
    assert_eq!(stored.account(), "CONTOSO\\ada");
    // Left out, the password stays; the account is the mailbox's address again.
    let view = put(json!({})).await.expect(200);
    assert_eq!(view["own_password_stored"], true);
    let stored = mailbox::list(&world.acme).await.unwrap().remove(0);
    assert_eq!(stored.account(), stored.mailbox.address);
    for path in [PATH, PROFILE, "/mailboxes"] {
        let shown = world.get(path).await.expect(200).to_string();
        assert!(!shown.contains(password), "{path}");
    }
}

#[tokio::test]
async fn who_is_newly_enabled_is_told_once_and_by_whom() {
    let world = World::new().await;
    let enabled = json!({"enabled": true, "mailbox": "ada@acme.example"});
    changed(&world, enabled.clone()).await;
    changed(&world, enabled).await;
    changed(&world, json!({"name": "Ada Lovelace"})).await;
    let unsent = mail::unsent(world.host.store.database(), 10).await.unwrap();
    assert_eq!(unsent.len(), 1, "{unsent:?}");
    assert_eq!(unsent[0].to, ["ada@acme.example"]);
    let said = "Enabled by: a program of your organisation";
    assert!(unsent[0].text.contains(said), "{}", unsent[0].text);
}
