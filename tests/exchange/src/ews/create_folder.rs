//! `CreateFolder`.

use super::folder::{self, FolderShape};
use super::refusal::Refusal;
use super::response::{self, Outcome};
use super::sequence::Sequence;
use super::stores::{FOLDER_IDS, Place, Stores};
use super::xml::{Element, Space};
use crate::mailbox::folder::FolderClass;

pub fn answer(request: &Element, stores: &mut Stores<'_>) -> Result<Element, Refusal> {
    let mut parts = Sequence::of(request, Space::Messages);
    let parent = Sequence::of(parts.need("ParentFolderId")?, Space::Types).need_any(FOLDER_IDS)?;
    let folders = Sequence::of(parts.need("Folders")?, Space::Types).need_all(&[
        "Folder",
        "CalendarFolder",
        "ContactsFolder",
        "SearchFolder",
        "TasksFolder",
    ])?;
    parts.done()?;
    let outcomes: Vec<Outcome> = folders
        .into_iter()
        .map(|folder| {
            let parent = stores.place(parent)?;
            let made = create(folder, parent, stores)?;
            let shown = folder::show(stores, made, &FolderShape::id_only())?;
            Ok(vec![Element::messages("Folders").with(shown)])
        })
        .collect();
    Ok(response::of("CreateFolder", outcomes))
}

fn create(folder: &Element, parent: Place, stores: &mut Stores<'_>) -> Result<Place, Refusal> {
    stores.writable(parent.store)?;
    let by_class = folder.child_text("FolderClass").unwrap_or_default();
    let class = match folder.name.as_str() {
        "CalendarFolder" => FolderClass::Calendar,
        "ContactsFolder" => FolderClass::Contacts,
        "Folder" if by_class.starts_with("IPF.Contact") => FolderClass::Contacts,
        "Folder" if by_class.starts_with("IPF.Appointment") => FolderClass::Calendar,
        "Folder" => FolderClass::Plain,
        other => {
            return Err(Refusal::new(
                "ErrorInvalidFolderTypeForOperation",
                format!("No '{other}' is kept here."),
            ));
        }
    };
    let name = folder
        .child_text("DisplayName")
        .filter(|name| !name.is_empty())
        .ok_or_else(|| {
            Refusal::new(
                "ErrorFolderSave",
                "A folder cannot be saved without a name.",
            )
        })?;
    let mailbox = stores.get_mut(parent.store)?;
    let exists = mailbox
        .folders_in(parent.folder)
        .iter()
        .any(|known| known.name.eq_ignore_ascii_case(name));
    if exists {
        return Err(Refusal::new(
            "ErrorFolderExists",
            "A folder with the specified name already exists.",
        ));
    }
    Ok(Place {
        folder: mailbox.add_folder(parent.folder, name, class),
        ..parent
    })
}
