//! The pages from the outside: requests in, pages out, against a database of its own.

mod access;
mod answer;
mod calendar;
mod did;
mod profile;
mod removal;
mod resources;
mod settings;
mod signing_in;
mod undo;
mod welcome;
mod world;
