//! What validation found, at the field that it concerns.

use crate::contract::{Field, Finding, Severity};

/// Asked and well.
#[must_use]
pub fn ok(field: Field, code: &str, text: &str) -> Finding {
    finding(field, Severity::Ok, code, text, "")
}

/// Could not be checked, or deserves attention.
#[must_use]
pub fn warning(field: Field, code: &str, text: &str, hint: &str) -> Finding {
    finding(field, Severity::Warning, code, text, hint)
}

/// Wrong.
#[must_use]
pub fn error(field: Field, code: &str, text: &str, hint: &str) -> Finding {
    finding(field, Severity::Error, code, text, hint)
}

fn finding(field: Field, severity: Severity, code: &str, text: &str, hint: &str) -> Finding {
    Finding {
        field,
        severity,
        code: code.to_owned(),
        text: text.to_owned(),
        hint: hint.to_owned(),
    }
}
