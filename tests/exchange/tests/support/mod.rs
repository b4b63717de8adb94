//! A plain HTTP client and an emulator behind a socket, for the tests of the interface.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

pub mod ews;

use std::io::{Read, Write};
use std::net::TcpStream;

use exchange::{Clock, Config, Draft, Exchange, Running, Zone, serve};
use serde_json::{Value, json};

pub const ANNA: &str = "anna@example.com";
pub const BERLIN: &str = "W. Europe Standard Time";
pub const MARKER: &str = "String {6f1d9c1e-8a0b-4a67-9b57-0d1f3c5a7e21} Name TandemMarker";
pub const WINDOW: &str = "startDateTime=2026-11-15T00:00:00Z&endDateTime=2027-01-06T00:00:00Z";

/// An emulator with Anna's mailbox, on a socket, at eight in the morning of 2026-11-22.
pub struct Server {
    pub exchange: Exchange,
    pub running: Option<Running>,
    runtime: Option<tokio::runtime::Runtime>,
    pub token: String,
}

pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub text: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{} {}", self.status, self.text))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub fn code(&self) -> String {
        self.json()["error"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    pub fn id(&self) -> String {
        self.json()["id"].as_str().unwrap().to_owned()
    }
}

impl Server {
    pub fn start() -> Self {
        let exchange = Exchange::new(Config {
            clock: Clock::Fixed("2026-11-22T08:00:00Z".parse().unwrap()),
            ..Config::default()
        });
        exchange.add_mailbox(ANNA, BERLIN);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let running = runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            serve(exchange.clone(), listener).unwrap()
        });
        let token = exchange.token();
        Self {
            exchange,
            running: Some(running),
            runtime: Some(runtime),
            token,
        }
    }

    pub fn url(&self) -> String {
        self.running.as_ref().unwrap().url()
    }

    /// A request as it is; `None` when the connection broke.
    pub fn try_send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Option<Reply> {
        let address = self.running.as_ref().unwrap().address;
        let mut stream = TcpStream::connect(address).unwrap();
        let target = target
            .strip_prefix(&self.url())
            .unwrap_or(target)
            .replace(' ', "%20");
        let mut head =
            format!("{method} {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
        stream.write_all(head.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).ok()?;
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n")?;
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let chunked = headers.iter().any(|(name, value)| {
            name.eq_ignore_ascii_case("transfer-encoding") && value == "chunked"
        });
        let text = if chunked {
            unchunk(body)?
        } else {
            body.to_owned()
        };
        Some(Reply {
            status,
            headers,
            text,
        })
    }

    pub fn send_with(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Reply {
        let bearer = format!("Bearer {}", self.token);
        let mut all = vec![
            ("Authorization", bearer.as_str()),
            ("Prefer", "IdType=\"ImmutableId\""),
            ("Content-Type", "application/json"),
        ];
        all.extend_from_slice(headers);
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        self.try_send(method, target, &all, &body).unwrap()
    }

    pub fn get(&self, target: &str) -> Reply {
        self.send_with("GET", target, &[], &Value::Null)
    }

    /// A GET below Anna's mailbox.
    pub fn anna(&self, rest: &str) -> Reply {
        self.get(&format!("/v1.0/users/{ANNA}{rest}"))
    }

    pub fn post(&self, target: &str, body: &Value) -> Reply {
        self.send_with("POST", target, &[], body)
    }

    pub fn create(&self, body: &Value) -> Reply {
        self.post(&format!("/v1.0/users/{ANNA}/calendar/events"), body)
    }

    pub fn patch(&self, id: &str, body: &Value) -> Reply {
        self.send_with(
            "PATCH",
            &format!("/v1.0/users/{ANNA}/events/{id}"),
            &[],
            body,
        )
    }

    pub fn delete(&self, id: &str) -> Reply {
        self.send_with(
            "DELETE",
            &format!("/v1.0/users/{ANNA}/events/{id}"),
            &[],
            &Value::Null,
        )
    }

    /// All entries of a round, and its deltaLink.
    pub fn round(&self, link: &str) -> (Vec<Value>, String) {
        let mut entries = Vec::new();
        let mut link = link.to_owned();
        for _ in 0..200 {
            let reply = self.get(&link);
            assert_eq!(reply.status, 200, "{}", reply.text);
            let page = reply.json();
            entries.extend(page["value"].as_array().unwrap().iter().cloned());
            if let Some(end) = page["@odata.deltaLink"].as_str() {
                return (entries, end.to_owned());
            }
            link = page["@odata.nextLink"].as_str().unwrap().to_owned();
        }
        panic!("the round does not end");
    }

    pub fn first_round(&self) -> (Vec<Value>, String) {
        self.round(&format!("/v1.0/users/{ANNA}/calendarView/delta?{WINDOW}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.running.take());
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// `None` where the last chunk is missing.
fn unchunk(body: &str) -> Option<String> {
    let mut text = String::new();
    let mut rest = body;
    loop {
        let (size, after) = rest.split_once("\r\n")?;
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(text);
        }
        text.push_str(after.get(..size)?);
        rest = after.get(size + 2..)?;
    }
}

/// An event of an hour in Berlin as a client writes it.
pub fn hour(subject: &str, start: &str) -> Value {
    let begin: chrono::NaiveDateTime = start.parse().unwrap();
    let end = begin + chrono::Duration::hours(1);
    json!({
        "subject": subject,
        "start": { "dateTime": start, "timeZone": BERLIN },
        "end": { "dateTime": end.format("%Y-%m-%dT%H:%M:%S").to_string(), "timeZone": BERLIN },
    })
}

/// The same as a person writes it.
pub fn draft(subject: &str, start: &str) -> Draft {
    let begin: chrono::NaiveDateTime = start.parse().unwrap();
    Draft::new(
        subject,
        begin,
        begin + chrono::Duration::hours(1),
        &Zone::parse(BERLIN).unwrap(),
    )
}

pub fn with(mut event: Value, more: Value) -> Value {
    event
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    event
}

pub fn marked(event: Value, value: &str) -> Value {
    with(
        event,
        json!({ "singleValueExtendedProperties": [{ "id": MARKER, "value": value }] }),
    )
}

pub fn removed(entries: &[Value]) -> Vec<String> {
    let bare = entries
        .iter()
        .filter(|entry| entry.get("@removed").is_some());
    bare.map(|entry| entry["id"].as_str().unwrap().to_owned())
        .collect()
}

pub fn kept(entries: &[Value]) -> Vec<String> {
    let full = entries
        .iter()
        .filter(|entry| entry.get("@removed").is_none());
    full.map(|entry| entry["id"].as_str().unwrap().to_owned())
        .collect()
}
