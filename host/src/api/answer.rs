//! The forms of an answer that is no refusal, beside plain JSON.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::BASE;
use super::version::etag;
use crate::contract::RowVersion;

/// A row with its version as `ETag`.
#[derive(Clone, Debug)]
pub struct Versioned<T> {
    /// Its version.
    pub version: RowVersion,
    /// How it is written.
    pub view: T,
}

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        ([etag(self.version)], Json(self.view)).into_response()
    }
}

/// A row that was made, with its version as `ETag` and where it lies.
#[derive(Clone, Debug)]
pub struct Created<T> {
    /// Its path below the interface's base.
    pub path: String,
    /// Its version.
    pub version: RowVersion,
    /// How it is written.
    pub view: T,
}

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let location = [(header::LOCATION, format!("{BASE}{}", self.path))];
        let tag = [etag(self.version)];
        (StatusCode::CREATED, location, tag, Json(self.view)).into_response()
    }
}

/// It was done, and there is nothing to tell.
#[derive(Clone, Copy, Debug)]
pub struct NoContent;

impl IntoResponse for NoContent {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}
