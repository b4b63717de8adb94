//! How a record is given: its fields, with its key, its version and its times.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{
    AllOfBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type,
};
use utoipa::{PartialSchema, ToSchema};

use super::Kind;
use crate::api::service_calls::ServiceCallForm;
use crate::api::time::instant_text;
use crate::api::to_dos::ToDoForm;
use crate::psa::action_type::ActionType;
use crate::psa::call_status::CallStatus;
use crate::psa::company::Company;
use crate::psa::contact::Contact;
use crate::psa::opportunity::Opportunity;
use crate::psa::record::Stored;
use crate::psa::security_level::SecurityLevel;
use crate::psa::service_contract::ServiceContract;
use crate::psa::task::Task;
use crate::psa::territory::Territory;
use crate::psa::ticket::Ticket;

/// A record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct View<F> {
    /// The key.
    pub id: String,
    /// Rises with each change; the `ETag`.
    pub version: u64,
    /// The fields.
    #[serde(flatten)]
    pub fields: F,
    /// When it was made.
    pub created: String,
    /// When it was changed last.
    pub changed: String,
}

// By plain names, which is what the description of the change feed can be read from.
pub type ActionTypeView = View<ActionType>;
pub type CallStatusView = View<CallStatus>;
pub type CompanyView = View<Company>;
pub type ContactView = View<Contact>;
pub type ContractView = View<ServiceContract>;
pub type OpportunityView = View<Opportunity>;
pub type SecurityLevelView = View<SecurityLevel>;
pub type ServiceCallView = View<ServiceCallForm>;
pub type TaskView = View<Task>;
pub type TerritoryView = View<Territory>;
pub type TicketView = View<Ticket>;
pub type ToDoView = View<ToDoForm>;

impl<K: Kind> From<Stored<K>> for View<K::Form> {
    fn from(record: Stored<K>) -> Self {
        Self {
            id: record.id.value,
            version: record.version.number,
            fields: record.fields.into(),
            created: instant_text(record.created),
            changed: instant_text(record.changed),
        }
    }
}

impl<F: ToSchema> PartialSchema for View<F> {
    fn schema() -> RefOr<Schema> {
        let text = || ObjectBuilder::new().schema_type(Type::String);
        let time = || text().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)));
        let number = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1));
        let kept = ObjectBuilder::new()
            .property("id", text())
            .property("version", number)
            .property("created", time())
            .property("changed", time())
            .required("id")
            .required("version")
            .required("created")
            .required("changed");
        let mut fields = F::schema();
        if let RefOr::T(Schema::Object(object)) = &mut fields {
            // What is refused in a request stands beside the fields in an answer.
            object.additional_properties = None;
        }
        AllOfBuilder::new().item(fields).item(kept).into()
    }
}

impl<F: ToSchema> ToSchema for View<F> {
    fn name() -> Cow<'static, str> {
        format!("{}View", F::name()).into()
    }

    fn schemas(all: &mut Vec<(String, RefOr<Schema>)>) {
        F::schemas(all);
    }
}
