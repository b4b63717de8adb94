//! EWS: requests that others wrote are read. They are looked for in `../shared/oracles`, or where `TANDEM_ORACLES` says.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use std::path::PathBuf;

use exchange::Account;
use support::ews::basic;
use support::{ANNA, Server};

/// Operations that the emulator has no use for.
const OTHERS: &[&str] = &["GetEvents", "Subscribe"];

#[test]
fn the_requests_of_the_documentation_are_read() {
    let folder = std::env::var_os("TANDEM_ORACLES").map_or_else(
        || {
            PathBuf::from(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../../shared/oracles"
            ))
        },
        PathBuf::from,
    );
    let folder = folder.join("ews/examples");
    if !folder.is_dir() {
        assert!(
            std::env::var_os("CI").is_none(),
            "{} is missing",
            folder.display()
        );
        eprintln!("skipped: {} is missing", folder.display());
        return;
    }
    let server = Server::start();
    server.exchange.add_account(Account {
        name: ANNA.to_owned(),
        password: "secret".to_owned(),
        impersonates: false,
    });
    let mut read = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let operation = name.split("--").next().unwrap();
        let answers = operation.ends_with("Response") || operation == "Fault";
        if answers || OTHERS.contains(&operation) {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let answer = server.soap_as(&basic(ANNA, "secret"), &text);
        // their ids are not ours, so most are refused, but each by itself
        assert_eq!(answer.status, 200, "{name}: {}", answer.text);
        read += 1;
    }
    assert!(read >= 20, "only {read} requests are there");
}
