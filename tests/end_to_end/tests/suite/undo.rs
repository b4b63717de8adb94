//! "Undo the last cycle": both sides are as they were, as the preview said, and no further cycle makes
//! the writes again without asking.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;
use end_to_end::time::{between, timed, utc, wall};
use end_to_end::{Desk, On, World, dump, only, plain, titled, with_every_provider};
use exchange::{Draft, Effect, Fault, Operation};
use serde_json::json;
use tandem::contract::{Action, ContactSelection, PsaId, Span};
use tandem::cycle::approve::approve;
use tandem::cycle::{self, CycleError, CycleReport, Options, Verdict};
use tandem::psa::appointment::Edit;
use tandem::psa::contact::Contact;
use tandem::psa::record;
use tandem::store::lease::CycleResult;
use tandem::store::settings;
use tandem::store::stop::{Reason, Stop};

/// How many items either side begins with.
const MANY: i64 = 150;

/// What both sides say: of Exchange subject, text and time, of the PSA title, description and time.
#[derive(Debug, PartialEq)]
struct Sides {
    exchange: BTreeMap<String, (String, Span)>,
    psa: BTreeMap<String, (String, Span)>,
}

async fn sides(anna: &Desk<'_>) -> Sides {
    let items = anna.calendar();
    let items = items.iter().map(|it| {
        let body = it.json["body"]["content"].as_str().unwrap_or_default();
        let body = body.trim_end().replace("\r\n", "\n");
        (it.content.subject.clone(), (body, anna.span_of(it)))
    });
    let records = anna.records().await;
    let records = records.iter().map(|it| {
        let fields = &it.fields;
        (
            fields.title.clone(),
            (fields.description.clone(), fields.span),
        )
    });
    Sides {
        exchange: numbered(items.collect()),
        psa: numbered(records.collect()),
    }
}

/// What is said under each title; those of one title, such as a series' occurrences, get numbers.
fn numbered(mut all: Vec<(String, (String, Span))>) -> BTreeMap<String, (String, Span)> {
    all.sort_by_key(|one| format!("{one:?}"));
    let mut numbered = BTreeMap::new();
    for (title, said) in all {
        let mut name = title.clone();
        for number in 2.. {
            if !numbered.contains_key(&name) {
                break;
            }
            name = format!("{title} ({number})");
        }
        numbered.insert(name, said);
    }
    numbered
}

fn hour(number: i64) -> Span {
    let start = utc("2026-11-23T09:00Z") + TimeDelta::hours(number);
    between(start, start + TimeDelta::minutes(30))
}

async fn plan_visits(anna: &Desk<'_>, numbers: std::ops::Range<i64>) -> Vec<PsaId> {
    let visits: Vec<_> = numbers
        .map(|number| plain(&format!("Visit {number}"), hour(number)))
        .collect();
    anna.plan_all(&visits).await
}

fn book_lunches(anna: &Desk<'_>, numbers: std::ops::Range<i64>) -> Vec<String> {
    numbers
        .map(|number| anna.book(&format!("Lunch {number}"), "2026-11-24T12:00", number + 1))
        .collect()
}

async fn rename(anna: &Desk<'_>, id: &PsaId, title: &str) {
    let edit = Edit {
        title: Some(title.to_owned()),
        description: Some("With other words".to_owned()),
        ..Edit::default()
    };
    anna.edit(id, edit).await;
}

fn rename_item(anna: &Desk<'_>, id: &str, subject: &str) {
    let draft = Draft {
        subject: Some(subject.to_owned()),
        ..Draft::default()
    };
    anna.outlook().update(id, &draft).unwrap();
}

async fn approved(world: &World, anna: &Desk<'_>, stop: &Stop) -> CycleReport {
    assert!(approve(&world.tenant, &stop.cycle).await.unwrap().stop);
    anna.cycle().await
}

/// The question that holds the mailbox: a cycle that asks it, and changes nothing.
async fn asks(world: &World, anna: &Desk<'_>) -> Stop {
    let before = (sides(anna).await, world.writes_at_exchange());
    let error = anna.try_cycle(Options::default()).await.unwrap_err();
    assert_eq!(before, (sides(anna).await, world.writes_at_exchange()));
    match error {
        CycleError::Stopped(stop) if stop.reason == Reason::Undone => stop,
        other => panic!("it does not ask: {other}"),
    }
}

