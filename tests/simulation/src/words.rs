//! Texts, each of its own kind: what is public and what is secret can be told apart wherever it
//! turns up.

use crate::dice::Dice;

/// Stands in every text that is written on a private item, and nowhere else.
pub const SECRET: &str = "Verschlusssache";

/// What somebody writes on an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// Subject or title.
    pub subject: String,
    /// Body or description.
    pub body: String,
    /// Location; the PSA has none.
    pub location: String,
}

/// New texts, numbered so that no two are alike.
pub fn draw(dice: &mut Dice, number: u64, secret: bool) -> Texts {
    let word = if secret { SECRET } else { "Visit" };
    let body = match dice.weighed(&[60, 20, 15, 5]) {
        0 => format!("{word}: bring the cables, note {number}."),
        1 => String::new(),
        2 => format!("{word} line {number}\n\n  * umlauts äöü and \u{1f4c5}\n-- \nend {number}"),
        _ => format!("{word} {number} {}", "long story ".repeat(900)),
    };
    let subject = match dice.weighed(&[90, 5, 5]) {
        0 => format!("{word} {number}"),
        1 => format!("{word} {number} {}", "and so on ".repeat(30).trim_end()),
        _ => format!("{word} {number} \u{1f4c5} \"ä\" <b>&amp;</b>"),
    };
    let location = if dice.percent(30) {
        format!("{word} room {number}")
    } else {
        String::new()
    };
    Texts {
        subject,
        body,
        location,
    }
}

/// Texts as words, so that what servers do to blanks and line ends is no difference.
#[must_use]
pub fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}
