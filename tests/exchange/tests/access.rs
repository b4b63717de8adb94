//! Tokens, mailboxes, permissions, limits and faults.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use exchange::{Access, Behaviour, Effect, Fault};
use serde_json::{Value, json};
use support::{ANNA, BERLIN, Server, hour};

fn ask_token(server: &Server, tenant: &str, client: &str, secret: &str) -> support::Reply {
    let form = format!(
        "grant_type=client_credentials&client_id={client}&client_secret={secret}&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"
    );
    let path = format!("/{tenant}/oauth2/v2.0/token");
    server
        .try_send(
            "POST",
            &path,
            &[("Content-Type", "application/x-www-form-urlencoded")],
            &form,
        )
        .unwrap()
}

#[test]
fn a_token_is_given_for_the_right_secret_and_expires_by_the_models_clock() {
    let server = Server::start();
    let known = server.exchange.credentials();
    let reply = ask_token(
        &server,
        &known.tenant,
        &known.client_id,
        &known.client_secret,
    );
    assert_eq!(reply.status, 200, "{}", reply.text);
    let bearer = format!("Bearer {}", reply.json()["access_token"].as_str().unwrap());
    let get = || {
        server
            .try_send(
                "GET",
                &format!("/v1.0/users/{ANNA}"),
                &[("Authorization", &bearer)],
                "",
            )
            .unwrap()
    };
    assert_eq!(get().status, 200);
    server.exchange.advance(chrono::Duration::hours(1));
    assert_eq!(
        (get().status, get().code()),
        (401, "InvalidAuthenticationToken".to_owned())
    );
    assert_eq!(server.exchange.counters().tokens, 1);
}

#[test]
fn entra_refuses_by_number() {
    let server = Server::start();
    let known = server.exchange.credentials();
    let number = |tenant: &str, client: &str, secret: &str| {
        let reply = ask_token(&server, tenant, client, secret).json();
        assert!(
            reply["error_description"]
                .as_str()
                .unwrap()
                .starts_with("AADSTS")
        );
        reply["error_codes"][0].as_u64().unwrap()
    };
    assert_eq!(
        number("nowhere", &known.client_id, &known.client_secret),
        90002
    );
    assert_eq!(
        number(&known.tenant, "nobody", &known.client_secret),
        700_016
    );
    assert_eq!(number(&known.tenant, &known.client_id, "wrong"), 7_000_215);
    server.exchange.set_behaviour(Behaviour {
        secret_expired: true,
        ..Behaviour::default()
    });
    assert_eq!(
        number(&known.tenant, &known.client_id, &known.client_secret),
        7_000_222
    );
}

#[test]
fn without_a_token_there_is_a_401_with_ids() {
    let server = Server::start();
    let reply = server
        .try_send(
            "GET",
            &format!("/v1.0/users/{ANNA}"),
            &[("client-request-id", "my-id")],
            "",
        )
        .unwrap();
    assert_eq!(
        (reply.status, reply.code()),
        (401, "InvalidAuthenticationToken".to_owned())
    );
    assert_eq!(reply.header("client-request-id"), Some("my-id"));
    assert_eq!(
        reply.json()["error"]["innerError"]["client-request-id"],
        "my-id"
    );
    assert_eq!(
        reply.header("request-id"),
        reply.json()["error"]["innerError"]["request-id"].as_str()
    );
}

