//! From Exchange Web Services to Graph and back: the switch touches no item.

use chrono::{NaiveDateTime, TimeDelta};
use end_to_end::time::{timed, wall};
use end_to_end::{On, World, WorldBuilder, plain, with_provider};
use exchange::{Effect, Fault};
use serde_json::{Value, json};
use tandem::contract::{Appointment, ContactSelection, ExchangeEdition, Link, Provenance};
use tandem::psa::appointment::AppointmentRecord;
use tandem::psa::contact::Contact;
use tandem::psa::record;
use tandem::runtime::embedded::Embedded;
use tandem::settings::save::SaveError;
use tandem::store::link;

fn series(subject: &str, start: &str, count: u32) -> Value {
    let start = wall(start);
    let at = |time: NaiveDateTime| {
        json!({
            "dateTime": time.format("%Y-%m-%dT%H:%M:%S").to_string(),
            "timeZone": "W. Europe Standard Time",
        })
    };
    json!({
        "subject": subject,
        "body": {"contentType": "html", "content": format!("<p>About <b>{subject}</b></p>")},
        "start": at(start),
        "end": at(start + TimeDelta::minutes(30)),
        "recurrence": {
            "pattern": {"type": "daily", "interval": 1},
            "range": {
                "type": "numbered",
                "startDate": start.date().to_string(),
                "numberOfOccurrences": count,
            },
        },
    })
}

/// A mailbox with so many items of either side, contacts, and a series with exceptions.
async fn filled(on: On, items: u32, server: impl FnOnce(WorldBuilder) -> WorldBuilder) -> World {
    let world = server(World::on(on))
        .settings(|settings| settings.contacts_to_export = ContactSelection::All)
        .start()
        .await;
    let anna = world.anna();
    let planned: Vec<Appointment> = (0..items)
        .map(|number| {
            let day = 1 + number % 28;
            plain(
                &format!("Visit {number}"),
                timed(&format!("2026-12-{day:02}T09:00Z"), 60),
            )
        })
        .collect();
    anna.plan_all(&planned).await;
    for number in 0..items {
        let day = 1 + number % 28;
        let _ = anna.book(
            &format!("Lunch {number}"),
            &format!("2026-12-{day:02}T12:00"),
            45,
        );
        if number % 10 == 0 {
            let _ = anna.book_days(
                &format!("Holiday {number}"),
                &format!("2027-01-{day:02}"),
                2,
            );
        }
    }
    let mut transaction = world.tenant.begin().await.unwrap();
    for number in 0..items / 10 {
        let contact = Contact {
            given_name: "Ann".to_owned(),
            surname: format!("Smith {number}"),
            active: true,
            ..Contact::default()
        };
        record::create(&mut transaction, None, &contact)
            .await
            .unwrap();
    }
    transaction.commit().await.unwrap();
    let outlook = anna.outlook();
    let start = wall("2026-11-23T08:00");
    let id = outlook
        .create_json(&series("Stand-up", "2026-11-23T08:00", 20))
        .unwrap();
    let on = |day| {
        outlook
            .occurrence(&id, start + TimeDelta::days(day))
            .unwrap()
    };
    let later = json!({
        "subject": "Later stand-up",
        "start": {"dateTime": "2026-11-25T10:00:00", "timeZone": "W. Europe Standard Time"},
        "end": {"dateTime": "2026-11-25T10:30:00", "timeZone": "W. Europe Standard Time"},
    });
    outlook.update_json(&on(2), &later).unwrap();
    outlook.delete(&on(5)).unwrap();
    anna.comes_to_rest().await;
    world
}

/// Microsoft 365, as by default.
const fn online(world: WorldBuilder) -> WorldBuilder {
    world
}

async fn links(world: &World) -> Vec<Link> {
    let mailbox = world.anna().mailbox().await.mailbox.id;
    link::of_mailbox(&world.tenant, &mailbox).await.unwrap()
}

