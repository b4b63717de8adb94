//! The mailboxes: one row for each PSA user who has, or once had, permission to synchronise, and one for
//! the tenant's [public folder](public_folder) of all contacts.
//!
//! A mailbox synchronises once it is enabled *and* its profile was saved. Leases, due time and the
//! result of the last attempt stand in the same row and are written by [`lease`](super::lease).

use std::collections::BTreeMap;

use super::codec;
use super::error::{Result, StoreError};
use super::lease::CycleResult;
use super::statement::{Row, sql};
use super::transaction::{Source, Transaction};
use crate::contract::{
    Cursor, Instant, Mailbox, MailboxId, MailboxKind, Profile, ProviderKind, PsaId, RowVersion,
    Zone,
};

mod left_behind;
mod permission;
pub mod public_folder;

pub use left_behind::{LeftBehind, left_behind};
pub use permission::{
    Allowed, allow, save_profile, set_address, set_enabled, set_own_account, set_pilot,
};

/// A mailbox's row.
#[derive(Clone, Debug, PartialEq)]
pub struct MailboxRecord {
    /// Tenant, key, kind, address, zone and owner, as the contract wants them. A public folder's address is
    /// what people call it.
    pub mailbox: Mailbox,
    /// The names that lead to a public folder, joined by slashes; none for a user's mailbox.
    pub public_folder: Option<String>,
    /// The admin permits it.
    pub enabled: bool,
    /// It belongs to the pilot group.
    pub pilot: bool,
    /// The user's choices; none until they were saved.
    pub profile: Option<Profile>,
    /// The account that the user's own password belongs to; none where it is the mailbox's address.
    pub own_account: Option<String>,
    /// Which provider the stored ids and the cursor belong to; none before the first cycle.
    pub provider: Option<ProviderKind>,
    /// The stored ids are those of another server of that provider, which the settings named before.
    pub moved: bool,
    /// When it went over to that provider or server; none where it never had another.
    pub handed_over: Option<Instant>,
    /// Where the last round ended; none reads everything.
    pub cursor: Option<Cursor>,
    /// The last version of PSA rows that was planned; none plans all rows.
    pub psa_cursor: Option<RowVersion>,
    /// Where the window of the last cycle that came to its end ended; none before it.
    pub window_end: Option<Instant>,
    /// Links are to be made again with the next complete round.
    pub relink: bool,
    /// Digest of the plugin of the last cycle.
    pub plugin_digest: Option<String>,
    /// When it is due.
    pub next_due: Instant,
    /// Who runs its cycle.
    pub lease_owner: Option<String>,
    /// Until when; in the past when nobody does.
    pub lease_until: Instant,
    /// When the latest attempt began.
    pub last_attempt: Option<Instant>,
    /// What came of it.
    pub last_result: Option<CycleResult>,
    /// Its error, for people.
    pub last_error: Option<String>,
    /// Failed or stopped cycles since the last success.
    pub failures: u64,
}

impl MailboxRecord {
    /// The account with which the user signs in, where no other acts for all.
    #[must_use]
    pub fn account(&self) -> &str {
        match &self.own_account {
            Some(account) => account,
            None => &self.mailbox.address,
        }
    }

    /// Whether people mean this one by a name: its user's key in the PSA, or its address.
    #[must_use]
    pub fn is_of(&self, name: &str) -> bool {
        self.mailbox.owner.value == name || self.mailbox.address.eq_ignore_ascii_case(name)
    }
}

/// What a cycle that ended well leaves on the row.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// Where the next round begins.
    pub cursor: Option<Cursor>,
    /// The last version of PSA rows that was planned.
    pub psa_cursor: Option<RowVersion>,
    /// Where its window ended.
    pub window_end: Option<Instant>,
    /// Links still have to be made again.
    pub relink: bool,
    /// The provider whose ids are stored.
    pub provider: ProviderKind,
    /// The plugin's digest.
    pub plugin_digest: String,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, resource, address, public_folder, enabled, pilot, profile, own_account, zone, provider, cursor, \
             psa_cursor, window_end, relink, plugin_digest, moved, handed_over, next_due, lease_owner, lease_until, \
             last_attempt, last_result, \
             last_error, failures FROM mailbox WHERE tenant = $1 ",
            $rest
        )
    };
}

