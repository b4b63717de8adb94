//! The shape of every mail, as text and as HTML (multipart/alternative, RFC 2046 section 5.1.4).
//!
//! Both are made from one [`Letter`], so that they say the same. The text is what counts: it reads
//! well wherever mails are read. The HTML names no colours and fetches nothing, so it is as light or
//! as dark as its reader wants, and tells nobody that it was opened.

use askama::Template;

use crate::store::mail::NewMail;

/// Why those get a mail who are to hear of errors.
pub const HEARS_OF_ERRORS: &str = "Tandem sends this mail to the addresses that stand under Error notifications to, on \
                                   the tab General.";

/// What a mail says.
#[derive(Clone, Debug, PartialEq)]
pub struct Letter {
    /// The subject, one line.
    pub subject: String,
    /// What happened.
    pub lead: String,
    /// What is known of it.
    pub facts: Vec<Fact>,
    /// What else there is to say, a paragraph each.
    pub more: Vec<String>,
    /// The pages that help.
    pub links: Vec<Link>,
    /// Why its reader gets it.
    pub reason: &'static str,
}

/// One thing that is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// What it is.
    pub name: String,
    /// The thing.
    pub text: String,
}

impl Fact {
    /// A fact by its name.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
        }
    }
}

/// A page that helps.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// What is found there.
    pub text: &'static str,
    /// Its whole address.
    pub address: String,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a> {
    letter: &'a Letter,
}

impl Letter {
    /// The mail, to be written for these addresses. `cause`: what is told at most once in 24 hours.
    #[must_use]
    pub fn into_mail(self, to: Vec<String>, cause: Option<String>) -> NewMail {
        NewMail {
            to,
            text: self.text(),
            // Writing into a text does not fail; were it to, the plain text would still go out.
            html: Html { letter: &self }.render().ok(),
            subject: self.subject,
            cause,
        }
    }

    fn text(&self) -> String {
        let mut paragraphs = vec![self.lead.clone()];
        if !self.facts.is_empty() {
            let lines = self
                .facts
                .iter()
                .map(|it| format!("{}: {}", it.name, it.text));
            paragraphs.push(lines.collect::<Vec<_>>().join("\n"));
        }
        paragraphs.extend(self.more.iter().cloned());
        let link = |link: &Link| format!("{}:\n{}", link.text, link.address);
        paragraphs.extend(self.links.iter().map(link));
        // What stands below this line is known as a signature.
        paragraphs.push(format!("-- \n{}", self.reason));
        format!("{}\n", paragraphs.join("\n\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> NewMail {
        let letter = Letter {
            subject: "Béla & co".to_owned(),
            lead: "It failed for <Béla>.".to_owned(),
            facts: vec![
                Fact::new("Asked", "https://mail.example.com/?a=1&b=2"),
                Fact::new("What came back", "\"no\"\nand <b>never</b>"),
            ],
            more: vec!["This is the only mail.".to_owned()],
            links: vec![Link {
                text: "Open the page",
                address: "https://psa.example.com/x?a=1&b='2'".to_owned(),
            }],
            reason: "Because your address stands there.",
        };
        letter.into_mail(vec!["it@example.com".to_owned()], None)
    }

    #[test]
    fn the_text_has_a_paragraph_for_each_matter() {
        assert_eq!(
            mail().text,
            "It failed for <Béla>.\n\n\
             Asked: https://mail.example.com/?a=1&b=2\n\
             What came back: \"no\"\nand <b>never</b>\n\n\
             This is the only mail.\n\n\
             Open the page:\nhttps://psa.example.com/x?a=1&b='2'\n\n\
             -- \nBecause your address stands there.\n"
        );
    }

    #[test]
    fn the_html_says_the_same_and_nothing_in_it_becomes_markup() {
        let html = mail().html.unwrap();
        for said in [
            "<title>Béla &#38; co</title>",
            "It failed for &#60;Béla&#62;.",
            "https://mail.example.com/?a=1&#38;b=2",
            "&#34;no&#34;\nand &#60;b&#62;never&#60;/b&#62;",
            "This is the only mail.",
            "<a href=\"https://psa.example.com/x?a=1&#38;b=&#39;2&#39;\">Open the page</a>",
            "Because your address stands there.",
        ] {
            assert!(html.contains(said), "{said} is missing in {html}");
        }
    }

    #[test]
    fn the_html_fetches_nothing_and_leaves_colours_to_its_reader() {
        let html = mail().html.unwrap();
        for fetched in ["src=", "url(", "@import", "<link", "<script", "color:"] {
            let found = html.replace("color-scheme:", "").contains(fetched);
            assert!(!found, "{fetched} stands in {html}");
        }
        assert!(html.contains("color-scheme: light dark"), "{html}");
    }
}
