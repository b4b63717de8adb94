//! Bodies on disk, for tests that read what went over the wire. Off unless the operator names a
//! directory. Headers are never written, so no credentials are.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use http::{Method, Uri};

/// A directory that takes one JSON document for each request.
pub(super) struct Capture {
    directory: PathBuf,
    next: AtomicU64,
}

impl Capture {
    pub(super) fn new(directory: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(directory)?;
        Ok(Self {
            directory: directory.to_owned(),
            next: AtomicU64::new(1),
        })
    }

    /// Writes a request and its response. A failure is told and changes nothing.
    pub(super) async fn write(
        &self,
        method: &Method,
        uri: &Uri,
        sent: &[u8],
        status: u16,
        received: &[u8],
    ) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let path = self.directory.join(format!("{number:06}.json"));
        let document = serde_json::json!({
            "method": method.as_str(),
            "url": uri.to_string(),
            "request": String::from_utf8_lossy(sent),
            "status": status,
            "response": String::from_utf8_lossy(received),
        });
        if let Err(error) = tokio::fs::write(&path, document.to_string()).await {
            tracing::warn!(path = %path.display(), %error, "a captured body was not written");
        }
    }
}
