//! A message and its signature, by the scheme of Standard Webhooks 1.0
//! (<https://www.standardwebhooks.com>): `webhook-id`, `webhook-timestamp` and `webhook-signature`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

/// What a secret begins with.
const PREFIX: &str = "whsec_";

/// Secrets are given out as text, of which this much is random, in bytes.
const RANDOM: usize = 32;

/// Gives a new secret.
#[must_use]
pub fn new_secret() -> SecretString {
    let random: Zeroizing<[u8; RANDOM]> = Zeroizing::new(rand::random());
    SecretString::from(format!("{PREFIX}{}", STANDARD.encode(random.as_slice())))
}

/// That records changed up to a version.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The same for each try, so that a receiver knows what it got twice.
    pub id: String,
    /// JSON.
    pub body: String,
}

impl Message {
    /// To this subscription, of this version.
    #[must_use]
    pub fn new(webhook: &str, version: u64) -> Self {
        let name = format!("{webhook}/{version}");
        Self {
            id: format!(
                "msg_{}",
                Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).simple()
            ),
            body: json!({"type": "records.changed", "data": {"version": version}}).to_string(),
        }
    }

    /// The signatures by these secrets, sent at `timestamp`, in seconds since 1970. A secret that is
    /// none signs nothing.
    #[must_use]
    pub fn signatures(&self, secrets: &[SecretString], timestamp: i64) -> String {
        let signed = format!("{}.{timestamp}.{}", self.id, self.body);
        let one = |secret: &SecretString| {
            let encoded = secret.expose_secret().strip_prefix(PREFIX)?;
            let key = Zeroizing::new(STANDARD.decode(encoded).ok()?);
            let mut code = Hmac::<Sha256>::new_from_slice(&key).ok()?;
            code.update(signed.as_bytes());
            let signature = STANDARD.encode(code.finalize().into_bytes());
            Some(format!("v1,{signature}"))
        };
        let all: Vec<String> = secrets.iter().filter_map(one).collect();
        all.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schemes_own_example_comes_out() {
        let message = Message {
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek".into(),
            body: r#"{"test": 2432232314}"#.into(),
        };
        let secret = SecretString::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        assert_eq!(
            message.signatures(&[secret], 1_614_265_330),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn a_message_of_one_version_has_one_id() {
        assert_eq!(Message::new("a", 7), Message::new("a", 7));
        assert_ne!(Message::new("a", 7).id, Message::new("a", 8).id);
        assert_ne!(Message::new("a", 7).id, Message::new("b", 7).id);
    }
}
