//! Bodies between plain text and HTML, as Exchange converts them: what is read is seldom letter for letter what was written.

/// HTML as plain text, with CRLF between lines.
pub fn html_to_text(html: &str) -> String {
    let body = html
        .to_ascii_lowercase()
        .find("<body")
        .and_then(|at| html.get(at..))
        .unwrap_or(html);
    let mut text = String::new();
    let mut rest = body;
    while let Some((before, after)) = rest.split_once('<') {
        push_flowing(&mut text, before);
        let (tag, behind) = after.split_once('>').unwrap_or((after, ""));
        let name = tag
            .split([' ', '\t', '\r', '\n'])
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        match name.as_str() {
            "br" | "br/" | "/p" | "/div" | "/tr" | "/li" => text.push('\n'),
            "/td" => text.push('\t'),
            _ => {}
        }
        rest = match name.as_str() {
            "style" | "script" | "title" => behind.split_once("</").map_or("", |(_, after)| after),
            _ => behind,
        };
        if matches!(name.as_str(), "style" | "script" | "title") {
            rest = rest.split_once('>').map_or("", |(_, after)| after);
        }
    }
    push_flowing(&mut text, rest);
    let lines: Vec<&str> = text.trim().lines().map(str::trim_end).collect();
    unescape(&lines.join("\r\n"))
}

/// Line breaks of the source are spaces, and several spaces are one.
fn push_flowing(text: &mut String, part: &str) {
    for letter in part.chars() {
        if letter.is_ascii_whitespace() {
            if !text.is_empty() && !text.ends_with([' ', '\n', '\t']) {
                text.push(' ');
            }
        } else {
            text.push(letter);
        }
    }
}

fn unescape(text: &str) -> String {
    text.replace("&nbsp;", "\u{a0}")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// Plain text as the HTML that Outlook makes of it.
pub fn text_to_html(text: &str) -> String {
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let lines: Vec<&str> = escaped.lines().collect();
    document(&format!(
        "<div class=\"PlainText\">{}</div>",
        lines.join("<br>\r\n")
    ))
}

/// HTML as Exchange keeps it: a whole document, whatever was written.
pub fn document(html: &str) -> String {
    if html.to_ascii_lowercase().contains("<html") {
        return html.to_owned();
    }
    format!(
        "<html>\r\n<head>\r\n<meta http-equiv=\"Content-Type\" content=\"text/html; \
         charset=utf-8\">\r\n</head>\r\n<body>\r\n{html}\r\n</body>\r\n</html>\r\n"
    )
}

/// Plain text with the line ends that Exchange gives it.
pub fn with_crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_lines_of_text() {
        let html = "<html><head><style>p {}</style></head><body><p>Bring&nbsp;the  \r\n plan</p><div>1 &lt; 2<br>&amp;lt;</div></body></html>";
        assert_eq!(html_to_text(html), "Bring\u{a0}the plan\r\n1 < 2\r\n&lt;");
    }

    #[test]
    fn text_survives_the_way_through_html_but_for_its_line_ends() {
        let text = "first\nsecond & <third>";
        assert_eq!(
            html_to_text(&text_to_html(text)),
            "first\r\nsecond & <third>"
        );
    }
}
