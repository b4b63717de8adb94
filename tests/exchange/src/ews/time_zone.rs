//! Time zones in XML: by the id that Windows gives them.

use super::refusal::Refusal;
use super::xml::Element;
use crate::zone::Zone;

/// Reads a `StartTimeZone`, an `EndTimeZone` or a `TimeZoneDefinition`.
pub fn read(element: &Element) -> Result<Zone, Refusal> {
    let id = element.attribute("Id").unwrap_or_default();
    Zone::parse(id).ok_or_else(|| {
        Refusal::new(
            "ErrorCalendarInvalidTimeZone",
            format!("The time zone '{id}' is not known here."),
        )
    })
}

/// A zone under an element's name, by id and display name.
pub fn show(name: &str, zone: &Zone) -> Element {
    let (id, label) = zone.windows_names();
    Element::types(name)
        .with_attribute("Id", id)
        .with_attribute("Name", label)
}
