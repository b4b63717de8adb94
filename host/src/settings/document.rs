//! The written form of a tenant's settings and of its users, as `tandem apply` reads it from TOML
//! and the database keeps it as JSON.
//!
//! Unknown names are refused, so that a misspelt setting never passes for an absent one. Secrets
//! are read and never written: they go to the encrypted store.

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use super::names;
use crate::contract::{
    Cloud, ContactSelection, Credentials, ExchangeEdition, ImportMode, Profile, Settings,
};

/// What a file for `tandem apply` holds.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ApplyFile {
    /// The tenant: lower-case letters, digits and hyphens.
    pub tenant: String,
    /// Its settings; left out, they stay as they are.
    pub settings: Option<SettingsDocument>,
    /// Its users; those not named stay as they are.
    #[serde(default)]
    pub resource: Vec<ResourceDocument>,
}

/// A tenant's settings.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct SettingsDocument {
    /// Cycles run as soon as a save succeeds.
    pub enabled: bool,
    /// Any label.
    pub profile_name: String,
    /// Hosted by a third party.
    pub hosted: bool,
    /// Which Exchange.
    #[serde(with = "names")]
    #[schema(schema_with = names::schema::<ExchangeEdition>)]
    pub version: ExchangeEdition,
    /// A host name; for Microsoft 365 it may be left out.
    pub server_address: Option<String>,
    /// The virtual directory of EWS.
    pub virtual_directory: Option<String>,
    /// Which of Microsoft's clouds.
    #[serde(with = "names")]
    #[schema(schema_with = names::schema::<Cloud>)]
    pub cloud: Cloud,
    /// The Windows domain of basic sign-in.
    pub domain: String,
    /// Microsoft Graph instead of EWS; left out: Graph for Microsoft 365.
    pub use_graph: Option<bool>,
    /// How often a cycle runs, in minutes.
    pub synchronise_every: u32,
    /// How the tenant signs in.
    pub credentials: Option<CredentialsDocument>,
    /// Whose mailbox validation asks; left out: the first enabled user's.
    pub test_mailbox: Option<String>,
    /// Basic: one account acts for all users.
    pub impersonate: bool,
    /// Addresses separated by semicolons.
    pub error_notifications_to: String,
    /// What comes over from Exchange.
    #[serde(with = "names")]
    #[schema(schema_with = names::schema::<ImportMode>)]
    pub import: ImportMode,
    /// Free items come over too.
    pub send_free_time: bool,
    /// What may go out.
    pub export: ExportDocument,
    /// Public folder of all contacts (EWS).
    pub public_folder: String,
    /// Its path at a hosting provider.
    pub relative_path: String,
    /// Which contacts go out.
    #[serde(with = "names")]
    #[schema(schema_with = names::schema::<ContactSelection>)]
    pub contacts_to_export: ContactSelection,
    /// Days back.
    pub past_days: u32,
    /// Days ahead for series.
    pub recurring_days: u32,
}

impl Default for SettingsDocument {
    fn default() -> Self {
        Self {
            enabled: true,
            profile_name: String::new(),
            hosted: false,
            version: ExchangeEdition::Microsoft365,
            server_address: None,
            virtual_directory: None,
            cloud: Cloud::Worldwide,
            domain: String::new(),
            use_graph: None,
            synchronise_every: 30,
            credentials: None,
            test_mailbox: None,
            impersonate: true,
            error_notifications_to: String::new(),
            import: ImportMode::AllDetails,
            send_free_time: true,
            export: ExportDocument::default(),
            public_folder: String::new(),
            relative_path: String::new(),
            contacts_to_export: ContactSelection::Own,
            past_days: 7,
            recurring_days: 30,
        }
    }
}

/// What may go out.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct ExportDocument {
    /// Appointments.
    pub appointments: bool,
    /// To-dos.
    pub to_dos: bool,
    /// Service calls.
    pub service_calls: bool,
    /// Contacts.
    pub contacts: bool,
}

impl Default for ExportDocument {
    fn default() -> Self {
        Self {
            appointments: true,
            to_dos: true,
            service_calls: true,
            contacts: true,
        }
    }
}

/// How the tenant signs in.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", tag = "kind", deny_unknown_fields)]
pub enum CredentialsDocument {
    /// OAuth 2.0 client credentials.
    #[serde(rename_all = "kebab-case")]
    Oauth {
        /// Directory (tenant) id.
        tenant_id: String,
        /// Application (client) id.
        client_id: String,
        /// Read and never shown; left out or null: the stored one stays.
        #[serde(default, serialize_with = "hidden", deserialize_with = "secret")]
        #[schema(value_type = Option<String>)]
        client_secret: Option<SecretString>,
    },
    /// An account with a password.
    Basic {
        /// The account.
        account: String,
        /// Read and never shown; left out or null: the stored one stays.
        #[serde(default, serialize_with = "hidden", deserialize_with = "secret")]
        #[schema(value_type = Option<String>)]
        password: Option<SecretString>,
    },
}

