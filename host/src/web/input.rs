//! The fields of a form as a page shows them: label, help, what was typed, and what was found there.
//!
//! A field's name and label are the setting's ([`names`](crate::settings::names)), so that a finding
//! finds its field, and calls it as the page does.

use super::form::Form;
use crate::contract::{Field, Finding, Severity};
use crate::settings::names::{label, of_field};

/// Fields that belong together.
pub struct Group {
    /// Its heading.
    pub legend: &'static str,
    /// What concerns all of it; may be empty.
    pub about: &'static str,
    /// Its fields.
    pub inputs: Vec<Input>,
}

/// A field.
pub struct Input {
    /// The setting's written name.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What it is, where to find it, what to ask the provider.
    pub help: &'static str,
    /// How it is filled in.
    pub control: Control,
    /// It may not be left empty.
    pub is_needed: bool,
    /// Why it cannot be changed now; none where it can.
    pub greyed: Option<&'static str>,
    /// What was found there.
    pub findings: Vec<Found>,
}

/// What a field is called: by forms, and by people.
#[derive(Clone, Copy)]
pub struct Named {
    name: &'static str,
    label: &'static str,
}

impl From<Field> for Named {
    fn from(field: Field) -> Self {
        Self {
            name: of_field(field),
            label: label(field),
        }
    }
}

/// A field that is not a tenant's setting.
impl From<(&'static str, &'static str)> for Named {
    fn from((name, label): (&'static str, &'static str)) -> Self {
        Self { name, label }
    }
}

/// How a field is filled in.
pub enum Control {
    /// A line of text.
    Text(String),
    /// A whole number, from a least one on, up to a greatest where there is one.
    Number(String, u32, Option<u32>),
    /// A check box.
    Check(bool),
    /// A choice from a list.
    List(Vec<Choice>),
    /// A choice of which all are shown.
    OneOf(Vec<Choice>),
    /// A secret: whether one is stored.
    Secret(bool),
}

/// One of several.
pub struct Choice {
    /// Its written name.
    pub value: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// It is the one.
    pub is_chosen: bool,
}

/// What was found at a field.
pub struct Found {
    /// `ok`, `warning` or `error`.
    pub kind: &'static str,
    /// The same for people.
    pub word: &'static str,
    /// What people call the field.
    pub label: &'static str,
    /// What was asked and what came back.
    pub text: String,
    /// What to do; may be empty.
    pub hint: String,
}

impl From<Finding> for Found {
    fn from(finding: Finding) -> Self {
        let (kind, word) = match finding.severity {
            Severity::Ok => ("ok", "Checked"),
            Severity::Warning => ("warning", "Warning"),
            Severity::Error => ("error", "Error"),
        };
        Self {
            kind,
            word,
            label: label(finding.field),
            text: sentence(&finding.text),
            hint: sentence(&finding.hint),
        }
    }
}

/// A text that begins with a capital letter, as sentences on a page do.
pub fn sentence(text: &str) -> String {
    let mut signs = text.chars();
    match signs.next() {
        Some(first) => first.to_uppercase().chain(signs).collect(),
        None => String::new(),
    }
}

impl Input {
    fn new(Named { name, label }: Named, help: &'static str, control: Control) -> Self {
        Self {
            name,
            label,
            help,
            control,
            is_needed: false,
            greyed: None,
            findings: Vec::new(),
        }
    }

    /// A line of text.
    pub fn text(form: &Form, named: impl Into<Named>, help: &'static str) -> Self {
        let named = named.into();
        let typed = form.text(named.name).to_owned();
        Self::new(named, help, Control::Text(typed))
    }

    /// A whole number.
    pub fn number(
        form: &Form,
        named: impl Into<Named>,
        help: &'static str,
        (least, most): (u32, Option<u32>),
    ) -> Self {
        let named = named.into();
        let typed = form.text(named.name).to_owned();
        Self::new(named, help, Control::Number(typed, least, most))
    }

    /// A check box.
    pub fn check(form: &Form, named: impl Into<Named>, help: &'static str) -> Self {
        let named = named.into();
        let is_ticked = form.is_ticked(named.name);
        Self::new(named, help, Control::Check(is_ticked))
    }

    /// A choice from a list.
    pub fn list(
        form: &Form,
        named: impl Into<Named>,
        help: &'static str,
        of: &[(&'static str, &'static str)],
    ) -> Self {
        let named = named.into();
        let choices = choices(form.text(named.name), of);
        Self::new(named, help, Control::List(choices))
    }

    /// A choice of which all are shown.
    pub fn one_of(
        form: &Form,
        named: impl Into<Named>,
        help: &'static str,
        of: &[(&'static str, &'static str)],
    ) -> Self {
        let named = named.into();
        let choices = choices(form.text(named.name), of);
        Self::new(named, help, Control::OneOf(choices))
    }

    /// A secret, of which only is told whether one is stored.
    pub fn secret(named: impl Into<Named>, help: &'static str, is_stored: bool) -> Self {
        Self::new(named.into(), help, Control::Secret(is_stored))
    }

    /// It may not be left empty.
    pub fn needed(mut self) -> Self {
        self.is_needed = true;
        self
    }

    /// It cannot be changed now, for a reason.
    pub fn greyed(mut self, reason: Option<&'static str>) -> Self {
        self.greyed = reason;
        self
    }

    /// Something wrong was found.
    pub fn is_wrong(&self) -> bool {
        self.findings.iter().any(|found| found.kind == "error")
    }
}

fn choices(chosen: &str, of: &[(&'static str, &'static str)]) -> Vec<Choice> {
    of.iter()
        .map(|(value, label)| Choice {
            value,
            label,
            is_chosen: *value == chosen,
        })
        .collect()
}

/// Puts what was found at its fields, and gives back what belongs to none of them.
pub fn put_at_fields(groups: &mut [Group], findings: Vec<Finding>) -> Vec<Found> {
    let mut elsewhere = Vec::new();
    for finding in findings {
        let name = of_field(finding.field);
        let mut inputs = groups.iter_mut().flat_map(|group| &mut group.inputs);
        match inputs.find(|input| input.name == name) {
            Some(input) => input.findings.push(finding.into()),
            None => elsewhere.push(finding.into()),
        }
    }
    elsewhere
}

/// Whether a check box is ticked; one that was greyed is as it was.
pub fn ticked(form: &Form, name: &str, before: bool) -> bool {
    match form.all("greyed").any(|greyed| greyed == name) {
        true => before,
        false => form.is_ticked(name),
    }
}

/// The name and value of a field that is a check box, to fill in a form.
pub fn tick(name: &'static str, is_ticked: bool) -> Option<(&'static str, String)> {
    is_ticked.then(|| (name, "on".to_owned()))
}
