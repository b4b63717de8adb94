//! A host like `tandem serve` that falls at a named point: it kills or stops its own process there.
//!
//! It embeds the host's library and watches the moments of the database and the way to the network,
//! so that the product itself knows nothing of it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use clap::{Parser, ValueEnum};
use futures::future::BoxFuture;
use http::{Request, Response};
use rustix::process::{Signal, getpid, kill_process};
use simulation::provider::ews;
use tandem::api::ApiState;
use tandem::capability::http::{Carrier, Undelivered};
use tandem::cycle::scheduler::schedule;
use tandem::operator::OperatorFile;
use tandem::store::dialect::Dialect;
use tandem::store::moment::{Moment, Observer};
use tandem::store::{Database, SecretKey, Store};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tracing::span::Id;

use crate::Result;
use crate::point::{Edge, Point, Purpose, Spot, named};

/// What the log says when the host has stopped itself.
pub const STOPPED: &str = "stumbler: stops";
/// What it says when it goes on.
pub const GOES_ON: &str = "stumbler: goes on";
/// What it says of each request on its way to Exchange.
pub const SENDS: &str = "stumbler: sends";

/// How a host falls.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Fall {
    /// It is killed.
    Kill,
    /// It stops until it is continued.
    Stop,
}

#[derive(Debug, Parser)]
struct Arguments {
    /// The operator's file.
    #[arg(long)]
    config: PathBuf,
    /// Where to fall.
    #[arg(long)]
    at: String,
    /// How to fall.
    #[arg(long, value_enum)]
    fall: Fall,
}

/// Runs it.
pub async fn run() -> ExitCode {
    tracing_subscriber::fmt()
        // The steps of a cycle are spans, by which points are told.
        .with_env_filter("warn,tandem=info")
        .with_writer(std::io::stderr)
        .init();
    match serve(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(arguments: Arguments) -> Result<()> {
    let point = named(&arguments.at).ok_or("there is no such point")?;
    let tripwire = Arc::new(Tripwire::new(point, arguments.fall));
    let file = OperatorFile::read(&arguments.config)?;
    let database = Database::open(&file.database).await?;
    let key = SecretKey::from_file(&file.key_file, false)?;
    let store = Store::new(database.observed_by(tripwire.clone()), key);
    let mut host = file.around(store, None).await?;
    host.http = host.http.carried_by(Arc::new(Wire {
        client: reqwest::Client::builder().no_proxy().build()?,
        tripwire,
    }));
    if host.store.database().dialect() == Dialect::Sqlite {
        host.store.leases().void_all().await?;
    }
    let listener = TcpListener::bind(file.listen).await?;
    let (_stop, stopped) = watch::channel(false);
    tokio::spawn(schedule(host.clone(), file.scheduler.at_once, stopped));
    Ok(axum::serve(listener, tandem::api::router(ApiState { host })).await?)
}

/// Falls once, when its point is reached.
#[derive(Debug)]
struct Tripwire {
    point: Point,
    fall: Fall,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    fell: bool,
    /// How often the moment came in each cycle's step.
    counted: HashMap<Option<Id>, u32>,
}

impl Tripwire {
    fn new(point: Point, fall: Fall) -> Self {
        Self {
            point,
            fall,
            state: Mutex::default(),
        }
    }

    fn moment(&self, moment: Moment) {
        let Spot::Step(step, wanted, count) = self.point.spot else {
            return;
        };
        let span = tracing::Span::current();
        let name = span.metadata().map(|span| span.name());
        if moment == wanted && name == Some(step) {
            self.reached(span.id(), count);
        }
    }

    fn request(&self, purpose: Purpose, edge: Edge) {
        if self.point.spot == Spot::Request(purpose, edge) {
            self.reached(None, 1);
        }
    }

    /// The lock is held while the process stops: nobody else passes the point meanwhile.
    fn reached(&self, span: Option<Id>, count: u32) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = state.counted.entry(span).or_default();
        *passed += 1;
        if *passed < count || state.fell {
            return;
        }
        state.fell = true;
        let signal = match self.fall {
            Fall::Kill => Signal::KILL,
            Fall::Stop => Signal::STOP,
        };
        eprintln!("{STOPPED} at {}", self.point.name);
        fall(signal);
        eprintln!("{GOES_ON}");
    }
}

/// A stop reaches the threads of a process one after the other, and this one goes no further before:
/// a moment that took much too long, be it in the signal's own call, was the stop.
fn fall(signal: Signal) {
    const NAP: Duration = Duration::from_millis(20);
    let mut last = Instant::now();
    if let Err(error) = kill_process(getpid(), signal) {
        eprintln!("stumbler: {error}");
    }
    loop {
        let now = Instant::now();
        if now.duration_since(last) > NAP * 50 {
            return;
        }
        last = now;
        std::thread::sleep(NAP);
    }
}

impl Observer for Tripwire {
    fn reached(&self, moment: Moment) -> BoxFuture<'_, tandem::store::Result<()>> {
        self.moment(moment);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// The network, past the tripwire.
struct Wire {
    client: reqwest::Client,
    tripwire: Arc<Tripwire>,
}

impl Wire {
    async fn send(&self, request: Request<Bytes>) -> reqwest::Result<Response<Bytes>> {
        let purpose = purpose(&request);
        self.tripwire.request(purpose, Edge::Before);
        eprintln!("{SENDS} {} {}", request.method(), request.uri());
        let answer = self.client.execute(request.try_into()?).await?;
        let mut carried = Response::new(Bytes::new());
        *carried.status_mut() = answer.status();
        carried.headers_mut().clone_from(answer.headers());
        *carried.body_mut() = answer.bytes().await?;
        self.tripwire.request(purpose, Edge::After);
        Ok(carried)
    }
}

impl Carrier for Wire {
    fn carry(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, std::result::Result<Response<Bytes>, Undelivered>> {
        Box::pin(async move {
            let answer = self.send(request).await;
            answer.map_err(|error| match error {
                error if error.is_connect() => Undelivered::Refused,
                error if error.is_timeout() => Undelivered::TimedOut,
                error if error.is_body() => Undelivered::Incomplete,
                _ => Undelivered::Broken,
            })
        })
    }
}

fn purpose(request: &Request<Bytes>) -> Purpose {
    let path = request.uri().path();
    let body = String::from_utf8_lossy(request.body());
    let changes = ["\"POST\"", "\"PATCH\"", "\"DELETE\""];
    let writes = if path.ends_with("/$batch") {
        changes.iter().any(|method| body.contains(method))
    } else if path.ends_with(".asmx") {
        ["CreateItem", "UpdateItem", "DeleteItem"].contains(&ews::operation(&body))
    } else {
        false
    };
    if path.ends_with("/token") {
        Purpose::Token
    } else if writes {
        Purpose::Write
    } else {
        Purpose::Read
    }
}
