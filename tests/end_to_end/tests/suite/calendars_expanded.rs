//! Calendars that other programs made, in ten windows each, drawn by seed and in mailboxes all around
//! the world, each second one through another provider: inside the window, and inside the one some days later, the PSA holds what
//! recurring-ical-events expands.
//!
//! The judge is a program in Python, so that this runs only where it is installed:
//! `tests/oracles/run calendars`. SEED draws other windows. What counts as the same stands in the
//! judge, `tests/oracles/recurring-ical-events/expand.py`.

mod expansion;
mod window;

use std::path::{Path, PathBuf};

use end_to_end::{Embedded, Kind, On, World, oracles, run};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use tandem::psa::appointment::AppointmentRecord;

use self::expansion::{Expansion, Occurrence};
use self::window::{Window, ZONES, days_of};

/// What the PSA holds in each window, when the mailbox has a calendar and time goes on from one to
/// the next. One cycle brings it there, and the one after it does nothing.
async fn brought_over(
    on: On,
    calendar: &Path,
    windows: &[Window; 2],
) -> Vec<Vec<AppointmentRecord>> {
    let [first, _] = windows;
    let mut world = World::on(on)
        .now(first.now())
        .technician("anna", first.zone.windows)
        .settings(|settings| {
            settings.past_days = first.past_days;
            settings.recurring_days = first.days_ahead();
        })
        .start()
        .await;
    world
        .exchange
        .load_calendar(calendar, &world.anna().technician.address)
        .unwrap();
    let mut held = Vec::new();
    for window in windows {
        world.set_now(window.now()).await;
        let report = world.anna().cycle().await;
        assert_eq!(report.counts.failed, 0, "{window:?}");
        world.anna().is_at_rest().await;
        held.push(world.anna().records().await);
    }
    held
}

/// What of `these` is not among `those`, each counted as often as it stands there.
fn without(these: &[Occurrence], those: &[Occurrence]) -> Vec<Occurrence> {
    let mut left = those.to_vec();
    let mut is_missing = |one: &&Occurrence| match left.iter().position(|other| other == *one) {
        Some(place) => {
            left.swap_remove(place);
            false
        }
        None => true,
    };
    let missing = these.iter().filter(|one| is_missing(one));
    missing.cloned().collect()
}

/// How a window differs from what the judge has in it, if it does.
fn difference(expansion: &Expansion, records: Vec<AppointmentRecord>) -> Option<String> {
    let held = expansion.inside(records);
    let missing = without(&expansion.occurrences, &held);
    let surplus = without(&held, &expansion.occurrences);
    let lines = |word: &str, occurrences: &[Occurrence]| {
        let line = |(title, start, end): &_| format!("\n  {word}: {title}, {start} to {end}");
        occurrences.iter().map(line).collect::<String>()
    };
    let text = lines("missing", &missing) + &lines("too much", &surplus);
    (!text.is_empty()).then_some(text)
}

fn files() -> Vec<PathBuf> {
    let folder = oracles::calendars().expect("the calendars are there");
    let files = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
#[ignore = "needs a judge in Python: tests/oracles/run calendars"]
fn the_psa_holds_what_recurring_ical_events_expands() {
    let seed = std::env::var("SEED").map_or(1, |seed| seed.parse().expect("SEED is a number"));
    let mut dice = StdRng::seed_from_u64(seed);
    println!("seed {seed}");
    let mut differences = Vec::new();
    for file in files() {
        let name = file.file_name().unwrap().to_str().unwrap();
        let (mut windows, mut occurrences, mut over_a_change) = (0, 0, 0);
        let mut zones = ZONES;
        zones.shuffle(&mut dice);
        for (zone, provider) in zones.into_iter().zip(Embedded::ALL.into_iter().cycle()) {
            let drawn = Window::draw(&mut dice, zone, &days_of(name));
            let later = drawn.later(&mut dice);
            let both = [drawn, later];
            let mut held = Vec::new();
            run(Kind::Sqlite, provider, |on| async {
                held = brought_over(on, &file, &both).await;
            });
            for (window, records) in both.iter().zip(held) {
                let expansion = Expansion::ask(&file, window);
                windows += 1;
                occurrences += expansion.occurrences.len();
                over_a_change += usize::from(window.is_over_a_change());
                if let Some(difference) = difference(&expansion, records) {
                    differences.push(format!("{name}, seed {seed}, {window:?}{difference}"));
                }
            }
        }
        println!(
            "{name}: {windows} windows, {over_a_change} of them over a change of the clock, \
             {occurrences} occurrences"
        );
        assert!(occurrences > 0, "{name}: all windows are empty");
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
