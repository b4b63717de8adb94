//! What went over the wire, left under `target/wire` for other people's programs to judge.
//!
//! The host captures each exchange with Exchange; when a world ends, they are sifted. Of those that look
//! alike the first stays, so the folder grows with the kinds of traffic and not with the number of tests.
//! What looks alike is said by the file of each interface.

mod ews;
mod graph;

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;
use url::Url;
use uuid::Uuid;

/// Sifts what a host captured in a folder; none is no traffic.
pub(crate) fn keep(captured: &Path) {
    let Ok(files) = fs::read_dir(captured) else {
        return;
    };
    for file in files {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let exchange: Value = serde_json::from_str(&text).unwrap();
        let url = Url::parse(exchange["request"]["url"].as_str().unwrap()).unwrap();
        if url.path().ends_with(".asmx") {
            ews::keep(&exchange);
        } else {
            graph::keep(exchange);
        }
    }
}

/// Several tests may have the same to leave: the first one does.
fn leave(folder: &str, shape: &str, extension: &str, text: &str) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../target/wire")
        .join(folder);
    fs::create_dir_all(&folder).unwrap();
    let name = Uuid::new_v5(&Uuid::NAMESPACE_URL, shape.as_bytes());
    let file = fs::File::create_new(folder.join(format!("{name}.{extension}")));
    match file {
        Ok(mut file) => file.write_all(text.as_bytes()).unwrap(),
        Err(error) => assert_eq!(error.kind(), ErrorKind::AlreadyExists, "{error}"),
    }
}
