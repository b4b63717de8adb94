//! What is remembered between two pages and between two rounds.
//!
//! A cursor is JSON that only this provider reads. At rest it holds Graph's delta link and when
//! things were done last; inside a round also the stages that are left and the guards against
//! rounds without end. One that cannot be read, or that other settings shaped, means: read all.

use serde::{Deserialize, Serialize};
use sync::contract::{Cursor, Fault, FetchRequest, Instant, Window};
use sync::kit::cursor::{Restarts, digest, shape, write};

use super::stage::Stage;

/// The form of the cursor and the rules by which items are read. Raised when either changes, which
/// makes every mailbox read all.
const FORM: u32 = 1;

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3_600 * SECOND;
const DAY: i64 = 24 * HOUR;

/// A day before the product's window, and the 14 hours by which a day can begin elsewhere.
const MARGIN_BEFORE: i64 = DAY + 14 * HOUR;
/// So that the product's window slides inside for two weeks.
const MARGIN_AFTER: i64 = 14 * DAY + 14 * HOUR;
/// How near the product's window may come to an end of the delta's.
const MARGIN_LEAST: i64 = 14 * HOUR;
/// When the delta's window is moved, less up to [`REBASE_JITTER`].
const REBASE_AFTER: i64 = 13 * DAY;
const REBASE_JITTER: i64 = DAY;
/// When the ids are listed, less up to [`INVENTORY_JITTER`].
const INVENTORY_AFTER: i64 = DAY;
const INVENTORY_JITTER: i64 = 2 * HOUR;

/// How many ids that went away are remembered.
const MOST_GONE: usize = 500;

/// How many pages a round may have.
pub const MOST_PAGES: u32 = 1_000;

/// A stretch of time in microseconds, as it stands in a cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// The first instant inside.
    pub from: i64,
    /// The first instant after.
    pub to: i64,
}

impl Stretch {
    /// What is read for a product's window: it with its margins.
    #[must_use]
    pub const fn around(window: &Window) -> Self {
        Self {
            from: window.start.microseconds.saturating_sub(MARGIN_BEFORE),
            to: window.end.microseconds.saturating_add(MARGIN_AFTER),
        }
    }

    const fn still_holds(&self, window: &Window) -> bool {
        self.from <= window.start.microseconds.saturating_sub(MARGIN_LEAST)
            && self.to >= window.end.microseconds.saturating_add(MARGIN_LEAST)
    }

    /// The same as the contract's window.
    #[must_use]
    pub const fn window(&self) -> Window {
        Window {
            start: Instant {
                microseconds: self.from,
            },
            end: Instant {
                microseconds: self.to,
            },
        }
    }
}

/// What is remembered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    form: u32,
    shape: String,
    /// What the round still has to do; empty at rest.
    pub todo: Vec<Stage>,
    /// Where the first stage goes on; none at its beginning.
    pub link: Option<String>,
    /// Where the next round begins.
    pub delta: Option<String>,
    /// The stretch that the delta watches.
    pub stretch: Stretch,
    /// When the stretch was laid, in microseconds.
    pub based: i64,
    /// When the ids were last listed, in microseconds.
    pub inventoried: i64,
    /// When everything was read again for a lost cursor.
    restarts: Restarts,
    /// The digests of the ids that went away. One that comes back is not announced: the inventory
    /// recognises it.
    pub gone: Vec<String>,
    /// The mailbox's zone by name.
    pub zone: Option<String>,
    /// What the round has done so far.
    pub round: Round,
}

/// What a round has done so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Round {
    /// It reads everything.
    pub full: bool,
    /// Pages so far.
    pub pages: u32,
    /// The digests of the links that were followed.
    pub seen: Vec<String>,
    /// The delta link of a stretch that was read anew.
    pub fresh: Option<String>,
    /// That stretch.
    pub stretch: Stretch,
    /// All items of the stretch were listed.
    pub viewed: bool,
    /// The ids of all items were listed.
    pub listed: bool,
    /// The filter on dates found items beyond the stretch.
    pub far: bool,
    /// Markers were asked for, and some were found.
    pub markers: bool,
    /// The series whose occurrences are days, by the digests of their masters' ids.
    pub all_day: Vec<String>,
}