#[test]
fn what_validation_asks_is_answered() {
    let server = Server::start();
    let calendar = server.anna("/calendar?$select=id,name,canEdit").json();
    assert_eq!(
        (&calendar["name"], &calendar["canEdit"]),
        (&json!("Calendar"), &json!(true))
    );
    assert!(calendar.get("owner").is_none());
    assert_eq!(
        server.anna("/mailboxSettings?$select=timeZone").json()["timeZone"],
        BERLIN
    );
    assert_eq!(
        server.anna("/contacts?$top=1&$select=id").json()["value"],
        json!([])
    );
    assert_eq!(server.anna("").json()["mail"], ANNA);
    assert_eq!(
        server.anna("/calendars").json()["value"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_mailbox_can_be_unknown_without_licence_or_out_of_reach() {
    let server = Server::start();
    assert_eq!(
        server.get("/v1.0/users/nobody@example.com/calendar").code(),
        "ErrorInvalidUser"
    );
    let anna = server.exchange.person(ANNA);
    anna.set_access(Access {
        contacts: false,
        ..Access::default()
    })
    .unwrap();
    assert_eq!(
        (
            server.anna("/contacts").status,
            server.anna("/contacts").code()
        ),
        (403, "ErrorAccessDenied".to_owned())
    );
    assert_eq!(server.anna("/calendar").status, 200);
    anna.set_access(Access {
        licensed: false,
        ..Access::default()
    })
    .unwrap();
    assert_eq!(
        server.anna("/calendar").code(),
        "MailboxNotEnabledForRESTAPI"
    );
}

#[test]
fn only_allowed_user_agents_come_in() {
    let server = Server::start();
    server.exchange.set_behaviour(Behaviour {
        allowed_user_agent: "Tandem/".to_owned(),
        ..Behaviour::default()
    });
    assert_eq!(server.anna("").status, 403);
    let path = format!("/v1.0/users/{ANNA}");
    assert_eq!(
        server
            .send_with("GET", &path, &[("User-Agent", "Tandem/1.0")], &Value::Null)
            .status,
        200
    );
}

#[test]
fn a_mailbox_is_throttled_when_its_ten_minutes_are_used_up() {
    let server = Server::start();
    server.exchange.set_behaviour(Behaviour {
        requests_in_ten_minutes: 3,
        ..Behaviour::default()
    });
    for _ in 0..3 {
        assert_eq!(server.anna("").status, 200);
    }
    let reply = server.anna("");
    assert_eq!(
        (reply.status, reply.header("Retry-After")),
        (429, Some("600"))
    );
    server.exchange.advance(chrono::Duration::minutes(10));
    assert_eq!(server.anna("").status, 200);
}

#[test]
fn a_fault_hits_what_it_names_and_is_used_up() {
    let server = Server::start();
    let effect = Effect::Status {
        status: 503,
        code: None,
        retry_after: Some(7),
    };
    server.exchange.add_fault(
        Fault::next(effect)
            .method("GET")
            .path("/calendars")
            .after(1)
            .times(2),
    );
    let statuses: Vec<u16> = (0..4).map(|_| server.anna("/calendars").status).collect();
    assert_eq!(statuses, [200, 503, 503, 200]);
    assert_eq!(server.anna("").status, 200);
}

#[test]
fn a_create_can_take_effect_and_still_be_answered_with_504_or_not_at_all() {
    let server = Server::start();
    let after = Effect::StatusAfter {
        status: 504,
        code: None,
        retry_after: None,
    };
    server.exchange.add_fault(Fault::next(after).method("POST"));
    assert_eq!(server.create(&hour("a", "2026-11-23T09:00:00")).status, 504);
    server
        .exchange
        .add_fault(Fault::next(Effect::CutAfter).method("POST"));
    let bearer = format!("Bearer {}", server.exchange.token());
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Content-Type", "application/json"),
    ];
    let body = hour("b", "2026-11-23T09:00:00").to_string();
    assert!(
        server
            .try_send(
                "POST",
                &format!("/v1.0/users/{ANNA}/events"),
                &headers,
                &body
            )
            .is_none()
    );
    server
        .exchange
        .add_fault(Fault::next(Effect::Cut).method("POST"));
    assert!(
        server
            .try_send(
                "POST",
                &format!("/v1.0/users/{ANNA}/events"),
                &headers,
                &body
            )
            .is_none()
    );
    assert_eq!(server.exchange.person(ANNA).events().unwrap().len(), 2);
}

#[test]
fn answers_can_be_late_empty_or_a_sign_on_page() {
    let server = Server::start();
    server.create(&hour("a", "2026-11-23T09:00:00"));
    server
        .exchange
        .add_fault(Fault::next(Effect::Delay { milliseconds: 150 }));
    let begin = std::time::Instant::now();
    assert_eq!(server.anna("/events").status, 200);
    assert!(begin.elapsed().as_millis() >= 150);
    server.exchange.add_fault(Fault::next(Effect::EmptyPage));
    assert_eq!(server.anna("/events").json()["value"], json!([]));
    server.exchange.add_fault(Fault::next(Effect::SignOnPage));
    let page = server.anna("/events");
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, Some("text/html; charset=utf-8"))
    );
    server.exchange.add_fault(Fault::next(Effect::TokenExpired));
    assert_eq!(server.anna("/events").status, 401);
    server
        .exchange
        .add_fault(Fault::next(Effect::CursorExpired).path("delta"));
    assert_eq!(
        server
            .anna(&format!("/calendarView/delta?{}", support::WINDOW))
            .code(),
        "SyncStateNotFound"
    );
}

#[test]
fn what_is_held_is_answered_when_the_faults_are_cleared() {
    let server = Server::start();
    let holds = Fault::next(Effect::Hold).path("/calendar").times(0);
    server.exchange.add_fault(holds);
    std::thread::scope(|scope| {
        let held = scope.spawn(|| server.anna("/calendar").status);
        // Everything else is answered meanwhile, and this as late as it is let go.
        for _ in 0..20 {
            assert_eq!(server.anna("/mailboxSettings").status, 200);
        }
        assert!(!held.is_finished());
        server.exchange.clear_faults();
        assert_eq!(held.join().unwrap(), 200);
    });
}

#[test]
fn the_same_calls_give_the_same_answers() {
    let run = || {
        let server = Server::start();
        let id = server.create(&hour("a", "2026-11-23T09:00:00")).id();
        server.patch(&id, &json!({ "subject": "b" }));
        server
            .anna(&format!("/events/{id}"))
            .text
            .replace(&server.url(), "")
    };
    assert_eq!(run(), run());
}

#[test]
fn a_mailbox_takes_four_requests_at_once_and_no_more() {
    let server = Server::start();
    let slow = Effect::Delay { milliseconds: 400 };
    server.exchange.add_fault(Fault::next(slow).times(0));
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..5)
            .map(|_| scope.spawn(|| server.anna("/calendar").status))
            .collect();
        asked
            .into_iter()
            .map(|asked| asked.join().unwrap())
            .collect()
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 429]);
}

#[test]
fn a_mailbox_may_have_a_zone_that_nobody_knows() {
    let server = Server::start();
    server
        .exchange
        .add_mailbox("bo@example.com", "Customized Time Zone");
    let settings = server
        .get("/v1.0/users/bo@example.com/mailboxSettings")
        .json();
    assert_eq!(settings["timeZone"], "Customized Time Zone");
}
