//! Three weeks of the technicians' work: the past one, this one and the next. Each working day of
//! each has up to four stretches of two hours.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Weekday};
use rand::RngExt;
use rand::rngs::StdRng;

use super::business::{Business, Customer, pick, user, word};
use super::seed::{plain, timed};
use super::{DemoError, Person, words};
use crate::contract::Span;
use crate::psa::service_call::{ServiceCall, Work};
use crate::psa::to_do::ToDo;
use crate::psa::{appointment, record};
use crate::store::Transaction;

/// How likely a stretch is filled.
const BUSY: f64 = 0.6;

/// Fills the calendars.
pub async fn fill(
    transaction: &mut Transaction,
    people: &[Person],
    business: &Business,
    today: NaiveDate,
    chance: &mut StdRng,
) -> Result<(), DemoError> {
    for person in people {
        for day in working_days(today) {
            for stretch in 0..4 {
                if !chance.random_bool(BUSY) {
                    continue;
                }
                let hours = TimeDelta::hours(i64::from(person.morning) + 2 * stretch);
                let length = TimeDelta::minutes(30 * chance.random_range(1..5));
                let midnight = day.and_time(NaiveTime::MIN).and_utc();
                let start = midnight.checked_add_signed(hours);
                let end = start.and_then(|start| start.checked_add_signed(length));
                let (start, end) = start.zip(end).ok_or(DemoError::Clock)?;
                let work = Stretch {
                    person,
                    span: timed(start, end),
                    is_past: start.date_naive() < today,
                };
                match chance.random_range(0..100) {
                    0..25 => work.appointment(transaction, chance).await?,
                    25..65 => work.to_do(transaction, business, chance).await?,
                    _ => work.call(transaction, business, people, chance).await?,
                }
            }
        }
    }
    Ok(())
}

/// Monday to Friday of three weeks, from a week ago.
fn working_days(today: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let begin = today.checked_sub_days(Days::new(7)).unwrap_or(today);
    let is_work = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    begin.iter_days().take(21).filter(is_work)
}

/// A stretch of somebody's day that is to be filled.
struct Stretch<'a> {
    person: &'a Person,
    span: Span,
    is_past: bool,
}

impl Stretch<'_> {
    async fn appointment(
        &self,
        transaction: &mut Transaction,
        chance: &mut StdRng,
    ) -> Result<(), DemoError> {
        let mut fields = plain(&word(&words::APPOINTMENTS, chance), "", self.span);
        fields.private = chance.random_bool(0.1);
        appointment::create(transaction, &user(self.person).id, &fields).await?;
        Ok(())
    }

    async fn to_do(
        &self,
        transaction: &mut Transaction,
        business: &Business,
        chance: &mut StdRng,
    ) -> Result<(), DemoError> {
        let (Some(action_type), Some(customer)) = (
            pick(&business.action_types, chance).cloned(),
            pick(&business.customers, chance),
        ) else {
            return Ok(());
        };
        let Customer {
            company,
            contacts,
            opportunity,
            contract,
            tickets,
            task: _,
        } = customer;
        let to_do = ToDo {
            resource: user(self.person),
            action_type,
            company: Some(company.clone()),
            contact: pick(contacts, chance).cloned(),
            opportunity: opportunity.clone().filter(|_| chance.random_bool(0.3)),
            ticket: pick(tickets, chance).cloned(),
            contract: contract.clone(),
            description: word(&words::TO_DOS, chance),
            span: self.span,
            completed: self.is_past && chance.random_bool(0.8),
        };
        record::create(transaction, None, &to_do).await?;
        Ok(())
    }

    async fn call(
        &self,
        transaction: &mut Transaction,
        business: &Business,
        people: &[Person],
        chance: &mut StdRng,
    ) -> Result<(), DemoError> {
        // Past calls are done, the last of the statuses.
        let status = match self.is_past {
            true => business.statuses.last().cloned(),
            false => pick(&business.statuses, chance).cloned(),
        };
        let (Some(status), Some(customer)) = (status, pick(&business.customers, chance)) else {
            return Ok(());
        };
        let mut assigned = vec![user(self.person)];
        if let Some(other) = pick(people, chance).filter(|other| other.id != self.person.id)
            && chance.random_bool(0.3)
        {
            assigned.push(user(other));
        }
        let task = customer.task.clone().map(Work::Task);
        let ticket = pick(&customer.tickets, chance).cloned().map(Work::Ticket);
        let call = ServiceCall {
            description: word(&words::CALLS, chance),
            status,
            company: customer.company.clone(),
            assigned,
            work: ticket.into_iter().chain(task).collect(),
            span: self.span,
        };
        record::create(transaction, None, &call).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;
    use crate::contract::{PsaId, TenantId};
    use crate::demo::{business, people};
    use crate::psa::company::Company;
    use crate::psa::record::{Record, Search};
    use crate::psa::resource::{self, Resource};
    use crate::store::{Database, SecretKey, Store, Tenant};

    #[test]
    fn three_weeks_have_fifteen_working_days_whatever_day_it_is() {
        let mut today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        for _ in 0..7 {
            assert_eq!(working_days(today).count(), 15, "{today}");
            today = today.succ_opt().unwrap();
        }
    }

    async fn count<R: Record>(tenant: &Tenant) -> usize
    where
        R::Filter: Default,
    {
        let all = Search {
            after: None,
            limit: 10_000,
            filter: R::Filter::default(),
        };
        record::list::<R>(tenant, &all).await.unwrap().len()
    }

    #[tokio::test]
    async fn a_business_of_twelve_has_sixty_customers_and_four_hundred_items() {
        let database = Database::open("sqlite::memory:").await.unwrap();
        let store = Store::new(database, SecretKey::generate());
        let id = TenantId {
            value: "demo".into(),
        };
        store.tenants().create(&id, "demo").await.unwrap();
        let tenant = store.tenant(&id);
        let people = people::people();
        let mut transaction = tenant.begin().await.unwrap();
        for person in &people {
            let fields = Resource {
                name: person.name.into(),
                email: person.address.into(),
                working_hours: None,
                active: true,
                territory: None,
                security_level: None,
            };
            let id = PsaId {
                value: person.id.into(),
            };
            let made = resource::create(&mut transaction, Some(&id), &fields).await;
            made.unwrap();
        }
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let mut chance = StdRng::seed_from_u64(1);
        let business = business::make(&mut transaction, &people, &mut chance)
            .await
            .unwrap();
        fill(&mut transaction, &people, &business, today, &mut chance)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        assert_eq!((people.len(), count::<Company>(&tenant).await), (12, 60));
        let all = appointment::Search {
            limit: 10_000,
            ..appointment::Search::default()
        };
        let appointments = appointment::list(&tenant, &all).await.unwrap().len();
        let to_dos = count::<ToDo>(&tenant).await;
        let calls = count::<ServiceCall>(&tenant).await;
        assert!(appointments + to_dos + calls >= 400);
        assert!(appointments.min(to_dos).min(calls) >= 80);
    }
}
