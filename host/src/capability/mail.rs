//! Notices: the plugin says what happened. Whom to tell, in which words and how often is decided
//! elsewhere, so nothing here sends anything.

use std::collections::BTreeMap;

use crate::contract::{Severity, mail};
use crate::runtime::phase::CurrentPhase;

/// The longest code, in bytes.
pub const MAX_CODE_BYTES: usize = 64;
/// The most parameters of one notice.
pub const MAX_PARAMETERS: usize = 20;
/// The longest name of a parameter, in bytes.
pub const MAX_NAME_BYTES: usize = 64;
/// The longest value of a parameter, in bytes.
pub const MAX_VALUE_BYTES: usize = 1_024;

/// One thing that the plugin told.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// A stable name of what happened.
    pub code: String,
    /// Facts that belong to it.
    pub parameters: BTreeMap<String, String>,
    /// How bad it is.
    pub severity: Severity,
}

/// The notices of one session.
pub struct Notices {
    phase: CurrentPhase,
    taken: Vec<Notice>,
    limit: usize,
}

impl Notices {
    /// Takes at most `limit` notices.
    pub fn new(phase: CurrentPhase, limit: usize) -> Self {
        Self {
            phase,
            taken: Vec::new(),
            limit,
        }
    }

    /// What was told, in order.
    pub fn into_notices(self) -> Vec<Notice> {
        self.taken
    }
}

impl mail::Host for Notices {
    async fn notify(
        &mut self,
        code: String,
        parameters: Vec<mail::Parameter>,
        severity: Severity,
    ) -> wasmtime::Result<Result<(), mail::MailError>> {
        if self.phase.get().is_pure() {
            return Ok(Err(mail::MailError::NotInThisPhase));
        }
        let fits = self.taken.len() < self.limit
            && !code.is_empty()
            && code.len() <= MAX_CODE_BYTES
            && parameters.len() <= MAX_PARAMETERS
            && parameters.iter().all(|parameter| {
                parameter.name.len() <= MAX_NAME_BYTES && parameter.value.len() <= MAX_VALUE_BYTES
            });
        if !fits {
            return Ok(Err(mail::MailError::TooMany));
        }
        self.taken.push(Notice {
            code,
            parameters: parameters
                .into_iter()
                .map(|parameter| (parameter.name, parameter.value))
                .collect(),
            severity,
        });
        Ok(Ok(()))
    }
}
