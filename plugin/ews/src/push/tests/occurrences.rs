//! Occurrences: those of one series change each other's version.

use super::*;

fn moved(key: u8, day: u8) -> PushOperation {
    let patch = EventPatch {
        span: Some(Span::Timed(TimedSpan {
            start: at(&format!("2026-03-{day:02}T12:00:00Z")),
            end: at(&format!("2026-03-{day:02}T13:00:00Z")),
        })),
        ..NOTHING
    };
    let mut update = patched("m", patch);
    update.target = reference(&format!("m.{day}"));
    update.target.slot = Some(Slot {
        master_id: "m".into(),
        original_start: at(&format!("2026-03-{day:02}T09:00:00Z")),
    });
    operation(key, PushAction::Update(update))
}

fn shown(day: u8, key: &str) -> String {
    occurrence("m", day, "Occurrence")
        .replace("\"m-1\"", &format!("\"{key}\""))
        .replace(
            "</t:CalendarItem>",
            "<t:MyResponseType>Organizer</t:MyResponseType></t:CalendarItem>",
        )
}

fn at_noon(day: u8, key: &str) -> String {
    shown(day, key)
        .replace("T09:00:00Z</t:Start>", "T12:00:00Z</t:Start>")
        .replace("T10:00:00Z</t:End>", "T13:00:00Z</t:End>")
        .replace(">Occurrence<", ">Exception<")
}

#[test]
fn one_occurrence_is_written_like_any_other_item() {
    let script = Script::new()
        .then("UpdateItem", &[written("m.3")])
        .then("GetItem", &[item(&at_noon(3, "m-2"))]);
    let outcomes = push(&script, vec![moved(1, 3)]);
    assert!(matches!(&done(&outcomes[0]).item, EchoedItem::Event(event)
        if matches!(&event.shape, sync::contract::EventShape::Exception(slot) if slot.master_id == "m")));
}

#[test]
fn occurrences_of_one_series_follow_each_other_with_its_new_version() {
    let script = Script::new()
        .then("GetItem", &[item(&shown(3, "m-1")), item(&shown(4, "m-1"))])
        .then("UpdateItem", &[written("m.3")])
        .then("GetItem", &[item(&at_noon(3, "m-2"))])
        .then("GetItem", &[item(&shown(4, "m-2"))])
        .then("UpdateItem", &[written("m.4")])
        .then("GetItem", &[item(&at_noon(4, "m-3"))]);
    let outcomes = push(&script, vec![moved(1, 3), moved(2, 4)]);
    outcomes.iter().for_each(|outcome| {
        done(outcome);
    });
    assert!(
        script
            .sent(1)
            .contains("<t:ItemId Id=\"m.3\" ChangeKey=\"m-1\"/>")
    );
    assert!(
        script
            .sent(4)
            .contains("<t:ItemId Id=\"m.4\" ChangeKey=\"m-2\"/>")
    );
}

#[test]
fn an_occurrence_that_somebody_changed_meanwhile_is_left_alone() {
    let script = Script::new()
        .then("GetItem", &[item(&shown(3, "m-1")), item(&shown(4, "m-1"))])
        .then("UpdateItem", &[written("m.3")])
        .then("GetItem", &[item(&at_noon(3, "m-2"))])
        .then("GetItem", &[item(&at_noon(4, "m-3"))]);
    let outcomes = push(&script, vec![moved(1, 3), moved(2, 4)]);
    done(&outcomes[0]);
    assert!(matches!(outcomes[1], Outcome::Conflict(_)));
}

#[test]
fn a_place_that_exchange_does_not_take_is_refused_for_good() {
    let script = Script::new().then("UpdateItem", &[bad("ErrorOccurrenceCrossingBoundary")]);
    let outcomes = push(&script, vec![moved(1, 3)]);
    assert!(matches!(outcomes[0], Outcome::Refused(_)));
}
