//! The roster: users with how their synchronisation stands.

use std::time::Duration;

use tandem::psa::roster::{self, Search};
use tandem::store::cycle_run::{self, Counts};
use tandem::store::lease::CycleResult;
use tandem::store::look_again::{self, Item, Reason};
use tandem::store::{mailbox, stop};

use crate::place::{self, Place};
use crate::sample;

on_each_database! {
    async fn users_are_listed_by_name_with_their_latest_run(place: &Place) {
        let store = place.store().await;
        let acme = place::tenant(&store, "acme").await;
        let other = place::tenant(&store, "other").await;
        place::user(&other, "stranger").await;
        let mailbox = place::mailbox_of(&acme, "bob").await;
        for name in ["ada", "cleo"] {
            place::user(&acme, name).await;
        }
        let search = Search { limit: 2, ..Search::default() };
        let page = roster::list(&acme, &search).await.unwrap();
        let names: Vec<&str> = page.users.iter().map(|it| it.user.value.as_str()).collect();
        assert_eq!((names, page.found), (vec!["ada", "bob"], 3));
        assert!(page.users[0].mailbox.is_none());
        let standing = page.users[1].mailbox.clone().unwrap();
        assert!(standing.enabled && !standing.running && standing.latest.is_none());
        assert_eq!((standing.last_attempt, standing.last_result), (None, None));

        let hour = Duration::from_secs(3_600);
        let mut tx = acme.begin().await.unwrap();
        for writes in [1, 7] {
            let run = cycle_run::start(&mut tx, &mailbox, "digest", false).await.unwrap();
            let counts = Counts { psa_writes: writes, ..Counts::default() };
            cycle_run::finish(&mut tx, &run, counts, None).await.unwrap();
        }
        tx.commit().await.unwrap();
        let leases = store.leases();
        let lease = leases.one(acme.id(), &mailbox, "me", hour).await.unwrap().unwrap();
        let bob = [place::psa_id("bob")];
        let row = roster::of(&acme, &bob).await.unwrap().remove(0).mailbox.unwrap();
        assert!(row.running && row.profile_saved && row.last_attempt.is_some());
        assert_eq!(row.latest.unwrap().counts.psa_writes, 7);
        leases.release(&lease, hour, CycleResult::Failed, Some("why")).await.unwrap();
        let row = roster::of(&acme, &bob).await.unwrap().remove(0).mailbox.unwrap();
        assert!(!row.running);
        assert_eq!((row.last_result, row.last_error.as_deref()), (Some(CycleResult::Failed), Some("why")));

        let found = |text: &str| Search { text: Some(text.into()), limit: 9, ..Search::default() };
        assert_eq!(roster::list(&acme, &found("CLE")).await.unwrap().found, 1);
        assert_eq!(roster::list(&acme, &found("%")).await.unwrap().found, 0);
        let behind = Search { offset: 3, limit: 2, ..Search::default() };
        assert_eq!(roster::list(&acme, &behind).await.unwrap().users, []);
    }

    async fn what_waits_for_an_administrator_is_listed_over_all_mailboxes(place: &Place) {
        let store = place.store().await;
        let acme = place::tenant(&store, "acme").await;
        let mailbox = place::mailbox_of(&acme, "bob").await;
        let item = |id: &str| Item::Exchange(sample::exchange_id(id));
        let mut tx = acme.begin().await.unwrap();
        for (id, reason) in [("a", Reason::Failed), ("b", Reason::RaceLost), ("c", Reason::SetAside)] {
            look_again::add(&mut tx, &mailbox, &item(id), reason, Duration::ZERO, "why").await.unwrap();
        }
        tx.commit().await.unwrap();
        let failed = look_again::failed(&acme, 9).await.unwrap();
        let items: Vec<Item> = failed.into_iter().map(|(_, entry)| entry.item).collect();
        assert_eq!(items, [item("c"), item("a")]);
        assert_eq!(look_again::failed(&acme, 1).await.unwrap().len(), 1);
        assert!(stop::open(&acme).await.unwrap().is_empty());
        let owners = mailbox::owners(&acme, std::slice::from_ref(&mailbox)).await.unwrap();
        assert_eq!(owners[&mailbox.value].0, place::psa_id("bob"));
    }
}
