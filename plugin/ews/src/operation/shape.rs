//! Which properties of an item are asked for.

use sync::marker;

use crate::xml::Element;

/// What an item is to be shown with beside its id, by the names that [`path`] knows.
pub type Shape = &'static [&'static str];

/// The marker.
pub const MARKER: &str = marker::PROPERTY_NAME;

/// What stands before a contact's name (MS-OXPROPS, PidTagDisplayNamePrefix): there is no field that
/// could be written.
pub const CONTACT_PREFIX: &str = "0x3A45";

/// What an event is read from. A search does not give the body, the people or the rule.
pub const EVENT: Shape = &[
    MARKER,
    "item:Subject",
    "item:Sensitivity",
    "item:Body",
    "item:DateTimeCreated",
    "calendar:UID",
    "calendar:Start",
    "calendar:End",
    "calendar:OriginalStart",
    "calendar:IsAllDayEvent",
    "calendar:LegacyFreeBusyStatus",
    "calendar:Location",
    "calendar:IsCancelled",
    "calendar:CalendarItemType",
    "calendar:MyResponseType",
    "calendar:Organizer",
    "calendar:RequiredAttendees",
    "calendar:OptionalAttendees",
    "calendar:Resources",
    "calendar:AppointmentState",
    "calendar:Recurrence",
    "calendar:ModifiedOccurrences",
    "calendar:DeletedOccurrences",
    "calendar:StartTimeZone",
    "calendar:StartTimeZoneId",
    "calendar:IsOnlineMeeting",
];

/// What a synchronisation tells of an event: enough to know whether it has to be read.
pub const CHANGED_EVENT: Shape = &[
    MARKER,
    "item:Sensitivity",
    "calendar:UID",
    "calendar:Start",
    "calendar:End",
    "calendar:LegacyFreeBusyStatus",
    "calendar:CalendarItemType",
];

/// What a view of the calendar tells of an occurrence: all that it has of its own.
pub const OCCURRENCE: Shape = &[
    "calendar:UID",
    "calendar:Start",
    "calendar:End",
    "calendar:OriginalStart",
    "calendar:IsAllDayEvent",
    "calendar:CalendarItemType",
    "calendar:StartTimeZoneId",
];

/// What tells a master.
pub const MASTER: Shape = &["calendar:UID", "calendar:CalendarItemType"];

/// Only the marker.
pub const MARKED: Shape = &[MARKER];

/// What a contact is read from.
pub const CONTACT: Shape = &[
    MARKER,
    CONTACT_PREFIX,
    "item:Body",
    "contacts:GivenName",
    "contacts:MiddleName",
    "contacts:CompanyName",
    "contacts:EmailAddresses",
    "contacts:PhysicalAddresses",
    "contacts:PhoneNumbers",
    "contacts:Generation",
    "contacts:JobTitle",
    "contacts:Surname",
];

/// The element of a request.
#[must_use]
pub fn element(shape: Shape) -> Element {
    let mut parts = vec![Element::text("t:BaseShape", "IdOnly")];
    if shape.contains(&"item:Body") {
        parts.push(Element::text("t:BodyType", "Text"));
    }
    let properties = shape.iter().map(|name| path(name));
    parts.push(Element::holding("t:AdditionalProperties", properties));
    Element::holding("m:ItemShape", parts)
}

/// The path of a property: the [`MARKER`], one by its tag, one of a dictionary by its key at the end,
/// or one by its name.
#[must_use]
pub fn path(name: &str) -> Element {
    let extended = || Element::empty("t:ExtendedFieldURI");
    if name == MARKER {
        return extended()
            .with("PropertySetId", marker::PROPERTY_SET)
            .with("PropertyName", name)
            .with("PropertyType", "String");
    }
    if name.starts_with("0x") {
        return extended()
            .with("PropertyTag", name)
            .with("PropertyType", "String");
    }
    let indexed = name
        .rsplit_once(':')
        .filter(|(dictionary, _)| dictionary.contains(':'));
    match indexed {
        // An address's parts are dictionaries whose keys are the kinds of address.
        Some((dictionary, key)) => Element::empty("t:IndexedFieldURI")
            .with("FieldURI", dictionary)
            .with("FieldIndex", key),
        None => Element::empty("t:FieldURI").with("FieldURI", name),
    }
}
