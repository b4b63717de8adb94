//! Whole cycles of one mailbox, on SQLite in memory and against the emulator: what has to hold
//! whichever database is below, and quick enough to be asked again after each change.

mod ending;
mod guarding;
mod hand_over;
mod looking_again;
mod lost_links;
mod pushing;
mod recovering;
mod series;
mod world;
