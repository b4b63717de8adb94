//! Series: occurrences come over one by one, and go with their series (behaviour, section 3).

use super::vocabulary::*;
use super::world::*;
use crate::contract::*;

/// Mondays of March 2026 in and after the window, which ends with the 9th of April.
const MONDAYS: [i64; 4] = [9, 16, 23, 30];

/// A world with a series of four Mondays at 9 and its copies.
fn with_series() -> (World, String) {
    let mut world = World::new();
    let series = world.book_series("Stand-up", &MONDAYS, 9);
    world.settle();
    (world, series)
}

fn rows_of(world: &World, series: &str) -> Vec<String> {
    let occurrences = world.occurrences(series);
    occurrences
        .iter()
        .map(|id| world.twin_of_event(id).unwrap())
        .collect()
}

fn living(world: &World) -> Vec<(String, Span)> {
    let rows = world.rows.values().filter(|row| !row.deleted);
    let mut living: Vec<(String, Span)> = rows
        .map(|row| {
            let appointment = world.in_psa(&row.reference.id.value);
            (appointment.title.clone(), appointment.span)
        })
        .collect();
    living.sort_by_key(|(_, span)| super::world_series::begins(*span).microseconds);
    living
}

#[test]
fn each_occurrence_in_the_window_comes_over_and_is_recurring() {
    let (world, series) = with_series();
    let expected = MONDAYS.map(|day| ("Stand-up".to_owned(), on(day, 9)));
    assert_eq!(living(&world), expected);
    for row in rows_of(&world, &series) {
        assert!(world.in_psa(&row).recurring);
        let slot = world.link_of_row(&row).exchange.clone().unwrap().slot;
        assert_eq!(slot.unwrap().master_id, series);
    }
}

#[test]
fn while_nothing_comes_over_each_copy_follows_its_occurrence_to_another_time_by_name() {
    let (mut world, series) = with_series();
    let rows = rows_of(&world, &series);
    world.settings.import_mode = ImportMode::None;
    world.retime(&series, &MONDAYS, 10);
    world.cycle();
    let expected = MONDAYS.map(|day| ("Stand-up".to_owned(), on(day, 9)));
    assert_eq!(living(&world), expected);

    let first = world.occurrences(&series).remove(0);
    world.cancel_occurrence(&first);
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::ExchangeItemDeleted]);
    assert!(world.row(&rows[0]).deleted);

    world.settings.import_mode = ImportMode::AllDetails;
    world.full();
    world.settle();
    let moved = [16, 23, 30].map(|day| ("Stand-up".to_owned(), on(day, 10)));
    assert_eq!(living(&world), moved);
    assert_eq!(rows_of(&world, &series), rows[1..]);
}

#[test]
fn what_lies_outside_the_window_stays_in_exchange_until_the_window_comes_to_it() {
    let mut world = World::new();
    let end = world.window.end;
    let (last, day) = (30, 86_400_000_000);
    world.window.end = at(last, 0);
    let series = world.book_series("Stand-up", &[1, 9, last], 9);
    world.settle();
    assert_eq!(living(&world), [("Stand-up".to_owned(), on(9, 9))]);
    // Nothing is told, only the day went on.
    world.window.end = Instant {
        microseconds: at(last, 0).microseconds + day,
    };
    world.window.start = at(10, 0);
    let occurrences = world.occurrences(&series);
    world.changed_events.extend(occurrences);
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::ExchangeItemIsNew]);
    world.window.end = end;
    world.settle();
    assert_eq!(world.living_rows(), 2);
}

#[test]
fn a_moved_or_renamed_occurrence_comes_over_as_it_is_now() {
    let (mut world, series) = with_series();
    let second = world.occurrences(&series)[1].clone();
    let row = world.twin_of_event(&second).unwrap();
    world.edit_event(&second, |event| {
        event.span = on(17, 11);
        event.subject = "Stand-up, for once later".into();
    });
    let plan = world.cycle();
    assert_eq!(writes(&plan).len(), 1);
    assert_eq!(world.in_psa(&row).span, on(17, 11));
    assert_eq!(world.in_psa(&row).title, "Stand-up, for once later");
    world.settle();
    assert_eq!(world.living_rows(), 4);
}

