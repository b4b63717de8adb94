//! Faults to order: rules that make matching requests fail in a chosen way.
//!
//! A rule looks at what is asked for, at method, path and mailbox, lets some requests pass, hits a number of them and is then
//! used up. What is asked for is alike in both faces, so a rule that looks at nothing else is for either. Parts of a batch are matched one by one, like requests. The path of a request to EWS ends with its operation and the ids that it
//! names: `/EWS/Exchange.asmx/GetItem?AAMk…&AAMk…`.

use serde::{Deserialize, Serialize};

use crate::operation::Operation;

/// What happens to a request that a rule hits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum Effect {
    /// Answered with an error; nothing is done.
    Status {
        status: u16,
        #[serde(default)]
        code: Option<String>,
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// Done, but answered with an error: 503 or 504 after the write took effect.
    StatusAfter {
        status: u16,
        #[serde(default)]
        code: Option<String>,
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// Answered late. Only the server waits; in process the answer carries the time.
    Delay { milliseconds: u64 },
    /// Done, but answered only when the rules that hold were taken back. One that is used up holds nothing, so its count is 0.
    /// Only the server waits.
    Hold,
    /// Somebody was faster: what is to be written has another version by now. Nothing is done.
    ItemChanged,
    /// The connection breaks before anything is done.
    Cut,
    /// Done, then the connection breaks within the answer.
    CutAfter,
    /// A list comes empty, as if it were complete.
    EmptyPage,
    /// A sign-on page in HTML with status 200.
    SignOnPage,
    /// The client is to go elsewhere.
    Redirect { location: String },
    /// The server has enough to do: a SOAP fault with the time to wait, or, `inside`, an answer with status 200 that says so
    /// within. Graph says it with 503.
    ServerBusy {
        back_off_milliseconds: u64,
        #[serde(default)]
        inside: bool,
    },
    /// This one item of a request cannot be read; the others can. Only EWS has requests for several.
    ItemUnreadable { id: String, code: String },
    /// The token is refused as expired.
    TokenExpired,
    /// The cursor is refused.
    CursorExpired,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Only requests that ask for this.
    #[serde(default)]
    pub operation: Option<Operation>,
    /// Only this method.
    #[serde(default)]
    pub method: Option<String>,
    /// Only where path and query contain this.
    #[serde(default)]
    pub path: Option<String>,
    /// Only for this mailbox.
    #[serde(default)]
    pub mailbox: Option<String>,
    /// Requests that match but pass first.
    #[serde(default)]
    pub skip: u32,
    /// How many are hit; 0 means all.
    #[serde(default = "once")]
    pub count: u32,
    pub effect: Effect,
}

fn once() -> u32 {
    1
}

impl Fault {
    /// Hits the next request, whichever it is.
    pub fn next(effect: Effect) -> Self {
        Self {
            operation: None,
            method: None,
            path: None,
            mailbox: None,
            skip: 0,
            count: 1,
            effect,
        }
    }

    /// Only requests that ask for this.
    pub fn of(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Only requests of this method.
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// Only requests whose path and query contain `part`.
    pub fn path(mut self, part: &str) -> Self {
        self.path = Some(part.to_owned());
        self
    }

    /// Only requests for this mailbox.
    pub fn mailbox(mut self, address: &str) -> Self {
        self.mailbox = Some(address.to_owned());
        self
    }

    /// Hits so many requests; 0 means all.
    pub fn times(mut self, count: u32) -> Self {
        self.count = count;
        self
    }

    /// Lets so many matching requests pass first.
    pub fn after(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    fn matches(&self, asked: &Asked<'_>) -> bool {
        self.operation
            .is_none_or(|wanted| asked.operation == Some(wanted))
            && self
                .method
                .as_deref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(asked.method))
            && self
                .path
                .as_deref()
                .is_none_or(|part| asked.path.contains(part))
            && self.mailbox.as_deref().is_none_or(|wanted| {
                asked
                    .mailbox
                    .is_some_and(|address| wanted.eq_ignore_ascii_case(address))
            })
    }
}

/// A request as rules look at it.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// `None` for what surrounds operations: a token, a batch as a whole.
    pub operation: Option<Operation>,
    pub method: &'a str,
    pub path: &'a str,
    pub mailbox: Option<&'a str>,
}

/// The rules in force; the first that matches decides.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    pub rules: Vec<Fault>,
}

impl Faults {
    /// Whether answers are held.
    pub fn hold(&self) -> bool {
        self.rules.iter().any(|rule| rule.effect == Effect::Hold)
    }

    /// The effect on this request. Uses the rule up.
    pub fn strike(&mut self, asked: &Asked<'_>) -> Option<Effect> {
        for (place, rule) in self.rules.iter_mut().enumerate() {
            if !rule.matches(asked) {
                continue;
            }
            if rule.skip > 0 {
                rule.skip -= 1;
                continue;
            }
            let effect = rule.effect.clone();
            match rule.count {
                0 => {}
                1 => {
                    self.rules.remove(place);
                }
                _ => rule.count -= 1,
            }
            return Some(effect);
        }
        None
    }
}
