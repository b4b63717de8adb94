//! What stands around every page: the menu, the way to the page, who is signed in.

use super::visitor::Visitor;
use super::{calendar, cycles, mails, own_password, profile, resources, sign_out, tab, waits};

/// The way to the administrators' tabs (behaviour, section 1).
pub const EXCHANGE: [&str; 4] = [
    "Admin",
    "Extensions & Integrations",
    "Microsoft Extensions",
    "MS Exchange",
];

/// The way to what Tandem did.
pub const DONE: [&str; 2] = ["Admin", "What Tandem did"];

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

    /// The frame of an administrator's page about one user, reached through the list of all.
    pub fn of_user(visitor: &Visitor, title: String) -> Self {
        let mut way = EXCHANGE.to_vec();
        way.push("Resources");
        Self::new(visitor, &way, title, resources::PATH)
    }

    /// The menu, as far as it is for this user.
    pub fn menu(&self) -> Vec<Section> {
        let own = |path| resources::of_user(path, &self.visitor.user.value);
        let mut menu = vec![Section {
            title: "My".to_owned(),
            entries: self.entries(&[
                (&own(calendar::PATH), "Calendar"),
                (&own(profile::PATH), "Profile: MS Exchange"),
                (own_password::PATH, "Password"),
            ]),
        }];
        if self.visitor.is_admin {
            menu.push(Section {
                title: EXCHANGE.join(" › "),
                entries: self.tabs(),
            });
            menu.push(Section {
                title: DONE.join(" › "),
                entries: self.entries(&[
                    (cycles::PATH, "Cycles"),
                    (waits::PATH, "Waiting for you"),
                    (mails::PATH, "Mails"),
                ]),
            });
        }
        menu
    }

    /// The administrators' tabs.
    pub fn tabs(&self) -> Vec<Entry> {
        self.entries(&[
            (tab::GENERAL, "General"),
            (tab::SYNCHRONIZATION, "Synchronization"),
            (resources::PATH, "Resources"),
        ])
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
