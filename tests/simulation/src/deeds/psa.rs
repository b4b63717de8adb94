//! What people do in the PSA's calendars.

use super::content::{Writer, user};
use crate::Result;
use crate::book::{Act, Home};
use crate::business::Business;
use crate::kinds::KINDS;
use crate::look::Row;
use crate::office::Office;
use crate::record::{self, Fields};
use crate::series;
use crate::when::{self, When};

/// Somebody books, edits, moves or deletes.
///
/// # Errors
/// When the PSA refuses it.
pub async fn act(office: &mut Office, member: usize) -> Result<()> {
    let living: Vec<Row> = office
        .rows(member)
        .await?
        .into_iter()
        .filter(|row| !row.deleted)
        .collect();
    let what = office.dice.weighed(&[35, 22, 15, 15, 12, 6]);
    if what == 5 {
        return super::business::act(office).await;
    }
    // A series has a row for each of its occurrences, and is one thing to people.
    let wants_series = office.dice.percent(office.series.clamp(25, 70));
    let is_of_series = |row: &Row| office.book.repeating.of_row(member, row).is_some();
    let (of_series, others): (Vec<Row>, Vec<Row>) = living.into_iter().partition(is_of_series);
    let choice = match wants_series && !of_series.is_empty() {
        true => of_series,
        false => others,
    };
    let Some(row) = office.dice.pick(&choice).cloned() else {
        return book(office, member).await;
    };
    let what = match row.slot.is_some() {
        true => 1 + office.dice.weighed(&[55, 15, 5, 25]),
        false => what,
    };
    match what {
        0 => book(office, member).await,
        1 => move_it(office, member, &row).await,
        2 => rewrite(office, member, &row).await,
        3 => turn(office, member, &row).await,
        _ => delete(office, member, &row).await,
    }
}

fn some_time(office: &mut Office, member: usize) -> Result<When> {
    let zone = office.member(member)?.zone;
    let past_days = office.wishes.past_days;
    Ok(when::draw(&mut office.dice, office.now, &zone, past_days))
}

