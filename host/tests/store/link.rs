//! Links and masters.

use crate::place::{self, Place, psa_id};
use crate::sample::{self, NOON};
use tandem::contract::{
    Change, ExchangeReference, ItemKind, LinkState, MarkerReading, PsaReference, RowVersion, Slot,
};
use tandem::store::master::KnownSeries;
use tandem::store::{StoreError, link, master};

on_each_database! {
    async fn a_link_comes_back_as_it_was_by_every_name(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let mailbox = place::mailbox_of(&tenant, "jane").await;
        let slot = Slot { master_id: "m".into(), original_start: sample::instant(NOON) };
        let mut occurrence = sample::link("2", "b");
        occurrence.exchange =
            Some(ExchangeReference { slot: Some(slot.clone()), ..sample::exchange("b") });
        let mut bare = sample::link("3", "c");
        (bare.exchange, bare.base, bare.state) = (None, None, LinkState::CopyDeleted);
        let mut all = [sample::link("1", "a"), occurrence, bare];
        for link in &mut all {
            link.id = link::new_id();
        }

        let mut tx = tenant.begin().await.unwrap();
        for link in &all {
            link::insert(&mut tx, &mailbox, link).await.unwrap();
        }
        assert_eq!(link::of_mailbox(&mut tx, &mailbox).await.unwrap(), all);
        tx.commit().await.unwrap();

        let [a, b, c] = &all;
        let one = |link: &tandem::contract::Link| vec![link.clone()];
        let ids = [sample::exchange_id("a"), sample::exchange_id("unknown")];
        assert_eq!(link::by_exchange_ids(&tenant, &mailbox, &ids).await.unwrap(), one(a));
        let everywhere = link::everywhere_by_exchange(&tenant, &ids).await.unwrap();
        assert_eq!(everywhere, [(mailbox.clone(), a.clone())]);
        assert_eq!(link::by_psa(&tenant, &mailbox, &[sample::psa("3")]).await.unwrap(), one(c));
        let uids = [b.exchange.clone().unwrap().uid.unwrap()];
        assert_eq!(link::by_uids(&tenant, &mailbox, &uids).await.unwrap(), one(b));
        assert_eq!(link::by_masters(&tenant, &mailbox, &["m".into()]).await.unwrap(), one(b));
        assert_eq!(link::by_slot(&tenant, &mailbox, &slot).await.unwrap().as_ref(), Some(b));
        let state = LinkState::CopyDeleted;
        assert_eq!(link::by_state(&tenant, &mailbox, state).await.unwrap(), one(c));
        assert_eq!(link::count_linked(&tenant, &mailbox).await.unwrap().calendar, 2);
        assert_eq!(link::get(&tenant, &a.id).await.unwrap().as_ref(), Some(a));
        assert!(link::by_psa(&tenant, &mailbox, &[]).await.unwrap().is_empty());
    }

    async fn links_that_somebody_deleted_by_hand_are_missed_and_others_not(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let jane = place::mailbox_of(&tenant, "jane").await;
        let john = place::mailbox_of(&tenant, "john").await;
        let mut tx = tenant.begin().await.unwrap();
        let dropped = sample::link("2", "b");
        for (mailbox, link) in
            [(&jane, &sample::link("1", "a")), (&jane, &dropped), (&john, &sample::link("3", "c"))]
        {
            link::insert(&mut tx, mailbox, link).await.unwrap();
        }
        for _ in 0..2 {
            link::remove(&mut tx, &dropped.id).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(link::lost(&tenant, &jane).await.unwrap(), 0);
        assert_eq!(link::lost(&tenant, &john).await.unwrap(), 0);

        place.by_hand("DELETE FROM link WHERE psa LIKE '%1'").await;
        assert_eq!(link::lost(&tenant, &jane).await.unwrap(), 1);
        assert_eq!(link::lost(&tenant, &john).await.unwrap(), 0);
        let mut tx = tenant.begin().await.unwrap();
        link::count_anew(&mut tx, &jane).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(link::lost(&tenant, &jane).await.unwrap(), 0);
    }

    async fn a_link_is_changed_and_dropped(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let mailbox = place::mailbox_of(&tenant, "jane").await;
        let mut link = sample::link("1", "a");
        let mut tx = tenant.begin().await.unwrap();
        link::insert(&mut tx, &mailbox, &link).await.unwrap();
        (link.generation, link.state, link.exchange) = (2, LinkState::Released, None);
        link.undoing.count = 3;
        link.refused = Some(RowVersion { number: 4 });
        link::update(&mut tx, &mailbox, &link).await.unwrap();
        assert_eq!(link::get(&mut tx, &link.id).await.unwrap(), Some(link.clone()));
        link::remove(&mut tx, &link.id).await.unwrap();
        assert_eq!(link::get(&mut tx, &link.id).await.unwrap(), None);
        let gone = link::update(&mut tx, &mailbox, &link).await;
        assert!(matches!(gone, Err(StoreError::NotFound { what: "link", .. })));
    }

    async fn a_psa_item_has_one_link_in_each_mailbox_and_never_two(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let (jane, joe) =
            (place::mailbox_of(&tenant, "jane").await, place::mailbox_of(&tenant, "joe").await);
        let call = PsaReference { kind: ItemKind::ServiceCall, id: psa_id("9") };
        let linked = |exchange: &str| {
            let mut link = sample::link("9", exchange);
            (link.kind, link.psa) = (ItemKind::ServiceCall, Some(call.clone()));
            link
        };
        let (first, second) = (linked("a"), linked("b"));
        let mut tx = tenant.begin().await.unwrap();
        link::insert(&mut tx, &jane, &first).await.unwrap();
        link::insert(&mut tx, &joe, &second).await.unwrap();
        // An appointment with the same key is another item.
        link::insert(&mut tx, &jane, &sample::link("9", "c")).await.unwrap();
        tx.commit().await.unwrap();
        let found = link::everywhere_by_psa(&tenant, std::slice::from_ref(&call)).await.unwrap();
        assert_eq!(found, [(jane.clone(), first), (joe, second)]);
        let mut tx = tenant.begin().await.unwrap();
        let twice = link::insert(&mut tx, &jane, &linked("d")).await;
        assert!(matches!(twice, Err(StoreError::AlreadyLinked { .. })));
    }

    async fn tenants_never_see_each_others_links(place: &Place) {
        let store = place.store().await;
        let acme = place::tenant(&store, "acme").await;
        let other = place::tenant(&store, "other").await;
        let mailbox = place::mailbox_of(&acme, "jane").await;
        let link = sample::link("1", "a");
        let mut tx = acme.begin().await.unwrap();
        link::insert(&mut tx, &mailbox, &link).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(link::get(&other, &link.id).await.unwrap(), None);
        assert!(link::of_mailbox(&other, &mailbox).await.unwrap().is_empty());
        let mut tx = other.begin().await.unwrap();
        link::remove(&mut tx, &link.id).await.unwrap();
        assert!(link::insert(&mut tx, &mailbox, &sample::link("2", "b")).await.is_err());
        tx.rollback().await.unwrap();
        assert_eq!(link::count_linked(&acme, &mailbox).await.unwrap().calendar, 1);
    }

    async fn all_links_of_a_series_count_as_one(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let mailbox = place::mailbox_of(&tenant, "jane").await;
        let mut tx = tenant.begin().await.unwrap();
        for (number, master) in [("1", "m"), ("2", "m"), ("3", "n")] {
            let mut link = sample::link(number, number);
            let slot = Slot { master_id: master.into(), original_start: sample::instant(NOON) };
            link.exchange =
                Some(ExchangeReference { slot: Some(slot), ..sample::exchange(number) });
            link::insert(&mut tx, &mailbox, &link).await.unwrap();
        }
        link::insert(&mut tx, &mailbox, &sample::link("4", "d")).await.unwrap();
        let mut contact = sample::link("5", "e");
        contact.kind = ItemKind::Contact;
        link::insert(&mut tx, &mailbox, &contact).await.unwrap();
        tx.commit().await.unwrap();
        let counted = link::count_linked(&tenant, &mailbox).await.unwrap();
        assert_eq!((counted.calendar, counted.contacts), (3, 1));
    }

    async fn series_are_kept_as_last_told(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let mailbox = place::mailbox_of(&tenant, "jane").await;
        let known = |id, marker, instances| KnownSeries { master: sample::event(id, marker), instances };
        let told = |id| Change::Event(sample::event(id, MarkerReading::Absent));
        let (a, mut b) = (
            known("a", MarkerReading::NotRead, vec![]),
            known("b", MarkerReading::Absent, vec![told("b1"), told("b2")]),
        );
        let mut tx = tenant.begin().await.unwrap();
        master::put(&mut tx, &mailbox, &[a.clone(), b.clone()]).await.unwrap();
        b.master.subject = "Weekly".into();
        b.instances.remove(0);
        master::put(&mut tx, &mailbox, std::slice::from_ref(&b)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(master::of_mailbox(&tenant, &mailbox).await.unwrap(), [a, b.clone()]);
        let ids = [sample::exchange_id("b")];
        let all = [sample::exchange_id("a"), sample::exchange_id("b")];
        assert_eq!(master::ids(&tenant, &mailbox).await.unwrap(), all);
        assert_eq!(master::by_ids(&tenant, &mailbox, &ids).await.unwrap(), [b]);
        let mut tx = tenant.begin().await.unwrap();
        master::remove(&mut tx, &mailbox, &ids).await.unwrap();
        assert_eq!(master::of_mailbox(&mut tx, &mailbox).await.unwrap().len(), 1);
    }
}
