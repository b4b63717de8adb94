//! What a session sent, and what was not let out.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use http::Uri;

/// Counts of what was sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Requests {
    /// HTTP requests that were sent; a `$batch` is one, a repetition is another.
    pub http: u64,
    /// Parts of all `$batch` requests.
    pub batch_parts: u64,
    /// Times that a new token was got.
    pub tokens: u64,
}

/// A request that was not let out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRequest {
    /// Where to, without query and user-info; empty when only a header was refused.
    pub url: String,
    /// Why, and what would have to change.
    pub reason: String,
}

/// More refusals than this say nothing new.
const REFUSALS: usize = 100;

/// One session's counts, shared by its requests.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    http: AtomicU64,
    batch_parts: AtomicU64,
    tokens: AtomicU64,
    refused: Mutex<Vec<RefusedRequest>>,
}

impl Ledger {
    pub(super) fn sent(&self, batch_parts: u64) {
        self.http.fetch_add(1, Ordering::Relaxed);
        self.batch_parts.fetch_add(batch_parts, Ordering::Relaxed);
    }

    pub(super) fn got_token(&self) {
        self.tokens.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn refused(&self, url: String, reason: String) {
        tracing::warn!(url, reason, "a plugin's request was refused");
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let refusal = RefusedRequest { url, reason };
        if refused.len() < REFUSALS && !refused.contains(&refusal) {
            refused.push(refusal);
        }
    }

    pub(super) fn requests(&self) -> Requests {
        Requests {
            http: self.http.load(Ordering::Relaxed),
            batch_parts: self.batch_parts.load(Ordering::Relaxed),
            tokens: self.tokens.load(Ordering::Relaxed),
        }
    }

    pub(super) fn refusals(&self) -> Vec<RefusedRequest> {
        self.refused
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// An address as the history may keep it: a query can carry names of people, user-info passwords.
pub(super) fn shown(uri: &Uri) -> String {
    let scheme = uri.scheme_str().unwrap_or("?");
    let host = uri.host().unwrap_or("?");
    let port = uri
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    let shown = format!("{scheme}://{host}{port}{}", uri.path());
    shown.chars().take(300).collect()
}

/// How many parts a `$batch` has; other requests have none.
pub(super) fn batch_parts(path: &str, body: &[u8]) -> u64 {
    #[derive(serde::Deserialize)]
    struct Parts {
        requests: Vec<serde::de::IgnoredAny>,
    }
    if !path.ends_with("/$batch") {
        return 0;
    }
    serde_json::from_slice::<Parts>(body).map_or(0, |parts| {
        u64::try_from(parts.requests.len()).unwrap_or(u64::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::{batch_parts, shown};

    #[test]
    fn a_batch_is_counted_by_its_parts() {
        let body = br#"{"requests":[{"id":"1","url":"/a"},{"id":"2","url":"/b"}]}"#;
        assert_eq!(batch_parts("/v1.0/$batch", body), 2);
        assert_eq!(batch_parts("/v1.0/users", body), 0);
        assert_eq!(batch_parts("/v1.0/$batch", b"not json"), 0);
    }

    #[test]
    fn an_address_is_kept_without_query_and_user_info() {
        let uri = "https://u:p@host.example:8443/a/b?token=x".parse().unwrap();
        assert_eq!(shown(&uri), "https://host.example:8443/a/b");
    }
}
