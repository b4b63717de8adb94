//! One entry of the list of routes: a method on a path, who may reach it, and who answers it.

use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodRouter, get, post};

use super::state::WebState;

/// Who may reach a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Everybody, signed in or not.
    Anyone,
    /// Whoever is signed in.
    SignedIn,
    /// The user whose key stands in the path's segment `{user}`, and who configures extensions.
    OwnOrAdmin,
    /// Who configures extensions: *Admin: configure Microsoft extensions* (behaviour, section 1).
    Admin,
}

/// One method on one path.
pub struct Route {
    /// The method: what GET shows, POST does.
    pub method: Method,
    /// The path, its variable segments in braces.
    pub path: &'static str,
    /// Who may reach it.
    pub reach: Reach,
    pub(super) handler: MethodRouter<WebState>,
}

impl Route {
    /// Shows a page.
    pub(super) fn get<T: 'static>(
        path: &'static str,
        reach: Reach,
        handler: impl Handler<T, WebState>,
    ) -> Self {
        Self {
            method: Method::GET,
            path,
            reach,
            handler: get(handler),
        }
    }

    /// Takes a form.
    pub(super) fn post<T: 'static>(
        path: &'static str,
        reach: Reach,
        handler: impl Handler<T, WebState>,
    ) -> Self {
        Self {
            method: Method::POST,
            path,
            reach,
            handler: post(handler),
        }
    }
}
