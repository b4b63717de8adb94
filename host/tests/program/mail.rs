//! From the database to a real mail server.

use std::time::Duration;

use rcgen::{CertificateParams, KeyPair};
use tandem::contract::TenantId;
use tandem::outbox::section::SmtpSection;
use tandem::outbox::sender::{Pace, send_for_ever};
use tandem::outbox::smtp::Smtp;
use tandem::store::mail::{self, Mail, NewMail};
use tandem::store::{Database, SecretKey, Store};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::mail_server::MailServer;
use crate::place::Place;

const QUICK: Pace = Pace {
    nap: Duration::from_millis(50),
    first_pause: Duration::from_millis(200),
    last_pause: Duration::from_secs(1),
};

async fn store() -> Store {
    let database = Database::open("sqlite::memory:").await.unwrap();
    let store = Store::new(database, SecretKey::generate());
    store.tenants().create(&acme(), "Acme").await.unwrap();
    store
}

fn acme() -> TenantId {
    TenantId {
        value: "acme".to_owned(),
    }
}

async fn write(store: &Store, to: &[&str]) {
    let mut transaction = store.tenant(&acme()).begin().await.unwrap();
    let mail = NewMail {
        to: to.iter().map(|it| (*it).to_owned()).collect(),
        subject: "Synchronisation failed: Béla".to_owned(),
        text: "Zurück.\n.\nA line with a dot alone stood above.\n".to_owned(),
        html: Some("<p>Zurück.</p>".to_owned()),
        cause: None,
    };
    assert!(mail::write(&mut transaction, &mail).await.unwrap());
    transaction.commit().await.unwrap();
}

async fn unsent(store: &Store) -> Vec<Mail> {
    mail::unsent(store.database(), 10).await.unwrap()
}

fn plain(port: u16) -> Smtp {
    let text = format!(
        "host = \"127.0.0.1\"\nport = {port}\nencryption = \"none\"\nfrom = \"Tandem <tandem@example.com>\"\n"
    );
    Smtp::new(&toml::from_str::<SmtpSection>(&text).unwrap(), &[]).unwrap()
}

/// A sender at work; stopped, it comes to its end.
struct Sender(watch::Sender<bool>, JoinHandle<()>);

impl Sender {
    fn start(store: &Store, smtp: Smtp) -> Self {
        let (stop, stopped) = watch::channel(false);
        Self(
            stop,
            tokio::spawn(send_for_ever(store.clone(), smtp, QUICK, stopped)),
        )
    }

    async fn stop(self) {
        self.0.send(true).unwrap();
        self.1.await.unwrap();
    }
}

#[tokio::test]
async fn a_mail_goes_out_over_either_tls_with_the_account() {
    for (encryption, more) in [("starttls", &[][..]), ("tls", &["--tls-at-once"])] {
        let folder = TempDir::new().unwrap();
        let key = KeyPair::generate().unwrap();
        let parameters = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let certificate = parameters.self_signed(&key).unwrap().pem();
        let path = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(path("certificate"), &certificate).unwrap();
        std::fs::write(path("key"), key.serialize_pem()).unwrap();
        std::fs::write(path("password"), "secret\n").unwrap();
        let certificate_path = path("certificate");
        let key_path = path("key");
        let arguments = ["--certificate", &certificate_path, "--key", &key_path];
        let Some(server) = MailServer::start(&[&arguments[..], more].concat()) else {
            return;
        };
        let text = format!(
            "host = \"localhost\"\nport = {}\nencryption = \"{encryption}\"\nuser = \"tandem\"\n\
         password-file = \"{}\"\nfrom = \"tandem@example.com\"\n",
            server.port,
            path("password"),
        );
        let section: SmtpSection = toml::from_str(&text).unwrap();
        let store = store().await;
        write(&store, &["it@example.com", "boss@example.com"]).await;

        // Nobody vouches for the certificate: nothing is sent.
        let sender = Sender::start(&store, Smtp::new(&section, &[]).unwrap());
        while unsent(&store).await[0].failures == 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        sender.stop().await;
        let left = unsent(&store).await;
        let error = left[0].error.clone().unwrap();
        assert!(error.to_lowercase().contains("certificate"), "{error}");

        let smtp = Smtp::new(&section, &[certificate.into_bytes()]).unwrap();
        let sender = Sender::start(&store, smtp);
        let taken = server.wait_for(1).await;
        sender.stop().await;
        let mail = &taken[0];
        assert_eq!(mail["tls"], true);
        assert_eq!(mail["authenticated"], true);
        assert_eq!(mail["from"], "tandem@example.com");
        assert_eq!(mail["to"][1], "boss@example.com");
        let text = mail["text"].as_str().unwrap();
        assert!(text.contains("Auto-Submitted: auto-generated"), "{text}");
        assert!(
            text.contains("Content-Type: multipart/alternative;"),
            "{text}"
        );
        assert!(
            text.contains(&format!("Message-ID: <{}@example.com>", left[0].id)),
            "{text}"
        );
        assert!(unsent(&store).await.is_empty());
    }
}

