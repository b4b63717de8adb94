//! What a client writes into a calendar item, as a [`Draft`].
//!
//! Times without an offset are in the item's zone where it is written along, else in that of the request's header, else UTC.
//! Whole days go from midnight to midnight of the item's zone: starts go back to it, ends forward. A zone that is written alone
//! keeps the wall time and so moves the item.

use chrono::{Days, NaiveTime};

use super::context::Context;
use super::path;
use super::refusal::Refusal;
use super::sequence::{flag, number};
use super::time::Stamp;
use super::words::{IMPORTANCE, SENSITIVITY, SHOW_AS};
use super::xml::Element;
use super::{recurrence, time_zone};
use crate::mailbox::content::{Attendee, Body, Content, Draft, Moment, Person, Response, Role};
use crate::zone::Zone;

/// Fields to be written, collected one by one.
#[derive(Clone, Debug, Default)]
pub struct Writing {
    draft: Draft,
    start: Option<Stamp>,
    end: Option<Stamp>,
    start_zone: Option<Zone>,
    end_zone: Option<Zone>,
    attendees: Vec<(Role, Vec<Attendee>)>,
    appended: Option<Body>,
}

impl Writing {
    /// All fields of an item that is to be made.
    pub fn of_item(item: &Element) -> Result<Self, Refusal> {
        let mut writing = Self::default();
        for field in &item.children {
            writing.set(field)?;
        }
        Ok(writing)
    }

    /// Writes a field.
    pub fn set(&mut self, field: &Element) -> Result<(), Refusal> {
        let text = field.text.as_str();
        let draft = &mut self.draft;
        match field.name.as_str() {
            "ItemClass" if text == "IPM.Appointment" => {}
            "Subject" => draft.subject = Some(text.to_owned()),
            "Sensitivity" => draft.sensitivity = Some(SENSITIVITY.read(text)?),
            "Body" => draft.body = Some(read_body(field)),
            "Categories" => {
                let categories = field.children.iter();
                draft.categories = Some(categories.map(|category| category.text.clone()).collect());
            }
            "Importance" => draft.importance = Some(IMPORTANCE.read(text)?),
            "ReminderIsSet" => draft.reminder_on = Some(flag(&field.name, text)?),
            "ReminderMinutesBeforeStart" => {
                draft.reminder_minutes = Some(number(&field.name, text)?);
            }
            "ExtendedProperty" => draft.properties.push(path::written(field)?),
            "UID" => draft.uid = Some(text.to_owned()),
            "Start" => self.start = Some(Stamp::read(&field.name, text)?),
            "End" => self.end = Some(Stamp::read(&field.name, text)?),
            "IsAllDayEvent" => draft.all_day = Some(flag(&field.name, text)?),
            "LegacyFreeBusyStatus" => draft.show_as = Some(SHOW_AS.read(text)?),
            "Location" => draft.location = Some(text.to_owned()),
            "IsResponseRequested" => draft.response_requested = Some(flag(&field.name, text)?),
            "RequiredAttendees" => self.invite(Role::Required, field),
            "OptionalAttendees" => self.invite(Role::Optional, field),
            "Resources" => self.invite(Role::Resource, field),
            "Recurrence" => draft.recurrence = Some(Some(recurrence::read(field)?)),
            "StartTimeZone" => self.start_zone = Some(time_zone::read(field)?),
            "EndTimeZone" => self.end_zone = Some(time_zone::read(field)?),
            "AllowNewTimeProposal" => {
                draft.allow_new_time_proposals = Some(flag(&field.name, text)?);
            }
            "ConferenceType" | "IsOnlineMeeting" => {}
            _ => {
                return Err(Refusal::new(
                    "ErrorInvalidPropertySet",
                    format!("Set action is invalid for property '{}'.", field.name),
                ));
            }
        }
        Ok(())
    }

    /// Takes a field out.
    pub fn clear(&mut self, field: &str) -> Result<(), Refusal> {
        let draft = &mut self.draft;
        match field {
            "item:Subject" => draft.subject = Some(String::new()),
            "item:Body" => draft.body = Some(Body::default()),
            "item:Categories" => draft.categories = Some(Vec::new()),
            "item:ReminderMinutesBeforeStart" => draft.reminder_minutes = Some(15),
            "item:ReminderIsSet" => draft.reminder_on = Some(false),
            "calendar:Location" => draft.location = Some(String::new()),
            "calendar:RequiredAttendees" => self.attendees.push((Role::Required, Vec::new())),
            "calendar:OptionalAttendees" => self.attendees.push((Role::Optional, Vec::new())),
            "calendar:Resources" => self.attendees.push((Role::Resource, Vec::new())),
            "calendar:Recurrence" => draft.recurrence = Some(None),
            other => {
                return Err(Refusal::new(
                    "ErrorInvalidPropertyDelete",
                    format!("Delete action is invalid for property '{other}'."),
                ));
            }
        }
        Ok(())
    }

