//! `/admin/exchange/cycles/{run}`: a cycle, what it did to which item, and what of it waits for an
//! administrator's word.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::cycles::Row;
use super::failure::Failure;
use super::frame::{DONE, Frame};
use super::planned::Planned;
use super::state::WebState;
use super::visitor::Visitor;
use super::{cycles, item};
use crate::contract::{PsaId, PsaReference};
use crate::cycle::approve::{Approved, approve};
use crate::cycle::stop_text::stop_text;
use crate::cycle::{Foreseen, Verdict};
use crate::explanation::plan::explain;
use crate::explanation::step::{outcome, step};
use crate::explanation::time::Shown;
use crate::explanation::title;
use crate::page;
use crate::store::history::Entry;
use crate::store::{StoreError, cycle_run, held, history, mailbox, stop};

/// Where it lies.
pub const PATH: &str = page::CYCLE;

/// Where what waits is approved.
pub const APPROVE: &str = "/admin/exchange/cycles/{run}/approve";

/// So many entries are shown; the rest is only counted.
const SHOWN: usize = 500;

/// The path of a cycle's page.
pub fn path_of(run: &str) -> String {
    PATH.replace("{run}", run)
}

#[derive(Template, WebTemplate)]
#[template(path = "cycle.html")]
struct Page {
    frame: Frame,
    approve_path: String,
    row: Row,
    /// Why the cycle stopped and asks; none where it does not.
    stopped: Option<String>,
    waiting: Vec<Planned>,
    done: Vec<Done>,
    more: usize,
    approved: Option<Approved>,
}

/// What was done to an item.
struct Done {
    /// The item's page, where it is in the PSA.
    path: Option<String>,
    title: String,
    why: &'static str,
    what: String,
    came: String,
    remark: String,
}

/// The cycle.
pub async fn show(
    State(state): State<WebState>,
    visitor: Visitor,
    Path(run): Path<String>,
) -> Result<Response, Failure> {
    Ok(page(&state, &visitor, run, None).await?.into_response())
}

/// Lets what the cycle holds, or stopped for, go ahead with the next one.
pub async fn go_ahead(
    State(state): State<WebState>,
    visitor: Visitor,
    Path(run): Path<String>,
) -> Result<Response, Failure> {
    let run = cycle_run::get(&visitor.tenant, &run.replace('\0', "")).await?;
    let approved = approve(&visitor.tenant, &run.id).await?;
    Ok(page(&state, &visitor, run.id, Some(approved))
        .await?
        .into_response())
}

async fn page(
    state: &WebState,
    visitor: &Visitor,
    run: String,
    approved: Option<Approved>,
) -> Result<Page, Failure> {
    let tenant = &visitor.tenant;
    let web = &state.host.web_address;
    let run = cycle_run::get(tenant, &run.replace('\0', "")).await?;
    let record = match mailbox::get(tenant, &run.mailbox).await {
        Ok(record) => Some(record),
        Err(StoreError::NotFound { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let owner = record.as_ref().map(|record| record.mailbox.owner.clone());
    let zone = Shown::of(record.as_ref().and_then(|it| it.mailbox.zone.as_ref()));
    let address = record.map_or_else(String::new, |record| record.mailbox.address);
    let waiting: Vec<Foreseen> = held::list(tenant, Some(&run.mailbox))
        .await?
        .into_iter()
        .filter(|held| held.cycle == run.id && held.approved.is_none())
        .map(|held| Foreseen {
            operation: held.operation,
            verdict: Verdict::Held,
            subject: None,
        })
        .collect();
    let waiting = explain(web, tenant, &waiting).await?;
    let asked = stop::of_mailbox(tenant, &run.mailbox).await?;
    let asked = asked.filter(|stop| stop.cycle == run.id && !stop.approved);
    let mut entries = history::of_cycle(tenant, &run.id).await?;
    let more = entries.len().saturating_sub(SHOWN);
    entries.truncate(SHOWN);
    let references: Vec<PsaReference> = entries.iter().filter_map(|it| it.psa.clone()).collect();
    let shown = title::Shown::read(web, tenant, &references).await?;
    let mut way = DONE.to_vec();
    way.push("Cycles");
    Ok(Page {
        frame: Frame::new(visitor, &way, "A cycle", cycles::PATH),
        approve_path: APPROVE.replace("{run}", &run.id),
        stopped: asked.as_ref().map(|stop| stop_text(stop).text),
        waiting: waiting.iter().map(|row| Planned::new(row, zone)).collect(),
        done: entries
            .iter()
            .map(|entry| done(entry, &address, owner.as_ref(), &shown, zone))
            .collect(),
        more,
        approved,
        row: Row::new(run, address),
    })
}

fn done(
    entry: &Entry,
    address: &str,
    owner: Option<&PsaId>,
    shown: &title::Shown,
    zone: Shown,
) -> Done {
    let told = step(entry, address, zone);
    let row = entry.psa.as_ref().and_then(|item| shown.row(item));
    let title = match row {
        Some(row) if title::is_private_row(row) => Some("(private)".to_owned()),
        Some(row) => title::of_row(row),
        None => None,
    };
    let key = || match &entry.psa {
        Some(item) => item.id.value.clone(),
        None => "an item of Exchange only".to_owned(),
    };
    Done {
        path: entry
            .psa
            .as_ref()
            .zip(owner)
            .map(|(item, owner)| item::path(&owner.value, item)),
        title: title.unwrap_or_else(key),
        why: told.why.unwrap_or_default(),
        came: outcome(&told),
        what: told.done,
        remark: told.remark,
    }
}
