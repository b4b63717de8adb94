//! The words that EWS uses for the values of the model.

use chrono::Weekday;

use super::refusal::Refusal;
use super::sequence::invalid;
use crate::mailbox::content::{Importance, Response, Sensitivity, ShowAs};
use crate::mailbox::recurrence::Index;

/// A closed set of values with their words. Of several words for one value the first is written.
pub struct Words<T: 'static> {
    /// The element that holds such a word.
    element: &'static str,
    words: &'static [(T, &'static str)],
}

impl<T: Copy + PartialEq> Words<T> {
    pub fn word(&self, value: T) -> &'static str {
        let found = self.words.iter().find(|(known, _)| *known == value);
        found.map_or("", |(_, word)| *word)
    }

    pub fn read(&self, word: &str) -> Result<T, Refusal> {
        let found = self.words.iter().find(|(_, known)| *known == word.trim());
        found
            .map(|(value, _)| *value)
            .ok_or_else(|| invalid(self.element, word))
    }
}

pub const SHOW_AS: Words<ShowAs> = Words {
    element: "LegacyFreeBusyStatus",
    words: &[
        (ShowAs::Free, "Free"),
        (ShowAs::Tentative, "Tentative"),
        (ShowAs::Busy, "Busy"),
        (ShowAs::OutOfOffice, "OOF"),
        (ShowAs::WorkingElsewhere, "WorkingElsewhere"),
        (ShowAs::Unknown, "NoData"),
    ],
};

pub const SENSITIVITY: Words<Sensitivity> = Words {
    element: "Sensitivity",
    words: &[
        (Sensitivity::Normal, "Normal"),
        (Sensitivity::Personal, "Personal"),
        (Sensitivity::Private, "Private"),
        (Sensitivity::Confidential, "Confidential"),
    ],
};

pub const IMPORTANCE: Words<Importance> = Words {
    element: "Importance",
    words: &[
        (Importance::Low, "Low"),
        (Importance::Normal, "Normal"),
        (Importance::High, "High"),
    ],
};

pub const RESPONSE: Words<Response> = Words {
    element: "ResponseType",
    words: &[
        (Response::None, "Unknown"),
        (Response::Organizer, "Organizer"),
        (Response::TentativelyAccepted, "Tentative"),
        (Response::Accepted, "Accept"),
        (Response::Declined, "Decline"),
        (Response::NotResponded, "NoResponseReceived"),
    ],
};

pub const WEEKDAY: Words<Weekday> = Words {
    element: "DaysOfWeek",
    words: &[
        (Weekday::Sun, "Sunday"),
        (Weekday::Mon, "Monday"),
        (Weekday::Tue, "Tuesday"),
        (Weekday::Wed, "Wednesday"),
        (Weekday::Thu, "Thursday"),
        (Weekday::Fri, "Friday"),
        (Weekday::Sat, "Saturday"),
    ],
};

pub const INDEX: Words<Index> = Words {
    element: "DayOfWeekIndex",
    words: &[
        (Index::Nth(1), "First"),
        (Index::Nth(2), "Second"),
        (Index::Nth(3), "Third"),
        (Index::Nth(4), "Fourth"),
        (Index::Last, "Last"),
    ],
};

pub const MONTH: Words<u32> = Words {
    element: "Month",
    words: &[
        (1, "January"),
        (2, "February"),
        (3, "March"),
        (4, "April"),
        (5, "May"),
        (6, "June"),
        (7, "July"),
        (8, "August"),
        (9, "September"),
        (10, "October"),
        (11, "November"),
        (12, "December"),
    ],
};
