//! The face of Microsoft Graph v1.0: which request leads to which resource, and what surrounds all of them.
//!
//! | path below `/v1.0/users/{mb}` | file |
//! |---|---|
//! | (itself), `/mailboxSettings` | `user` |
//! | `/contacts` and below | `contact`, `contact_read`, `contact_write` |
//! | `/calendar`, `/calendars` | `calendar` |
//! | `/events`, `/calendar/events`, `/calendars/{id}/events` and below, `/translateExchangeIds` | `event` |
//! | `/calendarView`, `/events/{id}/instances` | `calendar_view` |
//! | `/calendarView/delta` | `delta`, `cursor` |

pub mod batch;
pub mod calendar;
pub mod calendar_view;
pub mod call;
pub mod contact;
pub mod contact_read;
pub mod contact_write;
pub mod context;
pub mod cursor;
pub mod delta;
pub mod error;
pub mod etag;
pub mod event;
pub mod event_read;
pub mod event_write;
pub mod extended_property;
pub mod filter;
pub mod list;
pub mod names;
pub mod order;
pub mod query;
pub mod recurrence;
pub mod user;

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method};

use self::call::Call;
use self::context::Context;
use self::error::Refusal;
use crate::answer::{Answer, Edge};
use crate::fault::{Asked, Effect};
use crate::id;
use crate::mailbox::content::WriteError;
use crate::mailbox::item::FolderKey;
use crate::mailbox::{Mailbox, Target};
use crate::operation::Operation;
use crate::state::State;
use crate::token::Audience;

/// The token end point. `tenant` comes from the path.
pub fn token(state: &mut State, tenant: &str, body: &[u8]) -> Answer {
    state.counters.tokens += 1;
    let target = format!("/{tenant}/oauth2/v2.0/token");
    let effect = state.faults.strike(&whole(&target));
    guarded(effect, None, |_| {
        let now = state.clock.now();
        let expired = state.behaviour.secret_expired;
        crate::token::answer(
            &mut state.tokens,
            &state.credentials,
            expired,
            state.token_lifetime,
            tenant,
            body,
            now,
        )
    })
}

/// A request of its own; `target` is path and query below `/v1.0`.
pub fn request(
    state: &mut State,
    method: Method,
    target: &str,
    headers: HeaderMap,
    body: Bytes,
    base: String,
) -> Answer {
    state.counters.requests += 1;
    state.requests += 1;
    let context = Context {
        now: state.clock.now(),
        behaviour: state.behaviour.clone(),
        base,
    };
    let admitted = admit(state, &headers, &context);
    let client_id = headers
        .get("client-request-id")
        .and_then(|id| id.to_str().ok())
        .map(ToOwned::to_owned);
    let call = Call::new(method, target, headers, body);
    let mut answer = match (admitted, call) {
        (Err(refusal), _) | (Ok(()), Err(refusal)) => refusal.answer(),
        (Ok(()), Ok(call)) => carry_out(state, &call, target, &context),
    };
    let request_id = format!("7c1d0000-0000-4000-8000-{:012x}", state.requests);
    let client_id = client_id.unwrap_or_else(|| request_id.clone());
    answer.mark_error(
        &context.now.format("%Y-%m-%dT%H:%M:%S").to_string(),
        &request_id,
        &client_id,
    );
    answer.header("request-id", request_id);
    answer.header("client-request-id", client_id);
    answer
}

fn admit(state: &State, headers: &HeaderMap, context: &Context) -> Result<(), Refusal> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    state
        .tokens
        .admit(text("authorization"), Audience::Graph, context.now)
        .map_err(Refusal::unauthorised)?;
    let allowed = &context.behaviour.allowed_user_agent;
    if !allowed.is_empty()
        && !text("user-agent")
            .unwrap_or_default()
            .starts_with(allowed.as_str())
    {
        return Err(Refusal::new(
            403,
            "ErrorAccessDenied",
            "Access to OData is disabled.",
        ));
    }
    Ok(())
}

fn carry_out(state: &mut State, call: &Call, target: &str, context: &Context) -> Answer {
    let is_batch =
        call.method == Method::POST && matches!(call.path.as_slice(), [only] if only == "$batch");
    if !is_batch {
        return operation(state, call, target, context);
    }
    let effect = state.faults.strike(&whole(target));
    guarded(effect, None, |_| {
        let order = context.behaviour.batch_order;
        let run = |part: &batch::Part| {
            state.counters.batch_parts += 1;
            match part.call() {
                Ok(call) => operation(state, &call, &part.url, context),
                Err(refusal) => refusal.answer(),
            }
        };
        batch::answer(call, order, run).unwrap_or_else(|refusal| refusal.answer())
    })
}

