//! `GetUserConfiguration`: of all configurations there is one, `OWA.UserOptions`, which says the mailbox's zone.

use super::context::Context;
use super::refusal::Refusal;
use super::response;
use super::sequence::{Sequence, attribute};
use super::stores::{FOLDER_IDS, Stores};
use super::xml::{Element, Space};

const USER_OPTIONS: &str = "OWA.UserOptions";

pub fn answer(
    request: &Element,
    stores: &Stores<'_>,
    context: &Context,
) -> Result<Element, Refusal> {
    let mut parts = Sequence::of(request, Space::Messages);
    let name = parts.need("UserConfigurationName")?;
    parts.need("UserConfigurationProperties")?;
    parts.done()?;
    let wanted = attribute(name, "Name")?;
    let folder = Sequence::of(name, Space::Types).need_any(FOLDER_IDS)?;
    let outcome = options(wanted, name, folder, stores, context);
    Ok(response::of("GetUserConfiguration", [outcome]))
}

fn options(
    wanted: &str,
    name: &Element,
    folder: &Element,
    stores: &Stores<'_>,
    context: &Context,
) -> response::Outcome {
    let place = stores.place(folder)?;
    if wanted != USER_OPTIONS || context.behaviour.no_user_options {
        return Err(Refusal::no_item());
    }
    let zone = &stores.get(place.store)?.zone;
    let text = |name: &str, text: &str| {
        Element::types(name)
            .with(Element::text("Type", "String"))
            .with(Element::text("Value", text))
    };
    let entry = Element::types("DictionaryEntry")
        .with(text("DictionaryKey", "timezone"))
        .with(text("DictionaryValue", &zone.windows_names().0));
    let mut shown_name = Element::types("UserConfigurationName");
    shown_name.attributes.clone_from(&name.attributes);
    shown_name.children.clone_from(&name.children);
    Ok(vec![
        Element::messages("UserConfiguration")
            .with(shown_name)
            .with(Element::types("Dictionary").with(entry)),
    ])
}
