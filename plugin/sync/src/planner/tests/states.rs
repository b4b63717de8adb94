//! Links that wait (section 6), and versions that lie.

use super::vocabulary::*;
use super::world::*;
use crate::contract::*;

#[test]
fn a_held_or_set_aside_item_takes_no_change_and_says_that_it_waits() {
    for state in [LinkState::Held, LinkState::SetAside] {
        for (mut world, row, event) in [with_psa_item(), {
            let (world, event, row) = with_exchange_item();
            (world, row, event)
        }] {
            for link in world.links.values_mut() {
                link.state = state;
            }
            world.edit_event(&event, |it| it.span = on(12, 9));
            world.edit_row(&row, |it| it.title = "Other".into());
            assert_eq!(rules(&world.cycle()), [Rule::Waiting]);
            world.edit_row(&row, |it| it.title = "Another".into());
            assert!(world.cycle().operations.is_empty());
            world.delete_event(&event);
            assert_eq!(rules(&world.cycle()), [Rule::Waiting]);
            world.delete_row(&row);
            assert!(world.cycle().operations.is_empty());
        }
    }
}

#[test]
fn only_the_version_differs_and_nothing_is_written() {
    for (mut world, event) in [
        {
            let (world, _, event) = with_psa_item();
            (world, event)
        },
        {
            let (world, event, _) = with_exchange_item();
            (world, event)
        },
    ] {
        world.bump(&event);
        let plan = world.cycle();
        assert_eq!(rules(&plan), [Rule::OnlyVersionDiffers]);
        assert!(writes(&plan).is_empty());
        world.settle();
    }
}

#[test]
fn what_a_server_does_to_line_ends_is_nobodys_change() {
    for (mut world, event) in [
        {
            let (world, _, event) = with_psa_item();
            (world, event)
        },
        {
            let (world, event, _) = with_exchange_item();
            (world, event)
        },
    ] {
        let given = &mut world.events.get_mut(&event).unwrap().body;
        *given = format!("\r\n{}\r\n \r\n", given.replace('\n', " \r\n"));
        world.bump(&event);
        assert!(writes(&world.cycle()).is_empty());
        world.lose_links();
        assert!(writes(&world.full()).is_empty());
    }
}

#[test]
fn a_row_saved_without_a_change_is_agreed_without_a_write() {
    let (mut world, row, _) = with_psa_item();
    world.edit_row(&row, |_| {});
    let plan = world.cycle();
    assert!(writes(&plan).is_empty());
    world.settle();
}

#[test]
fn a_write_planned_on_an_old_version_is_planned_again() {
    let (mut world, row, event) = with_psa_item();
    world.edit_row(&row, |it| it.title = "Long visit".into());
    let batch = world.changes();
    world.edit_event(&event, |it| it.span = on(12, 9));
    world.run(&batch, &mut |_| false);
    assert_eq!(world.event(&event).subject, "Visit");
    world.settle();
    assert_eq!(world.event(&event).subject, "Long visit");
    assert_eq!(world.in_psa(&row).span, on(12, 9));
}
