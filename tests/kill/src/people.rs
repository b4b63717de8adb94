//! People at work on both sides.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use exchange::{Attendee, Body, Draft, Exchange, Sensitivity};
use serde_json::{Value, json};
use simulation::dice::Dice;
use simulation::look::{Item, items};
use simulation::when::When;

use crate::Result;
use crate::book::{Book, Fate, Home, Texts, Thing, title_begins};
use crate::interface::{Answer, Interface};
use crate::place::{Member, Place};
use crate::row::{Row, when_fields};

/// So many living items has a calendar at most: fewer than make a change of most of them suspicious.
const MOST: usize = 14;

/// So many it has at least.
const LEAST: usize = 5;

/// The people of a place, and all that they can reach.
pub struct People {
    /// What they did.
    pub book: Book,
    dice: Dice,
    interface: Interface,
    exchange: Exchange,
    members: Vec<Member>,
    now: DateTime<Utc>,
    numbers: u64,
}

impl People {
    /// Nobody has done anything yet.
    #[must_use]
    pub fn new(place: &Place, seed: u64) -> Self {
        Self {
            book: Book::default(),
            dice: Dice::new(seed, 11),
            interface: place.interface.clone(),
            exchange: place.exchange.clone(),
            members: place.members.clone(),
            now: place.exchange.now(),
            numbers: 0,
        }
    }

    /// Somebody does something. It comes to nothing where a host that is needed is gone.
    ///
    /// # Errors
    /// When Outlook refuses what should be possible.
    pub async fn act(&mut self) -> Result<()> {
        let member = self.dice.below(self.members.len());
        let things = self.book.things.iter().enumerate();
        let mine = things.filter(|(_, thing)| thing.member == member);
        let living: Vec<usize> = mine
            .filter(|(_, thing)| !thing.is_left_alone())
            .map(|(place, _)| place)
            .collect();
        self.book.deeds += 1;
        let chosen = self.dice.pick(&living).copied();
        let (Some(chosen), true) = (chosen, living.len() >= LEAST) else {
            return self.make(member).await;
        };
        match self.dice.weighed(&[20, 45, 20, 9, 6]) {
            0 if living.len() < MOST => self.make(member).await,
            0 | 3 => self.delete_original(chosen).await,
            1 => self.change_original(chosen).await,
            2 => self.move_copy(chosen).await,
            _ => self.delete_copy(chosen).await,
        }
    }

    /// Somebody does something with one member's calendar that the next cycle carries to Exchange.
    ///
    /// # Errors
    /// When it comes to nothing.
    pub async fn plan_visit(&mut self, member: usize) -> Result<()> {
        let before = self.book.things.len();
        self.make_in_psa(member).await?;
        match self.book.things.len() > before {
            true => Ok(()),
            false => Err("nobody could plan a visit".into()),
        }
    }

    async fn make(&mut self, member: usize) -> Result<()> {
        match self.dice.percent(50) {
            true => self.make_in_psa(member).await,
            false => self.make_in_outlook(member),
        }
    }

    async fn make_in_psa(&mut self, member: usize) -> Result<()> {
        let (when, number) = (self.when(), self.number());
        let texts = self.texts(number);
        let private = self.dice.percent(10);
        let mut fields = json!({
            "resource": self.member(member)?.user,
            "title": texts.title,
            "description": texts.body,
            "private": private,
        });
        merge(&mut fields, when_fields(&when));
        let mut thing = Thing::new(number, member, Home::Psa, texts, when);
        thing.private = private;
        let host = self.host();
        match self.interface.create(host, fields).await {
            Answer::Done(value) => {
                thing.id = serde_json::from_value::<Row>(value)?.id;
                self.book.things.push(thing);
            }
            Answer::Unclear(_) => self.book.unclear.push(thing),
            Answer::NotSent => {}
            refused @ Answer::Refused(..) => {
                refused.done()?;
            }
        }
        Ok(())
    }

