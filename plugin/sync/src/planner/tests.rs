//! The law's sentences as tests, told in a two-sided world; and properties of random worlds.

mod judge;
mod random;
mod vocabulary;
mod world;
mod world_apply;
mod world_batch;

mod attendees;
mod deletions;
mod exported;
mod identity;
mod imported;
mod properties;
mod series;
mod states;
mod switches;
mod texts;
mod time;
mod window;
