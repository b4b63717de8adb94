//! Where a test runs: a database of its own, of either kind, that several hosts can open.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Once;

use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use tandem::contract::{MailboxId, PsaId, TenantId};
use tandem::psa::resource;
use tandem::store::{Database, SecretKey, Store, Tenant, mailbox, settings};

use crate::sample;

/// The skipping is said once.
static SAID: Once = Once::new();

/// A database of its own.
pub struct Place {
    /// What a host is given.
    pub url: String,
    folder: tempfile::TempDir,
    schema: Option<(String, String)>,
}

impl Place {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("tandem.sqlite").display());
        Self {
            url,
            folder,
            schema: None,
        }
    }

    /// None, said plainly, when there is no PostgreSQL to test on.
    pub async fn postgres() -> Option<Self> {
        let Ok(base) = std::env::var("TANDEM_TEST_POSTGRES") else {
            assert_ne!(
                std::env::var("CI").as_deref(),
                Ok("true"),
                "TANDEM_TEST_POSTGRES is not set, and in CI every test runs on PostgreSQL too"
            );
            // Not by eprintln, which the test runner swallows.
            SAID.call_once(|| {
                let text =
                    "SKIPPED: the PostgreSQL half of these tests, TANDEM_TEST_POSTGRES holds no URL\n";
                std::io::stderr().write_all(text.as_bytes()).unwrap();
            });
            return None;
        };
        let schema = format!("test_{}", tandem::store::codec::new_id().replace('-', ""));
        administer(&base, format!("CREATE SCHEMA {schema}")).await;
        let mark = if base.contains('?') { '&' } else { '?' };
        let url = format!("{base}{mark}options=-c%20search_path%3D{schema}");
        Some(Self {
            url,
            folder: tempfile::tempdir().unwrap(),
            schema: Some((base, schema)),
        })
    }

    /// The path of the SQLite file.
    pub fn file(&self) -> Option<PathBuf> {
        self.schema
            .is_none()
            .then(|| self.folder.path().join("tandem.sqlite"))
    }

    pub fn is_postgres(&self) -> bool {
        self.schema.is_some()
    }

    /// A host of its own on this database; hosts share the key.
    pub async fn store(&self) -> Store {
        let key = SecretKey::from_file(&self.folder.path().join("key"), true).unwrap();
        Store::new(Database::open(&self.url).await.unwrap(), key)
    }

    /// What somebody does to the database past the store.
    pub async fn by_hand(&self, sql: &'static str) {
        if self.is_postgres() {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            connection.execute(sql).await.unwrap();
        } else {
            let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
            connection.execute(sql).await.unwrap();
        }
    }

    pub async fn end(self) {
        if let Some((base, schema)) = self.schema {
            administer(&base, format!("DROP SCHEMA {schema} CASCADE")).await;
        }
    }
}

async fn administer(base: &str, sql: String) {
    let mut connection = PgConnection::connect(base).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

pub fn tenant_id(name: &str) -> TenantId {
    TenantId {
        value: name.to_owned(),
    }
}

pub fn psa_id(name: &str) -> PsaId {
    PsaId {
        value: name.to_owned(),
    }
}

/// A tenant with saved settings.
pub async fn tenant(store: &Store, name: &str) -> Tenant {
    store
        .tenants()
        .create(&tenant_id(name), name)
        .await
        .unwrap();
    let tenant = store.tenant(&tenant_id(name));
    let mut tx = tenant.begin().await.unwrap();
    settings::save(&mut tx, &sample::settings(), 0)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    tenant
}

/// A user without a mailbox.
pub async fn user(tenant: &Tenant, name: &str) -> PsaId {
    let mut tx = tenant.begin().await.unwrap();
    let made = resource::create(&mut tx, Some(&psa_id(name)), &sample::user(name))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    made.id
}

/// A user whose mailbox is permitted, has a profile and is due.
pub async fn mailbox_of(tenant: &Tenant, name: &str) -> MailboxId {
    let user = user(tenant, name).await;
    let mut tx = tenant.begin().await.unwrap();
    let allowed = mailbox::allow(&mut tx, &user, &format!("{name}@example.com"))
        .await
        .unwrap();
    mailbox::save_profile(&mut tx, &allowed.id, &sample::profile())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    allowed.id
}

/// Tests that run on each database.
macro_rules! on_each_database {
    ($(async fn $name:ident($place:ident: &Place) $body:block)*) => {
        $(mod $name {
            use super::*;

            async fn body($place: &Place) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let place = Place::sqlite().await;
                body(&place).await;
                place.end().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(place) = Place::postgres().await {
                    body(&place).await;
                    place.end().await;
                }
            }
        })*
    };
}
