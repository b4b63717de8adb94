//! Whatever goes wrong on the way, when it is over both sides agree, nothing twice and nothing lost.

use std::ops::Range;

use chrono::TimeDelta;
use end_to_end::time::{days, timed};
use end_to_end::{Desk, Embedded, On, World, with_every_provider, with_provider};
use exchange::{
    Behaviour, Draft, Effect, Fault, Operation, Order, RepeatedCreate, StaleChangeKey,
    UnreadableFilter,
};
use tandem::cycle::Options;
use tandem::store::lease::CycleResult;

/// More cycles than this are not needed to come to an end of it.
const CYCLES: Range<u32> = 0..12;

/// What both sides hold when the storm is over.
const AFTER: [&str; 8] = [
    "e new",
    "e new day",
    "e renamed",
    "e stays",
    "p moved",
    "p new",
    "p new day",
    "p renamed",
];

/// Both sides change in every way while `storm` rages; then it ends.
async fn survives(on: On, storm: impl FnOnce(&World)) {
    let mut world = World::start(on).await;
    let anna = world.anna();
    let moved = anna.plan("p moved", timed("2026-11-23T09:00Z", 60)).await;
    let renamed = anna.plan("p renames", timed("2026-11-23T10:00Z", 60)).await;
    let struck = anna.plan("p struck", timed("2026-11-23T11:00Z", 60)).await;
    let _ = anna.book("e stays", "2026-11-24T09:00", 60);
    let e_renamed = anna.book("e renames", "2026-11-24T10:00", 60);
    let e_struck = anna.book("e struck", "2026-11-24T11:00", 60);
    anna.cycle_writes(3, 3).await;

    let stays = anna.records().await;
    let stays = stays
        .iter()
        .find(|one| one.fields.title == "e stays")
        .unwrap();
    anna.reschedule(&moved, timed("2026-11-25T09:00Z", 30))
        .await;
    anna.reschedule(&stays.id, timed("2026-11-26T09:00Z", 30))
        .await;
    let edit = tandem::psa::appointment::Edit {
        title: Some("p renamed".to_owned()),
        ..Default::default()
    };
    anna.edit(&renamed, edit).await;
    anna.strike(&[struck]).await;
    anna.plan("p new", timed("2027-02-01T09:00Z", 60)).await;
    anna.plan("p new day", days("2026-11-27", 2)).await;
    let draft = Draft {
        subject: Some("e renamed".to_owned()),
        ..anna.draft("", "2026-11-24T17:00", 15)
    };
    anna.outlook().update(&e_renamed, &draft).unwrap();
    anna.outlook().delete(&e_struck).unwrap();
    let _ = anna.book("e new", "2026-11-28T09:00", 60);
    let _ = anna.book_days("e new day", "2026-11-29", 1);

    storm(&world);
    for _ in CYCLES {
        let clean = match world.anna().try_cycle(Options::default()).await {
            Ok(report) => {
                let counts = report.counts;
                counts.failed == 0 && counts.psa_writes == 0 && counts.exchange_writes == 0
            }
            Err(_) => false,
        };
        if clean && world.anna().nothing_waits().await {
            break;
        }
        world.pass(TimeDelta::minutes(40)).await;
    }
    world.exchange.clear_faults();
    world.exchange.set_behaviour(Behaviour::default());
    world.pass(TimeDelta::minutes(40)).await;
    let _ = world.anna().try_cycle(Options::default()).await;
    world.pass(TimeDelta::minutes(40)).await;
    world.anna().cycle_writes(0, 0).await;
    world.anna().both_sides_hold(&AFTER).await;
    assert!(world.anna().nothing_waits().await);
    // A day later everything is listed, and nothing comes to light.
    world.pass(TimeDelta::hours(26)).await;
    world.anna().cycle_writes(0, 0).await;
    world.anna().both_sides_hold(&AFTER).await;
}

fn status(status: u16) -> Effect {
    Effect::Status {
        status,
        code: None,
        retry_after: None,
    }
}

