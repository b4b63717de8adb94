//! A server on loopback that answers as a test says and remembers what it was asked.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// What arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    pub headers: axum::http::HeaderMap,
    pub body: Bytes,
}

impl Seen {
    /// The authorisation of the request, as text.
    pub fn authorization(&self) -> &str {
        self.headers
            .get("authorization")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

/// A server for one test; it ends with the test's runtime.
pub struct Server {
    pub url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Starts a server that answers each request by this function.
    pub async fn start<F, A>(answer: F) -> Self
    where
        F: Fn(Seen) -> A + Clone + Send + Sync + 'static,
        A: Future<Output = Response> + Send,
    {
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let record = seen.clone();
        let app = Router::new().fallback(move |request: Request| {
            let (answer, record) = (answer.clone(), record.clone());
            async move {
                let (parts, body) = request.into_parts();
                let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
                let arrived = Seen {
                    headers: parts.headers,
                    body,
                };
                record.lock().unwrap().push(arrived.clone());
                answer(arrived).await
            }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, seen }
    }

    /// A server that says yes to everything.
    pub async fn saying(text: &'static str) -> Self {
        Self::start(move |_| async move { text.into_response() }).await
    }

    /// What arrived so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

/// A status and a body.
pub fn answer(status: u16, body: impl Into<String>) -> Response {
    (StatusCode::from_u16(status).unwrap(), body.into()).into_response()
}
