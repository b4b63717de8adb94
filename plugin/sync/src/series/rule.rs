//! Exchange's patterns as RRULE (RFC 5545, section 3.3.10), and back.
//!
//! Each pattern has an RRULE, but few RRULEs have a pattern. They differ in one point of meaning:
//! where a month lacks the day, RRULE leaves the month out, and Exchange takes its last day. So the
//! 31st is written as the last of `BYMONTHDAY=28,29,30,31`.

mod read;
#[cfg(test)]
mod tests;
mod write;

pub use self::read::{NoPattern, from_rrule};
pub use self::write::to_rrule;

/// Each month has days up to this one.
const SHORTEST_MONTH: u8 = 28;

/// The number of days that a month has in each year.
fn shortest(month: u8) -> u8 {
    match month {
        2 => SHORTEST_MONTH,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
