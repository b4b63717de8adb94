//! A contact's copy: its fields as they are, with the link behind the notes.

use super::with_link;
use crate::contract::Contact;

/// How many e-mail addresses a contact of Exchange has.
const EMAILS: usize = 3;
/// How many business telephone numbers it has.
const BUSINESS_PHONES: usize = 2;

/// The copy of a contact; addresses and numbers for which Exchange has no place are left out.
pub(super) fn compose(contact: &Contact, web_link: &str) -> Contact {
    Contact {
        emails: contact.emails.iter().take(EMAILS).cloned().collect(),
        business_phones: contact
            .business_phones
            .iter()
            .take(BUSINESS_PHONES)
            .cloned()
            .collect(),
        notes: with_link(&contact.notes, web_link),
        ..contact.clone()
    }
}
