//! From one provider to another (section 7): the switch itself makes, changes and deletes nothing.

use super::vocabulary::*;
use super::world::*;
use super::world_kinds::*;
use crate::contract::*;
use crate::planner::plan;

/// The new provider's first cycle.
fn first_cycle(world: &mut World) -> Plan {
    let batch = world.handed_over();
    world.run(&batch, &mut |_| false)
}

fn rules_of_writes(plan: &Plan) -> Vec<Rule> {
    writes(plan).into_iter().map(|it| it.rule).collect()
}

/// Items of every kind on either side, a series with an exception among them.
fn tenant_at_rest() -> World {
    let mut world = World::new();
    world.book_in_psa("Visit", on(11, 14));
    world.book_in_psa("Fair", days(12, 14));
    world.book_to_do("Phone call", on(11, 16));
    world.book_call("Replace the switch", on(12, 9));
    let chosen = Chosen {
        own: true,
        territory: true,
        left_one: false,
    };
    world.enter_contact("Smith", chosen);
    world.book_in_outlook("Lunch", on(11, 12));
    world.book_in_outlook("Holiday", days(20, 22));
    let mut private = event("private", "Doctor", on(13, 9));
    private.sensitivity = Sensitivity::Private;
    world.put(private);
    let mut meeting = event("meeting", "Board", on(13, 11));
    meeting.meeting.attendees.push(attendee("Bob"));
    world.put(meeting);
    let series = world.book_series("Stand-up", &[11, 12, 13], 7);
    let moved = world.occurrences(&series)[1].clone();
    world.edit_event(&moved, |it| it.span = on(12, 8));
    world.settle();
    world
}

#[test]
fn the_switch_there_and_back_writes_nothing_and_every_link_has_its_new_names() {
    let mut world = tenant_at_rest();
    for _ in 0..2 {
        world.change_provider();
        let plan = first_cycle(&mut world);
        assert_eq!(rules_of_writes(&plan), []);
        assert!(rules(&plan).iter().all(|rule| *rule == Rule::HandedOver));
        assert_eq!(plan.operations.len(), world.links.len());
        for link in world.links.values() {
            assert_eq!(link.provenance, Provenance::Own, "{link:#?}");
            let name = &link.exchange.as_ref().unwrap().id.value;
            assert!(world.has_item(name), "{link:#?}");
        }
        world.settle();
    }
}

#[test]
fn a_move_since_the_last_cycle_of_the_old_provider_is_a_real_change() {
    let (mut world, lunch, copy) = with_exchange_item();
    let visit = world.book_in_psa("Visit", on(11, 14));
    world.settle();
    let visit_copy = world.twin_of_row(&visit).unwrap();
    world.edit_event(&lunch, |it| it.span = on(11, 13));
    world.edit_event(&visit_copy, |it| it.span = days(11, 12));
    world.change_provider();
    let plan = first_cycle(&mut world);
    assert_eq!(rules_of_writes(&plan), [Rule::ExchangeItemMoved; 2]);
    assert_eq!(world.in_psa(&copy).span, on(11, 13));
    assert_eq!(world.in_psa(&visit).span, days(11, 12));
    world.settle();
}

#[test]
fn a_move_in_the_psa_since_then_moves_the_item_under_its_new_name() {
    let (mut world, lunch, copy) = with_exchange_item();
    world.edit_row(&copy, |it| it.span = on(11, 13));
    world.change_provider();
    assert!(!world.events.contains_key(&lunch));
    let plan = first_cycle(&mut world);
    assert_eq!(rules_of_writes(&plan), [Rule::PsaItemMoved]);
    let moved = world.events.values().next().unwrap();
    assert_eq!(moved.span, on(11, 13));
    world.settle();
}

#[test]
fn a_text_changed_in_the_psa_since_then_is_written() {
    let (mut world, row, _) = with_psa_item();
    world.edit_row(&row, |it| it.title = "Long visit".into());
    world.change_provider();
    let plan = first_cycle(&mut world);
    assert_eq!(rules_of_writes(&plan), [Rule::PsaItemChanged]);
    let copy = world.twin_of_row(&row).unwrap();
    assert_eq!(world.event(&copy).subject, "Long visit");
    world.settle();
}

