//! EWS: `FindItem` by calendar view, by page, and with restrictions.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use support::ews::{BERLIN_ZONES, CALENDAR, MARKER_PATH, hour_in_berlin, shape};
use support::{ANNA, Server, draft};

fn find(server: &Server, view: &str, rest: &str) -> support::ews::Answer {
    server.soap(&format!(
        "<m:FindItem Traversal=\"Shallow\">{}{view}{rest}{CALENDAR}</m:FindItem>",
        shape(&["item:Subject", "calendar:Start"])
    ))
}

#[test]
fn a_calendar_view_spreads_series_and_shows_no_masters() {
    let server = Server::start();
    server.make(&format!(
        "<t:Subject>Daily</t:Subject><t:Start>2026-11-23T09:00:00</t:Start><t:End>2026-11-23T10:00:00</t:End><t:Recurrence>\
         <t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence><t:NoEndRecurrence>\
         <t:StartDate>2026-11-23</t:StartDate></t:NoEndRecurrence></t:Recurrence>{BERLIN_ZONES}"
    ));
    server.make(&hour_in_berlin("Single", "2026-11-24T15:00:00"));
    let seen = server.view("2026-11-23", "2026-11-26");
    assert_eq!(
        seen.texts("t:Subject"),
        ["Daily", "Daily", "Single", "Daily"]
    );
    assert_eq!(
        seen.texts("t:CalendarItemType"),
        ["Occurrence", "Occurrence", "Single", "Occurrence"]
    );
    assert_eq!(seen.text("t:Start"), "2026-11-23T08:00:00Z");
    assert_eq!(
        seen.attributes("m:RootFolder", "IncludesLastItemInRange"),
        ["true"]
    );

    let view = |attributes: &str| find(&server, &format!("<m:CalendarView {attributes}/>"), "");
    let long = view("StartDate=\"2026-11-23T00:00:00Z\" EndDate=\"2028-11-23T00:00:00Z\"");
    assert_eq!(long.attributes("m:RootFolder", "TotalItemsInView"), ["732"]);
    let cut = view(
        "MaxEntriesReturned=\"2\" StartDate=\"2026-11-23T00:00:00Z\" EndDate=\"2026-12-23T00:00:00Z\"",
    );
    assert_eq!(cut.ids().len(), 2);
    assert_eq!(
        cut.attributes("m:RootFolder", "IncludesLastItemInRange"),
        ["false"]
    );
    let code = |from: &str, to: &str| {
        view(&format!(
            "StartDate=\"{from}T00:00:00Z\" EndDate=\"{to}T00:00:00Z\""
        ))
        .code()
    };
    assert_eq!(
        code("2026-01-01", "2028-01-02"),
        "ErrorCalendarViewRangeTooBig"
    );
    assert_eq!(
        code("2026-01-02", "2026-01-01"),
        "ErrorCalendarEndDateIsEarlierThanStartDate"
    );
}

#[test]
fn more_than_a_thousand_occurrences_are_cut() {
    let server = Server::start();
    for hour in 8..10 {
        server.make(&format!(
            "<t:Start>2026-11-23T{hour:02}:00:00Z</t:Start><t:End>2026-11-23T{hour:02}:30:00Z</t:End><t:Recurrence>\
             <t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence><t:NoEndRecurrence>\
             <t:StartDate>2026-11-23</t:StartDate></t:NoEndRecurrence></t:Recurrence>"
        ));
    }
    let seen = server.view("2026-11-23", "2028-11-22");
    assert_eq!(seen.ids().len(), 1000);
    assert_eq!(
        seen.attributes("m:RootFolder", "IncludesLastItemInRange"),
        ["false"]
    );
}

