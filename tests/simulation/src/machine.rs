//! The host under test: the shipped component and the real database, in one thread.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tandem::capability::endpoint::Endpoints;
use tandem::capability::http::HttpClient;
use tandem::cycle::{self, CycleError, CycleReport, Options};
use tandem::host::{Host, LEASE};
use tandem::psa::WebAddress;
use tandem::runtime::embedded::Components;
use tandem::runtime::{Chance, Clock, Engine, EngineSettings, Limits};
use tandem::store::id::Ids;
use tandem::store::stop::Stop;
use tandem::store::{Database, SecretKey, Store, mailbox};
use tokio::sync::{Mutex, OnceCell};
use url::Url;

use crate::Result;
use crate::crash::Tripwire;
use crate::office::Office;
use crate::provider::{EWS, GRAPH};
use crate::trace::Trace;
use crate::when::instant;
use crate::wire::Wire;

/// Compiled once for all runs of the process.
static COMPONENTS: OnceCell<Components> = OnceCell::const_new();

/// Made once, because it reads all certificates of the system; runs send nothing through it.
static HTTP: OnceCell<HttpClient> = OnceCell::const_new();

async fn components() -> Result<Components> {
    let load = || async {
        let settings = EngineSettings {
            sessions: 8,
            // A tick is counted by a thread, and would make a run depend on the machine's load.
            ticks: false,
            ..EngineSettings::default()
        };
        let engine = Engine::new(&settings)?;
        Ok::<_, crate::Broken>(Components::load(&engine).await?)
    };
    COMPONENTS.get_or_try_init(load).await.cloned()
}

/// How a cycle ended.
#[derive(Debug)]
pub enum Ended {
    /// It came to its end.
    Done(Box<CycleReport>),
    /// It stopped before it did anything, and asks.
    Stopped(Stop),
    /// It failed, and told why.
    Failed(String),
    /// Its process is gone.
    Crashed,
    /// Another host seems to be at work: a lease that nobody gave back has not ended.
    Leased,
}

/// A host, and the machine on which it can be started again.
pub struct Machine {
    /// The host of the cycles; it can crash.
    pub host: Host,
    /// The same for people: it never does.
    pub desk: Host,
    /// The way to Exchange.
    pub wire: Arc<Wire>,
    /// Where cycles break off.
    pub tripwire: Tripwire,
    office: Arc<Mutex<Office>>,
    trace: Trace,
    path: PathBuf,
    /// How often it was started.
    starts: u64,
    seed: u64,
    parts: Parts,
}

/// What stays the same over restarts.
#[derive(Clone)]
struct Parts {
    components: Components,
    http: HttpClient,
    key: SecretKey,
    chance: Chance,
    ids: Ids,
}

/// Opens the database of a run, with its clock at the office's time.
///
/// # Errors
/// When it cannot be opened.
pub async fn database(path: &Path, ids: Ids) -> Result<Database> {
    let url = format!("sqlite:{}", path.display());
    Ok(Database::open(&url).await?.with_ids(ids))
}

impl Machine {
    /// Starts a host on a database that is open already.
    ///
    /// # Errors
    /// Whatever of it cannot be had.
    pub async fn start(
        seed: u64,
        database: Database,
        ids: Ids,
        path: PathBuf,
        office: Arc<Mutex<Office>>,
    ) -> Result<Self> {
        let (trace, exchange) = {
            let office = office.lock().await;
            (office.trace.clone(), office.exchange.clone())
        };
        let tripwire = Tripwire::new(trace.clone());
        let wire = Wire::new(
            exchange.clone(),
            tripwire.clone(),
            trace.clone(),
            office.clone(),
        );
        let wire = Arc::new(wire);
        let parts = Parts {
            components: components().await?,
            http: HTTP
                .get_or_try_init(|| async { HttpClient::new(&Default::default()) })
                .await?
                .clone(),
            key: SecretKey::generate(),
            chance: Chance::seeded(seed ^ 0xC4A2),
            ids,
        };
        let desk = host(&parts, database, &wire, 0)?;
        Ok(Self {
            host: watched(&desk, &parts, &tripwire),
            desk,
            wire,
            tripwire,
            office,
            trace,
            path,
            starts: 0,
            seed,
            parts,
        })
    }

    /// A connection of somebody who works on the database by hand.
    ///
    /// # Errors
    /// When it cannot be had.
    pub async fn hand(&self) -> Result<SqliteConnection> {
        let options = SqliteConnectOptions::new().filename(&self.path);
        Ok(options.connect().await?)
    }

