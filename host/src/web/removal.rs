//! `/admin/exchange/remove-copies`: removes the copies of all users who do not synchronise any more, one
//! mailbox after the other. Each can be looked at first on the page of its [plan](super::plan).

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::failure::Failure;
use super::form::Form;
use super::frame::{EXCHANGE, Frame};
use super::state::WebState;
use super::visitor::Visitor;
use super::{cycles, plan, resources};
use crate::cycle::{self, Options};
use crate::host::Host;
use crate::store::mailbox::{self, LeftBehind, left_behind};
use crate::store::{StoreError, Tenant, settings};

/// Where it lies.
pub const PATH: &str = "/admin/exchange/remove-copies";

/// What was done last.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// The removal was begun.
    begun: String,
}

#[derive(Template, WebTemplate)]
#[template(path = "removal.html")]
struct Page {
    frame: Frame,
    rows: Vec<LeftBehind>,
    copies: u64,
    has_begun: bool,
    is_unconfirmed: bool,
    is_paused: bool,
}

impl Page {
    async fn new(visitor: &Visitor) -> Result<Self, Failure> {
        let mut way = EXCHANGE.to_vec();
        way.push("Resources");
        let rows = left_behind(&visitor.tenant).await?;
        Ok(Self {
            frame: Frame::new(visitor, &way, "Remove copies", resources::PATH),
            copies: rows.iter().map(|row| row.copies).sum(),
            rows,
            has_begun: false,
            is_unconfirmed: false,
            is_paused: settings::get(&visitor.tenant).await?.paused,
        })
    }

    /// Where a row's copies are looked at.
    fn plan(&self, row: &LeftBehind) -> String {
        resources::of_user(plan::PATH, &row.owner.value)
    }
}

/// Shows who has copies still.
pub async fn list(visitor: Visitor, Query(wanted): Query<Wanted>) -> Result<Response, Failure> {
    let page = Page {
        has_begun: wanted.begun == "on",
        ..Page::new(&visitor).await?
    };
    Ok(page.into_response())
}

/// Begins, and leads back to the list, which shows what is left.
pub async fn remove(
    State(state): State<WebState>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    if !form.is_ticked("confirmed") {
        let page = Page {
            is_unconfirmed: true,
            ..Page::new(&visitor).await?
        };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let all = left_behind(&visitor.tenant).await?;
    tokio::spawn(one_by_one(state.host.clone(), visitor.tenant.clone(), all));
    Ok(Redirect::to(&format!("{PATH}?begun=on")).into_response())
}

async fn one_by_one(host: Host, tenant: Tenant, all: Vec<LeftBehind>) {
    for one in all {
        if let Err(error) = copies_of(&host, &tenant, &one).await {
            tracing::error!(mailbox = one.address, %error, "copies could not be removed");
        }
    }
}

/// Removes a mailbox's copies, unless it synchronises again or something runs there. How it went stands
/// with its cycles.
async fn copies_of(host: &Host, tenant: &Tenant, one: &LeftBehind) -> Result<(), StoreError> {
    let options = Options {
        removing: true,
        ..Options::default()
    };
    let record = mailbox::get(tenant, &one.id).await?;
    if let Some(lease) = cycle::lease::take(host, &record, options).await? {
        // Why it failed, where it did, is in its run by now.
        let _told = cycle::run(host, lease, options).await;
    }
    Ok(())
}
