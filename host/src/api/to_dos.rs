//! How a to-do is written.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::problem::Problem;
use super::records::Form;
use super::span::{Given, When, make_room};
use crate::psa::action_type::ActionType;
use crate::psa::company::Company;
use crate::psa::contact::Contact;
use crate::psa::key::Key;
use crate::psa::opportunity::Opportunity;
use crate::psa::resource::Resource;
use crate::psa::service_contract::ServiceContract;
use crate::psa::ticket::Ticket;
use crate::psa::to_do::ToDo;

/// A to-do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ToDo)]
pub struct ToDoForm {
    /// Who has to do it.
    #[schema(value_type = String)]
    pub resource: Key<Resource>,
    /// What kind of action it is. Where its calendar does not show it, the to-do does not travel.
    #[schema(value_type = String)]
    pub action_type: Key<ActionType>,
    /// For which company.
    #[schema(value_type = Option<String>)]
    pub company: Option<Key<Company>>,
    /// With whom.
    #[schema(value_type = Option<String>)]
    pub contact: Option<Key<Contact>>,
    /// About which opportunity.
    #[schema(value_type = Option<String>)]
    pub opportunity: Option<Key<Opportunity>>,
    /// About which ticket.
    #[schema(value_type = Option<String>)]
    pub ticket: Option<Key<Ticket>>,
    /// About which contract.
    #[schema(value_type = Option<String>)]
    pub contract: Option<Key<ServiceContract>>,
    /// Its own text, at most 8,000 characters.
    #[serde(default)]
    #[schema(max_length = 8_000)]
    pub description: String,
    /// Done.
    #[serde(default)]
    pub completed: bool,
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

impl Form<ToDo> for ToDoForm {
    fn parse(self) -> Result<ToDo, Problem> {
        let given = Given {
            all_day: self.all_day,
            start: self.start,
            end: self.end,
            first_day: self.first_day,
            last_day: self.last_day,
        };
        Ok(ToDo {
            resource: self.resource,
            action_type: self.action_type,
            company: self.company,
            contact: self.contact,
            opportunity: self.opportunity,
            ticket: self.ticket,
            contract: self.contract,
            description: self.description,
            span: given.span()?,
            completed: self.completed,
        })
    }

    fn make_room(fields: &mut Map<String, Value>, change: &Map<String, Value>) {
        make_room(fields, change);
    }
}

impl From<ToDo> for ToDoForm {
    fn from(to_do: ToDo) -> Self {
        let when = When::from(to_do.span);
        Self {
            resource: to_do.resource,
            action_type: to_do.action_type,
            company: to_do.company,
            contact: to_do.contact,
            opportunity: to_do.opportunity,
            ticket: to_do.ticket,
            contract: to_do.contract,
            description: to_do.description,
            completed: to_do.completed,
            all_day: Some(when.all_day),
            start: when.start,
            end: when.end,
            first_day: when.first_day,
            last_day: when.last_day,
        }
    }
}
