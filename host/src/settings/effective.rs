//! What a plugin is given: a document with its defaults filled in, limited to what may be.

use super::document::{CredentialsDocument, ProfileDocument, SettingsDocument};
use crate::contract::{
    Account, ClientCredentials, Credentials, ExchangeEdition, ImportMode, Profile, SecretState,
    Settings,
};

/// The name under which a tenant's own secret is stored.
pub const TENANT_SECRET: &str = "credentials";

/// A tenant's settings in the contract's terms. `service_url` is filled in by whoever knows the
/// operator's end points.
#[must_use]
pub fn settings(document: &SettingsDocument, secret: SecretState) -> Settings {
    let is_online = document.version == ExchangeEdition::Microsoft365;
    let use_graph = document.use_graph.unwrap_or(is_online);
    let credentials = match &document.credentials {
        Some(CredentialsDocument::Basic { account, .. }) => Credentials::Basic(Account {
            name: account.trim().to_owned(),
            password: secret,
        }),
        Some(CredentialsDocument::Oauth {
            tenant_id,
            client_id,
            ..
        }) => Credentials::Oauth(ClientCredentials {
            tenant_id: tenant_id.trim().to_owned(),
            client_id: client_id.trim().to_owned(),
            client_secret: secret,
        }),
        None => Credentials::Oauth(ClientCredentials {
            tenant_id: String::new(),
            client_id: String::new(),
            client_secret: SecretState::Absent,
        }),
    };
    Settings {
        enabled: document.enabled,
        profile_name: document.profile_name.trim().to_owned(),
        hosted: document.hosted,
        edition: document.version,
        server_address: trimmed(document.server_address.as_deref())
            .or_else(|| is_online.then(|| "outlook.office365.com".to_owned()))
            .unwrap_or_default(),
        virtual_directory: trimmed(document.virtual_directory.as_deref())
            .unwrap_or_else(|| "EWS/Exchange.asmx".to_owned()),
        cloud: document.cloud,
        domain: document.domain.trim().to_owned(),
        use_graph,
        interval_minutes: document.synchronise_every,
        credentials,
        test_mailbox: trimmed(document.test_mailbox.as_deref()),
        impersonate: document.impersonate,
        error_addresses: addresses(&document.error_notifications_to),
        import_mode: document.import,
        send_free_time: document.send_free_time,
        export_appointments: document.export.appointments,
        export_to_dos: document.export.to_dos,
        export_service_calls: document.export.service_calls,
        export_contacts: document.export.contacts,
        public_contacts_folder: folders(&document.public_folder),
        relative_path: folders(&document.relative_path),
        contact_selection: document.contacts_to_export,
        past_days: document.past_days,
        recurring_days: document.recurring_days,
        service_url: String::new(),
    }
}

/// A user's choices within the tenant's.
#[must_use]
pub fn profile(document: &ProfileDocument, settings: &Settings) -> Profile {
    let imports = settings.import_mode != ImportMode::None;
    Profile {
        import_appointments: imports && document.import_appointments.unwrap_or(true),
        export_appointments: settings.export_appointments
            && document.export_appointments.unwrap_or(true),
        export_to_dos: settings.export_to_dos && document.export_to_dos.unwrap_or(true),
        export_service_calls: settings.export_service_calls
            && document.export_service_calls.unwrap_or(true),
        export_contacts: settings.export_contacts && document.export_contacts.unwrap_or(true),
        past_days: document.past_days.unwrap_or(settings.past_days),
        recurring_days: document.recurring_days.unwrap_or(settings.recurring_days),
        own_password: SecretState::Absent,
    }
}

/// Addresses separated by semicolons; stray spaces and a trailing semicolon are accepted.
#[must_use]
pub fn addresses(text: &str) -> Vec<String> {
    text.split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The names of folders, joined by slashes, however people separate them.
fn folders(path: &str) -> String {
    let names = path.split(['/', '\\']).map(str::trim);
    let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
    names.join("/")
}

fn trimmed(text: Option<&str>) -> Option<String> {
    text.map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}
