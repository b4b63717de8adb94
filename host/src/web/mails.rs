//! `/admin/exchange/mails`: the mails that Tandem wrote, sent or not.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::failure::Failure;
use super::frame::{DONE, Frame};
use super::standing::utc;
use super::visitor::Visitor;
use crate::store::cycle_run::Paging;
use crate::store::mail::{self, Mail};

/// Where it lies.
pub const PATH: &str = "/admin/exchange/mails";

/// How many mails stand on a page.
const ON_PAGE: u32 = 50;

#[derive(Template, WebTemplate)]
#[template(path = "mails.html")]
struct Page {
    frame: Frame,
    rows: Vec<Row>,
    older: Option<String>,
}

struct Row {
    written: String,
    to: String,
    subject: String,
    text: String,
    state: String,
}

impl From<Mail> for Row {
    fn from(mail: Mail) -> Self {
        Self {
            written: utc(mail.created),
            to: mail.to.join(", "),
            subject: mail.subject,
            text: mail.text,
            state: match (mail.sent, mail.error) {
                (Some(sent), _) => format!("sent {}", utc(sent)),
                (None, Some(error)) => format!("not sent after {} tries: {error}", mail.failures),
                (None, None) => "not sent yet".to_owned(),
            },
        }
    }
}

/// Which mails.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// Only those older than this one.
    before: String,
}

/// The list, the newest first.
pub async fn list(visitor: Visitor, Query(wanted): Query<Wanted>) -> Result<Response, Failure> {
    let before = Some(wanted.before.replace('\0', "")).filter(|it| !it.is_empty());
    let paging = Paging {
        before,
        limit: ON_PAGE + 1,
    };
    let mut mails = mail::list(&visitor.tenant, &paging).await?;
    let is_more = mails.len() > ON_PAGE as usize;
    mails.truncate(ON_PAGE as usize);
    let last = mails.last().map(|mail| mail.id.clone());
    let page = Page {
        frame: Frame::new(&visitor, &DONE, "Mails", PATH),
        rows: mails.into_iter().map(Row::from).collect(),
        older: last
            .filter(|_| is_more)
            .map(|last| format!("{PATH}?before={last}")),
    };
    Ok(page.into_response())
}
