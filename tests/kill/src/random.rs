//! Kills at any moment.

use std::time::Duration;

use simulation::dice::Dice;

use crate::Result;
use crate::load::Load;
use crate::people::People;
use crate::place::{Place, Plan};
use crate::process::Process;
use crate::quiet::quiet;
use crate::report::Report;

/// So many kills between two rests.
const PART: usize = 30;

/// Deeds before anything is killed, for each member.
const BEGINNING: usize = 6;

/// Kills hosts so many times under a busy load. With several hosts one of them is killed while the
/// others go on.
///
/// # Errors
/// What was broken; then the database and the logs stay, and the error says where.
pub async fn random(plan: &Plan, kills: usize) -> Result<Report> {
    let place = Place::new(plan).await?;
    let outcome = live(&place, kills, plan.seed).await;
    place.leave(outcome).await
}

async fn live(place: &Place, kills: usize, seed: u64) -> Result<Report> {
    let mut dice = Dice::new(seed, 12);
    let mut people = People::new(place, seed);
    let mut report = Report::default();
    let mut hosts = Vec::new();
    for seat in 0..place.interface.hosts() {
        hosts.push(place.serve(seat).await?);
    }
    for _ in 0..BEGINNING * place.members.len() {
        people.act().await?;
    }
    while report.kills < kills {
        let load = Load::begin(place, people);
        let until = kills.min(report.kills + PART);
        while report.kills < until {
            kill(place, &mut dice, &mut hosts).await?;
            report.kills += 1;
            report.restarts += 1;
        }
        people = load.end().await?;
        for (seat, host) in hosts.iter_mut().enumerate() {
            place.answers(host, seat).await?;
        }
        let sides = quiet(place, &mut people, 0).await?;
        report.rested(place, 0, &sides, &people).await?;
        println!(
            "after {} kills: {} appointments, {} items",
            report.kills, report.rows, report.items
        );
    }
    Ok(report)
}

/// Lets a host work for a while, kills it, and starts it again; now and then it is killed before it is
/// up.
async fn kill(place: &Place, dice: &mut Dice, hosts: &mut [Process]) -> Result<()> {
    let seat = dice.below(hosts.len());
    let Some(host) = hosts.get_mut(seat) else {
        return Err("there is no host".into());
    };
    if dice.percent(90) {
        place.answers(host, seat).await?;
    }
    let moment = u64::try_from(dice.between(0, 900)).unwrap_or_default();
    tokio::time::sleep(Duration::from_millis(moment)).await;
    host.kill()?;
    *host = place.begin(seat)?;
    Ok(())
}
