//! Subscriptions: who is owed what, and that several hosts do not double a try.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tandem::contract::RowVersion;
use tandem::psa::version;
use tandem::store::webhook::{self, Edit, Owed, Webhook};
use tandem::store::{Store, StoreError, Tenant, secret};

use crate::place::{self, Place};

const MINUTE: Duration = Duration::from_secs(60);

async fn subscribe(tenant: &Tenant) -> Webhook {
    let mut tx = tenant.begin().await.unwrap();
    let signing = SecretString::from("whsec_first");
    let made = webhook::create(&mut tx, "https://psa.example/hook", &signing)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    made
}

async fn owed(store: &Store) -> Vec<Owed> {
    webhook::owed(store.database(), 9).await.unwrap()
}

async fn begin(store: &Store, owed: &Owed) -> bool {
    let Webhook {
        tenant, id, tries, ..
    } = &owed.webhook;
    let mut tx = store.tenant(tenant).begin().await.unwrap();
    let begun = webhook::begin_try(&mut tx, id, *tries, MINUTE)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    begun
}

on_each_database! {
    async fn what_changes_after_a_subscription_is_owed_until_it_was_told(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        place::user(&tenant, "jane").await;
        let made = subscribe(&tenant).await;
        assert_eq!(owed(&store).await, []);
        place::user(&tenant, "bob").await;
        let debts = owed(&store).await;
        assert_eq!(debts.len(), 1);
        let reached = version::current(&tenant).await.unwrap().unwrap();
        assert_eq!((&debts[0].webhook.id, debts[0].reached), (&made.id, reached.number));

        let mut tx = tenant.begin().await.unwrap();
        webhook::note_failed(&mut tx, &made.id, "it answered 500", MINUTE).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(owed(&store).await, [], "not before the pause is over");
        let failing = webhook::get(&tenant, &made.id).await.unwrap();
        assert_eq!((failing.failures, failing.error.as_deref()), (1, Some("it answered 500")));
        assert!(failing.failing_since.is_some());

        let mut tx = tenant.begin().await.unwrap();
        webhook::note_told(&mut tx, &made.id, reached.number).await.unwrap();
        // A slower host that told an older version takes nothing back.
        webhook::note_told(&mut tx, &made.id, reached.number - 1).await.unwrap();
        tx.commit().await.unwrap();
        let told = webhook::get(&tenant, &made.id).await.unwrap();
        assert_eq!((told.told, told.failures, told.error), (reached.number, 0, None));
        assert_eq!(owed(&store).await, []);
    }

    async fn of_several_hosts_one_begins_a_try(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        subscribe(&tenant).await;
        place::user(&tenant, "jane").await;
        let debt = owed(&store).await.remove(0);
        let tries = futures::future::join_all((0..4).map(|_| begin(&store, &debt))).await;
        assert_eq!(tries.iter().filter(|begun| **begun).count(), 1, "{tries:?}");
        assert_eq!(owed(&store).await, [], "nobody else tries while one does");
    }

    async fn a_subscription_that_is_off_is_owed_nothing_and_all_when_it_is_on_again(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let made = subscribe(&tenant).await;
        place::user(&tenant, "jane").await;
        let mut tx = tenant.begin().await.unwrap();
        webhook::switch_off(&mut tx, &made.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(owed(&store).await, []);
        let on = Edit { active: Some(true), url: None };
        let mut tx = tenant.begin().await.unwrap();
        let stale = webhook::edit(&mut tx, &made.id, made.version, &on).await.unwrap_err();
        assert!(matches!(stale, StoreError::Conflict { found: 2, .. }), "{stale}");
        let edited =
            webhook::edit(&mut tx, &made.id, RowVersion { number: 2 }, &on).await.unwrap();
        let same = webhook::edit(&mut tx, &made.id, edited.version, &on).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(same.version, edited.version);
        assert_eq!(owed(&store).await.len(), 1);
    }

    async fn both_secrets_sign_after_an_exchange_and_none_stays_behind(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let made = subscribe(&tenant).await;
        let mut tx = tenant.begin().await.unwrap();
        let second = SecretString::from("whsec_second");
        let rotated = webhook::rotate(&mut tx, &made.id, made.version, &second).await.unwrap();
        let secrets = webhook::secrets(&mut tx, &made.id).await.unwrap();
        tx.commit().await.unwrap();
        let texts: Vec<&str> = secrets.iter().map(|secret| secret.expose_secret()).collect();
        assert_eq!(texts, ["whsec_second", "whsec_first"]);
        assert_eq!(secret::names(&tenant).await.unwrap().len(), 2);
        let mut tx = tenant.begin().await.unwrap();
        webhook::delete(&mut tx, &made.id, rotated.version).await.unwrap();
        tx.commit().await.unwrap();
        assert!(secret::names(&tenant).await.unwrap().is_empty());
        let gone = webhook::get(&tenant, &made.id).await.unwrap_err();
        assert!(matches!(gone, StoreError::NotFound { what: "webhook", .. }), "{gone}");
    }
}
