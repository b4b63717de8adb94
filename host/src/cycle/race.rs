//! Items of Exchange that changed between plan and write (a 412), and occurrences that Exchange does
//! not take where they were to go: they are looked at and planned again in the same cycle, by the
//! same steps, and only then left to the next one.

use super::observe::{self, Asked, Breadth, Observed, Unanswered};
use super::plan::Links;
use super::run::{Context, CycleError};
use super::{apply, before, guard, lease, plan, push, series};
use crate::contract::Window;
use crate::runtime::Session;
use crate::store::intent;
use crate::store::look_again::{self, Item, LookAgain};
use crate::store::observation::Staged;

/// How often in one cycle: servers raise versions without a reason, and a war of versions must not
/// hold a mailbox.
pub const MOST: usize = 2;

/// What came of trying again.
#[derive(Debug, Default)]
pub struct Again {
    /// Items that changed once more.
    pub lost: Vec<Item>,
    /// The entries of the list that were looked at.
    pub looked_at: Vec<LookAgain>,
    /// Ids without an answer.
    pub unanswered: Unanswered,
    /// Deletions that wait for approval.
    pub held: usize,
}

/// Looks at these items, plans what belongs to them and carries it out; of a series all occurrences
/// `within` that stretch are to be known. Both items of a pair stand
/// on the list to look at again, so that a crash forgets none.
///
/// # Errors
/// Those of the steps.
pub async fn again(
    context: &mut Context,
    session: &mut Session,
    guard: &lease::Guard,
    lost: Vec<Item>,
    within: Window,
    links: &mut Links,
) -> Result<Again, CycleError> {
    let mailbox = context.record.mailbox.id.clone();
    // While the outcome of a write is unknown nothing is planned over it: recovery comes first.
    if lost.is_empty() || !intent::pending(&context.tenant, &mailbox).await?.is_empty() {
        return Ok(Again::default());
    }
    guard.extend(&context.host, &mut context.lease).await?;
    let mut looked_at = look_again::due(&context.tenant, &mailbox).await?;
    looked_at.retain(|entry| lost.contains(&entry.item));
    let ids = series::through_masters(context, observe::exchange_ids(&looked_at)).await?;
    let (mut staged, mut unanswered) = (Staged::default(), Unanswered::new());
    let asked = Asked {
        ids,
        again: &looked_at,
        series_within: within,
    };
    observe::look_closely(context, session, guard, asked, &mut staged, &mut unanswered).await?;
    let observed = Observed {
        unanswered,
        staged,
        looked_at,
        breadth: Breadth::Items,
    };
    let mut planned = plan::plan(context, session, &observed, links).await?;
    let guarded = guard::guard(context, &observed, &planned, links).await?;
    if guarded.stop.is_some() {
        // Part of this cycle is done already: the next one asks before it does anything.
        return Ok(Again::default());
    }
    let held = guarded.held.len();
    planned.former = before::read(context, session, guard, &guarded, &planned.items).await?;
    let intents = apply::apply(context, guarded, &planned, links).await?;
    Ok(Again {
        lost: push::push(context, session, guard, intents, links).await?,
        looked_at: observed.looked_at,
        unanswered: observed.unanswered,
        held,
    })
}
