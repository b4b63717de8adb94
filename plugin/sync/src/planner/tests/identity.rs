//! Identity, and no copy too many (section 5), and linking again (section 1, *Saving*).

use super::vocabulary::*;
use super::world::*;
use crate::compose::{Composed, compose};
use crate::contract::*;
use crate::planner::plan;

#[test]
fn a_new_item_of_either_side_gets_exactly_one_copy() {
    let mut world = World::new();
    let row = world.book_in_psa("Visit", on(11, 14));
    let event = world.book_in_outlook("Lunch", on(11, 12));
    let plan = world.cycle();
    let mut rules = rules(&plan);
    rules.sort_by_key(|rule| format!("{rule:?}"));
    assert_eq!(rules, [Rule::ExchangeItemIsNew, Rule::PsaItemIsNew]);
    world.settle();
    assert_eq!((world.events.len(), world.rows.len()), (2, 2));
    assert!(world.twin_of_row(&row).is_some());
    assert!(world.twin_of_event(&event).is_some());
}

#[test]
fn the_psa_copy_keeps_id_and_uid_of_its_original() {
    let (world, event, row) = with_exchange_item();
    assert_eq!(world.row(&row).exchange, Some(reference(&event)));
}

#[test]
fn an_item_copied_in_outlook_is_new_though_it_carries_the_marker() {
    let (mut world, row, event) = with_psa_item();
    let copy = world.paste(&event);
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::CopiedItemIsNew]);
    world.settle();
    let second = world.twin_of_event(&copy).unwrap();
    assert_ne!(second, row);
    assert_eq!(world.row(&second).origin, Side::Exchange);

    world.edit_row(&row, |it| it.title = "Long visit".into());
    world.settle();
    assert_eq!(world.event(&copy).subject, "Visit");
    world.delete_row(&row);
    world.settle();
    assert!(world.events.contains_key(&copy), "copies of users stay");
}

#[test]
fn an_item_pasted_from_a_colleagues_calendar_is_new_and_learns_nothing_of_the_colleagues_row() {
    for kind in [ItemKind::Appointment, ItemKind::ToDo] {
        let mut world = World::new();
        let row = match kind {
            ItemKind::Appointment => world.book_in_psa("Visit", on(11, 14)),
            _ => world.book_to_do("Visit", on(11, 14)),
        };
        world.hand_over(&row, "a colleague");
        let mut pasted = event("e", "Visit", on(11, 14));
        pasted.marker = MarkerReading::Present(Marker {
            tenant: tenant(),
            psa: psa_of(kind, &row),
            generation: 0,
        });
        let event = world.put(pasted);
        assert_eq!(rules(&world.cycle()), [Rule::CopiedItemIsNew]);
        world.settle();
        let twin = world.twin_of_event(&event).unwrap();
        assert_ne!(twin, row);
        world.hand_over(&row, "another one");
        world.settle();
        world.lose_links();
        world.full();
        world.settle();
        assert_eq!(world.twin_of_event(&event), Some(twin));
        assert_eq!((world.events.len(), world.rows.len()), (1, 2));
    }
}

#[test]
fn a_copied_item_older_than_the_linked_one_is_new_all_the_same() {
    let (mut world, row, event) = with_psa_item();
    let copy = world.paste(&event);
    world.events.get_mut(&copy).unwrap().created = Some(at(1, 0));
    world.cycle();
    assert_eq!(world.twin_of_row(&row), Some(event));
    world.settle();
}

#[test]
fn without_links_the_oldest_marked_item_is_ours_and_the_others_are_users_copies() {
    let (mut world, row, event) = with_psa_item();
    let copy = world.paste(&event);
    world.lose_links();
    world.full();
    assert_eq!(world.twin_of_row(&row), Some(event.clone()));
    assert!(world.events.contains_key(&copy));
    world.settle();
    assert_eq!((world.events.len(), world.rows.len()), (2, 2));
}