/// Keeps the mailbox's own zone, as its provider read it.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn set_zone(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    zone: &Zone,
) -> Result<()> {
    let tenant = transaction.tenant_id();
    let statement = sql!(
        "UPDATE mailbox SET zone = $3 WHERE tenant = $1 AND id = $2",
        &tenant,
        mailbox,
        &zone.name,
    );
    found(transaction.execute(statement).await?, mailbox)
}

/// Moves the cursors of both sides; part of a cycle's last commit.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn set_progress(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    progress: &Progress,
) -> Result<()> {
    let tenant = transaction.tenant_id();
    let statement = sql!(
        "UPDATE mailbox SET cursor = $3, psa_cursor = $4, relink = $5, provider = $6,
                plugin_digest = $7, window_end = $8
          WHERE tenant = $1 AND id = $2",
        &tenant,
        mailbox,
        progress.cursor.as_ref().map(|c| c.value.as_str()),
        progress.psa_cursor.map(codec::version_number).transpose()?,
        progress.relink,
        codec::name("mailbox.provider", &progress.provider)?,
        progress.plugin_digest.as_str(),
        progress.window_end,
    );
    found(transaction.execute(statement).await?, mailbox)
}

/// Takes note that the tenant's mailboxes have another server: the next cycle of each exchanges names.
///
/// # Errors
/// When the database refuses it.
pub async fn move_all(transaction: &mut Transaction) -> Result<()> {
    let tenant = transaction.tenant_id();
    let statement = sql!(
        "UPDATE mailbox SET moved = $2 WHERE tenant = $1 AND provider IS NOT NULL",
        &tenant,
        true,
    );
    transaction.execute(statement).await?;
    Ok(())
}

/// Takes note that the stored names are another provider's or server's from now on: nothing that the last
/// one read counts.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn hand_over(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    to: ProviderKind,
) -> Result<()> {
    let tenant = transaction.tenant_id();
    let statement = sql!(
        "UPDATE mailbox SET provider = $3, moved = $4, handed_over = {now}, cursor = NULL, psa_cursor = NULL
          WHERE tenant = $1 AND id = $2",
        &tenant,
        mailbox,
        codec::name("mailbox.provider", &to)?,
        false,
    );
    found(transaction.execute(statement).await?, mailbox)
}

/// Forgets the cursor, so that the next round reads everything; with `relink` also makes links
/// again (a full re-synchronisation). Staged pages are dropped, links and their bases stay.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn read_again(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    relink: bool,
) -> Result<()> {
    let tenant = transaction.tenant_id();
    let statement = sql!(
        "UPDATE mailbox SET cursor = NULL, psa_cursor = NULL, next_due = {now},
                relink = CASE WHEN $3 THEN $3 ELSE relink END
          WHERE tenant = $1 AND id = $2",
        &tenant,
        mailbox,
        relink,
    );
    found(transaction.execute(statement).await?, mailbox)?;
    super::observation::clear(transaction, mailbox).await
}

/// Makes a mailbox due now.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn make_due(transaction: &mut Transaction, mailbox: &MailboxId) -> Result<()> {
    let tenant = transaction.tenant_id();
    let statement = sql!(
        "UPDATE mailbox SET next_due = {now} WHERE tenant = $1 AND id = $2",
        &tenant,
        mailbox
    );
    found(transaction.execute(statement).await?, mailbox)
}

/// A mailbox.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(mut source: impl Source, mailbox: &MailboxId) -> Result<MailboxRecord> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(select!("AND id = $2"), &tenant, mailbox))
        .await?;
    let missing = || StoreError::NotFound {
        what: "mailbox",
        id: mailbox.value.clone(),
    };
    record(&source, rows.first().ok_or_else(missing)?)
}

/// The mailbox of a PSA user.
///
/// # Errors
/// When the database does not answer.
pub async fn of_resource(
    mut source: impl Source,
    resource: &PsaId,
) -> Result<Option<MailboxRecord>> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(select!("AND resource = $2"), &tenant, &resource.value))
        .await?;
    rows.first().map(|row| record(&source, row)).transpose()
}

