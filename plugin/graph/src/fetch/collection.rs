//! Pages of events, as a list or a delta sends them.
//!
//! One event that cannot be read never loses the others: it becomes a remark with its id, or, in a
//! delta, a reason to look at it by itself.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use sync::contract::{Fault, Remark};

use crate::event::{self, wire};
use crate::transport::Response;

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    value: Vec<&'a RawValue>,
    #[serde(rename = "@odata.nextLink", default)]
    next: Option<String>,
    #[serde(rename = "@odata.deltaLink", default)]
    delta: Option<String>,
}

/// What comes after a page.
#[derive(Debug, PartialEq, Eq)]
pub enum After {
    /// Another page.
    Next(String),
    /// The end of a delta.
    Delta(String),
    /// The end of a list.
    End,
}

/// A page.
#[derive(Debug)]
pub struct Collection {
    /// The events, each once: the last of a page counts.
    pub events: Vec<wire::Event>,
    /// Ids about which the page says too little, so that they have to be looked at.
    pub bare: Vec<String>,
    /// What the history should know.
    pub remarks: Vec<Remark>,
    /// What comes after.
    pub after: After,
}

/// Only the id, of an event of which nothing else can be read.
#[derive(Deserialize, Default)]
struct Name {
    #[serde(default)]
    id: Option<String>,
}

/// Reads a page.
///
/// # Errors
/// [`Fault::NotUnderstood`] when it is no page.
pub fn read(response: &Response) -> Result<Collection, Fault> {
    let body: Body<'_> = response.json("a page of events")?;
    let after = match (body.next, body.delta) {
        (Some(next), _) => After::Next(next),
        (None, Some(delta)) => After::Delta(delta),
        (None, None) => After::End,
    };
    let mut events: BTreeMap<String, wire::Event> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    let mut bare: Vec<String> = Vec::new();
    let mut remarks = Vec::new();
    for raw in body.value {
        match serde_json::from_str::<wire::Event>(raw.get()) {
            Ok(event) => {
                let Some(id) = event.id.clone() else {
                    remarks.push(nameless());
                    continue;
                };
                if event.removed.is_some() || event.start.is_none() {
                    once(&mut bare, id);
                } else if events.insert(id.clone(), event).is_none() {
                    order.push(id);
                }
            }
            Err(error) => {
                let name: Name = serde_json::from_str(raw.get()).unwrap_or_default();
                match name.id {
                    Some(id) => {
                        // Serde's sentence names the field and the line, but may quote a value.
                        let text = format!("it could not be read (column {})", error.column());
                        remarks.push(event::remark(&id, "event-unreadable", text));
                    }
                    None => remarks.push(nameless()),
                }
            }
        }
    }
    // In whatever order the same item comes as removed and as changed: the look decides.
    let events = order
        .into_iter()
        .filter(|id| !bare.contains(id))
        .collect::<Vec<_>>()
        .into_iter()
        .filter_map(|id| events.remove(&id))
        .collect();
    Ok(Collection {
        events,
        bare,
        remarks,
        after,
    })
}

fn once(ids: &mut Vec<String>, id: String) {
    if !ids.contains(&id) {
        ids.push(id);
    }
}

fn nameless() -> Remark {
    Remark {
        item: None,
        code: "event-unreadable".to_owned(),
        text: "an event without an id was passed over".to_owned(),
    }
}
