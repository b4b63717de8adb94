//! The sandbox: what a component may be, what it may use, and what becomes of it when it misbehaves.
//!
//! A newcomer's path through this room: [`engine`] holds what all components share, [`component`]
//! loads one and refuses what asks for too much, [`grant`] says which hosts it may reach, and
//! [`instance`] runs its four functions for one mailbox of one tenant. `link` is the whole list of
//! what a component can be given; what is not on it does not exist for a plugin.
//!
//! Rules that hold everywhere here:
//! - deny by default: an empty list of grants or networks denies all;
//! - a store serves one mailbox of one tenant, and after a trap or a time-out it is thrown away;
//! - no secret ever enters a store.

pub mod cache;
pub mod component;
pub mod embedded;
pub mod engine;
pub mod error;
pub mod grant;
pub mod instance;
mod link;
pub mod phase;
mod precompiled;
mod randomness;
mod sandbox;
mod stderr;
mod verdict;

pub use cache::{Cache, CacheError};
pub use component::{Component, ImportVerdict, Inspection};
pub use engine::{Engine, EngineSettings, Limits};
pub use error::{ComponentError, RuntimeError};
pub use grant::{Denial, Grants, Weighed};
pub use instance::{Session, SessionConfig, SessionRecord};
pub use phase::{Clock, Phase};
pub use randomness::Chance;
