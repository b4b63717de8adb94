//! `/`: leads to the page that the user most likely wants.

use axum::response::Redirect;

use super::own_password;

/// Leads on.
pub async fn go() -> Redirect {
    Redirect::to(own_password::PATH)
}
