//! How a host carries out a plan in the world.

use std::cmp::Reverse;

use super::vocabulary::*;
use super::world::{World, bury};
use super::world_kinds::{goes_out, set_span};
use crate::base::{exchange_base, exchange_contact_base};
use crate::contract::*;
use crate::planner::plan;
use crate::series::slot;

/// What an operation's writes gave.
struct Done {
    psa: Option<PsaReference>,
    row: Option<RowVersion>,
    exchange: Option<(ExchangeReference, ExchangeBase)>,
}

impl World {
    /// A cycle over what changed.
    pub fn cycle(&mut self) -> Plan {
        let batch = self.changes();
        self.run(&batch, &mut |_| false)
    }

    /// A cycle after a full read.
    pub fn full(&mut self) -> Plan {
        let batch = self.everything();
        self.run(&batch, &mut |_| false)
    }

    /// Cycles until a further one, of any kind, has nothing to write.
    pub fn settle(&mut self) {
        for _ in 0..3 {
            self.cycle();
        }
        let rest = plan(&self.changes());
        assert!(rest.operations.is_empty(), "no rest: {rest:#?}");
        for batch in [self.nothing_new(), self.everything()] {
            let rest = plan(&batch);
            assert!(writes(&rest).is_empty(), "no rest: {rest:#?}");
        }
    }

    /// Plans a batch and carries it out; pushes to Exchange fail where `fails` says so.
    pub fn run(&mut self, batch: &Batch, fails: &mut dyn FnMut(&Operation) -> bool) -> Plan {
        let plan = plan(batch);
        self.changed_rows.clear();
        self.changed_events.clear();
        self.removed_events.clear();
        // What a switched-off direction saw is still to be done when it is on again.
        let imports = self.settings.import_mode != ImportMode::None;
        let (settings, profile, rows) = (&self.settings, &self.profile, &self.rows);
        self.unseen.retain(|id| {
            !(match rows.get(id) {
                Some(row) => goes_out(settings, profile, row.reference.kind),
                None => imports,
            })
        });
        // Versions of rows that this plan wrote, and links that it changed, by pair.
        let mut written: Vec<(PsaReference, RowVersion)> = Vec::new();
        for operation in self.in_order(&plan) {
            super::judge::judge(self, batch, operation, &written);
            let to_exchange = matches!(
                operation.action,
                Action::CreateExchange(_) | Action::UpdateExchange(_) | Action::DeleteExchange(_)
            );
            if to_exchange && fails(operation) {
                self.look_again(operation);
                continue;
            }
            let Some(mut done) = self.carry_out(operation) else {
                self.look_again(operation);
                continue;
            };
            if let (Some(psa), Some(row)) = (&done.psa, done.row) {
                written.push((psa.clone(), row));
            } else if let Some(psa) = &operation.psa {
                let mine = written.iter().rev().find(|(reference, _)| reference == psa);
                done.row = mine.map(|(_, version)| *version);
            }
            self.change_link(operation, done);
        }
        plan
    }

