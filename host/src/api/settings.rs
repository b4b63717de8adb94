//! `/settings`: the tenant's settings, checked and saved as `tandem apply` does.
//!
//! They are written as in that command's file, in kebab case: what stands in its table `[settings]`
//! stands here, value for value. Secrets are written and never shown; one that is left out stays.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::ApiState;
use super::answer::Versioned;
use super::body::Body;
use super::caller::Caller;
use super::finding::FindingView;
use super::kind::Kind;
use super::problem::Problem;
use super::version::IfMatch;
use crate::contract::{Credentials, RowVersion, SecretState, Settings};
use crate::cycle::validate::validate;
use crate::settings::document::{ApplyFile, SettingsDocument};
use crate::settings::save::save_at;
use crate::store::settings;

/// What it refuses to save beside what every route with a body does.
pub const REFUSALS: &[Kind] = &[
    Kind::SynchronisationInProgress,
    Kind::NotReady,
    Kind::Plugin,
];

/// What it refuses to ask.
pub const REFUSALS_TO_ASK: &[Kind] = &[Kind::NotReady, Kind::Plugin];

/// The settings as they are.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SettingsView {
    /// They were saved once; before that these are the defaults, and nothing runs.
    pub saved: bool,
    /// A client secret or password is stored.
    pub secret_stored: bool,
    /// As in the file of `tandem apply`.
    pub settings: SettingsDocument,
}

/// What a save did.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SavedView {
    /// The settings as they are now.
    #[serde(flatten)]
    pub now: SettingsView,
    /// Links are made again with the next cycles: a full re-synchronisation.
    pub resynchronises: bool,
    /// What the server said, and what could not be checked; empty when nothing had to be asked.
    pub findings: Vec<FindingView>,
}

/// What the server said.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Findings {
    /// One for each thing that was asked.
    pub findings: Vec<FindingView>,
}

fn view(settings: Option<&Settings>) -> SettingsView {
    let secret = settings.map(|settings| match &settings.credentials {
        Credentials::Oauth(client) => client.client_secret,
        Credentials::Basic(account) => account.password,
    });
    SettingsView {
        saved: settings.is_some(),
        secret_stored: secret == Some(SecretState::Present),
        settings: settings.map(SettingsDocument::from).unwrap_or_default(),
    }
}

/// The settings.
pub async fn get(caller: Caller) -> Result<Versioned<SettingsView>, Problem> {
    let stored = settings::get(&caller.tenant).await?;
    Ok(Versioned {
        version: RowVersion {
            number: stored.version,
        },
        view: view(stored.settings.as_ref()),
    })
}

/// Checks settings, asks the server, and saves them as a whole if they are still at the version in
/// `If-Match`. What is left out has its default.
pub async fn put(
    State(ApiState { host }): State<ApiState>,
    caller: Caller,
    IfMatch(expected): IfMatch,
    Body(document): Body<SettingsDocument>,
) -> Result<Versioned<SavedView>, Problem> {
    let file = ApplyFile {
        tenant: caller.tenant.id().value.clone(),
        settings: Some(document),
        resource: Vec::new(),
    };
    let saved = save_at(&host, &file, Some(expected.number)).await?;
    let stored = settings::get(&caller.tenant).await?;
    Ok(Versioned {
        version: RowVersion {
            number: stored.version,
        },
        view: SavedView {
            now: view(stored.settings.as_ref()),
            resynchronises: saved.resynchronises,
            findings: saved.findings.into_iter().map(Into::into).collect(),
        },
    })
}

/// Asks the server with the stored settings and secret. Nothing is written anywhere.
pub async fn ask(
    State(ApiState { host }): State<ApiState>,
    caller: Caller,
) -> Result<Json<Findings>, Problem> {
    let findings = validate(&host, &caller.tenant).await?;
    Ok(Json(Findings {
        findings: findings.into_iter().map(Into::into).collect(),
    }))
}
