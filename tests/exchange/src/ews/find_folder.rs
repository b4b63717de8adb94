//! `FindFolder`: the folders that lie in a folder, or, `Deep`, anywhere below it.

use super::folder::{self, FolderShape};
use super::refusal::Refusal;
use super::response;
use super::sequence::{Sequence, attribute, invalid};
use super::stores::{FOLDER_IDS, Place, Stores};
use super::xml::{Element, Space};

pub fn answer(request: &Element, stores: &Stores<'_>) -> Result<Element, Refusal> {
    let deep = match attribute(request, "Traversal")? {
        "Shallow" | "SoftDeleted" => false,
        "Deep" => true,
        other => return Err(invalid("Traversal", other)),
    };
    let mut parts = Sequence::of(request, Space::Messages);
    let shape = FolderShape::read(parts.need("FolderShape")?)?;
    parts.take_any(&["IndexedPageFolderView", "FractionalPageFolderView"]);
    let restriction = parts.take("Restriction");
    let parents =
        Sequence::of(parts.need("ParentFolderIds")?, Space::Types).need_all(FOLDER_IDS)?;
    parts.done()?;
    let wanted = restriction.map(display_name).transpose()?;
    let outcomes = parents.into_iter().map(|parent| {
        let place = stores.place(parent)?;
        let shown = below(stores, place, deep)?
            .into_iter()
            .filter(|(_, name)| wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(name)))
            .map(|(place, _)| folder::show(stores, place, &shape))
            .collect::<Result<Vec<_>, _>>()?;
        let root = Element::messages("RootFolder")
            .with_attribute("IndexedPagingOffset", shown.len().to_string())
            .with_attribute("TotalItemsInView", shown.len().to_string())
            .with_attribute("IncludesLastItemInRange", "true")
            .with(Element::types("Folders").with_all(shown));
        Ok(vec![root])
    });
    Ok(response::of("FindFolder", outcomes.collect::<Vec<_>>()))
}

/// Of searches there is one: for a folder by its name.
fn display_name(restriction: &Element) -> Result<&str, Refusal> {
    let by_name = restriction.children.first().filter(|expression| {
        expression.name == "IsEqualTo"
            && expression
                .child("FieldURI")
                .is_some_and(|path| path.attribute("FieldURI") == Some("folder:DisplayName"))
    });
    by_name
        .and_then(|expression| expression.child("FieldURIOrConstant"))
        .and_then(|operand| operand.child("Constant"))
        .and_then(|constant| constant.attribute("Value"))
        .ok_or_else(|| {
            Refusal::new(
                "ErrorUnsupportedQueryFilter",
                "Folders are searched by DisplayName alone.",
            )
        })
}

/// The folders below a place with their names.
fn below(stores: &Stores<'_>, place: Place, deep: bool) -> Result<Vec<(Place, String)>, Refusal> {
    let mut found = Vec::new();
    for folder in stores.get(place.store)?.folders_in(place.folder) {
        let inner = Place {
            folder: folder.key,
            ..place
        };
        found.push((inner, folder.name));
        if deep {
            found.extend(below(stores, inner, deep)?);
        }
    }
    Ok(found)
}
