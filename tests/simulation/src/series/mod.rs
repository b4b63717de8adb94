//! Series: one item in Outlook, one appointment in the PSA for each occurrence inside the window.
//!
//! What people did is kept for each series and for each of its occurrences ([`book`]), and judged
//! against the emulator's own expansion ([`check`]). An item that ever was a series stays in this
//! part of the book, also once it is a single item again.

pub mod book;
pub mod check;
pub mod draw;
pub mod look;
pub mod outlook;
pub mod psa;
