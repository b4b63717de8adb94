//! EWS: `CreateItem`, `GetItem`, `UpdateItem`, `DeleteItem` of appointments, and what is refused.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use exchange::{Behaviour, Effect, Fault, MailKind, StaleChangeKey};
use support::ews::{BERLIN_ZONES, create, delete, hour_in_berlin, shape, update};
use support::{ANNA, Server, draft};

#[test]
fn an_appointment_is_read_as_it_was_written() {
    let server = Server::start();
    let made = server.make(&format!(
        "<t:Subject>Visit &amp; check</t:Subject><t:Sensitivity>Private</t:Sensitivity><t:Body BodyType=\"Text\">first\nsecond</t:Body>\
         <t:ReminderIsSet>false</t:ReminderIsSet><t:Start>2026-11-23T09:00:00</t:Start><t:End>2026-11-23T10:30:00</t:End>\
         <t:IsAllDayEvent>false</t:IsAllDayEvent><t:LegacyFreeBusyStatus>OOF</t:LegacyFreeBusyStatus><t:Location>Room 1</t:Location>{BERLIN_ZONES}"
    ));
    assert_eq!(made.code(), "NoError");
    let read = server.get_item(
        &[&made.id()],
        &[
            "item:Subject",
            "item:Sensitivity",
            "item:Body",
            "item:ReminderIsSet",
            "calendar:Start",
            "calendar:End",
            "calendar:IsAllDayEvent",
            "calendar:LegacyFreeBusyStatus",
            "calendar:Location",
            "calendar:CalendarItemType",
            "calendar:Duration",
            "calendar:StartTimeZone",
        ],
    );
    let text = |name: &str| read.text(name);
    assert_eq!(text("t:Subject"), "Visit &amp; check");
    assert!(
        read.text
            .contains("<t:Body BodyType=\"Text\">first&#13;\nsecond</t:Body>")
    );
    assert_eq!(
        (text("t:Start"), text("t:End")),
        (
            "2026-11-23T08:00:00Z".to_owned(),
            "2026-11-23T09:30:00Z".to_owned()
        )
    );
    assert_eq!(
        [
            text("t:Sensitivity"),
            text("t:ReminderIsSet"),
            text("t:LegacyFreeBusyStatus"),
            text("t:Location")
        ],
        ["Private", "false", "OOF", "Room 1"]
    );
    assert_eq!(
        [text("t:CalendarItemType"), text("t:Duration")],
        ["Single", "PT1H30M"]
    );
    assert_eq!(
        read.attributes("t:StartTimeZone", "Id"),
        ["W. Europe Standard Time"]
    );
    assert_eq!(read.change_key(), made.change_key());

    let graph = server.anna("/events").json();
    assert_eq!(graph["value"][0]["showAs"], "oof");
    assert_eq!(
        graph["value"][0]["originalStartTimeZone"],
        "W. Europe Standard Time"
    );
}

#[test]
fn whole_days_go_from_midnight_to_midnight_of_their_zone() {
    let server = Server::start();
    let days = |start: &str, end: &str, zones: &str| {
        let made = server.make(&format!(
            "<t:Start>{start}</t:Start><t:End>{end}</t:End><t:IsAllDayEvent>true</t:IsAllDayEvent>{zones}"
        ));
        let read = server.get_item(&[&made.id()], &["calendar:Start", "calendar:End"]);
        (read.text("t:Start"), read.text("t:End"))
    };
    let one = (
        "2026-11-22T23:00:00Z".to_owned(),
        "2026-11-23T23:00:00Z".to_owned(),
    );
    let two = (
        "2026-11-22T23:00:00Z".to_owned(),
        "2026-11-24T23:00:00Z".to_owned(),
    );
    assert_eq!(
        days("2026-11-23T00:00:00", "2026-11-24T00:00:00", BERLIN_ZONES),
        one
    );
    assert_eq!(
        days("2026-11-23T09:00:00", "2026-11-23T10:00:00", BERLIN_ZONES),
        one
    );
    // midnights of UTC, for a mailbox that is ahead of it
    assert_eq!(
        days("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", ""),
        two
    );
}

