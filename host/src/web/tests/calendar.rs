//! My calendar, what is missing from it, and what happened to an item.

use chrono::{DateTime, Utc};

use super::world::World;
use crate::contract::{Appointment, Instant, PsaId, Span, TimedSpan};
use crate::cycle::{self, Options};
use crate::demo::Demo;
use crate::psa::appointment;
use crate::psa::resource::{self, Resource, Stretch, WorkingHours};
use crate::store::{Tenant, mailbox};

const WEEK: &str = "/users/ada/calendar?week=2026-11-25";

fn instant(text: &str) -> Instant {
    let time: DateTime<Utc> = text.parse().unwrap();
    Instant {
        microseconds: time.timestamp_micros(),
    }
}

/// Makes an appointment of a user's, and gives its key.
async fn appointment(tenant: &Tenant, user: &str, title: &str, private: bool) -> String {
    let fields = Appointment {
        title: title.into(),
        description: String::new(),
        span: Span::Timed(TimedSpan {
            start: instant("2026-11-23T08:00:00Z"),
            end: instant("2026-11-23T09:30:00Z"),
        }),
        private,
        free: false,
        recurring: false,
        not_answered: false,
    };
    let user = PsaId { value: user.into() };
    let mut transaction = tenant.begin().await.unwrap();
    let made = appointment::create(&mut transaction, &user, &fields)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    made.id.value
}

