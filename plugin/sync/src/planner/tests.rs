//! The law's sentences as tests, told in a two-sided world; and properties of random worlds.

mod judge;
mod random;
pub(crate) mod vocabulary;
mod world;
mod world_apply;
mod world_batch;
mod world_kinds;
mod world_provider;
mod world_series;

mod attendees;
mod contacts;
mod deletions;
mod exported;
mod hand_over;
mod identity;
mod imported;
mod properties;
mod series;
mod service_calls;
mod settings;
mod states;
mod switches;
mod texts;
mod themes;
mod time;
mod to_dos;
mod window;
