//! What is kept for a time only goes when that time is over: the history and the list of cycles after
//! 90 days, what cycles replaced after 7.

use std::time::Duration;

use tokio::sync::watch;

use crate::store::{Store, StoreError, before_image, history};

/// How often it is looked for.
const EVERY: Duration = Duration::from_secs(60 * 60);

/// Tidies once an hour until `stop` turns true. A database that does not answer is asked again in an
/// hour.
pub async fn tidy_for_ever(store: Store, mut stop: watch::Receiver<bool>) {
    loop {
        if let Err(error) = tidy(&store).await {
            tracing::error!(%error, "what is older than it is kept could not be dropped");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            changed = stop.changed() => if changed.is_err() || *stop.borrow() { break },
        }
    }
}

/// Drops what is older than it is kept, of all tenants, and gives how many rows that were.
///
/// # Errors
/// When the database does not answer.
pub async fn tidy(store: &Store) -> Result<usize, StoreError> {
    let images = before_image::prune(store.database()).await?;
    Ok(images + history::prune(store.database()).await?)
}