/// Lets a member write.
async fn written(
    office: &mut Office,
    member: usize,
    write: impl FnOnce(&mut Writer<'_>) -> Result<Fields>,
) -> Result<Fields> {
    let business = Business::read(&office.tenant).await?;
    let mut users: Vec<_> = office.members.iter().map(|it| user(&it.user)).collect();
    users.rotate_left(member);
    let word = office.number();
    write(&mut Writer {
        dice: &mut office.dice,
        business: &business,
        users,
        word,
    })
}

async fn book(office: &mut Office, member: usize) -> Result<()> {
    let when = some_time(office, member)?;
    let kind = office.dice.weighed(&[45, 25, 30]);
    let kind = KINDS.get(kind).copied().ok_or("there is no such kind")?;
    let fields = written(office, member, |writer| writer.new_record(kind, when)).await?;
    let who = office.member(member)?.user;
    let id = record::create(&office.tenant, &who, &fields).await?;
    office
        .trace
        .say(format!("  {who} books in the PSA: {kind:?} {id} {when:?}"));
    let home = Home::Psa(id.clone());
    match &fields {
        Fields::Appointment(_) | Fields::ToDo(_) => {
            office.book.enter_from_psa(member, kind, &id, when);
        }
        Fields::ServiceCall(_) => goes_to(office, &home, None, &fields).await?,
    }
    let business = Business::read(&office.tenant).await?;
    if !business.lets_out(&fields, &who)
        && let Some(thing) = office.book.find(member, &home)
    {
        office.book.note(thing, Act::StaysHome);
    }
    office.book.records.insert(id, fields);
    Ok(())
}

async fn move_it(office: &mut Office, member: usize, row: &Row) -> Result<()> {
    let zone = office.member(member)?.zone;
    // Farther away mostly lies another occurrence.
    let when = match row.slot.is_some() && office.dice.percent(70) {
        true => series::draw::elsewhere(&mut office.dice, row.when, &zone),
        false => some_time(office, member)?,
    };
    if when == row.when {
        return Ok(());
    }
    let moved = row.fields.clone().at(when);
    change(
        office,
        member,
        row,
        moved,
        Act::Moved(when),
        Act::CopyMoved(when),
    )
    .await
}

async fn rewrite(office: &mut Office, member: usize, row: &Row) -> Result<()> {
    let rewritten = written(office, member, |writer| writer.rewritten(&row.fields)).await?;
    change(
        office,
        member,
        row,
        rewritten,
        Act::Rewritten,
        Act::CopyChanged,
    )
    .await
}

async fn turn(office: &mut Office, member: usize, row: &Row) -> Result<()> {
    if !row.of_psa {
        return Ok(());
    }
    let turned = written(office, member, |writer| writer.turned(&row.fields)).await?;
    change(office, member, row, turned, Act::Changed, Act::CopyChanged).await
}

/// Writes a row, and into the book what that is for each calendar in which it stands.
async fn change(
    office: &mut Office,
    member: usize,
    row: &Row,
    fields: Fields,
    to_original: Act,
    to_copy: Act,
) -> Result<()> {
    if fields == row.fields {
        return Ok(());
    }
    record::write(&office.tenant, &row.id, row.version, &fields).await?;
    let who = office.member(member)?.user;
    let act = if row.of_psa { to_original } else { to_copy };
    office
        .trace
        .say(format!("  {who} changes row {}: {act:?}", row.id));
    if row.of_psa {
        let home = Home::Psa(row.id.clone());
        for thing in office.book.everywhere(&home) {
            office.book.note(thing, act.clone());
        }
        goes_to(office, &home, Some(&row.fields), &fields).await?;
        office.book.records.insert(row.id.clone(), fields);
    } else if !series::psa::note(office, member, row, &act)?
        && let Some(thing) = thing_of_copy(office, member, row)
    {
        office.book.note(thing, act);
    }
    Ok(())
}

/// Writes into the book whom an item has left, and to whom it goes now.
async fn goes_to(
    office: &mut Office,
    home: &Home,
    before: Option<&Fields>,
    fields: &Fields,
) -> Result<()> {
    let Home::Psa(id) = home else {
        return Ok(());
    };
    let business = Business::read(&office.tenant).await?;
    for member in 0..office.members.len() {
        let who = office.member(member)?.user;
        let went = before.is_some_and(|before| business.lets_out(before, &who));
        let goes = business.lets_out(fields, &who);
        let known = office.book.find(member, home);
        match (known, went, goes) {
            (Some(thing), true, false) => office.book.note(thing, Act::StaysHome),
            (Some(thing), false, true) => office.book.note(thing, Act::TravelsAgain),
            (None, _, true) if matches!(fields, Fields::ServiceCall(_)) => {
                office
                    .book
                    .enter_from_psa(member, fields.kind(), id, fields.when());
            }
            _ => {}
        }
    }
    Ok(())
}

async fn delete(office: &mut Office, member: usize, row: &Row) -> Result<()> {
    record::delete(&office.tenant, &row.reference(), row.version).await?;
    office
        .trace
        .say(format!("  somebody deletes row {}", row.id));
    if row.of_psa {
        for thing in office.book.everywhere(&Home::Psa(row.id.clone())) {
            office.book.note(thing, Act::Gone);
        }
        return Ok(());
    }
    if series::psa::note(office, member, row, &Act::CopyGone)? {
        return Ok(());
    }
    let Some(thing) = thing_of_copy(office, member, row) else {
        return Ok(());
    };
    let items = office.items(member)?.into_iter();
    let item = items
        .into_iter()
        .find(|it| row.exchange.as_ref() == Some(&it.id));
    if let Some(thing) = office.book.things.get_mut(thing) {
        thing.unwanted = item.map(|item| item.content);
    }
    office.book.note(thing, Act::CopyGone);
    Ok(())
}

/// The item of Outlook whose copy a row is.
fn thing_of_copy(office: &Office, member: usize, row: &Row) -> Option<usize> {
    let item = row.exchange.clone()?;
    office.book.find(member, &Home::Outlook(item))
}
