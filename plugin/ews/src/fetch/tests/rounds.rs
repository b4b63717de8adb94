//! Rounds: the first, idle ones, those of a new day, and those that get lost.

use super::*;
use crate::script::soap;

fn since(script: &Script) -> usize {
    script.asked().len()
}

#[test]
fn the_first_round_reads_everything_with_zone_and_markers() {
    let marker = marked("acme:to-do:12:3");
    let one =
        event("a", "Visit").replace("</t:CalendarItem>", &format!("{marker}</t:CalendarItem>"));
    let script = with_zone(Script::new())
        .then(
            "SyncFolderItems",
            &[changes("s1", false, &format!("<t:Create>{one}</t:Create>"))],
        )
        .then("GetItem", &[item(&one)])
        .then("SyncFolderItems", &[changes("s2", true, "")])
        .then("FindItem", &[found(true, &event("a", "Visit"))]);
    let (page, end) = round(&script, None, 2);
    assert!(script.is_over());
    assert_eq!(page.zone.unwrap().name, "W. Europe Standard Time");
    let [Change::Event(read)] = &page.changes[..] else {
        panic!("{:?}", page.changes)
    };
    assert_eq!(read.subject, "Visit");
    assert!(
        matches!(&read.marker, sync::contract::MarkerReading::Present(it) if it.generation == 3)
    );
    assert_eq!(end.coverage, Coverage::Everything);
    assert!(end.markers_listed);
    assert!(script.sent(3).contains("<m:SyncState>s1</m:SyncState>"));
    assert!(
        script
            .sent(4)
            .contains("StartDate=\"2026-02-28T09:00:00Z\""),
        "{}",
        script.sent(4)
    );
}

#[test]
fn what_is_past_without_a_marker_is_not_read_but_there() {
    let old = event("old", "Old")
        .replace("2026-03-03T09:00:00Z", "2025-03-03T09:00:00Z")
        .replace("2026-03-03T11:00:00+01:00", "2025-03-03T11:00:00+01:00");
    let script = with_zone(Script::new())
        .then(
            "SyncFolderItems",
            &[changes("s1", true, &format!("<t:Create>{old}</t:Create>"))],
        )
        .then("FindItem", &[found(true, "")]);
    let (page, _) = round(&script, None, 2);
    assert!(page.changes.is_empty());
    assert_eq!(page.present.len(), 1);
}

#[test]
fn an_idle_round_is_one_request_and_two_on_the_first_of_a_day() {
    let (script, end) = read_once(&[master("m", "")], &occurrence("m", 3, "Occurrence"));
    let before = since(&script);
    let script = script.then("SyncFolderItems", &[changes("s2", true, "")]);
    let (page, end) = round(&script, Some(end.cursor), 2);
    assert_eq!(page, empty_page());
    assert_eq!(end.coverage, Coverage::ChangesOnly);
    assert_eq!(since(&script) - before, 1);
    let script = script
        .then("SyncFolderItems", &[changes("s3", true, "")])
        .then(
            "FindItem",
            &[found(true, &occurrence("m", 4, "Occurrence"))],
        );
    let (page, end) = round(&script, Some(end.cursor), 3);
    assert_eq!(
        script.asked()[before + 1..],
        ["SyncFolderItems", "FindItem"]
    );
    assert!(matches!(&page.changes[..], [Change::Occurrence(one)] if one.slot.master_id == "m"));
    assert!(matches!(end.coverage, Coverage::Within(_)));
    assert!(page.present.iter().any(|id| id.value == "m"));
}

