//! Whether the credentials are accepted, and which of them is wrong.

use sync::contract::{Answer, Credentials, ExchangeEdition, Field, Finding, SecretState, Settings};
use sync::kit::finding::{error, ok};
use sync::kit::sign_in;

/// Credentials with which there is nothing to ask.
pub fn unusable(settings: &Settings) -> Option<Finding> {
    let online = settings.edition == ExchangeEdition::Microsoft365;
    if online && matches!(settings.credentials, Credentials::Basic(_)) {
        return Some(error(
            Field::Account,
            "microsoft365-needs-oauth",
            "Microsoft 365 does not take an account with a password.",
            "Enter the tenant id, client id and client secret of an app registration.",
        ));
    }
    let (field, state, what) = match &settings.credentials {
        Credentials::Oauth(app) => (Field::ClientSecret, app.client_secret, "client secret"),
        // Where users enter own passwords, an account is not asked for.
        Credentials::Basic(_) if !settings.impersonate => return None,
        Credentials::Basic(account) => (Field::Password, account.password, "password"),
    };
    (state == SecretState::Absent).then(|| {
        error(
            field,
            "secret-missing",
            &format!("No {what} is stored, so nothing could be asked."),
            &format!("Enter the {what}."),
        )
    })
}

/// What a refusal of the credentials means.
pub fn refused(answer: &Answer, settings: &Settings) -> Finding {
    match &settings.credentials {
        Credentials::Oauth(_) => sign_in::refused(answer),
        Credentials::Basic(account) => error(
            Field::Password,
            "credentials-refused",
            &format!(
                "The server does not let the account {:?} in (status {}).",
                account.name, answer.status
            ),
            "Check the account's name, its domain and its password, that it is neither locked nor expired, and that the virtual directory allows basic authentication.",
        ),
    }
}

/// Accepted.
pub fn accepted(settings: &Settings) -> Finding {
    let field = match &settings.credentials {
        Credentials::Oauth(_) => Field::ClientSecret,
        Credentials::Basic(_) => Field::Password,
    };
    ok(
        field,
        "credentials-accepted",
        "The credentials were accepted.",
    )
}