impl State {
    /// The state at a request: what the cursor says if it fits, else the beginning of a full read.
    #[must_use]
    pub fn of(request: &FetchRequest, cursor: Option<&Cursor>, window: &Window) -> Self {
        let shape = shape(FORM, request);
        cursor
            .and_then(|cursor| serde_json::from_str::<Self>(&cursor.value).ok())
            .filter(|state| state.form == FORM && state.shape == shape)
            .unwrap_or_else(|| Self::full_read(shape, window))
    }

    fn full_read(shape: String, window: &Window) -> Self {
        Self {
            form: FORM,
            shape,
            todo: vec![
                Stage::Mailbox,
                Stage::View,
                Stage::Far,
                Stage::Marked,
                Stage::Inventory,
            ],
            round: Round {
                full: true,
                stretch: Stretch::around(window),
                ..Round::default()
            },
            ..Self::default()
        }
    }

    /// Fills an empty list of stages: a new round begins. Usually it is the delta alone.
    pub fn begin(&mut self, now: Instant, window: &Window, mailbox: &str) {
        if !self.todo.is_empty() {
            return;
        }
        let now = now.microseconds;
        let jitter = |most: i64| most.saturating_mul(i64::from(spread(mailbox))) / 65_536;
        let lay = now.saturating_sub(self.based) >= REBASE_AFTER - jitter(REBASE_JITTER)
            || !self.stretch.still_holds(window);
        let list =
            now.saturating_sub(self.inventoried) >= INVENTORY_AFTER - jitter(INVENTORY_JITTER);
        self.round = Round::default();
        self.link = None;
        if lay {
            // The new stretch is read first and the old delta drained afterwards: whatever changes
            // in between is told by one of the two.
            self.round.stretch = Stretch::around(window);
            self.todo = vec![Stage::Mailbox, Stage::View, Stage::Delta];
        } else {
            self.todo = vec![Stage::Delta];
            if list {
                self.todo.push(Stage::Mailbox);
            }
        }
        if list {
            self.todo.push(Stage::Inventory);
        }
    }

    /// Everything is read again, because the server lost the cursor or a round would not end. At
    /// most twice a day; then the fault stands.
    ///
    /// # Errors
    /// The given fault.
    pub fn restart(self, now: Instant, window: &Window, fault: Fault) -> Result<Self, Fault> {
        Ok(Self {
            restarts: self.restarts.and_now(now).ok_or(fault)?,
            zone: self.zone,
            ..Self::full_read(self.shape, window)
        })
    }

    /// Goes to a link of the server's; false when it was followed before in this round, or when
    /// the round has grown too long.
    #[must_use]
    pub fn follow(&mut self, link: String) -> bool {
        let digest = digest(&link);
        if self.round.seen.contains(&digest) || self.round.pages >= MOST_PAGES {
            return false;
        }
        self.round.seen.push(digest);
        self.link = Some(link);
        true
    }

    /// An item went away.
    pub fn forget(&mut self, id: &str) {
        let digest = digest(id);
        self.gone.retain(|known| *known != digest);
        if self.gone.len() >= MOST_GONE {
            self.gone.remove(0);
        }
        self.gone.push(digest);
    }

    /// Whether an item had gone away; from now on it counts as there.
    pub fn came_back(&mut self, id: &str) -> bool {
        let digest = digest(id);
        let before = self.gone.len();
        self.gone.retain(|known| *known != digest);
        self.gone.len() < before
    }

    /// The stage is done.
    pub fn next_stage(&mut self) {
        self.link = None;
        if !self.todo.is_empty() {
            self.todo.remove(0);
        }
    }

    /// The round is done: what it found out becomes what is known.
    pub fn rest(&mut self, now: Instant) -> Round {
        let round = std::mem::take(&mut self.round);
        if round.viewed {
            self.stretch = round.stretch;
            self.based = now.microseconds;
        }
        if round.listed {
            self.inventoried = now.microseconds;
        }
        round
    }

    /// The cursor.
    ///
    /// # Errors
    /// As [`write`].
    pub fn cursor(&self) -> Result<Cursor, Fault> {
        write(self)
    }
}

/// A number between 0 and 65,535 that differs from mailbox to mailbox, so that not all of them do
/// their rare work at the same moment.
fn spread(mailbox: &str) -> u16 {
    let hex: String = digest(mailbox).chars().take(4).collect();
    u16::from_str_radix(&hex, 16).unwrap_or_default()
}
