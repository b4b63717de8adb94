//! What happened to each item, which rule decided, and what came back; kept for 90 days.
//!
//! Values of items are never here: what was seen stands as digests, what differed as names of
//! fields.

use super::codec;
use super::database::Database;
use super::error::Result;
use super::statement::{Row, Statement, sql};
use super::transaction::{Source, Transaction};
use crate::contract::{Evidence, ExchangeId, Instant, LinkId, MailboxId, PsaReference, Rule};

/// How long entries are kept, in microseconds: 90 days.
pub const KEPT: i64 = 90 * 24 * 60 * 60 * 1_000_000;

/// One thing that happened to an item.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// When; set by the store.
    pub time: Instant,
    /// In which cycle.
    pub cycle: String,
    /// In which mailbox.
    pub mailbox: MailboxId,
    /// Which pair.
    pub link: Option<LinkId>,
    /// Which PSA item.
    pub psa: Option<PsaReference>,
    /// Which item of Exchange.
    pub exchange: Option<ExchangeId>,
    /// Digest of the plugin that decided.
    pub plugin_digest: String,
    /// Which rule decided; none for what the host itself has to tell.
    pub rule: Option<Rule>,
    /// What was done: the action's name, such as `update-exchange`.
    pub action: String,
    /// Names of the fields that made the difference.
    pub fields: Vec<String>,
    /// What was seen.
    pub evidence: Option<Evidence>,
    /// What came of it: `done`, `refused`, `conflict`, ….
    pub outcome: String,
    /// The server's id of the request; may be empty.
    pub request_id: String,
    /// HTTP status; 0 when there was no request.
    pub status: u16,
    /// A sentence for people; never text of an item.
    pub remark: String,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT time, cycle, mailbox, link, psa, exchange_id, plugin_digest, rule, action, \
             fields, evidence, outcome, request_id, status, remark FROM history \
             WHERE tenant = $1 ",
            $rest
        )
    };
}

/// Adds entries, in their order. `time` is the store's.
///
/// # Errors
/// When the database refuses it.
pub async fn append(transaction: &mut Transaction, entries: &[Entry]) -> Result<()> {
    let tenant = transaction.tenant_id();
    for entry in entries {
        transaction
            .execute(sql!(
                "INSERT INTO history (tenant, id, time, cycle, mailbox, link, psa, exchange_id,
                                      plugin_digest, rule, action, fields, evidence, outcome,
                                      request_id, status, remark)
                 VALUES ($1, $2, {now}, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
                         $16)",
                &tenant,
                transaction.new_id(),
                &entry.cycle,
                &entry.mailbox,
                entry.link.as_ref().map(|l| l.value.as_str()),
                entry.psa.as_ref().map(codec::psa_text).transpose()?,
                entry.exchange.as_ref().map(|e| e.value.as_str()),
                &entry.plugin_digest,
                entry
                    .rule
                    .as_ref()
                    .map(|r| codec::name("history.rule", r))
                    .transpose()?,
                &entry.action,
                codec::json("history.fields", &entry.fields)?,
                entry
                    .evidence
                    .as_ref()
                    .map(|e| codec::json("history.evidence", e))
                    .transpose()?,
                &entry.outcome,
                &entry.request_id,
                u32::from(entry.status),
                &entry.remark,
            ))
            .await?;
    }
    Ok(())
}

/// The history of a PSA item, the oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn of_psa(source: impl Source, reference: &PsaReference) -> Result<Vec<Entry>> {
    let tenant = source.tenant().clone();
    let psa = codec::psa_text(reference)?;
    all(
        source,
        sql!(select!("AND psa = $2 ORDER BY id"), &tenant, psa),
    )
    .await
}

/// The history of an item of Exchange, the oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn of_exchange(source: impl Source, id: &ExchangeId) -> Result<Vec<Entry>> {
    let tenant = source.tenant().clone();
    all(
        source,
        sql!(
            select!("AND exchange_id = $2 ORDER BY id"),
            &tenant,
            &id.value
        ),
    )
    .await
}

/// Everything that names one of these, the oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn of_any(
    source: impl Source,
    psa: &[PsaReference],
    exchange: &[ExchangeId],
    links: &[LinkId],
) -> Result<Vec<Entry>> {
    let tenant = source.tenant().clone();
    let psa: Result<Vec<String>> = psa.iter().map(codec::psa_text).collect();
    // Each name by its own index; with OR the whole history is read.
    let text = select!(
        "AND id IN (SELECT id FROM history WHERE tenant = $1 AND psa IN {list $2}
                    UNION SELECT id FROM history WHERE tenant = $1 AND exchange_id IN {list $3}
                    UNION SELECT id FROM history WHERE tenant = $1 AND link IN {list $4})
         ORDER BY id"
    );
    let statement = sql!(
        text,
        &tenant,
        codec::list(psa?)?,
        codec::list(exchange.iter().map(|id| &id.value))?,
        codec::list(links.iter().map(|link| &link.value))?,
    );
    all(source, statement).await
}

