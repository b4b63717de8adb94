//! The written names of the contract's choices and settings, as they stand in files, JSON and the
//! database, and what people call the settings.

use serde::{Deserialize, Deserializer, Serializer};
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use crate::contract::{Cloud, ContactSelection, ExchangeEdition, Field, ImportMode};

/// A choice with a written name for each case.
pub trait Named: Copy + PartialEq + 'static {
    const NAMES: &'static [(&'static str, Self)];
}

impl Named for ExchangeEdition {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("exchange-2013", Self::Exchange2013),
        ("exchange-2016", Self::Exchange2016),
        ("exchange-2019", Self::Exchange2019),
        ("subscription-edition", Self::SubscriptionEdition),
        ("microsoft-365", Self::Microsoft365),
    ];
}

impl Named for Cloud {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("worldwide", Self::Worldwide),
        ("us-government", Self::UsGovernment),
        ("us-government-dod", Self::UsGovernmentDod),
        ("china", Self::China),
    ];
}

impl Named for ImportMode {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("all-details", Self::AllDetails),
        ("no-details", Self::NoDetails),
        ("none", Self::None),
    ];
}

impl Named for ContactSelection {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("own", Self::Own),
        ("territory", Self::Territory),
        ("all", Self::All),
    ];
}

/// The written name of a choice.
#[must_use]
pub fn name<T: Named>(value: T) -> &'static str {
    T::NAMES
        .iter()
        .find(|(_, named)| *named == value)
        .map_or("", |(name, _)| name)
}

/// The choice with a written name; none where there is no such name.
#[must_use]
pub fn named<T: Named>(name: &str) -> Option<T> {
    T::NAMES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, value)| *value)
}

pub fn serialize<T: Named, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(name(*value))
}

pub fn deserialize<'de, T: Named, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    let text = String::deserialize(from)?;
    named(&text).ok_or_else(|| {
        let known: Vec<&str> = T::NAMES.iter().map(|(name, _)| *name).collect();
        serde::de::Error::custom(format!("`{text}` is not one of: {}", known.join(", ")))
    })
}

/// The form of a choice, for the interface's description.
pub fn schema<T: Named>() -> Object {
    let names = T::NAMES.iter().map(|(name, _)| *name);
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(names))
        .build()
}

/// Where a setting stands in the written form.
#[must_use]
pub fn of_field(field: Field) -> &'static str {
    match field {
        Field::Enabled => "enabled",
        Field::ProfileName => "profile-name",
        Field::Hosted => "hosted",
        Field::Edition => "version",
        Field::ServerAddress => "server-address",
        Field::VirtualDirectory => "virtual-directory",
        Field::Cloud => "cloud",
        Field::Domain => "domain",
        Field::UseGraph => "use-graph",
        Field::IntervalMinutes => "synchronise-every",
        Field::TenantId => "credentials.tenant-id",
        Field::ClientId => "credentials.client-id",
        Field::ClientSecret => "credentials.client-secret",
        Field::Account => "credentials.account",
        Field::Password => "credentials.password",
        Field::TestMailbox => "test-mailbox",
        Field::Impersonate => "impersonate",
        Field::ErrorAddresses => "error-notifications-to",
        Field::ImportMode => "import",
        Field::SendFreeTime => "send-free-time",
        Field::ExportAppointments => "export.appointments",
        Field::ExportToDos => "export.to-dos",
        Field::ExportServiceCalls => "export.service-calls",
        Field::ExportContacts => "export.contacts",
        Field::PublicContactsFolder => "public-folder",
        Field::RelativePath => "relative-path",
        Field::ContactSelection => "contacts-to-export",
        Field::PastDays => "past-days",
        Field::RecurringDays => "recurring-days",
        Field::MailboxAddress => "mailbox",
        Field::OwnPassword => "own-password",
    }
}

/// What people call a setting: the label of its field on the pages, and the name that findings use.
#[must_use]
pub const fn label(field: Field) -> &'static str {
    match field {
        Field::Enabled => "Enable integration",
        Field::ProfileName => "Profile name",
        Field::Hosted => "Hosted by a third party",
        Field::Edition => "Version",
        Field::ServerAddress => "Server address",
        Field::VirtualDirectory => "Virtual directory",
        Field::Cloud => "Cloud",
        Field::Domain => "Domain",
        Field::UseGraph => "Use MS Graph",
        Field::IntervalMinutes => "Synchronise every (minutes)",
        Field::TenantId => "Directory (tenant) id",
        Field::ClientId => "Application (client) id",
        Field::ClientSecret => "Client secret",
        Field::Account => "Account",
        Field::Password => "Password",
        Field::TestMailbox => "Test mailbox",
        Field::Impersonate => "Impersonate users with these credentials",
        Field::ErrorAddresses => "Error notifications to",
        Field::ImportMode => "Import Exchange appointments",
        Field::SendFreeTime => "Send free time",
        Field::ExportAppointments => "Export appointments",
        Field::ExportToDos => "Export to-dos",
        Field::ExportServiceCalls => "Export service calls",
        Field::ExportContacts => "Export contacts",
        Field::PublicContactsFolder => "Public folder of all contacts",
        Field::RelativePath => "Relative path",
        Field::ContactSelection => "Contacts to export",
        Field::PastDays => "Past calendar items (days)",
        Field::RecurringDays => "Recurring calendar items (days)",
        Field::MailboxAddress => "Mailbox address",
        Field::OwnPassword => "Own password",
    }
}

/// Both names of a setting, for those who read pages and files.
#[must_use]
pub fn both(field: Field) -> String {
    format!("{} ({})", of_field(field), label(field))
}