#[test]
fn a_deletion_is_announced_and_a_change_is_read() {
    let (script, end) = read_once(&[], "");
    let script = script
        .then(
            "SyncFolderItems",
            &[changes(
                "s2",
                true,
                &format!(
                    "<t:Delete><t:ItemId Id=\"gone\" ChangeKey=\"1\"/></t:Delete>\
                     <t:ReadFlagChange><t:ItemId Id=\"x\"/><t:IsRead>true</t:IsRead></t:ReadFlagChange>\
                     <t:Update>{}</t:Update>",
                    event("b", "")
                ),
            )],
        )
        .then("GetItem", &[item(&event("b", "Moved"))]);
    let (page, _) = round(&script, Some(end.cursor), 2);
    assert_eq!(removed(&page.changes), [("gone", RemovalProof::Announced)]);
    assert_eq!(events(&page)[0].subject, "Moved");
}

#[test]
fn what_is_gone_again_before_it_was_read_is_a_removal() {
    let (script, end) = read_once(&[], "");
    let created = format!("<t:Create>{}</t:Create>", event("b", ""));
    let script = script
        .then("SyncFolderItems", &[changes("s2", true, &created)])
        .then("GetItem", &[bad("ErrorItemNotFound")]);
    let (page, _) = round(&script, Some(end.cursor), 2);
    assert_eq!(removed(&page.changes), [("b", RemovalProof::NotFound)]);
}

#[test]
fn a_series_that_is_told_is_told_with_its_occurrences() {
    let (script, end) = read_once(&[], "");
    let told = master("m", "");
    let view = [
        occurrence("m", 2, "Occurrence"),
        occurrence("m", 3, "Exception"),
        event("single", ""),
    ];
    let exception =
        occurrence("m", 3, "Exception").replace("<t:UID>", "<t:Subject>Moved</t:Subject><t:UID>");
    let script = script
        .then(
            "SyncFolderItems",
            &[changes("s2", true, &format!("<t:Update>{told}</t:Update>"))],
        )
        .then("GetItem", &[item(&told)])
        .then("FindItem", &[found(true, &view.concat())])
        .then("GetItem", &[item(&exception)]);
    let (page, end) = round(&script, Some(end.cursor), 2);
    assert!(script.is_over());
    let kinds: Vec<&str> = page
        .changes
        .iter()
        .map(|change| match change {
            Change::Event(event) if event.subject == "Moved" => "exception",
            Change::Event(_) => "master",
            Change::Occurrence(_) => "occurrence",
            _ => "other",
        })
        .collect();
    assert_eq!(kinds, ["master", "occurrence", "exception"]);
    assert_eq!(end.series_within.start, at("2026-02-28T09:00:00Z"));
}

#[test]
fn whose_series_an_occurrence_is_is_asked_where_nobody_kept_it() {
    let (script, end) = read_once(&[], "");
    let script = script
        .then("SyncFolderItems", &[changes("s2", true, "")])
        .then(
            "FindItem",
            &[found(
                true,
                &[
                    occurrence("m", 4, "Occurrence"),
                    occurrence("m", 5, "Occurrence"),
                ]
                .concat(),
            )],
        )
        .then("GetItem", &[item(&master("m", ""))]);
    let (page, _) = round(&script, Some(end.cursor), 3);
    assert!(script.is_over());
    assert_eq!(page.changes.len(), 2);
    let last = script.sent(script.asked().len() - 1);
    assert_eq!(last.matches("RecurringMasterItemId").count(), 1, "{last}");
}

#[test]
fn a_view_that_is_full_is_split() {
    let script = with_zone(Script::new())
        .then("SyncFolderItems", &[changes("s1", true, "")])
        .then("FindItem", &[found(false, &event("a", ""))])
        .then("FindItem", &[found(true, &event("a", ""))])
        .then("FindItem", &[found(true, &event("b", ""))]);
    let (page, _) = round(&script, None, 2);
    assert!(script.is_over());
    assert_eq!(page.present.len(), 2);
}

