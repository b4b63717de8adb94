//! What people change of the business: what items name then reads differently on their copies.

use tandem::contract::PsaId;
use tandem::psa::company::Company;
use tandem::psa::record::{self, Record, Stored};

use crate::Result;
use crate::book::{Act, Home};
use crate::business::{self, Business};
use crate::contacts;
use crate::office::Office;
use crate::record::Fields;

/// Somebody renames something, a company moves, or the calendar shows a type of to-dos or no more.
///
/// # Errors
/// When the PSA refuses it.
pub async fn act(office: &mut Office) -> Result<()> {
    let all = Business::read(&office.tenant).await?;
    let word = office.number();
    let name = |what: &str| format!("{what} {word}");
    match office.dice.weighed(&[30, 20, 15, 5, 5, 5, 5, 5, 15, 5]) {
        0 => change(office, &all.companies, |it| it.name = name("Firm")).await,
        1 => {
            let moves = |it: &mut Company| {
                it.address = business::address(word);
                it.phone = format!("+49 000 {word}");
            };
            change(office, &all.companies, moves).await
        }
        2 => change(office, &all.tickets, |it| it.title = name("Ticket")).await,
        3 => change(office, &all.tasks, |it| it.title = name("Task")).await,
        4 => contacts::deeds::rename(office, &all, &name("Caller")).await,
        5 => change(office, &all.opportunities, |it| it.name = name("Chance")).await,
        6 => change(office, &all.contracts, |it| it.name = name("Contract")).await,
        7 => change(office, &all.statuses, |it| it.name = name("Status")).await,
        8 => show_or_hide(office, &all).await,
        _ => change(office, &all.action_types, |it| it.name = name("Type")).await,
    }
}

async fn change<R: Record>(
    office: &mut Office,
    all: &[Stored<R>],
    change: impl FnOnce(&mut R),
) -> Result<()> {
    let record = office.dice.pick(all).ok_or("there is none")?;
    let mut fields = record.fields.clone();
    change(&mut fields);
    write(office, record, &fields).await?;
    note(office, &record.id, &Act::Quoted);
    Ok(())
}

async fn show_or_hide(office: &mut Office, all: &Business) -> Result<()> {
    let record = office.dice.pick(&all.action_types).ok_or("there is none")?;
    let mut fields = record.fields.clone();
    fields.on_calendar = !fields.on_calendar;
    write(office, record, &fields).await?;
    let act = match fields.on_calendar {
        true => Act::TravelsAgain,
        false => Act::StaysHome,
    };
    note(office, &record.id, &act);
    Ok(())
}

/// Writes a record of the business.
///
/// # Errors
/// When the PSA refuses it.
pub async fn write<R: Record>(office: &Office, record: &Stored<R>, fields: &R) -> Result<()> {
    let mut transaction = office.tenant.begin().await?;
    record::replace(&mut transaction, &record.id, record.version, fields).await?;
    transaction.commit().await?;
    let name = R::WHAT;
    office
        .trace
        .say(format!("  somebody changes the {name} {}", record.id.value));
    Ok(())
}

/// Writes it down for all items that name the record.
pub fn note(office: &mut Office, named: &PsaId, act: &Act) {
    let records = office.book.records.iter();
    let quoting: Vec<Home> = records
        .filter(|(_, fields): &(&String, &Fields)| fields.names(named))
        .map(|(id, _)| Home::Psa(id.clone()))
        .collect();
    for home in quoting {
        for thing in office.book.everywhere(&home) {
            office.book.note(thing, act.clone());
        }
    }
}
