//! The law.
use crate::contract::{Batch, Plan};
/// Plans.
#[must_use]
pub fn plan(_batch: &Batch) -> Plan {
    Plan {
        operations: Vec::new(),
    }
}
