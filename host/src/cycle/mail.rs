//! The mails about cycles: which user, which address was asked, the error, what to do, and the page
//! that helps (behaviour, section 8). When one is written is decided in [`notice`](super::notice).

use super::fault_text::fault_text;
use super::run::CycleError;
use super::sign_in;
use super::stop_text::stop_text;
use crate::capability::mail::Notice;
use crate::contract::{Fault, Mailbox, MailboxKind, MissingThing, Settings};
use crate::outbox::letter::{Fact, HEARS_OF_ERRORS, Letter, Link};
use crate::page;
use crate::psa::WebAddress;
use crate::store::mail::NewMail;

/// What a mail is about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The name of the mailbox's owner, or of the public folder.
    pub user: &'a str,
    /// The mailbox.
    pub mailbox: &'a Mailbox,
    /// The tenant's settings, with the address of the service.
    pub settings: &'a Settings,
    /// Where the pages lie.
    pub web: &'a WebAddress,
    /// The cycle.
    pub cycle: &'a str,
}

/// An error as people are told it.
struct Told {
    /// A stable name, the same for all mailboxes that it concerns.
    cause: &'static str,
    text: String,
    /// What to do; none where the text says it.
    hint: Option<String>,
}

fn told(error: &CycleError) -> Told {
    let (cause, hint) = match error {
        CycleError::Fault(fault) => {
            let told = fault_text(fault);
            return Told {
                cause: told.cause,
                text: told.text,
                hint: Some(told.hint.to_owned()),
            };
        }
        CycleError::Stopped(stop) => {
            let told = stop_text(stop);
            return Told {
                cause: told.cause,
                text: told.text,
                hint: Some(told.hint),
            };
        }
        CycleError::Store(_) => (
            "database",
            Some("see that the database answers; the next cycle tries again"),
        ),
        CycleError::Runtime(_) => (
            "plugin",
            Some("see what the host logs; the next cycle tries again"),
        ),
        CycleError::BrokenContract(_) => ("plugin", None),
        CycleError::Endpoint(_) => ("settings", Some("correct the setting on the tab General")),
        CycleError::NotReady(_) => ("settings", None),
    };
    Told {
        cause,
        text: error.to_string(),
        hint: hint.map(str::to_owned),
    }
}

impl About<'_> {
    /// A cycle failed, or stopped and asks.
    pub fn failed(&self, error: &CycleError) -> NewMail {
        let told = told(error);
        let (what, found) = match error {
            CycleError::Stopped(_) => ("stopped and asks", "What was found"),
            _ => ("failed", "What came back"),
        };
        let mut facts = vec![
            self.of_mailbox(),
            Fact::new("Asked", &self.settings.service_url),
            Fact::new(found, told.text),
        ];
        facts.extend(told.hint.map(|hint| Fact::new("What to do", hint)));
        let letter = Letter {
            subject: format!("Synchronisation with Exchange {what}: {}", told.cause),
            lead: format!("The synchronisation of {} {what}.", self.user),
            facts,
            more: vec![
                "Other mailboxes may be concerned by the same cause; this is the only mail about it within \
                 24 hours."
                    .to_owned(),
            ],
            links: self.that_help(error),
            reason: HEARS_OF_ERRORS,
        };
        self.for_the_listed(letter, format!("failed:{}", told.cause))
    }

    /// It works again, after so many failures in a row.
    pub fn well_again(&self, failures: u64) -> NewMail {
        let letter = Letter {
            subject: "Synchronisation with Exchange works again".to_owned(),
            lead: format!("The synchronisation of {} works again.", self.user),
            facts: vec![
                self.of_mailbox(),
                Fact::new("Asked", &self.settings.service_url),
                Fact::new("Failed before, in a row", failures.to_string()),
                Fact::new("What to do", "nothing"),
            ],
            more: Vec::new(),
            links: vec![self.cycle_itself("See what the cycle did")],
            reason: HEARS_OF_ERRORS,
        };
        self.for_the_listed(letter, format!("well-again:{}", self.mailbox.address))
    }

    /// What the plugin had to tell.
    pub fn noticed(&self, notice: &Notice) -> NewMail {
        let mut facts = vec![self.of_mailbox()];
        let more = notice.parameters.iter();
        facts.extend(more.map(|(name, value)| Fact::new(name, value)));
        let letter = Letter {
            subject: format!("Synchronisation with Exchange: {}", notice.code),
            lead: format!(
                "The synchronisation of {} has something to tell.",
                self.user
            ),
            facts,
            more: Vec::new(),
            links: vec![self.cycle_itself("See what the cycle did")],
            reason: HEARS_OF_ERRORS,
        };
        self.for_the_listed(letter, format!("notice:{}", notice.code))
    }

    fn for_the_listed(&self, letter: Letter, cause: String) -> NewMail {
        letter.into_mail(self.settings.error_addresses.clone(), Some(cause))
    }

    fn of_mailbox(&self) -> Fact {
        Fact::new("Mailbox", &self.mailbox.address)
    }

    /// The page on which the cause can be mended, then the cycle itself.
    fn that_help(&self, error: &CycleError) -> Vec<Link> {
        let general = || Link {
            text: "Open the tab General",
            address: page::general(self.web),
        };
        let synchronization = || Link {
            text: "Open the tab Synchronization",
            address: page::synchronization(self.web),
        };
        let profile = || match self.mailbox.kind {
            MailboxKind::User => Link {
                text: "Open the user's profile tab",
                address: page::profile(self.web, &self.mailbox.owner),
            },
            MailboxKind::PublicContacts => synchronization(),
        };
        let first = match error {
            CycleError::Stopped(_) => {
                return vec![
                    self.cycle_itself("Look at what it found, and let it go ahead if it is meant"),
                ];
            }
            CycleError::Fault(fault) => match &**fault {
                Fault::Unauthorised(_) if sign_in::is_own(self.settings) => Some(profile()),
                Fault::Unauthorised(_)
                | Fault::EwsBlocked(_)
                | Fault::Unreachable(_)
                | Fault::NotUnderstood(_)
                | Fault::SignOnPage(_)
                | Fault::DeniedByHost(_) => Some(general()),
                Fault::NotFound(missing) => match missing.thing {
                    MissingThing::Service => Some(general()),
                    MissingThing::Mailbox => Some(profile()),
                    MissingThing::Folder => Some(synchronization()),
                    MissingThing::Item => None,
                },
                Fault::Forbidden(_) => Some(profile()),
                _ => None,
            },
            CycleError::Endpoint(_) | CycleError::NotReady(_) => Some(general()),
            CycleError::Store(_) | CycleError::Runtime(_) | CycleError::BrokenContract(_) => None,
        };
        let cycle = self.cycle_itself("See the cycle");
        first.into_iter().chain([cycle]).collect()
    }

    fn cycle_itself(&self, text: &'static str) -> Link {
        Link {
            text,
            address: page::cycle(self.web, self.cycle),
        }
    }
}
