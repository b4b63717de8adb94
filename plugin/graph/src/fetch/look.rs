//! Looking at items by their ids.
//!
//! One id that the server cannot answer for stops no other: it is left without an answer, with a
//! remark. A whole batch of such ids is the server's trouble and no item's, and fails.
//!
//! That an item answers does not say that it lies where it should: an immutable id may answer from
//! another folder, or from the deleted items. How its place is found out differs, and stands in
//! [`event`](mod@event) and [`contact`](mod@contact).

pub mod contact;
pub mod event;
pub mod occurrence;

use serde::de::IgnoredAny;
use sync::contract::{Fault, MissingThing, NotFound, RemovalProof};
use sync::kit::harvest::{Found, Harvest, remark, removal};
use transport::{Response, Transport};

use crate::item::Item;
use crate::request::{self, Request};
use crate::{batch, fault};

/// The remark about an item for which the server gave an error of its own.
pub const UNANSWERED: &str = "item-unanswered";

/// What the answer about one item says.
pub enum Look<T> {
    /// It is there, if it lies where it should.
    There(Box<T>),
    /// It is there, and lies somewhere else.
    Elsewhere,
    /// There is no such item.
    Gone,
    /// Nothing can be said about it, for this reason.
    Unknown(&'static str, String),
}

/// The answers to a batch of questions about items, or about where they lie.
fn answers<T: Item>(transport: &impl Transport, parts: &[Request]) -> Result<Vec<Response>, Fault> {
    let id = transport.fresh_id();
    batch::ask(transport, parts, id, T::PERMISSION)?
        .into_iter()
        .map(batch::given)
        .collect()
}

/// What the answers about these ids say.
fn read<T: Item>(ids: &[String], answers: &[Response]) -> Result<Vec<Look<T>>, Fault> {
    let looks: Vec<Look<T>> = ids
        .iter()
        .zip(answers)
        .map(|(id, answer)| one(id, answer))
        .collect::<Result<_, _>>()?;
    match answers.first() {
        Some(answer) if is_trouble(&looks) => Err(fault::read(answer, T::PERMISSION)),
        _ => Ok(looks),
    }
}

fn one<T: Item>(id: &str, answer: &Response) -> Result<Look<T>, Fault> {
    if answer.is_good() {
        return match serde_json::from_slice(&answer.body) {
            Ok(item) => Ok(Look::There(Box::new(item))),
            Err(error) => {
                // An item that is there but cannot be read is neither lost nor in the way.
                let _: IgnoredAny = request::json(answer, "an item")?;
                let text = format!("it could not be read (column {})", error.column());
                Ok(Look::Unknown(T::UNREADABLE, text))
            }
        };
    }
    if answer.status == 400 && is_malformed(answer) {
        let text = format!(
            "the server takes {} characters for no id of its own",
            id.len()
        );
        return Ok(Look::Unknown("id-malformed", text));
    }
    match fault::read(answer, T::PERMISSION) {
        Fault::NotFound(NotFound {
            thing: MissingThing::Item,
            ..
        }) => Ok(Look::Gone),
        fault => unanswered(answer, fault),
    }
}

fn is_malformed(answer: &Response) -> bool {
    fault::answer(answer).code == "ErrorInvalidIdMalformed"
}

/// Whether the server is in trouble, and not some items: of a full batch none is answered for.
fn is_trouble<T>(looks: &[Look<T>]) -> bool {
    looks.len() == batch::LARGEST
        && looks
            .iter()
            .all(|look| matches!(look, Look::Unknown(UNANSWERED, _)))
}

/// An error that may be one item's own, such as one that the server itself cannot read. What says
/// that the server is busy, or concerns the credentials or the mailbox, is every item's.
fn unanswered<T>(answer: &Response, fault: Fault) -> Result<Look<T>, Fault> {
    match fault {
        Fault::Other(_) | Fault::Unreachable(_) if answer.status >= 500 => {}
        Fault::Refused(_) => {}
        fault => return Err(fault),
    }
    let said = fault::answer(answer);
    let text = format!(
        "the server could not say what became of it (status {}, {}, request {})",
        said.status, said.code, said.request_id
    );
    Ok(Look::Unknown(UNANSWERED, text))
}

/// What the host is told of an item.
fn told<T: Item>(
    id: &str,
    look: Look<T>,
    read: impl Fn(T) -> Result<Found, &'static str>,
) -> Harvest {
    let mut harvest = Harvest::default();
    match look {
        Look::Elsewhere => harvest.changes.push(removal(id, RemovalProof::Elsewhere)),
        Look::There(item) => match read(*item) {
            Ok(found) => harvest.add(found),
            Err(why) => harvest
                .remarks
                .push(remark(id, T::UNREADABLE, why.to_owned())),
        },
        Look::Gone => harvest.changes.push(removal(id, RemovalProof::NotFound)),
        Look::Unknown(code, text) => harvest.remarks.push(remark(id, code, text)),
    }
    harvest
}
