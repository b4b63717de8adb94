//! Mailboxes: permission, addresses, profiles, cursors.

use crate::place::{self, Place};
use crate::sample;
use tandem::contract::{Cursor, NextStep, ProviderKind, RowVersion, Zone};
use tandem::store::mailbox::{self, Progress};
use tandem::store::{StoreError, observation};

on_each_database! {
    async fn two_users_with_one_address_are_refused_in_whichever_case(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let id = place::mailbox_of(&tenant, "jane").await;
        let joe = place::user(&tenant, "joe").await;
        let mut tx = tenant.begin().await.unwrap();
        let refused = mailbox::allow(&mut tx, &joe, " JANE@Example.com").await.unwrap_err();
        assert!(
            matches!(&refused, StoreError::AddressTaken { resource, .. } if resource.value == "jane"),
            "{refused}"
        );
        let made = mailbox::allow(&mut tx, &joe, "joe@example.com").await.unwrap();
        assert!(made.newly);
        let refused = mailbox::set_address(&mut tx, &made.id, "Jane@example.com").await;
        assert!(matches!(refused, Err(StoreError::AddressTaken { .. })));
        mailbox::set_address(&mut tx, &id, "Jane@Example.com").await.unwrap();
        let again = mailbox::allow(&mut tx, &place::psa_id("jane"), "jane@example.com").await.unwrap();
        assert_eq!((again.id, again.newly), (id, false));
        tx.commit().await.unwrap();

        // The same address in another tenant is another mailbox.
        let other = place::tenant(&store, "other").await;
        place::mailbox_of(&other, "jane").await;
        let found = mailbox::of_address(&other, "JANE@EXAMPLE.COM").await.unwrap().unwrap();
        assert_eq!(found.mailbox.tenant.value, "other");
        assert_eq!(mailbox::list(&tenant).await.unwrap().len(), 2);
    }

    async fn two_admins_cannot_give_one_address_to_two_users_at_once(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let mut tasks = Vec::new();
        for name in ["jane", "joe", "jim", "jill"] {
            let user = place::user(&tenant, name).await;
            let tenant = tenant.clone();
            tasks.push(tokio::spawn(async move {
                let mut tx = tenant.begin().await.unwrap();
                mailbox::allow(&mut tx, &user, "shared@example.com").await?;
                tx.commit().await
            }));
        }
        let mut refused = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(()) => {}
                Err(StoreError::AddressTaken { .. }) => refused += 1,
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(refused, 3);
    }

    async fn what_is_no_address_is_refused(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let jane = place::user(&tenant, "jane").await;
        let mut tx = tenant.begin().await.unwrap();
        for text in ["", "jane", "@example.com", "a@b@c", "jane doe@example.com"] {
            let refused = mailbox::allow(&mut tx, &jane, text).await;
            assert!(matches!(refused, Err(StoreError::Invalid { field: "address", .. })), "{text}");
        }
    }

    async fn cursors_are_kept_and_forgotten_when_all_is_read_again(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let id = place::mailbox_of(&tenant, "jane").await;
        let progress = Progress {
            cursor: Some(Cursor { value: "delta".into() }),
            psa_cursor: Some(RowVersion { number: 9 }),
            window_end: Some(sample::instant(sample::NOON)),
            relink: false,
            provider: ProviderKind::Graph,
            plugin_digest: "abc".into(),
        };
        let zone = Zone { name: "Europe/Berlin".into() };
        let mut tx = tenant.begin().await.unwrap();
        assert!(mailbox::get(&mut tx, &id).await.unwrap().relink, "the first round links what exists");
        mailbox::set_progress(&mut tx, &id, &progress).await.unwrap();
        mailbox::set_zone(&mut tx, &id, &zone).await.unwrap();
        observation::set_next_step(&mut tx, &id, &NextStep::None).await.unwrap();
        tx.commit().await.unwrap();
        let row = mailbox::get(&tenant, &id).await.unwrap();
        assert_eq!((row.cursor, row.psa_cursor), (progress.cursor, progress.psa_cursor));
        assert_eq!(row.window_end, progress.window_end);
        assert_eq!((row.relink, row.provider), (false, Some(ProviderKind::Graph)));
        assert_eq!((row.mailbox.zone, row.profile), (Some(zone), Some(sample::profile())));

        let mut tx = tenant.begin().await.unwrap();
        mailbox::read_again(&mut tx, &id, false).await.unwrap();
        tx.commit().await.unwrap();
        let row = mailbox::get(&tenant, &id).await.unwrap();
        assert_eq!((row.cursor, row.psa_cursor, row.relink), (None, None, false));
        assert_eq!(observation::next_step(&tenant, &id).await.unwrap(), None);
        let mut tx = tenant.begin().await.unwrap();
        mailbox::set_address(&mut tx, &id, "jane.doe@example.com").await.unwrap();
        assert!(mailbox::get(&mut tx, &id).await.unwrap().relink, "another mailbox");
    }
}