    /// A plan's operations as a host may carry them out: those of one pair in their order, pairs in
    /// any.
    fn in_order<'a>(&self, plan: &'a Plan) -> Vec<&'a Operation> {
        let of = |operation: &Operation| (operation.psa.clone(), operation.exchange.clone());
        let first = |operation: &Operation| {
            let mut all = plan.operations.iter();
            all.position(|other| of(other) == of(operation))
        };
        let mut operations: Vec<&Operation> = plan.operations.iter().collect();
        if self.backwards {
            operations.sort_by_key(|operation| Reverse(first(operation)));
        }
        operations
    }

    /// What failed comes into the next batch again.
    fn look_again(&mut self, operation: &Operation) {
        if let Some(exchange) = &operation.exchange {
            if self.has_item(&exchange.value) {
                self.changed_events.insert(exchange.value.clone());
            } else {
                self.removed_events.insert(exchange.value.clone());
            }
            self.unseen.insert(exchange.value.clone());
        }
        if let Some(psa) = &operation.psa {
            self.changed_rows.insert(psa.id.value.clone());
            self.unseen.insert(psa.id.value.clone());
        }
    }

    fn carry_out(&mut self, operation: &Operation) -> Option<Done> {
        let nothing = Done {
            psa: None,
            row: None,
            exchange: None,
        };
        match &operation.action {
            Action::Nothing | Action::LinkOnly => Some(nothing),
            Action::CreatePsa(creation) => {
                let id = self.name("row");
                let mut row = row(&id, Side::Exchange, creation.appointment.clone());
                row.exchange = Some(creation.exchange.clone());
                row.person_version = version(0);
                self.rows.insert(id.clone(), row);
                self.twins
                    .insert(creation.exchange.id.value.clone(), id.clone());
                Some(Done {
                    row: Some(self.write_row(&id)),
                    psa: Some(psa(&id)),
                    ..nothing
                })
            }
            Action::UpdatePsa(update) => {
                let id = &update.reference.id.value;
                let row = self.rows.get_mut(id).unwrap();
                assert_eq!(row.version, update.version, "planned on another version");
                match &mut row.content {
                    PsaContent::Appointment(it) => patch_appointment(it, &update.patch),
                    it @ PsaContent::ToDo(_) => set_span(it, update.patch.span.unwrap()),
                    other => panic!("Tandem changed {other:?}"),
                }
                if let Some(exchange) = &update.exchange {
                    row.exchange = Some(exchange.clone());
                    self.twins.insert(exchange.id.value.clone(), id.clone());
                }
                Some(Done {
                    row: Some(self.write_row(id)),
                    psa: Some(update.reference.clone()),
                    ..nothing
                })
            }
            Action::DeletePsa(deletion) => {
                let id = &deletion.reference.id.value;
                let row = self.rows.get_mut(id).unwrap();
                assert_eq!(row.version, deletion.version, "planned on another version");
                bury(row);
                Some(Done {
                    row: Some(self.write_row(id)),
                    psa: Some(deletion.reference.clone()),
                    ..nothing
                })
            }
            Action::NoteCopyDeleted(note) => {
                let id = &note.reference.id.value;
                self.rows.get_mut(id).unwrap().copy_deleted = note.at;
                Some(Done {
                    row: Some(self.write_row(id)),
                    psa: Some(note.reference.clone()),
                    ..nothing
                })
            }
            Action::CreateExchange(ExchangeContent::Event(content)) => {
                let row = operation.psa.clone().unwrap();
                let id = self.name("event");
                let mut made = event(&id, &content.subject, content.span);
                made.body = self.echoed(&content.body);
                made.location = content.location.clone();
                made.sensitivity = content.sensitivity;
                made.show_as = content.show_as;
                made.created = Some(at(8, 0));
                made.location.clone_from(&content.location);
                made.marker = marker_for(&row, self.generation(operation));
                self.events.insert(id.clone(), made);
                self.twins.insert(id.clone(), row.id.value);
                Some(Done {
                    exchange: Some(self.echo(&id)),
                    ..nothing
                })
            }
            Action::CreateExchange(ExchangeContent::Contact(fields)) => {
                let row = operation.psa.clone().unwrap();
                let id = self.name("contact");
                let made = ExchangeContact {
                    id: eid(&id),
                    version: ExchangeVersion { tag: id.clone() },
                    fields: fields.clone(),
                    marker: marker_for(&row, self.generation(operation)),
                };
                self.contacts.insert(id.clone(), made);
                self.wished_away.remove(&row.id.value);
                self.twins.insert(id.clone(), row.id.value);
                Some(Done {
                    exchange: Some(self.echo_contact(&id)),
                    ..nothing
                })
            }
            Action::UpdateExchange(update) => {
                let id = &update.target.id.value;
                match &update.patch {
                    ExchangePatch::Event(patch) => {
                        let body = patch.body.as_ref().map(|body| self.echoed(body));
                        let event = self.events.get_mut(id)?;
                        if event.version != update.version {
                            return None;
                        }
                        patch_event(event, patch, body);
                        let row = self.twins.get(id).cloned();
                        if let Some(row) = row.filter(|row| self.calls_copy(row)) {
                            self.call_history(&row).writes += 1;
                        }
                        Some(Done {
                            exchange: Some(self.echo(id)),
                            ..nothing
                        })
                    }
                    ExchangePatch::Contact(fields) => {
                        let contact = self.contacts.get_mut(id)?;
                        if contact.version != update.version {
                            return None;
                        }
                        contact.fields = fields.clone();
                        Some(Done {
                            exchange: Some(self.echo_contact(id)),
                            ..nothing
                        })
                    }
                }
            }
            Action::DeleteExchange(deletion) => {
                let id = &deletion.target.id.value;
                if deletion.kind == ItemKind::Contact {
                    if self.contacts.get(id)?.version != deletion.version {
                        return None;
                    }
                    self.contacts.remove(id);
                    return Some(nothing);
                }
                if self.events.get(id)?.version != deletion.version {
                    return None;
                }
                self.events.remove(id);
                self.removed_events.insert(id.clone());
                Some(nothing)
            }
        }
    }

    /// Tandem's own write raises the version, and not the one of people.
    fn write_row(&mut self, id: &str) -> RowVersion {
        let version = self.next_version();
        self.rows.get_mut(id).unwrap().version = version;
        self.changed_rows.insert(id.into());
        version
    }

    /// What a server makes of a body.
    fn echoed(&self, body: &str) -> String {
        if self.awkward {
            format!("{}\r\n\r\n", body.replace('\n', "\r\n"))
        } else {
            body.into()
        }
    }

    /// Reads an item back after a write; an awkward server bumps its version once more afterwards.
    fn echo(&mut self, id: &str) -> (ExchangeReference, ExchangeBase) {
        self.bump(id);
        let event = self.event(id).clone();
        if self.awkward {
            self.bump(id);
        }
        let reference = ExchangeReference {
            id: event.id.clone(),
            uid: event.uid.clone(),
            slot: slot::of_event(&event).cloned(),
        };
        (reference, exchange_base(&event))
    }

    /// The generation of an operation's link; a fresh one goes on after the item that it is made for.
    fn generation(&self, operation: &Operation) -> u32 {
        if let LinkTarget::Existing(id) = &operation.link {
            return self.links.get(&id.value).map_or(0, |link| link.generation);
        }
        let id = operation.exchange.as_ref().map(|id| &id.value);
        let event = id.and_then(|id| self.events.get(id)).map(|it| &it.marker);
        let contact = id.and_then(|id| self.contacts.get(id));
        match event.or_else(|| contact.map(|it| &it.marker)) {
            Some(MarkerReading::Present(marker)) => marker.generation + 1,
            _ => 0,
        }
    }

    /// The same for a contact.
    fn echo_contact(&mut self, id: &str) -> (ExchangeReference, ExchangeBase) {
        self.names += 1;
        let tag = format!("{id}-{}", self.names);
        let contact = self.contacts.get_mut(id).unwrap();
        contact.version.tag = tag;
        let reference = ExchangeReference {
            id: contact.id.clone(),
            uid: None,
            slot: None,
        };
        (reference, exchange_contact_base(contact))
    }

    fn calls_copy(&self, row: &str) -> bool {
        self.row(row).reference.kind == ItemKind::ServiceCall
    }

    fn change_link(&mut self, operation: &Operation, done: Done) {
        let id = match &operation.link {
            LinkTarget::Existing(id) => id.value.clone(),
            LinkTarget::Fresh(_) => self.name("link"),
            LinkTarget::None => {
                assert!(!matches!(operation.after, LinkChange::Become(_)));
                return;
            }
        };
        let generation = self.generation(operation) + u32::from(done.exchange.is_some());
        match &operation.after {
            LinkChange::Keep => {}
            LinkChange::Drop => {
                self.links.remove(&id);
            }
            LinkChange::Become(after) => {
                let mut base = after.base.clone();
                let mut exchange = after.exchange.clone();
                let is_read_back = done.exchange.is_some();
                if let Some(base) = &mut base {
                    if let Some(row) = done.row {
                        base.psa.version = row;
                    }
                    if let Some((_, half)) = &done.exchange {
                        base.exchange = half.clone();
                    }
                }
                if let Some((reference, _)) = done.exchange {
                    exchange = Some(reference);
                }
                let (kind, origin) = match (&operation.link, self.links.get(&id)) {
                    (LinkTarget::Fresh(new), _) => (new.kind, new.origin),
                    (_, Some(link)) => (link.kind, link.origin),
                    _ => panic!("no such link"),
                };
                let psa = done.psa.or_else(|| after.psa.clone());
                if let (Some(psa), Some(exchange)) = (&psa, &exchange) {
                    // Also when items were linked again: from now on they are one pair.
                    self.twins
                        .insert(exchange.id.value.clone(), psa.id.value.clone());
                }
                let link = Link {
                    id: LinkId { value: id.clone() },
                    kind,
                    origin,
                    psa,
                    provenance: match is_read_back {
                        true => Provenance::Own,
                        false => after.provenance,
                    },
                    exchange,
                    state: after.state,
                    generation,
                    base,
                    undoing: after.undoing,
                    remaking: after.remaking,
                    refused: None,
                };
                self.links.insert(id, link);
            }
        }
    }
}

fn marker_for(row: &PsaReference, generation: u32) -> MarkerReading {
    MarkerReading::Present(Marker {
        tenant: tenant(),
        psa: row.clone(),
        generation,
    })
}

fn patch_appointment(appointment: &mut Appointment, patch: &AppointmentPatch) {
    set(&mut appointment.title, &patch.title);
    set(&mut appointment.description, &patch.description);
    set(&mut appointment.span, &patch.span);
    set(&mut appointment.private, &patch.private);
    set(&mut appointment.free, &patch.free);
    set(&mut appointment.recurring, &patch.recurring);
    set(&mut appointment.not_answered, &patch.not_answered);
}

fn patch_event(event: &mut ExchangeEvent, patch: &EventPatch, body: Option<String>) {
    set(&mut event.subject, &patch.subject);
    set(&mut event.location, &patch.location);
    set(&mut event.body, &body);
    set(&mut event.span, &patch.span);
    set(&mut event.sensitivity, &patch.sensitivity);
    set(&mut event.show_as, &patch.show_as);
}

fn set<T: Clone>(field: &mut T, new: &Option<T>) {
    if let Some(new) = new {
        field.clone_from(new);
    }
}
