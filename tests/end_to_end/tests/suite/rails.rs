//! The safety rails: many deletions wait for an administrator, whichever side they come from.

use chrono::TimeDelta;
use end_to_end::time::{between, timed, utc};
use end_to_end::{Desk, On, World, plain, titled, with_every_provider};
use exchange::{Effect, Fault, Operation};
use tandem::contract::{LinkState, PsaId, Rule};
use tandem::cycle::approve::approve;
use tandem::psa::appointment::Edit;
use tandem::store::{held, link};

const MANY: i64 = 30;

async fn plan_many(anna: &Desk<'_>) -> Vec<PsaId> {
    let all: Vec<_> = (0..MANY)
        .map(|number| {
            let start = utc("2026-11-23T09:00Z") + TimeDelta::hours(number);
            plain(
                &format!("Visit {number}"),
                between(start, start + TimeDelta::minutes(30)),
            )
        })
        .collect();
    anna.plan_all(&all).await
}

/// Thirty items, and one more that stays whatever happens to them.
async fn book_many(anna: &Desk<'_>) -> Vec<String> {
    let _ = anna.book("Stays", "2026-11-25T12:00", 30);
    (0..MANY)
        .map(|number| anna.book(&format!("Item {number}"), "2026-11-24T12:00", number))
        .collect()
}

async fn approve_deletions(world: &World, cycle: &str, wanted: u64) {
    let approved = approve(&world.tenant, cycle).await.unwrap();
    assert_eq!((approved.deletions, approved.stop), (wanted, false));
}

async fn waiting(world: &World) -> usize {
    let all = held::list(&world.tenant, None).await.unwrap();
    all.iter().filter(|one| one.approved.is_none()).count()
}

async fn thirty_deletions_in_the_psa_wait_survive_and_go_ahead_once_approved(on: On) {
    let mut world = World::start(on).await;
    let anna = world.anna();
    let ids = plan_many(&anna).await;
    anna.cycle_writes(0, 30).await;
    anna.strike(&ids).await;
    let other = anna.plan("Other", timed("2026-11-23T09:00Z", 60)).await;
    let report = anna.cycle().await;
    assert_eq!(report.held, 30);
    assert_eq!(
        report.counts.exchange_writes, 1,
        "what is no deletion goes on"
    );
    assert_eq!(anna.calendar().len(), 31);
    assert_eq!(waiting(&world).await, 30);
    // They stay as they are over further cycles, a new start and a day.
    anna.is_at_rest().await;
    world.restart().await;
    world.pass(TimeDelta::hours(26)).await;
    let anna = world.anna();
    anna.cycle_writes(0, 0).await;
    assert_eq!(waiting(&world).await, 30);
    assert_eq!(anna.calendar().len(), 31);

    approve_deletions(&world, &report.cycle, 30).await;
    let counts = anna.cycle().await.counts;
    assert_eq!((counts.psa_writes, counts.exchange_writes), (0, 30));
    // The server announces what was deleted, and each is looked at once.
    anna.comes_to_rest().await;
    assert_eq!(anna.calendar().len(), 1);
    assert_eq!(waiting(&world).await, 0);
    anna.strike(&[other]).await;
    anna.cycle_writes(0, 1).await;
    let left = link::of_mailbox(&world.tenant, &anna.mailbox().await.mailbox.id).await;
    assert!(left.unwrap().is_empty());
    approve_deletions(&world, &report.cycle, 0).await;
}

async fn thirty_deletions_in_outlook_wait_survive_and_go_ahead_once_approved(on: On) {
    let mut world = World::start(on).await;
    let anna = world.anna();
    let ids = book_many(&anna).await;
    anna.cycle_writes(31, 0).await;
    for id in &ids {
        anna.outlook().delete(id).unwrap();
    }
    let report = anna.cycle().await;
    assert_eq!((report.held, report.counts.psa_writes), (30, 0));
    anna.is_at_rest().await;
    world.restart().await;
    world.pass(TimeDelta::hours(26)).await;
    let anna = world.anna();
    anna.cycle_writes(0, 0).await;
    assert_eq!(anna.records().await.len(), 31);
    approve_deletions(&world, &report.cycle, 30).await;
    anna.cycle_writes(30, 0).await;
    assert_eq!(anna.only_record().await.fields.title, "Stays");
}

async fn held_items_take_no_other_change(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let ids = book_many(&anna).await;
    anna.cycle_writes(31, 0).await;
    for id in &ids {
        anna.outlook().delete(id).unwrap();
    }
    let report = anna.cycle().await;
    let records = anna.records().await;
    let record = titled(&records, "Item 0");
    let edit = Edit {
        span: Some(timed("2026-12-01T09:00Z", 60)),
        ..Edit::default()
    };
    anna.edit(&record.id, edit).await;
    anna.cycle_writes(0, 0).await;
    assert_eq!(anna.calendar().len(), 1);
    let id = anna.mailbox().await.mailbox.id;
    let states = link::by_state(&world.tenant, &id, LinkState::Held)
        .await
        .unwrap();
    assert_eq!(states.len(), 30);
    approve_deletions(&world, &report.cycle, 30).await;
    anna.cycle_writes(30, 0).await;
    assert_eq!(
        anna.rules_of(&record.id).await.last(),
        Some(&Rule::ExchangeItemDeleted)
    );
}

