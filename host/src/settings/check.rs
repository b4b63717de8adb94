//! Every rule for settings that needs no server (behaviour, section 1). What is wrong stands at its
//! field, with what to do.
//!
//! The same words are read on a page, at a terminal and in the JSON interface, so they call settings what
//! people call them ([`label`]), and never tell how one of the three is written.

use std::net::{IpAddr, SocketAddr};

use super::document::{CredentialsDocument, ProfileDocument, ResourceDocument, SettingsDocument};
use super::effective::{addresses, settings};
use super::names::label;
use crate::contract::{ExchangeEdition, Field, Finding, PsaId, SecretState, Severity};
use crate::psa::rule;

/// What is wrong with a tenant's settings. `secret`: whether one is stored or given with them.
#[must_use]
pub fn check_settings(document: &SettingsDocument, secret: SecretState) -> Vec<Finding> {
    let mut found = Vec::new();
    let effective = settings(document, secret);
    let is_online = document.version == ExchangeEdition::Microsoft365;
    if effective.profile_name.is_empty() {
        found.push(error(
            Field::ProfileName,
            "missing",
            "a profile name is required",
            "enter any label, such as your organisation's name",
        ));
    }
    server_address(&effective.server_address, &mut found);
    if effective.interval_minutes < 10 {
        found.push(error(
            Field::IntervalMinutes,
            "too-often",
            &format!(
                "a cycle every {} minutes is too often",
                effective.interval_minutes
            ),
            "enter 10 minutes or more, as a whole number",
        ));
    }
    days(Field::PastDays, effective.past_days, &mut found);
    days(Field::RecurringDays, effective.recurring_days, &mut found);
    if effective.use_graph && !is_online {
        found.push(error(
            Field::UseGraph,
            "graph-needs-microsoft-365",
            "Microsoft Graph reaches mailboxes in Microsoft 365 only",
            &format!(
                "choose Microsoft 365 under {}, or clear {}",
                label(Field::Edition),
                label(Field::UseGraph)
            ),
        ));
    }
    credentials(document, secret, is_online, &mut found);
    for address in addresses(&document.error_notifications_to) {
        if !is_address(&address) {
            found.push(error(
                Field::ErrorAddresses,
                "not-an-address",
                &format!("`{address}` is not an e-mail address"),
                "enter addresses such as name@example.com, separated by semicolons",
            ));
        }
    }
    if let Some(mailbox) = effective
        .test_mailbox
        .filter(|mailbox| !is_address(mailbox))
    {
        found.push(error(
            Field::TestMailbox,
            "not-an-address",
            &format!("`{mailbox}` is not an e-mail address"),
            "enter the primary address of a mailbox, or leave it empty for the first enabled user's",
        ));
    }
    if effective.use_graph && !effective.public_contacts_folder.is_empty() {
        found.push(error(
            Field::PublicContactsFolder,
            "ews-only",
            "public folders cannot be reached by Microsoft Graph",
            "leave it empty; only Exchange Web Services reach public folders",
        ));
    }
    if !effective.relative_path.is_empty() && !document.hosted {
        found.push(error(
            Field::RelativePath,
            "hosted-only",
            "a relative path belongs to Exchange hosted by a third party",
            &format!(
                "tick {}, or leave {} empty",
                label(Field::Hosted),
                label(Field::RelativePath)
            ),
        ));
    }
    found
}

/// What is wrong with a user.
#[must_use]
pub fn check_resource(resource: &ResourceDocument) -> Vec<Finding> {
    let mut found = Vec::new();
    let id = PsaId {
        value: resource.id.trim().to_owned(),
    };
    if rule::id(&id).is_err() {
        found.push(error(
            Field::MailboxAddress,
            "bad-id",
            &format!("`{}` cannot be the id of a user", resource.id),
            "enter the PSA's own key: 1 to 64 letters, digits, hyphens, underscores and dots",
        ));
    }
    if resource.name.trim().is_empty() {
        found.push(error(
            Field::MailboxAddress,
            "missing",
            "the user's name is required",
            "enter the name that people read",
        ));
    }
    if !is_address(resource.mailbox.trim()) {
        found.push(error(
            Field::MailboxAddress,
            "not-an-address",
            &format!("`{}` is not an e-mail address", resource.mailbox),
            "enter the mailbox's primary address",
        ));
    }
    if let Some(profile) = &resource.profile {
        found.extend(check_profile(profile));
    }
    found
}

