//! What stands in a user's calendar over a period, of whichever kind: appointments, service calls, and
//! the to-dos that calendars show.

use super::action_type::ActionType;
use super::appointment;
use super::filter::{ByName, InCalendar};
use super::key::Key;
use super::record::{self, Record, Search, Stored};
use super::resource::Resource;
use super::service_call::ServiceCall;
use super::to_do::ToDo;
use crate::contract::{ItemKind, PsaId, PsaReference, Side, Span, TimedSpan};
use crate::store::Tenant;
use crate::store::error::Result;

/// An item in a calendar.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Which item.
    pub item: PsaReference,
    /// When.
    pub span: Span,
    /// Which side it comes from.
    pub origin: Side,
    /// Only its owner sees its texts.
    pub private: bool,
    /// It blocks no time.
    pub free: bool,
    /// It belongs to a series.
    pub recurring: bool,
    /// An invitation that was not answered.
    pub not_answered: bool,
}

/// What may take place in the period. A whole day may be found that lies beside it: where it begins
/// depends on who looks.
///
/// # Errors
/// When the database does not answer.
pub async fn of_user(tenant: &Tenant, user: &PsaId, period: TimedSpan) -> Result<Vec<Entry>> {
    let mut entries = appointments(tenant, user, period).await?;
    let filter = || InCalendar {
        resource: Some(Key::<Resource>::new(user.clone())),
        company: None,
        from: Some(period.start),
        to: Some(period.end),
    };
    let calls = all::<ServiceCall>(tenant, filter()).await?.into_iter();
    entries.extend(calls.map(|call| service(ItemKind::ServiceCall, call.id, call.fields.span)));
    let shown: Vec<Key<ActionType>> = all::<ActionType>(tenant, ByName::default())
        .await?
        .into_iter()
        .filter(|stored| stored.fields.on_calendar)
        .map(|stored| Key::new(stored.id))
        .collect();
    let to_dos = all::<ToDo>(tenant, filter()).await?.into_iter();
    let to_dos = to_dos.filter(|to_do| shown.contains(&to_do.fields.action_type));
    entries.extend(to_dos.map(|to_do| service(ItemKind::ToDo, to_do.id, to_do.fields.span)));
    Ok(entries)
}

async fn appointments(tenant: &Tenant, user: &PsaId, period: TimedSpan) -> Result<Vec<Entry>> {
    let search = appointment::Search {
        resource: Some(user.clone()),
        from: Some(period.start),
        to: Some(period.end),
        limit: u32::MAX,
        ..appointment::Search::default()
    };
    let records = appointment::list(tenant, &search).await?.into_iter();
    Ok(records
        .map(|record| Entry {
            item: record.reference(),
            span: record.fields.span,
            origin: record.origin,
            private: record.fields.private,
            free: record.fields.free,
            recurring: record.fields.recurring,
            not_answered: record.fields.not_answered,
        })
        .collect())
}

const fn service(kind: ItemKind, id: PsaId, span: Span) -> Entry {
    Entry {
        item: PsaReference { kind, id },
        span,
        origin: Side::Psa,
        private: false,
        free: false,
        recurring: false,
        not_answered: false,
    }
}

async fn all<R: Record>(tenant: &Tenant, filter: R::Filter) -> Result<Vec<Stored<R>>> {
    let search = Search {
        filter,
        after: None,
        limit: u32::MAX,
    };
    record::list::<R>(tenant, &search).await
}
