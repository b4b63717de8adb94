//! `/sign-in`: a name and a password open a session.

use std::net::SocketAddr;
use std::time::Duration;

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::{Extensions, HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use url::form_urlencoded;

use super::failure::Failure;
use super::form::Form;
use super::session_cookie;
use super::state::WebState;
use crate::store::failed_sign_in::{Subject, Try};

/// Where it lies.
pub const PATH: &str = "/sign-in";

/// The page.
#[derive(Default, Template, WebTemplate)]
#[template(path = "sign_in.html")]
pub struct Page {
    /// What was typed.
    name: String,
    /// Which page comes next.
    next: String,
    /// Why it did not succeed.
    refused: Option<String>,
}

/// Which page was asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    next: String,
}

/// The address of the page that leads on to another of ours.
pub fn leading_to(path: &str) -> String {
    match path {
        "/" => PATH.to_owned(),
        path => {
            let next: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
            format!("{PATH}?next={next}")
        }
    }
}

/// The form.
pub async fn form(Query(Wanted { next }): Query<Wanted>) -> Page {
    Page {
        next,
        ..Page::default()
    }
}

/// Opens a session, or says why not.
pub async fn sign_in(
    State(state): State<WebState>,
    headers: HeaderMap,
    extensions: Extensions,
    form: Form,
) -> Result<Response, Failure> {
    let name = form.text("name").trim();
    let store = &state.host.store;
    let address = came_from(&headers, &extensions);
    let refused = |status: StatusCode, why: String| {
        let page = Page {
            name: name.to_owned(),
            next: form.text("next").to_owned(),
            refused: Some(why),
        };
        (status, page)
    };
    let subjects = [Subject::Name(name), Subject::Address(&address)];
    for subject in subjects {
        if let Try::Refused(pause) = store.failed_sign_ins().begin(subject).await? {
            let seconds = pause.as_secs().saturating_add(1);
            let wait = [(header::RETRY_AFTER, seconds.to_string())];
            let why = format!(
                "There were too many failed attempts. Try again in {}; what is tried before that is not looked at.",
                in_words(pause)
            );
            let page = refused(StatusCode::TOO_MANY_REQUESTS, why);
            return Ok((wait, page).into_response());
        }
    }
    let account = store.accounts().named(name).await?;
    let hash = account
        .as_ref()
        .and_then(|account| account.password.clone());
    let is_right = state
        .hashing
        .is_right(form.password("password"), hash)
        .await?;
    let Some(account) = account.filter(|_| is_right) else {
        let why = "The name or the password is not right.".to_owned();
        return Ok(refused(StatusCode::UNPROCESSABLE_ENTITY, why).into_response());
    };
    for subject in subjects {
        store.failed_sign_ins().forgive(subject).await?;
    }
    let session = store
        .sessions()
        .begin(&account.tenant, &account.user)
        .await?;
    let cookie = [session_cookie::set(&state, &session)];
    let next = Redirect::to(local(form.text("next")));
    Ok((cookie, next).into_response())
}

/// A path of ours; anything else would lead to another site.
fn local(next: &str) -> &str {
    let is_path = next.starts_with('/') && !next.starts_with("//");
    let is_plain = next
        .chars()
        .all(|sign| sign.is_ascii_graphic() && sign != '\\');
    match is_path && is_plain {
        true => next,
        false => "/",
    }
}

/// Where a try comes from. A proxy on this machine is believed when it names whom it serves.
fn came_from(headers: &HeaderMap, extensions: &Extensions) -> String {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map(|ConnectInfo(address)| address.ip());
    let forwarded = headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .and_then(|value| value.to_str().ok())
        .and_then(|list| list.rsplit(',').next())
        .map(str::trim)
        .filter(|_| peer.is_some_and(|peer| peer.is_loopback()));
    match (forwarded, peer) {
        (Some(address), _) => address.to_owned(),
        (None, Some(peer)) => peer.to_string(),
        (None, None) => String::new(),
    }
}

fn in_words(pause: Duration) -> String {
    match pause.as_secs().saturating_add(1) {
        1 => "a second".to_owned(),
        seconds @ 2..=90 => format!("{seconds} seconds"),
        seconds => format!("{} minutes", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_signs_in_is_led_to_pages_of_ours_only() {
        assert_eq!(local("/users/ada/profile"), "/users/ada/profile");
        for elsewhere in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/\nevil",
            "javascript:alert(1)",
        ] {
            assert_eq!(local(elsewhere), "/", "{elsewhere}");
        }
    }

    #[test]
    fn only_a_proxy_on_this_machine_says_whom_it_serves() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "10.0.0.9, 192.0.2.7".parse().unwrap());
        let from = |peer: &str| {
            let mut extensions = Extensions::new();
            let peer: SocketAddr = peer.parse().unwrap();
            extensions.insert(ConnectInfo(peer));
            came_from(&headers, &extensions)
        };
        assert_eq!(from("127.0.0.1:9000"), "192.0.2.7");
        assert_eq!(from("198.51.100.4:9000"), "198.51.100.4");
    }

    #[test]
    fn pauses_are_told_in_words() {
        assert_eq!(in_words(Duration::from_secs(14)), "15 seconds");
        assert_eq!(in_words(Duration::from_secs(899)), "15 minutes");
    }
}