#[test]
fn an_item_that_is_found_again_beside_another_pair_belongs_to_its_own_row() {
    let mut world = World::new();
    let [one, two] = ["One", "Two"].map(|title| world.book_in_psa(title, on(11, 14)));
    world.settle();
    let copy = world.twin_of_row(&two).unwrap();
    let lost = world.link_of_row(&two).id.value.clone();
    world.links.remove(&lost);
    let mut batch = world.everything();
    let mut together = batch.groups.remove(0);
    for group in batch.groups.drain(..) {
        together.changes.extend(group.changes);
        together.rows.extend(group.rows);
        together.links.extend(group.links);
    }
    batch.groups.push(together);
    let plan = plan(&batch);
    assert!(writes(&plan).is_empty(), "{one}: {plan:#?}");
    let [operation] = plan.operations.as_slice() else {
        panic!("{plan:#?}");
    };
    assert_eq!(operation.rule, Rule::RelinkedByMarker);
    assert_eq!(operation.psa, Some(psa(&two)));
    assert_eq!(operation.exchange, Some(eid(&copy)));
}

#[test]
fn which_marked_item_is_the_oldest_is_told_by_when_each_was_made() {
    let (mut world, row, event) = with_psa_item();
    let copy = world.paste(&event);
    world.events.get_mut(&copy).unwrap().created = Some(at(1, 0));
    world.lose_links();
    let plan = plan(&world.everything());
    let relinked = plan.operations.iter();
    let relinked: Vec<_> = relinked
        .filter(|it| it.rule == Rule::RelinkedByMarker)
        .map(|it| (it.psa.clone(), it.exchange.clone()))
        .collect();
    let expected = (Some(psa(&row)), Some(eid(&copy)));
    assert_eq!(relinked, [expected], "not {event}");
}

#[test]
fn without_links_the_copy_that_was_made_again_is_ours_and_not_an_older_one_that_was_pasted() {
    let (mut world, row, event) = with_psa_item();
    world.settings.import_mode = ImportMode::None;
    let pasted = world.paste(&event);
    world.delete_event(&event);
    world.settle();
    world.edit_row(&row, |it| it.title = "Long visit".into());
    world.settle();
    let again = world.twin_of_row(&row).unwrap();
    assert_ne!(again, pasted);
    world.events.get_mut(&pasted).unwrap().created = Some(at(1, 0));
    world.lose_links();
    world.settings.import_mode = ImportMode::AllDetails;
    world.full();
    world.settle();
    assert_eq!(world.twin_of_row(&row), Some(again));
    assert_eq!(world.event(&pasted).subject, "Visit");
    assert_eq!((world.events.len(), world.rows.len()), (2, 2));
}

#[test]
fn a_copied_item_that_was_imported_is_not_imported_again_after_the_links_are_lost() {
    let (mut world, _, event) = with_psa_item();
    let copy = world.paste(&event);
    world.settle();
    let imported = world.twin_of_event(&copy);
    world.lose_links();
    world.full();
    world.settle();
    assert_eq!(world.twin_of_event(&copy), imported);
    assert_eq!((world.events.len(), world.rows.len()), (2, 2));
}

#[test]
fn an_imported_copied_item_does_not_become_ours_when_ours_is_deleted_and_the_links_are_lost() {
    let (mut world, row, event) = with_psa_item();
    let copy = world.paste(&event);
    world.settle();
    let imported = world.twin_of_event(&copy);
    world.delete_event(&event);
    world.settle();
    world.lose_links();
    world.full();
    world.settle();
    assert_eq!(world.twin_of_event(&copy), imported);
    assert_eq!(world.twin_of_row(&row), None);
}

#[test]
fn a_marked_item_without_its_psa_record_is_neither_imported_nor_deleted_but_listed() {
    let mut world = World::new();
    let mut lost = event("e", "Visit", on(11, 14));
    lost.marker = marker_of("no such row");
    world.put(lost);
    assert_eq!(rules(&world.cycle()), [Rule::MarkedWithoutRecord]);
    assert_eq!(rules(&world.full()), [Rule::MarkedWithoutRecord]);
    assert_eq!((world.events.len(), world.rows.len()), (1, 0));
}

