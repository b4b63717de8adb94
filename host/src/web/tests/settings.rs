//! The tabs General and Synchronization.

use std::time::Duration;

use super::answer::Answer;
use super::world::{Browser, World};
use crate::contract::{ExchangeEdition, ImportMode};
use crate::demo::Demo;
use crate::store::{mailbox, settings};
use crate::web::tab::{GENERAL, SYNCHRONIZATION, WAITING};

const HOUR: Duration = Duration::from_secs(3_600);

async fn demo() -> (Demo, World, Browser) {
    let demo = Demo::start(None, "127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let world = World::around(&demo.host, &demo.tenant).await;
    let admin = world.admin(&world.acme).await;
    (demo, world, admin)
}

/// What a browser would send of a page's form: text fields, ticked boxes, chosen options.
fn fields(page: &str) -> Vec<(String, String)> {
    let form = page.split("<form id=\"settings\"").nth(1).unwrap();
    let form = form.split("</form>").next().unwrap();
    let attribute = |tag: &str, name: &str| {
        let marked = format!(" {name}=\"");
        let from = tag.find(&marked)? + marked.len();
        Some(tag[from..].split('"').next()?.to_owned())
    };
    let mut fields = Vec::new();
    let mut list = String::new();
    for tag in form.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap();
        let sent = match tag.split(' ').next().unwrap() {
            "select" => {
                list = attribute(tag, "name").unwrap();
                continue;
            }
            "option" if tag.ends_with(" selected") => {
                (list.clone(), attribute(tag, "value").unwrap())
            }
            "input" if !tag.ends_with(" disabled") => {
                let kind = attribute(tag, "type").unwrap_or_default();
                let is_box = kind == "checkbox" || kind == "radio";
                if is_box && !tag.contains(" checked") {
                    continue;
                }
                let value = attribute(tag, "value").unwrap_or("on".into());
                (attribute(tag, "name").unwrap(), value)
            }
            _ => continue,
        };
        fields.push(sent);
    }
    fields
}

/// Opens a tab, changes some fields and saves. An empty change takes a box's tick away.
async fn save(world: &World, browser: &Browser, path: &str, changes: &[(&str, &str)]) -> Answer {
    let page = world.get(browser, path).await;
    let mut fields = fields(page.expect(200));
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        if *value != "untick" {
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
    }
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    world.post_bare(browser, path, &fields).await
}

async fn stored(world: &World) -> crate::contract::Settings {
    settings::get(&world.acme).await.unwrap().settings.unwrap()
}

#[tokio::test]
async fn before_the_first_save_the_tab_says_what_comes_first_and_shows_the_defaults() {
    let world = World::new().await;
    let admin = world.admin(&world.acme).await;
    let page = world.get(&admin, GENERAL).await;
    page.says(
        200,
        &[
            "Before you fill this in",
            "What to ask a hosting provider",
            "AppRiver, 123 Together and Exchange My Mail",
            "app registration, step by step",
            "name=\"synchronise-every\" value=\"30\"",
            "<option value=\"microsoft-365\" selected>",
        ],
    );
    let sent = fields(&page.text);
    for ticked in ["enabled", "use-graph", "impersonate"] {
        assert!(sent.contains(&(ticked.into(), "on".into())), "{ticked}");
    }
    assert!(!sent.iter().any(|(name, _)| name == "hosted"));
    let page = world.get(&admin, SYNCHRONIZATION).await;
    let sent = fields(page.expect(200));
    for (name, value) in [
        ("import", "all-details"),
        ("send-free-time", "on"),
        ("export.contacts", "on"),
        ("contacts-to-export", "own"),
        ("past-days", "7"),
        ("recurring-days", "30"),
    ] {
        assert!(sent.contains(&(name.into(), value.into())), "{name}");
    }
}

#[tokio::test]
async fn a_save_asks_the_server_and_the_secret_stays_and_is_never_shown() {
    let (demo, world, admin) = demo().await;
    let secret = demo.model.credentials().client_secret;
    let saved = save(&world, &admin, GENERAL, &[("profile-name", "Contoso & Co")]).await;
    saved.says(
        200,
        &[
            "<strong>Saved.</strong>",
            "value=\"Contoso &#38; Co\"",
            "It is set.",
        ],
    );
    // Writing cannot be tried without writing: a warning at its field, with an icon.
    saved.says(
        200,
        &[
            "class=\"finding warning\"",
            "<svg class=\"icon\"",
            "<strong>Warning:</strong> Export appointments: ",
        ],
    );
    assert_eq!(stored(&world).await.profile_name, "Contoso & Co");
    for path in [GENERAL, SYNCHRONIZATION] {
        let page = world.get(&admin, path).await;
        assert!(!page.expect(200).contains(&secret), "{path}");
    }
    let wrong = [
        ("credentials.client-secret", " wrong "),
        ("profile-name", "Other"),
    ];
    let refused = save(&world, &admin, GENERAL, &wrong).await;
    refused.says(
        422,
        &[
            "Nothing was saved",
            "aria-invalid=\"true\"",
            "value=\"Other\"",
        ],
    );
    assert!(!refused.text.contains("wrong \""));
    assert_eq!(stored(&world).await.profile_name, "Contoso & Co");
    let again = format!(" {secret} ");
    let kept = [("credentials.client-secret", again.as_str())];
    save(&world, &admin, GENERAL, &kept)
        .await
        .says(200, &["<strong>Saved.</strong>"]);
}

