//! Finding items by their markers, after a crash, before a second create, or when links are made
//! again.
//!
//! [`event`](mod@event)s are sought by a filter first, for [`contact`](mod@contact)s there is none.
//! What no filter finds is found by listing the whole folder with the markers and comparing here.

pub mod contact;
pub mod event;

use sync::contract::Fault;
use transport::Transport;

use super::collection::{self, After, Collection};
use crate::item::Item;
use crate::request::{Request, ask};

/// How many pages of a folder's list are read at most.
const MOST_PAGES: usize = 50;

/// Reads a folder's list page by page, and says whether it came to its end.
fn listed<T: Item>(
    transport: &impl Transport,
    list: Request,
    page_size: u32,
    mut read: impl FnMut(Collection<T>) -> Result<(), Fault>,
) -> Result<bool, Fault> {
    let mut request = list;
    let mut seen: Vec<String> = Vec::new();
    for _ in 0..MOST_PAGES {
        let response = ask(transport, request, T::PERMISSION)?;
        let mut page: Collection<T> = collection::read(&response)?;
        let after = std::mem::replace(&mut page.after, After::End);
        read(page)?;
        match after {
            After::Next(link) if !seen.contains(&link) => {
                seen.push(link.clone());
                request = Request::list(link, page_size);
            }
            After::Next(_) => return Ok(false),
            After::Delta(_) | After::End => return Ok(true),
        }
    }
    Ok(false)
}
