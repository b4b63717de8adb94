//! What people write into the PSA's records, drawn for each kind.

use tandem::contract::{Appointment, ItemKind, PsaId};
use tandem::psa::action_type::ActionType;
use tandem::psa::key::Key;
use tandem::psa::record::{Record, Stored};
use tandem::psa::resource::Resource;
use tandem::psa::service_call::{ServiceCall, Work};
use tandem::psa::to_do::ToDo;

use crate::Result;
use crate::business::Business;
use crate::dice::Dice;
use crate::record::Fields;
use crate::when::When;
use crate::words::{self, Texts};

/// The longest title of the PSA, in characters.
const TITLE: usize = 256;

/// What a record can be about, and for whom.
pub struct Writer<'a> {
    /// Chance.
    pub dice: &'a mut Dice,
    /// What records name.
    pub business: &'a Business,
    /// All users, the one who writes first.
    pub users: Vec<Key<Resource>>,
    /// A number for texts.
    pub word: u64,
}

impl Writer<'_> {
    /// A new record.
    ///
    /// # Errors
    /// When the business lacks what a record has to name.
    pub fn new_record(&mut self, kind: ItemKind, when: When) -> Result<Fields> {
        let span = when.span();
        let writer = self.users.first().cloned().ok_or("there is no user")?;
        let empty = match kind {
            ItemKind::Appointment => Fields::Appointment(Appointment {
                title: String::new(),
                description: String::new(),
                span,
                private: self.dice.percent(15),
                free: self.dice.percent(10),
                recurring: false,
                not_answered: false,
            }),
            ItemKind::ToDo => Fields::ToDo(ToDo {
                resource: writer,
                action_type: self.any_type()?,
                company: None,
                contact: None,
                opportunity: None,
                ticket: None,
                contract: None,
                description: String::new(),
                span,
                completed: self.dice.percent(10),
            }),
            ItemKind::ServiceCall => Fields::ServiceCall(ServiceCall {
                description: String::new(),
                status: one(self.dice, &self.business.statuses)?,
                company: one(self.dice, &self.business.companies)?,
                assigned: self.some_users(),
                work: Vec::new(),
                span,
            }),
            ItemKind::Contact => return Err("a contact stands in no calendar".into()),
        };
        self.rewritten(&empty)
    }

    /// A record with other texts.
    ///
    /// # Errors
    /// As [`Self::new_record`].
    pub fn rewritten(&mut self, fields: &Fields) -> Result<Fields> {
        let Texts { subject, body, .. } = words::draw(self.dice, self.word, false);
        let description: String = body.chars().take(7_000).collect();
        let business = self.business;
        Ok(match fields.clone() {
            Fields::Appointment(appointment) => {
                let title: String = subject.chars().take(TITLE).collect();
                Fields::Appointment(Appointment {
                    title: title.trim().to_owned(),
                    description,
                    ..appointment
                })
            }
            Fields::ToDo(to_do) => Fields::ToDo(ToDo {
                company: self.perhaps(&business.companies)?,
                contact: self.perhaps(&business.contacts)?,
                opportunity: self.perhaps(&business.opportunities)?,
                ticket: self.perhaps(&business.tickets)?,
                contract: self.perhaps(&business.contracts)?,
                description,
                ..to_do
            }),
            Fields::ServiceCall(call) => {
                let ticket = self.perhaps(&business.tickets)?.map(Work::Ticket);
                let task = self.perhaps(&business.tasks)?.map(Work::Task);
                Fields::ServiceCall(ServiceCall {
                    company: one(self.dice, &business.companies)?,
                    description,
                    work: ticket.into_iter().chain(task).collect(),
                    ..call
                })
            }
        })
    }

    /// A record of which something else is changed: how secret it is, how far it is, or to whom it
    /// goes.
    ///
    /// # Errors
    /// As [`Self::new_record`].
    pub fn turned(&mut self, fields: &Fields) -> Result<Fields> {
        let otherwise = self.dice.percent(30);
        Ok(match fields.clone() {
            Fields::Appointment(appointment) => Fields::Appointment(Appointment {
                private: !appointment.private,
                ..appointment
            }),
            Fields::ToDo(to_do) if otherwise => Fields::ToDo(ToDo {
                completed: !to_do.completed,
                ..to_do
            }),
            Fields::ToDo(to_do) => Fields::ToDo(ToDo {
                action_type: self.any_type()?,
                ..to_do
            }),
            Fields::ServiceCall(call) if otherwise => Fields::ServiceCall(ServiceCall {
                status: one(self.dice, &self.business.statuses)?,
                ..call
            }),
            Fields::ServiceCall(call) => Fields::ServiceCall(ServiceCall {
                assigned: self.some_users(),
                ..call
            }),
        })
    }

    fn any_type(&mut self) -> Result<Key<ActionType>> {
        one(self.dice, &self.business.action_types)
    }

    /// Any number of users, at times none.
    fn some_users(&mut self) -> Vec<Key<Resource>> {
        let dice = &mut self.dice;
        let users = self.users.iter().filter(|_| dice.percent(70));
        users.cloned().collect()
    }

    fn perhaps<R: Record>(&mut self, all: &[Stored<R>]) -> Result<Option<Key<R>>> {
        if self.dice.percent(50) {
            return Ok(None);
        }
        one(self.dice, all).map(Some)
    }
}

fn one<R: Record>(dice: &mut Dice, all: &[Stored<R>]) -> Result<Key<R>> {
    let record = dice.pick(all).ok_or("the business lacks a record")?;
    Ok(Key::new(record.id.clone()))
}

/// A user as the PSA names one.
#[must_use]
pub fn user(id: &str) -> Key<Resource> {
    Key::new(PsaId {
        value: id.to_owned(),
    })
}
