//! Who moves whom (section 2, column *time*).

use super::vocabulary::*;
use super::world::*;
use crate::contract::*;

/// When both sides agreed that a pair takes place: in the PSA, in Exchange, and by the law.
fn agreed_spans(world: &World, row: &str) -> [Span; 3] {
    let base = world.link_of_row(row).base.as_ref().unwrap();
    [&base.psa.digest, &base.exchange.digest, &base.copy].map(|digest| digest.span)
}

#[test]
fn a_moved_psa_item_moves_its_copy() {
    let (mut world, row, event) = with_psa_item();
    world.edit_row(&row, |it| it.span = on(12, 9));
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::PsaItemMoved]);
    assert_eq!(plan.operations[0].evidence.fields, ["time"]);
    assert_eq!(world.event(&event).span, on(12, 9));
    world.settle();
}

#[test]
fn a_moved_copy_moves_the_psa_item() {
    let (mut world, row, event) = with_psa_item();
    world.edit_event(&event, |it| it.span = on(12, 9));
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::ExchangeItemMoved]);
    assert_eq!(world.in_psa(&row).span, on(12, 9));
    assert_eq!(agreed_spans(&world, &row), [on(12, 9); 3]);
    world.settle();
}

#[test]
fn a_moved_exchange_item_moves_its_psa_copy() {
    let (mut world, event, row) = with_exchange_item();
    world.edit_event(&event, |it| it.span = on(12, 9));
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::ExchangeItemMoved]);
    assert_eq!(world.in_psa(&row).span, on(12, 9));
    assert_eq!(agreed_spans(&world, &row), [on(12, 9); 3]);
    world.settle();
}

#[test]
fn a_moved_psa_copy_moves_its_original() {
    let (mut world, event, row) = with_exchange_item();
    world.edit_row(&row, |it| it.span = on(12, 9));
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::PsaItemMoved]);
    assert_eq!(world.event(&event).span, on(12, 9));
    assert_eq!(agreed_spans(&world, &row), [on(12, 9); 3]);
    world.settle();
}

#[test]
fn both_moved_and_the_psa_wins_for_psa_items() {
    let (mut world, row, event) = with_psa_item();
    world.edit_row(&row, |it| it.span = on(12, 9));
    world.edit_event(&event, |it| it.span = on(13, 9));
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::BothMovedPsaWins]);
    assert_eq!(world.event(&event).span, on(12, 9));
    assert_eq!(world.in_psa(&row).span, on(12, 9));
    world.settle();
}

#[test]
fn both_moved_and_the_psa_wins_for_exchange_items() {
    let (mut world, event, row) = with_exchange_item();
    world.edit_row(&row, |it| it.span = on(12, 9));
    world.edit_event(&event, |it| it.span = on(13, 9));
    let plan = world.cycle();
    assert_eq!(rules(&plan), [Rule::BothMovedPsaWins]);
    assert_eq!(world.event(&event).span, on(12, 9));
    world.settle();
}

#[test]
fn both_moved_to_the_same_time_is_agreement() {
    for (mut world, row, event) in [with_psa_item(), {
        let (world, event, row) = with_exchange_item();
        (world, row, event)
    }] {
        world.edit_row(&row, |it| it.span = on(12, 9));
        world.edit_event(&event, |it| it.span = on(12, 9));
        let plan = world.cycle();
        assert!(writes(&plan).is_empty(), "{plan:#?}");
        world.settle();
    }
}

#[test]
fn a_move_and_a_new_text_travel_together_in_either_direction() {
    let (mut world, row, event) = with_psa_item();
    world.edit_row(&row, |it| it.title = "Long visit".into());
    world.edit_event(&event, |it| it.span = on(12, 9));
    world.cycle();
    assert_eq!(world.in_psa(&row).span, on(12, 9));
    assert_eq!(world.event(&event).subject, "Long visit");
    world.settle();

    let (mut world, event, row) = with_exchange_item();
    world.edit_row(&row, |it| it.span = on(12, 9));
    world.edit_event(&event, |it| it.subject = "Long lunch".into());
    world.cycle();
    assert_eq!(world.event(&event).span, on(12, 9));
    assert_eq!(world.in_psa(&row).title, "Long lunch");
    world.settle();
}

#[test]
fn a_text_is_not_lost_when_its_push_fails_after_the_psa_was_moved() {
    let (mut world, row, event) = with_psa_item();
    world.edit_row(&row, |it| it.title = "Long visit".into());
    world.edit_event(&event, |it| it.span = on(12, 9));
    let batch = world.changes();
    world.run(&batch, &mut |_| true);
    assert_eq!(world.event(&event).subject, "Visit");
    world.settle();
    assert_eq!(world.event(&event).subject, "Long visit");
}

#[test]
fn a_copy_moved_again_moves_the_psa_again_although_a_text_could_not_be_pushed() {
    let (mut world, row, event) = with_psa_item();
    world.edit_event(&event, |it| it.subject = "Mine".into());
    world.cycle();
    world.edit_row(&row, |it| it.title = "Long visit".into());
    world.edit_event(&event, |it| it.span = on(12, 9));
    let batch = world.changes();
    world.run(&batch, &mut |_| true);
    assert_eq!(world.in_psa(&row).span, on(12, 9));
    assert_eq!(world.event(&event).subject, "Mine");
    world.edit_event(&event, |it| it.span = on(13, 9));
    world.settle();
    assert_eq!(world.in_psa(&row).span, on(13, 9));
    assert_eq!(world.event(&event).span, on(13, 9));
    assert_eq!(world.event(&event).subject, "Long visit");
}

#[test]
fn a_move_is_not_lost_when_its_push_fails_after_the_psa_text_was_written() {
    let (mut world, event, row) = with_exchange_item();
    world.edit_row(&row, |it| it.span = on(12, 9));
    world.edit_event(&event, |it| it.subject = "Long lunch".into());
    let batch = world.changes();
    world.run(&batch, &mut |_| true);
    world.settle();
    assert_eq!(world.event(&event).span, on(12, 9));
    assert_eq!(world.in_psa(&row).span, on(12, 9));
}

#[test]
fn an_all_day_item_keeps_its_dates_to_and_fro() {
    let (mut world, row, event) = with_psa_item();
    world.edit_row(&row, |it| it.span = days(12, 13));
    world.settle();
    assert_eq!(world.event(&event).span, days(12, 13));
    world.edit_event(&event, |it| it.span = days(13, 15));
    world.settle();
    assert_eq!(world.in_psa(&row).span, days(13, 15));
    world.edit_event(&event, |it| it.span = on(13, 9));
    world.settle();
    assert_eq!(world.in_psa(&row).span, on(13, 9));
}

#[test]
fn a_psa_item_and_its_copy_follow_each_other_many_times() {
    let (mut world, row, event) = with_psa_item();
    for day in 12..20 {
        world.edit_row(&row, |it| it.span = on(day, 9));
        world.cycle();
        world.edit_event(&event, |it| it.span = on(day, 15));
        world.cycle();
        assert_eq!(world.in_psa(&row).span, on(day, 15));
    }
    world.settle();
}
