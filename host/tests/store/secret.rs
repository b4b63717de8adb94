//! Secrets: sealed in the database, in clear nowhere else.

use crate::place::{self, Place};
use secrecy::{ExposeSecret, SecretString};
use tandem::store::{Database, SecretKey, Store, StoreError, secret};

const CLEAR: &str = "correct horse battery staple";

on_each_database! {
    async fn a_secret_comes_back_and_is_nowhere_in_clear(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let mut tx = tenant.begin().await.unwrap();
        secret::put(&mut tx, secret::CLIENT_SECRET, &SecretString::from("old")).await.unwrap();
        secret::put(&mut tx, secret::CLIENT_SECRET, &SecretString::from(CLEAR)).await.unwrap();
        secret::put(&mut tx, secret::PASSWORD, &SecretString::from("")).await.unwrap();
        tx.commit().await.unwrap();
        let read = secret::get(&tenant, secret::CLIENT_SECRET).await.unwrap().unwrap();
        assert_eq!(read.expose_secret(), CLEAR);
        assert!(!format!("{read:?} {store:?} {tenant:?}").contains("horse"));
        assert_eq!(secret::names(&tenant).await.unwrap(), ["client-secret", "password"]);
        assert!(secret::get(&tenant, "unknown").await.unwrap().is_none());

        store.database().close().await;
        if let Some(file) = place.file() {
            for entry in std::fs::read_dir(file.parent().unwrap()).unwrap() {
                let bytes = std::fs::read(entry.unwrap().path()).unwrap();
                let found = bytes.windows(CLEAR.len()).any(|part| part == CLEAR.as_bytes());
                assert!(!found, "in clear on the disk");
            }
        }
    }

    async fn another_key_is_refused_by_name(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let mut tx = tenant.begin().await.unwrap();
        secret::put(&mut tx, "password", &SecretString::from(CLEAR)).await.unwrap();
        tx.commit().await.unwrap();
        let database = Database::open(&place.url).await.unwrap();
        let other = Store::new(database, SecretKey::generate());
        let refused = secret::get(&other.tenant(tenant.id()), "password").await.unwrap_err();
        assert!(matches!(refused, StoreError::WrongKey { .. }), "{refused}");
        assert!(refused.to_string().contains("password"), "{refused}");
        let mut tx = tenant.begin().await.unwrap();
        secret::remove(&mut tx, "password").await.unwrap();
        assert!(secret::get(&mut tx, "password").await.unwrap().is_none());
    }

    async fn a_secret_moved_to_another_tenant_does_not_open(place: &Place) {
        let store = place.store().await;
        let (acme, other) =
            (place::tenant(&store, "acme").await, place::tenant(&store, "other").await);
        for tenant in [&acme, &other] {
            let mut tx = tenant.begin().await.unwrap();
            secret::put(&mut tx, "password", &SecretString::from(CLEAR)).await.unwrap();
            tx.commit().await.unwrap();
        }
        let swap = "UPDATE secret SET tenant = CASE tenant WHEN 'acme' THEN 'third' ELSE 'acme' END
                     WHERE tenant = 'other' OR (tenant = 'acme' AND name = 'none')";
        let remove = "DELETE FROM secret WHERE tenant = 'acme'";
        for sql in [remove, swap] {
            place.by_hand(sql).await;
        }
        let refused = secret::get(&acme, "password").await;
        assert!(matches!(refused, Err(StoreError::WrongKey { .. })));
    }
}
