//! Refusals as Graph words them: `{"error":{"code","message","innerError"}}`.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::mailbox::content::WriteError;

/// Why a request is not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    pub code: String,
    pub message: String,
    /// Seconds.
    pub retry_after: Option<u64>,
    /// The event that the same `transactionId` made before.
    pub existing_event: Option<String>,
}

impl Refusal {
    pub fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
            retry_after: None,
            existing_event: None,
        }
    }

    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "ErrorInvalidRequest", message)
    }

    pub fn unauthorised(message: &str) -> Self {
        Self::new(401, "InvalidAuthenticationToken", message)
    }

    pub fn forbidden() -> Self {
        Self::new(
            403,
            "ErrorAccessDenied",
            "Access is denied. Check credentials and try again.",
        )
    }

    pub fn no_item() -> Self {
        Self::new(
            404,
            "ErrorItemNotFound",
            "The specified object was not found in the store.",
        )
    }

    pub fn malformed_id() -> Self {
        Self::new(400, "ErrorInvalidIdMalformed", "Id is malformed.")
    }

    pub fn changed_meanwhile() -> Self {
        Self::new(
            412,
            "ErrorIrresolvableConflict",
            "The send or update operation could not be performed because the change key passed in the request does not match \
             the current change key for the item.",
        )
    }

    pub fn no_route(path: &str) -> Self {
        Self::new(
            400,
            "BadRequest",
            format!("Resource not found for the segment '{path}'."),
        )
    }

    /// An error to order, with the code that Graph uses for the status.
    pub fn of_status(status: u16, code: Option<&str>, retry_after: Option<u64>) -> Self {
        let usual = match status {
            401 => "InvalidAuthenticationToken",
            403 => "ErrorAccessDenied",
            404 => "ErrorItemNotFound",
            409 => "Conflict",
            410 => "SyncStateNotFound",
            412 => "ErrorIrresolvableConflict",
            429 => "ApplicationThrottled",
            500 => "ErrorInternalServerError",
            503 => "ErrorServerBusy",
            504 => "ErrorTimeoutExpired",
            _ => "UnknownError",
        };
        Self {
            retry_after,
            ..Self::new(
                status,
                code.unwrap_or(usual),
                "The request could not be carried out.",
            )
        }
    }

    /// The answer, without the ids that only the request knows.
    pub fn answer(&self) -> Answer {
        let mut error = json!({ "code": self.code, "message": self.message });
        if let (Some(id), Some(fields)) = (&self.existing_event, error.as_object_mut()) {
            fields.insert(
                "@event.existingEventId".to_owned(),
                Value::String(id.clone()),
            );
        }
        let mut answer = Answer::json(self.status, json!({ "error": error }));
        if let Some(seconds) = self.retry_after {
            answer.header("Retry-After", seconds.to_string());
        }
        answer
    }
}

impl From<WriteError> for Refusal {
    fn from(error: WriteError) -> Self {
        let text = format!("Your request can't be completed. {error}.");
        match error {
            WriteError::NotFound => Self::no_item(),
            WriteError::MalformedId => Self::malformed_id(),
            WriteError::CrossesBoundary => Self::new(
                400,
                "ErrorOccurrenceCrossingBoundary",
                "The modified occurrence is crossing or overlapping an adjacent occurrence.",
            ),
            WriteError::NoMailbox(_) => Self::new(404, "ErrorInvalidUser", text),
            WriteError::EndBeforeStart => Self::new(400, "ErrorPropertyValidationFailure", text),
            WriteError::NoTime
            | WriteError::NotMidnight(_)
            | WriteError::NoWholeDay
            | WriteError::OccurrenceRepeats
            | WriteError::EmptyPattern
            | WriteError::Malformed(_) => Self::invalid(text),
        }
    }
}
