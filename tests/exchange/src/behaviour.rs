//! Switches for what the real Exchange does one way or another.
//!
//! The documents and the field disagree on these points, so a client has to be right with each setting. The default is what is
//! seen most often.

use serde::{Deserialize, Serialize};

/// How a create with a `transactionId` that was used before is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepeatedCreate {
    /// 201 with the event of the first create.
    #[default]
    FirstEventCreated,
    /// 200 with the event of the first create.
    FirstEventOk,
    /// 400 `ErrorDuplicateTransactionId`.
    BadRequest,
    /// The same with `@event.existingEventId`.
    BadRequestWithId,
    /// 409 `ErrorDuplicateTransactionId`.
    Conflict,
    /// The same with `@event.existingEventId`.
    ConflictWithId,
}

/// How a filter that cannot be read is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnreadableFilter {
    #[default]
    EmptyList,
    BadRequest,
}

/// How EWS names a conflict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaleChangeKey {
    /// `ErrorIrresolvableConflict`.
    #[default]
    IrresolvableConflict,
    /// `ErrorStaleObject`.
    StaleObject,
}

/// The order in which the parts of a batch, or the items of a round, come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    AsAsked,
    Reversed,
    /// Mixed, but alike in each run.
    #[default]
    Shuffled,
}

/// All switches. Through the control end point each can be set by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Behaviour {
    pub repeated_create: RepeatedCreate,
    pub unreadable_filter: UnreadableFilter,
    /// `$filter` on start or end times of `/events` is refused with 400.
    pub time_filter_refused: bool,
    /// Searches for extended properties find nothing, though the items are there; among contacts they are refused otherwise.
    pub property_filter_finds_nothing: bool,
    pub batch_order: Order,
    /// The order of the items of a delta round, before it is cut into pages.
    pub delta_order: Order,
    /// Each item of a round comes twice.
    pub delta_repeats_items: bool,
    /// Each page but the last comes twice, under another link.
    pub delta_repeats_pages: bool,
    /// A round never comes to its deltaLink: the last page leads to the first.
    pub delta_never_ends: bool,
    /// Items of a delta page when the client has no wish.
    pub delta_page_size: usize,
    /// A wish for larger pages is not granted.
    pub delta_page_limit: usize,
    /// The reason that `@removed` gives for items outside the window.
    pub outside_window_reason: String,
    /// The etag in the answer to a create is not the one that the next read shows.
    pub etag_changes_after_create: bool,
    /// A deleted item still answers by its id, from Deleted Items.
    pub deleted_items_answer: bool,
    /// `/calendar/events/{id}` answers also when the event lies in another calendar.
    pub calendar_path_finds_all: bool,
    /// A DELETE of what is gone is 403 `ErrorCannotDeleteObject` instead of 404.
    pub repeated_delete_forbidden: bool,
    /// Rewriting the body of an online meeting loses the link to join it.
    pub body_write_drops_join_link: bool,
    /// Cursors die after this much of the model's time.
    pub cursor_lifetime_hours: i64,
    /// Each mailbox is throttled after so many requests within ten minutes.
    pub requests_in_ten_minutes: u32,
    /// Requests of one mailbox that may run at once; only the server can tell.
    pub requests_at_once: usize,
    /// Only clients whose `User-Agent` begins so are let in; empty: all.
    pub allowed_user_agent: String,
    /// EWS is closed: callers who signed on are answered with 403.
    pub ews_blocked: bool,
    /// Requests to EWS for one mailbox that may run at once, by its `X-AnchorMailbox`; only the server can tell.
    pub ews_connections: usize,
    /// Nobody may act for another account in EWS.
    pub impersonation_denied: bool,
    /// Times in EWS carry the offset of a zone; else they are UTC, with a Z.
    pub times_with_offset: bool,
    /// How a write with a change key that is no longer the item's is refused.
    pub stale_change_key: StaleChangeKey,
    /// Deletions in EWS do not look at the change key.
    pub delete_ignores_change_key: bool,
    /// The mailbox was never opened in the browser: nothing in EWS says its zone.
    pub no_user_options: bool,
    /// The client secret counts as expired.
    pub secret_expired: bool,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            repeated_create: RepeatedCreate::default(),
            unreadable_filter: UnreadableFilter::default(),
            time_filter_refused: false,
            property_filter_finds_nothing: false,
            batch_order: Order::default(),
            delta_order: Order::default(),
            delta_repeats_items: false,
            delta_repeats_pages: false,
            delta_never_ends: false,
            delta_page_size: 10,
            delta_page_limit: 500,
            outside_window_reason: "deleted".to_owned(),
            etag_changes_after_create: true,
            deleted_items_answer: false,
            calendar_path_finds_all: false,
            repeated_delete_forbidden: false,
            body_write_drops_join_link: true,
            cursor_lifetime_hours: 24 * 30,
            requests_in_ten_minutes: 10_000,
            requests_at_once: 4,
            allowed_user_agent: String::new(),
            ews_blocked: false,
            ews_connections: 27,
            impersonation_denied: false,
            times_with_offset: false,
            stale_change_key: StaleChangeKey::default(),
            delete_ignores_change_key: false,
            no_user_options: false,
            secret_expired: false,
        }
    }
}

impl Order {
    /// Puts a list in this order. The shuffle depends on the length alone, so runs repeat.
    pub fn arrange<T>(self, list: &mut [T]) {
        match self {
            Self::AsAsked => {}
            Self::Reversed => list.reverse(),
            Self::Shuffled => {
                let mut state = list.len() as u64;
                for last in (1..list.len()).rev() {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1_442_695_040_888_963_407);
                    let other = usize::try_from(state >> 33).unwrap_or_default() % (last + 1);
                    list.swap(last, other);
                }
            }
        }
    }
}
