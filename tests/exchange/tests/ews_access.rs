//! EWS: who is let in, for which mailbox, and how faults and limits look.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use exchange::{Access, Account, Behaviour, Effect, Fault};
use support::ews::{PATH, basic, envelope, impersonating};
use support::{ANNA, BERLIN, Server};

const GET_CALENDAR: &str = "<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>\
    <t:FieldURI FieldURI=\"folder:EffectiveRights\"/></t:AdditionalProperties></m:FolderShape><m:FolderIds>\
    <t:DistinguishedFolderId Id=\"calendar\"/></m:FolderIds></m:GetFolder>";

fn account(name: &str, impersonates: bool) -> Account {
    Account {
        name: name.to_owned(),
        password: "pass:word".to_owned(),
        impersonates,
    }
}

#[test]
fn an_account_opens_its_own_mailbox_and_a_service_account_every_one() {
    let server = Server::start();
    server.exchange.add_account(account(ANNA, false));
    server
        .exchange
        .add_account(account("EXAMPLE\\service", true));
    server.exchange.add_mailbox("ben@example.com", BERLIN);
    let own = basic(ANNA, "pass:word");
    let service = basic("example\\SERVICE", "pass:word");
    let ask = |authorization: &str, header: &str| {
        server.soap_as(authorization, &envelope(header, GET_CALENDAR))
    };
    assert_eq!(ask(&own, "").code(), "NoError");
    assert_eq!(ask(&own, &impersonating(ANNA)).code(), "NoError");
    assert_eq!(
        ask(&service, &impersonating("ben@example.com")).code(),
        "NoError"
    );

    let denied = ask(&own, &impersonating("ben@example.com"));
    assert_eq!(
        (denied.status, denied.code().as_str()),
        (500, "ErrorImpersonateUserDenied")
    );
    assert!(
        denied
            .text
            .contains("<faultcode>t:ErrorImpersonateUserDenied</faultcode>")
    );
    assert_eq!(
        ask(&service, &impersonating("nobody@example.com")).code(),
        "ErrorNonExistentMailbox"
    );
    assert_eq!(ask(&service, "").code(), "ErrorMissingEmailAddress");
    let wrong = ask(&basic(ANNA, "wrong"), "");
    assert_eq!(wrong.status, 401);
    assert!(
        wrong
            .headers
            .iter()
            .any(|(name, value)| name == "www-authenticate" && value.starts_with("Basic"))
    );
}

#[test]
fn an_application_needs_a_token_for_ews_and_names_the_mailbox() {
    let server = Server::start();
    let token = |scope: &str| {
        let known = server.exchange.credentials();
        let form = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}&scope={scope}%2F.default",
            known.client_id, known.client_secret
        );
        let path = format!("/{}/oauth2/v2.0/token", known.tenant);
        let reply = server.try_send("POST", &path, &[], &form).unwrap();
        format!("Bearer {}", reply.json()["access_token"].as_str().unwrap())
    };
    let for_ews = token("https%3A%2F%2Foutlook.office365.com");
    let for_graph = token("https%3A%2F%2Fgraph.microsoft.com");
    let ask = |bearer: &str, header: &str| server.soap_as(bearer, &envelope(header, GET_CALENDAR));
    assert_eq!(ask(&for_ews, &impersonating(ANNA)).code(), "NoError");
    assert_eq!(ask(&for_ews, "").code(), "ErrorImpersonationRequired");
    assert_eq!(ask(&for_graph, &impersonating(ANNA)).status, 401);
    let graph = server
        .try_send(
            "GET",
            &format!("/v1.0/users/{ANNA}/calendar"),
            &[("Authorization", &for_ews)],
            "",
        )
        .unwrap();
    assert_eq!(graph.status, 401);
}

#[test]
fn ews_is_closed_for_all_or_for_one_mailbox() {
    let server = Server::start();
    server.exchange.set_behaviour(Behaviour {
        ews_blocked: true,
        ..Behaviour::default()
    });
    assert_eq!(server.soap(GET_CALENDAR).status, 403);
    server.exchange.set_behaviour(Behaviour::default());
    let access = |access| server.exchange.person(ANNA).set_access(access).unwrap();
    access(Access {
        ews: false,
        ..Access::default()
    });
    assert_eq!(server.soap(GET_CALENDAR).status, 403);
    access(Access {
        on_premises: true,
        ..Access::default()
    });
    assert_eq!(server.soap(GET_CALENDAR).code(), "NoError");
    assert_eq!(
        server.anna("/calendar").code(),
        "MailboxNotEnabledForRESTAPI"
    );
    access(Access {
        licensed: false,
        ..Access::default()
    });
    assert_eq!(server.soap(GET_CALENDAR).code(), "ErrorNonExistentMailbox");
    access(Access {
        read_only: true,
        ..Access::default()
    });
    assert_eq!(server.ok(GET_CALENDAR).text("t:Modify"), "false");
    let written = server.make(&support::ews::hour_in_berlin("No", "2026-11-23T09:00:00"));
    assert_eq!(written.code(), "ErrorAccessDenied");
}

