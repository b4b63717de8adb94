//! A zone as rules: what its clock is ahead of UTC, and when in a year summer time begins and ends.
//!
//! Windows knows a zone so, and both forms in which EWS writes zones out are made of these rules.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, Utc, Weekday};

use crate::zone::Zone;

/// The rules of one year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// What the clock is ahead of UTC in winter.
    pub standard: TimeDelta,
    pub summer: Option<Summer>,
}

/// Summer time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summer {
    pub offset: TimeDelta,
    pub begins: Change,
    pub ends: Change,
}

/// When the clock is changed, by the clock before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub month: u32,
    pub weekday: Weekday,
    /// Which of these weekdays in the month, from 1; `None` is the last one.
    pub occurrence: Option<u8>,
    /// Since midnight.
    pub time: TimeDelta,
}

impl Rules {
    /// The rules of a zone in a year.
    pub fn of(zone: &Zone, year: i32) -> Self {
        let changes = changes(zone, year);
        let offset = |at: NaiveDateTime| zone.offset(at.and_utc());
        let [first, second] = changes.as_slice() else {
            let new_year = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
            return Self {
                standard: offset(new_year.into()),
                summer: None,
            };
        };
        let (winter, summer) = (offset(*second), offset(*first));
        let (begins, ends, standard, ahead) = if summer > winter {
            (first, second, winter, summer)
        } else {
            (second, first, summer, winter)
        };
        Self {
            standard,
            summer: Some(Summer {
                offset: ahead,
                begins: Change::at(*begins + standard),
                ends: Change::at(*ends + ahead),
            }),
        }
    }

    /// The offset at an instant by these rules.
    pub fn offset(&self, at: DateTime<Utc>) -> TimeDelta {
        let Some(summer) = self.summer else {
            return self.standard;
        };
        let year = at.year();
        let begins = summer.begins.in_year(year).map(|wall| wall - self.standard);
        let ends = summer.ends.in_year(year).map(|wall| wall - summer.offset);
        let (Some(begins), Some(ends)) = (begins, ends) else {
            return self.standard;
        };
        let at = at.naive_utc();
        let is_summer = if begins < ends {
            begins <= at && at < ends
        } else {
            begins <= at || at < ends
        };
        if is_summer {
            summer.offset
        } else {
            self.standard
        }
    }
}

impl Change {
    /// The rule that puts a change at this wall time.
    fn at(wall: NaiveDateTime) -> Self {
        let date = wall.date();
        let last = (date + Days::new(7)).month() != date.month();
        let nth = u8::try_from(date.day0() / 7 + 1).unwrap_or(1);
        Self {
            month: date.month(),
            weekday: date.weekday(),
            occurrence: (!last).then_some(nth),
            time: wall - NaiveDateTime::from(date),
        }
    }

    fn in_year(self, year: i32) -> Option<NaiveDateTime> {
        let date = match self.occurrence {
            Some(nth) => NaiveDate::from_weekday_of_month_opt(year, self.month, self.weekday, nth)?,
            None => (1..=5).rev().find_map(|nth| {
                NaiveDate::from_weekday_of_month_opt(year, self.month, self.weekday, nth)
            })?,
        };
        Some(NaiveDateTime::from(date) + self.time)
    }
}

/// When in a year, in UTC, the offset changes.
fn changes(zone: &Zone, year: i32) -> Vec<NaiveDateTime> {
    let start = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    let offset = |at: NaiveDateTime| zone.offset(at.and_utc());
    let days = start.iter_days().take_while(|day| day.year() == year);
    let mut found = Vec::new();
    for day in days.map(NaiveDateTime::from) {
        if offset(day) == offset(day + TimeDelta::days(1)) {
            continue;
        }
        let minutes = (1..=24 * 60).map(|minute| day + TimeDelta::minutes(minute));
        found.extend(minutes.into_iter().find(|at| offset(*at) != offset(day)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_give_the_offsets_that_they_were_made_of() {
        for name in [
            "W. Europe Standard Time",
            "Pacific Standard Time",
            "AUS Eastern Standard Time",
            "India Standard Time",
            "UTC",
        ] {
            let zone = Zone::parse(name).unwrap();
            let rules = Rules::of(&zone, 2026);
            let start: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
            for hour in 0..365 * 24 {
                let at = start + TimeDelta::hours(hour);
                assert_eq!(rules.offset(at), zone.offset(at), "{name} {at}");
            }
        }
    }

    #[test]
    fn summer_time_in_berlin_begins_on_the_last_sunday_of_march() {
        let rules = Rules::of(&Zone::parse("W. Europe Standard Time").unwrap(), 2026);
        let summer = rules.summer.unwrap();
        assert_eq!(
            summer.begins,
            Change {
                month: 3,
                weekday: Weekday::Sun,
                occurrence: None,
                time: TimeDelta::hours(2),
            }
        );
        assert_eq!(
            (summer.ends.month, summer.ends.time),
            (10, TimeDelta::hours(3))
        );
    }
}
