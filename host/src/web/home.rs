//! `/`: leads to the page that the user most likely wants.

use axum::response::Redirect;

use super::visitor::Visitor;
use super::{calendar, resources};

/// Leads on: administrators to the list of users, users to their calendar.
pub async fn go(visitor: Visitor) -> Redirect {
    match visitor.is_admin {
        true => Redirect::to(resources::PATH),
        false => Redirect::to(&resources::of_user(calendar::PATH, &visitor.user.value)),
    }
}