#[test]
fn a_zone_that_is_written_alone_moves_the_item() {
    let server = Server::start();
    let made = server.make(&hour_in_berlin("Moves", "2026-11-23T09:00:00"));
    let zone = "<t:StartTimeZone Id=\"GMT Standard Time\"/>";
    let moved = server.set(
        &made.id(),
        &made.change_key(),
        &[("calendar:StartTimeZone", zone)],
    );
    assert_eq!(moved.code(), "NoError");
    let read = server.get_item(&[&made.id()], &["calendar:Start", "calendar:End"]);
    assert_eq!(read.text("t:Start"), "2026-11-23T09:00:00Z");
    assert_eq!(read.text("t:End"), "2026-11-23T10:00:00Z");
}

#[test]
fn times_come_with_z_or_with_an_offset() {
    let server = Server::start();
    let made = server.make(&hour_in_berlin("Offset", "2026-11-23T09:00:00"));
    server.exchange.set_behaviour(Behaviour {
        times_with_offset: true,
        ..Behaviour::default()
    });
    let read = server.get_item(&[&made.id()], &["calendar:Start"]);
    assert_eq!(read.text("t:Start"), "2026-11-23T09:00:00+01:00");
}

#[test]
fn a_write_on_another_version_is_refused_and_changes_nothing() {
    let server = Server::start();
    let made = server.make(&hour_in_berlin("First", "2026-11-23T09:00:00"));
    let (id, key) = (made.id(), made.change_key());
    let subject = |text: &str| format!("<t:Subject>{text}</t:Subject>");
    let second = server.set(&id, &key, &[("item:Subject", &subject("Second"))]);
    assert_eq!(second.code(), "NoError");
    assert_ne!(second.change_key(), key);
    assert_eq!(
        server
            .set(&id, &key, &[("item:Subject", &subject("Third"))])
            .code(),
        "ErrorIrresolvableConflict"
    );
    server.exchange.set_behaviour(Behaviour {
        stale_change_key: StaleChangeKey::StaleObject,
        ..Behaviour::default()
    });
    assert_eq!(
        server
            .set(&id, &key, &[("item:Subject", &subject("Third"))])
            .code(),
        "ErrorStaleObject"
    );
    assert_eq!(
        server
            .set(&id, "abc", &[("item:Subject", &subject("Third"))])
            .code(),
        "ErrorInvalidChangeKey"
    );
    assert_eq!(
        server.get_item(&[&id], &["item:Subject"]).text("t:Subject"),
        "Second"
    );

    let merged = update(
        &id,
        &key,
        &format!(
            "<t:SetItemField><t:FieldURI FieldURI=\"item:Subject\"/><t:CalendarItem>{}</t:CalendarItem></t:SetItemField>",
            subject("Merged")
        ),
    );
    let merged = server.ok(&merged.replace("NeverOverwrite", "AutoResolve"));
    assert_eq!(merged.text("t:Count"), "0");
    assert_eq!(
        server.get_item(&[&id], &["item:Subject"]).text("t:Subject"),
        "Merged"
    );
}

