//! What EWS' refusals mean.
//!
//! A refusal shows in one of three places: as a status of HTTP without anything of EWS, as a SOAP
//! fault of the whole request, or as the result of one of the things that were asked. The latter two
//! name a response code, and the code decides.

use sync::contract::{
    Answer, Fault, MissingPermission, MissingThing, NotFound, Throttling, Unreachable,
    UnreachableCause,
};
use transport::{Response, sign_in};

use crate::operation::message::{Message, MessageXml};
use crate::soap;

/// How much of a server's sentence is kept, in characters.
const LONGEST_TEXT: usize = 300;

/// Where a refusal comes from, as far as it decides what the refusal means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// Exchange Online, which blocks EWS for whole tenants.
    pub online: bool,
    /// Requests are authorised by OAuth.
    pub oauth: bool,
}

impl Service {
    /// The right to act for the owners of mailboxes, as Microsoft names it.
    #[must_use]
    pub const fn acting_for_others(self) -> &'static str {
        if self.oauth {
            "full_access_as_app"
        } else {
            "ApplicationImpersonation"
        }
    }
}

/// What a response code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// The server asks for a pause.
    Busy,
    /// It did not come to an end in time.
    TimeOut,
    /// Something went wrong on the server, and may not the next time.
    Trouble,
    /// The account is not let in.
    Unauthorised,
    /// The right to act for others is missing.
    NoImpersonation,
    /// Some other right is missing.
    Forbidden,
    /// EWS is switched off for the tenant.
    Blocked,
    /// There is no such mailbox, or none that is open.
    NoMailbox,
    /// There is no such item.
    NoItem,
    /// The item has another version.
    Conflict,
    /// The server no longer knows the state of a synchronisation.
    CursorGone,
    /// A limit of the mailbox is reached.
    Quota,
}

