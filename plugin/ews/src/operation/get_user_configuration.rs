//! `GetUserConfiguration`: what the mailbox's owner chose in Outlook on the web, the zone among it.

use super::message::Message;
use crate::xml::Element;

/// The request for those options.
#[must_use]
pub fn request() -> Element {
    let root = Element::empty("t:DistinguishedFolderId").with("Id", "root");
    Element::holding(
        "m:GetUserConfiguration",
        [
            Element::holding("m:UserConfigurationName", [root]).with("Name", "OWA.UserOptions"),
            Element::text("m:UserConfigurationProperties", "Dictionary"),
        ],
    )
}

/// The name of the zone; none where the owner never chose one.
#[must_use]
pub fn time_zone(message: Message) -> Option<String> {
    let entries = message.user_configuration?.dictionary.dictionary_entry;
    let mut values = entries.into_iter().filter_map(|entry| {
        let is_zone = |name: &String| name.eq_ignore_ascii_case("timezone");
        let named = entry.dictionary_key.value.iter().any(is_zone);
        let value = entry.dictionary_value.value.into_iter().next()?;
        (named && !value.trim().is_empty()).then_some(value)
    });
    values.next()
}