/// What people do to 300 synchronised items, so that a cycle has 200 writes to make.
async fn two_hundred_changes(anna: &Desk<'_>) {
    let visits = plan_visits(anna, 0..MANY).await;
    let lunches = book_lunches(anna, 0..MANY);
    let many = MANY.unsigned_abs();
    anna.cycle_writes(many, many).await;
    let visit = |number: i64| &visits[usize::try_from(number).unwrap()];
    let lunch = |number: i64| lunches[usize::try_from(number).unwrap()].as_str();
    for number in 0..30 {
        anna.reschedule(visit(number), hour(number + 500)).await;
        anna.drag(lunch(number), "2026-11-25T15:00", number + 1);
    }
    for number in 30..50 {
        rename(anna, visit(number), &format!("Call {number}")).await;
        rename_item(anna, lunch(number), &format!("Dinner {number}"));
    }
    let copies = anna.calendar();
    let records = anna.records().await;
    for number in 50..60 {
        let title = format!("Visit {number}");
        let copy = copies.iter().find(|it| it.content.subject == title);
        anna.drag(&copy.unwrap().id, "2026-11-26T16:00", number);
        let copy = titled(&records, &format!("Lunch {number}"));
        anna.reschedule(&copy.id, hour(number + 600)).await;
    }
    let gone: Vec<PsaId> = (60..70).map(|number| visit(number).clone()).collect();
    anna.strike(&gone).await;
    for number in 60..70 {
        anna.outlook().delete(lunch(number)).unwrap();
    }
    plan_visits(anna, MANY..MANY + 30).await;
    let _ = book_lunches(anna, MANY..MANY + 30);
}

fn actions(report: &CycleReport) -> BTreeMap<&'static str, usize> {
    let mut actions = BTreeMap::new();
    for foreseen in &report.plan {
        assert_eq!(foreseen.verdict, Verdict::Allowed, "{foreseen:#?}");
        let name = cycle::apply::name(&foreseen.operation.action);
        *actions.entry(name).or_insert(0) += 1;
    }
    actions
}

async fn a_cycle_of_two_hundred_writes_is_undone_and_not_made_again_unasked(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    two_hundred_changes(&anna).await;
    let before = sides(&anna).await;
    let counts = anna.cycle().await.counts;
    assert_eq!((counts.psa_writes, counts.exchange_writes), (100, 100));
    let after = sides(&anna).await;
    assert_ne!(before, after);

    let (rows, writes) = (
        dump::without_leases(&world.on).await,
        world.writes_at_exchange(),
    );
    let preview = anna.undo(true).await;
    let expected = [
        ("create-exchange", 10),
        ("create-psa", 10),
        ("delete-exchange", 30),
        ("delete-psa", 30),
        ("update-exchange", 60),
        ("update-psa", 60),
    ];
    assert_eq!(actions(&preview), BTreeMap::from(expected));
    assert_eq!(
        rows,
        dump::without_leases(&world.on).await,
        "a preview left a trace"
    );
    assert_eq!(writes, world.writes_at_exchange());

    let undone = anna.undo(false).await;
    let counts = undone.counts;
    assert_eq!(
        (counts.psa_writes, counts.exchange_writes, counts.failed),
        (100, 100, 0),
        "{:#?}",
        anna.history_of(&undone).await
    );
    assert_eq!(actions(&undone), actions(&preview));
    assert_eq!(sides(&anna).await, before);
    assert_eq!(anna.mailbox().await.last_result, Some(CycleResult::Stopped));

    let stop = asks(&world, &anna).await;
    assert_eq!(
        (stop.cycle.as_str(), stop.extent.writes),
        (undone.cycle.as_str(), 200)
    );
    let again = anna.undo(true).await;
    assert_eq!(again.plan.len(), 0, "nothing is left to undo");

    let counts = approved(&world, &anna, &stop).await.counts;
    assert_eq!(
        (counts.psa_writes, counts.exchange_writes, counts.failed),
        (100, 100, 0)
    );
    assert_eq!(sides(&anna).await, after);
    anna.is_at_rest().await;
}

