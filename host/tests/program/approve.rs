//! `tandem approve CYCLE`.

use crate::place::Place;

#[test]
fn many_deletions_wait_until_they_are_approved() {
    // By the machine's clock: `approve` has no other.
    let place = Place::applied();
    let titles: Vec<String> = (0..30).map(|number| format!("Visit {number}")).collect();
    let ids = place.plan_on("2099-01-05", &titles);
    place.run(&["sync"]).well();
    assert_eq!(place.calendar().len(), 30);
    place.strike(&ids);
    let ended = place.run(&["sync"]).well();
    assert!(
        ended.out.contains("30 deletions wait: tandem approve "),
        "{ended:?}"
    );
    let cycle = ended
        .out
        .split("tandem approve ")
        .nth(1)
        .unwrap()
        .trim()
        .to_owned();
    place.run(&["sync"]).well();
    assert_eq!(place.calendar().len(), 30);
    place
        .run(&["approve", "0190-nothing"])
        .refused(&["0190-nothing"]);
    place.run(&["approve"]).refused(&["CYCLE"]);
    let ended = place.run(&["approve", &cycle]).well();
    assert!(ended.out.contains("30"), "{ended:?}");
    place.run(&["sync"]).well();
    assert!(place.calendar().is_empty());
    place
        .run(&["approve", &cycle])
        .refused(&["nothing that waits"]);
}
