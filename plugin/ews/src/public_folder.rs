//! The tenant's public folder of all contacts, which is found by the names that lead to it.
//!
//! Its id is not remembered: it is needed only where something is sought or made in the folder, a request
//! for each name is little then, and a folder that was made anew is found like any other.

use sync::contract::{
    ChangesRequest, Coverage, Cursor, Fault, MissingThing, NextStep, NotFound, Page, RoundEnd,
    Settings,
};
use sync::kit::answer::own;
use sync::kit::harvest::empty_page;
use transport::Transport;

use crate::operation::{distinguished, find_folder, folder_id};
use crate::server::Server;
use crate::xml::Element;

/// The names that lead to the folder of the settings, the outermost first; none where they name none.
#[must_use]
pub fn path(settings: &Settings) -> Vec<String> {
    if settings.public_contacts_folder.is_empty() {
        return Vec::new();
    }
    [&settings.relative_path, &settings.public_contacts_folder]
        .into_iter()
        .flat_map(|part| part.split('/'))
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The folder as a request names it.
///
/// # Errors
/// [`MissingThing::Folder`] naming the first one that is not there, and what keeps it from being asked for.
pub fn find<T: Transport>(server: &Server<'_, T>, path: &[String]) -> Result<Element, Fault> {
    let mut place = distinguished("publicfoldersroot");
    for (depth, name) in path.iter().enumerate() {
        let found = find_folder::read(server.one(find_folder::named(place, name))?);
        // The server compares without case, and may not heed the restriction.
        let same = found
            .into_iter()
            .find(|folder| folder.display_name.to_lowercase() == name.to_lowercase());
        place = match same {
            Some(folder) => folder_id(&folder.folder_id.id),
            None => return Err(missing(path.get(..depth).unwrap_or_default(), name)),
        };
    }
    Ok(place)
}

fn missing(above: &[String], name: &str) -> Fault {
    let place = match above {
        [] => "at the top of the public folders".to_owned(),
        above => format!("in the public folder {}", above.join("/")),
    };
    Fault::NotFound(NotFound {
        thing: MissingThing::Folder,
        answer: own(
            "public-folder-missing",
            &format!("there is no folder \"{name}\" {place}"),
        ),
    })
}

/// The round of a public folder: it tells nothing, because `SyncFolderItems` takes no public folder, and
/// contacts are in no round. One from the start leaves all items to be asked for by their ids.
#[must_use]
pub fn round(changes: &ChangesRequest) -> Page {
    Page {
        next: NextStep::Complete(RoundEnd {
            cursor: Cursor {
                value: "public-contacts".to_owned(),
            },
            coverage: match changes.cursor {
                None => Coverage::Everything,
                Some(_) => Coverage::ChangesOnly,
            },
            series_within: changes.window,
            markers_listed: false,
        }),
        ..empty_page()
    }
}
