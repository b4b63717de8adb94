//! Series are looked at as a whole, through their masters, whatever becomes of a request.

use chrono::TimeDelta;
use exchange::{End, Pattern, Recurrence};

use super::world::World;
use crate::contract::{Change, Link, PsaReference};
use crate::cycle::series::sample;
use crate::store::look_again::Item;
use crate::store::master::KnownSeries;
use crate::store::{link, mailbox, master};

/// A series on three days in a row, and its copies in their order.
async fn three_days(world: &World) -> (String, Vec<PsaReference>) {
    let draft = world.draft("Stand-up");
    let series = draft.clone().repeating(Recurrence {
        pattern: Pattern::Daily,
        interval: 1,
        start: world.draft_start().date(),
        end: End::After(3),
    });
    let id = world.outlook().create(&series).unwrap();
    assert_eq!(world.writes().await, (3, 0, 0));
    let mut links = links(world, &id).await;
    links.sort_by_key(|link| {
        link.exchange
            .clone()
            .unwrap()
            .slot
            .unwrap()
            .original_start
            .microseconds
    });
    (id, links.into_iter().filter_map(|link| link.psa).collect())
}

async fn links(world: &World, master: &str) -> Vec<Link> {
    let master = [master.to_owned()];
    link::by_masters(&world.tenant, &world.mailbox, &master)
        .await
        .unwrap()
}

async fn kept(world: &World) -> Vec<KnownSeries> {
    master::of_mailbox(&world.tenant, &world.mailbox)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_series_is_kept_as_it_was_told_or_written_last() {
    let world = World::settled().await;
    let (id, copies) = three_days(&world).await;
    let series = |kept: Vec<KnownSeries>| kept.into_iter().find(|it| it.master.id.value == id);
    let before = series(kept(&world).await).unwrap();
    assert_eq!(before.instances.len(), 3);
    let is_plain = |it: &&Change| matches!(it, Change::Occurrence(_));
    assert_eq!(before.instances.iter().filter(is_plain).count(), 3);
    world.reschedule(&copies[0], 1).await;
    assert_eq!(world.writes().await, (0, 1, 0));
    let after = series(kept(&world).await).unwrap();
    assert_eq!(after.instances.iter().filter(is_plain).count(), 2);
    // Moved again before the server tells what the first write made of it.
    world.reschedule(&copies[0], 2).await;
    assert_eq!(world.writes().await, (0, 1, 0));
    world.outlook().delete(&id).unwrap();
    assert_eq!(world.writes().await, (3, 0, 0));
    assert_eq!(series(kept(&world).await), None);
}

#[tokio::test]
async fn a_series_that_has_left_what_is_read_is_not_kept_when_all_is_read_again() {
    let world = World::settled().await;
    world.hide_markers();
    let repeating = |days: i64| {
        let mut draft = world.draft("Stand-up");
        for moment in [&mut draft.start, &mut draft.end].into_iter().flatten() {
            moment.wall += TimeDelta::days(days);
        }
        let start = draft.start.as_ref().unwrap().wall.date();
        draft.repeating(Recurrence {
            pattern: Pattern::Daily,
            interval: 1,
            start,
            end: End::After(3),
        })
    };
    // Beyond the window, and within what is read.
    let id = world.outlook().create(&repeating(35)).unwrap();
    assert_eq!(world.writes().await, (0, 0, 0));
    let is_kept = |kept: Vec<KnownSeries>| kept.iter().any(|it| it.master.id.value == id);
    assert!(is_kept(kept(&world).await));
    world.outlook().update(&id, &repeating(-100)).unwrap();
    let mut transaction = world.tenant.begin().await.unwrap();
    mailbox::read_again(&mut transaction, &world.mailbox, false)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(world.writes().await, (0, 0, 0));
    assert!(!is_kept(kept(&world).await));
}

#[tokio::test]
async fn a_series_that_nobody_can_read_is_left_alone_and_stops_no_other() {
    let mut world = World::settled().await;
    let (id, copies) = three_days(&world).await;
    let second = world.draft_start() + TimeDelta::days(1);
    let second = world.outlook().occurrence(&id, second);
    world.outlook().delete(&second.unwrap()).unwrap();
    world.damage(&id);
    world.book("Lunch");
    assert_eq!(world.writes().await, (1, 0, 1));
    let waiting = world.waiting().await;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].item, Item::Exchange(sample::id(&id)));
    world.no_faults();
    assert_eq!(world.writes().await, (0, 0, 0));
    world.pass(TimeDelta::minutes(30));
    assert_eq!(world.writes().await, (1, 0, 0));
    assert!(world.waiting().await.is_empty());
    let left: Vec<_> = links(&world, &id)
        .await
        .into_iter()
        .filter_map(|it| it.psa)
        .collect();
    assert!(left.len() == 2 && !left.contains(&copies[1]));
}

