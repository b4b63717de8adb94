//! Kills at each named point of a cycle.

use std::time::Duration;

use crate::Result;
use crate::load::Load;
use crate::people::People;
use crate::place::{Place, Plan};
use crate::point::POINTS;
use crate::quiet::quiet;
use crate::report::Report;

/// Under a busy load each point is reached long before.
const PATIENCE: Duration = Duration::from_secs(60);

/// Kills a host at each point once, under a busy load, and judges what is left.
///
/// # Errors
/// What was broken, or which point was never reached; then the database and the logs stay.
pub async fn named(plan: &Plan) -> Result<Report> {
    let place = Place::new(plan).await?;
    let outcome = live(&place, plan.seed).await;
    place.leave(outcome).await
}

async fn live(place: &Place, seed: u64) -> Result<Report> {
    let mut people = People::new(place, seed);
    let load = Load::begin(place, people);
    let mut report = Report::default();
    for point in POINTS {
        let mut host = place.stumble(0, point.name, "kill")?;
        if !host.until_killed(PATIENCE).await? {
            return Err(format!("the point `{}` was never reached", point.name).into());
        }
        report.kills += 1;
        report.points += 1;
        report.restarts += 1;
    }
    let host = place.serve(0).await?;
    people = load.end().await?;
    let sides = quiet(place, &mut people, 0).await?;
    report.rested(place, 0, &sides, &people).await?;
    drop(host);
    Ok(report)
}
