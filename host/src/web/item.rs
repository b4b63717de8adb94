//! `/users/{user}/items/{kind}/{id}`: what happened to an item of a user's calendar, in plain words.
//! `/open/{kind}/{id}`: the address at the end of copies, which leads there.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::failure::Failure;
use super::frame::{EXCHANGE, Frame};
use super::standing::utc;
use super::state::WebState;
use super::visitor::Visitor;
use super::{calendar, resources};
use crate::api::text::{kind, kind_named};
use crate::api::time::instant;
use crate::contract::{ItemKind, MailboxId, PsaId, PsaReference};
use crate::explanation::find::Wanted;
use crate::explanation::step::{Step, outcome};
use crate::explanation::story::{Story, tell};
use crate::psa::service_call::ServiceCall;
use crate::psa::to_do::ToDo;
use crate::psa::{appointment, record};
use crate::store::{StoreError, Tenant, history, mailbox};

/// Where it lies.
pub const PATH: &str = "/users/{user}/items/{kind}/{id}";

/// Where links at the end of copies lead.
pub const OPEN: &str = "/open/{kind}/{id}";

#[derive(Template, WebTemplate)]
#[template(path = "item.html")]
struct Page {
    frame: Frame,
    calendar: String,
    kind: String,
    story: Story,
}

impl Page {
    /// An instant of the story, as all pages show one.
    fn shown(&self, text: &str) -> String {
        instant("time", text).map_or_else(|_| text.to_owned(), utc)
    }

    /// What came of a step.
    fn came(&self, step: &Step) -> String {
        outcome(step)
    }
}

/// The path of an item's page.
pub fn path(user: &str, item: &PsaReference) -> String {
    format!("/users/{user}/items/{}/{}", kind(item.kind), item.id.value)
}

/// An item's history.
pub async fn history(
    State(state): State<WebState>,
    visitor: Visitor,
    Path((user, kind, id)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    let user = PsaId { value: user };
    let item = reference(&kind, id)?;
    let tenant = &visitor.tenant;
    if !users(tenant, &item).await?.contains(&user) {
        return Err(Failure::NotFound);
    }
    let mut story = tell(&state.host.web_address, tenant, &Wanted::Psa(item)).await?;
    if !visitor.is_admin {
        // A service call stands in several calendars; each user is told of the own copy.
        let own = mailbox::of_resource(tenant, &user).await?;
        let own = own.map_or_else(String::new, |record| record.mailbox.address);
        story.history.retain(|step| step.mailbox == own);
        story.now.retain(|state| state.mailbox == own);
    }
    let calendar = resources::of_user(calendar::PATH, &user.value);
    let title = "What happened to it";
    let page = Page {
        frame: match visitor.user == user {
            true => Frame::new(&visitor, &["My", "Calendar"], title, calendar.clone()),
            false => {
                let mut way = EXCHANGE.to_vec();
                way.extend(["Resources", "Calendar"]);
                Frame::new(&visitor, &way, title, resources::PATH)
            }
        },
        calendar,
        kind: kind.replace('_', "-"),
        story,
    };
    Ok(page.into_response())
}

/// Leads to the item's page: to the user's own, else to that of one of its users.
pub async fn open(
    visitor: Visitor,
    Path((kind, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    // The links say it as people do, with hyphens.
    let item = reference(&kind.replace('-', "_"), id)?;
    let users = users(&visitor.tenant, &item).await?;
    let own = users.iter().find(|user| **user == visitor.user);
    let user = own.or(users.first()).ok_or(Failure::NotFound)?;
    Ok(Redirect::to(&path(&user.value, &item)).into_response())
}

fn reference(kind: &str, id: String) -> Result<PsaReference, Failure> {
    // The PSA's keys hold neither.
    if id.contains([':', '\0']) {
        return Err(Failure::NotFound);
    }
    Ok(PsaReference {
        kind: kind_named(kind).map_err(|_| Failure::NotFound)?,
        id: PsaId { value: id },
    })
}

/// In whose calendars an item is, or was while its history is kept.
async fn users(tenant: &Tenant, item: &PsaReference) -> Result<Vec<PsaId>, StoreError> {
    let there = match item.kind {
        ItemKind::Appointment => appointment::get(tenant, &item.id)
            .await
            .map(|record| vec![record.resource]),
        ItemKind::ToDo => record::get::<ToDo>(tenant, &item.id)
            .await
            .map(|stored| vec![stored.fields.resource.id]),
        ItemKind::ServiceCall => record::get::<ServiceCall>(tenant, &item.id)
            .await
            .map(|stored| stored.fields.assigned.into_iter().map(|it| it.id).collect()),
        ItemKind::Contact => Ok(Vec::new()),
    };
    let mut users = match there {
        Ok(users) => users,
        Err(StoreError::NotFound { .. }) => Vec::new(),
        Err(error) => return Err(error),
    };
    let entries = history::of_psa(tenant, item).await?;
    let mailboxes: Vec<MailboxId> = entries.into_iter().map(|entry| entry.mailbox).collect();
    for (owner, _) in mailbox::owners(tenant, &mailboxes).await?.into_values() {
        if !users.contains(&owner) {
            users.push(owner);
        }
    }
    Ok(users)
}