/// Lets Ada work on Mondays from 8 to 12 in Berlin.
async fn give_hours(world: &World) {
    let id = PsaId {
        value: "ada".into(),
    };
    let mut transaction = world.acme.begin().await.unwrap();
    let record = resource::get(&mut transaction, &id).await.unwrap();
    let hours = WorkingHours {
        zone: "Europe/Berlin".into(),
        stretches: vec![Stretch {
            day: crate::contract::Weekday::Monday,
            from: 8 * 60,
            to: 12 * 60,
        }],
    };
    let fields = Resource {
        working_hours: Some(hours),
        ..record.fields
    };
    resource::replace(&mut transaction, &id, record.version, &fields)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn a_week_shows_items_in_the_users_zone_with_availability_beside() {
    let world = World::new().await;
    give_hours(&world).await;
    appointment(&world.acme, "ada", "Visit <Globex>", false).await;
    appointment(&world.acme, "bob", "Of Bob", false).await;
    let ada = world.user(&world.acme, "ada").await;
    let page = world.get(&ada, WEEK).await;
    page.says(
        200,
        &[
            "Week of 23 November 2026",
            "times in Europe/Berlin",
            "09:00–10:30",
            "Visit &#60;Globex&#62;",
            "08:00–09:00, 10:30–12:00",
            "Available 2 h 30 min of 4 h",
            "?week=2026-11-16",
            "?week=2026-11-30",
        ],
    );
    assert!(!page.text.contains("Of Bob"));
    world
        .get(&ada, "/users/ada/calendar?week=2026-12-02")
        .await
        .says(200, &["Nothing."]);
    for strange in ["0001-01-01", "9999-12-31", "yesterday", ""] {
        let path = format!("/users/ada/calendar?week={strange}");
        world.get(&ada, &path).await.expect(200);
    }
}

#[tokio::test]
async fn a_private_item_has_its_title_for_its_owner_only() {
    let world = World::new().await;
    let id = appointment(&world.acme, "ada", "Dentist", true).await;
    let ada = world.user(&world.acme, "ada").await;
    world
        .get(&ada, WEEK)
        .await
        .says(200, &["Dentist", ">private<"]);
    let admin = world.admin(&world.acme).await;
    let page = world.get(&admin, WEEK).await;
    page.says(200, &["(private)", "Calendar of ada"]);
    assert!(!page.text.contains("Dentist"));
    let item = format!("/users/ada/items/appointment/{id}");
    let page = world.get(&admin, &item).await;
    page.says(200, &["(private)", "Nothing has happened to it yet."]);
    assert!(!page.text.contains("Dentist"));
}

#[tokio::test]
async fn nothing_leads_to_an_item_of_somebody_else() {
    let world = World::new().await;
    let id = appointment(&world.acme, "ada", "Takeover", false).await;
    let bob = world.user(&world.acme, "bob").await;
    let stranger = world.admin(&world.other).await;
    for path in [
        format!("/users/bob/items/appointment/{id}"),
        format!("/users/ada/items/appointment/{id}"),
        format!("/open/appointment/{id}"),
    ] {
        for browser in [&bob, &stranger] {
            let mut answer = world.get(browser, &path).await;
            if answer.status == 303 {
                let next = answer.header("location").to_owned();
                answer = world.get(browser, &next).await;
            }
            assert!(
                matches!(answer.status.as_u16(), 403 | 404),
                "{path}: {}",
                answer.text
            );
            assert!(!answer.text.contains("Takeover"), "{path}");
        }
    }
    let ada = world.user(&world.acme, "ada").await;
    let open = world.get(&ada, &format!("/open/appointment/{id}")).await;
    open.leads_to(&format!("/users/ada/items/appointment/{id}"));
    for nothing in [
        "/open/appointment/none",
        "/open/holiday/1",
        "/open/to-do/1%3A2",
        "/open/contact/%00",
    ] {
        world.get(&ada, nothing).await.expect(404);
    }
}

/// A demo whose first user was synchronised once.
async fn synchronised() -> (Demo, World) {
    let demo = Demo::start(None, "127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let world = World::around(&demo.host, &demo.tenant).await;
    let anna = PsaId {
        value: "anna".into(),
    };
    let record = mailbox::of_resource(&world.acme, &anna)
        .await
        .unwrap()
        .unwrap();
    let options = Options::default();
    let lease = cycle::lease::take(&demo.host, &record, options)
        .await
        .unwrap()
        .unwrap();
    cycle::run(&demo.host, lease, options).await.unwrap();
    (demo, world)
}

#[tokio::test]
async fn what_came_over_tells_its_history_and_what_did_not_tells_why() {
    let (demo, world) = synchronised().await;
    let anna = world.user(&world.acme, "anna").await;
    let soon = world.get(&anna, "/users/anna/calendar").await;
    soon.says(200, &["from Exchange", "service call"]);
    let marked = "href=\"/users/anna/items/";
    let from = soon.text.find(marked).unwrap() + "href=\"".len();
    let path = soon.text[from..].split('"').next().unwrap();
    world.get(&anna, path).await.says(
        200,
        &["Both items exist and follow each other.", "<dt>Why</dt>"],
    );
    let told = world.post(&anna, "/users/anna/calendar", &[]).await;
    told.says(
        200,
        &["Everything that the mailbox holds in this week is here."],
    );
    let zone = exchange::Zone::parse("W. Europe Standard Time").unwrap();
    let now = demo.host.clock.now().microseconds;
    let day = DateTime::from_timestamp_micros(now).unwrap().date_naive();
    let start = day.and_hms_opt(12, 0, 0).unwrap();
    let draft = exchange::Draft::new(
        "Nobody needs this",
        start,
        start + chrono::TimeDelta::hours(1),
        &zone,
    );
    demo.model
        .person("anna.brandt@example.com")
        .create(&draft)
        .unwrap();
    let told = world.post(&anna, "/users/anna/calendar", &[]).await;
    told.says(
        200,
        &[
            "It comes with the next synchronisation.",
            "no copy in the PSA yet",
        ],
    );
    world.get(&anna, "/users/anna/calendar").await.expect(200);
}

#[tokio::test]
async fn where_nothing_synchronises_nothing_can_be_looked_for() {
    let world = World::new().await;
    let ada = world.user(&world.acme, "ada").await;
    world
        .get(&ada, WEEK)
        .await
        .says(200, &["The mailbox does not synchronise"]);
    world
        .post(&ada, "/users/ada/calendar", &[])
        .await
        .expect(404);
}