/// One operation, by itself or as the part of a batch: faults, limits, counting, then the resource.
fn operation(state: &mut State, call: &Call, target: &str, context: &Context) -> Answer {
    let known = call
        .mailbox()
        .and_then(|address| state.mailbox(address).ok());
    let (address, number) = known.map_or((None, None), |mailbox| {
        (Some(mailbox.address.clone()), Some(mailbox.number))
    });
    let operation = operation_of(call);
    let effect = state.faults.strike(&Asked {
        operation: Some(operation),
        method: call.method.as_str(),
        path: target,
        mailbox: address.as_deref(),
    });
    state.counters.operation(operation, address.as_deref());
    if let Some(wait) = number.and_then(|number| state.throttled(number)) {
        return Refusal::of_status(429, None, Some(wait)).answer();
    }
    guarded(effect, Some(call), |call| {
        let outcome = match call {
            Some(call) => resource(state, call, context),
            None => Err(Refusal::no_item()),
        };
        let mut answer = outcome.unwrap_or_else(|refusal| refusal.answer());
        if let Some(call) =
            call.filter(|call| !call.prefer.applied.is_empty() && answer.status < 300)
        {
            answer.header("Preference-Applied", call.prefer.applied.join(", "));
        }
        answer
    })
}

/// Runs an operation under a fault.
fn guarded<'a>(
    effect: Option<Effect>,
    call: Option<&'a Call>,
    run: impl FnOnce(Option<&'a Call>) -> Answer,
) -> Answer {
    match effect {
        None => run(call),
        Some(Effect::Status {
            status,
            code,
            retry_after,
        }) => Refusal::of_status(status, code.as_deref(), retry_after).answer(),
        Some(Effect::StatusAfter {
            status,
            code,
            retry_after,
        }) => {
            run(call);
            Refusal::of_status(status, code.as_deref(), retry_after).answer()
        }
        Some(Effect::ItemChanged) => {
            Refusal::of_status(412, Some("ErrorIrresolvableConflict"), None).answer()
        }
        Some(Effect::Delay { milliseconds }) => {
            let mut answer = run(call);
            answer.edge = Some(Edge::Delay(Duration::from_millis(milliseconds)));
            answer
        }
        Some(Effect::Hold) => {
            let mut answer = run(call);
            answer.edge = Some(Edge::Hold);
            answer
        }
        Some(Effect::Cut) => cut(Answer::empty(502)),
        Some(Effect::CutAfter) => cut(run(call)),
        Some(Effect::EmptyPage) => {
            let mut answer = run(call);
            answer.empty_list();
            answer
        }
        Some(Effect::SignOnPage) => Answer::sign_on_page(),
        Some(Effect::Redirect { location }) => Answer::redirect(&location),
        Some(Effect::ServerBusy {
            back_off_milliseconds,
            ..
        }) => Refusal::of_status(503, None, Some(back_off_milliseconds.div_ceil(1000))).answer(),
        Some(Effect::ItemUnreadable { code, .. }) => {
            Refusal::of_status(500, Some(&code), None).answer()
        }
        Some(Effect::TokenExpired) => {
            Refusal::unauthorised("Lifetime validation failed, the token is expired.").answer()
        }
        Some(Effect::CursorExpired) => delta::lost().answer(),
    }
}

fn cut(mut answer: Answer) -> Answer {
    answer.edge = Some(Edge::Cut);
    answer
}

/// What is no operation of its own: a token, a batch as a whole.
fn whole(target: &str) -> Asked<'_> {
    Asked {
        operation: None,
        method: "POST",
        path: target,
        mailbox: None,
    }
}

fn operation_of(call: &Call) -> Operation {
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    match (call.method.as_str(), path.as_slice()) {
        ("POST", [.., "translateExchangeIds"]) => Operation::Read,
        ("POST", [.., "events" | "contacts"]) => Operation::Create,
        ("POST" | "PATCH" | "PUT", _) => Operation::Update,
        ("DELETE", _) => Operation::Delete,
        (_, [.., "delta" | "delta()"]) => Operation::Round,
        (_, [.., "events" | "contacts", _]) => Operation::Look,
        _ => Operation::Read,
    }
}

/// What of a mailbox a path needs.
fn permitted(mailbox: &Mailbox, method: &Method, rest: &[&str]) -> Result<(), Refusal> {
    if rest.is_empty() {
        return Ok(());
    }
    if !mailbox.access.licensed || mailbox.access.on_premises {
        return Err(Refusal::new(
            404,
            "MailboxNotEnabledForRESTAPI",
            "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
        ));
    }
    let granted = match rest.first() {
        Some(&"mailboxSettings") => mailbox.access.mailbox_settings,
        Some(&"contacts" | &"contactFolders") => mailbox.access.contacts,
        Some(&"translateExchangeIds") => true,
        _ => mailbox.access.calendars,
    };
    let writes = rest.first() != Some(&"translateExchangeIds") && method != Method::GET;
    if granted && !(writes && mailbox.access.read_only) {
        Ok(())
    } else {
        Err(Refusal::forbidden())
    }
}

