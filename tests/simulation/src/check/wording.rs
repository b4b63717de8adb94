//! What the copy of each kind has to say, by the table of section 4.

use tandem::psa::service_call::Work;

use crate::business::{Business, named};
use crate::record::Fields;
use crate::words::words;

/// The longest subject of Exchange, in characters.
const SUBJECT: usize = 255;

/// What a copy has to say.
#[derive(Debug, Default)]
pub struct Wording {
    /// The parts of its subject, in their order.
    subject: Vec<String>,
    /// With what its body begins.
    begins: String,
    /// What else its body tells, in whichever order.
    tells: Vec<String>,
    /// Where it is; none: its owner may note a place there.
    pub location: Option<Vec<String>>,
    /// Only its owner sees it.
    pub private: bool,
}

/// What the copy of a record has to say.
pub fn of(fields: &Fields, business: &Business) -> Wording {
    match fields {
        Fields::Appointment(appointment) => Wording {
            subject: vec![appointment.title.clone()],
            begins: appointment.description.clone(),
            private: appointment.private,
            ..Wording::default()
        },
        Fields::ToDo(to_do) => {
            let of_type = named(&business.action_types, Some(&to_do.action_type));
            let action_type = of_type.map_or_else(String::new, |it| it.name.clone());
            let company = named(&business.companies, to_do.company.as_ref());
            let organisation = company.map(|it| it.name.clone());
            let contact = named(&business.contacts, to_do.contact.as_ref());
            let contact = contact.map(|it| format!("{} {}", it.given_name, it.surname));
            let opportunity = named(&business.opportunities, to_do.opportunity.as_ref());
            let ticket = named(&business.tickets, to_do.ticket.as_ref());
            let ticket = ticket.map(|it| format!("{} {}", it.number, it.title));
            let contract = named(&business.contracts, to_do.contract.as_ref());
            let completed = to_do.completed.then(|| "completed".to_owned());
            let tells = [
                organisation.clone(),
                contact,
                opportunity.map(|it| it.name.clone()),
                ticket,
                contract.map(|it| it.name.clone()),
                Some(to_do.description.clone()),
                completed,
            ];
            Wording {
                subject: [Some(action_type), organisation]
                    .into_iter()
                    .flatten()
                    .collect(),
                tells: tells.into_iter().flatten().collect(),
                ..Wording::default()
            }
        }
        Fields::ServiceCall(call) => {
            let work: Vec<(String, String)> = call
                .work
                .iter()
                .filter_map(|work| match work {
                    Work::Ticket(key) => named(&business.tickets, Some(key))
                        .map(|it| (it.number.clone(), it.title.clone())),
                    Work::Task(key) => named(&business.tasks, Some(key))
                        .map(|it| (it.number.clone(), it.title.clone())),
                })
                .collect();
            let company = named(&business.companies, Some(&call.company)).cloned();
            let (name, phone, address) = company
                .map(|it| (it.name, it.phone, it.address))
                .unwrap_or_default();
            let place = [
                address.street,
                address.postal_code,
                address.city,
                address.country,
            ];
            let status = named(&business.statuses, Some(&call.status));
            // A subject is one line. Tickets stand before tasks in the calls of a run.
            let first_line = call.description.lines().next().unwrap_or_default();
            let what = match first_line.is_empty() {
                true => work.first().map(|(_, title)| title.clone()),
                false => Some(first_line.to_owned()),
            };
            let lines = work
                .iter()
                .map(|(number, title)| format!("{number} {title}"));
            let tells = [call.description.clone(), name.clone(), phone];
            Wording {
                subject: [Some(name), what].into_iter().flatten().collect(),
                tells: tells
                    .into_iter()
                    .chain(status.map(|it| it.name.clone()))
                    .chain(place.clone())
                    .chain(lines)
                    .collect(),
                location: Some(place.to_vec()),
                ..Wording::default()
            }
        }
    }
}

impl Wording {
    /// Whether a subject says it: part by part, and cut where it is longer than it may be.
    pub fn is_the_subject(&self, subject: &str) -> bool {
        let is_full = subject.chars().count() == SUBJECT;
        let mut left = subject;
        for part in &self.subject {
            match left.strip_prefix(part.as_str()) {
                Some(rest) => left = rest.trim_start_matches([':', ' ']),
                // The last character is the mark.
                None => {
                    let mut kept = left.chars();
                    kept.next_back();
                    return is_full && part.starts_with(kept.as_str());
                }
            }
        }
        left.is_empty()
    }

    /// Whether a body says it.
    pub fn is_told_by(&self, body: &str) -> bool {
        let body = plain(body);
        body.starts_with(&plain(&self.begins))
            && self.tells.iter().all(|part| {
                let part = plain(part);
                part.is_empty() || body.windows(part.len()).any(|told| told == part)
            })
    }
}

/// The words of a text, whether it stands in a list or not.
fn plain(text: &str) -> Vec<&str> {
    let words = words(text).into_iter();
    words.map(|word| word.trim_end_matches(',')).collect()
}
