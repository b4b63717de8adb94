//! `GetServerTimeZones`: the zones that Windows knows, or those of them that are asked for.

use chrono::Datelike;

use super::context::Context;
use super::refusal::Refusal;
use super::response;
use super::sequence::{Sequence, flag};
use super::time_zone;
use super::xml::{Element, Space};
use crate::zone::Zone;

pub fn answer(request: &Element, context: &Context) -> Result<Element, Refusal> {
    let whole = match request.attribute("ReturnFullTimeZoneData") {
        Some(text) => flag("ReturnFullTimeZoneData", text)?,
        None => true,
    };
    let mut parts = Sequence::of(request, Space::Messages);
    let ids = parts.take("Ids");
    let ids = ids
        .map(|ids| Sequence::of(ids, Space::Types).need_all(&["Id"]))
        .transpose()?;
    parts.done()?;
    let zones: Vec<Zone> = match ids {
        None => Zone::all(),
        Some(ids) => ids
            .into_iter()
            .filter_map(|id| Zone::parse(id.text.trim()))
            .collect(),
    };
    let shown = zones.iter().map(|zone| {
        if whole {
            time_zone::show_whole(zone, context.now.year())
        } else {
            time_zone::show("TimeZoneDefinition", zone)
        }
    });
    let definitions = Element::messages("TimeZoneDefinitions").with_all(shown);
    Ok(response::of("GetServerTimeZones", [Ok(vec![definitions])]))
}
