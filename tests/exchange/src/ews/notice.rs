//! Whom a write tells by mail: what `SendMeetingInvitations` and its like say. For calendar items they must be there.

use super::refusal::Refusal;
use super::sequence::invalid;
use crate::mailbox::Mailbox;

/// The attribute of an operation, whether it may name those that changed, and the code that refuses a request without it.
pub struct Attribute {
    pub name: &'static str,
    to_changed: bool,
    missing: &'static str,
}

pub const OF_CREATE: Attribute = Attribute {
    name: "SendMeetingInvitations",
    to_changed: false,
    missing: "ErrorSendMeetingInvitationsRequired",
};

pub const OF_UPDATE: Attribute = Attribute {
    name: "SendMeetingInvitationsOrCancellations",
    to_changed: true,
    missing: "ErrorSendMeetingInvitationsOrCancellationsRequired",
};

pub const OF_DELETE: Attribute = Attribute {
    name: "SendMeetingCancellations",
    to_changed: false,
    missing: "ErrorSendMeetingCancellationsRequired",
};

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    Nobody,
    Everybody,
    /// Only those who were added or taken out.
    Changed,
}

impl Attribute {
    /// Reads the attribute's value.
    pub fn read(&self, value: Option<&str>) -> Result<Option<Notice>, Refusal> {
        match value {
            None => Ok(None),
            Some("SendToNone") => Ok(Some(Notice::Nobody)),
            Some("SendOnlyToAll" | "SendToAllAndSaveCopy") => Ok(Some(Notice::Everybody)),
            Some("SendOnlyToChanged" | "SendToChangedAndSaveCopy") if self.to_changed => {
                Ok(Some(Notice::Changed))
            }
            Some(other) => Err(invalid(self.name, other)),
        }
    }

    /// The notice of a write to a calendar item.
    pub fn required(&self, notice: Option<Notice>) -> Result<Notice, Refusal> {
        notice.ok_or_else(|| {
            Refusal::new(
                self.missing,
                format!("{} attribute is required for calendar items.", self.name),
            )
        })
    }
}

impl Notice {
    /// Does what `work` does and tells those who are to be told.
    pub fn over<T>(self, mailbox: &mut Mailbox, work: impl FnOnce(&mut Mailbox) -> T) -> T {
        match self {
            Self::Nobody => mailbox.quietly(work),
            Self::Everybody | Self::Changed => work(mailbox),
        }
    }
}
