//! The demo's service business: whom it serves, and what there is to do for them.

use rand::RngExt;
use rand::rngs::StdRng;

use super::{DemoError, Person, words};
use crate::contract::{PsaId, Weekday, Zone};
use crate::cycle::window::resolve;
use crate::psa::action_type::ActionType;
use crate::psa::address::Address;
use crate::psa::call_status::CallStatus;
use crate::psa::company::Company;
use crate::psa::contact::Contact;
use crate::psa::key::Key;
use crate::psa::opportunity::Opportunity;
use crate::psa::record::{self, Record};
use crate::psa::resource::{self, Resource, Stretch, WorkingHours};
use crate::psa::security_level::SecurityLevel;
use crate::psa::service_contract::ServiceContract;
use crate::psa::task::Task;
use crate::psa::territory::Territory;
use crate::psa::ticket::Ticket;
use crate::store::{StoreError, Transaction};

/// How many companies there are.
const COMPANIES: usize = 60;

/// A company with what belongs to it.
pub struct Customer {
    pub company: Key<Company>,
    pub contacts: Vec<Key<Contact>>,
    pub opportunity: Option<Key<Opportunity>>,
    pub contract: Option<Key<ServiceContract>>,
    pub tickets: Vec<Key<Ticket>>,
    pub task: Option<Key<Task>>,
}

/// What items name.
pub struct Business {
    pub customers: Vec<Customer>,
    pub action_types: Vec<Key<ActionType>>,
    pub statuses: Vec<Key<CallStatus>>,
}

/// Makes it.
pub async fn make(
    transaction: &mut Transaction,
    people: &[Person],
    chance: &mut StdRng,
) -> Result<Business, DemoError> {
    let mut territories = Vec::new();
    for name in ["Coast", "Hills", "City", "Overseas"] {
        territories.push(keep(transaction, &Territory { name: name.into() }).await?);
    }
    let mut levels = Vec::new();
    for (name, configure_extensions) in [("Administrator", true), ("Technician", false)] {
        let level = SecurityLevel {
            name: name.into(),
            configure_extensions,
        };
        levels.push(keep(transaction, &level).await?);
    }
    for (number, person) in people.iter().enumerate() {
        let level = levels.get(usize::from(number > 0)).cloned();
        let territory = territories.get(number % territories.len()).cloned();
        place(transaction, person, territory, level).await?;
    }
    let mut action_types = Vec::new();
    for (name, on_calendar) in [
        ("Call back", true),
        ("Quote", true),
        ("Visit", true),
        ("Note to file", false),
    ] {
        let action_type = ActionType {
            name: name.into(),
            on_calendar,
        };
        action_types.push(keep(transaction, &action_type).await?);
    }
    let mut statuses = Vec::new();
    for name in ["Planned", "Confirmed", "On the way", "Done"] {
        statuses.push(keep(transaction, &CallStatus { name: name.into() }).await?);
    }
    let mut customers = Vec::new();
    for number in 0..COMPANIES {
        let territory = pick(&territories, chance).cloned();
        let manager = pick(people, chance).map(user);
        let company = company(number, territory, manager, chance);
        let company = keep(transaction, &company).await?;
        customers.push(customer(transaction, number, company, people, chance).await?);
    }
    Ok(Business {
        customers,
        action_types,
        statuses,
    })
}

/// A person as the PSA names its users.
pub fn user(person: &Person) -> Key<Resource> {
    Key::new(PsaId {
        value: person.id.to_owned(),
    })
}

/// One of several, drawn; none of none.
pub fn pick<'a, T>(all: &'a [T], chance: &mut StdRng) -> Option<&'a T> {
    match all.len() {
        0 => None,
        several => all.get(chance.random_range(0..several)),
    }
}

/// One of several texts, drawn.
pub fn word(all: &[&str], chance: &mut StdRng) -> String {
    pick(all, chance).copied().unwrap_or_default().to_owned()
}

/// Makes a user of the PSA whom nobody has let synchronise yet.
pub async fn hire(transaction: &mut Transaction, person: &Person) -> Result<(), StoreError> {
    let fields = Resource {
        name: person.name.to_owned(),
        email: person.address.to_owned(),
        working_hours: working_hours(person),
        active: true,
        territory: None,
        security_level: None,
    };
    resource::create(transaction, Some(&user(person).id), &fields).await?;
    Ok(())
}

