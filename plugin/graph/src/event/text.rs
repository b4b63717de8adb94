//! Bodies as plain text.

use super::wire::Body;

/// A body as plain text. Text is asked for; where HTML comes nevertheless, its tags are taken out.
#[must_use]
pub fn plain(body: Body) -> String {
    let content = body.content.unwrap_or_default();
    let is_html = body
        .content_type
        .is_some_and(|kind| kind.eq_ignore_ascii_case("html"));
    if is_html {
        nanohtml2text::html2text(&content)
    } else {
        content
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_that_was_not_asked_for_becomes_text() {
        let body = Body {
            content_type: Some("HTML".to_owned()),
            content: Some(
                "<html><head><title>x</title></head><body>Caf&eacute;<br>two</body></html>"
                    .to_owned(),
            ),
        };
        let text = sync::base::normal_text(&plain(body));
        assert_eq!(text, "Café\ntwo");
    }

    #[test]
    fn text_stays_as_it_is_also_when_it_looks_like_tags() {
        let body = Body {
            content_type: Some("text".to_owned()),
            content: Some("a <b> c".to_owned()),
        };
        assert_eq!(plain(body), "a <b> c");
    }
}
