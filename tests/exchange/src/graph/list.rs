//! Lists of events: filter, order, count, pages and the link to the next one.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::call::Call;
use super::context::Context;
use super::error::Refusal;
use super::event_read::{Shown, instant};
use super::filter::Filter;
use super::names::Named;
use super::order::OrderBy;
use super::query::Shape;
use super::user::set_context;
use crate::answer::Answer;
use crate::behaviour::UnreadableFilter;
use crate::id;
use crate::mailbox::Mailbox;
use crate::mailbox::content::Property;

/// What Graph puts on a page when nobody asks, and what it puts there at most.
const USUAL_PAGE: usize = 10;
const LARGEST_PAGE: usize = 1000;

/// Answers with those of the candidates that the query asks for.
pub fn answer(
    mailbox: &Mailbox,
    candidates: &[Shown<'_>],
    shape: &Shape,
    call: &Call,
    context: &Context,
) -> Result<Answer, Refusal> {
    let order = OrderBy::read(call, FIELDS)?;
    let mut found = filtered(candidates, call, context)?;
    order.sort(&mut found, |shown, path| field(shown, path, call));
    let (skip, size) = page(call);
    let shown: Result<Vec<Value>, Refusal> = found
        .iter()
        .skip(skip)
        .take(size)
        .map(|shown| shape.show(shown, &call.prefer, None))
        .collect();
    Ok(paged(
        mailbox,
        &shown?,
        found.len(),
        "events",
        call,
        context,
    ))
}

/// How many rows are skipped, and how many come then.
pub fn page(call: &Call) -> (usize, usize) {
    let number = |name| call.query(name).and_then(|text| text.parse::<usize>().ok());
    let size = number("$top")
        .or(call.prefer.page_size)
        .unwrap_or(USUAL_PAGE);
    (number("$skip").unwrap_or(0), size.clamp(1, LARGEST_PAGE))
}

/// A page with the link to the next one, if there are more of the `total` rows, and with their number
/// where `$count` asks for it.
pub fn paged(
    mailbox: &Mailbox,
    rows: &[Value],
    total: usize,
    what: &str,
    call: &Call,
    context: &Context,
) -> Answer {
    let (skip, size) = page(call);
    let mut value = json!({ "value": rows });
    set_context(&mut value, &context.base, mailbox, what);
    if let (true, Some(fields)) = (total > skip + size, value.as_object_mut()) {
        fields.insert(
            "@odata.nextLink".to_owned(),
            next_link(call, context, skip + size).into(),
        );
    }
    let counted = call.query("$count") == Some("true");
    if let (true, Some(fields)) = (counted, value.as_object_mut()) {
        fields.insert("@odata.count".to_owned(), total.into());
    }
    Answer::json(200, value)
}

fn filtered<'a, 'b>(
    candidates: &'a [Shown<'b>],
    call: &Call,
    context: &Context,
) -> Result<Vec<&'a Shown<'b>>, Refusal> {
    let Some(text) = call.query("$filter") else {
        return Ok(candidates.iter().collect());
    };
    let Some(filter) = Filter::parse(text) else {
        return match context.behaviour.unreadable_filter {
            UnreadableFilter::EmptyList => Ok(Vec::new()),
            UnreadableFilter::BadRequest => Err(unreadable()),
        };
    };
    let timely = filter.looks_at("start/") || filter.looks_at("end/");
    if timely && context.behaviour.time_filter_refused {
        return Err(Refusal::new(
            400,
            "ErrorInvalidRestriction",
            "The filter on the time of an event is not supported.",
        ));
    }
    if filter.looks_at("singleValueExtendedProperties")
        && context.behaviour.property_filter_finds_nothing
    {
        return Ok(Vec::new());
    }
    let matches = |shown: &&Shown<'_>| {
        let properties: Vec<Property> = shown.content().properties.values().cloned().collect();
        filter.matches(&|path| field(shown, path, call), &properties)
    };
    Ok(candidates.iter().filter(matches).collect())
}

fn unreadable() -> Refusal {
    Refusal::new(
        400,
        "ErrorInvalidUrlQueryFilter",
        "The query filter contains one or more invalid nodes.",
    )
}

/// The paths that [`field`] knows.
const FIELDS: &[&str] = &[
    "start/dateTime",
    "end/dateTime",
    "createdDateTime",
    "lastModifiedDateTime",
    "subject",
    "id",
    "iCalUId",
    "transactionId",
    "showAs",
    "sensitivity",
    "importance",
    "isAllDay",
    "isCancelled",
    "isOrganizer",
    "type",
];

/// The value at a path, times as UTC.
fn field(shown: &Shown<'_>, path: &str, call: &Call) -> Option<String> {
    let content = shown.content();
    let text: Cow<'_, str> = match path {
        "start/dateTime" => instant(content.start.instant()).into(),
        "end/dateTime" => instant(content.end.instant()).into(),
        "createdDateTime" => instant(shown.item.created).into(),
        "lastModifiedDateTime" => instant(shown.item.modified).into(),
        "subject" => content.subject.as_str().into(),
        "id" => id::of(
            shown.mailbox,
            shown.target(),
            id::form(call.prefer.immutable_ids),
        )
        .into(),
        "iCalUId" => shown.item.uid.as_str().into(),
        "transactionId" => shown.item.transaction.as_deref()?.into(),
        "showAs" => content.show_as.word().into(),
        "sensitivity" => content.sensitivity.word().into(),
        "importance" => content.importance.word().into(),
        "isAllDay" => content.all_day.to_string().into(),
        "isCancelled" => content.cancelled.to_string().into(),
        "isOrganizer" => content.is_organizer().to_string().into(),
        "type" if shown.item.series.is_some() => "seriesMaster".into(),
        "type" => "singleInstance".into(),
        _ => return None,
    };
    Some(text.into_owned())
}

fn next_link(call: &Call, context: &Context, skip: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(call.query.iter().filter(|(name, _)| name != "$skip"));
    query.append_pair("$skip", &skip.to_string());
    let mut path = context.base.clone();
    for part in &call.path {
        path.push('/');
        path.extend(url::form_urlencoded::byte_serialize(part.as_bytes()));
    }
    format!("{path}?{}", query.finish())
}
