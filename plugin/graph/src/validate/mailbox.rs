//! Whether a mailbox answers with the given rights.

use serde::Deserialize;
use sync::contract::{Answer, Fault, Field, Finding, MissingThing, NotFound, Settings, Zone};
use sync::kit::finding::{error, ok, warning};
use transport::{Response, Transport};

use super::{NoAnswer, credentials, question};
use crate::address;
use crate::fault::{self, permission};
use crate::request::{self, Request};

/// The questions, as they are asked.
struct Question {
    /// What is asked for, in a sentence.
    what: &'static str,
    /// Below the mailbox.
    path: &'static str,
    /// The right that it needs.
    permission: &'static str,
    /// The field of a refusal.
    field: Field,
    /// What the answer means.
    read: fn(&Response, &Settings) -> Vec<Finding>,
}

const CALENDAR: Question = Question {
    what: "the calendar",
    path: "/calendar?$select=id,name,canEdit",
    permission: permission::CALENDARS,
    field: Field::TestMailbox,
    read: calendar,
};

const MAILBOX_SETTINGS: Question = Question {
    what: "the mailbox settings",
    path: "/mailboxSettings?$select=timeZone",
    permission: permission::MAILBOX_SETTINGS,
    field: Field::TestMailbox,
    read: settings_of,
};

const CONTACTS: Question = Question {
    what: "the contacts",
    path: "/contacts?$top=1&$select=id",
    permission: permission::CONTACTS,
    field: Field::ExportContacts,
    read: contacts,
};

/// All that asking a mailbox finds.
pub fn findings(transport: &impl Transport, settings: &Settings, address: &str) -> Vec<Finding> {
    let mut questions = vec![CALENDAR, MAILBOX_SETTINGS];
    if settings.export_contacts {
        questions.push(CONTACTS);
    }
    let mut findings: Vec<Finding> = Vec::new();
    for asked in questions {
        let target = format!("{}{}", address::mailbox(address), asked.path);
        match question(transport, settings, Request::get(target), asked.permission) {
            Ok(response) => {
                accepted(&mut findings);
                findings.extend((asked.read)(&response, settings));
            }
            Err(NoAnswer::ForAll(finding)) => {
                findings.push(finding);
                break;
            }
            Err(NoAnswer::Refusal(fault)) => {
                accepted(&mut findings);
                let unknown = is_unknown(&fault);
                findings.push(refusal(&asked, address, fault));
                if unknown {
                    break;
                }
            }
        }
    }
    findings
}

/// Whatever the answer was about, the token got past the door.
fn accepted(findings: &mut Vec<Finding>) {
    if findings.is_empty() {
        findings.push(credentials::accepted());
    }
}

const fn is_unknown(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::NotFound(NotFound {
            thing: MissingThing::Mailbox,
            ..
        })
    )
}

fn refusal(asked: &Question, address: &str, fault: Fault) -> Finding {
    let what = asked.what;
    match fault {
        Fault::Forbidden(missing) if fault::is_policy(&missing.answer) => warning(
            asked.field,
            "user-agent-refused",
            &format!(
                "A policy of the tenant keeps Tandem from {what} of {address}: {}.",
                told(&missing.answer)
            ),
            "Add Tandem to the list of applications that may use the interface.",
        ),
        Fault::Forbidden(missing) => warning(
            asked.field,
            "permission-missing",
            &format!(
                "The app may not read {what} of {address}: {}.",
                told(&missing.answer)
            ),
            &format!(
                "Grant the application permission {} and give admin consent; where access is limited to some mailboxes, add this one.",
                missing.permission
            ),
        ),
        Fault::NotFound(missing) => not_found(address, what, &missing),
        fault => warning(
            asked.field,
            "not-checked",
            &format!(
                "{what} of {address} could not be read: {}.",
                sentence(&fault)
            ),
            "Save; the next synchronisation shows whether the settings work.",
        ),
    }
}

