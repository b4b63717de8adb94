//! A calendar item as EWS shows it: one item, a series' master, or one occurrence.
//!
//! Times are instants, those of all-day items too: midnight in the item's own zone. An occurrence has the UID of its series and
//! is told apart by `RecurrenceId`.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, NaiveDateTime, Utc};

use super::context::Context;
use super::fields::{self, Class};
use super::folder::{self, rights};
use super::mime;
use super::path::Path;
use super::shape::{BodyKind, Shape};
use super::words::{IMPORTANCE, RESPONSE, SENSITIVITY, SHOW_AS};
use super::xml::Element;
use super::{item_id, recurrence, time, time_zone};
use crate::body_text;
use crate::mailbox::content::{Attendee, Body, Content, Moment, Person, Role};
use crate::mailbox::item::{Item, Occurrence};
use crate::mailbox::{Mailbox, Target};

/// An item or an occurrence with all that showing it needs.
pub struct CalendarItem<'a> {
    pub mailbox: &'a Mailbox,
    pub item: &'a Item,
    pub occurrence: Option<Occurrence>,
    pub context: &'a Context,
}

impl<'a> CalendarItem<'a> {
    /// What a target stands for, if it is there.
    pub fn find(mailbox: &'a Mailbox, target: Target, context: &'a Context) -> Option<Self> {
        let item = mailbox.item(target.key())?;
        let occurrence = match target {
            Target::Item(_) => None,
            Target::Occurrence(_, original) => Some(item.occurrence(original)?),
        };
        Some(Self {
            mailbox,
            item,
            occurrence,
            context,
        })
    }

    fn target(&self) -> Target {
        match &self.occurrence {
            None => Target::Item(self.item.key),
            Some(occurrence) => Target::Occurrence(self.item.key, occurrence.original),
        }
    }

    pub fn content(&self) -> &Content {
        match &self.occurrence {
            None => &self.item.content,
            Some(occurrence) => &occurrence.content,
        }
    }

    /// The element with the fields that the shape wants.
    pub fn show(&self, shape: &Shape) -> Element {
        let class = Class::CalendarItem;
        let mut shown = Element::types(class.element());
        for field in class.fields() {
            if field.name == fields::REPEATED {
                shown = shown.with_all(self.extended_properties(shape));
            } else if shape.wants(class, field) {
                shown = shown.with_all(self.field(field.name, shape));
            }
        }
        shown
    }

    /// Named properties stay with the master; occurrences show none.
    fn extended_properties(&self, shape: &Shape) -> Vec<Element> {
        let content = self.content();
        let asked = shape.paths.iter().filter_map(|path| match path {
            Path::Extended(field) => Some(field),
            Path::Field(_) | Path::Indexed { .. } => None,
        });
        asked
            .filter_map(|field| Some(field.show(content.property(&field.id)?)))
            .collect()
    }

