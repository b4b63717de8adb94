//! To-dos: what a user has to do, with whom and about what. In Exchange one is an appointment.

use super::action_type::ActionType;
use super::company::Company;
use super::contact::Contact;
use super::filter::InCalendar;
use super::key::{Key, Naming, value};
use super::opportunity::Opportunity;
use super::record::{Record, Statements, statements};
use super::resource::Resource;
use super::service_contract::ServiceContract;
use super::ticket::Ticket;
use super::{rule, span};
use crate::contract::Span;
use crate::store::error::Result;
use crate::store::statement::{Row, Value};

/// A to-do.
#[derive(Clone, Debug, PartialEq)]
pub struct ToDo {
    /// Who has to do it.
    pub resource: Key<Resource>,
    /// What kind of action it is.
    pub action_type: Key<ActionType>,
    /// For which company.
    pub company: Option<Key<Company>>,
    /// With whom.
    pub contact: Option<Key<Contact>>,
    /// About which opportunity.
    pub opportunity: Option<Key<Opportunity>>,
    /// About which ticket.
    pub ticket: Option<Key<Ticket>>,
    /// About which contract.
    pub contract: Option<Key<ServiceContract>>,
    /// Its own text, at most 8,000 characters.
    pub description: String,
    /// When.
    pub span: Span,
    /// Done.
    pub completed: bool,
}

impl Record for ToDo {
    const WHAT: &'static str = "to-do";

    const STATEMENTS: Statements = statements! {
        table "to_do",
        columns "person_version, tandem_version, resource, action_type, company, contact, opportunity, ticket, \
                 contract, description, start_at, end_at, first_day, after_day, begins, ends, \
                 completed",
        values "$3, NULL, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18",
        bury "person_version = $3, tandem_version = NULL, description = '', company = NULL, contact = NULL, \
              opportunity = NULL, ticket = NULL, contract = NULL",
        filter "($4 IS NULL OR resource = $4) AND ($5 IS NULL OR company = $5)
                AND ($6 IS NULL OR ends > $6) AND ($7 IS NULL OR begins < $7)",
    };

    const NAMED_BY: Option<&'static str> = None;

    type Filter = InCalendar;

    fn check(&self) -> Result<()> {
        rule::at_most("description", &self.description, rule::DESCRIPTION)?;
        span::check(&self.span)
    }

    fn names(&self) -> Vec<Naming<'_>> {
        let mut names = vec![
            self.resource.named_as("resource"),
            self.action_type.named_as("action_type"),
        ];
        names.extend(self.company.as_ref().map(|key| key.named_as("company")));
        names.extend(self.contact.as_ref().map(|key| key.named_as("contact")));
        names.extend(
            self.opportunity
                .as_ref()
                .map(|key| key.named_as("opportunity")),
        );
        names.extend(self.ticket.as_ref().map(|key| key.named_as("ticket")));
        names.extend(self.contract.as_ref().map(|key| key.named_as("contract")));
        names
    }

    fn values(&self) -> Result<Vec<Value>> {
        let mut values = vec![
            self.resource.value(),
            self.action_type.value(),
            value(self.company.as_ref()),
            value(self.contact.as_ref()),
            value(self.opportunity.as_ref()),
            value(self.ticket.as_ref()),
            value(self.contract.as_ref()),
            Value::from(&self.description),
        ];
        values.extend(span::columns(&self.span)?.values());
        values.push(Value::from(self.completed));
        Ok(values)
    }

    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            resource: Key::read(row, "resource")?,
            action_type: Key::read(row, "action_type")?,
            company: Key::maybe(row, "company")?,
            contact: Key::maybe(row, "contact")?,
            opportunity: Key::maybe(row, "opportunity")?,
            ticket: Key::maybe(row, "ticket")?,
            contract: Key::maybe(row, "contract")?,
            description: row.get("description")?,
            span: span::read(row)?,
            completed: row.get("completed")?,
        })
    }

    fn by_tandem(row: &Row) -> Result<bool> {
        let written: Option<i64> = row.get("tandem_version")?;
        Ok(written == Some(row.get("version")?))
    }
}