fn resource(state: &mut State, call: &Call, context: &Context) -> Result<Answer, Refusal> {
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    let ["users", address, rest @ ..] = path.as_slice() else {
        return Err(Refusal::no_route(path.first().copied().unwrap_or_default()));
    };
    let mailbox = state.mailbox_mut(address).map_err(|_| {
        Refusal::new(
            404,
            "ErrorInvalidUser",
            format!("The requested user '{address}' is invalid."),
        )
    })?;
    permitted(mailbox, &call.method, rest)?;
    let default = FolderKey::CALENDAR;
    match (call.method.as_str(), rest) {
        ("GET", []) => Ok(user::get(mailbox, call, context)),
        ("GET", ["mailboxSettings"]) => Ok(user::mailbox_settings(mailbox, call, context)),
        ("GET", ["mailboxSettings", "timeZone"]) => Ok(user::time_zone(mailbox, context)),
        ("GET", ["contacts"]) => contact::list(mailbox, call, context),
        ("POST", ["contacts"]) => contact::create(mailbox, call, context),
        ("GET", ["contacts", id]) => contact::get(mailbox, id, call, context),
        ("PATCH", ["contacts", id]) => contact::update(mailbox, id, call, context),
        ("DELETE", ["contacts", id]) => contact::delete(mailbox, id, call, context),
        ("POST", ["translateExchangeIds"]) => event::translate(mailbox, call, context),
        ("GET", ["calendars"]) => Ok(calendar::list(mailbox, call, context)),
        (_, ["calendars", id, rest @ ..]) => {
            let folder = id::parse_calendar(mailbox, id).ok_or_else(Refusal::no_item)?;
            in_calendar(mailbox, folder, rest, call, context)
        }
        (_, ["calendar", rest @ ..]) => in_calendar(mailbox, default, rest, call, context),
        (_, ["calendarView", ..]) => in_calendar(mailbox, default, rest, call, context),
        ("GET", ["events"]) => event::list(mailbox, None, call, context),
        ("POST", ["events"]) => event::create(mailbox, default, call, context),
        (_, ["events", id, rest @ ..]) => one_event(mailbox, None, id, rest, call, context),
        (_, rest) => Err(Refusal::no_route(rest.first().copied().unwrap_or_default())),
    }
}

fn in_calendar(
    mailbox: &mut Mailbox,
    folder: FolderKey,
    rest: &[&str],
    call: &Call,
    context: &Context,
) -> Result<Answer, Refusal> {
    match (call.method.as_str(), rest) {
        ("GET", []) => calendar::get(mailbox, folder, call, context).ok_or_else(Refusal::no_item),
        ("GET", ["events"]) => event::list(mailbox, Some(folder), call, context),
        ("POST", ["events"]) => event::create(mailbox, folder, call, context),
        ("GET", ["calendarView"]) => calendar_view::list(mailbox, folder, call, context),
        ("GET", ["calendarView", "delta" | "delta()"]) => {
            delta::get(mailbox, folder, call, context)
        }
        (_, ["events", id, rest @ ..]) => one_event(mailbox, Some(folder), id, rest, call, context),
        (_, rest) => Err(Refusal::no_route(rest.first().copied().unwrap_or_default())),
    }
}

fn one_event(
    mailbox: &mut Mailbox,
    folder: Option<FolderKey>,
    id: &str,
    rest: &[&str],
    call: &Call,
    context: &Context,
) -> Result<Answer, Refusal> {
    let found = event::find(mailbox, id, folder, context);
    let method = call.method.as_str();
    if method == "DELETE" && rest.is_empty() {
        let target = found.map_err(|refusal| match refusal.status {
            404 => event::gone(context),
            _ => refusal,
        })?;
        return event::delete(mailbox, target, call, context);
    }
    let target = found?;
    match (method, rest, target) {
        ("GET", [], _) => event::get(mailbox, target, call, context),
        ("PATCH", [], _) => event::update(mailbox, target, call, context),
        ("GET", ["instances"], Target::Item(key)) => {
            calendar_view::instances(mailbox, key, call, context)
        }
        ("GET", ["calendar"], _) => {
            let lies = mailbox
                .item(target.key())
                .ok_or(WriteError::NotFound)?
                .folder;
            calendar::get(mailbox, lies, call, context).ok_or_else(Refusal::no_item)
        }
        ("POST", [action @ ("cancel" | "accept" | "decline" | "tentativelyAccept")], _) => {
            event::act(mailbox, target, action, context)
        }
        (_, rest, _) => Err(Refusal::no_route(rest.first().copied().unwrap_or_default())),
    }
}
