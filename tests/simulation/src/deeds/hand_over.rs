//! An admin has the tenant go over to the other way to Exchange, at a moment at which nothing is left to
//! do: no item is made, changed or deleted by it, on either side.

use std::sync::Arc;

use tandem::runtime::embedded::Embedded;
use tokio::sync::Mutex;

use super::settings::save_patiently;
use crate::book::{Home, Thing};
use crate::machine::Machine;
use crate::office::Office;
use crate::{Result, provider, quiet};

/// Goes over, and tells what of the promise was broken.
///
/// # Errors
/// When the machine cannot give what is needed.
pub async fn act(office: &Arc<Mutex<Office>>, machine: &mut Machine) -> Result<Vec<String>> {
    {
        let mut office = office.lock().await;
        let other = match office.wishes.provider {
            Embedded::Graph => Embedded::Ews,
            Embedded::Ews => Embedded::Graph,
        };
        office.wishes.provider = other;
        let name = provider::name(other);
        office
            .trace
            .say(format!("  the tenant goes over to {name}"));
        save_patiently(&office, &machine.desk).await?;
    }
    let broken = quiet::writes_nothing(office, machine, false, "the change of the way").await?;
    let mut office = office.lock().await;
    if office.wishes.provider == Embedded::Ews {
        let over = what_is_over(&office);
        office.book.unseen.extend(over);
    }
    Ok(broken)
}

/// The items of Outlook that ended before the window.
fn what_is_over(office: &Office) -> Vec<usize> {
    let things = office.book.things.iter().enumerate();
    let is_over = |place: &usize, thing: &Thing| {
        let member = office.members.get(thing.member);
        let rest = office.book.rest.get(place).and_then(|rest| rest.when);
        member.zip(rest).is_some_and(|(member, when)| {
            matches!(thing.home, Home::Outlook(_))
                && when.end(&member.zone) <= office.rules(member).start
        })
    };
    things
        .filter(|(place, thing)| is_over(place, thing))
        .map(|(place, _)| place)
        .collect()
}
