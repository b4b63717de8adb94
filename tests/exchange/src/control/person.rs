//! The control end point's part below `/control/mailboxes/{mb}`: what the owner does in Outlook.
//!
//! | request | what it does |
//! |---|---|
//! | `PATCH ` (itself) | sets `{"zone"}`, and `{"access": {"licensed", "on_premises", "ews", "calendars", "read_only", "mailbox_settings", "contacts"}}` |
//! | `GET /events` | everything, with calendar and all named properties; other calendars and Deleted Items too |
//! | `POST /events` | creates from the JSON of a Graph event; gives `{"id"}` |
//! | `PATCH /events/{id}`, `DELETE /events/{id}` | changes, deletes; also occurrences |
//! | `POST /events/{id}/copy` | copies with the marker; gives `{"id"}` |
//! | `POST /events/{id}/move` | to `{"calendar": name}`; "Calendar" is the default one |
//! | `POST /events/{id}/cancel`, `/purge`, `/bump` | calls off, removes for good, raises the version |
//! | `POST /events/{id}/respond` | `{"response": "declined"}` and so on |
//! | `GET /events/{id}/occurrence?original=2026-11-23T09:00:00` | gives `{"id"}` |
//! | `GET /contacts` | all contacts with their named properties |
//! | `POST /contacts` | creates from the JSON of a Graph contact; gives `{"id"}` |
//! | `PATCH /contacts/{id}`, `DELETE /contacts/{id}` | changes, deletes |
//! | `POST /contacts/{id}/copy` | copies with the marker; gives `{"id"}` |
//! | `POST /calendar` | loads the text of an `.ics` file |
//! | `POST /empty` | everything is gone, as after a failed migration |

use serde_json::{Value, json};

use super::{ControlError, body};
use crate::exchange::Exchange;
use crate::graph::call::Call;
use crate::graph::names::Named;
use crate::mailbox::Access;
use crate::mailbox::content::Response;
use crate::person::Outlook;

pub fn route(
    exchange: &Exchange,
    address: &str,
    rest: &[&str],
    call: &Call,
) -> Result<Value, ControlError> {
    let person = exchange.person(address);
    match (call.method.as_str(), rest) {
        ("PATCH", []) => settings(&person, &body(call)?),
        ("GET", ["events"]) => {
            let list = person.events()?.into_iter().map(|found| {
                json!({ "id": found.id, "calendar": found.calendar, "version": found.version, "event": found.json })
            });
            Ok(list.collect())
        }
        ("GET", ["contacts"]) => Ok(person.contacts()?.into()),
        ("POST", ["contacts"]) => Ok(json!({ "id": person.create_contact(&body(call)?)? })),
        ("PATCH", ["contacts", id]) => done(person.update_contact(id, &body(call)?)?),
        ("DELETE", ["contacts", id]) => done(person.delete_contact(id)?),
        ("POST", ["contacts", id, "copy"]) => Ok(json!({ "id": person.copy_contact(id)? })),
        ("POST", ["events"]) => Ok(json!({ "id": person.create_json(&body(call)?)? })),
        ("PATCH", ["events", id]) => done(person.update_json(id, &body(call)?)?),
        ("DELETE", ["events", id]) => done(person.delete(id)?),
        ("POST", ["events", id, "copy"]) => Ok(json!({ "id": person.copy(id)? })),
        ("POST", ["events", id, "move"]) => {
            done(person.move_to(id, &text(&body(call)?, "calendar")?)?)
        }
        ("POST", ["events", id, "cancel"]) => done(person.cancel(id)?),
        ("POST", ["events", id, "purge"]) => done(person.purge(id)?),
        ("POST", ["events", id, "bump"]) => done(person.bump(id)?),
        ("POST", ["events", id, "respond"]) => {
            let word = text(&body(call)?, "response")?;
            let response = Response::from_word(&word)
                .ok_or_else(|| other(format!("'{word}' is no response")))?;
            done(person.respond(id, response)?)
        }
        ("GET", ["events", id, "occurrence"]) => {
            let original = call.query("original").and_then(|text| text.parse().ok());
            let original =
                original.ok_or_else(|| other("the query needs original=2026-11-23T09:00:00"))?;
            Ok(json!({ "id": person.occurrence(id, original)? }))
        }
        ("POST", ["calendar"]) => {
            let text = String::from_utf8_lossy(&call.body);
            let loaded = exchange
                .load_calendar_text("the request's body", &text, address)
                .map_err(|error| other(error.to_string()))?;
            Ok(
                json!({ "items": loaded.items, "series": loaded.series, "exceptions": loaded.exceptions }),
            )
        }
        ("POST", ["empty"]) => done(person.empty()?),
        (method, rest) => Err(ControlError::NoRoute(format!(
            "{method} /control/mailboxes/{address}/{}",
            rest.join("/")
        ))),
    }
}

fn settings(person: &Outlook, body: &Value) -> Result<Value, ControlError> {
    if let Some(zone) = body.get("zone").and_then(Value::as_str) {
        person.set_zone(zone)?;
    }
    if let Some(access) = body.get("access") {
        let access: Access = serde_json::from_value(access.clone())?;
        person.set_access(access)?;
    }
    done(())
}

fn done((): ()) -> Result<Value, ControlError> {
    Ok(json!({}))
}

fn text(body: &Value, name: &str) -> Result<String, ControlError> {
    let text = body.get(name).and_then(Value::as_str);
    text.map(ToOwned::to_owned)
        .ok_or_else(|| other(format!("the body needs \"{name}\"")))
}

fn other(text: impl Into<String>) -> ControlError {
    ControlError::Other(text.into())
}
