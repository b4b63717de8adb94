//! `GetUserAvailability`: the rules of the zone in which the mailbox's owner works, without its name.

use serde::Deserialize;
use sync::contract::Instant;

use super::message::Message;
use crate::event::time;
use crate::xml::Element;

/// How long the asked stretch is, in microseconds: a day, which is the least that servers take.
const DAY: i64 = 86_400_000_000;

/// The request for a mailbox's working hours, which carry the zone.
#[must_use]
pub fn request(mailbox: &str, now: Instant) -> Element {
    let change = |name, bias: &str| {
        Element::holding(
            name,
            [
                Element::text("t:Bias", bias),
                Element::text("t:Time", "00:00:00"),
                Element::text("t:DayOrder", "0"),
                Element::text("t:Month", "0"),
                Element::text("t:DayOfWeek", "Sunday"),
            ],
        )
    };
    let end = Instant {
        microseconds: now.microseconds.saturating_add(DAY),
    };
    let wall = |instant| time::utc(instant).trim_end_matches('Z').to_owned();
    Element::holding(
        "m:GetUserAvailabilityRequest",
        [
            // UTC: the window below is written in it.
            Element::holding(
                "t:TimeZone",
                [
                    Element::text("t:Bias", "0"),
                    change("t:StandardTime", "0"),
                    change("t:DaylightTime", "0"),
                ],
            ),
            Element::holding(
                "m:MailboxDataArray",
                [Element::holding(
                    "t:MailboxData",
                    [
                        Element::holding("t:Email", [Element::text("t:Address", mailbox)]),
                        Element::text("t:AttendeeType", "Required"),
                    ],
                )],
            ),
            Element::holding(
                "t:FreeBusyViewOptions",
                [
                    Element::holding(
                        "t:TimeWindow",
                        [
                            Element::text("t:StartTime", &wall(now)),
                            Element::text("t:EndTime", &wall(end)),
                        ],
                    ),
                    Element::text("t:MergedFreeBusyIntervalInMinutes", "60"),
                    Element::text("t:RequestedView", "DetailedMerged"),
                ],
            ),
        ],
    )
}

/// The answer.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    free_busy_response_array: FreeBusyResponses,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct FreeBusyResponses {
    free_busy_response: Vec<FreeBusyResponse>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct FreeBusyResponse {
    response_message: Message,
    free_busy_view: FreeBusyView,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct FreeBusyView {
    working_hours: WorkingHours,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct WorkingHours {
    time_zone: Option<Rules>,
}

/// `SerializableTimeZone`: biases are minutes that are added to a local time to get UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Rules {
    pub bias: String,
    pub standard_time: Change,
    pub daylight_time: Change,
}

/// `SerializableTimeZoneTime`: when a half of the year begins, and what it adds to the bias.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Change {
    pub bias: String,
    pub month: String,
}

impl Response {
    /// The rules of the zone; none where the server does not tell them.
    #[must_use]
    pub fn rules(self) -> Option<Rules> {
        let first = self.free_busy_response_array.free_busy_response.into_iter();
        let mut good = first.filter(|one| one.response_message.is_good());
        good.next()?.free_busy_view.working_hours.time_zone
    }
}
