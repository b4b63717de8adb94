use sync::contract::{
    AttendeeRole, Date, DaySpan, Pattern, RangeEnd, Response, Span, TimedSpan, WeekIndex, Weekday,
};

use super::*;
use crate::examples;
use crate::operation::message::{self, Message};
use crate::script::{event, event_with, good, marked, master};

fn parsed(text: &str) -> CalendarItem {
    let text = good(&format!("<m:Items>{text}</m:Items>"));
    let message: Message = quick_xml::de::from_str(&text).unwrap();
    message.items.events().next().unwrap()
}

fn reading() -> Reading {
    Reading {
        details: true,
        zone: Some(Tz::Europe__Berlin),
    }
}

fn found(text: &str) -> Found {
    read(parsed(text), Some("m"), &reading()).unwrap()
}

fn whole(text: &str) -> ExchangeEvent {
    match found(text).change {
        Change::Event(event) => event,
        other => panic!("{other:?}"),
    }
}

fn at(text: &str) -> Instant {
    time::instant(text).unwrap()
}

fn day(year: i32, month: u8, day: u8) -> Date {
    Date { year, month, day }
}

#[test]
fn every_published_answer_is_read() {
    for (name, text) in examples::answers().unwrap_or_default() {
        let operation = name.split("Response").next().unwrap();
        match operation {
            "Fault--updateitem-operation-contact-3.xml" => {
                let fault = crate::soap::Fault::read(&text).unwrap();
                assert_eq!(fault.code(), "ErrorSchemaValidation");
            }
            "GetUserAvailability" => {
                let read: crate::operation::get_user_availability::Response =
                    crate::soap::message(&text).unwrap();
                assert_eq!(read.rules().unwrap().bias, "480");
            }
            _ if operation.starts_with("Fault") => {
                assert!(crate::soap::Fault::read(&text).is_some(), "{name}");
            }
            _ => {
                let read: message::Response =
                    crate::soap::message(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
                assert!(!read.messages().is_empty(), "{name}");
            }
        }
    }
}

#[test]
fn times_come_with_z_or_an_offset() {
    let span = Span::Timed(TimedSpan {
        start: at("2026-03-03T09:00:00Z"),
        end: at("2026-03-03T10:00:00Z"),
    });
    let event = whole(&event("a", "Visit"));
    assert_eq!(event.span, span);
    assert_eq!(event.zone.unwrap().name, "W. Europe Standard Time");
    assert_eq!(event.body, "Text\r\n");
    assert_eq!(event.created, Some(at("2026-03-01T09:00:00Z")));
}

#[test]
fn whole_days_are_those_of_the_items_own_zone() {
    for (zone, start, end) in [
        (
            "W. Europe Standard Time",
            "2026-03-02T23:00:00Z",
            "2026-03-03T23:00:00Z",
        ),
        (
            "W. Europe Standard Time",
            "2026-03-03T00:00:00+01:00",
            "2026-03-04T00:00:00+01:00",
        ),
        (
            "New Zealand Standard Time",
            "2026-03-02T11:00:00Z",
            "2026-03-03T11:00:00Z",
        ),
        (
            "Pacific Standard Time",
            "2026-03-03T08:00:00Z",
            "2026-03-04T08:00:00Z",
        ),
        (
            "Kitchen Clock Time",
            "2026-03-02T23:00:00Z",
            "2026-03-03T23:00:00Z",
        ),
        (
            "Kitchen Clock Time",
            "2026-03-02T20:30:00Z",
            "2026-03-03T20:30:00Z",
        ),
    ] {
        let text = event("a", "Visit")
            .replace("2026-03-03T09:00:00Z", start)
            .replace("2026-03-03T11:00:00+01:00", end)
            .replace("<t:IsAllDayEvent>false", "<t:IsAllDayEvent>true")
            .replace("W. Europe Standard Time", zone)
            .replace("(UTC+01:00) Berlin", zone);
        let days = DaySpan {
            first: day(2026, 3, 3),
            after: day(2026, 3, 4),
        };
        assert_eq!(whole(&text).span, Span::AllDay(days), "{zone} {start}");
    }
}

#[test]
fn a_zone_that_nobody_knows_is_said() {
    let text = event("a", "Visit")
        .replace("W. Europe Standard Time", "Kitchen Clock Time")
        .replace("(UTC+01:00) Berlin", "");
    let found = found(&text);
    assert_eq!(found.remarks[0].code, "zone-unknown");
    let id = text.replace(
        "<t:CalendarItemType>",
        "<t:StartTimeZoneId>Romance Standard Time</t:StartTimeZoneId><t:CalendarItemType>",
    );
    assert_eq!(whole(&id).zone.unwrap().name, "Romance Standard Time");
}

#[test]
fn elements_may_come_in_any_order_be_new_or_be_missing() {
    let bare = "<t:CalendarItem><t:New><t:Thing/></t:New><t:End>2026-03-03T10:00:00Z</t:End>\
        <t:Start>2026-03-03T09:00:00Z</t:Start><t:ItemId Id=\"a\"/></t:CalendarItem>";
    let event = whole(bare);
    assert_eq!(event.shape, EventShape::Single);
    assert_eq!(event.show_as, ShowAs::Unknown);
    assert!(
        !event.meeting.owner_organizes,
        "nobody said who organises it"
    );
    let timeless = "<t:CalendarItem><t:ItemId Id=\"a\"/></t:CalendarItem>";
    assert!(read(parsed(timeless), None, &reading()).is_err());
}

#[test]
fn people_and_their_answers_make_a_meeting() {
    let text = event_with(
        "a",
        "Visit",
        "<t:RequiredAttendees><t:Attendee><t:Mailbox><t:Name>X</t:Name><t:EmailAddress>x@y.example</t:EmailAddress></t:Mailbox>\
         <t:ResponseType>Decline</t:ResponseType></t:Attendee></t:RequiredAttendees>\
         <t:OptionalAttendees><t:Attendee><t:Mailbox/></t:Attendee></t:OptionalAttendees>\
         <t:IsOnlineMeeting>true</t:IsOnlineMeeting>",
    );
    let meeting = whole(&text).meeting;
    assert!(meeting.owner_organizes && meeting.online);
    assert_eq!(meeting.organizer.unwrap().address, "a@b.example");
    let roles: Vec<_> = meeting
        .attendees
        .iter()
        .map(|it| (it.role, it.response))
        .collect();
    assert_eq!(
        roles,
        [
            (AttendeeRole::Required, Response::Declined),
            (AttendeeRole::Optional, Response::None)
        ]
    );
}

#[test]
fn an_invitation_is_somebody_elses() {
    let received = event("a", "Visit")
        .replace("<t:AppointmentState>0", "<t:AppointmentState>3")
        .replace(">Organizer<", ">NoResponseReceived<");
    let event = whole(&received);
    assert!(!event.meeting.owner_organizes);
    assert_eq!(event.response, Response::NotResponded);
    let own = crate::script::event("a", "Visit").replace(">Organizer<", ">Unknown<");
    assert!(whole(&own).meeting.owner_organizes);
}

#[test]
fn bodies_are_dropped_where_only_times_may_come_over() {
    let times_only = Reading {
        details: false,
        ..reading()
    };
    let Change::Event(read) = read(parsed(&event("a", "Visit")), None, &times_only)
        .unwrap()
        .change
    else {
        panic!()
    };
    assert_eq!(read.body, "");
    let html = event("a", "Visit").replace(
        "<t:Body BodyType=\"Text\">Text",
        "<t:Body BodyType=\"HTML\">&lt;p&gt;Caf&amp;eacute;&lt;/p&gt;",
    );
    assert_eq!(sync::base::normal_text(&whole(&html).body), "Café");
}

#[test]
fn a_marker_is_read_and_another_property_is_none() {
    let with = |text: &str| {
        event("a", "Visit").replace("</t:CalendarItem>", &format!("{text}</t:CalendarItem>"))
    };
    assert!(matches!(
        whole(&with(&marked("acme:to-do:12:3"))).marker,
        MarkerReading::Present(_)
    ));
    assert!(matches!(
        whole(&with(&marked("x"))).marker,
        MarkerReading::Unreadable(_)
    ));
    let other = marked("acme:to-do:12:3").replace("TandemMarker", "Other");
    assert_eq!(whole(&with(&other)).marker, MarkerReading::Absent);
}

#[test]
fn rules_are_read_in_all_their_forms() {
    let rule = |pattern: &str, range: &str| {
        let text = event_with(
            "m",
            "S",
            &format!("<t:Recurrence>{pattern}{range}</t:Recurrence>"),
        )
        .replace(">Single<", ">RecurringMaster<");
        match whole(&text).shape {
            EventShape::Master(series) => series.rule,
            other => panic!("{other:?}"),
        }
    };
    let endless = "<t:NoEndRecurrence><t:StartDate>2026-03-01Z</t:StartDate></t:NoEndRecurrence>";
    let daily = "<t:DailyRecurrence><t:Interval>2</t:Interval></t:DailyRecurrence>";
    let read = rule(daily, endless).unwrap();
    assert!(matches!(read.pattern, Pattern::Daily(it) if it.interval == 2));
    assert_eq!((read.first, read.end), (day(2026, 3, 1), RangeEnd::Endless));
    assert_eq!(read.zone.name, "W. Europe Standard Time");
    let weekly = "<t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Monday Friday</t:DaysOfWeek><t:FirstDayOfWeek>Monday</t:FirstDayOfWeek></t:WeeklyRecurrence>";
    let until = "<t:EndDateRecurrence><t:StartDate>2026-03-01</t:StartDate><t:EndDate>2026-04-01</t:EndDate></t:EndDateRecurrence>";
    let read = rule(weekly, until).unwrap();
    assert!(matches!(&read.pattern, Pattern::Weekly(it)
        if it.days == [Weekday::Monday, Weekday::Friday] && it.first_day == Weekday::Monday));
    assert_eq!(read.end, RangeEnd::Until(day(2026, 4, 1)));
    let numbered = "<t:NumberedRecurrence><t:StartDate>2026-03-01</t:StartDate><t:NumberOfOccurrences>5</t:NumberOfOccurrences></t:NumberedRecurrence>";
    let monthly = "<t:RelativeMonthlyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Weekday</t:DaysOfWeek><t:DayOfWeekIndex>Last</t:DayOfWeekIndex></t:RelativeMonthlyRecurrence>";
    let read = rule(monthly, numbered).unwrap();
    assert!(matches!(&read.pattern, Pattern::RelativeMonthly(it)
        if it.days.len() == 5 && it.index == WeekIndex::Last));
    assert_eq!(read.end, RangeEnd::Numbered(5));
    let absolute = "<t:AbsoluteMonthlyRecurrence><t:Interval>3</t:Interval><t:DayOfMonth>31</t:DayOfMonth></t:AbsoluteMonthlyRecurrence>";
    assert!(
        matches!(rule(absolute, endless).unwrap().pattern, Pattern::AbsoluteMonthly(it)
        if it.day == 31 && it.interval == 3)
    );
    let yearly = "<t:AbsoluteYearlyRecurrence><t:DayOfMonth>29</t:DayOfMonth><t:Month>February</t:Month></t:AbsoluteYearlyRecurrence>";
    assert!(
        matches!(rule(yearly, endless).unwrap().pattern, Pattern::AbsoluteYearly(it)
        if it.day == 29 && it.month == 2)
    );
    let relative = "<t:RelativeYearlyRecurrence><t:DaysOfWeek>Sunday</t:DaysOfWeek><t:DayOfWeekIndex>First</t:DayOfWeekIndex><t:Month>December</t:Month></t:RelativeYearlyRecurrence>";
    assert!(
        matches!(rule(relative, endless).unwrap().pattern, Pattern::RelativeYearly(it)
        if it.month == 12 && it.days == [Weekday::Sunday])
    );
    let unknown = "<t:DailyRegeneration><t:Interval>2</t:Interval></t:DailyRegeneration>";
    assert_eq!(rule(unknown, endless), None);
}

#[test]
fn deleted_whole_days_stand_at_midnight_utc() {
    let deleted = "<t:DeletedOccurrences><t:DeletedOccurrence><t:Start>2026-03-04T23:00:00Z</t:Start></t:DeletedOccurrence></t:DeletedOccurrences>";
    let text = master("m", deleted).replace("<t:IsAllDayEvent>false", "<t:IsAllDayEvent>true");
    let EventShape::Master(series) = whole(&text).shape else {
        panic!()
    };
    assert_eq!(series.cancelled, Some(vec![at("2026-03-05T00:00:00Z")]));
}
