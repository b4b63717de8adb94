//! Events: create, read, change, delete.
//!
//! A change or deletion of an event with attendees mails them; nothing in a request can prevent it. The mails are noted in the
//! mailbox.

use serde_json::{Value, json};

use super::call::Call;
use super::context::Context;
use super::error::Refusal;
use super::event_read::Shown;
use super::query::Shape;
use super::user::set_context;
use super::{etag, event_write, list};
use crate::answer::Answer;
use crate::behaviour::RepeatedCreate;
use crate::id;
use crate::mailbox::item::{FolderKey, ItemKey};
use crate::mailbox::mail::By;
use crate::mailbox::{Mailbox, Target};

/// `GET …/events`: single events and masters, no occurrences. Without a calendar it is the whole mailbox.
pub fn list(
    mailbox: &Mailbox,
    folder: Option<FolderKey>,
    call: &Call,
    context: &Context,
) -> Result<Answer, Refusal> {
    let shape = Shape::read(call)?;
    let shown: Vec<Shown<'_>> = mailbox
        .all_items()
        .filter(|item| {
            folder.map_or(item.folder != FolderKey::DELETED, |folder| {
                item.folder == folder
            })
        })
        .map(|item| Shown {
            mailbox,
            item,
            occurrence: None,
        })
        .collect();
    list::answer(mailbox, &shown, &shape, call, context)
}

/// Finds an event. In the path of a calendar it has to lie there, unless the switch says otherwise.
pub fn find(
    mailbox: &Mailbox,
    event: &str,
    folder: Option<FolderKey>,
    context: &Context,
) -> Result<Target, Refusal> {
    let target = id::parse(mailbox, event)?;
    let item = mailbox.item(target.key()).ok_or_else(Refusal::no_item)?;
    let lies = item.folder;
    if lies == FolderKey::DELETED && !context.behaviour.deleted_items_answer {
        return Err(Refusal::no_item());
    }
    if folder.is_some_and(|folder| folder != lies) && !context.behaviour.calendar_path_finds_all {
        return Err(Refusal::no_item());
    }
    Ok(target)
}

/// `GET …/events/{id}`.
pub fn get(
    mailbox: &Mailbox,
    target: Target,
    call: &Call,
    context: &Context,
) -> Result<Answer, Refusal> {
    show(mailbox, target, &Shape::read(call)?, 200, call, context)
}

fn show(
    mailbox: &Mailbox,
    target: Target,
    shape: &Shape,
    status: u16,
    call: &Call,
    context: &Context,
) -> Result<Answer, Refusal> {
    let item = mailbox.item(target.key()).ok_or_else(Refusal::no_item)?;
    let occurrence = match target {
        Target::Item(_) => None,
        Target::Occurrence(_, original) => {
            Some(item.occurrence(original).ok_or_else(Refusal::no_item)?)
        }
    };
    let shown = Shown {
        mailbox,
        item,
        occurrence: occurrence.as_ref(),
    };
    let mut event = shape.show(&shown, &call.prefer, Some(&context.base))?;
    set_context(&mut event, &context.base, mailbox, "events/$entity");
    let mut answer = Answer::json(status, event);
    answer.header("ETag", etag::etag(mailbox, shown.version()));
    Ok(answer)
}

/// `POST …/events`.
pub fn create(
    mailbox: &mut Mailbox,
    folder: FolderKey,
    call: &Call,
    context: &Context,
) -> Result<Answer, Refusal> {
    let written = event_write::read(&call.json()?)?;
    let first = written
        .transaction
        .as_deref()
        .and_then(|transaction| mailbox.by_transaction(transaction));
    if let Some(first) = first.map(|item| item.key) {
        return repeated(mailbox, first, call, context);
    }
    let key = mailbox.create(
        folder,
        &written.draft,
        written.transaction.as_deref(),
        By::Api,
        context.now,
    )?;
    let mut answer = show(
        mailbox,
        Target::Item(key),
        &Shape::default(),
        201,
        call,
        context,
    )?;
    answer.header("Location", location(mailbox, key, call, context));
    if context.behaviour.etag_changes_after_create {
        mailbox.bump(key);
    }
    Ok(answer)
}

fn location(mailbox: &Mailbox, key: ItemKey, call: &Call, context: &Context) -> String {
    let event = id::of(
        mailbox,
        Target::Item(key),
        id::form(call.prefer.immutable_ids),
    );
    format!(
        "{}/users('{}')/events('{event}')",
        context.base,
        id::user(mailbox)
    )
}

fn repeated(
    mailbox: &Mailbox,
    first: ItemKey,
    call: &Call,
    context: &Context,
) -> Result<Answer, Refusal> {
    let target = Target::Item(first);
    let (status, named) = match context.behaviour.repeated_create {
        RepeatedCreate::FirstEventCreated => {
            return show(mailbox, target, &Shape::default(), 201, call, context);
        }
        RepeatedCreate::FirstEventOk => {
            return show(mailbox, target, &Shape::default(), 200, call, context);
        }
        RepeatedCreate::BadRequest => (400, false),
        RepeatedCreate::BadRequestWithId => (400, true),
        RepeatedCreate::Conflict => (409, false),
        RepeatedCreate::ConflictWithId => (409, true),
    };
    let existing = id::of(mailbox, target, id::form(call.prefer.immutable_ids));
    Err(Refusal {
        existing_event: named.then_some(existing),
        ..Refusal::new(
            status,
            "ErrorDuplicateTransactionId",
            "Your request can't be completed. An event with the same transactionId exists already.",
        )
    })
}

