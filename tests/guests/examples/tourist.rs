//! Wants files and sockets.

#![cfg(target_family = "wasm")]

use std::net::TcpStream;

use guests::provider::Finding;
use guests::{Mischief, export_guest, finding};

struct Tourist;

impl Mischief for Tourist {
    fn name() -> String {
        "tourist".to_owned()
    }

    fn validate(order: &str) -> Vec<Finding> {
        vec![
            finding("file", format!("{:?}", std::fs::read("/etc/passwd"))),
            finding("socket", format!("{:?}", TcpStream::connect(order))),
        ]
    }
}

export_guest!(Tourist);
