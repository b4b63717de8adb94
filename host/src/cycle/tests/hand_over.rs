//! A mailbox that goes over to another provider: only names are exchanged.

use chrono::TimeDelta;
use exchange::{End, Pattern, Recurrence};

use super::world::World;
use crate::contract::{
    Action, EventPatch, Evidence, ExchangeId, ExchangePatch, ExchangeReference, ExchangeUpdate,
    ExchangeVersion, Instant, Link, LinkAfter, LinkChange, LinkState, LinkTarget, Operation,
    Provenance, ProviderKind, PsaReference, Rule, Slot, Zone,
};
use crate::cycle::CycleError;
use crate::psa::{original, version};
use crate::store::intent::{self, Intent, IntentState};
use crate::store::look_again::{self, Item, Reason};
use crate::store::statement::sql;
use crate::store::{history, link, mailbox, master};

/// What Exchange Web Services call an item; the server translates such names.
fn in_ews(id: &str) -> String {
    let (graph, ews) = (
        "AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A",
        "AAMkAGEwcyBpdGVtIGZvciBFV1MgY2xpZW50cwBGAAAE",
    );
    match id
        .strip_prefix(graph)
        .and_then(|it| it.strip_suffix("AAA="))
    {
        Some(numbers) => format!("{ews}{numbers}000000AAA="),
        None => format!("ews {id}"),
    }
}

/// What the server that a mailbox has left called an item: nobody translates that.
fn elsewhere(id: &str) -> String {
    format!("elsewhere {id}")
}

type Naming = fn(&str) -> String;

/// A link's key, both its items, and what it is in.
type Names = (String, Option<PsaReference>, String, LinkState);

/// What a hand-over leaves as it is: the names of all links, and the version of the last row.
type State = (Vec<Names>, Option<u64>);

fn renamed(known: &ExchangeReference, name: Naming) -> ExchangeReference {
    ExchangeReference {
        id: ExchangeId {
            value: name(&known.id.value),
        },
        uid: known.uid.clone(),
        slot: known.slot.as_ref().map(|slot| Slot {
            master_id: name(&slot.master_id),
            ..slot.clone()
        }),
    }
}

/// As if everything had been synchronised over Exchange Web Services so far.
async fn over_ews(world: &World, name: Naming) {
    let links = links(world).await;
    let owner = world.record().await.mailbox.owner;
    let mut transaction = world.tenant.begin().await.unwrap();
    for mut link in links {
        link.exchange = link.exchange.map(|known| renamed(&known, name));
        if let Some(base) = &mut link.base {
            let tag = format!("change key of {}", link.id.value);
            base.exchange.version.tag.clone_from(&tag);
            base.exchange.proof.version.tag = tag;
            base.exchange.digest.body.hex = "as the other provider reads it".to_owned();
        }
        link::update(&mut transaction, &world.mailbox, &link)
            .await
            .unwrap();
    }
    // Whose names copies hold does not matter yet.
    let (graph, ews) = (ProviderKind::Graph, ProviderKind::Ews);
    original::become_foreign(&mut transaction, &owner, graph, ews)
        .await
        .unwrap();
    for copy in original::foreign(&mut transaction, &owner).await.unwrap() {
        let names = renamed(&copy.exchange, name);
        original::rename(&mut transaction, &copy.id, &names)
            .await
            .unwrap();
    }
    for mut series in master::of_mailbox(&mut transaction, &world.mailbox)
        .await
        .unwrap()
    {
        let graph = series.master.id.clone();
        master::remove(
            &mut transaction,
            &world.mailbox,
            std::slice::from_ref(&graph),
        )
        .await
        .unwrap();
        series.master.id.value = name(&graph.value);
        master::put(&mut transaction, &world.mailbox, &[series])
            .await
            .unwrap();
    }
    mailbox::hand_over(&mut transaction, &world.mailbox, ews)
        .await
        .unwrap();
    let other = sql!(
        "UPDATE mailbox SET plugin_digest = 'another' WHERE tenant = $1",
        world.tenant.id()
    );
    transaction.execute(other).await.unwrap();
    transaction.commit().await.unwrap();
}

async fn links(world: &World) -> Vec<Link> {
    link::of_mailbox(&world.tenant, &world.mailbox)
        .await
        .unwrap()
}

