//! Telling people: one mail for a cause in 24 hours, and one when it is well again (behaviour,
//! section 8).

use super::entry::{blank_entry, refusals};
use super::fault_text::fault_text;
use super::run::{Context, CycleError};
use super::stop_text::stop_text;
use crate::capability::mail::Notice;
use crate::contract::{Mailbox, Settings, Severity};
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
            mail::write(
                &mut transaction,
                &error_mail(&settings, &record.mailbox, error),
            )
            .await?;
        }
    }
    match transaction.commit().await {
        Ok(()) | Err(StoreError::LeaseLost { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn cause(error: &CycleError) -> &'static str {
    match error {
        CycleError::Fault(fault) => fault_text(fault).cause,
        CycleError::Stopped(stop) => stop_text(stop).cause,
        CycleError::Store(_) => "database",
        CycleError::Runtime(_) | CycleError::BrokenContract(_) => "plugin",
        CycleError::Endpoint(_) | CycleError::NotReady(_) => "settings",
    }
}

fn error_mail(settings: &Settings, mailbox: &Mailbox, error: &CycleError) -> NewMail {
    let cause = cause(error);
    let (what, found) = match error {
        CycleError::Stopped(_) => ("stopped and asks", "What was found"),
        _ => ("failed", "What came back"),
    };
    NewMail {
        to: settings.error_addresses.clone(),
        subject: format!("Synchronisation with Exchange {what}: {cause}"),
        text: format!(
            "The synchronisation of {} {what}.\n\nAsked: {}\n{found}: {error}\n\nOther mailboxes may be \
             concerned by the same cause; this is the only mail about it within 24 hours.\n",
            mailbox.address, settings.service_url,
        ),
        cause: Some(format!("failed:{cause}")),
    }
}

/// A cycle that ended well after failures says so, once.
///
/// # Errors
/// When the database does not answer.
pub async fn well_again(
    transaction: &mut Transaction,
    settings: &Settings,
    record: &MailboxRecord,
) -> Result<(), StoreError> {
    if record.failures == 0 || settings.error_addresses.is_empty() {
        return Ok(());
    }
    let mail = NewMail {
        to: settings.error_addresses.clone(),
        subject: "Synchronisation with Exchange works again".to_owned(),
        text: format!(
            "The synchronisation of {} works again.\n",
            record.mailbox.address
        ),
        cause: Some(format!("well-again:{}", record.mailbox.address)),
    };
    mail::write(transaction, &mail).await?;
    Ok(())
}

/// What the plugin had to tell. Warnings and errors go to the listed addresses.
///
/// # Errors
/// When the database does not answer.
pub async fn notices(
    transaction: &mut Transaction,
    settings: &Settings,
    mailbox: &Mailbox,
    notices: &[Notice],
) -> Result<(), StoreError> {
    if settings.error_addresses.is_empty() {
        return Ok(());
    }
    for notice in notices
        .iter()
        .filter(|notice| notice.severity != Severity::Ok)
    {
        let facts: Vec<String> = notice
            .parameters
            .iter()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        let mail = NewMail {
            to: settings.error_addresses.clone(),
            subject: format!("Synchronisation with Exchange: {}", notice.code),
            text: format!("Mailbox: {}\n{}\n", mailbox.address, facts.join("\n")),
            cause: Some(format!("notice:{}", notice.code)),
        };
        mail::write(transaction, &mail).await?;
    }
    Ok(())
}
