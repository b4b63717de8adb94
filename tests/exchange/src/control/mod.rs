//! The control end point: what a test does to the emulator from another process. All bodies are JSON.
//!
//! | request below `/control` | what it does |
//! |---|---|
//! | `GET /counters` | requests, batch parts, tokens, operations, also by mailbox |
//! | `POST /reset` | counts from zero and forgets faults |
//! | `GET /faults`, `POST /faults`, `DELETE /faults` | lists, adds ([`Fault`], or a list of them), clears |
//! | `GET /behaviour`, `PATCH /behaviour`, `PUT /behaviour` | shows, changes the named switches, sets all others to their defaults |
//! | `GET /clock`, `POST /clock` | shows `now`; sets `{"now": instant}` or moves `{"advance_seconds": n}` |
//! | `POST /tokens/revoke`, `POST /cursors/expire` | all of them become void |
//! | `GET /mails` | mails that changes sent |
//! | `POST /accounts` | adds an account for EWS: `{"name", "password", "impersonates"}` |
//! | `POST /public-folders` | makes a public folder for contacts: `{"path": "Company/Customers"}` |
//! | `GET /public-folders?path=Company/Customers` | the contacts in it |
//! | `GET /mailboxes`, `POST /mailboxes` | lists; adds `{"address", "zone"}` |
//! | `/mailboxes/{mb}` and below | see `person` |

mod person;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::behaviour::Behaviour;
use crate::exchange::Exchange;
use crate::fault::Fault;
use crate::graph::call::Call;
use crate::mailbox::content::WriteError;

/// Why a control request failed.
#[derive(Debug, thiserror::Error)]
enum ControlError {
    #[error(
        "there is no control request {0}; see the table in the documentation of the control module"
    )]
    NoRoute(String),
    #[error("the body is not what this request takes: {0}")]
    Body(#[from] serde_json::Error),
    #[error("{0}")]
    Write(#[from] WriteError),
    #[error("{0}")]
    Other(String),
}

impl ControlError {
    fn status(&self) -> u16 {
        match self {
            Self::NoRoute(_) | Self::Write(WriteError::NotFound | WriteError::NoMailbox(_)) => 404,
            Self::Body(_) | Self::Write(_) | Self::Other(_) => 400,
        }
    }
}

/// Answers a request whose target begins with `/control`.
pub fn answer(exchange: &Exchange, method: &Method, target: &str, body: Bytes) -> Answer {
    let call = match Call::new(method.clone(), target, http::HeaderMap::new(), body) {
        Ok(call) => call,
        Err(refusal) => return refusal.answer(),
    };
    match route(exchange, &call) {
        Ok(value) => Answer::json(200, value),
        Err(error) => Answer::json(error.status(), json!({ "error": error.to_string() })),
    }
}

fn body(call: &Call) -> Result<Value, ControlError> {
    Ok(serde_json::from_slice(&call.body)?)
}

fn route(exchange: &Exchange, call: &Call) -> Result<Value, ControlError> {
    let path: Vec<&str> = call.path.iter().skip(1).map(String::as_str).collect();
    match (call.method.as_str(), path.as_slice()) {
        ("GET", ["counters"]) => Ok(serde_json::to_value(exchange.counters())?),
        ("POST", ["reset"]) => {
            exchange.reset_counters();
            exchange.clear_faults();
            Ok(json!({}))
        }
        ("GET", ["faults"]) => faults(exchange),
        ("POST", ["faults"]) => {
            let rules: Vec<Fault> = match body(call)? {
                list @ Value::Array(_) => serde_json::from_value(list)?,
                one => vec![serde_json::from_value(one)?],
            };
            for rule in rules {
                exchange.add_fault(rule);
            }
            faults(exchange)
        }
        ("DELETE", ["faults"]) => {
            exchange.clear_faults();
            faults(exchange)
        }
        ("GET", ["behaviour"]) => Ok(serde_json::to_value(exchange.behaviour())?),
        ("PUT", ["behaviour"]) => set_behaviour(exchange, body(call)?),
        ("PATCH", ["behaviour"]) => {
            let mut switches = serde_json::to_value(exchange.behaviour())?;
            if let (Some(known), Value::Object(changes)) = (switches.as_object_mut(), body(call)?) {
                known.extend(changes);
            }
            set_behaviour(exchange, switches)
        }
        ("GET", ["clock"]) => Ok(json!({ "now": exchange.now() })),
        ("POST", ["clock"]) => clock(exchange, &body(call)?),
        ("POST", ["tokens", "revoke"]) => {
            exchange.revoke_tokens();
            Ok(json!({}))
        }
        ("POST", ["cursors", "expire"]) => {
            exchange.expire_cursors();
            Ok(json!({}))
        }
        ("GET", ["mails"]) => Ok(serde_json::to_value(exchange.mails())?),
        ("POST", ["accounts"]) => {
            exchange.add_account(serde_json::from_value(body(call)?)?);
            Ok(json!({}))
        }
        ("POST", ["public-folders"]) => {
            let folder = body(call)?;
            let path = folder.get("path").and_then(Value::as_str);
            let path =
                path.ok_or_else(|| ControlError::Other("the body needs a \"path\"".to_owned()))?;
            exchange.add_public_contacts(path);
            Ok(json!({}))
        }
        ("GET", ["public-folders"]) => {
            let path = call.query("path").unwrap_or_default();
            Ok(exchange.public_contacts(path)?.into())
        }
        ("GET", ["mailboxes"]) => Ok(json!(exchange.state().addresses())),
        ("POST", ["mailboxes"]) => add_mailbox(exchange, &body(call)?),
        (_, ["mailboxes", address, rest @ ..]) => person::route(exchange, address, rest, call),
        (method, _) => Err(ControlError::NoRoute(format!(
            "{method} /{}",
            call.path.join("/")
        ))),
    }
}

fn faults(exchange: &Exchange) -> Result<Value, ControlError> {
    Ok(serde_json::to_value(&exchange.state().faults.rules)?)
}

fn set_behaviour(exchange: &Exchange, switches: Value) -> Result<Value, ControlError> {
    let behaviour: Behaviour = serde_json::from_value(switches)?;
    exchange.set_behaviour(behaviour);
    Ok(serde_json::to_value(exchange.behaviour())?)
}

fn clock(exchange: &Exchange, body: &Value) -> Result<Value, ControlError> {
    if let Some(now) = body.get("now") {
        let now: DateTime<Utc> = serde_json::from_value(now.clone())?;
        exchange.set_now(now);
    } else if let Some(seconds) = body.get("advance_seconds").and_then(Value::as_i64) {
        let by = TimeDelta::try_seconds(seconds)
            .ok_or_else(|| ControlError::Other("that is too far".to_owned()))?;
        exchange.advance(by);
    } else {
        return Err(ControlError::Other(
            "the body needs \"now\" or \"advance_seconds\"".to_owned(),
        ));
    }
    Ok(json!({ "now": exchange.now() }))
}

fn add_mailbox(exchange: &Exchange, body: &Value) -> Result<Value, ControlError> {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let address = text("address")
        .ok_or_else(|| ControlError::Other("the body needs an \"address\"".to_owned()))?;
    exchange.add_mailbox(address, text("zone").unwrap_or("UTC"));
    Ok(json!({ "address": address }))
}
