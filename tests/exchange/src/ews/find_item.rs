//! `FindItem`: a folder's items page by page, or everything of a stretch of the calendar with series spread.
//!
//! A page holds at most 1,000 items, with a restriction 250. A calendar view spans at most two years and takes neither
//! restriction nor order.

use chrono::{DateTime, Months, Utc};

use super::calendar_item::CalendarItem;
use super::context::Context;
use super::item_id::Thing;
use super::path::{self, Path};
use super::refusal::Refusal;
use super::response;
use super::restriction::{self, Restriction};
use super::sequence::{Sequence, attribute, invalid, number};
use super::shape::Shape;
use super::stores::{FOLDER_IDS, Place, Stores};
use super::thing;
use super::time::Stamp;
use super::xml::{Element, Space};
use crate::mailbox::folder::FolderClass;
use crate::mailbox::{Mailbox, Target};
use crate::zone::Zone;

const LARGEST_PAGE: usize = 1000;
const LARGEST_RESTRICTED_PAGE: usize = 250;

/// Which part of what is found is wanted.
enum View {
    Calendar {
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        most: usize,
    },
    Page {
        offset: usize,
        most: usize,
        from_end: bool,
    },
}

struct Order {
    path: Path,
    descending: bool,
}

struct Request {
    shape: Shape,
    view: View,
    restriction: Option<Restriction>,
    order: Vec<Order>,
}

const VIEWS: &[&str] = &["IndexedPageItemView", "CalendarView", "ContactsView"];

pub fn answer(
    request: &Element,
    stores: &Stores<'_>,
    context: &Context,
) -> Result<Element, Refusal> {
    let traversal = attribute(request, "Traversal")?;
    if !["Shallow", "SoftDeleted", "Associated"].contains(&traversal) {
        return Err(invalid("Traversal", traversal));
    }
    let mut sequence = Sequence::of(request, Space::Messages);
    let shape = Shape::read(sequence.need("ItemShape")?)?;
    let view = view(sequence.take_any(VIEWS), context)?;
    // groups are not made here: the items come as without
    sequence.take_any(&["GroupBy", "DistinguishedGroupBy"]);
    let restriction = sequence.take("Restriction");
    let restriction = restriction.map(Restriction::read).transpose();
    let order = sequence.take("SortOrder").map(read_order).transpose()?;
    let folders =
        Sequence::of(sequence.need("ParentFolderIds")?, Space::Types).need_all(FOLDER_IDS)?;
    sequence.take("QueryString");
    sequence.done()?;
    let restriction = match restriction {
        Err(refusal) if refusal.code == "ErrorUnsupportedPathForQuery" => {
            return Ok(response::of("FindItem", [Err(refusal)]));
        }
        restriction => restriction?,
    };
    let request = Request {
        shape,
        view,
        restriction,
        order: order.unwrap_or_default(),
    };
    let outcomes = folders.into_iter().map(|folder| {
        let place = stores.place(folder)?;
        // what programs hide beside the items, and what was deleted for good, is not kept here
        if traversal == "Shallow" && !context.empty_lists {
            found(&request, stores, place, context)
        } else {
            Ok(root(Vec::new(), 0, true, None))
        }
    });
    Ok(response::of("FindItem", outcomes.collect::<Vec<_>>()))
}

fn view(element: Option<&Element>, context: &Context) -> Result<View, Refusal> {
    let Some(element) = element else {
        return Ok(View::Page {
            offset: 0,
            most: LARGEST_PAGE,
            from_end: false,
        });
    };
    let most = match element.attribute("MaxEntriesReturned") {
        Some(text) => number("MaxEntriesReturned", text)?,
        None => LARGEST_PAGE,
    };
    let most = most.min(LARGEST_PAGE);
    match element.name.as_str() {
        "CalendarView" => {
            let zone = context.zone.clone().unwrap_or_else(Zone::utc);
            let at = |name| -> Result<DateTime<Utc>, Refusal> {
                Ok(Stamp::read(name, attribute(element, name)?)?.instant(&zone))
            };
            Ok(View::Calendar {
                from: at("StartDate")?,
                to: at("EndDate")?,
                most,
            })
        }
        "IndexedPageItemView" => Ok(View::Page {
            offset: number("Offset", attribute(element, "Offset")?)?,
            most,
            from_end: match attribute(element, "BasePoint")? {
                "Beginning" => false,
                "End" => true,
                other => return Err(invalid("BasePoint", other)),
            },
        }),
        _ => Ok(View::Page {
            offset: 0,
            most,
            from_end: false,
        }),
    }
}

fn read_order(element: &Element) -> Result<Vec<Order>, Refusal> {
    let fields = Sequence::of(element, Space::Types).need_all(&["FieldOrder"])?;
    fields
        .into_iter()
        .map(|field| {
            let mut parts = Sequence::of(field, Space::Types);
            let path = Path::read(parts.need_any(path::ELEMENTS)?)?;
            parts.done()?;
            Ok(Order {
                path,
                descending: attribute(field, "Order")? == "Descending",
            })
        })
        .collect()
}

