use crate::server::{Server, answer};
use crate::setting::{codes, config, load, order, reasons};

#[tokio::test]
async fn more_requests_than_a_call_may_have_are_denied() {
    let server = Server::saying("hello").await;
    let component = load(guests::FLOOD).await;
    let mut config = config(&component, &server.url);
    config.limits.requests_per_call = 3;
    let command = format!("requests 5 {}", server.url);
    let (findings, record) = order(&component, config, &server.url, &command).await;
    let denied = "ErrorCode::HttpRequestDenied";
    assert_eq!(codes(&findings), ["200", "200", "200", denied, denied]);
    assert_eq!(server.seen().len(), 3);
    assert_eq!(record.requests.http, 3);
    assert!(reasons(&record).contains("more than 3 requests"));
}

#[tokio::test]
async fn a_body_that_is_too_long_does_not_leave() {
    let server = Server::saying("hello").await;
    let component = load(guests::FLOOD).await;
    let mut config = config(&component, &server.url);
    config.limits.request_body_bytes = 1_000;
    let command = format!("body 1001 {}", server.url);
    let (findings, record) = order(&component, config, &server.url, &command).await;
    assert_eq!(
        codes(&findings),
        ["ErrorCode::HttpRequestBodySize(None)"],
        "{findings:?}"
    );
    assert!(server.seen().is_empty());
    assert!(reasons(&record).contains("longer than 1000 bytes"));
}

#[tokio::test]
async fn a_body_at_its_limit_arrives_whole() {
    let server = Server::saying("hello").await;
    let component = load(guests::FLOOD).await;
    let command = format!("body {} {}", 4 << 20, server.url);
    let config = config(&component, &server.url);
    let (findings, _) = order(&component, config, &server.url, &command).await;
    assert_eq!(codes(&findings), ["200"]);
    assert_eq!(server.seen()[0].body.len(), 4 << 20);
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_an_error_and_not_half_an_answer() {
    let server = Server::start(|_| async { answer(200, "x".repeat(2_000)) }).await;
    let component = load(guests::FLOOD).await;
    let mut config = config(&component, &server.url);
    config.limits.response_body_bytes = 1_999;
    let command = format!("requests 1 {}", server.url);
    let (findings, _) = order(&component, config, &server.url, &command).await;
    assert_eq!(codes(&findings), ["ErrorCode::HttpResponseBodySize(None)"]);
}

#[tokio::test]
async fn more_headers_than_allowed_do_not_leave() {
    let server = Server::saying("hello").await;
    let component = load(guests::FLOOD).await;
    let command = format!("headers 101 {}", server.url);
    let config = config(&component, &server.url);
    let (findings, _) = order(&component, config, &server.url, &command).await;
    assert_eq!(
        codes(&findings),
        ["ErrorCode::HttpRequestHeaderSectionSize(None)"]
    );
    assert!(server.seen().is_empty());
}