    /// Takes a named property out.
    pub fn clear_property(&mut self, id: &str) {
        self.draft.removed_properties.push(id.to_owned());
    }

    /// Adds to what a field says.
    pub fn append(&mut self, field: &Element) -> Result<(), Refusal> {
        if field.name != "Body" {
            return Err(Refusal::new(
                "ErrorInvalidPropertyAppend",
                format!("Append action is invalid for property '{}'.", field.name),
            ));
        }
        self.appended = Some(read_body(field));
        Ok(())
    }

    fn invite(&mut self, role: Role, field: &Element) {
        let attendees = field.children.iter().map(|one| attendee(one, role));
        self.attendees.push((role, attendees.collect()));
    }

    /// The draft of a new item in a mailbox of this zone.
    pub fn create(mut self, mailbox_zone: &Zone, context: &Context) -> Draft {
        let all_day = self.draft.all_day == Some(true);
        let start_zone = self.start_zone.take().or_else(|| context.zone.clone());
        let zone = start_zone.unwrap_or_else(|| {
            if all_day {
                mailbox_zone.clone()
            } else {
                Zone::utc()
            }
        });
        let end_zone = self.end_zone.take().unwrap_or_else(|| zone.clone());
        let mut start = self.start.map(|stamp| stamp.moment(&zone, &zone));
        let mut end = self.end.map(|stamp| stamp.moment(&end_zone, &end_zone));
        if all_day {
            start = start.map(|moment| back_to_midnight(&moment));
            end = end.map(|moment| forward_to_midnight(&moment));
        }
        self.draft.start = start;
        self.draft.end = end;
        self.draft.attendees = self.merged_attendees(&[]);
        self.draft
    }

    /// The draft of a change of an item that says `now`.
    pub fn update(mut self, now: &Content, context: &Context) -> Draft {
        let zones = [&self.start_zone, &self.end_zone];
        let header = context.zone.clone().unwrap_or_else(Zone::utc);
        let written = |stamp: Option<Stamp>, zone: Option<&Zone>, now: &Moment| {
            let own = zone.unwrap_or(&now.zone);
            match stamp {
                Some(stamp) => Some(stamp.moment(own, zone.unwrap_or(&header))),
                None => zone.map(|zone| Moment::new(now.wall, zone.clone())),
            }
        };
        let [start_zone, end_zone] = zones.map(Option::as_ref);
        let mut start = written(self.start, start_zone, &now.start);
        let mut end = written(self.end, end_zone.or(start_zone), &now.end);
        if self.draft.all_day.unwrap_or(now.all_day) {
            let moved = start.is_some() || end.is_some() || self.draft.all_day.is_some();
            if moved {
                start = Some(back_to_midnight(start.as_ref().unwrap_or(&now.start)));
                end = Some(forward_to_midnight(end.as_ref().unwrap_or(&now.end)));
            }
        }
        self.draft.start = start;
        self.draft.end = end;
        self.draft.attendees = self.merged_attendees(&now.attendees);
        if let Some(appended) = self.appended.take() {
            let mut body = self.draft.body.take().unwrap_or_else(|| now.body.clone());
            body.content.push_str(&appended.content);
            self.draft.body = Some(body);
        }
        self.draft
    }

    /// Those of each role that was written replace those who had it.
    fn merged_attendees(&self, now: &[Attendee]) -> Option<Vec<Attendee>> {
        if self.attendees.is_empty() {
            return None;
        }
        let mut merged = now.to_vec();
        for (role, written) in &self.attendees {
            merged.retain(|attendee| attendee.role != *role);
            merged.extend(written.iter().cloned().map(|attendee| {
                let known = now
                    .iter()
                    .find(|known| known.person.address == attendee.person.address);
                Attendee {
                    response: known.map_or(attendee.response, |known| known.response),
                    ..attendee
                }
            }));
        }
        Some(merged)
    }
}

fn back_to_midnight(moment: &Moment) -> Moment {
    Moment::new(
        moment.wall.date().and_time(NaiveTime::MIN),
        moment.zone.clone(),
    )
}

fn forward_to_midnight(moment: &Moment) -> Moment {
    let whole = moment.wall.time() == NaiveTime::MIN;
    let date = moment.wall.date() + Days::new(u64::from(!whole));
    Moment::new(date.and_time(NaiveTime::MIN), moment.zone.clone())
}

fn read_body(field: &Element) -> Body {
    Body {
        html: field.attribute("BodyType") == Some("HTML"),
        content: field.text.clone(),
    }
}

fn attendee(element: &Element, role: Role) -> Attendee {
    let part = |name| {
        element
            .child("Mailbox")
            .and_then(|mailbox| mailbox.child_text(name))
            .map(ToOwned::to_owned)
    };
    let address = part("EmailAddress").unwrap_or_default();
    Attendee {
        person: Person {
            name: part("Name").unwrap_or_else(|| address.clone()),
            address,
        },
        role,
        response: Response::None,
    }
}
