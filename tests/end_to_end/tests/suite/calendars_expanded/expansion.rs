//! What the judge has in a window, and what of the PSA's appointments lies in it.

use std::path::Path;
use std::process::Command;

use chrono::{DateTime, SecondsFormat};
use tandem::contract::{Date, Instant, Span};
use tandem::psa::appointment::AppointmentRecord;

use super::window::{DAYS, Window};

/// Title, start and end. Days and instants are texts that sort as they follow each other.
pub type Occurrence = (String, String, String);

/// The judge's answer.
pub struct Expansion {
    /// The window's bounds for all-day occurrences.
    days: (String, String),
    /// The window's bounds for all others.
    instants: (String, String),
    pub occurrences: Vec<Occurrence>,
}

impl Expansion {
    /// Has a calendar expanded in a window.
    pub fn ask(calendar: &Path, window: &Window) -> Self {
        let python = std::env::var_os("TANDEM_EXPANDER")
            .expect("TANDEM_EXPANDER names the Python to ask; tests/oracles/run calendars sets it");
        let script = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../oracles/recurring-ical-events/expand.py");
        let answer = Command::new(python)
            .arg(script)
            .arg(calendar)
            .args([
                window.zone.iana,
                &window.first.to_string(),
                &DAYS.to_string(),
            ])
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&answer.stderr);
        assert!(answer.status.success(), "{window:?}: {told}");
        let mut json: serde_json::Value = serde_json::from_slice(&answer.stdout).unwrap();
        let mut part = |name: &str| json[name].take();
        Self {
            days: serde_json::from_value(part("days")).unwrap(),
            instants: serde_json::from_value(part("instants")).unwrap(),
            occurrences: serde_json::from_value(part("occurrences")).unwrap(),
        }
    }

    /// The PSA's appointments inside the window. Single items after its end are there too, and so is
    /// what was inside an earlier window.
    pub fn inside(&self, records: Vec<AppointmentRecord>) -> Vec<Occurrence> {
        let all = records.into_iter().map(|record| {
            let (bounds, start, end) = match record.fields.span {
                Span::AllDay(span) => (&self.days, date(span.first), date(span.after)),
                Span::Timed(span) => (&self.instants, instant(span.start), instant(span.end)),
            };
            let inside = start < bounds.1 && end > bounds.0;
            inside.then_some((record.fields.title, start, end))
        });
        all.flatten().collect()
    }
}

fn date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}

fn instant(instant: Instant) -> String {
    DateTime::from_timestamp_micros(instant.microseconds)
        .unwrap()
        .to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
