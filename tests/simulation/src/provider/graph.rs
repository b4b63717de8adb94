//! What Microsoft Graph does at its will, and how its requests and answers look.

use bytes::Bytes;
use exchange::{Behaviour, Effect, Fault, Order, RepeatedCreate, UnreadableFilter};
use http::{HeaderValue, Response, StatusCode};

use crate::dice::Dice;

/// A fault of the server itself, which may hit a single part of a batch.
pub fn fault(dice: &mut Dice) -> Fault {
    let status = |status, code: &str, after: Option<u64>| (status, Some(code.to_owned()), after);
    let (status, code, retry_after) = match dice.below(5) {
        0 => status(429, "ApplicationThrottled", Some(15)),
        1 => status(503, "serviceNotAvailable", None),
        2 => status(504, "UnknownError", None),
        3 => status(412, "ErrorIrresolvableConflict", None),
        _ => status(500, "ErrorInternalServerError", None),
    };
    let effect = match dice.weighed(&[30, 30, 8, 8, 5, 8, 5, 8]) {
        0 => Effect::Status {
            status,
            code,
            retry_after,
        },
        1 => Effect::StatusAfter {
            status: dice.one([503, 504, 500]),
            code,
            retry_after: None,
        },
        2 => Effect::Cut,
        3 => Effect::CutAfter,
        4 => Effect::SignOnPage,
        5 => Effect::EmptyPage,
        6 => Effect::TokenExpired,
        _ => Effect::CursorExpired,
    };
    if effect == Effect::EmptyPage {
        // Only searches are known to find nothing although there is something. Who is told nothing
        // of a change by a delta that claims to be complete cannot know better.
        return Fault::next(effect).method("GET").path("/calendar/events?");
    }
    let fault = Fault::next(effect)
        .after(u32::try_from(dice.between(0, 3)).unwrap_or_default())
        .times(u32::try_from(dice.between(1, 2)).unwrap_or(1));
    match dice.weighed(&[20, 30, 30, 20]) {
        0 => fault,
        1 => fault.method("POST").path("/calendar/events"),
        2 => fault.method("PATCH"),
        _ => fault.method("DELETE"),
    }
}

/// A server, each of its ways drawn.
pub fn behaviour(dice: &mut Dice) -> Behaviour {
    let orders = [Order::AsAsked, Order::Reversed, Order::Shuffled];
    let delta_page_size = dice.one([1, 2, 3, 10, 50]);
    let behaviour = Behaviour {
        repeated_create: dice.one([
            RepeatedCreate::FirstEventCreated,
            RepeatedCreate::FirstEventOk,
            RepeatedCreate::BadRequest,
            RepeatedCreate::BadRequestWithId,
            RepeatedCreate::Conflict,
            RepeatedCreate::ConflictWithId,
        ]),
        unreadable_filter: dice.one([UnreadableFilter::EmptyList, UnreadableFilter::BadRequest]),
        time_filter_refused: dice.percent(50),
        property_filter_finds_nothing: dice.percent(50),
        batch_order: dice.one(orders),
        delta_order: dice.one(orders),
        delta_repeats_items: dice.percent(50),
        delta_repeats_pages: dice.percent(50),
        delta_page_size,
        delta_page_limit: dice.one([2, 10, 500]),
        outside_window_reason: dice.one(["deleted", "changed"]).to_owned(),
        etag_changes_after_create: dice.percent(50),
        deleted_items_answer: dice.percent(50),
        calendar_path_finds_all: dice.percent(50),
        repeated_delete_forbidden: dice.percent(50),
        body_write_drops_join_link: dice.percent(50),
        cursor_lifetime_hours: dice.one([20, 24 * 3, 24 * 30]),
        ..Behaviour::default()
    };
    // A server that puts each occurrence on a page of its own has to let them all be asked for.
    let page = behaviour.delta_page_size.min(behaviour.delta_page_limit);
    Behaviour {
        requests_in_ten_minutes: match page < 10 {
            true => 10_000,
            false => dice.one([150, 10_000, 10_000]),
        },
        ..behaviour
    }
}

/// Whether a batch changes or deletes what is there.
pub fn overwrites(body: &str) -> bool {
    body.contains("\"PATCH\"") || body.contains("\"DELETE\"")
}

/// Whether a batch makes contacts, which have no key by which the server would know a repeated one.
pub fn makes_without_key(body: &str) -> bool {
    body.contains("/contacts\"")
}

/// A busy server that does nothing.
pub fn busy() -> Response<Bytes> {
    let mut answer = refusal(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests");
    let headers = answer.headers_mut();
    headers.insert("retry-after", HeaderValue::from_static("20"));
    answer
}

/// A server that denies what it has done.
pub fn denial() -> Response<Bytes> {
    refusal(StatusCode::SERVICE_UNAVAILABLE, "serviceNotAvailable")
}

fn refusal(status: StatusCode, code: &str) -> Response<Bytes> {
    let body = format!("{{\"error\":{{\"code\":\"{code}\",\"message\":\"Try again later.\"}}}}");
    let mut answer = Response::new(Bytes::from(body));
    *answer.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    answer.headers_mut().insert("content-type", json);
    answer
}
