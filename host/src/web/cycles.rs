//! `/admin/exchange/cycles`: what Tandem did, the newest first, and the switch that holds all cycles.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::failure::Failure;
use super::form::Form;
use super::frame::{DONE, Frame};
use super::standing::{counts, utc};
use super::visitor::Visitor;
use super::{cycle, resources, undo};
use crate::contract::{MailboxId, PsaId};
use crate::psa::roster;
use crate::store::cycle_run::{self, CycleRun, Paging};
use crate::store::{mailbox, settings};

/// Where it lies.
pub const PATH: &str = "/admin/exchange/cycles";

/// Where all cycles are held, or let go on.
pub const PAUSE: &str = "/admin/exchange/pause";

/// How many cycles stand on a page.
const ON_PAGE: u32 = 50;

#[derive(Template, WebTemplate)]
#[template(path = "cycles.html")]
struct Page {
    frame: Frame,
    /// Only this user's.
    user: Option<(String, String)>,
    /// Where the user's last one is undone.
    undo_path: String,
    rows: Vec<Row>,
    older: Option<String>,
    is_paused: bool,
}

/// A cycle.
pub struct Row {
    /// Its page.
    pub path: String,
    /// When it began.
    pub began: String,
    /// Whose mailbox.
    pub mailbox: String,
    /// How it ended.
    pub end: String,
    /// What it did.
    pub counts: String,
    /// Requests sent.
    pub requests: u64,
    /// How long it took.
    pub duration: String,
}

impl Row {
    /// A run of the mailbox with this address.
    pub fn new(run: CycleRun, mailbox: String) -> Self {
        Self {
            path: cycle::path_of(&run.id),
            began: utc(run.started),
            mailbox,
            end: match (&run.finished, &run.error) {
                (None, _) => "running, or its host ended".to_owned(),
                (Some(_), Some(error)) => error.clone(),
                (Some(_), None) if run.undoes.is_some() => "undid an earlier cycle".to_owned(),
                (Some(_), None) if run.counts.failed > 0 => "some items failed".to_owned(),
                (Some(_), None) => "succeeded".to_owned(),
            },
            counts: counts(&run.counts),
            requests: run.counts.requests,
            duration: duration(run.counts.duration),
        }
    }
}

/// A duration in microseconds, for people.
pub fn duration(microseconds: u64) -> String {
    let milliseconds = microseconds / 1_000;
    match milliseconds {
        0..1_000 => format!("{milliseconds} ms"),
        1_000..60_000 => format!("{}.{} s", milliseconds / 1_000, milliseconds % 1_000 / 100),
        _ => format!(
            "{} min {} s",
            milliseconds / 60_000,
            milliseconds % 60_000 / 1_000
        ),
    }
}

/// Which cycles.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// Only this user's.
    user: String,
    /// Only those older than this one.
    before: String,
}

/// The list.
pub async fn list(visitor: Visitor, Query(wanted): Query<Wanted>) -> Result<Response, Failure> {
    let tenant = &visitor.tenant;
    let (user, mailbox) = of_user(&visitor, &wanted.user).await?;
    let before = Some(wanted.before.replace('\0', "")).filter(|it| !it.is_empty());
    let paging = Paging {
        before,
        limit: ON_PAGE + 1,
    };
    let mut runs = cycle_run::list(tenant, mailbox.as_ref(), &paging).await?;
    let is_more = runs.len() > ON_PAGE as usize;
    runs.truncate(ON_PAGE as usize);
    let last = runs.last().map(|run| run.id.clone());
    let older = last.filter(|_| is_more).map(|last| match &user {
        Some((key, _)) => format!("{PATH}?user={key}&before={last}"),
        None => format!("{PATH}?before={last}"),
    });
    let ids: Vec<MailboxId> = runs.iter().map(|run| run.mailbox.clone()).collect();
    let owners = mailbox::owners(tenant, &ids).await?;
    let rows = runs.into_iter().map(|run| {
        let owner = owners.get(&run.mailbox.value);
        let address = owner.map_or_else(String::new, |(_, address)| address.clone());
        Row::new(run, address)
    });
    let key = user.as_ref().map_or("", |(key, _)| key);
    let page = Page {
        frame: Frame::new(&visitor, &DONE, "Cycles", PATH),
        undo_path: resources::of_user(undo::PATH, key),
        user,
        rows: rows.collect(),
        older,
        is_paused: settings::get(tenant).await?.paused,
    };
    Ok(page.into_response())
}

/// The user and the mailbox that are asked for, where one is.
async fn of_user(
    visitor: &Visitor,
    key: &str,
) -> Result<(Option<(String, String)>, Option<MailboxId>), Failure> {
    if key.is_empty() {
        return Ok((None, None));
    }
    let id = PsaId {
        value: key.replace('\0', ""),
    };
    let listed = roster::of(&visitor.tenant, &[id]).await?.pop();
    let user = listed.ok_or(Failure::NotFound)?;
    // Who has no mailbox had no cycle: an id that is none finds nothing.
    let mailbox = user.mailbox.map_or(
        MailboxId {
            value: String::new(),
        },
        |it| it.id,
    );
    Ok((Some((user.user.value, user.name)), Some(mailbox)))
}

/// The path of a user's cycles.
pub fn path_of(user: &str) -> String {
    format!("{PATH}?user={user}")
}

/// Holds all cycles of the tenant, or lets them go on. Running ones come to their end.
pub async fn pause(visitor: Visitor, form: Form) -> Result<Response, Failure> {
    let mut transaction = visitor.tenant.begin().await?;
    settings::set_paused(&mut transaction, form.text("paused") == "on").await?;
    transaction.commit().await?;
    Ok(Redirect::to(PATH).into_response())
}
