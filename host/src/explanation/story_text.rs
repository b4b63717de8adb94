//! An item's story as it is read on a terminal.

use super::state::State;
use super::step::{Step, outcome};
use super::story::Story;
use super::text::plain;

/// How much of a plugin's digest is shown; the JSON form has all of it.
const DIGEST: usize = 12;

/// The story's lines.
#[must_use]
pub fn lines(story: &Story) -> Vec<String> {
    let mut lines = head(story);
    lines.push(String::new());
    if story.history.is_empty() {
        lines.push("History: nothing has happened to it yet.".to_owned());
    } else {
        lines.push("History, the oldest first:".to_owned());
    }
    for step in &story.history {
        lines.extend(told(step));
    }
    lines.push(String::new());
    if story.now.is_empty() {
        lines.push("Now: no mailbox has to do with it.".to_owned());
    }
    for state in &story.now {
        lines.extend(now(state));
    }
    lines
}

fn head(story: &Story) -> Vec<String> {
    let name = match (&story.title, story.private) {
        (Some(title), _) => format!("\"{}\"", plain(title)),
        (None, true) => "(private)".to_owned(),
        (None, false) => String::new(),
    };
    let mut lines = Vec::new();
    match &story.psa {
        Some(psa) => lines.push(format!(
            "{} {} {name}",
            psa.kind.replace('_', " "),
            plain(&psa.id)
        )),
        None => lines.push("an item of Exchange that is not in the PSA".to_owned()),
    }
    if let Some(when) = &story.shown_when {
        lines.push(format!("  when      {when}"));
    }
    if let Some(origin) = story.origin {
        lines.push(format!(
            "  origin    {}",
            if origin == "psa" {
                "the PSA"
            } else {
                "Exchange"
            }
        ));
    }
    if story.deleted == Some(true) {
        lines.push("  deleted   in the PSA".to_owned());
    }
    for id in &story.exchange {
        lines.push(format!("  Exchange  {}", plain(id)));
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

fn told(step: &Step) -> Vec<String> {
    let mut lines = vec![format!(
        "{}  {}  cycle {}",
        step.shown_time,
        plain(&step.mailbox),
        plain(&step.cycle)
    )];
    for (number, sentence) in step.seen.iter().enumerate() {
        let label = if number == 0 { "seen" } else { "" };
        lines.push(field(label, sentence));
    }
    if let (Some(rule), Some(why)) = (step.rule, step.why) {
        lines.push(field("rule", &format!("{why} [{rule}]")));
    }
    lines.push(field("done", &step.done));
    lines.push(field("came back", &outcome(step)));
    if !step.remark.is_empty() {
        lines.push(field("remark", &plain(&step.remark)));
    }
    let digest: String = step.plugin_digest.chars().take(DIGEST).collect();
    lines.push(field("plugin", &plain(&digest)));
    lines
}

fn field(name: &str, value: &str) -> String {
    format!("  {name:<10}{value}").trim_end().to_owned()
}

fn now(state: &State) -> Vec<String> {
    let mut lines = vec![format!(
        "Now, in {}: {}",
        plain(&state.mailbox),
        state.meaning
    )];
    if let Some(id) = &state.exchange {
        lines.push(field("partner", &format!("exchange:{}", plain(id))));
    }
    for held in &state.held {
        lines.push(match &held.approved {
            Some(at) => field("approved", &format!("{at}; the next cycle looks once more")),
            None => field(
                "waits",
                &format!(
                    "since {}; let it go with: tandem approve {}",
                    held.since, held.cycle
                ),
            ),
        });
    }
    if state.pending_writes > 0 {
        let text = "a write may have been sent; the next cycle looks up what became of it";
        lines.push(field("pending", text));
    }
    for entry in &state.look_again {
        let mut text = match &entry.due {
            Some(due) => format!("from {due} on, because {}", entry.meaning),
            None => format!("not by itself, because {}", entry.meaning),
        };
        if entry.failures > 0 {
            text.push_str(&format!(" ({} failures)", entry.failures));
        }
        if !entry.detail.is_empty() {
            text.push_str(&format!(": {}", plain(&entry.detail)));
        }
        lines.push(field("next look", &text));
    }
    if let Some(stopped) = &state.stopped {
        lines.push(field("stopped", &plain(stopped)));
    }
    lines.push(match &state.next_cycle {
        Some(due) => field("cycle due", due),
        None => field(
            "cycle due",
            "never; the user is not enabled or has no saved profile",
        ),
    });
    lines
}
