use crate::server::Server;
use crate::setting::{config, load, order, reasons};

#[tokio::test]
async fn headers_that_are_the_hosts_to_set_never_leave_a_guest() {
    let server = Server::saying("hello").await;
    let component = load(guests::FORGER).await;
    let (findings, record) = order(
        &component,
        config(&component, &server.url),
        &server.url,
        &server.url,
    )
    .await;
    for finding in &findings {
        assert_ne!(finding.code, "200", "{} got out", finding.hint);
    }
    assert_eq!(findings.len(), 10);
    assert!(server.seen().is_empty());
    assert_eq!(record.requests.http, 0);
    assert!(
        reasons(&record).contains("`authorization` is the host's to set"),
        "{}",
        reasons(&record)
    );
}
