//! The public folder of all contacts: a job of the tenant, over Exchange Web Services.

use end_to_end::contact::{ann, change, delete, enter};
use end_to_end::{On, World, with_provider};
use exchange::{Account, Effect, Fault, Operation};
use serde_json::Value;
use tandem::contract::Field;
use tandem::cycle::approve::approve;
use tandem::cycle::{CycleReport, Options};
use tandem::psa::contact::Contact;
use tandem::settings::save::SaveError;

const FOLDER: &str = "Company/Customers";

/// A world whose public folder is named in the settings, and there.
async fn world(on: On) -> World {
    let mut world = World::start(on).await;
    world.exchange.add_public_contacts(FOLDER);
    name(&mut world, FOLDER).await;
    world
}

async fn name(world: &mut World, folder: &str) {
    let folder = folder.to_owned();
    world
        .change_settings(|settings| settings.public_folder = folder)
        .await;
}

fn in_folder(world: &World, path: &str) -> Vec<String> {
    let all = world.exchange.public_contacts(path).unwrap();
    let name = |contact: &Value| contact["givenName"].as_str().unwrap().to_owned();
    let mut names: Vec<String> = all.iter().map(name).collect();
    names.sort();
    names
}

fn only_id(world: &World) -> String {
    let all = world.exchange.public_contacts(FOLDER).unwrap();
    assert_eq!(all.len(), 1, "{all:#?}");
    all[0]["id"].as_str().unwrap().to_owned()
}

fn named(given_name: &str) -> Contact {
    Contact {
        given_name: given_name.to_owned(),
        ..ann()
    }
}

async fn fully(world: &World) -> CycleReport {
    let full = Options {
        full: true,
        ..Options::default()
    };
    world.public_folder().try_cycle(full).await.unwrap()
}

async fn all_active_contacts_go_there_and_follow_the_psa_whoever_is_chosen_for_users(on: On) {
    let world = world(on).await;
    let folder = world.public_folder();
    let (ann, bob) = (
        enter(&world, &ann()).await,
        enter(&world, &named("Bob")).await,
    );
    let old = Contact {
        active: false,
        ..named("Old")
    };
    enter(&world, &old).await;
    folder.cycle_writes(0, 2).await;
    assert_eq!(in_folder(&world, FOLDER), ["Ann", "Bob"]);
    let copy = &world.exchange.public_contacts(FOLDER).unwrap()[0];
    assert_eq!(copy["emailAddresses"][1]["address"], "smith@example.org");
    // Under the default selection neither is Anna's.
    world.anna().cycle_writes(0, 0).await;
    assert!(world.anna().outlook().contacts().unwrap().is_empty());

    let version = change(&world, &ann, ann.version, &named("Anna")).await;
    folder.cycle_writes(0, 1).await;
    assert_eq!(in_folder(&world, FOLDER), ["Anna", "Bob"]);
    delete(&world, &ann, version).await;
    let inactive = Contact {
        active: false,
        ..named("Bob")
    };
    change(&world, &bob, bob.version, &inactive).await;
    folder.cycle_writes(0, 2).await;
    assert!(in_folder(&world, FOLDER).is_empty());
    let idle = folder.cycle().await;
    assert_eq!(idle.counts.requests, 0, "nothing there is asked for");
}

async fn it_lies_where_the_hosting_provider_says(on: On) {
    let mut world = World::start(on).await;
    world
        .exchange
        .add_public_contacts("hosting/acme/Company/Customers");
    world
        .change_settings(|settings| {
            settings.hosted = true;
            settings.relative_path = "\\hosting\\ACME\\".to_owned();
            settings.public_folder = "company\\customers".to_owned();
        })
        .await;
    enter(&world, &ann()).await;
    world.public_folder().cycle_writes(0, 1).await;
    assert_eq!(in_folder(&world, "hosting/acme/Company/Customers"), ["Ann"]);
}