#[tokio::test]
async fn a_mail_that_is_refused_for_now_is_sent_later_and_once() {
    let Some(server) = MailServer::start(&["--fail-first", "2"]) else {
        return;
    };
    let store = store().await;
    write(&store, &["it@example.com"]).await;
    // Two hosts share the database; only one of them sends.
    let senders = [(); 2].map(|()| Sender::start(&store, plain(server.port)));
    let taken = server.wait_for(1).await;
    assert!(taken[0]["text"].as_str().unwrap().contains("Subject: "));
    for sender in senders {
        sender.stop().await;
    }
    assert!(unsent(&store).await.is_empty());
}

#[tokio::test]
async fn a_mail_survives_a_server_that_is_down_and_a_restart() {
    let Some(server) = MailServer::start(&[]) else {
        return;
    };
    let port = server.port;
    drop(server);
    let store = store().await;
    write(&store, &["it@example.com"]).await;
    let sender = Sender::start(&store, plain(port));
    while unsent(&store).await[0].failures < 2 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    sender.stop().await;
    assert!(unsent(&store).await[0].error.is_some());
    let Some(server) = MailServer::start(&["--port", &port.to_string()]) else {
        return;
    };
    let sender = Sender::start(&store, plain(port));
    server.wait_for(1).await;
    sender.stop().await;
    assert!(unsent(&store).await.is_empty());
}

#[tokio::test]
async fn an_address_that_does_not_exist_does_not_keep_the_mail_from_the_others() {
    let Some(server) = MailServer::start(&[]) else {
        return;
    };
    let store = store().await;
    write(&store, &["nobody@example.com", "it@example.com"]).await;
    write(&store, &["nobody@example.com"]).await;
    let sender = Sender::start(&store, plain(server.port));
    let taken = server.wait_for(1).await;
    sender.stop().await;
    assert_eq!(taken[0]["to"], serde_json::json!(["it@example.com"]));
    let left = unsent(&store).await;
    assert_eq!(left.len(), 1, "nobody got it, so it stays");
    assert!(
        left[0].error.as_ref().unwrap().contains("no such user"),
        "{left:?}"
    );
}

#[test]
fn a_host_that_serves_sends_what_its_operators_file_lets_it() {
    let Some(server) = MailServer::start(&[]) else {
        return;
    };
    let place = Place::applied();
    place.in_the_database(async |tenant| {
        let mut transaction = tenant.begin().await.unwrap();
        let mail = NewMail {
            to: vec!["it@example.com".to_owned()],
            subject: "Hello".to_owned(),
            text: "From a host.\n".to_owned(),
            html: None,
            cause: None,
        };
        mail::write(&mut transaction, &mail).await.unwrap();
        transaction.commit().await.unwrap();
    });
    place.operator(&format!(
        "[smtp]\nhost = \"127.0.0.1\"\nport = {}\nencryption = \"none\"\nfrom = \"tandem@example.com\"\n",
        server.port
    ));
    let mut host = place.command(&["serve"]).spawn().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // Beside it the one that tells Anna that she was enabled.
    let taken = runtime.block_on(server.wait_for(2));
    host.kill().unwrap();
    host.wait().unwrap();
    let texts: Vec<&str> = taken
        .iter()
        .map(|mail| mail["text"].as_str().unwrap())
        .collect();
    for said in ["From a host.", "Hello Anna,"] {
        assert!(texts.iter().any(|text| text.contains(said)), "{texts:?}");
    }
}
