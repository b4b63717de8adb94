//! Creations: never twice.

use super::*;

#[test]
fn a_creation_mails_nobody_carries_the_marker_and_is_read_back() {
    let script = Script::new()
        .then("CreateItem", &[written("a")])
        .then("GetItem", &[item(&event("a", "Visit"))]);
    let outcomes = push(&script, vec![create(1)]);
    let echo = done(&outcomes[0]);
    assert_eq!((echo.writes, echo.status), (1, 200));
    assert_eq!(echo.request_id, "r-1");
    let base = echo.base.as_ref().unwrap();
    assert_eq!(base.version, version("a-1"));
    let sent = script.sent(0);
    for part in [
        "SendMeetingInvitations=\"SendToNone\"",
        "<t:Value>acme:to-do:12:1</t:Value>",
        "<t:Start>2026-03-03T10:00:00</t:Start>",
        "<t:End>2026-03-03T11:00:00</t:End>",
        "<t:StartTimeZone Id=\"W. Europe Standard Time\"/>",
        "<t:PrimarySmtpAddress>anna@acme.example</t:PrimarySmtpAddress>",
    ] {
        assert!(sent.contains(part), "{part} in {sent}");
    }
    for part in ["Attendee", "ReminderIsSet", "MeetingTimeZone"] {
        assert!(!sent.contains(part), "{part} in {sent}");
    }
}

#[test]
fn whole_days_are_written_as_midnights_and_past_items_without_reminder() {
    let days = EventContent {
        span: Span::AllDay(sync::contract::DaySpan {
            first: sync::contract::Date {
                year: 2026,
                month: 3,
                day: 3,
            },
            after: sync::contract::Date {
                year: 2026,
                month: 3,
                day: 4,
            },
        }),
        without_reminder: true,
        ..content()
    };
    let script = Script::new()
        .then("CreateItem", &[written("a")])
        .then("GetItem", &[item(&event("a", "Visit"))]);
    let action = PushAction::Create(ExchangeContent::Event(days));
    push(&script, vec![operation(1, action)]);
    let sent = script.sent(0);
    for part in [
        "<t:ReminderIsSet>false</t:ReminderIsSet>",
        "<t:Start>2026-03-03T00:00:00</t:Start>",
        "<t:End>2026-03-04T00:00:00</t:End>",
        "<t:IsAllDayEvent>true</t:IsAllDayEvent>",
    ] {
        assert!(sent.contains(part), "{part} in {sent}");
    }
}

#[test]
fn a_wall_time_that_comes_twice_is_written_in_utc() {
    let twice = EventContent {
        span: Span::Timed(TimedSpan {
            start: at("2026-10-25T00:30:00Z"),
            end: at("2026-10-25T01:30:00Z"),
        }),
        ..content()
    };
    let script = Script::new()
        .then("CreateItem", &[written("a")])
        .then("GetItem", &[item(&event("a", "Visit"))]);
    let action = PushAction::Create(ExchangeContent::Event(twice));
    push(&script, vec![operation(1, action)]);
    assert!(
        script
            .sent(0)
            .contains("<t:Start>2026-10-25T00:30:00</t:Start>")
    );
    assert!(script.sent(0).contains("<t:StartTimeZone Id=\"UTC\"/>"));
}

#[test]
fn a_creation_whose_answer_was_lost_is_unknown_and_not_sent_again() {
    let lost = Fault::Unreachable(Unreachable {
        cause: UnreachableCause::TimeOut,
        detail: String::new(),
    });
    for script in [
        Script::new().then_fault(lost),
        Script::new().then_response(fault("ErrorServerBusy")),
        Script::new().then_response(fault("ErrorInternalServerError")),
        Script::new().then("CreateItem", &[bad("ErrorTimeoutExpired")]),
        Script::new().then("CreateItem", &[]),
    ] {
        let outcomes = push(&script, vec![create(1)]);
        assert!(matches!(outcomes[0], Outcome::Unknown(_)), "{outcomes:?}");
        assert_eq!(script.asked().len(), 1);
    }
}

#[test]
fn a_creation_that_never_left_was_not_sent() {
    let script = Script::new().then_fault(Fault::Unreachable(Unreachable {
        cause: UnreachableCause::NameNotFound,
        detail: String::new(),
    }));
    let outcomes = push(&script, vec![create(1), create(2)]);
    assert!(outcomes.iter().all(|it| matches!(it, Outcome::NotSent(_))));
}

#[test]
fn creations_share_a_request_and_have_results_of_their_own() {
    let script = Script::new()
        .then(
            "CreateItem",
            &[
                written("a"),
                bad("ErrorQuotaExceeded"),
                bad("ErrorInvalidPropertySet"),
            ],
        )
        .then("GetItem", &[item(&event("a", "Visit"))]);
    let outcomes = push(&script, vec![create(1), create(2), create(3)]);
    done(&outcomes[0]);
    assert!(matches!(outcomes[1], Outcome::Failed(Fault::Quota(_))));
    assert!(matches!(outcomes[2], Outcome::Refused(_)));
}

