//! `tandem sync --dry-run`.

use tandem::psa::appointment::Edit;
use tandem::store::cycle_run::{self, Paging};
use tandem::store::history;

use crate::place::{Place, hours, keys};

#[test]
fn a_dry_run_shows_what_would_be_done_when_and_why() {
    let place = Place::applied();
    let visit = place.appointment("Visit", false);
    let secret = place.appointment("Surprise", true);
    let person = place.exchange.person("anna@example.com");
    person
        .create(&Place::draft("Lunch", "2026-11-23T12:00:00"))
        .unwrap();
    let shown = place.sync(&["--dry-run"]).well().out;
    for words in [
        "WHEN (Europe/Berlin)",
        "make in Exchange",
        &format!("\"Visit\" {visit}"),
        &format!("(private) {secret}"),
        "Mon 2026-11-23 10:00–11:00",
        "The PSA item has no copy in Exchange yet.",
        "make in the PSA",
        "\"Lunch\" exchange:",
        "Mon 2026-11-23 12:00–12:30",
    ] {
        assert!(shown.contains(words), "{words} is missing:\n{shown}");
    }
    for words in ["Surprise", "about"] {
        assert!(!shown.contains(words), "{shown}");
    }
    place.sync(&[]).well();

    let title = Some("Long visit".to_owned());
    let span = Some(hours("11:00", "12:00"));
    let edit = Edit {
        title,
        span,
        ..Edit::default()
    };
    place.edit(&visit, &edit);
    let shown = place.sync(&["--dry-run"]).well().out;
    for words in [
        "change in Exchange",
        "The item was moved in the PSA.",
        "time: Mon 2026-11-23 10:00–11:00 → Mon 2026-11-23 12:00–13:00",
        "subject: \"Visit\" → \"Long visit\"",
    ] {
        assert!(shown.contains(words), "{words} is missing:\n{shown}");
    }

    let printed = place.sync(&["--dry-run", "--json"]).well().json();
    let plan = &printed["cycles"][0]["plan"];
    let row = &plan[0];
    assert_eq!(plan.as_array().unwrap().len(), 1, "{plan}");
    assert_eq!(row["action"], "update_exchange");
    assert_eq!(row["side"], "exchange");
    assert_eq!(row["rule"], "psa_item_moved");
    assert_eq!(row["verdict"], "allowed");
    assert_eq!(row["psa"]["kind"], "appointment");
    assert_eq!(row["psa"]["id"], visit.as_str());
    assert_eq!(row["title"], "Long visit");
    let time = &row["changes"][0];
    assert_eq!(time["field"], "time");
    assert_eq!(time["old"]["start"], "2026-11-23T09:00:00Z");
    assert_eq!(time["new"]["start"], "2026-11-23T11:00:00Z");
}

#[test]
fn a_dry_run_leaves_no_trace() {
    let place = Place::applied();
    let visit = place.appointment("Visit", false);
    for _ in 0..2 {
        place.sync(&["--dry-run"]).well();
        let (runs, entries) = place.in_the_database(async |tenant| {
            let paging = Paging {
                before: None,
                limit: 10,
            };
            let runs = cycle_run::list(tenant, None, &paging).await.unwrap();
            let reference = tandem::contract::PsaReference {
                kind: tandem::contract::ItemKind::Appointment,
                id: tandem::contract::PsaId {
                    value: visit.clone(),
                },
            };
            let entries = history::of_psa(tenant, &reference).await.unwrap();
            (runs.len(), entries.len())
        });
        assert_eq!((runs, entries), (0, 0));
        let events = place.exchange.person("anna@example.com").events().unwrap();
        assert!(events.is_empty());
    }
}

#[test]
fn deletions_that_would_wait_say_so() {
    let place = Place::applied();
    let ids: Vec<String> = (0..6)
        .map(|number| place.appointment(&format!("Visit {number}"), false))
        .collect();
    place.sync(&[]).well();
    place.strike(&ids);
    let shown = place.sync(&["--dry-run"]).well().out;
    assert!(
        shown.contains("6 deletions would wait for approval"),
        "{shown}"
    );
    assert!(shown.contains("delete in Exchange"), "{shown}");
    assert!(shown.contains("Waits for approval."), "{shown}");
    let printed = place.sync(&["--dry-run", "--json"]).well().json();
    let row = &printed["cycles"][0]["plan"][0];
    assert_eq!(row["verdict"], "waits_for_approval");
    assert_eq!(row["rule"], "psa_item_deleted");
}

#[test]
fn a_dry_run_shows_the_plan_and_leaves_no_trace() {
    let place = Place::applied();
    place.book("Lunch", "2026-11-23T12:00:00");
    let visit = place.appointment("Visit", false);
    place.appointment("Talk", false);
    // Before the first cycle, and again between two.
    for round in 0..2 {
        let before = place.dump();
        let items = place.calendar();
        let printed = place.sync(&["--dry-run", "--json"]).well().json();
        let plan = printed["cycles"][0]["plan"].as_array().unwrap();
        let mut actions: Vec<&str> = plan
            .iter()
            .map(|one| one["action"].as_str().unwrap())
            .collect();
        actions.sort_unstable();
        if round == 0 {
            assert_eq!(
                actions,
                ["create_exchange", "create_exchange", "create_psa"]
            );
        } else {
            assert_eq!(actions, ["create_psa", "delete_exchange"]);
        }
        assert_eq!(
            keys(&plan[0]),
            [
                "action",
                "changes",
                "exchange",
                "fields",
                "private",
                "psa",
                "refused_because",
                "remark",
                "rule",
                "side",
                "title",
                "verdict",
                "when",
                "why"
            ]
        );
        let ended = place.sync(&["--dry-run"]).well();
        assert!(ended.out.contains("make in the PSA"), "{ended:?}");
        assert_eq!(before, place.dump(), "round {round}");
        assert_eq!(items, place.calendar());
        if round == 0 {
            place.sync(&[]).well();
            place.strike(std::slice::from_ref(&visit));
            place.book("Tea", "2026-11-23T16:00:00");
        }
    }
    place.sync(&[]).well();
    let mut items = place.calendar();
    items.sort();
    assert_eq!(items, ["Lunch", "Talk", "Tea"]);
}
