//! A service call's copy: where the technician goes, and everything that he wants to know there.

use super::{Words, block, facts, heading, paragraphs};
use crate::contract::{ServiceCall, WorkLine};

pub(super) fn words(call: &ServiceCall) -> Words {
    let first_title = call.work.first().map_or("", |line| &line.title);
    let what = if call.description.trim().is_empty() {
        first_title
    } else {
        &call.description
    };
    let status = facts(&[("Status", &call.status)]);
    let work = work(&call.work);
    let customer = facts(&[
        ("Organisation", &call.organisation),
        ("Phone", &call.phone),
        ("Address", &call.address),
    ]);
    Words {
        subject: heading(&call.organisation, what),
        location: Some(call.address.trim().to_owned()),
        text: paragraphs(&[
            block::FIRST_LINE,
            &call.description,
            &status,
            &work,
            &customer,
        ]),
        span: call.span,
        private: false,
    }
}

fn work(lines: &[WorkLine]) -> String {
    let told: Vec<String> = lines
        .iter()
        .map(|line| format!("- {} {}", line.number.trim(), line.title.trim()))
        .collect();
    if told.is_empty() {
        String::new()
    } else {
        format!("Tickets and tasks:\n{}", told.join("\n"))
    }
}
