//! The profile tab of a user.

use super::world::{Browser, World};
use crate::contract::PsaId;
use crate::demo::Demo;
use crate::settings::document::SettingsDocument;
use crate::settings::effective;
use crate::store::{mailbox, settings};

const PATH: &str = "/users/ada/profile";

/// A tenant whose administrator lets nobody import.
async fn world() -> (World, Browser, Browser) {
    let world = World::new().await;
    let document = SettingsDocument {
        import: crate::contract::ImportMode::None,
        ..SettingsDocument::default()
    };
    let wanted = effective::settings(&document, crate::contract::SecretState::Absent);
    let mut transaction = world.acme.begin().await.unwrap();
    settings::save(&mut transaction, &wanted, 0).await.unwrap();
    transaction.commit().await.unwrap();
    let admin = world.admin(&world.acme).await;
    let ada = world.user(&world.acme, "ada").await;
    (world, admin, ada)
}

async fn enable(world: &World, admin: &Browser, user: &str) {
    let fields = [("shown", user), ("enabled", user)];
    world
        .post(admin, "/admin/exchange/resources", &fields)
        .await
        .expect(200);
}

async fn version(world: &World) -> String {
    let id = PsaId {
        value: "ada".into(),
    };
    let record = crate::psa::resource::get(&world.acme, &id).await.unwrap();
    record.version.number.to_string()
}

async fn save(world: &World, browser: &Browser, fields: &[(&str, &str)]) -> super::answer::Answer {
    let version = version(world).await;
    let fields = [&[("saved-version", version.as_str())], fields].concat();
    world.post(browser, PATH, &fields).await
}

const CHOICES: [(&str, &str); 5] = [
    ("mailbox", "ada@example.com"),
    ("greyed", "import-appointments"),
    ("export-to-dos", "on"),
    ("past-days", "3"),
    ("recurring-days", "30"),
];

#[tokio::test]
async fn a_user_chooses_within_what_the_tenant_allows_and_only_then_anything_runs() {
    let (world, admin, ada) = world().await;
    world
        .get(&ada, PATH)
        .await
        .says(200, &["not enabled for synchronisation yet"]);
    enable(&world, &admin, "ada").await;
    let page = world.get(&ada, PATH).await;
    page.says(
        200,
        &[
            "until you save this tab once",
            "switched this off for everybody",
            "Miscellaneous",
            "name=\"past-days\" value=\"7\"",
        ],
    );
    let saved = save(&world, &ada, &CHOICES).await;
    saved.says(
        200,
        &["<strong>Saved.</strong>", "synchronises with these choices"],
    );
    let record = mailbox::list(&world.acme).await.unwrap().remove(0);
    let profile = record.profile.unwrap();
    assert!(profile.export_to_dos && !profile.export_appointments && !profile.import_appointments);
    assert_eq!(profile.past_days, 3);
    let page = world.get(&admin, PATH).await;
    page.says(200, &["User Profile Advanced Settings: ada", "value=\"3\""]);
}

#[tokio::test]
async fn wrong_choices_are_told_at_their_fields_and_what_was_typed_stays() {
    let (world, admin, ada) = world().await;
    enable(&world, &admin, "ada").await;
    enable(&world, &admin, "bob").await;
    for (name, typed, told) in [
        ("past-days", "31", "cannot be looked at"),
        ("recurring-days", "soon", "not a whole number"),
        ("mailbox", "nobody", "not an e-mail address"),
        ("mailbox", "BOB@example.com", "belongs to user bob"),
    ] {
        let mut fields = CHOICES.to_vec();
        fields.retain(|(known, _)| *known != name);
        fields.push((name, typed));
        let refused = save(&world, &ada, &fields).await;
        refused.says(
            422,
            &["Nothing was saved", told, &format!("value=\"{typed}\"")],
        );
    }
    let stale = [&[("saved-version", "1")], &CHOICES[..]].concat();
    world
        .post(&ada, PATH, &stale)
        .await
        .says(409, &["Somebody else changed this user"]);
    let records = mailbox::list(&world.acme).await.unwrap();
    assert!(records.iter().all(|record| record.profile.is_none()));
}

#[tokio::test]
async fn an_administrator_may_fill_it_in_before_the_user_is_enabled() {
    let (world, admin, ada) = world().await;
    let saved = save(&world, &admin, &CHOICES).await;
    saved.says(200, &["until an administrator enables the user"]);
    let record = mailbox::list(&world.acme).await.unwrap().remove(0);
    assert!(!record.enabled && record.profile.is_some());
    world
        .get(&ada, PATH)
        .await
        .says(200, &["not enabled at present"]);
}

#[tokio::test]
async fn the_connection_is_tested_with_a_clear_result() {
    let demo = Demo::start(None, "127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let world = World::around(&demo.host, &demo.tenant).await;
    let anna = world.user(&world.acme, "anna").await;
    let tested = world.post(&anna, "/users/anna/profile/test", &[]).await;
    tested.says(
        200,
        &["The connection works.", "<strong>Checked:</strong> "],
    );
    let mut transaction = world.acme.begin().await.unwrap();
    let record = mailbox::list(&world.acme).await.unwrap().remove(0);
    let gone = "gone@example.com";
    mailbox::set_address(&mut transaction, &record.mailbox.id, gone)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    let tested = world.post(&anna, "/users/anna/profile/test", &[]).await;
    tested.says(200, &["The connection does not work.", gone]);
}
