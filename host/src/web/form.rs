//! What somebody typed into a form, as it was typed: so that it can be shown again when it is refused.

use std::borrow::Cow;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use secrecy::SecretString;
use url::form_urlencoded;
use zeroize::Zeroize;

use super::failure::Failure;

/// The name of the field that carries the session's token.
pub const TOKEN: &str = "form-token";

/// The fields of a form that was posted, in their order. Has no `Debug`: it may hold a password.
#[derive(Clone, Default)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// The fields of an `application/x-www-form-urlencoded` body. A NUL is no text and is left out,
    /// because no database keeps it.
    #[must_use]
    pub fn parse(body: &[u8]) -> Self {
        let text = |text: Cow<'_, str>| text.replace('\0', "");
        let pairs = form_urlencoded::parse(body);
        Self(
            pairs
                .map(|(name, value)| (text(name), text(value)))
                .collect(),
        )
    }

    /// A form as if it had been filled in like this.
    #[must_use]
    pub fn filled<'a>(fields: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let owned = |(name, value): (&str, String)| (name.to_owned(), value);
        Self(fields.into_iter().map(owned).collect())
    }

    /// What stands in a field; empty where it is not there.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.maybe(name).unwrap_or_default()
    }

    /// What stands in a field; none where it is not there, as with a field that was greyed.
    #[must_use]
    pub fn maybe(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether a check box is ticked.
    #[must_use]
    pub fn is_ticked(&self, name: &str) -> bool {
        self.maybe(name).is_some()
    }

    /// The values of all fields of one name.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let fields = self.0.iter();
        fields
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// A whole number.
    ///
    /// # Errors
    /// What stands there in its place.
    pub fn number(&self, name: &str) -> Result<u32, &str> {
        let typed = self.text(name);
        typed.trim().parse().map_err(|_| typed)
    }

    /// A secret without the stray spaces that come from copying it; none where nothing was typed.
    #[must_use]
    pub fn secret(&self, name: &str) -> Option<SecretString> {
        let typed = self.text(name).trim();
        (!typed.is_empty()).then(|| SecretString::from(typed))
    }

    /// A password exactly as it was typed.
    #[must_use]
    pub fn password(&self, name: &str) -> SecretString {
        SecretString::from(self.text(name))
    }
}

impl Drop for Form {
    fn drop(&mut self) {
        for (_, value) in &mut self.0 {
            value.zeroize();
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Form {
    type Rejection = Failure;

    /// The form that the [guard](super::guard) read and let through.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts.extensions.remove::<Self>().ok_or(Failure::BadForm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_it_was_typed() {
        let form = Form::parse(b"name=Ada+%26+Co&user=a&user=b&nul=a%00b&box=on");
        assert_eq!(form.text("name"), "Ada & Co");
        assert_eq!(form.all("user").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(form.text("nul"), "ab");
        assert!(form.is_ticked("box") && !form.is_ticked("other"));
        assert_eq!((form.text("other"), form.maybe("other")), ("", None));
        assert!(form.secret("other").is_none());
    }
}
