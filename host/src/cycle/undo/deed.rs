//! What a cycle did to an item, over all its writes to it: one that was written twice, because it
//! changed between plan and write, is put back once.

use super::pair;
use crate::contract::{
    Action, AppointmentPatch, EventPatch, ExchangeId, ExchangePatch, Link, Operation, PsaReference,
};
use crate::cycle::apply::target;
use crate::store::before_image::{BeforeImage, Kept, Left, Reverse, State};
use crate::store::look_again::Item;

/// All writes of a cycle to one item.
#[derive(Clone, Debug)]
pub struct Deed {
    /// Its number, from 0; the group of the operation that undoes it.
    pub group: u32,
    /// The keys of the images.
    pub images: Vec<String>,
    /// How far the undoing came.
    pub state: State,
    /// The last write.
    pub operation: Operation,
    /// The pair as it was before the cycle; none for one that was made in it.
    pub link: Option<Link>,
    /// What puts back what stood before the first write.
    pub reverse: Reverse,
    /// What the last write left behind.
    pub left: Option<Left>,
}

impl Deed {
    fn new(group: u32, kept: Kept) -> Self {
        let BeforeImage {
            operation,
            link,
            reverse,
            left,
        } = kept.image;
        Self {
            group,
            images: vec![kept.id],
            state: kept.state,
            operation,
            link,
            reverse,
            left,
        }
    }

    /// The PSA item of the pair.
    pub fn psa(&self) -> Option<&PsaReference> {
        match (&self.left, &self.operation.action) {
            (Some(Left::Psa(reference, _)), _) => Some(reference),
            (_, Action::DeletePsa(deletion)) => Some(&deletion.reference),
            _ => self.operation.psa.as_ref(),
        }
    }

    /// The item of Exchange that has to be looked at: one that was written there and is not gone.
    pub fn exchange_item(&self) -> Option<&ExchangeId> {
        match (&self.left, &self.operation.action) {
            (Some(Left::Exchange(name, _)), _) => Some(&name.id),
            (_, Action::UpdateExchange(update)) => Some(&update.target.id),
            _ => None,
        }
    }

    /// The items of the pair on both sides.
    pub fn items(&self) -> impl Iterator<Item = Item> {
        let left = match &self.left {
            Some(Left::Exchange(name, _)) => Some(Item::Exchange(name.id.clone())),
            Some(Left::Psa(reference, _)) => Some(Item::Psa(reference.clone())),
            None => None,
        };
        let deleted = target(&self.operation.action).map(|it| Item::Exchange(it.id.clone()));
        pair(&self.operation).chain(left).chain(deleted)
    }

    /// Whether it was done to an item of Exchange.
    pub const fn is_for_exchange(&self) -> bool {
        matches!(
            self.operation.action,
            Action::CreateExchange(_) | Action::UpdateExchange(_) | Action::DeleteExchange(_)
        )
    }

    fn is_same_item(&self, other: &Self) -> bool {
        self.psa().is_some()
            && self.psa() == other.psa()
            && self.is_for_exchange() == other.is_for_exchange()
    }

    /// Goes on with a later write to the same item.
    fn go_on(&mut self, later: Self) {
        self.images.extend(later.images);
        self.state = match (self.state, later.state) {
            (State::Noted, _) | (_, State::Noted) => State::Noted,
            (State::Undoing, _) | (_, State::Undoing) => State::Undoing,
            _ => later.state,
        };
        let first = std::mem::replace(&mut self.reverse, Reverse::Unknown);
        self.reverse = both(first, later.reverse);
        self.operation = later.operation;
        self.left = later.left;
    }
}

/// The deeds of a cycle, in the order of their first writes.
pub fn of_images(kept: Vec<Kept>) -> Vec<Deed> {
    let mut deeds: Vec<Deed> = Vec::new();
    for kept in kept {
        let group = u32::try_from(deeds.len()).unwrap_or(u32::MAX);
        let mut new = Deed::new(group, kept);
        // What the pair was before the cycle, its first write knows.
        let first = deeds
            .iter()
            .find(|it| it.psa().is_some() && it.psa() == new.psa());
        if let Some(first) = first {
            new.link.clone_from(&first.link);
        }
        match deeds.iter_mut().find(|it| it.is_same_item(&new)) {
            Some(deed) => deed.go_on(new),
            None => deeds.push(new),
        }
    }
    deeds
}

/// What puts back what stood before two writes to the same item.
fn both(first: Reverse, later: Reverse) -> Reverse {
    match (first, later) {
        // What the first one made goes, whatever was written to it since.
        (Reverse::Delete, Reverse::UpdateExchange(_) | Reverse::UpdatePsa(_)) => Reverse::Delete,
        (Reverse::UpdatePsa(first), Reverse::UpdatePsa(later)) => {
            Reverse::UpdatePsa(appointment(first, later))
        }
        (
            Reverse::UpdateExchange(ExchangePatch::Event(first)),
            Reverse::UpdateExchange(ExchangePatch::Event(later)),
        ) => Reverse::UpdateExchange(ExchangePatch::Event(event(first, later))),
        (
            Reverse::UpdateExchange(ExchangePatch::Contact(first)),
            Reverse::UpdateExchange(ExchangePatch::Contact(_)),
        ) => Reverse::UpdateExchange(ExchangePatch::Contact(first)),
        _ => Reverse::Unknown,
    }
}

