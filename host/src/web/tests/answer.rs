//! What came back.

use axum::http::{HeaderMap, StatusCode};

/// A page or a redirect.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    /// The page, which came with this status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> &str {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        &self.text
    }

    /// A page that says all of this.
    #[track_caller]
    pub fn says(&self, status: u16, parts: &[&str]) {
        let text = self.expect(status);
        for part in parts {
            assert!(text.contains(part), "{part:?} is not in:\n{text}");
        }
    }

    /// Where a redirect leads.
    #[track_caller]
    pub fn leads_to(&self, path: &str) {
        assert_eq!(self.status.as_u16(), 303, "{}", self.text);
        assert_eq!(self.header("location"), path);
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |it| it.to_str().unwrap())
    }

    /// What the browser keeps; none when no cookie was set.
    pub fn cookie(&self) -> Option<String> {
        let set = self.header("set-cookie");
        let (pair, _) = set.split_once(';')?;
        Some(pair.to_owned())
    }

    /// The token of the page's forms.
    #[track_caller]
    pub fn form_token(&self) -> String {
        let marked = "name=\"form-token\" value=\"";
        let from = self.text.find(marked).expect("a form") + marked.len();
        self.text[from..]
            .chars()
            .take_while(|it| *it != '"')
            .collect()
    }
}
