//! `/api/v1` of hosts that may be gone at any moment.

use std::time::Duration;

use reqwest::{Client, Method};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Result;
use crate::row::Row;

/// What came of a request.
#[derive(Clone, Debug)]
pub enum Answer {
    /// It was carried out.
    Done(Value),
    /// It was refused, and nothing was done.
    Refused(u16, Value),
    /// Nobody was there, so nothing was done.
    NotSent,
    /// Nobody can tell whether it was carried out.
    Unclear(String),
}

impl Answer {
    /// What was asked for, where all is quiet and nothing may stand in the way.
    ///
    /// # Errors
    /// When there is no such answer.
    pub fn done(self) -> Result<Value> {
        match self {
            Self::Done(value) => Ok(value),
            other => Err(format!("the interface did not do what was asked: {other:?}").into()),
        }
    }
}

/// What the history tells of one step.
#[derive(Clone, Debug, Deserialize)]
pub struct Entry {
    /// In which cycle.
    pub run: String,
    /// Which item of Exchange.
    pub exchange: Option<String>,
    /// Which rule decided.
    pub rule: Option<String>,
    /// What came of it.
    pub outcome: String,
}

impl Entry {
    /// A cycle planned a deletion that an admin has to approve.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.outcome == "waits for approval"
    }
}

#[derive(Debug, Deserialize)]
struct Listing<T> {
    items: Vec<T>,
    next: Option<String>,
}

/// A caller with a token. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Interface {
    http: Client,
    hosts: Vec<String>,
    token: String,
}

impl Interface {
    /// A caller of hosts at these addresses.
    ///
    /// # Errors
    /// When there is no way to the network.
    pub fn new(hosts: Vec<String>, token: String) -> Result<Self> {
        tandem::capability::http::install_tls();
        let http = Client::builder()
            .no_proxy()
            // A connection of a host that is gone would make it unclear what was sent.
            .pool_max_idle_per_host(0)
            .timeout(Duration::from_secs(60))
            .build()?;
        Ok(Self { http, hosts, token })
    }

    /// The same caller with a token.
    #[must_use]
    pub fn with_token(&self, token: String) -> Self {
        Self {
            token,
            ..self.clone()
        }
    }

    /// How many hosts there are.
    #[must_use]
    pub fn hosts(&self) -> usize {
        self.hosts.len()
    }

    async fn send(
        &self,
        host: usize,
        method: Method,
        path: &str,
        version: Option<u64>,
        body: Option<Value>,
    ) -> Answer {
        let Some(base) = self.hosts.get(host) else {
            return Answer::NotSent;
        };
        let mut request = self
            .http
            .request(method, format!("{base}/api/v1{path}"))
            .bearer_auth(&self.token);
        if let Some(version) = version {
            request = request.header("if-match", format!("\"{version}\""));
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) if error.is_connect() => return Answer::NotSent,
            Err(error) => return Answer::Unclear(error.to_string()),
        };
        let status = answer.status();
        let text = match answer.text().await {
            Ok(text) => text,
            Err(error) => return Answer::Unclear(error.to_string()),
        };
        let value = serde_json::from_str(&text).unwrap_or(Value::Null);
        match status.as_u16() {
            200..=299 => Answer::Done(value),
            code @ 400..=499 => Answer::Refused(code, value),
            code => Answer::Unclear(format!("{code} {text}")),
        }
    }

    /// Makes an appointment.
    pub async fn create(&self, host: usize, fields: Value) -> Answer {
        self.send(host, Method::POST, "/appointments", None, Some(fields))
            .await
    }

    /// An appointment that is not deleted; none when it is, or when nobody answers.
    pub async fn get(&self, host: usize, id: &str) -> Option<Row> {
        let path = format!("/appointments/{id}");
        match self.send(host, Method::GET, &path, None, None).await {
            Answer::Done(value) => serde_json::from_value(value).ok(),
            _ => None,
        }
    }

    /// Changes an appointment.
    pub async fn change(&self, host: usize, row: &Row, fields: Value) -> Answer {
        let path = format!("/appointments/{}", row.id);
        self.send(host, Method::PATCH, &path, Some(row.version), Some(fields))
            .await
    }

    /// Deletes an appointment.
    pub async fn delete(&self, host: usize, row: &Row) -> Answer {
        let path = format!("/appointments/{}", row.id);
        self.send(host, Method::DELETE, &path, Some(row.version), None)
            .await
    }

    /// All appointments of a user, deleted ones too.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn rows(&self, host: usize, user: &str) -> Result<Vec<Row>> {
        let path = format!("/appointments?resource={user}&since=0");
        self.list(host, &path).await
    }

    /// The history of an appointment, the oldest first.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn history(&self, host: usize, id: &str) -> Result<Vec<Entry>> {
        let path = format!("/items/appointment/{id}/history?");
        self.list(host, &path).await
    }

    /// How many cycles began and never ended.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn cut_off(&self, host: usize) -> Result<usize> {
        let runs: Vec<Value> = self.list(host, "/runs?").await?;
        let finished = |run: &&Value| run.get("finished").is_some_and(Value::is_null);
        Ok(runs.iter().filter(finished).count())
    }

    /// Runs the cycle of a user, or of all.
    pub async fn synchronise(&self, host: usize, user: Option<&str>) -> Answer {
        let body = json!({ "resource": user });
        self.send(host, Method::POST, "/sync", None, Some(body))
            .await
    }

    async fn list<T: serde::de::DeserializeOwned>(
        &self,
        host: usize,
        path: &str,
    ) -> Result<Vec<T>> {
        let mut all = Vec::new();
        let mut cursor = None;
        loop {
            let page = match cursor {
                None => format!("{path}&limit=500"),
                Some(cursor) => format!("{path}&limit=500&cursor={cursor}"),
            };
            let page = page.replace("?&", "?");
            let answer = self.send(host, Method::GET, &page, None, None).await;
            let listing: Listing<T> = serde_json::from_value(answer.done()?)?;
            all.extend(listing.items);
            match listing.next {
                Some(next) => cursor = Some(next),
                None => return Ok(all),
            }
        }
    }
}
