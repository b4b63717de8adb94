//! Series, told to their end.

use serde_json::json;
use sync::contract::{
    EventShape, ExchangeEvent, ExchangeId, ExchangeOccurrence, ExchangeReference, ExchangeVersion,
    Fault, Slot, Span, TimedSpan, ToldSeries,
};

use super::*;
use crate::event::time::true_instant;
use crate::script::{event, fetch};

/// Mondays at 9 in Berlin, from the 2nd of March 2026 on: the clock goes forward on the 29th.
const MONDAYS: [(u8, u8); 5] = [(2, 8), (9, 8), (16, 8), (23, 8), (30, 7)];

fn start(day: u8, hour: u8) -> sync::contract::Instant {
    true_instant(&format!("2026-03-{day:02}T{hour:02}:00:00Z")).unwrap()
}

fn shown(id: &str, kind: &str, day: u8, hour: u8) -> Value {
    let mut shown = event(id, "Stand-up");
    shown["type"] = kind.into();
    for (name, hour) in [("start", hour), ("end", hour + 1)] {
        shown[name]["dateTime"] = format!("2026-03-{day:02}T{hour:02}:00:00.0000000").into();
    }
    if kind == "seriesMaster" {
        shown["recurrence"] = json!({
            "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"], "firstDayOfWeek": "monday"},
            "range": {"type": "noEnd", "startDate": "2026-03-02", "recurrenceTimeZone": "W. Europe Standard Time"}
        });
    } else {
        shown["seriesMasterId"] = "m".into();
        shown["originalStart"] = format!("2026-03-{day:02}T{hour:02}:00:00Z").into();
    }
    shown
}

fn master() -> ExchangeEvent {
    let wire = serde_json::from_value(shown("m", "seriesMaster", 2, 8)).unwrap();
    let reading = crate::event::Reading::new(&crate::script::settings(), None);
    match crate::event::read(wire, &reading).unwrap().change {
        Change::Event(event) => event,
        other => panic!("{other:?}"),
    }
}

fn slot(day: u8, hour: u8) -> Slot {
    Slot {
        master_id: "m".into(),
        original_start: start(day, hour),
    }
}

fn told(day: u8, hour: u8) -> Change {
    Change::Occurrence(ExchangeOccurrence {
        id: ExchangeId {
            value: format!("o{day}"),
        },
        version: ExchangeVersion { tag: "1".into() },
        slot: slot(day, hour),
        span: Span::Timed(TimedSpan {
            start: start(day, hour),
            end: start(day, hour + 1),
        }),
    })
}

/// The series as a round told it, without these days; they are linked if it is said so.
fn without(days: &[u8], linked: bool) -> ToldSeries {
    let (missing, there): (Vec<_>, Vec<_>) =
        MONDAYS.into_iter().partition(|(day, _)| days.contains(day));
    ToldSeries {
        master: master(),
        instances: there
            .into_iter()
            .map(|(day, hour)| told(day, hour))
            .collect(),
        untold: missing
            .into_iter()
            .filter(|_| linked)
            .map(|(day, hour)| ExchangeReference {
                id: ExchangeId {
                    value: format!("o{day}"),
                },
                uid: None,
                slot: Some(slot(day, hour)),
            })
            .collect(),
        within: window(),
    }
}

fn complete(script: &Script, told: ToldSeries) -> Page {
    page(script, &fetch(Scope::Series(vec![told]))).unwrap()
}

fn cancelled(page: &Page) -> Vec<sync::contract::Instant> {
    let mut masters = page.changes.iter().filter_map(|change| match change {
        Change::Event(event) => match &event.shape {
            EventShape::Master(series) => series.cancelled.clone(),
            _ => None,
        },
        _ => None,
    });
    masters.next().unwrap()
}

fn cancelled_answer(days: &[&str]) -> Value {
    let names: Vec<String> = days.iter().map(|day| format!("OID.m.{day}")).collect();
    json!({"id": "m", "cancelledOccurrences": names})
}

#[test]
fn a_series_of_which_all_was_told_costs_no_request() {
    let script = Script::new();
    let page = complete(&script, without(&[], false));
    assert!(page.changes.is_empty() && page.remarks.is_empty());
    assert_eq!(script.count(), 0);
}

#[test]
fn a_deleted_occurrence_is_confirmed_and_never_asked_for_again() {
    let script = Script::new().then_batch(|_, url| {
        if url.contains("cancelledOccurrences") {
            (200, cancelled_answer(&["2026-03-16"]))
        } else {
            (
                404,
                json!({"error": {"code": "ErrorItemNotFound", "message": "x"}}),
            )
        }
    });
    let page = complete(&script, without(&[16], true));
    assert_eq!(script.count(), 1);
    assert_eq!(
        page.changes[0],
        removal("o16", RemovalProof::CancelledOccurrence)
    );
    assert_eq!(cancelled(&page), [start(16, 8)]);
    let Some(Change::Event(known)) = page.changes.last() else {
        panic!("{page:?}")
    };
    let again = ToldSeries {
        master: known.clone(),
        ..without(&[16], false)
    };
    assert!(complete(&script, again).changes.is_empty());
    assert_eq!(script.count(), 1);
}

