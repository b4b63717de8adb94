//! `tandem demo`.

use tempfile::TempDir;

use crate::place::{keys, tandem};

#[test]
fn demo_once_prints_one_object_of_two_cycles_and_the_second_writes_nothing() {
    let folder = TempDir::new().unwrap();
    let ended = tandem(folder.path(), &["demo", "--once", "--json"]).well();
    assert_eq!(ended.out.lines().count(), 1, "{ended:?}");
    assert_eq!(ended.err, "");
    let printed = ended.json();
    assert_eq!(keys(&printed), ["cycles"]);
    let cycles = printed["cycles"].as_array().unwrap();
    assert_eq!(cycles.len(), 2);
    for (number, cycle) in (1..).zip(cycles) {
        assert_eq!(
            keys(cycle),
            [
                "batch_parts",
                "cycle",
                "duration_ms",
                "exchange_writes",
                "failed",
                "mailboxes",
                "psa_writes",
                "requests"
            ]
        );
        for (name, value) in cycle.as_object().unwrap() {
            assert!(value.is_u64(), "{name}: {value}");
        }
        assert_eq!(cycle["cycle"], number);
        assert_eq!(cycle["mailboxes"], 12);
        assert_eq!(cycle["failed"], 0);
    }
    assert!(cycles[0]["psa_writes"].as_u64().unwrap() > 0);
    assert!(cycles[0]["exchange_writes"].as_u64().unwrap() > 0);
    assert_eq!(cycles[1]["psa_writes"], 0);
    assert_eq!(cycles[1]["exchange_writes"], 0);
    assert!(cycles[1]["requests"].as_u64().unwrap() <= 2 * 12);
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.is_empty(), "the demo leaves no file: {left:?}");
}

#[test]
fn the_demo_does_the_same_on_the_same_day_whatever_the_day() {
    let folder = TempDir::new().unwrap();
    for now in [
        "2026-11-22T08:00:00Z",
        "2024-02-29T23:30:00Z",
        "2027-03-28T01:30:00Z",
        "2030-12-31T12:00:00Z",
    ] {
        let counts = || {
            let arguments = [
                "demo",
                "--once",
                "--json",
                "--now",
                now,
                "--plugin-cache",
                "plugins",
            ];
            let mut printed = tandem(folder.path(), &arguments).well().json();
            for cycle in printed["cycles"].as_array_mut().unwrap() {
                cycle.as_object_mut().unwrap().remove("duration_ms");
            }
            printed
        };
        let first = counts();
        assert_eq!(first["cycles"][1]["psa_writes"], 0, "{now}");
        assert_eq!(first["cycles"][1]["exchange_writes"], 0, "{now}");
        assert_eq!(first, counts(), "{now}");
    }
}

#[test]
fn the_demos_json_needs_once_and_its_now_an_instant() {
    let folder = TempDir::new().unwrap();
    tandem(folder.path(), &["demo", "--json"]).refused(&["--once"]);
    for now in ["yesterday", "2026-11-22", "2026-13-01T00:00:00Z", ""] {
        tandem(folder.path(), &["demo", "--once", "--now", now]).refused(&["--now"]);
    }
    tandem(folder.path(), &["demo", "--pace", "0"]).refused(&["--pace"]);
    // An instant beyond the calendar is refused in words too.
    tandem(
        folder.path(),
        &["demo", "--once", "--now", "+262142-12-31T00:00:00Z"],
    )
    .refused(&[]);
}
