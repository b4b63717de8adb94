//! The kinds of refusal: for each a name that never changes, a title and a status.
//!
//! | status | `type`, behind `urn:problem-type:tandem:` |
//! |---|---|
//! | 400 | `malformed-request` |
//! | 401 | `unauthorised` |
//! | 404 | `not-found` |
//! | 405 | `method-not-allowed` |
//! | 409 | `mailbox-busy`, `synchronisation-in-progress`, `stopped`, `not-ready`, `already-taken`, `in-use` |
//! | 412 | `version-stale` |
//! | 413 | `body-too-large` |
//! | 415 | `media-type-not-supported` |
//! | 422 | `invalid-value` |
//! | 428 | `version-needed` |
//! | 500 | `plugin-failed`, `internal` |
//! | 502 | `exchange-failed` |
//! | 503 | `exchange-throttled`, `unavailable` |
//! | 504 | `exchange-timed-out` |

use axum::http::StatusCode;

/// What kind of refusal it is. Its name and status never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request cannot be read.
    Malformed,
    /// No token, or an unknown one.
    Unauthorised,
    /// There is no such thing in the caller's tenant.
    NotFound,
    /// The path is right, the method is not.
    MethodNotAllowed,
    /// Another cycle runs for the mailbox.
    MailboxBusy,
    /// Settings cannot be saved while cycles run.
    SynchronisationInProgress,
    /// Something has to be set up first.
    NotReady,
    /// Somebody else has it.
    AlreadyTaken,
    /// The cycle would do what somebody has to approve first.
    Stopped,
    /// Others name it.
    InUse,
    /// The row was changed meanwhile.
    VersionStale,
    /// The body is larger than is read.
    BodyTooLarge,
    /// The body is not JSON by its own word.
    MediaType,
    /// A value breaks a rule.
    Invalid,
    /// The change does not say on which version it was made.
    VersionNeeded,
    /// The plugin broke off.
    Plugin,
    /// Something else broke here.
    Internal,
    /// Exchange refused, could not be reached or was not understood.
    Exchange,
    /// Exchange asks for a pause.
    ExchangeThrottled,
    /// Try again a little later.
    Unavailable,
    /// Exchange did not answer in time.
    ExchangeTimedOut,
}

impl Kind {
    /// The name, the title and the status.
    pub(super) const fn facts(self) -> (&'static str, &'static str, StatusCode) {
        match self {
            Self::Malformed => (
                "urn:problem-type:tandem:malformed-request",
                "The request cannot be read",
                StatusCode::BAD_REQUEST,
            ),
            Self::Unauthorised => (
                "urn:problem-type:tandem:unauthorised",
                "A valid bearer token is needed",
                StatusCode::UNAUTHORIZED,
            ),
            Self::NotFound => (
                "urn:problem-type:tandem:not-found",
                "There is no such thing",
                StatusCode::NOT_FOUND,
            ),
            Self::MethodNotAllowed => (
                "urn:problem-type:tandem:method-not-allowed",
                "This path does not have this method",
                StatusCode::METHOD_NOT_ALLOWED,
            ),
            Self::MailboxBusy => (
                "urn:problem-type:tandem:mailbox-busy",
                "A synchronisation of the mailbox is in progress",
                StatusCode::CONFLICT,
            ),
            Self::SynchronisationInProgress => (
                "urn:problem-type:tandem:synchronisation-in-progress",
                "The changes cannot be saved now because a synchronisation is in progress",
                StatusCode::CONFLICT,
            ),
            Self::NotReady => (
                "urn:problem-type:tandem:not-ready",
                "Something has to be set up first",
                StatusCode::CONFLICT,
            ),
            Self::AlreadyTaken => (
                "urn:problem-type:tandem:already-taken",
                "Somebody else has it already",
                StatusCode::CONFLICT,
            ),
            Self::Stopped => (
                "urn:problem-type:tandem:stopped",
                "The synchronisation stopped and asks",
                StatusCode::CONFLICT,
            ),
            Self::InUse => (
                "urn:problem-type:tandem:in-use",
                "Other records name it",
                StatusCode::CONFLICT,
            ),
            Self::VersionStale => (
                "urn:problem-type:tandem:version-stale",
                "It was changed meanwhile",
                StatusCode::PRECONDITION_FAILED,
            ),
            Self::BodyTooLarge => (
                "urn:problem-type:tandem:body-too-large",
                "The body is too large",
                StatusCode::PAYLOAD_TOO_LARGE,
            ),
            Self::MediaType => (
                "urn:problem-type:tandem:media-type-not-supported",
                "The body has to be JSON",
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ),
            Self::Invalid => (
                "urn:problem-type:tandem:invalid-value",
                "A value is not accepted",
                StatusCode::UNPROCESSABLE_ENTITY,
            ),
            Self::VersionNeeded => (
                "urn:problem-type:tandem:version-needed",
                "The change has to name the version that it was made on",
                StatusCode::PRECONDITION_REQUIRED,
            ),
            Self::Plugin => (
                "urn:problem-type:tandem:plugin-failed",
                "The plugin broke off",
                StatusCode::INTERNAL_SERVER_ERROR,
            ),
            Self::Internal => (
                "urn:problem-type:tandem:internal",
                "Something broke on this host",
                StatusCode::INTERNAL_SERVER_ERROR,
            ),
            Self::Exchange => (
                "urn:problem-type:tandem:exchange-failed",
                "Exchange did not do what was asked",
                StatusCode::BAD_GATEWAY,
            ),
            Self::ExchangeThrottled => (
                "urn:problem-type:tandem:exchange-throttled",
                "Exchange asks for a pause",
                StatusCode::SERVICE_UNAVAILABLE,
            ),
            Self::Unavailable => (
                "urn:problem-type:tandem:unavailable",
                "This host is busy",
                StatusCode::SERVICE_UNAVAILABLE,
            ),
            Self::ExchangeTimedOut => (
                "urn:problem-type:tandem:exchange-timed-out",
                "Exchange did not answer in time",
                StatusCode::GATEWAY_TIMEOUT,
            ),
        }
    }
}