/// The history of a pair, the oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn of_link(source: impl Source, link: &LinkId) -> Result<Vec<Entry>> {
    let tenant = source.tenant().clone();
    all(
        source,
        sql!(select!("AND link = $2 ORDER BY id"), &tenant, &link.value),
    )
    .await
}

/// Everything that a cycle did, in its order.
///
/// # Errors
/// When the database does not answer.
pub async fn of_cycle(source: impl Source, cycle: &str) -> Result<Vec<Entry>> {
    let tenant = source.tenant().clone();
    all(
        source,
        sql!(select!("AND cycle = $2 ORDER BY id"), &tenant, cycle),
    )
    .await
}

/// The items whose end the next round need not tell, because the server never told of them, or does not
/// know that it was heard: those that a mailbox's cycles made in Exchange since the beginning of the last
/// one that came to its end, and those that later ones, which did not, linked with the PSA. A run that
/// undid a cycle reads no round, so it ends none.
///
/// # Errors
/// When the database does not answer.
pub async fn of_unsettled(mut source: impl Source, mailbox: &MailboxId) -> Result<Vec<ExchangeId>> {
    let tenant = source.tenant().clone();
    let made = sql!(
        "WITH settled AS (SELECT COALESCE(MAX(id), '') AS id FROM cycle_run
                           WHERE tenant = $1 AND mailbox = $2 AND NOT dry_run
                             AND undoes IS NULL AND finished IS NOT NULL AND error IS NULL)
         SELECT DISTINCT history.exchange_id AS exchange_id
           FROM settled
           JOIN cycle_run ON cycle_run.id >= settled.id
           JOIN history ON history.tenant = cycle_run.tenant AND history.cycle = cycle_run.id
          WHERE cycle_run.tenant = $1 AND cycle_run.mailbox = $2
            AND (history.action = 'create-exchange'
                 OR cycle_run.id > settled.id
                    AND history.action IN ('create-psa', 'update-psa', 'link-only'))
            AND history.exchange_id IS NOT NULL
          ORDER BY exchange_id",
        &tenant,
        mailbox,
    );
    let id = |row: &Row| {
        Ok(ExchangeId {
            value: row.get("exchange_id")?,
        })
    };
    source.fetch(made).await?.iter().map(id).collect()
}

/// Drops what is older than [`KEPT`], of all tenants: entries and finished runs. Gives how many
/// rows that were.
///
/// # Errors
/// When the database does not answer.
pub async fn prune(database: &Database) -> Result<usize> {
    let entries = database
        .write(sql!(
            "DELETE FROM history WHERE time < {now} - $1 RETURNING id",
            KEPT
        ))
        .await?;
    let runs = database
        .write(sql!(
            "DELETE FROM cycle_run WHERE started < {now} - $1 RETURNING id",
            KEPT
        ))
        .await?;
    Ok(entries.len() + runs.len())
}

async fn all(mut source: impl Source, statement: Statement) -> Result<Vec<Entry>> {
    source.fetch(statement).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Entry> {
    let maybe = |column| row.get::<Option<String>>(column);
    Ok(Entry {
        time: row.instant("time")?,
        cycle: row.get("cycle")?,
        mailbox: MailboxId {
            value: row.get("mailbox")?,
        },
        link: maybe("link")?.map(|value| LinkId { value }),
        psa: maybe("psa")?
            .map(|text| codec::psa_reference(&text))
            .transpose()?,
        exchange: maybe("exchange_id")?.map(|value| ExchangeId { value }),
        plugin_digest: row.get("plugin_digest")?,
        rule: maybe("rule")?
            .map(|name| codec::from_name("history.rule", name))
            .transpose()?,
        action: row.get("action")?,
        fields: codec::from_json("history.fields", &row.get::<String>("fields")?)?,
        evidence: maybe("evidence")?
            .map(|text| codec::from_json("history.evidence", &text))
            .transpose()?,
        outcome: row.get("outcome")?,
        request_id: row.get("request_id")?,
        status: row.unsigned("status")?,
        remark: row.get("remark")?,
    })
}
