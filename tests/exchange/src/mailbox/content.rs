//! What a calendar item says: the fields that a person or a program may write.
//!
//! An item has one [`Content`]; an exception of a series has its own. A [`Draft`] names only the fields to be written; both
//! faces and people in Outlook write through it, so the rules of writing stand in one place ([`Draft::apply`]).

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use super::recurrence::Recurrence;
use crate::zone::Zone;

/// A wall time in a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    pub wall: NaiveDateTime,
    pub zone: Zone,
}

impl Moment {
    pub fn new(wall: NaiveDateTime, zone: Zone) -> Self {
        Self { wall, zone }
    }

    pub fn instant(&self) -> DateTime<Utc> {
        self.zone.instant(self.wall)
    }
}

/// Text, plain or HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    pub html: bool,
    pub content: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShowAs {
    Free,
    Tentative,
    Busy,
    OutOfOffice,
    WorkingElsewhere,
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensitivity {
    Normal,
    Personal,
    Private,
    Confidential,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Importance {
    Low,
    Normal,
    High,
}

/// What somebody answered to an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Response {
    None,
    Organizer,
    TentativelyAccepted,
    Accepted,
    Declined,
    NotResponded,
}

/// A name with an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub address: String,
}

impl Person {
    /// Somebody known by the address alone.
    pub fn at(address: &str) -> Self {
        Self {
            name: address.to_owned(),
            address: address.to_owned(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Required,
    Optional,
    Resource,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attendee {
    pub person: Person,
    pub role: Role,
    pub response: Response,
}

impl Attendee {
    /// Somebody whose presence is asked for and who has not answered.
    pub fn required(address: &str) -> Self {
        Self {
            person: Person::at(address),
            role: Role::Required,
            response: Response::None,
        }
    }
}

/// A named property of a program. Names and values compare without case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    pub id: String,
    pub value: String,
}

/// The fields of one item or exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub subject: String,
    pub body: Body,
    pub start: Moment,
    pub end: Moment,
    pub all_day: bool,
    pub location: String,
    pub show_as: ShowAs,
    pub sensitivity: Sensitivity,
    pub importance: Importance,
    pub categories: Vec<String>,
    pub reminder_on: bool,
    pub reminder_minutes: i32,
    pub response_requested: bool,
    pub allow_new_time_proposals: bool,
    pub hide_attendees: bool,
    pub attendees: Vec<Attendee>,
    pub organizer: Person,
    pub response: Response,
    pub cancelled: bool,
    /// The link by which an online meeting is joined. It stands in the body too, so that rewriting the body may lose it.
    pub join_url: Option<String>,
    pub properties: BTreeMap<String, Property>,
}

impl Content {
    /// What Exchange fills in where nobody says otherwise.
    pub fn new(start: Moment, end: Moment, organizer: Person) -> Self {
        Self {
            subject: String::new(),
            body: Body {
                html: true,
                content: String::new(),
            },
            start,
            end,
            all_day: false,
            location: String::new(),
            show_as: ShowAs::Busy,
            sensitivity: Sensitivity::Normal,
            importance: Importance::Normal,
            categories: Vec::new(),
            reminder_on: true,
            reminder_minutes: 15,
            response_requested: true,
            allow_new_time_proposals: true,
            hide_attendees: false,
            attendees: Vec::new(),
            organizer,
            response: Response::Organizer,
            cancelled: false,
            join_url: None,
            properties: BTreeMap::new(),
        }
    }

    /// Whether any part lies between the two instants. What ends exactly at the first one does not.
    pub fn overlaps(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> bool {
        let (start, end) = (self.start.instant(), self.end.instant());
        start < to && (end > from || (start == end && start >= from))
    }

    /// Whether the owner of the mailbox called this meeting.
    pub fn is_organizer(&self) -> bool {
        self.response == Response::Organizer
    }

    /// The property of this name.
    pub fn property(&self, id: &str) -> Option<&Property> {
        self.properties.get(&id.to_lowercase())
    }
}

/// Why a write was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    #[error("an event needs a start and an end")]
    NoTime,
    #[error("the end lies before the start")]
    EndBeforeStart,
    #[error("the {0} of an all-day event needs to be set to midnight")]
    NotMidnight(&'static str),
    #[error("an all-day event lasts at least a day")]
    NoWholeDay,
    #[error("the occurrence would reach the day of its neighbour")]
    CrossesBoundary,
    #[error("an occurrence cannot repeat")]
    OccurrenceRepeats,
    #[error("the pattern gives no date")]
    EmptyPattern,
    #[error("there is no such item")]
    NotFound,
    #[error("there is no mailbox {0}")]
    NoMailbox(String),
    #[error("the id is malformed")]
    MalformedId,
    #[error("{0}")]
    Malformed(String),
}

/// The fields to be written; what is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Only of a new item; an existing one keeps its own.
    pub uid: Option<String>,
    pub subject: Option<String>,
    pub body: Option<Body>,
    pub start: Option<Moment>,
    pub end: Option<Moment>,
    pub all_day: Option<bool>,
    pub location: Option<String>,
    pub show_as: Option<ShowAs>,
    pub sensitivity: Option<Sensitivity>,
    pub importance: Option<Importance>,
    pub categories: Option<Vec<String>>,
    pub reminder_on: Option<bool>,
    pub reminder_minutes: Option<i32>,
    pub response_requested: Option<bool>,
    pub allow_new_time_proposals: Option<bool>,
    pub hide_attendees: Option<bool>,
    pub attendees: Option<Vec<Attendee>>,
    pub organizer: Option<Person>,
    pub response: Option<Response>,
    pub join_url: Option<Option<String>>,
    pub properties: Vec<Property>,
    /// The ids of properties to be taken away.
    pub removed_properties: Vec<String>,
    /// `Some(None)` takes the repetition away.
    pub recurrence: Option<Option<Recurrence>>,
}

impl Draft {
    /// An item from one wall time to another, in a zone.
    pub fn new(subject: &str, start: NaiveDateTime, end: NaiveDateTime, zone: &Zone) -> Self {
        Self {
            subject: Some(subject.to_owned()),
            start: Some(Moment::new(start, zone.clone())),
            end: Some(Moment::new(end, zone.clone())),
            ..Self::default()
        }
    }

    /// An all-day item from `first` to the day before `after`.
    pub fn all_day(subject: &str, first: NaiveDate, after: NaiveDate, zone: &Zone) -> Self {
        Self {
            all_day: Some(true),
            ..Self::new(
                subject,
                first.and_time(NaiveTime::MIN),
                after.and_time(NaiveTime::MIN),
                zone,
            )
        }
    }

    /// A move and nothing else.
    pub fn to(start: NaiveDateTime, end: NaiveDateTime, zone: &Zone) -> Self {
        Self {
            subject: None,
            ..Self::new("", start, end, zone)
        }
    }

    /// Invites these addresses.
    pub fn inviting(mut self, addresses: &[&str]) -> Self {
        self.attendees = Some(
            addresses
                .iter()
                .map(|address| Attendee::required(address))
                .collect(),
        );
        self
    }

    /// Repeats.
    pub fn repeating(mut self, recurrence: Recurrence) -> Self {
        self.recurrence = Some(Some(recurrence));
        self
    }

    /// Whether the fields ask for another time.
    pub fn moves(&self) -> bool {
        self.start.is_some() || self.end.is_some() || self.all_day.is_some()
    }

    /// Writes the fields into `content`, or says why not and leaves it half written: apply it to a copy.
    pub fn apply(&self, content: &mut Content) -> Result<(), WriteError> {
        fn put<T: Clone>(field: &mut T, value: Option<&T>) {
            if let Some(value) = value {
                value.clone_into(field);
            }
        }
        put(&mut content.subject, self.subject.as_ref());
        put(&mut content.body, self.body.as_ref());
        put(&mut content.start, self.start.as_ref());
        put(&mut content.end, self.end.as_ref());
        put(&mut content.all_day, self.all_day.as_ref());
        put(&mut content.location, self.location.as_ref());
        put(&mut content.show_as, self.show_as.as_ref());
        put(&mut content.sensitivity, self.sensitivity.as_ref());
        put(&mut content.importance, self.importance.as_ref());
        put(&mut content.categories, self.categories.as_ref());
        put(&mut content.reminder_on, self.reminder_on.as_ref());
        put(
            &mut content.reminder_minutes,
            self.reminder_minutes.as_ref(),
        );
        put(
            &mut content.response_requested,
            self.response_requested.as_ref(),
        );
        put(
            &mut content.allow_new_time_proposals,
            self.allow_new_time_proposals.as_ref(),
        );
        put(&mut content.hide_attendees, self.hide_attendees.as_ref());
        put(&mut content.attendees, self.attendees.as_ref());
        put(&mut content.organizer, self.organizer.as_ref());
        put(&mut content.response, self.response.as_ref());
        put(&mut content.join_url, self.join_url.as_ref());
        for id in &self.removed_properties {
            content.properties.remove(&id.to_lowercase());
        }
        for property in &self.properties {
            content
                .properties
                .insert(property.id.to_lowercase(), property.clone());
        }
        if self.moves() {
            check_time(content)
        } else {
            Ok(())
        }
    }
}

fn check_time(content: &mut Content) -> Result<(), WriteError> {
    if content.end.instant() < content.start.instant() {
        return Err(WriteError::EndBeforeStart);
    }
    if !content.all_day {
        return Ok(());
    }
    for (name, moment) in [("start", &content.start), ("end", &content.end)] {
        if moment.wall.time() != NaiveTime::MIN {
            return Err(WriteError::NotMidnight(name));
        }
    }
    if content.end.wall.date() < content.start.wall.date() + Days::new(1) {
        return Err(WriteError::NoWholeDay);
    }
    Ok(())
}
