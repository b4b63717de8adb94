//! A change of one setting gives exactly the writes that the law names, and a further cycle none
//! (sections 1, 3 and 6).

use super::vocabulary::*;
use super::world::*;
use super::world_kinds::*;
use crate::contract::*;

/// A PSA and a mailbox at rest, with an item of every kind on either side.
fn everything() -> World {
    let mut world = World::new();
    world.book_in_psa("Visit", on(11, 14));
    world.book_to_do("Phone call", on(11, 16));
    world.book_call("Replace the switch", on(12, 9));
    let everywhere = Chosen {
        own: true,
        territory: true,
        left_one: false,
    };
    world.enter_contact("Smith", everywhere);
    let elsewhere = Chosen {
        own: false,
        territory: false,
        left_one: false,
    };
    world.enter_contact("Jones", elsewhere);
    world.book_in_outlook("Lunch", on(11, 12));
    for (id, edit) in [
        (
            "free",
            (|it| it.show_as = ShowAs::Free) as fn(&mut ExchangeEvent),
        ),
        ("private", |it| it.sensitivity = Sensitivity::Private),
        ("declined", |it| it.response = Response::Declined),
        ("cancelled", |it| it.cancelled = true),
        ("unanswered", |it| it.response = Response::NotResponded),
    ] {
        let mut item = event(id, id, on(13, 9));
        edit(&mut item);
        world.put(item);
    }
    world.put(event("old", "old", on(1, 9)));
    world.settle();
    world
}

