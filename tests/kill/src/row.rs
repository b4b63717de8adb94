//! An appointment of the PSA, as `/api/v1` shows it and takes it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use simulation::when::When;

use crate::Result;

/// An appointment.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Row {
    /// The key.
    pub id: String,
    /// Rises with each change.
    pub version: u64,
    /// `psa` or `exchange`.
    pub origin: String,
    /// It is a tombstone.
    pub deleted: bool,
    /// The title.
    pub title: String,
    /// The description.
    pub description: String,
    /// Only its owner sees its texts.
    pub private: bool,
    start: Option<DateTime<Utc>>,
    end: Option<DateTime<Utc>>,
    first_day: Option<NaiveDate>,
    last_day: Option<NaiveDate>,
}

impl Row {
    /// The PSA made it.
    #[must_use]
    pub fn is_of_psa(&self) -> bool {
        self.origin == "psa"
    }

    /// When it takes place.
    ///
    /// # Errors
    /// When it says neither times nor days.
    pub fn when(&self) -> Result<When> {
        match (self.start, self.end, self.first_day, self.last_day) {
            (Some(start), Some(end), None, None) => Ok(When::Timed(start, end)),
            (None, None, Some(first), Some(last)) => {
                let after = last.succ_opt().ok_or("a day beyond the calendar")?;
                Ok(When::Days(first, after))
            }
            _ => Err(format!("row {} has no clear time", self.id).into()),
        }
    }
}

/// The fields of a time, as a request has them.
#[must_use]
pub fn when_fields(when: &When) -> Value {
    match when {
        When::Timed(start, end) => json!({ "start": start, "end": end }),
        When::Days(first, after) => {
            json!({ "first_day": first, "last_day": after.pred_opt() })
        }
    }
}