#[test]
fn a_copys_subject_changed_by_its_user_stays_until_its_original_changes() {
    let (mut world, row, copy) = with_psa_item();
    world.edit_event(&copy, |it| it.subject = "My visit".into());
    world.change_provider();
    assert_eq!(rules_of_writes(&first_cycle(&mut world)), []);
    world.settle();
    world.edit_row(&row, |it| it.span = on(11, 15));
    world.settle();
    let copy = world.twin_of_row(&row).unwrap();
    assert_eq!(world.event(&copy).subject, "Visit");
}

#[test]
fn a_service_calls_copy_is_not_put_right_because_it_reads_otherwise() {
    let (mut world, row, _) = with_call();
    world.change_provider();
    assert_eq!(rules_of_writes(&first_cycle(&mut world)), []);
    world.settle();
    // What is done to it from then on is.
    let copy = world.twin_of_row(&row).unwrap();
    world.edit_event(&copy, |it| it.subject = "My call".into());
    let plan = world.cycle();
    assert_eq!(rules_of_writes(&plan), [Rule::ServiceCallUndone]);
}

#[test]
fn an_item_that_became_private_since_then_shows_no_texts() {
    let (mut world, lunch, copy) = with_exchange_item();
    world.edit_event(&lunch, |it| it.sensitivity = Sensitivity::Private);
    world.change_provider();
    first_cycle(&mut world);
    assert_eq!(world.in_psa(&copy).title, "Appointment");
    assert_eq!(world.in_psa(&copy).description, "");
    world.settle();
}

#[test]
fn a_mode_that_changes_with_the_provider_rewrites_what_is_there() {
    let (mut world, _, copy) = with_exchange_item();
    world.settings.import_mode = ImportMode::NoDetails;
    world.change_provider();
    let plan = first_cycle(&mut world);
    assert_eq!(rules_of_writes(&plan).len(), 1);
    assert_eq!(world.in_psa(&copy).title, "Appointment");
    world.settle();
    world.settings.import_mode = ImportMode::AllDetails;
    world.change_provider();
    first_cycle(&mut world);
    assert_eq!(world.in_psa(&copy).title, "Lunch");
    world.settle();
}

#[test]
fn an_item_that_turned_free_or_was_cancelled_since_then_leaves_the_psa() {
    for (edit, rule) in [
        (
            (|it| it.show_as = ShowAs::Free) as fn(&mut ExchangeEvent),
            Rule::BecameFree,
        ),
        (|it| it.cancelled = true, Rule::MeetingCancelled),
    ] {
        let (mut world, lunch, _) = with_exchange_item();
        world.settings.send_free_time = false;
        world.settle();
        world.edit_event(&lunch, edit);
        world.change_provider();
        assert_eq!(rules_of_writes(&first_cycle(&mut world)), [rule]);
        world.settle();
    }
}

#[test]
fn an_item_that_the_server_confirms_gone_follows_the_law_of_deletions() {
    let (mut world, lunch, copy) = with_exchange_item();
    world.delete_event(&lunch);
    world.change_provider();
    let plan = first_cycle(&mut world);
    assert_eq!(rules_of_writes(&plan), [Rule::ExchangeItemDeleted]);
    assert!(world.row(&copy).deleted);
    world.settle();
}

#[test]
fn a_psa_copy_that_its_user_deleted_does_not_come_back_because_the_item_reads_otherwise() {
    let (mut world, _, copy) = with_exchange_item();
    world.delete_row(&copy);
    world.settle();
    world.change_provider();
    assert_eq!(rules_of_writes(&first_cycle(&mut world)), []);
    world.settle();
    let (lunch, event) = world.events.iter().next().unwrap();
    assert_eq!(event.subject, "Lunch");
    let lunch = lunch.clone();
    world.edit_event(&lunch, |it| it.body = "At noon".into());
    let plan = world.cycle();
    assert_eq!(rules_of_writes(&plan), [Rule::MadeAgainAfterChange]);
}

