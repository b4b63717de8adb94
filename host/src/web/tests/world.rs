//! Two tenants with an administrator and users each, and browsers in which they are signed in.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use tower::ServiceExt;
use url::form_urlencoded;

use super::answer::Answer;
use crate::contract::{PsaId, TenantId};
use crate::host::Host;
use crate::psa::WebAddress;
use crate::store::{Tenant, account};
use crate::testing::{add_user, host};
use crate::web::password::Hashing;
use crate::web::{WebState, administrator, router};

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";

/// A host with the tenants `acme` (users `ada` and `bob`) and `other` (user `olga`), each with an
/// administrator.
pub struct World {
    pub host: Host,
    pub acme: Tenant,
    pub other: Tenant,
    router: Router,
}

/// Somebody's browser: it keeps the cookie and the token of the last page.
#[derive(Clone, Default)]
pub struct Browser {
    pub cookie: Option<String>,
    pub token: String,
}

impl World {
    pub async fn new() -> Self {
        Self::at("http://127.0.0.1:8080").await
    }

    /// The same, where people reach the pages at this address.
    pub async fn at(address: &str) -> Self {
        let mut host = host(&[]).await;
        host.web_address = WebAddress::new(address);
        for (id, users) in [("acme", &["ada", "bob"][..]), ("other", &["olga"])] {
            let tenant = TenantId { value: id.into() };
            host.store.tenants().create(&tenant, id).await.unwrap();
            let tenant = host.store.tenant(&tenant);
            for user in users {
                add_user(&tenant, user).await;
            }
        }
        let tenant = |id: &str| host.store.tenant(&TenantId { value: id.into() });
        let state = WebState::new(host.clone(), true);
        Self {
            acme: tenant("acme"),
            other: tenant("other"),
            router: router(state),
            host,
        }
    }

    /// The pages of a host that is set up already; its tenant takes acme's place.
    pub async fn around(host: &Host, tenant: &TenantId) -> Self {
        let other = TenantId {
            value: "other".into(),
        };
        host.store.tenants().create(&other, "other").await.unwrap();
        Self {
            acme: host.store.tenant(tenant),
            other: host.store.tenant(&other),
            router: router(WebState::new(host.clone(), true)),
            host: host.clone(),
        }
    }

    /// Lets a user sign in by the name `USER@TENANT`.
    pub async fn let_in(&self, tenant: &Tenant, user: &str) -> String {
        let name = format!("{user}@{}", tenant.id().value);
        let user = PsaId { value: user.into() };
        let password = SecretString::from(PASSWORD);
        let hash = Hashing::default().hash(password).await.unwrap();
        let mut transaction = tenant.begin().await.unwrap();
        account::set_name(&mut transaction, &user, &name)
            .await
            .unwrap();
        account::set_password(&mut transaction, &user, &hash)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        name
    }

    /// A browser in which this user is signed in.
    pub async fn user(&self, tenant: &Tenant, user: &str) -> Browser {
        if account::get(tenant, &PsaId { value: user.into() })
            .await
            .unwrap()
            .is_none()
        {
            self.let_in(tenant, user).await;
        }
        let user = PsaId { value: user.into() };
        let session = self.host.store.sessions().begin(tenant.id(), &user).await;
        let mut browser = Browser {
            cookie: Some(format!("tandem={}", session.unwrap().expose_secret())),
            token: String::new(),
        };
        let page = self.get(&browser, crate::web::own_password::PATH).await;
        browser.token = page.form_token();
        browser
    }

    /// A browser in which the tenant's administrator is signed in.
    pub async fn admin(&self, tenant: &Tenant) -> Browser {
        let user = PsaId {
            value: "administrator".into(),
        };
        if account::get(tenant, &user).await.unwrap().is_none() {
            administrator::make(tenant).await.unwrap();
        }
        self.user(tenant, "administrator").await
    }

    pub async fn get(&self, browser: &Browser, path: &str) -> Answer {
        self.send(browser, "GET", path, &[], Body::empty()).await
    }

    /// Posts a form as a page of ours would.
    pub async fn post(&self, browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = ("form-token", browser.token.as_str());
        self.post_bare(browser, path, &[&[token], fields].concat())
            .await
    }

    /// Posts exactly these fields.
    pub async fn post_bare(
        &self,
        browser: &Browser,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let form: String = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.send(browser, "POST", path, &headers, Body::from(form))
            .await
    }

    pub async fn send(
        &self,
        browser: &Browser,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:8080");
        if let Some(cookie) = &browser.cookie {
            request = request.header("cookie", cookie);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        // What never ends is not read to its end.
        let streams = parts
            .headers
            .get("content-type")
            .is_some_and(|it| it == "text/event-stream");
        let bytes = match streams {
            true => Default::default(),
            false => to_bytes(body, usize::MAX).await.unwrap(),
        };
        Answer {
            status: StatusCode::from_u16(parts.status.as_u16()).unwrap(),
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }
}
