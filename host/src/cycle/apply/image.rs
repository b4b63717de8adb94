//! The before-images of what is applied, and how far an undoing came.

use super::Applying;
use crate::contract::{Link, LinkId, Operation, PsaReference};
use crate::cycle::run::CycleError;
use crate::psa::former;
use crate::store::before_image::{self, BeforeImage, Left, Reverse, State};

impl Applying<'_> {
    /// The pair as it was before this cycle; none for one that was made for the operation.
    pub(super) fn before(&self, id: Option<&LinkId>) -> Option<Link> {
        let id = id.filter(|id| !self.fresh.values().any(|fresh| fresh == *id))?;
        self.links.get(&id.value).cloned()
    }

    pub(super) async fn note_psa_image(
        &mut self,
        operation: &Operation,
        link: Option<Link>,
        reverse: Reverse,
        left: Option<&PsaReference>,
    ) -> Result<(), CycleError> {
        let left = match left {
            Some(reference) => former::fields(&mut self.transaction, reference)
                .await?
                .map(|fields| Left::Psa(reference.clone(), fields)),
            None => None,
        };
        self.note_image(operation, link, reverse, left, None).await
    }

    /// What undoing replaces is not kept: what it puts back comes again with the next cycle.
    pub(super) async fn note_image(
        &mut self,
        operation: &Operation,
        link: Option<Link>,
        reverse: Reverse,
        left: Option<Left>,
        intent: Option<&str>,
    ) -> Result<(), CycleError> {
        if self.context.undoing.is_some() {
            return Ok(());
        }
        let image = BeforeImage {
            operation: operation.clone(),
            link,
            reverse,
            left,
        };
        let (mailbox, cycle) = (&self.context.record.mailbox.id, &self.context.cycle);
        before_image::note(&mut self.transaction, mailbox, cycle, intent, &image).await?;
        Ok(())
    }

    /// Notes how far the undoing came that this operation is.
    pub(super) async fn undone(
        &mut self,
        operation: &Operation,
        state: State,
    ) -> Result<(), CycleError> {
        if let Some(undoing) = &self.context.undoing {
            undoing
                .note(&mut self.transaction, operation, state)
                .await?;
        }
        Ok(())
    }
}
