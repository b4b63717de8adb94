//! The tab *General*: where Exchange is, how Tandem signs in, how often it runs (behaviour, section 1).

use super::form::Form;
use super::input::{Group, Input, tick};
use crate::contract::{
    Credentials, ExchangeEdition, Field, Finding, SecretState, Settings, Severity,
};
use crate::settings::document::{CredentialsDocument, SettingsDocument};
use crate::settings::names::{name, named};

const EDITIONS: [(&str, &str); 5] = [
    ("exchange-2013", "Exchange 2013"),
    ("exchange-2016", "Exchange 2016"),
    ("exchange-2019", "Exchange 2019"),
    ("subscription-edition", "Exchange Subscription Edition"),
    ("microsoft-365", "Microsoft 365"),
];

const CLOUDS: [(&str, &str); 4] = [
    ("worldwide", "Worldwide"),
    ("us-government", "US Government (GCC High)"),
    ("us-government-dod", "US Government (DoD)"),
    ("china", "China (21Vianet)"),
];

const KINDS: [(&str, &str); 2] = [
    (
        "oauth",
        "An app registration (OAuth 2.0 client credentials)",
    ),
    (
        "basic",
        "An account and its password (basic authentication)",
    ),
];

/// The fields, as they were filled in. `stored`: what was saved last.
pub fn groups(form: &Form, stored: Option<&Settings>) -> Vec<Group> {
    let credentials = stored.map(|stored| &stored.credentials);
    let (secret, password) = match credentials {
        Some(Credentials::Oauth(client)) => (client.client_secret, SecretState::Absent),
        Some(Credentials::Basic(account)) => (SecretState::Absent, account.password),
        None => (SecretState::Absent, SecretState::Absent),
    };
    vec![
        Group {
            legend: "Integration",
            about: "",
            inputs: vec![
                Input::check(
                    form,
                    Field::Enabled,
                    "Synchronisation starts as soon as a save succeeds. Clear it to configure now and start later.",
                ),
                Input::text(
                    form,
                    Field::ProfileName,
                    "Any label, such as your organisation's name.",
                )
                .needed(),
            ],
        },
        exchange(form),
        Group {
            legend: "How Tandem signs in",
            about: "Microsoft 365, hosted or your own, takes an app registration only. Exchange 2013 to Subscription \
                    Edition take either. Secrets are stored encrypted and never shown again.",
            inputs: vec![
                Input::one_of(
                    form,
                    ("credentials.kind", "Credentials"),
                    "Only what belongs to the chosen kind is used and saved.",
                    &KINDS,
                ),
                Input::text(
                    form,
                    Field::TenantId,
                    "On the overview page of the app registration, or from your hosting provider.",
                ),
                Input::text(
                    form,
                    Field::ClientId,
                    "On the same page, or from your hosting provider.",
                ),
                Input::secret(
                    Field::ClientSecret,
                    "Its value, not its id: the portal shows it once, when the secret is made. Note the day on \
                     which it ends.",
                    secret == SecretState::Present,
                ),
                Input::text(
                    form,
                    Field::Account,
                    "With basic authentication: the account that may act for the users' mailboxes. Ask who runs \
                     the server for one with the role ApplicationImpersonation.",
                ),
                Input::secret(
                    Field::Password,
                    "Of that account. It must be one that signs in without a second factor: a program cannot \
                     answer one.",
                    password == SecretState::Present,
                ),
                Input::text(
                    form,
                    Field::Domain,
                    "The Windows domain, on-premises with basic authentication only. Never needed for Microsoft \
                     365, nor for an account written as name@domain.",
                ),
                Input::check(
                    form,
                    Field::Impersonate,
                    "With basic authentication. Cleared, each user enters an own password on the profile tab.",
                ),
            ],
        },
        Group {
            legend: "Pace, checks and mails",
            about: "",
            inputs: vec![
                Input::number(
                    form,
                    Field::IntervalMinutes,
                    "A whole number, at least 10, for all users. The real time may be longer when the server is \
                     busy.",
                    (10, None),
                )
                .needed(),
                Input::text(
                    form,
                    Field::TestMailbox,
                    "Whose mailbox the check on saving asks. Left empty: the first enabled user's.",
                ),
                Input::text(
                    form,
                    Field::ErrorAddresses,
                    "E-mail addresses, separated by semicolons. They get a mail when a synchronisation fails, and \
                     one when it is well again.",
                ),
            ],
        },
    ]
}

