//! The business behind the calendars: what to-dos and service calls name, and what their copies in
//! Exchange therefore tell. Only people change it.

use tandem::psa::action_type::ActionType;
use tandem::psa::address::Address;
use tandem::psa::call_status::CallStatus;
use tandem::psa::company::Company;
use tandem::psa::contact::Contact;
use tandem::psa::filter::{ByName, OfCompany};
use tandem::psa::key::Key;
use tandem::psa::opportunity::Opportunity;
use tandem::psa::record::{self, Record, Search, Stored};
use tandem::psa::service_contract::ServiceContract;
use tandem::psa::task::Task;
use tandem::psa::ticket::Ticket;
use tandem::store::{Tenant, Transaction};

use crate::Result;
use crate::record::Fields;

/// How many companies there are, each with one record of each kind that can belong to it.
const COMPANIES: u64 = 2;

/// All records that others name.
#[derive(Clone, Debug)]
pub struct Business {
    /// Whom one works for.
    pub companies: Vec<Stored<Company>>,
    /// Their people.
    pub contacts: Vec<Stored<Contact>>,
    /// What may be sold to them.
    pub opportunities: Vec<Stored<Opportunity>>,
    /// What was agreed with them.
    pub contracts: Vec<Stored<ServiceContract>>,
    /// What they asked for.
    pub tickets: Vec<Stored<Ticket>>,
    /// What is planned for them.
    pub tasks: Vec<Stored<Task>>,
    /// What a to-do can be; the last is not shown on the calendar at first.
    pub action_types: Vec<Stored<ActionType>>,
    /// How far a service call can be.
    pub statuses: Vec<Stored<CallStatus>>,
}

impl Business {
    /// The business as it is.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read(tenant: &Tenant) -> Result<Self> {
        let (by_name, owned) = (ByName::default(), OfCompany::default());
        Ok(Self {
            companies: list(tenant, by_name.clone()).await?,
            contacts: list(tenant, owned.clone()).await?,
            opportunities: list(tenant, owned.clone()).await?,
            contracts: list(tenant, owned.clone()).await?,
            tickets: list(tenant, owned.clone()).await?,
            tasks: list(tenant, owned).await?,
            action_types: list(tenant, by_name.clone()).await?,
            statuses: list(tenant, by_name).await?,
        })
    }

    /// Whether a record's own data let it out into a user's calendar in Exchange: to-dos of types
    /// that the calendar does not show stay at home, and a call goes to whom it is assigned.
    #[must_use]
    pub fn lets_out(&self, fields: &Fields, user: &str) -> bool {
        match fields {
            Fields::Appointment(_) => true,
            Fields::ToDo(to_do) => named(&self.action_types, Some(&to_do.action_type))
                .is_some_and(|action_type| action_type.on_calendar),
            Fields::ServiceCall(call) => call.assigned.iter().any(|it| it.id.value == user),
        }
    }
}

/// The record that a key names.
#[must_use]
pub fn named<'a, R: Record>(all: &'a [Stored<R>], key: Option<&Key<R>>) -> Option<&'a R> {
    let found = all.iter().find(|it| key.is_some_and(|key| key.id == it.id));
    found.map(|it| &it.fields)
}

async fn list<R: Record>(tenant: &Tenant, filter: R::Filter) -> Result<Vec<Stored<R>>> {
    let all = Search {
        after: None,
        limit: 1_000,
        filter,
    };
    let mut found = record::list(tenant, &all).await?;
    // A record that changes comes last in the list; here each keeps its place.
    found.sort_by(|one, other| one.id.value.cmp(&other.id.value));
    Ok(found)
}

/// Begins it.
///
/// # Errors
/// When the PSA refuses it.
pub async fn begin(tenant: &Tenant) -> Result<()> {
    let mut transaction = tenant.begin().await?;
    for number in 0..COMPANIES {
        let company = company(number);
        let key = keep(&mut transaction, &company).await?;
        let company = || Some(key.clone());
        let contact = Contact {
            given_name: "Robin".to_owned(),
            surname: format!("Caller{number}"),
            company: company(),
            ..Contact::default()
        };
        keep(&mut transaction, &contact).await?;
        let opportunity = Opportunity {
            name: format!("Chance {number}"),
            company: company(),
            owner: None,
        };
        keep(&mut transaction, &opportunity).await?;
        let contract = ServiceContract {
            name: format!("Contract {number}"),
            company: company(),
        };
        keep(&mut transaction, &contract).await?;
        let ticket = Ticket {
            number: format!("T{number}"),
            title: format!("Ticket of old {number}"),
            company: company(),
        };
        keep(&mut transaction, &ticket).await?;
        let task = Task {
            number: format!("P{number}"),
            title: format!("Task of old {number}"),
            company: company(),
        };
        keep(&mut transaction, &task).await?;
    }
    for (name, on_calendar) in [("Call back", true), ("Quote", true), ("Note", false)] {
        let name = name.to_owned();
        keep(&mut transaction, &ActionType { name, on_calendar }).await?;
    }
    for name in ["Planned", "Done"] {
        let name = name.to_owned();
        keep(&mut transaction, &CallStatus { name }).await?;
    }
    transaction.commit().await?;
    Ok(())
}

fn company(number: u64) -> Company {
    Company {
        name: format!("Firm {number}"),
        phone: format!("+49 000 {number}"),
        address: address(number),
        territory: None,
        account_manager: None,
    }
}

/// An address that no other number has.
#[must_use]
pub fn address(number: u64) -> Address {
    Address {
        street: format!("Kanalweg {number}"),
        city: "Hafenstadt".to_owned(),
        postal_code: format!("{:05}", number % 100_000),
        country: "Germany".to_owned(),
        ..Address::default()
    }
}

async fn keep<R: Record>(transaction: &mut Transaction, fields: &R) -> Result<Key<R>> {
    let made = record::create(transaction, None, fields).await?;
    Ok(Key::new(made.id))
}
