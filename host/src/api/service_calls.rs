//! How a service call is written.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::problem::Problem;
use super::records::Form;
use super::span::{Given, When, make_room};
use crate::psa::call_status::CallStatus;
use crate::psa::company::Company;
use crate::psa::key::Key;
use crate::psa::resource::Resource;
use crate::psa::service_call::{ServiceCall, Work};

/// A service call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ServiceCall)]
pub struct ServiceCallForm {
    /// Its own text, at most 8,000 characters, may be empty.
    #[serde(default)]
    #[schema(max_length = 8_000)]
    pub description: String,
    /// How far it is.
    #[schema(value_type = String)]
    pub status: Key<CallStatus>,
    /// At which company.
    #[schema(value_type = String)]
    pub company: Key<Company>,
    /// Who is sent, at most 100; each has it in the own calendar.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 100)]
    pub assigned: Vec<Key<Resource>>,
    /// What is done, at most 100, such as `[{"ticket": "4711"}, {"task": "12"}]`.
    #[serde(default)]
    #[schema(value_type = Vec<HashMap<String, String>>, max_items = 100)]
    pub work: Vec<Work>,
    /// Whole days.
    pub all_day: Option<bool>,
    /// The first instant inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub start: Option<String>,
    /// The first instant after.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub end: Option<String>,
    /// The first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub first_day: Option<String>,
    /// The last day, inclusive.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub last_day: Option<String>,
}

impl Form<ServiceCall> for ServiceCallForm {
    fn parse(self) -> Result<ServiceCall, Problem> {
        let given = Given {
            all_day: self.all_day,
            start: self.start,
            end: self.end,
            first_day: self.first_day,
            last_day: self.last_day,
        };
        Ok(ServiceCall {
            description: self.description,
            status: self.status,
            company: self.company,
            assigned: self.assigned,
            work: self.work,
            span: given.span()?,
        })
    }

    fn make_room(fields: &mut Map<String, Value>, change: &Map<String, Value>) {
        make_room(fields, change);
    }
}

impl From<ServiceCall> for ServiceCallForm {
    fn from(call: ServiceCall) -> Self {
        let when = When::from(call.span);
        Self {
            description: call.description,
            status: call.status,
            company: call.company,
            assigned: call.assigned,
            work: call.work,
            all_day: Some(when.all_day),
            start: when.start,
            end: when.end,
            first_day: when.first_day,
            last_day: when.last_day,
        }
    }
}