    /// Copies the whole database into a file that does not exist yet.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn back_up(&self, into: &Path) -> Result<()> {
        let mut hand = self.hand().await?;
        let query = sqlx::query("VACUUM INTO $1").bind(into.display().to_string());
        query.execute(&mut hand).await?;
        hand.close().await?;
        Ok(())
    }

    /// Starts the host again on a copy of an earlier database.
    ///
    /// # Errors
    /// When it does not open.
    pub async fn restore(&mut self, from: &Path) -> Result<()> {
        self.desk.store.database().close().await;
        for suffix in ["", "-wal", "-shm"] {
            let mut file = self.path.clone().into_os_string();
            file.push(suffix);
            if let Err(error) = std::fs::remove_file(file)
                && error.kind() != ErrorKind::NotFound
            {
                return Err(error.into());
            }
        }
        std::fs::copy(from, &self.path)?;
        self.restart().await
    }

    /// Starts the host again, as after a crash: what was open is rolled back.
    ///
    /// # Errors
    /// When the database does not open.
    pub async fn restart(&mut self) -> Result<()> {
        self.starts += 1;
        self.desk.store.database().close().await;
        let database = database(&self.path, self.parts.ids.clone()).await?;
        let mut office = self.office.lock().await;
        database.stand_at(instant(office.now));
        self.desk = host(&self.parts, database, &self.wire, self.starts)?;
        office.tenant = self.desk.store.tenant(&office.tenant.id().clone());
        drop(office);
        self.host = watched(&self.desk, &self.parts, &self.tripwire);
        self.set_clocks().await;
        // As `tandem serve` does: one host holds the file.
        self.desk.store.leases().void_all().await?;
        Ok(())
    }

    /// Time passes, on all clocks.
    pub async fn pass(&mut self, time: TimeDelta) {
        {
            let mut office = self.office.lock().await;
            office.now += time;
        }
        self.set_clocks().await;
    }

    /// All clocks show the office's time.
    pub async fn set_clocks(&mut self) {
        let now = {
            let office = self.office.lock().await;
            office.exchange.set_now(office.now);
            instant(office.now)
        };
        self.desk.store.database().stand_at(now);
        self.host.clock = Clock::Fixed(now);
        self.desk.clock = Clock::Fixed(now);
    }

    /// Runs a member's cycle to its end, whichever that is.
    ///
    /// # Errors
    /// When there is no such member.
    pub async fn cycle(&mut self, member: usize, options: Options) -> Result<Ended> {
        let who = {
            let mut office = self.office.lock().await;
            office.cycle_begins(member);
            office.member(member)?
        };
        // A host at work holds its tokens for an hour; here each cycle comes much later.
        self.host.tokens = Default::default();
        let tenant = self.office.lock().await.tenant.clone();
        let record = mailbox::get(&tenant, &who.mailbox).await?;
        let host = self.host.clone();
        let work = async {
            let lease = cycle::lease::take(&host, &record, options).await;
            match lease {
                Ok(Some(lease)) => match cycle::run(&host, lease, options).await {
                    Ok(report) => Ended::Done(Box::new(report)),
                    Err(CycleError::Stopped(stop)) => Ended::Stopped(stop),
                    Err(error) => Ended::Failed(error.to_string()),
                },
                Ok(None) => Ended::Leased,
                Err(error) => Ended::Failed(error.to_string()),
            }
        };
        let ended = tokio::select! {
            biased;
            () = self.tripwire.crash() => Ended::Crashed,
            ended = work => ended,
        };
        self.office.lock().await.cycle_ends();
        self.tell(&who.user, options, &ended).await?;
        if matches!(ended, Ended::Crashed) {
            self.tripwire.lay(None);
            self.wire.lay(Default::default(), false);
            self.restart().await?;
        }
        Ok(ended)
    }

    async fn tell(&self, user: &str, options: Options, ended: &Ended) -> Result<()> {
        let kind = match (options.removing, options.full) {
            (true, _) => "removal",
            (false, true) => "full cycle",
            (false, false) => "cycle",
        };
        match ended {
            Ended::Done(report) => {
                let counts = &report.counts;
                self.trace.say(format!(
                    "  {kind} of {user}: {} to the PSA, {} to Exchange, {} failed, {} held",
                    counts.psa_writes, counts.exchange_writes, counts.failed, report.held
                ));
                let tenant = self.office.lock().await.tenant.clone();
                for entry in tandem::store::history::of_cycle(&tenant, &report.cycle).await? {
                    let rule = entry.rule.map(|rule| format!("{rule:?}"));
                    self.trace.say(format!(
                        "      {} {} row {} item {} {}: {} {}",
                        entry.action,
                        rule.unwrap_or_default(),
                        entry.psa.map_or_else(String::new, |it| it.id.value),
                        entry.exchange.map_or_else(String::new, |it| it.value),
                        entry.fields.join("+"),
                        entry.outcome,
                        entry.remark,
                    ));
                }
            }
            Ended::Failed(error) => self.trace.say(format!("  {kind} of {user} fails: {error}")),
            Ended::Stopped(stop) => self
                .trace
                .say(format!("  {kind} of {user} stops and asks: {stop:?}")),
            Ended::Crashed => self.trace.say(format!("  {kind} of {user}: crash")),
            Ended::Leased => self.trace.say(format!("  {kind} of {user}: no lease")),
        }
        Ok(())
    }

    /// The seed of the run.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }
}

fn host(parts: &Parts, database: Database, wire: &Arc<Wire>, starts: u64) -> Result<Host> {
    let graph: Url = GRAPH.parse()?;
    let ews: Url = EWS.parse()?;
    let tokens: Url = "https://login.example".parse()?;
    Ok(Host {
        store: Store::new(database, parts.key.clone()),
        components: parts.components.clone(),
        http: parts.http.clone().carried_by(wire.clone()),
        endpoints: Endpoints {
            graph: Some(graph),
            token: Some(tokens),
            ews: Some(ews),
        },
        tokens: Default::default(),
        clock: Clock::System,
        chance: parts.chance.clone(),
        limits: Limits {
            call_time: Duration::from_secs(600),
            ..Limits::default()
        },
        web_address: WebAddress::new("https://psa.example"),
        lease: LEASE,
        pace: None,
        owner: format!("host {starts}"),
    })
}

/// The same host on a database that tells its moments.
fn watched(desk: &Host, parts: &Parts, tripwire: &Tripwire) -> Host {
    let database = desk.store.database().clone();
    let database = database.observed_by(Arc::new(tripwire.clone()));
    Host {
        store: Store::new(database, parts.key.clone()),
        ..desk.clone()
    }
}
