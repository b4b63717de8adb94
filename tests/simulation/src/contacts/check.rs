//! The judge of contacts.
//!
//! Which copies there have to be follows from the contact's data and the settings alone; what they
//! say, from who wrote last. A copy that its user deleted comes again with the next full read, and
//! before a rest there is one.

use std::collections::BTreeSet;

use serde_json::Value;
use tandem::contract::ItemKind;
use tandem::psa::contact::Contact;
use tandem::psa::key::Key;
use tandem::psa::record::Stored;
use tandem::psa::resource::Resource;

use super::look::{Item, property};
use crate::book::Book;
use crate::business::{Business, named};
use crate::office::{Office, Rules};
use crate::words::words;

/// What our fax property is called, at its end.
const FAX: &str = "0x3a24";

/// What is never broken: a user's own contacts stay as they were left, and no copy is there twice.
#[must_use]
pub fn always(book: &Book, member: usize, items: &[Item]) -> Vec<String> {
    let mut broken = Vec::new();
    let own = book.contacts.own.iter();
    for ((_, id), left) in own.filter(|((of, _), _)| *of == member) {
        let now = items.iter().find(|item| item.id == *id);
        if now.map(|item| &item.json) != Some(left) {
            broken.push(format!(
                "contact {id} of a person was changed: {now:?} was {left}"
            ));
        }
    }
    let mut seen = BTreeSet::new();
    for item in items.iter().filter(|item| is_ours(book, member, item)) {
        if !seen.insert(&item.marker) {
            broken.push(format!("contact {:?} has a second copy", item.marker));
        }
    }
    broken
}

fn is_ours(book: &Book, member: usize, item: &Item) -> bool {
    let here = (member, item.id.clone());
    item.marker.is_some() && !book.contacts.pasted.contains_key(&here)
}

/// One mailbox, and what has to be known to judge its contacts.
pub struct Mailbox<'a> {
    /// Everybody and everything.
    pub office: &'a Office,
    /// The PSA's records.
    pub business: &'a Business,
    /// Whose it is.
    pub member: usize,
    /// What is in force for it.
    pub rules: Rules,
    /// Its contacts.
    pub items: &'a [Item],
    /// Keys of contacts that failed too often.
    pub aside: &'a BTreeSet<String>,
}

impl Mailbox<'_> {
    /// What holds when nothing is left to do.
    #[must_use]
    pub fn judge(&self) -> Vec<String> {
        let contacts = &self.office.book.contacts;
        let keys = contacts
            .changed
            .keys()
            .filter(|key| !self.aside.contains(*key));
        keys.flat_map(|key| {
            let complaints = self.copies(key).into_iter().chain(self.text(key));
            complaints.map(move |what| format!("contact {key}: {what}"))
        })
        .collect()
    }

    fn living(&self, key: &str) -> Option<&Stored<Contact>> {
        let mut all = self.business.contacts.iter();
        all.find(|it| it.id.value == key)
    }

    /// All items that carry its marker: its copy, and what was pasted from it.
    fn marked(&self, key: &str) -> Vec<&Item> {
        let marked = self.items.iter();
        marked
            .filter(|item| item.marker.as_deref() == Some(key))
            .collect()
    }

    /// Whether the user looks after its company, or may sell to it, where not all are selected.
    fn is_selected(&self, contact: &Contact) -> bool {
        let user = self.office.members.get(self.member).map(|it| &it.user);
        let is_user = |key: Option<&Key<Resource>>| key.map(|key| &key.id.value) == user;
        let company = named(&self.business.companies, contact.company.as_ref());
        let manages = company.is_some_and(|it| is_user(it.account_manager.as_ref()));
        let mut chances = self.business.opportunities.iter().map(|it| &it.fields);
        let sells = contact.company.is_some()
            && chances.any(|it| it.company == contact.company && is_user(it.owner.as_ref()));
        self.office.wishes.all_contacts || manages || sells
    }

    fn travels(&self, contact: &Contact) -> bool {
        self.rules.exports(ItemKind::Contact) && contact.active && self.is_selected(contact)
    }

    /// Rows 7 and 8: whether there has to be a copy.
    fn copies(&self, key: &str) -> Option<String> {
        if !self.rules.exports(ItemKind::Contact) {
            return None;
        }
        let book = &self.office.book;
        let marked = self.marked(key);
        let living = self.living(key).map(|it| &it.fields);
        if living.is_some_and(|it| self.travels(it)) {
            // An empty folder proves nothing: a copy that answers from the deleted items passes for one
            // that is there.
            let is_missed = marked.is_empty() && !self.items.is_empty();
            return is_missed.then(|| "has no copy".to_owned());
        }
        let uncertain = book.unlinked > 0
            || book.restored > 0
            || book.contacts.was_pasted(self.member, key)
            // A setting may have taken it out of the selection, and then its copy stays.
            || living.is_some_and(|it| it.active) && book.resettled > 0;
        (!uncertain && !marked.is_empty()).then(|| "has a copy, and is to have none".to_owned())
    }

    /// A copy says what its contact says, unless its user wrote on it since.
    fn text(&self, key: &str) -> Option<String> {
        let book = &self.office.book;
        let contact = &self.living(key)?.fields;
        let changed = book.contacts.changed.get(key).copied().unwrap_or(0);
        let edited = book.contacts.edited.get(&(self.member, key.to_owned()));
        let is_left = edited.is_some_and(|edited| *edited > changed)
            || book.restored > changed
            || book.contacts.was_pasted(self.member, key);
        let marked = self.marked(key);
        let (true, false, [copy]) = (self.travels(contact), is_left, marked.as_slice()) else {
            return None;
        };
        let company = named(&self.business.companies, contact.company.as_ref());
        let company = company.map_or("", |it| it.name.as_str());
        let field = |path: &str| copy.json.pointer(path).and_then(Value::as_str);
        let text = |path: &str| field(path).unwrap_or_default();
        let emails: Vec<&str> = ["/emailAddresses/0/address", "/emailAddresses/1/address"]
            .into_iter()
            .filter_map(field)
            .collect();
        let notes = words(text("/personalNotes"));
        let says_it = text("/givenName") == contact.given_name
            && text("/surname") == contact.surname
            && text("/title") == contact.prefix
            && text("/jobTitle") == contact.job_title
            && text("/companyName") == company
            && text("/mobilePhone") == contact.mobile_phone
            && property(&copy.json, FAX).unwrap_or_default() == contact.business_fax
            && emails == contact.emails
            && notes.starts_with(&words(&contact.notes))
            && notes.last().is_some_and(|last| last.ends_with(key));
        (!says_it).then(|| format!("its copy says {} and not {contact:?}", copy.json))
    }
}
