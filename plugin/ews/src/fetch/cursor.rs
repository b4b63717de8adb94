//! What is remembered between two pages and between two rounds.
//!
//! A cursor is JSON that only this provider reads. At rest it holds the server's state of the
//! synchronisation and the window that was seen last; inside a round also the stages that are left.
//! One that cannot be read, or that other settings shaped, means: read all.

use serde::{Deserialize, Serialize};
use sync::contract::{Cursor, Fault, FetchRequest, Instant, Window};
use sync::kit::cursor::{Restarts, digest, shape, write};

/// The form of the cursor and the rules by which items are read. Raised when either changes, which
/// makes every mailbox read all.
const FORM: u32 = 1;

const HOUR: i64 = 3_600 * 1_000_000;
const DAY: i64 = 24 * HOUR;

/// What is read before and after the product's window: a day, and the 14 hours by which a day can
/// begin elsewhere.
const MARGIN: i64 = DAY + 14 * HOUR;
/// When the mailbox's zone is asked for again.
const ZONE_AFTER: i64 = 13 * DAY;
/// How many pages a round may have.
const MOST_PAGES: u32 = 2_000;
/// How many series that were told are remembered in a round; of more, all count as told.
const MOST_MASTERS: usize = 1_000;

/// What a round does, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// The mailbox's zone.
    Zone,
    /// What changed since the state.
    Changes,
    /// All that touches the stretch, series expanded.
    View,
}

/// A stretch of time in microseconds, as it stands in a cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// The first instant inside.
    pub from: i64,
    /// The first instant after.
    pub to: i64,
}

impl Stretch {
    const fn around(window: &Window) -> Self {
        Self {
            from: window.start.microseconds.saturating_sub(MARGIN),
            to: window.end.microseconds.saturating_add(MARGIN),
        }
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

    /// Its halves.
    #[must_use]
    pub const fn halves(&self) -> [Self; 2] {
        let middle = self.from + (self.to - self.from) / 2;
        [
            Self {
                from: self.from,
                to: middle,
            },
            Self {
                from: middle,
                to: self.to,
            },
        ]
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
    /// The server's state of the synchronisation.
    pub sync: Option<String>,
    /// The stretch that was viewed last.
    pub stretch: Stretch,
    /// When the zone was last asked for, in microseconds.
    zoned: i64,
    /// When everything was read again for a lost cursor.
    restarts: Restarts,
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
    pages: u32,
    /// The digests of the states that were gone on from.
    seen: Vec<String>,
    /// The stretch that is to be viewed.
    pub stretch: Stretch,
    /// Its parts that are still to be viewed.
    pub left: Vec<Stretch>,
    /// The whole of it was viewed.
    pub viewed: bool,
    /// The masters that were told, by the digests of their ids.
    masters: Vec<String>,
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
        let stretch = Stretch::around(window);
        Self {
            form: FORM,
            shape,
            todo: vec![Stage::Zone, Stage::Changes, Stage::View],
            round: Round {
                full: true,
                stretch,
                left: vec![stretch],
                ..Round::default()
            },
            ..Self::default()
        }
    }

    /// Fills an empty list of stages: a new round begins. Usually it is the changes alone; when the
    /// window has moved on, which it does once a day, the calendar is viewed besides.
    pub fn begin(&mut self, now: Instant, window: &Window) {
        if !self.todo.is_empty() {
            return;
        }
        let stretch = Stretch::around(window);
        self.round = Round {
            stretch,
            left: vec![stretch],
            ..Round::default()
        };
        if now.microseconds.saturating_sub(self.zoned) >= ZONE_AFTER {
            self.todo.push(Stage::Zone);
        }
        self.todo.push(Stage::Changes);
        if stretch != self.stretch {
            self.todo.push(Stage::View);
        }
    }

    /// Everything is read again, because the server lost the state or a round would not end. At
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

    /// Another page; false when the round has grown too long.
    #[must_use]
    pub const fn turn(&mut self) -> bool {
        self.round.pages = self.round.pages.saturating_add(1);
        self.round.pages <= MOST_PAGES
    }

    /// The changes go on from another state; false when they went on from it before in this round.
    #[must_use]
    pub fn go_on(&mut self, sync: String, is_last: bool) -> bool {
        let digest = digest(&sync);
        let is_new = !self.round.seen.contains(&digest);
        self.sync = Some(sync);
        if is_last {
            self.round.seen.clear();
            self.next_stage();
        } else {
            self.round.seen.push(digest);
        }
        is_new || is_last
    }

    /// A series was told: its occurrences are to be told too.
    pub fn tell_series(&mut self, master: &str) {
        let digest = digest(master);
        let masters = &mut self.round.masters;
        if masters.len() < MOST_MASTERS && !masters.contains(&digest) {
            masters.push(digest);
        }
        if !self.todo.contains(&Stage::View) {
            self.todo.push(Stage::View);
        }
    }

    /// Whether a series was told in this round.
    #[must_use]
    pub fn told_series(&self, master: &str) -> bool {
        let masters = &self.round.masters;
        masters.len() >= MOST_MASTERS || masters.contains(&digest(master))
    }

    /// The zone was asked for.
    pub fn zoned(&mut self, now: Instant, name: Option<String>) {
        self.zone = name;
        self.zoned = now.microseconds;
    }

    /// The stage is done.
    pub fn next_stage(&mut self) {
        if !self.todo.is_empty() {
            self.todo.remove(0);
        }
    }

    /// The round is done: what it found out becomes what is known.
    pub fn rest(&mut self) -> Round {
        let round = std::mem::take(&mut self.round);
        if round.viewed {
            self.stretch = round.stretch;
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
