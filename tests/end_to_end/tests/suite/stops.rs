//! What hardly anybody can have meant: the cycle does nothing, and asks.

use chrono::TimeDelta;
use end_to_end::time::{between, timed, utc};
use end_to_end::{Desk, Kind, On, World, dump, engine, plain, with_every_provider};
use exchange::Access;
use tandem::contract::{ImportMode, LinkState, PsaId};
use tandem::cycle::approve::{self, approve};
use tandem::cycle::{CycleError, Options};
use tandem::runtime::Component;
use tandem::runtime::embedded::Embedded;
use tandem::store::cycle_run::Paging;
use tandem::store::lease::CycleResult;
use tandem::store::stop::{Reason, Stop};
use tandem::store::{cycle_run, link};

fn book_some(anna: &Desk<'_>, count: i64) -> Vec<String> {
    (0..count)
        .map(|number| anna.book(&format!("Item {number}"), "2026-11-24T12:00", number + 15))
        .collect()
}

async fn plan_some(anna: &Desk<'_>, count: i64) -> Vec<PsaId> {
    let all: Vec<_> = (0..count)
        .map(|number| {
            let start = utc("2026-11-23T09:00Z") + TimeDelta::hours(number);
            let end = start + TimeDelta::minutes(30);
            plain(&format!("Visit {number}"), between(start, end))
        })
        .collect();
    anna.plan_all(&all).await
}

/// A cycle that stops and changes nothing: neither side, no link, no cursor.
async fn stops(anna: &Desk<'_>, world: &World) -> Stop {
    let before = kept(world).await;
    let writes = world.writes_at_exchange();
    let error = anna.try_cycle(Options::default()).await.unwrap_err();
    assert_eq!(before, kept(world).await, "the cycle changed something");
    assert_eq!(writes, world.writes_at_exchange());
    let record = anna.mailbox().await;
    assert_eq!(record.last_result, Some(CycleResult::Stopped));
    assert_eq!(record.last_error, Some(error.to_string()));
    let run = newest_run(world).await;
    assert_eq!(run.error, Some(error.to_string()));
    assert!(run.finished.is_some());
    let CycleError::Stopped(stop) = error else {
        panic!("it failed: {error}");
    };
    let command = format!("tandem approve {}", stop.cycle);
    assert!(record.last_error.unwrap().contains(&command));
    stop
}

/// All that a stopped cycle has to leave alone.
async fn kept(world: &World) -> Vec<(String, Vec<String>)> {
    let mut rows = dump::without_leases(&world.on).await;
    for row in rows.get_mut("mailbox").into_iter().flatten() {
        let mut fields: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(row).unwrap();
        fields.retain(|name, _| {
            name.contains("cursor") || name == "relink" || name == "plugin_digest"
        });
        *row = serde_json::to_string(&fields).unwrap();
    }
    let wanted = [
        "appointment",
        "link",
        "held",
        "intent",
        "look_again",
        "mailbox",
        "plugin_storage",
    ];
    rows.into_iter()
        .filter(|(table, _)| wanted.contains(&table.as_str()))
        .collect()
}

async fn newest_run(world: &World) -> cycle_run::CycleRun {
    let one = Paging {
        before: None,
        limit: 1,
    };
    let runs = cycle_run::list(&world.tenant, None, &one).await;
    runs.unwrap().remove(0)
}

async fn goes_ahead(world: &World, stop: &Stop) {
    let approved = approve(&world.tenant, &stop.cycle).await.unwrap();
    assert_eq!((approved.deletions, approved.stop), (0, true));
}

