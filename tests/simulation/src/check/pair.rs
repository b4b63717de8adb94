//! One original with its copies, as both sides show them, and what people did to it.

use exchange::{ShowAs, Zone};

use crate::book::{Act, Book, Home, Rest, Step, Thing};
use crate::business::Business;
use crate::look::{Item, Row};
use crate::office::Rules;
use crate::when::When;

/// Both sides of one member.
pub struct Sides {
    /// The PSA's rows.
    pub rows: Vec<Row>,
    /// The items of Exchange.
    pub items: Vec<Item>,
}

/// An original and all that has to be known to judge it.
pub struct Case<'a> {
    /// Its place in the book.
    pub place: usize,
    /// What people did.
    pub thing: &'a Thing,
    /// How it stood at the last rest; new ones had nothing.
    pub rest: Rest,
    /// The whole book.
    pub book: &'a Book,
    /// What is in force.
    pub rules: Rules,
    /// What records name.
    pub business: &'a Business,
    /// The mailbox's zone.
    pub zone: &'a Zone,
    /// Whose calendar it is.
    pub user: &'a str,
    /// Both sides.
    pub sides: &'a Sides,
}

impl<'a> Case<'a> {
    /// The step of the last rest.
    pub fn rested(&self) -> Step {
        self.book.rested()
    }

    /// Whether settings changed since the last rest.
    pub fn resettled(&self) -> bool {
        self.book.resettled > self.rested()
    }

    /// Whether links were lost, or put back to what they once were, since the last rest.
    pub fn unlinked(&self) -> bool {
        self.book.lost_its_links()
    }

    /// Whether people did something of a kind since the last rest.
    pub fn since_rest(&self, is: impl Fn(&Act) -> bool) -> bool {
        self.thing.since(self.rested(), is)
    }

    /// Whether people ever did something of a kind.
    pub fn ever(&self, is: impl Fn(&Act) -> bool) -> bool {
        self.thing.since(0, is)
    }

    /// The original as an item of Exchange.
    pub fn item(&self) -> Option<&'a Item> {
        match &self.thing.home {
            Home::Outlook(id) => self.sides.items.iter().find(|item| item.id == *id),
            Home::Psa(_) => None,
        }
    }

    /// The original as a row.
    pub fn row(&self) -> Option<&'a Row> {
        match &self.thing.home {
            Home::Psa(id) => self.sides.rows.iter().find(|row| row.id == *id),
            Home::Outlook(_) => None,
        }
    }

    /// The original as a row that is to have a copy: it lives, and neither its own data nor a
    /// setting keeps it at home.
    pub fn row_that_travels(&self) -> Option<&'a Row> {
        let row = self.row().filter(|row| !row.deleted)?;
        let goes_out = self.exports() && self.business.lets_out(&row.fields, self.user);
        goes_out.then_some(row)
    }

    /// Whether items of its kind go out.
    pub fn exports(&self) -> bool {
        self.rules.exports(self.thing.kind)
    }

    /// Living copies in the PSA.
    pub fn rows(&self) -> Vec<&'a Row> {
        let Home::Outlook(id) = &self.thing.home else {
            return Vec::new();
        };
        let rows = self.sides.rows.iter();
        rows.filter(|row| !row.of_psa && !row.deleted && row.exchange.as_ref() == Some(id))
            .collect()
    }

    /// Copies that a program made and that lie in the calendar.
    pub fn items(&self) -> Vec<&'a Item> {
        let Home::Psa(id) = &self.thing.home else {
            return Vec::new();
        };
        let items = self.sides.items.iter();
        items
            .filter(|item| item.by_program && item.lives() && item.marker.as_ref() == Some(id))
            .collect()
    }

    /// Whether an item that somebody pasted can pass for the copy: it carries the marker, and is no
    /// copy's original.
    pub fn may_be_a_pasted_one(&self) -> bool {
        let Home::Psa(id) = &self.thing.home else {
            return false;
        };
        self.sides.items.iter().any(|item| {
            let imported = self
                .sides
                .rows
                .iter()
                .any(|row| !row.deleted && row.exchange.as_ref() == Some(&item.id));
            !item.by_program && item.lives() && item.marker.as_ref() == Some(id) && !imported
        })
    }

    /// The step of the last act of a kind on this original, or on the same meeting under another id:
    /// purged and sent again, or brought back instead of the one sent again, it is told from a moved
    /// mailbox's only by a cycle between.
    pub fn last_of_meeting(&self, is: impl Fn(&Act) -> bool) -> Step {
        let same = self.others_of_meeting().chain([self.thing]);
        same.map(|thing| thing.last(&is)).max().unwrap_or(0)
    }

    /// The same meeting under other ids.
    pub fn others_of_meeting(&self) -> impl Iterator<Item = &'a Thing> {
        let things = self.book.things.iter().enumerate();
        let (place, thing) = (self.place, self.thing);
        let others = things.filter(move |(at, other)| {
            *at != place
                && other.member == thing.member
                && other.uid.is_some()
                && other.uid == thing.uid
        });
        others.map(|(_, thing)| thing)
    }

    /// When the original takes place.
    pub fn when(&self) -> Option<When> {
        match &self.thing.home {
            Home::Psa(_) => self.row().map(|row| row.when),
            Home::Outlook(_) => self.item().map(|item| item.when),
        }
    }

    /// How it stands, to be remembered.
    pub fn rest_now(&self) -> Rest {
        let first = self.thing.whens().next();
        Rest {
            when: self.when().or(self.rest.when).or(first),
            copy_when: (self.rows().first().map(|row| row.when))
                .or(self.items().first().map(|item| item.when)),
            copies: self.rows().len() + self.items().len(),
            off: match &self.thing.home {
                Home::Psa(_) => !self.exports(),
                Home::Outlook(_) => self.rules.import.is_none(),
            },
            free: self
                .item()
                .is_some_and(|item| item.content.show_as == ShowAs::Free),
        }
    }
}
