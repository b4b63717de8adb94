//! Removing the copies of all who do not synchronise any more, on the demo's Exchange.

use std::time::Duration;

use super::world::World;
use crate::cycle::{self, Options};
use crate::demo::Demo;
use crate::store::mailbox::{self, left_behind};
use crate::web::removal::PATH;

#[tokio::test]
async fn copies_of_all_who_are_switched_off_go_after_a_look_and_a_word() {
    let demo = Demo::start(None, "127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let world = World::around(&demo.host, &demo.tenant).await;
    let admin = world.admin(&world.acme).await;
    let nobody = world.get(&admin, PATH).await;
    nobody.says(200, &["Nobody who does not synchronise has copies."]);

    for person in &demo.people[..3] {
        let record = mailbox::of_address(&world.acme, person.address).await;
        let record = record.unwrap().unwrap();
        let options = Options::default();
        let lease = cycle::lease::take(&demo.host, &record, options).await;
        cycle::run(&demo.host, lease.unwrap().unwrap(), options)
            .await
            .unwrap();
    }
    let mut transaction = world.acme.begin().await.unwrap();
    for person in &demo.people[..2] {
        let record = mailbox::of_address(&mut transaction, person.address).await;
        let id = record.unwrap().unwrap().mailbox.id;
        mailbox::set_enabled(&mut transaction, &id, false)
            .await
            .unwrap();
    }
    transaction.commit().await.unwrap();
    let left = left_behind(&world.acme).await.unwrap();
    assert_eq!(left.len(), 2, "{left:?}");
    let plan = format!("/admin/exchange/resources/{}/plan", demo.people[0].id);
    let shown = world.get(&admin, PATH).await;
    shown.says(200, &[&plan, "copies of 2 who do not synchronise"]);

    let refused = world.post(&admin, PATH, &[]).await;
    refused.says(422, &["Tick the box"]);
    assert_eq!(left_behind(&world.acme).await.unwrap(), left);

    let begun = world.post(&admin, PATH, &[("confirmed", "on")]).await;
    begun.leads_to(&format!("{PATH}?begun=on"));
    let mut looks = 0;
    while !left_behind(&world.acme).await.unwrap().is_empty() {
        looks += 1;
        assert!(looks < 600, "the copies are still there after a minute");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let done = world.get(&admin, &format!("{PATH}?begun=on")).await;
    done.says(200, &["All copies are removed."]);
    // Who synchronises keeps what is there.
    let third = mailbox::of_address(&world.acme, demo.people[2].address).await;
    let third = third.unwrap().unwrap().mailbox.id;
    let links = crate::store::link::of_mailbox(&world.acme, &third).await;
    assert!(!links.unwrap().is_empty());
}