fn names_of(links: &[Link]) -> Vec<Names> {
    let names = |link: &Link| {
        let name = format!("{:?}", link.exchange);
        (link.id.value.clone(), link.psa.clone(), name, link.state)
    };
    links.iter().map(names).collect()
}

/// A series of a week with an exception and a cancelled occurrence, and other items of either side.
async fn with_a_series(world: &World) {
    let start = world.draft_start();
    let series = world.draft("Stand-up").repeating(Recurrence {
        pattern: Pattern::Daily,
        interval: 1,
        start: start.date(),
        end: End::After(7),
    });
    let id = world.outlook().create(&series).unwrap();
    let on = |day| {
        world
            .outlook()
            .occurrence(&id, start + TimeDelta::days(day))
            .unwrap()
    };
    let mut moved = world.draft("Later stand-up");
    for moment in [&mut moved.start, &mut moved.end].into_iter().flatten() {
        moment.wall += TimeDelta::days(2) + TimeDelta::hours(1);
    }
    world.outlook().update(&on(2), &moved).unwrap();
    world.outlook().delete(&on(4)).unwrap();
    world.plan("Visit").await;
    world.book("Lunch");
    assert_eq!(world.writes().await, (7, 1, 0));
}

async fn row_version(world: &World) -> Option<u64> {
    let current = version::current(&world.tenant).await.unwrap();
    current.map(|version| version.number)
}

async fn state(world: &World) -> State {
    (names_of(&links(world).await), row_version(world).await)
}

async fn goes_over_and_rests(world: &World, before: &State) {
    let writes = world.operations().writes();
    assert_eq!(world.writes().await, (0, 0, 0));
    assert_eq!(state(world).await, *before);
    assert!(
        links(world)
            .await
            .iter()
            .all(|it| it.provenance == Provenance::Own)
    );
    let owner = world.record().await.mailbox.owner;
    assert_eq!(original::foreign(&world.tenant, &owner).await.unwrap(), []);
    assert_eq!(world.writes().await, (0, 0, 0));
    assert_eq!(world.operations().writes(), writes);
    assert_eq!(row_version(world).await, before.1);
}

#[tokio::test]
async fn where_names_are_translated_nothing_is_written_and_all_items_have_their_new_names() {
    let world = World::settled().await;
    with_a_series(&world).await;
    let before = state(&world).await;
    assert!(before.0.len() > 20);
    over_ews(&world, in_ews).await;
    goes_over_and_rests(&world, &before).await;
    let visit = links(&world)
        .await
        .into_iter()
        .find(|it| it.exchange.is_some())
        .unwrap();
    let told = history::of_link(&world.tenant, &visit.id).await.unwrap();
    assert_eq!(told.last().unwrap().rule, Some(Rule::HandedOver));
}

#[tokio::test]
async fn where_translation_is_refused_items_are_found_by_uid_and_marker() {
    let world = World::settled().await;
    with_a_series(&world).await;
    let before = state(&world).await;
    over_ews(&world, in_ews).await;
    world.refuse_path("translateExchangeIds", 403);
    goes_over_and_rests(&world, &before).await;
}

#[tokio::test]
async fn names_that_nobody_can_translate_are_found_by_uid_and_marker_whatever_the_search_finds() {
    let world = World::settled().await;
    with_a_series(&world).await;
    let before = state(&world).await;
    over_ews(&world, elsewhere).await;
    world.hide_markers();
    goes_over_and_rests(&world, &before).await;
}

#[tokio::test]
async fn a_mailbox_that_moves_to_exchange_online_is_handed_over_alike() {
    let world = World::settled().await;
    with_a_series(&world).await;
    let before = state(&world).await;
    over_ews(&world, elsewhere).await;
    // Another edition or server makes links again, too.
    let mut transaction = world.tenant.begin().await.unwrap();
    mailbox::read_again(&mut transaction, &world.mailbox, true)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    goes_over_and_rests(&world, &before).await;
}

