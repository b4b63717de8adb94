//! Leases: each mailbox once, and no write by a host that lost it.

use std::collections::HashSet;
use std::time::Duration;

use crate::place::{self, Place};
use crate::sample;
use tandem::store::lease::{CycleResult, running};
use tandem::store::{StoreError, link, mailbox, settings};

const TTL: Duration = Duration::from_secs(60);
const MINUTE: i64 = 60_000_000;

on_each_database! {
    async fn two_hosts_lease_each_mailbox_exactly_once(place: &Place) {
        let (one, other) = (place.store().await, place.store().await);
        let tenant = place::tenant(&one, "acme").await;
        for n in 0..20 {
            place::mailbox_of(&tenant, &format!("user{n}")).await;
        }
        let take = |store: tandem::store::Store, owner: &'static str| async move {
            let mut taken = Vec::new();
            for _ in 0..20 {
                taken.extend(store.leases().due(owner, TTL, 3).await.unwrap());
            }
            taken
        };
        let (a, b) = tokio::join!(
            tokio::spawn(take(one.clone(), "one")),
            tokio::spawn(take(other.clone(), "other"))
        );
        let (a, b) = (a.unwrap(), b.unwrap());
        let distinct: HashSet<String> =
            a.iter().chain(&b).map(|lease| lease.mailbox.value.clone()).collect();
        assert_eq!((a.len() + b.len(), distinct.len()), (20, 20));
        assert_eq!(running(&tenant).await.unwrap(), 20);
    }

    async fn while_only_the_pilot_group_runs_nobody_else_is_leased(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let jane = place::mailbox_of(&tenant, "jane").await;
        let john = place::mailbox_of(&tenant, "john").await;
        let mut tx = tenant.begin().await.unwrap();
        settings::set_pilot_only(&mut tx, true).await.unwrap();
        mailbox::set_pilot(&mut tx, &jane, true).await.unwrap();
        tx.commit().await.unwrap();
        let stored = settings::get(&tenant).await.unwrap();
        assert!(stored.pilot_only);
        let leases = store.leases();
        let due = leases.due("host", TTL, 9).await.unwrap();
        let due: Vec<_> = due.into_iter().map(|lease| lease.mailbox).collect();
        assert_eq!(due, [jane]);
        assert_eq!(leases.next_due().await.unwrap(), None);
        assert_eq!(leases.one(tenant.id(), &john, "host", TTL).await.unwrap(), None);
        assert_eq!(leases.switched_off(tenant.id(), &john, "host", TTL).await.unwrap(), None);
        let mut tx = tenant.begin().await.unwrap();
        settings::set_pilot_only(&mut tx, false).await.unwrap();
        tx.commit().await.unwrap();
        assert!(leases.one(tenant.id(), &john, "host", TTL).await.unwrap().is_some());
    }

    async fn a_cycle_is_undone_whatever_is_switched_off_or_held(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let jane = place::mailbox_of(&tenant, "jane").await;
        let mut tx = tenant.begin().await.unwrap();
        settings::set_paused(&mut tx, true).await.unwrap();
        mailbox::set_enabled(&mut tx, &jane, false).await.unwrap();
        tx.commit().await.unwrap();
        let leases = store.leases();
        assert_eq!(leases.one(tenant.id(), &jane, "host", TTL).await.unwrap(), None);
        assert_eq!(leases.switched_off(tenant.id(), &jane, "host", TTL).await.unwrap(), None);
        let lease = leases.to_undo(tenant.id(), &jane, "host", TTL).await.unwrap().unwrap();
        assert_eq!(leases.to_undo(tenant.id(), &jane, "other", TTL).await.unwrap(), None);
        leases.give_back(&lease).await.unwrap();
        let mut tx = tenant.begin().await.unwrap();
        settings::keep_quiet(&mut tx, TTL).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(leases.to_undo(tenant.id(), &jane, "host", TTL).await.unwrap(), None);
    }

    async fn a_commit_under_a_lost_lease_is_refused_and_keeps_nothing(place: &Place) {
        let (slow, quick) = (place.store().await, place.store().await);
        let tenant = place::tenant(&slow, "acme").await;
        let mailbox = place::mailbox_of(&tenant, "jane").await;
        let lease = slow.leases().due("slow", TTL, 1).await.unwrap().remove(0);

        // The slow host sleeps; by the other one's clock the lease has ended.
        quick.database().set_clock_offset(2 * MINUTE);
        let taken = quick.leases().due("quick", TTL, 1).await.unwrap();
        assert_eq!(taken[0].fence, lease.fence + 1);

        let lost = tenant.begin_fenced(&lease).await.unwrap_err();
        assert!(matches!(lost, StoreError::LeaseLost { .. }), "{lost}");
        assert_eq!(link::count_linked(&tenant, &mailbox).await.unwrap().calendar, 0);

        let theirs = quick.tenant(tenant.id());
        let mut tx = theirs.begin_fenced(&taken[0]).await.unwrap();
        link::insert(&mut tx, &mailbox, &sample::link("1", "a")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(link::count_linked(&tenant, &mailbox).await.unwrap().calendar, 1);
    }

    async fn a_lease_that_ends_inside_a_transaction_refuses_its_commit(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let mailbox = place::mailbox_of(&tenant, "jane").await;
        let short = Duration::from_millis(400);
        let lease = store.leases().due("host", short, 1).await.unwrap().remove(0);
        let mut tx = tenant.begin_fenced(&lease).await.unwrap();
        link::insert(&mut tx, &mailbox, &sample::link("1", "a")).await.unwrap();
        tokio::time::sleep(Duration::from_millis(500)).await;
        let lost = tx.commit().await.unwrap_err();
        assert!(matches!(lost, StoreError::LeaseLost { .. }), "{lost}");
        assert_eq!(link::count_linked(&tenant, &mailbox).await.unwrap().calendar, 0);
    }

    async fn a_lease_of_another_tenant_opens_nothing(place: &Place) {
        let store = place.store().await;
        let acme = place::tenant(&store, "acme").await;
        let other = place::tenant(&store, "other").await;
        place::mailbox_of(&acme, "jane").await;
        let lease = store.leases().due("host", TTL, 1).await.unwrap().remove(0);
        assert!(other.begin_fenced(&lease).await.is_err());
    }

    async fn only_what_may_synchronise_is_leased(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let user = place::user(&tenant, "jane").await;
        let none_due = || async { store.leases().due("host", TTL, 9).await.unwrap().is_empty() };

        let mut tx = tenant.begin().await.unwrap();
        let id = mailbox::allow(&mut tx, &user, "jane@example.com").await.unwrap().id;
        tx.commit().await.unwrap();
        assert!(none_due().await, "permitted, but the profile was never saved");

        let mut tx = tenant.begin().await.unwrap();
        mailbox::save_profile(&mut tx, &id, &sample::profile()).await.unwrap();
        settings::set_paused(&mut tx, true).await.unwrap();
        tx.commit().await.unwrap();
        assert!(none_due().await, "the tenant is held");
        assert_eq!(store.leases().one(tenant.id(), &id, "host", TTL).await.unwrap(), None);

        let mut tx = tenant.begin().await.unwrap();
        settings::set_paused(&mut tx, false).await.unwrap();
        settings::keep_quiet(&mut tx, Duration::from_secs(30)).await.unwrap();
        tx.commit().await.unwrap();
        assert!(none_due().await, "a save is being made");

        let mut tx = tenant.begin().await.unwrap();
        settings::keep_quiet(&mut tx, Duration::ZERO).await.unwrap();
        let off = tandem::contract::Settings { enabled: false, ..sample::settings() };
        settings::save(&mut tx, &off, 1).await.unwrap();
        tx.commit().await.unwrap();
        assert!(none_due().await, "the integration is switched off");

        let mut tx = tenant.begin().await.unwrap();
        settings::save(&mut tx, &sample::settings(), 2).await.unwrap();
        mailbox::set_enabled(&mut tx, &id, false).await.unwrap();
        tx.commit().await.unwrap();
        assert!(none_due().await, "the permission was taken away");

        let mut tx = tenant.begin().await.unwrap();
        mailbox::set_enabled(&mut tx, &id, true).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!none_due().await);
    }

    async fn a_released_mailbox_is_due_after_its_pause_and_keeps_the_result(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let id = place::mailbox_of(&tenant, "jane").await;
        let lease = store.leases().due("host", TTL, 1).await.unwrap().remove(0);
        let pause = Duration::from_secs(1800);
        let error = Some("the server did not answer");
        assert!(store.leases().release(&lease, pause, CycleResult::Failed, error).await.unwrap());
        let row = mailbox::get(&tenant, &id).await.unwrap();
        assert_eq!(row.last_result, Some(CycleResult::Failed));
        assert_eq!((row.last_error.as_deref(), row.failures), (error, 1));
        assert!(row.last_attempt.is_some() && row.lease_owner.is_none());
        assert!(store.leases().due("host", TTL, 1).await.unwrap().is_empty());
        assert_eq!(store.leases().next_due().await.unwrap(), Some(row.next_due));

        store.database().set_clock_offset(31 * MINUTE);
        let lease = store.leases().due("host", TTL, 1).await.unwrap().remove(0);
        store.leases().release(&lease, pause, CycleResult::Succeeded, None).await.unwrap();
        assert_eq!(mailbox::get(&tenant, &id).await.unwrap().failures, 0);
        assert!(!store.leases().release(&sample_stale(&lease), pause, CycleResult::Failed, None)
            .await.unwrap());
    }

    async fn synchronise_now_takes_what_is_not_due_but_not_what_is_leased(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let id = place::mailbox_of(&tenant, "jane").await;
        let lease = store.leases().one(tenant.id(), &id, "cli", TTL).await.unwrap().unwrap();
        assert_eq!(store.leases().one(tenant.id(), &id, "host", TTL).await.unwrap(), None);
        store.leases().release(&lease, TTL, CycleResult::Succeeded, None).await.unwrap();
        let mut again = store.leases().one(tenant.id(), &id, "host", TTL).await.unwrap().unwrap();
        let before = again.until;
        store.leases().extend(&mut again, TTL * 2).await.unwrap();
        assert!(again.until.microseconds > before.microseconds);
        assert!(store.leases().give_back(&again).await.unwrap());
    }

    async fn voided_leases_are_lost_to_their_owners(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        place::mailbox_of(&tenant, "jane").await;
        let mut lease = store.leases().due("killed", TTL, 1).await.unwrap().remove(0);
        assert_eq!(store.leases().void_all().await.unwrap(), 1);
        assert!(tenant.begin_fenced(&lease).await.is_err());
        assert!(store.leases().extend(&mut lease, TTL).await.is_err());
        assert_eq!(store.leases().due("restarted", TTL, 1).await.unwrap().len(), 1);
    }
}

fn sample_stale(lease: &tandem::store::Lease) -> tandem::store::Lease {
    tandem::store::Lease {
        fence: lease.fence - 1,
        ..lease.clone()
    }
}
