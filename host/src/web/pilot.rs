//! `/admin/exchange/pilot`: whether only the pilot group synchronises. Who belongs to it stands on the
//! Resources tab.

use axum::response::{IntoResponse, Redirect, Response};

use super::failure::Failure;
use super::form::Form;
use super::resources;
use super::visitor::Visitor;
use crate::store::settings;

/// Where it lies.
pub const PATH: &str = "/admin/exchange/pilot";

/// Lets only the pilot group synchronise, or everybody again. Running cycles come to their end.
pub async fn switch(visitor: Visitor, form: Form) -> Result<Response, Failure> {
    let mut transaction = visitor.tenant.begin().await?;
    let pilot_only = form.text("pilot-only") == "on";
    settings::set_pilot_only(&mut transaction, pilot_only).await?;
    transaction.commit().await?;
    Ok(Redirect::to(resources::PATH).into_response())
}