#[test]
fn fields_are_set_taken_out_and_added_to() {
    let server = Server::start();
    let made = server.make(&format!(
        "<t:Subject>Fields</t:Subject><t:Body BodyType=\"Text\">one</t:Body><t:Start>2026-11-23T09:00:00</t:Start>\
         <t:End>2026-11-23T10:00:00</t:End><t:Location>Room</t:Location>{BERLIN_ZONES}"
    ));
    let changed = server.ok(&update(
        &made.id(),
        &made.change_key(),
        "<t:AppendToItemField><t:FieldURI FieldURI=\"item:Body\"/><t:CalendarItem><t:Body BodyType=\"Text\"> two</t:Body></t:CalendarItem></t:AppendToItemField>\
         <t:DeleteItemField><t:FieldURI FieldURI=\"calendar:Location\"/></t:DeleteItemField>\
         <t:SetItemField><t:FieldURI FieldURI=\"item:Importance\"/><t:CalendarItem><t:Importance>High</t:Importance></t:CalendarItem></t:SetItemField>",
    ));
    let fields = ["item:Body", "calendar:Location", "item:Importance"];
    let read = server.get_item(&[&made.id()], &fields);
    assert!(read.text.contains(">one two</t:Body>"));
    assert!(!read.text.contains("t:Location"));
    assert_eq!(read.text("t:Importance"), "High");

    let code = |updates: &str| {
        server
            .soap(&update(&made.id(), &changed.change_key(), updates))
            .code()
    };
    let set = |uri: &str, item: &str| {
        format!(
            "<t:SetItemField><t:FieldURI FieldURI=\"{uri}\"/><t:CalendarItem>{item}</t:CalendarItem></t:SetItemField>"
        )
    };
    assert_eq!(
        code(&set("item:Subject", "<t:Location>x</t:Location>")),
        "ErrorUpdatePropertyMismatch"
    );
    assert_eq!(
        code(&set(
            "item:Subject",
            "<t:Subject>x</t:Subject><t:Location>y</t:Location>"
        )),
        "ErrorIncorrectUpdatePropertyCount"
    );
    assert_eq!(
        code(&set("calendar:UID", "<t:UID>x</t:UID>")),
        "ErrorInvalidPropertySet"
    );
    assert_eq!(
        code("<t:DeleteItemField><t:FieldURI FieldURI=\"calendar:Start\"/></t:DeleteItemField>"),
        "ErrorInvalidPropertyDelete"
    );
    assert_eq!(
        code(&set("calendar:End", "<t:End>2026-11-22T09:00:00Z</t:End>")),
        "ErrorCalendarEndDateIsEarlierThanStartDate"
    );
}

fn weekly(server: &Server) -> support::ews::Answer {
    server.make(&format!(
        "<t:Subject>Weekly</t:Subject><t:Start>2026-11-23T09:00:00</t:Start><t:End>2026-11-23T10:00:00</t:End>\
         <t:Recurrence><t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Monday</t:DaysOfWeek></t:WeeklyRecurrence>\
         <t:NumberedRecurrence><t:StartDate>2026-11-23</t:StartDate><t:NumberOfOccurrences>4</t:NumberOfOccurrences>\
         </t:NumberedRecurrence></t:Recurrence>{BERLIN_ZONES}"
    ))
}

const SERIES: &[&str] = &[
    "calendar:Recurrence",
    "calendar:FirstOccurrence",
    "calendar:LastOccurrence",
    "calendar:ModifiedOccurrences",
    "calendar:DeletedOccurrences",
];

