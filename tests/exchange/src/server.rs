//! The emulator behind a socket: a thin edge over [`Exchange::handle`] that waits and breaks connections where a fault says so.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use axum::serve::Listener;
use bytes::Bytes;
use http::StatusCode;
use http::request::Parts;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::answer::{Answer, Edge};
use crate::ews;
use crate::exchange::Exchange;
use crate::graph::call::Call;
use crate::graph::error::Refusal;
use crate::tls::Tls;

/// Larger requests are refused; Graph takes 4 MB.
const LARGEST_BODY: usize = 4 * 1024 * 1024;

/// How often what is held looks whether it may go on.
const A_MOMENT: Duration = Duration::from_millis(10);

/// A running server. It ends when this is dropped or [`Running::stop`] is called.
#[derive(Debug)]
pub struct Running {
    pub address: SocketAddr,
    scheme: &'static str,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<io::Result<()>>,
}

impl Running {
    /// The address as a URL, without a slash at the end.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// Ends the server after the requests that are under way.
    pub async fn stop(mut self) -> io::Result<()> {
        self.stop.take();
        self.wait().await
    }

    /// Waits until the server ends.
    pub async fn wait(mut self) -> io::Result<()> {
        (&mut self.task)
            .await
            .unwrap_or_else(|error| Err(io::Error::other(error)))
    }
}

/// Serves on a socket until the handle is stopped or dropped. Needs a tokio runtime.
pub fn serve(exchange: Exchange, listener: TcpListener) -> io::Result<Running> {
    let address = listener.local_addr()?;
    Ok(run(exchange, listener, address, "http"))
}

/// The same over TLS, with a certificate that was made for it.
pub fn serve_encrypted(
    exchange: Exchange,
    listener: TcpListener,
    tls: &Tls,
) -> io::Result<Running> {
    let address = listener.local_addr()?;
    Ok(run(exchange, tls.listen(listener)?, address, "https"))
}

fn run<L>(exchange: Exchange, listener: L, address: SocketAddr, scheme: &'static str) -> Running
where
    L: Listener<Addr = SocketAddr>,
{
    let (stop, stopped) = oneshot::channel::<()>();
    let edge = Arc::new(Shared {
        exchange,
        running: Mutex::new(HashMap::new()),
    });
    let router = Router::new().fallback(answer).with_state(edge);
    let task = tokio::spawn(async move {
        axum::serve(listener, router)
            .with_graceful_shutdown(async move {
                // a dropped sender ends the server too
                let _ = stopped.await;
            })
            .await
    });
    Running {
        address,
        scheme,
        stop: Some(stop),
        task,
    }
}

struct Shared {
    exchange: Exchange,
    /// Requests under way, by queue.
    running: Mutex<HashMap<String, usize>>,
}

/// Counts one request of a queue while it lives.
struct Slot {
    shared: Arc<Shared>,
    queue: String,
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut running = self
            .shared
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = running.get_mut(&self.queue) {
            *count -= 1;
        }
    }
}

/// The requests that must not all run at once.
struct Queue {
    name: String,
    most: usize,
    /// The answer to one too many.
    full: Answer,
}

/// Graph counts by the mailbox in the path, EWS by the one in the header.
fn queue(shared: &Shared, request: &Parts) -> Option<Queue> {
    let behaviour = shared.exchange.behaviour();
    let path = request.uri.path();
    if let Some(target) = path.strip_prefix("/v1.0") {
        let call = Call::new(
            request.method.clone(),
            target,
            http::HeaderMap::new(),
            Bytes::new(),
        );
        return Some(Queue {
            name: call.ok()?.mailbox()?.to_lowercase(),
            most: behaviour.requests_at_once,
            full: Refusal::of_status(429, None, Some(1)).answer(),
        });
    }
    let anchor = request.headers.get("x-anchormailbox")?.to_str().ok()?;
    Some(Queue {
        name: format!("ews {}", anchor.to_lowercase()),
        most: behaviour.ews_connections,
        full: ews::too_many_connections(),
    })
}

/// `Err` when as many requests of the queue are under way as may be.
fn slot(shared: &Arc<Shared>, queue: Queue) -> Result<Slot, Answer> {
    let mut running = shared
        .running
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let count = running.entry(queue.name.clone()).or_default();
    if *count >= queue.most {
        shared.exchange.state().counters.requests += 1;
        return Err(queue.full);
    }
    *count += 1;
    Ok(Slot {
        shared: Arc::clone(shared),
        queue: queue.name,
    })
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let held = queue(&shared, &parts).map(|queue| slot(&shared, queue));
    let held = match held.transpose() {
        Ok(held) => held,
        Err(answer) => return answer.into_http().map(Body::from),
    };
    let asked = format!("{} {}", parts.method, parts.uri);
    let response = shared
        .exchange
        .handle(http::Request::from_parts(parts, body));
    tracing::debug!(%asked, status = response.status().as_u16());
    let response = match response.extensions().get::<Edge>() {
        None => response.map(Body::from),
        Some(Edge::Delay(time)) => {
            tokio::time::sleep(*time).await;
            response.map(Body::from)
        }
        Some(Edge::Hold) => {
            while shared.exchange.state().faults.hold() {
                tokio::time::sleep(A_MOMENT).await;
            }
            response.map(Body::from)
        }
        Some(Edge::Cut) => broken(&response),
    };
    drop(held);
    response
}

fn plain(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// An answer that promises more than it brings: the connection breaks in the middle of it.
fn broken(whole: &http::Response<Bytes>) -> Response {
    let half = whole.body().slice(..whole.body().len() / 2);
    let pieces = [
        Ok(half),
        Err(io::Error::from(io::ErrorKind::ConnectionReset)),
    ];
    let mut response = Response::new(Body::from_stream(futures::stream::iter(pieces)));
    *response.status_mut() = whole.status();
    response
}
