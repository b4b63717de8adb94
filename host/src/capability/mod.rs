//! What the host lets a plugin do, each a module of the same shape: it holds one session's state, it
//! is linked into the sandbox, it refuses in the wrong phase, and it hands over what happened.
//!
//! [`http`] is the only way out, [`credentials`] what is put on a request there, [`storage`] the
//! plugin's private memory, [`mail`] how it tells people.

pub mod credentials;
pub mod endpoint;
pub mod http;
pub mod mail;
pub mod storage;
pub mod token;
