//! The state behind `SyncState`: everything that a later request needs, so that the emulator remembers nothing.
//!
//! To clients it is opaque; a checksum turns invented or damaged ones into ones that are refused.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::mailbox::Mailbox;
use crate::mailbox::item::FolderKey;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncState {
    mailbox: u32,
    folder: FolderKey,
    epoch: u32,
    /// The place in the log that the client has come to.
    since: usize,
    /// Within a round: the place where it ends, and the rank of the line that the last page ended with.
    within: Option<(usize, u64)>,
}

impl SyncState {
    /// Where a client begins that knows nothing.
    pub fn first(mailbox: &Mailbox, folder: FolderKey) -> Self {
        Self {
            mailbox: mailbox.number,
            folder,
            epoch: mailbox.cursor_epoch,
            since: 0,
            within: None,
        }
    }

    /// Reads a state that was given out for this folder, and is still good.
    pub fn read(text: &str, mailbox: &Mailbox, folder: FolderKey) -> Option<Self> {
        let bytes = BASE64_STANDARD.decode(text.trim()).ok()?;
        let plain = String::from_utf8(bytes).ok()?;
        let (numbers, sum) = plain.rsplit_once('.')?;
        if checksum(numbers) != sum {
            return None;
        }
        let numbers: Vec<u64> = numbers
            .split('.')
            .map(str::parse)
            .collect::<Result<_, _>>()
            .ok()?;
        let [number, of_folder, epoch, since, until, last] = numbers.try_into().ok()?;
        let state = Self {
            mailbox: u32::try_from(number).ok()?,
            folder: FolderKey(u32::try_from(of_folder).ok()?),
            epoch: u32::try_from(epoch).ok()?,
            since: usize::try_from(since).ok()?,
            within: match last {
                0 => None,
                last => Some((usize::try_from(until).ok()?, last)),
            },
        };
        let first = Self::first(mailbox, folder);
        let good = state.mailbox == first.mailbox
            && state.folder == first.folder
            && state.epoch == first.epoch;
        good.then_some(state)
    }

    /// The place in the log where the round begins, and where it ends in a log of this length.
    pub fn round(&self, log_end: usize) -> (usize, usize) {
        (self.since, self.within.map_or(log_end, |(until, _)| until))
    }

    /// Whether a line of this rank was told by the pages before.
    pub fn is_told(&self, rank: u64) -> bool {
        self.within.is_some_and(|(_, last)| rank <= last)
    }

    /// The state after a page that ended with a line of this rank; more follow up to the place.
    pub fn after_page(&self, until: usize, last: u64) -> Self {
        Self {
            within: Some((until, last)),
            ..*self
        }
    }

    /// The state after a round that came to this place.
    pub fn after_round(&self, until: usize) -> Self {
        Self {
            since: until,
            within: None,
            ..*self
        }
    }

    pub fn text(&self) -> String {
        let (until, last) = self.within.unwrap_or_default();
        let numbers = format!(
            "{}.{}.{}.{}.{until}.{last}",
            self.mailbox, self.folder.0, self.epoch, self.since
        );
        let sum = checksum(&numbers);
        BASE64_STANDARD.encode(format!("{numbers}.{sum}"))
    }
}

fn checksum(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
