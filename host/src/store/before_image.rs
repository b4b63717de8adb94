//! Before-images: what each write of a cycle replaced, so that the mailbox's last cycle can be
//! undone; kept for 7 days.
//!
//! An image is noted in the transaction that notes the write: the one that writes to the PSA, or
//! that prepares the intent of a write to Exchange. What the write left behind is added with the
//! intent's outcome. It holds texts of items, so it is sealed with the key of the tenant's secrets.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::codec;
use super::database::Database;
use super::error::{Result, StoreError};
use super::key::{Sealed, SecretKey};
use super::secret;
use super::statement::{Row, sql};
use super::transaction::{Source, Transaction};
use crate::contract::{
    AppointmentPatch, EchoedItem, ExchangeContent, ExchangePatch, ExchangeReference, Link,
    MailboxId, Operation, PsaCreation, PsaReference, TenantId,
};

/// How long images are kept, in microseconds: 7 days.
pub const KEPT: i64 = 7 * 24 * 60 * 60 * 1_000_000;

/// How far the undoing of a write came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// The write was prepared, and nobody knows yet whether it was done.
    Noted,
    /// The write was done.
    Done,
    /// It is being undone by a write to Exchange without an outcome.
    Undoing,
    /// It was undone.
    Undone,
}

/// A write, with what puts back what it replaced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BeforeImage {
    /// What was done.
    pub operation: Operation,
    /// The pair as it was before; none for one that was made for the write.
    pub link: Option<Link>,
    /// What puts it back.
    pub reverse: Reverse,
    /// What the write left behind; none before its outcome is known, and for a deletion.
    pub left: Option<Left>,
}

/// What puts back what a write replaced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Reverse {
    /// The item that it made goes.
    Delete,
    /// These fields of an Exchange item get what they had.
    UpdateExchange(ExchangePatch),
    /// This copy is made again in Exchange.
    CreateExchange(ExchangeContent),
    /// These fields of a PSA item get what they had.
    UpdatePsa(AppointmentPatch),
    /// This copy is made again in the PSA.
    CreatePsa(PsaCreation),
    /// Nobody knows what it replaced.
    Unknown,
}

/// What a write left behind, to tell whether somebody changed it since.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Left {
    /// An item of Exchange, as it was read back.
    Exchange(ExchangeReference, Box<EchoedItem>),
    /// A PSA item and all its fields that a cycle may write.
    Psa(PsaReference, AppointmentPatch),
}

/// An image as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Its key; keys rise in the order of the writes.
    pub id: String,
    /// How far its undoing came.
    pub state: State,
    /// The image.
    pub image: BeforeImage,
}

/// Notes an image: of a write to Exchange with its intent's key, whose outcome is not known yet; of a
/// write to the PSA, which the same transaction does, without.
///
/// # Errors
/// When the database refuses it.
pub async fn note(
    transaction: &mut Transaction,
    mailbox: &MailboxId,
    cycle: &str,
    intent: Option<&str>,
    image: &BeforeImage,
) -> Result<()> {
    let (tenant, id) = (transaction.tenant_id(), transaction.new_id());
    let sealed = Seal::of(&transaction).seal(&id, image)?;
    let state = match intent {
        Some(_) => State::Noted,
        None => State::Done,
    };
    transaction
        .execute(sql!(
            "INSERT INTO before_image (tenant, id, mailbox, cycle, intent, state, nonce, sealed, created)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, {now})",
            &tenant,
            &id,
            mailbox,
            cycle,
            intent,
            codec::name("before_image.state", &state)?,
            sealed.nonce,
            sealed.text,
        ))
        .await?;
    Ok(())
}

