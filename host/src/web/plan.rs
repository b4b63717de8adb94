//! `/admin/exchange/resources/{user}/plan`: what a cycle would do for a user, and what removing all copies
//! would; each looked at before it is done.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::failure::Failure;
use super::form::Form;
use super::frame::Frame;
use super::input::sentence;
use super::planned::Planned;
use super::standing::counts;
use super::state::WebState;
use super::visitor::Visitor;
use super::{awaited, resources, undo};
use crate::contract::PsaId;
use crate::cycle::stop_text::stop_text;
use crate::cycle::{CycleReport, Options};
use crate::explanation::plan::explain;
use crate::explanation::plan_table::split;
use crate::explanation::time::Shown;
use crate::host::Host;
use crate::psa::resource::{self, ResourceRecord};
use crate::store::mailbox::{self, MailboxRecord};
use crate::store::settings;

/// Where it lies.
pub const PATH: &str = "/admin/exchange/resources/{user}/plan";

#[derive(Template, WebTemplate)]
#[template(path = "plan.html")]
struct Page {
    frame: Frame,
    path: String,
    undo_path: String,
    user: String,
    /// The next cycle would make the copies again.
    synchronises: bool,
    has_mailbox: bool,
    shown: Option<Seen>,
}

/// What was looked at, or done.
enum Seen {
    /// What a cycle would do, or, where copies are to be removed, what would go.
    Plan(Plan),
    /// The copies are removed.
    Removed(String),
    /// It could not be done.
    Refused(String),
}

struct Plan {
    is_removal: bool,
    planned: Vec<Planned>,
    /// How much more is left alone, and why.
    left_alone: Vec<(usize, &'static str)>,
    held: usize,
    stop: Option<String>,
}

struct Known {
    user: ResourceRecord,
    mailbox: Option<MailboxRecord>,
    is_on: bool,
}

impl Known {
    async fn read(visitor: &Visitor, user: String) -> Result<Self, Failure> {
        let tenant = &visitor.tenant;
        let user = resource::get(tenant, &PsaId { value: user }).await?;
        let stored = settings::get(tenant).await?.settings;
        Ok(Self {
            mailbox: mailbox::of_resource(tenant, &user.id).await?,
            is_on: stored.is_some_and(|settings| settings.enabled),
            user,
        })
    }

    fn page(&self, visitor: &Visitor, shown: Option<Seen>) -> Page {
        let name = &self.user.fields.name;
        let title = format!("What would be done for {name}");
        let enabled = self.mailbox.as_ref().is_some_and(|record| record.enabled);
        Page {
            frame: Frame::of_user(visitor, title),
            path: resources::of_user(PATH, &self.user.id.value),
            undo_path: resources::of_user(undo::PATH, &self.user.id.value),
            user: name.clone(),
            synchronises: self.is_on && enabled,
            has_mailbox: self.mailbox.is_some(),
            shown,
        }
    }
}

/// The page, before anything was looked at.
pub async fn form(visitor: Visitor, Path(user): Path<String>) -> Result<Response, Failure> {
    let known = Known::read(&visitor, user).await?;
    Ok(known.page(&visitor, None).into_response())
}

/// Looks, or removes the copies.
pub async fn look(
    State(state): State<WebState>,
    visitor: Visitor,
    Path(user): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let known = Known::read(&visitor, user).await?;
    let Some(record) = &known.mailbox else {
        return Ok(known.page(&visitor, None).into_response());
    };
    let (removing, dry_run) = match form.text("action") {
        "remove" => (true, false),
        "look-removal" => (true, true),
        _ => (false, true),
    };
    let options = Options {
        dry_run,
        removing,
        ..Options::default()
    };
    let (status, seen) = match run(&state.host, record, options).await? {
        Ok(report) if dry_run => {
            let plan = plan(&state, &visitor, &report, removing).await?;
            (StatusCode::OK, Seen::Plan(plan))
        }
        Ok(report) => (StatusCode::OK, Seen::Removed(counts(&report.counts))),
        Err(why) => (StatusCode::CONFLICT, Seen::Refused(sentence(&why))),
    };
    let page = known.page(&visitor, Some(seen));
    Ok((status, page).into_response())
}

/// The inner error says, to people, why it was not done.
async fn run(
    host: &Host,
    record: &MailboxRecord,
    options: Options,
) -> Result<Result<CycleReport, String>, Failure> {
    let why = match (options.removing, options.dry_run) {
        (true, false) => {
            "the user synchronises, so that the next cycle would make the copies again, synchronisation is paused, or \
             a cycle runs at this moment; take the permission away under Resources first, let it go on under Cycles, \
             or try again in a moment"
        }
        _ => {
            "the user does not synchronise, synchronisation is paused, or a cycle runs at this moment; try again when \
             it has ended"
        }
    };
    let done = awaited::cycle(host, record, options).await?;
    Ok(done.unwrap_or_else(|| Err(why.to_owned())))
}

async fn plan(
    state: &WebState,
    visitor: &Visitor,
    report: &CycleReport,
    is_removal: bool,
) -> Result<Plan, Failure> {
    let rows = explain(&state.host.web_address, &visitor.tenant, &report.plan).await?;
    let zone = Shown::of(report.mailbox.zone.as_ref());
    let (listed, left_alone) = split(&rows);
    Ok(Plan {
        is_removal,
        planned: listed.iter().map(|row| Planned::new(row, zone)).collect(),
        left_alone,
        held: report.held,
        stop: report.stop.as_ref().map(|stop| stop_text(stop).text),
    })
}
