//! Two tenants with a user each, and a caller with a token of the first.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::answer::Answer;
use crate::api::{ApiState, BASE, router};
use crate::contract::{MailboxId, PsaId, SecretState, Settings, TenantId};
use crate::host::Host;
use crate::settings::document::{ProfileDocument, SettingsDocument};
use crate::settings::effective;
use crate::store::{Tenant, mailbox, settings};
use crate::testing;

/// A host with the tenants `acme` (user `ada`) and `other` (user `olga`).
pub struct World {
    pub host: Host,
    pub acme: Tenant,
    router: Router,
    token: String,
    stranger: String,
}

impl World {
    pub async fn new() -> Self {
        Self::with_network(&[]).await
    }

    /// The same, where the operator allows these networks.
    pub async fn with_network(networks: &[&str]) -> Self {
        let host = testing::host(networks).await;
        let mut tokens = Vec::new();
        for (id, user) in [("acme", "ada"), ("other", "olga")] {
            let tenant = TenantId { value: id.into() };
            host.store.tenants().create(&tenant, id).await.unwrap();
            let token = host.store.tokens().create(&tenant, "test").await.unwrap();
            tokens.push(token.expose_secret().to_owned());
            testing::add_user(&host.store.tenant(&tenant), user).await;
        }
        let [token, stranger] = tokens.try_into().unwrap();
        let acme = host.store.tenant(&TenantId {
            value: "acme".into(),
        });
        Self {
            router: router(ApiState { host: host.clone() }),
            host,
            acme,
            token,
            stranger,
        }
    }

    /// The interface of a host that is set up already; its tenant takes acme's place.
    pub async fn around(host: &Host, tenant: &TenantId) -> Self {
        let token = host.store.tokens().create(tenant, "test").await.unwrap();
        Self {
            host: host.clone(),
            acme: host.store.tenant(tenant),
            router: router(ApiState { host: host.clone() }),
            token: token.expose_secret().to_owned(),
            stranger: String::new(),
        }
    }

    /// A request of acme.
    pub async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let token = format!("Bearer {}", self.token);
        self.send(method, path, &[("authorization", &token)], body)
            .await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path, Some(body)).await
    }

    /// A change that was made on a version.
    pub async fn change(
        &self,
        method: &str,
        path: &str,
        if_match: &str,
        body: Option<Value>,
    ) -> Answer {
        let token = format!("Bearer {}", self.token);
        let headers = [("authorization", token.as_str()), ("if-match", if_match)];
        self.send(method, path, &headers, body).await
    }

    /// The other tenant's token.
    pub fn stranger(&self) -> String {
        format!("Bearer {}", self.stranger)
    }

    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(format!("{BASE}{path}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.raw(request.body(body).unwrap()).await
    }

    /// A request as it is.
    pub async fn raw(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    /// A request of acme whose body is no JSON of ours.
    pub async fn post_text(&self, path: &str, media: &str, body: String) -> Answer {
        let request = Request::builder()
            .method("POST")
            .uri(format!("{BASE}{path}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", media);
        self.raw(request.body(Body::from(body)).unwrap()).await
    }

    /// Makes an appointment of Ada's and gives its key.
    pub async fn appointment(&self, title: &str) -> String {
        let made = self.post("/appointments", timed(title)).await.expect(201);
        made["id"].as_str().unwrap().to_owned()
    }

    /// Saves settings for acme, and permits a user a mailbox with a saved profile.
    pub async fn mailbox(&self, resource: &str) -> MailboxId {
        let settings = self.save_settings(true).await;
        let mut transaction = self.acme.begin().await.unwrap();
        let id = PsaId {
            value: resource.into(),
        };
        let address = format!("{resource}@acme.example");
        let allowed = mailbox::allow(&mut transaction, &id, &address)
            .await
            .unwrap();
        let profile = effective::profile(&ProfileDocument::default(), &settings);
        mailbox::save_profile(&mut transaction, &allowed.id, &profile)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        allowed.id
    }

    pub async fn save_settings(&self, enabled: bool) -> Settings {
        let document = SettingsDocument {
            enabled,
            ..SettingsDocument::default()
        };
        let wanted = effective::settings(&document, SecretState::Absent);
        let version = settings::get(&self.acme).await.unwrap().version;
        let mut transaction = self.acme.begin().await.unwrap();
        settings::save(&mut transaction, &wanted, version)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        wanted
    }
}

/// A new appointment of Ada's at times.
pub fn timed(title: &str) -> Value {
    json!({
        "resource": "ada", "title": title,
        "start": "2026-03-01T09:00:00Z", "end": "2026-03-01T10:00:00Z",
    })
}
