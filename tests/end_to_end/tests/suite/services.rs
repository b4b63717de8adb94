//! What only Exchange Web Services have: servers on-premises, accounts with passwords and the right to
//! act for others, and tenants for which they are blocked.

use chrono::TimeDelta;
use end_to_end::time::timed;
use end_to_end::{BERLIN, On, World, with_provider};
use exchange::{Account, Behaviour, Effect, Fault, Operation};
use secrecy::SecretString;
use tandem::cycle::{Options, validate};
use tandem::settings::document::ProfileDocument;

/// Both sides have something to tell, and are told it.
async fn settles(world: &World, id: &str) {
    let desk = world.desk(id);
    desk.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    let _ = desk.book("Lunch", "2026-11-23T12:00", 45);
    desk.cycle_writes(1, 1).await;
    desk.both_sides_hold(&["Lunch", "Visit"]).await;
}

/// The codes of what the check of the settings finds.
async fn findings(world: &World) -> Vec<String> {
    let found = validate::validate(&world.host, &world.tenant)
        .await
        .unwrap();
    found.into_iter().map(|one| one.code).collect()
}

/// A cycle fails with these words, and neither side nor what is remembered of them changes.
async fn fails(world: &World, words: &[&str]) {
    let anna = world.anna();
    let before = (world.writes_at_exchange(), anna.records().await);
    let error = anna.try_cycle(Options::default()).await.unwrap_err();
    for word in words {
        assert!(error.to_string().contains(word), "{word}: {error}");
    }
    assert_eq!(before, (world.writes_at_exchange(), anna.records().await));
}

/// It works again as if nothing had been.
async fn goes_on(world: &mut World) {
    world.exchange.set_behaviour(Behaviour::default());
    world.exchange.clear_faults();
    world.pass(TimeDelta::hours(1)).await;
    world.anna().cycle_writes(0, 0).await;
    world.anna().both_sides_hold(&["Lunch", "Visit"]).await;
}

async fn an_account_that_acts_for_all_serves_a_server_on_premises(on: On) {
    let world = World::on(on).on_premises().start().await;
    settles(&world, "anna").await;
}

async fn each_user_has_an_own_password_and_one_without_fails_alone(on: On) {
    let mut world = World::on(on)
        .on_premises()
        .settings(|settings| settings.impersonate = false)
        .technician("anna", BERLIN)
        .technician("eve", BERLIN)
        .start()
        .await;
    for person in &world.people {
        world.exchange.add_account(Account {
            name: person.address.clone(),
            password: format!("of {}", person.id),
            impersonates: false,
        });
    }
    let own = ProfileDocument {
        own_password: Some(SecretString::from("of anna")),
        ..ProfileDocument::default()
    };
    world.change_profile("anna", own).await;
    let eve = world.desk("eve");
    eve.try_cycle(Options::default()).await.unwrap_err();
    settles(&world, "anna").await;
}

async fn a_missing_right_to_act_for_others_is_told(on: On) {
    let mut world = World::on(on).on_premises().start().await;
    settles(&world, "anna").await;
    world.exchange.set_behaviour(Behaviour {
        impersonation_denied: true,
        ..Behaviour::default()
    });
    let found = findings(&world).await;
    assert!(
        found.contains(&"impersonation-missing".to_owned()),
        "{found:?}"
    );
    fails(&world, &["ApplicationImpersonation"]).await;
    goes_on(&mut world).await;
}

async fn a_blocked_tenant_is_told_when_it_ends(on: On) {
    let mut world = World::start(on).await;
    settles(&world, "anna").await;
    let found = findings(&world).await;
    assert!(found.contains(&"ews-ending".to_owned()), "{found:?}");
    world.exchange.set_behaviour(Behaviour {
        ews_blocked: true,
        ..Behaviour::default()
    });
    let found = findings(&world).await;
    assert!(found.contains(&"ews-blocked".to_owned()), "{found:?}");
    fails(&world, &["blocks EWS", "2027-04-01"]).await;
    goes_on(&mut world).await;
}

async fn a_wrong_virtual_directory_is_told(on: On) {
    let mut world = World::start(on).await;
    settles(&world, "anna").await;
    let right = world.host.endpoints.ews.clone().unwrap();
    world.host.endpoints.ews = Some(right.join("/Services/Exchange.asmx").unwrap());
    let found = findings(&world).await;
    assert!(found.contains(&"directory-wrong".to_owned()), "{found:?}");
    fails(&world, &["404"]).await;
    world.host.endpoints.ews = Some(right);
    goes_on(&mut world).await;
}

async fn a_sign_on_page_is_told(on: On) {
    let mut world = World::start(on).await;
    settles(&world, "anna").await;
    let page = Fault::next(Effect::SignOnPage).path("asmx").times(0);
    world.exchange.add_fault(page);
    let found = findings(&world).await;
    assert!(found.contains(&"sign-on-page".to_owned()), "{found:?}");
    fails(&world, &["sign-on page"]).await;
    goes_on(&mut world).await;
}

async fn an_item_that_cannot_be_read_stops_no_other(on: On) {
    let world = World::start(on).await;
    settles(&world, "anna").await;
    let anna = world.anna();
    let broken = anna.book("Broken", "2026-11-24T12:00", 45);
    let _ = anna.book("Dinner", "2026-11-24T19:00", 45);
    let unreadable = Effect::ItemUnreadable {
        id: anna.name_of(&broken),
        code: "ErrorCorruptData".to_owned(),
    };
    let fault = Fault::next(unreadable).of(Operation::Look).times(0);
    world.exchange.add_fault(fault);
    assert_eq!(anna.cycle().await.counts.psa_writes, 1);
    assert_eq!(anna.records().await.len(), 3);
}

with_provider![
    Ews: an_account_that_acts_for_all_serves_a_server_on_premises,
    each_user_has_an_own_password_and_one_without_fails_alone,
    a_missing_right_to_act_for_others_is_told,
    a_blocked_tenant_is_told_when_it_ends,
    a_wrong_virtual_directory_is_told,
    a_sign_on_page_is_told,
    an_item_that_cannot_be_read_stops_no_other,
];