/// Adds to the image of an intent that it was done, and what it left behind. A write without an image
/// has nothing to add to.
///
/// # Errors
/// [`StoreError::WrongKey`].
pub async fn done(transaction: &mut Transaction, intent: &str, left: Option<Left>) -> Result<()> {
    let (tenant, seal) = (transaction.tenant_id(), Seal::of(&transaction));
    let found = Source::fetch(
        &mut &mut *transaction,
        sql!(
            "SELECT id, state, nonce, sealed FROM before_image WHERE tenant = $1 AND intent = $2",
            &tenant,
            intent,
        ),
    )
    .await?;
    for row in &found {
        let mut kept = seal.open(row)?;
        kept.image.left.clone_from(&left);
        let sealed = seal.seal(&kept.id, &kept.image)?;
        transaction
            .execute(sql!(
                "UPDATE before_image SET state = $3, nonce = $4, sealed = $5
                  WHERE tenant = $1 AND id = $2",
                &tenant,
                &kept.id,
                codec::name("before_image.state", &State::Done)?,
                sealed.nonce,
                sealed.text,
            ))
            .await?;
    }
    Ok(())
}

/// Drops the images of intents that were not carried out.
///
/// # Errors
/// When the database refuses it.
pub async fn forget(transaction: &mut Transaction, intents: &[String]) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "DELETE FROM before_image WHERE tenant = $1 AND intent IN {list $2}",
            &tenant,
            codec::list(intents)?,
        ))
        .await?;
    Ok(())
}

/// Notes how far the undoing of these came.
///
/// # Errors
/// When the database refuses it.
pub async fn set_state(transaction: &mut Transaction, ids: &[String], state: State) -> Result<()> {
    let tenant = transaction.tenant_id();
    transaction
        .execute(sql!(
            "UPDATE before_image SET state = $2 WHERE tenant = $1 AND id IN {list $3}",
            &tenant,
            codec::name("before_image.state", &state)?,
            codec::list(ids)?,
        ))
        .await?;
    Ok(())
}

/// The images of a cycle's writes, in the order of the writes.
///
/// # Errors
/// [`StoreError::WrongKey`].
pub async fn of_cycle(
    mut source: impl Source,
    mailbox: &MailboxId,
    cycle: &str,
) -> Result<Vec<Kept>> {
    let (tenant, seal) = (source.tenant().clone(), Seal::of(&source));
    let rows = source
        .fetch(sql!(
            "SELECT id, state, nonce, sealed FROM before_image
              WHERE tenant = $1 AND mailbox = $2 AND cycle = $3 ORDER BY id",
            &tenant,
            mailbox,
            cycle,
        ))
        .await?;
    rows.iter().map(|row| seal.open(row)).collect()
}

/// Drops what is older than [`KEPT`], of all tenants, and gives how many images that were.
///
/// # Errors
/// When the database does not answer.
pub async fn prune(database: &Database) -> Result<usize> {
    let old = sql!(
        "DELETE FROM before_image WHERE created < {now} - $1 RETURNING id",
        KEPT
    );
    Ok(database.write(old).await?.len())
}

/// What images are sealed with, and whose they are.
struct Seal {
    key: Arc<SecretKey>,
    tenant: TenantId,
}

impl Seal {
    fn of(source: &impl Source) -> Self {
        Self {
            key: source.key(),
            tenant: source.tenant().clone(),
        }
    }

    /// An image is sealed for its own row.
    fn purpose(&self, id: &str) -> Vec<u8> {
        secret::purpose(&self.tenant, &name(id))
    }

    fn seal(&self, id: &str, image: &BeforeImage) -> Result<Sealed> {
        let text = Zeroizing::new(codec::json("before_image.sealed", image)?);
        let sealed = self.key.seal(&self.purpose(id), text.as_bytes());
        sealed.ok_or(StoreError::Unstorable {
            column: "before_image.sealed",
            reason: "it is too long".into(),
        })
    }

    fn open(&self, row: &Row) -> Result<Kept> {
        let id: String = row.get("id")?;
        let sealed = Sealed {
            nonce: row.get("nonce")?,
            text: row.get("sealed")?,
        };
        let wrong = || StoreError::WrongKey {
            tenant: self.tenant.clone(),
            name: name(&id),
        };
        let opened = self.key.open(&self.purpose(&id), &sealed);
        let opened = opened.ok_or_else(wrong)?;
        let text = std::str::from_utf8(&opened).map_err(|_| wrong())?;
        Ok(Kept {
            image: codec::from_json("before_image.sealed", text)?,
            state: codec::from_name("before_image.state", row.get("state")?)?,
            id,
        })
    }
}

fn name(id: &str) -> String {
    format!("before-image/{id}")
}
