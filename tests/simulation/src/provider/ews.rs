//! What Exchange Web Services do at their will, and how their requests and answers look.

use bytes::Bytes;
use exchange::{Behaviour, Effect, Fault, StaleChangeKey};
use http::{HeaderValue, Response, StatusCode};

use crate::dice::Dice;

/// What a server answers whose trouble may be over soon, or that somebody was faster.
const TROUBLE: [&str; 7] = [
    "ErrorInternalServerError",
    "ErrorInternalServerTransientError",
    "ErrorTimeoutExpired",
    "ErrorMailboxStoreUnavailable",
    "ErrorMailboxMoveInProgress",
    "ErrorExceededConnectionCount",
    "ErrorIrresolvableConflict",
];

/// The operations that go wrong by themselves.
const OPERATIONS: [&str; 6] = [
    "/SyncFolderItems",
    "/FindItem",
    "/GetItem",
    "/CreateItem",
    "/UpdateItem",
    "/DeleteItem",
];

/// A fault of the server itself. One of these items may be beyond reading.
pub fn fault(dice: &mut Dice, items: &[String]) -> Fault {
    let back_off_milliseconds = 15_000;
    let retry_after = None;
    let effect = match dice.weighed(&[12, 12, 12, 20, 12, 6, 12, 4, 4, 6, 10]) {
        0 => Effect::ServerBusy {
            back_off_milliseconds,
            inside: false,
        },
        1 => Effect::ServerBusy {
            back_off_milliseconds,
            inside: true,
        },
        2 => Effect::Status {
            status: 503,
            code: None,
            retry_after,
        },
        3 => Effect::Status {
            status: dice.one([200, 500]),
            code: Some(dice.one(TROUBLE).to_owned()),
            retry_after,
        },
        4 => Effect::StatusAfter {
            status: dice.one([503, 504, 500]),
            code: None,
            retry_after,
        },
        5 => Effect::Cut,
        6 => Effect::CutAfter,
        7 => Effect::SignOnPage,
        8 => Effect::TokenExpired,
        9 => Effect::CursorExpired,
        _ => match dice.pick(items) {
            Some(id) => Effect::ItemUnreadable {
                id: id.clone(),
                code: "ErrorItemCorrupt".to_owned(),
            },
            None => Effect::Cut,
        },
    };
    let operation = match &effect {
        Effect::CursorExpired => Some("/SyncFolderItems"),
        Effect::ItemUnreadable { .. } => Some("/GetItem"),
        _ if dice.percent(20) => None,
        _ => Some(dice.one(OPERATIONS)),
    };
    let fault = Fault::next(effect)
        .after(u32::try_from(dice.between(0, 2)).unwrap_or_default())
        .times(u32::try_from(dice.between(1, 2)).unwrap_or(1));
    match operation {
        Some(operation) => fault.path(operation),
        None => fault,
    }
}

/// A server, each of its ways in EWS drawn; the others are as they were.
pub fn behaviour(dice: &mut Dice, behaviour: Behaviour) -> Behaviour {
    Behaviour {
        times_with_offset: dice.percent(50),
        stale_change_key: dice.one([
            StaleChangeKey::IrresolvableConflict,
            StaleChangeKey::StaleObject,
        ]),
        delete_ignores_change_key: dice.percent(50),
        no_user_options: dice.percent(50),
        ..behaviour
    }
}

/// The operation that a request asks for.
pub fn operation(body: &str) -> &str {
    let asked = body.split_once("<s:Body><m:");
    let name = asked.and_then(|(_, rest)| rest.split([' ', '>', '/']).next());
    name.unwrap_or_default()
}

/// Whether a request changes or deletes what is there.
pub fn overwrites(body: &str) -> bool {
    matches!(operation(body), "UpdateItem" | "DeleteItem")
}

/// Whether a request makes items, none of which has a key by which the server would know a repeated one.
pub fn makes_without_key(body: &str) -> bool {
    operation(body) == "CreateItem"
}

/// A busy server that does nothing.
pub fn busy() -> Response<Bytes> {
    let mut answer = denial();
    let headers = answer.headers_mut();
    headers.insert("retry-after", HeaderValue::from_static("20"));
    answer
}

/// A server that denies what it has done.
pub fn denial() -> Response<Bytes> {
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    answer
}
