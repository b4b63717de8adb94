//! The tab *Resources*: who may synchronise, and how it goes (behaviour, section 1).
//!
//! The header's check box decides over the users shown, or over all that were found, as chosen beside
//! it. Without a script it counts when it is not as it was: then it stands above the single boxes.
//! Beside it each user has a mark for the pilot group.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use url::form_urlencoded;

use super::failure::Failure;
use super::form::Form;
use super::frame::{EXCHANGE, Entry, Frame};
use super::standing::Row;
use super::state::WebState;
use super::visitor::Visitor;
use super::{cycles, pilot, profile, progress, removal, synchronise, user_sign_in};
use crate::contract::PsaId;
use crate::psa::roster::{self, Search};
use crate::settings::permissions::{Permitted, Wanted, permit_all};
use crate::settings::pilot::{Chosen, choose_all};
use crate::settings::welcome::{Enabler, Welcome};
use crate::store::mailbox::public_folder;
use crate::store::{Tenant, settings};

/// Where it lies.
pub const PATH: &str = "/admin/exchange/resources";

/// How many users stand on a page.
const ON_PAGE: u32 = 50;

/// Which users are shown.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct View {
    /// Only users whose name or address contains this.
    text: String,
    /// Which page, from 1 on.
    page: String,
}

impl View {
    fn of(form: &Form) -> Self {
        Self {
            text: form.text("text").to_owned(),
            page: form.text("page").to_owned(),
        }
    }

    fn number(&self) -> u32 {
        self.page.parse().unwrap_or(1).max(1)
    }

    fn search(&self) -> Search {
        let text = self.text.trim().replace('\0', "");
        Search {
            text: Some(text).filter(|text| !text.is_empty()),
            offset: (self.number() - 1).saturating_mul(ON_PAGE),
            limit: ON_PAGE,
        }
    }

    /// The address of this view at a page.
    pub fn path(&self, page: u32) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !self.text.is_empty() {
            query.append_pair("text", &self.text);
        }
        if page > 1 {
            query.append_pair("page", &page.to_string());
        }
        let query = query.finish();
        match query.is_empty() {
            true => PATH.to_owned(),
            false => format!("{PATH}?{query}"),
        }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "resources.html")]
struct Page {
    frame: Frame,
    view: View,
    rows: Vec<Row>,
    found: u64,
    /// From which to which they are shown.
    shown: (u64, u64),
    pages: Vec<Entry>,
    /// How the public folder of all contacts stands, where the tenant has one.
    public_folder: Option<Row>,
    /// Everybody shown is enabled.
    all_enabled: bool,
    is_running: bool,
    saved: Option<(Permitted, Chosen)>,
    /// Only the pilot group synchronises.
    pilot_only: bool,
    /// What everybody found is to be, once it is confirmed.
    asked: Option<bool>,
}

impl Page {
    async fn new(visitor: &Visitor, view: View) -> Result<Self, Failure> {
        let search = view.search();
        let page = roster::list(&visitor.tenant, &search).await?;
        let rows: Vec<Row> = page.users.into_iter().map(Row::from).collect();
        let first = u64::from(search.offset) + 1;
        let last = u64::from(search.offset) + rows.len() as u64;
        let owner = PsaId {
            value: public_folder::OWNER.to_owned(),
        };
        let folder = roster::of(&visitor.tenant, &[owner]).await?.pop();
        Ok(Self {
            frame: Frame::new(visitor, &EXCHANGE, "Resources", PATH),
            public_folder: folder.map(Row::from).filter(|row| row.enabled),
            found: page.found,
            shown: (first, last),
            pages: pages(&view, page.found),
            all_enabled: !rows.is_empty() && rows.iter().all(|row| row.enabled),
            is_running: rows.iter().any(|row| row.running),
            rows,
            view,
            saved: None,
            pilot_only: settings::get(&visitor.tenant).await?.pilot_only,
            asked: None,
        })
    }

    /// The path of a row's page, from its route.
    fn at(&self, path: &str, row: &Row) -> String {
        of_user(path, &row.user)
    }

    /// Where the rows' progress is told.
    fn progress(&self) -> String {
        let users = self.rows.iter().map(|row| ("user", row.user.as_str()));
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(users)
            .finish();
        format!("{}?{query}", progress::PATH)
    }
}

