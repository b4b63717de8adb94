//! What goes back: status, headers and a body, before it becomes an HTTP answer or the part of a batch.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

/// What the server's edge has to do to an answer because a fault says so. In process it stands in the answer's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Wait before answering.
    Delay(Duration),
    /// Wait until no fault holds answers any more.
    Hold,
    /// Break the connection.
    Cut,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    Empty,
    Json(Value),
    Html(&'static str),
    Xml(String),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Body,
    pub edge: Option<Edge>,
}

impl Answer {
    pub fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Body::Json(body),
            edge: None,
        }
    }

    pub fn xml(status: u16, body: String) -> Self {
        Self {
            body: Body::Xml(body),
            ..Self::empty(status)
        }
    }

    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Body::Empty,
            edge: None,
        }
    }

    /// What a proxy or a third party's sign-on shows instead of an answer.
    pub fn sign_on_page() -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            body: Body::Html(
                "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form method=\"post\"><input \
                 name=\"user\"></form></body></html>",
            ),
            edge: None,
        }
    }

    /// The client is to go elsewhere.
    pub fn redirect(location: &str) -> Self {
        let mut answer = Self::empty(302);
        answer.header("Location", location);
        answer
    }

    pub fn header(&mut self, name: &'static str, value: impl Into<String>) {
        self.headers.push((name, value.into()));
    }

    /// The fields of a JSON object body.
    pub fn field_mut(&mut self, name: &str) -> Option<&mut Value> {
        match &mut self.body {
            Body::Json(Value::Object(fields)) => fields.get_mut(name),
            Body::Json(_) | Body::Empty | Body::Html(_) | Body::Xml(_) => None,
        }
    }

    /// Takes the items out of a list.
    pub fn empty_list(&mut self) {
        if let Some(value) = self.field_mut("value") {
            *value = json!([]);
        }
    }

    /// Adds to an error what only the request knows.
    pub fn mark_error(&mut self, date: &str, request_id: &str, client_request_id: &str) {
        if let Some(Value::Object(error)) = self.field_mut("error") {
            error.insert(
                "innerError".to_owned(),
                json!({ "date": date, "request-id": request_id, "client-request-id": client_request_id }),
            );
        }
    }

    pub fn into_http(self) -> http::Response<Bytes> {
        let (kind, bytes) = match &self.body {
            Body::Empty => (None, Bytes::new()),
            Body::Html(page) => (
                Some("text/html; charset=utf-8"),
                Bytes::from_static(page.as_bytes()),
            ),
            Body::Xml(text) => (Some("text/xml; charset=utf-8"), Bytes::from(text.clone())),
            Body::Json(value) => (
                Some(
                    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8",
                ),
                Bytes::from(value.to_string()),
            ),
        };
        let mut response = http::Response::new(bytes);
        *response.status_mut() = http::StatusCode::from_u16(self.status)
            .unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
        let headers = kind
            .map(|kind| ("content-type", kind.to_owned()))
            .into_iter()
            .chain(self.headers);
        for (name, value) in headers {
            if let (Ok(name), Ok(value)) = (
                http::HeaderName::try_from(name),
                http::HeaderValue::try_from(value),
            ) {
                response.headers_mut().append(name, value);
            }
        }
        if let Some(edge) = self.edge {
            response.extensions_mut().insert(edge);
        }
        response
    }
}
