//! Nothing is killed any more, cycles run until nothing is left to do, and an admin approves the
//! deletions that wait and what cycles ask. Then both sides are judged.

use std::time::Duration;

use serde::Deserialize;

use crate::Result;
use crate::check::{self, Sides};
use crate::people::People;
use crate::place::Place;

/// After so many rounds of cycles nothing may be left to do; on PostgreSQL the leases of killed hosts
/// run out meanwhile.
const ROUNDS: usize = 60;

#[derive(Debug, Deserialize)]
struct Synchronised {
    mailboxes: Vec<Mailbox>,
}

#[derive(Debug, Deserialize)]
struct Mailbox {
    done: Option<Done>,
    problem: Option<Problem>,
}

#[derive(Debug, Deserialize)]
struct Problem {
    hint: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Done {
    counts: Counts,
}

#[derive(Debug, Deserialize)]
struct Counts {
    psa_writes: u64,
    exchange_writes: u64,
    failed: u64,
}

impl Mailbox {
    fn rests(&self) -> bool {
        self.done.as_ref().is_some_and(|done| {
            let counts = &done.counts;
            counts.psa_writes + counts.exchange_writes + counts.failed == 0
        })
    }

    /// The cycle that stopped and asks, as people who deleted all of a calendar's items can make it.
    fn asks(&self) -> Option<&str> {
        let hint = self.problem.as_ref()?.hint.as_deref()?;
        hint.split("`tandem approve ").nth(1)?.split('`').next()
    }
}

/// Lets everything come to rest by way of one host, and judges it. Gives what is there.
///
/// # Errors
/// What was broken.
pub async fn quiet(place: &Place, people: &mut People, host: usize) -> Result<Sides> {
    let mut rested = 0;
    for _ in 0..ROUNDS {
        let mailboxes = round(place, host).await?;
        for cycle in mailboxes.iter().filter_map(Mailbox::asks) {
            place.run(&["approve".as_ref(), cycle.as_ref()]).await?;
        }
        rested = match mailboxes.iter().all(Mailbox::rests) {
            true => rested + 1,
            false => 0,
        };
        if rested == 2 {
            let sides = check::look(place, host, &people.book).await?;
            let waiting = sides.waiting();
            if waiting.is_empty() {
                return judge(place, people, host, &sides).await;
            }
            for cycle in waiting {
                place.run(&["approve".as_ref(), cycle.as_ref()]).await?;
            }
            rested = 0;
        }
        if mailboxes.iter().any(|mailbox| mailbox.done.is_none()) {
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }
    Err(format!("there is no rest after {ROUNDS} rounds of cycles").into())
}

async fn judge(place: &Place, people: &mut People, host: usize, sides: &Sides) -> Result<Sides> {
    let broken = check::judge(&place.exchange, sides, &mut people.book);
    if !broken.is_empty() {
        return Err(broken.join("\n").into());
    }
    let written = place.exchange.counters().operations.writes();
    round(place, host).await?;
    let after = check::look(place, host, &people.book).await?;
    if written != place.exchange.counters().operations.writes() || sides.rows() != after.rows() {
        return Err("a further cycle wrote".into());
    }
    Ok(after)
}

async fn round(place: &Place, host: usize) -> Result<Vec<Mailbox>> {
    let answer = place.interface.synchronise(host, None).await.done()?;
    let all: Synchronised = serde_json::from_value(answer)?;
    match all.mailboxes.len() == place.members.len() {
        true => Ok(all.mailboxes),
        false => Err("not all mailboxes synchronise".into()),
    }
}