async fn what_somebody_changed_since_stays_and_comes_first(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let visits = plan_visits(&anna, 0..6).await;
    let lunches = book_lunches(&anna, 0..3);
    anna.cycle_writes(3, 6).await;
    for (number, id) in visits.iter().enumerate() {
        anna.reschedule(id, hour(40 + i64::try_from(number).unwrap()))
            .await;
    }
    for id in &lunches {
        rename_item(&anna, id, &format!("Dinner {}", &id[id.len() - 6..]));
    }
    let before = sides(&anna).await;
    anna.cycle_writes(3, 6).await;
    let copies = anna.calendar();
    let copy = |number: usize| {
        let subject = format!("Visit {number}");
        &copies
            .iter()
            .find(|it| it.content.subject == subject)
            .unwrap()
            .id
    };
    anna.drag(copy(0), "2026-11-27T10:00", 30);
    let invite = Draft::default().inviting(&["guest@elsewhere.example"]);
    anna.outlook().update(copy(1), &invite).unwrap();
    anna.outlook().delete(copy(2)).unwrap();
    let records = anna.records().await;
    let dinner = records
        .iter()
        .find(|it| it.fields.title.starts_with("Dinner"));
    rename(&anna, &dinner.unwrap().id, "A note of one's own").await;
    let touched = sides(&anna).await;

    let preview = anna.undo(true).await;
    let verdicts: Vec<bool> = preview
        .plan
        .iter()
        .map(|it| it.verdict == Verdict::Allowed)
        .collect();
    assert_eq!(
        verdicts,
        [false, false, false, false, true, true, true, true, true]
    );
    for refused in preview
        .plan
        .iter()
        .filter(|it| it.verdict != Verdict::Allowed)
    {
        assert!(
            matches!(refused.operation.action, Action::Nothing),
            "{refused:#?}"
        );
    }
    let counts = anna.undo(false).await.counts;
    assert_eq!(
        (counts.psa_writes, counts.exchange_writes, counts.failed),
        (2, 3, 0)
    );
    let now = sides(&anna).await;
    for number in [0, 1] {
        let subject = format!("Visit {number}");
        assert_eq!(now.exchange.get(&subject), touched.exchange.get(&subject));
    }
    assert!(!now.exchange.contains_key("Visit 2"));
    assert!(now.psa.contains_key("A note of one's own"));
    for number in [3, 4, 5] {
        let subject = format!("Visit {number}");
        assert_eq!(now.exchange.get(&subject), before.exchange.get(&subject));
    }
    let stop = asks(&world, &anna).await;
    approved(&world, &anna, &stop).await;
    anna.comes_to_rest().await;
}

async fn nobody_is_mailed_by_an_undoing(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    anna.plan("Visit", timed("2026-11-26T09:00Z", 60)).await;
    anna.cycle_writes(0, 1).await;
    let copy = anna.only_item();
    let invite = Draft::default().inviting(&["guest@elsewhere.example"]);
    anna.outlook().update(&copy.id, &invite).unwrap();
    let writes = world.writes_at_exchange();
    let report = anna.undo(false).await;
    assert_eq!((report.plan.len(), report.counts.exchange_writes), (1, 0));
    assert!(matches!(report.plan[0].verdict, Verdict::Refused(_)));
    assert_eq!(writes, world.writes_at_exchange());
    // Nothing was undone, so nothing asks.
    anna.comes_to_rest().await;
}

async fn an_occurrence_that_was_moved_goes_back(on: On) {
    let world = World::start(on).await;
    let anna = world.anna();
    let at = |time: &str| json!({"dateTime": time, "timeZone": "UTC"});
    let series = json!({
        "subject": "Stand-up",
        "start": at("2026-11-24T09:00:00"),
        "end": at("2026-11-24T09:15:00"),
        "recurrence": {
            "pattern": {"type": "daily", "interval": 1},
            "range": {"type": "numbered", "startDate": "2026-11-24", "numberOfOccurrences": 5},
        },
    });
    let master = anna.outlook().create_json(&series).unwrap();
    anna.cycle_writes(5, 0).await;
    let spans = || async {
        let mut spans: Vec<Span> = anna
            .records()
            .await
            .iter()
            .map(|it| it.fields.span)
            .collect();
        spans.sort_by_key(|span| format!("{span:?}"));
        spans
    };
    let dragged = anna.outlook().occurrence(&master, wall("2026-11-26T09:00"));
    anna.drag(&dragged.unwrap(), "2026-11-26T14:00", 15);
    let records = anna.records().await;
    let moved = only(&records, |it| {
        it.fields.span == timed("2026-11-25T09:00Z", 15)
    });
    anna.reschedule(&moved.id, timed("2026-11-25T16:00Z", 15))
        .await;
    let before = spans().await;
    anna.cycle_writes(1, 1).await;
    let occurrence = || anna.occurrence_span(&master, wall("2026-11-25T09:00"));
    assert_eq!(occurrence(), timed("2026-11-25T16:00Z", 15));
    let counts = anna.undo(false).await.counts;
    assert_eq!(
        (counts.psa_writes, counts.exchange_writes, counts.failed),
        (1, 1, 0)
    );
    assert_eq!(occurrence(), timed("2026-11-25T09:00Z", 15));
    assert_eq!(spans().await, before);
    let stop = asks(&world, &anna).await;
    let counts = approved(&world, &anna, &stop).await.counts;
    assert_eq!(
        (counts.psa_writes, counts.exchange_writes, counts.failed),
        (1, 1, 0)
    );
    assert_eq!(occurrence(), timed("2026-11-25T16:00Z", 15));
    anna.is_at_rest().await;
}