#[tokio::test]
async fn a_request_that_fails_anywhere_leaves_the_rest_to_the_next_cycle() {
    for naming in [in_ews as Naming, elsewhere] {
        let world = World::settled().await;
        with_a_series(&world).await;
        let before = state(&world).await;
        over_ews(&world, naming).await;
        let mut failed = 0;
        loop {
            world.fail_after(failed);
            match world.cycle().await {
                Ok(report) => {
                    let counts = report.counts;
                    assert_eq!((counts.psa_writes, counts.exchange_writes), (0, 0));
                    break;
                }
                Err(CycleError::Fault(_)) => failed += 1,
                Err(error) => panic!("{error}"),
            }
            world.no_faults();
        }
        assert!(failed > 3, "{failed}");
        world.no_faults();
        goes_over_and_rests(&world, &before).await;
    }
}

#[tokio::test]
async fn what_happened_since_the_last_cycle_of_the_old_provider_is_done() {
    let world = World::settled().await;
    let visit = world.plan("Visit").await;
    let lunch = world.book("Lunch");
    assert_eq!(world.writes().await, (1, 1, 0));
    over_ews(&world, in_ews).await;
    world.reschedule(&visit, 5).await;
    let mut later = world.draft("Lunch");
    for moment in [&mut later.start, &mut later.end].into_iter().flatten() {
        moment.wall += TimeDelta::hours(2);
    }
    world.outlook().update(&lunch, &later).unwrap();
    assert_eq!(world.writes().await, (1, 1, 0));
    assert_eq!(world.writes().await, (0, 0, 0));
}

#[tokio::test]
async fn an_item_that_no_way_leads_to_is_not_deleted_and_is_found_when_it_is_told() {
    let mut world = World::settled().await;
    let lunch = world.book("Lunch");
    assert_eq!(world.writes().await, (1, 0, 0));
    // It is over, and no round tells of it.
    world.pass(TimeDelta::days(40));
    world.cycle().await.unwrap();
    let before = state(&world).await;
    over_ews(&world, elsewhere).await;
    assert_eq!(world.writes().await, (0, 0, 0));
    let foreign = link::foreign(&world.tenant, &world.mailbox).await.unwrap();
    let its = |it: &link::Foreign| {
        it.link
            .exchange
            .as_ref()
            .is_some_and(|known| known.id.value == elsewhere(&lunch))
    };
    let copy = foreign
        .iter()
        .find(|it| its(it))
        .unwrap()
        .link
        .psa
        .clone()
        .unwrap();
    assert_eq!(foreign[0].names_of, ProviderKind::Ews);
    assert!(
        foreign
            .iter()
            .all(|it| it.link.provenance == Provenance::Foreign)
    );
    let told = world.told(&copy).await;
    assert_eq!(told.last().unwrap().rule, Some(Rule::HandedOver));
    assert!(told.last().unwrap().remark.contains("not found"));
    // Links made again change nothing about it: what is not found is not gone.
    let mut transaction = world.tenant.begin().await.unwrap();
    mailbox::read_again(&mut transaction, &world.mailbox, true)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(world.writes().await, (0, 0, 0));
    let mut moved = world.draft("Lunch");
    moved.location = Some("Canteen".to_owned());
    world.outlook().update(&lunch, &moved).unwrap();
    assert_eq!(world.writes().await, (1, 0, 0));
    let link = world.link_of(&copy).await;
    assert_eq!(link.provenance, Provenance::Own);
    assert_eq!(link.exchange.unwrap().id.value, lunch);
    assert_eq!(state(&world).await.0.len(), before.0.len());
}

