//! The server over TLS.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::sync::Arc;

use exchange::{Config, Exchange, Tls, serve_encrypted};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;

async fn ask(address: std::net::SocketAddr, authority: &str) -> std::io::Result<String> {
    let mut trusted = RootCertStore::empty();
    trusted
        .add(CertificateDer::from_pem_slice(authority.as_bytes()).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(trusted)
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let mut stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await?;
    let request = "GET /control/counters HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8(answer).unwrap())
}

#[tokio::test]
async fn only_who_trusts_its_authority_speaks_with_it() {
    let tls = Tls::for_names(&["127.0.0.1"]).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let running = serve_encrypted(Exchange::new(Config::default()), listener, &tls).unwrap();
    assert!(running.url().starts_with("https://127.0.0.1:"));
    // somebody who says nothing keeps nobody waiting
    let _silent = TcpStream::connect(running.address).await.unwrap();
    let answer = ask(running.address, &tls.authority).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"));
    let other = Tls::for_names(&["127.0.0.1"]).unwrap();
    assert!(ask(running.address, &other.authority).await.is_err());
}
