//! Our block of a service call's body: from its first line to the line with the link.
//!
//! What a user writes before or behind it is not ours. So a block is intact wherever in the body it
//! stands, and where it is not, it is put back without a word of the user's being touched
//! (behaviour, section 6).

use super::LINK_LABEL;
use crate::base::normal_text;

/// With which line the block begins.
pub const FIRST_LINE: &str = "Service call in the PSA";

/// Whether a body holds the block. Blanks do not count: a server may fold or fill lines.
#[must_use]
pub fn is_intact(body: &str, block: &str) -> bool {
    squeezed(body).contains(&squeezed(block))
}

/// A body with the block in place of what is left of it; in front of the user's text where nothing
/// is left.
#[must_use]
pub fn restored(body: &str, block: &str) -> String {
    let body = normal_text(body);
    let lines: Vec<&str> = body.lines().collect();
    let begins = lines.iter().position(|line| line.trim() == FIRST_LINE);
    let ends = lines
        .iter()
        .rposition(|line| line.trim_start().starts_with(LINK_LABEL));
    let before = lines.get(..begins.unwrap_or(0)).unwrap_or_default();
    let behind = match (begins, ends) {
        (_, Some(last)) => lines.get(last + 1..),
        (Some(_), None) => None,
        (None, None) => lines.get(..),
    };
    let parts = [
        before.join("\n"),
        block.to_owned(),
        behind.unwrap_or_default().join("\n"),
    ];
    super::paragraphs(&parts.each_ref().map(String::as_str))
}

fn squeezed(text: &str) -> String {
    normal_text(text).split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: &str =
        "Service call in the PSA\n\nReplace the switch\n\nOpen in the PSA: https://psa/1";

    #[test]
    fn a_block_is_intact_wherever_it_stands_and_however_its_lines_are_filled() {
        assert!(is_intact(BLOCK, BLOCK));
        let filled = BLOCK.replace('\n', " \r\n\r\n");
        assert!(is_intact(&format!("my note\r\n{filled}\r\nanother"), BLOCK));
        assert!(!is_intact(&BLOCK.replace("switch", "router"), BLOCK));
    }

    #[test]
    fn what_is_left_of_the_block_is_replaced_and_the_users_text_stays() {
        let edited = BLOCK.replace("switch", "router");
        for (body, restored_body) in [
            (edited.clone(), BLOCK.to_owned()),
            (
                format!("before\n{edited}\nbehind"),
                format!("before\n\n{BLOCK}\n\nbehind"),
            ),
            (
                format!("before\n{}", edited.lines().next().unwrap_or_default()),
                format!("before\n\n{BLOCK}"),
            ),
            (
                "Open in the PSA: https://psa/1\nbehind".to_owned(),
                format!("{BLOCK}\n\nbehind"),
            ),
            ("mine alone".to_owned(), format!("{BLOCK}\n\nmine alone")),
            (String::new(), BLOCK.to_owned()),
        ] {
            let restored = restored(&body, BLOCK);
            assert_eq!(restored, restored_body, "{body:?}");
            assert!(is_intact(&restored, BLOCK));
        }
    }
}
