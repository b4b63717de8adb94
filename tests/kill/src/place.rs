//! The place of a run: a folder, a database, an Exchange on loopback, and hosts that can be started
//! on them again and again.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use exchange::{Config, Exchange, Running, Zone};
use serde_json::json;
use simulation::provider::of_seed;
use tandem::runtime::embedded::Embedded;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};

use crate::Result;
use crate::database::{Fresh, Kind};
use crate::interface::Interface;
use crate::process::Process;
use crate::role::Role;

/// What is to be made.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The harness's own file; see [`Role`].
    pub program: PathBuf,
    /// On which database.
    pub kind: Kind,
    /// How many hosts share it: one on SQLite.
    pub hosts: usize,
    /// How many people there are.
    pub members: usize,
    /// What moments and deeds are drawn from, and which provider serves: each takes its turn.
    pub seed: u64,
}

impl Plan {
    /// Hosts with people enough to keep them busy. On PostgreSQL the mailboxes of a host that was
    /// killed are out of reach for the time of a lease, so that it takes more of them.
    #[must_use]
    pub fn new(program: PathBuf, kind: Kind, hosts: usize, seed: u64) -> Self {
        let members = match kind {
            Kind::Sqlite => 5,
            Kind::Postgres => 12,
        };
        Self {
            program,
            kind,
            hosts,
            members,
            seed,
        }
    }
}

/// A user of the PSA with a mailbox.
#[derive(Clone, Debug)]
pub struct Member {
    /// The user's key in the PSA.
    pub user: String,
    /// The mailbox's address.
    pub address: String,
    /// The mailbox's zone.
    pub zone: Zone,
}

#[derive(Debug)]
struct Seat {
    address: SocketAddr,
    config: PathBuf,
    log: PathBuf,
}

/// The place.
pub struct Place {
    /// The model.
    pub exchange: Exchange,
    /// The people.
    pub members: Vec<Member>,
    /// The PSA's door, at all hosts.
    pub interface: Interface,
    seats: Vec<Seat>,
    program: PathBuf,
    seed: u64,
    database: Fresh,
    folder: TempDir,
    _server: Running,
}

const ZONES: [&str; 4] = [
    "W. Europe Standard Time",
    "Eastern Standard Time",
    "India Standard Time",
    "UTC",
];

/// So long a lease is on PostgreSQL, in seconds: a host that is killed keeps its mailboxes for it.
const LEASE: u64 = 6;

/// How long a host may take to start; the first one of all compiles the plugin.
const PATIENCE: Duration = Duration::from_secs(120);

impl Place {
    /// Makes it, with the tenant's settings saved.
    ///
    /// # Errors
    /// When something of it cannot be had.
    pub async fn new(plan: &Plan) -> Result<Self> {
        let folder = TempDir::with_prefix("tandem-kill-")?;
        let exchange = Exchange::new(Config::default());
        let members: Vec<Member> = ZONES
            .into_iter()
            .cycle()
            .take(plan.members)
            .enumerate()
            .map(|(number, zone)| {
                let user = format!("user{number}");
                let address = format!("{user}@acme.example");
                exchange.add_mailbox(&address, zone);
                let zone = Zone::parse(zone).ok_or("an unknown zone")?;
                Ok(Member {
                    user,
                    address,
                    zone,
                })
            })
            .collect::<Result<_>>()?;
        let socket = TcpListener::bind(("127.0.0.1", 0)).await?;
        let server = exchange::serve(exchange.clone(), socket)?;
        let database = Fresh::create(plan.kind, folder.path()).await?;
        let mut seats = Vec::new();
        for number in 0..plan.hosts {
            let free = TcpListener::bind(("127.0.0.1", 0)).await?.local_addr()?;
            let config = folder.path().join(format!("tandem-{number}.toml"));
            let plugins = plan.program.with_file_name("kill-plugins");
            let text = operator_file(plan, free, &database.url, &server.url(), &plugins);
            fs::write(&config, text)?;
            seats.push(Seat {
                address: free,
                config,
                log: folder.path().join(format!("host-{number}.log")),
            });
        }
        let tenant = folder.path().join("acme.toml");
        fs::write(
            &tenant,
            tenant_file(of_seed(plan.seed), &exchange, &members),
        )?;
        let hosts = seats
            .iter()
            .map(|seat| format!("http://{}", seat.address))
            .collect();
        let mut place = Self {
            interface: Interface::new(hosts, String::new())?,
            exchange,
            members,
            seats,
            program: plan.program.clone(),
            seed: plan.seed,
            database,
            folder,
            _server: server,
        };
        place.run(&["apply".as_ref(), tenant.as_path()]).await?;
        let token = place
            .run(&["token".as_ref(), "create".as_ref()])
            .await?
            .trim()
            .to_owned();
        place.interface = place.interface.with_token(token);
        Ok(place)
    }

