//! Which field of a contact is which: the names of EWS beside those under which the model keeps them, which are Graph's.

/// Fields that hold a text.
pub const TEXTS: &[(&str, &str)] = &[
    ("FileAs", "fileAs"),
    ("DisplayName", "displayName"),
    ("GivenName", "givenName"),
    ("Initials", "initials"),
    ("MiddleName", "middleName"),
    ("Nickname", "nickName"),
    ("CompanyName", "companyName"),
    ("AssistantName", "assistantName"),
    ("Birthday", "birthday"),
    ("BusinessHomePage", "businessHomePage"),
    ("Department", "department"),
    ("Generation", "generation"),
    ("JobTitle", "jobTitle"),
    ("OfficeLocation", "officeLocation"),
    ("Profession", "profession"),
    ("SpouseName", "spouseName"),
    ("Surname", "surname"),
];

/// Named properties that the model keeps as fields.
pub const PROPERTIES: &[(&str, &str)] =
    &[("String 0x3a45", "title"), ("String 0x3a05", "generation")];

/// Where the model keeps an entry of a dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// A field that holds a text.
    Text(&'static str),
    /// A place in a list.
    Place(&'static str, usize),
    /// A named property.
    Property(&'static str),
}

/// The entries of `PhoneNumbers`.
pub const PHONES: &[(&str, Slot)] = &[
    ("AssistantPhone", Slot::Property("String 0x3a2e")),
    ("BusinessFax", Slot::Property("String 0x3a24")),
    ("BusinessPhone", Slot::Place("businessPhones", 0)),
    ("BusinessPhone2", Slot::Place("businessPhones", 1)),
    ("Callback", Slot::Property("String 0x3a02")),
    ("CarPhone", Slot::Property("String 0x3a1e")),
    ("CompanyMainPhone", Slot::Property("String 0x3a57")),
    ("HomeFax", Slot::Property("String 0x3a25")),
    ("HomePhone", Slot::Place("homePhones", 0)),
    ("HomePhone2", Slot::Place("homePhones", 1)),
    ("Isdn", Slot::Property("String 0x3a2d")),
    ("MobilePhone", Slot::Text("mobilePhone")),
    ("OtherFax", Slot::Property("String 0x3a23")),
    ("OtherTelephone", Slot::Property("String 0x3a1f")),
    ("Pager", Slot::Property("String 0x3a21")),
    ("PrimaryPhone", Slot::Property("String 0x3a1a")),
    ("RadioPhone", Slot::Property("String 0x3a1d")),
    ("Telex", Slot::Property("String 0x3a2c")),
    ("TtyTddPhone", Slot::Property("String 0x3a4b")),
];

/// The entries of `ImAddresses`.
pub const IM_ADDRESSES: &[(&str, Slot)] = &[
    ("ImAddress1", Slot::Place("imAddresses", 0)),
    ("ImAddress2", Slot::Place("imAddresses", 1)),
    ("ImAddress3", Slot::Place("imAddresses", 2)),
];

/// The entries of `EmailAddresses`, by their place in the list.
pub const EMAIL_ADDRESSES: &[&str] = &["EmailAddress1", "EmailAddress2", "EmailAddress3"];

/// The entries of `PhysicalAddresses`.
pub const ADDRESSES: &[(&str, &str)] = &[
    ("Home", "homeAddress"),
    ("Business", "businessAddress"),
    ("Other", "otherAddress"),
];

/// The parts of an address in the schema's order.
pub const PARTS: &[(&str, &str)] = &[
    ("Street", "street"),
    ("City", "city"),
    ("State", "state"),
    ("CountryOrRegion", "countryOrRegion"),
    ("PostalCode", "postalCode"),
];

/// What a table has under a name of EWS.
pub fn entry<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    let found = table.iter().find(|(known, _)| *known == name);
    found.map(|(_, entry)| *entry)
}
