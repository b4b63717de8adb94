//! `/resources/{id}/profile`: what a user chooses within the tenant's settings.
//!
//! Choices are written as in the file of `tandem apply`, in kebab case. They belong to the user's row:
//! its version is theirs.

use serde::Serialize;
use utoipa::ToSchema;

use super::answer::Versioned;
use super::body::Body;
use super::caller::Caller;
use super::kind::Kind;
use super::parameters::Segments;
use super::problem::Problem;
use super::version::IfMatch;
use crate::contract::{PsaId, SecretState, Settings};
use crate::psa::resource::{self, ResourceRecord};
use crate::settings::check::check_profile;
use crate::settings::document::ProfileDocument;
use crate::settings::{effective, user};
use crate::store::mailbox::{self, MailboxRecord};
use crate::store::{Source, StoreError, settings};

/// What it refuses beside what every such route does.
pub const REFUSALS: &[Kind] = &[Kind::NotReady];

/// A user's choices as they are.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProfileView {
    /// They were saved once; before that these are what the tenant allows, and nothing runs.
    pub saved: bool,
    /// A password of the user's own is stored.
    pub own_password_stored: bool,
    /// As in the file of `tandem apply`.
    pub profile: ProfileDocument,
}

/// A user's choices.
pub async fn get(
    caller: Caller,
    Segments(id): Segments<String>,
) -> Result<Versioned<ProfileView>, Problem> {
    let id = PsaId { value: id };
    let user = resource::get(&caller.tenant, &id).await?;
    let settings = tenant_settings(&caller.tenant).await?;
    let mailbox = permitted(&caller.tenant, &user).await?;
    Ok(versioned(&user, &mailbox, &settings))
}

/// Saves a user's choices if the user is still at the version in `If-Match`. What is left out is as
/// the tenant has it. The mailbox synchronises from now on.
pub async fn put(
    caller: Caller,
    Segments(id): Segments<String>,
    IfMatch(expected): IfMatch,
    Body(choices): Body<ProfileDocument>,
) -> Result<Versioned<ProfileView>, Problem> {
    let id = PsaId { value: id };
    let found = check_profile(&choices);
    if !found.is_empty() {
        return Err(Problem::findings(found));
    }
    let mut transaction = caller.tenant.begin().await?;
    let mut record = resource::expect(&mut transaction, &id, expected).await?;
    let settings = tenant_settings(&mut transaction).await?;
    let before = permitted(&mut transaction, &record).await?;
    if user::choose(&mut transaction, &before, &choices, &settings).await? {
        let fields = record.fields.clone();
        record = resource::replace(&mut transaction, &id, expected, &fields).await?;
    }
    let after = permitted(&mut transaction, &record).await?;
    transaction.commit().await?;
    Ok(versioned(&record, &after, &settings))
}

fn versioned(
    user: &ResourceRecord,
    mailbox: &MailboxRecord,
    settings: &Settings,
) -> Versioned<ProfileView> {
    let allowed = || effective::profile(&ProfileDocument::default(), settings);
    let profile = mailbox.profile.unwrap_or_else(allowed);
    Versioned {
        version: user.version,
        view: ProfileView {
            saved: mailbox.profile.is_some(),
            own_password_stored: profile.own_password == SecretState::Present,
            profile: ProfileDocument {
                own_account: mailbox.own_account.clone(),
                ..(&profile).into()
            },
        },
    }
}

async fn tenant_settings(source: impl Source) -> Result<Settings, Problem> {
    let stored = settings::get(source).await?.settings;
    stored.ok_or_else(|| {
        Problem::new(Kind::NotReady, "the tenant has no settings yet")
            .hint("save them with PUT /api/v1/settings, or with `tandem apply`")
    })
}

async fn permitted(source: impl Source, user: &ResourceRecord) -> Result<MailboxRecord, Problem> {
    let mailbox: Result<_, StoreError> = mailbox::of_resource(source, &user.id).await;
    mailbox?.ok_or_else(|| {
        let detail = format!("{} is not permitted to synchronise", user.fields.name);
        Problem::new(Kind::NotReady, detail)
            .hint("permit it with PATCH on the user and {\"enabled\": true, \"mailbox\": ADDRESS}")
    })
}
