//! Writes of a cycle that was cut off: what became of them is found out, and none is done twice.

use super::world::World;
use crate::contract::{
    Action, Contact, EventContent, Evidence, ExchangeContent, Instant, ItemKind, Link, LinkAfter,
    LinkChange, LinkTarget, Marker, NewLink, Operation, PostalAddress, Provenance, PsaReference,
    Rule, Sensitivity, ShowAs, Zone,
};
use crate::store::intent::{self, Intent, IntentState};
use crate::store::link;

/// What a visit's copy is to say.
fn visit(world: &World) -> ExchangeContent {
    ExchangeContent::Event(EventContent {
        subject: "Visit".to_owned(),
        location: String::new(),
        body: String::new(),
        span: world.span(1),
        zone: Zone {
            name: "UTC".to_owned(),
        },
        sensitivity: Sensitivity::Normal,
        show_as: ShowAs::Busy,
        without_reminder: false,
    })
}

/// What a contact's copy is to say.
fn person() -> ExchangeContent {
    let nothing = String::new;
    ExchangeContent::Contact(Contact {
        prefix: nothing(),
        given_name: "Ann".to_owned(),
        middle_name: nothing(),
        surname: "Berg".to_owned(),
        suffix: nothing(),
        job_title: nothing(),
        organisation: nothing(),
        emails: Vec::new(),
        business_phones: Vec::new(),
        mobile_phone: nothing(),
        home_phone: nothing(),
        business_fax: nothing(),
        business_address: PostalAddress {
            street: nothing(),
            city: nothing(),
            state: nothing(),
            postal_code: nothing(),
            country: nothing(),
        },
        notes: nothing(),
    })
}

/// The intent of making a link's copy, as a cycle that is gone left it.
async fn left_behind(world: &World, link: &Link, state: IntentState) {
    let psa = link.psa.clone().unwrap();
    let content = match link.kind {
        ItemKind::Contact => person(),
        ItemKind::Appointment | ItemKind::ToDo | ItemKind::ServiceCall => visit(world),
    };
    let intent = Intent {
        key: "5d5b3ac2-2f4f-4d93-8d5c-2f6f43a0b1c7".to_owned(),
        mailbox: world.mailbox.clone(),
        cycle: "gone".to_owned(),
        link: Some(link.id.clone()),
        generation: 0,
        operation: Operation {
            group: 0,
            link: LinkTarget::Fresh(NewLink {
                kind: link.kind,
                origin: link.origin,
            }),
            psa: Some(psa.clone()),
            exchange: None,
            action: Action::CreateExchange(content),
            after: LinkChange::Become(LinkAfter {
                state: link.state,
                psa: link.psa.clone(),
                exchange: None,
                provenance: Provenance::Own,
                base: link.base.clone(),
                undoing: link.undoing,
                remaking: link.remaking,
            }),
            rule: Rule::PsaItemIsNew,
            evidence: Evidence {
                base: None,
                psa: None,
                exchange: None,
                fields: Vec::new(),
            },
            remark: String::new(),
        },
        marker: Some(Marker {
            tenant: world.tenant.id().clone(),
            psa,
            generation: 0,
        }),
        state,
        created: Instant { microseconds: 0 },
    };
    let mut transaction = world.tenant.begin().await.unwrap();
    let one = std::slice::from_ref(&intent);
    intent::prepare(&mut transaction, one).await.unwrap();
    if state == IntentState::Sent {
        let keys = [intent.key.clone()];
        intent::mark_sent(&mut transaction, &keys).await.unwrap();
    }
    transaction.commit().await.unwrap();
}

/// An item whose copy was made, and a link that does not know of it.
async fn made_unnoticed(world: &World) -> (PsaReference, Link) {
    let item = world.plan("Visit").await;
    assert_eq!(world.writes().await, (0, 1, 0));
    let known = world.link_of(&item).await;
    let before = Link {
        exchange: None,
        base: None,
        generation: 0,
        ..known.clone()
    };
    put_back(world, &before).await;
    (item, known)
}

/// Makes a link what it once was.
async fn put_back(world: &World, before: &Link) {
    let mut transaction = world.tenant.begin().await.unwrap();
    link::update(&mut transaction, &world.mailbox, before)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}

async fn pending(world: &World) -> usize {
    let left = intent::pending(&world.tenant, &world.mailbox).await;
    left.unwrap().len()
}

#[tokio::test]
async fn a_copy_that_was_made_unnoticed_is_found_by_its_marker_and_not_made_again() {
    let world = World::settled().await;
    let (item, known) = made_unnoticed(&world).await;
    left_behind(&world, &known, IntentState::Sent).await;
    assert_eq!(world.writes().await, (0, 0, 0));
    assert_eq!(world.operations().creates, 1);
    let link = world.link_of(&item).await;
    assert_eq!(link.exchange, known.exchange);
    assert_eq!((link.base, link.generation), (known.base, 1));
    assert_eq!(pending(&world).await, 0);
    assert!(world.waiting().await.is_empty());
    assert_eq!(world.outcomes(&item).await, ["done", "found done"]);
    let told = world.told(&item).await.pop().unwrap();
    assert_eq!(told.link, Some(link.id));
    assert!(told.remark.contains("interrupted"), "{}", told.remark);
}

