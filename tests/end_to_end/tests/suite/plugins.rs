//! Other components in the shipped one's place: whatever they try, both sides stay as they are and
//! the history tells.

use std::path::Path;

use end_to_end::time::timed;
use end_to_end::{On, World, engine, with_every_provider};
use tandem::cycle::{Options, validate};
use tandem::runtime::Component;
use tandem::store::cycle_run::{self, Paging};
use tandem::store::history;

async fn component(file: &str) -> Component {
    Component::from_file(engine(), Path::new(file))
        .await
        .unwrap()
}

async fn with(on: On, file: &str) -> World {
    World::on(on).component(component(file).await).start().await
}

async fn a_plugin_that_answers_nothing_fails_its_cycle_and_is_told_of(on: On) {
    let world = with(on, guests::LIAR).await;
    let anna = world.anna();
    anna.plan("Visit", timed("2026-11-23T09:00Z", 60)).await;
    let _ = anna.book("Lunch", "2026-11-23T12:00", 45);
    let error = anna.try_cycle(Options::default()).await.unwrap_err();
    assert!(!error.to_string().is_empty());
    assert_eq!(anna.calendar().len(), 1);
    assert_eq!(anna.records().await.len(), 1);
    let paging = Paging {
        before: None,
        limit: 10,
    };
    let runs = cycle_run::list(&world.tenant, None, &paging).await;
    let run = runs.unwrap().remove(0);
    assert_eq!(run.error.as_deref(), Some(error.to_string().as_str()));
    assert!(run.finished.is_some());
    let told = history::of_cycle(&world.tenant, &run.id).await.unwrap();
    assert_eq!(told.last().unwrap().outcome, "failed");
    let record = anna.mailbox().await;
    assert_eq!(record.failures, 1);
    assert!(record.lease_owner.is_none(), "the mailbox was given back");
    // One mail for the cause, however often it fails.
    anna.try_cycle(Options::default()).await.unwrap_err();
    let mails = world.told().await;
    assert_eq!(mails.len(), 1);
    assert!(
        mails[0].text.contains("anna@example.com"),
        "{}",
        mails[0].text
    );
    assert!(
        mails[0].text.contains(&world.server.url()),
        "{}",
        mails[0].text
    );
}

async fn a_request_to_a_host_that_was_not_granted_is_refused(on: On) {
    // The wanderer goes where its settings tell it, the first thing any cycle or check does with it.
    let elsewhere = "GET http://intranet.example/secrets";
    let world = World::on(on)
        .component(component(guests::WANDERER).await)
        .settings(|settings| settings.profile_name = elsewhere.to_owned())
        .start()
        .await;
    let findings = validate::validate(&world.host, &world.tenant)
        .await
        .unwrap();
    let codes: Vec<&str> = findings.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["ErrorCode::HttpRequestDenied"], "{findings:?}");
    let error = world
        .anna()
        .try_cycle(Options::default())
        .await
        .unwrap_err();
    let paging = Paging {
        before: None,
        limit: 1,
    };
    let run = cycle_run::list(&world.tenant, None, &paging)
        .await
        .unwrap()
        .remove(0);
    let told = history::of_cycle(&world.tenant, &run.id).await.unwrap();
    let refused = told
        .iter()
        .find(|entry| entry.outcome == "refused by the host");
    let refused = refused.unwrap_or_else(|| panic!("{error}: {told:#?}"));
    assert_eq!(refused.action, "request");
    assert!(
        refused.remark.contains("intranet.example"),
        "{}",
        refused.remark
    );
    assert_eq!(refused.mailbox, world.anna().mailbox().await.mailbox.id);
    assert_eq!(world.exchange.counters().requests, 0);
}

with_every_provider![
    a_plugin_that_answers_nothing_fails_its_cycle_and_is_told_of,
    a_request_to_a_host_that_was_not_granted_is_refused,
];
