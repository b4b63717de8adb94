//! The key that seals secrets: 32 bytes from a file or from the environment.
//!
//! Written as 64 hexadecimal digits or as Base64 (RFC 4648, with padding); white space around it
//! is ignored. The same form serves both places.

use std::fmt;
use std::io::Write;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, Generate, Key, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::error::{Result, StoreError};

/// How long a key is, in bytes.
const LENGTH: usize = 32;

/// The key of all secrets in a database. Wiped from memory when it is dropped, never shown.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SecretKey([u8; LENGTH]);

/// A sealed value: only who has the key and knows what it was sealed for can open it.
pub(super) struct Sealed {
    /// 24 random bytes.
    pub nonce: Vec<u8>,
    /// The value and its proof.
    pub text: Vec<u8>,
}

impl SecretKey {
    /// A new random key.
    #[must_use]
    pub fn generate() -> Self {
        Self(Key::<XChaCha20Poly1305>::generate().into())
    }

    /// The key that an environment variable holds.
    ///
    /// # Errors
    /// [`StoreError::Key`] when it is missing or malformed.
    pub fn from_environment(variable: &str) -> Result<Self> {
        let place = format!("in the environment variable {variable}");
        match std::env::var(variable) {
            Ok(text) => Self::parse(place, &Zeroizing::new(text)),
            Err(_) => Err(StoreError::Key {
                place,
                reason: "it is not set".into(),
            }),
        }
    }

    /// The key that a file holds. With `make`, a missing file is made with a new key, readable by
    /// its owner only.
    ///
    /// # Errors
    /// [`StoreError::KeyFile`] when the file cannot be read or made; [`StoreError::Key`] when what
    /// it holds is no key.
    pub fn from_file(path: &Path, make: bool) -> Result<Self> {
        let place = format!("in the file {}", path.display());
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(place, &Zeroizing::new(text)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && make => Self::make_file(path),
            Err(source) => Err(StoreError::KeyFile {
                path: path.to_owned(),
                source,
            }),
        }
    }

    fn make_file(path: &Path) -> Result<Self> {
        let key = Self::generate();
        let mut options = std::fs::OpenOptions::new();
        // Never over an existing file: another host may have made it in this moment.
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let text = Zeroizing::new(format!("{}\n", STANDARD.encode(key.0)));
        let written = options.open(path).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        match written {
            Ok(()) => Ok(key),
            Err(source) => Err(StoreError::KeyFile {
                path: path.to_owned(),
                source,
            }),
        }
    }

    fn parse(place: String, text: &str) -> Result<Self> {
        let text = text.trim();
        let bytes = Zeroizing::new(
            match text.len() {
                64 => from_hex(text),
                _ => STANDARD.decode(text).ok(),
            }
            .unwrap_or_default(),
        );
        match <[u8; LENGTH]>::try_from(bytes.as_slice()) {
            Ok(bytes) => Ok(Self(bytes)),
            Err(_) => Err(StoreError::Key {
                place,
                reason: "it is no key; write 32 bytes as 64 hexadecimal digits or as Base64".into(),
            }),
        }
    }

    /// Seals a value for one purpose.
    pub(super) fn seal(&self, purpose: &[u8], value: &[u8]) -> Option<Sealed> {
        let nonce = XNonce::generate();
        let text = self
            .cipher()
            .encrypt(
                &nonce,
                Payload {
                    msg: value,
                    aad: purpose,
                },
            )
            .ok()?;
        Some(Sealed {
            nonce: nonce.to_vec(),
            text,
        })
    }

    /// Opens a value; none when key or purpose differ, or when it was changed.
    pub(super) fn open(&self, purpose: &[u8], sealed: &Sealed) -> Option<Zeroizing<Vec<u8>>> {
        let nonce = XNonce::try_from(sealed.nonce.as_slice()).ok()?;
        let payload = Payload {
            msg: &sealed.text,
            aad: purpose,
        };
        self.cipher()
            .decrypt(&nonce, payload)
            .ok()
            .map(Zeroizing::new)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.0.into())
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    digits?
        .chunks_exact(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(high * 16 + low).ok(),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_hexadecimal_and_as_base64() {
        let hex = "00112233445566778899aabbccddeeff".repeat(2);
        let a = SecretKey::parse("here".into(), &format!(" {hex}\n")).unwrap();
        let b = SecretKey::parse("here".into(), &STANDARD.encode(a.0)).unwrap();
        assert_eq!(a.0, b.0);
        assert_eq!(a.0[1], 0x11);
    }

    #[test]
    fn what_is_no_key_is_refused_with_the_accepted_form() {
        let text = SecretKey::parse("here".into(), "hunter2")
            .unwrap_err()
            .to_string();
        assert!(text.contains("64 hexadecimal digits"), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }

    #[test]
    fn a_sealed_value_opens_for_its_purpose_only() {
        let key = SecretKey::generate();
        let sealed = key.seal(b"a", b"value").unwrap();
        assert_eq!(key.open(b"a", &sealed).unwrap().as_slice(), b"value");
        assert!(key.open(b"b", &sealed).is_none());
        assert!(SecretKey::generate().open(b"a", &sealed).is_none());
    }

    #[cfg(unix)]
    #[test]
    fn a_missing_key_file_is_made_for_its_owner_only_and_only_when_asked() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        assert!(matches!(
            SecretKey::from_file(&path, false),
            Err(StoreError::KeyFile { .. })
        ));
        let made = SecretKey::from_file(&path, true).unwrap();
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(SecretKey::from_file(&path, true).unwrap().0, made.0);
    }
}
