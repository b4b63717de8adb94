//! Tenants, settings, tokens, mails, users.

use crate::place::{self, Place, psa_id, tenant_id};
use crate::sample;
use secrecy::ExposeSecret;
use tandem::contract::{Settings, Weekday};
use tandem::psa::resource::{self, Resource, Search, Stretch, WorkingHours};
use tandem::store::cycle_run::Paging;
use tandem::store::mail::{self, NewMail};
use tandem::store::{StoreError, settings};

on_each_database! {
    async fn a_tenant_is_made_once_and_has_a_well_formed_name(place: &Place) {
        let store = place.store().await;
        let tenants = store.tenants();
        tenants.create(&tenant_id("acme"), "ACME Ltd").await.unwrap();
        let twice = tenants.create(&tenant_id("acme"), "ACME").await;
        assert!(matches!(twice, Err(StoreError::TenantExists { .. })));
        for name in ["", "ACME", "a b", "a/b", &"a".repeat(64)] {
            let refused = tenants.create(&tenant_id(name), name).await;
            assert!(matches!(refused, Err(StoreError::Invalid { .. })), "{name}");
        }
        assert_eq!(tenants.list().await.unwrap()[0].name, "ACME Ltd");
        assert!(tenants.exists(&tenant_id("acme")).await.unwrap());
        let missing = store.tenant(&tenant_id("nobody"));
        assert!(matches!(settings::get(&missing).await, Err(StoreError::NoSuchTenant { .. })));
    }

    async fn two_admins_do_not_overwrite_each_others_settings(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let stored = settings::get(&tenant).await.unwrap();
        assert_eq!((stored.settings, stored.version), (Some(sample::settings()), 1));
        let changed = Settings { interval_minutes: 60, ..sample::settings() };
        let mut tx = tenant.begin().await.unwrap();
        assert_eq!(settings::save(&mut tx, &changed, 1).await.unwrap(), 2);
        let stale = settings::save(&mut tx, &sample::settings(), 1).await;
        assert!(matches!(stale, Err(StoreError::Conflict { expected: 1, found: 2, .. })));
        tx.commit().await.unwrap();
        assert_eq!(settings::get(&tenant).await.unwrap().settings, Some(changed));
    }

    async fn a_token_opens_one_tenant_until_it_is_revoked(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let tokens = store.tokens();
        let token = tokens.create(tenant.id(), "script").await.unwrap();
        let text = token.expose_secret();
        assert!(text.starts_with("tdm_") && text.len() == 68, "{text}");
        assert_eq!(tokens.verify(text).await.unwrap().as_ref(), Some(tenant.id()));
        assert_eq!(tokens.verify("tdm_00").await.unwrap(), None);
        assert_eq!(tokens.verify(&text[4..]).await.unwrap(), None);
        let listed = tokens.list(tenant.id()).await.unwrap();
        assert_eq!(listed[0].label, "script");
        let other = place::tenant(&store, "other").await;
        assert!(tokens.revoke(other.id(), &listed[0].id).await.is_err());
        tokens.revoke(tenant.id(), &listed[0].id).await.unwrap();
        assert_eq!(tokens.verify(text).await.unwrap(), None);
        let nobody = tokens.create(&tenant_id("nobody"), "x").await;
        assert!(matches!(nobody, Err(StoreError::NoSuchTenant { .. })));
    }

    async fn one_cause_is_mailed_once_in_24_hours(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let mail = NewMail {
            to: vec!["admin@example.com".into()],
            subject: "A cycle failed".into(),
            text: "…".into(),
            html: None,
            cause: Some("cycle-failed/unauthorised".into()),
        };
        let write = |mail: NewMail| {
            let tenant = tenant.clone();
            async move {
                let mut tx = tenant.begin().await.unwrap();
                let written = mail::write(&mut tx, &mail).await.unwrap();
                tx.commit().await.unwrap();
                written
            }
        };
        assert!(write(mail.clone()).await);
        assert!(!write(mail.clone()).await);
        assert!(write(NewMail { cause: None, ..mail.clone() }).await);
        assert!(!write(NewMail { to: Vec::new(), cause: None, ..mail.clone() }).await);
        store.database().set_clock_offset(mail::ONCE_IN + 60_000_000);
        assert!(write(mail.clone()).await);

        let unsent = mail::unsent(store.database(), 10).await.unwrap();
        assert_eq!(unsent.len(), 3);
        let mut tx = tenant.begin().await.unwrap();
        assert!(mail::begin_try(&mut tx, &unsent[0].id, 0).await.unwrap());
        let again = mail::begin_try(&mut tx, &unsent[0].id, 0).await.unwrap();
        assert!(!again, "one host tries it at a time");
        assert!(mail::begin_try(&mut tx, &unsent[1].id, 0).await.unwrap());
        mail::mark_failed(&mut tx, &unsent[0].id, "451").await.unwrap();
        mail::mark_sent(&mut tx, &unsent[1].id).await.unwrap();
        tx.commit().await.unwrap();
        let unsent = mail::unsent(store.database(), 10).await.unwrap();
        assert_eq!((unsent.len(), unsent[1].failures), (2, 1), "what failed comes last");
        let paging = Paging { before: None, limit: 2 };
        let listed = mail::list(&tenant, &paging).await.unwrap();
        assert_eq!((listed.len(), &listed[0].to), (2, &mail.to));
    }

    async fn users_are_made_changed_and_searched(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        for name in ["Ann", "bob_", "Bobby", "Chris"] {
            place::user(&tenant, name).await;
        }
        let mut tx = tenant.begin().await.unwrap();
        let ann = resource::get(&mut tx, &psa_id("Ann")).await.unwrap();
        let hours = WorkingHours {
            zone: "Europe/Berlin".into(),
            stretches: vec![Stretch { day: Weekday::Monday, from: 480, to: 1020 }],
        };
        let fields = Resource { active: false, working_hours: Some(hours), ..ann.fields.clone() };
        let changed = resource::replace(&mut tx, &ann.id, ann.version, &fields).await.unwrap();
        assert_eq!(changed.fields, fields);
        let stale = resource::replace(&mut tx, &ann.id, ann.version, &fields).await;
        assert!(matches!(stale, Err(StoreError::Conflict { .. })));
        let taken = resource::create(&mut tx, Some(&ann.id), &sample::user("x")).await;
        assert!(matches!(taken, Err(StoreError::Invalid { field: "id", .. })));
        tx.commit().await.unwrap();
        let names = |search: Search| {
            let tenant = tenant.clone();
            async move {
                let found = resource::list(&tenant, &search).await.unwrap();
                let mut names: Vec<_> = found.into_iter().map(|r| r.fields.name).collect();
                names.sort();
                names.join(" ")
            }
        };
        let all = Search { limit: 10, ..Search::default() };
        assert_eq!(names(Search { active_only: true, ..all.clone() }).await, "Bobby Chris bob_");
        assert_eq!(names(Search { text: Some("BOB".into()), ..all.clone() }).await, "Bobby bob_");
        assert_eq!(names(Search { text: Some("b_@".into()), ..all.clone() }).await, "bob_");
        let paged = Search { offset: 3, ..all };
        assert_eq!(resource::list(&tenant, &paged).await.unwrap().len(), 1);
    }
}
