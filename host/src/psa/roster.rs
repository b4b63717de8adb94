//! All users with how their synchronisation stands, a page at a time: fast with thousands of them.

use super::filter;
use crate::contract::{Instant, MailboxId, PsaId};
use crate::store::Source;
use crate::store::codec;
use crate::store::cycle_run::Counts;
use crate::store::error::Result;
use crate::store::lease::CycleResult;
use crate::store::statement::{Row, Statement, sql};

/// Which users to list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    /// Only users whose name, address or mailbox contains this, in whichever case.
    pub text: Option<String>,
    /// So many are passed over.
    pub offset: u32,
    /// At most so many are given.
    pub limit: u32,
}

/// A user on the roster.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// The user.
    pub user: PsaId,
    /// The name.
    pub name: String,
    /// The e-mail address, may be empty.
    pub email: String,
    /// Inactive users stay for their records' sake.
    pub active: bool,
    /// How the mailbox stands; none where there never was one.
    pub mailbox: Option<Standing>,
}

/// How a mailbox's synchronisation stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The mailbox.
    pub id: MailboxId,
    /// Its address.
    pub address: String,
    /// The admin permits it.
    pub enabled: bool,
    /// It belongs to the pilot group.
    pub pilot: bool,
    /// Only the pilot group runs, and it does not belong to it.
    pub is_outside_pilot: bool,
    /// The user's choices were saved; before that nothing runs.
    pub profile_saved: bool,
    /// A cycle runs at this moment.
    pub running: bool,
    /// When the latest attempt began; none before the first.
    pub last_attempt: Option<Instant>,
    /// What came of it; none before it ended.
    pub last_result: Option<CycleResult>,
    /// Its error, for people.
    pub last_error: Option<String>,
    /// When it is due.
    pub next_due: Instant,
    /// What the latest run did; none before the first.
    pub latest: Option<Latest>,
}

/// The latest run of a mailbox.
#[derive(Clone, Debug, PartialEq)]
pub struct Latest {
    /// The key.
    pub run: String,
    /// What it did.
    pub counts: Counts,
}

/// A page of the roster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The users, by name.
    pub users: Vec<Listed>,
    /// How many are found altogether; 0 also behind the last page.
    pub found: u64,
}

/// Users by a condition, and of these a stretch. How they stand is looked up for those alone that are
/// shown: with thousands of users, most of the time went into rows that no page had.
macro_rules! select {
    ($condition:literal, $stretch:literal) => {
        concat!(
            "WITH found AS (
                SELECT r.id, r.name, m.id AS mailbox
                  FROM resource r
                  LEFT JOIN mailbox m ON m.tenant = r.tenant AND m.resource = r.id
                 WHERE r.tenant = $1 ",
            $condition,
            "), shown AS (SELECT id, mailbox FROM found ORDER BY name, id ",
            $stretch,
            ") SELECT r.id, r.name, r.email, r.active, m.id AS mailbox, m.address, m.enabled, m.pilot,
                      s.pilot_only AND NOT m.pilot AS is_outside_pilot,
                      m.profile IS NOT NULL AS profile_saved, m.lease_until >= {now} AS running,
                      m.last_attempt, m.last_result, m.last_error, m.next_due,
                      c.id AS run, c.psa_writes, c.exchange_writes, c.requests, c.batch_parts,
                      c.failed, c.duration, (SELECT COUNT(*) FROM found) AS found
                 FROM shown f
                 JOIN settings s ON s.tenant = $1
                 JOIN resource r ON r.tenant = $1 AND r.id = f.id
                 LEFT JOIN mailbox m ON m.tenant = $1 AND m.id = f.mailbox
                 LEFT JOIN cycle_run c ON c.tenant = m.tenant AND c.id =
                      (SELECT MAX(id) FROM cycle_run WHERE tenant = m.tenant AND mailbox = m.id)
                ORDER BY r.name, r.id"
        )
    };
}

/// Users by name, with how they stand; a public folder is none.
///
/// # Errors
/// When the database does not answer.
pub async fn list(source: impl Source, search: &Search) -> Result<Page> {
    let tenant = source.tenant().clone();
    let statement = sql!(
        select!(
            "AND r.id NOT LIKE ':%'
             AND ($2 IS NULL OR LOWER(r.name) LIKE $2 ESCAPE '\\' OR LOWER(r.email) LIKE $2 ESCAPE '\\'
                  OR m.address_key LIKE $2 ESCAPE '\\')",
             "LIMIT $3 OFFSET $4"
        ),
        &tenant,
        filter::pattern(search.text.as_deref()),
        search.limit,
        search.offset,
    );
    page(source, statement).await
}

/// These users, by name, or the public folder that has this key.
///
/// # Errors
/// When the database does not answer.
pub async fn of(source: impl Source, users: &[PsaId]) -> Result<Vec<Listed>> {
    let tenant = source.tenant().clone();
    let statement = sql!(
        select!("AND r.id IN {list $2}", ""),
        &tenant,
        codec::list(users.iter().map(|user| &user.value))?,
    );
    Ok(page(source, statement).await?.users)
}

async fn page(mut source: impl Source, statement: Statement) -> Result<Page> {
    let rows = source.fetch(statement).await?;
    Ok(Page {
        found: rows.first().map_or(Ok(0), |row| row.unsigned("found"))?,
        users: rows.iter().map(read).collect::<Result<_>>()?,
    })
}

fn read(row: &Row) -> Result<Listed> {
    let mailbox: Option<String> = row.get("mailbox")?;
    Ok(Listed {
        user: PsaId {
            value: row.get("id")?,
        },
        name: row.get("name")?,
        email: row.get("email")?,
        active: row.get("active")?,
        mailbox: mailbox.map(|id| standing(row, id)).transpose()?,
    })
}

fn standing(row: &Row, id: String) -> Result<Standing> {
    let result: Option<String> = row.get("last_result")?;
    let run: Option<String> = row.get("run")?;
    Ok(Standing {
        id: MailboxId { value: id },
        address: row.get("address")?,
        enabled: row.get("enabled")?,
        pilot: row.get("pilot")?,
        is_outside_pilot: row.get("is_outside_pilot")?,
        profile_saved: row.get("profile_saved")?,
        running: row.get("running")?,
        last_attempt: row.maybe_instant("last_attempt")?,
        last_result: result
            .map(|name| codec::from_name("mailbox.last_result", name))
            .transpose()?,
        last_error: row.get("last_error")?,
        next_due: row.instant("next_due")?,
        latest: run.map(|run| latest(row, run)).transpose()?,
    })
}

fn latest(row: &Row, run: String) -> Result<Latest> {
    Ok(Latest {
        run,
        counts: Counts::read(row)?,
    })
}
