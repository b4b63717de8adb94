//! The stage that asks about the mailbox itself.

use serde::Deserialize;
use sync::contract::{Fault, FetchRequest, Page, Remark, Zone};
use sync::kit::harvest::empty_page;
use transport::Transport;

use super::cursor::State;
use crate::fault::{self, permission};
use crate::request::{self, Request};
use crate::{address, batch};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MailboxSettings {
    #[serde(default)]
    time_zone: Option<String>,
}

/// The mailbox's zone, and that its calendar answers.
///
/// # Errors
/// What keeps either from being read; a missing right is named after its question.
pub fn page(
    transport: &impl Transport,
    asked: &FetchRequest,
    state: &mut State,
) -> Result<Page, Fault> {
    let user = address::mailbox(&asked.mailbox.address);
    let parts = [
        Request::get(address::query(
            &format!("{user}/mailboxSettings"),
            &[("$select", "timeZone")],
        )),
        Request::get(address::query(
            &format!("{user}/calendar"),
            &[("$select", "id,name,canEdit")],
        )),
    ];
    let rights = [permission::MAILBOX_SETTINGS, permission::CALENDARS];
    let answers = batch::ask(
        transport,
        &parts,
        transport.fresh_id(),
        permission::CALENDARS,
    )?;
    let mut good = Vec::new();
    for (answer, right) in answers.into_iter().zip(rights) {
        let answer = batch::given(answer)?;
        if !answer.is_good() {
            return Err(fault::read(&answer, right));
        }
        good.push(answer);
    }
    let name = match good.first() {
        Some(settings) => request::json::<MailboxSettings>(settings, "mailbox settings")?.time_zone,
        None => None,
    };
    let zone = name
        .filter(|name| !name.trim().is_empty())
        .map(|name| Zone { name });
    let known = zone.as_ref().and_then(sync::zone::by_known_name);
    let mut page = empty_page();
    if known.is_none() {
        page.remarks.push(Remark {
            item: None,
            code: "zone-unknown".to_owned(),
            text: format!(
                "the mailbox's zone {:?} is unknown",
                zone.as_ref().map_or("", |zone| zone.name.as_str())
            ),
        });
    }
    page.zone = known.or(zone);
    state.zone = page.zone.as_ref().map(|zone| zone.name.clone());
    state.next_stage();
    Ok(page)
}
