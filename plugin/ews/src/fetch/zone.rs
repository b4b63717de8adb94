//! The mailbox's zone.
//!
//! Its owner's choice in Outlook on the web names it. Where nothing was chosen, the working hours tell
//! the zone's rules: the first zone that Windows knows by the same offsets stands for it.

use sync::contract::{Fault, Instant, Remark, Zone};
use transport::Transport;

use crate::operation::get_user_availability::{self, Rules};
use crate::operation::get_user_configuration;
use crate::server::Server;

/// The mailbox's zone, and what the history should know where it cannot be told.
///
/// # Errors
/// What concerns the mailbox or the moment.
pub fn of<T: Transport>(server: &Server<'_, T>) -> Result<(Option<Zone>, Option<Remark>), Fault> {
    let chosen = match server.one(get_user_configuration::request()) {
        Ok(message) => get_user_configuration::time_zone(message),
        Err(fault) => without(fault)?,
    };
    let zone = match chosen {
        Some(name) => Some(Zone { name }),
        None => worked_in(server)?,
    };
    let known = zone.as_ref().and_then(sync::zone::by_known_name);
    let remark = known.is_none().then(|| Remark {
        item: None,
        code: "zone-unknown".to_owned(),
        text: format!(
            "the mailbox's zone {:?} is unknown",
            zone.as_ref().map_or("", |zone| zone.name.as_str())
        ),
    });
    Ok((known.or(zone), remark))
}

/// The zone of the working hours.
fn worked_in<T: Transport>(server: &Server<'_, T>) -> Result<Option<Zone>, Fault> {
    let now = server.transport.now();
    let request = get_user_availability::request(server.mailbox, now);
    let answer = server
        .send(request, server.transport.fresh_id())
        .and_then(|response| server.read::<get_user_availability::Response>(&response));
    let rules = match answer {
        Ok(answer) => answer.rules(),
        Err(fault) => without(fault)?,
    };
    Ok(rules.and_then(|rules| by_rules(&rules, now)))
}

/// Nothing is known of the zone where the server refuses this one question; what concerns the
/// mailbox or the moment stands.
fn without<T>(fault: Fault) -> Result<Option<T>, Fault> {
    match fault {
        Fault::Refused(_) | Fault::Forbidden(_) | Fault::Other(_) | Fault::NotUnderstood(_) => {
            Ok(None)
        }
        fault if crate::fault::is_no_item(&fault) => Ok(None),
        fault => Err(fault),
    }
}

/// The first zone that has these offsets in winter and in summer of the present year.
fn by_rules(rules: &Rules, now: Instant) -> Option<Zone> {
    let number = |text: &str| text.trim().parse::<i32>().ok();
    let bias = number(&rules.bias)?;
    let offset = |extra: &str| -(bias + number(extra).unwrap_or(0));
    let standard = offset(&rules.standard_time.bias);
    let month = |text: &str| number(text).unwrap_or(0);
    let (to_standard, to_daylight) = (
        month(&rules.standard_time.month),
        month(&rules.daylight_time.month),
    );
    let daylight = match to_daylight {
        0 => standard,
        _ => offset(&rules.daylight_time.bias),
    };
    // South of the equator summer lies about the new year.
    let (january, july) = if to_daylight > to_standard {
        (daylight, standard)
    } else {
        (standard, daylight)
    };
    sync::zone::by_offsets(now, january, july)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::get_user_availability::Change;

    fn rules(bias: &str, to_standard: &str, to_daylight: &str) -> Rules {
        let change = |bias: &str, month: &str| Change {
            bias: bias.to_owned(),
            month: month.to_owned(),
        };
        Rules {
            bias: bias.to_owned(),
            standard_time: change("0", to_standard),
            daylight_time: change("-60", to_daylight),
        }
    }

    #[test]
    fn a_zone_is_known_by_its_offsets_in_winter_and_in_summer() {
        // 2026-03-02T08:00:00Z
        let now = Instant {
            microseconds: 1_772_438_400_000_000,
        };
        for (rules, january, july) in [
            (rules("-60", "10", "3"), 60, 120),
            (rules("480", "11", "3"), -480, -420),
            (rules("-600", "4", "10"), 660, 600),
            (rules("-330", "0", "0"), 330, 330),
        ] {
            let zone = by_rules(&rules, now).unwrap();
            let known = sync::zone::resolve(&zone).unwrap();
            assert_eq!(sync::zone::offsets(now, known), Some((january, july)));
        }
        assert_eq!(by_rules(&rules("7", "0", "0"), now), None);
    }
}
