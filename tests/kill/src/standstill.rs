//! Two hosts on one database: one stands still for longer than its lease, the other goes on.
//!
//! A machine that slept, or a process that was stopped, wakes up and believes that nothing happened.
//! Then nothing of what it goes on with may count.

use std::time::{Duration, Instant};

use crate::Result;
use crate::check::Sides;
use crate::interface::Answer;
use crate::people::People;
use crate::place::{Place, Plan};
use crate::point::{APPLYING, MARKED, Point, WRITTEN};
use crate::quiet::quiet;
use crate::report::Report;
use crate::stumbler::{GOES_ON, SENDS, STOPPED};

/// The host that stands still.
const STILL: usize = 0;
/// The other one.
const OTHER: usize = 1;

/// How long anything here may take: a lease, or a transaction that nobody ends.
const PATIENCE: Duration = Duration::from_secs(60);

/// Stops a host at each point from which it could do harm.
///
/// # Errors
/// What was broken; then the database and the logs stay, and the error says where.
pub async fn standstill(plan: &Plan) -> Result<Report> {
    let place = Place::new(plan).await?;
    let outcome = live(&place, plan.seed).await;
    place.leave(outcome).await
}

async fn live(place: &Place, seed: u64) -> Result<Report> {
    let mut people = People::new(place, seed);
    let mut report = Report::default();
    let other = place.serve(OTHER).await?;
    quiet(place, &mut people, OTHER).await?;
    for point in [MARKED, APPLYING, WRITTEN] {
        let sides = stop_at(place, &mut people, point).await;
        let sides = sides.map_err(|error| format!("stopped at `{}`: {error}", point.name))?;
        report.points += 1;
        report.rested(place, OTHER, &sides, &people).await?;
    }
    drop(other);
    Ok(report)
}

async fn stop_at(place: &Place, people: &mut People, point: Point) -> Result<Sides> {
    let user = place.members.first().ok_or("nobody is there")?.user.clone();
    // The one host that is asked is the one whose log begins anew.
    let said_before = place.log(STILL).map_or(0, |log| log.len());
    let mut still = place.stumble(STILL, point.name, "stop")?;
    place.answers(&mut still, STILL).await?;
    people.plan_visit(0).await?;
    let asked = {
        let (interface, user) = (place.interface.clone(), user.clone());
        tokio::spawn(async move { interface.synchronise(STILL, Some(&user)).await })
    };
    let log = || -> Result<String> {
        let log = place.log(STILL)?;
        Ok(log.get(said_before..).unwrap_or_default().to_owned())
    };
    let began = Instant::now();
    while !log()?.contains(STOPPED) {
        if began.elapsed() > PATIENCE {
            return Err("the point was never reached".into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let began = Instant::now();
    while !matches!(
        place.interface.synchronise(OTHER, Some(&user)).await,
        Answer::Done(_)
    ) {
        if began.elapsed() > PATIENCE {
            return Err("the other host never got the mailbox".into());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let before = place.exchange.counters().operations.writes();
    still.go_on()?;
    if let Answer::Done(done) = asked.await? {
        return Err(format!("a host that had slept carried out its cycle: {done}").into());
    }
    let since = log()?;
    let since = since.split(GOES_ON).nth(1).ok_or("it did not go on")?;
    if since.contains(SENDS) {
        return Err(format!("a host that had slept asked Exchange: {since}").into());
    }
    if before != place.exchange.counters().operations.writes() {
        return Err("a host that had slept wrote to Exchange".into());
    }
    still.kill()?;
    quiet(place, people, OTHER).await
}
