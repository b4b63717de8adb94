use std::sync::Arc;
use std::time::Duration;

use axum::response::IntoResponse;
use tandem::capability::endpoint::Endpoints;
use tandem::capability::http::{HttpClient, NetworkOptions};
use tandem::runtime::Grants;

use crate::server::{Server, answer};
use crate::setting::{client, codes, config, load, order, reasons, settings};

const DENIED: &str = "ErrorCode::HttpRequestDenied";
const PROHIBITED: &str = "ErrorCode::DestinationIpProhibited";

#[tokio::test]
async fn a_host_that_was_not_granted_is_denied_and_the_reason_names_both_keys() {
    let (granted, other) = (Server::saying("yes").await, Server::saying("no").await);
    let component = load(guests::WANDERER).await;
    let command = format!(
        "GET {}/a\nGET {}/b?name=anna\nPOST {}/c text",
        granted.url, other.url, other.url
    );
    let config = config(&component, &granted.url);
    let (findings, record) = order(&component, config, &granted.url, &command).await;
    assert_eq!(codes(&findings), ["200", DENIED, DENIED]);
    assert!(other.seen().is_empty());
    let reasons = reasons(&record);
    assert!(reasons.contains("asks for {service-url}"), "{reasons}");
    assert!(
        reasons.contains(&format!("settings allow {}", granted.url)),
        "{reasons}"
    );
    assert!(
        !reasons.contains("anna"),
        "a query is in the history: {reasons}"
    );
}

#[tokio::test]
async fn a_redirect_is_shown_to_the_plugin_and_not_followed() {
    let target = Server::saying("no").await;
    let location = format!("{}/elsewhere", target.url);
    let server = Server::start(move |_| {
        let location = location.clone();
        async move { (axum::http::StatusCode::FOUND, [("location", location)]).into_response() }
    })
    .await;
    let component = load(guests::WANDERER).await;
    let command = format!("GET {}\nGET {}", server.url, target.url);
    let config = config(&component, &server.url);
    let (findings, _) = order(&component, config, &server.url, &command).await;
    assert_eq!(codes(&findings), ["302", DENIED]);
    assert!(target.seen().is_empty());
}

#[tokio::test]
async fn a_granted_host_as_user_info_grants_nothing() {
    let (granted, other) = (Server::saying("yes").await, Server::saying("no").await);
    let [granted_at, other_at] = [&granted, &other].map(|s| s.url.replace("http://", ""));
    let component = load(guests::WANDERER).await;
    let command =
        format!("GET http://{granted_at}@{other_at}/\nGET http://user:word@{granted_at}/");
    let config = config(&component, &granted.url);
    let (findings, _) = order(&component, config, &granted.url, &command).await;
    assert!(
        findings.iter().all(|finding| finding.code != "200"),
        "{findings:?}"
    );
    assert!(other.seen().is_empty() && granted.seen().is_empty());
}

#[tokio::test]
async fn a_granted_host_at_a_private_address_is_refused_unless_the_operator_allows_it() {
    let server = Server::saying("hello").await;
    let by_name = server.url.replace("127.0.0.1", "localhost");
    let component = load(guests::WANDERER).await;
    for url in [&server.url, &by_name] {
        for networks in [&[][..], &["10.0.0.0/8"][..]] {
            let mut config = config(&component, url);
            config.http = client(networks);
            let (findings, record) = order(&component, config, url, &format!("GET {url}")).await;
            assert_eq!(codes(&findings), [PROHIBITED]);
            assert!(
                reasons(&record).contains("operator does not allow"),
                "{record:?}"
            );
        }
    }
    assert!(server.seen().is_empty());
    let config = config(&component, &by_name);
    let (findings, _) = order(&component, config, &by_name, &format!("GET {by_name}")).await;
    assert_eq!(codes(&findings), ["200"]);
}

#[tokio::test]
async fn plain_http_is_only_granted_by_the_operators_file() {
    let server = Server::saying("hello").await;
    let component = load(guests::WANDERER).await;
    let mut config = config(&component, &server.url);
    let settings = settings(&server.url, "");
    config.grants = Grants::weigh(component.description(), &settings, &Endpoints::default());
    assert_eq!(config.grants.origins().count(), 0);
    assert_eq!(config.grants.refused(&settings).len(), 1);
    let (findings, _) = order(
        &component,
        config,
        &server.url,
        &format!("GET {}", server.url),
    )
    .await;
    assert_eq!(codes(&findings), [DENIED]);
}

