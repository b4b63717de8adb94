//! `tandem token create`.

use crate::place::Place;

#[test]
fn a_token_is_shown_once_and_stored_as_a_digest() {
    let place = Place::applied();
    let ended = place.run(&["token", "create", "--label", "monitor"]).well();
    let token = ended.out.trim();
    assert!(token.starts_with("tdm_") && token.len() > 40, "{ended:?}");
    let rows = place.dump();
    assert_eq!(rows["token"].len(), 1);
    assert!(rows["token"][0].contains("monitor"));
    assert!(!format!("{rows:?}").contains(token));
    place
        .run(&["token", "create", "--tenant", "nobody"])
        .refused(&["nobody"]);
    assert_eq!(place.dump()["token"].len(), 1);
}
