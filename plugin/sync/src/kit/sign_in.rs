//! Which of an app's credentials the sign-in service refuses.

use super::finding::error;
use crate::contract::{Answer, Field, Finding};

/// What a refused token means. The sign-in service's code tells which value is wrong.
#[must_use]
pub fn refused(answer: &Answer) -> Finding {
    let digits = answer.code.trim_start_matches("AADSTS");
    let (field, code, what, hint) = match digits {
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
        "500011" | "650057" => (
            Field::Cloud,
            "cloud-wrong",
            "The directory does not know the service by this address.",
            "Choose the cloud in which the directory lives, and check the server address.",
        ),
        _ => (
            Field::ClientSecret,
            "credentials-refused",
            "The credentials were refused.",
            "Check tenant id, client id and client secret.",
        ),
    };
    let told = if answer.code.is_empty() {
        format!("{what} (status {})", answer.status)
    } else {
        format!("{what} ({})", answer.code)
    };
    error(field, code, &told, hint)
}