#[test]
fn the_marker_is_found_without_regard_to_case_and_beside_others() {
    let server = Server::start();
    let marked = |subject: &str, value: &str| {
        format!(
            "<t:Subject>{subject}</t:Subject><t:ExtendedProperty>{MARKER_PATH}<t:Value>{value}</t:Value></t:ExtendedProperty>\
             <t:Start>2026-11-23T09:00:00</t:Start><t:End>2026-11-23T10:00:00</t:End>{BERLIN_ZONES}"
        )
    };
    server.make(&marked("One", "t1:appointment:1:1"));
    server.make(&marked("Two", "t1:appointment:2:1"));
    server.make(&hour_in_berlin("Three", "2026-11-23T09:00:00"));
    let subjects = |restriction: &str| {
        let rest = format!("<m:Restriction>{restriction}</m:Restriction>");
        find(&server, "", &rest).texts("t:Subject")
    };
    let constant = |value: &str| {
        format!("<t:FieldURIOrConstant><t:Constant Value=\"{value}\"/></t:FieldURIOrConstant>")
    };
    let equal = |value: &str| {
        format!(
            "<t:IsEqualTo>{MARKER_PATH}{}</t:IsEqualTo>",
            constant(value)
        )
    };
    assert_eq!(subjects(&equal("T1:Appointment:1:1")), ["One"]);
    assert_eq!(
        subjects(&format!(
            "<t:Or>{}{}</t:Or>",
            equal("t1:appointment:1:1"),
            equal("t1:appointment:2:1")
        )),
        ["One", "Two"]
    );
    assert_eq!(
        subjects(&format!("<t:Exists>{MARKER_PATH}</t:Exists>")),
        ["One", "Two"]
    );
    assert_eq!(
        subjects(&format!(
            "<t:Not><t:Exists>{MARKER_PATH}</t:Exists></t:Not>"
        )),
        ["Three"]
    );
    assert_eq!(
        subjects(&format!(
            "<t:Contains ContainmentMode=\"Prefixed\" ContainmentComparison=\"IgnoreCase\">{MARKER_PATH}<t:Constant Value=\"t1:appointment:2\"/></t:Contains>"
        )),
        ["Two"]
    );
    let later = format!(
        "<t:IsGreaterThan><t:FieldURI FieldURI=\"calendar:Start\"/>{}</t:IsGreaterThan>",
        constant("2026-11-23T08:00:00Z")
    );
    assert!(subjects(&later).is_empty());

    // the same property in the other face
    let filter = "singleValueExtendedProperties/any(ep: ep/id eq 'String {6d2b7c0e-93f4-4a1b-8a57-2f0c41d5be96} Name TandemMarker' and ep/value eq 't1:appointment:1:1')";
    let found = server.anna(&format!("/events?$filter={filter}")).json();
    assert_eq!(found["value"].as_array().unwrap().len(), 1);
}

#[test]
fn pages_are_of_1000_items_and_with_a_restriction_of_250() {
    let server = Server::start();
    let person = server.exchange.person(ANNA);
    for _ in 0..1010 {
        person
            .create(&draft("Many", "2026-11-23T09:00:00"))
            .unwrap();
    }
    let page = |offset: usize, rest: &str| {
        let view = format!(
            "<m:IndexedPageItemView MaxEntriesReturned=\"2000\" Offset=\"{offset}\" BasePoint=\"Beginning\"/>"
        );
        let answer = find(&server, &view, rest);
        let root = |name: &str| answer.attributes("m:RootFolder", name)[0].clone();
        (
            answer.ids().len(),
            root("IndexedPagingOffset"),
            root("IncludesLastItemInRange"),
        )
    };
    assert_eq!(page(0, ""), (1000, "1000".to_owned(), "false".to_owned()));
    assert_eq!(page(1000, ""), (10, "1010".to_owned(), "true".to_owned()));
    let restriction = "<m:Restriction><t:Exists><t:FieldURI FieldURI=\"item:Subject\"/></t:Exists></m:Restriction>";
    assert_eq!(
        page(750, restriction),
        (250, "1000".to_owned(), "false".to_owned())
    );
}

#[test]
fn a_list_is_sorted_as_asked() {
    let server = Server::start();
    for (subject, start) in [
        ("b", "2026-11-24T09:00:00"),
        ("a", "2026-11-25T09:00:00"),
        ("c", "2026-11-23T09:00:00"),
    ] {
        server.make(&hour_in_berlin(subject, start));
    }
    let sorted = |order: &str, uri: &str| {
        let rest = format!(
            "<m:SortOrder><t:FieldOrder Order=\"{order}\"><t:FieldURI FieldURI=\"{uri}\"/></t:FieldOrder></m:SortOrder>"
        );
        find(&server, "", &rest).texts("t:Subject")
    };
    assert_eq!(sorted("Ascending", "item:Subject"), ["a", "b", "c"]);
    assert_eq!(sorted("Descending", "calendar:Start"), ["a", "b", "c"]);
}

#[test]
fn lists_carry_no_bodies_and_views_take_no_restriction() {
    let server = Server::start();
    let body = server.soap(&format!(
        "<m:FindItem Traversal=\"Shallow\">{}{CALENDAR}</m:FindItem>",
        shape(&["item:Body"])
    ));
    assert_eq!(body.code(), "ErrorInvalidPropertyRequest");
    let view =
        "<m:CalendarView StartDate=\"2026-11-23T00:00:00Z\" EndDate=\"2026-11-24T00:00:00Z\"/>";
    let restriction = format!("<m:Restriction><t:Exists>{MARKER_PATH}</t:Exists></m:Restriction>");
    assert_eq!(
        find(&server, view, &restriction).code(),
        "ErrorInvalidRestriction"
    );
    assert_eq!(
        find(&server, &restriction, view).code(),
        "ErrorSchemaValidation"
    );
}