#[test]
fn a_linked_occurrence_is_followed_out_of_the_window_and_one_that_moves_in_comes_over() {
    let (mut world, series) = with_series();
    let last = world.occurrences(&series)[3].clone();
    let row = world.twin_of_event(&last).unwrap();
    world.edit_event(&last, |event| event.span = on(60, 9));
    world.cycle();
    assert_eq!(world.in_psa(&row).span, on(60, 9));
    world.settle();
    let far = world.add_occurrence(&series, on(62, 9), at(62, 9));
    world.settle();
    assert_eq!(world.twin_of_event(&far), None);
    world.edit_event(&far, |event| event.span = on(25, 9));
    world.settle();
    assert_eq!(world.living_rows(), 5);
}

#[test]
fn a_deleted_occurrence_goes_and_its_neighbours_stay() {
    let (mut world, series) = with_series();
    let second = world.occurrences(&series)[1].clone();
    let row = world.twin_of_event(&second).unwrap();
    // Another one comes into sight at the same moment: it is no heir of what somebody deleted.
    world.add_occurrence(&series, on(37, 9), at(37, 9));
    world.cancel_occurrence(&second);
    let plan = world.cycle();
    assert!(rules(&plan).contains(&Rule::ExchangeItemDeleted));
    assert!(world.row(&row).deleted);
    world.settle();
    assert_eq!(world.living_rows(), 4);
}

#[test]
fn a_series_set_to_another_time_is_one_change_and_no_wave_of_deletions() {
    for (days, hour) in [(MONDAYS, 14), (MONDAYS.map(|day| day + 1), 9)] {
        let (mut world, series) = with_series();
        let before = rows_of(&world, &series);
        world.retime(&series, &days, hour);
        let plan = world.cycle();
        assert_eq!(rules(&plan), [Rule::ExchangeItemMoved; 4], "{plan:?}");
        assert_eq!(rows_of(&world, &series), before);
        let expected = days.map(|day| ("Stand-up".to_owned(), on(day, hour)));
        assert_eq!(living(&world), expected);
        world.settle();
    }
}

#[test]
fn a_series_that_gets_fewer_occurrences_loses_only_those() {
    let (mut world, series) = with_series();
    world.retime(&series, &[9, 23], 9);
    world.cycle();
    let expected = [9, 23].map(|day| ("Stand-up".to_owned(), on(day, 9)));
    assert_eq!(living(&world), expected);
    world.settle();
}

#[test]
fn all_copies_go_with_their_series() {
    let (mut world, series) = with_series();
    world.delete_series(&series);
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::ExchangeItemDeleted; 4]);
    assert_eq!(world.living_rows(), 0);
    assert!(world.links.is_empty());
}

#[test]
fn copies_whose_links_were_lost_go_with_their_series_too() {
    let (mut world, series) = with_series();
    world.lose_links();
    world.delete_series(&series);
    world.full();
    assert_eq!(world.living_rows(), 0);
}

#[test]
fn nothing_is_doubled_when_links_are_lost_even_under_another_id() {
    let (mut world, series) = with_series();
    world.lose_links();
    world.full();
    world.settle();
    assert_eq!((world.living_rows(), world.links.len()), (4, 4));
    // The mailbox was migrated: only the UID is the same.
    let mut master = world.masters.remove(&series).unwrap();
    let spans: Vec<(Span, Instant)> = world
        .occurrences(&series)
        .iter()
        .map(|id| {
            let event = world.events.remove(id).unwrap();
            (event.span, super::world_series::begins(event.span))
        })
        .collect();
    world.changed_events.clear();
    master.id = eid("elsewhere");
    world.masters.insert("elsewhere".into(), master);
    for (span, original) in spans {
        world.add_occurrence("elsewhere", span, original);
    }
    world.full();
    assert_eq!(world.living_rows(), 4);
    world.settle();
}

#[test]
fn a_new_title_of_the_series_reaches_each_copy() {
    let (mut world, series) = with_series();
    world.retitle(&series, "Daily");
    world.settle();
    assert!(living(&world).iter().all(|(title, _)| title == "Daily"));
}

