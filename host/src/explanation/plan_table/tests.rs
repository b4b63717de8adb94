use super::*;
use crate::contract::{
    Action, Appointment, AppointmentPatch, Digest, Evidence, ExchangeId, ExchangeReference,
    Fingerprint, Instant, ItemKind, LinkChange, LinkTarget, Operation, PsaContent, PsaCreation,
    PsaId, PsaReference, PsaRow, PsaUpdate, RowVersion, Rule, Sensitivity, ShowAs, Side, TimedSpan,
};
use crate::cycle::{Foreseen, Verdict};
use crate::explanation::plan::row;

fn hours(from: i64, to: i64) -> Span {
    // Monday, 2026-11-23, in UTC.
    let at = |hour: i64| Instant {
        microseconds: (1_795_392_000 + hour * 3_600) * 1_000_000,
    };
    Span::Timed(TimedSpan {
        start: at(from),
        end: at(to),
    })
}

fn digest(span: Span, sensitivity: Sensitivity) -> Digest {
    let print = || Fingerprint { hex: String::new() };
    Digest {
        span,
        subject: print(),
        location: print(),
        body: print(),
        sensitivity,
        show_as: ShowAs::Busy,
    }
}

fn reference() -> PsaReference {
    PsaReference {
        kind: ItemKind::Appointment,
        id: PsaId { value: "7".into() },
    }
}

fn psa_row(title: &str, private: bool) -> PsaRow {
    let version = RowVersion { number: 1 };
    PsaRow {
        reference: reference(),
        version,
        person_version: version,
        owner: None,
        origin: Side::Psa,
        deleted: false,
        exchange: None,
        copy_deleted: None,
        web_link: String::new(),
        content: PsaContent::Appointment(Appointment {
            title: title.to_owned(),
            description: "do not tell".to_owned(),
            span: hours(9, 10),
            private,
            free: false,
            recurring: false,
            not_answered: false,
        }),
    }
}

fn foreseen(action: Action, rule: Rule, fields: &[&str]) -> Foreseen {
    let psa = matches!(action, Action::UpdatePsa(_)).then(reference);
    Foreseen {
        operation: Operation {
            group: 0,
            link: LinkTarget::None,
            evidence: Evidence {
                base: None,
                psa: psa
                    .as_ref()
                    .map(|_| digest(hours(9, 10), Sensitivity::Normal)),
                exchange: None,
                fields: fields.iter().map(|it| (*it).to_owned()).collect(),
            },
            psa,
            exchange: Some(ExchangeId {
                value: "AAMk".into(),
            }),
            action,
            after: LinkChange::Keep,
            rule,
            remark: String::new(),
        },
        verdict: Verdict::Allowed,
        subject: None,
    }
}

fn update() -> Foreseen {
    let patch = AppointmentPatch {
        title: Some("New \u{1b}[31mtitle".into()),
        description: Some("do not tell this either".into()),
        span: Some(hours(11, 12)),
        private: None,
        free: None,
        recurring: None,
        not_answered: None,
    };
    let update = PsaUpdate {
        reference: reference(),
        version: RowVersion { number: 1 },
        patch,
        exchange: None,
    };
    let fields = ["time", "title", "description"];
    foreseen(
        Action::UpdatePsa(update),
        Rule::ExchangeItemChanged,
        &fields,
    )
}

fn creation(private: bool) -> Foreseen {
    let PsaContent::Appointment(appointment) = psa_row("Lunch", private).content else {
        unreachable!()
    };
    let exchange = ExchangeReference {
        id: ExchangeId {
            value: "AAMk".into(),
        },
        uid: None,
        slot: None,
    };
    let creation = PsaCreation {
        appointment,
        exchange,
    };
    foreseen(Action::CreatePsa(creation), Rule::ExchangeItemIsNew, &[])
}

fn shown(rows: &[PlanRow]) -> String {
    lines(rows, Shown::of(None)).join("\n")
}

#[test]
fn a_change_is_shown_from_what_to_what() {
    let text = shown(&[row(&update(), Some(&psa_row("Old title", false)))]);
    let expected = "\
WHAT               ITEM           WHEN (UTC)                  WHY
change in the PSA  \"Old title\" 7  Mon 2026-11-23 09:00–10:00  The item was changed in Exchange, where it comes from.
    time: Mon 2026-11-23 09:00–10:00 → Mon 2026-11-23 11:00–12:00
    title: \"Old title\" → \"New \u{fffd}[31mtitle\"
    description";
    assert_eq!(text, expected);
}

#[test]
fn a_private_item_is_shown_without_words() {
    let rows = [
        row(&update(), Some(&psa_row("Old title", true))),
        row(&creation(true), None),
    ];
    let everything = format!("{}{}", shown(&rows), serde_json::to_string(&rows).unwrap());
    for word in ["Old title", "New", "Lunch", "do not tell"] {
        assert!(!everything.contains(word), "{everything}");
    }
    assert!(everything.contains("(private) 7"), "{everything}");
    assert!(everything.contains("2026-11-23 11:00"), "{everything}");
}

#[test]
fn a_description_is_never_shown() {
    let rows = [
        row(&update(), Some(&psa_row("Old title", false))),
        row(&creation(false), None),
    ];
    let everything = format!("{}{}", shown(&rows), serde_json::to_string(&rows).unwrap());
    assert!(everything.contains("Lunch"));
    assert!(!everything.contains("do not tell"), "{everything}");
}

#[test]
fn what_the_guard_keeps_back_says_so() {
    let held = Foreseen {
        verdict: Verdict::Held,
        ..creation(false)
    };
    let refused = Foreseen {
        verdict: Verdict::Refused("the item has attendees, who would be mailed"),
        ..creation(false)
    };
    let text = shown(&[row(&held, None), row(&refused, None)]);
    assert!(text.contains("Waits for approval."), "{text}");
    assert!(
        text.contains("The host refuses it: the item has attendees"),
        "{text}"
    );
}

#[test]
fn what_is_left_alone_as_usual_is_counted() {
    let past = || row(&foreseen(Action::Nothing, Rule::BeforeWindow, &[]), None);
    let ambiguous = row(
        &foreseen(Action::Nothing, Rule::ContentAmbiguous, &[]),
        None,
    );
    let text = shown(&[past(), ambiguous, past()]);
    assert!(text.contains("leave alone  exchange:AAMk"), "{text}");
    assert!(
        text.contains("2 more left alone: The item ends before"),
        "{text}"
    );
    assert!(shown(&[past()]).starts_with("nothing would be written"));
}