/// Users who share a mailbox, or are named twice.
#[must_use]
pub fn check_together(resources: &[ResourceDocument]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (number, one) in resources.iter().enumerate() {
        for other in resources.iter().take(number) {
            if one.id.trim() == other.id.trim() {
                found.push(error(
                    Field::MailboxAddress,
                    "named-twice",
                    &format!("`{}` stands there twice", one.id.trim()),
                    "take one of the two out",
                ));
            } else if one.enabled
                && other.enabled
                && one.mailbox.trim().to_lowercase() == other.mailbox.trim().to_lowercase()
            {
                found.push(error(
                    Field::MailboxAddress,
                    "shared",
                    &format!(
                        "`{}` and `{}` have the same mailbox, {}",
                        other.id.trim(),
                        one.id.trim(),
                        one.mailbox.trim()
                    ),
                    "give one of them another address",
                ));
            }
        }
    }
    found
}

/// What is wrong with a user's choices.
#[must_use]
pub fn check_profile(profile: &ProfileDocument) -> Vec<Finding> {
    let mut found = Vec::new();
    for (field, value) in [
        (Field::PastDays, profile.past_days),
        (Field::RecurringDays, profile.recurring_days),
    ] {
        if let Some(value) = value {
            days(field, value, &mut found);
        }
    }
    found
}

/// Never an IP address, neither bare nor in brackets nor with a port: certificates and the host's
/// grants are for names.
fn server_address(address: &str, found: &mut Vec<Finding>) {
    let unbracketed = address.trim_start_matches('[').trim_end_matches(']');
    let is_ip = unbracketed.parse::<IpAddr>().is_ok() || address.parse::<SocketAddr>().is_ok();
    let is_name = !address.is_empty()
        && address.len() <= 253
        && address.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .chars()
                    .all(|sign| sign.is_ascii_alphanumeric() || sign == '-')
        });
    if address.is_empty() {
        found.push(error(
            Field::ServerAddress,
            "missing",
            "the server's address is required",
            "enter its host name, such as mail.example.com",
        ));
    } else if is_ip {
        found.push(error(
            Field::ServerAddress,
            "ip-address",
            &format!("`{address}` is an IP address, and the server address must be a host name"),
            "enter its host name, such as mail.example.com",
        ));
    } else if !is_name {
        found.push(error(
            Field::ServerAddress,
            "not-a-host-name",
            &format!("`{address}` is not a host name"),
            "enter the name alone, without https://, port or path",
        ));
    }
}

fn days(field: Field, value: u32, found: &mut Vec<Finding>) {
    if !(1..=30).contains(&value) {
        found.push(error(
            field,
            "out-of-range",
            &format!("{value} days cannot be looked at"),
            "enter 1 to 30",
        ));
    }
}

fn credentials(
    document: &SettingsDocument,
    secret: SecretState,
    is_online: bool,
    found: &mut Vec<Finding>,
) {
    let required = |field, value: &str, name: &str, hint: &str| {
        let text = format!("{name} is required");
        let is_missing = value.trim().is_empty();
        is_missing.then(|| error(field, "missing", &text, hint))
    };
    let overview =
        "copy it from the overview page of the app registration, or ask the hosting provider";
    match &document.credentials {
        None => found.push(error(
            Field::ClientId,
            "missing",
            "credentials are required",
            "give those of an app registration (OAuth), or an account and its password (basic)",
        )),
        Some(CredentialsDocument::Oauth {
            tenant_id,
            client_id,
            ..
        }) => {
            found.extend(required(
                Field::TenantId,
                tenant_id,
                "the directory (tenant) id",
                overview,
            ));
            found.extend(required(
                Field::ClientId,
                client_id,
                "the application (client) id",
                overview,
            ));
            if secret == SecretState::Absent {
                found.push(error(
                    Field::ClientSecret,
                    "missing",
                    "the client secret is required",
                    "enter the value, not the id, of a secret of the app registration",
                ));
            }
        }
        Some(CredentialsDocument::Basic { .. }) if is_online => found.push(error(
            Field::Account,
            "basic-refused",
            "Microsoft 365 no longer accepts an account and password (basic authentication)",
            "make an app registration, and sign in with its ids and secret",
        )),
        // Each user signs in with an own account, which is an address unless the profile says otherwise.
        Some(CredentialsDocument::Basic { .. }) if !document.impersonate => {}
        Some(CredentialsDocument::Basic { account, .. }) => {
            found.extend(required(
                Field::Account,
                account,
                "the account",
                "enter the one that may act for the users' mailboxes; who runs the server knows it",
            ));
            if secret == SecretState::Absent {
                found.push(error(
                    Field::Password,
                    "missing",
                    "the password is required",
                    "enter the account's; it is stored encrypted and never shown again",
                ));
            }
            if document.domain.trim().is_empty() && !document.hosted && !account.contains('@') {
                found.push(error(
                    Field::Domain,
                    "missing",
                    "the Windows domain is required with an account and password on an own server",
                    "enter the domain, or the account as name@domain",
                ));
            }
        }
    }
}

