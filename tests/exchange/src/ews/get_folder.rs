//! `GetFolder`.

use super::folder::{self, FolderShape};
use super::refusal::Refusal;
use super::response;
use super::sequence::Sequence;
use super::stores::{FOLDER_IDS, Stores};
use super::xml::{Element, Space};

pub fn answer(request: &Element, stores: &Stores<'_>) -> Result<Element, Refusal> {
    let mut sequence = Sequence::of(request, Space::Messages);
    let shape = FolderShape::read(sequence.need("FolderShape")?)?;
    let ids = Sequence::of(sequence.need("FolderIds")?, Space::Types).need_all(FOLDER_IDS)?;
    sequence.done()?;
    let outcomes = ids.into_iter().map(|id| {
        let place = stores.place(id)?;
        let shown = folder::show(stores, place, &shape)?;
        Ok(vec![Element::messages("Folders").with(shown)])
    });
    Ok(response::of("GetFolder", outcomes))
}
