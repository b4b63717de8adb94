//! Telling people: one mail for a cause in 24 hours, and one when it is well again (behaviour,
//! section 8).

use super::entry::{blank_entry, refusals};
use super::mail::About;
use super::run::{Context, CycleError};
use crate::capability::mail::Notice;
use crate::contract::{Mailbox, MailboxKind, Settings, Severity};
use crate::psa::WebAddress;
use crate::psa::resource;
use crate::runtime::SessionRecord;
use crate::store::cycle_run;
use crate::store::history::{self, Entry};
use crate::store::mail::{self, NewMail};
use crate::store::mailbox::MailboxRecord;
use crate::store::{StoreError, Transaction, observation, stop};

/// A cycle failed, or stopped and asks: its run says so, the question and refused requests are
/// kept, and the listed addresses are told which user, which address was asked, the error and what
/// to do.
///
/// # Errors
/// When the database does not answer, or the lease is lost: then another host will tell.
pub async fn failed(
    context: Context,
    session: SessionRecord,
    error: &CycleError,
) -> Result<(), CycleError> {
    let Context {
        host,
        tenant,
        lease,
        record,
        component,
        cycle,
        now,
        options,
        mut counts,
        settings,
        ..
    } = context;
    counts.requests = session.requests.http;
    counts.batch_parts = session.requests.batch_parts;
    let stop = match error {
        CycleError::Stopped(stop) => Some(stop),
        _ => None,
    };
    counts.failed += u64::from(stop.is_none());
    let mut transaction = match tenant.begin_fenced(&lease).await {
        Ok(transaction) => transaction,
        Err(StoreError::LeaseLost { .. }) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    observation::clear(&mut transaction, &record.mailbox.id).await?;
    if !options.dry_run {
        let blank =
            |action| blank_entry(&cycle, &record.mailbox.id, component.digest(), now, action);
        let mut entries: Vec<Entry> = refusals(&session.refused, &blank("request")).collect();
        entries.push(Entry {
            outcome: match stop {
                Some(_) => "stopped".to_owned(),
                None => "failed".to_owned(),
            },
            remark: error.to_string(),
            ..blank("cycle")
        });
        history::append(&mut transaction, &entries).await?;
        // A question that an earlier cycle asked stays under its name.
        if let Some(stop) = stop.filter(|stop| stop.cycle == cycle) {
            stop::ask(&mut transaction, &record.mailbox.id, stop).await?;
        }
        cycle_run::finish(&mut transaction, &cycle, counts, Some(&error.to_string())).await?;
        if !settings.error_addresses.is_empty() {
            let user = owner(&mut transaction, &record.mailbox).await?;
            let about = About {
                user: &user,
                mailbox: &record.mailbox,
                settings: &settings,
                web: &host.web_address,
                cycle: &cycle,
            };
            let mail = about.failed(error);
            mail::write(&mut transaction, &mail).await?;
        }
    }
    match transaction.commit().await {
        Ok(()) | Err(StoreError::LeaseLost { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The name of a mailbox's owner, or of the public folder.
async fn owner(transaction: &mut Transaction, mailbox: &Mailbox) -> Result<String, StoreError> {
    if mailbox.kind == MailboxKind::PublicContacts {
        return Ok(mailbox.address.clone());
    }
    let record = resource::get(transaction, &mailbox.owner).await?;
    Ok(record.fields.name)
}

/// What a cycle that ended well has to tell: what its plugin noticed, and, after failures, that it is
/// well again.
#[derive(Clone, Copy)]
pub struct Ended<'a> {
    /// The tenant's settings, with the address of the service.
    pub settings: &'a Settings,
    /// The mailbox as it was when the cycle began.
    pub record: &'a MailboxRecord,
    /// Where the pages lie.
    pub web: &'a WebAddress,
    /// The cycle.
    pub cycle: &'a str,
}

impl Ended<'_> {
    /// Writes the mails to the listed addresses: of notices only warnings and errors, and the
    /// all-clear once.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tell(
        self,
        transaction: &mut Transaction,
        notices: &[Notice],
    ) -> Result<(), StoreError> {
        let failures = self.record.failures;
        let is_told = |notice: &&Notice| notice.severity != Severity::Ok;
        let notices: Vec<&Notice> = notices.iter().filter(is_told).collect();
        let is_quiet = failures == 0 && notices.is_empty();
        if is_quiet || self.settings.error_addresses.is_empty() {
            return Ok(());
        }
        let user = owner(&mut *transaction, &self.record.mailbox).await?;
        let about = About {
            user: &user,
            mailbox: &self.record.mailbox,
            settings: self.settings,
            web: self.web,
            cycle: self.cycle,
        };
        let noticed = notices.into_iter().map(|notice| about.noticed(notice));
        let well_again = (failures > 0).then(|| about.well_again(failures));
        let mails: Vec<NewMail> = noticed.chain(well_again).collect();
        for mail in mails {
            mail::write(transaction, &mail).await?;
        }
        Ok(())
    }
}
