//! A request as the resources see it: decoded path, query and preferences, alike for a request of its own and a part of a batch.

use bytes::Bytes;
use http::{HeaderMap, Method};
use serde_json::Value;

use super::error::Refusal;
use crate::zone::Zone;

/// What the client prefers, and what of it is honoured.
#[derive(Clone, Debug)]
pub struct Prefer {
    pub immutable_ids: bool,
    /// The zone in which times are shown.
    pub zone: Zone,
    pub text_bodies: bool,
    pub page_size: Option<usize>,
    /// For the header `Preference-Applied`.
    pub applied: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Call {
    pub method: Method,
    /// Below `/v1.0`, decoded.
    pub path: Vec<String>,
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub prefer: Prefer,
}

impl Call {
    /// Reads a target such as `/users/a@b/events?$top=5`.
    pub fn new(
        method: Method,
        target: &str,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Self, Refusal> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Ok(Self {
            method,
            path: path
                .split('/')
                .filter(|part| !part.is_empty())
                .map(decoded)
                .collect(),
            query: url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            prefer: Prefer::read(&headers)?,
            headers,
            body,
        })
    }

    pub fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub fn json(&self) -> Result<Value, Refusal> {
        serde_json::from_slice(&self.body).map_err(|error| {
            Refusal::new(
                400,
                "BadRequest",
                format!("Unable to read JSON request payload. {error}"),
            )
        })
    }

    /// The mailbox that the path names.
    pub fn mailbox(&self) -> Option<&str> {
        match self.path.as_slice() {
            [users, address, ..] if users == "users" => Some(address),
            _ => None,
        }
    }
}

/// Undoes percent signs. A plus sign in a path is itself; only the query uses it for a space.
fn decoded(part: &str) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Prefer {
    /// How people and tests see items.
    pub fn of_person() -> Self {
        Self {
            immutable_ids: true,
            zone: Zone::utc(),
            text_bodies: true,
            page_size: None,
            applied: Vec::new(),
        }
    }

    fn read(headers: &HeaderMap) -> Result<Self, Refusal> {
        let mut prefer = Self {
            immutable_ids: false,
            zone: Zone::utc(),
            text_bodies: false,
            page_size: None,
            applied: Vec::new(),
        };
        let wishes = headers
            .get_all("prefer")
            .into_iter()
            .filter_map(|value| value.to_str().ok());
        for wish in wishes.flat_map(split_outside_quotes) {
            let (name, value) = wish.split_once('=').unwrap_or((wish.as_str(), ""));
            let (name, value) = (name.trim(), value.trim().trim_matches('"'));
            match name.to_ascii_lowercase().as_str() {
                "idtype" => prefer.immutable_ids = value.eq_ignore_ascii_case("ImmutableId"),
                "outlook.timezone" => {
                    prefer.zone = Zone::parse(value).ok_or_else(|| unknown_zone(value))?;
                }
                "outlook.body-content-type" => {
                    prefer.text_bodies = value.eq_ignore_ascii_case("text")
                }
                "odata.maxpagesize" => {
                    prefer.page_size = value.parse().ok().filter(|size| *size > 0)
                }
                _ => continue,
            }
            prefer.applied.push(wish.trim().to_owned());
        }
        Ok(prefer)
    }
}

/// The refusal of a zone that nobody knows.
pub fn unknown_zone(name: &str) -> Refusal {
    Refusal::new(
        400,
        "TimeZoneNotSupportedException",
        format!(
            "A valid TimeZone value must be specified. The following TimeZone value is not supported: '{name}'."
        ),
    )
}

fn split_outside_quotes(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for letter in text.chars() {
        match letter {
            ',' | ';' if !quoted => parts.push(String::new()),
            _ => {
                quoted ^= letter == '"';
                if let Some(part) = parts.last_mut() {
                    part.push(letter);
                }
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(target: &str) -> Call {
        Call::new(Method::GET, target, HeaderMap::new(), Bytes::new()).unwrap()
    }

    #[test]
    fn a_path_is_decoded_segment_by_segment() {
        let call =
            call("/users/a%40b.c/events/AAk-1%3D%3D/x+y%2Fz/AA==?$top=5&$filter=a%20eq%20'b%2Bc'");
        assert_eq!(
            call.path,
            ["users", "a@b.c", "events", "AAk-1==", "x+y/z", "AA=="]
        );
        assert_eq!(call.query("$filter"), Some("a eq 'b+c'"));
        assert_eq!(call.mailbox(), Some("a@b.c"));
    }
}
