//! Contacts, and to whose mailboxes their data bring them.

use crate::business::{Business, change, delete, key, make};
use crate::place::{self, Place};
use crate::sample;
use tandem::contract::*;
use tandem::psa::company::Company;
use tandem::psa::contact::Contact;
use tandem::psa::feed::{self, Reader};
use tandem::psa::key::Key;
use tandem::psa::opportunity::Opportunity;
use tandem::psa::{copy, record, resource};

fn contact(row: &PsaRow) -> &PsaContact {
    match &row.content {
        PsaContent::Contact(contact) => contact,
        other => panic!("{other:?}"),
    }
}

async fn selected(
    business: &Business,
    user: &PsaId,
    contacts: ContactSelection,
    since: Option<RowVersion>,
) -> Vec<bool> {
    let reader = Reader {
        contacts,
        ..sample::reader(user)
    };
    let rows = feed::changes_since(&business.tenant, &reader, since, 100)
        .await
        .unwrap();
    rows.iter().map(|row| contact(row).selected).collect()
}

on_each_database! {
    async fn a_contact_reads_with_its_companys_name(place: &Place) {
        let store = place.store().await;
        let business = Business::new(&store).await;
        let reader = Reader { contacts: ContactSelection::All, ..sample::reader(&business.jane) };
        let rows = feed::changes_since(&business.tenant, &reader, None, 100).await.unwrap();
        assert_eq!(rows.len(), 1);
        let fields = &contact(&rows[0]).fields;
        assert_eq!((fields.given_name.as_str(), fields.surname.as_str()), ("Greta", "Lund"));
        assert_eq!(fields.organisation, "Nordlicht Bakeries");
        assert_eq!(fields.emails, ["greta@nordlicht.example"]);
        assert!(contact(&rows[0]).active && contact(&rows[0]).selected);
    }

    async fn the_account_manager_and_the_opportunitys_owner_get_their_own(place: &Place) {
        use ContactSelection::Own;
        let store = place.store().await;
        let business = Business::new(&store).await;
        let (tenant, jane, joe) = (&business.tenant, &business.jane, &business.joe);
        assert!(selected(&business, jane, Own, None).await.is_empty());
        let before = business.now().await;
        change::<Company>(tenant, &business.company.id, |company| {
            company.account_manager = Some(Key::new(jane.clone()));
        })
        .await;
        change::<Opportunity>(tenant, &business.opportunity.id, |opportunity| {
            opportunity.owner = Some(Key::new(joe.clone()));
        })
        .await;
        assert_eq!(selected(&business, jane, Own, before).await, [true]);
        assert_eq!(selected(&business, joe, Own, before).await, [true]);
        let before = business.now().await;
        delete::<Opportunity>(tenant, &business.opportunity.id).await.unwrap();
        assert!(selected(&business, joe, Own, before).await.is_empty());
        assert!(selected(&business, joe, Own, None).await.is_empty());
    }

    async fn one_that_leaves_the_selection_is_told_where_it_has_a_copy(place: &Place) {
        use ContactSelection::Own;
        let store = place.store().await;
        let business = Business::new(&store).await;
        let (tenant, jane) = (&business.tenant, &business.jane);
        let managed_by = |user: Option<&PsaId>| user.map(|user| Key::new(user.clone()));
        change::<Company>(tenant, &business.company.id, |company| {
            company.account_manager = managed_by(Some(jane));
        })
        .await;
        let reference =
            PsaReference { kind: ItemKind::Contact, id: business.contact.id.clone() };
        business.linked(jane, &reference).await;
        let before = business.now().await;
        change::<Company>(tenant, &business.company.id, |company| {
            company.account_manager = managed_by(Some(&business.joe));
        })
        .await;
        assert_eq!(selected(&business, jane, Own, before).await, [false]);
        assert_eq!(selected(&business, &business.joe, Own, before).await, [true]);

        let before = business.now().await;
        delete::<Contact>(tenant, &business.contact.id).await.unwrap();
        let gone = business.news(jane, before).await;
        assert!(gone[0].deleted);
        assert_eq!(contact(&gone[0]).fields.surname, "");
    }

    async fn a_user_gets_the_contacts_of_the_own_territory(place: &Place) {
        use ContactSelection::Territory;
        let store = place.store().await;
        let business = Business::new(&store).await;
        let (tenant, jane) = (&business.tenant, &business.jane);
        let south = tandem::psa::territory::Territory { name: "South".into() };
        let south = make(tenant, &south).await;
        let before = business.now().await;
        let mut tx = tenant.begin().await.unwrap();
        let known = resource::get(&mut tx, jane).await.unwrap();
        let fields = resource::Resource { territory: Some(key(&business.north)), ..known.fields };
        resource::replace(&mut tx, jane, known.version, &fields).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(selected(&business, jane, Territory, before).await, [true]);
        assert!(selected(&business, &business.joe, Territory, None).await.is_empty());
        change::<Company>(tenant, &business.company.id, |company| {
            company.territory = Some(key(&south));
        })
        .await;
        assert!(selected(&business, jane, Territory, None).await.is_empty());
    }

    async fn where_all_are_selected_those_without_a_company_are_too(place: &Place) {
        use ContactSelection::{All, Own, Territory};
        let store = place.store().await;
        let business = Business::new(&store).await;
        let alone = Contact { company: None, ..business.contact.fields.clone() };
        make(&business.tenant, &alone).await;
        for (selection, found) in [(All, 2), (Own, 0), (Territory, 0)] {
            let rows = selected(&business, &business.joe, selection, None).await;
            assert_eq!(rows.len(), found, "{selection:?}");
        }
    }

    async fn each_users_note_is_the_users_own(place: &Place) {
        let store = place.store().await;
        let business = Business::new(&store).await;
        let tenant = &business.tenant;
        let reference =
            PsaReference { kind: ItemKind::Contact, id: business.contact.id.clone() };
        let at = Some(business.contact.version);
        for at in [at, at, None] {
            let mut tx = tenant.begin().await.unwrap();
            let note = CopyDeletionNote { reference: reference.clone(), at };
            assert!(copy::note_copy_deleted(&mut tx, &business.jane, &note).await.unwrap());
            tx.commit().await.unwrap();
            for (user, noted) in [(&business.jane, at), (&business.joe, None)] {
                let reader = sample::reader(user);
                let references = [reference.clone()];
                let rows = feed::by_references(tenant, &references, &reader).await.unwrap();
                assert_eq!(rows[0].copy_deleted, noted);
            }
        }
    }

    async fn what_breaks_a_rule_is_refused_with_its_field(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let good = Contact { surname: "Lund".into(), ..Contact::default() };
        let many = |count: usize| vec!["x".to_owned(); count];
        let wrong = [
            ("surname", Contact { surname: " ".into(), ..good.clone() }),
            ("emails", Contact { emails: many(4), ..good.clone() }),
            ("emails", Contact { emails: vec![" ".into()], ..good.clone() }),
            ("business_phones", Contact { business_phones: many(3), ..good.clone() }),
            ("notes", Contact { notes: "x".repeat(8_001), ..good.clone() }),
        ];
        for (field, fields) in wrong {
            let mut tx = tenant.begin().await.unwrap();
            let refused = record::create(&mut tx, None, &fields).await.unwrap_err();
            assert!(refused.to_string().starts_with(&format!("{field}: ")), "{field}: {refused}");
        }
    }
}
