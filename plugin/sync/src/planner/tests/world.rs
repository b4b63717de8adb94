//! A PSA and a mailbox in memory, and the people who work in them.
//!
//! The world remembers for itself which items belong together (`twins`), whatever becomes of the
//! link table; its judgements rest on that, not on the planner's code.

use std::collections::{BTreeMap, BTreeSet};

use super::vocabulary::*;
use super::world_kinds::{CallHistory, Chosen, empty_call, empty_to_do, span_of};
use crate::contract::*;

#[derive(Clone, Debug)]
pub struct World {
    pub rows: BTreeMap<String, PsaRow>,
    pub events: BTreeMap<String, ExchangeEvent>,
    pub contacts: BTreeMap<String, ExchangeContact>,
    /// Masters of series; their occurrences stand among the events.
    pub masters: BTreeMap<String, ExchangeEvent>,
    /// Occurrences that somebody deleted.
    pub cancelled: BTreeSet<String>,
    pub links: BTreeMap<String, Link>,
    /// Which PSA row an event or contact belongs to, by its id; a row may have had several.
    pub twins: BTreeMap<String, String>,
    pub settings: Settings,
    pub profile: Profile,
    pub window: Window,
    pub now: Instant,
    /// The server gives back texts and versions other than it was sent.
    pub awkward: bool,
    /// The host carries out the pairs of a plan in the opposite order.
    pub backwards: bool,
    /// What changed since the last batch.
    pub changed_rows: BTreeSet<String>,
    pub changed_events: BTreeSet<String>,
    pub removed_events: BTreeSet<String>,
    /// Edits of people that no cycle has seen yet; deletions included.
    pub unseen: BTreeSet<String>,
    /// PSA copies and Exchange copies whose user deleted them while nothing else was new.
    pub wished_away: BTreeSet<String>,
    /// What was done to the copies of each service call.
    pub calls: BTreeMap<String, CallHistory>,
    /// Which selections each PSA contact is in.
    pub chosen: BTreeMap<String, Chosen>,
    pub versions: u64,
    pub names: u32,
}

impl World {
    pub fn new() -> Self {
        let batch = batch(Group {
            changes: Vec::new(),
            rows: Vec::new(),
            links: Vec::new(),
            masters: Vec::new(),
        });
        Self {
            rows: BTreeMap::new(),
            events: BTreeMap::new(),
            contacts: BTreeMap::new(),
            masters: BTreeMap::new(),
            cancelled: BTreeSet::new(),
            links: BTreeMap::new(),
            twins: BTreeMap::new(),
            settings: batch.settings,
            profile: batch.profile,
            window: batch.window,
            now: batch.now,
            awkward: true,
            backwards: false,
            changed_rows: BTreeSet::new(),
            changed_events: BTreeSet::new(),
            removed_events: BTreeSet::new(),
            unseen: BTreeSet::new(),
            wished_away: BTreeSet::new(),
            calls: BTreeMap::new(),
            chosen: BTreeMap::new(),
            versions: 1,
            names: 0,
        }
    }

    pub fn name(&mut self, kind: &str) -> String {
        self.names += 1;
        format!("{kind}{:03}", self.names)
    }

    pub fn next_version(&mut self) -> RowVersion {
        self.versions += 1;
        version(self.versions)
    }

    // What people do in the PSA.

    pub fn book_in_psa(&mut self, title: &str, span: Span) -> String {
        let content = PsaContent::Appointment(appointment(title, span));
        self.add_row(ItemKind::Appointment, content)
    }

    pub fn add_row(&mut self, kind: ItemKind, content: PsaContent) -> String {
        let id = self.name("row");
        let mut row = psa_row(psa_of(kind, &id), Side::Psa, content);
        row.version = self.next_version();
        row.person_version = row.version;
        self.rows.insert(id.clone(), row);
        self.changed_rows.insert(id.clone());
        self.unseen.insert(id.clone());
        id
    }

    pub fn edit_row(&mut self, id: &str, edit: impl FnOnce(&mut Appointment)) {
        self.edit_content(id, |content| match content {
            PsaContent::Appointment(appointment) => edit(appointment),
            _ => panic!("not an appointment"),
        });
    }

    pub fn edit_content(&mut self, id: &str, edit: impl FnOnce(&mut PsaContent)) {
        let version = self.next_version();
        let row = self.rows.get_mut(id).unwrap();
        assert!(!row.deleted);
        edit(&mut row.content);
        row.version = version;
        row.person_version = version;
        self.changed_rows.insert(id.into());
        self.unseen.insert(id.into());
        if row.reference.kind != ItemKind::Contact || self.has_left_the_selection(id) {
            self.wished_away.remove(id);
        }
    }

    pub fn delete_row(&mut self, id: &str) {
        let version = self.next_version();
        let row = self.rows.get_mut(id).unwrap();
        row.version = version;
        row.person_version = version;
        let origin = row.origin;
        bury(row);
        self.changed_rows.insert(id.into());
        let event = self.twin_of_row(id);
        if let (Side::Exchange, Some(event)) = (origin, event)
            && !self.unseen.contains(&event)
        {
            self.wished_away.insert(event);
        }
    }

    // What people do in Outlook.

    pub fn book_in_outlook(&mut self, subject: &str, span: Span) -> String {
        let id = self.name("event");
        let event = event(&id, subject, span);
        self.put(event)
    }

    /// An event comes into the mailbox as it is.
    pub fn put(&mut self, event: ExchangeEvent) -> String {
        let id = event.id.value.clone();
        self.events.insert(id.clone(), event);
        self.changed_events.insert(id.clone());
        self.unseen.insert(id.clone());
        id
    }