fn refused(status: u16, code: &str) -> Effect {
    Effect::Status {
        status,
        code: Some(code.to_owned()),
        retry_after: None,
    }
}

fn throttled(seconds: u64) -> Effect {
    Effect::Status {
        status: 429,
        code: None,
        retry_after: Some(seconds),
    }
}

fn status_after(status: u16) -> Effect {
    Effect::StatusAfter {
        status,
        code: None,
        retry_after: None,
    }
}

/// The server is busy, and says how long.
fn busy(inside: bool) -> Effect {
    Effect::ServerBusy {
        back_off_milliseconds: 30_000,
        inside,
    }
}

/// Any request.
fn any(effect: Effect) -> Fault {
    Fault::next(effect)
}

fn round(effect: Effect) -> Fault {
    Fault::next(effect).of(Operation::Round)
}

fn look(effect: Effect) -> Fault {
    Fault::next(effect).of(Operation::Look)
}

fn creation(effect: Effect) -> Fault {
    Fault::next(effect).of(Operation::Create)
}

fn update(effect: Effect) -> Fault {
    Fault::next(effect).of(Operation::Update)
}

fn deletion(effect: Effect) -> Fault {
    Fault::next(effect).of(Operation::Delete)
}

/// Several requests at once, as only Graph takes them.
fn batch(effect: Effect) -> Fault {
    Fault::next(effect).path("$batch")
}

macro_rules! storms {
    ($list:ident!($($provider:ident)?); $($name:ident: [$($fault:expr),+ $(,)?];)+) => {
        $(async fn $name(on: On) {
            survives(on, |world| { $(world.exchange.add_fault($fault);)+ }).await;
        })+
        $list![$($provider:)? $($name),+];
    };
}

mod orders {
    use super::*;

    storms! {
        with_every_provider!();
        reading_is_throttled: [any(throttled(30)).times(2)];
        looking_at_items_is_throttled: [look(throttled(30)).times(2)];
        creations_are_throttled: [creation(throttled(30)).times(3)];
        updates_and_deletions_are_throttled: [update(throttled(30)).times(3), deletion(throttled(30)).times(2)];
        the_server_is_down_for_a_while: [any(status(503)).times(12)];
        a_write_is_refused_with_503_once: [creation(status(503)), update(status(503)), deletion(status(503))];
        creations_take_effect_and_answer_504: [creation(status_after(504)).times(2)];
        creations_take_effect_and_answer_503_for_hours: [creation(status_after(503)).times(8)];
        updates_take_effect_and_answer_504: [update(status_after(504)).times(3)];
        deletions_take_effect_and_answer_504: [deletion(status_after(504)).times(1)];
        the_connection_is_cut_before_each_write: [creation(Effect::Cut), update(Effect::Cut), deletion(Effect::Cut)];
        the_connection_is_cut_after_creations: [creation(Effect::CutAfter).times(2)];
        the_connection_is_cut_after_updates: [update(Effect::CutAfter).times(2)];
        the_connection_is_cut_after_a_deletion: [deletion(Effect::CutAfter)];
        the_connection_is_cut_while_reading: [any(Effect::CutAfter).times(1), any(Effect::Cut).times(1)];
        the_token_expires_before_its_time: [any(Effect::TokenExpired).times(1), creation(Effect::TokenExpired).times(1)];
        the_cursor_is_lost: [round(Effect::CursorExpired)];
        the_cursor_is_lost_again_and_again: [round(Effect::CursorExpired).times(3)];
        a_sign_on_page_answers_the_reading: [any(Effect::SignOnPage).times(2)];
        a_sign_on_page_answers_each_write: [
            creation(Effect::SignOnPage),
            update(Effect::SignOnPage),
            deletion(Effect::SignOnPage),
        ];
        somebody_is_always_faster: [update(Effect::ItemChanged).times(7), deletion(Effect::ItemChanged).times(4)];
        everything_fails_in_turn: [
            any(status(500)),
            any(status(502)),
            creation(status_after(504)),
            update(status(409)),
            update(Effect::ItemChanged),
            deletion(status(429)),
            creation(Effect::CutAfter),
        ];
    }