/// The pages around the one that is shown, with the first and the last.
fn pages(view: &View, found: u64) -> Vec<Entry> {
    let last = u32::try_from(found.div_ceil(u64::from(ON_PAGE))).unwrap_or(u32::MAX);
    let here = view.number();
    let entry = |page: u32, name: &'static str| Entry {
        path: view.path(page),
        name,
        is_here: false,
    };
    let mut pages = Vec::new();
    if here > 1 {
        pages.push(entry(1, "First page"));
        pages.push(entry(here - 1, "Previous page"));
    }
    if here < last {
        pages.push(entry(here + 1, "Next page"));
        pages.push(entry(last, "Last page"));
    }
    pages
}

/// Users by name.
pub async fn list(visitor: Visitor, Query(view): Query<View>) -> Result<Response, Failure> {
    Ok(Page::new(&visitor, view).await?.into_response())
}

/// Saves who may synchronise.
pub async fn save(
    State(state): State<WebState>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    let view = View::of(&form);
    if let Some(pilot) = pilot_for_all(&form) {
        let everybody = everybody(&visitor.tenant, &view, pilot).await?;
        let everybody: Vec<_> = everybody.into_iter().map(|it| (it.user, pilot)).collect();
        let chosen = choose_all(&visitor.tenant, &everybody).await?;
        let page = Page {
            saved: Some((Permitted::default(), chosen)),
            ..Page::new(&visitor, view).await?
        };
        return Ok(page.into_response());
    }
    let all = form.is_ticked("all");
    let wanted = match form.text("scope") {
        "found" if !form.is_ticked("confirmed") => {
            let page = Page {
                asked: Some(all),
                ..Page::new(&visitor, view).await?
            };
            return Ok(page.into_response());
        }
        "found" => everybody(&visitor.tenant, &view, all).await?,
        _ => shown(&form, all),
    };
    let welcome = Welcome {
        by: Enabler::User(&visitor.user),
        web: &state.host.web_address,
    };
    let permitted = permit_all(&visitor.tenant, &wanted, &welcome).await?;
    let chosen = match form.text("scope") {
        "found" => Chosen::default(),
        _ => choose_all(&visitor.tenant, &pilots_shown(&form)).await?,
    };
    let page = Page {
        saved: Some((permitted, chosen)),
        ..Page::new(&visitor, view).await?
    };
    Ok(page.into_response())
}

async fn everybody(tenant: &Tenant, view: &View, enabled: bool) -> Result<Vec<Wanted>, Failure> {
    let search = Search {
        offset: 0,
        limit: u32::MAX,
        ..view.search()
    };
    let page = roster::list(tenant, &search).await?;
    let wanted = |user| Wanted { user, enabled };
    Ok(page.users.into_iter().map(|it| wanted(it.user)).collect())
}

fn shown(form: &Form, all: bool) -> Vec<Wanted> {
    let header_counts = all != (form.text("all-before") == "on");
    let ticked: Vec<&str> = form.all("enabled").collect();
    form.all("shown")
        .map(|user| Wanted {
            enabled: match header_counts {
                true => all,
                false => ticked.contains(&user),
            },
            user: PsaId {
                value: user.to_owned(),
            },
        })
        .collect()
}

/// Whether everybody found is to join the pilot group, or to leave it.
fn pilot_for_all(form: &Form) -> Option<bool> {
    match form.text("pilot-for-all") {
        "join" => Some(true),
        "leave" => Some(false),
        _ => None,
    }
}

fn pilots_shown(form: &Form) -> Vec<(PsaId, bool)> {
    let ticked: Vec<&str> = form.all("pilot").collect();
    let user = |value: &str| PsaId {
        value: value.to_owned(),
    };
    form.all("shown")
        .map(|shown| (user(shown), ticked.contains(&shown)))
        .collect()
}

/// Back to the users that were shown.
pub fn back(form: &Form) -> Redirect {
    let view = View::of(form);
    Redirect::to(&view.path(view.number()))
}

/// The path of a page of a user's, from its route.
pub fn of_user(path: &str, user: &str) -> String {
    path.replace("{user}", user)
}
