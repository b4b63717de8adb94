//! `tandem remove-copies`.

use crate::place::{ANNA, Place};

/// Anna's lunch and visit, each with its copy on the other side.
fn settled() -> Place {
    let place = Place::applied();
    place.book("Lunch", "2026-11-23T12:00:00");
    place.appointment("Visit", false);
    place.sync(&[]).well();
    place
}

fn switch_anna_off(place: &Place) {
    let file = place
        .acme()
        .replace("name = \"Anna\"", "name = \"Anna\"\nenabled = false");
    place.write("acme.toml", &file);
    place.run(&["apply", "acme.toml"]).well();
}

#[test]
fn copies_are_shown_and_then_removed_once_the_user_is_switched_off() {
    let place = settled();
    let before = place.dump();
    let shown = place.run(&["remove-copies", "--dry-run", "--now", crate::place::NOW]);
    let shown = shown.well().out;
    for words in [
        "nothing was done",
        "delete in the PSA",
        "delete in Exchange",
        "\"Visit\"",
        "An admin had all copies removed that Tandem made.",
    ] {
        assert!(shown.contains(words), "{words} is missing:\n{shown}");
    }
    assert_eq!(before, place.dump());

    let refused = place.run(&["remove-copies"]);
    refused.refused(&["every user synchronises", "clear enabled"]);
    let refused = place.run(&["remove-copies", "--resource", "anna"]);
    refused.refused(&[
        ANNA,
        "the next cycle would make the copies again",
        "clear enabled",
    ]);
    let refused = place.run(&["remove-copies", "--resource", "bela"]);
    refused.refused(&["no user `bela` has a mailbox"]);
    assert_eq!(before, place.dump());

    switch_anna_off(&place);
    let ended = place.run(&["remove-copies", "--resource", ANNA, "--json"]);
    let printed = ended.well().json();
    assert_eq!(printed["cycles"][0]["counts"]["psa_writes"], 1);
    assert_eq!(printed["cycles"][0]["counts"]["exchange_writes"], 1);
    assert_eq!(place.calendar(), ["Lunch"]);
    let again = place.run(&["remove-copies"]).well().out;
    assert!(
        again.contains("0 written to the PSA, 0 to Exchange"),
        "{again}"
    );
}
