//! `/users/{mb}` itself and its mailbox settings.

use serde_json::{Value, json};

use super::call::Call;
use super::context::Context;
use crate::answer::Answer;
use crate::id;
use crate::mailbox::Mailbox;

/// Keeps the fields that `$select` names. Annotations stay.
pub fn selected(value: Value, call: &Call) -> Value {
    match (value, call.query("$select")) {
        (Value::Object(fields), Some(select)) => {
            let names: Vec<&str> = select.split(',').map(str::trim).collect();
            fields
                .into_iter()
                .filter(|(name, _)| name.starts_with('@') || names.contains(&name.as_str()))
                .collect()
        }
        (value, _) => value,
    }
}

/// Says what an answer is.
pub fn set_context(value: &mut Value, base: &str, mailbox: &Mailbox, what: &str) {
    if let Some(fields) = value.as_object_mut() {
        let context = format!("{base}/$metadata#users('{}')/{what}", id::user(mailbox));
        fields.insert("@odata.context".to_owned(), context.into());
    }
}

/// `GET /users/{mb}`.
pub fn get(mailbox: &Mailbox, call: &Call, context: &Context) -> Answer {
    let mut value = selected(
        json!({
            "id": id::user(mailbox),
            "mail": mailbox.address,
            "userPrincipalName": mailbox.address,
            "displayName": mailbox.address,
        }),
        call,
    );
    if let Some(fields) = value.as_object_mut() {
        fields.insert(
            "@odata.context".to_owned(),
            format!("{}/$metadata#users/$entity", context.base).into(),
        );
    }
    Answer::json(200, value)
}

/// `GET /users/{mb}/mailboxSettings`.
pub fn mailbox_settings(mailbox: &Mailbox, call: &Call, context: &Context) -> Answer {
    let zone = mailbox.zone.name();
    let mut value = selected(
        json!({
            "timeZone": zone,
            "dateFormat": "yyyy-MM-dd",
            "timeFormat": "HH:mm",
            "delegateMeetingMessageDeliveryOptions": "sendToDelegateOnly",
            "language": { "locale": "en-US", "displayName": "English (United States)" },
            "workingHours": {
                "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
                "startTime": "08:00:00.0000000",
                "endTime": "17:00:00.0000000",
                "timeZone": { "name": zone },
            },
        }),
        call,
    );
    set_context(&mut value, &context.base, mailbox, "mailboxSettings");
    Answer::json(200, value)
}

/// `GET /users/{mb}/mailboxSettings/timeZone`.
pub fn time_zone(mailbox: &Mailbox, context: &Context) -> Answer {
    let mut value = json!({ "value": mailbox.zone.name() });
    set_context(
        &mut value,
        &context.base,
        mailbox,
        "mailboxSettings/timeZone",
    );
    Answer::json(200, value)
}
