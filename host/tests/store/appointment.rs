//! Appointments: what people write, what Tandem writes, and what the change feed tells.

use std::time::Duration;

use crate::place::{self, Place, psa_id};
use crate::sample::{self, HOUR, NOON};
use tandem::contract::*;
use tandem::psa::appointment::{self, Edit, Search};
use tandem::psa::written::Outcome;
use tandem::psa::{WebAddress, copy, feed, resource, version};
use tandem::store::StoreError;

fn web() -> WebAddress {
    WebAddress::new("https://psa.example")
}

fn patch() -> AppointmentPatch {
    AppointmentPatch {
        title: None,
        description: None,
        span: None,
        private: None,
        free: None,
        recurring: None,
        not_answered: None,
    }
}

on_each_database! {
    async fn a_persons_write_raises_both_versions_and_tandems_only_the_rows(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let jane = place::user(&tenant, "jane").await;

        let mut tx = tenant.begin().await.unwrap();
        let made =
            appointment::create(&mut tx, &jane, &sample::appointment("Visit")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(made.version, made.person_version);
        assert_eq!(made.origin, Side::Psa);

        let span = sample::timed(NOON + HOUR, NOON + 2 * HOUR);
        let update = PsaUpdate {
            reference: made.reference(),
            version: made.version,
            patch: AppointmentPatch { span: Some(span), ..patch() },
            exchange: None,
        };
        let mut tx = tenant.begin().await.unwrap();
        let moved = copy::update(&mut tx, &update).await.unwrap().unwrap();
        assert_eq!(copy::update(&mut tx, &update).await.unwrap(), None, "planned on a version gone by");
        tx.commit().await.unwrap();
        let row = appointment::get(&tenant, &made.id).await.unwrap();
        assert_eq!((row.version, row.person_version), (moved, made.person_version));
        assert!(row.version.number > made.version.number);
        assert_eq!(row.fields.span, span);
        assert_eq!(row.fields.title, "Visit");

        let note =
            CopyDeletionNote { reference: made.reference(), at: Some(made.person_version) };
        let mut tx = tenant.begin().await.unwrap();
        assert!(copy::note_copy_deleted(&mut tx, &jane, &note).await.unwrap());
        tx.commit().await.unwrap();
        let noted = appointment::get(&tenant, &made.id).await.unwrap();
        assert_eq!((noted.version, noted.copy_deleted), (moved, Some(made.person_version)));

        let edit = Edit { title: Some("Inspection".into()), ..Edit::default() };
        let mut tx = tenant.begin().await.unwrap();
        let edited = appointment::edit(&mut tx, &made.id, moved, &edit).await.unwrap();
        let same = appointment::edit(&mut tx, &made.id, edited.version, &edit).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(edited.version, edited.person_version);
        assert_eq!(same.version, edited.version, "an edit that changes nothing writes nothing");
    }

    async fn a_stale_edit_is_refused_with_both_versions(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let jane = place::user(&tenant, "jane").await;
        let mut tx = tenant.begin().await.unwrap();
        let made =
            appointment::create(&mut tx, &jane, &sample::appointment("Visit")).await.unwrap();
        let edit = Edit { free: Some(true), ..Edit::default() };
        appointment::edit(&mut tx, &made.id, made.version, &edit).await.unwrap();
        let refused =
            appointment::edit(&mut tx, &made.id, made.version, &Edit::default()).await.unwrap_err();
        assert!(matches!(refused, StoreError::Conflict { .. }), "{refused}");
        assert!(matches!(
            appointment::delete(&mut tx, &made.id, made.version).await,
            Err(StoreError::Conflict { .. })
        ));
    }

    async fn the_change_feed_tells_of_deletions_with_empty_texts_and_last_times(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let jane = place::user(&tenant, "jane").await;
        let joe = place::user(&tenant, "joe").await;
        let mut tx = tenant.begin().await.unwrap();
        let a = appointment::create(&mut tx, &jane, &sample::appointment("A")).await.unwrap();
        let b = appointment::create(&mut tx, &jane, &sample::appointment("B")).await.unwrap();
        appointment::create(&mut tx, &joe, &sample::appointment("C")).await.unwrap();
        tx.commit().await.unwrap();
        let seen = version::current(&tenant).await.unwrap();

        let mut tx = tenant.begin().await.unwrap();
        appointment::delete(&mut tx, &a.id, a.version).await.unwrap();
        let deletion = PsaDeletion { reference: b.reference(), version: b.version };
        copy::delete(&mut tx, &deletion).await.unwrap().unwrap();
        assert_eq!(copy::delete(&mut tx, &deletion).await.unwrap(), None);
        tx.commit().await.unwrap();

        let rows = feed::changes_since(&tenant, &sample::reader(&jane), seen, 100).await.unwrap();
        assert_eq!(rows.len(), 2);
        assert!(rows.iter().all(|row| row.deleted));
        let PsaContent::Appointment(fields) = &rows[0].content else { panic!("{rows:?}") };
        assert_eq!((fields.title.as_str(), fields.description.as_str()), ("", ""));
        assert_eq!(fields.span, sample::timed(NOON, NOON + HOUR));
        assert_eq!(rows[0].person_version, rows[0].version, "a person deleted it");
        assert_eq!(rows[1].person_version, b.person_version, "Tandem deleted it");

        let all = feed::changes_since(&tenant, &sample::reader(&jane), None, 100).await.unwrap();
        assert_eq!(all.len(), 2);
        let first = feed::changes_since(&tenant, &sample::reader(&jane), None, 1).await.unwrap();
        let rest = feed::changes_since(&tenant, &sample::reader(&jane), Some(first[0].version), 9).await;
        assert_eq!(rest.unwrap().len(), 1);
        assert!(matches!(
            appointment::edit(&mut tenant.begin().await.unwrap(), &a.id, rows[0].version,
                &Edit::default()).await,
            Err(StoreError::NotFound { .. })
        ));
    }

    async fn versions_rise_in_the_order_of_commits_under_eight_writers(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let jane = place::user(&tenant, "jane").await;
        let start = version::current(&tenant).await.unwrap().unwrap().number;
        let writers: Vec<_> = (0..8)
            .map(|n| {
                let (tenant, jane) = (tenant.clone(), jane.clone());
                tokio::spawn(async move {
                    for m in 0..10 {
                        let mut tx = tenant.begin().await.unwrap();
                        let fields = sample::appointment(&format!("{n}/{m}"));
                        appointment::create(&mut tx, &jane, &fields).await.unwrap();
                        tx.commit().await.unwrap();
                    }
                })
            })
            .collect();
        // A reader that only ever goes forward sees each row exactly once. It reads on while the
        // writers write, and once more when they are done.
        let (mut since, mut seen) = (Some(RowVersion { number: start }), Vec::new());
        loop {
            let done = writers.iter().all(tokio::task::JoinHandle::is_finished);
            let rows = feed::changes_since(&tenant, &sample::reader(&jane), since, 7).await.unwrap();
            let nothing_new = rows.is_empty();
            since = rows.last().map(|row| row.version).or(since);
            seen.extend(rows.into_iter().map(|row| row.version.number));
            if done && nothing_new {
                break;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        for writer in writers {
            writer.await.unwrap();
        }
        assert_eq!(seen, (start + 1..=start + 80).collect::<Vec<u64>>());
    }

    async fn a_copy_keeps_what_it_is_a_copy_of(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let jane = place::user(&tenant, "jane").await;
        let slot = Slot { master_id: "master".into(), original_start: sample::instant(NOON) };
        let exchange = ExchangeReference { slot: Some(slot), ..sample::exchange("occurrence") };
        let fields = Appointment { recurring: true, ..sample::appointment("Stand-up") };
        let creation = PsaCreation { appointment: fields.clone(), exchange: exchange.clone() };
        let mut tx = tenant.begin().await.unwrap();
        let (reference, version) = copy::create(&mut tx, &jane, &creation).await.unwrap();
        tx.commit().await.unwrap();

        let uids = [exchange.uid.clone().unwrap()];
        let by_uid = feed::by_exchange(&tenant, &jane, &[], &uids, &web()).await.unwrap();
        assert_eq!(by_uid[0].exchange, Some(exchange));
        assert_eq!(by_uid[0].content, PsaContent::Appointment(fields));
        assert_eq!((by_uid[0].origin, by_uid[0].version), (Side::Exchange, version));
        assert!(by_uid[0].web_link.starts_with("https://psa.example/open/appointment/"));
        let masters = ["master".to_owned()];
        assert_eq!(feed::by_masters(&tenant, &jane, &masters, &web()).await.unwrap(), by_uid);
        assert_eq!(feed::originals(&tenant, &jane).await.unwrap(), [sample::exchange_id("master")]);

        let update = PsaUpdate {
            reference: reference.clone(),
            version,
            patch: patch(),
            exchange: Some(sample::exchange("renamed")),
        };
        let mut tx = tenant.begin().await.unwrap();
        copy::update(&mut tx, &update).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        let ids = [sample::exchange_id("renamed")];
        let by_id = feed::by_exchange(&tenant, &jane, &ids, &[], &web()).await.unwrap();
        assert_eq!(by_id[0].exchange, Some(sample::exchange("renamed")));
        assert_eq!(feed::by_references(&tenant, &[reference], &sample::reader(&jane)).await.unwrap(), by_id);
        let joe = place::user(&tenant, "joe").await;
        assert!(feed::by_exchange(&tenant, &joe, &ids, &[], &web()).await.unwrap().is_empty());
    }

    async fn an_all_day_item_keeps_its_dates_and_is_found_in_every_zone(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let jane = place::user(&tenant, "jane").await;
        let date = |day| Date { year: 2027, month: 1, day };
        let fields = Appointment { span: sample::days(date(14), date(15)), ..sample::appointment("Fair") };
        let mut tx = tenant.begin().await.unwrap();
        let made = appointment::create(&mut tx, &jane, &fields).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(made.fields.span, fields.span);
        // In UTC-12 the day ends at noon of the next day in UTC.
        let midnight = 1_799_971_200_000_000;
        for (after, found) in [(midnight + 12 * HOUR - 1, 1), (midnight + 12 * HOUR, 0)] {
            let rows = feed::ending_after(&tenant, &jane, sample::instant(after), &web()).await;
            assert_eq!(rows.unwrap().len(), found, "after {after}");
        }
    }

    async fn appointments_are_listed_by_user_time_and_page(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let jane = place::user(&tenant, "jane").await;
        let mut tx = tenant.begin().await.unwrap();
        for n in 0..5 {
            let span = sample::timed(NOON + n * HOUR, NOON + (n + 1) * HOUR);
            let fields = Appointment { span, ..sample::appointment(&n.to_string()) };
            appointment::create(&mut tx, &jane, &fields).await.unwrap();
        }
        tx.commit().await.unwrap();
        let titles = |records: Vec<appointment::AppointmentRecord>| {
            records.into_iter().map(|r| r.fields.title).collect::<Vec<_>>().join(" ")
        };
        let page = Search { resource: Some(jane.clone()), limit: 2, ..Search::default() };
        let first = appointment::list(&tenant, &page).await.unwrap();
        let next = Search { after: Some(first[1].version), ..page.clone() };
        assert_eq!(titles(first), "0 1");
        assert_eq!(titles(appointment::list(&tenant, &next).await.unwrap()), "2 3");
        let range = Search {
            from: Some(sample::instant(NOON + HOUR)),
            to: Some(sample::instant(NOON + 3 * HOUR)),
            limit: 9,
            ..page
        };
        assert_eq!(titles(appointment::list(&tenant, &range).await.unwrap()), "1 2");
    }

    async fn what_breaks_a_rule_is_refused_with_field_and_rule(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let jane = place::user(&tenant, "jane").await;
        let good = || sample::appointment("Visit");
        let day = |day| Date { year: 2027, month: 2, day };
        let wrong = [
            ("title", Appointment { title: " ".into(), ..good() }),
            ("title", Appointment { title: "ä".repeat(257), ..good() }),
            ("description", Appointment { description: "x".repeat(8_001), ..good() }),
            ("end", Appointment { span: sample::timed(NOON, NOON - 1), ..good() }),
            ("after", Appointment { span: sample::days(day(3), day(3)), ..good() }),
            ("after", Appointment { span: sample::days(day(3), day(30)), ..good() }),
        ];
        for (field, fields) in wrong {
            let mut tx = tenant.begin().await.unwrap();
            match appointment::create(&mut tx, &jane, &fields).await {
                Err(StoreError::Invalid { field: named, .. }) => assert_eq!(named, field),
                other => panic!("{field}: {other:?}"),
            }
        }
        let mut tx = tenant.begin().await.unwrap();
        let longest = Appointment {
            title: "ä".repeat(256),
            span: sample::timed(NOON, NOON),
            ..good()
        };
        appointment::create(&mut tx, &jane, &longest).await.unwrap();
        let unknown = appointment::create(&mut tx, &psa_id("nobody"), &good()).await.unwrap_err();
        assert!(matches!(unknown, StoreError::NotFound { what: "user", .. }), "{unknown}");
    }

    async fn a_write_under_the_callers_key_twice_draws_one_version(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let jane = place::user(&tenant, "jane").await;
        let put = async |id: &str, title: &str| {
            let mut tx = tenant.begin().await.unwrap();
            let fields = sample::appointment(title);
            let written = appointment::put(&mut tx, &psa_id(id), None, &jane, &fields).await;
            tx.commit().await.unwrap();
            written
        };
        let made = put("A-1", "Visit").await.unwrap();
        assert_eq!(made.outcome, Outcome::Created);
        let again = put("A-1", "Visit").await.unwrap();
        assert_eq!((again.outcome, again.version), (Outcome::Unchanged, made.version));
        assert_eq!(version::current(&tenant).await.unwrap(), made.version);
        let changed = put("A-1", "Inspection").await.unwrap();
        assert_eq!(changed.outcome, Outcome::Changed);
        assert_ne!(changed.version, made.version);
        let row = appointment::get(&tenant, &psa_id("A-1")).await.unwrap();
        assert_eq!((row.origin, row.version), (Side::Psa, row.person_version));

        let mut tx = tenant.begin().await.unwrap();
        let stale = appointment::remove(&mut tx, &psa_id("A-1"), made.version).await.unwrap_err();
        assert!(matches!(stale, StoreError::Conflict { .. }), "{stale}");
        let gone = appointment::remove(&mut tx, &psa_id("A-1"), changed.version).await.unwrap();
        let still = appointment::remove(&mut tx, &psa_id("A-1"), None).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((gone.outcome, still.outcome), (Outcome::Deleted, Outcome::Unchanged));
        assert!(put("A-1", "Visit").await.is_err(), "a deleted key is not used again");
    }

    async fn two_writers_of_one_key_make_one_row(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let jane = place::user(&tenant, "jane").await;
        let put = async |title: &str| {
            let mut tx = tenant.begin().await.unwrap();
            let fields = sample::appointment(title);
            let written = appointment::put(&mut tx, &psa_id("A-1"), None, &jane, &fields).await;
            tx.commit().await.unwrap();
            written.unwrap().outcome
        };
        let outcomes = futures::future::join_all((0..8).map(|_| put("Visit"))).await;
        let made = outcomes.iter().filter(|outcome| **outcome == Outcome::Created).count();
        assert_eq!(made, 1, "{outcomes:?}");
        assert!(outcomes.iter().all(|o| [Outcome::Created, Outcome::Unchanged].contains(o)));
    }

    async fn users_are_fed_by_version(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        for name in ["jane", "bob", "eve"] {
            place::user(&tenant, name).await;
        }
        let all = resource::changes_since(&tenant, RowVersion { number: 0 }, 9).await.unwrap();
        let names: Vec<&str> = all.iter().map(|user| user.id.value.as_str()).collect();
        assert_eq!(names, ["jane", "bob", "eve"]);
        let later = resource::changes_since(&tenant, all[0].version, 1).await.unwrap();
        assert_eq!(later, all[1..2]);
    }
}
