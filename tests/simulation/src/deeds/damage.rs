//! What happens to the machine, and what servers do at their will.

use exchange::{Behaviour, Effect, Fault, Order, RepeatedCreate, UnreadableFilter};
use sqlx::Connection;
use tandem::store::mailbox;
use tandem::store::plugin_storage::{self, Space};

use crate::Result;
use crate::dice::Dice;
use crate::machine::Machine;
use crate::office::{Member, Office};

/// Something breaks, or is lost, or ends.
///
/// # Errors
/// When the database does not answer.
pub async fn act(office: &mut Office, machine: &mut Machine) -> Result<()> {
    let number = office.dice.below(office.members.len());
    let member = office.member(number)?;
    match office.dice.weighed(&[25, 20, 20, 15, 10, 10]) {
        0 => {
            office.trace.say("  all cursors are void");
            office.exchange.expire_cursors();
        }
        1 => {
            office.trace.say("  all tokens are void");
            office.exchange.revoke_tokens();
        }
        2 => {
            office
                .trace
                .say(format!("  the plugin's storage of {} is lost", member.user));
            let space = Space {
                plugin: machine.host.components.graph.description().name.clone(),
                mailbox: member.mailbox.clone(),
            };
            let mut transaction = office.tenant.begin().await?;
            plugin_storage::wipe(&mut transaction, &space).await?;
            transaction.commit().await?;
        }
        3 => lose_links(office, machine, &member).await?,
        4 => {
            let endless = !office.exchange.behaviour().delta_never_ends;
            office
                .trace
                .say(format!("  rounds of the server never end: {endless}"));
            endless_rounds(office, endless);
        }
        _ => {
            office.trace.say(format!(
                "  {} is to be read from the beginning",
                member.user
            ));
            let relink = office.dice.percent(50);
            let mut transaction = office.tenant.begin().await?;
            mailbox::read_again(&mut transaction, &member.mailbox, relink).await?;
            transaction.commit().await?;
        }
    }
    Ok(())
}

/// Rows of the table of links are lost, and nobody says so: all, those of one mailbox, or some.
async fn lose_links(office: &mut Office, machine: &Machine, member: &Member) -> Result<()> {
    let (what, statement) = office.dice.one([
        ("all links", "DELETE FROM link WHERE mailbox <> ''"),
        (
            "the links of a mailbox",
            "DELETE FROM link WHERE mailbox = $1",
        ),
        (
            "some links of a mailbox",
            "DELETE FROM link WHERE mailbox = $1
                AND id IN (SELECT id FROM link ORDER BY psa LIMIT 3)",
        ),
    ]);
    let mut hand = machine.hand().await?;
    let query = sqlx::query(statement).bind(&member.mailbox.value);
    let lost = query.execute(&mut hand).await?.rows_affected();
    hand.close().await?;
    office
        .trace
        .say(format!("  {what} are lost ({lost}): {}", member.user));
    office.book.unlinked = office.book.turn();
    Ok(())
}

/// The last page of a round leads to the first, or does so no more.
pub fn endless_rounds(office: &Office, endless: bool) {
    office.exchange.set_behaviour(Behaviour {
        delta_never_ends: endless,
        ..office.exchange.behaviour()
    });
}

/// A fault of the server itself, which may hit a single part of a batch.
pub fn fault(dice: &mut Dice) -> Fault {
    let status = |status, code: &str, after: Option<u64>| (status, Some(code.to_owned()), after);
    let (status, code, retry_after) = match dice.below(5) {
        0 => status(429, "ApplicationThrottled", Some(15)),
        1 => status(503, "serviceNotAvailable", None),
        2 => status(504, "UnknownError", None),
        3 => status(412, "ErrorIrresolvableConflict", None),
        _ => status(500, "ErrorInternalServerError", None),
    };
    let effect = match dice.weighed(&[30, 30, 8, 8, 5, 8, 5, 8]) {
        0 => Effect::Status {
            status,
            code,
            retry_after,
        },
        1 => Effect::StatusAfter {
            status: dice.one([503, 504, 500]),
            code,
            retry_after: None,
        },
        2 => Effect::Cut,
        3 => Effect::CutAfter,
        4 => Effect::SignOnPage,
        5 => Effect::EmptyPage,
        6 => Effect::TokenExpired,
        _ => Effect::CursorExpired,
    };
    if effect == Effect::EmptyPage {
        // Only searches are known to find nothing although there is something. Who is told nothing
        // of a change by a delta that claims to be complete cannot know better.
        return Fault::next(effect).method("GET").path("/calendar/events?");
    }
    let fault = Fault::next(effect)
        .after(u32::try_from(dice.between(0, 3)).unwrap_or_default())
        .times(u32::try_from(dice.between(1, 2)).unwrap_or(1));
    match dice.weighed(&[20, 30, 30, 20]) {
        0 => fault,
        1 => fault.method("POST").path("/calendar/events"),
        2 => fault.method("PATCH"),
        _ => fault.method("DELETE"),
    }
}

/// A server, each of its ways drawn.
pub fn behaviour(dice: &mut Dice) -> Behaviour {
    let orders = [Order::AsAsked, Order::Reversed, Order::Shuffled];
    let delta_page_size = dice.one([1, 2, 3, 10, 50]);
    let behaviour = Behaviour {
        repeated_create: dice.one([
            RepeatedCreate::FirstEventCreated,
            RepeatedCreate::FirstEventOk,
            RepeatedCreate::BadRequest,
            RepeatedCreate::BadRequestWithId,
            RepeatedCreate::Conflict,
            RepeatedCreate::ConflictWithId,
        ]),
        unreadable_filter: dice.one([UnreadableFilter::EmptyList, UnreadableFilter::BadRequest]),
        time_filter_refused: dice.percent(50),
        property_filter_finds_nothing: dice.percent(50),
        batch_order: dice.one(orders),
        delta_order: dice.one(orders),
        delta_repeats_items: dice.percent(50),
        delta_repeats_pages: dice.percent(50),
        delta_page_size,
        delta_page_limit: dice.one([2, 10, 500]),
        outside_window_reason: dice.one(["deleted", "changed"]).to_owned(),
        etag_changes_after_create: dice.percent(50),
        deleted_items_answer: dice.percent(50),
        calendar_path_finds_all: dice.percent(50),
        repeated_delete_forbidden: dice.percent(50),
        body_write_drops_join_link: dice.percent(50),
        cursor_lifetime_hours: dice.one([20, 24 * 3, 24 * 30]),
        ..Behaviour::default()
    };
    // A server that puts each occurrence on a page of its own has to let them all be asked for.
    let page = behaviour.delta_page_size.min(behaviour.delta_page_limit);
    Behaviour {
        requests_in_ten_minutes: match page < 10 {
            true => 10_000,
            false => dice.one([150, 10_000, 10_000]),
        },
        ..behaviour
    }
}
