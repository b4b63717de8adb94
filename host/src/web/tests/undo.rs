//! Undoing a user's last synchronisation, on the demo's Exchange.

use super::world::{Browser, World};
use crate::cycle::{self, Options};
use crate::demo::Demo;
use crate::store::mailbox::{self, MailboxRecord};
use crate::store::{cycle_run, stop};

async fn synchronised() -> (Demo, World, Browser, MailboxRecord) {
    let demo = Demo::start(None, "127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let world = World::around(&demo.host, &demo.tenant).await;
    let admin = world.admin(&world.acme).await;
    let record = mailbox::of_address(&world.acme, demo.people[0].address).await;
    let record = record.unwrap().unwrap();
    cycle_of(&demo, &record).await.unwrap();
    (demo, world, admin, record)
}

async fn cycle_of(
    demo: &Demo,
    record: &MailboxRecord,
) -> Result<cycle::CycleReport, cycle::CycleError> {
    let options = Options::default();
    let lease = cycle::lease::take(&demo.host, record, options)
        .await
        .unwrap()
        .unwrap();
    cycle::run(&demo.host, lease, options).await
}

#[tokio::test]
async fn a_synchronisation_is_looked_at_and_undone_and_waits_for_a_word() {
    let (demo, world, admin, record) = synchronised().await;
    let path = format!("/admin/exchange/resources/{}/undo", demo.people[0].id);
    let plan = format!("/admin/exchange/resources/{}/plan", demo.people[0].id);
    world.get(&admin, &plan).await.says(200, &["undone", &path]);
    let cycles = format!("/admin/exchange/cycles?user={}", demo.people[0].id);
    world.get(&admin, &cycles).await.says(200, &[&path]);
    world
        .get(&admin, &path)
        .await
        .says(200, &["Look what would be undone"]);

    let last = cycle::undo::last(&world.acme, &record.mailbox.id)
        .await
        .unwrap();
    let last = last.unwrap();
    let fields = |action| [("cycle", last.id.as_str()), ("action", action)];
    let looked = world.post(&admin, &path, &fields("look")).await;
    looked.says(
        200,
        &["This would go back", "delete in Exchange", "writes now"],
    );
    let asked = stop::of_mailbox(&world.acme, &record.mailbox.id)
        .await
        .unwrap();
    assert_eq!(asked, None);

    let undone = world.post(&admin, &path, &fields("undo")).await;
    undone.says(
        200,
        &["The synchronisation is undone.", "waits for your word"],
    );
    let asked = stop::of_mailbox(&world.acme, &record.mailbox.id)
        .await
        .unwrap()
        .unwrap();
    let run = cycle_run::get(&world.acme, &asked.cycle).await.unwrap();
    assert_eq!(run.undoes, Some(last.id.clone()));
    assert!(cycle_of(&demo, &record).await.is_err());
    let waits = world.get(&admin, "/admin/exchange/waiting-for-you").await;
    waits.says(200, &["the last cycle was undone"]);
    let question = format!("/admin/exchange/cycles/{}", asked.cycle);
    world
        .get(&admin, &question)
        .await
        .says(200, &["It is meant"]);
    let approve = format!("{question}/approve");
    world.post(&admin, &approve, &[]).await.expect(200);
    let again = cycle_of(&demo, &record).await.unwrap();
    assert_eq!(again.counts.exchange_writes, last.counts.exchange_writes);
}

#[tokio::test]
async fn a_cycle_that_is_not_the_last_any_more_is_refused() {
    let (demo, world, admin, _) = synchronised().await;
    let path = format!("/admin/exchange/resources/{}/undo", demo.people[0].id);
    let other = crate::store::codec::new_id();
    let fields = [("cycle", other.as_str()), ("action", "undo")];
    let refused = world.post(&admin, &path, &fields).await;
    refused.says(409, &["this is another one"]);
    let nonsense = [("cycle", "0"), ("action", "undo")];
    world
        .post(&admin, &path, &nonsense)
        .await
        .says(200, &["Look what would be undone"]);
}
