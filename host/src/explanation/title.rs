//! Which words of an item may be said: the title that the PSA shows anyway, and nothing of an item
//! that either side calls private.

use std::collections::BTreeMap;

use crate::contract::{Action, Operation, PsaContent, PsaReference, PsaRow, Sensitivity, Span};
use crate::psa::{WebAddress, feed};
use crate::store::codec;
use crate::store::{StoreError, Tenant};

/// How many rows are read at once.
const ROWS: usize = 500;

/// What the PSA shows of its items, by their references.
#[derive(Debug, Default)]
pub struct Shown(BTreeMap<String, PsaRow>);

impl Shown {
    /// Reads the rows of these items.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read(
        web: &WebAddress,
        tenant: &Tenant,
        references: &[PsaReference],
    ) -> Result<Self, StoreError> {
        let mut rows = BTreeMap::new();
        for some in references.chunks(ROWS) {
            for row in feed::texts(tenant, some, web).await? {
                rows.insert(codec::psa_text(&row.reference)?, row);
            }
        }
        Ok(Self(rows))
    }

    /// The row of an item.
    #[must_use]
    pub fn row(&self, reference: &PsaReference) -> Option<&PsaRow> {
        self.0.get(&codec::psa_text(reference).ok()?)
    }
}

/// A PSA item's title; none for one without words, such as a deleted one.
#[must_use]
pub fn of_row(row: &PsaRow) -> Option<String> {
    let title = match &row.content {
        PsaContent::Appointment(appointment) => appointment.title.clone(),
        PsaContent::ToDo(to_do) => join(&to_do.action_type, &to_do.organisation),
        PsaContent::ServiceCall(call) => join(&call.organisation, &call.description),
        PsaContent::Contact(contact) => join(&contact.fields.given_name, &contact.fields.surname),
    };
    (!title.is_empty()).then_some(title)
}

/// Whether only its owner may see a PSA item's words.
#[must_use]
pub fn is_private_row(row: &PsaRow) -> bool {
    matches!(&row.content, PsaContent::Appointment(appointment) if appointment.private)
}

/// When a PSA item takes place.
#[must_use]
pub fn span_of_row(row: &PsaRow) -> Option<Span> {
    match &row.content {
        PsaContent::Appointment(appointment) => Some(appointment.span),
        PsaContent::ToDo(to_do) => Some(to_do.span),
        PsaContent::ServiceCall(call) => Some(call.span),
        PsaContent::Contact(_) => None,
    }
}

/// Whether an operation is about an item that either side calls private, now or afterwards.
#[must_use]
pub fn is_private(operation: &Operation, row: Option<&PsaRow>) -> bool {
    let evidence = &operation.evidence;
    let kept = |sensitivity: Sensitivity| sensitivity != Sensitivity::Normal;
    let seen = [&evidence.psa, &evidence.exchange]
        .into_iter()
        .flatten()
        .any(|digest| kept(digest.sensitivity));
    let agreed = evidence.base.as_ref().is_some_and(|base| {
        kept(base.psa.digest.sensitivity) || kept(base.exchange.digest.sensitivity)
    });
    let becomes = match &operation.action {
        Action::CreatePsa(creation) => creation.appointment.private,
        Action::UpdatePsa(update) => update.patch.private == Some(true),
        _ => false,
    };
    seen || agreed || becomes || row.is_some_and(is_private_row)
}

fn join(first: &str, second: &str) -> String {
    match (first.is_empty(), second.is_empty()) {
        (_, true) => first.to_owned(),
        (true, false) => second.to_owned(),
        (false, false) => format!("{first} {second}"),
    }
}
