//! A folder as EWS shows it, and what of it a client wants to see: `FolderShape`.

use super::path::{self, Path};
use super::refusal::Refusal;
use super::sequence::Sequence;
use super::shape::Base;
use super::stores::{self, Place, Stores};
use super::xml::{Element, Space};
use crate::id;
use crate::mailbox::Mailbox;
use crate::mailbox::folder::{Folder, FolderClass};
use crate::mailbox::item::FolderKey;

/// The fields of a folder in the schema's order.
pub const FIELDS: &[&str] = &[
    "FolderId",
    "ParentFolderId",
    "FolderClass",
    "DisplayName",
    "TotalCount",
    "ChildFolderCount",
    "ExtendedProperty",
    "ManagedFolderInformation",
    "EffectiveRights",
    "DistinguishedFolderId",
    "PolicyTag",
    "ArchiveTag",
    "ReplicaList",
    "SharingEffectiveRights",
    "PermissionSet",
    "SearchParameters",
    "UnreadCount",
];

const SHOWN_BY_DEFAULT: &[&str] = &[
    "DisplayName",
    "TotalCount",
    "ChildFolderCount",
    "UnreadCount",
];

/// What of each folder is to be shown.
#[derive(Clone, Debug)]
pub struct FolderShape {
    base: Base,
    paths: Vec<Path>,
}

impl FolderShape {
    /// Only the id, as the answers to writes show it.
    pub fn id_only() -> Self {
        Self {
            base: Base::IdOnly,
            paths: Vec::new(),
        }
    }

    pub fn read(element: &Element) -> Result<Self, Refusal> {
        let mut sequence = Sequence::of(element, Space::Types);
        let base = Base::read(sequence.need("BaseShape")?)?;
        let paths = match sequence.take("AdditionalProperties") {
            Some(element) => Sequence::of(element, Space::Types)
                .need_all(path::ELEMENTS)?
                .into_iter()
                .map(Path::read)
                .collect::<Result<_, _>>()?,
            None => Vec::new(),
        };
        sequence.done()?;
        Ok(Self { base, paths })
    }

    fn wants(&self, field: &str) -> bool {
        let uri = format!("folder:{field}");
        field == "FolderId"
            || match self.base {
                Base::IdOnly => false,
                Base::Default => SHOWN_BY_DEFAULT.contains(&field),
                Base::AllProperties => true,
            }
            || self
                .paths
                .iter()
                .any(|path| matches!(path, Path::Field(known) if *known == uri))
    }
}

/// The id of a folder under an element's name. Folders have one version.
pub fn show_id(name: &str, mailbox: &Mailbox, folder: FolderKey) -> Element {
    Element::types(name)
        .with_attribute("Id", id::folder(mailbox, folder))
        .with_attribute("ChangeKey", "AgAAABQAAAA=")
}

/// A folder with the fields that the shape wants.
pub fn show(stores: &Stores<'_>, place: Place, shape: &FolderShape) -> Result<Element, Refusal> {
    let mailbox = stores.get(place.store)?;
    let folder = mailbox
        .folder(place.folder)
        .ok_or_else(Refusal::no_folder)?;
    let element = match folder.class {
        FolderClass::Calendar => "CalendarFolder",
        FolderClass::Contacts => "ContactsFolder",
        FolderClass::Plain => "Folder",
    };
    let mut shown = Element::types(element);
    for field in FIELDS.iter().filter(|field| shape.wants(field)) {
        shown = shown.with_all(show_field(mailbox, place, &folder, field));
    }
    Ok(shown)
}

fn show_field(mailbox: &Mailbox, place: Place, folder: &Folder, field: &str) -> Option<Element> {
    let text = |text: String| Some(Element::text(field, text));
    match field {
        "FolderId" => Some(show_id(field, mailbox, folder.key)),
        "ParentFolderId" => folder.parent.map(|parent| show_id(field, mailbox, parent)),
        "FolderClass" => text(
            match folder.class {
                FolderClass::Calendar => "IPF.Appointment",
                FolderClass::Contacts => "IPF.Contact",
                FolderClass::Plain => "IPF.Note",
            }
            .to_owned(),
        ),
        "DisplayName" => text(folder.name.clone()),
        "TotalCount" => text(mailbox.count_in(folder.key).to_string()),
        "ChildFolderCount" => text(mailbox.folders_in(folder.key).len().to_string()),
        "EffectiveRights" => Some(rights(field, !mailbox.access.read_only)),
        "DistinguishedFolderId" => {
            stores::distinguished_name(place).map(|name| Element::text(field, name))
        }
        "UnreadCount" if folder.class == FolderClass::Plain => text("0".to_owned()),
        _ => None,
    }
}

/// What may be done, as folders and items show it.
pub fn rights(name: &str, may_write: bool) -> Element {
    let write = may_write.to_string();
    Element::types(name).with_all(
        [
            ("CreateAssociated", write.as_str()),
            ("CreateContents", &write),
            ("CreateHierarchy", &write),
            ("Delete", &write),
            ("Modify", &write),
            ("Read", "true"),
            ("ViewPrivateItems", "true"),
        ]
        .map(|(right, granted)| Element::text(right, granted)),
    )
}