    fn make_in_outlook(&mut self, member: usize) -> Result<()> {
        let (when, number) = (self.when(), self.number());
        let texts = self.texts(number);
        let who = self.member(member)?;
        let mut draft = written(&texts, &when, &who);
        let mut thing = Thing::new(number, member, Home::Outlook, texts, when);
        if self.dice.percent(10) {
            draft.sensitivity = Some(Sensitivity::Private);
            thing.private = true;
        } else if self.dice.percent(15) {
            draft.attendees = Some(vec![Attendee::required("guest@elsewhere.example")]);
            thing.meeting = true;
        }
        thing.id = self.exchange.person(&who.address).create(&draft)?;
        self.book.things.push(thing);
        Ok(())
    }

    /// Writes other texts, and puts it elsewhere.
    async fn change_original(&mut self, chosen: usize) -> Result<()> {
        let thing = self.thing(chosen)?;
        let when = self.when();
        let texts = self.texts(thing.number);
        match thing.home {
            Home::Psa => {
                let host = self.host();
                let Some(row) = self.interface.get(host, &thing.id).await else {
                    return Ok(());
                };
                let mut fields = json!({ "title": texts.title, "description": texts.body });
                merge(&mut fields, when_fields(&when));
                let answer = self.interface.change(host, &row, fields).await;
                if let Some(certain) = was_done(&answer) {
                    let thing = self.thing_mut(chosen)?;
                    thing.changed(texts, certain);
                    thing.times.moved_in_psa(when, certain);
                }
            }
            Home::Outlook => {
                let who = self.member(thing.member)?;
                let draft = written(&texts, &when, &who);
                self.exchange
                    .person(&who.address)
                    .update(&thing.id, &draft)?;
                let thing = self.thing_mut(chosen)?;
                thing.changed(texts, true);
                thing.times.moved_in_outlook(when);
            }
        }
        Ok(())
    }

    /// Puts the copy elsewhere, where there is one already.
    async fn move_copy(&mut self, chosen: usize) -> Result<()> {
        let thing = self.thing(chosen)?;
        let when = self.when();
        match thing.home {
            Home::Psa => {
                let who = self.member(thing.member)?;
                let Some(item) = self.copy_in_outlook(&thing)? else {
                    return Ok(());
                };
                let draft = when.draft(&who.zone);
                self.exchange
                    .person(&who.address)
                    .update(&item.id, &draft)?;
                let thing = self.thing_mut(chosen)?;
                thing.touched = true;
                thing.times.moved_in_outlook(when);
            }
            Home::Outlook => {
                let host = self.host();
                let Some(row) = self.copy_in_psa(host, &thing).await? else {
                    return Ok(());
                };
                let fields = when_fields(&when);
                let answer = self.interface.change(host, &row, fields).await;
                if let Some(certain) = was_done(&answer) {
                    let thing = self.thing_mut(chosen)?;
                    thing.touched = true;
                    // The copy of a meeting goes back to where the meeting is.
                    if !thing.meeting {
                        thing.times.moved_in_psa(when, certain);
                    }
                }
            }
        }
        Ok(())
    }

    async fn delete_original(&mut self, chosen: usize) -> Result<()> {
        let thing = self.thing(chosen)?;
        match thing.home {
            Home::Psa => {
                let host = self.host();
                let Some(row) = self.interface.get(host, &thing.id).await else {
                    return Ok(());
                };
                let answer = self.interface.delete(host, &row).await;
                if let Some(fate) = deleted(&answer) {
                    self.thing_mut(chosen)?.original = fate;
                }
            }
            Home::Outlook => {
                let who = self.member(thing.member)?;
                self.exchange.person(&who.address).delete(&thing.id)?;
                self.thing_mut(chosen)?.original = Fate::Gone;
            }
        }
        Ok(())
    }

