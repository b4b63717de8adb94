//! A folder with the operator's file and one tenant, beside an Exchange on loopback, and the
//! program as people run it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use chrono::{DateTime, TimeDelta, Utc};
use exchange::{Clock, Config, Draft, Exchange, Running, Zone};
use serde_json::Value;
use tandem::contract::{Appointment, Instant, PsaId, Span, TenantId, TimedSpan};
use tandem::psa::appointment::{self, Edit};
use tandem::store::{Database, SecretKey, Store, Tenant};
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub const NOW: &str = "2026-11-22T08:00:00Z";
pub const ANNA: &str = "anna@example.com";
const BERLIN: &str = "W. Europe Standard Time";

pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ended {
    pub fn well(self) -> Self {
        assert_eq!(self.code, 0, "{}\n{}", self.out, self.err);
        self
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{}{}", self.out, self.err))
    }
}

pub struct Place {
    pub folder: TempDir,
    pub exchange: Exchange,
    server: Running,
    runtime: Runtime,
}

impl Place {
    /// With the tenant `acme` and its user Anna.
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
        place.write("acme.toml", &place.tenant_file());
        place.run(&["apply", "acme.toml"]).well();
        place
    }

    /// Writes the operator's file, with more lines at its top.
    pub fn operator(&self, more: &str) {
        let shared = Path::new(env!("CARGO_TARGET_TMPDIR")).join("inspection-plugins");
        let url = self.server.url();
        let cache = match more.contains("plugin-cache") {
            true => String::new(),
            // Compiled once for all tests of this file.
            false => format!("plugin-cache = \"{}\"\n", shared.display()),
        };
        let text = format!(
            "database = \"sqlite:tandem.db\"\nkey-file = \"tandem.key\"\nlisten = \"127.0.0.1:0\"\n{cache}{more}\n\
             [network]\nallow = [\"127.0.0.0/8\"]\n[endpoints]\ngraph = \"{url}\"\ntoken = \"{url}\"\n"
        );
        self.write("tandem.toml", &text);
    }

    fn tenant_file(&self) -> String {
        let credentials = self.exchange.credentials();
        format!(
            "tenant = \"acme\"\n[settings]\nprofile-name = \"Acme\"\n[settings.credentials]\nkind = \"oauth\"\n\
             tenant-id = \"{}\"\nclient-id = \"{}\"\nclient-secret = \"{}\"\n[[resource]]\nid = \"anna\"\n\
             name = \"Anna\"\nmailbox = \"{ANNA}\"\nprofile = {{}}\n",
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
        let mut command = Command::new(env!("CARGO_BIN_EXE_tandem"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("TANDEM_KEY")
            .env_remove("RUST_LOG");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ended {
        let Output {
            status,
            stdout,
            stderr,
        } = self.command(arguments).output().unwrap();
        Ended {
            code: status.code().unwrap(),
            out: String::from_utf8(stdout).unwrap(),
            err: String::from_utf8(stderr).unwrap(),
        }
    }

    pub fn sync(&self, more: &[&str]) -> Ended {
        let mut arguments = vec!["sync", "--now", NOW];
        arguments.extend(more);
        self.run(&arguments).well()
    }

    pub fn draft(subject: &str, start: &str) -> Draft {
        let start = start.parse().unwrap();
        let zone = Zone::parse(BERLIN).unwrap();
        Draft::new(subject, start, start + TimeDelta::minutes(30), &zone)
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
        self.in_the_database(async |tenant| {
            let mut transaction = tenant.begin().await.unwrap();
            let fields = Appointment {
                title: title.to_owned(),
                description: format!("about {title}"),
                span: hours("09:00", "10:00"),
                private,
                free: false,
                recurring: false,
                not_answered: false,
            };
            let anna = PsaId {
                value: "anna".to_owned(),
            };
            let made = appointment::create(&mut transaction, &anna, &fields).await;
            transaction.commit().await.unwrap();
            made.unwrap().id.value
        })
    }

    pub fn edit(&self, id: &str, edit: &Edit) {
        let id = PsaId {
            value: id.to_owned(),
        };
        self.in_the_database(async |tenant| {
            let mut transaction = tenant.begin().await.unwrap();
            let known = appointment::get(&mut transaction, &id).await.unwrap();
            appointment::edit(&mut transaction, &id, known.version, edit)
                .await
                .unwrap();
            transaction.commit().await.unwrap();
        });
    }

    pub fn strike(&self, id: &str) {
        let id = PsaId {
            value: id.to_owned(),
        };
        self.in_the_database(async |tenant| {
            let mut transaction = tenant.begin().await.unwrap();
            let known = appointment::get(&mut transaction, &id).await.unwrap();
            appointment::delete(&mut transaction, &id, known.version)
                .await
                .unwrap();
            transaction.commit().await.unwrap();
        });
    }
}

/// Hours of 23 November 2026 in UTC.
pub fn hours(from: &str, to: &str) -> Span {
    let at = |time: &str| Instant {
        microseconds: format!("2026-11-23T{time}:00Z")
            .parse::<DateTime<Utc>>()
            .unwrap()
            .timestamp_micros(),
    };
    Span::Timed(TimedSpan {
        start: at(from),
        end: at(to),
    })
}
