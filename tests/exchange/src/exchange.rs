//! The handle: one emulator that tests, the demo and the server share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Request, Response};

use crate::answer::Answer;
use crate::behaviour::Behaviour;
use crate::control;
use crate::counters::Counters;
use crate::ews;
use crate::ews::access::Account;
use crate::fault::Fault;
use crate::graph;
use crate::graph::error::Refusal;
use crate::mailbox::mail::Mail;
use crate::state::{Config, State};
use crate::token::{Audience, Credentials};
use crate::zone::Zone;

/// An emulated Exchange. Clones share everything.
#[derive(Clone, Debug)]
pub struct Exchange {
    state: Arc<Mutex<State>>,
}

impl Exchange {
    /// An Exchange without mailboxes.
    pub fn new(config: Config) -> Self {
        Self {
            state: Arc::new(Mutex::new(State::new(config))),
        }
    }

    /// The model itself, locked. Do not hold it while calling anything else here.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // a test that panicked while it held the lock leaves a state that is still whole
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a mailbox in a zone with a Windows or IANA name. Any other name, such as "Customized Time Zone", is shown as it
    /// is and has the rules of UTC.
    pub fn add_mailbox(&self, address: &str, zone: &str) {
        let zone = Zone::parse(zone).unwrap_or_else(|| Zone::utc().labelled(zone));
        self.state().add_mailbox(address, zone);
    }

    /// Answers one HTTP request: Graph below `/v1.0`, EWS at `/EWS/Exchange.asmx`, tokens, and the control end point below `/control`.
    ///
    /// Nothing waits and nothing breaks here: where a fault asks for a delay or a cut connection, the answer carries
    /// [`Edge`](crate::Edge) in its extensions, and the server acts on it.
    pub fn handle(&self, request: Request<Bytes>) -> Response<Bytes> {
        let (parts, body) = request.into_parts();
        let target = parts
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str());
        let path: Vec<&str> = parts
            .uri
            .path()
            .split('/')
            .filter(|part| !part.is_empty())
            .collect();
        if path.first() == Some(&"control") {
            return control::answer(self, &parts.method, target, body).into_http();
        }
        let mut state = self.state();
        let answer: Answer = match path.as_slice() {
            [tenant, "oauth2", "v2.0", "token"] if parts.method == http::Method::POST => {
                graph::token(&mut state, tenant, &body)
            }
            ["v1.0", ..] => {
                let below = target
                    .trim_start_matches('/')
                    .strip_prefix("v1.0")
                    .unwrap_or(target);
                let base = base(&state, &parts);
                graph::request(&mut state, parts.method, below, parts.headers, body, base)
            }
            [directory, page]
                if directory.eq_ignore_ascii_case("EWS")
                    && page.eq_ignore_ascii_case("Exchange.asmx") =>
            {
                ews::request(&mut state, &parts.method, &parts.headers, &body)
            }
            [.., page] if page.to_ascii_lowercase().ends_with(".asmx") => Answer::empty(404),
            _ => Refusal::no_route(path.first().copied().unwrap_or_default()).answer(),
        };
        drop(state);
        answer.into_http()
    }

    /// What was counted since the start or the last reset.
    pub fn counters(&self) -> Counters {
        self.state().counters.clone()
    }

    /// Counts from zero again.
    pub fn reset_counters(&self) {
        self.state().counters = Counters::default();
    }

    pub fn set_behaviour(&self, behaviour: Behaviour) {
        self.state().behaviour = behaviour;
    }

    pub fn behaviour(&self) -> Behaviour {
        self.state().behaviour.clone()
    }

    /// Adds a fault behind those that are waiting.
    pub fn add_fault(&self, fault: Fault) {
        self.state().faults.rules.push(fault);
    }

    pub fn clear_faults(&self) {
        self.state().faults.rules.clear();
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.state().clock.now()
    }

    pub fn set_now(&self, now: DateTime<Utc>) {
        self.state().clock.set(now);
    }

    pub fn advance(&self, by: TimeDelta) {
        self.state().clock.advance(by);
    }

    /// What a client has to present.
    pub fn credentials(&self) -> Credentials {
        self.state().credentials.clone()
    }

    /// Adds an account that signs on to EWS with a password; one of the same name is replaced.
    pub fn add_account(&self, account: Account) {
        let accounts = &mut self.state().accounts;
        accounts.retain(|known| !known.name.eq_ignore_ascii_case(&account.name));
        accounts.push(account);
    }

    /// A token as the token end point gives it, for tests that are not about tokens.
    pub fn token(&self) -> String {
        let mut state = self.state();
        let (lifetime, now) = (state.token_lifetime, state.clock.now());
        state.tokens.give(Audience::Any, lifetime, now)
    }

    /// Makes all tokens void.
    pub fn revoke_tokens(&self) {
        self.state().tokens.revoke();
    }

    /// Makes all cursors of all mailboxes void.
    pub fn expire_cursors(&self) {
        for mailbox in &mut self.state().mailboxes {
            mailbox.cursor_epoch += 1;
        }
    }

    /// All mails that changes sent to attendees and organisers, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        let mut mails: Vec<Mail> = self
            .state()
            .mailboxes
            .iter()
            .flat_map(|mailbox| mailbox.mails.clone())
            .collect();
        mails.sort_by_key(|mail| mail.at);
        mails
    }
}

fn base(state: &State, request: &http::request::Parts) -> String {
    let root = state.base_url.clone().unwrap_or_else(|| {
        let host = request
            .headers
            .get("host")
            .and_then(|host| host.to_str().ok());
        let authority = host.or_else(|| request.uri.authority().map(http::uri::Authority::as_str));
        format!("http://{}", authority.unwrap_or("127.0.0.1"))
    });
    format!("{}/v1.0", root.trim_end_matches('/'))
}