/// Stray spaces around a secret come from copying it, and are taken off (behaviour, section 1).
fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SecretString>, D::Error> {
    let text: Option<String> = Option::deserialize(from)?;
    let text = zeroize::Zeroizing::new(text.unwrap_or_default());
    let trimmed = text.trim();
    Ok((!trimmed.is_empty()).then(|| SecretString::from(trimmed.to_owned())))
}

/// A secret is written as if there were none.
fn hidden<S: Serializer>(_: &Option<SecretString>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_none()
}

/// A user of the PSA whose mailbox is synchronised.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ResourceDocument {
    /// The PSA's own key, without a colon.
    pub id: String,
    /// The name that people read.
    pub name: String,
    /// The mailbox's primary address.
    pub mailbox: String,
    /// Synchronisation is permitted.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// The user's own choices; nothing runs before they were made once.
    pub profile: Option<ProfileDocument>,
}

const fn yes() -> bool {
    true
}

/// A user's own choices; what is left out is as the tenant has it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct ProfileDocument {
    /// Appointments of Exchange come over.
    pub import_appointments: Option<bool>,
    /// Appointments go out.
    pub export_appointments: Option<bool>,
    /// To-dos go out.
    pub export_to_dos: Option<bool>,
    /// Service calls go out.
    pub export_service_calls: Option<bool>,
    /// Contacts go out.
    pub export_contacts: Option<bool>,
    /// Days back, 1 to 30.
    pub past_days: Option<u32>,
    /// Days ahead for series, 1 to 30.
    pub recurring_days: Option<u32>,
    /// The account that the own password belongs to; left out: the mailbox's address.
    pub own_account: Option<String>,
    /// The user's own password, where no account impersonates all users. Read and never shown; left
    /// out or null: the stored one stays.
    #[serde(serialize_with = "hidden", deserialize_with = "secret")]
    #[schema(value_type = Option<String>, default = json!(null))]
    pub own_password: Option<SecretString>,
}

impl From<&Settings> for SettingsDocument {
    /// The written form of settings that were saved, defaults filled in and secrets left out.
    fn from(settings: &Settings) -> Self {
        Self {
            enabled: settings.enabled,
            profile_name: settings.profile_name.clone(),
            hosted: settings.hosted,
            version: settings.edition,
            server_address: Some(settings.server_address.clone()),
            virtual_directory: Some(settings.virtual_directory.clone()),
            cloud: settings.cloud,
            domain: settings.domain.clone(),
            use_graph: Some(settings.use_graph),
            synchronise_every: settings.interval_minutes,
            credentials: Some(match &settings.credentials {
                Credentials::Oauth(client) => CredentialsDocument::Oauth {
                    tenant_id: client.tenant_id.clone(),
                    client_id: client.client_id.clone(),
                    client_secret: None,
                },
                Credentials::Basic(account) => CredentialsDocument::Basic {
                    account: account.name.clone(),
                    password: None,
                },
            }),
            test_mailbox: settings.test_mailbox.clone(),
            impersonate: settings.impersonate,
            error_notifications_to: settings.error_addresses.join("; "),
            import: settings.import_mode,
            send_free_time: settings.send_free_time,
            export: ExportDocument {
                appointments: settings.export_appointments,
                to_dos: settings.export_to_dos,
                service_calls: settings.export_service_calls,
                contacts: settings.export_contacts,
            },
            public_folder: settings.public_contacts_folder.clone(),
            relative_path: settings.relative_path.clone(),
            contacts_to_export: settings.contact_selection,
            past_days: settings.past_days,
            recurring_days: settings.recurring_days,
        }
    }
}

impl From<&Profile> for ProfileDocument {
    /// The written form of choices that were saved.
    fn from(profile: &Profile) -> Self {
        Self {
            import_appointments: Some(profile.import_appointments),
            export_appointments: Some(profile.export_appointments),
            export_to_dos: Some(profile.export_to_dos),
            export_service_calls: Some(profile.export_service_calls),
            export_contacts: Some(profile.export_contacts),
            past_days: Some(profile.past_days),
            recurring_days: Some(profile.recurring_days),
            own_account: None,
            own_password: None,
        }
    }
}
