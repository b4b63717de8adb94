//! How fast the pages of a large tenant are.
//!
//! ```text
//! cargo run -p bench -- --database sqlite
//! cargo run -p bench -- --database postgres      # on the server that TANDEM_TEST_POSTGRES names
//! ```
//!
//! A tenant is filled ([`fill`]), its pages are served over HTTP on this machine, and each is opened again
//! and again, in turn with a page of nothing but frame and menu ([`pages`]). What is printed is the time to
//! the first byte, and how many times that of the page of nothing it is. The ratios are what counts: both
//! numbers of a line come from the same run, whatever else the machine does. Nothing is judged by them.

mod fill;
mod pages;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use kill::Result;
use kill::database::{Fresh, Kind};
use secrecy::ExposeSecret;
use tandem::contract::PsaId;
use tandem::host::Host;
use tandem::operator::OperatorFile;
use tandem::web::{WebState, administrator, router};
use tempfile::TempDir;

use fill::Size;

/// Opens the pages of a large tenant, and prints how long each takes.
#[derive(Debug, Parser)]
#[command(name = "bench")]
struct Arguments {
    /// On which database; TANDEM_TEST_POSTGRES names the server for one of PostgreSQL.
    #[arg(long, value_enum, default_value = "sqlite")]
    database: Kind,
    /// How many users the tenant has.
    #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(100..))]
    users: u32,
    /// How many items are linked, a fiftieth of them the busy user's.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1_000..))]
    items: u32,
    /// How often each page is opened.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
}

#[tokio::main]
async fn main() -> ExitCode {
    tandem::capability::http::install_tls();
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<()> {
    let folder = TempDir::new()?;
    let database = Fresh::create(arguments.database, folder.path()).await?;
    let result = measure(&arguments, &folder, &database).await;
    database.remove().await?;
    result
}

async fn measure(arguments: &Arguments, folder: &TempDir, database: &Fresh) -> Result<()> {
    let file = OperatorFile {
        database: database.url.clone(),
        key_file: folder.path().join("tandem.key"),
        plugin_cache: Some(folder.path().join("plugins")),
        ..OperatorFile::default()
    };
    let host = file.host(None).await?;
    let size = Size {
        users: arguments.users,
        items: arguments.items,
    };
    let begun = Instant::now();
    let filled = fill::fill(&host, &database.url, size).await?;
    println!(
        "{:?}: {} users, {} linked items, filled in {} s",
        arguments.database,
        size.users,
        size.items,
        begun.elapsed().as_secs()
    );
    let cookie = sign_in(&host, &filled.tenant).await?;
    let server = serve(&host).await?;
    let measured = pages::measure(server, &cookie, &filled, arguments.rounds).await?;
    print!("{}", pages::table(&measured));
    host.store.database().close().await;
    Ok(())
}

/// The cookie of the tenant's administrator.
async fn sign_in(host: &Host, tenant: &tandem::store::Tenant) -> Result<String> {
    administrator::make(tenant).await?;
    let user = PsaId {
        value: "administrator".to_owned(),
    };
    let session = host.store.sessions().begin(tenant.id(), &user).await?;
    Ok(format!("tandem={}", session.expose_secret()))
}

/// Serves the pages until the program ends.
async fn serve(host: &Host) -> Result<SocketAddr> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let router = router(WebState::new(host.clone(), true));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    Ok(address)
}