/// Every code that is not here refuses the request for good.
const MEANINGS: [(Meaning, &[&str]); 12] = [
    (
        Meaning::Busy,
        &[
            "ErrorServerBusy",
            "ErrorExceededConnectionCount",
            "ErrorExceededFindCountLimit",
            "ErrorMailboxStoreUnavailable",
            "ErrorMailboxMoveInProgress",
            "ErrorMailboxFailover",
            "ErrorInternalServerTransientError",
            "ErrorInsufficientResources",
            "ErrorNotEnoughMemory",
            "ErrorTooManyObjectsOpened",
            "ErrorADUnavailable",
            "ErrorServiceUnavailable",
            "ErrorNoRespondingCASInDestinationSite",
        ],
    ),
    (
        Meaning::TimeOut,
        &[
            "ErrorTimeoutExpired",
            "ErrorRequestAborted",
            "ErrorClientDisconnected",
        ],
    ),
    (
        Meaning::Trouble,
        &[
            "ErrorInternalServerError",
            "ErrorConnectionFailed",
            "ErrorADOperation",
            "ErrorDataSourceOperation",
            "ErrorItemSave",
            "ErrorFolderSave",
            "ErrorBatchProcessingStopped",
            "ErrorMailboxLogonFailed",
            "ErrorLogonAsNetworkServiceFailed",
            "ErrorGetServerSecurityDescriptorFailed",
            "ErrorProxyCallFailed",
            "ErrorProxyRequestProcessingFailed",
            "ErrorProxyServiceDiscoveryFailed",
            "ErrorProxyTokenExpired",
            "ErrorServiceDiscoveryFailed",
            "ErrorPublicFolderRequestProcessingFailed",
            "ErrorNoPublicFolderServerAvailable",
            "ErrorWin32InteropError",
        ],
    ),
    (
        Meaning::Unauthorised,
        &[
            "ErrorPasswordExpired",
            "ErrorPasswordChangeRequired",
            "ErrorAccountSuspend",
            "ErrorInvalidAuthorizationContext",
            "ErrorInvalidClientSecurityContext",
            "ErrorInvalidSerializedAccessToken",
            "ErrorInvalidClientAccessTokenRequest",
            "ErrorUnauthorizedClientAccessTokenRequest",
        ],
    ),
    (
        Meaning::NoImpersonation,
        &[
            "ErrorImpersonateUserDenied",
            "ErrorImpersonationDenied",
            "ErrorImpersonationFailed",
            "ErrorInvalidExchangeImpersonationHeaderData",
            "ErrorInvalidManagementRoleHeader",
        ],
    ),
    (
        Meaning::Forbidden,
        &[
            "ErrorAccessDenied",
            "ErrorCreateItemAccessDenied",
            "ErrorCallerIsInvalidADAccount",
            "ErrorNotDelegate",
            "ErrorNoFreeBusyAccess",
            "ErrorSendAsDenied",
            "ErrorUserNotAllowedByPolicy",
            "ErrorPermissionNotAllowedByPolicy",
        ],
    ),
    (
        Meaning::Blocked,
        &["ErrorOrganizationAccessBlocked", "ErrorInvalidLicense"],
    ),
    (
        Meaning::NoMailbox,
        &[
            "ErrorNonExistentMailbox",
            "ErrorMissingEmailAddress",
            "ErrorAccountDisabled",
            "ErrorMailboxConfiguration",
            "ErrorMissingExchangePrincipal",
            "ErrorInvalidSmtpAddress",
            "ErrorNonPrimarySmtpAddress",
            "ErrorInvalidMailbox",
            "ErrorCannotFindUser",
            "ErrorMailRecipientNotFound",
            "ErrorFolderNotFound",
            "ErrorSyncFolderNotFound",
            "ErrorNoCalendar",
            "ErrorWrongServerVersionDelegate",
        ],
    ),
    (
        Meaning::NoItem,
        &[
            "ErrorItemNotFound",
            "ErrorCalendarOccurrenceIsDeletedFromRecurrence",
            "ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange",
            "ErrorCalendarCannotUpdateDeletedItem",
        ],
    ),
    (
        Meaning::Conflict,
        &[
            "ErrorIrresolvableConflict",
            "ErrorStaleObject",
            "ErrorChangeKeyRequired",
            "ErrorChangeKeyRequiredForWriteOperations",
            "ErrorInvalidChangeKey",
            "ErrorObjectTypeChanged",
        ],
    ),
    (Meaning::CursorGone, &["ErrorInvalidSyncStateData"]),
    (
        Meaning::Quota,
        &[
            "ErrorQuotaExceeded",
            "ErrorSubmissionQuotaExceeded",
            "ErrorIndividualMailboxLimitReached",
            "ErrorMessagePerFolderCountReceiveQuotaExceeded",
        ],
    ),
];

/// Whether the server takes an id for none of its own.
#[must_use]
pub fn is_malformed_id(code: &str) -> bool {
    code.starts_with("ErrorInvalidId") || code == "ErrorCannotUseFolderIdForItemId"
}

/// What a request's answer means that holds no result.
#[must_use]
pub fn of_response(response: &Response, service: Service) -> Fault {
    if let Some(fault) = soap::Fault::read(&response.body) {
        return of_soap(response, &fault, service);
    }
    let answer = answer_of(response);
    match response.status {
        200..=399 if response.is_html() || response.status >= 300 => Fault::SignOnPage(answer),
        // A session that has run out, as sign-on pages in front of a server say it.
        440 => Fault::SignOnPage(answer),
        200..=399 => Fault::NotUnderstood(format!("an answer with status {}", response.status)),
        401 => {
            sign_in::without_refusal(response, &answer.text).unwrap_or(Fault::Unauthorised(answer))
        }
        403 if service.online => Fault::EwsBlocked(answer),
        403 | 456 => Fault::Forbidden(MissingPermission {
            permission: String::new(),
            answer,
        }),
        404 | 405 | 410 => Fault::NotFound(NotFound {
            thing: MissingThing::Service,
            answer,
        }),
        408 | 504 => time_out(&answer),
        429 | 503 => Fault::Throttled(Throttling {
            retry_after: response
                .header("retry-after")
                .and_then(|seconds| seconds.trim().parse().ok()),
            answer,
        }),
        507 => Fault::Quota(answer),
        400..=499 => Fault::Refused(answer),
        _ => Fault::Other(answer),
    }
}