#[tokio::test]
async fn ways_to_fail_can_be_told_apart() {
    let slow = Server::start(|_| async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        answer(200, "late")
    })
    .await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let cutting = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let cut = format!("http://{}", cutting.local_addr().unwrap());
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        while let Ok((mut stream, _)) = cutting.accept().await {
            let _ = stream.read(&mut [0; 1024]).await;
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")
                .await;
        }
    });
    let component = load(guests::WANDERER).await;
    for (url, expected) in [
        (slow.url.clone(), "ErrorCode::HttpResponseTimeout"),
        (closed, "ErrorCode::ConnectionRefused"),
        (cut, "ErrorCode::HttpResponseIncomplete"),
        (
            slow.url.replace("http:", "https:"),
            "ErrorCode::TlsProtocolError",
        ),
        (
            "http://no-such-host.invalid".to_owned(),
            "ErrorCode::DnsError",
        ),
    ] {
        let mut config = config(&component, &url);
        config.limits.request_time = Duration::from_millis(500);
        let (findings, _) = order(&component, config, &url, &format!("GET {url}")).await;
        let code = &findings[0].code;
        assert!(code.starts_with(expected), "{url}: {code}");
    }
}

#[tokio::test]
async fn waiting_for_an_answer_costs_no_cpu() {
    let slow = Server::start(|_| async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        answer(200, "late")
    })
    .await;
    let component = load(guests::WANDERER).await;
    let mut config = config(&component, &slow.url);
    config.limits.cpu_ticks = 10;
    let command = format!("GET {}\n", slow.url).repeat(3);
    let (findings, _) = order(&component, config, &slow.url, &command).await;
    assert_eq!(codes(&findings), ["200", "200", "200"]);
}

#[tokio::test]
async fn nothing_is_sent_when_the_lease_ends_before_the_answer_could_come() {
    let server = Server::saying("hello").await;
    let component = load(guests::WANDERER).await;
    let mut config = config(&component, &server.url);
    config.limits.request_time = Duration::from_secs(7);
    config.lease = Arc::new(|within: Duration| within < Duration::from_secs(7));
    let (findings, record) = order(
        &component,
        config,
        &server.url,
        &format!("GET {}", server.url),
    )
    .await;
    assert_eq!(codes(&findings), [DENIED]);
    assert!(server.seen().is_empty());
    assert!(reasons(&record).contains("lease"), "{record:?}");
}

#[tokio::test]
async fn a_batch_is_one_request_and_its_parts_are_counted() {
    let server = Server::saying("{}").await;
    let component = load(guests::WANDERER).await;
    let body = r#"{"requests":[{"id":"1"},{"id":"2"},{"id":"3"}]}"#;
    let command = format!("POST {0}/v1.0/$batch {body}\nGET {0}/v1.0/me", server.url);
    let config = config(&component, &server.url);
    let (_, record) = order(&component, config, &server.url, &command).await;
    assert_eq!(record.requests.http, 2);
    assert_eq!(record.requests.batch_parts, 3);
    assert_eq!(record.requests.tokens, 0);
}

#[tokio::test]
async fn a_captured_exchange_holds_both_directions_and_no_authorisation() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::saying("an answer").await;
    let component = load(guests::WANDERER).await;
    let mut config = config(&component, &server.url);
    config.http = HttpClient::new(&NetworkOptions {
        allowed_networks: tandem::capability::http::AllowedNetworks::parse(&["127.0.0.1"]).unwrap(),
        capture: Some(folder.path().to_owned()),
        ..NetworkOptions::default()
    })
    .unwrap();
    let command = format!("POST {}/x a-question", server.url);
    order(&component, config, &server.url, &command).await;
    let captured: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(captured.len(), 1);
    let text = std::fs::read_to_string(captured[0].as_ref().unwrap().path()).unwrap();
    let exchange: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(exchange["request"]["method"], "POST");
    assert_eq!(exchange["request"]["body"], "a-question");
    assert_eq!(exchange["response"]["status"], 200);
    assert_eq!(exchange["response"]["body"], "an answer");
    assert!(exchange["response"]["headers"]["content-length"].is_string());
    assert!(!text.to_lowercase().contains("basic"), "{text}");
}

#[tokio::test]
async fn a_session_without_grants_reaches_nothing() {
    let server = Server::saying("hello").await;
    let component = load(guests::WANDERER).await;
    let mut config = config(&component, &server.url);
    config.grants = Grants::none();
    let (findings, record) = order(
        &component,
        config,
        &server.url,
        &format!("GET {}", server.url),
    )
    .await;
    assert_eq!(codes(&findings), [DENIED]);
    assert!(reasons(&record).contains("asks for nothing"));
}

#[tokio::test]
async fn what_a_plugin_asks_for_and_the_settings_do_not_allow_is_told() {
    let component = load(guests::WANDERER).await;
    let mut description = component.description().clone();
    description.hosts.push(tandem::contract::HostTemplate {
        template: "telemetry.example".to_owned(),
    });
    let settings = settings("https://graph.microsoft.com", "");
    let grants = Grants::weigh(&description, &settings, &Endpoints::default());
    let origins: Vec<_> = grants.origins().map(ToString::to_string).collect();
    assert_eq!(origins, ["https://graph.microsoft.com"]);
    let refused = grants.refused(&settings);
    assert_eq!(refused.len(), 1);
    assert!(
        refused[0]
            .to_string()
            .starts_with("telemetry.example is not granted")
    );
}
