//! Each trap of reading, by its name.

mod rounds;
mod search;
mod series;

use sync::contract::{
    Change, ChangesRequest, Coverage, Cursor, ExchangeEvent, Instant, NextStep, RemovalProof,
    RoundEnd, Window,
};

use super::*;
use crate::event::time::instant;
use crate::script::{
    Script, bad, changes, event, fault, fetch, found, good, item, marked, master, occurrence,
};

fn at(text: &str) -> Instant {
    instant(text).unwrap()
}

/// The window on a day of March 2026.
fn window(day: u8) -> Window {
    Window {
        start: at(&format!("2026-03-{day:02}T00:00:00+01:00")),
        end: at(&format!("2026-03-{:02}T00:00:00+01:00", day + 5)),
    }
}

fn ask(script: &Script, cursor: Option<Cursor>, day: u8) -> Result<Page, Fault> {
    let changes = ChangesRequest {
        cursor,
        window: window(day),
    };
    page(script, &fetch(Scope::Changes(changes)))
}

/// A whole round, its pages as one, and its end.
fn round(script: &Script, mut cursor: Option<Cursor>, day: u8) -> (Page, RoundEnd) {
    let mut all = empty_page();
    loop {
        let page = ask(script, cursor, day).unwrap();
        all.changes.extend(page.changes);
        all.present.extend(page.present);
        all.remarks.extend(page.remarks);
        all.zone = page.zone.or(all.zone);
        match page.next {
            NextStep::More(next) => cursor = Some(next),
            NextStep::Complete(end) => return (all, end),
            NextStep::None => panic!("a round without an end"),
        }
    }
}

const ZONE: &str = "<m:UserConfiguration><t:UserConfigurationName Name=\"OWA.UserOptions\"/><t:Dictionary>\
    <t:DictionaryEntry><t:DictionaryKey><t:Type>String</t:Type><t:Value>theme</t:Value></t:DictionaryKey>\
    <t:DictionaryValue><t:Type>String</t:Type><t:Value>base</t:Value></t:DictionaryValue></t:DictionaryEntry>\
    <t:DictionaryEntry><t:DictionaryKey><t:Type>String</t:Type><t:Value>timezone</t:Value></t:DictionaryKey>\
    <t:DictionaryValue><t:Type>String</t:Type><t:Value>W. Europe Standard Time</t:Value></t:DictionaryValue></t:DictionaryEntry>\
    </t:Dictionary></m:UserConfiguration>";

fn with_zone(script: Script) -> Script {
    script.then("GetUserConfiguration", &[good(ZONE)])
}

/// A mailbox that was read once, with these items, and its cursor.
fn read_once(items: &[String], view: &str) -> (Script, RoundEnd) {
    let created: String = items
        .iter()
        .map(|item| format!("<t:Create>{item}</t:Create>"))
        .collect();
    let each: Vec<String> = items.iter().map(|one| item(one)).collect();
    let mut script =
        with_zone(Script::new()).then("SyncFolderItems", &[changes("s1", true, &created)]);
    if !each.is_empty() {
        script = script.then("GetItem", &each);
    }
    let script = script.then("FindItem", &[found(true, view)]);
    let (_, end) = round(&script, None, 2);
    assert!(script.is_over());
    (script, end)
}

fn events(page: &Page) -> Vec<&ExchangeEvent> {
    page.changes
        .iter()
        .filter_map(|change| match change {
            Change::Event(event) => Some(event),
            _ => None,
        })
        .collect()
}

fn removed(changes: &[Change]) -> Vec<(&str, RemovalProof)> {
    changes
        .iter()
        .filter_map(|change| match change {
            Change::Removal(removal) => Some((removal.id.value.as_str(), removal.proof)),
            _ => None,
        })
        .collect()
}
