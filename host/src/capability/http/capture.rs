//! What went over the wire, on disk, to look into. Off unless the operator names a directory.
//!
//! Tokens are never written: their requests do not come here, and a header that carries a credential
//! is left out, even where the caller forgot to keep it away.

use std::path::{Path, PathBuf};

use http::{HeaderMap, Method, Uri, header};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// A directory that takes one JSON document for each exchange, named so that they sort by time.
pub(super) struct Capture {
    directory: PathBuf,
}

/// What was sent.
pub(super) struct Sent<'a> {
    pub(super) method: &'a Method,
    pub(super) uri: &'a Uri,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
}

/// What came back.
pub(super) struct Received<'a> {
    pub(super) status: u16,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
}

impl Capture {
    pub(super) fn new(directory: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(directory)?;
        Ok(Self {
            directory: directory.to_owned(),
        })
    }

    /// Writes an exchange. A failure is told and changes nothing.
    pub(super) async fn write(&self, sent: Sent<'_>, received: Received<'_>) {
        let path = self.directory.join(format!("{}.json", Uuid::now_v7()));
        let document = json!({
            "request": {
                "method": sent.method.as_str(),
                "url": sent.uri.to_string(),
                "headers": shown(sent.headers),
                "body": String::from_utf8_lossy(sent.body),
            },
            "response": {
                "status": received.status,
                "headers": shown(received.headers),
                "body": String::from_utf8_lossy(received.body),
            },
        });
        if let Err(error) = tokio::fs::write(&path, document.to_string()).await {
            tracing::warn!(path = %path.display(), %error, "an exchange was not captured");
        }
    }
}

/// The headers that hold no credentials; of several with one name, all, joined as HTTP joins them.
fn shown(headers: &HeaderMap) -> Map<String, Value> {
    let secret = [
        header::AUTHORIZATION,
        header::PROXY_AUTHORIZATION,
        header::COOKIE,
        header::SET_COOKIE,
    ];
    let joined = |name: &header::HeaderName| {
        let values = headers.get_all(name).iter();
        let texts: Vec<_> = values
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        texts.join(", ")
    };
    headers
        .keys()
        .filter(|name| !secret.contains(name))
        .map(|name| (name.to_string(), joined(name).into()))
        .collect()
}
