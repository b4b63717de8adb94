use std::collections::BTreeMap;

use tandem::contract::Instant;
use tandem::runtime::{Component, Session};

use crate::server::Server;
use crate::setting::{batch, config, load, reasons, settings};

const NOW: Instant = Instant {
    microseconds: 1_786_000_000_000_000,
};

/// What it saw in `transform`, by attempt; and the host's reasons.
async fn seen(component: &Component, url: &str) -> (BTreeMap<String, String>, String) {
    let mut session = Session::open(component, config(component, url))
        .await
        .unwrap();
    session.transform(&batch(NOW, url)).await.unwrap();
    let findings = session.validate_config(&settings(url, "")).await.unwrap();
    let seen = findings
        .into_iter()
        .map(|finding| (finding.text, finding.code))
        .collect();
    (seen, reasons(&session.finish()))
}

#[tokio::test]
async fn transform_has_no_network_storage_or_mail() {
    let server = Server::saying("hello").await;
    let component = load(guests::IMPURE).await;
    let (seen, reasons) = seen(&component, &server.url).await;
    assert_eq!(seen["http"], "ErrorCode::HttpRequestDenied");
    assert_eq!(seen["get"], "Err(StorageError::NotInThisPhase)");
    assert_eq!(seen["set"], "Err(StorageError::NotInThisPhase)");
    assert_eq!(seen["list"], "Err(StorageError::NotInThisPhase)");
    assert!(seen["notify"].contains("not-in-this-phase"), "{seen:?}");
    assert!(server.seen().is_empty());
    assert!(reasons.contains("`transform` has no network"), "{reasons}");
}

#[tokio::test]
async fn in_transform_the_clock_stands_at_the_cycles_instant() {
    let component = load(guests::IMPURE).await;
    let (seen, _) = seen(&component, "http://127.0.0.1:1").await;
    assert_eq!(seen["wall-clock"], NOW.microseconds.to_string());
    assert_eq!(seen["elapsed"], "0ns");
}

#[tokio::test]
async fn in_transform_chance_is_the_same_each_time() {
    let component = load(guests::IMPURE).await;
    let (first, _) = seen(&component, "http://127.0.0.1:1").await;
    let (second, _) = seen(&component, "http://127.0.0.1:1").await;
    assert_eq!(first["order"], second["order"]);
}

#[tokio::test]
async fn the_environment_is_empty() {
    let component = load(guests::IMPURE).await;
    let (seen, _) = seen(&component, "http://127.0.0.1:1").await;
    assert_eq!(seen["variables"], "0");
    assert_eq!(seen["arguments"], "0");
}

#[tokio::test]
async fn describe_is_as_pure_as_transform() {
    let component = load(guests::IMPURE).await;
    let name = &component.description().name;
    assert!(name.contains("http=ErrorCode::HttpRequestDenied"), "{name}");
    assert!(
        name.contains("get=Err(StorageError::NotInThisPhase)"),
        "{name}"
    );
    assert!(name.contains("wall-clock=0 "), "{name}");
}
