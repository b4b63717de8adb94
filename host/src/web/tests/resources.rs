//! The tab Resources.

use axum::body::Body;

use super::world::{Browser, World};
use crate::contract::PsaId;
use crate::demo::Demo;
use crate::psa::resource::{self, Resource};
use crate::store::{mailbox, settings};
use crate::testing::add_user;
use crate::web::resources::PATH;

/// A tenant with 120 users more, `u000` to `u119`.
async fn many() -> (World, Browser) {
    let world = World::new().await;
    let admin = world.admin(&world.acme).await;
    for number in 0..120 {
        add_user(&world.acme, &format!("u{number:03}")).await;
    }
    (world, admin)
}

async fn enabled(world: &World) -> Vec<String> {
    let records = mailbox::list(&world.acme).await.unwrap().into_iter();
    let enabled = records.filter(|record| record.enabled);
    enabled.map(|record| record.mailbox.owner.value).collect()
}

fn shown(keys: &[&'static str]) -> Vec<(&'static str, &'static str)> {
    keys.iter().map(|key| ("shown", *key)).collect()
}

#[tokio::test]
async fn users_are_listed_by_name_fifty_on_a_page_and_found_by_name_or_address() {
    let (world, admin) = many().await;
    let first = world.get(&admin, PATH).await;
    // Administrator, ada, bob and 120 others.
    first.says(
        200,
        &["Users 1 to 50 of 123", "Next page", "Last page", "N/A"],
    );
    assert!(!first.text.contains("Previous page"));
    assert_eq!(first.text.matches("name=\"enabled\"").count(), 50);
    let last = world.get(&admin, &format!("{PATH}?page=3")).await;
    last.says(200, &["Users 101 to 123 of 123", "First page", "u119"]);
    let found = world.get(&admin, &format!("{PATH}?text=U11")).await;
    found.says(200, &["Users 1 to 10 of 10", "u110", "u119"]);
    world
        .get(&admin, &format!("{PATH}?text=u007%40EXAMPLE"))
        .await
        .says(200, &["of 1,"]);
    world
        .get(&admin, &format!("{PATH}?text=100%25"))
        .await
        .says(200, &["Nobody is found"]);
    world
        .get(&admin, &format!("{PATH}?page=99"))
        .await
        .says(200, &["Nobody is found"]);
    world
        .get(&admin, &format!("{PATH}?page=x&text=%00"))
        .await
        .expect(200);
}

#[tokio::test]
async fn single_boxes_enable_and_disable_and_nothing_runs_before_a_profile_was_saved() {
    let (world, admin) = many().await;
    let fields = [
        &shown(&["ada", "bob", "u000"])[..],
        &[("enabled", "ada"), ("enabled", "u000")],
    ];
    let saved = world.post(&admin, PATH, &fields.concat()).await;
    saved.says(
        200,
        &["2 enabled, 0 no longer", "when the profile was saved"],
    );
    assert_eq!(enabled(&world).await, ["ada", "u000"]);
    let fields = [&shown(&["ada", "u000"])[..], &[("enabled", "ada")]];
    world
        .post(&admin, PATH, &fields.concat())
        .await
        .says(200, &["0 enabled, 1 no longer"]);
    assert_eq!(enabled(&world).await, ["ada"]);
    // Who is not shown is left alone.
    world.post(&admin, PATH, &shown(&["bob"])).await.expect(200);
    assert_eq!(enabled(&world).await, ["ada"]);
}

#[tokio::test]
async fn only_the_pilot_group_synchronises_while_that_is_switched_on() {
    const PILOT: &str = "/admin/exchange/pilot";
    let (world, admin) = many().await;
    let fields = [
        &shown(&["ada", "bob", "u000"])[..],
        &[("enabled", "ada"), ("enabled", "bob")],
        &[("pilot", "ada"), ("pilot", "u000")],
    ];
    let saved = world.post(&admin, PATH, &fields.concat()).await;
    saved.says(
        200,
        &[
            "1 joined the pilot group",
            "1 could not join the pilot group",
        ],
    );
    let waits = "not in the pilot group";
    assert!(!world.get(&admin, PATH).await.text.contains(waits));
    world
        .post(&admin, PILOT, &[("pilot-only", "on")])
        .await
        .leads_to(PATH);
    let page = world.get(&admin, PATH).await;
    page.says(200, &["Only the pilot group synchronises.", waits]);
    assert_eq!(page.text.matches(waits).count(), 1, "bob alone waits");
    let everybody = [("pilot-for-all", "join")];
    let joined = world.post(&admin, PATH, &everybody).await;
    joined.says(200, &["1 joined the pilot group"]);
    assert_eq!(joined.text.matches(waits).count(), 0);
    let nobody = [("pilot-for-all", "leave"), ("text", "ada")];
    world
        .post(&admin, PATH, &nobody)
        .await
        .says(200, &["1 left the pilot group", waits]);
    world.post(&admin, PILOT, &[]).await.leads_to(PATH);
    let page = world.get(&admin, PATH).await;
    page.says(200, &["Let only the pilot group synchronise"]);
    assert!(!page.text.contains(waits));
}

#[tokio::test]
async fn the_header_counts_for_those_shown_only_when_it_was_changed() {
    let (world, admin) = many().await;
    let users = shown(&["ada", "bob"]);
    let all = [
        &users[..],
        &[("all", "on"), ("all-before", ""), ("scope", "shown")],
    ]
    .concat();
    world
        .post(&admin, PATH, &all)
        .await
        .says(200, &["2 enabled"]);
    assert_eq!(enabled(&world).await, ["ada", "bob"]);
    // It was ticked and still is, so the single boxes count.
    let one = [
        &users[..],
        &[("all", "on"), ("all-before", "on"), ("enabled", "ada")],
    ]
    .concat();
    world.post(&admin, PATH, &one).await.expect(200);
    assert_eq!(enabled(&world).await, ["ada"]);
    let none = [&users[..], &[("all-before", "on"), ("enabled", "ada")]].concat();
    world.post(&admin, PATH, &none).await.expect(200);
    assert!(enabled(&world).await.is_empty());
}

#[tokio::test]
async fn the_header_for_everybody_found_is_asked_about_before_it_is_done() {
    let (world, admin) = many().await;
    let all = [("scope", "found"), ("all", "on"), ("text", "u0")];
    let asked = world.post(&admin, PATH, &all).await;
    asked.says(200, &["Not saved yet", "enables all 100 users"]);
    assert!(enabled(&world).await.is_empty());
    let confirmed = [&all[..], &[("confirmed", "on")]].concat();
    world
        .post(&admin, PATH, &confirmed)
        .await
        .says(200, &["100 enabled"]);
    assert_eq!(enabled(&world).await.len(), 100);
    let none = [("scope", "found"), ("text", "u00"), ("confirmed", "on")];
    world
        .post(&admin, PATH, &none)
        .await
        .says(200, &["10 no longer enabled"]);
    assert_eq!(enabled(&world).await.len(), 90);
}

#[tokio::test]
async fn users_with_one_address_or_none_are_refused_by_name_and_the_others_are_not() {
    let world = World::new().await;
    let admin = world.admin(&world.acme).await;
    for (id, email) in [("twin", "ADA@example.com"), ("nameless", "")] {
        let fields = Resource {
            name: format!("The {id}"),
            email: email.into(),
            working_hours: None,
            active: true,
            territory: None,
            security_level: None,
        };
        let id = PsaId { value: id.into() };
        let mut transaction = world.acme.begin().await.unwrap();
        resource::create(&mut transaction, Some(&id), &fields)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
    }
    let users = shown(&["ada", "twin", "nameless", "bob"]);
    let all = [&users[..], &[("all", "on")]].concat();
    let saved = world.post(&admin, PATH, &all).await;
    saved.says(
        200,
        &[
            "2 enabled",
            "<strong>The twin</strong>: the mailbox address ADA@example.com belongs to user ada",
            "<strong>The nameless</strong>: has no e-mail address",
        ],
    );
    assert_eq!(enabled(&world).await, ["ada", "bob"]);
}

#[tokio::test]
async fn a_user_is_synchronised_now_and_the_list_tells_what_came_of_it() {
    let demo = Demo::start(None, "127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let world = World::around(&demo.host, &demo.tenant).await;
    let admin = world.admin(&world.acme).await;
    let path = format!("{PATH}/anna/synchronise");
    let begun = world.post(&admin, &path, &[("text", "brandt")]).await;
    begun.leads_to(&format!("{PATH}?text=brandt"));
    let found = format!("{PATH}?text=brandt");
    let mut page = world.get(&admin, &found).await;
    for _ in 0..300 {
        if page.text.contains(">succeeded<") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        page = world.get(&admin, &found).await;
    }
    page.says(200, &[">succeeded<", "PSA ", "/users/anna/profile", " UTC"]);
    let stream = world
        .get(&admin, &format!("{}?user=anna", crate::web::progress::PATH))
        .await;
    assert_eq!(stream.header("content-type"), "text/event-stream");
}

#[tokio::test]
async fn who_cannot_be_synchronised_is_told_why() {
    let (world, admin) = many().await;
    let path = format!("{PATH}/ada/synchronise");
    world
        .post(&admin, &path, &[])
        .await
        .says(409, &["The user is not enabled"]);
    let fields = [("shown", "ada"), ("enabled", "ada")];
    world.post(&admin, PATH, &fields).await.expect(200);
    world
        .post(&admin, &path, &[])
        .await
        .says(409, &["integration is switched off"]);
    world
        .post(&admin, &format!("{PATH}/nobody/synchronise"), &[])
        .await
        .expect(404);
    assert!(settings::get(&world.acme).await.unwrap().settings.is_none());
}

#[tokio::test]
async fn an_administrator_lets_a_user_in_by_a_link_that_is_shown_once() {
    let world = World::new().await;
    let admin = world.admin(&world.acme).await;
    let path = format!("{PATH}/ada/sign-in");
    world
        .get(&admin, &path)
        .await
        .says(200, &["cannot sign in", "value=\"ada@example.com\""]);
    let taken = [("name", "administrator@acme")];
    world
        .post(&admin, &path, &taken)
        .await
        .says(422, &["The name is taken"]);
    let made = world
        .post(&admin, &path, &[("name", "ada@example.com")])
        .await;
    made.says(
        200,
        &[
            "Give this link to ada",
            "http://127.0.0.1:8080/first-password/",
        ],
    );
    let link = made.text.split("http://127.0.0.1:8080").nth(1).unwrap();
    let link = link.split('<').next().unwrap();
    let nobody = Browser::default();
    world
        .get(&nobody, link)
        .await
        .says(200, &["ada@example.com"]);
    let page = world.get(&admin, &path).await;
    page.says(200, &["was invited as <strong>ada@example.com</strong>"]);
    assert!(!page.text.contains("/first-password/"));
}

#[tokio::test]
async fn without_permission_the_list_and_its_progress_tell_nothing() {
    let world = World::new().await;
    let ada = world.user(&world.acme, "ada").await;
    for path in [PATH, crate::web::progress::PATH] {
        let answer = world.send(&ada, "GET", path, &[], Body::empty()).await;
        answer.says(403, &["This page is not for you"]);
        assert!(!answer.text.contains("bob"));
    }
}
