//! Exchanges with Graph: each in a file of its own, the parts of a batch beside the batch as if each had
//! been sent alone.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use url::Url;

use super::leave;

/// Leaves an exchange, and the parts of it.
pub(super) fn keep(mut exchange: Value) {
    for side in ["request", "response"] {
        exchange[side]["body"] = body(&exchange[side]["body"]);
    }
    for part in parts(&exchange) {
        keep_one(&part);
    }
    keep_one(&exchange);
}

fn keep_one(exchange: &Value) {
    let text = serde_json::to_string_pretty(exchange).unwrap();
    leave("graph", &shape(exchange).to_string(), "json", &text);
}

/// A body as JSON where it is JSON; an empty one is null.
fn body(captured: &Value) -> Value {
    let text = captured.as_str().unwrap();
    if text.is_empty() {
        return Value::Null;
    }
    serde_json::from_str(text).unwrap_or_else(|_| captured.clone())
}

/// The parts of a batch that was answered, each as an exchange.
fn parts(exchange: &Value) -> Vec<Value> {
    let url = exchange["request"]["url"].as_str().unwrap();
    let answers = exchange["response"]["body"]["responses"].as_array();
    let (Some(base), Some(answers)) = (url.strip_suffix("/$batch"), answers) else {
        return Vec::new();
    };
    let asked = exchange["request"]["body"]["requests"].as_array().unwrap();
    let part = |request: &Value| {
        let answer = answers.iter().find(|answer| answer["id"] == request["id"]);
        let answer = answer.unwrap();
        json!({
            "request": {
                "method": request["method"],
                "url": format!("{base}{}", request["url"].as_str().unwrap()),
                "headers": lower_case(&request["headers"]),
                "body": request["body"],
            },
            "response": {
                "status": answer["status"],
                "headers": lower_case(&answer["headers"]),
                "body": answer["body"],
            },
        })
    };
    asked.iter().map(part).collect()
}

fn lower_case(headers: &Value) -> Value {
    let pairs = headers.as_object().into_iter().flatten();
    pairs
        .map(|(name, value)| (name.to_lowercase(), value.clone()))
        .collect::<Map<_, _>>()
        .into()
}

/// What an exchange looks like: everything but ids, instants and texts that people write.
fn shape(exchange: &Value) -> Value {
    let (request, response) = (&exchange["request"], &exchange["response"]);
    let url = Url::parse(request["url"].as_str().unwrap()).unwrap();
    let query: Vec<_> = url
        .query_pairs()
        .map(|(name, value)| format!("{name}={}", without_texts(&value)))
        .collect();
    let names = |headers: &Value| {
        let headers = headers.as_object().into_iter().flatten();
        headers.map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    json!([
        request["method"],
        path(&url),
        query,
        names(&request["headers"]),
        outline(&request["body"]),
        response["status"],
        names(&response["headers"]),
        outline(&response["body"]),
    ])
}

/// The path without ids: those are long, or an address.
fn path(url: &Url) -> String {
    let segments = url.path_segments().into_iter().flatten();
    let known = |segment: &str| segment.len() < 30 && !segment.contains(['@', '%']);
    segments
        .map(|segment| if known(segment) { segment } else { "…" })
        .collect::<Vec<_>>()
        .join("/")
}

/// A query's value without what stands in quotes, and without a cursor.
fn without_texts(value: &str) -> String {
    let outside: String = value.split('\'').step_by(2).collect();
    let cursor = outside.len() > 40 && outside.chars().all(|letter| letter.is_ascii_alphanumeric());
    let outside = if cursor { "" } else { &outside };
    outside.replace(|letter: char| letter.is_ascii_digit(), "0")
}

/// The fields of a body, and of the texts those that stand for themselves: the words of enumerations
/// and the forms of times.
fn outline(body: &Value) -> Value {
    match body {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), outline(value)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(rows) => {
            let kinds: BTreeSet<String> = rows.iter().map(|row| outline(row).to_string()).collect();
            json!(kinds)
        }
        Value::String(text) if is_time(text) => text
            .replace(|letter: char| letter.is_ascii_digit(), "0")
            .into(),
        Value::String(text) if is_word(text) => text.as_str().into(),
        Value::String(_) => "…".into(),
        Value::Number(_) => 0.into(),
        Value::Bool(_) | Value::Null => body.clone(),
    }
}

fn is_time(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
        && text
            .chars()
            .all(|letter| letter.is_ascii_digit() || "-:.TZ+".contains(letter))
}

fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(|letter| letter.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(id: &str, subject: &str, show_as: &str) -> Value {
        json!({
            "request": {
                "method": "GET",
                "url": format!("http://127.0.0.1:9/v1.0/users/a@b.c/events/{id}?$select=id"),
                "headers": {}, "body": null,
            },
            "response": {
                "status": 200, "headers": {}, "body": { "subject": subject, "showAs": show_as },
            },
        })
    }

    #[test]
    fn exchanges_look_alike_whatever_people_wrote() {
        let (one, other) = ("A".repeat(60), "B".repeat(60));
        let first = shape(&read(&one, "Visit", "busy"));
        assert_eq!(first, shape(&read(&other, "Lunch at 12", "busy")));
        assert_ne!(first, shape(&read(&one, "Visit", "free")));
    }

    #[test]
    fn a_part_of_a_batch_is_an_exchange_of_its_own() {
        let batch = json!({
            "request": { "method": "POST", "url": "http://127.0.0.1:9/v1.0/$batch", "headers": {}, "body": { "requests": [
                { "id": "1", "method": "GET", "url": "/users/a@b.c/events/x", "headers": { "Prefer": "p" } },
                { "id": "2", "method": "DELETE", "url": "/users/a@b.c/events/y" },
            ] } },
            "response": { "status": 200, "headers": {}, "body": { "responses": [
                { "id": "2", "status": 204, "headers": {}, "body": null },
                { "id": "1", "status": 404, "headers": { "Content-Type": "application/json" }, "body": { "error": {} } },
            ] } },
        });
        let parts = parts(&batch);
        assert_eq!(
            parts[0]["request"]["url"],
            "http://127.0.0.1:9/v1.0/users/a@b.c/events/x"
        );
        assert_eq!(parts[0]["request"]["headers"]["prefer"], "p");
        assert_eq!(parts[0]["response"]["status"], 404);
        assert_eq!(parts[1]["response"]["status"], 204);
    }
}