#[test]
fn a_lost_state_is_answered_by_reading_all_and_at_most_twice_a_day() {
    let (script, end) = read_once(&[], "");
    let mut cursor = end.cursor;
    let mut script = script;
    for _ in 0..2 {
        script = script.then("SyncFolderItems", &[bad("ErrorInvalidSyncStateData")]);
        let page = ask(&script, Some(cursor), 2).unwrap();
        assert_eq!(page.remarks[0].code, "read-again");
        let NextStep::More(next) = page.next else {
            panic!("{:?}", page.next)
        };
        script = with_zone(script)
            .then("SyncFolderItems", &[changes("s1", true, "")])
            .then("FindItem", &[found(true, "")]);
        let (_, end) = round(&script, Some(next), 2);
        assert_eq!(end.coverage, Coverage::Everything);
        cursor = end.cursor;
    }
    let script = script.then("SyncFolderItems", &[bad("ErrorInvalidSyncStateData")]);
    assert!(matches!(
        ask(&script, Some(cursor), 2),
        Err(Fault::CursorGone(_))
    ));
}

#[test]
fn a_round_that_repeats_its_pages_begins_anew() {
    let (script, end) = read_once(&[], "");
    let script = script
        .then("SyncFolderItems", &[changes("s2", false, "")])
        .then("SyncFolderItems", &[changes("s2", false, "")]);
    let page = ask(&script, Some(end.cursor), 2).unwrap();
    let NextStep::More(cursor) = page.next else {
        panic!("{:?}", page.next)
    };
    let page = ask(&script, Some(cursor), 2).unwrap();
    assert_eq!(page.remarks[0].code, "read-again");
}

#[test]
fn other_settings_read_everything_again() {
    let (script, end) = read_once(&[], "");
    let script = with_zone(script);
    let mut request = fetch(Scope::Changes(ChangesRequest {
        cursor: Some(end.cursor),
        window: window(2),
    }));
    request.settings.send_free_time = false;
    let page = page(&script, &request).unwrap();
    assert!(page.zone.is_some(), "a full read begins with the zone");
}

#[test]
fn a_zone_that_nobody_chose_is_that_of_the_working_hours() {
    let hours = "<m:GetUserAvailabilityResponse><m:FreeBusyResponseArray><m:FreeBusyResponse>\
        <m:ResponseMessage ResponseClass=\"Success\"><m:ResponseCode>NoError</m:ResponseCode></m:ResponseMessage>\
        <m:FreeBusyView><t:FreeBusyViewType>DetailedMerged</t:FreeBusyViewType><t:WorkingHours><t:TimeZone><t:Bias>-60</t:Bias>\
        <t:StandardTime><t:Bias>0</t:Bias><t:Time>03:00:00</t:Time><t:DayOrder>5</t:DayOrder><t:Month>10</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek></t:StandardTime>\
        <t:DaylightTime><t:Bias>-60</t:Bias><t:Time>02:00:00</t:Time><t:DayOrder>5</t:DayOrder><t:Month>3</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek></t:DaylightTime>\
        </t:TimeZone></t:WorkingHours></m:FreeBusyView></m:FreeBusyResponse></m:FreeBusyResponseArray></m:GetUserAvailabilityResponse>";
    let script = Script::new()
        .then("GetUserConfiguration", &[bad("ErrorItemNotFound")])
        .then_response(soap(200, hours));
    let page = ask(&script, None, 2).unwrap();
    let zone = sync::zone::resolve(&page.zone.unwrap()).unwrap();
    let offsets = sync::zone::offsets(at("2026-03-02T00:00:00Z"), zone);
    assert_eq!(offsets, Some((60, 120)));
    let script = Script::new()
        .then("GetUserConfiguration", &[bad("ErrorItemNotFound")])
        .then_response(fault("ErrorInvalidOperation"));
    let page = ask(&script, None, 2).unwrap();
    assert_eq!(page.zone, None);
    assert_eq!(page.remarks[0].code, "zone-unknown");
}

#[test]
fn a_busy_server_stops_the_round() {
    let script = Script::new().then_response(fault("ErrorServerBusy"));
    assert!(matches!(ask(&script, None, 2), Err(Fault::Throttled(_))));
}
