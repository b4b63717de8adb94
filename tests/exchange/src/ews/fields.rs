//! The fields of items: their names in the order that the schema gives them, and which of them an answer shows unasked.
//!
//! A field is known by its URI: `item:Subject`, `calendar:Start`, `contacts:GivenName`.

/// What every item has.
pub const ITEM: &[&str] = &[
    "MimeContent",
    "ItemId",
    "ParentFolderId",
    "ItemClass",
    "Subject",
    "Sensitivity",
    "Body",
    "Attachments",
    "DateTimeReceived",
    "Size",
    "Categories",
    "Importance",
    "InReplyTo",
    "IsSubmitted",
    "IsDraft",
    "IsFromMe",
    "IsResend",
    "IsUnmodified",
    "InternetMessageHeaders",
    "DateTimeSent",
    "DateTimeCreated",
    "ResponseObjects",
    "ReminderDueBy",
    "ReminderIsSet",
    "ReminderNextTime",
    "ReminderMinutesBeforeStart",
    "DisplayCc",
    "DisplayTo",
    "DisplayBcc",
    "HasAttachments",
    "ExtendedProperty",
    "Culture",
    "EffectiveRights",
    "LastModifiedName",
    "LastModifiedTime",
    "IsAssociated",
    "WebClientReadFormQueryString",
    "WebClientEditFormQueryString",
    "ConversationId",
    "UniqueBody",
    "Flag",
    "StoreEntryId",
    "InstanceKey",
    "NormalizedBody",
    "EntityExtractionResult",
    "PolicyTag",
    "ArchiveTag",
    "RetentionDate",
    "Preview",
    "RightsManagementLicenseData",
    "PredictedActionReasons",
    "IsClutter",
    "BlockStatus",
    "HasBlockedImages",
    "TextBody",
    "IconIndex",
];

/// What a calendar item has besides.
pub const CALENDAR_ITEM: &[&str] = &[
    "UID",
    "RecurrenceId",
    "DateTimeStamp",
    "Start",
    "End",
    "OriginalStart",
    "IsAllDayEvent",
    "LegacyFreeBusyStatus",
    "Location",
    "When",
    "IsMeeting",
    "IsCancelled",
    "IsRecurring",
    "MeetingRequestWasSent",
    "IsResponseRequested",
    "CalendarItemType",
    "MyResponseType",
    "Organizer",
    "RequiredAttendees",
    "OptionalAttendees",
    "Resources",
    "ConflictingMeetingCount",
    "AdjacentMeetingCount",
    "ConflictingMeetings",
    "AdjacentMeetings",
    "Duration",
    "TimeZone",
    "AppointmentReplyTime",
    "AppointmentSequenceNumber",
    "AppointmentState",
    "Recurrence",
    "FirstOccurrence",
    "LastOccurrence",
    "ModifiedOccurrences",
    "DeletedOccurrences",
    "MeetingTimeZone",
    "StartTimeZone",
    "EndTimeZone",
    "ConferenceType",
    "AllowNewTimeProposal",
    "IsOnlineMeeting",
    "MeetingWorkspaceUrl",
    "NetShowUrl",
    "EnhancedLocation",
    "StartWallClock",
    "EndWallClock",
    "StartTimeZoneId",
    "EndTimeZoneId",
    "IntendedFreeBusyStatus",
    "JoinOnlineMeetingUrl",
    "OnlineMeetingSettings",
    "IsOrganizer",
];

/// What a contact has besides.
pub const CONTACT: &[&str] = &[
    "FileAs",
    "FileAsMapping",
    "DisplayName",
    "GivenName",
    "Initials",
    "MiddleName",
    "Nickname",
    "CompleteName",
    "CompanyName",
    "EmailAddresses",
    "AbchEmailAddresses",
    "PhysicalAddresses",
    "PhoneNumbers",
    "AssistantName",
    "Birthday",
    "BusinessHomePage",
    "Children",
    "Companies",
    "ContactSource",
    "Department",
    "Generation",
    "ImAddresses",
    "JobTitle",
    "Manager",
    "Mileage",
    "OfficeLocation",
    "PostalAddressIndex",
    "Profession",
    "SpouseName",
    "Surname",
    "WeddingAnniversary",
    "HasPicture",
    "PhoneticFullName",
    "PhoneticFirstName",
    "PhoneticLastName",
    "Alias",
    "Notes",
    "Photo",
    "UserSMIMECertificate",
    "MSExchangeCertificate",
    "DirectoryId",
    "ManagerMailbox",
    "DirectReports",
];

/// The element that may come more than once.
pub const REPEATED: &str = "ExtendedProperty";

/// What lists of items do not carry; only `GetItem` brings it.
const ONLY_BY_GET_ITEM: &[&str] = &[
    "MimeContent",
    "Body",
    "TextBody",
    "UniqueBody",
    "NormalizedBody",
    "RequiredAttendees",
    "OptionalAttendees",
    "Resources",
    "Recurrence",
    "FirstOccurrence",
    "LastOccurrence",
    "ModifiedOccurrences",
    "DeletedOccurrences",
    "MeetingTimeZone",
];

/// A field of one kind of items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    family: &'static str,
    /// The name of its element.
    pub name: &'static str,
}

impl Field {
    /// Whether a URI is this field's.
    pub fn is(&self, uri: &str) -> bool {
        uri.split_once(':') == Some((self.family, self.name))
    }
}

/// The kinds of items that are kept here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    CalendarItem,
    Contact,
}

impl Class {
    /// The name of its element.
    pub fn element(self) -> &'static str {
        match self {
            Self::CalendarItem => "CalendarItem",
            Self::Contact => "Contact",
        }
    }

    /// All its fields in the schema's order.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        let (family, own) = match self {
            Self::CalendarItem => ("calendar", CALENDAR_ITEM),
            Self::Contact => ("contacts", CONTACT),
        };
        let of = |family| move |name: &&'static str| Field { family, name };
        ITEM.iter()
            .map(of("item"))
            .chain(own.iter().map(of(family)))
    }

    /// What the shape `Default` shows besides the id.
    pub fn shown_by_default(self) -> &'static [&'static str] {
        match self {
            Self::CalendarItem => &[
                "Subject",
                "HasAttachments",
                "IsAssociated",
                "Start",
                "End",
                "LegacyFreeBusyStatus",
                "Location",
                "CalendarItemType",
                "Organizer",
            ],
            Self::Contact => &[
                "FileAs",
                "DisplayName",
                "CompanyName",
                "EmailAddresses",
                "PhysicalAddresses",
                "PhoneNumbers",
                "JobTitle",
                "HasAttachments",
            ],
        }
    }
}

/// Whether lists of items carry the field.
pub fn listed(field: &str) -> bool {
    !ONLY_BY_GET_ITEM.contains(&field)
}

/// Whether there is such a field. Of families whose items are not kept here any name will do.
pub fn known(uri: &str) -> bool {
    let Some((family, name)) = uri.split_once(':') else {
        return false;
    };
    match family {
        "item" => ITEM.contains(&name) && name != REPEATED,
        "calendar" => CALENDAR_ITEM.contains(&name),
        "contacts" => CONTACT.contains(&name),
        "folder" => super::folder::FIELDS.contains(&name),
        "message" | "meeting" | "meetingRequest" | "task" | "distributionlist" | "postitem" => true,
        _ => false,
    }
}