#[tokio::test]
async fn each_wrong_value_is_told_at_its_field_and_what_was_typed_stays() {
    let (_demo, world, admin) = demo().await;
    for (path, name, typed, told) in [
        (GENERAL, "profile-name", "", "profile name is required"),
        (GENERAL, "server-address", "10.0.0.1", "IP address"),
        (GENERAL, "server-address", "[::1]:443", "IP address"),
        (GENERAL, "synchronise-every", "9", "too often"),
        (GENERAL, "synchronise-every", "often", "not a whole number"),
        (GENERAL, "synchronise-every", "10.5", "not a whole number"),
        (
            GENERAL,
            "error-notifications-to",
            "a@b.example; nobody",
            "not an e-mail address",
        ),
        (GENERAL, "test-mailbox", "nobody", "not an e-mail address"),
        (GENERAL, "credentials.tenant-id", " ", "is required"),
        (GENERAL, "credentials.kind", "basic", "no longer accepts"),
        (GENERAL, "version", "exchange-2019", "Microsoft 365 only"),
        (SYNCHRONIZATION, "past-days", "0", "cannot be looked at"),
        (SYNCHRONIZATION, "past-days", "31", "cannot be looked at"),
        (
            SYNCHRONIZATION,
            "recurring-days",
            "-1",
            "not a whole number",
        ),
    ] {
        let before = stored(&world).await;
        let refused = save(&world, &admin, path, &[(name, typed)]).await;
        refused.says(422, &["Nothing was saved", told, "class=\"finding error\""]);
        if !matches!(name, "credentials.kind" | "version") {
            refused.says(422, &[&format!("name=\"{name}\" value=\"{typed}\"")]);
        }
        assert_eq!(stored(&world).await, before, "{name}");
    }
}

#[tokio::test]
async fn the_synchronization_tab_saves_its_fields_and_leaves_the_others() {
    let (_demo, world, admin) = demo().await;
    let before = stored(&world).await;
    let changes = [
        ("import", "no-details"),
        ("export.to-dos", "untick"),
        ("past-days", " 5 "),
    ];
    save(&world, &admin, SYNCHRONIZATION, &changes)
        .await
        .says(200, &["<strong>Saved.</strong>"]);
    let after = stored(&world).await;
    assert_eq!(after.import_mode, ImportMode::NoDetails);
    assert!(!after.export_to_dos && after.export_appointments && after.send_free_time);
    assert_eq!((after.past_days, after.recurring_days), (5, 30));
    assert_eq!(after.credentials, before.credentials);
    assert_eq!(after.interval_minutes, before.interval_minutes);
}

#[tokio::test]
async fn what_depends_on_another_choice_is_greyed_with_the_reason_and_stays_as_it_was() {
    let (_demo, world, admin) = demo().await;
    let page = world.get(&admin, SYNCHRONIZATION).await;
    page.says(200, &["Microsoft Graph cannot reach public folders"]);
    assert!(!page.text.contains("name=\"relative-path\""));
    let saved = save(&world, &admin, SYNCHRONIZATION, &[("import", "none")]).await;
    saved.says(200, &["there is no free time to send"]);
    // The box is greyed now, so a browser sends nothing of it: it stays ticked.
    save(&world, &admin, SYNCHRONIZATION, &[("past-days", "6")])
        .await
        .expect(200);
    assert!(stored(&world).await.send_free_time);
    save(&world, &admin, GENERAL, &[("hosted", "on")])
        .await
        .expect(200);
    world
        .get(&admin, SYNCHRONIZATION)
        .await
        .says(200, &["name=\"relative-path\""]);
}

#[tokio::test]
async fn a_full_re_synchronisation_is_announced_before_it_starts() {
    let (_demo, world, admin) = demo().await;
    let moved = ("virtual-directory", "other/Exchange.asmx");
    let asked = save(&world, &admin, GENERAL, &[moved]).await;
    asked.says(
        200,
        &[
            "Not saved yet",
            "full re-synchronisation",
            "value=\"other/Exchange.asmx\"",
        ],
    );
    assert_eq!(stored(&world).await.virtual_directory, "EWS/Exchange.asmx");
    let saved = save(&world, &admin, GENERAL, &[moved, ("confirmed", "on")]).await;
    saved.says(200, &["<strong>Saved.</strong>", "full re-synchronisation"]);
    assert_eq!(
        stored(&world).await.virtual_directory,
        "other/Exchange.asmx"
    );
    let records = mailbox::list(&world.acme).await.unwrap();
    assert!(
        records
            .iter()
            .all(|record| record.relink && record.cursor.is_none())
    );
}

