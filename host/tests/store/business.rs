//! A small service business to test with: a company with what it has, and two users.

use tandem::contract::*;
use tandem::psa::action_type::ActionType;
use tandem::psa::address::Address;
use tandem::psa::call_status::CallStatus;
use tandem::psa::company::Company;
use tandem::psa::contact::Contact;
use tandem::psa::key::Key;
use tandem::psa::opportunity::Opportunity;
use tandem::psa::record::{self, Record, Stored};
use tandem::psa::service_call::{ServiceCall, Work};
use tandem::psa::service_contract::ServiceContract;
use tandem::psa::task::Task;
use tandem::psa::territory::Territory;
use tandem::psa::ticket::Ticket;
use tandem::psa::to_do::ToDo;
use tandem::psa::version;
use tandem::store::{Result, Store, Tenant, link, mailbox};

use crate::place;
use crate::sample::{self, HOUR, NOON};

/// The business.
pub struct Business {
    pub tenant: Tenant,
    pub jane: PsaId,
    pub joe: PsaId,
    pub north: Stored<Territory>,
    pub company: Stored<Company>,
    pub contact: Stored<Contact>,
    pub call_back: Stored<ActionType>,
    pub planned: Stored<CallStatus>,
    pub opportunity: Stored<Opportunity>,
    pub contract: Stored<ServiceContract>,
    pub ticket: Stored<Ticket>,
    pub task: Stored<Task>,
}

impl Business {
    /// Nobody is the company's account manager, and the opportunity has no owner.
    pub async fn new(store: &Store) -> Self {
        let tenant = place::tenant(store, "acme").await;
        let jane = place::user(&tenant, "jane").await;
        let joe = place::user(&tenant, "joe").await;
        let north = make(
            &tenant,
            &Territory {
                name: "North".into(),
            },
        )
        .await;
        let address = Address {
            street: "Kanalweg 4".into(),
            city: "Hamburg".into(),
            postal_code: "20457".into(),
            ..Address::default()
        };
        let company = Company {
            name: "Nordlicht Bakeries".into(),
            phone: "+49 40 5550100".into(),
            address,
            territory: Some(key(&north)),
            account_manager: None,
        };
        let company = make(&tenant, &company).await;
        let of_company = || Some(key(&company));
        let contact = Contact {
            given_name: "Greta".into(),
            surname: "Lund".into(),
            company: of_company(),
            emails: vec!["greta@nordlicht.example".into()],
            active: true,
            ..Contact::default()
        };
        let opportunity = Opportunity {
            name: "Weekend cover".into(),
            company: of_company(),
            owner: None,
        };
        let contract = ServiceContract {
            name: "Gold".into(),
            company: of_company(),
        };
        let ticket = Ticket {
            number: "T1001".into(),
            title: "Till offline".into(),
            company: of_company(),
        };
        let task = Task {
            number: "P7-3".into(),
            title: "Label the racks".into(),
            company: of_company(),
        };
        let call_back = ActionType {
            name: "Call back".into(),
            on_calendar: true,
        };
        let planned = CallStatus {
            name: "Planned".into(),
        };
        Self {
            contact: make(&tenant, &contact).await,
            call_back: make(&tenant, &call_back).await,
            planned: make(&tenant, &planned).await,
            opportunity: make(&tenant, &opportunity).await,
            contract: make(&tenant, &contract).await,
            ticket: make(&tenant, &ticket).await,
            task: make(&tenant, &task).await,
            tenant,
            jane,
            joe,
            north,
            company,
        }
    }

    /// A to-do of Jane's that names everything a to-do can.
    pub fn to_do(&self) -> ToDo {
        ToDo {
            resource: Key::new(self.jane.clone()),
            action_type: key(&self.call_back),
            company: Some(key(&self.company)),
            contact: Some(key(&self.contact)),
            opportunity: Some(key(&self.opportunity)),
            ticket: Some(key(&self.ticket)),
            contract: Some(key(&self.contract)),
            description: "Ask for the till's number".into(),
            span: sample::timed(NOON, NOON + HOUR),
            completed: false,
        }
    }

    /// A call at the company, for its ticket and its task.
    pub fn call(&self, assigned: &[&PsaId]) -> ServiceCall {
        ServiceCall {
            description: "New till".into(),
            status: key(&self.planned),
            company: key(&self.company),
            assigned: assigned.iter().map(|id| Key::new((*id).clone())).collect(),
            work: vec![Work::Task(key(&self.task)), Work::Ticket(key(&self.ticket))],
            span: sample::timed(NOON, NOON + 2 * HOUR),
        }
    }

    /// What changed for a user meanwhile.
    pub async fn news(&self, of: &PsaId, since: Option<RowVersion>) -> Vec<PsaRow> {
        let reader = sample::reader(of);
        tandem::psa::feed::changes_since(&self.tenant, &reader, since, 100)
            .await
            .unwrap()
    }

    /// A mailbox of the user's in which the record has a copy.
    pub async fn linked(&self, user: &PsaId, reference: &PsaReference) {
        let mut tx = self.tenant.begin().await.unwrap();
        let address = format!("{}@example.com", user.value);
        let allowed = mailbox::allow(&mut tx, user, &address).await.unwrap();
        let link = Link {
            kind: reference.kind,
            psa: Some(reference.clone()),
            ..sample::link("any", "copy")
        };
        link::insert(&mut tx, &allowed.id, &link).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn now(&self) -> Option<RowVersion> {
        version::current(&self.tenant).await.unwrap()
    }
}

pub fn key<R>(record: &Stored<R>) -> Key<R> {
    Key::new(record.id.clone())
}

pub async fn make<R: Record>(tenant: &Tenant, fields: &R) -> Stored<R> {
    let mut tx = tenant.begin().await.unwrap();
    let made = record::create(&mut tx, None, fields).await.unwrap();
    tx.commit().await.unwrap();
    made
}

/// Changes a record's fields as they are now.
pub async fn change<R: Record>(
    tenant: &Tenant,
    id: &PsaId,
    change: impl FnOnce(&mut R),
) -> Stored<R> {
    let mut tx = tenant.begin().await.unwrap();
    let known = record::get::<R>(&mut tx, id).await.unwrap();
    let mut fields = known.fields;
    change(&mut fields);
    let changed = record::replace(&mut tx, id, known.version, &fields)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    changed
}

pub async fn delete<R: Record>(tenant: &Tenant, id: &PsaId) -> Result<()> {
    let mut tx = tenant.begin().await?;
    let known = record::get::<R>(&mut tx, id).await?;
    record::delete::<R>(&mut tx, id, known.version).await?;
    tx.commit().await
}
