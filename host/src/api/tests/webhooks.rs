//! Subscriptions, and what their receivers get: judged by the public library of Standard Webhooks.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use tokio::sync::{mpsc, watch};

use super::world::World;
use crate::store::cycle_run::Paging;
use crate::store::mail;
use crate::webhook::sender::{Pace, tell_for_ever};

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a receiver got.
struct Message {
    headers: HeaderMap,
    body: String,
}

impl Message {
    fn id(&self) -> &str {
        self.headers["webhook-id"].to_str().unwrap()
    }

    fn version(&self) -> u64 {
        let body: Value = serde_json::from_str(&self.body).unwrap();
        assert_eq!(body["type"], "records.changed");
        assert_eq!(
            body["data"].as_object().unwrap().len(),
            1,
            "a version and nothing else"
        );
        body["data"]["version"].as_u64().unwrap()
    }

    fn is_signed_by(&self, secret: &str) -> bool {
        let webhook = Webhook::new(secret).unwrap();
        webhook.verify(self.body.as_bytes(), &self.headers).is_ok()
    }
}

/// A receiver that answers with a status of the test's choice.
struct Receiver {
    url: String,
    status: Arc<AtomicU16>,
    got: mpsc::UnboundedReceiver<Message>,
}

impl Receiver {
    async fn start() -> Self {
        let status = Arc::new(AtomicU16::new(204));
        let (sender, got) = mpsc::unbounded_channel();
        let answer = async |State((status, sender)): State<(
            Arc<AtomicU16>,
            mpsc::UnboundedSender<Message>,
        )>,
                            headers: HeaderMap,
                            body: String| {
            let _ = sender.send(Message { headers, body });
            StatusCode::from_u16(status.load(Ordering::SeqCst)).unwrap()
        };
        let state = (Arc::clone(&status), sender);
        let router = Router::new().route("/hook", post(answer)).with_state(state);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        tokio::spawn(axum::serve(listener, router).into_future());
        Self { url, status, got }
    }

    async fn next(&mut self) -> Message {
        let next = tokio::time::timeout(PATIENCE, self.got.recv()).await;
        next.expect("the receiver got nothing").unwrap()
    }

    async fn gets_nothing(&mut self) {
        let next = tokio::time::timeout(Duration::from_millis(300), self.got.recv()).await;
        assert!(next.is_err(), "the receiver got something");
    }
}

/// A host's sender, which ends with the test.
fn start_sender(world: &World, pace: Pace) -> watch::Sender<bool> {
    let (stop, stopped) = watch::channel(false);
    let (store, http) = (world.host.store.clone(), world.host.http.clone());
    tokio::spawn(tell_for_ever(store, http, pace, stopped));
    stop
}

fn quick() -> Pace {
    Pace {
        nap: Duration::from_millis(20),
        first_pause: Duration::from_millis(20),
        ..Pace::default()
    }
}

async fn loopback() -> World {
    World::with_network(&["127.0.0.0/8"]).await
}

async fn subscribe(world: &World, url: &str) -> Value {
    let answer = world.post("/webhooks", json!({ "url": url })).await;
    answer.expect(201)
}

fn path(webhook: &Value) -> String {
    format!("/webhooks/{}", webhook["id"].as_str().unwrap())
}

fn tag(webhook: &Value) -> String {
    format!("\"{}\"", webhook["version"])
}

async fn version(world: &World) -> u64 {
    let changes = world.get("/changes").await.expect(200);
    changes["version"].as_u64().unwrap()
}

