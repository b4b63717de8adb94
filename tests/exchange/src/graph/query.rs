//! `$select` and `$expand`: which fields of an event an answer shows, and how the latter is written.

use serde_json::{Map, Value, json};

use super::call::{Call, Prefer};
use super::error::Refusal;
use super::event_read::{PROPERTIES, Shown};
use super::{calendar, extended_property};

/// What the client wants to see of each event.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    select: Option<Vec<String>>,
    /// The filter on extended properties, if they are expanded.
    properties: Option<Option<String>>,
    /// The fields of the calendar, if it is expanded; none named are all.
    calendar: Option<Vec<String>>,
}

impl Shape {
    /// Reads the query. Unknown properties are refused, as the real one does.
    pub fn read(call: &Call) -> Result<Self, Refusal> {
        let mut shape = Self::default();
        if let Some(select) = call.query("$select") {
            let names: Vec<String> = select
                .split(',')
                .map(|name| name.trim().to_owned())
                .collect();
            for name in &names {
                check_property(name)?;
            }
            shape.select = Some(names);
        }
        for (name, options) in expansions(call) {
            match name.as_str() {
                "singleValueExtendedProperties" => {
                    let filter = options
                        .trim()
                        .strip_prefix("$filter=")
                        .map(ToOwned::to_owned);
                    shape.properties = Some(filter);
                }
                "calendar" => shape.calendar = Some(selected(&options)),
                "attachments"
                | "extensions"
                | "instances"
                | "multiValueExtendedProperties"
                | "exceptionOccurrences" => {}
                other => return Err(unknown_property(other)),
            }
        }
        Ok(shape)
    }

    /// A list shows the calendar only where it is expanded, one event names it always.
    pub fn show(
        &self,
        shown: &Shown<'_>,
        prefer: &Prefer,
        single: Option<&str>,
    ) -> Result<Value, Refusal> {
        let full = shown.full(prefer);
        let mut event = match &self.select {
            None => full,
            Some(names) => full
                .into_iter()
                .filter(|(name, _)| {
                    name.starts_with("@odata") || name == "id" || names.contains(name)
                })
                .collect(),
        };
        if let Some(base) = single {
            if self.select.is_none() {
                let link = calendar::link(shown.mailbox, shown.item.folder, base);
                event.insert(
                    "calendar@odata.associationLink".to_owned(),
                    format!("{link}/$ref").into(),
                );
                event.insert("calendar@odata.navigationLink".to_owned(), link.into());
            }
            let cancelled = self
                .selects("cancelledOccurrences")
                .then(|| shown.cancelled_occurrences(prefer));
            if let Some(cancelled) = cancelled.flatten() {
                event.insert("cancelledOccurrences".to_owned(), cancelled);
            }
        }
        self.expand(shown, &mut event)?;
        Ok(Value::Object(event))
    }

    fn selects(&self, name: &str) -> bool {
        self.select
            .as_ref()
            .is_some_and(|names| names.iter().any(|known| known == name))
    }

    fn expand(&self, shown: &Shown<'_>, event: &mut Map<String, Value>) -> Result<(), Refusal> {
        if let Some(filter) = &self.properties {
            extended_property::expand(&shown.item.content.properties, filter.as_deref(), event)?;
        }
        if let Some(names) = &self.calendar {
            let folder = shown
                .mailbox
                .calendars
                .iter()
                .find(|known| known.key == shown.item.folder);
            let mut value =
                folder.map_or(json!(null), |known| calendar::show(shown.mailbox, known));
            if let Some(fields) = value.as_object_mut() {
                fields.retain(|name, _| names.is_empty() || names.contains(name));
            }
            event.insert("calendar".to_owned(), value);
        }
        Ok(())
    }
}

/// What `$expand` names, each with the options in its brackets.
pub fn expansions(call: &Call) -> Vec<(String, String)> {
    let parts = split_outside_brackets(call.query("$expand").unwrap_or_default());
    parts
        .iter()
        .map(|part| {
            let (name, rest) = part.split_once('(').unwrap_or((part, ""));
            let options = rest.strip_suffix(')').unwrap_or(rest);
            (name.trim().to_owned(), options.to_owned())
        })
        .filter(|(name, _)| !name.is_empty())
        .collect()
}

/// The names of a `$select` inside an `$expand`.
fn selected(options: &str) -> Vec<String> {
    let names = options.trim().strip_prefix("$select=").into_iter();
    names
        .flat_map(|names| names.split(','))
        .map(|name| name.trim().to_owned())
        .collect()
}

fn check_property(name: &str) -> Result<(), Refusal> {
    if PROPERTIES.contains(&name) {
        Ok(())
    } else {
        Err(unknown_property(name))
    }
}

fn unknown_property(name: &str) -> Refusal {
    Refusal::new(
        400,
        "RequestBroker--ParseUri",
        format!(
            "Could not find a property named '{name}' on type 'Microsoft.OutlookServices.Event'."
        ),
    )
}

fn split_outside_brackets(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_i32;
    for letter in text.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        match parts.last_mut() {
            Some(_) if letter == ',' && depth == 0 => parts.push(String::new()),
            Some(part) => part.push(letter),
            None => {}
        }
    }
    parts
}
