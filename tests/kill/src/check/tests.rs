//! The judge notices what it is there for.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use exchange::{Body, Config, Draft, Exchange, Zone};
use serde_json::json;
use simulation::look::items;
use simulation::when::When;

use super::{Side, Sides, judge};
use crate::book::{Book, Fate, Home, Texts, Thing};
use crate::interface::Entry;
use crate::row::Row;

const ANNA: &str = "anna@acme.example";

/// An item that Anna made in Outlook, and its copy in the PSA.
struct Pair {
    exchange: Exchange,
    item: String,
    book: Book,
    side: Side,
}

fn at(hour: i64) -> When {
    let start: DateTime<Utc> = "2026-11-23T00:00:00Z".parse().unwrap();
    let start = start + TimeDelta::hours(hour);
    When::Timed(start, start + TimeDelta::hours(1))
}

fn row(id: &str, title: &str, when: When) -> Row {
    let When::Timed(start, end) = when else {
        panic!("these tests have no days");
    };
    serde_json::from_value(json!({
        "id": id, "version": 1, "origin": "exchange", "deleted": false, "private": false,
        "title": title, "description": "Cables", "start": start, "end": end,
    }))
    .unwrap()
}

fn done(item: &str) -> Entry {
    Entry {
        run: "cycle".to_owned(),
        exchange: Some(item.to_owned()),
        rule: Some("exchange_item_is_new".to_owned()),
        outcome: "done".to_owned(),
    }
}

impl Pair {
    fn new() -> Self {
        let exchange = Exchange::new(Config::default());
        exchange.add_mailbox(ANNA, "UTC");
        let texts = Texts {
            title: "Visit 1.2".to_owned(),
            body: "Cables".to_owned(),
        };
        let draft = Draft {
            subject: Some(texts.title.clone()),
            body: Some(Body {
                html: false,
                content: texts.body.clone(),
            }),
            ..at(9).draft(&Zone::utc())
        };
        let item = exchange.person(ANNA).create(&draft).unwrap();
        let mut thing = Thing::new(1, 0, Home::Outlook, texts, at(9));
        thing.id.clone_from(&item);
        let side = Side {
            rows: vec![row("r", "Visit 1.2", at(9))],
            items: Vec::new(),
            history: BTreeMap::from([("r".to_owned(), vec![done(&item)])]),
        };
        Self {
            exchange,
            item,
            book: Book {
                things: vec![thing],
                ..Book::default()
            },
            side,
        }
    }

    fn judged(mut self) -> Vec<String> {
        self.side.items = items(&self.exchange, ANNA).unwrap();
        judge(&self.exchange, &Sides(vec![self.side]), &mut self.book)
    }

    /// There is a complaint with these words.
    fn blamed(self, words: &str) {
        let broken = self.judged();
        assert!(broken.iter().any(|it| it.contains(words)), "{broken:?}");
    }

    fn thing(&mut self) -> &mut Thing {
        self.book.things.first_mut().unwrap()
    }
}

#[test]
fn a_pair_that_agrees_is_good() {
    assert_eq!(Pair::new().judged(), [""; 0]);
}

#[test]
fn a_lost_copy_is_noticed() {
    let mut pair = Pair::new();
    pair.side.rows.clear();
    pair.blamed("has 0 copies");
}

#[test]
fn a_doubled_copy_is_noticed() {
    let mut pair = Pair::new();
    pair.side.rows.push(row("s", "Visit 1.2", at(9)));
    let history = vec![done(&pair.item)];
    pair.side.history.insert("s".to_owned(), history);
    pair.blamed("has 2 copies");
}

#[test]
fn a_copy_unknown_to_the_history_is_noticed() {
    let mut pair = Pair::new();
    pair.side.history.clear();
    pair.blamed("nobody made the row");
}

#[test]
fn an_original_that_nobody_deleted_and_is_gone_is_noticed() {
    let pair = Pair::new();
    pair.exchange.person(ANNA).delete(&pair.item).unwrap();
    pair.blamed("lies in");
}

#[test]
fn a_copy_that_outlives_its_original_is_noticed() {
    let mut pair = Pair::new();
    pair.exchange.person(ANNA).delete(&pair.item).unwrap();
    pair.thing().original = Fate::Gone;
    pair.blamed("has 1 copies, wanted Gone");
}

#[test]
fn a_copy_at_another_time_is_noticed() {
    let mut pair = Pair::new();
    pair.side.rows = vec![row("r", "Visit 1.2", at(10))];
    pair.blamed("its copy at");
}

#[test]
fn a_pair_where_nobody_put_it_is_noticed() {
    let mut pair = Pair::new();
    pair.thing().times.moved_in_psa(at(12), true);
    pair.blamed("people chose");
}

#[test]
fn a_copy_with_other_texts_is_noticed() {
    let mut pair = Pair::new();
    pair.side.rows = vec![row("r", "Visit 7.8", at(9))];
    pair.blamed("its copy Row");
}

#[test]
fn an_item_that_nobody_made_is_noticed() {
    let mut pair = Pair::new();
    pair.book.things.clear();
    pair.blamed("nobody made the item");
}

#[test]
fn deletions_that_wait_are_found() {
    let mut pair = Pair::new();
    let waits = Entry {
        run: "held".to_owned(),
        outcome: "waits for approval".to_owned(),
        ..done(&pair.item)
    };
    pair.side.history.insert("r".to_owned(), vec![waits]);
    let sides = Sides(vec![pair.side]);
    assert_eq!(sides.waiting().into_iter().collect::<Vec<_>>(), ["held"]);
}
