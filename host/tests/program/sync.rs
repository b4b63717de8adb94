//! `tandem sync`.

use exchange::Behaviour;
use tandem::store::cycle_run;

use crate::place::{ANNA, Place, keys};

#[test]
fn sync_tells_what_it_did_in_lines_and_in_json() {
    let place = Place::applied();
    place.book("Lunch", "2026-11-23T12:00:00");
    place.appointment("Visit", false);
    let ended = place.sync(&[]).well();
    assert!(
        ended
            .out
            .contains("anna@example.com: 1 written to the PSA, 1 to Exchange, 0 failed"),
        "{ended:?}"
    );
    let ended = place.sync(&["--json"]).well();
    assert_eq!(ended.out.lines().count(), 1);
    let printed = ended.json();
    assert_eq!(keys(&printed), ["cycles", "failures"]);
    assert_eq!(printed["failures"], 0);
    let cycle = &printed["cycles"][0];
    assert_eq!(
        keys(cycle),
        ["counts", "cycle", "held", "mailbox", "plan", "stop"]
    );
    assert_eq!(cycle["mailbox"], ANNA);
    assert_eq!(cycle["counts"]["psa_writes"], 0);
    assert_eq!(cycle["counts"]["exchange_writes"], 0);
    assert!(cycle["counts"]["requests"].as_u64().unwrap() <= 2);
    // By name, by address in any case, and everything anew: nothing is doubled.
    for more in [
        vec!["--resource", "anna"],
        vec!["--resource", "ANNA@example.com"],
        vec!["--full"],
        vec!["--tenant", "acme"],
    ] {
        place.sync(&more).well();
    }
    assert_eq!(place.calendar(), ["Lunch", "Visit"]);
}

#[test]
fn a_mailbox_that_does_not_exist_fails_alone() {
    let place = Place::new();
    let more = "\n[[resource]]\nid = \"bela\"\nname = \"Bela\"\nmailbox = \"bela@example.com\"\n\n[resource.profile]\n";
    place.write("acme.toml", &(place.acme() + more));
    place.run(&["apply", "acme.toml"]).well();
    place.book("Lunch", "2026-11-23T12:00:00");
    let ended = place.sync(&[]).refused(&["bela@example.com", "mailbox"]);
    assert!(
        ended.out.contains("anna@example.com: 1 written to the PSA"),
        "{ended:?}"
    );
    let ended = place.sync(&["--json"]);
    assert_eq!(ended.code, 1);
    assert_eq!(ended.json()["failures"], 1);
    assert_eq!(ended.json()["cycles"].as_array().unwrap().len(), 1);
}

#[test]
fn a_secret_that_no_longer_works_is_told_with_what_to_do_and_nothing_changes() {
    let place = Place::applied();
    place.appointment("Visit", false);
    let expired = Behaviour {
        secret_expired: true,
        ..place.exchange.behaviour()
    };
    let good = place.exchange.behaviour();
    place.exchange.set_behaviour(expired);
    place.sync(&[]).refused(&[ANNA, "secret", "AADSTS7000222"]);
    assert!(place.calendar().is_empty());
    let ended = place.run(&["validate"]);
    assert!(ended.code > 0, "{ended:?}");
    assert!(
        ended.out.contains("ERROR") && ended.out.contains("to do:"),
        "{ended:?}"
    );
    place.exchange.set_behaviour(good);
    place.sync(&[]).well();
    assert_eq!(place.calendar(), ["Visit"]);
}

#[test]
fn a_server_that_is_not_there_is_told_with_its_address() {
    let place = Place::applied();
    let closed = {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    place.operator_with("", &closed, "127.0.0.0/8");
    let ended = place.sync(&[]).refused(&[ANNA, "to do"]);
    assert!(
        ended.err.contains("reach") || ended.err.contains("connect"),
        "{ended:?}"
    );
    place.run(&["validate"]);
    // A network that the operator did not allow is not tried.
    place.operator_with("", &place.server.url(), "10.0.0.0/8");
    place.sync(&[]).refused(&[ANNA]);
    assert_eq!(place.exchange.counters().requests, 0);
    place.operator("");
    place.sync(&[]).well();
}

#[test]
fn sync_refuses_users_tenants_and_instants_that_it_does_not_know() {
    let place = Place::new();
    place
        .run(&["sync"])
        .refused(&["no tenant yet", "tandem apply"]);
    let place = Place::applied();
    let before = place.dump();
    place
        .sync(&["--resource", "nobody"])
        .refused(&["nobody", "tandem apply"]);
    place
        .sync(&["--tenant", "nobody"])
        .refused(&["nobody", "acme"]);
    place.run(&["sync", "--now", "soon"]).refused(&["--now"]);
    place.run(&["sync", "--fast"]).refused(&["--fast"]);
    assert_eq!(before, place.dump());
    assert_eq!(place.exchange.counters().requests, 0);
    // With a second tenant one has to be chosen.
    let other = place.acme().replace("\"acme\"", "\"other\"");
    place.write("other.toml", &other);
    place.run(&["apply", "other.toml"]).well();
    place.sync(&[]).refused(&["--tenant", "acme", "other"]);
}

#[test]
fn a_switched_off_tenant_or_user_does_not_run() {
    let place = Place::applied();
    let text = place.acme();
    place.write(
        "acme.toml",
        &text.replace("[settings]\n", "[settings]\nenabled = false\n"),
    );
    place.run(&["apply", "acme.toml"]).well();
    place.exchange.reset_counters();
    place.sync(&[]).refused(&["switched off"]);
    assert_eq!(place.exchange.counters().requests, 0);
    let user = text.replace("id = \"anna\"", "id = \"anna\"\nenabled = false");
    place.write("acme.toml", &user);
    place.run(&["apply", "acme.toml"]).well();
    place.exchange.reset_counters();
    place.sync(&[]).refused(&["no user is enabled"]);
    place
        .sync(&["--resource", "anna"])
        .refused(&["set enabled"]);
    assert_eq!(place.exchange.counters().requests, 0);
}

#[test]
fn every_run_is_kept_with_its_end_and_its_counts() {
    let place = Place::applied();
    place.book("Lunch", "2026-11-23T12:00:00");
    place.sync(&[]).well();
    place.sync(&[]).well();
    place.in_the_database(async |tenant| {
        let paging = cycle_run::Paging {
            before: None,
            limit: 10,
        };
        let runs = cycle_run::list(tenant, None, &paging).await.unwrap();
        assert_eq!(runs.len(), 2);
        assert!(
            runs.iter()
                .all(|run| run.finished.is_some() && run.error.is_none())
        );
        assert_eq!(runs[1].counts.psa_writes, 1);
        assert_eq!(runs[0].counts.psa_writes, 0);
        assert!(runs[1].counts.requests > 0 && runs[1].counts.duration > 0);
    });
}
