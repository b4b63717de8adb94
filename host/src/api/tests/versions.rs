//! Nobody overwrites what they did not see.

use serde_json::json;

use super::world::World;

#[tokio::test]
async fn a_change_without_a_version_is_refused() {
    let world = World::new().await;
    let path = format!("/appointments/{}", world.appointment("Visit").await);
    for method in ["PATCH", "DELETE"] {
        let answer = world.call(method, &path, Some(json!({"title": "x"}))).await;
        answer.problem(428, "version-needed");
    }
}

#[tokio::test]
async fn a_change_on_an_old_version_is_refused_naming_the_current_one() {
    let world = World::new().await;
    let path = format!("/appointments/{}", world.appointment("Visit").await);
    let old = world.get(&path).await.header("etag").to_owned();
    let change = |title: &str| Some(json!({ "title": title }));
    let first = world.change("PATCH", &path, &old, change("first")).await;
    let current = first.expect(200)["version"].clone();
    assert_ne!(old, first.header("etag"));
    for (method, body) in [
        ("PATCH", change("second")),
        // Judged by nothing but its version.
        ("PATCH", Some(json!({"last_day": "2020-01-01"}))),
        ("DELETE", None),
    ] {
        let answer = world.change(method, &path, &old, body).await;
        let problem = answer.problem(412, "version-stale");
        assert_eq!(problem["version"], current);
        assert_eq!(answer.header("etag"), format!("\"{current}\""));
    }
    let stayed = world.get(&path).await.expect(200);
    assert_eq!(stayed["title"], json!("first"));
}

#[tokio::test]
async fn a_change_that_changes_nothing_keeps_the_version() {
    let world = World::new().await;
    let path = format!("/appointments/{}", world.appointment("Visit").await);
    let tag = world.get(&path).await.header("etag").to_owned();
    for body in [json!({}), json!({"title": "Visit", "private": false})] {
        let answer = world.change("PATCH", &path, &tag, Some(body)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.header("etag"), tag);
    }
}

#[tokio::test]
async fn what_is_no_version_is_refused() {
    let world = World::new().await;
    let path = format!("/appointments/{}", world.appointment("Visit").await);
    let tag = world.get(&path).await.header("etag").to_owned();
    for given in [
        "*",
        "2",
        "\"\"",
        "\"-2\"",
        "\"+2\"",
        "\"two\"",
        "\"9223372036854775808\"",
        &format!("W/{tag}"),
        &format!("{tag}, \"7\""),
    ] {
        let body = Some(json!({"title": "x"}));
        let answer = world.change("PATCH", &path, given, body).await;
        let problem = answer.problem(400, "malformed-request");
        assert_eq!(problem["field"], json!("If-Match"), "{given}");
    }
}
