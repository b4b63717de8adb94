//! A record in the PSA's calendars: of whichever kind, it is made, written and deleted alike.

use tandem::contract::{Appointment, ItemKind, PsaId, PsaReference, RowVersion, Span};
use tandem::psa::appointment::{self, Edit};
use tandem::psa::record;
use tandem::psa::service_call::{ServiceCall, Work};
use tandem::psa::to_do::ToDo;
use tandem::store::Tenant;

use crate::Result;
use crate::when::When;

/// What a record says.
#[derive(Clone, Debug, PartialEq)]
pub enum Fields {
    /// An appointment.
    Appointment(Appointment),
    /// A to-do.
    ToDo(ToDo),
    /// A service call.
    ServiceCall(ServiceCall),
}

impl Fields {
    /// Of which kind the record is.
    #[must_use]
    pub fn kind(&self) -> ItemKind {
        match self {
            Self::Appointment(_) => ItemKind::Appointment,
            Self::ToDo(_) => ItemKind::ToDo,
            Self::ServiceCall(_) => ItemKind::ServiceCall,
        }
    }

    /// When it takes place.
    #[must_use]
    pub fn when(&self) -> When {
        When::of_row(match self {
            Self::Appointment(appointment) => &appointment.span,
            Self::ToDo(to_do) => &to_do.span,
            Self::ServiceCall(call) => &call.span,
        })
    }

    /// The same at another time.
    #[must_use]
    pub fn at(mut self, when: When) -> Self {
        let span: &mut Span = match &mut self {
            Self::Appointment(appointment) => &mut appointment.span,
            Self::ToDo(to_do) => &mut to_do.span,
            Self::ServiceCall(call) => &mut call.span,
        };
        *span = when.span();
        self
    }

    /// Whether it names a record of the business.
    #[must_use]
    pub fn names(&self, id: &PsaId) -> bool {
        match self {
            Self::Appointment(_) => false,
            Self::ToDo(to_do) => {
                to_do.action_type.id == *id
                    || to_do.company.as_ref().is_some_and(|it| it.id == *id)
                    || to_do.contact.as_ref().is_some_and(|it| it.id == *id)
                    || to_do.opportunity.as_ref().is_some_and(|it| it.id == *id)
                    || to_do.ticket.as_ref().is_some_and(|it| it.id == *id)
                    || to_do.contract.as_ref().is_some_and(|it| it.id == *id)
            }
            Self::ServiceCall(call) => {
                call.status.id == *id
                    || call.company.id == *id
                    || call.work.iter().any(|work| match work {
                        Work::Ticket(ticket) => ticket.id == *id,
                        Work::Task(task) => task.id == *id,
                    })
            }
        }
    }
}

/// Makes a record; an appointment in this user's calendar, others say themselves whose they are.
///
/// # Errors
/// When the PSA refuses it.
pub async fn create(tenant: &Tenant, user: &str, fields: &Fields) -> Result<String> {
    let user = PsaId {
        value: user.to_owned(),
    };
    let mut transaction = tenant.begin().await?;
    let id = match fields {
        Fields::Appointment(fields) => {
            let made = appointment::create(&mut transaction, &user, fields).await?;
            made.id
        }
        Fields::ToDo(fields) => record::create(&mut transaction, None, fields).await?.id,
        Fields::ServiceCall(fields) => record::create(&mut transaction, None, fields).await?.id,
    };
    transaction.commit().await?;
    Ok(id.value)
}

/// Writes a record that is at this version.
///
/// # Errors
/// When the PSA refuses it.
pub async fn write(tenant: &Tenant, id: &str, version: RowVersion, fields: &Fields) -> Result<()> {
    let id = PsaId {
        value: id.to_owned(),
    };
    let mut transaction = tenant.begin().await?;
    match fields {
        Fields::Appointment(fields) => {
            let change = Edit {
                title: Some(fields.title.clone()),
                description: Some(fields.description.clone()),
                span: Some(fields.span),
                private: Some(fields.private),
                free: Some(fields.free),
            };
            appointment::edit(&mut transaction, &id, version, &change).await?;
        }
        Fields::ToDo(fields) => {
            record::replace(&mut transaction, &id, version, fields).await?;
        }
        Fields::ServiceCall(fields) => {
            record::replace(&mut transaction, &id, version, fields).await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}

/// Deletes a record that is at this version.
///
/// # Errors
/// When the PSA refuses it.
pub async fn delete(tenant: &Tenant, which: &PsaReference, version: RowVersion) -> Result<()> {
    let mut transaction = tenant.begin().await?;
    let id = &which.id;
    match which.kind {
        ItemKind::Appointment => {
            appointment::delete(&mut transaction, id, version).await?;
        }
        ItemKind::ToDo => record::delete::<ToDo>(&mut transaction, id, version).await?,
        ItemKind::ServiceCall => {
            record::delete::<ServiceCall>(&mut transaction, id, version).await?;
        }
        ItemKind::Contact => return Err("a contact stands in no calendar".into()),
    }
    transaction.commit().await?;
    Ok(())
}
