//! `/admin/exchange/resources/{user}/undo`: what a user's last synchronisation wrote goes back, after a
//! look at what would, and at what cannot.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::failure::Failure;
use super::form::Form;
use super::frame::{DONE, Frame};
use super::input::sentence;
use super::planned::Planned;
use super::standing::{counts, utc};
use super::state::WebState;
use super::visitor::Visitor;
use super::{awaited, cycle, cycles, resources};
use crate::contract::PsaId;
use crate::cycle::{CycleReport, Options, undo};
use crate::explanation::plan::{PlanRow, explain};
use crate::explanation::time::Shown;
use crate::psa::resource::{self, ResourceRecord};
use crate::store::cycle_run::CycleRun;
use crate::store::mailbox::{self, MailboxRecord};
use crate::store::stop::{self, Reason};

/// Where it lies.
pub const PATH: &str = "/admin/exchange/resources/{user}/undo";

/// Said where the mailbox is not free.
const BUSY: &str =
    "a cycle runs at this moment, or settings are being saved; try again when that has ended";

#[derive(Template, WebTemplate)]
#[template(path = "undo.html")]
struct Page {
    frame: Frame,
    path: String,
    user: String,
    cycles_path: String,
    last: Option<Last>,
    /// Where the question is answered that holds the mailbox since a cycle was undone.
    held: Option<String>,
    shown: Option<Seen>,
}

/// The cycle that can be undone.
struct Last {
    id: String,
    path: String,
    began: String,
    counts: String,
}

/// What was looked at, or done.
enum Seen {
    /// What would go back, and what stays.
    Preview {
        stays: Vec<Planned>,
        goes_back: Vec<Planned>,
    },
    /// It went back; what stays.
    Undone { counts: String, stays: Vec<Planned> },
    /// It could not be done.
    Refused(String),
}

struct Known {
    user: ResourceRecord,
    mailbox: Option<MailboxRecord>,
}

impl Known {
    async fn read(visitor: &Visitor, user: String) -> Result<Self, Failure> {
        let user = resource::get(&visitor.tenant, &PsaId { value: user }).await?;
        Ok(Self {
            mailbox: mailbox::of_resource(&visitor.tenant, &user.id).await?,
            user,
        })
    }

    async fn page(&self, visitor: &Visitor, shown: Option<Seen>) -> Result<Page, Failure> {
        let tenant = &visitor.tenant;
        let (mut last, mut held) = (None, None);
        if let Some(record) = &self.mailbox {
            last = undo::last(tenant, &record.mailbox.id).await?.map(Last::new);
            held = stop::of_mailbox(tenant, &record.mailbox.id)
                .await?
                .filter(|stop| stop.reason == Reason::Undone && !stop.approved)
                .map(|stop| cycle::path_of(&stop.cycle));
        }
        let (key, name) = (&self.user.id.value, &self.user.fields.name);
        let title = format!("Undo the last synchronisation of {name}");
        Ok(Page {
            frame: Frame::new(visitor, &DONE, title, cycles::PATH),
            path: resources::of_user(PATH, key),
            user: name.clone(),
            cycles_path: cycles::path_of(key),
            last,
            held,
            shown,
        })
    }
}

impl Last {
    fn new(run: CycleRun) -> Self {
        Self {
            path: cycle::path_of(&run.id),
            id: run.id,
            began: utc(run.started),
            counts: counts(&run.counts),
        }
    }
}

/// The page, before anything was looked at.
pub async fn form(visitor: Visitor, Path(user): Path<String>) -> Result<Response, Failure> {
    let known = Known::read(&visitor, user).await?;
    Ok(known.page(&visitor, None).await?.into_response())
}

/// Looks what would go back, or undoes the cycle that was looked at.
pub async fn look(
    State(state): State<WebState>,
    visitor: Visitor,
    Path(user): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let known = Known::read(&visitor, user).await?;
    let (Some(record), Ok(cycle)) = (&known.mailbox, form.text("cycle").parse()) else {
        return Ok(known.page(&visitor, None).await?.into_response());
    };
    let dry_run = form.text("action") != "undo";
    let options = Options {
        undoing: Some(cycle),
        dry_run,
        ..Options::default()
    };
    let done = awaited::cycle(&state.host, record, options).await?;
    let (status, seen) = match done.unwrap_or_else(|| Err(BUSY.to_owned())) {
        Ok(report) => (
            StatusCode::OK,
            seen(&state, &visitor, &report, dry_run).await?,
        ),
        Err(why) => (StatusCode::CONFLICT, Seen::Refused(sentence(&why))),
    };
    let page = known.page(&visitor, Some(seen)).await?;
    Ok((status, page).into_response())
}

async fn seen(
    state: &WebState,
    visitor: &Visitor,
    report: &CycleReport,
    dry_run: bool,
) -> Result<Seen, Failure> {
    let rows = explain(&state.host.web_address, &visitor.tenant, &report.plan).await?;
    let zone = Shown::of(report.mailbox.zone.as_ref());
    let (stays, goes_back): (Vec<&PlanRow>, Vec<&PlanRow>) =
        rows.iter().partition(|row| row.refused_because.is_some());
    let planned = |rows: Vec<&PlanRow>| {
        rows.into_iter()
            .map(|row| Planned::new(row, zone))
            .collect()
    };
    Ok(match dry_run {
        true => Seen::Preview {
            stays: planned(stays),
            goes_back: planned(goes_back),
        },
        false => Seen::Undone {
            counts: counts(&report.counts),
            stays: planned(stays),
        },
    })
}
