//! What people do to contacts: in the PSA, and to the copies and to their own ones in Outlook.

use exchange::Outlook;
use serde_json::json;
use tandem::contract::PsaId;
use tandem::psa::company::Company;
use tandem::psa::contact::Contact;
use tandem::psa::key::Key;
use tandem::psa::opportunity::Opportunity;
use tandem::psa::record::{self, Record, Stored};

use super::look::{self, Item};
use crate::Result;
use crate::book::Act;
use crate::business::Business;
use crate::deeds::business;
use crate::deeds::content::user;
use crate::office::Office;

/// Somebody does something to a contact, on either side.
///
/// # Errors
/// When the PSA or the mailbox refuses what should be possible.
pub async fn act(office: &mut Office, member: usize) -> Result<()> {
    if office.dice.percent(60) {
        in_psa(office).await
    } else {
        in_outlook(office, member)
    }
}

async fn in_psa(office: &mut Office) -> Result<()> {
    let business = Business::read(&office.tenant).await?;
    let word = office.number();
    let known = office.dice.pick(&business.contacts).cloned();
    let what = office.dice.weighed(&[30, 25, 8, 12, 15, 10]);
    let Some(known) = known.filter(|_| what != 0) else {
        return enter(office, &business, word).await;
    };
    match what {
        1 => {
            let fields = drawn(office, &business, word);
            let active = known.fields.active;
            replace(office, &known, &Contact { active, ..fields }).await
        }
        2 => {
            let active = !known.fields.active;
            let fields = known.fields.clone();
            replace(office, &known, &Contact { active, ..fields }).await
        }
        // The last one is left for those who name one.
        3 if business.contacts.len() > 1 => delete(office, &known).await,
        3 => Ok(()),
        4 => {
            let manager = some_user(office);
            let company = office.dice.pick(&business.companies).cloned();
            let fields = |company: &Stored<Company>| Company {
                account_manager: manager.map(|id| user(&id)),
                ..company.fields.clone()
            };
            select(office, company, fields).await
        }
        _ => {
            let owner = some_user(office);
            let opportunity = office.dice.pick(&business.opportunities).cloned();
            let fields = |opportunity: &Stored<Opportunity>| Opportunity {
                owner: owner.map(|id| user(&id)),
                ..opportunity.fields.clone()
            };
            select(office, opportunity, fields).await
        }
    }
}

fn some_user(office: &mut Office) -> Option<String> {
    let member = office.dice.below(office.members.len() + 1);
    office.members.get(member).map(|it| it.user.clone())
}

/// What somebody types into a contact.
fn drawn(office: &mut Office, business: &Business, word: u64) -> Contact {
    let dice = &mut office.dice;
    let mut some = |text: String| match dice.percent(60) {
        true => text,
        false => String::new(),
    };
    let emails = [
        some(format!("person{word}@customer.example")),
        some(format!("private{word}@customer.example")),
    ];
    let fields = Contact {
        given_name: some(format!("Given{word}")),
        surname: format!("Surname{word}"),
        prefix: some("Dr.".to_owned()),
        job_title: some(format!("Head of {word}")),
        mobile_phone: some(format!("+49 170 {word}")),
        business_fax: some(format!("+49 40 {word}")),
        notes: some(format!("Likes tea {word}\n  and \"cake\"")),
        emails: emails.into_iter().filter(|it| !it.is_empty()).collect(),
        active: true,
        ..Contact::default()
    };
    let company = office.dice.pick(&business.companies);
    Contact {
        company: company.map(|it| Key::new(it.id.clone())),
        ..fields
    }
}

/// Somebody gives one of the PSA's contacts another surname.
///
/// # Errors
/// When the PSA refuses it.
pub async fn rename(office: &mut Office, business: &Business, surname: &str) -> Result<()> {
    let known = office
        .dice
        .pick(&business.contacts)
        .ok_or("there is none")?;
    let surname = surname.to_owned();
    let fields = known.fields.clone();
    replace(office, known, &Contact { surname, ..fields }).await
}

async fn enter(office: &mut Office, business: &Business, word: u64) -> Result<()> {
    let fields = drawn(office, business, word);
    let mut transaction = office.tenant.begin().await?;
    let made = record::create(&mut transaction, None, &fields).await?;
    transaction.commit().await?;
    changed(office, &made.id, "enters");
    Ok(())
}