async fn contacts_get_back_what_they_had(on: On) {
    let mut world = World::start(on).await;
    world
        .change_settings(|it| it.contacts_to_export = ContactSelection::All)
        .await;
    let contact = |surname: &str| Contact {
        surname: surname.to_owned(),
        active: true,
        ..Contact::default()
    };
    let mut transaction = world.tenant.begin().await.unwrap();
    let made = record::create(&mut transaction, None, &contact("Smith")).await;
    transaction.commit().await.unwrap();
    let made = made.unwrap();
    let anna = world.anna();
    anna.cycle_writes(0, 1).await;
    let surnames = || -> Vec<String> {
        let all = anna.outlook().contacts().unwrap();
        all.into_iter()
            .map(|it| it["surname"].as_str().unwrap().to_owned())
            .collect()
    };
    let mut transaction = world.tenant.begin().await.unwrap();
    record::replace(&mut transaction, &made.id, made.version, &contact("Jones"))
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    anna.cycle_writes(0, 1).await;
    assert_eq!(surnames(), ["Jones"]);
    assert_eq!(anna.undo(false).await.counts.exchange_writes, 1);
    assert_eq!(surnames(), ["Smith"]);
    let stop = asks(&world, &anna).await;
    approved(&world, &anna, &stop).await;
    assert_eq!(surnames(), ["Jones"]);
    anna.is_at_rest().await;
}

async fn bodies_come_back_though_details_do_not_come_over(on: On) {
    let mut world = World::start(on).await;
    world
        .change_settings(|it| it.import = tandem::contract::ImportMode::NoDetails)
        .await;
    let anna = world.anna();
    let id = anna.plan("Visit", timed("2026-11-26T09:00Z", 60)).await;
    rename(&anna, &id, "Visit").await;
    anna.cycle_writes(0, 1).await;
    let before = sides(&anna).await;
    let edit = Edit {
        description: Some("Something else".to_owned()),
        ..Edit::default()
    };
    anna.edit(&id, edit).await;
    anna.cycle_writes(0, 1).await;
    assert_ne!(sides(&anna).await.exchange, before.exchange);
    assert_eq!(anna.undo(false).await.counts.exchange_writes, 1);
    assert_eq!(sides(&anna).await.exchange, before.exchange);
}

async fn a_cycle_is_undone_while_all_are_paused_and_for_who_is_switched_off(on: On) {
    let mut world = World::start(on).await;
    let before = sides(&world.anna()).await;
    plan_visits(&world.anna(), 0..3).await;
    world.anna().cycle_writes(0, 3).await;
    let mut transaction = world.tenant.begin().await.unwrap();
    settings::set_paused(&mut transaction, true).await.unwrap();
    transaction.commit().await.unwrap();
    world.set_enabled("anna", false).await;
    assert_eq!(world.anna().undo(false).await.counts.exchange_writes, 3);
    assert_eq!(sides(&world.anna()).await.exchange, before.exchange);
}

async fn a_removal_of_all_copies_is_undone_like_any_other_cycle(on: On) {
    let mut world = World::start(on).await;
    plan_visits(&world.anna(), 0..10).await;
    let _ = book_lunches(&world.anna(), 0..10);
    world.anna().cycle_writes(10, 10).await;
    let before = sides(&world.anna()).await;
    world.set_enabled("anna", false).await;
    let counts = world.anna().remove_copies().await.counts;
    assert_eq!((counts.psa_writes, counts.exchange_writes), (10, 10));
    let counts = world.anna().undo(false).await.counts;
    assert_eq!(
        (counts.psa_writes, counts.exchange_writes, counts.failed),
        (10, 10, 0)
    );
    assert_eq!(sides(&world.anna()).await, before);
    world.set_enabled("anna", true).await;
    let stop = asks(&world, &world.anna()).await;
    let counts = approved(&world, &world.anna(), &stop).await.counts;
    assert_eq!(
        (counts.psa_writes, counts.exchange_writes, counts.failed),
        (0, 0, 0)
    );
    assert_eq!(sides(&world.anna()).await, before);
    world.anna().is_at_rest().await;
}

