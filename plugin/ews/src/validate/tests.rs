use sync::contract::{
    Account, ClientCredentials, Credentials, Fault, SecretState, Severity, Unreachable,
    UnreachableCause,
};
use transport::Response;

use super::*;
use crate::script::{Script, bad, fault, good, settings};

fn folder(rights: &str) -> String {
    good(&format!(
        "<m:Folders><t:CalendarFolder><t:FolderId Id=\"f\"/>{rights}</t:CalendarFolder></m:Folders>"
    ))
}

fn rights(modify: bool) -> String {
    folder(&format!(
        "<t:EffectiveRights><t:CreateAssociated>true</t:CreateAssociated><t:CreateContents>{modify}</t:CreateContents>\
         <t:CreateHierarchy>true</t:CreateHierarchy><t:Delete>true</t:Delete><t:Modify>{modify}</t:Modify><t:Read>true</t:Read></t:EffectiveRights>"
    ))
}

fn online() -> Settings {
    Settings {
        edition: ExchangeEdition::Microsoft365,
        credentials: Credentials::Oauth(ClientCredentials {
            tenant_id: "t".into(),
            client_id: "c".into(),
            client_secret: SecretState::Present,
        }),
        ..settings()
    }
}

fn told(script: &Script, settings: &Settings) -> Vec<(Field, Severity, String)> {
    let findings = findings(script, settings);
    assert!(script.is_over());
    for finding in &findings {
        assert_eq!(finding.hint.is_empty(), finding.severity == Severity::Ok);
    }
    findings
        .into_iter()
        .map(|finding| (finding.field, finding.severity, finding.code))
        .collect()
}

fn last(script: &Script, settings: &Settings) -> (Field, Severity, String) {
    told(script, settings).pop().unwrap()
}

fn status(status: u16, kind: &str, body: &str) -> Response {
    Response {
        status,
        headers: vec![("Content-Type".into(), kind.into())],
        body: body.as_bytes().to_vec(),
    }
}

#[test]
fn what_works_is_said_of_each_folder() {
    let script = Script::new()
        .then("GetFolder", &[rights(true)])
        .then("GetFolder", &[folder("")]);
    let ok = |field, code: &str| (field, Severity::Ok, code.to_owned());
    assert_eq!(
        told(&script, &settings()),
        [
            ok(Field::Password, "credentials-accepted"),
            ok(Field::TestMailbox, "calendar-readable"),
            ok(Field::ExportContacts, "contacts-readable"),
        ]
    );
}

#[test]
fn a_folder_that_may_only_be_read_is_a_warning() {
    let script = Script::new()
        .then("GetFolder", &[rights(true)])
        .then("GetFolder", &[rights(false)]);
    let expected = (
        Field::ExportContacts,
        Severity::Warning,
        "contacts-read-only".to_owned(),
    );
    assert_eq!(last(&script, &settings()), expected);
}

#[test]
fn each_cause_has_a_finding_of_its_own() {
    let unreachable = |cause| {
        Script::new().then_fault(Fault::Unreachable(Unreachable {
            cause,
            detail: "x".into(),
        }))
    };
    let asked = |response| Script::new().then_response(response);
    let answered = |code: &str| Script::new().then("GetFolder", &[bad(code)]);
    let cases = [
        (
            unreachable(UnreachableCause::NameNotFound),
            (Field::ServerAddress, Severity::Warning, "name-not-found"),
        ),
        (
            unreachable(UnreachableCause::NoConnection),
            (Field::ServerAddress, Severity::Warning, "no-connection"),
        ),
        (
            unreachable(UnreachableCause::Certificate),
            (
                Field::ServerAddress,
                Severity::Warning,
                "certificate-not-trusted",
            ),
        ),
        (
            asked(status(401, "", "")),
            (Field::Password, Severity::Error, "credentials-refused"),
        ),
        (
            asked(status(200, "text/html", "<html>Sign on</html>")),
            (Field::ServerAddress, Severity::Error, "sign-on-page"),
        ),
        (
            asked(status(302, "", "")),
            (Field::ServerAddress, Severity::Error, "sign-on-page"),
        ),
        (
            asked(status(404, "text/html", "<html>404</html>")),
            (Field::VirtualDirectory, Severity::Error, "directory-wrong"),
        ),
        (
            asked(fault("ErrorImpersonateUserDenied")),
            (Field::Impersonate, Severity::Error, "impersonation-missing"),
        ),
        (
            answered("ErrorNonExistentMailbox"),
            (Field::TestMailbox, Severity::Error, "mailbox-unknown"),
        ),
        (
            answered("ErrorAccessDenied"),
            (Field::TestMailbox, Severity::Warning, "permission-missing"),
        ),
        (
            asked(fault("ErrorServerBusy")),
            (Field::ServerAddress, Severity::Warning, "throttled"),
        ),
        (
            answered("ErrorSomethingNew"),
            (Field::TestMailbox, Severity::Warning, "not-checked"),
        ),
    ];
    for (script, (field, severity, code)) in cases {
        assert_eq!(
            last(&script, &settings()),
            (field, severity, code.to_owned())
        );
    }
}

#[test]
fn microsoft_365_carries_a_warning_with_both_dates_and_a_block_is_explained() {
    let blocked = Script::new().then_response(status(403, "", ""));
    let findings = findings(&blocked, &online());
    let codes: Vec<&str> = findings.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(codes, ["ews-ending", "ews-blocked"]);
    for finding in findings {
        assert_eq!(finding.field, Field::UseGraph);
        for date in ["2026-10-01", "2027-04-01"] {
            assert!(finding.text.contains(date), "{}", finding.text);
        }
    }
}

#[test]
fn which_of_an_apps_credentials_is_wrong_is_told() {
    for (code, field) in [
        ("AADSTS7000215", Field::ClientSecret),
        ("AADSTS7000222", Field::ClientSecret),
        ("AADSTS700016", Field::ClientId),
        ("AADSTS90002", Field::TenantId),
    ] {
        let mut refused = status(
            401,
            "application/json",
            &format!("{{\"error\":\"{code}\"}}"),
        );
        refused
            .headers
            .push(("tandem-credentials".into(), "TandemTokenRefused".into()));
        let script = Script::new().then_response(refused);
        let (found, severity, _) = last(&script, &online());
        assert_eq!((found, severity), (field, Severity::Error), "{code}");
    }
}

#[test]
fn a_password_is_no_way_into_microsoft_365() {
    let mut wrong = online();
    wrong.credentials = settings().credentials;
    let expected = (
        Field::Account,
        Severity::Error,
        "microsoft365-needs-oauth".to_owned(),
    );
    assert_eq!(told(&Script::new(), &wrong), [expected]);
}

#[test]
fn without_a_mailbox_or_a_secret_nothing_is_asked() {
    let mut without = settings();
    without.test_mailbox = Some(" ".into());
    assert_eq!(last(&Script::new(), &without).2, "no-test-mailbox");
    let mut secretless = settings();
    secretless.credentials = Credentials::Basic(Account {
        name: "tandem".into(),
        password: SecretState::Absent,
    });
    assert_eq!(last(&Script::new(), &secretless).2, "secret-missing");
}