fn not_found(address: &str, what: &str, missing: &NotFound) -> Finding {
    let told = told(&missing.answer);
    match (missing.thing, missing.answer.code.as_str()) {
        (
            MissingThing::Mailbox,
            "MailboxNotEnabledForRESTAPI" | "MailboxNotSupportedForRESTAPI",
        ) => warning(
            Field::TestMailbox,
            "mailbox-not-enabled",
            &format!(
                "The mailbox {address} is not in Exchange Online, has no licence, or is inactive: {told}."
            ),
            "Give the user a licence with Exchange Online, or name another mailbox.",
        ),
        (MissingThing::Mailbox, _) => error(
            Field::TestMailbox,
            "mailbox-unknown",
            &format!("The directory knows no mailbox {address}: {told}."),
            "Check the address, and that the tenant id is of the directory in which the user lives.",
        ),
        (MissingThing::Item | MissingThing::Folder, _) => warning(
            Field::TestMailbox,
            "mailbox-never-opened",
            &format!("{what} of {address} does not exist yet: {told}."),
            "Open the mailbox once, or name another one.",
        ),
        (MissingThing::Service, _) => warning(
            Field::Cloud,
            "service-not-found",
            &format!("Nothing answers for {what} at this address: {told}."),
            "Check the cloud.",
        ),
    }
}

fn told(answer: &Answer) -> String {
    let name = if answer.code.is_empty() {
        format!("status {}", answer.status)
    } else {
        format!("status {} {}", answer.status, answer.code)
    };
    let sentence = answer.text.trim().trim_end_matches('.');
    if sentence.is_empty() {
        name
    } else {
        format!("{name}, {sentence}")
    }
}

fn sentence(fault: &Fault) -> String {
    match fault {
        Fault::NotUnderstood(expected) => format!("the answer was not understood, {expected}"),
        Fault::Conflict(answer)
        | Fault::CursorGone(answer)
        | Fault::Quota(answer)
        | Fault::Refused(answer)
        | Fault::Other(answer) => told(answer),
        _ => "the server gave no reason".to_owned(),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Calendar {
    #[serde(default)]
    can_edit: Option<bool>,
}

fn calendar(response: &Response, settings: &Settings) -> Vec<Finding> {
    let exports =
        settings.export_appointments || settings.export_to_dos || settings.export_service_calls;
    match request::json::<Calendar>(response, "a calendar") {
        Ok(calendar) if calendar.can_edit == Some(false) && exports => vec![warning(
            Field::TestMailbox,
            "calendar-read-only",
            "The calendar can be read, but the server says that it cannot be changed.",
            "Grant the application permission Calendars.ReadWrite.",
        )],
        Ok(_) => vec![ok(
            Field::TestMailbox,
            "calendar-readable",
            "The calendar can be read.",
        )],
        Err(fault) => vec![not_understood(&fault)],
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MailboxSettings {
    #[serde(default)]
    time_zone: Option<String>,
}

fn settings_of(response: &Response, _settings: &Settings) -> Vec<Finding> {
    let name = match request::json::<MailboxSettings>(response, "mailbox settings") {
        Ok(settings) => settings.time_zone.unwrap_or_default(),
        Err(fault) => return vec![not_understood(&fault)],
    };
    let zone = Zone { name };
    if sync::zone::resolve(&zone).is_some() {
        return vec![ok(
            Field::TestMailbox,
            "mailbox-settings-readable",
            &format!(
                "The mailbox settings can be read; its zone is {}.",
                zone.name
            ),
        )];
    }
    vec![warning(
        Field::TestMailbox,
        "zone-unknown",
        &format!("The mailbox's zone {:?} is unknown.", zone.name),
        "Choose a usual zone in the mailbox's own settings.",
    )]
}

fn contacts(_response: &Response, _settings: &Settings) -> Vec<Finding> {
    vec![ok(
        Field::ExportContacts,
        "contacts-readable",
        "The contacts can be read.",
    )]
}

fn not_understood(fault: &Fault) -> Finding {
    warning(
        Field::TestMailbox,
        "not-understood",
        &format!("The answer could not be used: {}.", sentence(fault)),
        "Check the cloud.",
    )
}
