//! What Graph's refusals mean, by their names.
//!
//! Graph names its errors more reliably than it picks a status, so names come first. A refused
//! token never reaches Graph: the host answers in its place with a 401 whose text carries the
//! sign-in service's own code (`AADSTS…`), and the code decides which of the credentials is wrong.

use serde::Deserialize;
use sync::contract::{
    Answer, Fault, MissingPermission, MissingThing, NotFound, Throttling, Unreachable,
    UnreachableCause,
};
use sync::kit::answer::own;
use transport::{Response, sign_in};

/// The rights that the provider needs, as Microsoft names them.
pub mod permission {
    /// To read and write calendars.
    pub const CALENDARS: &str = "Calendars.ReadWrite";
    /// To read a mailbox's zone.
    pub const MAILBOX_SETTINGS: &str = "MailboxSettings.Read";
    /// To write contacts.
    pub const CONTACTS: &str = "Contacts.ReadWrite";
    /// To translate ids.
    pub const USERS: &str = "User.Read.All";
}

/// How much of a server's sentence is kept, in characters.
const LONGEST_TEXT: usize = 300;

/// Graph's errors, and those of the sign-in service, which have another form.
#[derive(Deserialize, Default)]
struct Body {
    #[serde(default)]
    error: Option<Named>,
    #[serde(default)]
    error_description: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Named {
    Graph {
        #[serde(default)]
        code: Option<String>,
        #[serde(default)]
        message: Option<String>,
    },
    SignIn(String),
}

/// What the server said, shortened.
#[must_use]
pub fn answer(response: &Response) -> Answer {
    let body: Body = serde_json::from_slice(&response.body).unwrap_or_default();
    let (named, text) = match body.error {
        Some(Named::Graph { code, message }) => {
            (code.unwrap_or_default(), message.unwrap_or_default())
        }
        Some(Named::SignIn(code)) => (code, body.error_description.unwrap_or_default()),
        None => (String::new(), String::new()),
    };
    // The sign-in service's own code says more than the host's name for the cause.
    let in_text = || (response.status == 401).then(|| sign_in::code(&text))?;
    let code = sign_in::code(&named)
        .or_else(in_text)
        .or_else(|| sign_in::cause(response).map(str::to_owned))
        .unwrap_or(named);
    Answer {
        status: response.status,
        code,
        text: text.chars().take(LONGEST_TEXT).collect(),
        request_id: response.request_id(),
    }
}

/// What a refusal means; `permission` is the right that a 403 would be about.
#[must_use]
pub fn read(response: &Response, permission: &str) -> Fault {
    let answer = answer(response);
    if matches!(response.status, 200..400) {
        return if response.is_html() || response.status >= 300 {
            Fault::SignOnPage(answer)
        } else {
            Fault::NotUnderstood(format!("an answer with status {}", response.status))
        };
    }
    match by_name(&answer) {
        Some(Meaning::Busy) => throttled(response, answer),
        Some(Meaning::Quota) => Fault::Quota(answer),
        Some(Meaning::CursorGone) => Fault::CursorGone(answer),
        Some(Meaning::Conflict) => Fault::Conflict(answer),
        Some(Meaning::NoMailbox) => not_found(MissingThing::Mailbox, answer),
        Some(Meaning::NoItem) => not_found(MissingThing::Item, answer),
        None => by_status(response, answer, permission),
    }
}

enum Meaning {
    Busy,
    Quota,
    CursorGone,
    Conflict,
    NoMailbox,
    NoItem,
}

fn by_name(answer: &Answer) -> Option<Meaning> {
    Some(match answer.code.as_str() {
        "ErrorQuotaExceeded" | "ErrorNamedPropertyQuotaExceeded" | "QuotaExceeded" => {
            Meaning::Quota
        }
        "SyncStateNotFound"
        | "SyncStateInvalid"
        | "resyncRequired"
        | "ResyncRequired"
        | "ErrorInvalidSyncStateData" => Meaning::CursorGone,
        "ErrorIrresolvableConflict" | "ErrorStaleObject" | "ErrorChangeKeyRequired" => {
            Meaning::Conflict
        }
        "MailboxNotEnabledForRESTAPI"
        | "MailboxNotSupportedForRESTAPI"
        | "ErrorInvalidUser"
        | "ErrorNonExistentMailbox"
        | "ErrorMailboxNotFound"
        | "MailboxNotFound"
        | "ResourceNotFound"
        | "Request_ResourceNotFound" => Meaning::NoMailbox,
        "ErrorItemNotFound" | "itemNotFound" => Meaning::NoItem,
        "ErrorServerBusy"
        | "ErrorExceededConnectionCount"
        | "ErrorMailboxStoreUnavailable"
        | "ErrorMailboxMoveInProgress"
        | "ErrorInternalServerTransientError"
        | "ApplicationThrottled"
        | "TooManyRequests" => Meaning::Busy,
        _ => return None,
    })
}

fn by_status(response: &Response, answer: Answer, permission: &str) -> Fault {
    match response.status {
        401 => {
            sign_in::without_refusal(response, &answer.text).unwrap_or(Fault::Unauthorised(answer))
        }
        403 => Fault::Forbidden(MissingPermission {
            // A policy against user agents is no missing right.
            permission: if is_policy(&answer) {
                String::new()
            } else {
                permission.to_owned()
            },
            answer,
        }),
        404 => not_found(MissingThing::Service, answer),
        409 | 412 => Fault::Conflict(answer),
        410 => Fault::CursorGone(answer),
        429 | 503 | 509 => throttled(response, answer),
        504 => Fault::Unreachable(Unreachable {
            cause: UnreachableCause::TimeOut,
            detail: format!("504 {} (request {})", answer.code, answer.request_id),
        }),
        507 => Fault::Quota(answer),
        400..=499 => Fault::Refused(answer),
        _ => Fault::Other(answer),
    }
}

/// A 403 that a tenant's list of user agents gives.
#[must_use]
pub fn is_policy(answer: &Answer) -> bool {
    answer.text.contains("Access to OData is disabled")
}

fn throttled(response: &Response, answer: Answer) -> Fault {
    Fault::Throttled(Throttling {
        retry_after: response
            .header("retry-after")
            .and_then(|seconds| seconds.trim().parse().ok()),
        answer,
    })
}

fn not_found(thing: MissingThing, answer: Answer) -> Fault {
    Fault::NotFound(NotFound { thing, answer })
}

/// What this version does not do.
#[must_use]
pub fn not_supported(what: &str) -> Fault {
    Fault::Other(own(
        "not-supported",
        &format!("{what}: not supported by this version"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::{error, response};

    #[test]
    fn a_sign_on_page_with_status_200_is_recognised() {
        let page = Response {
            status: 200,
            headers: vec![("Content-Type".into(), "text/html; charset=utf-8".into())],
            body: b"<!DOCTYPE html><html>Sign in</html>".to_vec(),
        };
        assert!(!page.is_good());
        assert!(matches!(read(&page, ""), Fault::SignOnPage(_)));
        let unlabelled = Response {
            headers: Vec::new(),
            ..page
        };
        assert!(matches!(read(&unlabelled, ""), Fault::SignOnPage(_)));
    }

    #[test]
    fn a_lost_cursor_is_known_by_status_and_by_name() {
        for (status, code) in [
            (410, "SyncStateNotFound"),
            (410, ""),
            (400, "SyncStateNotFound"),
            (400, "resyncRequired"),
        ] {
            assert!(matches!(
                read(&error(status, code), ""),
                Fault::CursorGone(_)
            ));
        }
    }

    #[test]
    fn a_mailbox_without_licence_is_no_missing_item() {
        for code in [
            "MailboxNotEnabledForRESTAPI",
            "ErrorInvalidUser",
            "ResourceNotFound",
        ] {
            let Fault::NotFound(found) = read(&error(404, code), "") else {
                panic!("{code}")
            };
            assert_eq!(found.thing, MissingThing::Mailbox);
        }
        let Fault::NotFound(found) = read(&error(404, "ErrorItemNotFound"), "") else {
            panic!()
        };
        assert_eq!(found.thing, MissingThing::Item);
    }

    #[test]
    fn throttling_names_the_seconds() {
        for status in [429, 503] {
            let mut busy = error(status, "ApplicationThrottled");
            busy.headers.push(("Retry-After".into(), "17".into()));
            let Fault::Throttled(throttling) = read(&busy, "") else {
                panic!()
            };
            assert_eq!(throttling.retry_after, Some(17));
        }
    }

    #[test]
    fn a_missing_right_is_named_and_a_policy_is_not_taken_for_one() {
        let Fault::Forbidden(missing) =
            read(&error(403, "ErrorAccessDenied"), permission::CALENDARS)
        else {
            panic!()
        };
        assert_eq!(missing.permission, "Calendars.ReadWrite");
        let policy = response(
            403,
            &serde_json::json!({"error": {
                "code": "ErrorAccessDenied",
                "message": "Access to OData is disabled: [RAOP]",
            }}),
        );
        let Fault::Forbidden(missing) = read(&policy, permission::CALENDARS) else {
            panic!()
        };
        assert_eq!(missing.permission, "");
    }

    #[test]
    fn the_sign_in_services_code_is_found_wherever_it_stands() {
        let in_header = Response {
            status: 401,
            headers: vec![("tandem-credentials".into(), "AADSTS7000222".into())],
            body: Vec::new(),
        };
        let in_text = response(
            401,
            &serde_json::json!({"error": "invalid_client",
                "error_description": "AADSTS7000222: The provided client secret keys are expired."}),
        );
        let as_code = error(401, "AADSTS7000222");
        for refused in [in_header, in_text, as_code] {
            let Fault::Unauthorised(answer) = read(&refused, "") else {
                panic!()
            };
            assert_eq!(answer.code, "AADSTS7000222");
        }
    }

    #[test]
    fn a_token_server_that_cannot_be_reached_is_no_wrong_secret() {
        let away = Response {
            status: 401,
            headers: vec![("tandem-credentials".into(), "TandemTokenUnreachable".into())],
            body: br#"{"error":{"code":"TandemTokenUnreachable","message":"no route"}}"#.to_vec(),
        };
        assert!(matches!(read(&away, ""), Fault::Unreachable(_)));
    }

    #[test]
    fn other_names_keep_their_meaning() {
        assert!(matches!(
            read(&error(403, "ErrorQuotaExceeded"), ""),
            Fault::Quota(_)
        ));
        assert!(matches!(
            read(&error(412, "ErrorIrresolvableConflict"), ""),
            Fault::Conflict(_)
        ));
        assert!(matches!(
            read(&error(504, ""), ""),
            Fault::Unreachable(Unreachable {
                cause: UnreachableCause::TimeOut,
                ..
            })
        ));
        assert!(matches!(
            read(&error(400, "ErrorOccurrenceCrossingBoundary"), ""),
            Fault::Refused(_)
        ));
        assert!(matches!(read(&error(500, ""), ""), Fault::Other(_)));
    }
}