/// `PATCH …/events/{id}`.
pub fn update(
    mailbox: &mut Mailbox,
    target: Target,
    call: &Call,
    context: &Context,
) -> Result<Answer, Refusal> {
    check_match(mailbox, target, call)?;
    let mut draft = event_write::read(&call.json()?)?.draft;
    if draft.body.is_some() && context.behaviour.body_write_drops_join_link {
        draft.join_url = Some(None);
    }
    mailbox.write(target, &draft, By::Api, context.now)?;
    show(mailbox, target, &Shape::default(), 200, call, context)
}

/// `DELETE …/events/{id}`.
pub fn delete(
    mailbox: &mut Mailbox,
    target: Target,
    call: &Call,
    context: &Context,
) -> Result<Answer, Refusal> {
    check_match(mailbox, target, call)?;
    let lies = mailbox.item(target.key()).map(|item| item.folder);
    if lies == Some(FolderKey::DELETED) {
        return Err(gone(context));
    }
    mailbox.delete(target, By::Api, context.now)?;
    Ok(Answer::empty(204))
}

/// How the deletion of what is gone already is refused.
pub fn gone(context: &Context) -> Refusal {
    if context.behaviour.repeated_delete_forbidden {
        Refusal::new(
            403,
            "ErrorCannotDeleteObject",
            "Cannot delete message in store.",
        )
    } else {
        Refusal::no_item()
    }
}

fn check_match(mailbox: &Mailbox, target: Target, call: &Call) -> Result<(), Refusal> {
    let item = mailbox.item(target.key()).ok_or_else(Refusal::no_item)?;
    let version = match target {
        Target::Item(_) => item.version,
        Target::Occurrence(_, original) => {
            item.occurrence(original)
                .ok_or_else(Refusal::no_item)?
                .version
        }
    };
    if etag::allows(call.header("if-match"), mailbox, version) {
        Ok(())
    } else {
        Err(Refusal::changed_meanwhile())
    }
}

/// `POST …/events/{id}/cancel`, `/decline`, `/accept`, `/tentativelyAccept`.
pub fn act(
    mailbox: &mut Mailbox,
    target: Target,
    action: &str,
    context: &Context,
) -> Result<Answer, Refusal> {
    use crate::mailbox::content::Response;
    let organizer = mailbox
        .item(target.key())
        .is_some_and(|item| item.content.is_organizer());
    let response = match action {
        "cancel" if organizer => {
            mailbox.delete(target, By::Api, context.now)?;
            return Ok(Answer::empty(202));
        }
        "cancel" => {
            return Err(Refusal::invalid(
                "Your request can't be completed. You need to be an organizer to cancel a meeting.",
            ));
        }
        "accept" => Response::Accepted,
        "decline" => Response::Declined,
        _ => Response::TentativelyAccepted,
    };
    if organizer {
        return Err(Refusal::invalid(
            "Your request can't be completed. You can't respond to this meeting because you're the meeting organizer.",
        ));
    }
    mailbox.respond(target.key(), response, By::Api, context.now)?;
    Ok(Answer::empty(202))
}

/// `POST /users/{mb}/translateExchangeIds`.
pub fn translate(mailbox: &Mailbox, call: &Call, context: &Context) -> Result<Answer, Refusal> {
    let body = call.json()?;
    let form = |name: &str| match body.get(name).and_then(Value::as_str) {
        Some("restId") => Ok(id::Form::Ordinary),
        Some("restImmutableEntryId" | "immutableEntryId") => Ok(id::Form::Immutable),
        Some("ewsId" | "entryId") => Ok(id::Form::Ews),
        _ => Err(Refusal::new(
            400,
            "RequestBodyRead",
            format!("'{name}' is no kind of id."),
        )),
    };
    let (_, target_form) = (form("sourceIdType")?, form("targetIdType")?);
    let ids = body
        .get("inputIds")
        .and_then(Value::as_array)
        .ok_or_else(|| Refusal::invalid("There are no inputIds."))?;
    if ids.len() > 1000 {
        return Err(Refusal::invalid(
            "At most 1000 ids can be translated at once.",
        ));
    }
    let translated = ids.iter().filter_map(Value::as_str).map(|source| match translated(mailbox, source, target_form) {
        Some(target) => json!({ "sourceId": source, "targetId": target }),
        None => json!({
            "sourceId": source,
            "errorDetails": { "code": "ErrorInvalidIdMalformed", "message": "The id could not be translated." },
        }),
    });
    let mut value = json!({ "value": translated.collect::<Vec<_>>() });
    if let Some(fields) = value.as_object_mut() {
        let kind = format!(
            "{}/$metadata#Collection(microsoft.graph.convertIdResult)",
            context.base
        );
        fields.insert("@odata.context".to_owned(), kind.into());
    }
    Ok(Answer::json(200, value))
}

/// The id of the same item or contact in another form. Occurrences have none.
fn translated(mailbox: &Mailbox, source: &str, form: id::Form) -> Option<String> {
    match id::parse(mailbox, source) {
        Ok(target @ Target::Item(_)) => Some(id::of(mailbox, target, form)),
        Ok(Target::Occurrence(..)) => None,
        Err(_) => {
            let key = id::parse_contact(mailbox, source).ok()?;
            let contact = mailbox.contact(key)?;
            Some(id::contact(mailbox, contact, form))
        }
    }
}
