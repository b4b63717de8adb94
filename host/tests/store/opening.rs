//! Opening a database: what is accepted, and what is refused without a trace.

use crate::place::{self, Place};
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use tandem::store::{Database, StoreError};

async fn count(place: &Place, sql: &'static str) -> i64 {
    if place.is_postgres() {
        let mut connection = PgConnection::connect(&place.url).await.unwrap();
        sqlx::query_scalar(sql)
            .fetch_one(&mut connection)
            .await
            .unwrap()
    } else {
        let mut connection = SqliteConnection::connect(&place.url).await.unwrap();
        sqlx::query_scalar(sql)
            .fetch_one(&mut connection)
            .await
            .unwrap()
    }
}

on_each_database! {
    async fn what_was_kept_is_there_after_opening_again(place: &Place) {
        let store = place.store().await;
        place::tenant(&store, "acme").await;
        store.database().close().await;
        let again = place.store().await;
        assert_eq!(again.tenants().list().await.unwrap()[0].id.value, "acme");
    }

    async fn two_hosts_open_a_new_database_at_once(place: &Place) {
        let (a, b) = tokio::join!(Database::open(&place.url), Database::open(&place.url));
        a.unwrap();
        b.unwrap();
    }

    async fn a_newer_database_is_refused_and_not_changed(place: &Place) {
        place.store().await.database().close().await;
        let migrations = "SELECT COUNT(*) FROM _sqlx_migrations";
        let before = count(place, migrations).await;
        let newer = "INSERT INTO _sqlx_migrations
                         (version, description, success, checksum, execution_time)
                     VALUES (9000, 'from the future', true, 'x', 0)";
        place.by_hand(newer).await;
        let refused = Database::open(&place.url).await.unwrap_err();
        assert!(
            matches!(refused, StoreError::NewerDatabase { found: 9000, known: ..9000, .. }),
            "{refused}"
        );
        assert!(refused.to_string().contains("newer version of Tandem"), "{refused}");
        assert_eq!(count(place, migrations).await, before + 1);
    }

    async fn the_clock_can_be_moved_and_runs_on(place: &Place) {
        let database = place.store().await.database().clone();
        let noon = tandem::contract::Instant { microseconds: crate::sample::NOON };
        database.set_clock(noon).await.unwrap();
        let now = database.now().await.unwrap().microseconds;
        assert!((0..60_000_000).contains(&(now - crate::sample::NOON)), "{now}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    for text in ["short", "a longer text that is not a database either"] {
        std::fs::write(&path, text).unwrap();
        let refused = Database::open(&format!("sqlite:{}", path.display()))
            .await
            .unwrap_err();
        assert!(
            matches!(refused, StoreError::NotADatabase { .. }),
            "{refused}"
        );
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}

#[tokio::test]
async fn a_truncated_or_overwritten_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken.sqlite");
    std::fs::write(
        &path,
        [b"SQLite format 3\0".as_slice(), &[7; 5000]].concat(),
    )
    .unwrap();
    let refused = Database::open(&format!("sqlite:{}", path.display()))
        .await
        .unwrap_err();
    assert!(
        matches!(refused, StoreError::NotADatabase { .. }),
        "{refused}"
    );
}

#[tokio::test]
async fn another_programs_database_is_refused_and_not_changed() {
    let place = Place::sqlite().await;
    let url = format!("{}?mode=rwc", place.url);
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    connection
        .execute("CREATE TABLE recipe (name TEXT)")
        .await
        .unwrap();
    connection.close().await.unwrap();
    let before = std::fs::read(place.file().unwrap()).unwrap();
    let refused = Database::open(&place.url).await.unwrap_err();
    assert!(
        matches!(refused, StoreError::ForeignDatabase { .. }),
        "{refused}"
    );
    assert_eq!(std::fs::read(place.file().unwrap()).unwrap(), before);
}

#[tokio::test]
async fn an_unknown_url_names_the_accepted_ones() {
    let refused = Database::open("mysql://root:hunter2@localhost/x")
        .await
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("postgres://") && !refused.contains("hunter2"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_missing_folder_is_named() {
    let refused = Database::open("sqlite:/nowhere/at/all.sqlite")
        .await
        .unwrap_err()
        .to_string();
    assert!(refused.contains("/nowhere/at/all.sqlite"), "{refused}");
}

#[tokio::test]
async fn memory_is_shared_by_all_connections_and_gone_at_the_end() {
    let database = Database::open("sqlite::memory:").await.unwrap();
    let other = database.clone();
    tandem::store::host::put(&database, "greeting", "hello")
        .await
        .unwrap();
    let read = tandem::store::host::get(&other, "greeting").await.unwrap();
    assert_eq!(read.as_deref(), Some("hello"));
    let fresh = Database::open("sqlite::memory:").await.unwrap();
    assert_eq!(
        tandem::store::host::get(&fresh, "greeting").await.unwrap(),
        None
    );
}