/// What a full read writes after a setting changed, by action, rule and fields; then comes rest.
fn written(change: impl FnOnce(&mut World)) -> (World, Vec<(&'static str, Rule, String)>) {
    let mut world = everything();
    change(&mut world);
    let plan = world.full();
    let mut written: Vec<_> = writes(&plan)
        .into_iter()
        .map(|it| {
            let action = match &it.action {
                Action::CreateExchange(_) => "create in Exchange",
                Action::UpdateExchange(_) => "update in Exchange",
                Action::DeleteExchange(_) => "delete in Exchange",
                Action::CreatePsa(_) => "create in the PSA",
                Action::UpdatePsa(_) => "update in the PSA",
                Action::DeletePsa(_) => "delete in the PSA",
                other => panic!("{other:?}"),
            };
            (action, it.rule, it.evidence.fields.join(", "))
        })
        .collect();
    written.sort_by_key(|it| format!("{it:?}"));
    world.settle();
    (world, written)
}

fn written_by(plan: &Plan) -> Vec<Rule> {
    writes(plan).into_iter().map(|it| it.rule).collect()
}

#[test]
fn a_tenant_at_rest_has_a_copy_of_everything_that_travels() {
    let (world, written) = written(|_| {});
    assert!(written.is_empty());
    // Four PSA items out, one contact not chosen; four Exchange items over.
    assert_eq!(world.links.len(), 8);
    assert_eq!((world.contacts.len(), world.living_rows()), (1, 9));
}

#[test]
fn no_details_instead_of_all_rewrites_the_open_items_and_back() {
    let rewritten = (
        "update in the PSA",
        Rule::SettingsChanged,
        "title, description".to_owned(),
    );
    let (mut world, written) = written(|world| world.settings.import_mode = ImportMode::NoDetails);
    // Lunch, the free item and the invitation; the private one had none.
    assert_eq!(written, [rewritten.clone(), rewritten.clone(), rewritten]);
    world.settings.import_mode = ImportMode::AllDetails;
    assert_eq!(writes(&world.full()).len(), 3);
    world.settle();
}

#[test]
fn imports_switched_off_write_nothing_and_back_on_nothing() {
    for change in [
        (|world, on| {
            world.settings.import_mode = if on {
                ImportMode::AllDetails
            } else {
                ImportMode::None
            }
        }) as fn(&mut World, bool),
        |world, on| world.profile.import_appointments = on,
    ] {
        let (mut world, written) = written(|world| change(world, false));
        assert!(written.is_empty());
        assert_eq!(world.living_rows(), 9);
        change(&mut world, true);
        assert!(writes(&world.full()).is_empty());
    }
}

#[test]
fn free_time_no_longer_sent_writes_nothing_and_sent_again_brings_what_is_new() {
    let (mut world, written) = written(|world| world.settings.send_free_time = false);
    assert!(written.is_empty());
    let mut free = event("free too", "free too", on(14, 9));
    free.show_as = ShowAs::Free;
    world.put(free);
    world.settle();
    world.settings.send_free_time = true;
    let plan = world.full();
    assert_eq!(writes(&plan).len(), 1);
    assert_eq!(writes(&plan)[0].rule, Rule::ExchangeItemIsNew);
    world.settle();
}

/// The switches of a kind, of the tenant and of the user.
fn switches(kind: ItemKind) -> [fn(&mut World, bool); 2] {
    match kind {
        ItemKind::Appointment => [
            |world, on| world.settings.export_appointments = on,
            |world, on| world.profile.export_appointments = on,
        ],
        ItemKind::ToDo => [
            |world, on| world.settings.export_to_dos = on,
            |world, on| world.profile.export_to_dos = on,
        ],
        ItemKind::ServiceCall => [
            |world, on| world.settings.export_service_calls = on,
            |world, on| world.profile.export_service_calls = on,
        ],
        ItemKind::Contact => [
            |world, on| world.settings.export_contacts = on,
            |world, on| world.profile.export_contacts = on,
        ],
    }
}

const KINDS: [ItemKind; 4] = [
    ItemKind::Appointment,
    ItemKind::ToDo,
    ItemKind::ServiceCall,
    ItemKind::Contact,
];

fn of_kind(world: &World, kind: ItemKind) -> String {
    let mut rows = world.rows.iter();
    let row = rows.find(|(_, row)| row.reference.kind == kind && row.origin == Side::Psa);
    row.unwrap().0.clone()
}

#[test]
fn a_kind_switched_off_by_tenant_or_user_writes_nothing_and_is_followed_when_it_is_on_again() {
    for kind in KINDS {
        for switch in switches(kind) {
            let (mut world, written) = written(|world| switch(world, false));
            assert!(written.is_empty(), "{kind:?}");
            let row = of_kind(&world, kind);
            world.edit_content(&row, |content| match content {
                PsaContent::Appointment(it) => it.title = "Other".into(),
                PsaContent::ToDo(it) => it.action_type = "Other".into(),
                PsaContent::ServiceCall(it) => it.description = "Other".into(),
                PsaContent::Contact(it) => it.fields.surname = "Other".into(),
            });
            assert!(writes(&world.cycle()).is_empty(), "{kind:?}");
            world.settle();
            switch(&mut world, true);
            let plan = world.full();
            assert_eq!(written_by(&plan), [Rule::PsaItemChanged], "{kind:?}");
            world.settle();
        }
    }
}

#[test]
fn a_kind_switched_off_by_tenant_or_user_gets_no_copies() {
    for kind in KINDS {
        for switch in switches(kind) {
            let mut world = World::new();
            switch(&mut world, false);
            let everywhere = Chosen {
                own: true,
                territory: true,
                left_one: false,
            };
            match kind {
                ItemKind::Appointment => world.book_in_psa("Visit", on(11, 14)),
                ItemKind::ToDo => world.book_to_do("Phone call", on(11, 14)),
                ItemKind::ServiceCall => world.book_call("Replace the switch", on(11, 14)),
                ItemKind::Contact => world.enter_contact("Smith", everywhere),
            };
            assert_eq!(rules(&world.cycle()), [Rule::SwitchedOff]);
            world.settle();
            assert!(world.events.is_empty() && world.contacts.is_empty());
        }
    }
}

#[test]
fn an_item_deleted_while_its_kind_is_off_leaves_its_copy_until_the_kind_is_on_again() {
    for kind in KINDS {
        let (mut world, _) = written(|world| switches(kind)[0](world, false));
        let row = of_kind(&world, kind);
        let copy = world.twin_of_row(&row).unwrap();
        world.delete_row(&row);
        world.settle();
        assert!(world.has_item(&copy), "{kind:?}");
        switches(kind)[0](&mut world, true);
        assert_eq!(
            written_by(&world.full()),
            [Rule::PsaItemDeleted],
            "{kind:?}"
        );
        assert!(!world.has_item(&copy), "{kind:?}");
        world.settle();
    }
}

#[test]
fn more_contacts_to_export_make_those_and_fewer_write_nothing() {
    let (mut world, written) = written(|world| world.select(ContactSelection::All));
    assert_eq!(
        written,
        [("create in Exchange", Rule::PsaItemIsNew, String::new())]
    );
    world.select(ContactSelection::Own);
    assert!(writes(&world.full()).is_empty());
    world.settle();
    assert_eq!(world.contacts.len(), 2);
}

#[test]
fn more_past_days_bring_older_items_and_fewer_write_nothing() {
    let (mut world, written) = written(|world| world.window.start = at(0, 23));
    assert_eq!(
        written,
        [("create in the PSA", Rule::ExchangeItemIsNew, String::new())]
    );
    world.window.start = at(9, 23);
    assert!(writes(&world.full()).is_empty());
    world.settle();
    assert_eq!(world.living_rows(), 10);
}

#[test]
fn other_days_ahead_for_series_write_nothing_for_single_items() {
    let (_, written) = written(|world| world.window.end = at(11, 0));
    assert!(written.is_empty());
}

/// What an admin's wish to have all copies removed plans, and that is done.
fn removal(world: &mut World, relinking: bool) -> Plan {
    let mut batch = world.everything();
    batch.relinking = relinking;
    batch.removing = true;
    world.run(&batch, &mut |_| false)
}

/// The rules of a removal that does nothing but write.
fn removed(world: &mut World) -> Vec<Rule> {
    let plan = removal(world, false);
    assert_eq!(rules(&plan), written_by(&plan));
    rules(&plan)
}

fn switch_everything_off(world: &mut World) {
    for kind in KINDS {
        switches(kind)[0](world, false);
    }
    world.profile.import_appointments = false;
}

#[test]
fn all_copies_that_tandem_made_are_removed_on_both_sides_when_an_admin_asks_and_nothing_else() {
    let mut world = everything();
    let (rows, events) = (world.living_rows(), world.events.len());
    switch_everything_off(&mut world);
    assert_eq!(removed(&mut world), [Rule::RemovedByAdmin; 8]);
    // Four copies in the PSA; three in the calendar, and one contact.
    assert_eq!(
        (world.living_rows(), world.events.len()),
        (rows - 4, events - 3)
    );
    assert!(world.contacts.is_empty() && world.links.is_empty());
    assert!(removed(&mut world).is_empty());
    world.settle();
    assert_eq!(world.living_rows(), rows - 4);
}

#[test]
fn a_pair_that_has_no_copy_any_more_is_left_alone_by_a_removal() {
    let (mut world, _, row) = with_exchange_item();
    world.delete_row(&row);
    assert!(removed(&mut world).is_empty());
    let (mut world, _, event) = with_psa_item();
    world.delete_event(&event);
    world.removed_events.clear();
    for link in world.links.values_mut() {
        link.exchange = None;
    }
    assert!(removed(&mut world).is_empty());
}

#[test]
fn what_travels_again_after_a_removal_is_made_again_once() {
    let mut world = everything();
    let (rows, events) = (world.living_rows(), world.events.len());
    removed(&mut world);
    let mut batch = world.everything();
    batch.relinking = false;
    let plan = world.run(&batch, &mut |_| false);
    assert_eq!(writes(&plan).len(), 8);
    assert_eq!((world.living_rows(), world.events.len()), (rows, events));
    world.settle();
}

#[test]
fn copies_with_guests_and_copies_that_users_made_are_not_removed_when_an_admin_asks() {
    let mut world = World::new();
    let row = world.book_in_psa("Visit", on(11, 14));
    world.settle();
    let event = world.twin_of_row(&row).unwrap();
    let pasted = world.paste(&event);
    world.settle();
    world.edit_event(&event, |it| it.meeting.attendees.push(attendee("Ann")));
    let mut told = rules(&removal(&mut world, false));
    told.sort_by_key(|rule| format!("{rule:?}"));
    assert_eq!(told, [Rule::CopyReleased, Rule::RemovedByAdmin]);
    assert!(world.events.contains_key(&event) && world.events.contains_key(&pasted));
    assert!(!world.row(&row).deleted);
}

#[test]
fn copies_whose_links_were_lost_are_removed_too_when_an_admin_asks() {
    let mut world = everything();
    let (rows, events) = (world.living_rows(), world.events.len());
    switch_everything_off(&mut world);
    world.lose_links();
    assert_eq!(
        written_by(&removal(&mut world, true)),
        [Rule::RemovedByAdmin; 8]
    );
    assert_eq!(
        (world.living_rows(), world.events.len()),
        (rows - 4, events - 3)
    );
    assert!(world.contacts.is_empty() && world.links.is_empty());
    assert!(written_by(&removal(&mut world, true)).is_empty());
}

#[test]
fn a_copy_with_guests_whose_link_was_lost_is_released_when_an_admin_has_copies_removed() {
    let (mut world, _, event) = with_psa_item();
    world.edit_event(&event, |it| it.meeting.attendees.push(attendee("Ann")));
    world.lose_links();
    assert_eq!(rules(&removal(&mut world, true)), [Rule::CopyReleased]);
    assert!(world.events.contains_key(&event));
}

#[test]
fn a_users_copy_that_was_never_imported_outlasts_any_number_of_removals() {
    let (mut world, _, event) = with_psa_item();
    world.profile.import_appointments = false;
    let pasted = world.paste(&event);
    world.settle();
    assert_eq!(
        written_by(&removal(&mut world, false)),
        [Rule::RemovedByAdmin]
    );
    assert!(written_by(&removal(&mut world, false)).is_empty());
    assert!(world.events.contains_key(&pasted));
}