/// Waits until the subscription stands as wanted.
async fn until(world: &World, webhook: &Value, wanted: impl Fn(&Value) -> bool) -> Value {
    let look = async {
        loop {
            let view = world.get(&path(webhook)).await.expect(200);
            if wanted(&view) {
                return view;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, look).await.unwrap()
}

#[tokio::test]
async fn a_receiver_is_told_of_what_changes_signed_and_without_any_text() {
    let world = loopback().await;
    let mut receiver = Receiver::start().await;
    world.appointment("Before").await;
    let webhook = subscribe(&world, &receiver.url).await;
    let _sender = start_sender(&world, quick());
    receiver.gets_nothing().await;
    world.appointment("Takeover of Globex").await;
    let message = receiver.next().await;
    assert_eq!(message.version(), version(&world).await);
    assert!(!message.body.contains("Globex"));
    let secret = webhook["secret"].as_str().unwrap();
    assert!(message.is_signed_by(secret));
    assert!(!message.is_signed_by("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    let view = until(&world, &webhook, |view| view["told"] == message.version()).await;
    assert_eq!(view["last_error"], Value::Null);
    receiver.gets_nothing().await;
}

#[tokio::test]
async fn a_message_that_was_not_taken_comes_again_with_the_same_id() {
    let world = loopback().await;
    let mut receiver = Receiver::start().await;
    let webhook = subscribe(&world, &receiver.url).await;
    receiver.status.store(500, Ordering::SeqCst);
    let sender = start_sender(&world, quick());
    world.appointment("Visit").await;
    let first = receiver.next().await;
    let failed = until(&world, &webhook, |view| view["failures"] != 0).await;
    assert_eq!(failed["last_error"], "it answered 500");
    assert!(failed["failing_since"].is_string());
    assert_eq!(receiver.next().await.id(), first.id());
    // Another host goes on where this one ended.
    sender.send(true).unwrap();
    sender.closed().await;
    while receiver.got.try_recv().is_ok() {}
    receiver.status.store(200, Ordering::SeqCst);
    let _sender = start_sender(&world, quick());
    let again = receiver.next().await;
    assert_eq!((again.id(), again.version()), (first.id(), first.version()));
    let well = until(&world, &webhook, |view| view["failures"] == 0).await;
    assert_eq!(well["told"], first.version());
    assert_eq!(well["failing_since"], Value::Null);
}

#[tokio::test]
async fn several_hosts_tell_a_receiver_once() {
    let world = loopback().await;
    let mut receiver = Receiver::start().await;
    subscribe(&world, &receiver.url).await;
    world.appointment("Visit").await;
    let _senders: Vec<_> = (0..4).map(|_| start_sender(&world, quick())).collect();
    receiver.next().await;
    receiver.gets_nothing().await;
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let world = loopback().await;
    let mut receiver = Receiver::start().await;
    let webhook = subscribe(&world, &receiver.url).await;
    receiver.status.store(307, Ordering::SeqCst);
    let _sender = start_sender(&world, quick());
    world.appointment("Visit").await;
    receiver.next().await;
    let failed = until(&world, &webhook, |view| view["failures"] != 0).await;
    assert_eq!(failed["last_error"], "it answered 307");
}

#[tokio::test]
async fn a_receiver_that_fails_for_long_is_switched_off_and_told_all_when_it_is_on_again() {
    let world = loopback().await;
    let mut receiver = Receiver::start().await;
    let mut settings = world.save_settings(true).await;
    settings.error_addresses = vec!["it@acme.example".into()];
    let mut transaction = world.acme.begin().await.unwrap();
    crate::store::settings::save(&mut transaction, &settings, 1)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    let webhook = subscribe(&world, &receiver.url).await;
    receiver.status.store(404, Ordering::SeqCst);
    let pace = Pace {
        give_up: Duration::from_millis(100),
        ..quick()
    };
    let _sender = start_sender(&world, pace);
    world.appointment("Visit").await;
    let off = until(&world, &webhook, |view| view["active"] == false).await;
    assert_eq!(off["last_error"], "it answered 404");
    assert_ne!(off["version"], webhook["version"]);
    let page = Paging {
        before: None,
        limit: 9,
    };
    let mails = mail::list(&world.acme, &page).await.unwrap();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ["it@acme.example"]);
    assert!(mails[0].text.contains("it answered 404"));
    while receiver.got.try_recv().is_ok() {}
    receiver.gets_nothing().await;

    receiver.status.store(204, Ordering::SeqCst);
    let on = Some(json!({"active": true}));
    let answer = world.change("PATCH", &path(&webhook), &tag(&off), on).await;
    assert_eq!(answer.expect(200)["failures"], 0);
    assert_eq!(receiver.next().await.version(), version(&world).await);
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_switched_off_at_once() {
    let world = loopback().await;
    let receiver = Receiver::start().await;
    let webhook = subscribe(&world, &receiver.url).await;
    receiver.status.store(410, Ordering::SeqCst);
    let _sender = start_sender(&world, quick());
    world.appointment("Visit").await;
    let off = until(&world, &webhook, |view| view["active"] == false).await;
    assert_eq!(off["failures"], 1);
}

#[tokio::test]
async fn after_an_exchange_of_secrets_both_sign_for_a_while() {
    let world = loopback().await;
    let mut receiver = Receiver::start().await;
    let webhook = subscribe(&world, &receiver.url).await;
    let exchange = format!("{}/secret", path(&webhook));
    let answer = world.change("POST", &exchange, &tag(&webhook), None).await;
    let exchanged = answer.expect(200);
    assert_eq!(answer.header("etag"), tag(&exchanged));
    let _sender = start_sender(&world, quick());
    world.appointment("Visit").await;
    let message = receiver.next().await;
    let (former, current) = (&webhook["secret"], &exchanged["secret"]);
    assert_ne!(former, current);
    for secret in [former, current] {
        assert!(message.is_signed_by(secret.as_str().unwrap()));
    }
    let stale = world.change("POST", &exchange, &tag(&webhook), None).await;
    stale.problem(412, "version-stale");
}

#[tokio::test]
async fn a_secret_is_shown_where_it_is_made_and_never_again() {
    let world = World::new().await;
    let webhook = subscribe(&world, "https://psa.example.com/hook").await;
    assert!(webhook["secret"].as_str().unwrap().starts_with("whsec_"));
    let view = world.get(&path(&webhook)).await.expect(200);
    assert!(view.get("secret").is_none());
    let list = world.get("/webhooks").await.expect(200);
    assert_eq!(list["items"], json!([view]));
}

#[tokio::test]
async fn a_bad_address_is_refused_with_what_is_accepted() {
    let world = World::new().await;
    for url in [
        "",
        "psa.example.com",
        "http://psa.example.com/",
        "https://127.0.0.1/",
        "https://a\u{0}b/",
    ] {
        let answer = world.post("/webhooks", json!({ "url": url })).await;
        assert_eq!(
            answer.problem(422, "invalid-value")["field"],
            "url",
            "{url}"
        );
    }
    let webhook = subscribe(&world, "https://psa.example.com/hook").await;
    let change = Some(json!({"url": "https://10.0.0.1/"}));
    let answer = world
        .change("PATCH", &path(&webhook), &tag(&webhook), change)
        .await;
    assert_eq!(answer.problem(422, "invalid-value")["field"], "url");
    for number in 1..20 {
        subscribe(&world, &format!("https://psa.example.com/{number}")).await;
    }
    let answer = world
        .post("/webhooks", json!({"url": "https://psa.example.com/"}))
        .await;
    assert!(
        answer.problem(422, "invalid-value")["detail"]
            .as_str()
            .unwrap()
            .contains("20")
    );
}

#[tokio::test]
async fn a_name_that_leads_into_a_private_network_is_never_called() {
    let world = World::new().await;
    let webhook = subscribe(&world, "https://localhost/hook").await;
    let _sender = start_sender(&world, quick());
    world.appointment("Visit").await;
    let failed = until(&world, &webhook, |view| view["failures"] != 0).await;
    let error = failed["last_error"].as_str().unwrap();
    assert!(error.contains("operator does not allow"), "{error}");
}

#[tokio::test]
async fn an_ended_subscription_is_gone() {
    let world = World::new().await;
    let webhook = subscribe(&world, "https://psa.example.com/hook").await;
    let stale = world.change("DELETE", &path(&webhook), "\"7\"", None).await;
    stale.problem(412, "version-stale");
    let gone = world
        .change("DELETE", &path(&webhook), &tag(&webhook), None)
        .await;
    assert_eq!(gone.status, 204);
    world.get(&path(&webhook)).await.problem(404, "not-found");
    let names = crate::store::secret::names(&world.acme).await.unwrap();
    assert!(names.is_empty(), "{names:?}");
}
