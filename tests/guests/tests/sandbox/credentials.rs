use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use secrecy::SecretString;
use tandem::capability::credentials::Credentials;
use tandem::capability::token::{OAuthClient, TokenCache};
use tandem::runtime::{Session, SessionConfig, SessionRecord};

use crate::server::{Seen, Server, answer};
use crate::setting::{codes, config, load, order, settings, tenant};

/// A token server that hands out token-1, token-2 and so on.
async fn tokens(life: u32) -> Server {
    let next = Arc::new(AtomicU32::new(1));
    Server::start(move |_| {
        let number = next.fetch_add(1, Ordering::Relaxed);
        async move {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let token = format!(r#"{{"access_token":"token-{number}","expires_in":{life}}}"#);
            answer(200, token)
        }
    })
    .await
}

fn oauth(tokens: &str, cache: &TokenCache) -> Credentials {
    let client = OAuthClient {
        tenant: tenant(),
        token_url: format!("{tokens}/contoso/oauth2/v2.0/token")
            .parse()
            .unwrap(),
        client_id: "app".to_owned(),
        secret: SecretString::from("s3cret&more"),
        scope: "https://graph.microsoft.com/.default".to_owned(),
    };
    Credentials::oauth(client, cache.clone())
}

/// What came of one GET by a wanderer with these credentials.
async fn get(credentials: Credentials, url: &str) -> (tandem::contract::Finding, SessionRecord) {
    let component = load(guests::WANDERER).await;
    let config = SessionConfig {
        credentials,
        ..config(&component, url)
    };
    let (mut findings, record) = order(&component, config, url, &format!("GET {url}")).await;
    (findings.remove(0), record)
}

#[tokio::test]
async fn a_token_is_asked_for_once_and_shared_by_all_sessions() {
    let (tokens, server) = (tokens(3600).await, Server::saying("hello").await);
    let cache = TokenCache::default();
    let gets = (0..5).map(|_| get(oauth(&tokens.url, &cache), &server.url));
    let answers = futures::future::join_all(gets).await;
    assert_eq!(tokens.seen().len(), 1);
    assert!(
        server
            .seen()
            .iter()
            .all(|seen| seen.authorization() == "Bearer token-1")
    );
    let asked: u64 = answers
        .iter()
        .map(|(_, record)| record.requests.tokens)
        .sum();
    assert_eq!(asked, 1);
    let form = String::from_utf8(tokens.seen()[0].body.to_vec()).unwrap();
    assert_eq!(
        form,
        "grant_type=client_credentials&client_id=app&client_secret=s3cret%26more\
         &scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"
    );
}

#[tokio::test]
async fn a_token_near_its_end_is_renewed() {
    let (tokens, server) = (tokens(0).await, Server::saying("hello").await);
    let cache = TokenCache::default();
    for _ in 0..2 {
        get(oauth(&tokens.url, &cache), &server.url).await;
    }
    assert_eq!(tokens.seen().len(), 2);
    assert_eq!(server.seen()[1].authorization(), "Bearer token-2");
}

#[tokio::test]
async fn a_request_whose_old_token_is_refused_is_sent_once_more_with_a_new_one() {
    let tokens = tokens(3600).await;
    let server = Server::saying("hello").await;
    let picky = Server::start(|seen: Seen| async move {
        let old = seen.authorization() == "Bearer token-1";
        answer(if old { 401 } else { 200 }, "hello")
    })
    .await;
    let cache = TokenCache::default();
    get(oauth(&tokens.url, &cache), &server.url).await;
    let (finding, record) = get(oauth(&tokens.url, &cache), &picky.url).await;
    assert_eq!(finding.code, "200");
    assert_eq!(picky.seen().len(), 2);
    assert_eq!(record.requests.http, 2);
    assert_eq!(record.requests.tokens, 1);
}

#[tokio::test]
async fn a_fresh_token_that_is_refused_is_not_tried_again_but_dropped() {
    let tokens = tokens(3600).await;
    let refusing = Server::start(|_| async { answer(401, "no") }).await;
    let cache = TokenCache::default();
    let (first, _) = get(oauth(&tokens.url, &cache), &refusing.url).await;
    assert_eq!(first.code, "401");
    assert_eq!(refusing.seen().len(), 1);
    get(oauth(&tokens.url, &cache), &refusing.url).await;
    assert_eq!(refusing.seen()[1].authorization(), "Bearer token-2");
}

#[tokio::test]
async fn why_there_is_no_token_reaches_the_plugin_by_name() {
    for (status, body, code) in [
        (
            400,
            r#"{"error":"invalid_client","error_codes":[7000215]}"#,
            "TandemSecretWrong",
        ),
        (
            400,
            r#"{"error":"invalid_client","error_codes":[7000222]}"#,
            "TandemSecretExpired",
        ),
        (
            400,
            r#"{"error":"unauthorized_client","error_description":"AADSTS700016: no app"}"#,
            "TandemUnknownApplication",
        ),
        (
            400,
            r#"{"error":"invalid_request","error_description":"AADSTS90002: no tenant"}"#,
            "TandemUnknownDirectory",
        ),
        (400, r#"{"error":"invalid_scope"}"#, "TandemTokenRefused"),
        (400, "<html>Sign in</html>", "TandemTokenNotUnderstood"),
        (429, "", "TandemTokenBusy"),
        (503, "<html>Later</html>", "TandemTokenBusy"),
    ] {
        let tokens = Server::start(move |_| async move { answer(status, body) }).await;
        let server = Server::saying("hello").await;
        let (finding, record) = get(oauth(&tokens.url, &TokenCache::default()), &server.url).await;
        assert_eq!(finding.code, "401");
        assert_eq!(finding.hint, code);
        let error: serde_json::Value = serde_json::from_str(&finding.text).unwrap();
        assert_eq!(error["error"]["code"], code);
        assert!(!finding.text.contains("s3cret"), "{}", finding.text);
        assert!(server.seen().is_empty());
        assert_eq!(record.requests.http, 0);
    }
}

#[tokio::test]
async fn a_token_server_that_does_not_answer_is_told_as_unreachable() {
    let server = Server::saying("hello").await;
    let (finding, _) = get(
        oauth("http://127.0.0.1:1", &TokenCache::default()),
        &server.url,
    )
    .await;
    assert_eq!(finding.hint, "TandemTokenUnreachable");
    assert!(
        finding.text.contains("refused the connection"),
        "{}",
        finding.text
    );
}

#[tokio::test]
async fn a_corrected_secret_does_not_meet_the_old_ones_outcome() {
    let (tokens, server) = (tokens(3600).await, Server::saying("hello").await);
    let cache = TokenCache::default();
    get(oauth(&tokens.url, &cache), &server.url).await;
    let corrected = OAuthClient {
        tenant: tenant(),
        token_url: format!("{}/contoso/oauth2/v2.0/token", tokens.url)
            .parse()
            .unwrap(),
        client_id: "app".to_owned(),
        secret: SecretString::from("another"),
        scope: "https://graph.microsoft.com/.default".to_owned(),
    };
    get(Credentials::oauth(corrected, cache), &server.url).await;
    assert_eq!(tokens.seen().len(), 2);
}

#[tokio::test]
async fn without_credentials_nothing_is_sent() {
    let server = Server::saying("hello").await;
    let (finding, _) = get(Credentials::none(), &server.url).await;
    assert_eq!(finding.hint, "TandemCredentialsAbsent");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn waiting_for_a_token_costs_no_cpu() {
    let slow = Server::start(|_| async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        answer(200, r#"{"access_token":"t","expires_in":"3599"}"#)
    })
    .await;
    let server = Server::saying("hello").await;
    let component = load(guests::WANDERER).await;
    let mut config = config(&component, &server.url);
    config.credentials = oauth(&slow.url, &TokenCache::default());
    config.limits.cpu_ticks = 10;
    let mut session = Session::open(&component, config).await.unwrap();
    let order = settings(&server.url, &format!("GET {}", server.url));
    let findings = session.validate_config(&order).await.unwrap();
    assert_eq!(codes(&findings), ["200"]);
}

#[tokio::test]
async fn a_domain_stands_before_the_account() {
    let server = Server::saying("hello").await;
    let password = || SecretString::from("word");
    get(Credentials::basic("CORP", "sync", password()), &server.url).await;
    get(
        Credentials::basic("CORP", "sync@corp.example", password()),
        &server.url,
    )
    .await;
    let sent: Vec<_> = server
        .seen()
        .iter()
        .map(|s| s.authorization().to_owned())
        .collect();
    // CORP\sync:word and sync@corp.example:word
    assert_eq!(
        sent,
        [
            "Basic Q09SUFxzeW5jOndvcmQ=",
            "Basic c3luY0Bjb3JwLmV4YW1wbGU6d29yZA=="
        ]
    );
}
