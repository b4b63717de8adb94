//! What is the same for all resources while one request runs.

use chrono::{DateTime, Utc};

use crate::behaviour::Behaviour;

#[derive(Clone, Debug)]
pub struct Context {
    pub now: DateTime<Utc>,
    pub behaviour: Behaviour,
    /// Where clients find the emulator, up to and including `/v1.0`.
    pub base: String,
}