#[test]
fn throttling_has_three_faces() {
    let server = Server::start();
    let busy = |inside| {
        Fault::next(Effect::ServerBusy {
            back_off_milliseconds: 12_000,
            inside,
        })
    };
    server.exchange.add_fault(Fault::next(Effect::Status {
        status: 503,
        code: None,
        retry_after: Some(30),
    }));
    server.exchange.add_fault(busy(false));
    server.exchange.add_fault(busy(true));
    let bare = server.soap(GET_CALENDAR);
    assert_eq!((bare.status, bare.text.as_str()), (503, ""));
    let fault = server.soap(GET_CALENDAR);
    assert_eq!(
        (fault.status, fault.code().as_str()),
        (500, "ErrorServerBusy")
    );
    assert!(
        fault
            .text
            .contains("<t:Value Name=\"BackOffMilliseconds\">12000</t:Value>")
    );
    let inside = server.soap(GET_CALENDAR);
    assert_eq!(
        (inside.status, inside.code().as_str()),
        (200, "ErrorInternalServerError")
    );
    assert!(
        inside
            .text
            .contains("<t:Value Name=\"InnerErrorResponseCode\">ErrorServerBusy</t:Value>")
    );
    assert_eq!(server.soap(GET_CALENDAR).code(), "NoError");
    assert_eq!(server.exchange.counters().requests, 4);
}

#[test]
fn only_so_many_requests_of_a_mailbox_run_at_once() {
    let server = Server::start();
    server.exchange.set_behaviour(Behaviour {
        ews_connections: 1,
        ..Behaviour::default()
    });
    let slow = Effect::Delay { milliseconds: 400 };
    server.exchange.add_fault(Fault::next(slow).times(0));
    let bearer = format!("Bearer {}", server.token);
    let body = envelope(&impersonating(ANNA), GET_CALENDAR);
    let ask = || {
        let headers = [
            ("Authorization", bearer.as_str()),
            ("X-AnchorMailbox", ANNA),
        ];
        server.try_send("POST", PATH, &headers, &body).unwrap()
    };
    let mut replies = std::thread::scope(|scope| {
        let asked = [scope.spawn(ask), scope.spawn(ask)];
        asked.map(|asked| asked.join().unwrap())
    });
    replies.sort_by_key(|reply| reply.status);
    let [answered, refused] = replies;
    assert_eq!((answered.status, refused.status), (200, 500));
    assert!(refused.text.contains("ErrorExceededConnectionCount"));
}

#[test]
fn a_sign_on_page_and_a_redirect_come_instead_of_soap() {
    let server = Server::start();
    server
        .exchange
        .add_fault(Fault::next(Effect::SignOnPage).path("GetFolder"));
    server.exchange.add_fault(Fault::next(Effect::Redirect {
        location: "https://sign-on.example.com/".to_owned(),
    }));
    let page = server.soap(GET_CALENDAR);
    assert_eq!(page.status, 200);
    assert!(page.text.starts_with("<!DOCTYPE html>"));
    let redirect = server.soap(GET_CALENDAR);
    assert_eq!(redirect.status, 302);
    assert!(redirect.headers.contains(&(
        "location".to_owned(),
        "https://sign-on.example.com/".to_owned()
    )));
}

#[test]
fn other_directories_have_no_ews_and_the_path_is_taken_in_any_case() {
    let server = Server::start();
    let post = |path: &str| {
        let bearer = format!("Bearer {}", server.token);
        let body = envelope(&impersonating(ANNA), GET_CALENDAR);
        let reply = server.try_send("POST", path, &[("Authorization", &bearer)], &body);
        reply.unwrap().status
    };
    assert_eq!(post(PATH), 200);
    assert_eq!(post("/ews/exchange.asmx"), 200);
    assert_eq!(post("/exchange/Exchange.asmx"), 404);
}

#[test]
fn what_is_no_request_is_against_the_schema() {
    let server = Server::start();
    let bearer = format!("Bearer {}", server.token);
    for text in ["", "<a", "{}", &envelope("", "")] {
        let answer = server.soap_as(&bearer, text);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (500, "ErrorSchemaValidation"),
            "{text}"
        );
    }
    assert_eq!(
        server.soap("<m:PlayOnPhone/>").code(),
        "ErrorInvalidRequest"
    );
}
