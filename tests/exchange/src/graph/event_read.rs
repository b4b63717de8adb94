//! An event as Graph shows it: one item, or one occurrence of a series, in the reader's zone and kind of body.
//!
//! All-day events come as midnight to midnight labelled with the preferred zone, whatever their own zone is. Occurrences have no
//! named properties of their own; the master keeps them.

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::call::Prefer;
use super::names::Named;
use super::{etag, recurrence};
use crate::mailbox::content::{Body, Content, Moment, Person};
use crate::mailbox::item::{Item, Occurrence};
use crate::mailbox::{Mailbox, Target};
use crate::{body_text, id};

/// The properties of an event in v1.0.
pub const PROPERTIES: &[&str] = &[
    "id",
    "categories",
    "changeKey",
    "createdDateTime",
    "lastModifiedDateTime",
    "allowNewTimeProposals",
    "attendees",
    "body",
    "bodyPreview",
    "cancelledOccurrences",
    "end",
    "hasAttachments",
    "hideAttendees",
    "iCalUId",
    "importance",
    "isAllDay",
    "isCancelled",
    "isDraft",
    "isOnlineMeeting",
    "isOrganizer",
    "isReminderOn",
    "location",
    "locations",
    "onlineMeeting",
    "onlineMeetingProvider",
    "onlineMeetingUrl",
    "organizer",
    "originalEndTimeZone",
    "originalStart",
    "originalStartTimeZone",
    "recurrence",
    "reminderMinutesBeforeStart",
    "responseRequested",
    "responseStatus",
    "sensitivity",
    "seriesMasterId",
    "showAs",
    "start",
    "subject",
    "transactionId",
    "type",
    "webLink",
];

/// An item or an occurrence with all that showing it needs.
pub struct Shown<'a> {
    pub mailbox: &'a Mailbox,
    pub item: &'a Item,
    pub occurrence: Option<&'a Occurrence>,
}

