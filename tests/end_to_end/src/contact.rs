//! Contacts as people enter them into the PSA.

use tandem::contract::RowVersion;
use tandem::psa::contact::Contact;
use tandem::psa::record::{self, Stored};

use crate::World;

/// Dr. Ann Smith.
#[must_use]
pub fn ann() -> Contact {
    Contact {
        prefix: "Dr.".to_owned(),
        given_name: "Ann".to_owned(),
        surname: "Smith".to_owned(),
        emails: vec!["ann@example.org".to_owned(), "smith@example.org".to_owned()],
        business_phones: vec!["+49 30 1".to_owned()],
        business_fax: "+49 30 2".to_owned(),
        notes: "Likes tea\nand cake".to_owned(),
        active: true,
        ..Contact::default()
    }
}

/// Enters a contact into the PSA.
pub async fn enter(world: &World, fields: &Contact) -> Stored<Contact> {
    let mut transaction = world.tenant.begin().await.unwrap();
    let made = record::create(&mut transaction, None, fields).await;
    transaction.commit().await.unwrap();
    made.unwrap()
}

/// Changes a contact and gives its new version.
pub async fn change(
    world: &World,
    known: &Stored<Contact>,
    at: RowVersion,
    fields: &Contact,
) -> RowVersion {
    let mut transaction = world.tenant.begin().await.unwrap();
    let changed = record::replace(&mut transaction, &known.id, at, fields).await;
    transaction.commit().await.unwrap();
    changed.unwrap().version
}

/// Deletes a contact that is at this version.
pub async fn delete(world: &World, known: &Stored<Contact>, at: RowVersion) {
    let mut transaction = world.tenant.begin().await.unwrap();
    record::delete::<Contact>(&mut transaction, &known.id, at)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}