#[test]
fn an_occurrence_moved_in_the_psa_becomes_an_exception() {
    let (mut world, series) = with_series();
    let second = world.occurrences(&series)[1].clone();
    let row = world.twin_of_event(&second).unwrap();
    world.edit_row(&row, |appointment| appointment.span = on(17, 15));
    let plan = world.cycle();
    let [
        Operation {
            action: Action::UpdateExchange(update),
            ..
        },
    ] = writes(&plan)[..]
    else {
        panic!("{plan:?}")
    };
    let slot = update.target.slot.clone().unwrap();
    assert_eq!((slot.master_id, slot.original_start), (series, at(16, 9)));
    assert_eq!(world.event(&second).span, on(17, 15));
    world.settle();
    assert_eq!(world.living_rows(), 4);
}

#[test]
fn an_occurrence_that_exchange_refuses_to_move_goes_back_until_it_is_moved_again() {
    let (mut world, series) = with_series();
    let second = world.occurrences(&series)[1].clone();
    let row = world.twin_of_event(&second).unwrap();
    world.edit_row(&row, |appointment| appointment.span = on(24, 9));
    let batch = world.changes();
    world.run(&batch, &mut |_| true);
    let version = world.row(&row).version;
    for link in world.links.values_mut() {
        let is_its = link.psa.as_ref().is_some_and(|psa| psa.id.value == row);
        link.refused = Some(version).filter(|_| is_its);
    }
    assert_eq!(rules(&world.cycle()), [Rule::OccurrenceNotMoved]);
    assert_eq!(world.in_psa(&row).span, on(16, 9));
    world.settle();
    world.edit_row(&row, |appointment| appointment.span = on(17, 9));
    world.settle();
    assert_eq!(world.event(&second).span, on(17, 9));
}

#[test]
fn an_occurrence_deleted_in_the_psa_stays_in_exchange_and_away_until_it_changes() {
    let (mut world, series) = with_series();
    let second = world.occurrences(&series)[1].clone();
    let row = world.twin_of_event(&second).unwrap();
    world.delete_row(&row);
    world.settle();
    assert_eq!(world.living_rows(), 3);
    assert_eq!(world.occurrences(&series).len(), 4);
    world.edit_event(&second, |event| event.span = on(16, 12));
    assert!(rules(&world.cycle()).contains(&Rule::MadeAgainAfterChange));
    world.settle();
    assert_eq!(world.living_rows(), 4);
}

#[test]
fn a_meetings_occurrence_goes_back_and_nobody_is_mailed() {
    let mut world = World::new();
    let series = world.book_series("Board", &MONDAYS, 9);
    let invited = vec![attendee("Bea")];
    world
        .masters
        .get_mut(&series)
        .unwrap()
        .meeting
        .attendees
        .clone_from(&invited);
    for id in world.occurrences(&series) {
        let invited = invited.clone();
        world.edit_event(&id, |event| event.meeting.attendees = invited);
    }
    world.settle();
    let second = world.occurrences(&series)[1].clone();
    let row = world.twin_of_event(&second).unwrap();
    world.edit_row(&row, |appointment| appointment.span = on(16, 15));
    assert_eq!(rules(&world.cycle()), [Rule::MeetingNotMoved]);
    assert_eq!(world.in_psa(&row).span, on(16, 9));
}

#[test]
fn an_item_that_becomes_a_series_keeps_its_copy_as_the_occurrence_nearest_to_it() {
    let mut world = World::new();
    let event = world.book_in_outlook("Stand-up", on(9, 9));
    world.settle();
    let row = world.twin_of_event(&event).unwrap();
    let mut master = world.events.remove(&event).unwrap();
    master.shape = EventShape::Master(Series {
        rule: None,
        rule_text: String::new(),
        cancelled: None,
    });
    world.masters.insert(event.clone(), master);
    for day in MONDAYS {
        world.add_occurrence(&event, on(day, 9), at(day, 9));
    }
    world.cycle();
    assert_eq!(world.living_rows(), 4);
    let first = world.occurrences(&event)[0].clone();
    assert_eq!(world.twin_of_event(&first), Some(row.clone()));
    assert!(world.in_psa(&row).recurring);
    world.settle();
    world.make_single(&event);
    world.cycle();
    assert_eq!(world.twin_of_event(&event), Some(row.clone()));
    assert_eq!(living(&world), [("Stand-up".to_owned(), on(9, 9))]);
    assert!(!world.in_psa(&row).recurring);
    world.settle();
}

