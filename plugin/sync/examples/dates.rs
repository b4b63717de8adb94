//! Expands what a judge asks for: a JSON object a line in, one a line out.
//!
//! Asked is a `series`, as the contract has it, or an `rrule` with its `first` day; `from` and `to`
//! are the dates between which its dates are wanted. A series is answered with its RRULE as well.

use std::io::{BufRead, Write};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sync::contract::Recurrence;
use sync::series::{dates, rule};

#[derive(Deserialize)]
#[serde(untagged)]
enum Rule {
    Series { series: Recurrence },
    Plain { rrule: String, first: NaiveDate },
}

#[derive(Deserialize)]
struct Question {
    #[serde(flatten)]
    rule: Rule,
    from: NaiveDate,
    to: NaiveDate,
}

#[derive(Serialize)]
struct Answer {
    rrule: String,
    dates: Vec<NaiveDate>,
}

fn main() -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let Question { rule, from, to } = serde_json::from_str(&line?)?;
        let answer = match rule {
            Rule::Series { series } => Answer {
                rrule: rule::to_rrule(&series),
                dates: dates::between(&series, from, to),
            },
            Rule::Plain { rrule, first } => Answer {
                dates: dates::of_rrule(&rrule, first, from, to),
                rrule,
            },
        };
        serde_json::to_writer(&mut out, &answer)?;
        writeln!(out)?;
    }
    out.flush()
}