#[test]
fn a_copy_made_again_after_the_moment_that_a_restore_brings_back_is_ours() {
    let (mut world, row, event) = with_psa_item();
    let yesterday = world.clone();
    world.delete_event(&event);
    world.settle();
    world.edit_row(&row, |it| it.title = "Long visit".into());
    world.settle();
    let again = world.twin_of_row(&row).unwrap();
    let restored = World {
        events: world.events.clone(),
        twins: world.twins.clone(),
        changed_events: [again.clone()].into(),
        removed_events: [event].into(),
        ..yesterday
    };
    let mut world = restored;
    assert_eq!(rules(&world.cycle()), [Rule::CopyTextIgnored]);
    world.settle();
    assert_eq!(world.link_of_row(&row).exchange, Some(reference(&again)));
    assert_eq!((world.events.len(), world.rows.len()), (1, 1));
}

#[test]
fn a_linked_item_whose_psa_record_vanished_is_left_alone() {
    let (mut world, row, event) = with_psa_item();
    world.rows.remove(&row);
    world.edit_event(&event, |it| it.span = on(12, 9));
    assert_eq!(rules(&world.cycle()), [Rule::MarkedWithoutRecord]);
    assert!(world.events.contains_key(&event));
    assert!(world.rows.is_empty());
}

#[test]
fn a_marked_item_of_another_tenant_is_an_item_like_others() {
    let mut world = World::new();
    let mut foreign = event("e", "Visit", on(11, 14));
    foreign.marker = MarkerReading::Present(Marker {
        tenant: TenantId {
            value: "other".into(),
        },
        psa: psa("row001"),
        generation: 0,
    });
    world.put(foreign);
    assert_eq!(rules(&world.cycle()), [Rule::ExchangeItemIsNew]);
    world.settle();
}

#[test]
fn lost_links_are_made_again_by_marker_and_by_reference_without_a_write() {
    let mut world = World::new();
    world.book_in_psa("Visit", on(11, 14));
    world.book_in_outlook("Lunch", on(11, 12));
    world.settle();
    world.lose_links();
    let plan = world.full();
    let mut rules = rules(&plan);
    rules.sort_by_key(|rule| format!("{rule:?}"));
    assert_eq!(rules, [Rule::RelinkedByMarker, Rule::RelinkedByReference]);
    assert!(writes(&plan).is_empty());
    assert_eq!(world.links.len(), 2);
    world.settle();
}

#[test]
fn a_copy_whose_link_was_lost_while_imports_are_off_goes_with_its_original_all_the_same() {
    let (mut world, event, row) = with_exchange_item();
    world.profile.import_appointments = false;
    world.lose_links();
    assert_eq!(rules(&world.full()), [Rule::RelinkedByReference]);
    assert!(rules(&world.full()).is_empty());
    assert_eq!(world.link_of_row(&row).exchange, Some(reference(&event)));
    world.delete_event(&event);
    assert_eq!(rules(&world.cycle()), [Rule::ExchangeItemDeleted]);
}

#[test]
fn a_link_made_again_while_imports_are_off_lets_the_copy_follow_once_they_are_on() {
    let (mut world, event, row) = with_exchange_item();
    world.profile.import_appointments = false;
    world.lose_links();
    world.full();
    world.edit_event(&event, |it| it.span = on(13, 9));
    world.settle();
    world.profile.import_appointments = true;
    assert_eq!(rules(&world.full()), [Rule::ExchangeItemMoved]);
    world.settle();
    assert_eq!(
        super::world_kinds::span_of(world.row(&row)),
        Some(on(13, 9))
    );
}

#[test]
fn lost_links_are_made_again_by_uid_where_the_id_changed() {
    let (mut world, event, row) = with_exchange_item();
    renamed(&mut world, &event, "other-id");
    world.lose_links();
    let plan = world.full();
    assert_eq!(rules(&plan), [Rule::RelinkedByReference]);
    assert_eq!(
        world.row(&row).exchange.as_ref().unwrap().id,
        eid("other-id")
    );
    world.settle();
    assert_eq!(world.rows.len(), 1);
}

#[test]
fn a_linked_item_that_left_the_calendar_and_came_back_with_another_id_is_the_same() {
    for (mut world, event) in [
        {
            let (world, event, _) = with_exchange_item();
            (world, event)
        },
        {
            let (world, _, event) = with_psa_item();
            (world, event)
        },
    ] {
        renamed(&mut world, &event, "other-id");
        let plan = world.cycle();
        assert!(plan.operations.iter().all(|it| !matches!(
            it.action,
            Action::CreateExchange(_) | Action::CreatePsa(_) | Action::DeletePsa(_)
        )));
        world.settle();
        assert_eq!((world.events.len(), world.rows.len()), (1, 1));
        world.edit_event("other-id", |it| it.span = on(12, 9));
        world.settle();
        let row = world.twin_of_event("other-id").unwrap();
        assert_eq!(world.in_psa(&row).span, on(12, 9));
    }
}

