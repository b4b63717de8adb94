//! Random worlds: people edit both sides, pushes fail, links are lost, settings change; and
//! whatever happens, the world comes to rest as the law wants it.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::judge::{SECRET, agree, comes_over};
use super::random::{Deed, act, deeds};
use super::vocabulary::*;
use super::world::World;
use super::world_kinds::{goes_out, span_of, travels};
use crate::contract::*;
use crate::planner::plan;
use crate::series::slot;

/// A world after its history; `backwards`: pairs are carried out in the opposite order.
fn lived(history: &[Vec<Deed>], backwards: bool) -> World {
    let mut world = World {
        backwards,
        ..World::new()
    };
    for round in history {
        for deed in round {
            act(&mut world, deed);
        }
        run(&mut world, round);
    }
    world
}

/// One cycle; a full read where the round says so, or where links were lost; some pushes fail.
fn run(world: &mut World, round: &[Deed]) {
    let relinking = round.iter().any(|deed| deed.needs_full_read());
    let failing = round.iter().any(|deed| matches!(deed, Deed::PushesFail));
    let batch = if relinking {
        world.everything()
    } else {
        world.changes()
    };
    let mut turn = false;
    world.run(&batch, &mut |_| {
        turn = !turn;
        failing && turn
    });
}

/// An operation without its place, for comparing plans as sets.
fn set_of(plan: &Plan) -> Vec<String> {
    let mut operations: Vec<String> = plan
        .operations
        .iter()
        .map(|operation| {
            let mut operation = operation.clone();
            operation.group = 0;
            format!("{operation:?}")
        })
        .collect();
    operations.sort();
    operations
}

/// The one thing that a full re-synchronisation makes again though its user deleted it.
fn makes_a_contact_again(operation: &Operation, deleted: &BTreeSet<String>) -> bool {
    matches!(
        operation.action,
        Action::CreateExchange(ExchangeContent::Contact(_))
    ) && operation
        .psa
        .as_ref()
        .is_some_and(|psa| deleted.contains(&psa.id.value))
}

/// An occurrence of a series that was set to another time after one of its copies was deleted: while
/// links are lost nobody can tell which of the new ones stands in the place of that.
fn makes_an_occurrence_again(operation: &Operation, world: &World) -> bool {
    let Action::CreatePsa(creation) = &operation.action else {
        return false;
    };
    let Some(made) = &creation.exchange.slot else {
        return false;
    };
    let there: Vec<Slot> = world
        .events
        .values()
        .filter_map(|event| slot::of_event(event).cloned())
        .collect();
    let deleted = world.rows.values().filter(|row| row.deleted);
    let mut slots = deleted.filter_map(|row| row.exchange.as_ref()?.slot.as_ref());
    slots.any(|slot| slot.master_id == made.master_id && !there.contains(slot))
}

