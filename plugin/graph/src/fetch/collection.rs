//! Pages of items, as a list or a delta sends them.
//!
//! One item that cannot be read never loses the others: it becomes a remark with its id, or, in a
//! delta, a reason to look at it by itself.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use sync::contract::{Fault, Remark};
use sync::kit::harvest::remark;
use transport::Response;

use crate::item::Item;
use crate::request;

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
pub struct Collection<T> {
    /// The items, each once: the last of a page counts.
    pub items: Vec<T>,
    /// Ids about which the page says too little, so that they have to be looked at.
    pub bare: Vec<String>,
    /// What the history should know.
    pub remarks: Vec<Remark>,
    /// What comes after.
    pub after: After,
}

/// Only the id, of an item of which nothing else can be read.
#[derive(Deserialize, Default)]
struct Name {
    #[serde(default)]
    id: Option<String>,
}

/// Reads a page.
///
/// # Errors
/// [`Fault::NotUnderstood`] when it is no page.
pub fn read<T: Item>(response: &Response) -> Result<Collection<T>, Fault> {
    let body: Body<'_> = request::json(response, "a page of items")?;
    let after = match (body.next, body.delta) {
        (Some(next), _) => After::Next(next),
        (None, Some(delta)) => After::Delta(delta),
        (None, None) => After::End,
    };
    let mut items: BTreeMap<String, T> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    let mut bare: Vec<String> = Vec::new();
    let mut remarks = Vec::new();
    for raw in body.value {
        match serde_json::from_str::<T>(raw.get()) {
            Ok(one) => {
                let Some(id) = one.id().map(str::to_owned) else {
                    remarks.push(nameless::<T>());
                    continue;
                };
                if one.is_bare() {
                    once(&mut bare, id);
                } else if items.insert(id.clone(), one).is_none() {
                    order.push(id);
                }
            }
            Err(error) => {
                let name: Name = serde_json::from_str(raw.get()).unwrap_or_default();
                match name.id {
                    Some(id) => {
                        // Serde's sentence names the field and the line, but may quote a value.
                        let text = format!("it could not be read (column {})", error.column());
                        remarks.push(remark(&id, T::UNREADABLE, text));
                    }
                    None => remarks.push(nameless::<T>()),
                }
            }
        }
    }
    // In whatever order the same item comes as removed and as changed: the look decides.
    let items = order
        .into_iter()
        .filter(|id| !bare.contains(id))
        .collect::<Vec<_>>()
        .into_iter()
        .filter_map(|id| items.remove(&id))
        .collect();
    Ok(Collection {
        items,
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

fn nameless<T: Item>() -> Remark {
    Remark {
        item: None,
        code: T::UNREADABLE.to_owned(),
        text: "an item without an id was passed over".to_owned(),
    }
}
