//! `tandem validate`.

use crate::place::Place;

#[test]
fn validate_says_what_works() {
    let place = Place::applied();
    let ended = place.run(&["validate"]).well();
    assert!(ended.out.contains("ok"), "{ended:?}");
    assert!(!ended.out.contains("ERROR"), "{ended:?}");
    assert_eq!(place.exchange.counters().operations.writes(), 0);
    let place = Place::new();
    place.run(&["validate"]).refused(&["no tenant yet"]);
}
