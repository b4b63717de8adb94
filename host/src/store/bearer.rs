//! Random texts that open something for whoever has them: tokens, sessions, invitations.
//!
//! Each is shown once when it is made, and kept as its SHA-256 only: 32 random bytes need no slow
//! hash. The digest is looked up, not the text, so that the time of the look-up tells nothing.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// 32 random bytes in lower-case hexadecimal, behind a prefix.
#[must_use]
pub(super) fn draw(prefix: &str) -> Zeroizing<String> {
    let random: Zeroizing<[u8; 32]> = Zeroizing::new(rand::random());
    let mut text = Zeroizing::new(String::with_capacity(prefix.len() + 64));
    text.push_str(prefix);
    push_hex(&mut text, random.as_slice());
    text
}

/// What is kept of such a text.
#[must_use]
pub(super) fn digest(text: &str) -> String {
    let mut digest = String::with_capacity(64);
    push_hex(&mut digest, &Sha256::digest(text.as_bytes()));
    digest
}

fn push_hex(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(u32::from(digit), 16));
        }
    }
}
