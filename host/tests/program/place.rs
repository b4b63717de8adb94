//! A folder with the operator's file, beside an Exchange on loopback, and the program as people run
//! it there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{DateTime, TimeDelta, Utc};
use exchange::{Clock, Config, Draft, Exchange, Running, Zone};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};
use tandem::contract::{Appointment, Instant, PsaId, Span, TenantId, TimedSpan};
use tandem::psa::appointment::{self, Edit};
use tandem::store::{Database, SecretKey, Store, Tenant};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::ended::Ended;

pub const NOW: &str = "2026-11-22T08:00:00Z";
pub const ANNA: &str = "anna@example.com";
const BERLIN: &str = "W. Europe Standard Time";

/// The program, run in a folder.
pub fn tandem(folder: &Path, arguments: &[&str]) -> Ended {
    command(folder, arguments).output().unwrap().into()
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tandem"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("TANDEM_KEY")
        .env_remove("RUST_LOG")
        .env_remove("RUST_BACKTRACE");
    command
}

pub struct Place {
    pub folder: TempDir,
    pub exchange: Exchange,
    pub server: Running,
    pub runtime: Runtime,
}

impl Place {
    /// With no tenant yet.
    pub fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let exchange = Exchange::new(Config {
            clock: Clock::running_from(NOW.parse().unwrap()),
            ..Config::default()
        });
        exchange.add_mailbox(ANNA, BERLIN);
        let server = runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0));
            exchange::serve(exchange.clone(), listener.await.unwrap()).unwrap()
        });
        let place = Self {
            folder: TempDir::new().unwrap(),
            exchange,
            server,
            runtime,
        };
        place.operator("");
        place
    }

    /// With the tenant `acme` and its user Anna.
    pub fn applied() -> Self {
        let place = Self::new();
        place.write("acme.toml", &place.acme());
        place.run(&["apply", "acme.toml"]).well();
        // What a save asks the server does not count in what follows.
        place.exchange.reset_counters();
        place
    }

    /// Writes the operator's file, with more lines at its top.
    pub fn operator(&self, more: &str) {
        self.operator_with(more, &self.server.url(), "127.0.0.0/8");
    }

    /// Writes the operator's file for another Exchange, or another network.
    pub fn operator_with(&self, more: &str, url: &str, network: &str) {
        let shared = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled-plugins");
        let cache = match more.contains("plugin-cache") {
            true => String::new(),
            // Compiled once for all tests of the program.
            false => format!("plugin-cache = \"{}\"\n", shared.display()),
        };
        let text = format!(
            "database = \"sqlite:tandem.db\"\nkey-file = \"tandem.key\"\nlisten = \"127.0.0.1:0\"\n{cache}{more}\n\
             [network]\nallow = [\"{network}\"]\n[endpoints]\ngraph = \"{url}\"\ntoken = \"{url}\"\n"
        );
        self.write("tandem.toml", &text);
    }

    /// The file of the tenant `acme`.
    pub fn acme(&self) -> String {
        let credentials = self.exchange.credentials();
        format!(
            "tenant = \"acme\"\n\n[settings]\nprofile-name = \"Acme\"\n\n[settings.credentials]\nkind = \"oauth\"\n\
             tenant-id = \"{}\"\nclient-id = \"{}\"\nclient-secret = \"{}\"\n\n\
             [[resource]]\nid = \"anna\"\nname = \"Anna\"\nmailbox = \"{ANNA}\"\n\n[resource.profile]\n",
            credentials.tenant, credentials.client_id, credentials.client_secret
        )
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        command(self.folder.path(), arguments)
    }

    pub fn run(&self, arguments: &[&str]) -> Ended {
        tandem(self.folder.path(), arguments)
    }

    pub fn sync(&self, more: &[&str]) -> Ended {
        let mut arguments = vec!["sync", "--now", NOW];
        arguments.extend(more);
        self.run(&arguments)
    }

    /// Anna makes an appointment of half an hour in Outlook; gives its id.
    pub fn book(&self, subject: &str, start: &str) -> String {
        let draft = Self::draft(subject, start);
        self.exchange.person(ANNA).create(&draft).unwrap()
    }

    pub fn draft(subject: &str, start: &str) -> Draft {
        let start = start.parse().unwrap();
        let zone = Zone::parse(BERLIN).unwrap();
        Draft::new(subject, start, start + TimeDelta::minutes(30), &zone)
    }

    /// The subjects in Anna's calendar.
    pub fn calendar(&self) -> Vec<String> {
        let all = self.exchange.person(ANNA).events().unwrap();
        all.into_iter()
            .filter(|one| one.calendar.is_some())
            .map(|one| one.content.subject)
            .collect()
    }

    /// Works in the database as the JSON interface would.
    pub fn in_the_database<T>(&self, work: impl AsyncFnOnce(&Tenant) -> T) -> T {
        self.runtime.block_on(async {
            let url = format!("sqlite:{}", self.path("tandem.db").display());
            let key = SecretKey::from_file(&self.path("tandem.key"), false).unwrap();
            let store = Store::new(Database::open(&url).await.unwrap(), key);
            let tenant = store.tenant(&TenantId {
                value: "acme".to_owned(),
            });
            let result = work(&tenant).await;
            store.database().close().await;
            result
        })
    }

    /// Makes an appointment of Anna's, 23 November from 9 to 10 in UTC, and gives its key.
    pub fn appointment(&self, title: &str, private: bool) -> String {
        let fields = Appointment {
            description: format!("about {title}"),
            private,
            ..fields(title, "2026-11-23")
        };
        self.make(vec![fields]).remove(0)
    }

    /// Makes such appointments of Anna's on a day, and gives their keys.
    pub fn plan_on(&self, day: &str, titles: &[String]) -> Vec<String> {
        self.make(titles.iter().map(|title| fields(title, day)).collect())
    }

    fn make(&self, appointments: Vec<Appointment>) -> Vec<String> {
        self.in_the_database(async |tenant| {
            let anna = PsaId {
                value: "anna".to_owned(),
            };
            let mut transaction = tenant.begin().await.unwrap();
            let mut ids = Vec::new();
            for fields in &appointments {
                let made = appointment::create(&mut transaction, &anna, fields).await;
                ids.push(made.unwrap().id.value);
            }
            transaction.commit().await.unwrap();
            ids
        })
    }

    pub fn edit(&self, id: &str, edit: &Edit) {
        self.in_the_database(async |tenant| {
            let mut transaction = tenant.begin().await.unwrap();
            let id = key(id);
            let known = appointment::get(&mut transaction, &id).await.unwrap();
            appointment::edit(&mut transaction, &id, known.version, edit)
                .await
                .unwrap();
            transaction.commit().await.unwrap();
        });
    }

    pub fn strike(&self, ids: &[String]) {
        self.in_the_database(async |tenant| {
            let mut transaction = tenant.begin().await.unwrap();
            for id in ids {
                let id = key(id);
                let known = appointment::get(&mut transaction, &id).await.unwrap();
                appointment::delete(&mut transaction, &id, known.version)
                    .await
                    .unwrap();
            }
            transaction.commit().await.unwrap();
        });
    }

    /// Every row of every table, without what belongs to leases.
    pub fn dump(&self) -> BTreeMap<String, Vec<String>> {
        self.runtime.block_on(async {
            let url = format!("sqlite:{}", self.path("tandem.db").display());
            let mut connection = SqliteConnection::connect(&url).await.unwrap();
            let tables = sqlx::query("SELECT name FROM sqlite_master WHERE type = 'table'")
                .fetch_all(&mut connection)
                .await
                .unwrap();
            let mut dump = BTreeMap::new();
            for table in tables {
                let name: String = table.get(0);
                let columns = sqlx::query(AssertSqlSafe(format!("PRAGMA table_info({name})")))
                    .fetch_all(&mut connection)
                    .await
                    .unwrap();
                let shown: Vec<String> = columns
                    .iter()
                    .map(|column| column.get::<String, _>(1))
                    .filter(|name| {
                        !["lease_owner", "lease_until", "fence", "last_attempt"]
                            .contains(&name.as_str())
                    })
                    .map(|name| format!("quote({name})"))
                    .collect();
                let text = format!("SELECT {} FROM {name}", shown.join(" || ', ' || "));
                let rows = sqlx::query(AssertSqlSafe(text))
                    .fetch_all(&mut connection)
                    .await
                    .unwrap();
                let mut rows: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
                rows.sort();
                dump.insert(name, rows);
            }
            dump
        })
    }
}

fn key(id: &str) -> PsaId {
    PsaId {
        value: id.to_owned(),
    }
}

fn fields(title: &str, day: &str) -> Appointment {
    Appointment {
        title: title.to_owned(),
        description: String::new(),
        span: span(day, "09:00", "10:00"),
        private: false,
        free: false,
        recurring: false,
        not_answered: false,
    }
}

/// Hours of 23 November 2026 in UTC.
pub fn hours(from: &str, to: &str) -> Span {
    span("2026-11-23", from, to)
}

fn span(day: &str, from: &str, to: &str) -> Span {
    let at = |time: &str| Instant {
        microseconds: format!("{day}T{time}:00Z")
            .parse::<DateTime<Utc>>()
            .unwrap()
            .timestamp_micros(),
    };
    Span::Timed(TimedSpan {
        start: at(from),
        end: at(to),
    })
}

/// The names in a JSON object.
pub fn keys(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}
