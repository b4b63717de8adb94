//! The people of a run and all that they can reach: the PSA, their mailboxes, and the book in which
//! their deeds stand.

use chrono::{DateTime, Utc};
use exchange::{Exchange, Zone};
use tandem::contract::{ImportMode, ItemKind, MailboxId};
use tandem::runtime::embedded::Embedded;
use tandem::store::Tenant;

use crate::Result;
use crate::book::{Book, Home, Place, Step};
use crate::contacts;
use crate::deeds;
use crate::dice::Dice;
use crate::kinds::Exports;
use crate::look::{self, Item, Row};
use crate::series;
use crate::trace::Trace;
use crate::when::{window_end, window_start};

/// A user of the PSA with a mailbox.
#[derive(Clone, Debug)]
pub struct Member {
    /// The user's key in the PSA.
    pub user: String,
    /// The mailbox's address.
    pub address: String,
    /// The mailbox's zone.
    pub zone: Zone,
    /// The host's key of the mailbox.
    pub mailbox: MailboxId,
    /// The user takes part.
    pub enabled: bool,
    /// The user lets appointments come over.
    pub imports: bool,
    /// What the user lets go out.
    pub exports: Exports,
    /// The earliest start of a window that any cycle of this mailbox has had.
    pub earliest: DateTime<Utc>,
    /// The latest end of one.
    pub latest: DateTime<Utc>,
}

/// The tenant's settings, as far as runs change them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wishes {
    /// The way to Exchange.
    pub provider: Embedded,
    /// What comes over.
    pub import: ImportMode,
    /// Free items too.
    pub send_free: bool,
    /// What goes out.
    pub exports: Exports,
    /// All contacts go out, and not only those whom a user looks after.
    pub all_contacts: bool,
    /// How far back a cycle looks.
    pub past_days: u32,
    /// How far ahead it looks for occurrences.
    pub recurring_days: u32,
}

/// The people at work.
pub struct Office {
    /// The model.
    pub exchange: Exchange,
    /// The PSA, by a door that never fails.
    pub tenant: Tenant,
    /// Chance of the people.
    pub dice: Dice,
    /// What happened.
    pub trace: Trace,
    /// What people did.
    pub book: Book,
    /// The time.
    pub now: DateTime<Utc>,
    /// The people.
    pub members: Vec<Member>,
    /// The settings.
    pub wishes: Wishes,
    /// How much of what people do in Outlook they do to series, beside 37 parts to single items.
    pub series: u32,
    /// Numbers for texts.
    pub words: u64,
}

/// What is in force for one mailbox.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// What comes over; none: nothing.
    pub import: Option<ImportMode>,
    /// Free items too.
    pub send_free: bool,
    /// What the tenant lets go out.
    pub tenant_exports: Exports,
    /// What the user lets go out.
    pub user_exports: Exports,
    /// Bodies are read, which nobody needs while no details come over.
    pub bodies_are_read: bool,
    /// The time.
    pub now: DateTime<Utc>,
    /// Where the window starts now.
    pub start: DateTime<Utc>,
    /// Where it started when it started earliest.
    pub earliest: DateTime<Utc>,
    /// Where the window ends now.
    pub end: DateTime<Utc>,
    /// Where it ended when it ended latest.
    pub latest: DateTime<Utc>,
}

impl Rules {
    /// Whether a kind of item goes out.
    #[must_use]
    pub fn exports(&self, kind: ItemKind) -> bool {
        self.tenant_exports.of(kind) && self.user_exports.of(kind)
    }
}

impl Office {
    /// What is in force for a member.
    #[must_use]
    pub fn rules(&self, member: &Member) -> Rules {
        let comes = self.wishes.import != ImportMode::None && member.imports;
        let start = window_start(self.now, &member.zone, self.wishes.past_days);
        let end = window_end(self.now, &member.zone, self.wishes.recurring_days);
        Rules {
            import: comes.then_some(self.wishes.import),
            send_free: self.wishes.send_free,
            tenant_exports: self.wishes.exports,
            user_exports: member.exports,
            bodies_are_read: self.wishes.import != ImportMode::NoDetails,
            now: self.now,
            start,
            earliest: start.min(member.earliest),
            end,
            latest: end.max(member.latest),
        }
    }

    /// A cycle of a member begins: it is written down, with the window that it has.
    pub fn cycle_begins(&mut self, member: usize) {
        let step = self.book.turn();
        self.book.cycles.push((step, Step::MAX, member));
        let (now, wishes) = (self.now, self.wishes);
        if let Some(member) = self.members.get_mut(member) {
            let start = window_start(now, &member.zone, wishes.past_days);
            let end = window_end(now, &member.zone, wishes.recurring_days);
            member.earliest = member.earliest.min(start);
            member.latest = member.latest.max(end);
        }
    }

    /// The cycle that began last has ended, however.
    pub fn cycle_ends(&mut self) {
        let step = self.book.turn();
        if let Some((_, end, _)) = self.book.cycles.last_mut() {
            *end = step;
        }
    }

    /// Somebody does something, whatever it is.
    ///
    /// # Errors
    /// When the PSA or the mailbox refuses what should be possible.
    pub async fn act(&mut self) -> Result<()> {
        let member = self.dice.below(self.members.len());
        match self.dice.weighed(&[33, 37, self.series, 15]) {
            0 => deeds::psa::act(self, member).await,
            1 => deeds::outlook::act(self, member),
            2 => series::outlook::act(self, member),
            _ => contacts::deeds::act(self, member).await,
        }
    }

    /// A member by number.
    ///
    /// # Errors
    /// When there is none.
    pub fn member(&self, number: usize) -> Result<Member> {
        self.members
            .get(number)
            .cloned()
            .ok_or_else(|| "there is no such member".into())
    }

    /// The rows of a member.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn rows(&self, member: usize) -> Result<Vec<Row>> {
        look::rows(&self.tenant, &self.member(member)?.user).await
    }

    /// The items of a member.
    ///
    /// # Errors
    /// When there is no such mailbox.
    pub fn items(&self, member: usize) -> Result<Vec<Item>> {
        look::items(&self.exchange, &self.member(member)?.address)
    }

    /// The thing whose copy or original an item in a member's mailbox is.
    #[must_use]
    pub fn thing_of_item(&self, member: usize, item: &Item) -> Option<usize> {
        let home = match (&item.marker, item.by_program) {
            (Some(row), true) => Home::Psa(row.clone()),
            _ => Home::Outlook(item.id.clone()),
        };
        self.book.find(member, &home)
    }

    /// Keeps how people left an item of Outlook, after a deed.
    ///
    /// # Errors
    /// When there is no such mailbox.
    pub fn keep(&mut self, thing: usize) -> Result<()> {
        let Some(known) = self.book.things.get(thing) else {
            return Ok(());
        };
        let Home::Outlook(id) = known.home.clone() else {
            return Ok(());
        };
        let items = self.items(known.member)?;
        let item = items.into_iter().find(|item| item.id == id);
        if let Some(known) = self.book.things.get_mut(thing) {
            match item {
                Some(item) => {
                    known.place = item.place;
                    known.content = Some(item.content);
                    known.uid = Some(item.uid);
                }
                None => known.place = Place::Purged,
            }
        }
        Ok(())
    }

    /// A number for texts that nothing else has.
    pub fn number(&mut self) -> u64 {
        self.words += 1;
        self.words
    }
}