#[tokio::test]
async fn a_contact_that_was_made_unnoticed_is_found_by_its_marker_and_not_made_again() {
    let world = World::settled().await;
    let links = link::of_mailbox(&world.tenant, &world.mailbox).await;
    let mut links = links.unwrap().into_iter();
    let known = links.find(|link| link.kind == ItemKind::Contact).unwrap();
    let before = Link {
        exchange: None,
        base: None,
        generation: 0,
        ..known.clone()
    };
    put_back(&world, &before).await;
    left_behind(&world, &before, IntentState::Sent).await;
    assert_eq!(world.writes().await, (0, 0, 0));
    let link = world.link_of(known.psa.as_ref().unwrap()).await;
    assert_eq!(link.exchange, known.exchange);
    assert_eq!(pending(&world).await, 0);
}

#[tokio::test]
async fn of_several_copies_with_the_marker_the_oldest_is_ours() {
    let mut world = World::settled().await;
    let (item, known) = made_unnoticed(&world).await;
    world.pass(chrono::TimeDelta::minutes(1));
    let ours = known.exchange.clone().unwrap().id;
    world.outlook().copy(&ours.value).unwrap();
    left_behind(&world, &known, IntentState::Sent).await;
    // The user's own copy comes over as a new item.
    assert_eq!(world.writes().await, (1, 0, 0));
    let link = world.link_of(&item).await;
    assert_eq!(link.exchange.unwrap().id, ours);
}

#[tokio::test]
async fn one_that_was_pasted_and_has_a_record_of_its_own_is_not_taken_for_the_copy() {
    let world = World::settled().await;
    let item = world.plan("Visit").await;
    assert_eq!(world.writes().await, (0, 1, 0));
    let known = world.link_of(&item).await;
    let ours = known.exchange.clone().unwrap().id;
    let pasted = world.outlook().copy(&ours.value).unwrap();
    assert_eq!(world.writes().await, (1, 0, 0));
    world.outlook().purge(&ours.value).unwrap();
    let before = Link {
        exchange: None,
        base: None,
        ..known
    };
    put_back(&world, &before).await;
    left_behind(&world, &before, IntentState::Sent).await;
    assert_eq!(world.writes().await, (0, 1, 0));
    let link = world.link_of(&item).await;
    assert_ne!(link.exchange.unwrap().id.value, pasted);
    let told = world.outcomes(&item).await;
    assert_eq!(told, ["done", "looked up", "done"]);
}

#[tokio::test]
async fn a_creation_that_never_arrived_is_planned_again() {
    let world = World::settled().await;
    let (item, known) = made_unnoticed(&world).await;
    let copy = known.exchange.clone().unwrap().id;
    world.outlook().purge(&copy.value).unwrap();
    left_behind(&world, &known, IntentState::Sent).await;
    assert_eq!(world.writes().await, (0, 1, 0));
    assert_eq!(pending(&world).await, 0);
    let link = world.link_of(&item).await;
    assert!(link.exchange.is_some_and(|exchange| exchange.id != copy));
    assert_eq!(world.outcomes(&item).await, ["done", "looked up", "done"]);
}

#[tokio::test]
async fn what_was_never_sent_is_dropped_and_planned_again() {
    let world = World::settled().await;
    let (item, known) = made_unnoticed(&world).await;
    let copy = known.exchange.clone().unwrap().id;
    world.outlook().purge(&copy.value).unwrap();
    left_behind(&world, &known, IntentState::Prepared).await;
    assert_eq!(world.writes().await, (0, 1, 0));
    assert_eq!(pending(&world).await, 0);
    assert_eq!(world.outcomes(&item).await, ["done", "never sent", "done"]);
}

#[tokio::test]
async fn while_the_server_does_not_answer_intents_stay_and_nothing_else_is_done() {
    let world = World::settled().await;
    let (item, known) = made_unnoticed(&world).await;
    left_behind(&world, &known, IntentState::Sent).await;
    world.refuse("GET", 401, 1_000);
    world.book("Lunch");
    world.cycle().await.unwrap_err();
    assert_eq!(pending(&world).await, 1);
    assert_eq!(world.link_of(&item).await.exchange, None);
    world.no_faults();
    assert_eq!(world.writes().await, (1, 0, 0));
    assert_eq!(pending(&world).await, 0);
}

#[tokio::test]
async fn what_came_over_before_a_cycle_was_cut_off_and_is_gone_since_takes_its_copy_along() {
    let world = World::settled().await;
    let item = world.book("Lunch");
    let report = world.cycle().await.unwrap();
    assert_eq!(report.counts.psa_writes, 1);
    world.cut_off(&report.cycle).await;
    world.outlook().delete(&item).unwrap();
    // Of what came and went since the last cursor no server has to tell.
    world.keep_silent();
    assert_eq!(world.writes().await, (1, 0, 0));
    assert_eq!(world.writes().await, (0, 0, 0));
}
