//! The mail to a user who was newly enabled: how to go on (behaviour, section 1). It commits with the
//! permission, waits in the outbox like every other mail, and never undoes what it tells of.
//!
//! Who is disabled and enabled again hears of it anew, but at most once in 24 hours.

use crate::contract::{ImportMode, PsaId, Settings};
use crate::cycle::sign_in;
use crate::outbox::letter::{Fact, Letter, Link};
use crate::page;
use crate::psa::WebAddress;
use crate::psa::resource;
use crate::store::mail;
use crate::store::mailbox::{self, MailboxRecord};
use crate::store::{StoreError, Transaction, settings};

/// Who permits users to synchronise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Enabler<'a> {
    /// This user, on a page.
    User(&'a PsaId),
    /// The operator, with `tandem apply`.
    Operator,
    /// A program, through the JSON interface.
    Program,
}

/// What welcomes have in common.
#[derive(Clone, Copy, Debug)]
pub struct Welcome<'a> {
    /// Who permits.
    pub by: Enabler<'a>,
    /// Where the users' tabs lie.
    pub web: &'a WebAddress,
}

impl Welcome<'_> {
    /// Writes the mail to a user who was newly enabled, to the mailbox's address. Comes after the
    /// user's choices where these are saved in the same transaction: the mail says what is left to do.
    ///
    /// # Errors
    /// When the database refuses it; [`StoreError::NotFound`] for an unknown user.
    pub async fn write(
        &self,
        transaction: &mut Transaction,
        user: &PsaId,
    ) -> Result<(), StoreError> {
        let Some(mailbox) = mailbox::of_resource(&mut *transaction, user).await? else {
            return Ok(());
        };
        let name = resource::get(&mut *transaction, user).await?.fields.name;
        let settings = settings::get(&mut *transaction).await?.settings;
        let enabler = self.enabler(transaction, settings.as_ref()).await?;
        let letter = letter(self.web, &name, &mailbox, settings.as_ref(), &enabler);
        let cause = format!("welcome:{}", user.value);
        let mail = letter.into_mail(vec![mailbox.mailbox.address], Some(cause));
        mail::write(transaction, &mail).await?;
        Ok(())
    }

    async fn enabler(
        &self,
        transaction: &mut Transaction,
        settings: Option<&Settings>,
    ) -> Result<Named, StoreError> {
        let to_ask = settings.map_or_else(Vec::new, |it| it.error_addresses.clone());
        Ok(match self.by {
            Enabler::User(user) => {
                let fields = resource::get(&mut *transaction, user).await?.fields;
                let address = Some(fields.email).filter(|email| !email.is_empty());
                Named {
                    name: fields.name,
                    to_ask: address.map_or(to_ask, |address| vec![address]),
                }
            }
            Enabler::Operator => Named {
                name: "the operator of Tandem".to_owned(),
                to_ask,
            },
            Enabler::Program => Named {
                name: "a program of your organisation, through Tandem's JSON interface".to_owned(),
                to_ask,
            },
        })
    }
}

/// Who permitted, as the user reads it.
struct Named {
    name: String,
    /// Addresses of those who can answer a question; nobody may be known.
    to_ask: Vec<String>,
}

fn letter(
    web: &WebAddress,
    name: &str,
    mailbox: &MailboxRecord,
    settings: Option<&Settings>,
    enabler: &Named,
) -> Letter {
    let mut facts = vec![
        Fact::new("Enabled by", &enabler.name),
        Fact::new("Your mailbox", &mailbox.mailbox.address),
    ];
    if let Some(settings) = settings {
        facts.push(Fact::new("From Exchange to the PSA", imported(settings)));
        facts.push(Fact::new("From the PSA to Exchange", exported(settings)));
        let minutes = settings.interval_minutes;
        facts.push(Fact::new("How often", format!("every {minutes} minutes")));
    }
    let administrator = || "your administrator of the PSA".to_owned();
    let asked = Some(enabler.to_ask.join(", ")).filter(|addresses| !addresses.is_empty());
    facts.push(Fact::new(
        "Whom to ask",
        asked.unwrap_or_else(administrator),
    ));
    Letter {
        subject: "Your calendar can now be synchronised with Exchange".to_owned(),
        lead: format!(
            "Hello {name}, you were enabled for the synchronisation between the PSA and your mailbox in \
             Exchange."
        ),
        facts,
        more: next_steps(mailbox, settings),
        links: vec![Link {
            text: "Open your profile tab, MS Exchange",
            address: page::profile(web, &mailbox.mailbox.owner),
        }],
        reason: "Tandem sends this mail to everybody who is newly enabled for synchronisation.",
    }
}

fn next_steps(mailbox: &MailboxRecord, settings: Option<&Settings>) -> Vec<String> {
    let mut steps = Vec::new();
    steps.push(match mailbox.profile {
        None => {
            "Nothing is synchronised until you save your choices: open your profile tab, look at what is \
             ticked and at your mailbox's address, and save. You may switch off whatever you do not want, at \
             any time."
        }
        Some(_) => {
            "Your choices are saved already, so nothing is left to do. You may look at them on your profile \
             tab and change them at any time."
        }
    });
    if settings.is_some_and(sign_in::is_own) {
        steps.push(
            "Enter there also the password with which you sign in to Exchange; it is stored encrypted and \
             never shown again.",
        );
    }
    if !settings.is_some_and(|settings| settings.enabled) {
        steps.push(
            "The connection with Exchange is not switched on yet; your choices count as soon as it is.",
        );
    }
    steps.push("If you cannot sign in yet, ask for a link with which you choose a password.");
    steps.into_iter().map(str::to_owned).collect()
}

fn imported(settings: &Settings) -> &'static str {
    match settings.import_mode {
        ImportMode::AllDetails => {
            "appointments with title and description; of private ones only the time"
        }
        ImportMode::NoDetails => "appointments, only when they start and end",
        ImportMode::None => "nothing",
    }
}

fn exported(settings: &Settings) -> String {
    let kinds: Vec<&str> = [
        (settings.export_appointments, "appointments"),
        (settings.export_to_dos, "to-dos"),
        (settings.export_service_calls, "service calls"),
        (settings.export_contacts, "contacts"),
    ]
    .into_iter()
    .filter_map(|(is_exported, kind)| is_exported.then_some(kind))
    .collect();
    match kinds.is_empty() {
        true => "nothing".to_owned(),
        false => kinds.join(", "),
    }
}