fn turn_by<T>(list: &mut [T], turn: usize) {
    if !list.is_empty() {
        let by = turn % list.len();
        list.rotate_left(by);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// The judge looks at each operation on the way: no copy too many, no deletion that the law
    /// does not give, no write without proof, no private text in the PSA.
    #[test]
    fn every_world_comes_to_rest_in_three_rounds_and_then_agrees(
        history in deeds(),
        backwards in any::<bool>(),
    ) {
        let mut world = lived(&history, backwards);
        for _ in 0..3 {
            world.cycle();
        }
        let further = plan(&world.changes());
        prop_assert!(further.operations.is_empty(), "changes: {further:#?}");
        for batch in [world.nothing_new(), world.everything()] {
            let further = plan(&batch);
            let mut writes = writes(&further);
            writes.retain(|it| !makes_a_contact_again(it, &world.wished_away));
            prop_assert!(writes.is_empty(), "{further:#?}");
        }
        agree(&world);
    }

    #[test]
    fn a_full_read_with_all_links_lost_makes_and_deletes_nothing(history in deeds()) {
        let mut world = lived(&history, false);
        for _ in 0..3 {
            world.cycle();
        }
        let (rows, events) = (world.living_rows(), world.events.len());
        let contacts = world.contacts.len();
        let deleted_by_users = world.wished_away.clone();
        world.lose_links();
        let (mut again, mut occurrences) = (0, 0);
        for operation in &world.full().operations {
            if makes_a_contact_again(operation, &deleted_by_users) {
                again += 1;
                continue;
            }
            if makes_an_occurrence_again(operation, &world) {
                occurrences += 1;
                continue;
            }
            prop_assert!(!matches!(
                operation.action,
                Action::CreateExchange(_) | Action::DeleteExchange(_)
                    | Action::CreatePsa(_) | Action::DeletePsa(_)
            ), "{operation:#?}");
        }
        world.settle();
        let living = rows + occurrences;
        prop_assert_eq!((world.living_rows(), world.events.len()), (living, events));
        prop_assert_eq!(world.contacts.len(), contacts + again);
        agree(&world);
    }

    #[test]
    fn a_change_of_provider_writes_nothing(history in deeds(), again in any::<bool>()) {
        let mut world = lived(&history, false);
        for _ in 0..3 {
            world.cycle();
        }
        for _ in 0..=usize::from(again) {
            world.change_provider();
            let batch = world.handed_over();
            let first = world.run(&batch, &mut |_| false);
            prop_assert!(writes(&first).is_empty(), "{first:#?}");
            let further = plan(&world.changes());
            prop_assert!(further.operations.is_empty(), "{further:#?}");
        }
        agree(&world);
    }

    /// The judge looks at each operation of the first cycle, too.
    #[test]
    fn what_people_did_before_a_change_of_provider_comes_to_rest_all_the_same(
        history in deeds(),
        backwards in any::<bool>(),
    ) {
        let mut world = lived(&history, backwards);
        for deed in history.iter().flatten().filter(|deed| !deed.needs_full_read()) {
            act(&mut world, deed);
        }
        world.change_provider();
        let batch = world.handed_over();
        world.run(&batch, &mut |_| false);
        for _ in 0..3 {
            world.cycle();
        }
        let further = plan(&world.changes());
        prop_assert!(further.operations.is_empty(), "{further:#?}");
    }

    #[test]
    fn neither_order_nor_splitting_changes_the_operations(
        history in deeds(),
        turn in 0_usize..5,
        full in any::<bool>(),
    ) {
        let mut world = lived(&history, false);
        for deed in history.iter().flatten().filter(|deed| !deed.needs_full_read()) {
            act(&mut world, deed);
        }
        if full {
            // Now the planner has to find out by itself who belongs to whom.
            let ids: Vec<String> = world.events.keys().cloned().collect();
            for id in ids {
                world.paste(&id);
            }
            world.lose_links();
        }
        let batch = if full { world.everything() } else { world.changes() };
        let expected = set_of(&plan(&batch));

        let mut turned = batch.clone();
        turned.groups.reverse();
        for group in &mut turned.groups {
            group.changes.reverse();
            group.rows.reverse();
            group.links.reverse();
            group.masters.reverse();
            turn_by(&mut group.changes, turn);
            turn_by(&mut group.rows, turn);
            turn_by(&mut group.links, turn);
        }
        prop_assert_eq!(&set_of(&plan(&turned)), &expected);

        let mut apart = Plan { operations: Vec::new() };
        for group in &batch.groups {
            let call = Batch { groups: vec![group.clone()], ..batch.clone() };
            apart.operations.extend(plan(&call).operations);
        }
        prop_assert_eq!(&set_of(&apart), &expected);

        let mut whole = Group {
            changes: Vec::new(), rows: Vec::new(), links: Vec::new(), masters: Vec::new(),
        };
        for group in &batch.groups {
            whole.changes.extend(group.changes.clone());
            whole.rows.extend(group.rows.clone());
            whole.links.extend(group.links.clone());
            whole.masters.extend(group.masters.clone());
        }
        let together = Batch { groups: vec![whole], ..batch.clone() };
        prop_assert_eq!(&set_of(&plan(&together)), &expected);
    }

    #[test]
    fn no_private_text_reaches_the_psa_in_any_mode(history in deeds()) {
        let mut world = lived(&history, false);
        for _ in 0..3 {
            let plan = world.cycle();
            for operation in &plan.operations {
                // Neither in what is told about an operation.
                let told = format!("{:?} {}", operation.evidence, operation.remark);
                prop_assert!(!told.contains(SECRET));
            }
        }
        for (id, event) in &world.events {
            if let Some(row) = world.twin_of_event(id)
                && world.row(&row).origin == Side::Exchange
                && event.sensitivity != Sensitivity::Normal
                && world.settings.import_mode != ImportMode::None
            {
                let copy = world.in_psa(&row);
                prop_assert!(!copy.title.contains(SECRET), "{copy:#?}");
                prop_assert!(!copy.description.contains(SECRET), "{copy:#?}");
            }
        }
    }

    #[test]
    fn what_may_come_over_has_come_over_once(history in deeds()) {
        let mut world = lived(&history, false);
        world.full();
        for _ in 0..3 {
            world.cycle();
        }
        let batch = world.everything();
        for (id, event) in &world.events {
            let ours = world.twins.get(id).is_some_and(|row| world.row(row).origin == Side::Psa);
            let marked = matches!(event.marker, MarkerReading::Present(_));
            // A row once imported and deleted by a person is a wish; the judge watches it.
            let wished = world.twins.get(id).is_some_and(|row| world.row(row).deleted);
            if comes_over(event, &batch) && !ours && !marked && !wished {
                prop_assert!(world.twin_of_event(id).is_some(), "not imported: {event:#?}");
            }
        }
        for (id, row) in &world.rows {
            let over = span_of(row).is_some_and(|span| super::judge::ends_before(&span, &batch));
            let wished = row.copy_deleted.is_some() || world.twins.values().any(|it| it == id);
            if row.origin == Side::Psa && !row.deleted && !over && !wished && travels(row)
                && goes_out(&batch.settings, &batch.profile, row.reference.kind)
            {
                prop_assert!(world.twin_of_row(id).is_some(), "not exported: {row:#?}");
            }
        }
    }
}
