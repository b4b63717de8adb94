//! The operator's file, the key file and the database that it names.

use sqlx::{Connection, SqliteConnection};

use crate::place::Place;

#[test]
fn an_unknown_name_in_the_operators_file_is_refused_before_anything_is_made() {
    let place = Place::new();
    for (text, words) in [
        (
            "databse = \"sqlite:tandem.db\"\n",
            vec!["databse", "tandem.toml"],
        ),
        ("[network]\nalow = []\n", vec!["alow"]),
        ("listen = \"everywhere\"\n", vec!["listen"]),
        ("[network]\nallow = [\"10.0.0.300\"]\n", vec!["10.0.0.300"]),
        (
            "[network]\nca-files = [\"missing.pem\"]\n",
            vec!["missing.pem"],
        ),
        ("database = \"mysql://x/y\"\n", vec!["mysql"]),
        (
            "database = \"sqlite:no/such/folder/tandem.db\"\n",
            vec!["no/such/folder"],
        ),
    ] {
        place.write("tandem.toml", text);
        place.run(&["sync"]).refused(&words);
    }
    let place = Place::new();
    std::fs::remove_file(place.path("tandem.toml")).unwrap();
    place.run(&["sync"]).refused(&["tandem.toml", "--config"]);
    assert!(!place.path("tandem.db").exists());
}

#[test]
fn a_file_that_is_no_database_is_left_as_it_was() {
    let place = Place::new();
    place.write(
        "tandem.db",
        "Dear diary, this is no database at all, but it is long enough.",
    );
    let before = std::fs::read(place.path("tandem.db")).unwrap();
    place.run(&["sync"]).refused(&["tandem.db"]);
    assert_eq!(before, std::fs::read(place.path("tandem.db")).unwrap());
}

#[test]
fn a_database_of_a_newer_version_is_left_as_it_was() {
    let place = Place::applied();
    place.runtime.block_on(async {
        let url = format!("sqlite:{}", place.path("tandem.db").display());
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        sqlx::query(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (9999, 'of tomorrow', TRUE, x'00', 1)",
        )
        .execute(&mut connection)
        .await
        .unwrap();
    });
    let before = place.dump();
    for command in [
        vec!["sync"],
        vec!["apply", "acme.toml"],
        vec!["validate"],
        vec!["token", "create"],
    ] {
        place.run(&command).refused(&["newer"]);
    }
    assert_eq!(before, place.dump());
}

#[test]
fn another_key_is_told_apart_from_a_wrong_secret() {
    let place = Place::applied();
    std::fs::remove_file(place.path("tandem.key")).unwrap();
    place.sync(&[]).refused(&["key"]);
    assert!(place.exchange.counters().requests == 0);
    place.write("tandem.key", "short");
    place.sync(&[]).refused(&["tandem.key"]);
}
