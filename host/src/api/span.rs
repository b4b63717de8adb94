//! When an appointment takes place, in a shape that cannot be read in two ways.
//!
//! | appointment | fields |
//! |---|---|
//! | at times | `"all_day": false, "start": "2026-03-01T09:00:00Z", "end": "2026-03-01T10:00:00Z"` |
//! | whole days | `"all_day": true, "first_day": "2026-03-01", "last_day": "2026-03-02"` |
//!
//! `end` is the first instant after the appointment, `last_day` the last day *inside* it: both are
//! what people mean by the words. An answer carries the fields of one row only.
//! In requests `all_day` may be left out, but never contradict the rest. A change may name one end
//! alone; the other stays. To turn one form into the other it names both ends.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::problem::Problem;
use super::time::{calendar_day, date, day, instant, instant_text};
use crate::contract::{DaySpan, Instant, Span, TimedSpan};

/// The fields of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct When {
    /// Whole days.
    pub all_day: bool,
    /// The first instant inside; at times only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub start: Option<String>,
    /// The first instant after; at times only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub end: Option<String>,
    /// The first day; whole days only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub first_day: Option<String>,
    /// The last day, inclusive; whole days only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub last_day: Option<String>,
}

impl From<Span> for When {
    fn from(span: Span) -> Self {
        match span {
            Span::Timed(TimedSpan { start, end }) => Self {
                all_day: false,
                start: Some(instant_text(start)),
                end: Some(instant_text(end)),
                first_day: None,
                last_day: None,
            },
            Span::AllDay(DaySpan { first, after }) => {
                let text = |day: NaiveDate| day.format("%Y-%m-%d").to_string();
                Self {
                    all_day: true,
                    start: None,
                    end: None,
                    first_day: calendar_day(first).map(text),
                    last_day: calendar_day(after).and_then(|day| day.pred_opt()).map(text),
                }
            }
        }
    }
}

/// Takes out of the fields of an answer what a change of some of them makes meaningless: the other
/// form's, and `all_day`, which follows from the rest.
pub(super) fn make_room(fields: &mut Map<String, Value>, change: &Map<String, Value>) {
    let names = |wanted: &[&str]| {
        let given = |name: &&str| change.get(*name).is_some_and(|value| !value.is_null());
        wanted.iter().any(given)
    };
    let (at_times, on_days) = (["start", "end"], ["first_day", "last_day"]);
    let (to_times, to_days) = (names(&at_times), names(&on_days));
    if to_times || to_days {
        fields.remove("all_day");
    }
    let meaningless = match (to_times, to_days) {
        (true, false) => on_days,
        (false, true) => at_times,
        // Both, which is refused by the names that were given, or neither.
        (true, true) | (false, false) => return,
    };
    for name in meaningless {
        fields.remove(name);
    }
}

/// The fields of a request, as they came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given {
    /// Whole days.
    pub all_day: Option<bool>,
    /// The first instant inside.
    pub start: Option<String>,
    /// The first instant after.
    pub end: Option<String>,
    /// The first day.
    pub first_day: Option<String>,
    /// The last day.
    pub last_day: Option<String>,
}

impl Given {
    /// The span of a new appointment.
    ///
    /// # Errors
    /// 422 with the field that is missing, contradicts another or cannot be read.
    pub fn span(&self) -> Result<Span, Problem> {
        self.completed(None)
    }

    /// The span of an appointment that has one; none when it stays.
    ///
    /// # Errors
    /// As [`span`](Self::span).
    pub fn change(&self, current: Span) -> Result<Option<Span>, Problem> {
        let same_form = |wanted| wanted == matches!(current, Span::AllDay(_));
        if !self.at_times() && !self.on_days() && self.all_day.is_none_or(same_form) {
            return Ok(None);
        }
        self.completed(Some(current)).map(Some)
    }

    fn at_times(&self) -> bool {
        self.start.is_some() || self.end.is_some()
    }

    fn on_days(&self) -> bool {
        self.first_day.is_some() || self.last_day.is_some()
    }

    fn completed(&self, current: Option<Span>) -> Result<Span, Problem> {
        match (self.at_times(), self.on_days(), self.all_day) {
            (true, true, _) => Err(Problem::invalid(
                match self.first_day {
                    Some(_) => "first_day",
                    None => "last_day",
                },
                "give either start and end, or first_day and last_day; here are both",
            )),
            (true, false, Some(true)) => Err(Problem::invalid(
                "all_day",
                "whole days have first_day and last_day; give those, or leave all_day out",
            )),
            (false, true, Some(false)) => Err(Problem::invalid(
                "all_day",
                "an appointment at times has start and end; give those, or leave all_day out",
            )),
            (false, true, _) | (false, false, Some(true)) => self.days(current),
            (true, false, _) | (false, false, _) => self.times(current),
        }
    }

    fn times(&self, current: Option<Span>) -> Result<Span, Problem> {
        let (start, end) = match current {
            Some(Span::Timed(TimedSpan { start, end })) => (Some(start), Some(end)),
            Some(Span::AllDay(_)) | None => (None, None),
        };
        let read = |field, text: &Option<String>, before: Option<Instant>| match (text, before) {
            (Some(text), _) => instant(field, text),
            (None, Some(before)) => Ok(before),
            (None, None) => Err(Problem::invalid(
                field,
                "it is missing; give start and end, or first_day and last_day for whole days",
            )),
        };
        let start = read("start", &self.start, start)?;
        let end = read("end", &self.end, end)?;
        if end.microseconds < start.microseconds {
            let detail = format!(
                "{} lies before the start, {}",
                instant_text(end),
                instant_text(start)
            );
            return Err(Problem::invalid("end", detail).hint("give an end at or after the start"));
        }
        Ok(Span::Timed(TimedSpan { start, end }))
    }

    fn days(&self, current: Option<Span>) -> Result<Span, Problem> {
        let (first, last) = match current {
            Some(Span::AllDay(DaySpan { first, after })) => (
                calendar_day(first),
                calendar_day(after).and_then(|day| day.pred_opt()),
            ),
            Some(Span::Timed(_)) | None => (None, None),
        };
        let read = |field, text: &Option<String>, before: Option<NaiveDate>| match (text, before) {
            (Some(text), _) => day(field, text),
            (None, Some(before)) => Ok(before),
            (None, None) => Err(Problem::invalid(
                field,
                "it is missing; give first_day and last_day, or start and end for times",
            )),
        };
        let first = read("first_day", &self.first_day, first)?;
        let last = read("last_day", &self.last_day, last)?;
        if last < first {
            let detail = format!("{last} lies before the first day, {first}");
            return Err(Problem::invalid("last_day", detail)
                .hint("give the same day for one day, or a later one"));
        }
        let after = last
            .succ_opt()
            .filter(|after| after.year() <= 9999)
            .ok_or_else(|| Problem::invalid("last_day", "the calendar ends on 9999-12-30"))?;
        Ok(Span::AllDay(DaySpan {
            first: date(first),
            after: date(after),
        }))
    }
}
