//! What stands around every page: the menu, the way to the page, who is signed in.

use super::visitor::Visitor;
use super::{own_password, sign_out};

/// What stands around a page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The page's heading.
    pub title: String,
    /// The way to it through the menu.
    pub way: Vec<&'static str>,
    /// Who is signed in.
    pub visitor: Visitor,
    /// What each form carries.
    pub token: String,
    here: String,
}

/// A part of the menu.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its heading, as the way to it.
    pub title: String,
    /// Its pages.
    pub entries: Vec<Entry>,
}

/// A page in the menu.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its path.
    pub path: String,
    /// Its name.
    pub name: &'static str,
    /// It is the one that is shown.
    pub is_here: bool,
}

impl Frame {
    /// The frame of a page that stands in the menu at this path.
    pub fn new(
        visitor: &Visitor,
        way: &[&'static str],
        title: impl Into<String>,
        here: impl Into<String>,
    ) -> Self {
        Self {
            title: title.into(),
            way: way.to_vec(),
            token: visitor.form_token(),
            visitor: visitor.clone(),
            here: here.into(),
        }
    }

    /// The menu, as far as it is for this user.
    pub fn menu(&self) -> Vec<Section> {
        vec![Section {
            title: "My".to_owned(),
            entries: self.entries(&[(own_password::PATH, "Password")]),
        }]
    }

    fn entries(&self, pages: &[(&str, &'static str)]) -> Vec<Entry> {
        let entry = |(path, name): &(&str, &'static str)| Entry {
            path: (*path).to_owned(),
            name,
            is_here: *path == self.here,
        };
        pages.iter().map(entry).collect()
    }

    /// Where the form to sign out goes.
    pub fn sign_out(&self) -> &'static str {
        sign_out::PATH
    }
}