async fn a_folder_that_is_not_there_is_refused_at_its_field(on: On) {
    let mut world = World::start(on).await;
    world.exchange.add_public_contacts(FOLDER);
    let refused = world
        .try_settings(|settings| settings.public_folder = "Company/Suppliers".to_owned())
        .await;
    let Err(SaveError::Wrong(wrong)) = refused else {
        panic!("{refused:?}");
    };
    let (_, finding) = &wrong[0];
    assert_eq!(
        (finding.field, finding.code.as_str()),
        (Field::PublicContactsFolder, "public-folder-missing")
    );
    assert!(
        finding
            .text
            .contains("\"Suppliers\" in the public folder Company"),
        "{}",
        finding.text
    );
}

async fn a_folder_that_was_removed_fails_with_its_name_and_nothing_is_lost(on: On) {
    let world = world(on).await;
    let folder = world.public_folder();
    world
        .exchange
        .rename_public_folder(FOLDER, "Clients")
        .unwrap();
    enter(&world, &ann()).await;
    let error = folder.try_cycle(Options::default()).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("\"Customers\""), "{text}");
    world
        .exchange
        .rename_public_folder("Company/Clients", "Customers")
        .unwrap();
    folder.comes_to_rest().await;
    assert_eq!(in_folder(&world, FOLDER), ["Ann"]);
}

async fn a_copy_that_somebody_deleted_comes_back_with_a_full_resynchronisation_only(on: On) {
    let world = world(on).await;
    let folder = world.public_folder();
    let known = enter(&world, &ann()).await;
    folder.cycle_writes(0, 1).await;
    world
        .exchange
        .delete_public_contact(&only_id(&world))
        .unwrap();
    change(&world, &known, known.version, &named("Anna")).await;
    folder.cycle().await;
    folder.is_at_rest().await;
    assert!(in_folder(&world, FOLDER).is_empty());
    assert_eq!(fully(&world).await.counts.exchange_writes, 1);
    assert_eq!(in_folder(&world, FOLDER), ["Anna"]);
    folder.is_at_rest().await;
}

async fn links_that_were_lost_are_made_again_without_a_second_copy(on: On) {
    let world = world(on).await;
    let folder = world.public_folder();
    enter(&world, &ann()).await;
    folder.cycle_writes(0, 1).await;
    world
        .exchange
        .copy_public_contact(&only_id(&world))
        .unwrap();
    world.on.execute("DELETE FROM link").await;
    folder.cycle_writes(0, 0).await;
    assert_eq!(fully(&world).await.counts.exchange_writes, 0);
    assert_eq!(in_folder(&world, FOLDER), ["Ann", "Ann"], "one was pasted");
}

async fn another_folder_gets_copies_of_its_own_and_the_first_keeps_its_own(on: On) {
    let mut world = world(on).await;
    let other = "Company/Partners";
    world.exchange.add_public_contacts(other);
    let known = enter(&world, &ann()).await;
    world.public_folder().cycle_writes(0, 1).await;
    name(&mut world, other).await;
    world.public_folder().cycle_writes(0, 1).await;
    assert_eq!(in_folder(&world, FOLDER), ["Ann"]);
    assert_eq!(in_folder(&world, other), ["Ann"]);
    change(&world, &known, known.version, &named("Anna")).await;
    world.public_folder().cycle_writes(0, 1).await;
    assert_eq!(in_folder(&world, FOLDER), ["Ann"]);
    assert_eq!(in_folder(&world, other), ["Anna"]);
    // The first one again: its copy is found by its marker, and follows.
    name(&mut world, FOLDER).await;
    world.public_folder().cycle_writes(0, 1).await;
    assert_eq!(in_folder(&world, FOLDER), ["Anna"]);
}

