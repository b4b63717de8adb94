//! What was found at a setting, by a rule or by asking the server.

use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::{Finding, Severity};
use crate::settings::names::of_field;

/// What was found at a setting.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Finding)]
pub struct FindingView {
    /// The setting's name, as it is written.
    pub field: &'static str,
    /// `ok`, `warning` (it could not be checked, or deserves attention) or `error`.
    pub severity: &'static str,
    /// A stable name, such as `not-an-address`.
    pub code: String,
    /// What was asked, and what came back.
    pub text: String,
    /// What to do; may be empty.
    pub hint: String,
}

impl From<Finding> for FindingView {
    fn from(finding: Finding) -> Self {
        Self {
            field: of_field(finding.field),
            severity: match finding.severity {
                Severity::Ok => "ok",
                Severity::Warning => "warning",
                Severity::Error => "error",
            },
            code: finding.code,
            text: finding.text,
            hint: finding.hint,
        }
    }
}
