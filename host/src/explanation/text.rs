//! Text from outside on a terminal: titles come with invitations from anybody, and a terminal
//! obeys control characters. And columns that line up.

/// A text on one line without anything that a terminal would obey or that turns the direction of
/// writing; what is left out shows as a replacement character.
#[must_use]
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '\n' | '\r' | '\t' => ' ',
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' => {
                '\u{fffd}'
            }
            letter if letter.is_control() => '\u{fffd}',
            letter => letter,
        })
        .collect()
}

/// At most so many characters, the last an ellipsis where some were cut.
#[must_use]
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// Rows of a table with a head, each column as wide as its widest cell; the last is not padded.
#[must_use]
pub fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> Vec<String> {
    let mut widths = head.map(|cell| cell.chars().count());
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let padded: Vec<String> = cells
            .zip(widths)
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        padded.join("  ").trim_end().to_owned()
    };
    let mut lines = vec![line(&mut head.into_iter())];
    for row in rows {
        lines.push(line(&mut row.iter().map(String::as_str)));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_does_not_reach_it() {
        assert_eq!(
            plain("a\u{1b}[2Jb\nc\u{202e}d\u{9b}"),
            "a\u{fffd}[2Jb c\u{fffd}d\u{fffd}"
        );
        assert_eq!(plain("Béla, 10–11 Uhr"), "Béla, 10–11 Uhr");
    }

    #[test]
    fn columns_line_up_whatever_their_letters_take() {
        let rows = [
            ["é".to_owned(), "x".to_owned()],
            ["long".to_owned(), "y".to_owned()],
        ];
        assert_eq!(table(["A", "B"], &rows), ["A     B", "é     x", "long  y"]);
    }

    #[test]
    fn a_long_text_is_cut_at_a_character() {
        assert_eq!(cut("ééééé", 3), "éé…");
        assert_eq!(cut("ééé", 3), "ééé");
    }
}
