//! What all pages share.

use crate::host::Host;

use super::password::Hashing;
use super::waiting::WaitingSaves;

/// What all pages share. Cheap to clone.
#[derive(Clone)]
pub struct WebState {
    /// The host whose database and cycles these are.
    pub host: Host,
    /// Browsers give the cookie back over HTTPS only.
    pub(super) only_https: bool,
    pub(super) hashing: Hashing,
    pub(super) waiting: WaitingSaves,
}

impl WebState {
    /// The pages of a host. `on_loopback`: it listens on this machine alone, where plain HTTP is safe
    /// unless people reach it through a proxy with HTTPS.
    #[must_use]
    pub fn new(host: Host, on_loopback: bool) -> Self {
        let only_https = !on_loopback || host.web_address.is_https();
        Self {
            host,
            only_https,
            hashing: Hashing::default(),
            waiting: WaitingSaves::default(),
        }
    }
}
