//! Where messages may go.

use url::Url;

use crate::capability::http::HttpClient;
use crate::store::StoreError;

/// The longest address, in bytes.
const LONGEST: usize = 2_048;

/// Reads an address that messages may go to: `https`, of a public host; `http` and private networks
/// only for an address in a network that the operator allows. What a name leads to is checked with
/// each message.
///
/// # Errors
/// [`StoreError::Invalid`] with what is accepted.
pub fn check(text: &str, http: &HttpClient) -> Result<Url, StoreError> {
    let refused = |rule: &str| StoreError::Invalid {
        field: "url",
        rule: rule.to_owned(),
    };
    if text.len() > LONGEST {
        return Err(refused("give an address of at most 2048 characters"));
    }
    let url = Url::parse(text)
        .map_err(|_| refused("give an address such as https://psa.example.com/tandem"))?;
    let is_plain = match url.scheme() {
        "https" => false,
        "http" => true,
        _ => return Err(refused("give an address that begins with https://")),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("leave out user and password; messages are signed"));
    }
    if url.fragment().is_some() {
        return Err(refused("leave out what follows #; it is never sent"));
    }
    if !http.permits_literal(&url) {
        return Err(refused(
            "give a public address; the operator opens others with network.allow",
        ));
    }
    if is_plain && !http.is_of_the_operator(&url) {
        return Err(refused(
            "give an address that begins with https://; plain http is for addresses in networks \
             that the operator opened with network.allow",
        ));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capability::http::{AllowedNetworks, NetworkOptions};

    fn accepts(networks: &[&str], text: &str) -> bool {
        let http = HttpClient::new(&NetworkOptions {
            allowed_networks: AllowedNetworks::parse(networks).unwrap(),
            ..NetworkOptions::default()
        });
        check(text, &http.unwrap()).is_ok()
    }

    #[test]
    fn only_public_addresses_over_https_are_accepted() {
        for text in [
            "https://psa.example.com/hook?x=1",
            "https://52.96.0.1:8443/",
        ] {
            assert!(accepts(&[], text), "{text}");
        }
        for text in [
            "",
            "psa.example.com",
            "ftp://psa.example.com/",
            "http://psa.example.com/",
            "http://52.96.0.1/",
            "https://user@psa.example.com/",
            "https://psa.example.com/#part",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://2130706433/",
            "https://169.254.169.254/latest",
            &format!("https://psa.example.com/{}", "x".repeat(2_048)),
        ] {
            assert!(!accepts(&[], text), "{text}");
        }
    }

    #[test]
    fn a_network_of_the_operator_opens_its_addresses_for_plain_http_too() {
        assert!(accepts(&["10.1.0.0/16"], "http://10.1.2.3:8080/hook"));
        assert!(accepts(&["10.1.0.0/16"], "https://10.1.2.3/hook"));
        assert!(!accepts(&["10.1.0.0/16"], "http://10.2.2.3/hook"));
        assert!(!accepts(&["10.1.0.0/16"], "http://localhost/hook"));
    }
}