#[test]
fn exceptions_are_written_by_the_ids_of_occurrences() {
    let server = Server::start();
    let master = weekly(&server);
    let seen = server.view("2026-11-23", "2026-12-31");
    let ids = seen.ids();
    assert_eq!(ids.len(), 4);
    // an occurrence has the version of its series
    assert_eq!(seen.change_key(), master.change_key());
    let start = |time: &str| format!("<t:Start>{time}</t:Start>");
    let end = |time: &str| format!("<t:End>{time}</t:End>");
    let moved = server.set(
        &ids[1],
        &master.change_key(),
        &[
            ("calendar:Start", &start("2026-12-01T08:00:00Z")),
            ("calendar:End", &end("2026-12-01T09:00:00Z")),
        ],
    );
    assert_eq!(moved.code(), "NoError");
    // its neighbour has another version by now
    assert_eq!(
        server
            .set(
                &ids[2],
                &master.change_key(),
                &[("item:Subject", "<t:Subject>x</t:Subject>")]
            )
            .code(),
        "ErrorIrresolvableConflict"
    );
    let over = server.set(
        &ids[2],
        &moved.change_key(),
        &[
            ("calendar:Start", &start("2026-12-14T09:30:00Z")),
            ("calendar:End", &end("2026-12-14T10:30:00Z")),
        ],
    );
    assert_eq!(over.code(), "ErrorOccurrenceCrossingBoundary");
    assert_eq!(
        server.soap(&delete(&ids[3], "MoveToDeletedItems")).code(),
        "NoError"
    );

    let read = server.get_item(&[&master.id()], SERIES);
    assert_eq!(read.text("t:NumberOfOccurrences"), "4");
    assert_eq!(
        read.pieces("t:FirstOccurrence")[0].text("t:Start"),
        "2026-11-23T08:00:00Z"
    );
    assert_eq!(
        read.pieces("t:LastOccurrence")[0].text("t:Start"),
        "2026-12-07T08:00:00Z"
    );
    let changed = &read.pieces("t:ModifiedOccurrences")[0];
    assert_eq!(changed.ids(), [ids[1].clone()]);
    assert_eq!(changed.text("t:Start"), "2026-12-01T08:00:00Z");
    assert_eq!(changed.text("t:OriginalStart"), "2026-11-30T08:00:00Z");
    assert_eq!(
        read.pieces("t:DeletedOccurrence")[0].text("t:Start"),
        "2026-12-14T08:00:00Z"
    );

    let kinds = server.get_item(
        &[&ids[0], &ids[1], &ids[3]],
        &[
            "calendar:CalendarItemType",
            "calendar:UID",
            "calendar:RecurrenceId",
        ],
    );
    assert_eq!(kinds.codes(), ["NoError", "NoError", "ErrorItemNotFound"]);
    assert_eq!(
        kinds.texts("t:CalendarItemType"),
        ["Occurrence", "Exception"]
    );
    assert_eq!(
        kinds.texts("t:RecurrenceId"),
        ["2026-11-23T08:00:00Z", "2026-11-30T08:00:00Z"]
    );
    let uids = kinds.texts("t:UID");
    assert_eq!(uids[0], uids[1]);
}

#[test]
fn occurrences_are_counted_with_the_deleted_ones() {
    let server = Server::start();
    let master = weekly(&server);
    let ids = server.view("2026-11-23", "2026-12-31").ids();
    server.ok(&delete(&ids[0], "HardDelete"));
    let get = |id: &str| {
        server.soap(&format!(
            "<m:GetItem>{}<m:ItemIds>{id}</m:ItemIds></m:GetItem>",
            shape(&["calendar:Start"])
        ))
    };
    let nth = |index: u32| {
        get(&format!(
            "<t:OccurrenceItemId RecurringMasterId=\"{}\" InstanceIndex=\"{index}\"/>",
            master.id()
        ))
    };
    assert_eq!(nth(2).text("t:Start"), "2026-11-30T08:00:00Z");
    assert_eq!(
        nth(1).code(),
        "ErrorCalendarOccurrenceIsDeletedFromRecurrence"
    );
    assert_eq!(
        nth(5).code(),
        "ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange"
    );
    let of = |id: &str| get(&format!("<t:RecurringMasterItemId OccurrenceId=\"{id}\"/>"));
    assert_eq!(of(&ids[1]).id(), master.id());
    assert_eq!(
        of(&master.id()).code(),
        "ErrorCalendarCannotUseIdForOccurrenceId"
    );
}

const ATTENDEE: &str = "<t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>ben@example.com</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees>";

#[test]
fn attendees_are_mailed_exactly_when_the_request_says_so() {
    let server = Server::start();
    let meeting = format!(
        "<t:Subject>Meeting</t:Subject><t:Start>2026-11-23T09:00:00</t:Start><t:End>2026-11-23T10:00:00</t:End>{ATTENDEE}{BERLIN_ZONES}"
    );
    let quiet = server.ok(&create(&meeting));
    let subject = "<t:SetItemField><t:FieldURI FieldURI=\"item:Subject\"/><t:CalendarItem><t:Subject>x</t:Subject></t:CalendarItem></t:SetItemField>";
    let changed = server.ok(&update(&quiet.id(), &quiet.change_key(), subject));
    server.ok(&delete(&quiet.id(), "MoveToDeletedItems"));
    assert!(changed.status == 200 && server.exchange.mails().is_empty());

    let loud = server.ok(&create(&meeting).replace("SendToNone", "SendToAllAndSaveCopy"));
    let write = update(&loud.id(), &loud.change_key(), subject);
    let changed = server.ok(&write.replace("SendToNone", "SendOnlyToChanged"));
    let write = update(&loud.id(), &changed.change_key(), subject);
    server.ok(&write.replace("SendToNone", "SendToAllAndSaveCopy"));
    server.ok(&delete(&loud.id(), "HardDelete").replace("SendToNone", "SendOnlyToAll"));
    let kinds: Vec<MailKind> = server
        .exchange
        .mails()
        .iter()
        .map(|mail| mail.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            MailKind::Invitation,
            MailKind::Update,
            MailKind::Cancellation
        ]
    );
}

