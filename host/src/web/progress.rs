//! `/admin/exchange/progress`: how users' synchronisation goes, told as it changes (server-sent events),
//! for the script of the Resources tab.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::RawQuery;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use futures::stream;
use url::form_urlencoded;

use super::standing::Row;
use super::visitor::Visitor;
use crate::contract::PsaId;
use crate::psa::roster;
use crate::store::Tenant;

/// Where it lies.
pub const PATH: &str = "/admin/exchange/progress";

/// How often is looked.
const PACE: Duration = Duration::from_secs(1);

/// After so many looks the browser asks anew, and is asked who it is.
const LOOKS: u32 = 120;

/// At most so many users are told of: more than a page shows.
const USERS: usize = 100;

/// Tells the rows of the users named in the query, whenever one of them changes.
pub async fn tell(
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let query = query.unwrap_or_default();
    let users: Vec<PsaId> = form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name == "user")
        .map(|(_, value)| PsaId {
            value: value.replace('\0', ""),
        })
        .take(USERS)
        .collect();
    let watch = Watch {
        tenant: visitor.tenant,
        users,
        told: Vec::new(),
        looks: 0,
    };
    let events = stream::unfold(watch, |mut watch| async move {
        let event = watch.next().await?;
        Some((Ok(event), watch))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

struct Watch {
    tenant: Tenant,
    users: Vec<PsaId>,
    told: Vec<Row>,
    looks: u32,
}

impl Watch {
    /// The next change; none after a while, or when the database does not answer.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if self.looks > 0 {
                tokio::time::sleep(PACE).await;
            }
            self.looks += 1;
            if self.looks > LOOKS {
                return None;
            }
            let listed = roster::of(&self.tenant, &self.users).await.ok()?;
            let rows: Vec<Row> = listed.into_iter().map(Row::from).collect();
            let changed: Vec<&Row> = rows.iter().filter(|row| !self.told.contains(row)).collect();
            if !changed.is_empty() {
                let event = Event::default().json_data(&changed).ok();
                self.told = rows;
                return event;
            }
        }
    }
}
