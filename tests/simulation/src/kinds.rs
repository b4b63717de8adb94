//! The kinds of item that runs draw, and which of them go out.

use tandem::contract::ItemKind;

/// What goes out: what the PSA keeps in its users' calendars, and contacts.
pub const KINDS: [ItemKind; 4] = [
    ItemKind::Appointment,
    ItemKind::ToDo,
    ItemKind::ServiceCall,
    ItemKind::Contact,
];

/// Which of [`KINDS`] may go out, by their places in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exports([bool; KINDS.len()]);

impl Exports {
    /// All of them.
    pub const ALL: Self = Self([true; KINDS.len()]);

    /// Whether a kind may go out.
    #[must_use]
    pub fn of(&self, kind: ItemKind) -> bool {
        KINDS.into_iter().zip(self.0).any(|it| it == (kind, true))
    }

    /// Lets a kind out that was kept in, or the other way round.
    pub fn switch(&mut self, kind: ItemKind) {
        let place = KINDS.into_iter().position(|it| it == kind);
        if let Some(switch) = place.and_then(|place| self.0.get_mut(place)) {
            *switch = !*switch;
        }
    }
}