#[test]
fn what_the_request_does_not_say_about_mails_is_refused() {
    let server = Server::start();
    let fields = hour_in_berlin("Silent", "2026-11-23T09:00:00");
    let made = server.make(&fields);
    let code = |body: String, attribute: &str| {
        let missing = body.replace(&format!(" {attribute}=\"SendToNone\""), "");
        server.soap(&missing).code()
    };
    assert_eq!(
        code(create(&fields), "SendMeetingInvitations"),
        "ErrorSendMeetingInvitationsRequired"
    );
    let set = "<t:SetItemField><t:FieldURI FieldURI=\"item:Subject\"/><t:CalendarItem><t:Subject>x</t:Subject></t:CalendarItem></t:SetItemField>";
    assert_eq!(
        code(
            update(&made.id(), &made.change_key(), set),
            "SendMeetingInvitationsOrCancellations"
        ),
        "ErrorSendMeetingInvitationsOrCancellationsRequired"
    );
    assert_eq!(
        code(delete(&made.id(), "HardDelete"), "SendMeetingCancellations"),
        "ErrorSendMeetingCancellationsRequired"
    );
    let wrong = create(&fields).replace("SendToNone", "SendToSome");
    assert_eq!(server.soap(&wrong).code(), "ErrorSchemaValidation");
    assert_eq!(server.exchange.person(ANNA).events().unwrap().len(), 1);
}

#[test]
fn elements_out_of_the_schemas_order_are_refused() {
    let server = Server::start();
    for fields in [
        "<t:Start>2026-11-23T09:00:00</t:Start><t:Subject>x</t:Subject><t:End>2026-11-23T10:00:00</t:End>",
        "<t:Subject>x</t:Subject><t:Subject>y</t:Subject>",
        "<t:Title>x</t:Title>",
        "<m:Subject>x</m:Subject>",
    ] {
        let answer = server.make(fields);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (500, "ErrorSchemaValidation"),
            "{fields}"
        );
    }
    assert_eq!(
        server
            .make("<t:Size>1</t:Size><t:Start>2026-11-23T09:00:00Z</t:Start>")
            .code(),
        "ErrorInvalidPropertySet"
    );
}

#[test]
fn deleted_items_lie_in_deleted_items_or_are_gone() {
    let server = Server::start();
    let made = server.make(&hour_in_berlin("Goes", "2026-11-23T09:00:00"));
    let stale = delete(&made.id(), "MoveToDeletedItems").replace(
        "\"/></m:ItemIds>",
        "\" ChangeKey=\"DwAAABYAAACold\"/></m:ItemIds>",
    );
    assert_eq!(server.soap(&stale).code(), "ErrorIrresolvableConflict");
    server.ok(&delete(&made.id(), "MoveToDeletedItems"));
    assert_eq!(
        server
            .soap(&delete(&made.id(), "MoveToDeletedItems"))
            .code(),
        "ErrorItemNotFound"
    );
    let bin = |server: &Server| {
        server.ok(&format!(
            "<m:FindItem Traversal=\"Shallow\">{}<m:ParentFolderIds><t:DistinguishedFolderId Id=\"deleteditems\"/></m:ParentFolderIds></m:FindItem>",
            shape(&["item:Subject"])
        ))
    };
    let lies = bin(&server);
    assert_eq!(lies.texts("t:Subject"), ["Goes"]);
    let subject = [("item:Subject", "<t:Subject>x</t:Subject>")];
    assert_eq!(
        server.set(&lies.id(), &lies.change_key(), &subject).code(),
        "ErrorCalendarCannotUpdateDeletedItem"
    );
    server.ok(&delete(&lies.id(), "MoveToDeletedItems"));
    assert!(bin(&server).ids().is_empty());
    assert_eq!(
        server.soap(&delete("AAMk", "HardDelete")).code(),
        "ErrorInvalidIdMalformed"
    );
}