fn answer_of(response: &Response) -> Answer {
    let text = String::from_utf8_lossy(&response.body);
    let is_own = sign_in::cause(response).is_some();
    let code = is_own
        .then(|| sign_in::code(&text))
        .flatten()
        .or_else(|| sign_in::cause(response).map(str::to_owned));
    Answer {
        status: response.status,
        code: code.unwrap_or_default(),
        // A page that was meant for people says nothing here.
        text: if is_own {
            shortened(&text)
        } else {
            String::new()
        },
        request_id: response.request_id(),
    }
}

fn of_soap(response: &Response, fault: &soap::Fault, service: Service) -> Fault {
    let answer = Answer {
        status: response.status,
        code: fault.code().to_owned(),
        text: shortened(fault.text()),
        request_id: response.request_id(),
    };
    by_code(answer, fault.values(), service)
}

/// What a result means that names an error.
#[must_use]
pub fn of_message(message: &Message, response: &Response, service: Service) -> Fault {
    let answer = Answer {
        status: response.status,
        code: message.response_code.clone(),
        text: shortened(&message.message_text),
        request_id: response.request_id(),
    };
    by_code(answer, &message.message_xml, service)
}

fn by_code(answer: Answer, values: &MessageXml, service: Service) -> Fault {
    // A busy server hides behind an error that says nothing.
    let inner = values.value("InnerErrorResponseCode").and_then(meaning);
    let Some(meaning) = inner.or_else(|| meaning(&answer.code)) else {
        return Fault::Refused(answer);
    };
    let forbidden = |permission: &str, answer| {
        Fault::Forbidden(MissingPermission {
            permission: permission.to_owned(),
            answer,
        })
    };
    match meaning {
        Meaning::Busy => Fault::Throttled(Throttling {
            retry_after: values
                .value("BackOffMilliseconds")
                .and_then(|pause| pause.parse::<u32>().ok())
                .map(|pause| pause.div_ceil(1_000)),
            answer,
        }),
        Meaning::TimeOut => time_out(&answer),
        Meaning::Trouble => Fault::Other(answer),
        Meaning::Unauthorised => Fault::Unauthorised(answer),
        Meaning::NoImpersonation => forbidden(service.acting_for_others(), answer),
        Meaning::Forbidden => forbidden("", answer),
        Meaning::Blocked if service.online => Fault::EwsBlocked(answer),
        Meaning::Blocked => forbidden("", answer),
        Meaning::NoMailbox => Fault::NotFound(NotFound {
            thing: MissingThing::Mailbox,
            answer,
        }),
        Meaning::NoItem => Fault::NotFound(NotFound {
            thing: MissingThing::Item,
            answer,
        }),
        Meaning::Conflict => Fault::Conflict(answer),
        Meaning::CursorGone => Fault::CursorGone(answer),
        Meaning::Quota => Fault::Quota(answer),
    }
}

fn meaning(code: &str) -> Option<Meaning> {
    let mut known = MEANINGS.iter().filter(|(_, codes)| codes.contains(&code));
    known.next().map(|(meaning, _)| *meaning)
}

fn time_out(answer: &Answer) -> Fault {
    Fault::Unreachable(Unreachable {
        cause: UnreachableCause::TimeOut,
        detail: format!(
            "{} {} (request {})",
            answer.status, answer.code, answer.request_id
        ),
    })
}

fn shortened(text: &str) -> String {
    text.trim().chars().take(LONGEST_TEXT).collect()
}

/// Whether the server says that there is no such item.
#[must_use]
pub const fn is_no_item(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::NotFound(NotFound {
            thing: MissingThing::Item,
            ..
        })
    )
}

#[cfg(test)]
mod tests;
