//! A page that only says something, and where to go on.

use askama::Template;
use askama_web::WebTemplate;

use super::frame::{EXCHANGE, Frame};
use super::visitor::Visitor;

/// A page that says something to an administrator.
#[derive(Template, WebTemplate)]
#[template(path = "message.html")]
pub struct Message {
    frame: Frame,
    kind: &'static str,
    text: String,
    back: String,
}

impl Message {
    /// Something was not done.
    pub fn warning(
        visitor: &Visitor,
        title: &'static str,
        text: impl Into<String>,
        back: impl Into<String>,
    ) -> Self {
        let back = back.into();
        Self {
            frame: Frame::new(visitor, &EXCHANGE, title, back.clone()),
            kind: "warning",
            text: text.into(),
            back,
        }
    }
}
