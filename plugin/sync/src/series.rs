//! Series: recurring appointments, whose occurrences come over one by one (behaviour, section 3).
//!
//! An occurrence is known by its [`slot`]: its master and the place where the rule put it. What a rule
//! [expects](expected) is held against what a server told, because a deleted or moved occurrence is
//! never announced; a series of which something is missing stays [`open`] until it is told.
//!
//! A rule speaks of days, and its days are those of the series' own zone. So its [`dates`] are reckoned
//! without times. The time of day and the zone come in only afterwards, when a date becomes an instant
//! (`zone::from_wall_time`), and no change of the clock can move a date.

pub mod dates;
pub mod expected;
pub mod open;
#[cfg(test)]
mod random;
pub mod rule;
pub mod slot;