    async fn all_cursors_are_void(on: On) {
        survives(on, |world| world.exchange.expire_cursors()).await;
    }

    async fn all_tokens_are_void(on: On) {
        survives(on, |world| world.exchange.revoke_tokens()).await;
    }

    /// A server that says nothing of a change has lost it; a list of nothing is no proof of anything.
    async fn empty_pages_delete_nothing_and_a_full_read_makes_it_good(on: On) {
        let mut world = World::start(on).await;
        let anna = world.anna();
        let id = anna.book("Lunch", "2026-11-23T12:00", 45);
        anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
        for number in 0..8 {
            let _ = anna.book(&format!("Item {number}"), "2026-11-24T12:00", 45);
        }
        anna.cycle_writes(9, 1).await;
        let rows = async |anna: &Desk<'_>| {
            let records = anna.records().await;
            let mut ids: Vec<String> = records.into_iter().map(|record| record.id.value).collect();
            ids.sort();
            ids
        };
        let before = rows(&anna).await;
        for operation in [Operation::Round, Operation::Read] {
            let empty = any(Effect::EmptyPage).of(operation).times(0);
            world.exchange.add_fault(empty);
        }
        anna.drag(&id, "2026-11-24T12:00", 30);
        anna.cycle_writes(0, 0).await;
        // Now everything is to be listed, and the list is empty.
        world.pass(TimeDelta::hours(26)).await;
        let anna = world.anna();
        anna.cycle().await;
        world.exchange.clear_faults();
        assert_eq!(before, rows(&anna).await);
        assert_eq!(anna.calendar().len(), 10);
        let full = Options {
            full: true,
            ..Options::default()
        };
        anna.try_cycle(full).await.unwrap();
        anna.cycle_writes(0, 0).await;
        assert_eq!(
            anna.span_of(&anna.item(&id)),
            timed("2026-11-24T11:00Z", 30)
        );
        let records = anna.records().await;
        let lunch = end_to_end::titled(&records, "Lunch");
        assert_eq!(lunch.fields.span, timed("2026-11-24T11:00Z", 30));
        assert_eq!(records.len(), 10);
    }

    /// A failing item never stops the others, and the mailbox says that one failed.
    async fn one_refused_item_stops_no_other(on: On) {
        let mut world = World::start(on).await;
        let anna = world.anna();
        anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
        anna.plan("Talk", timed("2026-11-23T11:00Z", 60)).await;
        let _ = anna.book("Lunch", "2026-11-23T12:00", 45);
        world.exchange.add_fault(match world.on.provider {
            Embedded::Graph => creation(status(400)),
            // One request makes both. It is refused as a whole, and then so is the first alone.
            Embedded::Ews => creation(refused(500, "ErrorInvalidRequest")).times(2),
        });
        let counts = anna.cycle().await.counts;
        assert_eq!((counts.psa_writes, counts.failed), (1, 1));
        assert_eq!(anna.calendar().len(), 2);
        let result = anna.mailbox().await.last_result;
        assert_eq!(result, Some(CycleResult::SomeFailed));
        world.pass(TimeDelta::hours(1)).await;
        let anna = world.anna();
        anna.cycle_writes(0, 1).await;
        anna.both_sides_hold(&["Lunch", "Talk", "Visit"]).await;
        let result = anna.mailbox().await.last_result;
        assert_eq!(result, Some(CycleResult::Succeeded));
    }

    mod voids {
        use super::{
            all_cursors_are_void, all_tokens_are_void,
            empty_pages_delete_nothing_and_a_full_read_makes_it_good,
            one_refused_item_stops_no_other,
        };
        super::with_every_provider![
            all_cursors_are_void,
            all_tokens_are_void,
            empty_pages_delete_nothing_and_a_full_read_makes_it_good,
            one_refused_item_stops_no_other,
        ];
    }
}

