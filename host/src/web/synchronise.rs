//! `/admin/exchange/resources/{user}/synchronise`: runs the cycle of a user's mailbox now, or of the
//! public folder. The page does not wait for it:
//! the Resources tab shows how it goes.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::failure::Failure;
use super::form::Form;
use super::message::Message;
use super::resources;
use super::state::WebState;
use super::visitor::Visitor;
use crate::contract::PsaId;
use crate::cycle::{self, Options};
use crate::psa::resource;
use crate::store::{mailbox, settings};

/// Where it lies.
pub const PATH: &str = "/admin/exchange/resources/{user}/synchronise";

/// Begins a cycle, and leads back to the list.
pub async fn now(
    State(state): State<WebState>,
    visitor: Visitor,
    Path(user): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let user = PsaId {
        value: user.replace('\0', ""),
    };
    let options = Options::default();
    let Some(record) = mailbox::of_resource(&visitor.tenant, &user).await? else {
        resource::get(&visitor.tenant, &user).await?;
        let text = "The user is not enabled. Tick the box under Resources and save.";
        return Ok(refused(&visitor, text));
    };
    let Some(lease) = cycle::lease::take(&state.host, &record, options).await? else {
        let stored = settings::get(&visitor.tenant).await?;
        let is_on = stored.settings.is_some_and(|settings| settings.enabled);
        let text = match (is_on, record.enabled, record.profile) {
            (true, true, Some(_)) if stored.paused => {
                "Synchronisation is paused for everybody. Let it go on under Cycles."
            }
            (false, ..) => {
                "The integration is switched off. Tick Enable integration on the General tab and save."
            }
            (_, false, _) => "The user is not enabled. Tick the box under Resources and save.",
            (_, _, None) => "The user's profile tab was never saved. Save it once, then try again.",
            _ => {
                "A synchronisation of this user runs already, or all are held while settings are being saved. Try again \
                  in a moment."
            }
        };
        return Ok(refused(&visitor, text));
    };
    let host = state.host.clone();
    // What comes of it stands in the mailbox's row.
    tokio::spawn(async move { cycle::run(&host, lease, options).await.map(|_| ()) });
    Ok(resources::back(&form).into_response())
}

fn refused(visitor: &Visitor, text: &'static str) -> Response {
    let message = Message::warning(visitor, "Not synchronised", text, resources::PATH);
    (StatusCode::CONFLICT, message).into_response()
}
