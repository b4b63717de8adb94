//! EWS: ids in other forms and faces, names, zones, free time, and moves between folders.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use serde_json::json;
use support::ews::{Answer, create, hour_in_berlin};
use support::{ANNA, BERLIN, Server};

#[test]
fn ids_are_translated_into_those_of_the_other_face() {
    let server = Server::start();
    let made = server.make(&hour_in_berlin("Both", "2026-11-23T09:00:00"));
    let body = json!({ "inputIds": [made.id()], "sourceIdType": "ewsId", "targetIdType": "restImmutableEntryId" });
    let reply = server
        .post(&format!("/v1.0/users/{ANNA}/translateExchangeIds"), &body)
        .json();
    let id = reply["value"][0]["targetId"].as_str().unwrap();
    let event = server.anna(&format!("/events/{id}")).json();
    assert_eq!(event["subject"], "Both");
    assert_eq!(event["changeKey"], made.change_key());
}

#[test]
fn ids_have_several_forms() {
    let server = Server::start();
    let made = server.make(&hour_in_berlin("Forms", "2026-11-23T09:00:00"));
    let convert = |from: &str, id: &str, to: &str| {
        server.soap(&format!(
            "<m:ConvertId DestinationFormat=\"{to}\"><m:SourceIds><t:AlternateId Format=\"{from}\" Id=\"{id}\" Mailbox=\"{ANNA}\"/></m:SourceIds></m:ConvertId>"
        ))
    };
    let id = |answer: &Answer| answer.attributes("m:AlternateId", "Id")[0].clone();
    for form in ["EwsLegacyId", "EntryId", "HexEntryId", "StoreId", "OwaId"] {
        let there = id(&convert("EwsId", &made.id(), form));
        assert_eq!(id(&convert(form, &there, "EwsId")), made.id(), "{form}");
    }
    assert_eq!(
        convert("HexEntryId", "00", "EwsId").code(),
        "ErrorInvalidIdMalformed"
    );
    assert_eq!(
        convert("RestId", "00", "EwsId").code(),
        "ErrorSchemaValidation"
    );
}

#[test]
fn names_are_resolved_to_mailboxes() {
    let server = Server::start();
    server.exchange.add_mailbox("ben@example.com", BERLIN);
    let resolve = |entry: &str| {
        server.soap(&format!("<m:ResolveNames ReturnFullContactData=\"true\"><m:UnresolvedEntry>{entry}</m:UnresolvedEntry></m:ResolveNames>"))
    };
    assert_eq!(resolve("be").texts("t:EmailAddress"), ["ben@example.com"]);
    assert_eq!(resolve("nobody").code(), "ErrorNameResolutionNoResults");
}

#[test]
fn zones_are_told_with_their_rules() {
    let server = Server::start();
    let one = server.ok("<m:GetServerTimeZones ReturnFullTimeZoneData=\"true\"><m:Ids><t:Id>W. Europe Standard Time</t:Id></m:Ids></m:GetServerTimeZones>");
    assert_eq!(one.attributes("t:Period", "Bias"), ["-PT1H", "-PT2H"]);
    assert_eq!(one.texts("t:Month"), ["3", "10"]);
    let all = server.ok("<m:GetServerTimeZones ReturnFullTimeZoneData=\"false\"/>");
    assert!(all.attributes("t:TimeZoneDefinition", "Id").len() > 100);
}

#[test]
fn an_item_in_a_zone_that_somebody_wrote_out_keeps_its_rules() {
    let server = Server::start();
    let known = server.ok("<m:GetServerTimeZones><m:Ids><t:Id>W. Europe Standard Time</t:Id></m:Ids></m:GetServerTimeZones>");
    let rules = known
        .text
        .split("Rome, Stockholm, Vienna\">")
        .nth(1)
        .unwrap();
    let rules = rules.split("</t:TimeZoneDefinition>").next().unwrap();
    let made = server.make(&format!(
        "<t:Start>2026-07-01T09:00:00</t:Start><t:End>2026-07-01T10:00:00</t:End><t:StartTimeZone Id=\"Mine\">{rules}</t:StartTimeZone>"
    ));
    let read = server.get_item(&[&made.id()], &["calendar:Start", "calendar:StartTimeZone"]);
    assert_eq!(read.text("t:Start"), "2026-07-01T07:00:00Z");
    assert_eq!(
        read.attributes("t:StartTimeZone", "Id"),
        ["tzone://Microsoft/Custom"]
    );
    assert_eq!(read.attributes("t:Period", "Bias"), ["-PT1H", "-PT2H"]);
    let unknown = server.make("<t:Start>2026-07-01T09:00:00</t:Start><t:End>2026-07-01T10:00:00</t:End><t:StartTimeZone Id=\"Mine\"/>");
    assert_eq!(unknown.code(), "ErrorCalendarInvalidTimeZone");
}