async fn a_cleared_field_leaves_the_copies_until_they_are_to_be_removed(on: On) {
    let mut world = world(on).await;
    enter(&world, &ann()).await;
    world.public_folder().cycle_writes(0, 1).await;
    name(&mut world, "").await;
    assert!(!world.public_folder().mailbox().await.enabled);
    assert_eq!(in_folder(&world, FOLDER), ["Ann"]);
    // Named again, it goes on with what is there.
    name(&mut world, FOLDER).await;
    world.public_folder().cycle_writes(0, 0).await;
    name(&mut world, "").await;
    let removed = world.public_folder().remove_copies().await;
    assert_eq!(removed.counts.exchange_writes, 1);
    assert!(in_folder(&world, FOLDER).is_empty());
}

async fn what_is_not_to_be_exported_goes_to_no_public_folder_either(on: On) {
    let mut world = world(on).await;
    world
        .change_settings(|settings| settings.export.contacts = false)
        .await;
    enter(&world, &ann()).await;
    world.public_folder().cycle_writes(0, 0).await;
    assert!(in_folder(&world, FOLDER).is_empty());
}

async fn many_deletions_wait_for_an_administrator(on: On) {
    let world = world(on).await;
    let folder = world.public_folder();
    let mut known = Vec::new();
    for number in 0..25 {
        known.push(enter(&world, &named(&format!("Contact {number}"))).await);
    }
    folder.cycle_writes(0, 25).await;
    for contact in &known {
        delete(&world, contact, contact.version).await;
    }
    let report = folder.cycle().await;
    assert_eq!((report.held, report.counts.exchange_writes), (25, 0));
    assert_eq!(in_folder(&world, FOLDER).len(), 25);
    approve(&world.tenant, &report.cycle).await.unwrap();
    folder.cycle_writes(0, 25).await;
    assert!(in_folder(&world, FOLDER).is_empty());
}

async fn a_creation_whose_connection_broke_makes_no_second_copy(on: On) {
    let world = world(on).await;
    enter(&world, &ann()).await;
    let lost = Fault::next(Effect::CutAfter).of(Operation::Create);
    world.exchange.add_fault(lost);
    world.public_folder().comes_to_rest().await;
    assert_eq!(in_folder(&world, FOLDER), ["Ann"]);
    assert_eq!(world.writes_at_exchange(), 1);
}

async fn without_a_mailbox_to_reach_it_through_its_cycle_says_what_to_do(on: On) {
    let mut world = world(on).await;
    world.set_enabled("anna", false).await;
    let folder = world.public_folder();
    let error = folder.try_cycle(Options::default()).await.unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains(FOLDER) && text.contains("test mailbox"),
        "{text}"
    );
}

async fn where_users_have_own_passwords_the_tenants_account_writes_it(on: On) {
    let mut world = World::on(on)
        .on_premises()
        .settings(|settings| settings.impersonate = false)
        .start()
        .await;
    for person in &world.people {
        world.exchange.add_account(Account {
            name: person.address.clone(),
            password: format!("of {}", person.id),
            impersonates: false,
        });
    }
    world.exchange.add_public_contacts(FOLDER);
    name(&mut world, FOLDER).await;
    enter(&world, &ann()).await;
    world.public_folder().cycle_writes(0, 1).await;
    assert_eq!(in_folder(&world, FOLDER), ["Ann"]);
}

with_provider![
    Ews: all_active_contacts_go_there_and_follow_the_psa_whoever_is_chosen_for_users,
    it_lies_where_the_hosting_provider_says,
    a_folder_that_is_not_there_is_refused_at_its_field,
    a_folder_that_was_removed_fails_with_its_name_and_nothing_is_lost,
    a_copy_that_somebody_deleted_comes_back_with_a_full_resynchronisation_only,
    links_that_were_lost_are_made_again_without_a_second_copy,
    another_folder_gets_copies_of_its_own_and_the_first_keeps_its_own,
    a_cleared_field_leaves_the_copies_until_they_are_to_be_removed,
    what_is_not_to_be_exported_goes_to_no_public_folder_either,
    many_deletions_wait_for_an_administrator,
    a_creation_whose_connection_broke_makes_no_second_copy,
    without_a_mailbox_to_reach_it_through_its_cycle_says_what_to_do,
    where_users_have_own_passwords_the_tenants_account_writes_it,
];
