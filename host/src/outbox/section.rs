//! The section `[smtp]` of the operator's file, and the password that it leads to.

use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;

use super::smtp::SmtpError;

/// Where the password may stand in place of a file.
pub(super) const PASSWORD: &str = "TANDEM_SMTP_PASSWORD";

/// The section `[smtp]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SmtpSection {
    /// The server's name.
    pub host: String,
    /// Its port; left out, the usual one of the encryption.
    pub port: Option<u16>,
    /// How the way to it is protected.
    #[serde(default)]
    pub encryption: Encryption,
    /// The account, where the server wants one.
    pub user: Option<String>,
    /// A file with its password; or the environment's `TANDEM_SMTP_PASSWORD`.
    pub password_file: Option<PathBuf>,
    /// Who the mails come from, such as `Tandem <tandem@example.com>`.
    pub from: String,
}

/// How the way to the server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encryption {
    /// Not at all.
    None,
    /// TLS after a plain greeting.
    #[default]
    Starttls,
    /// TLS from the first byte.
    Tls,
}

/// The account's password.
///
/// # Errors
/// When there is none, or it cannot be read.
pub(super) fn password(section: &SmtpSection) -> Result<SecretString, SmtpError> {
    if let Some(path) = &section.password_file {
        let text = std::fs::read_to_string(path).map_err(|source| SmtpError::Password {
            path: path.clone(),
            source,
        })?;
        return Ok(SecretString::from(text.trim_end_matches(['\r', '\n'])));
    }
    std::env::var(PASSWORD)
        .map(SecretString::from)
        .map_err(|_| SmtpError::NoPassword)
}

/// Whether what is sent there never crosses a network.
pub(super) fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
