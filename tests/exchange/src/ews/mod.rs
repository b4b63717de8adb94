//! The face of Exchange Web Services: SOAP at `/EWS/Exchange.asmx`, over the same mailboxes as Graph's.
//!
//! Each operation has a file of its name: it reads the request in the schema's order, which is enforced, and answers each thing
//! that was asked for with a message of its own. What surrounds all of them stands here: who is let in, for which mailbox,
//! faults, limits and counting.
//!
//! | what | file |
//! |---|---|
//! | XML, order of elements, envelope, frame of answers, refusals | `xml`, `sequence`, `soap`, `response`, `refusal` |
//! | who may ask, and where a request may look | `access`, `stores` |
//! | fields, paths to them, shapes, searches | `fields`, `path`, `shape`, `restriction` |
//! | items as they are shown and written | `calendar_item`, `calendar_item_write`, `mime`, `contact`, `contact_write`, `contact_fields` |
//! | parts of them | `item_id`, `recurrence`, `time`, `time_zone`, `zone_rules`, `words`, `notice` |
//! | folders | `folder` |

pub mod access;
mod calendar_item;
mod calendar_item_write;
mod contact;
mod contact_fields;
mod contact_write;
mod context;
mod convert_id;
mod create_folder;
mod create_item;
mod delete_item;
mod fields;
mod find_folder;
mod find_item;
mod folder;
mod get_folder;
mod get_item;
mod get_server_time_zones;
mod get_user_availability;
mod get_user_configuration;
mod item_id;
mod mime;
mod move_item;
mod notice;
mod path;
mod recurrence;
mod refusal;
mod resolve_names;
mod response;
mod restriction;
mod sequence;
mod shape;
mod soap;
mod stores;
mod sync_folder_items;
mod sync_state;
mod thing;
mod time;
mod time_zone;
mod update_item;
mod words;
mod xml;
mod zone_rules;

use std::time::Duration;

use http::{HeaderMap, Method};

use self::context::Context;
use self::refusal::Refusal;
use self::soap::Envelope;
use self::stores::Stores;
use self::xml::Element;
use crate::answer::{Answer, Edge};
use crate::fault::{Asked, Effect};
use crate::operation::Operation;
use crate::state::State;

/// A request to `/EWS/Exchange.asmx`.
pub fn request(state: &mut State, method: &Method, headers: &HeaderMap, body: &[u8]) -> Answer {
    state.counters.requests += 1;
    state.requests += 1;
    let caller = match access::admit(state, headers) {
        Ok(caller) => caller,
        Err(answer) => return answer,
    };
    if method != Method::POST {
        return Answer::empty(405);
    }
    let envelope = match Envelope::read(&String::from_utf8_lossy(body)) {
        Ok(envelope) => envelope,
        Err(refusal) => return soap::fault(500, &refusal),
    };
    let mailbox = match access::mailbox(state, &caller, envelope.impersonated.as_ref()) {
        Ok(mailbox) => mailbox,
        Err(refusal) => return soap::fault(500, &refusal),
    };
    operation(state, &envelope, mailbox.as_deref())
}

/// One operation: faults, limits, counting, then what it does.
fn operation(state: &mut State, envelope: &Envelope, address: Option<&str>) -> Answer {
    let request = &envelope.request;
    let target = target(request);
    let asked = operation_of(&request.name);
    let effect = state.faults.strike(&Asked {
        operation: Some(asked),
        method: "POST",
        path: &target,
        mailbox: address,
    });
    for _ in 0..operations(request) {
        state.counters.operation(asked, address);
    }
    let known = address.and_then(|address| state.mailbox(address).ok());
    let (number, allowed) = known.map_or((None, true), |mailbox| {
        (Some(mailbox.number), mailbox.access.ews)
    });
    if !allowed {
        return Answer::empty(403);
    }
    if let Some(wait) = number.and_then(|number| state.throttled(number)) {
        return soap::fault(500, &Refusal::busy(wait * 1000));
    }
    let mut context = Context {
        now: state.clock.now(),
        behaviour: state.behaviour.clone(),
        zone: envelope.zone.clone(),
        addresses: state.addresses(),
        unreadable: None,
        empty_lists: effect == Some(Effect::EmptyPage),
    };
    if let Some(Effect::ItemUnreadable { id, code }) = &effect {
        context.unreadable = Some((id.clone(), code.clone()));
    }
    guarded(effect, request, &context, || {
        match carry_out(request, state, number, &context) {
            Ok(answer) => soap::answer(answer),
            Err(refusal) => soap::fault(500, &refusal),
        }
    })
}

fn carry_out(
    request: &Element,
    state: &mut State,
    number: Option<u32>,
    context: &Context,
) -> Result<Element, Refusal> {
    match request.name.as_str() {
        "GetUserAvailabilityRequest" => {
            return get_user_availability::answer(request, &state.mailboxes, context);
        }
        "GetServerTimeZones" => return get_server_time_zones::answer(request, context),
        "ResolveNames" => return resolve_names::answer(request, context),
        _ => {}
    }
    let own = state
        .mailboxes
        .iter_mut()
        .find(|mailbox| number == Some(mailbox.number));
    let mut stores = Stores::new(own, &mut state.public);
    in_stores(request, &mut stores, context)
}

