//! To-dos as the law sees them, and what Tandem writes to them.

use crate::business::{Business, change, delete, make};
use crate::place::Place;
use crate::sample::{self, HOUR, NOON};
use tandem::contract::*;
use tandem::psa::key::Key;
use tandem::psa::to_do::ToDo;
use tandem::psa::{copy, feed, record};

on_each_database! {
    async fn a_to_do_reads_as_the_psa_shows_it(place: &Place) {
        let store = place.store().await;
        let business = Business::new(&store).await;
        let made = make(&business.tenant, &business.to_do()).await;
        let rows = business.news(&business.jane, None).await;
        let expected = PsaRow {
            reference: PsaReference { kind: ItemKind::ToDo, id: made.id.clone() },
            version: made.version,
            person_version: made.version,
            owner: Some(business.jane.clone()),
            origin: Side::Psa,
            deleted: false,
            exchange: None,
            copy_deleted: None,
            web_link: format!("https://psa.example/open/to-do/{}", made.id.value),
            content: PsaContent::ToDo(tandem::contract::ToDo {
                action_type: "Call back".into(),
                on_calendar: true,
                organisation: "Nordlicht Bakeries".into(),
                contact: "Greta Lund".into(),
                opportunity: "Weekend cover".into(),
                ticket: "T1001 Till offline".into(),
                contract: "Gold".into(),
                description: "Ask for the till's number".into(),
                span: sample::timed(NOON, NOON + HOUR),
                completed: false,
            }),
        };
        assert_eq!(rows, [expected]);
        assert!(business.news(&business.joe, None).await.is_empty(), "it is Jane's");
    }

    async fn a_to_do_handed_over_is_news_to_both_where_it_may_have_a_copy(place: &Place) {
        let store = place.store().await;
        let business = Business::new(&store).await;
        let (tenant, jane, joe) = (&business.tenant, &business.jane, &business.joe);
        for has_copy in [false, true] {
            let made = make(tenant, &business.to_do()).await;
            let reference = PsaReference { kind: ItemKind::ToDo, id: made.id.clone() };
            if has_copy {
                business.linked(jane, &reference).await;
            }
            change::<ToDo>(tenant, &made.id, |it| it.resource = Key::new(joe.clone())).await;
            let owners = |rows: Vec<PsaRow>| -> Vec<_> {
                rows.into_iter().map(|row| row.owner.unwrap().value).collect()
            };
            let expected: &[&str] = if has_copy { &["joe"] } else { &[] };
            assert_eq!(owners(business.news(jane, Some(made.version)).await), expected);
            assert_eq!(owners(business.news(joe, Some(made.version)).await), ["joe"]);
        }
    }

    async fn a_deleted_to_do_has_empty_texts_and_its_last_times(place: &Place) {
        let store = place.store().await;
        let business = Business::new(&store).await;
        let tenant = &business.tenant;
        let made = make(tenant, &business.to_do()).await;
        delete::<ToDo>(tenant, &made.id).await.unwrap();
        let rows = business.news(&business.jane, Some(made.version)).await;
        assert!(rows[0].deleted && rows[0].person_version == rows[0].version);
        let PsaContent::ToDo(fields) = &rows[0].content else { panic!("{rows:?}") };
        assert_eq!(fields.span, sample::timed(NOON, NOON + HOUR));
        let texts = [
            &fields.action_type, &fields.organisation, &fields.contact, &fields.opportunity,
            &fields.ticket, &fields.contract, &fields.description,
        ];
        assert!(texts.iter().all(|text| text.is_empty()), "{fields:?}");
    }

    async fn tandem_moves_a_to_do_and_changes_nothing_else(place: &Place) {
        let store = place.store().await;
        let business = Business::new(&store).await;
        let tenant = &business.tenant;
        let made = make(tenant, &business.to_do()).await;
        let reference = PsaReference { kind: ItemKind::ToDo, id: made.id.clone() };
        let span = sample::timed(NOON + HOUR, NOON + 2 * HOUR);
        let update = PsaUpdate {
            reference: reference.clone(),
            version: made.version,
            patch: AppointmentPatch {
                title: Some("of somebody else".into()),
                description: Some("of somebody else".into()),
                span: Some(span),
                private: None,
                free: None,
                recurring: None,
                not_answered: None,
            },
            exchange: None,
        };
        let mut tx = tenant.begin().await.unwrap();
        let moved = copy::update(&mut tx, &update).await.unwrap().unwrap();
        assert_eq!(copy::update(&mut tx, &update).await.unwrap(), None, "planned on a version gone by");
        tx.commit().await.unwrap();
        let known = record::get::<ToDo>(tenant, &made.id).await.unwrap();
        assert_eq!(known.version, moved);
        assert_eq!(known.fields, ToDo { span, ..made.fields });
        let rows = business.news(&business.jane, None).await;
        assert_eq!((rows[0].version, rows[0].person_version), (moved, made.version));

        let note = CopyDeletionNote { reference: reference.clone(), at: Some(made.version) };
        let mut tx = tenant.begin().await.unwrap();
        assert!(copy::note_copy_deleted(&mut tx, &business.jane, &note).await.unwrap());
        tx.commit().await.unwrap();
        let reader = sample::reader(&business.jane);
        let rows = feed::by_references(tenant, &[reference], &reader).await.unwrap();
        assert_eq!((rows[0].version, rows[0].copy_deleted), (moved, Some(made.version)));
    }
}