/// Whether a text looks like an e-mail address: something, one @, a host name with a dot.
#[must_use]
pub fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty()
            && !host.contains('@')
            && host.contains('.')
            && host.split('.').all(|label| !label.is_empty())
            && !text
                .chars()
                .any(|sign| sign.is_whitespace() || matches!(sign, ',' | ';' | '<' | '>' | '"'))
    })
}

fn error(field: Field, code: &str, text: &str, hint: &str) -> Finding {
    Finding {
        field,
        severity: Severity::Error,
        code: code.to_owned(),
        text: text.to_owned(),
        hint: hint.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::names::of_field;

    fn complete() -> SettingsDocument {
        SettingsDocument {
            profile_name: "Contoso".to_owned(),
            credentials: Some(CredentialsDocument::Oauth {
                tenant_id: "contoso".to_owned(),
                client_id: "app".to_owned(),
                client_secret: None,
            }),
            ..SettingsDocument::default()
        }
    }

    fn codes(document: &SettingsDocument) -> Vec<String> {
        check_settings(document, SecretState::Present)
            .into_iter()
            .map(|found| found.code)
            .collect()
    }

    #[test]
    fn complete_settings_have_nothing_wrong() {
        assert_eq!(codes(&complete()), Vec::<String>::new());
    }

    #[test]
    fn a_server_address_is_never_an_ip_address() {
        for address in [
            "10.0.0.1",
            "10.0.0.1:443",
            "::1",
            "[::1]",
            "[2001:db8::1]:443",
        ] {
            let document = SettingsDocument {
                server_address: Some(address.to_owned()),
                ..complete()
            };
            assert_eq!(codes(&document), ["ip-address"], "{address}");
        }
    }

    #[test]
    fn a_cycle_runs_at_most_every_ten_minutes() {
        assert_eq!(
            codes(&SettingsDocument {
                synchronise_every: 9,
                ..complete()
            }),
            ["too-often"]
        );
        assert!(
            codes(&SettingsDocument {
                synchronise_every: 10,
                ..complete()
            })
            .is_empty()
        );
    }

    #[test]
    fn microsoft_365_refuses_basic() {
        let credentials = Some(CredentialsDocument::Basic {
            account: "a@example.com".to_owned(),
            password: None,
        });
        assert_eq!(
            codes(&SettingsDocument {
                credentials,
                ..complete()
            }),
            ["basic-refused"]
        );
    }

    #[test]
    fn microsoft_365_hosted_or_own_takes_oauth_only_and_servers_take_either() {
        let oauth = complete().credentials;
        let basic = Some(CredentialsDocument::Basic {
            account: "sync@example.com".to_owned(),
            password: None,
        });
        for hosted in [false, true] {
            for version in [
                ExchangeEdition::Exchange2013,
                ExchangeEdition::Exchange2016,
                ExchangeEdition::Exchange2019,
                ExchangeEdition::SubscriptionEdition,
                ExchangeEdition::Microsoft365,
            ] {
                let with = |credentials| {
                    codes(&SettingsDocument {
                        hosted,
                        version,
                        server_address: Some("mail.example.com".to_owned()),
                        use_graph: Some(false),
                        credentials,
                        ..complete()
                    })
                };
                assert!(with(oauth.clone()).is_empty(), "{version:?}");
                let refused: &[&str] = match version {
                    ExchangeEdition::Microsoft365 => &["basic-refused"],
                    _ => &[],
                };
                assert_eq!(with(basic.clone()), refused, "{version:?}");
            }
        }
    }

    fn on_premises(account: &str) -> SettingsDocument {
        SettingsDocument {
            version: ExchangeEdition::SubscriptionEdition,
            server_address: Some("mail.example.com".to_owned()),
            credentials: Some(CredentialsDocument::Basic {
                account: account.to_owned(),
                password: None,
            }),
            ..complete()
        }
    }

    #[test]
    fn an_account_without_a_domain_needs_one_on_premises_only() {
        assert_eq!(codes(&on_premises("sync")), ["missing"]);
        for document in [
            SettingsDocument {
                domain: "CONTOSO".to_owned(),
                ..on_premises("sync")
            },
            SettingsDocument {
                hosted: true,
                ..on_premises("sync")
            },
        ] {
            assert!(codes(&document).is_empty());
        }
    }

    #[test]
    fn without_impersonation_the_tenant_needs_no_account_and_no_password() {
        let document = SettingsDocument {
            impersonate: false,
            ..on_premises("")
        };
        let found = check_settings(&document, SecretState::Absent);
        assert!(found.is_empty(), "{found:?}");
        let found = check_settings(&on_premises("sync@example.com"), SecretState::Absent);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].field, Field::Password);
    }

    #[test]
    fn a_server_needs_its_address_and_graph_needs_microsoft_365() {
        let document = SettingsDocument {
            server_address: None,
            ..on_premises("sync@example.com")
        };
        assert_eq!(codes(&document), ["missing"]);
        let document = SettingsDocument {
            use_graph: Some(true),
            ..on_premises("sync@example.com")
        };
        assert_eq!(codes(&document), ["graph-needs-microsoft-365"]);
    }

    #[test]
    fn notification_addresses_may_end_with_a_semicolon() {
        let document = SettingsDocument {
            error_notifications_to: " it@example.com ; ops@example.com; ".to_owned(),
            ..complete()
        };
        assert!(codes(&document).is_empty());
        let document = SettingsDocument {
            error_notifications_to: "it@example".to_owned(),
            ..complete()
        };
        assert_eq!(codes(&document), ["not-an-address"]);
    }

    #[test]
    fn what_is_found_calls_settings_as_people_do_and_reads_well_everywhere() {
        let oauth = Some(CredentialsDocument::Oauth {
            tenant_id: String::new(),
            client_id: String::new(),
            client_secret: None,
        });
        let wrong = SettingsDocument {
            server_address: Some("https://mail.example.com".to_owned()),
            synchronise_every: 1,
            past_days: 0,
            use_graph: Some(true),
            version: ExchangeEdition::Exchange2019,
            error_notifications_to: "it".to_owned(),
            test_mailbox: Some("anna".to_owned()),
            public_folder: "Customers".to_owned(),
            relative_path: "Contoso".to_owned(),
            credentials: oauth,
            ..SettingsDocument::default()
        };
        let basic = Some(CredentialsDocument::Basic {
            account: String::new(),
            password: None,
        });
        let mut found = check_settings(&wrong, SecretState::Absent);
        for credentials in [None, basic] {
            for version in [ExchangeEdition::Microsoft365, ExchangeEdition::Exchange2019] {
                let document = SettingsDocument {
                    version,
                    credentials: credentials.clone(),
                    ..wrong.clone()
                };
                found.extend(check_settings(&document, SecretState::Absent));
            }
        }
        let codes: std::collections::BTreeSet<&str> =
            found.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(codes.len(), 9, "{codes:?}");
        for finding in &found {
            let said = format!("{}; {}", finding.text, finding.hint);
            assert!(!finding.hint.is_empty(), "{said}");
            for name in found.iter().map(|other| of_field(other.field)) {
                let is_written = name.contains(['-', '.']) && said.contains(name);
                assert!(!is_written, "{name} is a written name: {said}");
            }
            for sign in ["[", " = ", "table"] {
                assert!(!said.contains(sign), "{sign} is of a file: {said}");
            }
        }
    }

    #[test]
    fn an_unknown_setting_is_named_with_its_line() {
        let error = toml::from_str::<super::super::document::ApplyFile>(
            "tenant = \"acme\"\n[settings]\npast-day = 3\n",
        )
        .unwrap_err()
        .to_string();
        assert!(
            error.contains("line 3") && error.contains("past-day"),
            "{error}"
        );
    }
}
