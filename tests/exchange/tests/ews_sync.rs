//! EWS: `SyncFolderItems`, from the first round to moves and void states.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use exchange::{Effect, Fault};
use support::ews::{delete, hour_in_berlin};
use support::{ANNA, Server, draft};

#[test]
fn a_round_goes_on_page_by_page_and_the_next_one_tells_changes() {
    let server = Server::start();
    let person = server.exchange.person(ANNA);
    let ids: Vec<String> = (10..15)
        .map(|hour| {
            let draft = draft(&format!("at {hour}"), &format!("2026-11-23T{hour}:00:00"));
            person.create(&draft).unwrap()
        })
        .collect();
    let first = server.sync("", 3);
    assert_eq!(first.texts("t:Subject"), ["at 10", "at 11", "at 12"]);
    assert_eq!(first.text("m:IncludesLastItemInRange"), "false");
    let second = server.sync(&first.text("m:SyncState"), 3);
    assert_eq!(second.texts("t:Subject"), ["at 13", "at 14"]);
    assert_eq!(second.text("m:IncludesLastItemInRange"), "true");
    let state = second.text("m:SyncState");
    let idle = server.sync(&state, 3);
    assert!(idle.text.contains("<m:Changes/>"));
    assert_eq!(server.exchange.counters().requests, 3);

    person.delete(&ids[0]).unwrap();
    person
        .update(&ids[1], &draft("changed", "2026-11-24T08:00:00"))
        .unwrap();
    person.create(&draft("new", "2026-11-25T08:00:00")).unwrap();
    let changes = server.sync(&state, 512);
    assert_eq!(changes.pieces("t:Delete").len(), 1);
    assert_eq!(
        changes.pieces("t:Delete")[0].ids(),
        [first.ids()[0].clone()]
    );
    assert_eq!(
        changes.pieces("t:Update")[0].texts("t:Subject"),
        ["changed"]
    );
    assert_eq!(changes.pieces("t:Create")[0].texts("t:Subject"), ["new"]);
}

#[test]
fn what_is_moved_out_and_back_is_another_item_with_the_same_uid() {
    let server = Server::start();
    let person = server.exchange.person(ANNA);
    let id = person
        .create(&draft("Stays", "2026-11-23T09:00:00"))
        .unwrap();
    let first = server.sync("", 10);
    person.move_to(&id, "Private").unwrap();
    person.move_to(&id, "Calendar").unwrap();
    let changes = server.sync(&first.text("m:SyncState"), 10);
    assert_eq!(changes.pieces("t:Delete")[0].ids(), first.ids());
    let back = &changes.pieces("t:Create")[0];
    assert_ne!(back.ids(), first.ids());
    assert_eq!(back.texts("t:UID"), first.texts("t:UID"));

    // the page may be cut between the two
    let cut = server.sync(&first.text("m:SyncState"), 1);
    assert!(cut.text.contains("<t:Delete>") && !cut.text.contains("<t:Create>"));
    let rest = server.sync(&cut.text("m:SyncState"), 1);
    assert!(rest.text.contains("<t:Create>"));
    assert_eq!(rest.text("m:IncludesLastItemInRange"), "true");
}

#[test]
fn a_series_is_told_by_its_master_when_an_exception_changes() {
    let server = Server::start();
    let made = server.make(&format!(
        "<t:Subject>Weekly</t:Subject><t:Start>2026-11-23T09:00:00</t:Start><t:End>2026-11-23T10:00:00</t:End>\
         <t:Recurrence><t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Monday</t:DaysOfWeek></t:WeeklyRecurrence>\
         <t:NumberedRecurrence><t:StartDate>2026-11-23</t:StartDate><t:NumberOfOccurrences>4</t:NumberOfOccurrences>\
         </t:NumberedRecurrence></t:Recurrence>{}",
        support::ews::BERLIN_ZONES
    ));
    let first = server.sync("", 10);
    assert_eq!(first.ids(), [made.id()]);
    assert_eq!(first.text("t:CalendarItemType"), "RecurringMaster");
    let occurrence = server.view("2026-11-30", "2026-12-01").id();
    assert_eq!(
        server.soap(&delete(&occurrence, "HardDelete")).code(),
        "NoError"
    );
    let changes = server.sync(&first.text("m:SyncState"), 10);
    assert_eq!(changes.pieces("t:Update")[0].ids(), [made.id()]);
}

#[test]
fn a_state_that_is_unknown_void_or_of_another_folder_is_refused() {
    let server = Server::start();
    let state = server.sync("", 10).text("m:SyncState");
    assert_eq!(
        server.sync("H4sIAAAAA=", 10).code(),
        "ErrorInvalidSyncStateData"
    );
    server
        .exchange
        .add_fault(Fault::next(Effect::CursorExpired).path("SyncFolderItems"));
    assert_eq!(server.sync(&state, 10).code(), "ErrorInvalidSyncStateData");
    assert_eq!(server.sync(&state, 10).code(), "NoError");
    server.exchange.expire_cursors();
    assert_eq!(server.sync(&state, 10).code(), "ErrorInvalidSyncStateData");
    for most in [0, 513] {
        assert_eq!(server.sync("", most).code(), "ErrorSchemaValidation");
    }
}

#[test]
fn both_faces_tell_the_same_changes() {
    let server = Server::start();
    let state = server.sync("", 10).text("m:SyncState");
    let made = server.make(&hour_in_berlin("By EWS", "2026-11-23T09:00:00"));
    let (entries, _) = server.first_round();
    assert_eq!(entries[0]["subject"], "By EWS");
    server.delete(entries[0]["id"].as_str().unwrap());
    let changes = server.sync(&state, 10);
    assert!(changes.text.contains("<m:Changes/>"), "{}", changes.text);
    assert_eq!(
        server.get_item(&[&made.id()], &[]).code(),
        "ErrorItemNotFound"
    );
}

#[test]
fn changes_leave_out_what_only_get_item_brings() {
    let server = Server::start();
    server.make(&format!(
        "<t:Subject>x</t:Subject><t:Body BodyType=\"Text\">text</t:Body><t:Start>2026-11-23T09:00:00</t:Start><t:End>2026-11-23T10:00:00</t:End>{}",
        support::ews::BERLIN_ZONES
    ));
    let told = server.ok(&format!(
        "<m:SyncFolderItems>{}<m:SyncFolderId><t:DistinguishedFolderId Id=\"calendar\"/></m:SyncFolderId><m:MaxChangesReturned>1</m:MaxChangesReturned></m:SyncFolderItems>",
        support::ews::shape(&["item:Subject", "item:Body"])
    ));
    assert_eq!(told.texts("t:Subject"), ["x"]);
    assert!(!told.text.contains("t:Body"));
}