async fn an_emptied_mailbox_stops_asks_once_and_goes_ahead_once_approved(on: On) {
    let mut world = World::start(on).await;
    let anna = world.anna();
    book_some(&anna, 30);
    plan_some(&anna, 30).await;
    anna.cycle_writes(30, 30).await;
    anna.outlook().empty().unwrap();
    let stop = stops(&anna, &world).await;
    assert_eq!(stop.reason, Reason::Emptied);
    assert_eq!((stop.extent.linked, stop.extent.gone), (60, 60));
    assert_eq!(stop.extent.deletions, 30);
    // It goes on to ask under one name, and writes one mail a day.
    assert_eq!(stops(&anna, &world).await.cycle, stop.cycle);
    assert_eq!(world.told().await.len(), 1);
    let told = world.told().await.remove(0);
    assert!(told.text.contains("anna@example.com"), "{}", told.text);
    assert!(told.text.contains(&stop.cycle), "{}", told.text);
    world.restart().await;
    world.pass(TimeDelta::hours(25)).await;
    let anna = world.anna();
    assert_eq!(stops(&anna, &world).await.cycle, stop.cycle);
    assert_eq!(world.told().await.len(), 2);

    goes_ahead(&world, &stop).await;
    assert!(
        approve(&world.tenant, &stop.cycle)
            .await
            .unwrap()
            .is_nothing()
    );
    let report = anna.cycle_writes(30, 0).await;
    assert_eq!(report.held, 0, "what was approved is not asked for twice");
    assert_eq!(anna.records().await.len(), 30);
    let id = anna.mailbox().await.mailbox.id;
    let deleted = link::by_state(&world.tenant, &id, LinkState::CopyDeleted).await;
    assert_eq!(deleted.unwrap().len(), 30);
    let last = world.told().await.remove(0);
    assert!(last.subject.ends_with("works again"), "{}", last.subject);
    assert_eq!(
        anna.mailbox().await.last_result,
        Some(CycleResult::Succeeded)
    );
}

async fn a_mailbox_that_comes_back_needs_no_approval(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let ids = book_some(&anna, 6);
    anna.cycle_writes(6, 0).await;
    for id in &ids {
        anna.outlook().move_to(id, "Elsewhere").unwrap();
    }
    let stop = stops(&anna, &world).await;
    for id in &ids {
        anna.outlook().move_to(id, "Calendar").unwrap();
    }
    anna.cycle_writes(anna.rows_that_name_anew(6), 0).await;
    assert_eq!(anna.records().await.len(), 6);
    assert!(
        approve(&world.tenant, &stop.cycle)
            .await
            .unwrap()
            .is_nothing()
    );
    assert_eq!(
        world.told().await.len(),
        2,
        "the question and the all-clear"
    );
}

async fn four_items_deleted_of_four_are_no_catastrophe(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    for id in book_some(&anna, 4) {
        anna.cycle().await;
        anna.outlook().delete(&id).unwrap();
    }
    let ids = book_some(&anna, 4);
    anna.cycle().await;
    for id in ids {
        anna.outlook().delete(&id).unwrap();
    }
    anna.cycle_writes(4, 0).await;
    assert!(anna.records().await.is_empty());
}

async fn another_mailbox_under_the_same_address_stops(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    book_some(&anna, 5);
    plan_some(&anna, 5).await;
    anna.cycle_writes(5, 5).await;
    // The same items as before, under other ids.
    anna.outlook().empty().unwrap();
    book_some(&anna, 5);
    let stop = stops(&anna, &world).await;
    assert_eq!(stop.reason, Reason::Replaced);
    assert_eq!(stop.extent.gone, 10);
}

async fn a_mailbox_without_licence_changes_nothing_and_goes_on_when_it_has_one(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    book_some(&anna, 6);
    plan_some(&anna, 6).await;
    anna.cycle_writes(6, 6).await;
    let before = kept(&world).await;
    let lost = Access {
        licensed: false,
        ..Access::default()
    };
    anna.outlook().set_access(lost).unwrap();
    for _ in 0..2 {
        let error = anna.try_cycle(Options::default()).await.unwrap_err();
        assert!(error.to_string().contains("licence"), "{error}");
    }
    assert_eq!(before, kept(&world).await);
    assert_eq!(world.told().await.len(), 1);
    anna.outlook().set_access(Access::default()).unwrap();
    anna.cycle_writes(0, 0).await;
    assert_eq!(world.told().await.len(), 2);
}

async fn a_change_of_most_links_stops_and_an_approval_covers_no_more_than_was_asked(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let ids = book_some(&anna, 20);
    anna.cycle_writes(20, 0).await;
    for id in &ids[..10] {
        anna.drag(id, "2026-11-25T09:00", 20);
    }
    anna.cycle_writes(10, 0).await;
    for id in &ids[..11] {
        anna.drag(id, "2026-11-26T09:00", 20);
    }
    let stop = stops(&anna, &world).await;
    assert_eq!(stop.reason, Reason::MostChanged);
    assert_eq!((stop.extent.changed, stop.extent.linked), (11, 20));
    goes_ahead(&world, &stop).await;
    anna.drag(&ids[11], "2026-11-26T09:00", 20);
    let larger = stops(&anna, &world).await;
    assert_ne!(larger.cycle, stop.cycle);
    let since = approve::asked_since(&world.tenant, &stop.cycle).await;
    assert_eq!(since.unwrap(), Some(larger.cycle.clone()));
    goes_ahead(&world, &larger).await;
    anna.cycle_writes(12, 0).await;
    // It was one cycle that might.
    for id in &ids[..12] {
        anna.drag(id, "2026-11-27T09:00", 20);
    }
    assert_eq!(stops(&anna, &world).await.extent.changed, 12);
}

