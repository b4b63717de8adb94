//! Contacts as Graph sends them: everything may be absent or `null`.

use serde::Deserialize;

use crate::event::wire::Address;
use crate::extended_property::Property;

/// `microsoft.graph.contact`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Contact {
    /// Immutable, since every request asks for such ids.
    pub id: Option<String>,
    /// With its weak mark and quotes.
    #[serde(rename = "@odata.etag")]
    pub etag: Option<String>,
    /// What the etag is made of.
    pub change_key: Option<String>,
    /// The folder that holds it.
    pub parent_folder_id: Option<String>,
    /// Before the name.
    pub title: Option<String>,
    pub given_name: Option<String>,
    pub middle_name: Option<String>,
    pub surname: Option<String>,
    /// After the name.
    pub generation: Option<String>,
    pub job_title: Option<String>,
    pub company_name: Option<String>,
    pub email_addresses: Option<Vec<Option<Address>>>,
    pub business_phones: Option<Vec<Option<String>>>,
    pub mobile_phone: Option<String>,
    pub home_phones: Option<Vec<Option<String>>>,
    pub business_address: Option<PhysicalAddress>,
    pub personal_notes: Option<String>,
    #[serde(rename = "singleValueExtendedProperties")]
    pub properties: Option<Vec<Property>>,
}

/// `microsoft.graph.physicalAddress`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PhysicalAddress {
    pub street: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub postal_code: Option<String>,
    pub country_or_region: Option<String>,
}
