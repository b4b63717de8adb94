//! Runs cycles as they fall due, several at once, until it is told to stop.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::run::{Options, run};
use crate::host::Host;

/// The longest sleep: a mailbox may fall due sooner because somebody asked for it.
const NAP: Duration = Duration::from_secs(1);

/// Runs due mailboxes until `stop` turns true; cycles under way are waited for.
pub async fn schedule(host: Host, at_once: usize, mut stop: watch::Receiver<bool>) {
    let mut cycles = JoinSet::new();
    loop {
        while cycles.try_join_next().is_some() {}
        let room = at_once.saturating_sub(cycles.len());
        if room > 0 {
            let limit = u32::try_from(room).unwrap_or(u32::MAX);
            match host
                .store
                .leases()
                .due(&host.owner, host.lease, limit)
                .await
            {
                Ok(leases) => {
                    for lease in leases {
                        let host = host.clone();
                        cycles.spawn(async move {
                            // The run, the mailbox and the mail have told already why it failed.
                            let _ = run(&host, lease, Options::default()).await;
                        });
                    }
                }
                Err(error) => tracing::error!(%error, "the database did not give due mailboxes"),
            }
        }
        tokio::select! {
            () = tokio::time::sleep(NAP) => {}
            changed = stop.changed() => if changed.is_err() || *stop.borrow() { break },
        }
    }
    while cycles.join_next().await.is_some() {}
}