fn found(
    request: &Request,
    stores: &Stores<'_>,
    place: Place,
    context: &Context,
) -> Result<Vec<Element>, Refusal> {
    let mailbox = stores.get(place.store)?;
    let shape = request.shape.clone().in_list()?;
    let show = |found: &[Thing]| -> Result<Vec<Element>, Refusal> {
        let shown = found
            .iter()
            .map(|found| thing::show(mailbox, *found, &shape, context));
        shown.collect()
    };
    match request.view {
        View::Calendar { from, to, most } => {
            let found = in_view(request, mailbox, place, from, to, context)?;
            let shown = found.get(..most).unwrap_or(&found);
            let complete = shown.len() == found.len();
            Ok(root(show(shown)?, found.len(), complete, None))
        }
        View::Page {
            offset,
            most,
            from_end,
        } => {
            let found = searched(request, mailbox, place, context);
            let most = match request.restriction {
                Some(_) => most.min(LARGEST_RESTRICTED_PAGE),
                None => most,
            };
            let (from, to) = if from_end {
                let to = found.len().saturating_sub(offset);
                (to.saturating_sub(most), to)
            } else {
                let from = offset.min(found.len());
                (from, (from + most).min(found.len()))
            };
            let shown = show(found.get(from..to).unwrap_or_default())?;
            let (complete, next) = if from_end {
                (from == 0, found.len() - from)
            } else {
                (to == found.len(), to)
            };
            Ok(root(shown, found.len(), complete, Some(next)))
        }
    }
}

/// Single items, occurrences and exceptions of which a part lies in the view, by their starts. Masters are not among them.
fn in_view(
    request: &Request,
    mailbox: &Mailbox,
    place: Place,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    context: &Context,
) -> Result<Vec<Thing>, Refusal> {
    let is_calendar = mailbox
        .folder(place.folder)
        .is_some_and(|folder| folder.class == FolderClass::Calendar);
    if !is_calendar {
        return Err(Refusal::new(
            "ErrorCalendarFolderIsInvalidForCalendarView",
            "A calendar view needs a calendar folder.",
        ));
    }
    if request.restriction.is_some() || !request.order.is_empty() {
        return Err(Refusal::new(
            "ErrorInvalidRestriction",
            "A calendar view takes no restriction and no order.",
        ));
    }
    if to < from {
        return Err(Refusal::new(
            "ErrorCalendarEndDateIsEarlierThanStartDate",
            "EndDate is earlier than StartDate",
        ));
    }
    if from + Months::new(24) < to {
        return Err(Refusal::new(
            "ErrorCalendarViewRangeTooBig",
            "The specified view range exceeds the maximum range of two years.",
        ));
    }
    let mut found = Vec::new();
    for item in mailbox.items(place.folder) {
        if item.series.is_none() {
            if item.content.overlaps(from, to) {
                found.push((item.content.start.instant(), Target::Item(item.key)));
            }
            continue;
        }
        for occurrence in item.occurrences(from, to) {
            let target = Target::Occurrence(item.key, occurrence.original);
            found.push((occurrence.content.start.instant(), target));
        }
    }
    found.sort_by_key(|(start, _)| *start);
    let readable = found
        .into_iter()
        .filter(|(_, target)| CalendarItem::find(mailbox, *target, context).is_some());
    Ok(readable
        .map(|(_, target)| Thing::Calendar(target))
        .collect())
}

fn searched(request: &Request, mailbox: &Mailbox, place: Place, context: &Context) -> Vec<Thing> {
    let mut found = thing::all_in(mailbox, place.folder);
    if let Some(restriction) = &request.restriction {
        let blind =
            context.behaviour.property_filter_finds_nothing && restriction.looks_at_properties();
        found.retain(|one| !blind && restriction.meets(mailbox, *one, context));
    }
    // the first order counts most, so it sorts last
    for order in request.order.iter().rev() {
        found.sort_by(|left, right| {
            let value = |of: &Thing| {
                restriction::value(mailbox, *of, &order.path, context).unwrap_or_default()
            };
            let by_value = restriction::order(&value(left), &value(right), context);
            if order.descending {
                by_value.reverse()
            } else {
                by_value
            }
        });
    }
    found
}

fn root(shown: Vec<Element>, total: usize, complete: bool, next: Option<usize>) -> Vec<Element> {
    let mut root = Element::messages("RootFolder");
    if let Some(next) = next {
        root = root.with_attribute("IndexedPagingOffset", next.to_string());
    }
    vec![
        root.with_attribute("TotalItemsInView", total.to_string())
            .with_attribute("IncludesLastItemInRange", complete.to_string())
            .with(Element::types("Items").with_all(shown)),
    ]
}