async fn after_seven_days_nothing_is_undone(on: On) {
    let mut world = World::start(on).await;
    plan_visits(&world.anna(), 0..3).await;
    let cycle = world.anna().cycle_writes(0, 3).await.cycle;
    world.pass(TimeDelta::days(8)).await;
    let pruned = tandem::store::before_image::prune(world.host.store.database());
    assert_eq!(pruned.await.unwrap(), 3);
    let undoing = Options {
        undoing: Some(cycle.parse().unwrap()),
        ..Options::default()
    };
    let error = world.anna().try_cycle(undoing).await.unwrap_err();
    assert!(
        error.to_string().contains("more than 7 days old"),
        "{error}"
    );
    let counts = world.anna().cycle().await.counts;
    assert_eq!((counts.psa_writes, counts.exchange_writes), (0, 0));
}

/// An undoing that does not live to hear what became of its writes.
async fn killed(world: &mut World, of: Operation) {
    let effect = Effect::Delay {
        milliseconds: 600_000,
    };
    world.exchange.add_fault(Fault::next(effect).of(of));
    let host = world.host.clone();
    let record = world.anna().mailbox().await;
    let last = cycle::undo::last(&world.tenant, &record.mailbox.id).await;
    let undoing = Options {
        undoing: Some(last.unwrap().unwrap().id.parse().unwrap()),
        ..Options::default()
    };
    let lease = cycle::lease::take(&host, &record, undoing).await;
    let lease = lease.unwrap().expect("the mailbox is free");
    let before = world.writes_at_exchange();
    let run = tokio::spawn(async move {
        let _ = cycle::run(&host, lease, undoing).await;
    });
    for _ in 0..2_000 {
        if world.writes_at_exchange() > before {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // The answer is held back.
    tokio::time::sleep(Duration::from_millis(100)).await;
    run.abort();
    let _ = run.await;
    world.exchange.clear_faults();
    world.restart().await;
}

async fn an_undoing_that_was_killed_goes_on(on: On) {
    let mut world = World::start(on).await;
    let visits = plan_visits(&world.anna(), 0..60).await;
    world.anna().cycle_writes(0, 60).await;
    for (number, id) in (0..15).zip(&visits) {
        world.anna().reschedule(id, hour(number + 500)).await;
    }
    world.anna().strike(&visits[15..25]).await;
    plan_visits(&world.anna(), 60..75).await;
    let before = sides(&world.anna()).await;
    world.anna().cycle_writes(0, 40).await;
    for of in [Operation::Update, Operation::Create, Operation::Delete] {
        killed(&mut world, of).await;
        // Held from the beginning: no cycle runs over what is half done.
        asks(&world, &world.anna()).await;
    }
    let report = world.anna().undo(false).await;
    assert_eq!(report.counts.failed, 0);
    assert!(
        report.plan.iter().all(|it| it.verdict == Verdict::Allowed),
        "{:#?}",
        report.plan
    );
    assert_eq!(sides(&world.anna()).await, before);
    assert_eq!(world.anna().undo(true).await.plan.len(), 0);
    let stop = asks(&world, &world.anna()).await;
    approved(&world, &world.anna(), &stop).await;
    world.anna().comes_to_rest().await;
}

with_every_provider![
    a_cycle_of_two_hundred_writes_is_undone_and_not_made_again_unasked,
    what_somebody_changed_since_stays_and_comes_first,
    nobody_is_mailed_by_an_undoing,
    an_occurrence_that_was_moved_goes_back,
    contacts_get_back_what_they_had,
    bodies_come_back_though_details_do_not_come_over,
    a_cycle_is_undone_while_all_are_paused_and_for_who_is_switched_off,
    a_removal_of_all_copies_is_undone_like_any_other_cycle,
    after_seven_days_nothing_is_undone,
    an_undoing_that_was_killed_goes_on,
];
