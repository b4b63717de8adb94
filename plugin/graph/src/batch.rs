//! `$batch`: up to 20 requests in one.
//!
//! Parts are answered each with its own status and in any order, so they are told apart by ids. A
//! part that is not answered at all is no failure: nobody knows what became of it.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use sync::contract::Fault;
use transport::{Method, Response, Transport};
use uuid::Uuid;

use crate::fault;
use crate::request::{self, Request, send};

/// How many parts a batch may have.
pub const LARGEST: usize = 20;

/// The request that carries these.
#[must_use]
pub fn request(parts: &[Request]) -> Request {
    let requests: Vec<Value> = parts
        .iter()
        .enumerate()
        .map(|(index, part)| {
            let headers: Map<String, Value> = part
                .headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())))
                .collect();
            let mut entry = Map::new();
            entry.insert("id".to_owned(), Value::from(index.to_string()));
            entry.insert("method".to_owned(), Value::from(part.method.to_string()));
            entry.insert("url".to_owned(), Value::from(part.target.as_str()));
            entry.insert("headers".to_owned(), Value::Object(headers));
            if let Some(body) = &part.body {
                entry.insert("body".to_owned(), body.clone());
            }
            Value::Object(entry)
        })
        .collect();
    Request::send(
        Method::Post,
        "/$batch".to_owned(),
        json!({ "requests": requests }),
    )
}

#[derive(Deserialize)]
struct Answers<'a> {
    #[serde(borrow)]
    responses: Vec<Answer<'a>>,
}

#[derive(Deserialize)]
struct Answer<'a> {
    id: Value,
    status: u16,
    #[serde(default)]
    headers: Option<HashMap<String, Value>>,
    #[serde(default, borrow)]
    body: Option<&'a RawValue>,
}

/// The parts' answers in the parts' order; none where a part was not answered.
///
/// # Errors
/// [`Fault::NotUnderstood`] when the answer is not that of a batch.
pub fn answers(response: &Response, count: usize) -> Result<Vec<Option<Response>>, Fault> {
    let answers: Answers<'_> = request::json(response, "the answers of a batch")?;
    let mut ordered: Vec<Option<Response>> = vec![None; count];
    for answer in answers.responses {
        let index = match &answer.id {
            Value::String(id) => id.parse::<usize>().ok(),
            Value::Number(id) => id.as_u64().and_then(|id| usize::try_from(id).ok()),
            _ => None,
        };
        if let Some(place) = index.and_then(|index| ordered.get_mut(index)) {
            *place = Some(part(answer, response));
        }
    }
    Ok(ordered)
}

fn part(answer: Answer<'_>, whole: &Response) -> Response {
    let mut headers: Vec<(String, String)> = answer
        .headers
        .unwrap_or_default()
        .into_iter()
        .filter_map(|(name, value)| match value {
            Value::String(text) => Some((name, text)),
            Value::Number(number) => Some((name, number.to_string())),
            _ => None,
        })
        .collect();
    // Support finds a part by the batch's id where the part has none.
    let known = headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("request-id"));
    if !known {
        headers.push(("request-id".to_owned(), whole.request_id()));
    }
    Response {
        status: answer.status,
        headers,
        body: answer
            .body
            .map(|body| body.get().as_bytes().to_vec())
            .unwrap_or_default(),
    }
}

/// Sends a batch of at most [`LARGEST`] parts.
///
/// # Errors
/// Those of the batch as a whole; a part's refusal is its answer.
pub fn ask(
    transport: &impl Transport,
    parts: &[Request],
    id: Uuid,
    permission: &str,
) -> Result<Vec<Option<Response>>, Fault> {
    let response = send(transport, request(parts), id)?;
    if !response.is_good() {
        return Err(fault::read(&response, permission));
    }
    answers(&response, parts.len())
}

/// A part's answer that has to be there.
///
/// # Errors
/// [`Fault::NotUnderstood`] when it is missing.
pub fn given(answer: Option<Response>) -> Result<Response, Fault> {
    answer.ok_or_else(|| Fault::NotUnderstood("a part of a batch was not answered".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::response;

    #[test]
    fn answers_come_in_any_order_and_a_missing_one_is_none() {
        let whole = response(
            200,
            &json!({"responses": [
                {"id": "2", "status": 204, "headers": null},
                {"id": "0", "status": 429, "headers": {"Retry-After": 5}, "body": {"error": {"code": "x"}}},
                {"id": "77", "status": 200}
            ]}),
        );
        let answers = answers(&whole, 3).unwrap();
        assert_eq!(
            answers[0].as_ref().unwrap().header("retry-after"),
            Some("5")
        );
        assert_eq!(answers[0].as_ref().unwrap().request_id(), "r-1");
        assert!(answers[1].is_none());
        assert_eq!(answers[2].as_ref().unwrap().status, 204);
    }

    #[test]
    fn a_part_carries_its_own_headers_and_body() {
        let part = Request::send(
            Method::Patch,
            "/users/a".to_owned(),
            json!({"subject": "x"}),
        )
        .with("If-Match", "W/\"1\"");
        let batch = request(&[part]);
        let sent = &batch.body.unwrap()["requests"][0];
        assert_eq!(sent["method"], "PATCH");
        assert_eq!(sent["headers"]["If-Match"], "W/\"1\"");
        assert_eq!(sent["headers"]["Content-Type"], "application/json");
        assert!(
            sent["headers"]["Prefer"]
                .as_str()
                .unwrap()
                .contains("ImmutableId")
        );
    }
}
