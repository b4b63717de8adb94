//! `/resources/{id}/availability`: how much of a user's working time is left over a period, and how
//! much of it is service.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::caller::Caller;
use super::kind::Kind;
use super::parameters::{Parameters, Segments};
use super::problem::Problem;
use super::time::{instant_parameter, instant_text};
use crate::contract::{Instant, PsaId, TimedSpan};
use crate::psa::{availability, resource};

/// What it refuses beside what every such route does.
pub const REFUSALS: &[Kind] = &[Kind::NotReady];

/// The longest period, in days.
const LONGEST: i64 = 92;

/// Over which period.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub struct Period {
    /// Its first instant.
    #[param(value_type = String, format = DateTime, required = true)]
    pub from: Option<String>,
    /// The first instant after it, at most 92 days later.
    #[param(value_type = String, format = DateTime, required = true)]
    pub to: Option<String>,
}

/// A stretch of time.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Stretch {
    /// Its first instant.
    #[schema(format = DateTime)]
    pub start: String,
    /// The first instant after it.
    #[schema(format = DateTime)]
    pub end: String,
}

/// A user's time.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct AvailabilityView {
    /// Working hours that nothing blocks, in order. Free appointments block nothing.
    pub available: Vec<Stretch>,
    /// The same in minutes.
    pub available_minutes: u64,
    /// All working hours, in minutes.
    pub working_minutes: u64,
    /// Service calls and to-dos, in minutes; what is at the same time counts once.
    pub service_minutes: u64,
    /// Service by working hours, above 1 where there was overtime; null without working hours.
    pub utilisation: Option<f64>,
}

/// A user's time over a period.
pub async fn get(
    caller: Caller,
    Segments(id): Segments<String>,
    Parameters(period): Parameters<Period>,
) -> Result<Json<AvailabilityView>, Problem> {
    let user = resource::get(&caller.tenant, &PsaId { value: id }).await?;
    let period = period.parse()?;
    let hours = user.fields.working_hours.ok_or_else(|| {
        Problem::new(Kind::NotReady, "nobody knows when this user works")
            .hint("give the user working_hours")
    })?;
    let time = availability::of_user(&caller.tenant, &user.id, &hours, period).await?;
    let stretch = |it: &TimedSpan| Stretch {
        start: instant_text(it.start),
        end: instant_text(it.end),
    };
    Ok(Json(AvailabilityView {
        available: time.available.iter().map(stretch).collect(),
        available_minutes: time.available_minutes(),
        working_minutes: time.working_minutes,
        service_minutes: time.service_minutes,
        utilisation: time.utilisation(),
    }))
}

impl Period {
    fn parse(self) -> Result<TimedSpan, Problem> {
        let end = |name: &'static str, text: Option<String>| -> Result<Instant, Problem> {
            let missing = || Problem::parameter(name, format!("give {name}, an instant"));
            instant_parameter(name, text.as_deref())?.ok_or_else(missing)
        };
        let (start, end) = (end("from", self.from)?, end("to", self.to)?);
        let length = end.microseconds - start.microseconds;
        if length <= 0 {
            return Err(Problem::parameter("to", "give an instant after from"));
        }
        if length > LONGEST * 86_400_000_000 {
            let rule = format!("give at most {LONGEST} days at once");
            return Err(Problem::parameter("to", rule));
        }
        Ok(TimedSpan { start, end })
    }
}
