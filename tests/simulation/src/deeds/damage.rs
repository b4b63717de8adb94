//! What happens to the machine.

use exchange::Behaviour;
use sqlx::Connection;
use tandem::store::mailbox;
use tandem::store::plugin_storage::{self, Space};

use crate::Result;
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
                plugin: (machine.host.components.get(office.wishes.provider))
                    .description()
                    .name
                    .clone(),
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
