//! The order of a run.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use exchange::{Clock, Config, Exchange, Zone};
use tandem::contract::{ImportMode, MailboxId, TenantId};
use tandem::cycle::Options;
use tandem::runtime::embedded::Embedded;
use tandem::settings::save::save;
use tandem::store::id::Ids;
use tandem::store::{SecretKey, Store, mailbox};
use tokio::sync::Mutex;

use crate::book::Book;
use crate::check;
use crate::crash::End;
use crate::deeds::{damage, hand_over, outlook, removal, settings};
use crate::dice::Dice;
use crate::kinds::Exports;
use crate::machine::{Ended, Machine, database};
use crate::office::{Member, Office, Wishes};
use crate::restore::{self, Backup};
use crate::trace::Trace;
use crate::wire::MISHAPS;
use crate::{Result, business, clock, provider, quiet};

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    /// Which.
    pub seed: u64,
    /// The way to Exchange that it began with.
    pub provider: Embedded,
    /// What happened.
    pub trace: Vec<String>,
    /// What was broken; empty when every promise was kept.
    pub broken: Vec<String>,
}

/// Lives the life of a seed, in this thread, by a way to Exchange.
///
/// # Errors
/// When the machine cannot give what a run needs; a broken promise is no error.
pub fn run(seed: u64, provider: Embedded) -> Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let trace = Trace::default();
        let broken = match live(seed, provider, &trace).await {
            Ok(broken) => broken,
            Err(error) => vec![format!("the run broke off: {error}")],
        };
        Ok(Outcome {
            seed,
            provider,
            trace: trace.lines(),
            broken,
        })
    })
}

/// Zones of mailboxes: whose clocks change, on either half of the earth, and those at the edges.
pub const ZONES: [&str; 11] = [
    "W. Europe Standard Time",
    "Eastern Standard Time",
    "Pacific Standard Time",
    "AUS Eastern Standard Time",
    "New Zealand Standard Time",
    "UTC",
    "Tokyo Standard Time",
    "India Standard Time",
    "Hawaiian Standard Time",
    "Line Islands Standard Time",
    "Nepal Standard Time",
];

async fn live(seed: u64, provider: Embedded, trace: &Trace) -> Result<Vec<String>> {
    let mut dice = Dice::new(seed, 1);
    let folder = folder()?;
    let (office, mut machine) = begin(seed, provider, trace, folder.path()).await?;
    let epochs = dice.between(1, 3);
    let mut backup = None;
    for epoch in 0..epochs {
        trace.say(format!("part {epoch}"));
        let broken = burst(&mut dice, &office, &mut machine, backup.as_ref()).await?;
        if !broken.is_empty() {
            return Ok(broken);
        }
        let broken = quiet::quiet(&office, &mut machine).await?;
        if !broken.is_empty() {
            return Ok(broken);
        }
        if epoch + 1 < epochs {
            let file = folder.path().join(format!("copy {epoch}"));
            backup = Some(restore::take(&office, &machine, file).await?);
            if dice.percent(30) {
                let broken = hand_over::act(&office, &mut machine).await?;
                if !broken.is_empty() {
                    return Ok(broken);
                }
            }
        }
    }
    machine.desk.store.database().close().await;
    Ok(Vec::new())
}

/// Memory serves as a disk where there is one, because a database waits for its disk.
fn folder() -> Result<tempfile::TempDir> {
    let memory = std::path::Path::new("/dev/shm");
    Ok(match memory.is_dir() {
        true => tempfile::tempdir_in(memory)?,
        false => tempfile::tempdir()?,
    })
}

async fn begin(
    seed: u64,
    provider: Embedded,
    trace: &Trace,
    folder: &std::path::Path,
) -> Result<(Arc<Mutex<Office>>, Machine)> {
    let mut dice = Dice::new(seed, 2);
    let now = clock::beginning(&mut dice);
    let exchange = Exchange::new(Config {
        clock: Clock::Fixed(now),
        behaviour: provider::behaviour(seed, &mut dice),
        base_url: Some(provider::GRAPH.to_owned()),
        ..Config::default()
    });
    let by = provider::name(provider);
    trace.say(format!("seed {seed} by {by}, {now}"));
    trace.say(format!("{:?}", exchange.behaviour()));
    let mut members = Vec::new();
    for number in 0..dice.between(1, 3) {
        let name = dice.one(ZONES);
        let address = format!("user{number}@acme.example");
        exchange.add_mailbox(&address, name);
        trace.say(format!("{address} in {name}"));
        members.push(Member {
            user: format!("user{number}"),
            address,
            zone: Zone::parse(name).ok_or("an unknown zone")?,
            mailbox: MailboxId {
                value: String::new(),
            },
            enabled: true,
            imports: true,
            exports: Exports::ALL,
            earliest: now,
            latest: now,
        });
    }
    let series = dice.one([5, 15, 40, 120]);
    let ids = Ids::seeded(seed ^ 0x1D5);
    let path = folder.join("tandem.db");
    let database = database(&path, ids.clone()).await?;
    let tenant = TenantId {
        value: "acme".to_owned(),
    };
    let office = Office {
        exchange,
        // Until the machine has its own key.
        tenant: Store::new(database.clone(), SecretKey::generate()).tenant(&tenant),
        dice,
        trace: trace.clone(),
        book: Book::default(),
        now,
        members,
        wishes: Wishes {
            provider,
            import: ImportMode::AllDetails,
            send_free: true,
            exports: Exports::ALL,
            all_contacts: false,
            past_days: 7,
            recurring_days: 30,
        },
        series,
        words: 0,
    };
    let office = Arc::new(Mutex::new(office));
    let mut machine = Machine::start(seed, database, ids, path, office.clone()).await?;
    machine.set_clocks().await;
    {
        let mut office = office.lock().await;
        office.tenant = machine.desk.store.tenant(&tenant);
        save(&machine.desk, &settings::file(&office, true)).await?;
        business::begin(&office.tenant).await?;
        let records = mailbox::list(&office.tenant).await?;
        for member in &mut office.members {
            let record = records
                .iter()
                .find(|record| record.mailbox.address == member.address)
                .ok_or("a mailbox was not saved")?;
            member.mailbox = record.mailbox.id.clone();
        }
    }
    Ok((office, machine))
}