/// The new provider's first cycle writes nothing, and neither does the one after it.
async fn goes_over(world: &mut World, to: Embedded) {
    let before = (links(world).await.len(), held_by_both(world).await);
    world.change_provider(to).await;
    went_over(world, before).await;
    for link in links(world).await {
        assert_eq!(link.provenance, Provenance::Own, "{link:#?}");
    }
}

/// What Exchange was asked to write, and what the PSA holds.
async fn held_by_both(world: &World) -> (u64, Vec<AppointmentRecord>) {
    (world.writes_at_exchange(), world.anna().records().await)
}

async fn went_over(world: &World, (linked, before): (usize, (u64, Vec<AppointmentRecord>))) {
    world.anna().cycle_writes(0, 0).await;
    let after = held_by_both(world).await;
    let of_rows = |records: &[AppointmentRecord]| {
        let rows = records
            .iter()
            .map(|it| (it.id.clone(), it.version, it.fields.clone()));
        rows.collect::<Vec<_>>()
    };
    assert_eq!((before.0, of_rows(&before.1)), (after.0, of_rows(&after.1)));
    assert_eq!(links(world).await.len(), linked);
}

/// The mailboxes of Exchange Server come to Microsoft 365, and EWS stay in use.
async fn a_mailbox_on_another_server_keeps_every_link_though_all_ids_are_others(on: On) {
    let mut world = filled(on, 60, WorldBuilder::on_premises).await;
    world.pass(TimeDelta::days(40)).await;
    world.anna().comes_to_rest().await;
    let before = (links(&world).await.len(), held_by_both(&world).await);
    world.anna().outlook().move_to_another_server().unwrap();
    let saved = world
        .change_settings(|settings| {
            settings.version = ExchangeEdition::Microsoft365;
            settings.server_address = None;
        })
        .await;
    assert!(saved.resynchronises);
    went_over(&world, before).await;
    assert_eq!(world.anna().outlook().contacts().unwrap().len(), 6);
}

/// The same server under another name: the ids that are stored hold.
async fn a_server_under_another_name_keeps_every_link(on: On) {
    let mut world = filled(on, 60, WorldBuilder::on_premises).await;
    world.pass(TimeDelta::days(40)).await;
    world.anna().comes_to_rest().await;
    let before = (links(&world).await.len(), held_by_both(&world).await);
    world
        .change_settings(|settings| settings.server_address = Some("post.example.com".to_owned()))
        .await;
    went_over(&world, before).await;
}

async fn there_and_back_no_item_is_made_changed_or_deleted(on: On) {
    let mut world = filled(on, 455, online).await;
    assert!(links(&world).await.len() >= 1_000);
    goes_over(&mut world, Embedded::Graph).await;
    goes_over(&mut world, Embedded::Ews).await;
}

async fn a_tenant_goes_over_though_exchange_web_services_are_blocked_already(on: On) {
    let mut world = filled(on, 10, online).await;
    let blocked = Effect::Status {
        status: 403,
        code: None,
        retry_after: None,
    };
    let fault = Fault::next(blocked).path("Exchange.asmx").times(0);
    world.exchange.add_fault(fault);
    goes_over(&mut world, Embedded::Graph).await;
}

async fn ticking_graph_asks_it_before_anything_is_saved(on: On) {
    let mut world = filled(on, 1, online).await;
    let refused = Effect::Status {
        status: 401,
        code: None,
        retry_after: None,
    };
    let fault = Fault::next(refused).path("/users").times(0);
    world.exchange.add_fault(fault);
    let saved = world.try_provider(Embedded::Graph).await;
    assert!(matches!(saved, Err(SaveError::Wrong(_))), "{saved:?}");
    // It goes on as before.
    world.anna().cycle_writes(0, 0).await;
}

with_provider![
    Ews: there_and_back_no_item_is_made_changed_or_deleted,
    a_tenant_goes_over_though_exchange_web_services_are_blocked_already,
    ticking_graph_asks_it_before_anything_is_saved,
    a_mailbox_on_another_server_keeps_every_link_though_all_ids_are_others,
    a_server_under_another_name_keeps_every_link,
];
