//! Lists in pages: nothing twice, nothing missed.

use serde_json::Value;

use super::world::World;
use crate::contract::{ItemKind, PsaId, PsaReference};
use crate::store::cycle_run;
use crate::store::history::{self, Entry};
use crate::testing::add_user;

/// One field of all items, page by page.
async fn walk(world: &World, path: &str, limit: usize, field: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut cursor = String::new();
    for _ in 0..20 {
        let answer = world.get(&format!("{path}limit={limit}{cursor}")).await;
        let page = answer.expect(200);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= limit);
        found.extend(
            items
                .iter()
                .map(|item| item[field].as_str().unwrap().to_owned()),
        );
        match &page["next"] {
            Value::String(next) => {
                assert_eq!(items.len(), limit, "only the last page may be short");
                cursor = format!("&cursor={next}");
            }
            _ => return found,
        }
    }
    panic!("the list {path} has no end");
}

#[tokio::test]
async fn appointments_come_in_pages_by_version() {
    let world = World::new().await;
    let titles: Vec<String> = (0..5).map(|n| format!("Visit {n}")).collect();
    for title in &titles {
        world.appointment(title).await;
    }
    for limit in [1, 2, 4, 5, 6] {
        for path in [
            "/appointments?",
            "/appointments?resource=ada&",
            "/appointments?since=0&",
        ] {
            assert_eq!(
                walk(&world, path, limit, "title").await,
                titles,
                "{path}{limit}"
            );
        }
    }
}

#[tokio::test]
async fn users_and_mailboxes_come_in_pages() {
    let world = World::new().await;
    for name in ["bea", "cleo", "dora"] {
        add_user(&world.acme, name).await;
    }
    let names = ["ada", "bea", "cleo", "dora"];
    for name in names {
        world.mailbox(name).await;
    }
    for limit in [1, 3, 4, 5] {
        assert_eq!(walk(&world, "/resources?", limit, "name").await, names);
        assert_eq!(walk(&world, "/mailboxes?", limit, "resource").await, names);
    }
    assert_eq!(
        walk(&world, "/resources?text=EO&", 1, "name").await,
        ["cleo"]
    );
}

#[tokio::test]
async fn a_mailbox_tells_how_it_stands() {
    let world = World::new().await;
    let id = world.mailbox("ada").await;
    let list = world.get("/mailboxes").await.expect(200);
    let mailbox = &list["items"][0];
    assert_eq!(mailbox["id"], id.value);
    assert_eq!(mailbox["address"], "ada@acme.example");
    assert_eq!(mailbox["enabled"], true);
    assert_eq!(mailbox["profile_saved"], true);
    assert_eq!(mailbox["running"], false);
    assert_eq!(mailbox["last_attempt"], Value::Null);
    assert!(mailbox["next_due"].as_str().unwrap().ends_with('Z'));
    assert_eq!(mailbox["failures"], 0);
}

#[tokio::test]
async fn runs_and_histories_come_in_pages() {
    let world = World::new().await;
    let mailbox = world.mailbox("ada").await;
    let appointment = world.appointment("Visit").await;
    let mut runs = Vec::new();
    let mut transaction = world.acme.begin().await.unwrap();
    for _ in 0..3 {
        let run = cycle_run::start(&mut transaction, &mailbox, "digest", false)
            .await
            .unwrap();
        let entry = Entry {
            time: transaction.now().await.unwrap(),
            cycle: run.clone(),
            mailbox: mailbox.clone(),
            link: None,
            psa: Some(PsaReference {
                kind: ItemKind::Appointment,
                id: PsaId {
                    value: appointment.clone(),
                },
            }),
            exchange: None,
            plugin_digest: "digest".into(),
            rule: Some(crate::contract::Rule::PsaItemIsNew),
            action: "create-exchange".into(),
            fields: vec!["span".into()],
            evidence: None,
            outcome: "done".into(),
            request_id: "r".into(),
            status: 0,
            remark: String::new(),
        };
        history::append(&mut transaction, &[entry]).await.unwrap();
        runs.push(run);
    }
    transaction.commit().await.unwrap();
    let path = format!("/items/appointment/{appointment}/history");
    assert_eq!(walk(&world, &format!("{path}?"), 2, "run").await, runs);
    let first = world.get(&path).await.expect(200)["items"][0].clone();
    assert_eq!(first["rule"], "psa_item_is_new");
    assert_eq!(first["action"], "create_exchange");
    assert_eq!(first["psa"]["id"], appointment);
    assert_eq!(first["status"], Value::Null);
    let one = world.get(&format!("/runs/{}", runs[0])).await.expect(200);
    assert_eq!(one["mailbox"], mailbox.value);
    assert_eq!(one["counts"]["requests"], 0);
    runs.reverse();
    for path in ["/runs?", "/runs?resource=ada&"] {
        assert_eq!(walk(&world, path, 2, "id").await, runs);
    }
    assert!(
        walk(&world, "/runs?resource=nobody&", 2, "id")
            .await
            .is_empty()
    );
}
