//! The promises of the product, each tried on the whole path: one file for each theme.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod all_day;
mod calendar_files;
mod calendars_expanded;
mod contacts;
mod crashes;
mod demo;
mod exchange_items;
mod faults;
mod hand_over;
mod plugins;
mod psa_items;
mod public_folder;
mod races;
mod rails;
mod removal;
mod restores;
mod series;
mod services;
mod settings;
mod stops;
mod undo;
