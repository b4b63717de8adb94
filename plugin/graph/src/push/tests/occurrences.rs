//! Occurrences of a series.

use std::cell::RefCell;
use std::rc::Rc;

use sync::contract::Slot;

use super::*;

fn moving(id: &str, day: u8) -> PushOperation {
    let mut moved = update(id);
    moved.target.slot = Some(Slot {
        master_id: "m".into(),
        original_start: at(&format!("2026-03-{day:02}T09:00:00Z")),
    });
    PushOperation {
        key: format!("{id}-{KEY}"),
        ..updating(moved)
    }
}

fn occurrence(id: &str, day: u8, tag: &str) -> Value {
    let mut shown = script::event(id, "Stand-up");
    shown["type"] = "occurrence".into();
    shown["seriesMasterId"] = "m".into();
    shown["originalStart"] = format!("2026-03-{day:02}T09:00:00Z").into();
    shown["@odata.etag"] = tag.into();
    shown
}

fn exception(id: &str, day: u8, tag: &str) -> Value {
    let mut shown = occurrence(id, day, tag);
    shown["type"] = "exception".into();
    shown
}

#[test]
fn one_occurrence_is_changed_by_its_id_at_its_version() {
    let script = Script::new()
        .then_batch(|_, _| (200, exception("o", 9, "W/\"2\"")))
        .then_batch(|_, _| (200, exception("o", 9, "W/\"2\"")));
    let echo = done(one(&script, moving("o", 9)));
    assert_eq!(item(&echo).id.value, "o");
    let part = &script.sent_parts()[0];
    assert_eq!(part["url"], "/users/anna%40acme.example/events/o");
    assert_eq!(part["headers"]["If-Match"], "W/\"1\"");
}

#[test]
fn a_place_that_exchange_refuses_is_refused_for_good() {
    let script = Script::new().then_batch(|_, _| refusal(400, "ErrorOccurrenceCrossingBoundary"));
    let outcome = one(&script, moving("o", 9));
    assert!(matches!(outcome, Outcome::Refused(_)), "{outcome:?}");
}

/// A server on which each write gives all occurrences of the series another version.
fn series(edited: Option<&'static str>) -> (Script, Rc<RefCell<Vec<String>>>) {
    let tag = Rc::new(RefCell::new(1));
    let written = Rc::new(RefCell::new(Vec::new()));
    let mut script = Script::new();
    for _ in 0..20 {
        let (tag, written) = (tag.clone(), written.clone());
        script = script.then_batch(move |method, url| {
            let id = url.split(['/', '?']).nth(4).unwrap_or_default().to_owned();
            let id = if id.len() == 1 {
                id
            } else {
                url.split(['/', '?']).nth(5).unwrap().to_owned()
            };
            let day = if id == "a" { 9 } else { 16 };
            if method == "PATCH" {
                *tag.borrow_mut() += 1;
                written.borrow_mut().push(id.clone());
            }
            let tag = format!("W/\"{}\"", tag.borrow());
            let mut shown = if written.borrow().contains(&id) {
                exception(&id, day, &tag)
            } else {
                occurrence(&id, day, &tag)
            };
            if edited == Some(id.as_str()) && !written.borrow().is_empty() {
                shown["subject"] = "Edited meanwhile".into();
            }
            (200, shown)
        });
    }
    (script, written)
}

#[test]
fn of_one_series_each_is_read_again_before_it_is_written() {
    let (script, written) = series(None);
    let outcomes = push(&script, vec![moving("a", 9), moving("b", 16)]);
    assert!(
        outcomes.iter().all(|it| matches!(it, Outcome::Done(_))),
        "{outcomes:?}"
    );
    assert_eq!(*written.borrow(), ["a", "b"]);
    let parts = script.sent_parts();
    let versions: Vec<&Value> = parts
        .iter()
        .filter(|part| part["method"] == "PATCH")
        .map(|part| &part["headers"]["If-Match"])
        .collect();
    assert_eq!(versions, ["W/\"1\"", "W/\"2\""]);
}

#[test]
fn one_that_somebody_changed_meanwhile_is_planned_again() {
    let (script, written) = series(Some("b"));
    let outcomes = push(&script, vec![moving("a", 9), moving("b", 16)]);
    assert!(matches!(outcomes[0], Outcome::Done(_)));
    assert!(matches!(outcomes[1], Outcome::Conflict(_)), "{outcomes:?}");
    assert_eq!(*written.borrow(), ["a"]);
}
