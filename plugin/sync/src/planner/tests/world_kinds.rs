//! What people do with to-dos, service calls and contacts, in the PSA and in Outlook.

use super::vocabulary::*;
use super::world::World;
use crate::contract::*;

/// What was done to the copies of a service call since a person made this version of it.
#[derive(Clone, Copy, Debug)]
pub struct CallHistory {
    pub version: RowVersion,
    /// Users deleted a copy.
    pub deletions: u32,
    /// Tandem wrote to a copy.
    pub writes: u32,
}

/// The selections of which a PSA contact is one.
#[derive(Clone, Copy, Debug)]
pub struct Chosen {
    pub own: bool,
    pub territory: bool,
    /// Its data took it out of one of them.
    pub left_one: bool,
}

impl World {
    pub fn book_to_do(&mut self, action_type: &str, span: Span) -> String {
        let content = PsaContent::ToDo(to_do(action_type, span));
        self.add_row(ItemKind::ToDo, content)
    }

    pub fn edit_to_do(&mut self, id: &str, edit: impl FnOnce(&mut ToDo)) {
        self.edit_content(id, |content| match content {
            PsaContent::ToDo(to_do) => edit(to_do),
            _ => panic!("not a to-do"),
        });
    }

    /// A record that a to-do names now reads differently, which is nobody's change of the to-do.
    pub fn rename_named(&mut self, id: &str, rename: impl FnOnce(&mut ToDo)) {
        let person_version = self.row(id).person_version;
        self.edit_to_do(id, rename);
        self.rows.get_mut(id).unwrap().person_version = person_version;
    }

    /// Gives a row to a user.
    pub fn hand_over(&mut self, id: &str, user: &str) {
        self.edit_content(id, |_| {});
        let row = self.rows.get_mut(id).unwrap();
        row.owner = Some(PsaId { value: user.into() });
    }

    pub fn book_call(&mut self, description: &str, span: Span) -> String {
        let content = PsaContent::ServiceCall(call(description, span));
        self.add_row(ItemKind::ServiceCall, content)
    }

    pub fn edit_call(&mut self, id: &str, edit: impl FnOnce(&mut ServiceCall)) {
        self.edit_content(id, |content| match content {
            PsaContent::ServiceCall(call) => edit(call),
            _ => panic!("not a service call"),
        });
    }

    /// What was done to a call's copies since its present version.
    pub fn call_history(&mut self, id: &str) -> &mut CallHistory {
        let version = self.row(id).person_version;
        let fresh = CallHistory {
            version,
            deletions: 0,
            writes: 0,
        };
        let history = self.calls.entry(id.into()).or_insert(fresh);
        if history.version != version {
            *history = fresh;
        }
        history
    }

    /// A copy is deleted: whether it stays away. A service call's does so the second time, or once
    /// the call has begun.
    pub fn respects_deletion(&mut self, row: &str) -> bool {
        if self.row(row).reference.kind != ItemKind::ServiceCall {
            return true;
        }
        let has_begun = match span_of(self.row(row)) {
            Some(Span::Timed(span)) => span.start.microseconds <= self.now.microseconds,
            other => panic!("{other:?}"),
        };
        let history = self.call_history(row);
        history.deletions += 1;
        history.deletions > 1 || has_begun
    }

    pub fn enter_contact(&mut self, surname: &str, chosen: Chosen) -> String {
        let content = PsaContent::Contact(PsaContact {
            fields: person(surname),
            active: true,
            selected: false,
        });
        let id = self.add_row(ItemKind::Contact, content);
        self.chosen.insert(id.clone(), chosen);
        self.choose();
        id
    }

    pub fn edit_contact(&mut self, id: &str, edit: impl FnOnce(&mut PsaContact)) {
        self.edit_content(id, |content| match content {
            PsaContent::Contact(contact) => edit(contact),
            _ => panic!("not a contact"),
        });
    }

    /// Somebody changes the data by which a contact is chosen.
    pub fn edit_chosen(&mut self, id: &str, own: bool, territory: bool) {
        let chosen = self.chosen.get_mut(id).unwrap();
        let left_one = chosen.own && !own || chosen.territory && !territory;
        *chosen = Chosen {
            own,
            territory,
            left_one: chosen.left_one || left_one,
        };
        self.choose();
        self.edit_contact(id, |_| {});
    }

    /// A contact's own data take it out of the selection: its copy goes, and that its user deleted it
    /// says no longer anything.
    pub fn has_left_the_selection(&self, id: &str) -> bool {
        let PsaContent::Contact(contact) = &self.row(id).content else {
            return false;
        };
        let left_one = self.chosen.get(id).is_some_and(|chosen| chosen.left_one);
        !contact.active || left_one && !contact.selected
    }

