//! The kinds of record that the interface gives. Most are written just as the PSA keeps them; to-dos
//! and service calls, which take place at times, have forms of their own.

use super::sought::{Companys, Named, Planned};
use super::view::View;
use super::{Form, Kind, Names, names, put, remove};
use crate::api::bulk::InBulk;
use crate::api::changes;
use crate::api::problem::Problem;
use crate::api::service_calls::ServiceCallForm;
use crate::api::to_dos::ToDoForm;
use crate::contract::{PsaId, RowVersion};
use crate::psa::action_type::ActionType;
use crate::psa::call_status::CallStatus;
use crate::psa::company::Company;
use crate::psa::contact::Contact;
use crate::psa::opportunity::Opportunity;
use crate::psa::security_level::SecurityLevel;
use crate::psa::service_call::ServiceCall;
use crate::psa::service_contract::ServiceContract;
use crate::psa::task::Task;
use crate::psa::territory::Territory;
use crate::psa::ticket::Ticket;
use crate::psa::to_do::ToDo;
use crate::psa::written::Written;
use crate::store::Transaction;

macro_rules! kind {
    ($feed:ident: $record:ty as $form:ty, $sought:ty, $names:expr) => {
        impl Kind for $record {
            const NAMES: Names = $names;
            type Form = $form;
            type Sought = $sought;

            fn in_feed(view: View<$form>) -> changes::Record {
                changes::Record::$feed(view)
            }
        }

        impl InBulk for $form {
            async fn put(
                self,
                transaction: &mut Transaction,
                id: &PsaId,
                expected: Option<RowVersion>,
            ) -> Result<Written, Problem> {
                put::<$record>(self, transaction, id, expected).await
            }

            async fn remove(
                transaction: &mut Transaction,
                id: &PsaId,
                expected: Option<RowVersion>,
            ) -> Result<Written, Problem> {
                remove::<$record>(transaction, id, expected).await
            }
        }
    };
    ($feed:ident: $record:ty, $sought:ty, $names:expr) => {
        kind!($feed: $record as $record, $sought, $names);

        impl Form<$record> for $record {
            fn parse(self) -> Result<Self, Problem> {
                Ok(self)
            }
        }
    };
}

kind!(Territory: Territory, Named, names!("/territories", "territory", "territories"));
kind!(SecurityLevel: SecurityLevel, Named, names!("/security-levels", "security level", "security levels"));
kind!(Company: Company, Named, names!("/companies", "company", "companies"));
kind!(Contact: Contact, Companys, names!("/contacts", "contact", "contacts"));
kind!(Opportunity: Opportunity, Companys, names!("/opportunities", "opportunity", "opportunities"));
kind!(Contract: ServiceContract, Companys, names!("/contracts", "contract", "contracts"));
kind!(Ticket: Ticket, Companys, names!("/tickets", "ticket", "tickets"));
kind!(Task: Task, Companys, names!("/tasks", "task", "tasks"));
kind!(ActionType: ActionType, Named, names!("/action-types", "to-do action type", "action types"));
kind!(ToDo: ToDo as ToDoForm, Planned, names!("/to-dos", "to-do", "to-dos"));
kind!(CallStatus: CallStatus, Named, names!("/call-statuses", "status of calls", "statuses of calls"));
kind!(ServiceCall: ServiceCall as ServiceCallForm, Planned, names!("/service-calls", "service call", "service calls"));
