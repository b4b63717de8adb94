//! The cookie that holds a session. Scripts cannot read it, other sites' forms do not carry it, and
//! over HTTPS no other host can set it (`__Host-`, RFC 6265bis).

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};

use super::state::WebState;

fn name(state: &WebState) -> &'static str {
    match state.only_https {
        true => "__Host-tandem",
        false => "tandem",
    }
}

/// What the request's cookie holds.
pub fn read(state: &WebState, headers: &HeaderMap) -> Option<SecretString> {
    let wanted = name(state);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| SecretString::from(value))
}

/// The header that begins a session in the browser.
pub fn set(state: &WebState, session: &SecretString) -> (HeaderName, HeaderValue) {
    header(state, session.expose_secret(), "")
}

/// The header that takes the cookie away.
pub fn remove(state: &WebState) -> (HeaderName, HeaderValue) {
    header(state, "", "; Max-Age=0")
}

fn header(state: &WebState, value: &str, end: &str) -> (HeaderName, HeaderValue) {
    let secure = if state.only_https { "; Secure" } else { "" };
    let text = format!(
        "{}={value}; HttpOnly; SameSite=Lax; Path=/{secure}{end}",
        name(state)
    );
    // Only hexadecimal digits and what stands here.
    let value = HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""));
    (header::SET_COOKIE, value)
}