    /// Runs the program to its end, and gives what it prints.
    ///
    /// # Errors
    /// When it fails.
    pub async fn run(&self, arguments: &[&Path]) -> Result<String> {
        let seat = self.seat(0)?;
        let mut command = Role::Tandem.command(&self.program);
        command.current_dir(self.folder.path());
        command.args(arguments).arg("--config").arg(&seat.config);
        command.env_remove("TANDEM_KEY").stdin(Stdio::null());
        let output = tokio::task::spawn_blocking(move || command.output()).await??;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(format!("tandem {arguments:?} failed: {said}").into());
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Starts `tandem serve`, and waits until it answers.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn serve(&self, seat: usize) -> Result<Process> {
        let mut process = self.begin(seat)?;
        match self.answers(&mut process, seat).await? {
            true => Ok(process),
            false => Err("a host was killed while it started, by nobody".into()),
        }
    }

    /// Starts `tandem serve` and does not wait for it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn begin(&self, seat: usize) -> Result<Process> {
        self.start(seat, Role::Tandem, &["serve"])
    }

    /// Starts the host that falls at a point, and does not wait for it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn stumble(&self, seat: usize, point: &str, fall: &str) -> Result<Process> {
        let arguments = ["--at", point, "--fall", fall];
        self.start(seat, Role::Stumbler, &arguments)
    }

    fn start(&self, seat: usize, role: Role, arguments: &[&str]) -> Result<Process> {
        let seat = self.seat(seat)?;
        let mut command = role.command(&self.program);
        command.current_dir(self.folder.path());
        command.args(arguments).arg("--config").arg(&seat.config);
        Process::start(command, &seat.log)
    }

    /// Waits until a host answers; false when it was killed before.
    ///
    /// # Errors
    /// When it ends by itself or never answers.
    pub async fn answers(&self, process: &mut Process, seat: usize) -> Result<bool> {
        let seat = self.seat(seat)?;
        let began = std::time::Instant::now();
        while began.elapsed() < PATIENCE {
            if process.was_killed()? {
                return Ok(false);
            }
            if TcpStream::connect(seat.address).await.is_ok() {
                return Ok(true);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err("a host does not answer".into())
    }

    /// All that the hosts of a seat have said.
    ///
    /// # Errors
    /// When nothing ever ran there.
    pub fn log(&self, seat: usize) -> Result<String> {
        Ok(fs::read_to_string(&self.seat(seat)?.log)?)
    }

    fn seat(&self, number: usize) -> Result<&Seat> {
        let seat = self.seats.get(number);
        seat.ok_or_else(|| "there is no such host".into())
    }

    /// Clears up; where something was broken, database and logs stay and are named in the error,
    /// and so is the seed.
    ///
    /// # Errors
    /// What was broken.
    pub async fn leave<T>(self, outcome: Result<T>) -> Result<T> {
        match outcome {
            Ok(done) => {
                self.database.remove().await?;
                Ok(done)
            }
            Err(broken) => {
                let url = self.database.url.clone();
                let folder = self.folder.keep();
                let (seed, folder) = (self.seed, folder.display());
                Err(
                    format!("seed {seed}: {broken}\ndatabase: {url}\nlogs and settings: {folder}")
                        .into(),
                )
            }
        }
    }
}

fn operator_file(
    plan: &Plan,
    listen: SocketAddr,
    database: &str,
    exchange: &str,
    plugins: &Path,
) -> String {
    let lease = match plan.kind {
        Kind::Sqlite => String::new(),
        Kind::Postgres => format!("lease-seconds = {LEASE}\n"),
    };
    format!(
        "listen = \"{listen}\"\nweb-address = \"https://psa.example\"\ndatabase = \"{database}\"\n\
         key-file = \"tandem.key\"\nplugin-cache = {plugins:?}\n\n[scheduler]\nat-once = 3\n{lease}\n\
         [network]\nallow = [\"127.0.0.0/8\"]\n\n\
         [endpoints]\ngraph = \"{exchange}\"\ntoken = \"{exchange}\"\n\
         ews = \"{exchange}/EWS/Exchange.asmx\"\n"
    )
}

fn tenant_file(provider: Embedded, exchange: &Exchange, members: &[Member]) -> String {
    let credentials = exchange.credentials();
    let use_graph = match provider {
        Embedded::Graph => true,
        Embedded::Ews => false,
    };
    let mut text = format!(
        "tenant = \"acme\"\n\n[settings]\nprofile-name = \"Acme\"\nsynchronise-every = 10\n\
         use-graph = {use_graph}\n\n[settings.credentials]\nkind = \"oauth\"\ntenant-id = {}\nclient-id = {}\nclient-secret = {}\n",
        json!(credentials.tenant),
        json!(credentials.client_id),
        json!(credentials.client_secret),
    );
    for Member { user, address, .. } in members {
        text += &format!(
            "\n[[resource]]\nid = \"{user}\"\nname = \"{user}\"\nmailbox = \"{address}\"\nprofile = {{}}\n"
        );
    }
    text
}
