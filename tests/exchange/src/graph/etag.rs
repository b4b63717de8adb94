//! Versions as Graph shows them: a `changeKey`, and the etag made from it.

use crate::mailbox::Mailbox;

/// The change key of a version.
pub fn change_key(mailbox: &Mailbox, version: u64) -> String {
    format!("DwAAABYAAAC{:06x}{version:012x}==", mailbox.number)
}

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
