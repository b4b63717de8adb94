//! An operation of a plan as a page shows it.

use crate::explanation::plan::PlanRow;
use crate::explanation::plan_table;
use crate::explanation::time::Shown;

/// An operation.
pub struct Planned {
    /// The item, by its title where that may be said.
    pub title: String,
    /// What would be done.
    pub what: &'static str,
    /// When the item takes place.
    pub when: String,
    /// Why, and what comes of it.
    pub why: String,
    /// Which fields differ.
    pub changes: Vec<String>,
    /// A sentence for people; may be empty.
    pub remark: String,
}

impl Planned {
    /// An operation, with times in a mailbox's zone.
    pub fn new(row: &PlanRow, zone: Shown) -> Self {
        let changes = row.changes.iter();
        Self {
            title: match (&row.title, row.private) {
                (Some(title), _) => title.clone(),
                (None, true) => "(private)".to_owned(),
                (None, false) => "(not told)".to_owned(),
            },
            what: row.shown.what,
            when: row
                .shown
                .span
                .as_ref()
                .map_or_else(String::new, |span| zone.span(span)),
            why: plan_table::why(row),
            changes: changes.map(|it| plan_table::change(it, zone)).collect(),
            remark: row.remark.clone(),
        }
    }
}
