//! What people did, and so what the law wants when all is quiet.
//!
//! A host that is killed may or may not have carried out what it was asked for. Then both are written
//! down as possible, until the next rest shows what is.

use simulation::when::When;

/// What an item says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    /// Title or subject; no two items ever had the same.
    pub title: String,
    /// Description or body.
    pub body: String,
}

/// Which side an item was made on; that side owns its texts and its existence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// The PSA.
    Psa,
    /// Exchange.
    Outlook,
}

/// Whether something is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is.
    Lives,
    /// It is not.
    Gone,
    /// Nobody knows.
    Unclear,
}

impl Fate {
    /// Whether this many are as it should be.
    #[must_use]
    pub fn permits(self, found: usize) -> bool {
        match self {
            Self::Lives => found == 1,
            Self::Gone => found == 0,
            Self::Unclear => found <= 1,
        }
    }
}

/// Where people put an item since the last rest.
#[derive(Clone, Debug)]
pub struct Times {
    rest: When,
    psa: Vec<When>,
    outlook: Option<When>,
    /// Somebody moved it in the PSA for certain.
    for_certain: bool,
}

impl Times {
    /// It is at rest.
    #[must_use]
    pub fn at(rest: When) -> Self {
        Self {
            rest,
            psa: Vec::new(),
            outlook: None,
            for_certain: false,
        }
    }

    /// Somebody moved it in the PSA: of both, the PSA wins.
    pub fn moved_in_psa(&mut self, to: When, certain: bool) {
        if certain {
            self.psa.clear();
            self.outlook = None;
            self.for_certain = true;
        }
        self.psa.push(to);
    }

    /// Somebody moved it in Outlook, which counts where a cycle had seen the PSA's move before.
    pub fn moved_in_outlook(&mut self, to: When) {
        self.outlook = Some(to);
    }

    /// Where it may take place.
    #[must_use]
    pub fn permit(&self, found: When) -> bool {
        let nobody_moved_it = self.outlook.is_none() && !self.for_certain;
        self.psa.contains(&found)
            || self.outlook == Some(found)
            || nobody_moved_it && self.rest == found
    }
}

/// An item that somebody made.
#[derive(Clone, Debug)]
pub struct Thing {
    /// Stands in all its titles.
    pub number: u64,
    /// Whose calendar it is in.
    pub member: usize,
    /// Where it was made.
    pub home: Home,
    /// Its key there.
    pub id: String,
    /// Only its owner sees its texts.
    pub private: bool,
    /// Somebody else is invited, so that only Outlook may move it.
    pub meeting: bool,
    /// What it may say.
    pub texts: Vec<Texts>,
    /// Where it may be.
    pub times: Times,
    /// The original.
    pub original: Fate,
    /// Its copy, while the original lives.
    pub copy: Fate,
    /// Somebody did something to it since the last rest.
    pub touched: bool,
    /// How many copies in Exchange its owner deleted.
    pub copies_deleted: usize,
}

impl Thing {
    /// A new item.
    #[must_use]
    pub fn new(number: u64, member: usize, home: Home, texts: Texts, when: When) -> Self {
        Self {
            number,
            member,
            home,
            id: String::new(),
            private: false,
            meeting: false,
            texts: vec![texts],
            times: Times::at(when),
            original: Fate::Lives,
            copy: Fate::Lives,
            touched: true,
            copies_deleted: 0,
        }
    }

    /// How its titles begin.
    #[must_use]
    pub fn title_begins(&self) -> String {
        title_begins(self.number)
    }

    /// Its copy was deleted and nothing was done to the original since: people leave it alone until
    /// a cycle has seen that.
    #[must_use]
    pub fn is_left_alone(&self) -> bool {
        self.original != Fate::Lives || self.touched && self.copy != Fate::Lives
    }

    /// Somebody changed the original, which brings back a copy that was deleted.
    pub fn changed(&mut self, texts: Texts, certain: bool) {
        self.touched = true;
        if certain {
            self.texts.clear();
            self.copy = Fate::Lives;
        } else if self.copy == Fate::Gone {
            self.copy = Fate::Unclear;
        }
        self.texts.push(texts);
    }
}

/// How the titles of an item begin.
#[must_use]
pub fn title_begins(number: u64) -> String {
    format!("Visit {number}.")
}

/// The book.
#[derive(Debug, Default)]
pub struct Book {
    /// All items that people made.
    pub things: Vec<Thing>,
    /// Items in the PSA of which nobody knows whether they were made.
    pub unclear: Vec<Thing>,
    /// How many deeds there were.
    pub deeds: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: u32) -> When {
        let first = chrono::NaiveDate::from_ymd_opt(2026, 11, number).unwrap();
        When::Days(first, first.succ_opt().unwrap())
    }

    #[test]
    fn of_moves_on_both_sides_the_psas_wins_or_outlooks_came_after_a_cycle() {
        let mut times = Times::at(day(1));
        times.moved_in_outlook(day(2));
        times.moved_in_psa(day(3), true);
        assert!(times.permit(day(3)) && !times.permit(day(2)) && !times.permit(day(1)));
        times.moved_in_outlook(day(4));
        assert!(times.permit(day(3)) && times.permit(day(4)) && !times.permit(day(1)));
    }

    #[test]
    fn a_move_of_which_nobody_knows_leaves_both() {
        let mut times = Times::at(day(1));
        times.moved_in_psa(day(2), false);
        assert!(times.permit(day(1)) && times.permit(day(2)) && !times.permit(day(3)));
    }
}
