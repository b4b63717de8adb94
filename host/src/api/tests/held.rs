//! Deletions that wait for somebody's word.

use serde_json::{Value, json};

use super::world::World;
use crate::contract::{
    Action, Evidence, ItemKind, LinkChange, LinkTarget, Operation, PsaId, PsaReference, Rule,
};
use crate::store::{cycle_run, held};

fn waiting(id: &str) -> Operation {
    Operation {
        group: 0,
        link: LinkTarget::None,
        psa: Some(PsaReference {
            kind: ItemKind::Appointment,
            id: PsaId { value: id.into() },
        }),
        exchange: None,
        action: Action::Nothing,
        after: LinkChange::Keep,
        rule: Rule::Waiting,
        evidence: Evidence {
            base: None,
            psa: None,
            exchange: None,
            fields: Vec::new(),
        },
        remark: String::new(),
    }
}

/// A run that holds so many deletions.
async fn run(world: &World, many: usize) -> String {
    let mailbox = world.mailbox("ada").await;
    let mut transaction = world.acme.begin().await.unwrap();
    let run = cycle_run::start(&mut transaction, &mailbox, "digest", false)
        .await
        .unwrap();
    let operations: Vec<_> = (0..many)
        .map(|n| (None, waiting(&format!("A-{n}"))))
        .collect();
    held::hold(&mut transaction, &mailbox, &run, &operations)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    run
}

#[tokio::test]
async fn what_a_run_holds_is_listed_and_approved_once() {
    let world = World::new().await;
    let (first, second) = (run(&world, 3).await, run(&world, 1).await);
    let path = format!("/held?run={first}");
    let list = world.get(&path).await.expect(200);
    let items = list["items"].as_array().unwrap();
    let ids: Vec<&Value> = items.iter().map(|held| &held["psa"]["id"]).collect();
    assert_eq!(ids, ["A-0", "A-1", "A-2"]);
    assert!(
        items
            .iter()
            .all(|held| held["run"] == first && held["approved"] == Value::Null)
    );
    let all = world.get("/held").await.expect(200);
    assert_eq!(all["items"].as_array().unwrap().len(), 4);

    let approve = format!("/runs/{first}/approve");
    let answer = world.call("POST", &approve, None).await.expect(200);
    assert_eq!(answer, json!({"deletions": 3, "stop": false}));
    let again = world.call("POST", &approve, None).await.expect(200);
    assert_eq!(again, json!({"deletions": 0, "stop": false}));
    let list = world.get(&path).await.expect(200);
    let items = list["items"].as_array().unwrap();
    assert!(items.iter().all(|held| held["approved"].is_string()));
    let other = world.get(&format!("/held?run={second}")).await.expect(200);
    assert_eq!(other["items"][0]["approved"], Value::Null);
    world
        .call("POST", "/runs/none/approve", None)
        .await
        .problem(404, "not-found");
}