    /// One field; nothing where the item has none.
    fn field(&self, name: &str, shape: &Shape) -> Option<Element> {
        let content = self.content();
        let text = |text: &str| Some(Element::text(name, text));
        let nonempty = |value: &str| if value.is_empty() { None } else { text(value) };
        let flag = |value: bool| text(if value { "true" } else { "false" });
        let at = |instant: DateTime<Utc>| text(&self.time(instant));
        let zone = |moment: &Moment| moment.zone.windows_names().0;
        match name {
            "MimeContent" => {
                let calendar = mime::calendar(self);
                let encoded = BASE64_STANDARD.encode(calendar);
                text(&encoded).map(|element| element.with_attribute("CharacterSet", "UTF-8"))
            }
            "ItemId" => Some(item_id::show(name, self.mailbox, self.target())),
            "ParentFolderId" => Some(folder::show_id(name, self.mailbox, self.item.folder)),
            "ItemClass" if self.occurrence.is_some() => text("IPM.Appointment.Occurrence"),
            "ItemClass" => text("IPM.Appointment"),
            "Subject" => nonempty(&content.subject),
            "Sensitivity" => text(SENSITIVITY.word(content.sensitivity)),
            "Body" => Some(body(name, &content.body, shape.body)),
            "TextBody" => Some(body(name, &content.body, BodyKind::Text)),
            "Categories" if content.categories.is_empty() => None,
            "Categories" => Some(
                Element::types(name).with_all(
                    content
                        .categories
                        .iter()
                        .map(|category| Element::text("String", category)),
                ),
            ),
            "Importance" => text(IMPORTANCE.word(content.importance)),
            "Size" => text(&(1024 + content.body.content.len()).to_string()),
            "DateTimeReceived" | "DateTimeSent" | "DateTimeCreated" => at(self.item.created),
            "IsSubmitted" | "IsDraft" | "IsFromMe" | "IsResend" | "IsUnmodified"
            | "HasAttachments" | "IsAssociated" => flag(false),
            "ReminderDueBy" => at(content.start.instant()),
            "ReminderIsSet" => flag(content.reminder_on),
            "ReminderMinutesBeforeStart" => text(&content.reminder_minutes.to_string()),
            "DisplayCc" => text(&names(content, Role::Optional)),
            "DisplayTo" => text(&names(content, Role::Required)),
            "Culture" => text("en-US"),
            "EffectiveRights" => Some(rights(name, !self.mailbox.access.read_only)),
            "LastModifiedName" => text(&self.mailbox.address),
            "LastModifiedTime" => at(self
                .occurrence
                .as_ref()
                .map_or(self.item.modified, |occurrence| occurrence.modified)),
            "UID" => text(&self.item.uid),
            "RecurrenceId" | "OriginalStart" => {
                let original = self.occurrence.as_ref()?.original;
                at(self.original_start(original))
            }
            "DateTimeStamp" => at(self.item.modified),
            "Start" => at(content.start.instant()),
            "End" => at(content.end.instant()),
            "IsAllDayEvent" => flag(content.all_day),
            "LegacyFreeBusyStatus" => text(SHOW_AS.word(content.show_as)),
            "Location" => nonempty(&content.location),
            "IsMeeting" => flag(is_meeting(content)),
            "IsCancelled" => flag(content.cancelled),
            "IsRecurring" => flag(self.occurrence.is_some()),
            "MeetingRequestWasSent" => flag(is_meeting(content) && content.is_organizer()),
            "IsResponseRequested" => flag(content.response_requested),
            "CalendarItemType" => text(self.kind()),
            "MyResponseType" => text(if is_meeting(content) {
                RESPONSE.word(content.response)
            } else {
                "Organizer"
            }),
            "Organizer" => Some(Element::types(name).with(mailbox(&content.organizer))),
            "RequiredAttendees" => attendees(name, content, Role::Required),
            "OptionalAttendees" => attendees(name, content, Role::Optional),
            "Resources" => attendees(name, content, Role::Resource),
            "Duration" => text(&time::duration(
                content.end.instant() - content.start.instant(),
            )),
            "TimeZone" => text(&content.start.zone.windows_names().1),
            "AppointmentSequenceNumber" => text("0"),
            "AppointmentState" => text(if content.cancelled {
                "5"
            } else if is_meeting(content) {
                "1"
            } else {
                "0"
            }),
            "StartTimeZone" => Some(time_zone::show(name, &content.start.zone)),
            "EndTimeZone" => Some(time_zone::show(name, &content.end.zone)),
            "StartWallClock" => text(&wall(content.start.wall)),
            "EndWallClock" => text(&wall(content.end.wall)),
            "StartTimeZoneId" => text(&zone(&content.start)),
            "EndTimeZoneId" => text(&zone(&content.end)),
            "ConferenceType" => text("0"),
            "AllowNewTimeProposal" => flag(content.allow_new_time_proposals),
            "IsOnlineMeeting" => flag(content.join_url.is_some()),
            "JoinOnlineMeetingUrl" => text(content.join_url.as_ref()?),
            "IsOrganizer" => flag(content.is_organizer()),
            "Recurrence"
            | "FirstOccurrence"
            | "LastOccurrence"
            | "ModifiedOccurrences"
            | "DeletedOccurrences" => self.of_series(name),
            _ => None,
        }
    }

