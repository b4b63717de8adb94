//! What is written to Exchange, and what the link remembers of it.

use super::world::World;
use crate::psa::appointment::Edit;
use crate::store::intent;

#[tokio::test]
async fn a_deleted_appointment_takes_its_copy_with_it() {
    let world = World::settled().await;
    let item = world.plan("Visit").await;
    assert_eq!(world.writes().await, (0, 1, 0));
    let copy = world.link_of(&item).await.exchange.unwrap().id;
    world.delete(&item).await;
    assert_eq!(world.writes().await, (0, 1, 0));
    assert_eq!(world.operations().deletes, 1);
    let there = world.outlook().event(&copy.value).unwrap();
    assert_eq!(there.calendar, None);
    assert_eq!(world.writes().await, (0, 0, 0));
}

#[tokio::test]
async fn a_pair_that_was_written_on_both_sides_rests_on_what_both_became() {
    let world = World::settled().await;
    let item = world.plan("Visit").await;
    assert_eq!(world.writes().await, (0, 1, 0));
    let copy = world.link_of(&item).await.exchange.unwrap().id;
    world
        .outlook()
        .update(&copy.value, &world.draft("Visit"))
        .unwrap();
    let edit = Edit {
        title: Some("Audit".to_owned()),
        ..Edit::default()
    };
    world.edit(&item, &edit).await;
    assert_eq!(world.writes().await, (1, 1, 0));
    let link = world.link_of(&item).await;
    assert_eq!(
        link.base.unwrap().psa.version,
        world.row(&item).await.version
    );
    let told = world.told(&item).await.len();
    assert_eq!(world.writes().await, (0, 0, 0));
    assert_eq!(world.told(&item).await.len(), told);
}

#[tokio::test]
async fn while_the_outcome_of_a_write_is_unknown_none_that_lost_a_race_is_planned_again() {
    let world = World::settled().await;
    let (one, other) = (world.plan("Visit").await, world.plan("Audit").await);
    assert_eq!(world.writes().await, (0, 2, 0));
    world.reschedule(&one, 3).await;
    world.reschedule(&other, 4).await;
    world.deny("PATCH", 504, 1);
    world.refuse("PATCH", 412, 1);
    let before = world.operations().updates;
    world.cycle().await.unwrap();
    assert_eq!(world.operations().updates - before, 2);
    let unknown = intent::pending(&world.tenant, &world.mailbox).await;
    assert_eq!(unknown.unwrap().len(), 1);
    world.no_faults();
    assert_eq!(world.writes().await, (0, 1, 0));
    assert_eq!(world.writes().await, (0, 0, 0));
}