impl Shown<'_> {
    pub fn target(&self) -> Target {
        match self.occurrence {
            None => Target::Item(self.item.key),
            Some(occurrence) => Target::Occurrence(self.item.key, occurrence.original),
        }
    }

    pub fn content(&self) -> &Content {
        self.occurrence
            .map_or(&self.item.content, |occurrence| &occurrence.content)
    }

    pub fn version(&self) -> u64 {
        self.occurrence
            .map_or(self.item.version, |occurrence| occurrence.version)
    }

    fn id(&self, prefer: &Prefer) -> String {
        id::of(self.mailbox, self.target(), id::form(prefer.immutable_ids))
    }

    fn master_id(&self, prefer: &Prefer) -> String {
        id::of(
            self.mailbox,
            Target::Item(self.item.key),
            id::form(prefer.immutable_ids),
        )
    }

    fn kind(&self) -> &'static str {
        match self.occurrence {
            Some(occurrence) if occurrence.exception => "exception",
            Some(_) => "occurrence",
            None if self.item.series.is_some() => "seriesMaster",
            None => "singleInstance",
        }
    }

    /// What a delta says of an occurrence that is as its master makes it.
    pub fn brief(&self, prefer: &Prefer) -> Value {
        json!({
            "@odata.type": "#microsoft.graph.event",
            "@odata.etag": etag::etag(self.mailbox, self.version()),
            "id": self.id(prefer),
            "seriesMasterId": self.master_id(prefer),
            "type": self.kind(),
            "start": self.time(&self.content().start, prefer),
            "end": self.time(&self.content().end, prefer),
        })
    }

    /// All properties that come unasked.
    pub fn full(&self, prefer: &Prefer) -> Map<String, Value> {
        let content = self.content();
        let id = self.id(prefer);
        let modified = self
            .occurrence
            .map_or(self.item.modified, |occurrence| occurrence.modified);
        let join = content
            .join_url
            .as_ref()
            .map(|url| json!({ "joinUrl": url }));
        let recurrence = match (self.occurrence, &self.item.series) {
            (None, Some(series)) => recurrence::show(&series.recurrence, content.start.zone.name()),
            _ => Value::Null,
        };
        let mut event = Map::new();
        let mut put = |name: &str, value: Value| {
            event.insert(name.to_owned(), value);
        };
        put(
            "@odata.etag",
            etag::etag(self.mailbox, self.version()).into(),
        );
        put(
            "changeKey",
            id::change_key(self.mailbox, self.version()).into(),
        );
        put("createdDateTime", instant(self.item.created).into());
        put("lastModifiedDateTime", instant(modified).into());
        put("categories", json!(content.categories));
        put("transactionId", json!(self.item.transaction));
        put("originalStartTimeZone", content.start.zone.name().into());
        put("originalEndTimeZone", content.end.zone.name().into());
        put("iCalUId", self.uid().into());
        put(
            "reminderMinutesBeforeStart",
            content.reminder_minutes.into(),
        );
        put("isReminderOn", content.reminder_on.into());
        put("hasAttachments", false.into());
        put("hideAttendees", content.hide_attendees.into());
        put("subject", content.subject.as_str().into());
        put("bodyPreview", preview(&content.body).into());
        put("importance", content.importance.word().into());
        put("sensitivity", content.sensitivity.word().into());
        put("isAllDay", content.all_day.into());
        put("isCancelled", content.cancelled.into());
        put("isDraft", false.into());
        put("isOrganizer", content.is_organizer().into());
        put("responseRequested", content.response_requested.into());
        put("showAs", content.show_as.word().into());
        put("type", self.kind().into());
        put(
            "webLink",
            format!("https://outlook.office365.com/owa/?itemid={id}&exvsurl=1&path=/calendar/item")
                .into(),
        );
        put("onlineMeetingUrl", Value::Null);
        put("isOnlineMeeting", join.is_some().into());
        put(
            "onlineMeetingProvider",
            if join.is_some() {
                "teamsForBusiness"
            } else {
                "unknown"
            }
            .into(),
        );
        put("onlineMeeting", join.unwrap_or_default());
        put(
            "allowNewTimeProposals",
            content.allow_new_time_proposals.into(),
        );
        put("recurrence", recurrence);
        put("responseStatus", response(content.response.word()));
        put("body", body(&content.body, prefer.text_bodies));
        put("start", self.time(&content.start, prefer));
        put("end", self.time(&content.end, prefer));
        put("location", location(&content.location));
        put("locations", locations(&content.location));
        put("attendees", attendees(content));
        put("organizer", address(&content.organizer));
        match self.occurrence {
            None => put("seriesMasterId", Value::Null),
            Some(occurrence) => {
                put("seriesMasterId", self.master_id(prefer).into());
                put(
                    "originalStart",
                    instant(self.original_start(occurrence.original)).into(),
                );
            }
        }
        put("id", id.into());
        event
    }

    /// The cancelled occurrences of a master, as `OID.{master}.{date}`.
    pub fn cancelled_occurrences(&self, prefer: &Prefer) -> Option<Value> {
        let series = self
            .item
            .series
            .as_ref()
            .filter(|_| self.occurrence.is_none())?;
        let master = self.master_id(prefer);
        let ids = series
            .deleted
            .iter()
            .map(|original| format!("OID.{master}.{}", original.date()));
        Some(ids.collect::<Vec<_>>().into())
    }

    /// The start that the pattern gave, a true instant also for all-day series.
    fn original_start(&self, original: NaiveDateTime) -> DateTime<Utc> {
        self.item.content.start.zone.instant(original)
    }

    /// Occurrences carry their date in the series' UID where the UID has room for it.
    fn uid(&self) -> String {
        let uid = &self.item.uid;
        let (Some(occurrence), Some((head, tail))) = (self.occurrence, uid.split_at_checked(32))
        else {
            return uid.clone();
        };
        let (true, Some(rest)) = (
            uid.starts_with("040000008200E00074C5B7101A82E008"),
            tail.get(8..),
        ) else {
            return uid.clone();
        };
        let date = occurrence.original.date();
        let month_and_day = chrono::Datelike::month(&date) << 8 | chrono::Datelike::day(&date);
        format!(
            "{head}{:04X}{month_and_day:04X}{rest}",
            chrono::Datelike::year(&date)
        )
    }

    fn time(&self, moment: &Moment, prefer: &Prefer) -> Value {
        let wall = if self.content().all_day {
            moment.wall
        } else {
            prefer.zone.wall(moment.instant())
        };
        json!({ "dateTime": wall.format("%Y-%m-%dT%H:%M:%S.0000000").to_string(), "timeZone": prefer.zone.name() })
    }
}

/// An instant as Graph writes it.
pub fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
        .replace('Z', ".0000000Z")
}

fn response(word: &str) -> Value {
    json!({ "response": word, "time": "0001-01-01T00:00:00Z" })
}

fn address(person: &Person) -> Value {
    json!({ "emailAddress": { "name": person.name, "address": person.address } })
}

fn attendees(content: &Content) -> Value {
    let list = content.attendees.iter().map(|attendee| {
        json!({
            "type": attendee.role.word(),
            "status": response(attendee.response.word()),
            "emailAddress": { "name": attendee.person.name, "address": attendee.person.address },
        })
    });
    list.collect()
}

fn location(name: &str) -> Value {
    if name.is_empty() {
        return json!({
            "displayName": "", "locationType": "default", "uniqueIdType": "unknown", "address": {}, "coordinates": {},
        });
    }
    json!({ "displayName": name, "locationType": "default", "uniqueId": name, "uniqueIdType": "private" })
}

fn locations(names: &str) -> Value {
    names
        .split("; ")
        .filter(|name| !name.is_empty())
        .map(location)
        .collect()
}

fn body(body: &Body, as_text: bool) -> Value {
    let content = match (body.html, as_text) {
        (true, true) => body_text::html_to_text(&body.content),
        (false, true) => body_text::with_crlf(&body.content),
        (true, false) => body_text::document(&body.content),
        (false, false) => body_text::text_to_html(&body.content),
    };
    let kind = if as_text { "text" } else { "html" };
    json!({ "contentType": kind, "content": if body.content.is_empty() { "" } else { &content } })
}

fn preview(body: &Body) -> String {
    let text = if body.html {
        body_text::html_to_text(&body.content)
    } else {
        body_text::with_crlf(&body.content)
    };
    text.chars().take(255).collect()
}
