//! Whether the credentials are accepted, and which of them is wrong.

use sync::contract::{Answer, Credentials, ExchangeEdition, Field, Finding, SecretState, Settings};
use sync::kit::finding::{error, ok};

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
    let told = if answer.code.is_empty() {
        format!("status {}", answer.status)
    } else {
        answer.code.clone()
    };
    match &settings.credentials {
        Credentials::Oauth(_) => {
            let (field, code, what, hint) = of_app(&answer.code);
            error(field, code, &format!("{what} ({told})"), hint)
        }
        Credentials::Basic(account) => error(
            Field::Password,
            "credentials-refused",
            &format!(
                "The server does not let the account {:?} in ({told}).",
                account.name
            ),
            "Check the account's name, its domain and its password, that it is neither locked nor expired, and that the virtual directory allows basic authentication.",
        ),
    }
}

/// The sign-in service's code tells which value is wrong.
fn of_app(code: &str) -> (Field, &'static str, &'static str, &'static str) {
    match code.trim_start_matches("AADSTS") {
        "7000215" => (
            Field::ClientSecret,
            "secret-wrong",
            "The client secret is not that of the app.",
            "Copy the secret's value, not its id; it is shown only once, when it is made.",
        ),
        "7000222" => (
            Field::ClientSecret,
            "secret-expired",
            "The client secret has expired.",
            "Make a new secret in the app registration and enter its value.",
        ),
        "700016" => (
            Field::ClientId,
            "app-unknown",
            "The directory knows no app with this client id.",
            "Copy the application (client) id, and check that the tenant id is of the same directory.",
        ),
        "7000112" => (
            Field::ClientId,
            "app-disabled",
            "The app is disabled in its directory.",
            "Enable the enterprise application, or register another app.",
        ),
        "90002" | "900023" | "900021" => (
            Field::TenantId,
            "tenant-unknown",
            "There is no directory with this tenant id.",
            "Copy the directory (tenant) id, and check the cloud.",
        ),
        _ => (
            Field::ClientSecret,
            "credentials-refused",
            "The credentials were refused.",
            "Check tenant id, client id and client secret, and that the app has the permission full_access_as_app.",
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
