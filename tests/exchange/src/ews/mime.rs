//! `MimeContent` of a calendar item: the item as an iCalendar file.
//!
//! Times are UTC, so that the file needs no zones; whole days are dates. A series is shown by its first occurrence alone.

use chrono::{DateTime, Utc};

use super::calendar_item::CalendarItem;
use crate::body_text;
use crate::mailbox::content::{Content, Moment};

/// The file with lines of at most 75 octets.
pub fn calendar(shown: &CalendarItem<'_>) -> String {
    let content = shown.content();
    let text = if content.body.html {
        body_text::html_to_text(&content.body.content)
    } else {
        content.body.content.clone()
    };
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        "PRODID:Microsoft Exchange Server 2010".to_owned(),
        "VERSION:2.0".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}", shown.item.uid),
        format!("DTSTAMP:{}", instant(shown.item.modified)),
        time("DTSTART", &content.start, content),
        time("DTEND", &content.end, content),
        format!("SUMMARY:{}", escaped(&content.subject)),
        format!("DESCRIPTION:{}", escaped(&text)),
        format!("LOCATION:{}", escaped(&content.location)),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    lines.iter().map(|line| folded(line)).collect()
}

fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

fn time(name: &str, moment: &Moment, content: &Content) -> String {
    if content.all_day {
        format!("{name};VALUE=DATE:{}", moment.wall.format("%Y%m%d"))
    } else {
        format!("{name}:{}", instant(moment.instant()))
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace(';', "\\;")
        .replace(',', "\\,")
        .replace("\r\n", "\n")
        .replace('\n', "\\n")
}

fn folded(line: &str) -> String {
    let mut folded = String::new();
    let mut length = 0;
    for letter in line.chars() {
        if length + letter.len_utf8() > 75 {
            folded.push_str("\r\n ");
            length = 1;
        }
        folded.push(letter);
        length += letter.len_utf8();
    }
    folded + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_goes_on_after_a_blank() {
        let line = folded(&"ä".repeat(50));
        let parts: Vec<&str> = line.split("\r\n").collect();
        assert_eq!(parts.len(), 3);
        assert!(parts.iter().all(|part| part.len() <= 75));
        assert_eq!(parts.concat().replace(' ', "").chars().count(), 50);
    }
}
