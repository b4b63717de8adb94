//! The words that Graph uses for the values of the model.

use chrono::Weekday;

use crate::mailbox::content::{Importance, Response, Role, Sensitivity, ShowAs};

/// A closed set of values with Graph's words.
pub trait Named: Copy + PartialEq + 'static {
    const WORDS: &'static [(Self, &'static str)];

    fn word(self) -> &'static str {
        Self::WORDS
            .iter()
            .find(|(value, _)| *value == self)
            .map_or("unknown", |(_, word)| *word)
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::WORDS
            .iter()
            .find(|(_, known)| known.eq_ignore_ascii_case(word))
            .map(|(value, _)| *value)
    }
}

impl Named for ShowAs {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Free, "free"),
        (Self::Tentative, "tentative"),
        (Self::Busy, "busy"),
        (Self::OutOfOffice, "oof"),
        (Self::WorkingElsewhere, "workingElsewhere"),
        (Self::Unknown, "unknown"),
    ];
}

impl Named for Sensitivity {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Normal, "normal"),
        (Self::Personal, "personal"),
        (Self::Private, "private"),
        (Self::Confidential, "confidential"),
    ];
}

impl Named for Importance {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Low, "low"),
        (Self::Normal, "normal"),
        (Self::High, "high"),
    ];
}

impl Named for Response {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::None, "none"),
        (Self::Organizer, "organizer"),
        (Self::TentativelyAccepted, "tentativelyAccepted"),
        (Self::Accepted, "accepted"),
        (Self::Declined, "declined"),
        (Self::NotResponded, "notResponded"),
    ];
}

impl Named for Role {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Required, "required"),
        (Self::Optional, "optional"),
        (Self::Resource, "resource"),
    ];
}

impl Named for Weekday {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Mon, "monday"),
        (Self::Tue, "tuesday"),
        (Self::Wed, "wednesday"),
        (Self::Thu, "thursday"),
        (Self::Fri, "friday"),
        (Self::Sat, "saturday"),
        (Self::Sun, "sunday"),
    ];
}