    /// What only a master has.
    fn of_series(&self, name: &str) -> Option<Element> {
        let series = self
            .item
            .series
            .as_ref()
            .filter(|_| self.occurrence.is_none())?;
        let there = |original: &NaiveDateTime| !series.deleted.contains(original);
        match name {
            "Recurrence" => Some(recurrence::show(&series.recurrence)),
            "FirstOccurrence" => {
                let originals = item_id::all_originals(self.item);
                self.occurrence_info(name, originals.into_iter().find(there)?)
            }
            "LastOccurrence" => {
                if series.recurrence.end == crate::mailbox::recurrence::End::Never {
                    return None;
                }
                let originals = item_id::all_originals(self.item);
                self.occurrence_info(name, originals.into_iter().rfind(there)?)
            }
            "ModifiedOccurrences" => {
                let infos: Vec<Element> = series
                    .exceptions
                    .keys()
                    .filter_map(|original| self.occurrence_info("Occurrence", *original))
                    .collect();
                (!infos.is_empty()).then(|| Element::types(name).with_all(infos))
            }
            _ if series.deleted.is_empty() => None,
            _ => Some(
                Element::types(name).with_all(series.deleted.iter().map(|original| {
                    let start = self.time(self.original_start(*original));
                    Element::types("DeletedOccurrence").with(Element::text("Start", start))
                })),
            ),
        }
    }

    fn occurrence_info(&self, name: &str, original: NaiveDateTime) -> Option<Element> {
        let occurrence = self.item.occurrence(original)?;
        let target = Target::Occurrence(self.item.key, original);
        let at = |name: &str, instant| Element::text(name, self.time(instant));
        Some(
            Element::types(name)
                .with(item_id::show("ItemId", self.mailbox, target))
                .with(at("Start", occurrence.content.start.instant()))
                .with(at("End", occurrence.content.end.instant()))
                .with(at("OriginalStart", self.original_start(original))),
        )
    }

    pub fn kind(&self) -> &'static str {
        match &self.occurrence {
            Some(occurrence) if occurrence.exception => "Exception",
            Some(_) => "Occurrence",
            None if self.item.series.is_some() => "RecurringMaster",
            None => "Single",
        }
    }

    fn original_start(&self, original: NaiveDateTime) -> DateTime<Utc> {
        self.item.content.start.zone.instant(original)
    }

    fn time(&self, at: DateTime<Utc>) -> String {
        time::show(at, &self.content().start.zone, self.context)
    }
}

fn is_meeting(content: &Content) -> bool {
    !content.attendees.is_empty() || !content.is_organizer()
}

fn wall(time: NaiveDateTime) -> String {
    time.format("%Y-%m-%dT%H:%M:%S").to_string()
}

/// A body in the form that is asked for.
pub fn body(name: &str, body: &Body, kind: BodyKind) -> Element {
    let html = match kind {
        BodyKind::Best => body.html,
        BodyKind::Html => true,
        BodyKind::Text => false,
    };
    let text = match (body.html, html) {
        _ if body.content.is_empty() => String::new(),
        (true, true) => body_text::document(&body.content),
        (true, false) => body_text::html_to_text(&body.content),
        (false, true) => body_text::text_to_html(&body.content),
        (false, false) => body_text::with_crlf(&body.content),
    };
    let form = if html { "HTML" } else { "Text" };
    Element::text(name, text).with_attribute("BodyType", form)
}

fn mailbox(person: &Person) -> Element {
    Element::types("Mailbox")
        .with(Element::text("Name", &person.name))
        .with(Element::text("EmailAddress", &person.address))
        .with(Element::text("RoutingType", "SMTP"))
        .with(Element::text("MailboxType", "Mailbox"))
}

fn of_role(content: &Content, role: Role) -> Vec<&Attendee> {
    content
        .attendees
        .iter()
        .filter(|attendee| attendee.role == role)
        .collect()
}

fn names(content: &Content, role: Role) -> String {
    let names: Vec<&str> = of_role(content, role)
        .iter()
        .map(|attendee| attendee.person.name.as_str())
        .collect();
    names.join("; ")
}

fn attendees(name: &str, content: &Content, role: Role) -> Option<Element> {
    let attendees = of_role(content, role);
    let shown = attendees.iter().map(|attendee| {
        Element::types("Attendee")
            .with(mailbox(&attendee.person))
            .with(Element::text(
                "ResponseType",
                RESPONSE.word(attendee.response),
            ))
    });
    (!attendees.is_empty()).then(|| Element::types(name).with_all(shown))
}
