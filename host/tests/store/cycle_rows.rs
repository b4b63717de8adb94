//! What cycles leave behind: intents, things to look at again, held operations, history, runs,
//! the plugin's memory.

use std::time::Duration;

use crate::place::{self, Place};
use crate::sample;
use tandem::contract::{ExchangeId, Instant, Rule};
use tandem::store::cycle_run::{self, Counts, Paging};
use tandem::store::history::{self, Entry};
use tandem::store::intent::{self, Intent, IntentState};
use tandem::store::look_again::{self, Item, Reason};
use tandem::store::plugin_storage::{self, Space};
use tandem::store::{StoreError, held};

const DAY: i64 = 24 * 60 * 60 * 1_000_000;

on_each_database! {
    async fn an_intent_stays_until_its_outcome_is_recorded(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let mailbox = place::mailbox_of(&tenant, "jane").await;
        let link = sample::link("1", "a");
        let intents: Vec<Intent> = ["k3", "k1", "k2"]
            .iter()
            .map(|key| Intent {
                key: (*key).to_owned(),
                mailbox: mailbox.clone(),
                cycle: "c".into(),
                link: Some(link.id.clone()),
                generation: 4,
                operation: sample::operation(&link),
                marker: Some(sample::marker()),
                state: IntentState::Prepared,
                created: Instant { microseconds: 0 },
            })
            .collect();
        let mut tx = tenant.begin().await.unwrap();
        intent::prepare(&mut tx, &intents).await.unwrap();
        let twice = intent::prepare(&mut tx, &intents).await;
        assert!(matches!(twice, Err(StoreError::IntentPending { key }) if key == "k3"));
        intent::mark_sent(&mut tx, &["k1".into(), "k2".into()]).await.unwrap();
        tx.commit().await.unwrap();

        let pending = intent::pending(&tenant, &mailbox).await.unwrap();
        let keys: Vec<_> = pending.iter().map(|i| (i.key.as_str(), i.state)).collect();
        let expected = [
            ("k3", IntentState::Prepared),
            ("k1", IntentState::Sent),
            ("k2", IntentState::Sent),
        ];
        assert_eq!(keys, expected, "in the order they were prepared");
        let back = Intent { created: Instant { microseconds: 0 }, ..pending[0].clone() };
        assert_eq!(back, intents[0]);

        let mut tx = tenant.begin().await.unwrap();
        assert_eq!(intent::drop_prepared(&mut tx, &mailbox).await.unwrap(), 1);
        intent::remove(&mut tx, &["k1".into()]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(intent::pending(&tenant, &mailbox).await.unwrap().len(), 1);
    }

    async fn failures_of_an_item_are_counted_and_it_comes_due_again(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let mailbox = place::mailbox_of(&tenant, "jane").await;
        let item = Item::Exchange(ExchangeId { value: "with:colon".into() });
        let other = Item::Psa(sample::psa("7"));
        let pause = Duration::from_secs(3600);
        let mut tx = tenant.begin().await.unwrap();
        for n in 1..=2 {
            let failures =
                look_again::add(&mut tx, &mailbox, &item, Reason::Failed, pause, "503").await;
            assert_eq!(failures.unwrap(), n);
        }
        let zero = Duration::ZERO;
        let lost = look_again::add(&mut tx, &mailbox, &other, Reason::RaceLost, zero, "").await;
        assert_eq!(lost.unwrap(), 0);
        tx.commit().await.unwrap();
        let due = look_again::due(&tenant, &mailbox).await.unwrap();
        assert_eq!(due.iter().map(|d| &d.item).collect::<Vec<_>>(), [&other]);
        assert_eq!(look_again::list(&tenant, &mailbox).await.unwrap().len(), 2);

        store.database().set_clock_offset(DAY);
        let due = look_again::due(&tenant, &mailbox).await.unwrap();
        assert_eq!((due[1].item.clone(), due[1].failures), (item.clone(), 2));
        let mut tx = tenant.begin().await.unwrap();
        look_again::add(&mut tx, &mailbox, &item, Reason::SetAside, zero, "503").await.unwrap();
        look_again::remove(&mut tx, &mailbox, &other).await.unwrap();
        tx.commit().await.unwrap();
        assert!(look_again::due(&tenant, &mailbox).await.unwrap().is_empty());
        assert_eq!(look_again::list(&tenant, &mailbox).await.unwrap()[0].detail, "503");
    }

    async fn an_item_put_on_the_list_anew_while_it_was_looked_at_stays_on_it(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let mailbox = place::mailbox_of(&tenant, "jane").await;
        let item = Item::Psa(sample::psa("7"));
        let noon = Instant { microseconds: sample::NOON };
        store.database().stand_at(noon);
        let mut tx = tenant.begin().await.unwrap();
        for (detail, left) in [("interrupted", 1), ("changed meanwhile", 0)] {
            let zero = Duration::ZERO;
            look_again::add(&mut tx, &mailbox, &item, Reason::RaceLost, zero, detail).await.unwrap();
            let seen = look_again::due(&mut tx, &mailbox).await.unwrap().remove(0);
            if left == 1 {
                let again = "changed meanwhile";
                look_again::add(&mut tx, &mailbox, &item, Reason::RaceLost, zero, again)
                    .await
                    .unwrap();
            }
            look_again::remove_as_seen(&mut tx, &mailbox, &seen).await.unwrap();
            assert_eq!(look_again::list(&mut tx, &mailbox).await.unwrap().len(), left);
        }
    }

    async fn held_operations_wait_for_approval_of_their_cycle(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let mailbox = place::mailbox_of(&tenant, "jane").await;
        let link = sample::link("1", "a");
        let operations = [(Some(link.id.clone()), sample::operation(&link)), (None, sample::operation(&link))];
        let mut tx = tenant.begin().await.unwrap();
        held::hold(&mut tx, &mailbox, "c1", &operations).await.unwrap();
        held::hold(&mut tx, &mailbox, "c2", &operations[..1]).await.unwrap();
        assert_eq!(held::approve(&mut tx, "c1").await.unwrap(), 2);
        assert_eq!(held::approve(&mut tx, "c1").await.unwrap(), 0);
        tx.commit().await.unwrap();
        let all = held::list(&tenant, Some(&mailbox)).await.unwrap();
        assert_eq!(all.len(), 3);
        assert_eq!(all[0].operation, operations[0].1);
        assert_eq!(all.iter().filter(|h| h.approved.is_some()).count(), 2);
        let mut tx = tenant.begin().await.unwrap();
        held::remove(&mut tx, &[all[0].id.clone(), all[1].id.clone()]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(held::list(&tenant, None).await.unwrap()[0].cycle, "c2");
    }

    async fn history_is_read_by_every_name_and_pruned_after_90_days(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let mailbox = place::mailbox_of(&tenant, "jane").await;
        let link = sample::link("1", "a");
        let entry = Entry {
            time: Instant { microseconds: 0 },
            cycle: "c".into(),
            mailbox: mailbox.clone(),
            link: Some(link.id.clone()),
            psa: link.psa.clone(),
            exchange: Some(sample::exchange_id("a")),
            plugin_digest: "abc".into(),
            rule: Some(Rule::PsaItemMoved),
            action: "update-exchange".into(),
            fields: vec!["span".into()],
            evidence: Some(sample::evidence()),
            outcome: "done".into(),
            request_id: "r-1".into(),
            status: 200,
            remark: String::new(),
        };
        let plain = Entry { psa: None, link: None, exchange: None, rule: None, evidence: None, ..entry.clone() };
        let mut tx = tenant.begin().await.unwrap();
        history::append(&mut tx, &[entry.clone(), plain]).await.unwrap();
        let run = cycle_run::start(&mut tx, &mailbox, "abc", false).await.unwrap();
        tx.commit().await.unwrap();
        let found = history::of_psa(&tenant, &sample::psa("1")).await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(Entry { time: entry.time, ..found[0].clone() }, entry);
        let id = sample::exchange_id("a");
        assert_eq!(history::of_exchange(&tenant, &id).await.unwrap(), found);
        assert_eq!(history::of_link(&tenant, &link.id).await.unwrap(), found);
        for (psa, exchange, links) in [
            (vec![sample::psa("1"), sample::psa("2")], vec![], vec![]),
            (vec![], vec![id.clone()], vec![]),
            (vec![sample::psa("1")], vec![id], vec![link.id.clone()]),
        ] {
            let any = history::of_any(&tenant, &psa, &exchange, &links).await.unwrap();
            assert_eq!(any, found, "each entry once");
        }
        assert!(history::of_any(&tenant, &[], &[], &[]).await.unwrap().is_empty());
        assert_eq!(history::of_cycle(&tenant, "c").await.unwrap().len(), 2);

        store.database().set_clock_offset(89 * DAY);
        assert_eq!(history::prune(store.database()).await.unwrap(), 0);
        store.database().set_clock_offset(91 * DAY);
        assert_eq!(history::prune(store.database()).await.unwrap(), 3);
        assert!(history::of_cycle(&tenant, "c").await.unwrap().is_empty());
        assert!(cycle_run::get(&tenant, &run).await.is_err());
    }

    async fn runs_are_listed_newest_first_by_page(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let mailbox = place::mailbox_of(&tenant, "jane").await;
        let counts = Counts { psa_writes: 1, exchange_writes: 2, requests: 3, batch_parts: 4, failed: 5, duration: 6 };
        let mut ids = Vec::new();
        for n in 0..3 {
            let mut tx = tenant.begin().await.unwrap();
            let id = cycle_run::start(&mut tx, &mailbox, "abc", n == 1).await.unwrap();
            if n < 2 {
                cycle_run::finish(&mut tx, &id, counts, (n == 1).then_some("why")).await.unwrap();
            }
            tx.commit().await.unwrap();
            ids.push(id);
        }
        let page = Paging { before: None, limit: 2 };
        let newest = cycle_run::list(&tenant, Some(&mailbox), &page).await.unwrap();
        assert_eq!(newest.iter().map(|r| &r.id).collect::<Vec<_>>(), [&ids[2], &ids[1]]);
        assert_eq!((newest[0].finished, newest[1].dry_run), (None, true));
        assert_eq!(newest[1].error.as_deref(), Some("why"));
        let older = Paging { before: Some(ids[1].clone()), limit: 2 };
        let older = cycle_run::list(&tenant, None, &older).await.unwrap();
        assert_eq!((older.len(), older[0].counts), (1, counts));
    }

    async fn a_plugins_memory_is_kept_with_the_cycle_or_not_at_all(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let mailbox = place::mailbox_of(&tenant, "jane").await;
        let space = Space { plugin: "tandem-graph".into(), mailbox: mailbox.clone() };
        let bytes = |text: &str| Some(text.as_bytes().to_vec());
        let mut tx = tenant.begin().await.unwrap();
        let writes = [
            ("b/2".to_owned(), bytes("two")),
            ("b/10".to_owned(), Some(vec![0, 255, 128])),
            ("a".to_owned(), bytes("a")),
            ("B".to_owned(), Some(Vec::new())),
        ];
        plugin_storage::apply(&mut tx, &space, &writes).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = tenant.begin().await.unwrap();
        let writes = [("a".to_owned(), None), ("b/2".to_owned(), bytes("TWO"))];
        plugin_storage::apply(&mut tx, &space, &writes).await.unwrap();
        assert_eq!(plugin_storage::get(&mut tx, &space, "a").await.unwrap(), None);
        tx.rollback().await.unwrap();
        assert_eq!(plugin_storage::get(&tenant, &space, "b/2").await.unwrap(), bytes("two"));
        assert_eq!(plugin_storage::get(&tenant, &space, "b/10").await.unwrap(), Some(vec![0, 255, 128]));
        assert_eq!(plugin_storage::get(&tenant, &space, "B").await.unwrap(), Some(Vec::new()));
        assert_eq!(plugin_storage::list(&tenant, &space, "").await.unwrap(), ["B", "a", "b/10", "b/2"]);
        assert_eq!(plugin_storage::list(&tenant, &space, "b/").await.unwrap(), ["b/10", "b/2"]);
        let other = Space { plugin: "tandem-ews".into(), mailbox };
        assert!(plugin_storage::list(&tenant, &other, "").await.unwrap().is_empty());
        let mut tx = tenant.begin().await.unwrap();
        plugin_storage::wipe(&mut tx, &space).await.unwrap();
        assert!(plugin_storage::list(&mut tx, &space, "").await.unwrap().is_empty());
    }
}