/// Batches are Graph's.
mod batches {
    use super::*;

    storms! {
        with_provider!(Graph);
        a_batch_is_throttled: [batch(throttled(30)).times(3)];
        a_batch_is_refused_with_503_once: [batch(status(503)).times(2)];
        a_batch_takes_effect_and_answers_504: [batch(status_after(504)).after(1)];
        batches_take_effect_and_answer_504_twice: [batch(status_after(504)).times(2)];
        the_connection_is_cut_before_a_batch: [batch(Effect::Cut).times(2)];
        the_connection_is_cut_after_a_batch: [batch(Effect::CutAfter).times(2)];
        the_token_expires_before_a_batch: [any(Effect::TokenExpired).times(1), batch(Effect::TokenExpired).times(1)];
        a_sign_on_page_answers_a_batch: [batch(Effect::SignOnPage).times(2)];
        everything_fails_in_turn: [
            any(status(500)),
            any(status(502)),
            creation(status_after(504)),
            update(status(409)),
            update(status(412)),
            deletion(status(429)),
            batch(Effect::CutAfter),
        ];
    }
}

/// How Exchange Web Services say that they are busy or in trouble: by a fault, and inside an answer with
/// status 200, for the whole request or for one of its items.
mod services {
    use super::*;

    storms! {
        with_provider!(Ews);
        reading_is_refused_by_a_busy_server: [any(busy(false)).times(2)];
        reading_is_answered_with_an_inner_refusal: [any(busy(true)).times(2)];
        looks_are_answered_with_an_inner_refusal: [look(busy(true)).times(2)];
        writes_are_refused_by_a_busy_server: [creation(busy(false)), update(busy(false)), deletion(busy(false))];
        writes_are_answered_with_an_inner_refusal: [creation(busy(true)), update(busy(true)), deletion(busy(true))];
        all_connections_are_taken: [any(refused(500, "ErrorExceededConnectionCount")).times(3)];
        too_many_searches_are_open: [any(refused(200, "ErrorExceededFindCountLimit")).times(3)];
        the_mailbox_is_being_moved: [any(refused(200, "ErrorMailboxMoveInProgress")).times(8)];
        the_store_is_not_there: [
            creation(refused(200, "ErrorMailboxStoreUnavailable")),
            update(refused(200, "ErrorMailboxStoreUnavailable")),
            deletion(refused(200, "ErrorMailboxStoreUnavailable")),
        ];
        writes_take_too_long: [
            creation(after(200, "ErrorTimeoutExpired")),
            update(after(200, "ErrorTimeoutExpired")),
            deletion(after(200, "ErrorTimeoutExpired")),
        ];
        writes_are_done_and_denied: [
            creation(after(200, "ErrorInternalServerTransientError")),
            update(after(200, "ErrorInternalServerTransientError")),
            deletion(after(200, "ErrorInternalServerTransientError")),
        ];
    }

    fn after(status: u16, code: &str) -> Effect {
        Effect::StatusAfter {
            status,
            code: Some(code.to_owned()),
            retry_after: None,
        }
    }
}

macro_rules! behaviours {
    ($list:ident!($($provider:ident)?); $($name:ident: $behaviour:expr $(, [$($fault:expr),+])?;)+) => {
        $(async fn $name(on: On) {
            survives(on, |world| {
                world.exchange.set_behaviour($behaviour);
                $($(world.exchange.add_fault($fault);)+)?
            })
            .await;
        })+
        $list![$($provider:)? $($name),+];
    };
}

fn with(change: impl FnOnce(&mut Behaviour)) -> Behaviour {
    let mut behaviour = Behaviour::default();
    change(&mut behaviour);
    behaviour
}

mod switches {
    use super::*;

