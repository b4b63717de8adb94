//! The interface from the outside: requests in, answers out, against a database of its own.

mod access;
mod answer;
mod appointments;
mod availability;
mod bad_input;
mod bulk;
mod changes;
mod cycles;
mod description;
mod held;
mod lists;
mod records;
mod remove_copies;
mod resources;
mod settings;
mod sync;
mod undo;
mod versions;
mod webhooks;
mod world;
