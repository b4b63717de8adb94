//! Whatever is killed, and whenever: nothing is lost, nothing is doubled, nobody is mailed.
//!
//! `CI` set: 30 kills at random on each database; else 6. On PostgreSQL with `TANDEM_TEST_POSTGRES`; in
//! CI it has to be there. A failure names its seed, and where the database and the logs lie.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::path::PathBuf;

use kill::database::{Kind, SERVER};
use kill::named::named;
use kill::place::Plan;
use kill::random::random;
use kill::report::Report;
use kill::standstill::standstill;
use kill::{Result, point};

fn in_ci() -> bool {
    std::env::var_os("CI").is_some()
}

/// Runs what is to be judged, unless it needs a server and there is none.
fn run<F: Future<Output = Result<Report>>>(
    kind: Kind,
    hosts: usize,
    seed: u64,
    what: impl FnOnce(Plan) -> F,
) -> Option<Report> {
    if kind == Kind::Postgres && std::env::var_os(SERVER).is_none() {
        assert!(!in_ci(), "{SERVER} is not set; in CI PostgreSQL is needed");
        eprintln!("skipped: {SERVER} is not set");
        return None;
    }
    let program = PathBuf::from(env!("CARGO_BIN_EXE_kill"));
    let plan = Plan::new(program, kind, hosts, seed);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    match runtime.block_on(what(plan)) {
        Ok(report) => {
            println!("{report}");
            Some(report)
        }
        Err(broken) => panic!("{broken}"),
    }
}

/// By each provider half of the kills.
fn killed_at_random(kind: Kind, hosts: usize, kills: usize) {
    for seed in [1, 2] {
        let kills = kills / 2;
        let report = run(kind, hosts, seed, async |plan| random(&plan, kills).await);
        if let Some(report) = report {
            assert_eq!(report.kills, kills);
            assert!(report.cut_off > 0, "no cycle was cut off: {report}");
        }
    }
}

fn kills() -> usize {
    if in_ci() { 30 } else { 6 }
}

#[test]
fn killed_at_random_on_sqlite() {
    killed_at_random(Kind::Sqlite, 1, kills());
}

#[test]
fn killed_at_random_on_postgres() {
    killed_at_random(Kind::Postgres, 1, kills());
}

#[test]
fn one_of_two_hosts_is_killed_while_the_other_goes_on() {
    killed_at_random(Kind::Postgres, 2, kills() / 3);
}

fn killed_at_each_point(kind: Kind, seed: u64) {
    let report = run(kind, 1, seed, async |plan| named(&plan).await);
    if let Some(report) = report {
        assert_eq!(report.points, point::POINTS.len());
    }
}

#[test]
fn killed_at_each_named_point_with_graph_on_sqlite() {
    killed_at_each_point(Kind::Sqlite, 2);
}

#[test]
fn killed_at_each_named_point_with_ews_on_sqlite() {
    killed_at_each_point(Kind::Sqlite, 3);
}

#[test]
fn killed_at_each_named_point_with_graph_on_postgres() {
    killed_at_each_point(Kind::Postgres, 2);
}

#[test]
fn killed_at_each_named_point_with_ews_on_postgres() {
    killed_at_each_point(Kind::Postgres, 3);
}

#[test]
fn a_host_that_stood_still_beyond_its_lease_neither_commits_nor_sends() {
    for seed in [3, 4] {
        let ended = run(Kind::Postgres, 2, seed, async |plan| {
            standstill(&plan).await
        });
        assert!(ended.is_none_or(|report| report.points > 0));
    }
}
