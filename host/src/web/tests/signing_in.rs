//! Signing in, staying signed in, and ending it.

use axum::body::Body;
use secrecy::ExposeSecret;

use super::world::{Browser, PASSWORD, World};
use crate::contract::{Instant, PsaId};
use crate::psa::resource::{self, Resource};
use crate::store::{account, invitation};
use crate::web::administrator;

const SIGN_IN: &str = "/sign-in";

async fn sign_in(world: &World, name: &str, password: &str) -> super::answer::Answer {
    let fields = [("name", name), ("password", password)];
    world.post_bare(&Browser::default(), SIGN_IN, &fields).await
}

#[tokio::test]
async fn a_name_and_its_password_open_a_session_that_signing_out_ends() {
    let world = World::new().await;
    let name = world.let_in(&world.acme, "ada").await;
    world
        .get(&Browser::default(), "/password")
        .await
        .leads_to("/sign-in?next=%2Fpassword");
    world
        .get(&Browser::default(), "/sign-in?next=%2Fpassword")
        .await
        .says(200, &["value=\"/password\""]);
    let fields = [
        ("name", name.to_uppercase()),
        ("password", PASSWORD.into()),
        ("next", "/password".into()),
    ];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let answer = world.post_bare(&Browser::default(), SIGN_IN, &fields).await;
    answer.leads_to("/password");
    let cookie = answer.header("set-cookie");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "{cookie}");
    let mut browser = Browser {
        cookie: answer.cookie(),
        ..Browser::default()
    };
    let page = world.get(&browser, "/password").await;
    page.says(200, &["Signed in as <strong>ada</strong>", &name]);
    browser.token = page.form_token();
    let out = world.post(&browser, "/sign-out", &[]).await;
    out.leads_to(SIGN_IN);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    world
        .get(&browser, "/password")
        .await
        .leads_to("/sign-in?next=%2Fpassword");
}

