//! What came back, and what every refusal has.

use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// The JSON of an answer with this status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self.json()
    }

    /// The JSON of a refusal, its form checked.
    #[track_caller]
    pub fn problem(&self, status: u16, name: &str) -> Value {
        let problem = self.expect(status);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let name = format!("urn:problem-type:tandem:{name}");
        assert_eq!(problem["type"], json!(name), "{problem}");
        assert_eq!(problem["status"], json!(status), "{problem}");
        assert!(problem["title"].is_string(), "{problem}");
        assert!(!problem["detail"].as_str().unwrap().is_empty(), "{problem}");
        problem
    }

    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }
}
