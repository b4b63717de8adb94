//! Looking at items by their ids, and finding them by their markers.

use sync::contract::{
    ForeignId, ItemKind, Marker, ProviderKind, PsaId, PsaReference, TenantId, TranslatedId,
};

use super::*;

fn ids(ids: &[&str]) -> Vec<ExchangeId> {
    ids.iter()
        .map(|id| ExchangeId {
            value: (*id).to_owned(),
        })
        .collect()
}

fn marker(id: &str) -> Marker {
    Marker {
        tenant: TenantId {
            value: "acme".into(),
        },
        psa: PsaReference {
            kind: ItemKind::ToDo,
            id: PsaId { value: id.into() },
        },
        generation: 1,
    }
}

fn carrying(id: &str, text: &str) -> String {
    event(id, "Ours").replace(
        "</t:CalendarItem>",
        &format!("{}</t:CalendarItem>", marked(text)),
    )
}

#[test]
fn one_id_without_an_answer_stops_no_other() {
    let script = Script::new().then(
        "GetItem",
        &[
            item(&event("a", "A")),
            bad("ErrorItemNotFound"),
            bad("ErrorInvalidIdMalformed"),
            bad("ErrorInternalServerError"),
        ],
    );
    let page = page(&script, &fetch(Scope::Events(ids(&["a", "b", "c", "d"])))).unwrap();
    assert_eq!(events(&page).len(), 1);
    assert_eq!(removed(&page.changes), [("b", RemovalProof::NotFound)]);
    let codes: Vec<&str> = page.remarks.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(codes, ["id-malformed", "item-unanswered"]);
}

#[test]
fn one_id_that_spoils_the_request_is_found_by_asking_one_by_one() {
    let script = Script::new()
        .then_response(fault("ErrorInvalidIdMalformed"))
        .then("GetItem", &[item(&event("a", "A"))])
        .then_response(fault("ErrorInvalidIdMalformed"));
    let page = page(&script, &fetch(Scope::Events(ids(&["a", "b"])))).unwrap();
    assert_eq!(events(&page).len(), 1);
    assert_eq!(page.remarks[0].code, "id-malformed");
}

#[test]
fn a_full_lot_without_any_answer_is_the_servers_trouble() {
    let ten = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    let answers = vec![bad("ErrorInternalServerError"); 10];
    let script = Script::new().then("GetItem", &answers);
    assert!(page(&script, &fetch(Scope::Events(ids(&ten)))).is_err());
}

#[test]
fn a_marker_is_sought_by_a_restriction_first() {
    let one = carrying("a", "ACME:to-do:1:2");
    let script = Script::new()
        .then("FindItem", &[found(true, &one)])
        .then("GetItem", &[item(&one)]);
    let page = page(&script, &fetch(Scope::MarkedEvents(vec![marker("1")]))).unwrap();
    assert_eq!(events(&page)[0].id.value, "a");
    assert!(script.is_over());
    assert!(
        script
            .sent(0)
            .contains("<t:Constant Value=\"acme:to-do:1:\"/>")
    );
}

#[test]
fn finding_nothing_is_weak_evidence() {
    let one = carrying("a", "acme:to-do:1:1");
    let other = carrying("b", "acme:to-do:10:1");
    let script = Script::new()
        .then("FindItem", &[found(true, "")])
        .then("FindItem", &[found(false, &other)])
        .then("FindItem", &[found(true, &one)])
        .then("GetItem", &[item(&one)]);
    let wanted = Scope::MarkedEvents(vec![marker("1")]);
    let page = page(&script, &fetch(wanted)).unwrap();
    assert_eq!(events(&page)[0].id.value, "a");
    assert!(!script.sent(1).contains("Restriction"));
    assert!(script.sent(2).contains("Offset=\"1\""));
}

#[test]
fn a_restriction_that_is_refused_finds_nothing() {
    let script = Script::new()
        .then("FindItem", &[bad("ErrorUnsupportedPathForQuery")])
        .then("FindItem", &[found(true, "")]);
    let wanted = Scope::MarkedEvents(vec![marker("1")]);
    let page = page(&script, &fetch(wanted)).unwrap();
    assert!(page.changes.is_empty());
}

#[test]
fn a_marked_item_that_cannot_be_read_is_a_fault_and_not_nothing() {
    let one = carrying("a", "acme:to-do:1:1");
    let script = Script::new()
        .then("FindItem", &[found(true, &one)])
        .then("GetItem", &[bad("ErrorInternalServerError")]);
    let wanted = Scope::MarkedEvents(vec![marker("1")]);
    assert!(page(&script, &fetch(wanted)).is_err());
}

#[test]
fn contacts_of_the_tenant_are_found_by_their_markers() {
    let contact = |id: &str, text: &str| {
        format!(
            "<t:Contact><t:ItemId Id=\"{id}\" ChangeKey=\"1\"/>{}<t:Surname>S</t:Surname></t:Contact>",
            marked(text)
        )
    };
    let ours = contact("a", "acme:contact:1:1");
    let theirs = contact("b", "acme2:contact:1:1");
    let script = Script::new()
        .then("FindItem", &[found(true, &format!("{ours}{theirs}"))])
        .then("GetItem", &[item(&ours)]);
    let page = page(&script, &fetch(Scope::MarkedContacts)).unwrap();
    assert!(matches!(&page.changes[..], [Change::Contact(one)] if one.id.value == "a"));
    assert!(script.is_over());
}

fn foreign(provider: ProviderKind, id: &str) -> ForeignId {
    ForeignId {
        provider,
        value: id.to_owned(),
    }
}

#[test]
fn ids_of_another_provider_are_not_translated() {
    let foreign = foreign(ProviderKind::Graph, "x");
    let script = Script::new();
    let page = page(&script, &fetch(Scope::Translation(vec![foreign.clone()]))).unwrap();
    assert_eq!(page.translated, [TranslatedId { foreign, id: None }]);
}

#[test]
fn an_id_of_the_server_before_is_right_where_it_answers() {
    let there = item(&event("a", "Visit"));
    let script = Script::new().then(
        "GetItem",
        &[
            there,
            bad("ErrorItemNotFound"),
            bad("ErrorInvalidIdMalformed"),
        ],
    );
    let asked = ["a", "b", "c"].map(|id| foreign(ProviderKind::Other, id));
    let page = page(&script, &fetch(Scope::Translation(asked.to_vec()))).unwrap();
    let known: Vec<Option<&str>> = page
        .translated
        .iter()
        .map(|it| it.id.as_ref().map(|id| id.value.as_str()))
        .collect();
    assert_eq!(known, [Some("a"), None, None]);
    assert!(script.is_over());
}

#[test]
fn ids_of_a_mailbox_that_the_server_does_not_know_lead_nowhere() {
    let script = Script::new().then_response(fault("ErrorNonExistentMailbox"));
    let asked = vec![foreign(ProviderKind::Other, "a")];
    let page = page(&script, &fetch(Scope::Translation(asked))).unwrap();
    assert_eq!(page.translated[0].id, None);
}
