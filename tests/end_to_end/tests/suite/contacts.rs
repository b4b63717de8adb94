//! Contacts of the PSA: one way, overwritten unread, and never twice.

use chrono::TimeDelta;
use end_to_end::contact::{ann, change, delete, enter};
use end_to_end::{Embedded, On, World, with_every_provider};
use exchange::{Effect, Fault, Operation};
use serde_json::{Value, json};
use tandem::contract::ContactSelection;
use tandem::cycle::Options;
use tandem::psa::contact::Contact;

/// A world in which all contacts go out.
async fn world(on: On) -> World {
    let mut world = World::start(on).await;
    world
        .change_settings(|settings| settings.contacts_to_export = ContactSelection::All)
        .await;
    world
}

fn contacts(world: &World) -> Vec<Value> {
    world.anna().outlook().contacts().unwrap()
}

fn only_contact(world: &World) -> Value {
    let mut all = contacts(world);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

async fn a_contact_gets_one_copy_that_follows_it_until_it_is_deleted(on: On) {
    let world = world(on).await;
    let anna = world.anna();
    let known = enter(&world, &ann()).await;
    anna.cycle_writes(0, 1).await;
    let copy = only_contact(&world);
    assert_eq!(copy["title"], "Dr.");
    assert_eq!(copy["emailAddresses"][1]["address"], "smith@example.org");
    let notes = copy["personalNotes"].as_str().unwrap();
    assert!(notes.starts_with("Likes tea\r\nand cake"), "{notes}");
    assert!(notes.ends_with(&known.id.value), "{notes}");
    let properties = copy["singleValueExtendedProperties"].to_string();
    assert!(properties.contains("+49 30 2"), "{properties}");
    assert!(properties.contains(":contact:"), "{properties}");

    let fewer = Contact {
        prefix: String::new(),
        emails: Vec::new(),
        business_fax: String::new(),
        ..ann()
    };
    let version = change(&world, &known, known.version, &fewer).await;
    anna.cycle_writes(0, 1).await;
    let copy = only_contact(&world);
    assert_eq!(
        (&copy["title"], &copy["emailAddresses"]),
        (&Value::Null, &json!([]))
    );
    let properties = copy["singleValueExtendedProperties"].to_string();
    assert!(!properties.contains("+49 30 2"), "{properties}");

    delete(&world, &known, version).await;
    anna.cycle_writes(0, 1).await;
    assert!(contacts(&world).is_empty());
}

async fn a_copy_edited_by_its_user_is_overwritten_by_one_write(on: On) {
    let world = world(on).await;
    let anna = world.anna();
    let known = enter(&world, &ann()).await;
    anna.cycle_writes(0, 1).await;
    let id = only_contact(&world)["id"].as_str().unwrap().to_owned();
    let edit = json!({ "jobTitle": "Boss", "surname": "Smyth" });
    anna.outlook().update_contact(&id, &edit).unwrap();
    anna.is_at_rest().await;
    assert_eq!(only_contact(&world)["jobTitle"], "Boss");
    let renamed = Contact {
        given_name: "Anna".to_owned(),
        ..ann()
    };
    change(&world, &known, known.version, &renamed).await;
    anna.cycle_writes(0, 1).await;
    let copy = only_contact(&world);
    assert_eq!(
        (&copy["givenName"], &copy["surname"], &copy["jobTitle"]),
        (&json!("Anna"), &json!("Smith"), &Value::Null)
    );
}

async fn makes_one_contact(on: On, effect: Effect) {
    let world = world(on).await;
    let anna = world.anna();
    enter(&world, &ann()).await;
    let lost = Fault::next(effect).of(Operation::Create);
    world.exchange.add_fault(lost);
    anna.comes_to_rest().await;
    only_contact(&world);
    assert_eq!(world.writes_at_exchange(), 1);
}

async fn a_creation_whose_connection_broke_makes_no_second_contact(on: On) {
    makes_one_contact(on, Effect::CutAfter).await;
}

async fn a_creation_that_was_done_and_answered_504_makes_no_second_contact(on: On) {
    let late = Effect::StatusAfter {
        status: 504,
        code: None,
        retry_after: None,
    };
    makes_one_contact(on, late).await;
}

async fn a_full_resynchronisation_finds_the_copy_and_leaves_pasted_and_own_contacts(on: On) {
    let world = world(on).await;
    let anna = world.anna();
    enter(&world, &ann()).await;
    anna.cycle_writes(0, 1).await;
    let id = only_contact(&world)["id"].as_str().unwrap().to_owned();
    anna.outlook().copy_contact(&id).unwrap();
    let own = json!({ "givenName": "Ann", "surname": "Smith" });
    anna.outlook().create_contact(&own).unwrap();
    let full = Options {
        full: true,
        ..Options::default()
    };
    let report = anna.try_cycle(full).await.unwrap();
    let counts = report.counts;
    assert_eq!(
        (counts.psa_writes, counts.exchange_writes, counts.failed),
        (0, 0, 0)
    );
    assert_eq!(contacts(&world).len(), 3);
    anna.is_at_rest().await;
}

/// In how many exchanges with the server contacts were named so far.
fn asked_for_contacts(world: &World) -> usize {
    let named = match world.on.provider {
        Embedded::Graph => "/contacts",
        Embedded::Ews => ":Contact>",
    };
    let captured = std::fs::read_dir(world.capture()).unwrap();
    captured
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .filter(|exchange| exchange.contains(named))
        .count()
}

async fn a_normal_cycle_asks_for_no_contact(on: On) {
    let mut world = world(on).await;
    let known = enter(&world, &ann()).await;
    world.anna().cycle_writes(0, 1).await;
    let asked = asked_for_contacts(&world);
    assert!(asked > 0, "the creation itself");
    let anna = world.anna();
    anna.is_at_rest().await;
    let _ = anna.book("Lunch", "2026-11-24T12:00", 60);
    anna.cycle_writes(1, 0).await;
    // What is done once a day among it.
    world.pass(TimeDelta::hours(26)).await;
    world.anna().cycle().await;
    world.anna().is_at_rest().await;
    assert_eq!(asked_for_contacts(&world), asked);
    let renamed = Contact {
        given_name: "Anna".to_owned(),
        ..ann()
    };
    change(&world, &known, known.version, &renamed).await;
    world.anna().cycle_writes(0, 1).await;
    assert!(asked_for_contacts(&world) > asked);
}

async fn without_the_right_to_contacts_the_calendar_goes_on(on: On) {
    let world = world(on).await;
    let anna = world.anna();
    let access = exchange::Access {
        contacts: false,
        ..exchange::Access::default()
    };
    anna.outlook().set_access(access).unwrap();
    enter(&world, &ann()).await;
    let _ = anna.book("Lunch", "2026-11-24T12:00", 60);
    let report = anna.cycle().await;
    assert_eq!(report.counts.psa_writes, 1, "{report:#?}");
    assert!(contacts(&world).is_empty());
    anna.outlook()
        .set_access(exchange::Access::default())
        .unwrap();
}

with_every_provider![
    a_contact_gets_one_copy_that_follows_it_until_it_is_deleted,
    a_copy_edited_by_its_user_is_overwritten_by_one_write,
    a_creation_whose_connection_broke_makes_no_second_contact,
    a_creation_that_was_done_and_answered_504_makes_no_second_contact,
    a_full_resynchronisation_finds_the_copy_and_leaves_pasted_and_own_contacts,
    a_normal_cycle_asks_for_no_contact,
    without_the_right_to_contacts_the_calendar_goes_on,
];
