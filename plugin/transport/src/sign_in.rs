//! What the host answers in a server's place when it had no token, and what the sign-in service says.
//!
//! Such an answer is a 401 with a header that names the cause, and a text that carries the sign-in
//! service's own code (`AADSTS…`), which decides which of the credentials is wrong.

use sync::contract::{Fault, Throttling, Unreachable, UnreachableCause};
use sync::kit::answer::own;

use crate::Response;

/// The header that names the cause.
const CAUSE: &str = "tandem-credentials";

/// The cause that the host names.
#[must_use]
pub fn cause(response: &Response) -> Option<&str> {
    response.header(CAUSE)
}

/// The first `AADSTS` code in a text.
#[must_use]
pub fn code(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("AADSTS")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then(|| format!("AADSTS{digits}"))
}

/// The fault of a 401 that does not say that the credentials are wrong: there is no token for another
/// reason, which the text tells.
#[must_use]
pub fn without_refusal(response: &Response, text: &str) -> Option<Fault> {
    match cause(response)? {
        busy @ "TandemTokenBusy" => Some(Fault::Throttled(Throttling {
            retry_after: None,
            answer: own(busy, text),
        })),
        "TandemTokenUnreachable" => Some(Fault::Unreachable(Unreachable {
            cause: UnreachableCause::NoConnection,
            detail: text.to_owned(),
        })),
        "TandemTokenNotUnderstood" => Some(Fault::NotUnderstood(text.to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_server_in_trouble_is_no_wrong_secret() {
        let meaning = |name: &str| {
            let response = Response {
                status: 401,
                headers: vec![("Tandem-Credentials".into(), name.into())],
                body: Vec::new(),
            };
            without_refusal(&response, "told")
        };
        assert!(matches!(
            meaning("TandemTokenUnreachable"),
            Some(Fault::Unreachable(_))
        ));
        assert!(matches!(
            meaning("TandemTokenBusy"),
            Some(Fault::Throttled(Throttling { answer, .. })) if answer.text == "told"
        ));
        assert!(matches!(
            meaning("TandemTokenNotUnderstood"),
            Some(Fault::NotUnderstood(_))
        ));
        assert_eq!(meaning("TandemSecretWrong"), None);
    }
}
