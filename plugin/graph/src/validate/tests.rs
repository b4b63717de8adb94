//! Each finding of the check, by its name.

use serde_json::json;
use sync::contract::Severity;

use super::*;
use crate::script::{Script, error, response, settings};

fn good(script: Script) -> Script {
    script
        .then(response(200, &json!({"id": "c", "canEdit": true})))
        .then(response(
            200,
            &json!({"timeZone": "W. Europe Standard Time"}),
        ))
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|one| one.code.as_str()).collect()
}

fn errors(findings: &[Finding]) -> usize {
    findings
        .iter()
        .filter(|one| one.severity == Severity::Error)
        .count()
}

#[test]
fn settings_that_work_are_confirmed_and_writing_is_said_to_be_untried() {
    let script = good(Script::new());
    let found = findings(&script, &settings());
    assert_eq!(
        codes(&found),
        [
            "credentials-accepted",
            "calendar-readable",
            "mailbox-settings-readable",
            "writing-not-tried"
        ]
    );
    assert_eq!(errors(&found), 0);
    assert_eq!(script.count(), 2);
}

#[test]
fn contacts_are_asked_for_only_where_they_go_out() {
    let mut settings = settings();
    settings.export_contacts = true;
    let script = good(Script::new()).then(error(403, "ErrorAccessDenied"));
    let found = findings(&script, &settings);
    let contacts = found
        .iter()
        .find(|one| one.field == Field::ExportContacts)
        .unwrap();
    assert_eq!(contacts.severity, Severity::Warning);
    assert!(contacts.hint.contains("Contacts.ReadWrite"));
}

#[test]
fn each_refusal_of_the_token_stands_at_its_field() {
    for (code, field, name) in [
        ("AADSTS7000215", Field::ClientSecret, "secret-wrong"),
        ("AADSTS7000222", Field::ClientSecret, "secret-expired"),
        ("AADSTS700016", Field::ClientId, "app-unknown"),
        ("AADSTS90002", Field::TenantId, "tenant-unknown"),
        (
            "InvalidAuthenticationToken",
            Field::ClientSecret,
            "credentials-refused",
        ),
    ] {
        let script = Script::new().then(error(401, code));
        let found = findings(&script, &settings());
        assert_eq!(found[0].field, field);
        assert_eq!(found[0].code, name);
        assert_eq!(found[0].severity, Severity::Error);
        assert!(found[0].text.contains(code));
        assert!(!found[0].hint.is_empty());
        assert_eq!(script.count(), 1, "one refusal says it all");
    }
}

#[test]
fn a_403_on_one_mailbox_names_the_right_and_is_no_error_of_the_tenant() {
    let script = Script::new()
        .then(error(403, "ErrorAccessDenied"))
        .then(error(403, "ErrorAccessDenied"));
    let found = findings(&script, &settings());
    assert_eq!(errors(&found), 0);
    assert_eq!(found[0].code, "credentials-accepted");
    assert!(found[1].hint.contains("Calendars.ReadWrite"));
    assert!(found[2].hint.contains("MailboxSettings.Read"));
}

#[test]
fn a_policy_on_user_agents_is_told_apart_from_a_missing_right() {
    let policy = response(
        403,
        &json!({"error": {"code": "ErrorAccessDenied",
                          "message": "Access to OData is disabled: [RAOP] : Blocked"}}),
    );
    let script = Script::new().then(policy.clone()).then(policy);
    let found = findings(&script, &settings());
    assert_eq!(found[1].code, "user-agent-refused");
}

#[test]
fn the_kinds_of_not_found_are_told_apart() {
    for (code, name, severity) in [
        ("ErrorInvalidUser", "mailbox-unknown", Severity::Error),
        ("ResourceNotFound", "mailbox-unknown", Severity::Error),
        (
            "MailboxNotEnabledForRESTAPI",
            "mailbox-not-enabled",
            Severity::Warning,
        ),
    ] {
        let script = Script::new().then(error(404, code));
        let found = findings(&script, &settings());
        assert_eq!(found[1].code, name);
        assert_eq!(found[1].severity, severity);
        assert_eq!(found[1].field, Field::TestMailbox);
        assert_eq!(script.count(), 1);
    }
}

#[test]
fn a_server_that_cannot_be_reached_does_not_block_the_save() {
    for (cause, name) in [
        (UnreachableCause::NameNotFound, "name-not-found"),
        (UnreachableCause::NoConnection, "no-connection"),
        (UnreachableCause::Certificate, "certificate-not-trusted"),
        (UnreachableCause::TimeOut, "time-out"),
        (UnreachableCause::Broken, "connection-broken"),
    ] {
        let script = Script::new().then_fault(Fault::Unreachable(Unreachable {
            cause,
            detail: String::new(),
        }));
        let found = findings(&script, &settings());
        assert_eq!(found[0].code, name);
        assert_eq!(found[0].severity, Severity::Warning);
        assert_eq!(found[0].field, Field::Cloud);
        assert!(found[0].text.contains("graph.example"));
    }
}

#[test]
fn without_a_mailbox_only_the_credentials_are_tried() {
    for answer in [
        response(200, &json!({"value": []})),
        error(403, "Authorization_RequestDenied"),
        error(400, "BadRequest"),
        error(404, ""),
    ] {
        let mut settings = settings();
        settings.test_mailbox = Some("  ".into());
        let script = Script::new().then(answer);
        let found = findings(&script, &settings);
        assert_eq!(found[0].code, "credentials-accepted");
        assert_eq!(found[1].code, "no-test-mailbox");
        assert_eq!(found[1].severity, Severity::Warning);
    }
}

#[test]
fn a_missing_secret_and_a_password_are_refused_without_asking() {
    let mut without = settings();
    without.credentials = Credentials::Oauth(sync::contract::ClientCredentials {
        tenant_id: "t".into(),
        client_id: "c".into(),
        client_secret: SecretState::Absent,
    });
    assert_eq!(
        codes(&findings(&Script::new(), &without)),
        ["secret-missing"]
    );
    let mut basic = settings();
    basic.credentials = Credentials::Basic(sync::contract::Account {
        name: "a".into(),
        password: SecretState::Present,
    });
    assert_eq!(
        codes(&findings(&Script::new(), &basic)),
        ["graph-needs-oauth"]
    );
}

#[test]
fn a_calendar_that_cannot_be_changed_is_a_warning() {
    let script = Script::new()
        .then(response(200, &json!({"id": "c", "canEdit": false})))
        .then(response(200, &json!({"timeZone": "Kitchen Clock"})));
    let found = findings(&script, &settings());
    assert!(codes(&found).contains(&"calendar-read-only"));
    assert!(codes(&found).contains(&"zone-unknown"));
    assert_eq!(errors(&found), 0);
}