#[tokio::test]
async fn a_change_of_interface_is_announced_as_a_hand_over() {
    let (_demo, world, admin) = demo().await;
    let asked = save(&world, &admin, GENERAL, &[("use-graph", "untick")]).await;
    asked.says(
        200,
        &["Not saved yet", "A hand-over to the other interface"],
    );
    assert!(!asked.text.contains("A full re-synchronisation: each"));
    assert!(stored(&world).await.use_graph);
}

#[tokio::test]
async fn who_saves_on_an_older_version_is_told_and_overwrites_nothing() {
    let (_demo, world, admin) = demo().await;
    let old = settings::get(&world.acme)
        .await
        .unwrap()
        .version
        .to_string();
    save(&world, &admin, GENERAL, &[("profile-name", "First")])
        .await
        .expect(200);
    let late = [("profile-name", "Second"), ("saved-version", old.as_str())];
    let refused = save(&world, &admin, GENERAL, &late).await;
    refused.says(409, &["Somebody else saved", "value=\"Second\""]);
    assert_eq!(stored(&world).await.profile_name, "First");
}

#[tokio::test]
async fn while_a_cycle_runs_only_what_shapes_none_is_saved_and_the_rest_can_wait_for_its_end() {
    let (_demo, world, admin) = demo().await;
    let record = mailbox::list(&world.acme).await.unwrap().remove(0);
    let leases = world.host.store.leases();
    let lease = leases
        .one(world.acme.id(), &record.mailbox.id, "another", HOUR)
        .await;
    let lease = lease.unwrap().unwrap();
    let raised = [
        ("synchronise-every", "60"),
        ("error-notifications-to", "it@example.com;"),
    ];
    save(&world, &admin, GENERAL, &raised)
        .await
        .says(200, &["<strong>Saved.</strong>"]);
    let shaping = [("past-days", "3")];
    let refused = save(&world, &admin, SYNCHRONIZATION, &shaping).await;
    refused.says(
        409,
        &[
            "synchronisation is in progress",
            "try again later",
            "raise the interval to at least an hour",
            "Save when the running ones end",
            "name=\"past-days\" value=\"3\"",
        ],
    );
    let waits = [("past-days", "3"), ("action", "wait")];
    save(&world, &admin, SYNCHRONIZATION, &waits)
        .await
        .leads_to(WAITING);
    world
        .get(&admin, WAITING)
        .await
        .says(200, &["One synchronisation is still running"]);
    let other = mailbox::list(&world.acme)
        .await
        .unwrap()
        .remove(1)
        .mailbox
        .id;
    let held = leases
        .one(world.acme.id(), &other, "another", HOUR)
        .await
        .unwrap();
    assert!(held.is_none(), "new ones are held back");
    leases.give_back(&lease).await.unwrap();
    let mut told = world.get(&admin, WAITING).await;
    for _ in 0..100 {
        if told.text.contains("<strong>Saved.</strong>") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        told = world.get(&admin, WAITING).await;
    }
    told.says(
        200,
        &["<strong>Saved.</strong>", "name=\"past-days\" value=\"3\""],
    );
    assert_eq!(stored(&world).await.past_days, 3);
    assert!(
        leases
            .one(world.acme.id(), &other, "another", HOUR)
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn a_save_that_waits_can_be_given_up() {
    let (_demo, world, admin) = demo().await;
    let records = mailbox::list(&world.acme).await.unwrap();
    let leases = world.host.store.leases();
    let id = &records[0].mailbox.id;
    leases
        .one(world.acme.id(), id, "another", HOUR)
        .await
        .unwrap();
    let waits = [("past-days", "3"), ("action", "wait")];
    save(&world, &admin, SYNCHRONIZATION, &waits)
        .await
        .leads_to(WAITING);
    world
        .post(&admin, WAITING, &[])
        .await
        .says(200, &["Synchronisations begin again"]);
    assert_eq!(stored(&world).await.past_days, 7);
    let id = &records[1].mailbox.id;
    assert!(
        leases
            .one(world.acme.id(), id, "another", HOUR)
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn microsoft_365_by_ews_carries_a_warning_with_its_dates() {
    let (_demo, world, admin) = demo().await;
    let mut known = stored(&world).await;
    assert_eq!(known.edition, ExchangeEdition::Microsoft365);
    known.use_graph = false;
    let version = settings::get(&world.acme).await.unwrap().version;
    let mut transaction = world.acme.begin().await.unwrap();
    settings::save(&mut transaction, &known, version)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    let page = world.get(&admin, GENERAL).await;
    page.says(200, &["id=\"use-graph-found\"", "2026-10-01", "2027-04-01"]);
}
