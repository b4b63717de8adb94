//! Contacts: a life beside the calendars, without times and one way only.
//!
//! Each contact of the PSA has a copy in every mailbox whose user it is selected for, so what people
//! did is kept for each contact and mailbox ([`book`]), and judged by rows 7 and 8 of section 2
//! ([`check`]).

pub mod book;
pub mod check;
pub mod deeds;
pub mod look;