#[tokio::test]
async fn over_https_the_cookie_never_travels_in_clear() {
    let world = World::at("https://psa.example").await;
    let name = world.let_in(&world.acme, "ada").await;
    let answer = sign_in(&world, &name, PASSWORD).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-tandem="), "{cookie}");
    assert!(cookie.contains("; Secure"), "{cookie}");
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_are_told_alike_and_what_was_typed_stays() {
    let world = World::new().await;
    let name = world.let_in(&world.acme, "ada").await;
    let wrong = sign_in(&world, &name, "wrong").await;
    let unknown = sign_in(&world, "\"><b>nobody", PASSWORD).await;
    for answer in [&wrong, &unknown] {
        answer.says(422, &["The name or the password is not right."]);
        assert!(answer.cookie().is_none());
    }
    wrong.says(422, &[&format!("value=\"{name}\"")]);
    assert!(!unknown.text.contains("<b>nobody"));
    assert!(!wrong.text.contains("value=\"wrong\""));
}

#[tokio::test]
async fn guessing_is_slowed_down_and_told_plainly() {
    let world = World::new().await;
    let name = world.let_in(&world.acme, "ada").await;
    for _ in 0..6 {
        sign_in(&world, &name, "a guess").await.expect(422);
    }
    let answer = sign_in(&world, &name, PASSWORD).await;
    answer.says(429, &["too many failed attempts", "seconds"]);
    assert!(answer.header("retry-after").parse::<u64>().unwrap() <= 15);
    let other = world.let_in(&world.acme, "bob").await;
    sign_in(&world, &other, PASSWORD).await.leads_to("/");
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_after_half_a_day() {
    let world = World::new().await;
    let at = |hours: i64| {
        let microseconds = hours * 60 * 60 * 1_000_000;
        world
            .host
            .store
            .database()
            .stand_at(Instant { microseconds });
    };
    at(0);
    let browser = world.user(&world.acme, "ada").await;
    at(1);
    world.get(&browser, "/password").await.expect(200);
    at(3);
    world.get(&browser, "/password").await.expect(303);
    at(0);
    let browser = world.user(&world.acme, "ada").await;
    for hour in 1..12 {
        at(hour);
        world.get(&browser, "/password").await.expect(200);
    }
    at(12);
    world.get(&browser, "/password").await.expect(303);
}

#[tokio::test]
async fn who_is_put_out_of_use_is_signed_out_and_not_let_in() {
    let world = World::new().await;
    let name = world.let_in(&world.acme, "ada").await;
    let browser = world.user(&world.acme, "ada").await;
    let id = PsaId {
        value: "ada".into(),
    };
    let mut transaction = world.acme.begin().await.unwrap();
    let record = resource::get(&mut transaction, &id).await.unwrap();
    let fields = Resource {
        active: false,
        ..record.fields
    };
    resource::replace(&mut transaction, &id, record.version, &fields)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    world.get(&browser, "/password").await.expect(303);
    sign_in(&world, &name, PASSWORD).await.expect(422);
}

#[tokio::test]
async fn to_change_the_password_takes_the_present_one_and_signs_out_elsewhere() {
    let world = World::new().await;
    let name = world.let_in(&world.acme, "ada").await;
    let elsewhere = world.user(&world.acme, "ada").await;
    let browser = world.user(&world.acme, "ada").await;
    let new = "another good phrase";
    let change = |present, new, repeated| {
        let fields = [("present", present), ("new", new), ("repeated", repeated)];
        let (world, browser) = (&world, &browser);
        async move { world.post(browser, "/password", &fields).await }
    };
    change("wrong", new, new)
        .await
        .says(422, &["not your present password"]);
    change(PASSWORD, "short", "short")
        .await
        .says(422, &["at least 12"]);
    change(PASSWORD, new, "another")
        .await
        .says(422, &["not the same"]);
    let changed = change(PASSWORD, new, new).await;
    changed.says(200, &["Your password is changed"]);
    let here = Browser {
        cookie: changed.cookie(),
        token: changed.form_token(),
    };
    world.get(&here, "/password").await.expect(200);
    world.get(&elsewhere, "/password").await.expect(303);
    sign_in(&world, &name, PASSWORD).await.expect(422);
    sign_in(&world, &name, new).await.leads_to("/");
}

#[tokio::test]
async fn an_invitation_lets_its_user_choose_a_password_once() {
    let world = World::new().await;
    let id = PsaId {
        value: "ada".into(),
    };
    let invite = || async {
        let mut transaction = world.acme.begin().await.unwrap();
        account::set_name(&mut transaction, &id, "ada@example.com")
            .await
            .unwrap();
        let secret = invitation::invite(&mut transaction, &id).await.unwrap();
        transaction.commit().await.unwrap();
        format!("/first-password/{}", secret.expose_secret())
    };
    let replaced = invite().await;
    let link = invite().await;
    let nobody = Browser::default();
    world
        .get(&nobody, &replaced)
        .await
        .says(404, &["good no more"]);
    world
        .get(&nobody, &link)
        .await
        .says(200, &["ada@example.com"]);
    let post = |new| {
        let fields = [("new", new), ("repeated", new)];
        let (world, link, nobody) = (&world, &link, &nobody);
        async move { world.post_bare(nobody, link, &fields).await }
    };
    post("short").await.says(422, &["at least 12"]);
    let chosen = post("a phrase of my own").await;
    chosen.leads_to("/");
    assert!(chosen.cookie().is_some());
    post("a phrase of my own")
        .await
        .says(404, &["good no more"]);
    sign_in(&world, "Ada@Example.com", "a phrase of my own")
        .await
        .leads_to("/");
    let old = invite().await;
    let week = 7 * 24 * 60 * 60 * 1_000_000;
    world.host.store.database().set_clock_offset(week + 1);
    world.get(&nobody, &old).await.expect(404);
}

#[tokio::test]
async fn a_name_leads_to_one_user_of_all_tenants() {
    let world = World::new().await;
    let name = world.let_in(&world.acme, "ada").await;
    let id = PsaId {
        value: "olga".into(),
    };
    let mut transaction = world.other.begin().await.unwrap();
    let refused = account::set_name(&mut transaction, &id, &name.to_uppercase()).await;
    assert!(refused.unwrap_err().to_string().contains("taken"));
}

#[tokio::test]
async fn the_first_start_makes_an_administrator_once() {
    let world = World::new().await;
    let made = administrator::of_first_start(&world.acme)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(made.name, "administrator@acme");
    assert_eq!(made.password().len(), 23);
    sign_in(&world, &made.name, made.password())
        .await
        .leads_to("/");
    assert!(
        administrator::of_first_start(&world.acme)
            .await
            .unwrap()
            .is_none()
    );
    let again = administrator::make(&world.acme).await.unwrap();
    sign_in(&world, &made.name, made.password())
        .await
        .expect(422);
    sign_in(&world, &again.name, again.password())
        .await
        .leads_to("/");
}

#[tokio::test]
async fn of_two_first_starts_at_once_one_makes_the_administrator() {
    let world = World::new().await;
    let start = || {
        let tenant = world.acme.clone();
        tokio::spawn(async move { administrator::of_first_start(&tenant).await.unwrap() })
    };
    let (one, other) = (start(), start());
    let made = [one.await.unwrap(), other.await.unwrap()];
    assert_eq!(made.iter().flatten().count(), 1);
}

#[tokio::test]
async fn a_form_of_another_kind_is_refused() {
    let world = World::new().await;
    let headers = [("content-type", "text/plain")];
    let body = Body::from("name=ada&password=x");
    let nobody = Browser::default();
    let answer = world.send(&nobody, "POST", SIGN_IN, &headers, body).await;
    answer.expect(400);
}
