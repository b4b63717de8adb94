//! Looking at ids, searching for markers, translating.

use serde_json::json;
use sync::contract::{
    ExchangeId, Fault, ForeignId, ItemKind, Marker, ProviderKind, PsaId, PsaReference, TenantId,
};

use super::*;
use crate::marker;
use crate::script::{error, event, fetch};

fn wanted(id: &str) -> Marker {
    Marker {
        tenant: TenantId {
            value: "acme".into(),
        },
        psa: PsaReference {
            kind: ItemKind::Appointment,
            id: PsaId { value: id.into() },
        },
        generation: 4,
    }
}

fn marked(id: &str, text: &str) -> Value {
    let mut event = event(id, "Ours");
    event["singleValueExtendedProperties"] = json!([{"id": marker::PROPERTY, "value": text}]);
    event
}

#[test]
fn forty_ids_are_two_batches() {
    let ids = (0..40)
        .map(|number| ExchangeId {
            value: format!("id{number}"),
        })
        .collect();
    let answer = |_: &str, url: &str| {
        let id = url.split(['/', '?']).nth(5).unwrap().to_owned();
        (200, in_calendar(event(&id, "x"), true))
    };
    let script = Script::new().then_batch(answer).then_batch(answer);
    let page = page(&script, &fetch(Scope::Events(ids))).unwrap();
    assert_eq!(page.changes.len(), 40);
    assert_eq!(page.next, NextStep::None);
    assert!(
        matches!(&page.changes[39], Change::Event(event) if event.id.value == "id39"),
        "parts are answered in any order"
    );
}

#[test]
fn a_malformed_id_does_not_stop_the_others() {
    let ids = ["bad", "good"].map(|id| ExchangeId { value: id.into() });
    let script = Script::new().then_batch(|_, url| {
        if url.contains("bad") {
            (
                400,
                json!({"error": {"code": "ErrorInvalidIdMalformed", "message": "x"}}),
            )
        } else {
            (200, in_calendar(event("good", "x"), true))
        }
    });
    let page = page(&script, &fetch(Scope::Events(ids.to_vec()))).unwrap();
    assert_eq!(page.changes.len(), 1);
    assert_eq!(page.remarks[0].code, "id-malformed");
}

#[test]
fn a_part_that_is_not_answered_repeats_the_request() {
    let script = Script::new().then(response(200, &json!({"responses": []})));
    let ids = vec![ExchangeId { value: "x".into() }];
    let result = page(&script, &fetch(Scope::Events(ids)));
    assert!(matches!(result, Err(Fault::NotUnderstood(_))));
}

#[test]
fn events_are_found_by_marker_in_any_generation_and_case() {
    let script = Script::new().then_batch(|_, url| {
        assert!(url.contains("startswith"), "{url}");
        assert!(url.contains("acme%3Aappointment%3A7%3A"), "{url}");
        (
            200,
            json!({"value": [
                marked("a", "ACME:Appointment:7:1"),
                marked("b", "acme:appointment:71:1"),
                event("c", "a filter that was ignored"),
            ]}),
        )
    });
    let page = page(&script, &fetch(Scope::MarkedEvents(vec![wanted("7")]))).unwrap();
    assert!(matches!(&page.changes[..], [Change::Event(event)] if event.id.value == "a"));
}

#[test]
fn finding_no_marker_is_looked_at_once_more_without_the_filter() {
    let script = Script::new()
        .then_batch(|_, _| (200, json!({"value": []})))
        .then(response(
            200,
            &json!({"value": [event("a", "")], "@odata.nextLink": "https://graph.example/n"}),
        ))
        .then(list(&json!([marked("m", "acme:appointment:7:2")])))
        .then_batch(|_, _| (200, in_calendar(marked("m", "acme:appointment:7:2"), true)));
    let page = page(&script, &fetch(Scope::MarkedEvents(vec![wanted("7")]))).unwrap();
    assert!(script.is_over());
    assert!(matches!(&page.changes[..], [Change::Event(event)] if event.id.value == "m"));
}

#[test]
fn a_search_that_was_cut_off_is_a_fault_and_not_nothing() {
    let script = Script::new()
        .then_batch(|_, _| (200, json!({"value": []})))
        .then(error(500, "ErrorInternalServerError"));
    let result = page(&script, &fetch(Scope::MarkedEvents(vec![wanted("7")])));
    assert!(matches!(result, Err(Fault::Other(_))));
}

#[test]
fn a_marked_item_that_cannot_be_read_is_a_fault_and_not_nothing() {
    let script = Script::new()
        .then_batch(|_, _| (200, json!({"value": []})))
        .then(list(&json!([marked("m", "acme:appointment:7:2")])))
        .then_batch(|_, _| {
            let body = json!({"error": {"code": "ErrorItemCorrupt", "message": "x"}});
            (500, body)
        });
    let result = page(&script, &fetch(Scope::MarkedEvents(vec![wanted("7")])));
    let Err(Fault::NotUnderstood(text)) = result else {
        panic!("{result:?}")
    };
    assert!(text.contains("ErrorItemCorrupt"), "{text}");
}

#[test]
fn ids_of_ews_are_translated_in_their_order() {
    let ids = ["e1", "e2"].map(|id| ForeignId {
        provider: ProviderKind::Ews,
        value: id.into(),
    });
    let script = Script::new().then(response(
        200,
        &json!({"value": [
            {"sourceId": "e2", "targetId": "g2"},
            {"sourceId": "e1", "targetId": null, "errorDetails": {"code": "x"}},
        ]}),
    ));
    let page = page(&script, &fetch(Scope::Translation(ids.to_vec()))).unwrap();
    assert_eq!(page.translated[0].id, None);
    assert_eq!(page.translated[1].id.as_ref().unwrap().value, "g2");
    let sent = script.sent.borrow();
    let body = sent[0].body.as_ref().unwrap();
    assert_eq!(body["sourceIdType"], "ewsId");
    assert_eq!(body["targetIdType"], "restImmutableEntryId");
}