/// Moved out of the calendar and back: a removal, and the same item under another id.
fn renamed(world: &mut World, event: &str, to: &str) {
    let mut moved = world.event(event).clone();
    world.delete_event(event);
    world.wished_away.clear();
    moved.id = eid(to);
    world.put(moved);
    if let Some(row) = world.twins.get(event).cloned() {
        world.twins.insert(to.into(), row);
    }
}

#[test]
fn by_its_reference_a_row_takes_the_item_itself_before_one_of_equal_uid() {
    let mut world = World::new();
    let shared = Some(uid("shared"));
    for id in ["a", "b"] {
        let mut twin = event(id, id, on(11, 14));
        twin.uid.clone_from(&shared);
        world.put(twin);
    }
    world.settle();
    let (first, second) = (world.twin_of_event("a"), world.twin_of_event("b"));
    // The rows' order is not the items' order.
    for (row, id) in [(&first, "b"), (&second, "a")] {
        let row = world.rows.get_mut(row.as_ref().unwrap()).unwrap();
        row.exchange.as_mut().unwrap().id = eid(id);
    }
    world.twins.insert("a".into(), second.clone().unwrap());
    world.twins.insert("b".into(), first.clone().unwrap());
    world.lose_links();
    world.full();
    assert_eq!(
        world.link_of_event("a").psa.as_ref().unwrap().id.value,
        second.unwrap()
    );
    assert_eq!(
        world.link_of_event("b").psa.as_ref().unwrap().id.value,
        first.unwrap()
    );
}

fn unlinked(event: &str, row: &str) -> (ExchangeEvent, PsaRow) {
    let event = super::vocabulary::event(event, "Lunch", on(11, 12));
    let mut row = super::vocabulary::row(row, Side::Exchange, appointment("Lunch", on(11, 12)));
    row.person_version = version(0);
    row.exchange = Some(reference("an id long gone"));
    (event, row)
}

fn relinking(pairs: &[(ExchangeEvent, PsaRow)]) -> Batch {
    let mut batch = batch(Group {
        changes: pairs.iter().map(|it| Change::Event(it.0.clone())).collect(),
        rows: pairs.iter().map(|it| it.1.clone()).collect(),
        links: Vec::new(),
        masters: Vec::new(),
    });
    batch.relinking = true;
    batch
}

#[test]
fn items_of_equal_content_are_linked_again_and_the_row_learns_the_items_names() {
    for known in [true, false] {
        let (event, mut row) = unlinked("e", "r");
        if !known {
            row.exchange = None;
        }
        let plan = plan(&relinking(&[(event, row)]));
        assert_eq!(plan.operations.len(), 1);
        assert_eq!(plan.operations[0].rule, Rule::RelinkedByContent);
        let Action::UpdatePsa(update) = &plan.operations[0].action else {
            panic!("{plan:#?}")
        };
        assert_eq!(update.exchange, Some(reference("e")));
        assert_eq!(patched_fields(&update.patch), 0);
    }
}

#[test]
fn a_psa_item_and_its_copy_without_marker_are_linked_again_by_equal_content() {
    let (mut world, row, event) = with_psa_item();
    world.events.get_mut(&event).unwrap().marker = MarkerReading::Absent;
    world.lose_links();
    assert_eq!(rules(&world.full()), [Rule::RelinkedByContent]);
    world.settle();
    assert_eq!(world.twin_of_row(&row), Some(event));
}

