//! `$orderby`: paths separated by commas, each with `asc` or `desc` behind it.

use std::cmp::Ordering;

use super::call::Call;
use super::error::Refusal;

/// The order that a client asks for; without one the rows stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderBy(Vec<(String, Direction)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Ascending,
    Descending,
}

impl OrderBy {
    /// Reads the query. A path that is not among the known ones is refused.
    pub fn read(call: &Call, known: &[&str]) -> Result<Self, Refusal> {
        let keys = call.query("$orderby").into_iter();
        keys.flat_map(|keys| keys.split(','))
            .map(|key| {
                let mut words = key.split_whitespace();
                let path = words.next().unwrap_or_default();
                let direction = match (words.next(), words.next()) {
                    (None | Some("asc"), None) => Direction::Ascending,
                    (Some("desc"), None) => Direction::Descending,
                    _ => return Err(refused(key)),
                };
                if known.contains(&path) {
                    Ok((path.to_owned(), direction))
                } else {
                    Err(refused(path))
                }
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Orders rows by the text that `field` gives for a path, without regard to case.
    pub fn sort<T>(&self, rows: &mut [T], field: impl Fn(&T, &str) -> Option<String>) {
        let text = |row: &T, path: &str| field(row, path).map(|text| text.to_lowercase());
        rows.sort_by(|one, other| {
            self.0
                .iter()
                .map(|(path, direction)| {
                    let order = text(one, path).cmp(&text(other, path));
                    match direction {
                        Direction::Ascending => order,
                        Direction::Descending => order.reverse(),
                    }
                })
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        });
    }
}

fn refused(key: &str) -> Refusal {
    Refusal::new(
        400,
        "BadRequest",
        format!("The property '{key}' cannot be used in the $orderby query option."),
    )
}
