//! Accounts, sessions, invitations and failed tries to sign in.

use secrecy::{ExposeSecret, SecretString};
use tandem::contract::Instant;
use tandem::psa::resource::{self, Resource};
use tandem::store::failed_sign_in::{Subject, Try};
use tandem::store::session::{IDLE, LONGEST};
use tandem::store::{StoreError, Tenant, account, invitation};

use crate::place::{self, Place};

const HOUR: i64 = 3_600_000_000;

/// Lets a user in under a name.
async fn let_in(tenant: &Tenant, user: &str, name: &str) -> Result<(), StoreError> {
    let user = place::psa_id(user);
    let mut tx = tenant.begin().await?;
    account::set_name(&mut tx, &user, name).await?;
    account::set_password(&mut tx, &user, &SecretString::from("a hash")).await?;
    tx.commit().await
}

on_each_database! {
    async fn a_name_leads_to_one_active_user_in_whichever_case(place: &Place) {
        let store = place.store().await;
        let (acme, other) = (place::tenant(&store, "acme").await, place::tenant(&store, "other").await);
        let ada = place::user(&acme, "ada").await;
        place::user(&other, "olga").await;
        assert!(!account::any(&acme).await.unwrap());
        let_in(&acme, "ada", " Ada@Example.com ").await.unwrap();
        let found = store.accounts().named("ADA@example.com").await.unwrap().unwrap();
        assert_eq!((&found.tenant, &found.user), (acme.id(), &ada));
        assert_eq!(found.password.unwrap().expose_secret(), "a hash");
        assert!(account::any(&acme).await.unwrap() && !account::any(&other).await.unwrap());
        let taken = let_in(&other, "olga", "ada@example.com").await.unwrap_err();
        assert!(matches!(taken, StoreError::Invalid { field: "name", .. }), "{taken}");
        let unknown = let_in(&acme, "nobody", "nobody").await.unwrap_err();
        assert!(matches!(unknown, StoreError::NotFound { what: "user", .. }), "{unknown}");
        let empty = let_in(&acme, "ada", "  ").await.unwrap_err();
        assert!(matches!(empty, StoreError::Invalid { .. }), "{empty}");
        let_in(&acme, "ada", "ada").await.unwrap();
        assert!(store.accounts().named("ada@example.com").await.unwrap().is_none());
        retire(&acme, "ada").await;
        assert!(store.accounts().named("ada").await.unwrap().is_none());
    }

    async fn a_session_ends_by_disuse_by_its_age_and_with_the_password(place: &Place) {
        let store = place.store().await;
        let acme = place::tenant(&store, "acme").await;
        let ada = place::user(&acme, "ada").await;
        let_in(&acme, "ada", "ada").await.unwrap();
        let at = |microseconds| store.database().stand_at(Instant { microseconds });
        let sessions = store.sessions();
        at(0);
        let session = sessions.begin(acme.id(), &ada).await.unwrap();
        let session = session.expose_secret();
        assert!(sessions.find("another").await.unwrap().is_none());
        let found = sessions.find(session).await.unwrap().unwrap();
        assert_eq!((found.user, found.name.as_str(), found.is_admin), (ada.clone(), "ada", false));
        at(IDLE - 1);
        assert!(sessions.find(session).await.unwrap().is_some());
        at(2 * IDLE - 1);
        assert!(sessions.find(session).await.unwrap().is_none());
        at(0);
        for time in (0..LONGEST).step_by(usize::try_from(HOUR).unwrap()) {
            at(time);
            assert!(sessions.find(session).await.unwrap().is_some(), "{time}");
        }
        at(LONGEST);
        assert!(sessions.find(session).await.unwrap().is_none());
        let second = sessions.begin(acme.id(), &ada).await.unwrap();
        let third = sessions.begin(acme.id(), &ada).await.unwrap();
        sessions.end(second.expose_secret()).await.unwrap();
        assert!(sessions.find(second.expose_secret()).await.unwrap().is_none());
        assert!(sessions.find(third.expose_secret()).await.unwrap().is_some());
        let_in(&acme, "ada", "ada").await.unwrap();
        assert!(sessions.find(third.expose_secret()).await.unwrap().is_none());
    }

    async fn an_invitation_is_good_once_for_a_week_and_until_the_next(place: &Place) {
        let store = place.store().await;
        let acme = place::tenant(&store, "acme").await;
        let ada = place::user(&acme, "ada").await;
        let mut tx = acme.begin().await.unwrap();
        let without = invitation::invite(&mut tx, &ada).await.unwrap_err();
        assert!(matches!(without, StoreError::NotFound { what: "account", .. }), "{without}");
        drop(tx);
        let_in(&acme, "ada", "ada").await.unwrap();
        store.database().stand_at(Instant { microseconds: 0 });
        let mut secrets = Vec::new();
        for _ in 0..2 {
            let mut tx = acme.begin().await.unwrap();
            secrets.push(invitation::invite(&mut tx, &ada).await.unwrap());
            tx.commit().await.unwrap();
        }
        let (old, new) = (secrets[0].expose_secret(), secrets[1].expose_secret());
        let invitations = store.invitations();
        assert!(invitations.find(old).await.unwrap().is_none());
        assert_eq!(invitations.find(new).await.unwrap().unwrap().user, ada);
        let mut tx = acme.begin().await.unwrap();
        assert!(!invitation::redeem(&mut tx, old).await.unwrap());
        assert!(invitation::redeem(&mut tx, new).await.unwrap());
        assert!(!invitation::redeem(&mut tx, new).await.unwrap());
        drop(tx);
        store.database().stand_at(Instant { microseconds: 7 * 24 * HOUR });
        assert!(invitations.find(new).await.unwrap().is_none());
    }

    async fn of_tries_made_at_once_each_counts(place: &Place) {
        let store = place.store().await;
        store.database().stand_at(Instant { microseconds: 0 });
        let tries = (0..12).map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                store.failed_sign_ins().begin(Subject::Name("ada")).await.unwrap()
            })
        });
        let mut allowed = 0;
        for one in tries.collect::<Vec<_>>() {
            if one.await.unwrap() == Try::Allowed {
                allowed += 1;
            }
        }
        assert_eq!(allowed, 6, "five are free, and the sixth begins the pause");
        store.failed_sign_ins().forgive(Subject::Name("ADA")).await.unwrap();
        let again = store.failed_sign_ins().begin(Subject::Name("ada")).await.unwrap();
        assert_eq!(again, Try::Allowed);
    }
}

async fn retire(tenant: &Tenant, user: &str) {
    let mut tx = tenant.begin().await.unwrap();
    let record = resource::get(&mut tx, &place::psa_id(user)).await.unwrap();
    let fields = Resource {
        active: false,
        ..record.fields
    };
    resource::replace(&mut tx, &record.id, record.version, &fields)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}
