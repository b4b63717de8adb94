//! Service calls: a row in each assigned user's calendar.

use crate::business::{Business, change, delete, make};
use crate::place::Place;
use crate::sample::{self, HOUR, NOON};
use tandem::contract::*;
use tandem::psa::key::Key;
use tandem::psa::service_call::{ServiceCall, Work};
use tandem::psa::{copy, feed};

fn call(row: &PsaRow) -> &tandem::contract::ServiceCall {
    match &row.content {
        PsaContent::ServiceCall(call) => call,
        other => panic!("{other:?}"),
    }
}

fn line(number: &str, title: &str) -> WorkLine {
    WorkLine {
        number: number.into(),
        title: title.into(),
    }
}

on_each_database! {
    async fn a_call_is_a_row_for_each_who_is_assigned(place: &Place) {
        let store = place.store().await;
        let business = Business::new(&store).await;
        let (jane, joe) = (&business.jane, &business.joe);
        let made = make(&business.tenant, &business.call(&[joe, jane])).await;
        assert_eq!(made.fields, business.call(&[joe, jane]), "in the order given");
        let expected = tandem::contract::ServiceCall {
            description: "New till".into(),
            status: "Planned".into(),
            work: vec![line("P7-3", "Label the racks"), line("T1001", "Till offline")],
            organisation: "Nordlicht Bakeries".into(),
            phone: "+49 40 5550100".into(),
            address: "Kanalweg 4, 20457 Hamburg".into(),
            span: sample::timed(NOON, NOON + 2 * HOUR),
            assigned: true,
        };
        for user in [jane, joe] {
            let rows = business.news(user, None).await;
            assert_eq!(rows.len(), 1);
            assert_eq!(*call(&rows[0]), expected);
            assert_eq!(rows[0].person_version, made.version);
            assert!(rows[0].version.number > made.version.number, "a version of its own");
        }
    }

    async fn one_who_is_taken_off_sees_it_go_and_no_more_of_it(place: &Place) {
        let store = place.store().await;
        let business = Business::new(&store).await;
        let (tenant, jane, joe) = (&business.tenant, &business.jane, &business.joe);
        let made = make(tenant, &business.call(&[jane, joe])).await;
        let before = business.now().await;
        change::<ServiceCall>(tenant, &made.id, |call| {
            call.assigned = vec![Key::new(joe.clone())];
        })
        .await;
        let off = business.news(jane, before).await;
        assert!(!call(&off[0]).assigned && !off[0].deleted);
        assert!(off[0].person_version.number <= off[0].version.number);
        assert!(call(&business.news(joe, before).await[0]).assigned);

        let before = business.now().await;
        let later = change::<ServiceCall>(tenant, &made.id, |call| call.description.clear()).await;
        assert!(business.news(jane, before).await.is_empty());
        assert_eq!(business.news(joe, before).await[0].person_version, later.version);
        // Asked for by its key it is as it was when Jane left.
        let reader = sample::reader(jane);
        let known = feed::by_references(tenant, &[off[0].reference.clone()], &reader).await;
        let known = known.unwrap();
        assert_eq!(known[0].version, off[0].version);
        assert!(known[0].person_version.number <= known[0].version.number);

        change::<ServiceCall>(tenant, &made.id, |call| {
            call.assigned = vec![Key::new(joe.clone()), Key::new(jane.clone())];
        })
        .await;
        assert!(call(&business.news(jane, before).await[0]).assigned, "and comes back");
    }

    async fn a_deleted_call_goes_from_each_calendar(place: &Place) {
        let store = place.store().await;
        let business = Business::new(&store).await;
        let (tenant, jane, joe) = (&business.tenant, &business.jane, &business.joe);
        let made = make(tenant, &business.call(&[jane, joe])).await;
        let before = business.now().await;
        delete::<ServiceCall>(tenant, &made.id).await.unwrap();
        for user in [jane, joe] {
            let rows = business.news(user, before).await;
            let fields = call(&rows[0]);
            assert!(rows[0].deleted && rows[0].version.number > before.unwrap().number);
            assert_eq!(fields.span, sample::timed(NOON, NOON + 2 * HOUR));
            let texts = [
                &fields.description, &fields.status, &fields.organisation, &fields.phone,
                &fields.address,
            ];
            assert!(texts.iter().all(|text| text.is_empty()) && fields.work.is_empty());
        }
    }

    async fn a_call_of_others_is_news_where_it_may_have_a_copy(place: &Place) {
        let store = place.store().await;
        let business = Business::new(&store).await;
        let (tenant, jane, joe) = (&business.tenant, &business.jane, &business.joe);
        for (was_assigned, has_copy) in [(false, false), (false, true), (true, false), (true, true)] {
            let who: &[&PsaId] = if was_assigned { &[jane, joe] } else { &[joe] };
            let made = make(tenant, &business.call(who)).await;
            change::<ServiceCall>(tenant, &made.id, |call| {
                call.assigned = vec![Key::new(joe.clone())];
            })
            .await;
            if has_copy {
                let reference = PsaReference { kind: ItemKind::ServiceCall, id: made.id.clone() };
                business.linked(jane, &reference).await;
            }
            let before = business.now().await;
            change::<ServiceCall>(tenant, &made.id, |call| call.description.clear()).await;
            let changed = business.news(jane, before).await;
            assert_eq!(changed.len(), usize::from(has_copy), "{was_assigned} {has_copy}");
            assert!(changed.iter().all(|row| !call(row).assigned && !row.deleted));
            let before = business.now().await;
            delete::<ServiceCall>(tenant, &made.id).await.unwrap();
            let gone = business.news(jane, before).await;
            assert_eq!(gone.len(), usize::from(has_copy), "{was_assigned} {has_copy}");
            assert!(gone.iter().all(|row| row.deleted && row.version.number > before.unwrap().number));
        }
    }

    async fn each_users_note_is_the_users_own(place: &Place) {
        let store = place.store().await;
        let business = Business::new(&store).await;
        let (tenant, jane, joe) = (&business.tenant, &business.jane, &business.joe);
        let made = make(tenant, &business.call(&[jane, joe])).await;
        let reference = PsaReference { kind: ItemKind::ServiceCall, id: made.id.clone() };
        let note = CopyDeletionNote { reference: reference.clone(), at: Some(made.version) };
        let mut tx = tenant.begin().await.unwrap();
        assert!(copy::note_copy_deleted(&mut tx, jane, &note).await.unwrap());
        tx.commit().await.unwrap();
        let noted = |rows: &[PsaRow]| rows[0].copy_deleted;
        assert_eq!(noted(&business.news(jane, None).await), Some(made.version));
        assert_eq!(noted(&business.news(joe, None).await), None);
        // The note outlives being taken off and coming back.
        for assigned in [vec![], vec![Key::new(jane.clone())]] {
            change::<ServiceCall>(tenant, &made.id, |call| call.assigned = assigned).await;
        }
        assert_eq!(noted(&business.news(jane, None).await), Some(made.version));
        let note = CopyDeletionNote { reference, at: None };
        let mut tx = tenant.begin().await.unwrap();
        assert!(copy::note_copy_deleted(&mut tx, jane, &note).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(noted(&business.news(jane, None).await), None);
    }

    async fn work_keeps_its_order_and_a_stranger_is_not_assigned(place: &Place) {
        let store = place.store().await;
        let business = Business::new(&store).await;
        let (tenant, jane, joe) = (&business.tenant, &business.jane, &business.joe);
        let made = make(tenant, &business.call(&[jane])).await;
        change::<ServiceCall>(tenant, &made.id, |call| call.work.reverse()).await;
        let rows = business.news(jane, None).await;
        assert_eq!(call(&rows[0]).work[0], line("T1001", "Till offline"));
        let changed = change::<ServiceCall>(tenant, &made.id, |call| {
            call.work.retain(|work| matches!(work, Work::Task(_)));
        })
        .await;
        assert_eq!(changed.fields.work.len(), 1);
        let reference = [rows[0].reference.clone()];
        let reader = sample::reader(joe);
        let as_joe = feed::by_references(tenant, &reference, &reader).await.unwrap();
        assert!(!call(&as_joe[0]).assigned, "his mailbox may hold a copy that somebody carried over");
        let texts = feed::texts(tenant, &reference, reader.web).await.unwrap();
        assert_eq!(call(&texts[0]).organisation, "Nordlicht Bakeries");
    }
}
