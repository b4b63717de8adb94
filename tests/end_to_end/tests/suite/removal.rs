//! "Remove all copies that Tandem made": what goes, what stays, and what comes after.

use std::time::Duration;

use chrono::TimeDelta;
use end_to_end::time::{between, timed, utc};
use end_to_end::{Desk, On, World, dump, plain, titled, with_every_provider};
use exchange::{Draft, Effect, Fault, Operation};
use tandem::contract::{ContactSelection, Rule};
use tandem::cycle::{self, Options, Verdict};
use tandem::psa::contact::Contact;
use tandem::psa::record;
use tandem::store::link;

/// More than would go without an approval, were these ordinary deletions.
const MANY: i64 = 25;

/// Twenty-five items of either side, synchronised.
async fn settled(anna: &Desk<'_>) {
    let start = |number| utc("2026-11-23T09:00Z") + TimeDelta::hours(number);
    let visits: Vec<_> = (0..MANY)
        .map(|number| {
            let span = between(start(number), start(number) + TimeDelta::minutes(30));
            plain(&format!("Visit {number}"), span)
        })
        .collect();
    anna.plan_all(&visits).await;
    for number in 0..MANY {
        let _ = anna.book(&format!("Lunch {number}"), "2026-11-24T12:00", number);
    }
    let many = MANY.unsigned_abs();
    anna.cycle_writes(many, many).await;
}

fn subjects(anna: &Desk<'_>, beginning: &str) -> usize {
    let all = anna.calendar();
    let wanted = all
        .iter()
        .filter(|one| one.content.subject.starts_with(beginning));
    wanted.count()
}

async fn titles(anna: &Desk<'_>, beginning: &str) -> usize {
    let all = anna.records().await;
    let wanted = all
        .iter()
        .filter(|one| one.fields.title.starts_with(beginning));
    wanted.count()
}

/// Of both sides what people made is there, and no copy.
async fn only_originals_are_left(anna: &Desk<'_>) {
    let many = usize::try_from(MANY).unwrap();
    assert_eq!(
        (subjects(anna, "Visit"), subjects(anna, "Lunch")),
        (0, many)
    );
    assert_eq!(
        (titles(anna, "Visit").await, titles(anna, "Lunch").await),
        (many, 0)
    );
}

async fn all_copies_go_at_once_from_both_sides_and_what_people_made_stays(on: On) {
    let mut world = World::start(on).await;
    settled(&world.anna()).await;
    world.set_enabled("anna", false).await;
    let counts = world.anna().remove_copies().await.counts;
    assert_eq!(
        (counts.psa_writes, counts.exchange_writes, counts.failed),
        (25, 25, 0)
    );
    only_originals_are_left(&world.anna()).await;
    let id = world.anna().mailbox().await.mailbox.id;
    assert!(
        link::of_mailbox(&world.tenant, &id)
            .await
            .unwrap()
            .is_empty()
    );
    // Once more, there is nothing left to do.
    let counts = world.anna().remove_copies().await.counts;
    assert_eq!(
        (counts.psa_writes, counts.exchange_writes, counts.failed),
        (0, 0, 0)
    );
    world.pass(TimeDelta::hours(26)).await;
    only_originals_are_left(&world.anna()).await;
}

async fn a_preview_tells_each_copy_and_leaves_no_trace(on: On) {
    let mut world = World::start(on).await;
    settled(&world.anna()).await;
    // Before the user is switched off and after.
    for _ in 0..2 {
        let (rows, writes) = (
            dump::without_leases(&world.on).await,
            world.writes_at_exchange(),
        );
        let report = world.anna().preview_removal().await;
        assert_eq!(
            (report.cycle.as_str(), report.held, report.plan.len()),
            ("", 0, 50)
        );
        assert!(report.stop.is_none());
        for foreseen in &report.plan {
            assert_eq!(foreseen.operation.rule, Rule::RemovedByAdmin);
            assert_eq!(foreseen.verdict, Verdict::Allowed);
        }
        assert_eq!(rows, dump::without_leases(&world.on).await);
        assert_eq!(writes, world.writes_at_exchange());
        world.set_enabled("anna", false).await;
    }
}

async fn nothing_is_removed_from_who_synchronises(on: On) {
    let mut world = World::start(on).await;
    let removing = Options {
        removing: true,
        ..Options::default()
    };
    let record = world.anna().mailbox().await;
    let taken = cycle::lease::take(&world.host, &record, removing).await;
    assert_eq!(taken.unwrap(), None);
    // Switched off for the whole tenant it may go ahead, and no cycle may.
    world.change_settings(|it| it.enabled = false).await;
    let taken = cycle::lease::take(&world.host, &record, Options::default()).await;
    assert_eq!(taken.unwrap(), None);
    let taken = cycle::lease::take(&world.host, &record, removing).await;
    assert!(taken.unwrap().is_some());
}

