//! What people do in the PSA.

use tandem::contract::{Appointment, PsaId};
use tandem::psa::appointment::{self, Edit};

use crate::book::{Act, Home, Place, Said, Thing};
use crate::look::Row;
use crate::office::Office;
use crate::{Result, when, words};

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
    let what = office.dice.weighed(&[35, 25, 15, 5, 14]);
    let Some(row) = office.dice.pick(&living).cloned() else {
        return book(office, member).await;
    };
    match what {
        0 => book(office, member).await,
        1 => move_it(office, member, &row).await,
        2 => rewrite(office, &row).await,
        3 => hide(office, &row).await,
        _ => delete(office, &row).await,
    }
}

async fn book(office: &mut Office, number: usize) -> Result<()> {
    let member = office.member(number)?;
    let when = when::draw(
        &mut office.dice,
        office.now,
        &member.zone,
        office.wishes.past_days,
    );
    let word = office.number();
    let texts = words::draw(&mut office.dice, word, false);
    let said = Said {
        title: texts
            .subject
            .chars()
            .take(256)
            .collect::<String>()
            .trim()
            .to_owned(),
        description: texts.body.chars().take(7_000).collect(),
        private: office.dice.percent(15),
        free: office.dice.percent(10),
    };
    let fields = Appointment {
        title: said.title.clone(),
        description: said.description.clone(),
        span: when.span(),
        private: said.private,
        free: said.free,
        recurring: false,
        not_answered: false,
    };
    let user = PsaId {
        value: member.user.clone(),
    };
    let mut transaction = office.tenant.begin().await?;
    let made = appointment::create(&mut transaction, &user, &fields).await?;
    transaction.commit().await?;
    let id = made.id.value;
    office.trace.say(format!(
        "  {} books in the PSA: row {id} {when:?}",
        member.user
    ));
    let step = office.book.turn();
    office.book.things.push(Thing {
        member: number,
        home: Home::Psa(id),
        said,
        content: None,
        uid: None,
        unwanted: None,
        place: Place::Calendar,
        pasted_from: None,
        acts: vec![(step, Act::Made(when))],
    });
    Ok(())
}

async fn write(office: &Office, row: &Row, change: &Edit) -> Result<()> {
    let mut transaction = office.tenant.begin().await?;
    appointment::edit(&mut transaction, &row.record.id, row.record.version, change).await?;
    transaction.commit().await?;
    Ok(())
}

async fn move_it(office: &mut Office, number: usize, row: &Row) -> Result<()> {
    let member = office.member(number)?;
    let when = when::draw(
        &mut office.dice,
        office.now,
        &member.zone,
        office.wishes.past_days,
    );
    if when == row.when {
        return Ok(());
    }
    let change = Edit {
        span: Some(when.span()),
        ..Edit::default()
    };
    write(office, row, &change).await?;
    office.trace.say(format!(
        "  {} moves row {} to {when:?}",
        member.user, row.id
    ));
    note(office, row, Act::Moved(when), Act::CopyMoved(when));
    Ok(())
}

async fn rewrite(office: &mut Office, row: &Row) -> Result<()> {
    let word = office.number();
    let texts = words::draw(&mut office.dice, word, false);
    let title: String = texts
        .subject
        .chars()
        .take(256)
        .collect::<String>()
        .trim()
        .to_owned();
    let description: String = texts.body.chars().take(7_000).collect();
    let change = Edit {
        title: Some(title.clone()),
        description: Some(description.clone()),
        ..Edit::default()
    };
    write(office, row, &change).await?;
    office
        .trace
        .say(format!("  somebody rewrites row {}: {title:.40}", row.id));
    if let Some(thing) = office.thing_of_row(row)
        && row.of_psa
        && let Some(thing) = office.book.things.get_mut(thing)
    {
        thing.said.title = title;
        thing.said.description = description;
    }
    note(office, row, Act::Rewritten, Act::CopyChanged);
    Ok(())
}

async fn hide(office: &mut Office, row: &Row) -> Result<()> {
    if !row.of_psa {
        return Ok(());
    }
    let private = !row.record.fields.private;
    let change = Edit {
        private: Some(private),
        ..Edit::default()
    };
    write(office, row, &change).await?;
    office.trace.say(format!(
        "  somebody makes row {} private: {private}",
        row.id
    ));
    if let Some(thing) = office.thing_of_row(row)
        && let Some(thing) = office.book.things.get_mut(thing)
    {
        thing.said.private = private;
    }
    note(office, row, Act::Changed, Act::CopyChanged);
    Ok(())
}

async fn delete(office: &mut Office, row: &Row) -> Result<()> {
    let mut transaction = office.tenant.begin().await?;
    appointment::delete(&mut transaction, &row.record.id, row.record.version).await?;
    transaction.commit().await?;
    office
        .trace
        .say(format!("  somebody deletes row {}", row.id));
    note(office, row, Act::Gone, Act::CopyGone);
    Ok(())
}

fn note(office: &mut Office, row: &Row, to_original: Act, to_copy: Act) {
    let Some(thing) = office.thing_of_row(row) else {
        return;
    };
    let act = if row.of_psa { to_original } else { to_copy };
    if act == Act::CopyGone {
        let member = office.book.things.get(thing).map(|thing| thing.member);
        let items = member.and_then(|member| office.items(member).ok());
        let item = items
            .into_iter()
            .flatten()
            .find(|item| row.exchange.as_ref() == Some(&item.id));
        if let Some(thing) = office.book.things.get_mut(thing) {
            thing.unwanted = item.map(|item| item.content);
        }
    }
    office.book.note(thing, act);
}