/// The mailbox with this address, in whichever case.
///
/// # Errors
/// When the database does not answer.
pub async fn of_address(mut source: impl Source, address: &str) -> Result<Option<MailboxRecord>> {
    let tenant = source.tenant().clone();
    let key = address.trim().to_lowercase();
    let rows = source
        .fetch(sql!(select!("AND address_key = $2"), &tenant, key))
        .await?;
    rows.first().map(|row| record(&source, row)).transpose()
}

/// The first user's mailbox that is enabled, by address.
///
/// # Errors
/// When the database does not answer.
pub async fn first_enabled(mut source: impl Source) -> Result<Option<MailboxRecord>> {
    let tenant = source.tenant().clone();
    let statement = sql!(
        select!("AND enabled AND public_folder IS NULL ORDER BY address_key LIMIT 1"),
        &tenant
    );
    let rows = source.fetch(statement).await?;
    rows.first().map(|row| record(&source, row)).transpose()
}

/// All mailboxes of the tenant by address.
///
/// # Errors
/// When the database does not answer.
pub async fn list(mut source: impl Source) -> Result<Vec<MailboxRecord>> {
    let tenant = source.tenant().clone();
    let rows = source
        .fetch(sql!(select!("ORDER BY address_key"), &tenant))
        .await?;
    rows.iter().map(|row| record(&source, row)).collect()
}

/// Whose mailboxes these are, and their addresses; without those that are gone.
///
/// # Errors
/// When the database does not answer.
pub async fn owners(
    mut source: impl Source,
    mailboxes: &[MailboxId],
) -> Result<BTreeMap<String, (PsaId, String)>> {
    let tenant = source.tenant().clone();
    let statement = sql!(
        "SELECT id, resource, address FROM mailbox WHERE tenant = $1 AND id IN {list $2}",
        &tenant,
        codec::list(mailboxes.iter().map(|mailbox| &mailbox.value))?,
    );
    let rows = source.fetch(statement).await?;
    rows.iter()
        .map(|row| {
            let owner = PsaId {
                value: row.get("resource")?,
            };
            Ok((row.get("id")?, (owner, row.get("address")?)))
        })
        .collect()
}

fn found(rows: u64, mailbox: &MailboxId) -> Result<()> {
    match rows {
        0 => Err(StoreError::NotFound {
            what: "mailbox",
            id: mailbox.value.clone(),
        }),
        _ => Ok(()),
    }
}

fn record(source: &impl Source, row: &Row) -> Result<MailboxRecord> {
    let name = |column| row.get::<Option<String>>(column);
    let public_folder = name("public_folder")?;
    Ok(MailboxRecord {
        mailbox: Mailbox {
            tenant: source.tenant().clone(),
            id: MailboxId {
                value: row.get("id")?,
            },
            kind: match public_folder {
                None => MailboxKind::User,
                Some(_) => MailboxKind::PublicContacts,
            },
            address: row.get("address")?,
            zone: name("zone")?.map(|name| Zone { name }),
            owner: PsaId {
                value: row.get("resource")?,
            },
        },
        public_folder,
        enabled: row.get("enabled")?,
        pilot: row.get("pilot")?,
        profile: name("profile")?
            .map(|text| codec::from_json("mailbox.profile", &text))
            .transpose()?,
        own_account: name("own_account")?,
        provider: name("provider")?
            .map(|name| codec::from_name("mailbox.provider", name))
            .transpose()?,
        cursor: name("cursor")?.map(|value| Cursor { value }),
        psa_cursor: row
            .get::<Option<i64>>("psa_cursor")?
            .map(|number| RowVersion {
                number: number.unsigned_abs(),
            }),
        moved: row.get("moved")?,
        handed_over: row.maybe_instant("handed_over")?,
        window_end: row.maybe_instant("window_end")?,
        relink: row.get("relink")?,
        plugin_digest: name("plugin_digest")?,
        next_due: row.instant("next_due")?,
        lease_owner: name("lease_owner")?,
        lease_until: row.instant("lease_until")?,
        last_attempt: row.maybe_instant("last_attempt")?,
        last_result: name("last_result")?
            .map(|name| codec::from_name("mailbox.last_result", name))
            .transpose()?,
        last_error: name("last_error")?,
        failures: row.unsigned("failures")?,
    })
}
