//! Series: recurring appointments, whose occurrences come over one by one (behaviour, section 3).
//!
//! An occurrence is known by its [`slot`]: its master and the place where the rule put it. What a rule
//! [expects](expected) is held against what a server told, because a deleted or moved occurrence is
//! never announced.

pub mod dates;
pub mod expected;
pub mod slot;