    pub fn select(&mut self, selection: ContactSelection) {
        self.settings.contact_selection = selection;
        self.choose();
    }

    /// The PSA tells of each contact whether it is in the tenant's selection now.
    fn choose(&mut self) {
        for (id, chosen) in &self.chosen {
            let PsaContent::Contact(contact) = &mut self.rows.get_mut(id).unwrap().content else {
                panic!("not a contact")
            };
            contact.selected = match self.settings.contact_selection {
                ContactSelection::Own => chosen.own,
                ContactSelection::Territory => chosen.territory,
                ContactSelection::All => true,
            };
        }
    }

    /// Nobody reads contacts, so no cycle hears of it.
    pub fn edit_contact_in_outlook(&mut self, id: &str, edit: impl FnOnce(&mut Contact)) {
        self.names += 1;
        let contact = self.contacts.get_mut(id).unwrap();
        edit(&mut contact.fields);
        contact.version.tag = format!("{id}-{}", self.names);
    }

    /// Nobody reads contacts, so no cycle hears of it.
    pub fn delete_contact_in_outlook(&mut self, id: &str) {
        self.contacts.remove(id).unwrap();
        self.changed_events.remove(id);
        let row = self.twins.get(id).cloned().unwrap();
        if self
            .links
            .values()
            .any(|link| link.exchange.as_ref().is_some_and(|it| it.id.value == id))
            && !self.has_left_the_selection(&row)
        {
            self.wished_away.insert(row);
        }
    }

    pub fn contact(&self, id: &str) -> &ExchangeContact {
        self.contacts.get(id).unwrap()
    }
}

/// Whether a row's own data let it travel.
pub fn travels(row: &PsaRow) -> bool {
    if row.owner.as_ref().is_some_and(|it| *it != owner()) {
        return false;
    }
    match &row.content {
        PsaContent::Appointment(_) => true,
        PsaContent::ToDo(to_do) => to_do.on_calendar,
        PsaContent::ServiceCall(call) => call.assigned,
        PsaContent::Contact(contact) => contact.active && contact.selected,
    }
}

/// Whether tenant and user let this kind of PSA item go out.
pub fn goes_out(settings: &Settings, profile: &Profile, kind: ItemKind) -> bool {
    match kind {
        ItemKind::Appointment => settings.export_appointments && profile.export_appointments,
        ItemKind::ToDo => settings.export_to_dos && profile.export_to_dos,
        ItemKind::ServiceCall => settings.export_service_calls && profile.export_service_calls,
        ItemKind::Contact => settings.export_contacts && profile.export_contacts,
    }
}

pub fn span_of(row: &PsaRow) -> Option<Span> {
    match &row.content {
        PsaContent::Appointment(it) => Some(it.span),
        PsaContent::ToDo(it) => Some(it.span),
        PsaContent::ServiceCall(it) => Some(it.span),
        PsaContent::Contact(_) => None,
    }
}

pub fn set_span(content: &mut PsaContent, span: Span) {
    match content {
        PsaContent::Appointment(it) => it.span = span,
        PsaContent::ToDo(it) => it.span = span,
        PsaContent::ServiceCall(it) => it.span = span,
        PsaContent::Contact(_) => panic!("a contact takes no time"),
    }
}

pub fn empty_to_do(span: Span) -> ToDo {
    ToDo {
        action_type: String::new(),
        organisation: String::new(),
        contact: String::new(),
        opportunity: String::new(),
        ticket: String::new(),
        contract: String::new(),
        description: String::new(),
        ..to_do("", span)
    }
}

pub fn empty_call(span: Span) -> ServiceCall {
    ServiceCall {
        status: String::new(),
        work: Vec::new(),
        organisation: String::new(),
        phone: String::new(),
        address: String::new(),
        ..call("", span)
    }
}

/// A world in which a call on the 11th has its copy: row and event.
pub fn with_call() -> (World, String, String) {
    let mut world = World::new();
    let row = world.book_call("Replace the switch", on(11, 14));
    world.settle();
    let event = world.twin_of_row(&row).unwrap();
    (world, row, event)
}

/// A world in which a to-do on the 11th has its copy: row and event.
pub fn with_to_do() -> (World, String, String) {
    let mut world = World::new();
    let row = world.book_to_do("Phone call", on(11, 14));
    world.settle();
    let event = world.twin_of_row(&row).unwrap();
    (world, row, event)
}

/// A world in which a contact that is the user's own, and of the user's territory, has its copy:
/// row and contact.
pub fn with_contact() -> (World, String, String) {
    let mut world = World::new();
    let everywhere = Chosen {
        own: true,
        territory: true,
        left_one: false,
    };
    let row = world.enter_contact("Smith", everywhere);
    world.settle();
    let contact = world.twin_of_row(&row).unwrap();
    (world, row, contact)
}
