//! Repetition as Exchange stores it: a pattern and a range, and the dates they give.
//!
//! Exchange has fewer patterns than iCalendar. Where a month is too short for the day of the month, the last day is taken.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// Which of the matching days of a month is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    /// Counted from the start of the month, 1 to 4.
    Nth(u8),
    /// The last one, be it the fourth or the fifth.
    Last,
}

/// How the dates follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// Every so many days.
    Daily,
    /// On these days of every so many weeks; `first` says where a week begins.
    Weekly { days: Vec<Weekday>, first: Weekday },
    /// On this day of every so many months.
    AbsoluteMonthly { day: u32 },
    /// On the first, second, … of these weekdays in every so many months.
    RelativeMonthly { days: Vec<Weekday>, index: Index },
    /// On this date in every so many years.
    AbsoluteYearly { day: u32, month: u32 },
    /// On the first, second, … of these weekdays of a month in every so many years.
    RelativeYearly {
        days: Vec<Weekday>,
        index: Index,
        month: u32,
    },
}

/// When it stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Never,
    /// The last date it may fall on.
    On(NaiveDate),
    After(u32),
}

/// A pattern with its range. The dates are those of the series' own zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurrence {
    pub pattern: Pattern,
    /// At least 1.
    pub interval: u32,
    pub start: NaiveDate,
    pub end: End,
}

/// No series is followed further than this many periods: enough for a daily one over a century.
const PERIODS: u32 = 40_000;

impl Recurrence {
    /// The dates from the start up to and including `last`.
    pub fn dates_until(&self, last: NaiveDate) -> Vec<NaiveDate> {
        let last = match self.end {
            End::On(end) => last.min(end),
            End::Never | End::After(_) => last,
        };
        let most = match self.end {
            End::After(count) => usize::try_from(count).unwrap_or(usize::MAX),
            End::Never | End::On(_) => usize::MAX,
        };
        let mut dates = Vec::new();
        for period in 0..PERIODS {
            let Some((begin, candidates)) = self.period(period) else {
                break;
            };
            if begin > last {
                break;
            }
            for date in candidates.into_iter().filter(|date| *date >= self.start) {
                if date > last || dates.len() >= most {
                    return dates;
                }
                dates.push(date);
            }
        }
        dates
    }

    /// The first date, which need not be the start of the range.
    pub fn first_date(&self) -> Option<NaiveDate> {
        let horizon = self
            .start
            .checked_add_months(Months::new(12 * 12 * self.interval.min(20)))?;
        self.dates_until(horizon).first().copied()
    }

    /// The earliest day of the n-th period (nothing in it lies before, except in the first), and its dates in order.
    fn period(&self, number: u32) -> Option<(NaiveDate, Vec<NaiveDate>)> {
        let steps = number.checked_mul(self.interval.max(1))?;
        match &self.pattern {
            Pattern::Daily => {
                let date = self.start.checked_add_days(Days::new(u64::from(steps)))?;
                Some((date, vec![date]))
            }
            Pattern::Weekly { days, first } => {
                let week = self
                    .start
                    .week(*first)
                    .checked_first_day()?
                    .checked_add_days(Days::new(7 * u64::from(steps)))?;
                let dates = week
                    .iter_days()
                    .take(7)
                    .filter(|date| days.contains(&date.weekday()))
                    .collect();
                Some((week, dates))
            }
            Pattern::AbsoluteMonthly { day } => {
                let month = self.month(steps)?;
                Some((month, clamped(month, *day).into_iter().collect()))
            }
            Pattern::RelativeMonthly { days, index } => {
                let month = self.month(steps)?;
                Some((month, indexed(month, days, *index).into_iter().collect()))
            }
            Pattern::AbsoluteYearly { day, month } => {
                let month = self.month_of_year(steps, *month)?;
                Some((month, clamped(month, *day).into_iter().collect()))
            }
            Pattern::RelativeYearly { days, index, month } => {
                let month = self.month_of_year(steps, *month)?;
                Some((month, indexed(month, days, *index).into_iter().collect()))
            }
        }
    }

    fn month(&self, steps: u32) -> Option<NaiveDate> {
        self.start
            .with_day(1)?
            .checked_add_months(Months::new(steps))
    }

    fn month_of_year(&self, steps: u32, month: u32) -> Option<NaiveDate> {
        let year = self.start.year().checked_add(i32::try_from(steps).ok()?)?;
        NaiveDate::from_ymd_opt(year, month, 1)
    }
}

fn days_of_month(month: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    month
        .iter_days()
        .take_while(move |date| date.month() == month.month())
}

fn clamped(month: NaiveDate, day: u32) -> Option<NaiveDate> {
    days_of_month(month)
        .take(usize::try_from(day).unwrap_or(31))
        .last()
}

fn indexed(month: NaiveDate, days: &[Weekday], index: Index) -> Option<NaiveDate> {
    let mut matching = days_of_month(month).filter(|date| days.contains(&date.weekday()));
    match index {
        Index::Nth(n) => matching.nth(usize::from(n.saturating_sub(1))),
        Index::Last => matching.last(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn texts(recurrence: &Recurrence, last: &str) -> Vec<String> {
        recurrence
            .dates_until(date(last))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn every_second_week_counts_weeks_from_its_first_day() {
        let mut recurrence = Recurrence {
            pattern: Pattern::Weekly {
                days: vec![Weekday::Tue, Weekday::Sun],
                first: Weekday::Mon,
            },
            interval: 2,
            start: date("1997-08-05"),
            end: End::After(4),
        };
        assert_eq!(
            texts(&recurrence, "2000-01-01"),
            ["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"]
        );
        recurrence.pattern = Pattern::Weekly {
            days: vec![Weekday::Tue, Weekday::Sun],
            first: Weekday::Sun,
        };
        assert_eq!(
            texts(&recurrence, "2000-01-01"),
            ["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"]
        );
    }

    #[test]
    fn the_thirty_first_is_the_last_day_of_a_short_month() {
        let recurrence = Recurrence {
            pattern: Pattern::AbsoluteMonthly { day: 31 },
            interval: 1,
            start: date("2026-01-31"),
            end: End::On(date("2026-04-30")),
        };
        assert_eq!(
            texts(&recurrence, "2030-01-01"),
            ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]
        );
    }

    #[test]
    fn the_last_weekday_of_a_month() {
        let recurrence = Recurrence {
            pattern: Pattern::RelativeMonthly {
                days: vec![
                    Weekday::Mon,
                    Weekday::Tue,
                    Weekday::Wed,
                    Weekday::Thu,
                    Weekday::Fri,
                ],
                index: Index::Last,
            },
            interval: 1,
            start: date("2026-10-01"),
            end: End::Never,
        };
        assert_eq!(
            texts(&recurrence, "2026-12-31"),
            ["2026-10-30", "2026-11-30", "2026-12-31"]
        );
    }

    #[test]
    fn the_twenty_ninth_of_february_falls_on_the_twenty_eighth_in_common_years() {
        let recurrence = Recurrence {
            pattern: Pattern::AbsoluteYearly { day: 29, month: 2 },
            interval: 1,
            start: date("2024-02-29"),
            end: End::After(2),
        };
        assert_eq!(
            texts(&recurrence, "2030-01-01"),
            ["2024-02-29", "2025-02-28"]
        );
    }
}
