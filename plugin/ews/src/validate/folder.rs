//! Whether the folders of a mailbox answer, and what may be done in them.

use sync::contract::{
    Answer, Fault, Field, Finding, MissingPermission, MissingThing, NotFound, Settings,
};
use sync::kit::finding::{error, ok, warning};
use transport::Transport;

use super::{credentials, general};
use crate::event::boolean;
use crate::operation::message::EffectiveRights;
use crate::operation::{Folder, get_folder};
use crate::public_folder;
use crate::server::Server;

/// A question, as it is asked.
struct Question {
    /// What is asked for, in a sentence.
    what: &'static str,
    /// The field of its answer.
    field: Field,
    /// The names of its findings.
    readable: &'static str,
    read_only: &'static str,
}

const CALENDAR: Question = Question {
    what: "calendar",
    field: Field::TestMailbox,
    readable: "calendar-readable",
    read_only: "calendar-read-only",
};

const PUBLIC_FOLDER: Question = Question {
    what: "public folder",
    field: Field::PublicContactsFolder,
    readable: "public-folder-readable",
    read_only: "public-folder-read-only",
};

const CONTACTS: Question = Question {
    what: "contacts folder",
    field: Field::ExportContacts,
    readable: "contacts-readable",
    read_only: "contacts-read-only",
};

/// All that asking a mailbox finds.
pub fn findings<T: Transport>(server: &Server<'_, T>, settings: &Settings) -> Vec<Finding> {
    let exports =
        settings.export_appointments || settings.export_to_dos || settings.export_service_calls;
    let mut questions = vec![(CALENDAR, Folder::Calendar.id(), exports)];
    if settings.export_contacts {
        questions.push((CONTACTS, Folder::Contacts.id(), true));
    }
    let mut findings: Vec<Finding> = Vec::new();
    for (asked, folder, writes) in questions {
        match server.one(get_folder::request(folder)) {
            Ok(message) => {
                accepted(&mut findings, settings);
                let rights = get_folder::rights(message);
                findings.push(of_rights(&asked, rights.as_ref(), writes));
            }
            Err(fault) => match general::finding(&fault, settings) {
                Some(finding) => {
                    findings.push(finding);
                    return findings;
                }
                None => {
                    accepted(&mut findings, settings);
                    findings.push(refusal(&asked, server.mailbox, &fault));
                    return findings;
                }
            },
        }
    }
    let path = public_folder::path(settings);
    if !path.is_empty() {
        findings.push(of_public_folder(server, settings, &path));
    }
    findings
}

/// What asking for the public folder of all contacts finds.
fn of_public_folder<T: Transport>(
    server: &Server<'_, T>,
    settings: &Settings,
    path: &[String],
) -> Finding {
    let rights = public_folder::find(server, path)
        .and_then(|folder| server.one(get_folder::request(folder)))
        .map(get_folder::rights);
    match rights {
        Ok(rights) => of_rights(&PUBLIC_FOLDER, rights.as_ref(), settings.export_contacts),
        Err(Fault::NotFound(NotFound {
            thing: MissingThing::Folder,
            answer,
        })) => error(
            PUBLIC_FOLDER.field,
            "public-folder-missing",
            &format!("The public folders were searched, and {}.", answer.text),
            "Check the names and the order of the folders, or make the folder; a hosting provider's own folder goes into Relative path.",
        ),
        Err(Fault::Forbidden(MissingPermission { answer, .. })) => warning(
            PUBLIC_FOLDER.field,
            "permission-missing",
            &format!(
                "The public folder may not be read through the mailbox {}: {}.",
                server.mailbox,
                told(&answer)
            ),
            "Give the mailbox's owner the right to create, change and delete items in the public folder.",
        ),
        Err(fault) => general::finding(&fault, settings)
            .unwrap_or_else(|| refusal(&PUBLIC_FOLDER, server.mailbox, &fault)),
    }
}

/// Whatever the answer was about, the credentials got past the door.
fn accepted(findings: &mut Vec<Finding>, settings: &Settings) {
    if findings.is_empty() {
        findings.push(credentials::accepted(settings));
    }
}

fn of_rights(asked: &Question, rights: Option<&EffectiveRights>, writes: bool) -> Finding {
    let what = asked.what;
    let Some(rights) = rights.filter(|_| writes) else {
        return ok(
            asked.field,
            asked.readable,
            &format!("The {what} can be read."),
        );
    };
    let missing: Vec<&str> = [
        ("create items", &rights.create_contents),
        ("change items", &rights.modify),
        ("delete items", &rights.delete),
    ]
    .into_iter()
    .filter(|(_, right)| boolean(right) == Some(false))
    .map(|(name, _)| name)
    .collect();
    if missing.is_empty() {
        return ok(
            asked.field,
            asked.readable,
            &format!("The {what} can be read and written."),
        );
    }
    warning(
        asked.field,
        asked.read_only,
        &format!(
            "The {what} can be read, but the server says that the account may not {} there.",
            missing.join(", nor ")
        ),
        "Give the account the right to act for the mailbox's owner.",
    )
}

fn refusal(asked: &Question, address: &str, fault: &Fault) -> Finding {
    let what = asked.what;
    match fault {
        Fault::Forbidden(MissingPermission { permission, answer }) if !permission.is_empty() => {
            error(
                Field::Impersonate,
                "impersonation-missing",
                &format!("The account may not act for {address}: {}.", told(answer)),
                &format!(
                    "Grant it {permission}; where that is limited to some mailboxes, add this one."
                ),
            )
        }
        Fault::Forbidden(MissingPermission { answer, .. }) => warning(
            asked.field,
            "permission-missing",
            &format!(
                "The account may not read the {what} of {address}: {}.",
                told(answer)
            ),
            "Give the account the right to act for the mailbox's owner.",
        ),
        Fault::NotFound(NotFound {
            thing: MissingThing::Mailbox,
            answer,
        }) => error(
            Field::TestMailbox,
            "mailbox-unknown",
            &format!("The server knows no mailbox {address}: {}.", told(answer)),
            "Check the address: it must be the primary one of a mailbox on this server that is switched on.",
        ),
        fault => warning(
            asked.field,
            "not-checked",
            &format!(
                "The {what} of {address} could not be read: {}.",
                sentence(fault)
            ),
            "Save; the next synchronisation shows whether the settings work.",
        ),
    }
}

fn told(answer: &Answer) -> String {
    let name = if answer.code.is_empty() {
        format!("status {}", answer.status)
    } else {
        answer.code.clone()
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
        Fault::Conflict(answer)
        | Fault::CursorGone(answer)
        | Fault::Quota(answer)
        | Fault::Refused(answer)
        | Fault::Other(answer)
        | Fault::NotFound(NotFound { answer, .. }) => told(answer),
        _ => "the server gave no reason".to_owned(),
    }
}
