//! What goes to Exchange, and how (section 4).

use super::vocabulary::*;
use super::world::*;
use crate::contract::*;
use crate::import::digest_of_appointment;

fn created(plan: &Plan) -> EventContent {
    match &plan.operations[0].action {
        Action::CreateExchange(ExchangeContent::Event(content)) => content.clone(),
        _ => panic!("{plan:#?}"),
    }
}

#[test]
fn a_copy_has_title_description_and_link_and_blocks_time_in_the_mailboxs_zone() {
    let mut world = World::new();
    let row = world.book_in_psa("Visit", on(11, 14));
    let content = created(&world.cycle());
    assert_eq!(content.subject, "Visit");
    assert_eq!(content.location, "");
    assert_eq!(
        content.body,
        format!("About Visit\n\nOpen in the PSA: https://psa.example.org/item/{row}")
    );
    assert_eq!(content.span, on(11, 14));
    assert_eq!(content.zone.name, "W. Europe Standard Time");
    assert_eq!(content.show_as, ShowAs::Busy);
    assert_eq!(content.sensitivity, Sensitivity::Normal);
    assert!(!content.without_reminder);
}

#[test]
fn another_address_of_the_psa_rewrites_its_link_and_is_told_as_a_setting() {
    let (mut world, row, event) = with_psa_item();
    let elsewhere = "https://new.example.org/item";
    elsewhere.clone_into(&mut world.rows.get_mut(&row).unwrap().web_link);
    assert_eq!(rules(&world.full()), [Rule::SettingsChanged]);
    assert!(world.event(&event).body.contains(elsewhere));
    world.settle();
}

#[test]
fn the_evidence_shows_an_appointment_as_it_is_and_not_as_it_is_written() {
    let mut world = World::new();
    let row = world.book_in_psa("Visit", on(11, 14));
    let plan = world.cycle();
    let shown = digest_of_appointment(world.in_psa(&row));
    assert_eq!(plan.operations[0].evidence.psa, Some(shown));
}

#[test]
fn a_private_psa_items_copy_is_private() {
    let mut world = World::new();
    let row = world.book_in_psa("Visit", on(11, 14));
    world.edit_row(&row, |it| it.private = true);
    assert_eq!(created(&world.cycle()).sensitivity, Sensitivity::Private);
    world.settle();
}

#[test]
fn a_free_psa_items_copy_is_shown_as_busy() {
    let mut world = World::new();
    let row = world.book_in_psa("Visit", on(11, 14));
    world.edit_row(&row, |it| it.free = true);
    assert_eq!(created(&world.cycle()).show_as, ShowAs::Busy);
    world.settle();
}

#[test]
fn past_items_and_items_under_way_get_no_reminder() {
    for (span, without) in [
        (on(9, 9), true),
        (between(at(10, 11), at(10, 13)), true),
        (on(10, 13), false),
        (days(10, 11), true),
        (days(11, 12), false),
    ] {
        let mut world = World::new();
        world.book_in_psa("Visit", span);
        assert_eq!(
            created(&world.cycle()).without_reminder,
            without,
            "{span:?}"
        );
    }
}