async fn twenty_deletions_of_many_need_no_approval(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.extend(plan_many(&anna).await);
    }
    anna.cycle_writes(0, 120).await;
    anna.strike(&ids[..20]).await;
    anna.cycle_writes(0, 20).await;
    anna.strike(&ids[20..41]).await;
    assert_eq!(anna.cycle().await.held, 21);
}

async fn items_restored_in_outlook_before_the_approval_stay(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let ids = book_many(&anna).await;
    anna.cycle_writes(31, 0).await;
    for id in &ids {
        anna.outlook().move_to(id, "Elsewhere").unwrap();
    }
    let report = anna.cycle().await;
    assert_eq!(report.held, 30);
    for id in &ids[..10] {
        anna.outlook().move_to(id, "Calendar").unwrap();
    }
    approve_deletions(&world, &report.cycle, 30).await;
    anna.cycle_writes(20 + anna.rows_that_name_anew(10), 0)
        .await;
    assert_eq!(anna.records().await.len(), 11);
    // What was approved and not needed is no approval of anything later.
    assert!(held::list(&world.tenant, None).await.unwrap().is_empty());
}

const HERE: i64 = 500;
const THERE: i64 = 700;

/// 400 appointments are deleted in the PSA and 600 items in Outlook, all in one night.
async fn delete_a_thousand(anna: &Desk<'_>, planned: &[PsaId], booked: &[String]) {
    anna.strike(&planned[..400]).await;
    for id in &booked[..600] {
        anna.outlook().delete(id).unwrap();
    }
}

async fn a_thousand_deletions_wait_survive_and_go_ahead_in_lots(on: On) {
    let mut world = World::start(on).await;
    let anna = world.anna();
    let visits: Vec<_> = (0..HERE)
        .map(|number| {
            let start = utc("2026-11-23T09:00Z") + TimeDelta::minutes(number * 30);
            let end = start + TimeDelta::minutes(30);
            plain(&format!("Visit {number}"), between(start, end))
        })
        .collect();
    let planned = anna.plan_all(&visits).await;
    let booked: Vec<String> = (0..THERE)
        .map(|number| anna.book(&format!("Item {number}"), "2026-11-24T12:00", 15 + number))
        .collect();
    anna.cycle().await;
    assert_eq!(anna.calendar().len(), 1_200);
    assert_eq!(anna.records().await.len(), 1_200);
    delete_a_thousand(&anna, &planned, &booked).await;
    let report = anna.cycle().await;
    assert_eq!((report.held, waiting(&world).await), (1_000, 1_000));
    let before = anna.mailbox().await;
    let _ = anna.book("Later", "2026-11-24T09:00", 30);
    anna.cycle_writes(1, 0).await;
    world.restart().await;
    world.pass(TimeDelta::hours(26)).await;
    let anna = world.anna();
    anna.cycle_writes(0, 0).await;
    assert_ne!(
        anna.mailbox().await.cursor,
        before.cursor,
        "the cursor moved"
    );
    assert_eq!(waiting(&world).await, 1_000);
    assert_eq!(anna.calendar().len(), 601);
    assert_eq!(anna.records().await.len(), 801);

    approve_deletions(&world, &report.cycle, 1_000).await;
    // The server has enough on the way: what is left needs no second approval.
    let busy = Effect::Status {
        status: 429,
        code: None,
        retry_after: Some(30),
    };
    let fault = Fault::next(busy).of(Operation::Delete).after(12);
    world.exchange.add_fault(fault);
    let report = anna.cycle().await;
    assert_eq!((report.held, report.counts.psa_writes), (0, 600));
    assert!(anna.calendar().len() > 201, "{}", anna.calendar().len());
    world.pass(TimeDelta::minutes(30)).await;
    let anna = world.anna();
    assert_eq!(anna.cycle().await.held, 0);
    anna.comes_to_rest().await;
    assert_eq!(anna.calendar().len(), 201);
    assert_eq!(anna.records().await.len(), 201);
    assert!(held::list(&world.tenant, None).await.unwrap().is_empty());
}

with_every_provider![
    a_thousand_deletions_wait_survive_and_go_ahead_in_lots,
    thirty_deletions_in_the_psa_wait_survive_and_go_ahead_once_approved,
    thirty_deletions_in_outlook_wait_survive_and_go_ahead_once_approved,
    held_items_take_no_other_change,
    twenty_deletions_of_many_need_no_approval,
    items_restored_in_outlook_before_the_approval_stay,
];