async fn copies_that_most_users_deleted_stop_before_they_are_noted(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    plan_some(&anna, 24).await;
    anna.cycle_writes(0, 24).await;
    for found in &anna.calendar()[..20] {
        anna.outlook().delete(&found.id).unwrap();
    }
    assert_eq!(stops(&anna, &world).await.reason, Reason::MostChanged);
}

async fn changed_settings_may_rewrite_everything(on: On) {
    let mut world = World::start(on).await;
    book_some(&world.anna(), 24);
    world.anna().cycle_writes(24, 0).await;
    world
        .change_settings(|settings| settings.import = ImportMode::NoDetails)
        .await;
    world.anna().cycle_writes(24, 0).await;
}

async fn a_dry_run_tells_that_a_cycle_would_stop_and_leaves_no_trace(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    book_some(&anna, 6);
    anna.cycle_writes(6, 0).await;
    anna.outlook().empty().unwrap();
    let before = dump::without_leases(&world.on).await;
    let dry = Options {
        dry_run: true,
        ..Options::default()
    };
    let report = anna.try_cycle(dry).await.unwrap();
    assert_eq!(report.stop.unwrap().reason, Reason::Emptied);
    assert_eq!(report.plan.len(), 6);
    assert_eq!(before, dump::without_leases(&world.on).await);
}

/// The shipped component with another digest: a section more, of a name and nothing else.
async fn another_build(provider: Embedded) -> Component {
    let mut bytes = provider.bytes().to_vec();
    bytes.extend([0, 2, 1, b'x']);
    Component::from_bytes(engine(), "another build", bytes)
        .await
        .unwrap()
}

async fn a_new_plugin_that_would_write_much_stops_in_its_first_cycle(on: On) {
    let mut world = World::start(on).await;
    let anna = world.anna();
    book_some(&anna, 6);
    anna.cycle_writes(6, 0).await;
    let old = world.component().clone();
    *world.component() = another_build(world.on.provider).await;
    assert_ne!(world.component().digest(), old.digest());
    let anna = world.anna();
    plan_some(&anna, 6).await;
    let stop = stops(&anna, &world).await;
    assert_eq!(stop.reason, Reason::NewPlugin);
    assert_eq!((stop.extent.writes, stop.extent.linked), (6, 6));
    // Back to the old one, which ran last: nothing new, nothing to ask.
    let new = std::mem::replace(world.component(), old);
    let anna = world.anna();
    anna.cycle_writes(0, 6).await;
    // A few writes are an ordinary cycle, and after it the plugin is no longer new.
    *world.component() = new;
    let anna = world.anna();
    anna.plan("Visit", timed("2026-12-01T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    plan_some(&anna, 6).await;
    anna.cycle_writes(0, 6).await;
}

async fn a_new_plugin_goes_ahead_once_approved(on: On) {
    let mut world = World::start(on).await;
    let anna = world.anna();
    book_some(&anna, 2);
    anna.cycle_writes(2, 0).await;
    *world.component() = another_build(world.on.provider).await;
    let anna = world.anna();
    plan_some(&anna, 7).await;
    let stop = stops(&anna, &world).await;
    goes_ahead(&world, &stop).await;
    anna.cycle_writes(0, 7).await;
    if world.on.kind == Kind::Sqlite {
        // It is known from now on, also by a host that begins anew.
        world.restart().await;
        plan_some(&world.anna(), 7).await;
        world.anna().cycle_writes(0, 7).await;
    }
}

with_every_provider![
    an_emptied_mailbox_stops_asks_once_and_goes_ahead_once_approved,
    a_mailbox_that_comes_back_needs_no_approval,
    four_items_deleted_of_four_are_no_catastrophe,
    another_mailbox_under_the_same_address_stops,
    a_mailbox_without_licence_changes_nothing_and_goes_on_when_it_has_one,
    a_change_of_most_links_stops_and_an_approval_covers_no_more_than_was_asked,
    copies_that_most_users_deleted_stop_before_they_are_noted,
    changed_settings_may_rewrite_everything,
    a_dry_run_tells_that_a_cycle_would_stop_and_leaves_no_trace,
    a_new_plugin_that_would_write_much_stops_in_its_first_cycle,
    a_new_plugin_goes_ahead_once_approved,
];