    pub fn edit_event(&mut self, id: &str, edit: impl FnOnce(&mut ExchangeEvent)) {
        let event = self.events.get_mut(id).unwrap();
        edit(event);
        self.bump(id);
        self.unseen.insert(id.into());
        self.wished_away.remove(id);
    }

    /// The server gives another version though nothing changed.
    pub fn bump(&mut self, id: &str) {
        self.names += 1;
        let event = self.events.get_mut(id).unwrap();
        event.version.tag = format!("{id}-{}", self.names);
        self.changed_events.insert(id.into());
    }

    pub fn delete_event(&mut self, id: &str) {
        self.events.remove(id).unwrap();
        self.changed_events.remove(id);
        self.removed_events.insert(id.into());
        // Without a link nobody can tell a deleted copy from one that was never made.
        let linked = self
            .links
            .values()
            .find(|link| link.exchange.as_ref().is_some_and(|it| it.id.value == id));
        if let Some(link) = linked
            && link.origin == Side::Psa
            && let Some(row) = self.twins.get(id).cloned()
            && !self.unseen.contains(&row)
            && self.respects_deletion(&row)
        {
            self.wished_away.insert(row);
        }
    }

    /// Copied and pasted in Outlook: the marker comes along.
    pub fn paste(&mut self, id: &str) -> String {
        let copy = self.name("event");
        let mut event = self.events.get(id).unwrap().clone();
        event.id = eid(&copy);
        // A pasted occurrence stands alone.
        event.shape = EventShape::Single;
        event.uid = Some(uid(&copy));
        event.created = Some(at(9, i64::from(self.names) % 1000));
        event.version.tag = format!("{copy}-first");
        self.put(event)
    }

    // What happens to the table of links.

    pub fn lose_links(&mut self) {
        self.links.clear();
        self.forget_wishes();
    }

    /// Every fourth link is lost, beginning with one of them.
    pub fn lose_some_links(&mut self, first: usize) {
        let mut number = first;
        self.links.retain(|_, _| {
            number += 1;
            !number.is_multiple_of(4)
        });
        self.forget_wishes();
    }

    /// What nobody noted is forgotten with its link.
    fn forget_wishes(&mut self) {
        let (rows, links) = (&self.rows, &self.links);
        let is_linked = |row: &PsaRow| {
            let mut links = links.values();
            links.any(|link| link.psa.as_ref() == Some(&row.reference))
        };
        self.wished_away.retain(|id| {
            rows.get(id)
                .is_none_or(|row| row.copy_deleted == Some(row.person_version) || is_linked(row))
        });
        // What was tried is counted in the links.
        self.calls.clear();
    }

    // What there is.

    pub fn row(&self, id: &str) -> &PsaRow {
        self.rows.get(id).unwrap()
    }

    pub fn in_psa(&self, id: &str) -> &Appointment {
        match &self.row(id).content {
            PsaContent::Appointment(appointment) => appointment,
            _ => panic!("not an appointment"),
        }
    }

    pub fn event(&self, id: &str) -> &ExchangeEvent {
        self.events.get(id).unwrap()
    }

    /// The living event that belongs to a row.
    pub fn twin_of_row(&self, row: &str) -> Option<String> {
        let mut living = self
            .twins
            .iter()
            .filter(|(copy, of)| *of == row && self.has_item(copy));
        let twin = living.next().map(|(event, _)| event.clone());
        assert!(living.next().is_none(), "{row} has two copies");
        twin
    }

    pub fn has_item(&self, id: &str) -> bool {
        self.events.contains_key(id) || self.contacts.contains_key(id)
    }

    /// The living row that belongs to an event.
    pub fn twin_of_event(&self, event: &str) -> Option<String> {
        self.twins
            .get(event)
            .filter(|row| self.rows.get(*row).is_some_and(|row| !row.deleted))
            .cloned()
    }

    pub fn link_of_event(&self, event: &str) -> &Link {
        self.links
            .values()
            .find(|link| {
                link.exchange
                    .as_ref()
                    .is_some_and(|it| it.id.value == event)
            })
            .unwrap()
    }

    pub fn link_of_row(&self, row: &str) -> &Link {
        self.links
            .values()
            .find(|link| link.psa.as_ref().is_some_and(|it| it.id.value == row))
            .unwrap()
    }

    pub fn living_rows(&self) -> usize {
        self.rows.values().filter(|row| !row.deleted).count()
    }
}

/// A tombstone: texts empty, times as they were last.
pub fn bury(row: &mut PsaRow) {
    row.deleted = true;
    let span = span_of(row);
    match &mut row.content {
        PsaContent::Appointment(appointment) => {
            appointment.title = String::new();
            appointment.description = String::new();
        }
        PsaContent::ToDo(it) => *it = empty_to_do(span.unwrap()),
        PsaContent::ServiceCall(it) => *it = empty_call(span.unwrap()),
        PsaContent::Contact(it) => it.fields.notes = String::new(),
    }
}

/// A world in which a PSA appointment "Visit" (10th, 14 h) has its copy: row and event.
pub fn with_psa_item() -> (World, String, String) {
    let mut world = World::new();
    let row = world.book_in_psa("Visit", on(11, 14));
    world.settle();
    let event = world.twin_of_row(&row).unwrap();
    (world, row, event)
}

/// A world in which an Exchange appointment "Lunch" has its copy: event and row.
pub fn with_exchange_item() -> (World, String, String) {
    let mut world = World::new();
    let event = world.book_in_outlook("Lunch", on(11, 12));
    world.settle();
    let row = world.twin_of_event(&event).unwrap();
    (world, event, row)
}