#[test]
fn links_that_wait_take_no_part() {
    for state in [
        LinkState::Held,
        LinkState::SetAside,
        LinkState::Released,
        LinkState::CopyDeleted,
    ] {
        let (mut world, ..) = with_psa_item();
        for link in world.links.values_mut() {
            link.state = state;
        }
        world.change_provider();
        let plan = first_cycle(&mut world);
        assert_eq!(rules_of_writes(&plan), [], "{state:?}: {plan:#?}");
    }
}

#[test]
fn a_new_id_of_an_occurrence_alone_changes_nothing_in_the_psa() {
    let mut world = World::new();
    let series = world.book_series("Stand-up", &[11], 7);
    world.settle();
    let occurrence = world.occurrences(&series).remove(0);
    let mut told = world.event(&occurrence).clone();
    told.id = eid("another id");
    let plan = plan(&batch(Group {
        changes: vec![Change::Event(told)],
        rows: world.rows.values().cloned().collect(),
        links: world.links.values().cloned().collect(),
        masters: world.masters.values().cloned().collect(),
    }));
    assert_eq!(rules_of_writes(&plan), []);
    assert_eq!(rules(&plan), [Rule::OnlyVersionDiffers]);
}

#[test]
fn to_a_link_whose_item_no_way_led_to_nothing_happens_until_it_is_found() {
    let (mut world, row, copy) = with_psa_item();
    let known = |world: &mut World, provenance| {
        for link in world.links.values_mut() {
            link.provenance = provenance;
        }
    };
    known(&mut world, Provenance::Foreign);
    let unseen = |world: &World, removing| Batch {
        removing,
        ..world.nothing_new()
    };
    world.edit_row(&row, |it| it.title = "Long visit".into());
    for removing in [false, true] {
        let plan = plan(&unseen(&world, removing));
        assert_eq!(rules(&plan), [Rule::HandedOver]);
        assert_eq!(plan.operations[0].action, Action::Nothing);
        assert!(plan.operations[0].remark.contains("looked for again"));
    }
    let batch = unseen(&world, false);
    world.run(&batch, &mut |_| false);
    world.delete_row(&row);
    let batch = unseen(&world, false);
    world.run(&batch, &mut |_| false);
    assert!(world.events.contains_key(&copy));
    // It is found, and what was to be done all the time is done.
    known(&mut world, Provenance::Renamed);
    let plan = first_cycle(&mut world);
    assert_eq!(rules_of_writes(&plan), [Rule::PsaItemDeleted]);
    assert!(!world.events.contains_key(&copy));
    world.settle();
}

#[test]
fn with_all_copies_the_psas_copy_of_an_item_that_no_way_led_to_goes_too() {
    let mut world = World::new();
    world.book_in_outlook("Lunch", on(11, 12));
    world.settle();
    for link in world.links.values_mut() {
        link.provenance = Provenance::Foreign;
    }
    let batch = Batch {
        removing: true,
        ..world.nothing_new()
    };
    let plan = world.run(&batch, &mut |_| false);
    assert_eq!(rules(&plan), [Rule::RemovedByAdmin]);
    assert_eq!((world.living_rows(), world.links.len()), (0, 0));
}

#[test]
fn a_write_that_was_planned_on_what_the_old_provider_read_finds_another_version() {
    let (mut world, row, _) = with_psa_item();
    world.change_provider();
    world.edit_row(&row, |it| it.title = "Long visit".into());
    // The item was not told, only its name is known.
    let batch = Batch {
        relinking: false,
        ..world.nothing_new()
    };
    let plan = world.run(&batch, &mut |_| false);
    assert_eq!(rules_of_writes(&plan), [Rule::PsaItemChanged]);
    let copy = world.twin_of_row(&row).unwrap();
    assert_eq!(world.event(&copy).subject, "Visit");
    world.settle();
    assert_eq!(world.event(&copy).subject, "Long visit");
}