#[test]
fn an_item_that_becomes_a_series_beyond_the_window_loses_its_copy_until_the_window_comes_to_it() {
    let mut world = World::new();
    let event = world.book_in_outlook("Stand-up", on(9, 9));
    world.settle();
    let mut master = world.events.remove(&event).unwrap();
    master.shape = EventShape::Master(Series {
        rule: None,
        rule_text: String::new(),
        cancelled: None,
    });
    world.masters.insert(event.clone(), master);
    world.add_occurrence(&event, on(50, 9), at(50, 9));
    world.profile.import_appointments = false;
    world.cycle();
    assert_eq!(
        world.living_rows(),
        1,
        "nothing comes over, and nothing goes"
    );
    world.profile.import_appointments = true;
    world.full();
    assert_eq!(world.living_rows(), 0);
    world.settle();
}

#[test]
fn whole_days_keep_their_dates_whichever_zone_the_server_counts_in() {
    let (mut world, series) = with_series();
    world.delete_series(&series);
    world.cycle();
    let series = world.name("series");
    let mut master = event(&series, "Fair", days(11, 12));
    master.zone = Some(Zone {
        name: "New Zealand Standard Time".into(),
    });
    master.shape = EventShape::Master(Series {
        rule: None,
        rule_text: String::new(),
        cancelled: None,
    });
    world.masters.insert(series.clone(), master.clone());
    let told = |id: &str, hour| {
        Change::Event(ExchangeEvent {
            id: eid(id),
            shape: EventShape::Exception(Slot {
                master_id: series.clone(),
                // Midnight of the 12th in Auckland, and noon of a zone that nobody named.
                original_start: at(11, hour),
            }),
            subject: "Fair, second day".into(),
            span: days(12, 13),
            ..master.clone()
        })
    };
    let plain = Change::Occurrence(ExchangeOccurrence {
        id: eid("plain"),
        version: master.version.clone(),
        slot: Slot {
            master_id: series.clone(),
            original_start: at(11, 11),
        },
        span: days(12, 13),
    });
    for change in [told("one", 11), told("two", 14), plain] {
        let batch = batch(Group {
            changes: vec![change],
            rows: Vec::new(),
            links: Vec::new(),
            masters: vec![master.clone()],
        });
        let plan = crate::planner::plan(&batch);
        let [
            Operation {
                action: Action::CreatePsa(creation),
                ..
            },
        ] = writes(&plan)[..]
        else {
            panic!("{plan:?}")
        };
        let slot = creation.exchange.slot.clone().unwrap();
        assert_eq!(slot.original_start, at(12, 0));
    }
}

#[test]
fn our_copy_made_a_series_is_left_alone_and_is_ours_again_when_it_is_single() {
    let (mut world, row, event) = with_psa_item();
    let mut master = world.event(&event).clone();
    master.shape = EventShape::Master(Series {
        rule: None,
        rule_text: String::new(),
        cancelled: None,
    });
    world.edit_event(&event, |it| it.shape.clone_from(&master.shape));
    assert_eq!(rules(&world.cycle()), [Rule::CopyIsSeries]);
    world.lose_links();
    assert_eq!(rules(&world.full()), [Rule::CopyIsSeries]);
    assert_eq!((world.events.len(), world.rows.len()), (1, 1));
    world.edit_event(&event, |it| it.shape = EventShape::Single);
    world.full();
    world.settle();
    assert_eq!(world.twin_of_event(&event), Some(row));
    assert_eq!((world.events.len(), world.rows.len()), (1, 1));
}

#[test]
fn an_occurrence_without_its_series_does_nothing() {
    let occurrence = Change::Occurrence(ExchangeOccurrence {
        id: eid("o"),
        version: ExchangeVersion { tag: "1".into() },
        slot: Slot {
            master_id: "m".into(),
            original_start: at(12, 9),
        },
        span: on(12, 9),
    });
    let plan = crate::planner::plan(&batch(Group {
        changes: vec![occurrence],
        rows: Vec::new(),
        links: Vec::new(),
        masters: Vec::new(),
    }));
    assert!(plan.operations.is_empty());
}
