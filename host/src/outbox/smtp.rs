//! The mail server of the operator's file.
//!
//! | `encryption` | how | usual port |
//! |---|---|---|
//! | `starttls` | plain at first, then TLS before anything is said; required, never given up | 587 |
//! | `tls` | TLS from the first byte | 465 |
//! | `none` | no TLS; a password only to this machine itself | 25 |
//!
//! Certificates are verified against the public authorities and `network.ca-files`.

use std::path::PathBuf;
use std::time::Duration;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Mailboxes, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::ExposeSecret;

use super::section::{Encryption, PASSWORD, SmtpSection, is_this_machine, password};
use crate::store::mail::Mail;

/// How long one exchange with the server may take; less than the shortest pause between two tries.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why the section cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SmtpError {
    /// An address is none.
    #[error("smtp.from: `{0}` is no address; give one such as \"Tandem <tandem@example.com>\"")]
    From(String),
    /// An account without a password.
    #[error("smtp.user: there is no password for it; name smtp.password-file, or set {PASSWORD}")]
    NoPassword,
    /// The password cannot be read.
    #[error("smtp.password-file: {path} cannot be read: {source}")]
    Password {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A password would cross the network for all to read.
    #[error(
        "smtp.encryption: a password is not sent to {0} without TLS; use \"starttls\" or \"tls\""
    )]
    Bare(String),
    /// TLS cannot be set up.
    #[error("smtp: TLS cannot be set up: {0}; check network.ca-files")]
    Tls(lettre::transport::smtp::Error),
}

/// The way to the mail server. Cheap to clone.
#[derive(Clone)]
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// Why a mail was not taken.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub struct NotTaken {
    /// The server refuses it for good, as it is.
    pub for_good: bool,
    text: String,
}

impl NotTaken {
    fn too_late() -> Self {
        Self {
            for_good: false,
            text: format!(
                "the mail server did not answer within {} s",
                PATIENCE.as_secs()
            ),
        }
    }
}

impl Smtp {
    /// The way that the section describes. Nothing is asked of the server yet.
    ///
    /// # Errors
    /// [`SmtpError`], which names the setting.
    pub fn new(section: &SmtpSection, authorities: &[Vec<u8>]) -> Result<Self, SmtpError> {
        let from = section
            .from
            .parse()
            .map_err(|_| SmtpError::From(section.from.clone()))?;
        let host = section.host.trim();
        let parameters = || {
            let mut builder = TlsParameters::builder(host.to_owned());
            for pem in authorities {
                let certificate = Certificate::from_pem(pem).map_err(SmtpError::Tls)?;
                builder = builder.add_root_certificate(certificate);
            }
            builder.build_rustls().map_err(SmtpError::Tls)
        };
        let (tls, port) = match section.encryption {
            Encryption::None => (Tls::None, 25),
            Encryption::Starttls => (Tls::Required(parameters()?), 587),
            Encryption::Tls => (Tls::Wrapper(parameters()?), 465),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(section.port.unwrap_or(port))
            .tls(tls)
            .timeout(Some(PATIENCE));
        if let Some(user) = &section.user {
            if section.encryption == Encryption::None && !is_this_machine(host) {
                return Err(SmtpError::Bare(host.to_owned()));
            }
            let password = password(section)?;
            builder = builder.credentials(Credentials::new(
                user.clone(),
                password.expose_secret().to_owned(),
            ));
        }
        Ok(Self {
            transport: builder.build(),
            from,
        })
    }

    /// Hands a mail to the server. Addresses that the server refuses do not keep it from the
    /// others: it counts as taken when anybody gets it.
    ///
    /// # Errors
    /// [`NotTaken`] when nobody gets it.
    pub async fn send(&self, mail: &Mail) -> Result<(), NotTaken> {
        // All tries together take less than the shortest pause, so that no other host begins one.
        let all = tokio::time::timeout(3 * PATIENCE, self.send_to_whom_it_can(mail)).await;
        all.unwrap_or_else(|_| Err(NotTaken::too_late()))
    }

    async fn send_to_whom_it_can(&self, mail: &Mail) -> Result<(), NotTaken> {
        let Err(first) = self.send_to(mail, &mail.to).await else {
            return Ok(());
        };
        if mail.to.len() < 2 || !first.for_good {
            return Err(first);
        }
        let mut taken = false;
        for address in &mail.to {
            match self.send_to(mail, std::slice::from_ref(address)).await {
                Ok(()) => taken = true,
                Err(error) => tracing::warn!(%address, %error, "an address gets no mail"),
            }
        }
        if taken { Ok(()) } else { Err(first) }
    }

    async fn send_to(&self, mail: &Mail, addresses: &[String]) -> Result<(), NotTaken> {
        let message = self.message(mail, addresses)?;
        // The time-out of the transport is one for each step; this one is for all of them.
        let sent = tokio::time::timeout(PATIENCE, self.transport.send(message)).await;
        match sent {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(NotTaken {
                for_good: error.is_permanent(),
                text: with_causes(&error),
            }),
            Err(_) => Err(NotTaken::too_late()),
        }
    }

    fn message(&self, mail: &Mail, addresses: &[String]) -> Result<Message, NotTaken> {
        let not_a_mail = |text: String| NotTaken {
            for_good: true,
            text,
        };
        let mut to = Mailboxes::new();
        for address in addresses {
            let parsed = address
                .parse()
                .map_err(|_| not_a_mail(format!("`{address}` is no address")))?;
            to.push(parsed);
        }
        let mut builder = Message::builder()
            .from(self.from.clone())
            .mailbox(lettre::message::header::To::from(to))
            .subject(mail.subject.clone())
            .date_now()
            // The same at each try, so that a mail that was taken twice can be told.
            .message_id(Some(format!("<{}@{}>", mail.id, self.from.email.domain())));
        // Nobody's absence is told to a machine (RFC 3834).
        if let Ok(name) = HeaderName::new_from_ascii("Auto-Submitted".to_owned()) {
            builder = builder.raw_header(HeaderValue::new(name, "auto-generated".to_owned()));
        }
        let text = mail.text.clone();
        let message = match &mail.html {
            Some(html) => builder.multipart(MultiPart::alternative_plain_html(text, html.clone())),
            None => builder.singlepart(SinglePart::plain(text)),
        };
        message.map_err(|error| not_a_mail(error.to_string()))
    }
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(text: &str) -> SmtpSection {
        let start = "host = \"mail.example.com\"\nfrom = \"tandem@example.com\"\n";
        toml::from_str(&format!("{start}{text}")).unwrap()
    }

    fn refused(text: &str) -> String {
        Smtp::new(&section(text), &[]).err().unwrap().to_string()
    }

    #[test]
    fn an_account_needs_a_password_and_a_protected_way() {
        let none = refused("user = \"tandem\"\nencryption = \"none\"\n");
        assert!(none.contains("without TLS"), "{none}");
        let missing = refused("user = \"tandem\"\npassword-file = \"/nowhere/at/all\"\n");
        assert!(missing.contains("/nowhere/at/all"), "{missing}");
        assert!(Smtp::new(&section("encryption = \"tls\"\n"), &[]).is_ok());
    }

    #[test]
    fn a_from_that_is_no_address_is_named() {
        let wrong = SmtpSection {
            from: "Tandem".to_owned(),
            ..section("")
        };
        let text = Smtp::new(&wrong, &[]).err().unwrap().to_string();
        assert!(text.contains("smtp.from"), "{text}");
    }
}