#[test]
fn what_a_page_lost_is_found_by_the_servers_own_expansion() {
    let script = Script::new()
        .then_batch(|_, _| (200, cancelled_answer(&[])))
        .then(list(&json!([shown("o16", "occurrence", 16, 8)])));
    let page = complete(&script, without(&[16], false));
    assert_eq!(page.changes[0], {
        let mut found = told(16, 8);
        if let Change::Occurrence(occurrence) = &mut found {
            occurrence.version.tag = "W/\"o16-1\"".into();
        }
        found
    });
    assert!(cancelled(&page).is_empty());
}

#[test]
fn an_occurrence_that_moved_far_away_is_found_by_its_id() {
    let script = Script::new().then_batch(|_, url| {
        if url.contains("cancelledOccurrences") {
            (200, cancelled_answer(&[]))
        } else {
            let mut moved = shown("o16", "exception", 16, 8);
            for name in ["start", "end"] {
                moved[name]["dateTime"] = "2026-08-16T09:00:00.0000000".into();
            }
            (200, moved)
        }
    });
    let page = complete(&script, without(&[16], true));
    assert_eq!(script.count(), 1);
    assert!(matches!(
        &page.changes[0],
        Change::Event(ExchangeEvent { shape: EventShape::Exception(it), .. }) if *it == slot(16, 8)
    ));
}

#[test]
fn an_occurrence_with_another_id_is_not_taken_for_gone() {
    let script = Script::new()
        .then_batch(|_, url| {
            if url.contains("cancelledOccurrences") {
                (200, cancelled_answer(&[]))
            } else {
                (
                    404,
                    json!({"error": {"code": "ErrorItemNotFound", "message": "x"}}),
                )
            }
        })
        .then(list(&json!([shown("renamed", "occurrence", 16, 8)])));
    let page = complete(&script, without(&[16], true));
    assert!(
        !page
            .changes
            .iter()
            .any(|it| matches!(it, Change::Removal(_))),
        "{page:?}"
    );
    assert!(matches!(&page.changes[0], Change::Occurrence(it) if it.id.value == "renamed"));
}

#[test]
fn what_a_series_had_before_it_was_set_to_another_time_is_gone_and_not_cancelled() {
    let script = Script::new().then_batch(|_, url| {
        if url.contains("cancelledOccurrences") {
            (200, cancelled_answer(&[]))
        } else {
            (
                404,
                json!({"error": {"code": "ErrorItemNotFound", "message": "x"}}),
            )
        }
    });
    let before = ExchangeReference {
        id: ExchangeId {
            value: "old".into(),
        },
        uid: None,
        slot: Some(slot(16, 13)),
    };
    let page = complete(
        &script,
        ToldSeries {
            untold: vec![before],
            ..without(&[], false)
        },
    );
    assert_eq!(script.count(), 1);
    assert_eq!(page.changes[0], removal("old", RemovalProof::NotFound));
}

#[test]
fn a_rule_that_nobody_understands_is_expanded_by_the_server() {
    let mut told = without(&[2, 9, 16, 23, 30], false);
    if let EventShape::Master(series) = &mut told.master.shape {
        series.rule = None;
    }
    let script = Script::new()
        .then_batch(|_, _| (200, cancelled_answer(&[])))
        .then(list(&json!([
            shown("o9", "occurrence", 9, 8),
            shown("o16", "exception", 16, 8)
        ])));
    let page = complete(&script, told);
    assert_eq!(page.changes.len(), 3);
}

#[test]
fn a_series_that_does_not_answer_is_left_alone() {
    let script =
        Script::new().then_batch(|_, _| (500, json!({"error": {"code": "Oops", "message": "x"}})));
    let page = complete(&script, without(&[16], true));
    assert!(page.changes.is_empty(), "{page:?}");
    assert_eq!(page.remarks[0].item.as_ref().unwrap().value, "m");
}

#[test]
fn a_series_that_went_meanwhile_is_told_as_gone() {
    let gone = || json!({"error": {"code": "ErrorItemNotFound", "message": "x"}});
    let script = Script::new().then_batch(move |_, _| (404, gone()));
    let page = complete(&script, without(&[16], true));
    assert_eq!(page.changes, [removal("m", RemovalProof::NotFound)]);
}

#[test]
fn a_server_that_is_busy_is_asked_another_time() {
    let script = Script::new().then_batch(|_, _| {
        (
            429,
            json!({"error": {"code": "TooManyRequests", "message": "x"}}),
        )
    });
    let request = fetch(Scope::Series(vec![without(&[16], true)]));
    assert!(matches!(page(&script, &request), Err(Fault::Throttled(_))));
}
