//! Versions as Graph shows them: the etag made from an item's change key.

use crate::id::change_key;
use crate::mailbox::Mailbox;

/// The etag of a version.
pub fn etag(mailbox: &Mailbox, version: u64) -> String {
    format!("W/\"{}\"", change_key(mailbox, version))
}

/// Whether an `If-Match` header allows a write on the version.
pub fn allows(header: Option<&str>, mailbox: &Mailbox, version: u64) -> bool {
    let Some(header) = header else { return true };
    let expected = etag(mailbox, version);
    header
        .split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || tag == expected || format!("W/{tag}") == expected)
}
