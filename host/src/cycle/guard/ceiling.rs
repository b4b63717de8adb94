//! The ceiling of deletions (behaviour, section 6): more than a day's work waits for an admin.

use super::SMALLEST;
use crate::contract::{Action, Operation};

/// More deletions than this wait.
const DELETIONS: usize = 20;
/// More than one of so many linked items wait too.
const SHARE: usize = 5;

/// More than 20, or more than 20 % and at least 5.
pub const fn exceeds(deletions: usize, linked: usize) -> bool {
    deletions > DELETIONS || (deletions >= SMALLEST && deletions.saturating_mul(SHARE) > linked)
}

/// Deletions on either side count.
pub const fn is_deletion(operation: &Operation) -> bool {
    matches!(
        operation.action,
        Action::DeleteExchange(_) | Action::DeletePsa(_)
    )
}

#[cfg(test)]
mod tests {
    use super::exceeds;

    #[test]
    fn deletions_wait_above_twenty_or_above_a_fifth_of_at_least_five() {
        assert!(!exceeds(20, 1_000));
        assert!(exceeds(21, 1_000));
        assert!(!exceeds(4, 4));
        assert!(exceeds(5, 24));
        assert!(!exceeds(5, 25));
    }
}
