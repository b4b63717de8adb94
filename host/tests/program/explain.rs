//! `tandem explain ITEM`.

use tandem::psa::appointment::Edit;

use crate::place::{ANNA, Place, hours};

#[test]
fn an_items_history_is_told_from_its_beginning_under_each_of_its_names() {
    let place = Place::applied();
    let visit = place.appointment("Visit to Béla", false);
    place.sync(&[]).well();
    let span = Some(hours("11:00", "12:00"));
    place.edit(
        &visit,
        &Edit {
            span,
            ..Edit::default()
        },
    );
    place.sync(&[]).well();

    let told = place.run(&["explain", &visit]).well().out;
    for words in [
        &format!("appointment {visit} \"Visit to Béla\""),
        "Mon 2026-11-23 12:00–13:00 (Europe/Berlin)",
        "origin    the PSA",
        "The PSA item has no copy in Exchange yet. [psa_item_is_new]",
        "make a copy in Exchange",
        "done, status 201",
        "in the PSA: moved from Mon 2026-11-23 10:00–11:00 to Mon 2026-11-23 12:00–13:00",
        "The item was moved in the PSA. [psa_item_moved]",
        "change the item in Exchange (time)",
        "Both items exist and follow each other.",
        "cycle due",
    ] {
        assert!(told.contains(words), "{words} is missing:\n{told}");
    }
    let made = told.find("[psa_item_is_new]").unwrap();
    assert!(made < told.find("[psa_item_moved]").unwrap(), "{told}");

    let printed = place.run(&["explain", "--json", "to bÉLA"]).well().json();
    assert_eq!(printed["psa"]["id"], visit.as_str());
    assert_eq!(printed["history"][0]["action"], "create_exchange");
    assert_eq!(printed["history"][0]["outcome"], "done");
    let digest = printed["history"][0]["plugin_digest"].as_str().unwrap();
    assert_eq!(digest.len(), 64);
    assert_eq!(printed["now"][0]["state"], "linked");
    assert_eq!(printed["now"][0]["mailbox"], ANNA);

    let id = printed["exchange"][0].as_str().unwrap();
    let by_exchange = place.run(&["explain", &format!("exchange:{id}")]).well();
    assert_eq!(by_exchange.out, told);
}

#[test]
fn what_became_of_an_item_is_told_of_its_present_state() {
    let place = Place::applied();
    let ids: Vec<String> = (0..6)
        .map(|number| place.appointment(&format!("Visit {number}"), false))
        .collect();
    place.sync(&[]).well();
    let person = place.exchange.person(ANNA);
    let events = person.events().unwrap();
    let copy = events
        .iter()
        .find(|one| one.content.subject == "Visit 0")
        .unwrap();
    person.delete(&copy.id).unwrap();
    place.sync(&[]).well();
    let told = place.run(&["explain", &ids[0]]).well().out;
    assert!(told.contains("[copy_deleted_by_user]"), "{told}");
    assert!(told.contains("The copy was deleted by its user;"), "{told}");

    place.strike(&ids[1..]);
    place.sync(&[]).well();
    let told = place.run(&["explain", &ids[1]]).well().out;
    assert!(told.contains("A deletion waits for approval"), "{told}");
    assert!(told.contains("tandem approve "), "{told}");
    assert!(told.contains("deleted   in the PSA"), "{told}");
}

#[test]
fn a_private_items_words_are_neither_told_nor_searched() {
    let place = Place::applied();
    let secret = place.appointment("Surprise", true);
    place.sync(&[]).well();
    let told = place.run(&["explain", &secret]).well().out;
    assert!(told.contains("(private)"), "{told}");
    assert!(!told.contains("Surprise"), "{told}");
    let refused = place.run(&["explain", "surprise"]);
    assert_ne!(refused.code, 0);
}

#[test]
fn an_unknown_or_ambiguous_name_says_how_to_name_an_item() {
    let place = Place::applied();
    let first = place.appointment("Visit one", false);
    let second = place.appointment("Visit two", false);
    let unknown = place.run(&["explain", "nothing like that"]);
    assert_ne!(unknown.code, 0);
    for words in [
        "tandem sync --dry-run",
        "exchange:ID",
        "/api/v1/appointments",
    ] {
        assert!(unknown.err.contains(words), "{}", unknown.err);
    }
    let several = place.run(&["explain", "visit"]);
    assert_ne!(several.code, 0);
    assert!(several.err.contains(&first), "{}", several.err);
    assert!(several.err.contains(&second), "{}", several.err);
}
