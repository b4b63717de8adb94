//! A to-do's copy: action type and organisation, and in the body whom and what it is about. One
//! that is done keeps its copy, which says so.

use super::{Words, facts, heading, paragraphs};
use crate::contract::ToDo;

pub(super) fn words(to_do: &ToDo) -> Words {
    let about = facts(&[
        ("Status", if to_do.completed { "completed" } else { "" }),
        ("Organisation", &to_do.organisation),
        ("Contact", &to_do.contact),
        ("Opportunity", &to_do.opportunity),
        ("Ticket", &to_do.ticket),
        ("Contract", &to_do.contract),
    ]);
    Words {
        subject: heading(&to_do.action_type, &to_do.organisation),
        location: None,
        text: paragraphs(&[&about, &to_do.description]),
        span: to_do.span,
        private: false,
    }
}
