//! The way between host and emulator: into the model in process, with everything that can go wrong
//! on it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use exchange::{Edge, Exchange};
use futures::future::BoxFuture;
use http::{Request, Response};
use tandem::capability::http::{Carrier, Undelivered};
use tandem::runtime::embedded::Embedded;

use crate::crash::Tripwire;
use crate::deeds;
use crate::office::Office;
use crate::provider::{self, makes_without_key, overwrites};
use crate::trace::{Trace, short};

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// It is lost on its way.
    Lost,
    /// It arrives and takes effect; the answer is lost.
    AnswerLost,
    /// The connection breaks within the answer.
    AnswerCut,
    /// It takes effect; the answer comes too late.
    AnswerLate,
    /// It arrives twice, and the first answer comes.
    Twice,
    /// It arrives twice, and the second answer comes.
    TwiceSecond,
    /// The server has no time: nothing is done.
    Throttled,
    /// The server does it, and says that it had no time.
    ErrorAfter,
    /// Nobody listens.
    Refused,
    /// No fault at all: while it is under way somebody does something.
    Deed,
}

/// All that can go wrong with one request.
pub const MISHAPS: [Mishap; 10] = [
    Mishap::Lost,
    Mishap::AnswerLost,
    Mishap::AnswerCut,
    Mishap::AnswerLate,
    Mishap::Twice,
    Mishap::TwiceSecond,
    Mishap::Throttled,
    Mishap::ErrorAfter,
    Mishap::Refused,
    Mishap::Deed,
];

/// The way. One for a run; hosts come and go.
pub struct Wire {
    exchange: Exchange,
    tripwire: Tripwire,
    trace: Trace,
    office: Arc<tokio::sync::Mutex<Office>>,
    script: Mutex<Script>,
}

#[derive(Default)]
struct Script {
    sent: u32,
    /// Somebody is faster than the next write to items that are there.
    race: bool,
    mishaps: BTreeMap<u32, Mishap>,
}

impl Wire {
    /// The way to a model, on which people may do something meanwhile.
    #[must_use]
    pub fn new(
        exchange: Exchange,
        tripwire: Tripwire,
        trace: Trace,
        office: Arc<tokio::sync::Mutex<Office>>,
    ) -> Self {
        Self {
            exchange,
            tripwire,
            trace,
            office,
            script: Mutex::default(),
        }
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts requests anew; these go wrong, by their number from 1; in a race
    /// somebody is faster than the first write. Gives how many there were.
    pub fn lay(&self, mishaps: BTreeMap<u32, Mishap>, race: bool) -> u32 {
        let mut script = self.script();
        let sent = script.sent;
        *script = Script {
            sent: 0,
            race,
            mishaps,
        };
        sent
    }

    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Undelivered> {
        let mishap = {
            let mut script = self.script();
            script.sent += 1;
            let number = script.sent;
            script.mishaps.remove(&number)
        };
        let body = String::from_utf8_lossy(request.body()).into_owned();
        let target = request.uri().path_and_query().map(ToString::to_string);
        let target: String = target.unwrap_or_default().chars().take(110).collect();
        let provider = provider::asked(&target);
        let is_twice = |it: &Mishap| matches!(it, Mishap::Twice | Mishap::TwiceSecond);
        let mishap = mishap.filter(|it| !(is_twice(it) && makes_without_key(provider, &body)));
        let operation = provider::operation(provider, &body).unwrap_or(&target);
        let name = format!("{} {operation}", request.method());
        let asked = short(format!("{:?}{:?}", request.headers(), request.body()).as_bytes());
        if let Some(mishap) = mishap {
            self.trace.say(format!("    -- {mishap:?}: {name}"));
        }
        if mishap == Some(Mishap::Deed) {
            let done = self.office.lock().await.act().await;
            if let Err(error) = done {
                self.trace.say(format!("       (not done: {error})"));
            }
        }
        if overwrites(provider, &body) && std::mem::take(&mut self.script().race) {
            self.trace.say(format!("    -- somebody is faster: {name}"));
            deeds::outlook::race(&mut *self.office.lock().await, &body)
                .unwrap_or_else(|error| self.trace.say(format!("       (not done: {error})")));
        }
        if let Some(early) = early(provider, mishap) {
            return early;
        }
        self.tripwire.pass(&format!("before {name}"), false).await;
        let first = self.exchange.handle(request.clone());
        let answer = match mishap {
            Some(Mishap::Twice) => {
                self.exchange.handle(request);
                first
            }
            Some(Mishap::TwiceSecond) => self.exchange.handle(request),
            _ => first,
        };
        self.trace.say(format!(
            "    {name} [{asked}] -> {} [{}]",
            answer.status().as_u16(),
            short(answer.body())
        ));
        self.tripwire.pass(&format!("after {name}"), false).await;
        late(provider, mishap, answer)
    }
}

/// What becomes of a request that never arrives.
fn early(
    provider: Embedded,
    mishap: Option<Mishap>,
) -> Option<Result<Response<Bytes>, Undelivered>> {
    match mishap? {
        Mishap::Lost => Some(Err(Undelivered::Broken)),
        Mishap::Refused => Some(Err(Undelivered::Refused)),
        Mishap::Throttled => Some(Ok(provider::busy(provider))),
        _ => None,
    }
}

/// What becomes of the answer to one that arrived.
fn late(
    provider: Embedded,
    mishap: Option<Mishap>,
    answer: Response<Bytes>,
) -> Result<Response<Bytes>, Undelivered> {
    if answer.extensions().get::<Edge>() == Some(&Edge::Cut) {
        return Err(Undelivered::Incomplete);
    }
    match mishap {
        Some(Mishap::AnswerLost) => Err(Undelivered::Broken),
        Some(Mishap::AnswerCut) => Err(Undelivered::Incomplete),
        Some(Mishap::AnswerLate) => Err(Undelivered::TimedOut),
        Some(Mishap::ErrorAfter) => Ok(provider::denial(provider)),
        _ => Ok(answer),
    }
}

impl Carrier for Wire {
    fn carry(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, Undelivered>> {
        Box::pin(self.send(request))
    }
}
