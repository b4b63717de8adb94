//! Refusals as EWS words them: a response code and a text, in a response message or, where it is the whole request that is
//! refused, in a SOAP fault.

use crate::mailbox::content::WriteError;

/// Why a request, or one item of it, is not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: String,
    pub text: String,
    /// Named values that explain the refusal, such as `BackOffMilliseconds`.
    pub values: Vec<(&'static str, String)>,
}

impl Refusal {
    pub fn new(code: &str, text: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            text: text.into(),
            values: Vec::new(),
        }
    }

    /// The request is not as the schema has it.
    pub fn schema(text: impl Into<String>) -> Self {
        let text = text.into();
        Self::new(
            "ErrorSchemaValidation",
            format!("The request failed schema validation: {text}"),
        )
    }

    pub fn no_item() -> Self {
        Self::new(
            "ErrorItemNotFound",
            "The specified object was not found in the store.",
        )
    }

    pub fn no_folder() -> Self {
        Self::new(
            "ErrorFolderNotFound",
            "The specified folder could not be found in the store.",
        )
    }

    pub fn no_mailbox() -> Self {
        Self::new(
            "ErrorNonExistentMailbox",
            "The SMTP address has no mailbox associated with it.",
        )
    }

    pub fn malformed_id() -> Self {
        Self::new("ErrorInvalidIdMalformed", "Id is malformed.")
    }

    pub fn access_denied() -> Self {
        Self::new(
            "ErrorAccessDenied",
            "Access is denied. Check credentials and try again.",
        )
    }

    /// The server has enough to do; the client is to wait for so many milliseconds.
    pub fn busy(back_off_milliseconds: u64) -> Self {
        Self {
            values: vec![("BackOffMilliseconds", back_off_milliseconds.to_string())],
            ..Self::new(
                "ErrorServerBusy",
                "The server cannot service this request right now. Try again later.",
            )
        }
    }

    /// A refusal to order, with a text that fits any.
    pub fn of_code(code: &str) -> Self {
        Self::new(code, "The request could not be carried out.")
    }
}

impl From<WriteError> for Refusal {
    fn from(error: WriteError) -> Self {
        let text = format!("{error}.");
        match error {
            WriteError::NotFound => Self::no_item(),
            WriteError::MalformedId => Self::malformed_id(),
            WriteError::NoMailbox(_) => Self::no_mailbox(),
            WriteError::CrossesBoundary => Self::new(
                "ErrorOccurrenceCrossingBoundary",
                "Modified occurrence is crossing or overlapping adjacent occurrence.",
            ),
            WriteError::EndBeforeStart => Self::new(
                "ErrorCalendarEndDateIsEarlierThanStartDate",
                "EndDate is earlier than StartDate",
            ),
            WriteError::EmptyPattern => Self::new(
                "ErrorRecurrenceHasNoOccurrence",
                "The recurrence pattern and range have no occurrence.",
            ),
            WriteError::OccurrenceRepeats => Self::new("ErrorInvalidPropertySet", text),
            WriteError::NoTime
            | WriteError::NotMidnight(_)
            | WriteError::NoWholeDay
            | WriteError::Malformed(_) => Self::new("ErrorCalendarInvalidPropertyValue", text),
        }
    }
}