#[test]
fn a_request_that_the_schema_refuses_was_not_begun_and_is_tried_one_by_one() {
    let script = Script::new()
        .then_response(fault("ErrorSchemaValidation"))
        .then("CreateItem", &[written("a")])
        .then_response(fault("ErrorSchemaValidation"))
        .then("GetItem", &[item(&event("a", "Visit"))]);
    let outcomes = push(&script, vec![create(1), create(2)]);
    done(&outcomes[0]);
    assert!(matches!(outcomes[1], Outcome::Refused(_)));
}

#[test]
fn what_cannot_be_read_back_is_unknown() {
    let script = Script::new()
        .then("CreateItem", &[written("a")])
        .then("GetItem", &[bad("ErrorInternalServerError")]);
    let outcomes = push(&script, vec![create(1)]);
    assert!(matches!(outcomes[0], Outcome::Unknown(_)));
}

#[test]
fn a_time_that_landed_elsewhere_is_written_once_more_in_utc() {
    let late = event("a", "Visit")
        .replace("2026-03-03T09:00:00Z", "2026-03-03T10:00:00Z")
        .replace("2026-03-03T11:00:00+01:00", "2026-03-03T12:00:00+01:00");
    let script = Script::new()
        .then("CreateItem", &[written("a")])
        .then("GetItem", &[item(&late)])
        .then("UpdateItem", &[written("a")])
        .then("GetItem", &[item(&event("a", "Visit"))]);
    let outcomes = push(&script, vec![create(1)]);
    let echo = done(&outcomes[0]);
    assert_eq!(echo.writes, 2);
    assert!(matches!(&echo.item, EchoedItem::Event(event) if event.span == span()));
    assert!(script.sent(2).contains("<t:StartTimeZone Id=\"UTC\"/>"));
}

#[test]
fn a_contact_is_made_and_overwritten_with_all_its_fields() {
    let contact = Contact {
        prefix: "Dr.".into(),
        given_name: "Ann".into(),
        middle_name: String::new(),
        surname: "Smith".into(),
        suffix: "Jr.".into(),
        job_title: String::new(),
        organisation: "Acme".into(),
        emails: vec!["ann@example.org".into()],
        business_phones: vec!["+49 30 1".into(), "+49 30 2".into()],
        mobile_phone: "+49 170 1".into(),
        home_phone: String::new(),
        business_fax: "+49 30 3".into(),
        business_address: PostalAddress {
            street: String::new(),
            city: "Berlin".into(),
            state: String::new(),
            postal_code: "10115".into(),
            country: "Germany".into(),
        },
        notes: "Likes tea".into(),
    };
    let shown = "<t:Contact><t:ItemId Id=\"c\" ChangeKey=\"c-1\"/><t:Body BodyType=\"Text\">Likes tea</t:Body>\
        <t:ExtendedProperty><t:ExtendedFieldURI PropertyTag=\"0x3a45\" PropertyType=\"String\"/><t:Value>Dr.</t:Value></t:ExtendedProperty>\
        <t:GivenName>Ann</t:GivenName><t:CompanyName>Acme</t:CompanyName>\
        <t:EmailAddresses><t:Entry Key=\"EmailAddress1\" Name=\"Ann\">ann@example.org</t:Entry></t:EmailAddresses>\
        <t:PhysicalAddresses><t:Entry Key=\"Home\"><t:City>Rome</t:City></t:Entry><t:Entry Key=\"Business\"><t:City>Berlin</t:City>\
        <t:CountryOrRegion>Germany</t:CountryOrRegion><t:PostalCode>10115</t:PostalCode></t:Entry></t:PhysicalAddresses>\
        <t:PhoneNumbers><t:Entry Key=\"BusinessFax\">+49 30 3</t:Entry><t:Entry Key=\"BusinessPhone\">+49 30 1</t:Entry>\
        <t:Entry Key=\"BusinessPhone2\">+49 30 2</t:Entry><t:Entry Key=\"HomePhone\"/><t:Entry Key=\"MobilePhone\">+49 170 1</t:Entry></t:PhoneNumbers>\
        <t:Generation>Jr.</t:Generation><t:Surname>Smith</t:Surname></t:Contact>";
    let made = PushAction::Create(ExchangeContent::Contact(contact.clone()));
    let overwritten = PushAction::Update(ExchangeUpdate {
        target: reference("c"),
        version: version(""),
        proof: proof(""),
        patch: ExchangePatch::Contact(contact.clone()),
    });
    let named = "<t:Contact><t:ItemId Id=\"c\" ChangeKey=\"c-1\"/></t:Contact>";
    let script = Script::new()
        .then("CreateItem", &[item(named)])
        .then("GetItem", &[item(shown)])
        .then("UpdateItem", &[item(named)])
        .then("GetItem", &[item(shown)]);
    let outcomes = push(&script, vec![operation(1, made), operation(2, overwritten)]);
    for outcome in &outcomes {
        let EchoedItem::Contact(echoed) = &done(outcome).item else {
            panic!("{outcome:?}")
        };
        assert_eq!(echoed.fields, contact);
    }
    let update = script.sent(2);
    assert!(!update.contains("<t:ItemId Id=\"c\" ChangeKey"), "{update}");
    assert!(
        update.contains("ConflictResolution=\"AlwaysOverwrite\""),
        "{update}"
    );
    assert!(update.contains(
        "<t:DeleteItemField><t:IndexedFieldURI FieldURI=\"contacts:EmailAddress\" FieldIndex=\"EmailAddress2\"/>"
    ));
}
