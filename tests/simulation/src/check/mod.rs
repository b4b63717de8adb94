//! The judge: the law of `behaviour`, sections 2 to 6, for single items of every kind; of contacts in
//! [`contacts::check`], of series in [`series::check`].
//!
//! It knows what people did (the book) and sees both sides as they are. It knows nothing of links,
//! plans and bases, and shares no code with the planner. Where the law leaves open what comes of two
//! deeds that met, both outcomes are good; where it does not, one is.
//!
//! [`always`] holds at every moment, [`at_rest`] when nothing is left to do.

mod calls;
mod copies;
mod pair;
mod promises;
pub mod texts;
mod times;
mod wording;

use std::collections::BTreeSet;
use std::sync::Arc;

use tandem::contract::{ExchangeId, LinkState, PsaReference, Rule};
use tandem::store::{history, link};
use tokio::sync::Mutex;

use crate::Result;
use crate::book::{Act, Home, Rest};
use crate::business::Business;
use crate::contacts;
use crate::contacts::check::Mailbox;
use crate::look::{Item, Row, lasting};
use crate::office::Office;
use crate::series;
use crate::series::check::Calendar;
use pair::{Case, Sides};

/// What is never broken, not even between two cycles.
///
/// # Errors
/// When the machine cannot give what is needed.
pub async fn always(office: &Arc<Mutex<Office>>) -> Result<Vec<String>> {
    let office = office.lock().await;
    let mut broken = promises::nobody_is_mailed(&office);
    for (number, sides) in sides(&office).await?.iter().enumerate() {
        broken.extend(promises::kept(&office, number, sides));
        let address = &office.member(number)?.address;
        let items = contacts::look::items(&office.exchange, address)?;
        broken.extend(contacts::check::always(&office.book, number, &items));
        broken.extend(series::check::always(
            &office,
            number,
            &sides.rows,
            &sides.items,
        ));
    }
    Ok(broken)
}

/// What holds when nothing is left to do: both sides agree.
///
/// # Errors
/// As [`always`].
pub async fn at_rest(office: &Arc<Mutex<Office>>) -> Result<Vec<String>> {
    let office = office.lock().await;
    let mut broken = Vec::new();
    let business = Business::read(&office.tenant).await?;
    for (number, sides) in sides(&office).await?.iter().enumerate() {
        let aside = set_aside(&office, number).await?;
        let member = office.member(number)?;
        let mailbox = Mailbox {
            office: &office,
            business: &business,
            member: number,
            rules: office.rules(&member),
            items: &contacts::look::items(&office.exchange, &member.address)?,
            aside: &aside,
        };
        broken.extend(mailbox.judge());
        broken.extend(orphans_are_listed(&office, sides).await?);
        let calendar = Calendar {
            office: &office,
            member: number,
            who: &member,
            rules: office.rules(&member),
            rows: &sides.rows,
            items: &sides.items,
            aside: &aside,
        };
        let verdict = calendar.judge()?;
        broken.extend(verdict.broken);
        for row in verdict.to_be_told {
            if !is_told(&office, &row, Rule::OccurrenceNotMoved).await? {
                let id = row.id.value;
                broken.push(format!("row {id} went back, and nobody is told why"));
            }
        }
        for case in cases(&office, &business, number, sides) {
            let is_left = aside.contains(case.key()) || office.book.unseen.contains(&case.place);
            if is_left || deleted_before_it_was_known(&office, &case).await? {
                continue;
            }
            let complaints = copies::judge(&case)
                .into_iter()
                .chain(times::judge(&case))
                .chain(texts::judge(&case));
            broken.extend(complaints.map(|what| format!("{}: {what}", case.name())));
            if case.has_to_be_told()
                && let Some(row) = case.row()
                && !is_told(&office, &row.reference(), Rule::UndoingStopped).await?
            {
                let name = case.name();
                broken.push(format!("{name}: nobody is told that undoing has stopped"));
            }
        }
    }
    Ok(broken)
}

/// Copies whose records a restore took away are left alone, and the history says so.
async fn orphans_are_listed(office: &Office, sides: &Sides) -> Result<Vec<String>> {
    let mut broken = Vec::new();
    let items = sides.items.iter();
    for item in items.filter(|item| office.book.orphans.contains(&item.id)) {
        let mut is_listed = false;
        for id in [&item.id, &item.ews_id] {
            let id = ExchangeId { value: id.clone() };
            let told = history::of_exchange(&office.tenant, &id).await?;
            is_listed |= told
                .iter()
                .any(|entry| entry.rule == Some(Rule::MarkedWithoutRecord));
        }
        if !is_listed {
            broken.push(format!(
                "item {}, whose record is gone, is not listed",
                item.id
            ));
        }
    }
    Ok(broken)
}

