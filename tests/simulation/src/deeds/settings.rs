//! What admins and users change in their settings.

use tandem::contract::{ContactSelection, ImportMode};
use tandem::host::Host;
use tandem::runtime::embedded::Embedded;
use tandem::settings::document::{
    ApplyFile, CredentialsDocument, ExportDocument, ProfileDocument, ResourceDocument,
    SettingsDocument,
};
use tandem::settings::save::save;

use crate::Result;
use crate::kinds::KINDS;
use crate::office::Office;

/// How often an admin tries in vain.
const TRIES: usize = 3;

/// Somebody changes a setting, which is saved as an admin saves it.
///
/// # Errors
/// When it cannot be saved.
pub async fn act(office: &mut Office, host: &Host) -> Result<()> {
    let member = office.dice.below(office.members.len());
    let kind = office.dice.one(KINDS);
    let wishes = &mut office.wishes;
    match office.dice.weighed(&[30, 20, 15, 15, 10, 10, 10, 10]) {
        0 => {
            let modes = [
                ImportMode::AllDetails,
                ImportMode::AllDetails,
                ImportMode::NoDetails,
                ImportMode::None,
            ];
            wishes.import = office.dice.one(modes);
        }
        1 => wishes.send_free = !wishes.send_free,
        2 => wishes.exports.switch(kind),
        3 => wishes.past_days = office.dice.one([1, 3, 7, 30]),
        4 => {
            if let Some(member) = office.members.get_mut(member) {
                member.imports = !member.imports;
            }
        }
        5 => {
            if let Some(member) = office.members.get_mut(member) {
                member.exports.switch(kind);
            }
        }
        6 => wishes.recurring_days = office.dice.one([2, 10, 30]),
        _ => wishes.all_contacts = !wishes.all_contacts,
    }
    office.trace.say(format!("  settings: {:?}", office.wishes));
    for member in &office.members {
        office.trace.say(format!(
            "    {}: imports {}, exports {:?}",
            member.user, member.imports, member.exports
        ));
    }
    save_all(office, host).await
}

/// Saves the settings as they are now wished.
///
/// # Errors
/// When they cannot be saved.
pub async fn save_all(office: &mut Office, host: &Host) -> Result<()> {
    office.book.resettled = office.book.turn();
    save_patiently(office, host).await
}

/// The same for settings that are not what people's deeds are judged by.
///
/// # Errors
/// As [`save_all`].
pub async fn save_patiently(office: &Office, host: &Host) -> Result<()> {
    // A fault may meet the check of the settings, and keep them from being saved: an admin tries again.
    for _ in 0..TRIES {
        if save(host, &file(office, false)).await.is_ok() {
            return Ok(());
        }
    }
    save(host, &file(office, false)).await?;
    Ok(())
}

/// The settings as a file; with the secret when it is saved for the first time.
#[must_use]
pub fn file(office: &Office, first: bool) -> ApplyFile {
    let credentials = office.exchange.credentials();
    let wishes = office.wishes;
    let [appointments, to_dos, service_calls, contacts] = KINDS;
    ApplyFile {
        tenant: office.tenant.id().value.clone(),
        settings: Some(SettingsDocument {
            profile_name: "Simulation".to_owned(),
            use_graph: Some(match wishes.provider {
                Embedded::Graph => true,
                Embedded::Ews => false,
            }),
            credentials: Some(CredentialsDocument::Oauth {
                tenant_id: credentials.tenant,
                client_id: credentials.client_id,
                client_secret: first.then(|| credentials.client_secret.into()),
            }),
            error_notifications_to: "it@acme.example".to_owned(),
            import: wishes.import,
            send_free_time: wishes.send_free,
            export: ExportDocument {
                appointments: wishes.exports.of(appointments),
                to_dos: wishes.exports.of(to_dos),
                service_calls: wishes.exports.of(service_calls),
                contacts: wishes.exports.of(contacts),
            },
            contacts_to_export: match wishes.all_contacts {
                true => ContactSelection::All,
                false => ContactSelection::Own,
            },
            past_days: wishes.past_days,
            recurring_days: wishes.recurring_days,
            ..SettingsDocument::default()
        }),
        resource: office
            .members
            .iter()
            .map(|member| ResourceDocument {
                id: member.user.clone(),
                name: member.user.clone(),
                mailbox: member.address.clone(),
                enabled: member.enabled,
                profile: Some(ProfileDocument {
                    import_appointments: Some(member.imports),
                    export_appointments: Some(member.exports.of(appointments)),
                    export_to_dos: Some(member.exports.of(to_dos)),
                    export_service_calls: Some(member.exports.of(service_calls)),
                    export_contacts: Some(member.exports.of(contacts)),
                    past_days: Some(wishes.past_days),
                    recurring_days: Some(wishes.recurring_days),
                    ..ProfileDocument::default()
                }),
            })
            .collect(),
    }
}