#[tokio::test]
async fn back_at_the_old_provider_what_was_never_found_has_its_own_names() {
    let mut world = World::settled().await;
    world.book("Lunch");
    assert_eq!(world.writes().await, (1, 0, 0));
    world.pass(TimeDelta::days(40));
    world.cycle().await.unwrap();
    over_ews(&world, elsewhere).await;
    world.cycle().await.unwrap();
    let unfound = link::foreign(&world.tenant, &world.mailbox).await.unwrap();
    assert!(!unfound.is_empty());
    let owner = world.record().await.mailbox.owner;
    let mut transaction = world.tenant.begin().await.unwrap();
    let (graph, ews) = (ProviderKind::Graph, ProviderKind::Ews);
    link::become_foreign(&mut transaction, &world.mailbox, graph, ews)
        .await
        .unwrap();
    original::become_foreign(&mut transaction, &owner, graph, ews)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    let foreign = link::foreign(&world.tenant, &world.mailbox).await.unwrap();
    assert!(foreign.iter().all(|it| it.names_of == graph));
    for found in unfound {
        let link = link::get(&world.tenant, &found.link.id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(link.provenance, Provenance::Renamed);
        assert_eq!(link.exchange, found.link.exchange);
    }
}

#[tokio::test]
async fn a_write_of_the_old_provider_of_which_nobody_knows_what_became_is_looked_up() {
    for naming in [in_ews as Naming, elsewhere] {
        let world = World::settled().await;
        let visit = world.plan("Visit").await;
        assert_eq!(world.writes().await, (0, 1, 0));
        over_ews(&world, naming).await;
        world.reschedule(&visit, 5).await;
        let link = world.link_of(&visit).await;
        left_behind(&world, &link).await;
        assert_eq!(world.writes().await, (0, 1, 0));
        let left = intent::pending(&world.tenant, &world.mailbox)
            .await
            .unwrap();
        assert!(left.is_empty());
        assert_eq!(world.writes().await, (0, 0, 0));
    }
}

/// A change of a link's item that may have been sent.
async fn left_behind(world: &World, link: &Link) {
    let base = link.base.clone().unwrap();
    let operation = Operation {
        group: 0,
        link: LinkTarget::Existing(link.id.clone()),
        psa: link.psa.clone(),
        exchange: link.exchange.clone().map(|it| it.id),
        action: Action::UpdateExchange(ExchangeUpdate {
            target: link.exchange.clone().unwrap(),
            version: ExchangeVersion {
                tag: base.exchange.version.tag.clone(),
            },
            proof: base.exchange.proof.clone(),
            patch: ExchangePatch::Event(EventPatch {
                subject: Some("Visit".to_owned()),
                location: None,
                body: None,
                span: None,
                zone: Zone {
                    name: "UTC".to_owned(),
                },
                sensitivity: None,
                show_as: None,
            }),
        }),
        after: LinkChange::Become(LinkAfter {
            state: link.state,
            psa: link.psa.clone(),
            exchange: link.exchange.clone(),
            provenance: link.provenance,
            base: link.base.clone(),
            undoing: link.undoing,
            remaking: link.remaking,
        }),
        rule: Rule::PsaItemMoved,
        evidence: Evidence {
            base: None,
            psa: None,
            exchange: None,
            fields: Vec::new(),
        },
        remark: String::new(),
    };
    let intent = Intent {
        key: "5d5b3ac2-2f4f-4d93-8d5c-2f6f43a0b1c8".to_owned(),
        mailbox: world.mailbox.clone(),
        cycle: "gone".to_owned(),
        link: Some(link.id.clone()),
        generation: link.generation,
        operation,
        marker: None,
        state: IntentState::Sent,
        created: Instant { microseconds: 0 },
    };
    let mut transaction = world.tenant.begin().await.unwrap();
    let one = std::slice::from_ref(&intent);
    intent::prepare(&mut transaction, one).await.unwrap();
    let keys = [intent.key.clone()];
    intent::mark_sent(&mut transaction, &keys).await.unwrap();
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn what_waits_waits_on_under_its_new_name() {
    let world = World::settled().await;
    let visit = world.plan("Visit").await;
    assert_eq!(world.writes().await, (0, 1, 0));
    let graph = world.link_of(&visit).await.exchange;
    for state in [LinkState::SetAside, LinkState::Released, LinkState::Held] {
        over_ews(&world, in_ews).await;
        let mut link = world.link_of(&visit).await;
        link.state = state;
        let mut transaction = world.tenant.begin().await.unwrap();
        link::update(&mut transaction, &world.mailbox, &link)
            .await
            .unwrap();
        let item = Item::Exchange(link.exchange.clone().unwrap().id);
        let (reason, none) = (Reason::SetAside, std::time::Duration::ZERO);
        look_again::add(
            &mut transaction,
            &world.mailbox,
            &item,
            reason,
            none,
            "before",
        )
        .await
        .unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(world.writes().await, (0, 0, 0), "{state:?}");
        let link = world.link_of(&visit).await;
        assert_eq!((link.state, &link.exchange), (state, &graph));
        assert!(world.waiting().await.is_empty());
    }
}
