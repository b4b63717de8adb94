use secrecy::SecretString;
use tandem::capability::credentials::Credentials;
use tandem::capability::token::{OAuthClient, TokenCache};

use crate::server::{Server, answer};
use crate::setting::{PASSWORD, codes, config, load, order, tenant};

fn reversed(text: &str) -> String {
    text.chars().rev().collect()
}

#[tokio::test]
async fn neither_client_secret_nor_token_is_in_the_guests_memory() {
    let tokens = Server::start(|_| async {
        answer(
            200,
            r#"{"access_token":"token-nobody-may-see","expires_in":3600}"#,
        )
    })
    .await;
    let server = Server::saying("marker-in-the-answer").await;
    let component = load(guests::SNOOP).await;
    let mut config = config(&component, &server.url);
    config.credentials = Credentials::oauth(
        OAuthClient {
            tenant: tenant(),
            token_url: format!("{}/token", tokens.url).parse().unwrap(),
            client_id: "app".to_owned(),
            secret: SecretString::from("secret-nobody-may-see"),
            scope: "scope".to_owned(),
        },
        TokenCache::default(),
    );
    let command = format!(
        "{} {} {} {}",
        server.url,
        reversed("marker-in-the-answer"),
        reversed("secret-nobody-may-see"),
        reversed("token-nobody-may-see"),
    );
    let (findings, _) = order(&component, config, &server.url, &command).await;
    assert_eq!(
        server.seen()[0].authorization(),
        "Bearer token-nobody-may-see"
    );
    // The marker shows that the search finds what is there.
    assert_eq!(codes(&findings), ["200", "found", "not-found", "not-found"]);
}

#[tokio::test]
async fn the_password_is_not_in_the_guests_memory_in_any_form() {
    let server = Server::saying("hello").await;
    let component = load(guests::SNOOP).await;
    // What Basic makes of `sync:correct-horse-battery-staple`.
    let encoded = "c3luYzpjb3JyZWN0LWhvcnNlLWJhdHRlcnktc3RhcGxl";
    let command = format!(
        "{} {} {}",
        server.url,
        reversed(PASSWORD),
        reversed(encoded)
    );
    let config = config(&component, &server.url);
    let (findings, _) = order(&component, config, &server.url, &command).await;
    assert_eq!(server.seen()[0].authorization(), format!("Basic {encoded}"));
    assert_eq!(codes(&findings), ["200", "not-found", "not-found"]);
}
