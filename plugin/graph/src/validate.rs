//! Asking the server whether the settings work.
//!
//! Each question is asked for real and its answer becomes a finding at the field that it concerns.
//! What cannot be asked is a warning that says so; what the server refuses because of a wrong value
//! is an error; a refusal that only concerns the tested mailbox is a warning, for the tenant's
//! settings may be right all the same.

mod credentials;
mod mailbox;

use sync::contract::{
    Credentials, Fault, Field, Finding, SecretState, Settings, Unreachable, UnreachableCause,
};
use sync::kit::finding::{error, warning};
use sync::kit::sign_in;
use transport::{Response, Transport};

use crate::fault;
use crate::request::{Request, send};

/// All that is found.
#[must_use]
pub fn findings(transport: &impl Transport, settings: &Settings) -> Vec<Finding> {
    let Credentials::Oauth(app) = &settings.credentials else {
        return vec![error(
            Field::Account,
            "graph-needs-oauth",
            "Microsoft Graph does not take an account with a password.",
            "Enter the tenant id, client id and client secret of an app registration.",
        )];
    };
    if app.client_secret == SecretState::Absent {
        return vec![error(
            Field::ClientSecret,
            "secret-missing",
            "No client secret is stored, so nothing could be asked.",
            "Enter the secret's value (not its id) from the app registration.",
        )];
    }
    let address = settings
        .test_mailbox
        .as_deref()
        .map(str::trim)
        .filter(|address| !address.is_empty());
    let mut findings = match address {
        Some(address) => mailbox::findings(transport, settings, address),
        None => credentials::alone(transport, settings),
    };
    if settings.export_appointments || settings.export_to_dos || settings.export_service_calls {
        findings.push(warning(
            exporting(settings),
            "writing-not-tried",
            "Writing to calendars cannot be tried without writing to one.",
            "Make sure that the app has the permission Calendars.ReadWrite.",
        ));
    }
    findings
}

fn exporting(settings: &Settings) -> Field {
    if settings.export_appointments {
        Field::ExportAppointments
    } else if settings.export_to_dos {
        Field::ExportToDos
    } else {
        Field::ExportServiceCalls
    }
}

/// Why a question has no answer that concerns the question.
enum NoAnswer {
    /// The same would come of every other question: one finding says it all.
    ForAll(Finding),
    /// The server's refusal of this question.
    Refusal(Fault),
}

/// Asks one thing.
fn question(
    transport: &impl Transport,
    settings: &Settings,
    request: Request,
    permission: &str,
) -> Result<Response, NoAnswer> {
    let answer = send(transport, request, transport.fresh_id()).and_then(|response| {
        if response.is_good() {
            Ok(response)
        } else {
            Err(fault::read(&response, permission))
        }
    });
    answer.map_err(|fault| match general(&fault, settings) {
        Some(finding) => NoAnswer::ForAll(finding),
        None => NoAnswer::Refusal(fault),
    })
}

/// Findings that no question can get past.
fn general(fault: &Fault, settings: &Settings) -> Option<Finding> {
    Some(match fault {
        Fault::Unauthorised(answer) => sign_in::refused(answer),
        Fault::Unreachable(Unreachable { cause, detail }) => unreachable(*cause, detail, settings),
        Fault::DeniedByHost(reason) => warning(
            Field::Cloud,
            "denied-by-host",
            &format!(
                "The request to {} was not let out: {reason}.",
                settings.service_url
            ),
            "Ask the operator which addresses are allowed.",
        ),
        Fault::SignOnPage(_) => warning(
            Field::Cloud,
            "sign-on-page",
            &format!(
                "{} answered with a web page for people to sign on, not as Microsoft Graph does.",
                settings.service_url
            ),
            "Let the server reach Microsoft Graph without a proxy that asks for a sign-on.",
        ),
        Fault::Throttled(throttling) => {
            let wait = throttling
                .retry_after
                .map(|seconds| format!(" for {seconds} seconds"))
                .unwrap_or_default();
            warning(
                Field::Cloud,
                "throttled",
                &format!(
                    "Microsoft Graph is busy and asks for a pause{wait}; nothing was checked."
                ),
                "Save; the next synchronisation shows whether the settings work.",
            )
        }
        _ => return None,
    })
}

fn unreachable(cause: UnreachableCause, detail: &str, settings: &Settings) -> Finding {
    let url = &settings.service_url;
    let (code, what, hint) = match cause {
        UnreachableCause::NameNotFound => (
            "name-not-found",
            "its name could not be resolved",
            "Check the cloud, and the name servers of the machine.",
        ),
        UnreachableCause::NoConnection => (
            "no-connection",
            "nothing answered there",
            "Check that the machine may reach it on port 443.",
        ),
        UnreachableCause::Certificate => (
            "certificate-not-trusted",
            "its certificate is not trusted",
            "A proxy that opens connections needs its authority among the trusted ones.",
        ),
        UnreachableCause::TimeOut => (
            "time-out",
            "it did not answer in time",
            "Save, and try again later.",
        ),
        UnreachableCause::Broken => (
            "connection-broken",
            "the connection broke",
            "Save, and try again later.",
        ),
    };
    warning(
        Field::Cloud,
        code,
        &format!("{url} could not be asked: {what} ({detail})."),
        hint,
    )
}

#[cfg(test)]
mod tests;
