//! What was done and what came of it, for people.

use std::fmt;

use crate::Result;
use crate::check::Sides;
use crate::people::People;
use crate::place::Place;

/// What a run did. All promises were kept, or there would be none.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Processes killed.
    pub kills: usize,
    /// Processes started after the first ones.
    pub restarts: usize,
    /// Named points at which a host was killed or stopped.
    pub points: usize,
    /// Cycles that never came to their end.
    pub cut_off: usize,
    /// Deeds of people on both sides.
    pub deeds: u64,
    /// Appointments in the PSA at the end.
    pub rows: usize,
    /// Items in the calendars of Exchange at the end.
    pub items: usize,
    /// Creations, changes and deletions that Exchange was asked for.
    pub writes: u64,
    /// How often everything came to rest and was judged.
    pub rests: usize,
}

impl Report {
    /// Counts a rest, and what is there then.
    ///
    /// # Errors
    /// When the PSA does not answer.
    pub async fn rested(
        &mut self,
        place: &Place,
        host: usize,
        sides: &Sides,
        people: &People,
    ) -> Result<()> {
        self.rests += 1;
        self.rows = sides.living_rows();
        self.items = sides.living_items();
        self.deeds = people.book.deeds;
        self.writes = place.exchange.counters().operations.writes();
        self.cut_off = place.interface.cut_off(host).await?;
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} kills, {} restarts, {} named points, {} cycles cut off",
            self.kills, self.restarts, self.points, self.cut_off
        )?;
        writeln!(
            f,
            "{} deeds of people; at the end {} appointments in the PSA, {} items in Exchange, {} writes there",
            self.deeds, self.rows, self.items, self.writes
        )?;
        write!(
            f,
            "judged at rest {} times: nothing lost, nothing doubled, nobody mailed, everything in the history",
            self.rests
        )
    }
}
