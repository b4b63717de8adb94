//! Who may ask, and for which mailbox: Basic with an account's own password or a service account's, bearer tokens, impersonation.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::HeaderMap;

use super::refusal::Refusal;
use super::soap::Impersonated;
use crate::answer::Answer;
use crate::state::State;
use crate::token::Audience;

/// An account that signs on with a password. One whose name is the address of a mailbox owns that mailbox.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    pub name: String,
    pub password: String,
    /// It may act for every mailbox.
    #[serde(default)]
    pub impersonates: bool,
}

/// Who signed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// An application with a token.
    Application,
    Account(Account),
}

/// Whom the `Authorization` header lets in, else the answer.
pub fn admit(state: &State, headers: &HeaderMap) -> Result<Caller, Answer> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let authorization = text("authorization");
    let caller = match password(authorization) {
        Some((name, password)) => state
            .accounts
            .iter()
            .find(|account| {
                account.name.eq_ignore_ascii_case(&name) && account.password == password
            })
            .map(|account| Caller::Account(account.clone())),
        None => state
            .tokens
            .admit(authorization, Audience::Ews, state.clock.now())
            .ok()
            .map(|()| Caller::Application),
    };
    let caller = caller.ok_or_else(unauthorised)?;
    let allowed = &state.behaviour.allowed_user_agent;
    let agent = text("user-agent").unwrap_or_default();
    if state.behaviour.ews_blocked || !agent.starts_with(allowed.as_str()) {
        return Err(Answer::empty(403));
    }
    Ok(caller)
}

/// Name and password of a `Basic` header.
fn password(authorization: Option<&str>) -> Option<(String, String)> {
    let (scheme, encoded) = authorization?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = BASE64_STANDARD.decode(encoded.trim()).unwrap_or_default();
    let text = String::from_utf8(bytes).unwrap_or_default();
    let (name, password) = text.split_once(':').unwrap_or((&text, ""));
    Some((name.to_owned(), password.to_owned()))
}

/// The answer to a caller who is not known.
pub fn unauthorised() -> Answer {
    let mut answer = Answer::empty(401);
    answer.header("WWW-Authenticate", "Basic realm=\"exchange\"");
    answer.header("WWW-Authenticate", "Bearer");
    answer
}

/// The address of the mailbox that a request is about; `None` for an account without one.
pub fn mailbox(
    state: &State,
    caller: &Caller,
    impersonated: Option<&Impersonated>,
) -> Result<Option<String>, Refusal> {
    let own = match caller {
        Caller::Application => None,
        Caller::Account(account) => state.mailbox(&account.name).ok(),
    };
    let Some(Impersonated(address)) = impersonated else {
        return match (caller, own) {
            (Caller::Application, _) => Err(Refusal::new(
                "ErrorImpersonationRequired",
                "ExchangeImpersonation SOAP header must be present for this type of OAuth token.",
            )),
            (_, own) => own
                .map(|mailbox| usable(mailbox).map(|()| mailbox.address.clone()))
                .transpose(),
        };
    };
    let may = match caller {
        Caller::Application => true,
        Caller::Account(account) => {
            account.impersonates || account.name.eq_ignore_ascii_case(address)
        }
    };
    if !may || state.behaviour.impersonation_denied {
        return Err(Refusal::new(
            "ErrorImpersonateUserDenied",
            "The account does not have permission to impersonate the requested user.",
        ));
    }
    let mailbox = state.mailbox(address).map_err(|_| Refusal::no_mailbox())?;
    usable(mailbox)?;
    Ok(Some(mailbox.address.clone()))
}

fn usable(mailbox: &crate::mailbox::Mailbox) -> Result<(), Refusal> {
    if mailbox.access.licensed {
        Ok(())
    } else {
        Err(Refusal::no_mailbox())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_may_hold_colons() {
        let header = format!("Basic {}", BASE64_STANDARD.encode("EXAMPLE\\svc:a:b"));
        let (name, secret) = password(Some(&header)).unwrap();
        assert_eq!((name.as_str(), secret.as_str()), ("EXAMPLE\\svc", "a:b"));
        assert_eq!(password(Some("Bearer abc")), None);
    }
}