    /// Deletes the copy of an item that is at rest on both sides, so that what follows is certain.
    async fn delete_copy(&mut self, chosen: usize) -> Result<()> {
        let thing = self.thing(chosen)?;
        if thing.touched || thing.copy != Fate::Lives {
            return Ok(());
        }
        match thing.home {
            Home::Psa => {
                let who = self.member(thing.member)?;
                let Some(item) = self.copy_in_outlook(&thing)? else {
                    return Ok(());
                };
                self.exchange.person(&who.address).delete(&item.id)?;
                let thing = self.thing_mut(chosen)?;
                thing.copies_deleted += 1;
                thing.copy = Fate::Gone;
                thing.touched = true;
            }
            Home::Outlook => {
                let host = self.host();
                let Some(row) = self.copy_in_psa(host, &thing).await? else {
                    return Ok(());
                };
                let answer = self.interface.delete(host, &row).await;
                if let Some(fate) = deleted(&answer) {
                    let thing = self.thing_mut(chosen)?;
                    thing.copy = fate;
                    thing.touched = true;
                }
            }
        }
        Ok(())
    }

    fn copy_in_outlook(&self, thing: &Thing) -> Result<Option<Item>> {
        let all = items(&self.exchange, &self.member(thing.member)?.address)?;
        let is_copy = |item: &Item| {
            item.lives() && item.by_program && item.marker.as_ref() == Some(&thing.id)
        };
        Ok(all.into_iter().find(is_copy))
    }

    /// The copy that somebody finds by its title, which private ones do not tell.
    async fn copy_in_psa(&self, host: usize, thing: &Thing) -> Result<Option<Row>> {
        let user = &self.member(thing.member)?.user;
        let Ok(rows) = self.interface.rows(host, user).await else {
            return Ok(None);
        };
        let begins = thing.title_begins();
        let is_copy =
            |row: &Row| !row.is_of_psa() && !row.deleted && row.title.starts_with(&begins);
        Ok(rows.into_iter().find(is_copy))
    }

    fn member(&self, number: usize) -> Result<Member> {
        let member = self.members.get(number).cloned();
        member.ok_or_else(|| "there is no such member".into())
    }

    fn thing(&self, place: usize) -> Result<Thing> {
        let thing = self.book.things.get(place).cloned();
        thing.ok_or_else(|| "there is no such item".into())
    }

    fn thing_mut(&mut self, place: usize) -> Result<&mut Thing> {
        let thing = self.book.things.get_mut(place);
        thing.ok_or_else(|| "there is no such item".into())
    }

    fn host(&mut self) -> usize {
        self.dice.below(self.interface.hosts())
    }

    fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    /// Texts that nothing had before.
    fn texts(&mut self, thing: u64) -> Texts {
        let edition = self.number();
        Texts {
            title: format!("{}{edition}", title_begins(thing)),
            body: format!("Bring the cables, note {edition}."),
        }
    }

    /// A time at which nothing was put before, near or far; or days.
    fn when(&mut self) -> When {
        let number = i64::try_from(self.number()).unwrap_or_default();
        let midnight = self.now.date_naive().and_time(NaiveTime::MIN).and_utc();
        if self.dice.percent(15) {
            let first = self.now.date_naive() + TimeDelta::days(1 + number % 300);
            return When::Days(first, first + TimeDelta::days(self.dice.between(1, 2)));
        }
        let far = if self.dice.percent(25) { 100 } else { 1 };
        let start = midnight + TimeDelta::days(far) + TimeDelta::minutes(5 * number);
        When::Timed(
            start,
            start + TimeDelta::minutes(self.dice.one([30, 60, 90])),
        )
    }
}

/// Whether it is certain that something was done; none when it was not.
fn was_done(answer: &Answer) -> Option<bool> {
    match answer {
        Answer::Done(_) => Some(true),
        Answer::Unclear(_) => Some(false),
        // Somebody was faster, or nobody was there.
        Answer::Refused(..) | Answer::NotSent => None,
    }
}

fn deleted(answer: &Answer) -> Option<Fate> {
    was_done(answer).map(|certain| match certain {
        true => Fate::Gone,
        false => Fate::Unclear,
    })
}

fn written(texts: &Texts, when: &When, who: &Member) -> Draft {
    Draft {
        subject: Some(texts.title.clone()),
        body: Some(Body {
            html: false,
            content: texts.body.clone(),
        }),
        ..when.draft(&who.zone)
    }
}

fn merge(fields: &mut Value, more: Value) {
    if let (Some(fields), Value::Object(more)) = (fields.as_object_mut(), more) {
        fields.extend(more);
    }
}
