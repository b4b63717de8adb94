//! `/calendar` and `/calendars`.

use serde_json::{Value, json};

use super::call::Call;
use super::context::Context;
use super::user;
use crate::answer::Answer;
use crate::id;
use crate::mailbox::item::FolderKey;
use crate::mailbox::{Calendar, Mailbox};

/// The address of a calendar, by which an event says where it lies.
pub fn link(mailbox: &Mailbox, folder: FolderKey, base: &str) -> String {
    format!(
        "{base}/users('{}')/calendars('{}')",
        id::user(mailbox),
        id::folder(mailbox, folder)
    )
}

/// A calendar as Graph shows it.
pub fn show(mailbox: &Mailbox, calendar: &Calendar) -> Value {
    let default = calendar.key == FolderKey::CALENDAR;
    json!({
        "id": id::folder(mailbox, calendar.key),
        "name": calendar.name,
        "color": "auto",
        "hexColor": "",
        "isDefaultCalendar": default,
        "changeKey": id::change_key(mailbox, u64::from(calendar.key.0)),
        "canShare": true,
        "canViewPrivateItems": true,
        "canEdit": !mailbox.access.read_only,
        "allowedOnlineMeetingProviders": ["teamsForBusiness"],
        "defaultOnlineMeetingProvider": "teamsForBusiness",
        "isTallyingResponses": true,
        "isRemovable": !default,
        "owner": { "name": mailbox.address, "address": mailbox.address },
    })
}

/// `GET /users/{mb}/calendar` or `…/calendars/{id}`.
pub fn get(mailbox: &Mailbox, folder: FolderKey, call: &Call, context: &Context) -> Option<Answer> {
    let calendar = mailbox.calendars.iter().find(|known| known.key == folder)?;
    let mut value = user::selected(show(mailbox, calendar), call);
    user::set_context(&mut value, &context.base, mailbox, "calendars/$entity");
    Some(Answer::json(200, value))
}

/// `GET /users/{mb}/calendars`.
pub fn list(mailbox: &Mailbox, call: &Call, context: &Context) -> Answer {
    let list: Vec<Value> = mailbox
        .calendars
        .iter()
        .map(|calendar| user::selected(show(mailbox, calendar), call))
        .collect();
    let mut value = json!({ "value": list });
    user::set_context(&mut value, &context.base, mailbox, "calendars");
    Answer::json(200, value)
}