async fn users_own_items_and_copies_with_guests_stay(on: On) {
    let mut world = World::start(on).await;
    let anna = world.anna();
    anna.plan("Visit", timed("2026-11-26T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    let pasted = anna.outlook().copy(&anna.only_item().id).unwrap();
    anna.cycle_writes(1, 0).await;
    anna.plan("Talk", timed("2026-11-26T12:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    let calendar = anna.calendar();
    let talk = calendar.iter().find(|one| one.content.subject == "Talk");
    let invite = Draft::default().inviting(&["guest@elsewhere.example"]);
    anna.outlook().update(&talk.unwrap().id, &invite).unwrap();
    world.set_enabled("anna", false).await;
    for writes in [(1, 1), (0, 0)] {
        let counts = world.anna().remove_copies().await.counts;
        assert_eq!((counts.psa_writes, counts.exchange_writes), writes);
        let anna = world.anna();
        let mut left: Vec<_> = anna.calendar().into_iter().map(|one| one.id).collect();
        left.retain(|id| *id != pasted);
        assert_eq!(left, [talk.unwrap().id.clone()]);
        let records = anna.records().await;
        assert_eq!(records.len(), 2);
        assert!(!records.iter().any(end_to_end::from_exchange));
    }
}

async fn copies_whose_links_were_lost_are_found_by_their_marker(on: On) {
    let mut world = World::start(on).await;
    settled(&world.anna()).await;
    world.set_enabled("anna", false).await;
    world.on.execute("DELETE FROM link").await;
    let counts = world.anna().remove_copies().await.counts;
    assert_eq!(
        (counts.psa_writes, counts.exchange_writes, counts.failed),
        (25, 25, 0)
    );
    only_originals_are_left(&world.anna()).await;
    let counts = world.anna().remove_copies().await.counts;
    assert_eq!(
        (counts.psa_writes, counts.exchange_writes, counts.failed),
        (0, 0, 0)
    );
}

async fn who_synchronises_again_gets_each_copy_once(on: On) {
    let mut world = World::start(on).await;
    settled(&world.anna()).await;
    world.set_enabled("anna", false).await;
    world.anna().remove_copies().await;
    world.set_enabled("anna", true).await;
    let anna = world.anna();
    anna.cycle_writes(25, 25).await;
    let records = anna.records().await;
    assert_eq!((records.len(), anna.calendar().len()), (50, 50));
    let item = titled(&records, "Lunch 3").exchange.clone().unwrap();
    anna.drag(&item.id.value, "2026-11-25T12:00", 30);
    anna.cycle_writes(1, 0).await;
}

async fn contacts_go_with_or_without_their_links(on: On) {
    let mut world = World::start(on).await;
    world
        .change_settings(|it| it.contacts_to_export = ContactSelection::All)
        .await;
    let contact = Contact {
        surname: "Smith".to_owned(),
        active: true,
        ..Contact::default()
    };
    let mut transaction = world.tenant.begin().await.unwrap();
    let made = record::create(&mut transaction, None, &contact).await;
    transaction.commit().await.unwrap();
    made.unwrap();
    for links_are_lost in [false, true] {
        world.anna().cycle_writes(0, 1).await;
        world.set_enabled("anna", false).await;
        if links_are_lost {
            world.on.execute("DELETE FROM link").await;
        }
        let counts = world.anna().remove_copies().await.counts;
        assert_eq!((counts.exchange_writes, counts.failed), (1, 0));
        assert!(world.anna().outlook().contacts().unwrap().is_empty());
        world.set_enabled("anna", true).await;
    }
}

/// A removal that does not live to hear what became of its writes.
async fn killed(world: &mut World, fault: Fault) {
    world.exchange.add_fault(fault);
    let removing = Options {
        removing: true,
        ..Options::default()
    };
    let host = world.host.clone();
    let lease = cycle::lease::take(&host, &world.anna().mailbox().await, removing).await;
    let lease = lease.unwrap().expect("the mailbox is free");
    let before = world.writes_at_exchange();
    let run = tokio::spawn(async move {
        let _ = cycle::run(&host, lease, removing).await;
    });
    for _ in 0..2_000 {
        if world.writes_at_exchange() > before {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // The answer is held back.
    tokio::time::sleep(Duration::from_millis(100)).await;
    run.abort();
    let _ = run.await;
    world.exchange.clear_faults();
    world.restart().await;
}

fn late() -> Fault {
    let effect = Effect::Delay {
        milliseconds: 600_000,
    };
    Fault::next(effect).of(Operation::Delete)
}

async fn a_removal_that_was_killed_can_be_repeated(on: On) {
    let mut world = World::start(on).await;
    settled(&world.anna()).await;
    world.set_enabled("anna", false).await;
    killed(&mut world, late()).await;
    assert_eq!(subjects(&world.anna(), "Visit"), 5, "one lot is gone");
    let report = world.anna().remove_copies().await;
    assert_eq!(
        (report.counts.exchange_writes, report.counts.failed),
        (5, 0)
    );
    only_originals_are_left(&world.anna()).await;
    assert!(world.anna().nothing_waits().await);
}

async fn a_removal_without_links_that_was_killed_can_be_repeated(on: On) {
    let mut world = World::start(on).await;
    settled(&world.anna()).await;
    world.set_enabled("anna", false).await;
    world.on.execute("DELETE FROM link").await;
    killed(&mut world, late()).await;
    let report = world.anna().remove_copies().await;
    assert_eq!(
        (report.counts.exchange_writes, report.counts.failed),
        (5, 0)
    );
    only_originals_are_left(&world.anna()).await;
    let id = world.anna().mailbox().await.mailbox.id;
    assert!(
        link::of_mailbox(&world.tenant, &id)
            .await
            .unwrap()
            .is_empty()
    );
}

with_every_provider![
    all_copies_go_at_once_from_both_sides_and_what_people_made_stays,
    a_preview_tells_each_copy_and_leaves_no_trace,
    nothing_is_removed_from_who_synchronises,
    users_own_items_and_copies_with_guests_stay,
    copies_whose_links_were_lost_are_found_by_their_marker,
    who_synchronises_again_gets_each_copy_once,
    contacts_go_with_or_without_their_links,
    a_removal_that_was_killed_can_be_repeated,
    a_removal_without_links_that_was_killed_can_be_repeated,
];
