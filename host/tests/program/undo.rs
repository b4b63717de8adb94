//! `tandem undo`.

use crate::place::{ANNA, NOW, Place};

#[test]
fn the_last_cycle_is_shown_undone_and_made_again_after_an_approval() {
    let place = Place::applied();
    let refused = place.run(&["undo", "--resource", "anna"]);
    refused.refused(&["no cycle of `anna` wrote anything"]);
    let refused = place.run(&["undo", "--resource", "bela"]);
    refused.refused(&["no user `bela` has a mailbox"]);
    place.book("Lunch", "2026-11-23T12:00:00");
    place.appointment("Visit", false);
    place.sync(&[]).well();
    assert_eq!(place.calendar(), ["Lunch", "Visit"]);

    let before = place.dump();
    let undo = ["undo", "--resource", ANNA, "--now", NOW];
    let shown = place.run(&[&undo[..], &["--dry-run"]].concat()).well().out;
    for words in [
        "nothing was done",
        "delete in the PSA",
        "delete in Exchange",
        "\"Visit\"",
    ] {
        assert!(shown.contains(words), "{words} is missing:\n{shown}");
    }
    assert_eq!(before, place.dump());

    let undone = place.run(&undo).well().out;
    assert!(
        undone.contains("1 written to the PSA, 1 to Exchange"),
        "{undone}"
    );
    assert_eq!(place.calendar(), ["Lunch"]);
    let (_, run) = undone.trim_end().rsplit_once(' ').unwrap();
    let held = place.sync(&[]);
    held.refused(&[
        "the last cycle was undone",
        &format!("tandem approve {run}"),
    ]);
    assert_eq!(place.calendar(), ["Lunch"]);
    place.run(&["approve", run]).well();
    // What was undone is looked at again from then on, not from the moment before.
    let later = "2026-11-22T08:01:00Z";
    place.run(&["sync", "--now", later]).well();
    assert_eq!(place.calendar(), ["Lunch", "Visit"]);
}
