//! `POST /$batch`: up to twenty requests in one, each with its own headers, status and answer.
//!
//! Parts are carried out in the order in which they stand, but answered in another. A part whose dependency failed is 424.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::{Map, Value, json};

use super::call::Call;
use super::error::Refusal;
use crate::answer::{Answer, Body, Edge};
use crate::behaviour::Order;

/// At most so many parts.
const PARTS: usize = 20;

/// One part as it was sent.
#[derive(Clone, Debug)]
pub struct Part {
    pub id: String,
    pub method: Method,
    pub url: String,
    headers: HeaderMap,
    body: Bytes,
    depends_on: Vec<String>,
}

impl Part {
    /// The request in it.
    pub fn call(&self) -> Result<Call, Refusal> {
        Call::new(
            self.method.clone(),
            &self.url,
            self.headers.clone(),
            self.body.clone(),
        )
    }
}

/// Carries a batch out; `run` answers one part.
pub fn answer(
    call: &Call,
    order: Order,
    mut run: impl FnMut(&Part) -> Answer,
) -> Result<Answer, Refusal> {
    let parts = parts(&call.json()?)?;
    let mut statuses: BTreeMap<&str, u16> = BTreeMap::new();
    let mut responses = Vec::with_capacity(parts.len());
    let mut edge: Option<Edge> = None;
    for part in &parts {
        let ready = part.depends_on.iter().all(|id| {
            statuses
                .get(id.as_str())
                .is_some_and(|status| *status < 400)
        });
        let answer = if ready {
            run(part)
        } else {
            Refusal::new(
                424,
                "FailedDependency",
                "The request depends on another one, which failed.",
            )
            .answer()
        };
        statuses.insert(&part.id, answer.status);
        edge = worse(edge, answer.edge);
        responses.push(response(&part.id, answer));
    }
    order.arrange(&mut responses);
    let mut answer = Answer::json(200, json!({ "responses": responses }));
    answer.edge = edge;
    Ok(answer)
}

fn worse(one: Option<Edge>, other: Option<Edge>) -> Option<Edge> {
    match (one, other) {
        (Some(Edge::Cut), _) | (_, Some(Edge::Cut)) => Some(Edge::Cut),
        (Some(Edge::Hold), _) | (_, Some(Edge::Hold)) => Some(Edge::Hold),
        (Some(Edge::Delay(a)), Some(Edge::Delay(b))) => Some(Edge::Delay(a.max(b))),
        (one, other) => one.or(other),
    }
}

fn response(id: &str, answer: Answer) -> Value {
    let mut headers: Map<String, Value> = answer
        .headers
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    let body = match answer.body {
        Body::Empty => Value::Null,
        Body::Json(value) => {
            headers.insert("Content-Type".to_owned(), "application/json".into());
            value
        }
        Body::Html(page) => {
            headers.insert("Content-Type".to_owned(), "text/html".into());
            page.into()
        }
        Body::Xml(text) => {
            headers.insert("Content-Type".to_owned(), "text/xml".into());
            text.into()
        }
    };
    json!({ "id": id, "status": answer.status, "headers": headers, "body": body })
}

fn bad(text: impl Into<String>) -> Refusal {
    Refusal::new(400, "BadRequest", text)
}

fn parts(body: &Value) -> Result<Vec<Part>, Refusal> {
    let list = body
        .get("requests")
        .and_then(Value::as_array)
        .filter(|list| !list.is_empty())
        .ok_or_else(|| bad("Invalid batch payload format."))?;
    if list.len() > PARTS {
        return Err(bad(format!(
            "Number of batch request steps exceeds the maximum value of {PARTS}."
        )));
    }
    let parts: Vec<Part> = list.iter().map(part).collect::<Result<_, _>>()?;
    for (place, part) in parts.iter().enumerate() {
        let earlier = parts.get(..place).unwrap_or_default();
        if earlier.iter().any(|other| other.id == part.id) {
            return Err(bad(format!(
                "Request Id has to be unique in a batch: {}",
                part.id
            )));
        }
        for dependency in &part.depends_on {
            if !earlier.iter().any(|other| other.id == *dependency) {
                return Err(bad(format!(
                    "Request {} depends on {dependency}, which does not come before it.",
                    part.id
                )));
            }
        }
    }
    Ok(parts)
}

fn part(value: &Value) -> Result<Part, Refusal> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let id = text("id")
        .ok_or_else(|| bad("Each request of a batch needs an id."))?
        .to_owned();
    let method = text("method")
        .and_then(|method| Method::from_bytes(method.to_ascii_uppercase().as_bytes()).ok())
        .ok_or_else(|| bad(format!("Request {id} has no method.")))?;
    let url = text("url").ok_or_else(|| bad(format!("Request {id} has no url.")))?;
    if url.contains("://") {
        return Err(bad(format!(
            "Request {id} has an absolute url; it has to be relative to the version."
        )));
    }
    let mut headers = HeaderMap::new();
    for (name, value) in value
        .get("headers")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let value = value
            .as_str()
            .and_then(|value| HeaderValue::from_str(value).ok());
        if let (Ok(name), Some(value)) = (HeaderName::try_from(name), value) {
            headers.append(name, value);
        }
    }
    let body = match value.get("body") {
        None | Some(Value::Null) => Bytes::new(),
        Some(_) if !headers.contains_key("content-type") => {
            return Err(bad(format!(
                "Write request id : {id} does not contain Content-Type header or body."
            )));
        }
        Some(body) => Bytes::from(body.to_string()),
    };
    let depends_on = value
        .get("dependsOn")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    Ok(Part {
        id,
        method,
        url: url.to_owned(),
        headers,
        body,
        depends_on: depends_on
            .filter_map(Value::as_str)
            .map(ToOwned::to_owned)
            .collect(),
    })
}