/// People work and cycles run, and things go wrong.
async fn burst(
    dice: &mut Dice,
    office: &Arc<Mutex<Office>>,
    machine: &mut Machine,
    backup: Option<&Backup>,
) -> Result<Vec<String>> {
    let nags = dice.percent(25);
    for _ in 0..dice.between(2, 6) {
        for _ in 0..dice.between(1, 6) {
            office.lock().await.act().await?;
        }
        if nags {
            outlook::nag(&mut *office.lock().await)?;
        }
        let pause = clock::pause(dice);
        machine.pass(pause).await;
        office
            .lock()
            .await
            .trace
            .say(format!("  {} minutes later", pause.num_minutes()));
        if dice.percent(15) {
            let mut office = office.lock().await;
            settings::act(&mut office, &machine.desk).await?;
        }
        if dice.percent(20) {
            let mut office = office.lock().await;
            damage::act(&mut office, machine).await?;
        }
        if dice.percent(5) {
            let member = dice.below(office.lock().await.members.len());
            let broken = removal::act(office, machine, member).await?;
            if !broken.is_empty() {
                return Ok(broken);
            }
        }
        if let Some(backup) = backup.filter(|_| dice.percent(10)) {
            restore::restore(backup, office, machine).await?;
        }
        let broken = cycles(dice, office, machine).await?;
        if !broken.is_empty() {
            return Ok(broken);
        }
    }
    Ok(Vec::new())
}

async fn cycles(
    dice: &mut Dice,
    office: &Arc<Mutex<Office>>,
    machine: &mut Machine,
) -> Result<Vec<String>> {
    let members = office.lock().await.members.len();
    for member in 0..members {
        if dice.percent(15) {
            continue;
        }
        if dice.percent(10) {
            machine.restart().await?;
        }
        trouble(dice, machine, &*office.lock().await);
        let full = dice.percent(5);
        let options = Options {
            full,
            ..Options::default()
        };
        let ended = machine.cycle(member, options).await?;
        machine.tripwire.lay(None);
        machine.wire.lay(BTreeMap::new(), false);
        let broken = check::always(office).await?;
        if !broken.is_empty() {
            return Ok(broken);
        }
        if matches!(ended, Ended::Leased) {
            machine.pass(TimeDelta::minutes(10)).await;
        }
    }
    Ok(Vec::new())
}

/// What is to go wrong in the next cycle.
fn trouble(dice: &mut Dice, machine: &Machine, office: &Office) {
    let mut mishaps = BTreeMap::new();
    let mut ending = None;
    let [faults, broken_ways, ends] = dice.one([
        [false, false, false],
        [true, false, false],
        [false, true, false],
        [false, false, true],
        [true, false, true],
        [false, true, true],
    ]);
    if faults {
        let items: Vec<String> = (0..office.members.len())
            .flat_map(|member| office.items(member).unwrap_or_default())
            .map(|item| item.ews_id)
            .collect();
        let fault = provider::fault(office.wishes.provider, dice, &items);
        office.trace.say(format!("    (waits: {fault:?})"));
        office.exchange.add_fault(fault);
    }
    if broken_ways {
        for _ in 0..dice.between(1, 3) {
            let number = u32::try_from(dice.between(1, 14)).unwrap_or(1);
            mishaps.insert(number, dice.one(MISHAPS));
        }
    }
    if ends {
        let last = dice.one([40, 70, 250]);
        let at = u32::try_from(dice.between(1, last)).unwrap_or(1);
        let end = if dice.percent(65) {
            End::Crash
        } else {
            End::Failure
        };
        ending = Some((at, end));
    }
    machine.wire.lay(mishaps, dice.percent(25));
    machine.tripwire.lay(ending);
}
