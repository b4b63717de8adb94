//! Series that are told to their end.

use sync::contract::{EventShape, ExchangeReference, Slot, ToldSeries};

use super::*;
use crate::event;

fn told_master(more: &str) -> ExchangeEvent {
    let text = good(&format!("<m:Items>{}</m:Items>", master("m", more)));
    let message: crate::operation::message::Message = quick_xml::de::from_str(&text).unwrap();
    let item = message.items.events().next().unwrap();
    let reading = Reading {
        details: true,
        zone: None,
    };
    match event::read(item, None, &reading).unwrap().change {
        Change::Event(event) => event,
        other => panic!("{other:?}"),
    }
}

fn told(more: &str, instances: Vec<Change>, untold: &[u8]) -> ToldSeries {
    ToldSeries {
        master: told_master(more),
        instances,
        untold: untold
            .iter()
            .map(|day| ExchangeReference {
                id: ExchangeId {
                    value: format!("m.{day}"),
                },
                uid: None,
                slot: Some(Slot {
                    master_id: "m".into(),
                    original_start: at(&format!("2026-03-{day:02}T09:00:00Z")),
                }),
            })
            .collect(),
        within: Window {
            start: at("2026-03-02T00:00:00Z"),
            end: at("2026-03-04T00:00:00Z"),
        },
    }
}

fn as_ruled(day: u8) -> Change {
    let text = good(&format!(
        "<m:Items>{}</m:Items>",
        occurrence("m", day, "Occurrence")
    ));
    let message: crate::operation::message::Message = quick_xml::de::from_str(&text).unwrap();
    let item = message.items.events().next().unwrap();
    let reading = Reading {
        details: true,
        zone: None,
    };
    event::read(item, Some("m"), &reading).unwrap().change
}

const DELETED: &str = "<t:DeletedOccurrences><t:DeletedOccurrence>\
    <t:Start>2026-03-03T09:00:00Z</t:Start></t:DeletedOccurrence></t:DeletedOccurrences>";

#[test]
fn a_series_of_which_nothing_is_missing_costs_no_request() {
    let script = Script::new();
    let whole = told("", vec![as_ruled(2), as_ruled(3)], &[]);
    let without_one = told(DELETED, vec![as_ruled(2)], &[]);
    let page = page(&script, &fetch(Scope::Series(vec![whole, without_one]))).unwrap();
    assert_eq!(page, empty_page());
}

#[test]
fn a_deleted_occurrence_that_is_linked_is_a_removal() {
    let script = Script::new().then(
        "GetItem",
        &[
            item(&master("m", DELETED)),
            bad("ErrorCalendarOccurrenceIsDeletedFromRecurrence"),
        ],
    );
    let series = told(DELETED, vec![as_ruled(2)], &[3]);
    let page = page(&script, &fetch(Scope::Series(vec![series]))).unwrap();
    assert_eq!(
        removed(&page.changes),
        [("m.3", RemovalProof::CancelledOccurrence)]
    );
    let EventShape::Master(series) = &events(&page)[0].shape else {
        panic!()
    };
    assert_eq!(series.cancelled, Some(vec![at("2026-03-03T09:00:00Z")]));
}

#[test]
fn an_exception_that_was_moved_away_is_found_by_its_master() {
    let modified = "<t:ModifiedOccurrences><t:Occurrence><t:ItemId Id=\"m.3\" ChangeKey=\"1\"/>\
        <t:Start>2026-05-03T09:00:00Z</t:Start><t:End>2026-05-03T10:00:00Z</t:End>\
        <t:OriginalStart>2026-03-03T09:00:00Z</t:OriginalStart></t:Occurrence></t:ModifiedOccurrences>";
    let moved = occurrence("m", 3, "Exception").replace(
        "<t:Start>2026-03-03T09:00:00Z</t:Start><t:End>2026-03-03T10:00:00Z</t:End>",
        "<t:Start>2026-05-03T09:00:00Z</t:Start><t:End>2026-05-03T10:00:00Z</t:End>",
    );
    let script = Script::new()
        .then("GetItem", &[item(&master("m", modified))])
        .then("GetItem", &[item(&moved)]);
    let series = told("", vec![as_ruled(2)], &[]);
    let page = page(&script, &fetch(Scope::Series(vec![series]))).unwrap();
    assert!(script.is_over());
    let exception = events(&page)
        .into_iter()
        .find(|event| event.id.value == "m.3")
        .unwrap();
    assert!(matches!(&exception.shape, EventShape::Exception(slot)
        if slot.original_start == at("2026-03-03T09:00:00Z")));
}

#[test]
fn what_the_master_does_not_explain_is_looked_for_in_a_view() {
    let script = Script::new()
        .then("GetItem", &[item(&master("m", ""))])
        .then(
            "FindItem",
            &[found(
                true,
                &[
                    occurrence("m", 3, "Occurrence"),
                    occurrence("n", 3, "Occurrence"),
                ]
                .concat(),
            )],
        );
    let series = told("", vec![as_ruled(2)], &[]);
    let page = page(&script, &fetch(Scope::Series(vec![series]))).unwrap();
    let occurrences = page
        .changes
        .iter()
        .filter(|change| matches!(change, Change::Occurrence(_)));
    assert_eq!(occurrences.count(), 1);
    assert!(removed(&page.changes).is_empty());
}

#[test]
fn a_series_that_went_meanwhile_is_gone() {
    let script = Script::new().then("GetItem", &[bad("ErrorItemNotFound")]);
    let series = told("", vec![as_ruled(2)], &[]);
    let page = page(&script, &fetch(Scope::Series(vec![series]))).unwrap();
    assert_eq!(removed(&page.changes), [("m", RemovalProof::NotFound)]);
}

#[test]
fn a_series_that_the_server_cannot_answer_for_is_a_remark_on_its_master() {
    let script = Script::new().then("GetItem", &[bad("ErrorInternalServerError")]);
    let series = told("", vec![as_ruled(2)], &[]);
    let page = page(&script, &fetch(Scope::Series(vec![series]))).unwrap();
    assert!(page.changes.is_empty());
    assert_eq!(page.remarks[0].item.as_ref().unwrap().value, "m");
}
