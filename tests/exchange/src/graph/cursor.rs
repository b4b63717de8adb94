//! The state behind `$skiptoken` and `$deltatoken`: everything a later request needs, so that the emulator remembers nothing.
//!
//! To clients it is opaque; a checksum turns invented or damaged ones into lost ones.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::mailbox::Mailbox;
use crate::mailbox::item::FolderKey;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// More pages of this round follow.
    Within,
    /// The round is over; the cursor begins the next one.
    Done,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub mailbox: u32,
    pub folder: FolderKey,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    /// The place in the log where the round begins; `None` while everything is read for the first time.
    pub since: Option<usize>,
    /// The place in the log where the round ends.
    pub until: usize,
    /// The rank of the line that the page begins with.
    pub place: u64,
    /// This page was shown before.
    pub repeated: bool,
    pub stage: Stage,
    pub issued: DateTime<Utc>,
    pub epoch: u32,
}

impl Cursor {
    /// Where a client begins that knows nothing.
    pub fn first(
        mailbox: &Mailbox,
        folder: FolderKey,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            mailbox: mailbox.number,
            folder,
            from,
            to,
            since: None,
            until: mailbox.log.end(),
            place: 0,
            repeated: false,
            stage: Stage::Within,
            issued: now,
            epoch: mailbox.cursor_epoch,
        }
    }

    /// A cursor at the end of a round begins the next one, up to the end of the log.
    pub fn in_round(self, log_end: usize) -> Self {
        match self.stage {
            Stage::Within => self,
            Stage::Done => Self {
                since: Some(self.until),
                until: log_end,
                place: 0,
                repeated: false,
                stage: Stage::Within,
                ..self
            },
        }
    }

    pub fn at(&self, place: u64, now: DateTime<Utc>) -> Self {
        Self {
            place,
            repeated: false,
            issued: now,
            ..self.clone()
        }
    }

    pub fn repeat(&self, now: DateTime<Utc>) -> Self {
        Self {
            repeated: true,
            issued: now,
            ..self.clone()
        }
    }

    pub fn done(&self, now: DateTime<Utc>) -> Self {
        Self {
            stage: Stage::Done,
            ..self.at(0, now)
        }
    }

    /// The token for a link.
    pub fn text(&self) -> String {
        let plain = format!(
            "{}.{}.{}.{}.{}.{}.{}.{}.{}.{}.{}",
            self.mailbox,
            self.folder.0,
            self.from.timestamp(),
            self.to.timestamp(),
            self.since
                .map_or(-1, |place| i64::try_from(place).unwrap_or(i64::MAX)),
            self.until,
            self.place,
            u8::from(self.repeated),
            u8::from(self.stage == Stage::Done),
            self.issued.timestamp(),
            self.epoch
        );
        let hex: String = plain
            .bytes()
            .rev()
            .map(|byte| format!("{:02x}", byte ^ 0x5a))
            .collect();
        format!("{hex}{}", checksum(&hex))
    }

    /// Reads a token back; `None` if it was not made here.
    pub fn parse(token: &str) -> Option<Self> {
        let (hex, sum) = token.split_at_checked(token.len().checked_sub(8)?)?;
        if checksum(hex) != sum {
            return None;
        }
        let mut bytes = Vec::new();
        let mut rest = hex;
        while let Some((digits, after)) = rest.split_at_checked(2) {
            bytes.push(u8::from_str_radix(digits, 16).ok()? ^ 0x5a);
            rest = after;
        }
        bytes.reverse();
        let plain = String::from_utf8(bytes).ok()?;
        let numbers: Vec<i64> = plain
            .split('.')
            .map(str::parse)
            .collect::<Result<_, _>>()
            .ok()?;
        let [
            mailbox,
            folder,
            from,
            to,
            since,
            until,
            place,
            repeated,
            done,
            issued,
            epoch,
        ] = numbers.try_into().ok()?;
        Some(Self {
            mailbox: u32::try_from(mailbox).ok()?,
            folder: FolderKey(u32::try_from(folder).ok()?),
            from: DateTime::from_timestamp(from, 0)?,
            to: DateTime::from_timestamp(to, 0)?,
            since: usize::try_from(since).ok(),
            until: usize::try_from(until).ok()?,
            place: u64::try_from(place).ok()?,
            repeated: repeated != 0,
            stage: if done == 0 {
                Stage::Within
            } else {
                Stage::Done
            },
            issued: DateTime::from_timestamp(issued, 0)?,
            epoch: u32::try_from(epoch).ok()?,
        })
    }
}

fn checksum(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
