//! Neither the client secret nor any token is ever written down: not in the database's files, not
//! in a row, not in a log, not in a captured exchange. A program of its own, because it listens to
//! every log line.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use end_to_end::time::timed;
use end_to_end::{Kind, On, World, dump, with_every_provider};
use exchange::{Behaviour, Effect, Fault};
use tandem::cycle::{Options, validate};
use tracing_subscriber::fmt::MakeWriter;

const SECRET: &str = "Xq7~distinctive-client-secret-9f3b";

/// All that was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// The log of this whole program.
fn log() -> Log {
    static LOG: std::sync::OnceLock<Log> = std::sync::OnceLock::new();
    LOG.get_or_init(|| {
        let log = Log::default();
        // All but the compiler, which says gigabytes and is given nothing but the component.
        let filter = "trace,cranelift_codegen=off,cranelift_frontend=off,regalloc2=off,\
                      wasmtime=debug,wasmtime_environ=off,wasmtime_internal_cranelift=off,\
                      wasmtime_internal_environ=off,wasm_compose=off";
        tracing_subscriber::fmt()
            .with_env_filter(tracing_subscriber::EnvFilter::new(filter))
            .with_ansi(false)
            .with_writer(log.clone())
            .init();
        log
    })
    .clone()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.is_file()).collect()
}

fn holds(haystack: &[u8], needle: &str) -> bool {
    // Bytes that are no text stand for nothing that is looked for.
    String::from_utf8_lossy(haystack).contains(needle)
}

async fn neither_secret_nor_token_is_written_down(on: On) {
    let log = log();
    let mut world = World::on(on).secret(SECRET).start().await;
    let anna = world.anna();
    anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    let _ = anna.book("Lunch", "2026-11-23T12:00", 45);
    anna.cycle_writes(1, 1).await;
    validate::validate(&world.host, &world.tenant)
        .await
        .unwrap();
    // Where things fail people write down most: a refused token, a refused secret, a cut answer.
    for effect in [Effect::TokenExpired, Effect::CutAfter, Effect::SignOnPage] {
        world.exchange.add_fault(Fault::next(effect));
        let _ = world.anna().try_cycle(Options::default()).await;
    }
    world.exchange.revoke_tokens();
    world.exchange.set_behaviour(Behaviour {
        secret_expired: true,
        ..Behaviour::default()
    });
    world.pass(TimeDelta::hours(2)).await;
    let _ = world.anna().try_cycle(Options::default()).await;
    let findings = validate::validate(&world.host, &world.tenant).await;
    let findings = format!("{findings:?}");
    world.exchange.set_behaviour(Behaviour::default());
    world.pass(TimeDelta::hours(2)).await;
    world.anna().comes_to_rest().await;
    let token = world
        .host
        .store
        .tokens()
        .create(world.tenant.id(), "test")
        .await
        .unwrap();
    let bearer = secrecy::ExposeSecret::expose_secret(&token).to_owned();

    // The emulator's tokens are JWTs or begin alike: ask it for one to see their common beginning.
    let sample = world.exchange.token();
    let common: String = sample.chars().take(8).collect();
    let mut places: Vec<(String, Vec<u8>)> = vec![
        ("findings".to_owned(), findings.into_bytes()),
        ("log".to_owned(), log.0.lock().unwrap().clone()),
    ];
    let rows = dump::everything(&world.on).await;
    assert!(rows["secret"].len() == 1, "the secret is stored, sealed");
    assert!(!rows["appointment"].is_empty(), "the dump sees rows");
    places.push(("rows".to_owned(), format!("{rows:?}").into_bytes()));
    let stored = files(world.on.folder());
    let captured = files(&world.capture());
    assert!(!captured.is_empty(), "what went over the wire is looked at");
    for path in stored.iter().chain(&captured) {
        places.push((path.display().to_string(), std::fs::read(path).unwrap()));
    }
    if world.on.kind == Kind::Sqlite {
        assert!(stored.len() >= 3, "the database, its log and the key");
        let visit = places
            .iter()
            .any(|(name, bytes)| name.contains("tandem.db") && holds(bytes, "Visit"));
        assert!(visit, "the files hold what was stored");
    }
    assert!(holds(&places[1].1, "TRACE"), "the log is there");
    let encoded = SECRET.replace('~', "%7E");
    let hexadecimal: String = SECRET.bytes().map(|byte| format!("{byte:02X}")).collect();
    for (place, bytes) in &places {
        for needle in [
            SECRET,
            &encoded,
            &hexadecimal,
            &sample,
            &bearer,
            "Bearer ey",
        ] {
            assert!(!holds(bytes, needle), "{place} holds {needle}");
        }
        if common.len() == 8 && !place.contains("key") {
            assert!(
                !holds(bytes, &common),
                "{place} holds what looks like a token: {common}"
            );
        }
    }
}

with_every_provider![neither_secret_nor_token_is_written_down];
