//! What Tandem did, what waits for an administrator, and what would be done.

use std::time::Duration;

use super::world::{Browser, World};
use crate::contract::{
    Action, Evidence, ItemKind, LinkChange, LinkTarget, MailboxId, Operation, PsaId, PsaReference,
    Rule,
};
use crate::cycle::{self, Options};
use crate::demo::Demo;
use crate::store::look_again::{self, Item, Reason};
use crate::store::mail::{self, NewMail};
use crate::store::mailbox::{self, MailboxRecord};
use crate::store::stop::{self, Stop};
use crate::store::{cycle_run, held, settings};

const CYCLES: &str = "/admin/exchange/cycles";
const WAITS: &str = "/admin/exchange/waiting-for-you";

async fn demo() -> (Demo, World, Browser) {
    let demo = Demo::start(None, "127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let world = World::around(&demo.host, &demo.tenant).await;
    let admin = world.admin(&world.acme).await;
    (demo, world, admin)
}

async fn anna(world: &World) -> MailboxRecord {
    let anna = PsaId {
        value: "anna".into(),
    };
    mailbox::of_resource(&world.acme, &anna)
        .await
        .unwrap()
        .unwrap()
}

async fn synchronise(world: &World) {
    let options = Options::default();
    let record = anna(world).await;
    let lease = cycle::lease::take(&world.host, &record, options)
        .await
        .unwrap()
        .unwrap();
    cycle::run(&world.host, lease, options).await.unwrap();
}

/// A run of Anna's that holds two deletions.
async fn holding(world: &World) -> String {
    let mailbox = anna(world).await.mailbox.id;
    let operation = |id: &str| Operation {
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
    };
    let mut transaction = world.acme.begin().await.unwrap();
    let run = cycle_run::start(&mut transaction, &mailbox, "digest", false)
        .await
        .unwrap();
    let operations = ["a", "b"].map(|id| (None, operation(id)));
    held::hold(&mut transaction, &mailbox, &run, &operations)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    run
}

#[tokio::test]
async fn held_deletions_are_looked_at_and_approved_once() {
    let (_demo, world, admin) = demo().await;
    let run = holding(&world).await;
    world
        .get(&admin, WAITS)
        .await
        .says(200, &["2 deletions wait for approval", &run]);
    let page = world.get(&admin, &format!("{CYCLES}/{run}")).await;
    page.says(200, &["Waits for approval", "Approve all 2"]);
    let approve = format!("{CYCLES}/{run}/approve");
    let stranger = world.admin(&world.other).await;
    world.post(&stranger, &approve, &[]).await.expect(404);
    world
        .post(&admin, &approve, &[])
        .await
        .says(200, &["2 deletions go ahead"]);
    world
        .post(&admin, &approve, &[])
        .await
        .says(200, &["Nothing of this cycle waits any more"]);
    let waits = world.get(&admin, WAITS).await;
    assert!(!waits.expect(200).contains("deletions wait"));
}

#[tokio::test]
async fn a_cycle_that_stopped_asks_and_is_let_go_on() {
    let (_demo, world, admin) = demo().await;
    let run = holding(&world).await;
    let asked = Stop {
        cycle: run.clone(),
        reason: stop::Reason::Emptied,
        extent: stop::Extent {
            gone: 9,
            ..stop::Extent::default()
        },
        approved: false,
    };
    let mailbox = anna(&world).await.mailbox.id;
    let mut transaction = world.acme.begin().await.unwrap();
    stop::ask(&mut transaction, &mailbox, &asked).await.unwrap();
    transaction.commit().await.unwrap();
    world
        .get(&admin, WAITS)
        .await
        .says(200, &["all 9 items that are linked are gone"]);
    let page = world.get(&admin, &format!("{CYCLES}/{run}")).await;
    page.says(200, &["The cycle asks before it goes on.", "It is meant"]);
    let approve = format!("{CYCLES}/{run}/approve");
    let approved = world.post(&admin, &approve, &[]).await;
    approved.says(200, &["The next synchronisation goes ahead"]);
    assert!(
        stop::of_mailbox(&world.acme, &mailbox)
            .await
            .unwrap()
            .unwrap()
            .approved
    );
}

/// The first path on a page that begins like this.
fn path(page: &str, begin: &str) -> String {
    let marked = format!("href=\"{begin}");
    let from = page
        .find(&marked)
        .unwrap_or_else(|| panic!("no {begin} in {page}"))
        + "href=\"".len();
    page[from..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn cycles_are_listed_with_what_they_did_to_which_item() {
    let (_demo, world, admin) = demo().await;
    world
        .get(&admin, CYCLES)
        .await
        .says(200, &["No cycle ran yet."]);
    synchronise(&world).await;
    synchronise(&world).await;
    let list = world.get(&admin, CYCLES).await;
    list.says(
        200,
        &["anna.brandt@example.com", "succeeded", "PSA 0, Exchange 0"],
    );
    let last = path(&list.text, &format!("{CYCLES}/"));
    world
        .get(&admin, &last)
        .await
        .says(200, &["Nothing: both sides were as they had last agreed."]);
    let of_anna = world.get(&admin, &format!("{CYCLES}?user=anna")).await;
    of_anna.says(200, &["Only those of <strong>Anna Brandt</strong>"]);
    world
        .get(&admin, &format!("{CYCLES}?user=bela"))
        .await
        .says(200, &["No cycle ran yet."]);
    world
        .get(&admin, &format!("{CYCLES}?user=nobody"))
        .await
        .expect(404);
    let before = last.rsplit('/').next().unwrap();
    let older = world
        .get(&admin, &format!("{CYCLES}?before={before}"))
        .await;
    let first = path(&older.text, &format!("{CYCLES}/"));
    assert_ne!(first, last);
    let page = world.get(&admin, &first).await;
    page.says(
        200,
        &[
            "make a copy in Exchange",
            "The PSA item has no copy in Exchange yet.",
            "(private)",
        ],
    );
    let item = path(&page.text, "/users/anna/items/");
    world
        .get(&admin, &item)
        .await
        .says(200, &["Now, in anna.brandt@example.com", "<dt>Done</dt>"]);
}

#[tokio::test]
async fn a_dry_run_is_looked_through_and_changes_nothing() {
    let (_demo, world, admin) = demo().await;
    let plan = "/admin/exchange/resources/anna/plan";
    world
        .get(&admin, plan)
        .await
        .says(200, &["Look what would be done"]);
    let seen = world.post(&admin, plan, &[("action", "look")]).await;
    seen.says(
        200,
        &[
            "This would be done",
            "make in Exchange",
            "Stand-up of the service desk",
            "The PSA item has no copy in Exchange yet.",
        ],
    );
    // A private item of Exchange has no name here.
    assert!(!seen.text.contains("Dentist"));
    assert!(anna(&world).await.last_result.is_none());
    world
        .get(&admin, CYCLES)
        .await
        .says(200, &["No cycle ran yet."]);
}

#[tokio::test]
async fn copies_are_removed_after_a_look_and_only_where_nothing_synchronises() {
    let (_demo, world, admin) = demo().await;
    synchronise(&world).await;
    let plan = "/admin/exchange/resources/anna/plan";
    let seen = world
        .post(&admin, plan, &[("action", "look-removal")])
        .await;
    seen.says(200, &["These copies would go", "delete in Exchange"]);
    assert!(!seen.text.contains("Remove these copies now"));
    let refused = world.post(&admin, plan, &[("action", "remove")]).await;
    refused.says(409, &["the next cycle would make the copies again"]);
    let record = anna(&world).await;
    let mut transaction = world.acme.begin().await.unwrap();
    mailbox::set_enabled(&mut transaction, &record.mailbox.id, false)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    let seen = world
        .post(&admin, plan, &[("action", "look-removal")])
        .await;
    seen.says(200, &["Remove these copies now"]);
    let removed = world.post(&admin, plan, &[("action", "remove")]).await;
    removed.says(200, &["The copies are removed."]);
    let again = world
        .post(&admin, plan, &[("action", "look-removal")])
        .await;
    again.says(200, &["<p>Nothing.</p>"]);
}

#[tokio::test]
async fn all_cycles_are_paused_and_go_on() {
    let (_demo, world, admin) = demo().await;
    world
        .post(&admin, "/admin/exchange/pause", &[("paused", "on")])
        .await
        .leads_to(CYCLES);
    world
        .get(&admin, CYCLES)
        .await
        .says(200, &["Synchronisation is paused for everybody."]);
    assert!(settings::get(&world.acme).await.unwrap().paused);
    let record = anna(&world).await;
    let lease = cycle::lease::take(&world.host, &record, Options::default())
        .await
        .unwrap();
    assert!(lease.is_none());
    world
        .post(&admin, "/admin/exchange/pause", &[])
        .await
        .leads_to(CYCLES);
    synchronise(&world).await;
}

async fn set_aside(world: &World, mailbox: &MailboxId, item: &Item) {
    let mut transaction = world.acme.begin().await.unwrap();
    for reason in [Reason::Failed, Reason::SetAside] {
        let why = "the server answered 500";
        look_again::add(&mut transaction, mailbox, item, reason, Duration::ZERO, why)
            .await
            .unwrap();
    }
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn an_item_that_was_set_aside_is_tried_again_as_if_it_had_never_failed() {
    let (_demo, world, admin) = demo().await;
    let mailbox = anna(&world).await.mailbox.id;
    let item = Item::Psa(PsaReference {
        kind: ItemKind::Appointment,
        id: PsaId {
            value: "gone".into(),
        },
    });
    set_aside(&world, &mailbox, &item).await;
    let page = world.get(&admin, WAITS).await;
    page.says(
        200,
        &[
            "the server answered 500",
            "Try again",
            "anna.brandt@example.com",
        ],
    );
    let key = item.text().unwrap();
    let fields = [("mailbox", mailbox.value.as_str()), ("item", key.as_str())];
    let stranger = world.admin(&world.other).await;
    world.post(&stranger, WAITS, &fields).await.expect(404);
    world.post(&admin, WAITS, &fields).await.leads_to(WAITS);
    let listed = look_again::list(&world.acme, &mailbox).await.unwrap();
    assert_eq!(
        (listed[0].reason, listed[0].failures),
        (Reason::RaceLost, 0)
    );
    world.post(&admin, WAITS, &fields).await.expect(404);
    let nonsense = [("mailbox", mailbox.value.as_str()), ("item", "x")];
    world.post(&admin, WAITS, &nonsense).await.expect(404);
    let page = world.get(&admin, WAITS).await;
    assert!(!page.expect(200).contains("Try again"));
}

#[tokio::test]
async fn mails_are_listed_with_their_text() {
    let world = World::new().await;
    let admin = world.admin(&world.acme).await;
    world
        .get(&admin, "/admin/exchange/mails")
        .await
        .says(200, &["No mail was written yet"]);
    let new = NewMail {
        to: vec!["it@example.com".into()],
        subject: "A synchronisation <failed>".into(),
        text: "Line one\nLine two".into(),
        html: None,
        cause: None,
    };
    let mut transaction = world.acme.begin().await.unwrap();
    mail::write(&mut transaction, &new).await.unwrap();
    transaction.commit().await.unwrap();
    let page = world.get(&admin, "/admin/exchange/mails").await;
    page.says(
        200,
        &[
            "A synchronisation &#60;failed&#62;",
            "Line one\nLine two",
            "not sent yet",
        ],
    );
    let stranger = world.admin(&world.other).await;
    world
        .get(&stranger, "/admin/exchange/mails")
        .await
        .says(200, &["No mail was written yet"]);
}