#[test]
fn free_time_is_told_with_the_bias_of_the_mailbox() {
    let server = Server::start();
    server.make(&hour_in_berlin("Busy", "2026-11-23T09:00:00"));
    let ask = |address: &str| {
        server.soap(&format!(
            "<m:GetUserAvailabilityRequest><m:MailboxDataArray><t:MailboxData><t:Email><t:Address>{address}</t:Address></t:Email>\
             <t:AttendeeType>Required</t:AttendeeType></t:MailboxData></m:MailboxDataArray><t:FreeBusyViewOptions><t:TimeWindow>\
             <t:StartTime>2026-11-23T00:00:00</t:StartTime><t:EndTime>2026-11-24T00:00:00</t:EndTime></t:TimeWindow>\
             </t:FreeBusyViewOptions></m:GetUserAvailabilityRequest>"
        ))
    };
    let told = ask(ANNA);
    assert_eq!(told.texts("t:StartTime"), ["2026-11-23T08:00:00Z"]);
    assert_eq!(told.texts("t:Bias"), ["-60", "0", "-60"]);
    assert_eq!(
        ask("nobody@example.com").code(),
        "ErrorMailRecipientNotFound"
    );
}

#[test]
fn what_is_moved_has_another_id_and_what_is_copied_another_uid() {
    let server = Server::start();
    let made = server.make(&hour_in_berlin("Moves", "2026-11-23T09:00:00"));
    let calendar = server.ok("<m:CreateFolder><m:ParentFolderId><t:DistinguishedFolderId Id=\"msgfolderroot\"/></m:ParentFolderId><m:Folders><t:CalendarFolder><t:DisplayName>Second</t:DisplayName></t:CalendarFolder></m:Folders></m:CreateFolder>");
    let folder = calendar.attributes("t:FolderId", "Id")[0].clone();
    let act = |operation: &str, id: &str| {
        server.soap(&format!(
            "<m:{operation}><m:ToFolderId><t:FolderId Id=\"{folder}\"/></m:ToFolderId><m:ItemIds><t:ItemId Id=\"{id}\"/></m:ItemIds></m:{operation}>"
        ))
    };
    let copied = act("CopyItem", &made.id());
    let moved = act("MoveItem", &made.id());
    assert_ne!(moved.id(), made.id());
    assert_eq!(act("MoveItem", &made.id()).code(), "ErrorItemNotFound");
    let read = server.get_item(&[&moved.id(), &copied.id()], &["calendar:UID"]);
    let uids = read.texts("t:UID");
    assert_ne!(uids[0], uids[1]);
    let calendars = server.exchange.person(ANNA).events().unwrap();
    assert!(
        calendars
            .iter()
            .all(|found| found.calendar.as_deref() == Some("Second"))
    );
}

#[test]
fn an_invitation_is_answered_and_a_meeting_called_off() {
    let server = Server::start();
    let person = server.exchange.person(ANNA);
    let invited = json!({
        "subject": "Invited",
        "start": { "dateTime": "2026-11-23T09:00:00", "timeZone": BERLIN },
        "end": { "dateTime": "2026-11-23T10:00:00", "timeZone": BERLIN },
        "organizer": { "emailAddress": { "address": "boss@example.com" } },
        "attendees": [{ "emailAddress": { "address": ANNA }, "type": "required" }],
    });
    person.create_json(&invited).unwrap();
    let own = server.soap(&create(&hour_in_berlin("Own", "2026-11-24T09:00:00")));
    let id = server.view("2026-11-23", "2026-11-24").id();
    let act = |what: &str, id: &str| {
        server.soap(&format!(
            "<m:CreateItem MessageDisposition=\"SendAndSaveCopy\"><m:Items><t:{what}><t:ReferenceItemId Id=\"{id}\"/></t:{what}></m:Items></m:CreateItem>"
        ))
    };
    assert_eq!(act("AcceptItem", &id).code(), "NoError");
    let read = server.get_item(&[&id], &["calendar:MyResponseType", "calendar:IsMeeting"]);
    assert_eq!(read.text("t:MyResponseType"), "Accept");
    assert_eq!(
        act("CancelCalendarItem", &id).code(),
        "ErrorCalendarIsNotOrganizer"
    );
    assert_eq!(
        act("AcceptItem", &own.id()).code(),
        "ErrorCalendarIsOrganizerForAccept"
    );
    assert_eq!(act("CancelCalendarItem", &own.id()).code(), "NoError");
    assert!(server.view("2026-11-24", "2026-11-25").ids().is_empty());
}