async fn place(
    transaction: &mut Transaction,
    person: &Person,
    territory: Option<Key<Territory>>,
    security_level: Option<Key<SecurityLevel>>,
) -> Result<(), StoreError> {
    let known = resource::get(&mut *transaction, &user(person).id).await?;
    let fields = Resource {
        territory,
        security_level,
        working_hours: working_hours(person),
        ..known.fields
    };
    resource::replace(transaction, &known.id, known.version, &fields).await?;
    Ok(())
}

/// From 8 to 17 o'clock on working days, where the person is.
fn working_hours(person: &Person) -> Option<WorkingHours> {
    use Weekday::{Friday, Monday, Thursday, Tuesday, Wednesday};
    let zone = resolve(&Zone {
        name: person.zone.to_owned(),
    })?;
    let stretch = |day| Stretch {
        day,
        from: 8 * 60,
        to: 17 * 60,
    };
    Some(WorkingHours {
        zone: zone.name().to_owned(),
        stretches: [Monday, Tuesday, Wednesday, Thursday, Friday]
            .map(stretch)
            .into(),
    })
}

/// Each pair of name and trade is drawn once: their numbers have no common divisor but 5, so that
/// the 60 first pairs differ.
fn company(
    number: usize,
    territory: Option<Key<Territory>>,
    account_manager: Option<Key<Resource>>,
    chance: &mut StdRng,
) -> Company {
    let of = |all: &[&str]| {
        all.get(number % all.len())
            .copied()
            .unwrap_or_default()
            .to_owned()
    };
    let (postal_code, city) = pick(&words::TOWNS, chance).copied().unwrap_or_default();
    let house = chance.random_range(1..90);
    let address = Address {
        street: format!("{} {house}", word(&words::STREETS, chance)),
        city: city.to_owned(),
        state: String::new(),
        postal_code: postal_code.to_owned(),
        country: "Germany".to_owned(),
    };
    Company {
        name: format!("{} {}", of(&words::NAMES), of(&words::TRADES)),
        phone: format!("+49 000 55{number:04}"),
        address,
        territory,
        account_manager,
    }
}

async fn customer(
    transaction: &mut Transaction,
    number: usize,
    company: Key<Company>,
    people: &[Person],
    chance: &mut StdRng,
) -> Result<Customer, StoreError> {
    let of_company = || Some(company.clone());
    let mut contacts = Vec::new();
    for place in 0..chance.random_range(1..4) {
        let (given_name, surname) = (
            word(&words::GIVEN_NAMES, chance),
            word(&words::SURNAMES, chance),
        );
        let contact = Contact {
            job_title: word(&words::JOBS, chance),
            company: of_company(),
            emails: vec![format!("contact{place}@customer{number}.example")],
            business_phones: vec![format!("+49 000 55{number:04}-{place}")],
            active: chance.random_bool(0.9),
            given_name,
            surname,
            ..Contact::default()
        };
        contacts.push(keep(transaction, &contact).await?);
    }
    let mut tickets = Vec::new();
    for place in 0..chance.random_range(1..4) {
        let ticket = Ticket {
            number: format!("T{}", 10_000 + number * 10 + place),
            title: word(&words::TICKETS, chance),
            company: of_company(),
        };
        tickets.push(keep(transaction, &ticket).await?);
    }
    let opportunity = Opportunity {
        name: word(&words::OPPORTUNITIES, chance),
        company: of_company(),
        owner: pick(people, chance).map(user),
    };
    let contract = ServiceContract {
        name: word(&words::CONTRACTS, chance),
        company: of_company(),
    };
    let task = Task {
        number: format!("P{}-1", 100 + number),
        title: word(&words::TASKS, chance),
        company: of_company(),
    };
    Ok(Customer {
        opportunity: perhaps(transaction, &opportunity, 0.4, chance).await?,
        contract: perhaps(transaction, &contract, 0.7, chance).await?,
        task: perhaps(transaction, &task, 0.3, chance).await?,
        company,
        contacts,
        tickets,
    })
}

async fn perhaps<R: Record>(
    transaction: &mut Transaction,
    fields: &R,
    likely: f64,
    chance: &mut StdRng,
) -> Result<Option<Key<R>>, StoreError> {
    match chance.random_bool(likely) {
        true => keep(transaction, fields).await.map(Some),
        false => Ok(None),
    }
}

async fn keep<R: Record>(transaction: &mut Transaction, fields: &R) -> Result<Key<R>, StoreError> {
    let made = record::create(transaction, None, fields).await?;
    Ok(Key::new(made.id))
}