async fn replace(office: &mut Office, known: &Stored<Contact>, fields: &Contact) -> Result<()> {
    business::write(office, known, fields).await?;
    changed(office, &known.id, "changes");
    Ok(())
}

async fn delete(office: &mut Office, known: &Stored<Contact>) -> Result<()> {
    // The PSA keeps what to-dos name.
    if office.book.records.values().any(|it| it.names(&known.id)) {
        return Ok(());
    }
    let mut transaction = office.tenant.begin().await?;
    record::delete::<Contact>(&mut transaction, &known.id, known.version).await?;
    transaction.commit().await?;
    changed(office, &known.id, "deletes");
    Ok(())
}

/// The data by which contacts are selected change.
async fn select<R: Record>(
    office: &mut Office,
    known: Option<Stored<R>>,
    fields: impl FnOnce(&Stored<R>) -> R,
) -> Result<()> {
    match known {
        Some(known) => business::write(office, &known, &fields(&known)).await,
        None => Ok(()),
    }
}

fn changed(office: &mut Office, contact: &PsaId, how: &str) {
    let PsaId { value } = contact;
    office
        .trace
        .say(format!("  somebody {how} contact {value}"));
    let step = office.book.turn();
    office.book.contacts.changed.insert(value.clone(), step);
    business::note(office, contact, &Act::Quoted);
}

fn in_outlook(office: &mut Office, member: usize) -> Result<()> {
    let who = office.member(member)?;
    let outlook = office.exchange.person(&who.address);
    let items = look::items(&office.exchange, &who.address)?;
    let known = office.dice.pick(&items).cloned();
    let what = office.dice.weighed(&[30, 30, 25, 15]);
    let Some(item) = known.filter(|_| what != 0) else {
        return enter_own(office, member, &outlook);
    };
    match what {
        1 => edit(office, member, &outlook, &item),
        2 => remove(office, member, &outlook, &item),
        _ => paste(office, member, &outlook, &item),
    }
}

fn enter_own(office: &mut Office, member: usize, outlook: &Outlook) -> Result<()> {
    let word = office.number();
    let own = json!({"givenName": "Own", "surname": format!("Surname{word}")});
    let id = outlook.create_contact(&own)?;
    told(office, member, "enters", &id)?;
    remember(office, member, &id)
}

fn edit(office: &mut Office, member: usize, outlook: &Outlook, item: &Item) -> Result<()> {
    let word = office.number();
    let edited = json!({"jobTitle": format!("Boss {word}"), "personalNotes": "mine"});
    outlook.update_contact(&item.id, &edited)?;
    told(office, member, "edits", &item.id)?;
    if let Some(contact) = item.marker.clone() {
        let step = office.book.turn();
        office.book.contacts.edited.insert((member, contact), step);
    }
    remember(office, member, &item.id)
}

fn remove(office: &mut Office, member: usize, outlook: &Outlook, item: &Item) -> Result<()> {
    outlook.delete_contact(&item.id)?;
    told(office, member, "deletes", &item.id)?;
    let here = (member, item.id.clone());
    office.book.contacts.own.remove(&here);
    if let Some(contact) = item.marker.clone() {
        let step = office.book.turn();
        office.book.contacts.gone.insert((member, contact), step);
    }
    Ok(())
}

fn paste(office: &mut Office, member: usize, outlook: &Outlook, item: &Item) -> Result<()> {
    let id = outlook.copy_contact(&item.id)?;
    told(office, member, "pastes", &id)?;
    match &item.marker {
        Some(contact) => {
            let here = (member, id);
            office.book.contacts.pasted.insert(here, contact.clone());
            Ok(())
        }
        None => remember(office, member, &id),
    }
}

fn told(office: &Office, member: usize, how: &str, id: &str) -> Result<()> {
    let who = office.member(member)?.user;
    office
        .trace
        .say(format!("  {who} {how} in Outlook: contact {id}"));
    Ok(())
}

/// Keeps how somebody left a contact of one's own.
fn remember(office: &mut Office, member: usize, id: &str) -> Result<()> {
    let who = office.member(member)?;
    let items = look::items(&office.exchange, &who.address)?;
    let left = items
        .into_iter()
        .find(|item| item.id == id && item.marker.is_none());
    if let Some(left) = left {
        let here = (member, id.to_owned());
        office.book.contacts.own.insert(here, left.json);
    }
    Ok(())
}
