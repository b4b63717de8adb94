//! One entry of the list of routes: a method on a path, who answers it, and how it is described.

use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};

use super::ApiState;
use super::description::{Described, Description};
use super::kind::Kind;

/// One method on one path.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path below [`BASE`](super::BASE), its variable segments in braces.
    pub path: &'static str,
    /// What it does, in a few words.
    pub title: &'static str,
    /// What its handler takes, gives and refuses.
    pub description: Description,
    pub(super) handler: MethodRouter<ApiState>,
}

impl Route {
    /// Reads.
    pub(super) fn get<T: 'static, D>(
        path: &'static str,
        title: &'static str,
        handler: impl Handler<T, ApiState> + Described<D>,
    ) -> Self {
        Self::new(Method::GET, MethodFilter::GET, path, title, handler)
    }

    /// Makes, or has something done.
    pub(super) fn post<T: 'static, D>(
        path: &'static str,
        title: &'static str,
        handler: impl Handler<T, ApiState> + Described<D>,
    ) -> Self {
        Self::new(Method::POST, MethodFilter::POST, path, title, handler)
    }

    /// Writes the whole.
    pub(super) fn put<T: 'static, D>(
        path: &'static str,
        title: &'static str,
        handler: impl Handler<T, ApiState> + Described<D>,
    ) -> Self {
        Self::new(Method::PUT, MethodFilter::PUT, path, title, handler)
    }

    /// Changes what is named.
    pub(super) fn patch<T: 'static, D>(
        path: &'static str,
        title: &'static str,
        handler: impl Handler<T, ApiState> + Described<D>,
    ) -> Self {
        Self::new(Method::PATCH, MethodFilter::PATCH, path, title, handler)
    }

    /// Deletes.
    pub(super) fn delete<T: 'static, D>(
        path: &'static str,
        title: &'static str,
        handler: impl Handler<T, ApiState> + Described<D>,
    ) -> Self {
        Self::new(Method::DELETE, MethodFilter::DELETE, path, title, handler)
    }

    /// What it refuses beside what its handler's signature tells.
    #[must_use]
    pub(super) fn refuses(mut self, kinds: &[Kind]) -> Self {
        self.description.refuse(kinds);
        self
    }

    fn new<T: 'static, D, H: Handler<T, ApiState> + Described<D>>(
        method: Method,
        filter: MethodFilter,
        path: &'static str,
        title: &'static str,
        handler: H,
    ) -> Self {
        Self {
            method,
            path,
            title,
            description: Description::of::<D, H>(path),
            handler: on(filter, handler),
        }
    }
}
