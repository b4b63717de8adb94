//! When a user works, as people write it: `{"day": "monday", "from": "08:00", "to": "16:30"}`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::Problem;
use crate::contract::Weekday;
use crate::psa::resource::{Stretch, WorkingHours};

const DAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// When a user works.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkingHoursForm {
    /// The zone of the times, by its IANA name.
    pub zone: String,
    /// The stretches of a week.
    pub stretches: Vec<StretchForm>,
}

/// A stretch of work on one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StretchForm {
    /// `monday` to `sunday`.
    pub day: String,
    /// From, `00:00` to `23:59`.
    pub from: String,
    /// To, after `from`, at most `24:00`.
    pub to: String,
}

impl WorkingHoursForm {
    /// The PSA's own form.
    ///
    /// # Errors
    /// 422 with the field, such as `working_hours.stretches[2].day`.
    pub fn parse(self) -> Result<WorkingHours, Problem> {
        let stretches = self.stretches.into_iter().enumerate();
        Ok(WorkingHours {
            zone: self.zone,
            stretches: stretches
                .map(|(place, form)| stretch(place, &form))
                .collect::<Result<_, _>>()?,
        })
    }
}

impl From<WorkingHours> for WorkingHoursForm {
    fn from(hours: WorkingHours) -> Self {
        let time = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let form = |stretch: Stretch| StretchForm {
            day: DAYS
                .iter()
                .find(|(_, day)| *day == stretch.day)
                .map(|(name, _)| (*name).to_owned())
                .unwrap_or_default(),
            from: time(stretch.from),
            to: time(stretch.to),
        };
        Self {
            zone: hours.zone,
            stretches: hours.stretches.into_iter().map(form).collect(),
        }
    }
}

fn stretch(place: usize, form: &StretchForm) -> Result<Stretch, Problem> {
    let refused = |field: &str, accepted: &str| {
        Problem::invalid(
            format!("working_hours.stretches[{place}].{field}"),
            accepted,
        )
    };
    let day = DAYS.iter().find(|(name, _)| *name == form.day);
    let (_, day) = day.ok_or_else(|| refused("day", "give monday to sunday"))?;
    let time = "give hours and minutes, such as 08:30";
    let from = minutes(&form.from).ok_or_else(|| refused("from", time))?;
    let to = minutes(&form.to).ok_or_else(|| refused("to", time))?;
    match from < to {
        true => Ok(Stretch {
            day: *day,
            from,
            to,
        }),
        false => Err(refused("to", "give a time after from, at most 24:00")),
    }
}

/// Minutes after midnight, to 24:00.
fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str| match text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()) {
        true => text.parse::<u16>().ok(),
        false => None,
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let total = hours * 60 + minutes;
    (minutes < 60 && total <= 1_440).then_some(total)
}