#[test]
fn one_item_of_several_cannot_be_read() {
    let server = Server::start();
    let person = server.exchange.person(ANNA);
    let bad = person.create(&draft("Bad", "2026-11-23T09:00:00")).unwrap();
    person
        .create(&draft("Good", "2026-11-23T10:00:00"))
        .unwrap();
    let ids = server.sync("", 10).ids();
    server.exchange.add_fault(
        Fault::next(Effect::ItemUnreadable {
            id: bad,
            code: "ErrorItemCorrupt".to_owned(),
        })
        .path("GetItem"),
    );
    let read = server.get_item(&[&ids[0], &ids[1]], &["item:Subject"]);
    assert_eq!(read.codes(), ["ErrorItemCorrupt", "NoError"]);
    assert_eq!(read.texts("t:Subject"), ["Good"]);
}

#[test]
fn a_write_may_take_effect_and_still_be_answered_with_an_error() {
    let server = Server::start();
    server.exchange.add_fault(
        Fault::next(Effect::StatusAfter {
            status: 504,
            code: None,
            retry_after: None,
        })
        .path("CreateItem"),
    );
    assert_eq!(
        server
            .make(&hour_in_berlin("There", "2026-11-23T09:00:00"))
            .status,
        504
    );
    assert_eq!(
        server.view("2026-11-23", "2026-11-24").texts("t:Subject"),
        ["There"]
    );
    server.exchange.add_fault(Fault::next(Effect::Status {
        status: 200,
        code: Some("ErrorMailboxMoveInProgress".to_owned()),
        retry_after: None,
    }));
    assert_eq!(
        server
            .make(&hour_in_berlin("Not", "2026-11-23T09:00:00"))
            .code(),
        "ErrorMailboxMoveInProgress"
    );
    let counted = server.exchange.counters();
    assert_eq!(
        (counted.operations.creates, counted.operations.reads),
        (2, 1)
    );
    assert_eq!(counted.mailboxes[ANNA].creates, 2);
}

#[test]
fn an_item_is_shown_as_a_file() {
    use base64::Engine;
    let server = Server::start();
    let made = server.make(&hour_in_berlin("File", "2026-11-23T09:00:00"));
    let read = server.get_item(&[&made.id()], &["item:MimeContent"]);
    let encoded = read.text.split("CharacterSet=\"UTF-8\">").nth(1).unwrap();
    let encoded = encoded.split('<').next().unwrap();
    let file = base64::prelude::BASE64_STANDARD.decode(encoded).unwrap();
    let file = String::from_utf8(file).unwrap();
    assert!(file.contains("SUMMARY:File\r\n") && file.contains("DTSTART:20261123T080000Z\r\n"));
    let other = Server::start();
    let loaded = other
        .exchange
        .load_calendar_text("file", &file, ANNA)
        .unwrap();
    assert_eq!(loaded.items, 1);
    assert_eq!(other.sync("", 10).texts("t:Subject"), ["File"]);
}

#[test]
fn the_zone_stands_in_the_options_of_the_browser() {
    let server = Server::start();
    let ask = || {
        server.soap(
            "<m:GetUserConfiguration><m:UserConfigurationName Name=\"OWA.UserOptions\"><t:DistinguishedFolderId Id=\"root\"/></m:UserConfigurationName>\
             <m:UserConfigurationProperties>Dictionary</m:UserConfigurationProperties></m:GetUserConfiguration>",
        )
    };
    assert_eq!(
        ask().texts("t:Value"),
        ["timezone", "W. Europe Standard Time"]
    );
    server.exchange.set_behaviour(Behaviour {
        no_user_options: true,
        ..Behaviour::default()
    });
    assert_eq!(ask().code(), "ErrorItemNotFound");
}