fn exchange(form: &Form) -> Group {
    Group {
        legend: "Where Exchange is",
        about: "A change of version, server address, virtual directory or domain starts a full \
                re-synchronisation: it is announced before it is saved.",
        inputs: vec![
            Input::check(
                form,
                Field::Hosted,
                "A hosting provider runs Exchange for you. The field Relative path then appears on the \
                 Synchronization tab.",
            ),
            Input::list(
                form,
                Field::Edition,
                "Of your Exchange. It decides which interface may be used; ask the provider if you do not know it.",
                &EDITIONS,
            )
            .needed(),
            Input::text(
                form,
                Field::ServerAddress,
                "A host name, never an IP address, without https:// and port. For Microsoft 365 \
                 outlook.office365.com, also when it is left empty; else it stands in Outlook on the web's address, \
                 or ask the provider.",
            ),
            Input::text(
                form,
                Field::VirtualDirectory,
                "Where Exchange Web Services live on the server; EWS/Exchange.asmx when it is left empty, which is \
                 right for almost all. Ask the hosting provider whether it is another.",
            ),
            Input::list(
                form,
                Field::Cloud,
                "Which of Microsoft's clouds your organisation is in; for Microsoft Graph only. Who signs in at \
                 portal.azure.com is in the worldwide one.",
                &CLOUDS,
            ),
            Input::check(
                form,
                Field::UseGraph,
                "For Microsoft 365: Microsoft Graph in place of Exchange Web Services (EWS). Exchange Online \
                 blocks EWS by default since 2026-10-01 and ends it on 2027-04-01. No item is made, changed or \
                 deleted by the switch. Exchange Server keeps EWS: leave it cleared.",
            ),
        ],
    }
}

/// The form filled in with settings.
pub fn filled(document: &SettingsDocument) -> Vec<(&'static str, String)> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let is_online = document.version == ExchangeEdition::Microsoft365;
    let mut fields = vec![
        ("profile-name", document.profile_name.clone()),
        ("version", name(document.version).to_owned()),
        ("server-address", text(&document.server_address)),
        ("virtual-directory", text(&document.virtual_directory)),
        ("cloud", name(document.cloud).to_owned()),
        ("domain", document.domain.clone()),
        ("synchronise-every", document.synchronise_every.to_string()),
        ("test-mailbox", text(&document.test_mailbox)),
        (
            "error-notifications-to",
            document.error_notifications_to.clone(),
        ),
    ];
    let (kind, more) = match &document.credentials {
        Some(CredentialsDocument::Basic { account, .. }) => {
            ("basic", vec![("credentials.account", account.clone())])
        }
        Some(CredentialsDocument::Oauth {
            tenant_id,
            client_id,
            ..
        }) => (
            "oauth",
            vec![
                ("credentials.tenant-id", tenant_id.clone()),
                ("credentials.client-id", client_id.clone()),
            ],
        ),
        None => ("oauth", Vec::new()),
    };
    fields.push(("credentials.kind", kind.to_owned()));
    fields.extend(more);
    fields.extend(tick("enabled", document.enabled));
    fields.extend(tick("hosted", document.hosted));
    fields.extend(tick("use-graph", document.use_graph.unwrap_or(is_online)));
    fields.extend(tick("impersonate", document.impersonate));
    fields
}

/// What was typed, in place of what the document has. Gives what could not be read.
pub fn read(form: &Form, document: &mut SettingsDocument) -> Vec<Finding> {
    let maybe = |name: &str| Some(form.text(name).trim().to_owned()).filter(|it| !it.is_empty());
    let mut found = Vec::new();
    document.enabled = form.is_ticked("enabled");
    document.profile_name = form.text("profile-name").to_owned();
    document.hosted = form.is_ticked("hosted");
    document.version = named(form.text("version")).unwrap_or(document.version);
    document.server_address = maybe("server-address");
    document.virtual_directory = maybe("virtual-directory");
    document.cloud = named(form.text("cloud")).unwrap_or(document.cloud);
    document.domain = form.text("domain").to_owned();
    document.use_graph = Some(form.is_ticked("use-graph"));
    document.test_mailbox = maybe("test-mailbox");
    document.impersonate = form.is_ticked("impersonate");
    document.error_notifications_to = form.text("error-notifications-to").to_owned();
    match form.number("synchronise-every") {
        Ok(minutes) => document.synchronise_every = minutes,
        Err(typed) => found.push(not_a_number(Field::IntervalMinutes, typed, "10 or more")),
    }
    let text = |name: &str| form.text(name).to_owned();
    document.credentials = Some(match form.text("credentials.kind") {
        "basic" => CredentialsDocument::Basic {
            account: text("credentials.account"),
            password: form.secret("credentials.password"),
        },
        _ => CredentialsDocument::Oauth {
            tenant_id: text("credentials.tenant-id"),
            client_id: text("credentials.client-id"),
            client_secret: form.secret("credentials.client-secret"),
        },
    });
    // The field is not shown any more, so nobody could clear it.
    if !document.hosted {
        document.relative_path.clear();
    }
    found
}

/// A text where a whole number is to stand.
pub fn not_a_number(field: Field, typed: &str, accepted: &str) -> Finding {
    Finding {
        field,
        severity: Severity::Error,
        code: "not-a-number".to_owned(),
        text: format!(
            "`{}` is not a whole number that can be used here",
            typed.trim()
        ),
        hint: format!("enter a whole number, {accepted}"),
    }
}

/// What deserves attention whenever the tab is opened.
pub fn standing(stored: Option<&Settings>) -> Vec<Finding> {
    let ends = stored
        .is_some_and(|it| it.edition == ExchangeEdition::Microsoft365 && !it.use_graph)
        .then(|| Finding {
            field: Field::UseGraph,
            severity: Severity::Warning,
            code: "ews-ends".to_owned(),
            text: "Exchange Online blocks EWS by default since 2026-10-01 and ends it on 2027-04-01"
                .to_owned(),
            hint: "give the app registration the permissions for Microsoft Graph, tick the box and save"
                .to_owned(),
        });
    ends.into_iter().collect()
}
