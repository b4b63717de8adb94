//! Who may reach what: every route of the one list, tried as everybody.

use axum::body::Body;

use super::answer::Answer;
use super::world::{Browser, World};
use crate::web::{Reach, Route, routes};

/// A path of a route with keys of acme's in it. A new variable segment says here what it is.
fn filled(path: &str) -> String {
    let mut filled = path.to_owned();
    for (segment, key) in [
        ("{user}", "ada"),
        ("{name}", "tandem.css"),
        ("{secret}", "0000"),
        ("{kind}", "appointment"),
        ("{id}", "a"),
        ("{run}", "r"),
    ] {
        filled = filled.replace(segment, key);
    }
    assert!(!filled.contains('{'), "say what stands in {path}");
    filled
}

async fn ask(world: &World, browser: &Browser, route: &Route) -> Answer {
    let path = filled(route.path);
    match route.method.as_str() {
        "GET" => world.get(browser, &path).await,
        _ => world.post(browser, &path, &[]).await,
    }
}

fn is_sent_to_sign_in(answer: &Answer) -> bool {
    answer.status == 303 && answer.header("location").starts_with("/sign-in")
}

#[tokio::test]
async fn every_route_is_for_whom_it_says_and_nobody_else() {
    let world = World::new().await;
    for route in routes() {
        let name = format!("{} {}", route.method, route.path);
        let own = route.path.contains("{user}");
        // Each asks with a session of its own: to sign out ends one.
        let nobody = ask(&world, &Browser::default(), &route).await;
        let refused = is_sent_to_sign_in(&nobody);
        assert_eq!(refused, route.reach != Reach::Anyone, "nobody: {name}");
        let tries = [
            (
                world.user(&world.acme, "ada").await,
                route.reach == Reach::Admin,
            ),
            (
                world.user(&world.acme, "bob").await,
                matches!(route.reach, Reach::Admin | Reach::OwnOrAdmin),
            ),
            (world.admin(&world.acme).await, false),
        ];
        for (number, (browser, is_forbidden)) in tries.iter().enumerate() {
            let answer = ask(&world, browser, &route).await;
            assert_eq!(answer.status == 403, *is_forbidden, "{number}: {name}");
            assert_ne!(
                answer.status.as_u16() / 100,
                5,
                "{number}: {name}: {}",
                answer.text
            );
            assert!(
                !is_sent_to_sign_in(&answer) || name.ends_with("sign-out"),
                "{number}: {name}"
            );
        }
        let stranger = world.admin(&world.other).await;
        let answer = ask(&world, &stranger, &route).await;
        if own {
            assert_eq!(
                answer.status, 404,
                "another tenant: {name}: {}",
                answer.text
            );
        }
        assert!(!answer.text.contains("ada@"), "another tenant: {name}");
    }
}

#[tokio::test]
async fn a_route_with_a_user_in_its_path_is_for_that_user_or_an_administrator() {
    for route in routes() {
        let is_of_user = route.path.contains("{user}");
        let reach = route.reach;
        assert!(
            !is_of_user || matches!(reach, Reach::OwnOrAdmin | Reach::Admin),
            "{}",
            route.path
        );
        assert!(is_of_user || reach != Reach::OwnOrAdmin, "{}", route.path);
    }
}

#[tokio::test]
async fn every_form_needs_the_sessions_token_and_comes_from_our_own_page() {
    let world = World::new().await;
    for route in routes().iter().filter(|route| route.method == "POST") {
        let path = filled(route.path);
        let admin = world.admin(&world.acme).await;
        let foreign = [("origin", "https://evil.example")];
        let answer = world
            .send(&admin, "POST", &path, &foreign, Body::empty())
            .await;
        answer.says(403, &["out of date"]);
        let answer = world.post_bare(&admin, &path, &[]).await;
        if route.reach == Reach::Anyone {
            continue;
        }
        answer.says(403, &["out of date"]);
        let other = world.admin(&world.acme).await;
        let stolen = [("form-token", other.token.as_str())];
        world.post_bare(&admin, &path, &stolen).await.expect(403);
        for nonsense in ["", "zz", "é", "00"] {
            let fields = [("form-token", nonsense)];
            world.post_bare(&admin, &path, &fields).await.expect(403);
        }
    }
}

#[tokio::test]
async fn every_answer_forbids_code_frames_and_keeping() {
    let world = World::new().await;
    let admin = world.admin(&world.acme).await;
    let paths = routes().into_iter().filter(|route| route.method == "GET");
    let paths = paths.map(|route| filled(route.path));
    for path in paths.chain(["/nothing/here".to_owned()]) {
        let answer = world.get(&admin, &path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        let keeping = match path.starts_with("/assets/") {
            true => "no-cache",
            false => "no-store",
        };
        assert_eq!(answer.header("cache-control"), keeping, "{path}");
        for inline in ["<style", " style=", "onclick", "javascript:"] {
            assert!(!answer.text.contains(inline), "{path}: {inline}");
        }
        assert!(!answer.text.contains("<script>"), "{path}");
    }
}

#[tokio::test]
async fn a_page_that_does_not_exist_says_so() {
    let world = World::new().await;
    let nobody = Browser::default();
    world
        .get(&nobody, "/nothing")
        .await
        .says(404, &["no such page"]);
}

#[tokio::test]
async fn an_asset_that_the_browser_has_is_not_sent_again() {
    let world = World::new().await;
    let nobody = Browser::default();
    let first = world.get(&nobody, "/assets/tandem.css").await;
    first.says(200, &["prefers-color-scheme"]);
    let known = [("if-none-match", first.header("etag"))];
    let again = world
        .send(&nobody, "GET", "/assets/tandem.css", &known, Body::empty())
        .await;
    assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
    world.get(&nobody, "/assets/other.css").await.expect(404);
}
