//! Service calls: a visit at a company, by one user or by several, for tickets and tasks.
//!
//! In each assigned user's calendar a call is a row of its own: see [`assignment`]. So one who is
//! taken off sees it go, and the others do not notice.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::call_status::CallStatus;
use super::company::Company;
use super::filter::InCalendar;
use super::key::{Key, Naming};
use super::record::{Change, Record, Statements, Stored, statements};
use super::resource::Resource;
use super::task::Task;
use super::ticket::Ticket;
use super::{rule, span};
use crate::contract::{PsaId, Span};
use crate::store::codec;
use crate::store::error::Result;
use crate::store::statement::{Row, Value, sql};
use crate::store::{Source, Transaction};

mod assignment;

/// The most users on a call, and the most tickets and tasks.
const MOST: usize = 100;

/// A service call.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceCall {
    /// Its own text, at most 8,000 characters, may be empty.
    pub description: String,
    /// How far it is.
    pub status: Key<CallStatus>,
    /// At which company.
    pub company: Key<Company>,
    /// Who is sent, at most 100.
    pub assigned: Vec<Key<Resource>>,
    /// What is done, at most 100, in the PSA's order.
    pub work: Vec<Work>,
    /// When.
    pub span: Span,
}

/// What is done on a service call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// A ticket.
    Ticket(Key<Ticket>),
    /// A task.
    Task(Key<Task>),
}

impl Record for ServiceCall {
    const WHAT: &'static str = "service call";

    const STATEMENTS: Statements = statements! {
        table "service_call",
        columns "person_version, description, status, company, start_at, end_at, first_day, \
                 after_day, begins, ends",
        values "$3, $4, $5, $6, $7, $8, $9, $10, $11, $12",
        bury "person_version = $3, description = ''",
        filter "($4 IS NULL OR id IN (SELECT call FROM assignment
                                       WHERE tenant = $1 AND resource = $4 AND assigned))
                AND ($5 IS NULL OR company = $5)
                AND ($6 IS NULL OR ends > $6) AND ($7 IS NULL OR begins < $7)",
    };

    const NAMED_BY: Option<&'static str> = None;

    type Filter = InCalendar;

    fn check(&self) -> Result<()> {
        rule::at_most("description", &self.description, rule::DESCRIPTION)?;
        rule::once_each("assigned", &self.assigned, MOST)?;
        rule::once_each("work", &self.work, MOST)?;
        span::check(&self.span)
    }

    fn names(&self) -> Vec<Naming<'_>> {
        let mut names = vec![
            self.status.named_as("status"),
            self.company.named_as("company"),
        ];
        names.extend(self.assigned.iter().map(|key| key.named_as("assigned")));
        names.extend(self.work.iter().map(|work| match work {
            Work::Ticket(key) => key.named_as("work"),
            Work::Task(key) => key.named_as("work"),
        }));
        names
    }

    fn values(&self) -> Result<Vec<Value>> {
        let mut values = vec![
            Value::from(&self.description),
            self.status.value(),
            self.company.value(),
        ];
        values.extend(span::columns(&self.span)?.values());
        Ok(values)
    }

    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            description: row.get("description")?,
            status: Key::read(row, "status")?,
            company: Key::read(row, "company")?,
            assigned: Vec::new(),
            work: Vec::new(),
            span: span::read(row)?,
        })
    }

    async fn complete(source: &mut impl Source, records: &mut [Stored<Self>]) -> Result<()> {
        let tenant = source.tenant().clone();
        let calls = codec::list(records.iter().map(|record| &record.id.value))?;
        let assigned = source
            .fetch(sql!(
                "SELECT call, resource FROM assignment
                  WHERE tenant = $1 AND assigned AND call IN {list $2} ORDER BY call, place",
                &tenant,
                &calls,
            ))
            .await?;
        let work = source
            .fetch(sql!(
                "SELECT call, ticket, task FROM call_work
                  WHERE tenant = $1 AND call IN {list $2} ORDER BY call, place",
                &tenant,
                &calls,
            ))
            .await?;
        let mut by_call: BTreeMap<String, &mut Self> = BTreeMap::new();
        for record in records {
            by_call.insert(record.id.value.clone(), &mut record.fields);
        }
        for row in &assigned {
            if let Some(call) = by_call.get_mut(&row.get::<String>("call")?) {
                call.assigned.push(Key::read(row, "resource")?);
            }
        }
        for row in &work {
            if let Some(call) = by_call.get_mut(&row.get::<String>("call")?) {
                let task = Key::maybe(row, "task")?.map(Work::Task);
                let ticket = Key::maybe(row, "ticket")?.map(Work::Ticket);
                call.work.extend(task.or(ticket));
            }
        }
        Ok(())
    }

    async fn follow(
        transaction: &mut Transaction,
        id: &PsaId,
        change: Change<'_, Self>,
    ) -> Result<()> {
        let (before, now) = (change.before, change.now);
        let work = |call: Option<&Self>| call.map_or_else(Vec::new, |call| call.work.clone());
        if work(before) != work(now) {
            write_work(transaction, id, &work(now)).await?;
        }
        match now {
            Some(call) => assignment::assign(transaction, id, &call.assigned).await,
            None => assignment::raise_all(transaction, id).await,
        }
    }
}

async fn write_work(transaction: &mut Transaction, call: &PsaId, work: &[Work]) -> Result<()> {
    let tenant = transaction.tenant_id();
    let forget = "DELETE FROM call_work WHERE tenant = $1 AND call = $2";
    transaction
        .execute(sql!(forget, &tenant, &call.value))
        .await?;
    for (place, work) in (0_u32..).zip(work) {
        let (ticket, task) = match work {
            Work::Ticket(key) => (Some(key.id.value.as_str()), None),
            Work::Task(key) => (None, Some(key.id.value.as_str())),
        };
        transaction
            .execute(sql!(
                "INSERT INTO call_work (tenant, call, place, ticket, task)
                 VALUES ($1, $2, $3, $4, $5)",
                &tenant,
                &call.value,
                place,
                ticket,
                task,
            ))
            .await?;
    }
    Ok(())
}
