//! One entry of an item's history in plain words: what was seen, which rule decided, what was done,
//! what came back.

use serde::Serialize;

use super::text::plain;
use super::time::Shown;
use super::{action, rule};
use crate::api::time::instant_text;
use crate::contract::{Digest, Evidence, Span};
use crate::store::history::Entry;

/// One thing that happened to an item.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// When.
    pub time: String,
    /// In which cycle.
    pub cycle: String,
    /// In which mailbox, by its address.
    pub mailbox: String,
    /// What was seen, a sentence each. Of texts only that they changed.
    pub seen: Vec<String>,
    /// Which rule decided, such as `psa_item_moved`; null for what the host itself has to tell.
    pub rule: Option<&'static str>,
    /// The same in words.
    pub why: Option<&'static str>,
    /// What was done, such as `update_exchange`.
    pub action: String,
    /// Names of the fields that made the difference.
    pub fields: Vec<String>,
    /// What came of it, such as `done`.
    pub outcome: String,
    /// HTTP status; null when there was no request.
    pub status: Option<u16>,
    /// The server's id of the request; may be empty.
    pub request_id: String,
    /// A sentence for people; may be empty.
    pub remark: String,
    /// SHA-256 of the plugin that decided.
    pub plugin_digest: String,
    /// What was done, in words.
    #[serde(skip)]
    pub done: String,
    /// When, in the mailbox's zone.
    #[serde(skip)]
    pub shown_time: String,
}

/// Puts an entry into words; `mailbox` is the address, and times stand in the mailbox's zone.
#[must_use]
pub fn step(entry: &Entry, mailbox: &str, zone: Shown) -> Step {
    Step {
        time: instant_text(entry.time),
        cycle: entry.cycle.clone(),
        mailbox: mailbox.to_owned(),
        seen: entry
            .evidence
            .as_ref()
            .map_or_else(Vec::new, |evidence| seen(evidence, zone)),
        rule: entry.rule.map(rule::name),
        why: entry.rule.map(rule::sentence),
        action: entry.action.replace('-', "_"),
        fields: entry.fields.clone(),
        outcome: entry.outcome.clone(),
        status: (entry.status > 0).then_some(entry.status),
        request_id: entry.request_id.clone(),
        remark: entry.remark.clone(),
        plugin_digest: entry.plugin_digest.clone(),
        done: done(entry),
        shown_time: format!("{} {}", zone.instant(entry.time), zone.name()),
    }
}

fn done(entry: &Entry) -> String {
    let attempt = action::attempt(&entry.action);
    let fields = match entry.fields.is_empty() {
        true => String::new(),
        false => format!(" ({})", plain(&entry.fields.join(", "))),
    };
    format!("{}{fields}", plain(attempt))
}

fn seen(evidence: &Evidence, zone: Shown) -> Vec<String> {
    let base = evidence.base.as_ref();
    let mut sentences = Vec::new();
    if let Some(now) = &evidence.psa {
        let before = base.map(|base| &base.psa.digest);
        sentences.push(side(
            "in the PSA",
            "title",
            "description",
            before,
            now,
            zone,
        ));
    }
    match (&evidence.exchange, base) {
        (Some(now), _) => {
            let before = base.map(|base| &base.exchange.digest);
            sentences.push(side("in Exchange", "subject", "body", before, now, zone));
        }
        (None, Some(_)) => sentences.push("in Exchange: not among what was read".to_owned()),
        (None, None) => {}
    }
    sentences
}

fn side(
    place: &str,
    title: &str,
    body: &str,
    before: Option<&Digest>,
    now: &Digest,
    zone: Shown,
) -> String {
    let Some(before) = before else {
        return format!("{place}: {}", zone.span(&now.span));
    };
    let mut changed = Vec::new();
    if before.span != now.span {
        changed.push(moved(&before.span, &now.span, zone));
    }
    for (name, differs) in [
        (title, before.subject != now.subject),
        ("location", before.location != now.location),
        (body, before.body != now.body),
        ("who may read it", before.sensitivity != now.sensitivity),
        ("show as", before.show_as != now.show_as),
    ] {
        if differs {
            changed.push(format!("{name} changed"));
        }
    }
    match changed.is_empty() {
        true => format!(
            "{place}: {}, as both sides last agreed",
            zone.span(&now.span)
        ),
        false => format!("{place}: {}", changed.join(", ")),
    }
}

fn moved(before: &Span, now: &Span, zone: Shown) -> String {
    format!("moved from {} to {}", zone.span(before), zone.span(now))
}

/// What came of it, in words.
#[must_use]
pub fn outcome(step: &Step) -> String {
    let mut text = match step.outcome.as_str() {
        "unknown" => "nobody knows yet whether it was done; the next cycle looks it up".to_owned(),
        "never sent" => "it was never sent; it is planned anew".to_owned(),
        "found done" => "it had been done before the interruption".to_owned(),
        "looked up" => "what became of it was looked up".to_owned(),
        other => plain(other),
    };
    if let Some(status) = step.status {
        text.push_str(&format!(", status {status}"));
    }
    if !step.request_id.is_empty() {
        text.push_str(&format!(", request id {}", plain(&step.request_id)));
    }
    text
}