/// Remembers how everything stands, for the next time.
///
/// # Errors
/// As [`always`].
pub async fn rested(office: &Arc<Mutex<Office>>) -> Result<()> {
    let mut office = office.lock().await;
    let all = sides(&office).await?;
    let business = Business::read(&office.tenant).await?;
    let mut rest = Vec::new();
    for (number, sides) in all.iter().enumerate() {
        for case in cases(&office, &business, number, sides) {
            let content = case.item().map(|item| item.content.clone());
            rest.push((case.place, case.rest_now(), content));
        }
    }
    if office.book.lost_its_links() {
        // Whoever lost the links knows no more what an original was when its copy was deleted: from
        // now on it is compared with what it is.
        for (place, stood, content) in &rest {
            if let Some(thing) = office.book.things.get_mut(*place)
                && stood.copies == 0
                && thing.unwanted.is_some()
            {
                thing.unwanted.clone_from(content);
            }
        }
    }
    for (number, sides) in all.iter().enumerate() {
        series::check::rested(&mut office, number, &sides.rows, &sides.items)?;
    }
    let step = office.book.turn();
    office.book.rests.push(step);
    let rest = rest.into_iter().map(|(place, stood, _)| (place, stood));
    office.book.rest.extend(rest);
    Ok(())
}

async fn sides(office: &Office) -> Result<Vec<Sides>> {
    let mut all = Vec::new();
    for number in 0..office.members.len() {
        let rows: Vec<Row> = office.rows(number).await?;
        let items: Vec<Item> = office.items(number)?;
        all.push(Sides { rows, items });
    }
    Ok(all)
}

fn cases<'a>(
    office: &'a Office,
    business: &'a Business,
    number: usize,
    sides: &'a Sides,
) -> Vec<Case<'a>> {
    let Some(member) = office.members.get(number) else {
        return Vec::new();
    };
    let rules = office.rules(member);
    let things = office.book.things.iter().enumerate();
    things
        .filter(|(_, thing)| thing.member == number && !office.book.is_of_series(thing))
        .map(|(place, thing)| Case {
            place,
            thing,
            rest: office
                .book
                .rest
                .get(&place)
                .copied()
                .unwrap_or(Rest::default()),
            book: &office.book,
            rules,
            business,
            user: &member.user,
            zone: &member.zone,
            sides,
        })
        .collect()
}

/// Keys of items that failed too often: they wait for somebody, and are told.
async fn set_aside(office: &Office, number: usize) -> Result<BTreeSet<String>> {
    let member = office.member(number)?;
    let links = link::of_mailbox(&office.tenant, &member.mailbox).await?;
    Ok(links
        .into_iter()
        .filter(|link| link.state == LinkState::SetAside)
        .flat_map(|link| {
            [
                link.psa.map(|it| it.id.value),
                link.exchange.map(|it| lasting(&it.id.value)),
            ]
        })
        .flatten()
        .collect())
}

/// Whether somebody deleted a copy of which the host did not know yet that it was made: then the
/// server takes the next try for a repeated one, and what had changed meanwhile is not told apart.
async fn deleted_before_it_was_known(office: &Office, case: &Case<'_>) -> Result<bool> {
    let Some(row) = case.row() else {
        return Ok(false);
    };
    if !case.since_rest(|act| *act == Act::CopyGone) {
        return Ok(false);
    }
    let told = history::of_psa(&office.tenant, &row.reference()).await?;
    let is_lost =
        |entry: &history::Entry| entry.action == "create-exchange" && entry.outcome == "looked up";
    Ok(told.iter().any(is_lost))
}

/// Whether the history of a row names a rule.
async fn is_told(office: &Office, row: &PsaReference, rule: Rule) -> Result<bool> {
    let told = history::of_psa(&office.tenant, row).await?;
    Ok(told.iter().any(|entry| entry.rule == Some(rule)))
}

impl Case<'_> {
    /// The original's key on its own side.
    fn key(&self) -> &str {
        match &self.thing.home {
            Home::Psa(id) | Home::Outlook(id) => id,
        }
    }

    /// The original, for people.
    fn name(&self) -> String {
        match &self.thing.home {
            Home::Psa(id) => format!("row {id}"),
            Home::Outlook(id) => format!("item {id}"),
        }
    }
}
