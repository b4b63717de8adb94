//! Why a write of a cycle cannot be undone and stays, in words for people.

/// The before-image is not whole.
pub const UNREAD: &str = "what it replaced could not be read before it was written";
/// Nobody knows whether it was written.
pub const OUTCOME_UNKNOWN: &str = "the cycle was cut off before it knew what became of this write";
/// The item cannot be looked at.
pub const UNANSWERED: &str = "the server does not say what is true of the item now";
/// Its link is gone, or leads elsewhere.
pub const PARTED: &str = "the two items are no longer a pair";
/// Its link is held.
pub const WAITS: &str = "a deletion of it waits for approval; decide about that first";
/// It is not as it was left.
pub const CHANGED_IN_EXCHANGE: &str = "somebody changed the item in Exchange since";
/// It was deleted, or lies elsewhere.
pub const GONE_FROM_EXCHANGE: &str = "the item is no longer in the mailbox's calendar or contacts";
/// It is not as it was left.
pub const CHANGED_IN_PSA: &str = "somebody changed the item in the PSA since";
/// It was deleted.
pub const GONE_FROM_PSA: &str = "the item was deleted in the PSA since";
/// What is to be made again was.
pub const THERE_AGAIN: &str = "there is a copy again already";
