//! Passwords of the pages: which are accepted, and how they are kept (Argon2id, as a PHC string).

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

/// How many characters a password has at least.
pub const SHORTEST: usize = 12;

/// And at most: nobody types more, and what is longer only keeps the machine busy.
pub const LONGEST: usize = 256;

/// How many passwords are worked on at once: each takes 19 MiB and its time.
const AT_ONCE: usize = 4;

/// A hash that belongs to no password, so that unknown names take as long as known ones.
const OF_NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IHNpZ25zIGlu$\
                         AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why a password could not be hashed or compared.
#[derive(Debug, thiserror::Error)]
pub enum HashingError {
    /// The machine.
    #[error("a password could not be worked on: {0}; report this")]
    Failed(String),
}

/// Works on passwords, a few at a time. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Hashing {
    turns: Arc<Semaphore>,
}

impl Default for Hashing {
    fn default() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

impl Hashing {
    /// What is kept of a password.
    ///
    /// # Errors
    /// When the machine cannot.
    pub async fn hash(&self, password: SecretString) -> Result<SecretString, HashingError> {
        let hash = move || {
            let salt: [u8; 16] = rand::random();
            Argon2::default()
                .hash_password_with_salt(password.expose_secret().as_bytes(), &salt)
                .map(|hash| SecretString::from(hash.to_string()))
        };
        self.work(hash).await?.map_err(failed)
    }

    /// Whether this is the password of a hash; no hash has none. Takes the same time in any case.
    ///
    /// # Errors
    /// When the machine cannot, or the hash is none.
    pub async fn is_right(
        &self,
        password: SecretString,
        hash: Option<SecretString>,
    ) -> Result<bool, HashingError> {
        let compare = move || {
            let text = hash.as_ref().map_or(OF_NOBODY, |hash| hash.expose_secret());
            let parsed = PasswordHash::new(text).map_err(|error| error.to_string())?;
            let password = password.expose_secret().as_bytes();
            let is_equal = Argon2::default().verify_password(password, &parsed).is_ok();
            Ok(is_equal && hash.is_some())
        };
        self.work(compare).await?.map_err(HashingError::Failed)
    }

    async fn work<T: Send + 'static>(
        &self,
        what: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashingError> {
        let _turn = self.turns.acquire().await.map_err(failed)?;
        tokio::task::spawn_blocking(what).await.map_err(failed)
    }
}

fn failed(error: impl std::fmt::Display) -> HashingError {
    HashingError::Failed(error.to_string())
}

/// What is wrong with a new password; none when it is accepted. `name` is the sign-in name.
#[must_use]
pub fn objection(password: &str, repeated: &str, name: &str) -> Option<String> {
    let length = password.chars().count();
    if length < SHORTEST {
        Some(format!(
            "Choose at least {SHORTEST} characters; a few words are good."
        ))
    } else if length > LONGEST {
        Some(format!("Choose at most {LONGEST} characters."))
    } else if password.to_lowercase() == name.to_lowercase() {
        Some("Choose something other than your sign-in name.".to_owned())
    } else if password != repeated {
        Some("The two are not the same; type both again.".to_owned())
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_itself_is_right_and_no_two_hashes_are_alike() {
        let hashing = Hashing::default();
        let password = || SecretString::from("correct horse battery");
        let hash = hashing.hash(password()).await.unwrap();
        assert!(
            hash.expose_secret()
                .starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
        );
        let again = hashing.hash(password()).await.unwrap();
        assert_ne!(hash.expose_secret(), again.expose_secret());
        assert!(
            hashing
                .is_right(password(), Some(hash.clone()))
                .await
                .unwrap()
        );
        let other = SecretString::from("correct horse batterz");
        assert!(!hashing.is_right(other, Some(hash)).await.unwrap());
        assert!(!hashing.is_right(password(), None).await.unwrap());
    }

    #[test]
    fn short_long_repeated_and_obvious_passwords_are_told_apart() {
        let told = |password: &str, repeated: &str| {
            objection(password, repeated, "ada.byron@example.com").unwrap_or_default()
        };
        assert!(told("short", "short").contains("at least 12"));
        let long = "x".repeat(257);
        assert!(told(&long, &long).contains("at most 256"));
        let name = "Ada.Byron@example.com";
        assert!(told(name, name).contains("sign-in name"));
        assert!(told("correct horse", "correct house").contains("not the same"));
        assert_eq!(told("correct horse", "correct horse"), "");
    }
}
