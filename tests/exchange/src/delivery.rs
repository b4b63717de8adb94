//! Meetings between mailboxes of the model: what an organiser does in Outlook arrives with the attendees.
//!
//! An invitation lies in the attendee's calendar at once, tentative and not answered, under the organiser's UID. An update takes
//! the attendee's answer back if the time changed. Changes of single occurrences are not delivered.

use chrono::{DateTime, Utc};

use crate::mailbox::Mailbox;
use crate::mailbox::content::{Content, Response, ShowAs};
use crate::mailbox::item::{FolderKey, Item, ItemKey};
use crate::state::State;

/// Brings the organiser's item to all attendees who have a mailbox here; a deleted one as cancelled.
pub fn deliver(state: &mut State, organizer: &str, key: ItemKey) {
    let now = state.clock.now();
    let Ok(item) = state.mailbox(organizer).and_then(|mailbox| {
        let found = mailbox.item(key).cloned();
        found.ok_or(crate::mailbox::content::WriteError::NotFound)
    }) else {
        return;
    };
    if !item.content.is_organizer() {
        return;
    }
    let addresses: Vec<String> = item
        .content
        .attendees
        .iter()
        .map(|to| to.person.address.clone())
        .collect();
    for address in addresses
        .iter()
        .filter(|address| !address.eq_ignore_ascii_case(organizer))
    {
        if let Ok(mailbox) = state.mailbox_mut(address) {
            arrive(mailbox, &item, now);
        }
    }
}

fn arrive(mailbox: &mut Mailbox, sent: &Item, now: DateTime<Utc>) {
    let gone = sent.folder == FolderKey::DELETED;
    let known = mailbox
        .all_items()
        .find(|item| item.uid == sent.uid && item.folder != FolderKey::DELETED)
        .map(|item| (item.key, item.content.clone()));
    match known {
        None if gone => {}
        None => {
            let content = Content {
                response: Response::NotResponded,
                show_as: ShowAs::Tentative,
                properties: Default::default(),
                ..sent.content.clone()
            };
            mailbox.import(&sent.uid, content, sent.series.clone(), now);
        }
        Some((key, own)) => {
            let same_time = own.start == sent.content.start && own.end == sent.content.end;
            let mut content = Content {
                response: if same_time {
                    own.response
                } else {
                    Response::NotResponded
                },
                show_as: if same_time {
                    own.show_as
                } else {
                    ShowAs::Tentative
                },
                properties: own.properties,
                reminder_on: own.reminder_on,
                reminder_minutes: own.reminder_minutes,
                ..sent.content.clone()
            };
            if gone {
                content.cancelled = true;
                content.subject = format!("Canceled: {}", content.subject);
            }
            mailbox.replace(key, content, sent.series.clone(), now);
        }
    }
}