#[test]
fn equal_content_of_what_is_gone_stays_at_home_or_repeats_links_nothing() {
    let (event, row) = unlinked("e", "r");
    let mut gone = row.clone();
    gone.deleted = true;
    let mut series = event.clone();
    series.shape = EventShape::Master(Series {
        rule: None,
        rule_text: String::new(),
        cancelled: None,
    });
    let mut at_home = to_do("Phone call", on(11, 12));
    at_home.on_calendar = false;
    let at_home = psa_row(
        psa_of(ItemKind::ToDo, "t"),
        Side::Psa,
        PsaContent::ToDo(at_home),
    );
    let on_calendar = psa_row(
        psa_of(ItemKind::ToDo, "t"),
        Side::Psa,
        PsaContent::ToDo(to_do("Phone call", on(11, 12))),
    );
    let mut like_it = event.clone();
    let composed = compose(&on_calendar, &relinking(&[]));
    let Composed::Event(composed) = composed else {
        panic!("a to-do's copy is an event")
    };
    like_it.subject = composed.content.subject;
    like_it.body = composed.content.body;
    let linked = |event: &ExchangeEvent, row: &PsaRow| {
        let plan = plan(&relinking(&[(event.clone(), row.clone())]));
        let mut pairs = plan.operations.iter();
        pairs.any(|it| it.psa.is_some() && it.exchange.is_some())
    };
    assert!(linked(&event, &row) && linked(&like_it, &on_calendar));
    assert!(!linked(&event, &gone));
    assert!(!linked(&series, &row));
    assert!(!linked(&like_it, &at_home));
    let mut other_text = like_it.clone();
    other_text.body = "Something else".into();
    assert!(!linked(&other_text, &on_calendar));
}

#[test]
fn nothing_is_linked_by_content_unless_links_are_being_made_again() {
    let mut batch = relinking(&[unlinked("e", "r")]);
    batch.relinking = false;
    assert_eq!(rules(&plan(&batch)), [Rule::ExchangeItemIsNew]);
}

#[test]
fn ambiguous_items_of_equal_content_are_reported_and_neither_linked_nor_made() {
    let two_of_each = relinking(&[unlinked("e1", "r1"), unlinked("e2", "r2")]);
    let mut one_row = two_of_each.clone();
    one_row.groups[0].rows.pop();
    let mut one_event = two_of_each.clone();
    one_event.groups[0].changes.pop();
    for (batch, items) in [(two_of_each, 4), (one_row, 3), (one_event, 3)] {
        let plan = plan(&batch);
        assert_eq!(rules(&plan), vec![Rule::ContentAmbiguous; items]);
        assert!(writes(&plan).is_empty());
    }
}

#[test]
fn a_meeting_of_equal_content_is_not_taken_for_our_copy() {
    let (mut world, _, event) = with_psa_item();
    let taken = world.events.get_mut(&event).unwrap();
    taken.marker = MarkerReading::Absent;
    taken.meeting.attendees.push(attendee("Ann"));
    world.lose_links();
    let plan = plan(&world.everything());
    assert!(
        plan.operations
            .iter()
            .all(|it| it.psa.is_none() || it.exchange.is_none())
    );
}

#[test]
fn linking_again_with_links_at_hand_changes_nothing() {
    let (mut world, _, _) = with_psa_item();
    assert!(world.full().operations.is_empty());
    let (mut world, _, _) = with_exchange_item();
    assert!(world.full().operations.is_empty());
}

#[test]
fn items_that_drifted_apart_while_there_was_no_link_follow_their_origin() {
    let (mut world, row, event) = with_psa_item();
    world.lose_links();
    world.edit_event(&event, |it| it.span = on(12, 9));
    world.edit_row(&row, |it| it.title = "Long visit".into());
    world.full();
    world.settle();
    assert_eq!(world.event(&event).span, on(11, 14));
    assert_eq!(world.event(&event).subject, "Long visit");

    let (mut world, event, row) = with_exchange_item();
    world.lose_links();
    world.edit_row(&row, |it| it.span = on(12, 9));
    world.edit_event(&event, |it| it.subject = "Long lunch".into());
    world.full();
    world.settle();
    assert_eq!(world.in_psa(&row).span, on(11, 12));
    assert_eq!(world.in_psa(&row).title, "Long lunch");
}

#[test]
fn a_marked_item_whose_psa_record_was_deleted_while_there_was_no_link_is_listed_and_stays() {
    let (mut world, row, event) = with_psa_item();
    world.lose_links();
    world.delete_row(&row);
    assert_eq!(rules(&world.full()), [Rule::MarkedWithoutRecord]);
    assert!(world.events.contains_key(&event));
}
