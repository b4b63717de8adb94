//! Times as people read them: in the mailbox's own zone where it is known, else in UTC.

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;

use crate::api::time::calendar_day;
use crate::contract::{Date, DaySpan, Instant, Span, TimedSpan, Zone};
use crate::cycle::window::resolve;

/// The zone that times are shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown(Tz);

impl Shown {
    /// A mailbox's zone; UTC where it is not known yet or nobody knows its name.
    #[must_use]
    pub fn of(zone: Option<&Zone>) -> Self {
        Self(zone.and_then(resolve).unwrap_or(Tz::UTC))
    }

    /// Its name, for the head of a table.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// An instant to the second.
    #[must_use]
    pub fn instant(self, instant: Instant) -> String {
        self.at(instant).map_or_else(
            || "beyond the calendar".to_owned(),
            |time| time.format("%a %Y-%m-%d %H:%M:%S").to_string(),
        )
    }

    /// When an item takes place: `Mon 2026-11-23 09:00–10:00`, or its first and last day.
    #[must_use]
    pub fn span(self, span: &Span) -> String {
        let text = match span {
            Span::Timed(span) => self.timed(span),
            Span::AllDay(span) => days(span),
        };
        text.unwrap_or_else(|| "beyond the calendar".to_owned())
    }

    fn timed(self, span: &TimedSpan) -> Option<String> {
        let start = self.at(span.start)?;
        let end = self.at(span.end)?;
        let from = start.format("%a %Y-%m-%d %H:%M");
        Some(if start.date_naive() == end.date_naive() {
            format!("{from}–{}", end.format("%H:%M"))
        } else {
            format!("{from} – {}", end.format("%a %Y-%m-%d %H:%M"))
        })
    }

    fn at(self, instant: Instant) -> Option<DateTime<Tz>> {
        Some(DateTime::from_timestamp_micros(instant.microseconds)?.with_timezone(&self.0))
    }
}

fn days(span: &DaySpan) -> Option<String> {
    let day = |date: Date| calendar_day(date);
    let first = day(span.first)?;
    let last = day(span.after)?.pred_opt()?;
    let text = |day: NaiveDate| day.format("%a %Y-%m-%d").to_string();
    Some(if first >= last {
        format!("{} all day", text(first))
    } else {
        format!("{} – {} all day", text(first), text(last))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> Instant {
        Instant {
            microseconds: text
                .parse::<DateTime<chrono::Utc>>()
                .unwrap()
                .timestamp_micros(),
        }
    }

    #[test]
    fn times_stand_in_the_mailboxs_zone() {
        let zone = Zone {
            name: "W. Europe Standard Time".into(),
        };
        let span = |start, end| {
            Span::Timed(TimedSpan {
                start: instant(start),
                end: instant(end),
            })
        };
        let shown = Shown::of(Some(&zone));
        assert_eq!(
            shown.span(&span("2026-11-23T08:00:00Z", "2026-11-23T09:30:00Z")),
            "Mon 2026-11-23 09:00–10:30"
        );
        assert_eq!(
            shown.span(&span("2026-11-23T22:00:00Z", "2026-11-24T00:30:00Z")),
            "Mon 2026-11-23 23:00 – Tue 2026-11-24 01:30"
        );
        let unknown = Zone {
            name: "Nowhere".into(),
        };
        assert_eq!(Shown::of(Some(&unknown)).name(), "UTC");
    }

    #[test]
    fn whole_days_name_the_last_day_inside() {
        let date = |day| Date {
            year: 2026,
            month: 11,
            day,
        };
        let days = |first, after| {
            Span::AllDay(DaySpan {
                first: date(first),
                after: date(after),
            })
        };
        let shown = Shown::of(None);
        assert_eq!(shown.span(&days(23, 24)), "Mon 2026-11-23 all day");
        assert_eq!(
            shown.span(&days(23, 25)),
            "Mon 2026-11-23 – Tue 2026-11-24 all day"
        );
    }
}