#[tokio::test]
async fn an_occurrence_that_lost_a_race_is_planned_again_at_once() {
    let world = World::settled().await;
    let (_, copies) = three_days(&world).await;
    world.reschedule(&copies[0], 1).await;
    world.refuse("PATCH", 412, 1);
    assert_eq!(world.writes().await, (0, 2, 0));
    assert!(world.waiting().await.is_empty());
    assert_eq!(world.writes().await, (0, 0, 0));
}

#[tokio::test]
async fn a_past_occurrence_that_lost_a_race_is_looked_at_too() {
    let mut world = World::settled().await;
    let (id, copies) = three_days(&world).await;
    world.pass(TimeDelta::days(50));
    let renamed = world.draft("Review").subject;
    let renamed = exchange::Draft {
        subject: renamed,
        ..exchange::Draft::default()
    };
    world.outlook().update(&id, &renamed).unwrap();
    assert_eq!(world.writes().await, (0, 0, 0));
    world.reschedule(&copies[2], 1).await;
    // The write that loses, the one that does not, and the new title.
    assert_eq!(world.writes().await, (1, 2, 0));
    assert_eq!(world.writes().await, (0, 0, 0));
}

#[tokio::test]
async fn an_occurrence_that_exchange_does_not_take_there_has_not_failed_and_its_copy_goes_back() {
    let world = World::settled().await;
    let (_, copies) = three_days(&world).await;
    let before = world.link_of(&copies[1]).await;
    world.reschedule(&copies[1], 1).await;
    assert_eq!(world.writes().await, (1, 1, 0));
    assert!(world.waiting().await.is_empty());
    let after = world.link_of(&copies[1]).await;
    assert_eq!(after.refused, None);
    assert_eq!(
        after.base.unwrap().psa.digest,
        before.base.unwrap().psa.digest
    );
    assert_eq!(world.writes().await, (0, 0, 0));
}

#[tokio::test]
async fn a_cut_off_change_of_an_occurrence_is_looked_up_through_its_series() {
    let mut world = World::settled().await;
    let (_, copies) = three_days(&world).await;
    world.reschedule(&copies[0], 1).await;
    world.refuse("PATCH", 500, 1);
    world.deny("PATCH", 500, 1);
    for pause in [30, 60] {
        assert_eq!(world.writes().await, (0, 1, 1), "before a pause of {pause}");
        assert_eq!(world.waiting().await.len(), 2, "both items of the pair");
        world.pass(TimeDelta::minutes(pause - 1));
        assert_eq!(world.writes().await, (0, 0, 0));
        world.pass(TimeDelta::minutes(1));
    }
    // The second one was done, and that was seen.
    assert_eq!(world.writes().await, (0, 0, 0));
    assert!(world.waiting().await.is_empty());
    let outcomes = world.outcomes(&copies[0]).await;
    assert_eq!(
        outcomes[1..5],
        ["unknown", "looked up", "unknown", "looked up"]
    );
    assert_eq!(world.operations().updates, 2, "none for the looks");
}

#[tokio::test]
async fn a_series_that_is_not_listed_any_more_is_asked_for_before_the_window_lets_it_in() {
    let mut world = World::settled().await;
    let gone = world.book("Gone");
    assert_eq!(world.writes().await, (1, 0, 0));
    world.outlook().purge(&gone).unwrap();
    assert_eq!(world.writes().await, (1, 0, 0));
    let day = world.instant().microseconds / 86_400_000_000 + 31;
    let ghost = KnownSeries {
        master: sample::master(&gone),
        instances: vec![Change::Occurrence(sample::occurrence(&gone, day))],
    };
    let mut transaction = world.tenant.begin().await.unwrap();
    master::put(&mut transaction, &world.mailbox, &[ghost])
        .await
        .unwrap();
    mailbox::read_again(&mut transaction, &world.mailbox, false)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    world.pass(TimeDelta::days(2));
    assert_eq!(world.writes().await, (0, 0, 0));
    assert!(
        kept(&world)
            .await
            .iter()
            .all(|it| it.master.id.value != gone)
    );
}
