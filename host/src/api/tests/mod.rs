//! The interface from the outside: requests in, answers out, against a database of its own.

mod access;
mod answer;
mod appointments;
mod bad_input;
mod bulk;
mod changes;
mod cycles;
mod description;
mod lists;
mod sync;
mod versions;
mod webhooks;
mod world;
