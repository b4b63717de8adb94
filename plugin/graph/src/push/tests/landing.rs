//! Times that land elsewhere, because the server knows newer rules of a zone.

use super::*;

/// An event of the 3rd of March at this hour and minute, half an hour long.
fn at_hour(hour: u8, minute: u8) -> Value {
    let mut shown = event("a", "Visit");
    for (name, minute) in [("start", minute), ("end", minute + 30)] {
        shown[name]["dateTime"] = format!("2026-03-03T{hour:02}:{minute:02}:00.0000000").into();
    }
    shown
}

/// Moves it to 14:00 UTC.
fn moving() -> PushOperation {
    let mut moved = update("a");
    moved.patch = ExchangePatch::Event(EventPatch {
        subject: None,
        location: None,
        body: None,
        span: Some(Span::Timed(TimedSpan {
            start: at("2026-03-03T14:00:00Z"),
            end: at("2026-03-03T14:30:00Z"),
        })),
        zone: Zone {
            name: "Pacific Standard Time".into(),
        },
        sensitivity: None,
        show_as: None,
    });
    updating(moved)
}

#[test]
fn what_lands_an_hour_off_is_written_once_more_in_utc() {
    let script = Script::new()
        .then_batch(|_, _| (200, at_hour(15, 0)))
        .then_batch(|_, _| (200, at_hour(15, 0)))
        .then(response(200, &at_hour(14, 0)))
        .then_batch(|_, _| (200, at_hour(14, 0)));
    let echo = done(one(&script, moving()));
    assert!(script.is_over());
    assert_eq!(echo.writes, 2);
    let Span::Timed(now) = item(&echo).span else {
        panic!("{echo:?}")
    };
    assert_eq!(now.start, at("2026-03-03T14:00:00Z"));
    let zone = |part: &Value| part["body"]["start"]["timeZone"].clone();
    assert_eq!(zone(&script.sent_parts()[0]), "Pacific Standard Time");
    let again = &script.sent_alone()[0];
    assert_eq!(again["start"]["timeZone"], "UTC");
    assert_eq!(again["start"]["dateTime"], "2026-03-03T14:00:00.000000");
}

#[test]
fn what_a_server_rounds_or_its_user_moved_is_left() {
    for (hour, minute) in [(14, 1), (20, 0)] {
        let script = Script::new()
            .then_batch(move |_, _| (200, at_hour(hour, minute)))
            .then_batch(move |_, _| (200, at_hour(hour, minute)));
        assert_eq!(done(one(&script, moving())).writes, 1);
    }
}
