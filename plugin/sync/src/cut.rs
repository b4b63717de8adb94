//! Texts that are too long for the other side: cut at a character boundary, with a mark.

/// What stands in place of what was cut off.
pub const CUT_MARK: char = '…';

/// At most so many characters; the last one is the mark where something was cut off.
#[must_use]
pub fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(limit.saturating_sub(1)).collect();
    kept.push(CUT_MARK);
    kept
}
