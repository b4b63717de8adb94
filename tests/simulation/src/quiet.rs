//! The quiet phase: nothing goes wrong any more, held deletions are approved, and cycles run until
//! nothing is left to do. Then both sides are judged.

use std::sync::Arc;

use chrono::TimeDelta;
use tandem::cycle::{Options, approve};
use tandem::psa::version;
use tandem::store::{held, intent, look_again, mailbox};
use tokio::sync::Mutex;

use crate::Result;
use crate::book::{Act, Thing};
use crate::check;
use crate::deeds::damage;
use crate::machine::{Ended, Machine};
use crate::office::Office;

/// After so many rounds of faultless cycles nothing may be left to do.
const ROUNDS: usize = 12;

/// A server may have lost its place so often that a mailbox is left alone for a day: until then cycles
/// may fail.
const PATIENT: usize = 3;

/// Between two rounds: long enough that what is done once a day is done, too.
const PAUSE: TimeDelta = TimeDelta::hours(13);

/// Lets everything come to rest, and judges it.
///
/// # Errors
/// When the machine cannot give what a run needs.
pub async fn quiet(office: &Arc<Mutex<Office>>, machine: &mut Machine) -> Result<Vec<String>> {
    office.lock().await.trace.say("  quiet");
    {
        let office = office.lock().await;
        office.exchange.clear_faults();
        damage::endless_rounds(&office, false);
    }
    // Not within the loop's head, which would hold the office while cycles want it.
    let reads = full_reads(&*office.lock().await);
    for _ in 0..reads {
        let (broken, _) = round(office, machine, true, false).await?;
        if !broken.is_empty() {
            return Ok(broken);
        }
    }
    let mut rests = false;
    for number in 0..ROUNDS {
        let before = marks(office).await?;
        let patient = number < PATIENT;
        let (broken, failed) = round(office, machine, false, patient).await?;
        if !broken.is_empty() {
            return Ok(broken);
        }
        if !failed && before == marks(office).await? && nothing_waits(office).await? {
            rests = true;
            break;
        }
    }
    if !rests {
        return Ok(vec![format!("there is no rest after {ROUNDS} rounds")]);
    }
    let broken = check::at_rest(office).await?;
    if !broken.is_empty() {
        return Ok(broken);
    }
    for (full, what) in [
        (false, "a further cycle"),
        (true, "a further full cycle"),
        (false, "a further cycle"),
    ] {
        let broken = writes_nothing(office, machine, full, what).await?;
        if !broken.is_empty() {
            return Ok(broken);
        }
    }
    let broken = check::at_rest(office).await?;
    if !broken.is_empty() {
        return Ok(broken);
    }
    check::rested(office).await?;
    Ok(Vec::new())
}

/// Lets everybody have a faultless cycle, which is not to write anything.
///
/// # Errors
/// When the machine cannot give what a run needs.
pub async fn writes_nothing(
    office: &Arc<Mutex<Office>>,
    machine: &mut Machine,
    full: bool,
    what: &str,
) -> Result<Vec<String>> {
    let before = marks(office).await?;
    let (mut broken, _) = round(office, machine, full, false).await?;
    let after = marks(office).await?;
    if broken.is_empty() && before != after {
        broken.push(format!("{what} wrote: {before:?}, then {after:?}"));
    }
    Ok(broken)
}

/// How many full reads it takes until nothing unannounced is left to be found.
fn full_reads(office: &Office) -> usize {
    let rested = office.book.rested();
    // An item that was away during a full read and came back is not announced by the server, and
    // nobody remembers that it was gone: the next full read finds it.
    let back = |thing: &Thing| thing.since(rested, |act| matches!(act, Act::Back | Act::CopyBack));
    // One that somebody pasted and that is not imported passes for the copy once the copy itself is
    // gone: a full read notices that, and the next one takes it.
    let pasted = |thing: &Thing| thing.pasted_from.is_some();
    let things = &office.book.things;
    // A contact's copy that was deleted is missed by a full read only.
    let contacts = office.book.contacts.any_gone_since(rested) || office.book.lost_its_links();
    let series = office.book.repeating.any_back_since(rested);
    let missed = things.iter().any(back) || series || contacts;
    match (things.iter().any(pasted), missed) {
        (true, _) => 2,
        (false, true) => 1,
        (false, false) => 0,
    }
}

/// How often either side was written to.
#[derive(Debug, PartialEq)]
struct Marks {
    /// The PSA's version, less the occurrences that came over: they do as the window moves on, while
    /// nobody does anything.
    psa: u64,
    /// The writes that Exchange has seen.
    exchange: u64,
}

async fn marks(office: &Arc<Mutex<Office>>) -> Result<Marks> {
    let office = office.lock().await;
    let version = version::current(&office.tenant).await?;
    let mut entered = 0;
    for member in 0..office.members.len() {
        let rows = office.rows(member).await?.into_iter();
        entered += rows.filter(|row| row.slot.is_some()).count();
    }
    let version = version.map_or(0, |version| version.number);
    Ok(Marks {
        psa: version.saturating_sub(u64::try_from(entered)?),
        exchange: office.exchange.counters().operations.writes(),
    })
}

/// A faultless cycle of everybody, and an admin who approves.
async fn round(
    office: &Arc<Mutex<Office>>,
    machine: &mut Machine,
    full: bool,
    patient: bool,
) -> Result<(Vec<String>, bool)> {
    let mut failed = false;
    machine.pass(PAUSE).await;
    let (members, tenant) = {
        let office = office.lock().await;
        (office.members.len(), office.tenant.clone())
    };
    for member in 0..members {
        let options = Options {
            full,
            ..Options::default()
        };
        let mut ended = machine.cycle(member, options).await?;
        if let Ended::Stopped(stop) = &ended {
            approve::approve(&tenant, &stop.cycle).await?;
            let text = format!("  an admin approves what {} asked", stop.cycle);
            office.lock().await.trace.say(text);
            ended = machine.cycle(member, options).await?;
        }
        if let Ended::Stopped(stop) = &ended {
            let what = format!("what was approved stops again: {stop:?}");
            return Ok((vec![what], failed));
        }
        if let Ended::Failed(error) = ended {
            failed = true;
            if !patient {
                let what = format!("a cycle failed though all is quiet: {error}");
                return Ok((vec![what], failed));
            }
        }
        let broken = check::always(office).await?;
        if !broken.is_empty() {
            return Ok((broken, failed));
        }
    }
    let mut waiting: Vec<String> = held::list(&tenant, None)
        .await?
        .into_iter()
        .filter(|held| held.approved.is_none())
        .map(|held| held.cycle)
        .collect();
    waiting.dedup();
    for cycle in waiting {
        let approved = approve::approve(&tenant, &cycle).await?;
        office.lock().await.trace.say(format!(
            "  an admin approves {} deletions of {cycle}",
            approved.deletions
        ));
    }
    Ok((Vec::new(), failed))
}

async fn nothing_waits(office: &Arc<Mutex<Office>>) -> Result<bool> {
    let office = office.lock().await;
    for member in &office.members {
        let again = look_again::list(&office.tenant, &member.mailbox).await?;
        let again = again
            .iter()
            .any(|entry| entry.reason != look_again::Reason::SetAside);
        let pending = !intent::pending(&office.tenant, &member.mailbox)
            .await?
            .is_empty();
        let record = mailbox::get(&office.tenant, &member.mailbox).await?;
        if again || pending || record.relink {
            return Ok(false);
        }
    }
    let held = held::list(&office.tenant, None).await?;
    Ok(held.iter().all(|held| held.approved.is_some()))
}