    behaviours! {
        with_every_provider!();
        searches_for_the_marker_find_nothing: with(|it| it.property_filter_finds_nothing = true), [creation(Effect::CutAfter).times(2)];
        few_requests_in_ten_minutes: with(|it| it.requests_in_ten_minutes = 3);
        the_client_secret_expires: with(|it| it.secret_expired = true), [any(Effect::TokenExpired)];
    }
}

/// What Graph does one way or another.
mod switches_of_graph {
    use super::*;

    fn repeated(answer: RepeatedCreate) -> Behaviour {
        with(|it| it.repeated_create = answer)
    }

    behaviours! {
        with_provider!(Graph);
        a_repeated_creation_answers_200: repeated(RepeatedCreate::FirstEventOk), [creation(status_after(504)).times(2)];
        a_repeated_creation_answers_201: repeated(RepeatedCreate::FirstEventCreated), [creation(status_after(504)).times(2)];
        a_repeated_creation_answers_400: repeated(RepeatedCreate::BadRequest), [creation(status_after(504)).times(2)];
        a_repeated_creation_answers_400_with_the_id: repeated(RepeatedCreate::BadRequestWithId), [creation(status_after(504)).times(2)];
        a_repeated_creation_answers_409: repeated(RepeatedCreate::Conflict), [creation(status_after(504)).times(2)];
        a_repeated_creation_answers_409_with_the_id: repeated(RepeatedCreate::ConflictWithId), [creation(status_after(504)).times(2)];
        a_batch_cut_after_its_creations_answers_409: repeated(RepeatedCreate::Conflict), [batch(Effect::CutAfter).times(2)];
        a_batch_is_cut_and_searches_find_nothing: with(|it| it.property_filter_finds_nothing = true), [batch(Effect::CutAfter).times(2)];
        an_unreadable_filter_is_refused: with(|it| it.unreadable_filter = UnreadableFilter::BadRequest), [batch(Effect::CutAfter)];
        filters_on_times_are_refused: with(|it| it.time_filter_refused = true);
        parts_come_as_asked: with(|it| { it.batch_order = Order::AsAsked; it.delta_order = Order::AsAsked; });
        parts_come_reversed: with(|it| { it.batch_order = Order::Reversed; it.delta_order = Order::Reversed; });
        items_come_twice: with(|it| it.delta_repeats_items = true);
        pages_come_twice: with(|it| { it.delta_repeats_pages = true; it.delta_page_size = 2; it.delta_page_limit = 2; });
        pages_hold_one_item: with(|it| { it.delta_page_size = 1; it.delta_page_limit = 1; });
        a_round_never_ends: with(|it| it.delta_never_ends = true);
        removed_says_changed: with(|it| it.outside_window_reason = "changed".to_owned());
        the_etag_stays_after_a_creation: with(|it| it.etag_changes_after_create = false);
        deleted_items_answer_by_their_ids: with(|it| it.deleted_items_answer = true);
        the_calendars_path_finds_all: with(|it| it.calendar_path_finds_all = true);
        a_repeated_deletion_is_forbidden: with(|it| it.repeated_delete_forbidden = true), [deletion(status_after(504)).times(2)];
        cursors_die_within_an_hour: with(|it| it.cursor_lifetime_hours = 0);
        one_request_at_once: with(|it| it.requests_at_once = 1);
    }
}

/// What Exchange Web Services do one way or another.
mod switches_of_services {
    use super::*;

    behaviours! {
        with_provider!(Ews);
        a_stale_version_is_named_otherwise: with(|it| it.stale_change_key = StaleChangeKey::StaleObject),
            [update(Effect::ItemChanged).times(2), deletion(Effect::ItemChanged)];
        deletions_do_not_look_at_versions: with(|it| it.delete_ignores_change_key = true), [deletion(status_after(504))];
        times_carry_an_offset: with(|it| it.times_with_offset = true);
        nothing_says_the_mailboxs_zone: with(|it| it.no_user_options = true);
        one_connection: with(|it| it.ews_connections = 1);
    }
}
