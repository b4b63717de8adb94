//! Series are named and not lost: this version synchronises single items only.

use super::vocabulary::*;
use super::world::*;
use crate::contract::*;

fn master(id: &str) -> ExchangeEvent {
    let mut master = event(id, "Stand-up", on(11, 9));
    master.shape = EventShape::Master(Series {
        rule: None,
        rule_text: "daily".into(),
        cancelled: None,
    });
    master
}

#[test]
fn a_master_and_an_exception_are_named() {
    let mut world = World::new();
    world.put(master("m"));
    let mut exception = event("x", "Stand-up", on(12, 10));
    exception.uid = Some(uid("m"));
    exception.shape = EventShape::Exception(Slot {
        master_id: "m".into(),
        original_start: at(12, 9),
    });
    world.put(exception);
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::CopyIsSeries, Rule::CopyIsSeries]);
    assert!(
        plan.operations
            .iter()
            .all(|it| it.remark.contains("series"))
    );
    assert!(world.rows.is_empty());
}

#[test]
fn a_series_is_named_with_its_rhythm_and_an_exception_as_one() {
    let first = Date {
        year: 2026,
        month: 3,
        day: 11,
    };
    let daily = Pattern::Daily(Daily { interval: 1 });
    let yearly = Pattern::AbsoluteYearly(AbsoluteYearly {
        interval: 1,
        month: 3,
        day: 11,
    });
    for (pattern, told) in [
        (Some(daily), "a daily series"),
        (Some(yearly), "a yearly series"),
        (None, "a strangely repeating series"),
    ] {
        let mut world = World::new();
        let mut series = master("m");
        series.shape = EventShape::Master(Series {
            rule: pattern.map(|pattern| Recurrence {
                pattern,
                first,
                end: RangeEnd::Endless,
                zone: Zone { name: "UTC".into() },
            }),
            rule_text: String::new(),
            cancelled: None,
        });
        world.put(series);
        let plan = world.cycle();
        assert!(plan.operations[0].remark.starts_with(told), "{plan:?}");
    }
}

#[test]
fn a_linked_item_that_becomes_a_series_is_neither_deleted_nor_written() {
    for (mut world, row, event) in [with_psa_item(), {
        let (world, event, row) = with_exchange_item();
        (world, row, event)
    }] {
        world.edit_event(&event, |it| it.shape = master("m").shape);
        assert_eq!(rules(&world.cycle()), [Rule::CopyIsSeries]);
        assert!(!world.row(&row).deleted);
        assert!(writes(&world.full()).is_empty());
        assert_eq!(world.links.len(), 1);
    }
}

#[test]
fn our_copy_made_a_series_is_not_made_a_second_time_when_links_are_lost() {
    let (mut world, _, event) = with_psa_item();
    world.edit_event(&event, |it| it.shape = master("m").shape);
    world.lose_links();
    assert_eq!(rules(&world.full()), [Rule::CopyIsSeries]);
    assert_eq!((world.events.len(), world.rows.len()), (1, 1));
}

#[test]
fn an_exchange_item_made_a_series_is_not_imported_a_second_time_when_links_are_lost() {
    let (mut world, event, row) = with_exchange_item();
    world.edit_event(&event, |it| it.shape = master("m").shape);
    world.lose_links();
    world.full();
    world.edit_event(&event, |it| it.shape = EventShape::Single);
    world.lose_links();
    world.full();
    world.settle();
    assert_eq!(world.twin_of_event(&event), Some(row));
    assert_eq!(world.rows.len(), 1);
}

#[test]
fn an_occurrence_alone_does_nothing() {
    let mut group = Group {
        changes: Vec::new(),
        rows: Vec::new(),
        links: Vec::new(),
        masters: vec![master("m")],
    };
    group.changes.push(Change::Occurrence(ExchangeOccurrence {
        id: eid("o"),
        version: ExchangeVersion { tag: "1".into() },
        slot: Slot {
            master_id: "m".into(),
            original_start: at(12, 9),
        },
        span: on(12, 9),
    }));
    let plan = crate::planner::plan(&batch(group));
    assert!(plan.operations.is_empty());
}