/// What looks into folders.
fn in_stores(
    request: &Element,
    stores: &mut Stores<'_>,
    context: &Context,
) -> Result<Element, Refusal> {
    match request.name.as_str() {
        "GetFolder" => get_folder::answer(request, stores),
        "FindFolder" => find_folder::answer(request, stores),
        "CreateFolder" => create_folder::answer(request, stores),
        "SyncFolderItems" => sync_folder_items::answer(request, stores, context),
        "FindItem" => find_item::answer(request, stores, context),
        "GetItem" => get_item::answer(request, stores, context),
        "CreateItem" => create_item::answer(request, stores, context),
        "UpdateItem" => update_item::answer(request, stores, context),
        "DeleteItem" => delete_item::answer(request, stores, context),
        "MoveItem" | "CopyItem" => move_item::answer(request, stores, context),
        "GetUserConfiguration" => get_user_configuration::answer(request, stores, context),
        "ConvertId" => convert_id::answer(request, stores),
        other => Err(Refusal::new(
            "ErrorInvalidRequest",
            format!("The operation '{other}' is not known here."),
        )),
    }
}

/// Runs an operation under a fault.
fn guarded(
    effect: Option<Effect>,
    request: &Element,
    context: &Context,
    run: impl FnOnce() -> Answer,
) -> Answer {
    match effect {
        None | Some(Effect::EmptyPage | Effect::ItemUnreadable { .. }) => run(),
        Some(Effect::Status {
            status,
            code,
            retry_after,
        }) => failure(request, status, code.as_deref(), retry_after),
        Some(Effect::StatusAfter {
            status,
            code,
            retry_after,
        }) => {
            run();
            failure(request, status, code.as_deref(), retry_after)
        }
        Some(Effect::ItemChanged) => message(request, update_item::changed_meanwhile(context)),
        Some(Effect::Delay { milliseconds }) => {
            let mut answer = run();
            answer.edge = Some(Edge::Delay(Duration::from_millis(milliseconds)));
            answer
        }
        Some(Effect::Hold) => {
            let mut answer = run();
            answer.edge = Some(Edge::Hold);
            answer
        }
        Some(Effect::Cut) => cut(Answer::empty(502)),
        Some(Effect::CutAfter) => cut(run()),
        Some(Effect::SignOnPage) => Answer::sign_on_page(),
        Some(Effect::Redirect { location }) => Answer::redirect(&location),
        Some(Effect::ServerBusy {
            back_off_milliseconds,
            inside: false,
        }) => soap::fault(500, &Refusal::busy(back_off_milliseconds)),
        Some(Effect::ServerBusy { inside: true, .. }) => message(request, busy_inside()),
        Some(Effect::TokenExpired) => access::unauthorised(),
        Some(Effect::CursorExpired) => message(request, sync_folder_items::lost()),
    }
}

/// An error to order: messages with status 200, a SOAP fault, or, without a code, a bare status.
fn failure(request: &Element, status: u16, code: Option<&str>, retry_after: Option<u64>) -> Answer {
    let mut answer = match (status, code) {
        (401, None) => access::unauthorised(),
        (status, None) => Answer::empty(status),
        (200, Some(code)) => message(request, Refusal::of_code(code)),
        (status, Some(code)) => soap::fault(status, &Refusal::of_code(code)),
    };
    if let Some(seconds) = retry_after {
        answer.header("Retry-After", seconds.to_string());
    }
    answer
}

/// One refusal for each thing that was asked for.
fn message(request: &Element, refusal: Refusal) -> Answer {
    let refusals = std::iter::repeat_n(Err(refusal), things(request).max(1));
    soap::answer(response::of(&request.name, refusals))
}

/// The server is busy and says so only within another error.
fn busy_inside() -> Refusal {
    let busy = Refusal::busy(0);
    Refusal {
        values: vec![
            ("InnerErrorMessageText", busy.text),
            ("InnerErrorResponseCode", busy.code),
            ("InnerErrorDescriptiveLinkKey", "0".to_owned()),
        ],
        ..Refusal::new(
            "ErrorInternalServerError",
            "An internal server error occurred. The operation failed.",
        )
    }
}

/// The answer to one request more than may run at once.
pub fn too_many_connections() -> Answer {
    let text = "You have exceeded the available concurrent connections for your account. Try again once your other requests \
                have completed.";
    soap::fault(500, &Refusal::new("ErrorExceededConnectionCount", text))
}

fn cut(mut answer: Answer) -> Answer {
    answer.edge = Some(Edge::Cut);
    answer
}

/// What rules of faults look at: the address, the operation and the ids that it names.
fn target(request: &Element) -> String {
    fn collect<'a>(element: &'a Element, ids: &mut Vec<&'a str>) {
        for name in ["Id", "RecurringMasterId", "OccurrenceId"] {
            if let (true, Some(id)) = (element.name.ends_with("Id"), element.attribute(name)) {
                ids.push(id);
            }
        }
        for child in &element.children {
            collect(child, ids);
        }
    }
    let mut ids = Vec::new();
    collect(request, &mut ids);
    format!("/EWS/Exchange.asmx/{}?{}", request.name, ids.join("&"))
}

fn operation_of(name: &str) -> Operation {
    match name {
        "SyncFolderItems" => Operation::Round,
        "GetItem" => Operation::Look,
        "CreateItem" | "CreateFolder" | "CopyItem" => Operation::Create,
        "UpdateItem" | "MoveItem" => Operation::Update,
        "DeleteItem" => Operation::Delete,
        _ => Operation::Read,
    }
}

/// How many things a request writes, each of which is an operation. Reading them is one.
fn operations(request: &Element) -> usize {
    match operation_of(&request.name) {
        Operation::Round | Operation::Look | Operation::Read => 1,
        Operation::Create | Operation::Update | Operation::Delete => things(request).max(1),
    }
}

/// How many things a request names.
fn things(request: &Element) -> usize {
    let lists = ["Items", "ItemChanges", "ItemIds", "Folders"];
    let list = request
        .children
        .iter()
        .find(|child| lists.contains(&child.name.as_str()));
    list.map_or(0, |list| list.children.len())
}