fn appointment(first: AppointmentPatch, later: AppointmentPatch) -> AppointmentPatch {
    AppointmentPatch {
        title: first.title.or(later.title),
        description: first.description.or(later.description),
        span: first.span.or(later.span),
        private: first.private.or(later.private),
        free: first.free.or(later.free),
        recurring: first.recurring.or(later.recurring),
        not_answered: first.not_answered.or(later.not_answered),
    }
}

fn event(first: EventPatch, later: EventPatch) -> EventPatch {
    EventPatch {
        subject: first.subject.or(later.subject),
        location: first.location.or(later.location),
        body: first.body.or(later.body),
        span: first.span.or(later.span),
        zone: later.zone,
        sensitivity: first.sensitivity.or(later.sensitivity),
        show_as: first.show_as.or(later.show_as),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{
        Evidence, ExchangeContent, ExchangeUpdate, ExchangeVersion, Instant, ItemKind, LinkChange,
        LinkTarget, PsaId, Rule, Span, TimedSpan, Zone,
    };

    fn span(start: i64) -> Span {
        let at = |microseconds| Instant { microseconds };
        Span::Timed(TimedSpan {
            start: at(start),
            end: at(start + 1),
        })
    }

    fn patch(subject: Option<&str>, start: Option<i64>) -> EventPatch {
        EventPatch {
            subject: subject.map(str::to_owned),
            location: None,
            body: None,
            span: start.map(span),
            zone: Zone {
                name: "UTC".to_owned(),
            },
            sensitivity: None,
            show_as: None,
        }
    }

    fn kept(id: &str, psa: &str, action: Action, reverse: Reverse) -> Kept {
        let operation = Operation {
            group: 9,
            link: LinkTarget::None,
            psa: Some(PsaReference {
                kind: ItemKind::Appointment,
                id: PsaId {
                    value: psa.to_owned(),
                },
            }),
            exchange: None,
            action,
            after: LinkChange::Keep,
            rule: Rule::PsaItemMoved,
            evidence: Evidence {
                base: None,
                psa: None,
                exchange: None,
                fields: Vec::new(),
            },
            remark: String::new(),
        };
        Kept {
            id: id.to_owned(),
            state: State::Done,
            image: BeforeImage {
                operation,
                link: None,
                reverse,
                left: None,
            },
        }
    }

    fn update() -> Action {
        let version = ExchangeVersion {
            tag: "1".to_owned(),
        };
        Action::UpdateExchange(ExchangeUpdate {
            target: crate::contract::ExchangeReference {
                id: ExchangeId {
                    value: "a".to_owned(),
                },
                uid: None,
                slot: None,
            },
            version: version.clone(),
            proof: crate::contract::AttendeeProof {
                version,
                attendees: 0,
                owner_organizes: true,
            },
            patch: ExchangePatch::Event(patch(None, None)),
        })
    }

    fn put_back(subject: Option<&str>, start: Option<i64>) -> Reverse {
        Reverse::UpdateExchange(ExchangePatch::Event(patch(subject, start)))
    }

    #[test]
    fn an_item_that_was_written_twice_gets_back_what_stood_before_the_first_write() {
        let deeds = of_images(vec![
            kept("1", "p", update(), put_back(Some("first"), None)),
            kept("2", "q", update(), put_back(None, Some(1))),
            kept("3", "p", update(), put_back(Some("later"), Some(7))),
        ]);
        let images: Vec<_> = deeds
            .iter()
            .map(|it| (it.group, it.images.clone()))
            .collect();
        let key = |id: &str| id.to_owned();
        assert_eq!(images, [(0, vec![key("1"), key("3")]), (1, vec![key("2")])]);
        assert_eq!(deeds[0].reverse, put_back(Some("first"), Some(7)));
    }

    #[test]
    fn what_was_made_and_then_written_goes_as_a_whole() {
        let made = Action::CreateExchange(ExchangeContent::Event(crate::contract::EventContent {
            subject: String::new(),
            location: String::new(),
            body: String::new(),
            span: span(1),
            zone: patch(None, None).zone,
            sensitivity: crate::contract::Sensitivity::Normal,
            show_as: crate::contract::ShowAs::Busy,
            without_reminder: false,
        }));
        let deeds = of_images(vec![
            kept("1", "p", made, Reverse::Delete),
            kept("2", "p", update(), put_back(None, Some(7))),
        ]);
        assert_eq!(deeds.len(), 1);
        assert_eq!(deeds[0].reverse, Reverse::Delete);
        assert!(deeds[0].is_for_exchange());
    }

    #[test]
    fn a_write_whose_outcome_nobody_knows_leaves_the_whole_deed_open() {
        let mut open = kept("2", "p", update(), put_back(None, Some(7)));
        open.state = State::Noted;
        let deeds = of_images(vec![kept("1", "p", update(), put_back(None, None)), open]);
        assert_eq!(deeds[0].state, State::Noted);
    }
}
