use std::sync::Arc;

use tandem::capability::http::{AllowedNetworks, HttpClient, NetworkOptions, install_tls};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::setting::{codes, config, load, order};

/// A server with a certificate for 127.0.0.1, and the PEM text of the authority behind it.
async fn start() -> (String, String) {
    install_tls();
    let mut authority = rcgen::CertificateParams::new([]).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority_key = rcgen::KeyPair::generate().unwrap();
    let authority_pem = authority.self_signed(&authority_key).unwrap().pem();
    let issuer = rcgen::Issuer::new(authority, authority_key);
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(["127.0.0.1".to_owned()])
        .unwrap()
        .signed_by(&key, &issuer)
        .unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let server = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(server));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let _ = stream.read(&mut [0; 1024]).await;
                let _ = stream
                    .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello")
                    .await;
                let _ = stream.shutdown().await;
            }
        }
    });
    (url, authority_pem)
}

async fn code(url: &str, authorities: &[&str]) -> String {
    let component = load(guests::WANDERER).await;
    let mut config = config(&component, url);
    config.http = HttpClient::new(&NetworkOptions {
        allowed_networks: AllowedNetworks::parse(&["127.0.0.1"]).unwrap(),
        extra_authorities: authorities
            .iter()
            .map(|pem| pem.as_bytes().to_vec())
            .collect(),
        ..NetworkOptions::default()
    })
    .unwrap();
    let (findings, _) = order(&component, config, url, &format!("GET {url}")).await;
    codes(&findings)[0].to_owned()
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused_and_told_as_such() {
    let (url, _) = start().await;
    assert_eq!(code(&url, &[]).await, "ErrorCode::TlsCertificateError");
}

#[tokio::test]
async fn an_operators_authority_is_trusted_for_its_own_names_only() {
    let (url, authority) = start().await;
    assert_eq!(code(&url, &[&authority]).await, "200");
    let (_, other) = start().await;
    assert_eq!(
        code(&url, &[&other]).await,
        "ErrorCode::TlsCertificateError"
    );
    let by_name = url.replace("127.0.0.1", "localhost");
    assert_eq!(
        code(&by_name, &[&authority]).await,
        "ErrorCode::TlsCertificateError"
    );
}
