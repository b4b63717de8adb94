//! Staging: the last reading wins, but a marker once read stays read.

use crate::place::{self, Place};
use crate::sample;
use tandem::contract::{
    Change, Cursor, Date, Instant, MarkerReading, NextStep, Removal, RemovalProof, Window,
};
use tandem::contract::{Coverage, RoundEnd};
use tandem::store::observation::{self, Staged};

fn gone(id: &str) -> Change {
    Change::Removal(Removal {
        id: sample::exchange_id(id),
        proof: RemovalProof::NotFound,
    })
}

fn read(id: &str, marker: MarkerReading) -> Change {
    Change::Event(sample::event(id, marker))
}

on_each_database! {
    async fn the_last_reading_wins_but_a_marker_once_read_stays(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let id = place::mailbox_of(&tenant, "jane").await;
        let marked = MarkerReading::Present(sample::marker());
        let unreadable = MarkerReading::Unreadable("?".into());
        let stage = |page: Vec<Change>, present: Vec<&'static str>| {
            let (tenant, id) = (tenant.clone(), id.clone());
            async move {
                let present: Vec<_> = present.into_iter().map(sample::exchange_id).collect();
                let mut tx = tenant.begin().await.unwrap();
                observation::stage(&mut tx, &id, &page, &present).await.unwrap();
                tx.commit().await.unwrap();
            }
        };
        stage(
            vec![
                read("a", marked.clone()),
                read("b", MarkerReading::Absent),
                read("c", unreadable.clone()),
                read("d", MarkerReading::NotRead),
                read("e", marked.clone()),
                read("f", marked.clone()),
            ],
            vec!["g", "h"],
        )
        .await;
        let mut later = sample::event("a", MarkerReading::NotRead);
        later.subject = "Moved".into();
        stage(
            vec![
                Change::Event(later.clone()),
                read("b", MarkerReading::NotRead),
                read("c", MarkerReading::NotRead),
                read("d", MarkerReading::NotRead),
                read("d", MarkerReading::Absent),
                read("e", MarkerReading::Absent),
                gone("f"),
                gone("h"),
            ],
            vec!["a", "f", "i"],
        )
        .await;
        later.marker = marked;
        assert_eq!(
            observation::staged(&tenant, &id).await.unwrap(),
            Staged {
                changes: vec![
                    Change::Event(later),
                    read("b", MarkerReading::Absent),
                    read("c", unreadable),
                    read("d", MarkerReading::Absent),
                    read("e", MarkerReading::Absent),
                    gone("h"),
                ],
                present: ["f", "g", "i"].map(sample::exchange_id).to_vec(),
            }
        );
    }

    async fn what_is_found_later_counts_as_a_later_page(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let id = place::mailbox_of(&tenant, "jane").await;
        let marked = |id| Change::Event(sample::event(id, MarkerReading::Present(sample::marker())));
        let listed = |id| Change::Event(sample::event(id, MarkerReading::NotRead));
        let page = [marked("a"), listed("c")];
        let there = [sample::exchange_id("b"), sample::exchange_id("d")];
        let later = vec![listed("a"), gone("b"), marked("c"), gone("c"), listed("e")];
        let mut tx = tenant.begin().await.unwrap();
        observation::stage(&mut tx, &id, &page, &there).await.unwrap();
        let mut added = observation::staged(&mut tx, &id).await.unwrap();
        added.add(later.clone());
        observation::stage(&mut tx, &id, &later, &[]).await.unwrap();
        let staged = observation::staged(&mut tx, &id).await.unwrap();
        assert_eq!(added, staged);
        assert_eq!(added.changes, [marked("a"), gone("b"), gone("c"), listed("e")]);
        assert_eq!(added.present, [sample::exchange_id("d")]);
    }

    async fn a_round_goes_on_where_it_was_cut_off_and_is_cleared(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let id = place::mailbox_of(&tenant, "jane").await;
        let more = NextStep::More(Cursor { value: "page 2".into() });
        let end = NextStep::Complete(RoundEnd {
            cursor: Cursor { value: "delta".into() },
            coverage: Coverage::Within(Window {
                start: Instant { microseconds: 1 },
                end: Instant { microseconds: 2 },
            }),
            series_within: Window {
                start: Instant { microseconds: 1 },
                end: Instant { microseconds: 3 },
            },
            markers_listed: true,
        });
        assert_eq!(observation::next_step(&tenant, &id).await.unwrap(), None);
        for next in [more, end] {
            let mut tx = tenant.begin().await.unwrap();
            observation::stage(&mut tx, &id, &[gone("a")], &[]).await.unwrap();
            observation::set_next_step(&mut tx, &id, &next).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(observation::next_step(&tenant, &id).await.unwrap(), Some(next));
        }
        let mut tx = tenant.begin().await.unwrap();
        observation::clear(&mut tx, &id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(observation::staged(&tenant, &id).await.unwrap(), Staged::default());
        assert_eq!(observation::next_step(&tenant, &id).await.unwrap(), None);
    }

    async fn a_large_page_is_staged_with_its_content(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let id = place::mailbox_of(&tenant, "jane").await;
        let day = |day| Date { year: 2027, month: 3, day };
        let page: Vec<Change> = (0..1_000)
            .map(|n| {
                let mut event = sample::event(&format!("{n:04}"), MarkerReading::NotRead);
                event.subject = "Ünï\u{1f980} \"quoted\" \\ {now}".into();
                event.span = sample::days(day(1), day(2));
                Change::Event(event)
            })
            .collect();
        let mut tx = tenant.begin().await.unwrap();
        observation::stage(&mut tx, &id, &page, &[]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(observation::staged(&tenant, &id).await.unwrap().changes, page);
    }
}
