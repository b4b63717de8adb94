//! Records that people keep by a key: what they have in common, and what shows whom.

use crate::business::{Business, change, delete, key, make};
use crate::place::{self, Place, psa_id};
use tandem::contract::*;
use tandem::psa::action_type::ActionType;
use tandem::psa::call_status::CallStatus;
use tandem::psa::company::Company;
use tandem::psa::contact::Contact;
use tandem::psa::filter::{ByName, InCalendar, OfCompany};
use tandem::psa::key::Key;
use tandem::psa::opportunity::Opportunity;
use tandem::psa::record::{self, Search};
use tandem::psa::service_call::ServiceCall;
use tandem::psa::service_contract::ServiceContract;
use tandem::psa::task::Task;
use tandem::psa::territory::Territory;
use tandem::psa::ticket::Ticket;
use tandem::psa::to_do::ToDo;
use tandem::store::StoreError;

/// Kinds and order of the rows that tell of something.
fn kinds(rows: &[PsaRow]) -> Vec<ItemKind> {
    let mut kinds: Vec<ItemKind> = rows.iter().map(|row| row.reference.kind).collect();
    kinds.sort_by_key(|kind| *kind as u8);
    kinds
}

on_each_database! {
    async fn a_record_is_kept_as_it_was_given_and_written_only_when_it_differs(place: &Place) {
        let store = place.store().await;
        let business = Business::new(&store).await;
        let (tenant, company) = (&business.tenant, &business.company);
        assert_eq!(record::get::<Company>(tenant, &company.id).await.unwrap(), *company);
        let same = change::<Company>(tenant, &company.id, |_| {}).await;
        assert_eq!(same.version, company.version);
        let renamed = change::<Company>(tenant, &company.id, |fields| {
            fields.name = "Nordlicht".into();
            fields.territory = None;
        })
        .await;
        assert!(renamed.version.number > company.version.number);
        assert_eq!((renamed.fields.name.as_str(), renamed.fields.territory), ("Nordlicht", None));
        let mut tx = tenant.begin().await.unwrap();
        let stale = record::replace(&mut tx, &company.id, company.version, &company.fields).await;
        assert!(matches!(stale, Err(StoreError::Conflict { what: "company", .. })), "{stale:?}");
        let gone = record::get::<Company>(&mut tx, &psa_id("nobody")).await;
        assert!(matches!(gone, Err(StoreError::NotFound { what: "company", .. })), "{gone:?}");
    }

    async fn a_key_may_be_chosen_and_is_never_given_twice(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let fields = Territory { name: "North".into() };
        let mut tx = tenant.begin().await.unwrap();
        let id = psa_id("north");
        let made = record::create(&mut tx, Some(&id), &fields).await.unwrap();
        assert_eq!(made.id, id);
        record::delete::<Territory>(&mut tx, &id, made.version).await.unwrap();
        let again = record::create(&mut tx, Some(&id), &fields).await;
        assert!(matches!(again, Err(StoreError::Invalid { field: "id", .. })), "{again:?}");
        let colon = record::create(&mut tx, Some(&psa_id("a:b")), &fields).await;
        assert!(matches!(colon, Err(StoreError::Invalid { field: "id", .. })), "{colon:?}");
    }

    async fn what_is_not_there_is_not_named(place: &Place) {
        let store = place.store().await;
        let business = Business::new(&store).await;
        let tenant = &business.tenant;
        let mut tx = tenant.begin().await.unwrap();
        let nobody = Key::new(psa_id("nobody"));
        let lost = ToDo { company: Some(Key::new(psa_id("nobody"))), ..business.to_do() };
        let refused = record::create(&mut tx, None, &lost).await.unwrap_err();
        assert_eq!(refused.to_string(), "company: there is no company \"nobody\"");
        let lost = ToDo { resource: nobody, ..business.to_do() };
        let refused = record::create(&mut tx, None, &lost).await.unwrap_err();
        assert_eq!(refused.to_string(), "resource: there is no user \"nobody\"");
        drop(tx);
        delete::<Task>(tenant, &business.task.id).await.unwrap();
        let mut tx = tenant.begin().await.unwrap();
        let refused = record::create(&mut tx, None, &business.call(&[])).await.unwrap_err();
        assert!(matches!(refused, StoreError::Invalid { field: "work", .. }), "{refused}");
    }

    async fn what_others_name_is_not_deleted(place: &Place) {
        let store = place.store().await;
        let business = Business::new(&store).await;
        let tenant = &business.tenant;
        let to_do = make(tenant, &business.to_do()).await;
        let call = make(tenant, &business.call(&[])).await;
        let named = [
            (delete::<Company>(tenant, &business.company.id).await, "contact"),
            (delete::<ActionType>(tenant, &business.call_back.id).await, "to-do"),
            (delete::<Contact>(tenant, &business.contact.id).await, "to-do"),
            (delete::<Opportunity>(tenant, &business.opportunity.id).await, "to-do"),
            (delete::<ServiceContract>(tenant, &business.contract.id).await, "to-do"),
            (delete::<Ticket>(tenant, &business.ticket.id).await, "to-do"),
            (delete::<Task>(tenant, &business.task.id).await, "service call"),
            (delete::<CallStatus>(tenant, &business.planned.id).await, "service call"),
            (delete::<Territory>(tenant, &business.north.id).await, "company"),
        ];
        for (refused, namer) in named {
            match refused {
                Err(StoreError::InUse { by, .. }) => assert_eq!(by, namer),
                other => panic!("{namer}: {other:?}"),
            }
        }
        delete::<ToDo>(tenant, &to_do.id).await.unwrap();
        delete::<ServiceCall>(tenant, &call.id).await.unwrap();
        delete::<Contact>(tenant, &business.contact.id).await.unwrap();
        delete::<Opportunity>(tenant, &business.opportunity.id).await.unwrap();
        delete::<ServiceContract>(tenant, &business.contract.id).await.unwrap();
        delete::<Ticket>(tenant, &business.ticket.id).await.unwrap();
        delete::<Task>(tenant, &business.task.id).await.unwrap();
        delete::<ActionType>(tenant, &business.call_back.id).await.unwrap();
        delete::<CallStatus>(tenant, &business.planned.id).await.unwrap();
        delete::<Company>(tenant, &business.company.id).await.unwrap();
        delete::<Territory>(tenant, &business.north.id).await.unwrap();
    }

    async fn rows_that_show_a_record_rise_with_it_and_nobody_is_said_to_have_changed_them(
        place: &Place
    ) {
        use ItemKind::{Contact as Person, ServiceCall as Call, ToDo as Do};
        let store = place.store().await;
        let business = Business::new(&store).await;
        let (tenant, jane) = (&business.tenant, &business.jane);
        change::<Company>(tenant, &business.company.id, |company| {
            company.account_manager = Some(Key::new(jane.clone()));
        })
        .await;
        make(tenant, &business.to_do()).await;
        make(tenant, &business.call(&[jane, &business.joe])).await;
        let before = business.news(jane, None).await;
        assert_eq!(kinds(&before), [Do, Call, Person]);

        let company = &business.company.id;
        let mut since = business.now().await;
        for (what, expected) in [
            ("name", vec![Do, Call, Person]),
            ("phone", vec![Call]),
            ("address", vec![Call]),
            ("territory", vec![Person]),
        ] {
            change::<Company>(tenant, company, |fields| match what {
                "name" => fields.name.push('!'),
                "phone" => fields.phone.push('1'),
                "address" => fields.address.city = "Bremen".into(),
                _ => fields.territory = None,
            })
            .await;
            let rows = business.news(jane, since).await;
            assert_eq!(kinds(&rows), expected, "{what}");
            for row in &rows {
                let was = before.iter().find(|was| was.reference == row.reference).unwrap();
                assert_eq!(row.person_version, was.person_version, "{what}");
            }
            since = business.now().await;
        }
        let rise = async |since: &mut Option<RowVersion>, what: &str, expected: &[ItemKind]| {
            assert_eq!(kinds(&business.news(jane, *since).await), expected, "{what}");
            *since = business.now().await;
        };
        let (id, since) = (&business.ticket.id, &mut since);
        change::<Ticket>(tenant, id, |ticket| ticket.title.push('!')).await;
        rise(since, "ticket", &[Do, Call]).await;
        change::<Ticket>(tenant, id, |ticket| ticket.company = None).await;
        rise(since, "a ticket's company is shown nowhere", &[]).await;
        change::<Task>(tenant, &business.task.id, |task| task.number.push('!')).await;
        rise(since, "task", &[Call]).await;
        change::<CallStatus>(tenant, &business.planned.id, |status| status.name.push('!')).await;
        rise(since, "status", &[Call]).await;
        change::<ActionType>(tenant, &business.call_back.id, |action| action.on_calendar = false)
            .await;
        rise(since, "action type", &[Do]).await;
        change::<Contact>(tenant, &business.contact.id, |contact| contact.surname.push('!')).await;
        rise(since, "contact", &[Do, Person]).await;
        change::<Opportunity>(tenant, &business.opportunity.id, |it| it.name.push('!')).await;
        rise(since, "opportunity", &[Do]).await;
        change::<ServiceContract>(tenant, &business.contract.id, |it| it.name.push('!')).await;
        rise(since, "contract", &[Do]).await;
    }

    async fn each_row_has_a_version_of_its_own_so_that_pages_miss_none(place: &Place) {
        let store = place.store().await;
        let business = Business::new(&store).await;
        let tenant = &business.tenant;
        for _ in 0..5 {
            make(tenant, &business.to_do()).await;
            make(tenant, &business.call(&[&business.jane, &business.joe])).await;
        }
        let mut since = business.now().await;
        change::<Company>(tenant, &business.company.id, |company| company.name.push('!')).await;
        let mut seen = Vec::new();
        loop {
            let reader = crate::sample::reader(&business.jane);
            let page = tandem::psa::feed::changes_since(tenant, &reader, since, 3).await.unwrap();
            since = page.last().map(|row| row.version).or(since);
            seen.extend(page.iter().map(|row| row.version.number));
            if page.len() < 3 {
                break;
            }
        }
        assert_eq!(seen.len(), 10);
        assert!(seen.is_sorted_by(|a, b| a < b), "{seen:?}");
        assert!(business.now().await.unwrap().number >= *seen.last().unwrap());
        make(tenant, &business.to_do()).await;
        assert_eq!(business.news(&business.jane, since).await.len(), 1);
    }

    async fn records_are_found_by_name_company_calendar_and_page(place: &Place) {
        let store = place.store().await;
        let business = Business::new(&store).await;
        let tenant = &business.tenant;
        for name in ["Kiesel & Sons", "100 % Fresh", "Under_score"] {
            let fields = Company { name: name.into(), ..business.company.fields.clone() };
            make(tenant, &fields).await;
        }
        let by_name = |text: &str| Search {
            after: None,
            limit: 10,
            filter: ByName { text: Some(text.into()) },
        };
        for (text, found) in [("kies", 1), ("%", 1), ("_", 1), ("", 4), ("nothing", 0)] {
            let list = record::list::<Company>(tenant, &by_name(text)).await.unwrap();
            assert_eq!(list.len(), found, "{text}");
        }
        let mut page = Search { after: None, limit: 3, filter: ByName::default() };
        let first = record::list::<Company>(tenant, &page).await.unwrap();
        page.after = first.last().map(|record| record.version);
        assert_eq!(record::list::<Company>(tenant, &page).await.unwrap().len(), 1);

        let of = |company: &PsaId, text: &str| Search {
            after: None,
            limit: 10,
            filter: OfCompany {
                text: Some(text.into()),
                company: Some(Key::new(company.clone())),
            },
        };
        let (here, there) = (&business.company.id, &first[1].id);
        assert_eq!(record::list::<Ticket>(tenant, &of(here, "t1001 till")).await.unwrap().len(), 1);
        assert_eq!(record::list::<Ticket>(tenant, &of(there, "")).await.unwrap().len(), 0);
        assert_eq!(record::list::<Contact>(tenant, &of(here, "greta lund")).await.unwrap().len(), 1);

        make(tenant, &business.to_do()).await;
        let call = make(tenant, &business.call(&[&business.joe])).await;
        let span = |hours: i64| Some(crate::sample::instant(crate::sample::NOON + hours * crate::sample::HOUR));
        let search = |resource: &PsaId, from, to| Search {
            after: None,
            limit: 10,
            filter: InCalendar {
                resource: Some(Key::new(resource.clone())),
                company: Some(key(&business.company)),
                from,
                to,
            },
        };
        let (jane, joe) = (&business.jane, &business.joe);
        for (filter, to_dos, calls) in [
            (search(jane, None, None), 1, 0),
            (search(joe, None, None), 0, 1),
            (search(joe, span(1), span(2)), 0, 1),
            (search(joe, span(2), None), 0, 0),
            (search(jane, None, span(0)), 0, 0),
        ] {
            let found = record::list::<ToDo>(tenant, &filter).await.unwrap().len();
            assert_eq!(found, to_dos, "{filter:?}");
            let found = record::list::<ServiceCall>(tenant, &filter).await.unwrap();
            assert_eq!(found.len(), calls, "{filter:?}");
            assert!(found.iter().all(|found| *found == call));
        }
    }
}
