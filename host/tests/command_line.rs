//! The program as people and tools run it: what it prints, how it ends, and what it leaves behind.
//!
//! Every refusal is clear: it names what is wrong and what to do, on standard error, ends with a
//! failure and changes nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{DateTime, TimeDelta, Utc};
use exchange::{Behaviour, Clock, Config, Draft, Exchange, Running, Zone};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};
use tandem::contract::{Appointment, Instant, PsaId, Span, TenantId, TimedSpan};
use tandem::psa::appointment;
use tandem::store::{Database, SecretKey, Store, Tenant, cycle_run};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const NOW: &str = "2026-11-22T08:00:00Z";
const BERLIN: &str = "W. Europe Standard Time";
const ANNA: &str = "anna@example.com";

/// What the program said and how it ended.
#[derive(Debug)]
struct Ended {
    code: i32,
    out: String,
    err: String,
}

impl Ended {
    /// It ended well.
    fn well(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// It failed with its own clear words on standard error.
    fn refused(self, words: &[&str]) -> Self {
        assert!(self.code > 0, "{self:?}");
        for word in words {
            assert!(self.err.contains(word), "`{word}` is missing: {self:?}");
        }
        for unclear in ["panicked", "RUST_BACKTRACE", "Error {", "Err("] {
            assert!(!self.err.contains(unclear), "{self:?}");
        }
        self
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{self:?}"))
    }
}

fn tandem(folder: &Path, arguments: &[&str]) -> Ended {
    let output = Command::new(env!("CARGO_BIN_EXE_tandem"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("TANDEM_KEY")
        .env_remove("RUST_LOG")
        .env_remove("RUST_BACKTRACE")
        .output()
        .unwrap();
    Ended {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A folder with the operator's file, beside an Exchange on loopback.
struct Place {
    folder: TempDir,
    exchange: Exchange,
    server: Running,
    runtime: Runtime,
}

impl Place {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let exchange = Exchange::new(Config {
            clock: Clock::running_from(NOW.parse().unwrap()),
            ..Config::default()
        });
        exchange.add_mailbox(ANNA, BERLIN);
        let server = runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
                .await
                .unwrap();
            exchange::serve(exchange.clone(), listener).unwrap()
        });
        let place = Self {
            folder: TempDir::new().unwrap(),
            exchange,
            server,
            runtime,
        };
        place.write("tandem.toml", &place.operator(&place.server.url()));
        place
    }

    /// The same with the tenant `acme` applied.
    fn applied() -> Self {
        let place = Self::new();
        place.write("acme.toml", &place.acme());
        place.run(&["apply", "acme.toml"]).well();
        // What a save asks the server does not count in what follows.
        place.exchange.reset_counters();
        place
    }

    fn operator(&self, url: &str) -> String {
        format!(
            "database = \"sqlite:tandem.db\"\nkey-file = \"tandem.key\"\n\n[network]\nallow = [\"127.0.0.0/8\"]\n\n\
             [endpoints]\ngraph = \"{url}\"\ntoken = \"{url}\"\n"
        )
    }

    fn acme(&self) -> String {
        let credentials = self.exchange.credentials();
        format!(
            "tenant = \"acme\"\n\n[settings]\nprofile-name = \"Acme\"\n\n[settings.credentials]\nkind = \"oauth\"\n\
             tenant-id = \"{}\"\nclient-id = \"{}\"\nclient-secret = \"{}\"\n\n\
             [[resource]]\nid = \"anna\"\nname = \"Anna\"\nmailbox = \"{ANNA}\"\n\n[resource.profile]\n",
            credentials.tenant, credentials.client_id, credentials.client_secret
        )
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        tandem(self.folder.path(), arguments)
    }

    fn sync(&self, more: &[&str]) -> Ended {
        let mut arguments = vec!["sync", "--now", NOW];
        arguments.extend(more);
        self.run(&arguments)
    }

    fn book(&self, subject: &str, start: &str) -> String {
        let start = start.parse().unwrap();
        let zone = Zone::parse(BERLIN).unwrap();
        let draft = Draft::new(subject, start, start + TimeDelta::minutes(30), &zone);
        self.exchange.person(ANNA).create(&draft).unwrap()
    }

    fn calendar(&self) -> Vec<String> {
        let all = self.exchange.person(ANNA).events().unwrap();
        all.into_iter()
            .filter(|one| one.calendar.is_some())
            .map(|one| one.content.subject)
            .collect()
    }

    /// Works in the database as the JSON interface would.
    fn in_the_database<T>(&self, work: impl AsyncFnOnce(&Tenant) -> T) -> T {
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

    fn plan(&self, titles: &[String]) -> Vec<PsaId> {
        self.plan_on("2026-11-23", titles)
    }

    fn plan_on(&self, day: &str, titles: &[String]) -> Vec<PsaId> {
        self.in_the_database(async |tenant| {
            let mut transaction = tenant.begin().await.unwrap();
            let mut ids = Vec::new();
            for title in titles {
                let record = appointment::create(&mut transaction, &anna(), &at(title, day)).await;
                ids.push(record.unwrap().id);
            }
            transaction.commit().await.unwrap();
            ids
        })
    }

    fn strike(&self, ids: &[PsaId]) {
        self.in_the_database(async |tenant| {
            let mut transaction = tenant.begin().await.unwrap();
            for id in ids {
                let known = appointment::get(&mut transaction, id).await.unwrap();
                appointment::delete(&mut transaction, id, known.version)
                    .await
                    .unwrap();
            }
            transaction.commit().await.unwrap();
        });
    }

    /// Every row of every table, without what belongs to leases.
    fn dump(&self) -> BTreeMap<String, Vec<String>> {
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

fn anna() -> PsaId {
    PsaId {
        value: "anna".to_owned(),
    }
}

fn at(title: &str, day: &str) -> Appointment {
    let at = |time: &str| Instant {
        microseconds: format!("{day}T{time}")
            .parse::<DateTime<Utc>>()
            .unwrap()
            .timestamp_micros(),
    };
    Appointment {
        title: title.to_owned(),
        description: String::new(),
        span: Span::Timed(TimedSpan {
            start: at("09:00:00Z"),
            end: at("10:00:00Z"),
        }),
        private: false,
        free: false,
        recurring: false,
        not_answered: false,
    }
}

fn keys(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

// The demo.

#[test]
fn demo_once_prints_one_object_of_two_cycles_and_the_second_writes_nothing() {
    let folder = TempDir::new().unwrap();
    let ended = tandem(folder.path(), &["demo", "--once", "--json"]).well();
    assert_eq!(ended.out.lines().count(), 1, "{ended:?}");
    assert_eq!(ended.err, "");
    let printed = ended.json();
    assert_eq!(keys(&printed), ["cycles"]);
    let cycles = printed["cycles"].as_array().unwrap();
    assert_eq!(cycles.len(), 2);
    for (number, cycle) in (1..).zip(cycles) {
        assert_eq!(
            keys(cycle),
            [
                "batch_parts",
                "cycle",
                "duration_ms",
                "exchange_writes",
                "failed",
                "mailboxes",
                "psa_writes",
                "requests"
            ]
        );
        for (name, value) in cycle.as_object().unwrap() {
            assert!(value.is_u64(), "{name}: {value}");
        }
        assert_eq!(cycle["cycle"], number);
        assert_eq!(cycle["mailboxes"], 5);
        assert_eq!(cycle["failed"], 0);
    }
    assert!(cycles[0]["psa_writes"].as_u64().unwrap() > 0);
    assert!(cycles[0]["exchange_writes"].as_u64().unwrap() > 0);
    assert_eq!(cycles[1]["psa_writes"], 0);
    assert_eq!(cycles[1]["exchange_writes"], 0);
    assert!(cycles[1]["requests"].as_u64().unwrap() <= 2 * 5);
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.is_empty(), "the demo leaves no file: {left:?}");
}

#[test]
fn the_demo_does_the_same_on_the_same_day_whatever_the_day() {
    let folder = TempDir::new().unwrap();
    for now in [
        "2026-11-22T08:00:00Z",
        "2024-02-29T23:59:59Z",
        "2027-03-28T01:30:00Z",
        "2030-12-31T12:00:00Z",
    ] {
        let counts = || {
            let arguments = ["demo", "--once", "--json", "--now", now];
            let mut printed = tandem(folder.path(), &arguments).well().json();
            for cycle in printed["cycles"].as_array_mut().unwrap() {
                cycle.as_object_mut().unwrap().remove("duration_ms");
            }
            printed
        };
        let first = counts();
        assert_eq!(first["cycles"][1]["psa_writes"], 0, "{now}");
        assert_eq!(first["cycles"][1]["exchange_writes"], 0, "{now}");
        assert_eq!(first, counts(), "{now}");
    }
}

#[test]
fn the_demos_json_needs_once_and_its_now_an_instant() {
    let folder = TempDir::new().unwrap();
    tandem(folder.path(), &["demo", "--json"]).refused(&["--once"]);
    for now in ["yesterday", "2026-11-22", "2026-13-01T00:00:00Z", ""] {
        tandem(folder.path(), &["demo", "--once", "--now", now]).refused(&["--now"]);
    }
    // An instant beyond the calendar is refused in words too.
    tandem(
        folder.path(),
        &["demo", "--once", "--now", "+262142-12-31T00:00:00Z"],
    )
    .refused(&[]);
}

// The tenant's file.

#[test]
fn apply_writes_settings_and_users_and_again_it_changes_nothing() {
    let place = Place::new();
    place.write("acme.toml", &place.acme());
    let ended = place.run(&["apply", "acme.toml"]).well();
    assert!(
        ended.out.contains("`acme`: settings saved, 1 users"),
        "{ended:?}"
    );
    let secret = place.exchange.credentials().client_secret;
    assert!(!ended.out.contains(&secret) && !ended.err.contains(&secret));
    let ended = place.run(&["apply", "acme.toml"]).well();
    assert!(ended.out.contains("settings unchanged"), "{ended:?}");
    assert!(!ended.out.contains("re-synchronisation"), "{ended:?}");
}

#[test]
fn a_file_without_the_secret_keeps_the_stored_one() {
    let place = Place::applied();
    let text: String = place
        .acme()
        .lines()
        .filter(|line| !line.starts_with("client-secret"))
        .map(|line| format!("{line}\n"))
        .collect();
    place.write("acme.toml", &text.replace("Acme", "Acme Ltd"));
    place.run(&["apply", "acme.toml"]).well();
    place.sync(&[]).well();
}

#[test]
fn apply_refuses_what_is_wrong_names_it_and_leaves_everything_as_it_was() {
    let place = Place::applied();
    let before = place.dump();
    let acme = place.acme();
    let secret = place.exchange.credentials().client_secret;
    let settings = |line: &str| acme.replace("[settings]\n", &format!("[settings]\n{line}\n"));
    let second = format!(
        "{acme}\n[[resource]]\nid = \"bela\"\nname = \"Bela\"\nmailbox = \"{}\"\n",
        ANNA.to_uppercase()
    );
    let cases: Vec<(String, Vec<&str>)> = vec![
        (settings("past-day = 3"), vec!["past-day", "line 4"]),
        (settings("past-days = 31"), vec!["31", "1 to 30"]),
        (settings("past-days = -1"), vec!["line 4"]),
        (
            settings("synchronise-every = 9"),
            vec!["9 minutes", "10 minutes or more"],
        ),
        (
            settings("server-address = \"10.0.0.1:443\""),
            vec!["10.0.0.1:443", "host name"],
        ),
        (
            settings("version = \"exchange-1999\""),
            vec!["exchange-1999"],
        ),
        (
            settings("version = \"exchange-2019\"\nuse-graph = true"),
            vec!["Graph"],
        ),
        (
            settings("error-notifications-to = \"nobody\""),
            vec!["nobody", "e-mail"],
        ),
        (acme.replace("\"Acme\"", "\" \""), vec!["profile name"]),
        (acme.replace(ANNA, "anna"), vec!["`anna`", "resource"]),
        (
            acme.replace("\"acme\"", "\"Acme Ltd\""),
            vec!["Acme Ltd", "lower-case"],
        ),
        (
            acme.replace("kind = \"oauth\"", "kind = \"magic\""),
            vec!["magic"],
        ),
        (acme.replace("[settings]", "[setting]"), vec!["setting"]),
        (acme.replace("client-id = ", "client-id "), vec!["line"]),
        (second, vec!["ANNA@EXAMPLE.COM", "anna", "bela"]),
        (String::new(), vec!["tenant"]),
    ];
    for (text, words) in cases {
        place.write("wrong.toml", &text);
        let mut all = words;
        all.push("wrong.toml");
        let ended = place.run(&["apply", "wrong.toml"]).refused(&all);
        assert!(!ended.err.contains(&secret), "{ended:?}");
        assert_eq!(before, place.dump(), "{text}");
    }
    place
        .run(&["apply", "missing.toml"])
        .refused(&["missing.toml", "cannot be read"]);
    assert_eq!(before, place.dump());
}

#[test]
fn a_new_tenant_with_anything_wrong_is_not_made() {
    let place = Place::applied();
    let before = place.dump();
    let other = place
        .acme()
        .replace("\"acme\"", "\"other\"")
        .replace("Acme", "Other");
    let twice =
        format!("{other}\n[[resource]]\nid = \"bela\"\nname = \"Bela\"\nmailbox = \"{ANNA}\"\n");
    place.write("other.toml", &twice);
    place.run(&["apply", "other.toml"]).refused(&[ANNA]);
    assert_eq!(before, place.dump());
    let bad_id = other.replace("id = \"anna\"", "id = \"an na\"");
    place.write("other.toml", &bad_id);
    place.run(&["apply", "other.toml"]).refused(&["an na"]);
    assert_eq!(before, place.dump());
}

// The operator's file.

#[test]
fn an_unknown_name_in_the_operators_file_is_refused_before_anything_is_made() {
    let place = Place::new();
    for (text, words) in [
        (
            "databse = \"sqlite:tandem.db\"\n",
            vec!["databse", "tandem.toml"],
        ),
        ("[network]\nalow = []\n", vec!["alow"]),
        ("listen = \"everywhere\"\n", vec!["listen"]),
        ("[network]\nallow = [\"10.0.0.300\"]\n", vec!["10.0.0.300"]),
        (
            "[network]\nca-files = [\"missing.pem\"]\n",
            vec!["missing.pem"],
        ),
        ("database = \"mysql://x/y\"\n", vec!["mysql"]),
        (
            "database = \"sqlite:no/such/folder/tandem.db\"\n",
            vec!["no/such/folder"],
        ),
    ] {
        place.write("tandem.toml", text);
        place.run(&["sync"]).refused(&words);
    }
    let place = Place::new();
    std::fs::remove_file(place.path("tandem.toml")).unwrap();
    place.run(&["sync"]).refused(&["tandem.toml", "--config"]);
    assert!(!place.path("tandem.db").exists());
}

#[test]
fn a_file_that_is_no_database_is_left_as_it_was() {
    let place = Place::new();
    place.write(
        "tandem.db",
        "Dear diary, this is no database at all, but it is long enough.",
    );
    let before = std::fs::read(place.path("tandem.db")).unwrap();
    place.run(&["sync"]).refused(&["tandem.db"]);
    assert_eq!(before, std::fs::read(place.path("tandem.db")).unwrap());
}

#[test]
fn a_database_of_a_newer_version_is_left_as_it_was() {
    let place = Place::applied();
    place.runtime.block_on(async {
        let url = format!("sqlite:{}", place.path("tandem.db").display());
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        sqlx::query(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (9999, 'of tomorrow', TRUE, x'00', 1)",
        )
        .execute(&mut connection)
        .await
        .unwrap();
    });
    let before = place.dump();
    for command in [
        vec!["sync"],
        vec!["apply", "acme.toml"],
        vec!["validate"],
        vec!["token", "create"],
    ] {
        place.run(&command).refused(&["newer"]);
    }
    assert_eq!(before, place.dump());
}

#[test]
fn another_key_is_told_apart_from_a_wrong_secret() {
    let place = Place::applied();
    std::fs::remove_file(place.path("tandem.key")).unwrap();
    place.sync(&[]).refused(&["key"]);
    assert!(place.exchange.counters().requests == 0);
    place.write("tandem.key", "short");
    place.sync(&[]).refused(&["tandem.key"]);
}

// Cycles.

#[test]
fn sync_tells_what_it_did_in_lines_and_in_json() {
    let place = Place::applied();
    place.book("Lunch", "2026-11-23T12:00:00");
    place.plan(&["Visit".to_owned()]);
    let ended = place.sync(&[]).well();
    assert!(
        ended
            .out
            .contains("anna@example.com: 1 written to the PSA, 1 to Exchange, 0 failed"),
        "{ended:?}"
    );
    let ended = place.sync(&["--json"]).well();
    assert_eq!(ended.out.lines().count(), 1);
    let printed = ended.json();
    assert_eq!(keys(&printed), ["cycles", "failures"]);
    assert_eq!(printed["failures"], 0);
    let cycle = &printed["cycles"][0];
    assert_eq!(keys(cycle), ["counts", "cycle", "held", "mailbox", "plan"]);
    assert_eq!(cycle["mailbox"], ANNA);
    assert_eq!(cycle["counts"]["psa_writes"], 0);
    assert_eq!(cycle["counts"]["exchange_writes"], 0);
    assert!(cycle["counts"]["requests"].as_u64().unwrap() <= 2);
    // By name, by address in any case, and everything anew: nothing is doubled.
    for more in [
        vec!["--resource", "anna"],
        vec!["--resource", "ANNA@example.com"],
        vec!["--full"],
        vec!["--tenant", "acme"],
    ] {
        place.sync(&more).well();
    }
    assert_eq!(place.calendar(), ["Lunch", "Visit"]);
}

#[test]
fn a_dry_run_shows_the_plan_and_leaves_no_trace() {
    let place = Place::applied();
    place.book("Lunch", "2026-11-23T12:00:00");
    let ids = place.plan(&["Visit".to_owned(), "Talk".to_owned()]);
    // Before the first cycle, and again between two.
    for round in 0..2 {
        let before = place.dump();
        let items = place.calendar();
        let printed = place.sync(&["--dry-run", "--json"]).well().json();
        let plan = printed["cycles"][0]["plan"].as_array().unwrap();
        let mut actions: Vec<&str> = plan
            .iter()
            .map(|one| one["action"].as_str().unwrap())
            .collect();
        actions.sort_unstable();
        if round == 0 {
            assert_eq!(
                actions,
                ["create_exchange", "create_exchange", "create_psa"]
            );
        } else {
            assert_eq!(actions, ["create_psa", "delete_exchange"]);
        }
        assert_eq!(
            keys(&plan[0]),
            [
                "action",
                "changes",
                "exchange",
                "fields",
                "private",
                "psa",
                "refused_because",
                "remark",
                "rule",
                "side",
                "title",
                "verdict",
                "when",
                "why"
            ]
        );
        let ended = place.sync(&["--dry-run"]).well();
        assert!(ended.out.contains("make in the PSA"), "{ended:?}");
        assert_eq!(before, place.dump(), "round {round}");
        assert_eq!(items, place.calendar());
        if round == 0 {
            place.sync(&[]).well();
            place.strike(&ids[..1]);
            place.book("Tea", "2026-11-23T16:00:00");
        }
    }
    place.sync(&[]).well();
    let mut items = place.calendar();
    items.sort();
    assert_eq!(items, ["Lunch", "Talk", "Tea"]);
}

#[test]
fn a_wrong_secret_is_refused_when_it_is_saved_and_nothing_changes() {
    let place = Place::applied();
    place.plan(&["Visit".to_owned()]);
    let before = place.dump();
    let secret = place.exchange.credentials().client_secret;
    let wrong = "not~the-secret-of-anybody";
    place.write("wrong.toml", &place.acme().replace(&secret, wrong));
    let ended = place.run(&["apply", "wrong.toml"]);
    let ended = ended.refused(&["wrong.toml", "AADSTS7000215", "to do:"]);
    assert!(
        !ended.err.contains(wrong) && !ended.err.contains(&secret),
        "{ended:?}"
    );
    assert_eq!(before, place.dump());
    place.sync(&[]).well();
    assert_eq!(place.calendar(), ["Visit"]);
}

#[test]
fn a_secret_that_no_longer_works_is_told_with_what_to_do_and_nothing_changes() {
    let place = Place::applied();
    place.plan(&["Visit".to_owned()]);
    let expired = Behaviour {
        secret_expired: true,
        ..place.exchange.behaviour()
    };
    let good = place.exchange.behaviour();
    place.exchange.set_behaviour(expired);
    place.sync(&[]).refused(&[ANNA, "secret", "AADSTS7000222"]);
    assert!(place.calendar().is_empty());
    let ended = place.run(&["validate"]);
    assert!(ended.code > 0, "{ended:?}");
    assert!(
        ended.out.contains("ERROR") && ended.out.contains("to do:"),
        "{ended:?}"
    );
    place.exchange.set_behaviour(good);
    place.sync(&[]).well();
    assert_eq!(place.calendar(), ["Visit"]);
}

#[test]
fn a_mailbox_that_does_not_exist_fails_alone() {
    let place = Place::new();
    let more = "\n[[resource]]\nid = \"bela\"\nname = \"Bela\"\nmailbox = \"bela@example.com\"\n\n[resource.profile]\n";
    place.write("acme.toml", &(place.acme() + more));
    place.run(&["apply", "acme.toml"]).well();
    place.book("Lunch", "2026-11-23T12:00:00");
    let ended = place.sync(&[]).refused(&["bela@example.com", "mailbox"]);
    assert!(
        ended.out.contains("anna@example.com: 1 written to the PSA"),
        "{ended:?}"
    );
    let ended = place.sync(&["--json"]);
    assert_eq!(ended.code, 1);
    assert_eq!(ended.json()["failures"], 1);
    assert_eq!(ended.json()["cycles"].as_array().unwrap().len(), 1);
}

#[test]
fn a_server_that_is_not_there_is_told_with_its_address() {
    let place = Place::applied();
    let closed = {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    place.write("tandem.toml", &place.operator(&closed));
    let ended = place.sync(&[]).refused(&[ANNA, "to do"]);
    assert!(
        ended.err.contains("reach") || ended.err.contains("connect"),
        "{ended:?}"
    );
    place.run(&["validate"]);
    // A network that the operator did not allow is not tried.
    let text = place
        .operator(&place.server.url())
        .replace("127.0.0.0/8", "10.0.0.0/8");
    place.write("tandem.toml", &text);
    place.sync(&[]).refused(&[ANNA]);
    assert_eq!(place.exchange.counters().requests, 0);
    place.write("tandem.toml", &place.operator(&place.server.url()));
    place.sync(&[]).well();
}

#[test]
fn sync_refuses_users_tenants_and_instants_that_it_does_not_know() {
    let place = Place::new();
    place
        .run(&["sync"])
        .refused(&["no tenant yet", "tandem apply"]);
    let place = Place::applied();
    let before = place.dump();
    place
        .sync(&["--resource", "nobody"])
        .refused(&["nobody", "tandem apply"]);
    place
        .sync(&["--tenant", "nobody"])
        .refused(&["nobody", "acme"]);
    place.run(&["sync", "--now", "soon"]).refused(&["--now"]);
    place.run(&["sync", "--fast"]).refused(&["--fast"]);
    assert_eq!(before, place.dump());
    assert_eq!(place.exchange.counters().requests, 0);
    // With a second tenant one has to be chosen.
    let other = place.acme().replace("\"acme\"", "\"other\"");
    place.write("other.toml", &other);
    place.run(&["apply", "other.toml"]).well();
    place.sync(&[]).refused(&["--tenant", "acme", "other"]);
}

#[test]
fn a_switched_off_tenant_or_user_does_not_run() {
    let place = Place::applied();
    let text = place.acme();
    place.write(
        "acme.toml",
        &text.replace("[settings]\n", "[settings]\nenabled = false\n"),
    );
    place.run(&["apply", "acme.toml"]).well();
    place.exchange.reset_counters();
    place.sync(&[]).refused(&["switched off"]);
    assert_eq!(place.exchange.counters().requests, 0);
    let user = text.replace("id = \"anna\"", "id = \"anna\"\nenabled = false");
    place.write("acme.toml", &user);
    place.run(&["apply", "acme.toml"]).well();
    place.exchange.reset_counters();
    place.sync(&[]).refused(&["no user is enabled"]);
    place
        .sync(&["--resource", "anna"])
        .refused(&["set enabled"]);
    assert_eq!(place.exchange.counters().requests, 0);
}

#[test]
fn validate_says_what_works() {
    let place = Place::applied();
    let ended = place.run(&["validate"]).well();
    assert!(ended.out.contains("ok"), "{ended:?}");
    assert!(!ended.out.contains("ERROR"), "{ended:?}");
    assert_eq!(place.exchange.counters().operations.writes(), 0);
    let place = Place::new();
    place.run(&["validate"]).refused(&["no tenant yet"]);
}

#[test]
fn a_token_is_shown_once_and_stored_as_a_digest() {
    let place = Place::applied();
    let ended = place.run(&["token", "create", "--label", "monitor"]).well();
    let token = ended.out.trim();
    assert!(token.starts_with("tdm_") && token.len() > 40, "{ended:?}");
    let rows = place.dump();
    assert_eq!(rows["token"].len(), 1);
    assert!(rows["token"][0].contains("monitor"));
    assert!(!format!("{rows:?}").contains(token));
    place
        .run(&["token", "create", "--tenant", "nobody"])
        .refused(&["nobody"]);
    assert_eq!(place.dump()["token"].len(), 1);
}

#[test]
fn many_deletions_wait_until_they_are_approved() {
    // By the machine's clock: `approve` has no other.
    let place = Place::applied();
    let titles: Vec<String> = (0..30).map(|number| format!("Visit {number}")).collect();
    let ids = place.plan_on("2099-01-05", &titles);
    place.run(&["sync"]).well();
    assert_eq!(place.calendar().len(), 30);
    place.strike(&ids);
    let ended = place.run(&["sync"]).well();
    assert!(
        ended.out.contains("30 deletions wait: tandem approve "),
        "{ended:?}"
    );
    let cycle = ended
        .out
        .split("tandem approve ")
        .nth(1)
        .unwrap()
        .trim()
        .to_owned();
    place.run(&["sync"]).well();
    assert_eq!(place.calendar().len(), 30);
    place
        .run(&["approve", "0190-nothing"])
        .refused(&["0190-nothing"]);
    place.run(&["approve"]).refused(&["CYCLE"]);
    let ended = place.run(&["approve", &cycle]).well();
    assert!(ended.out.contains("30"), "{ended:?}");
    place.run(&["sync"]).well();
    assert!(place.calendar().is_empty());
    place
        .run(&["approve", &cycle])
        .refused(&["nothing that waits"]);
}

#[test]
fn every_run_is_kept_with_its_end_and_its_counts() {
    let place = Place::applied();
    place.book("Lunch", "2026-11-23T12:00:00");
    place.sync(&[]).well();
    place.sync(&[]).well();
    place.in_the_database(async |tenant| {
        let paging = cycle_run::Paging {
            before: None,
            limit: 10,
        };
        let runs = cycle_run::list(tenant, None, &paging).await.unwrap();
        assert_eq!(runs.len(), 2);
        assert!(
            runs.iter()
                .all(|run| run.finished.is_some() && run.error.is_none())
        );
        assert_eq!(runs[1].counts.psa_writes, 1);
        assert_eq!(runs[0].counts.psa_writes, 0);
        assert!(runs[1].counts.requests > 0 && runs[1].counts.duration > 0);
    });
}

// Plugins.

#[test]
fn plugin_inspect_shows_the_shipped_component() {
    let place = Place::new();
    let file = place.path("graph.wasm");
    std::fs::write(&file, tandem::runtime::embedded::GRAPH).unwrap();
    let ended = place.run(&["plugin", "inspect", "graph.wasm"]).well();
    for word in [
        "digest",
        "wasi:http",
        "tandem:sync/provider",
        "plugin ",
        "asks for",
    ] {
        assert!(ended.out.contains(word), "{word}: {ended:?}");
    }
    assert!(!ended.out.contains("(refused)"), "{ended:?}");
}

#[test]
fn plugin_inspect_refuses_damaged_files() {
    let place = Place::new();
    let good = tandem::runtime::embedded::GRAPH;
    let mut flipped = good.to_vec();
    for byte in flipped.iter_mut().skip(8).take(64) {
        *byte ^= 0xff;
    }
    for (name, bytes) in [
        ("cut.wasm", good[..good.len() / 2].to_vec()),
        ("flipped.wasm", flipped),
        ("empty.wasm", Vec::new()),
        ("text.wasm", b"this is no component".to_vec()),
        // A core module, not a component.
        ("module.wasm", b"\0asm\x01\0\0\0".to_vec()),
    ] {
        std::fs::write(place.path(name), bytes).unwrap();
        place.run(&["plugin", "inspect", name]).refused(&[name]);
    }
    place
        .run(&["plugin", "inspect", "missing.wasm"])
        .refused(&["missing.wasm"]);
}
