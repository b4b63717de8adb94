//! A series that a person made is as people left it. Tandem may put an occurrence to another time, and
//! nothing else; on nobody's items does it write a marker.

use exchange::{Content, Exception};

use crate::book::Place;
use crate::look::Item;
use crate::series::book::Series;

/// Judges a series as it is now.
pub fn judge(series: &Series, item: Option<&Item>) -> Vec<String> {
    let id = &series.id;
    let Some(item) = item else {
        return match series.place {
            Place::Purged => Vec::new(),
            _ => vec![format!("series {id} of a person is gone for good")],
        };
    };
    let mut broken = Vec::new();
    if item.place != series.place {
        broken.push(format!(
            "series {id} of a person lies in {:?}, and was left in {:?}",
            item.place, series.place
        ));
    }
    // Once it is a single item, its time may follow its copy.
    let expected = match item.series {
        Some(_) => series.content.clone(),
        None => at_time_of(&series.content, &item.content),
    };
    if item.content != expected {
        broken.push(format!(
            "series {id} of a person was changed: {:?} was {expected:?}",
            item.content
        ));
    }
    match (&item.series, &series.series) {
        (None, None) => {}
        (Some(now), Some(left)) => {
            if now.recurrence != left.recurrence || now.deleted != left.deleted {
                broken.push(format!(
                    "series {id} of a person repeats otherwise: {now:?} was {left:?}"
                ));
            }
            let is_kept = |slot| now.exceptions.contains_key(slot);
            if !left.exceptions.keys().all(is_kept) {
                broken.push(format!("series {id} of a person lost an exception"));
            }
            for (slot, exception) in &now.exceptions {
                let left = left.exceptions.get(slot);
                if !is_left(exception, left, &series.content) {
                    broken.push(format!(
                        "series {id} of a person: {slot} was changed: {exception:?} was {left:?}"
                    ));
                }
            }
        }
        (now, left) => broken.push(format!(
            "series {id} of a person repeats otherwise: {now:?} was {left:?}"
        )),
    }
    broken
}

/// Whether an exception says what it said, or what its master says where it was none.
fn is_left(now: &Exception, left: Option<&Exception>, master: &Content) -> bool {
    let expected = match left {
        Some(left) => left.content.clone(),
        None => Content {
            properties: Default::default(),
            ..master.clone()
        },
    };
    let is_as_before = left.is_some_and(|left| left.content == now.content);
    let may_move = now.content.attendees.is_empty() && now.content.is_organizer();
    is_as_before || may_move && now.content == at_time_of(&expected, &now.content)
}

/// What `content` says, when `other` takes place.
fn at_time_of(content: &Content, other: &Content) -> Content {
    Content {
        start: other.start.clone(),
        end: other.end.clone(),
        all_day: other.all_day,
        ..content.clone()
    }
}
