use super::*;

fn at(text: &str) -> Instant {
    instant(text.parse::<DateTime<Utc>>().unwrap())
}

fn wall(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn known(name: &str) -> Option<Tz> {
    resolve(&Zone { name: name.into() })
}

#[test]
fn a_time_in_the_skipped_hour_moves_forward() {
    let berlin = Tz::Europe__Berlin;
    assert_eq!(
        from_wall_time(wall("2026-03-29T02:30:00"), berlin),
        Some(at("2026-03-29T01:30:00Z"))
    );
}

#[test]
fn a_time_in_the_repeated_hour_is_the_first() {
    let berlin = Tz::Europe__Berlin;
    assert_eq!(
        from_wall_time(wall("2026-10-25T02:30:00"), berlin),
        Some(at("2026-10-25T00:30:00Z"))
    );
    assert!(!is_unambiguous(at("2026-10-25T01:30:00Z"), berlin));
    assert!(is_unambiguous(at("2026-10-25T03:30:00Z"), berlin));
}
#[test]
fn a_gap_of_half_an_hour_moves_times_by_half_an_hour() {
    assert_eq!(
        from_wall_time(wall("2026-10-04T02:15:00"), Tz::Australia__Lord_Howe),
        Some(at("2026-10-03T15:45:00Z"))
    );
    assert_eq!(
        wall_time(at("2026-10-03T15:45:00Z"), Tz::Australia__Lord_Howe),
        Some(wall("2026-10-04T02:45:00"))
    );
}

#[test]
fn a_time_on_a_day_that_a_zone_skipped_is_on_the_next() {
    // Samoa went from one side of the date line to the other.
    let apia = Tz::Pacific__Apia;
    let moved = from_wall_time(wall("2011-12-30T09:00:00"), apia);
    assert_eq!(moved, Some(at("2011-12-30T19:00:00Z")));
    assert_eq!(
        wall_time(at("2011-12-30T19:00:00Z"), apia),
        Some(wall("2011-12-31T09:00:00"))
    );
}

#[test]
fn a_day_without_midnight_begins_behind_the_gap() {
    for (zone, day, begin) in [
        (Tz::Africa__Cairo, "2026-04-24", "2026-04-23T22:00:00Z"),
        (Tz::Asia__Beirut, "2026-03-29", "2026-03-28T22:00:00Z"),
        (Tz::America__Santiago, "2026-09-06", "2026-09-06T04:00:00Z"),
        (Tz::America__Havana, "2026-03-08", "2026-03-08T05:00:00Z"),
    ] {
        let day = day.parse().unwrap();
        assert_eq!(midnight(date(day), zone), Some(at(begin)), "{zone}");
        let shown = wall_time(at(begin), zone).unwrap();
        assert_eq!(shown, day.and_hms_opt(1, 0, 0).unwrap(), "{zone}");
    }
}

#[test]
fn a_day_with_two_midnights_begins_with_the_first() {
    let day = date("2025-11-02".parse().unwrap());
    assert_eq!(
        midnight(day, Tz::America__Havana),
        Some(at("2025-11-02T04:00:00Z"))
    );
}

#[test]
fn an_instant_has_its_day_in_the_farthest_and_the_crookedest_zones() {
    for (zone, begin) in [
        ("Line Islands Standard Time", "2026-11-22T10:00:00Z"),
        ("Pacific/Kiritimati", "2026-11-22T10:00:00Z"),
        ("Dateline Standard Time", "2026-11-23T12:00:00Z"),
        ("Etc/GMT+12", "2026-11-23T12:00:00Z"),
        ("India Standard Time", "2026-11-22T18:30:00Z"),
        ("Nepal Standard Time", "2026-11-22T18:15:00Z"),
        ("Newfoundland Standard Time", "2026-11-23T03:30:00Z"),
        ("Chatham Islands Standard Time", "2026-11-22T10:15:00Z"),
        ("Aus Central W. Standard Time", "2026-11-22T15:15:00Z"),
    ] {
        let day = date("2026-11-23".parse().unwrap());
        let before = date("2026-11-22".parse().unwrap());
        let zone = known(zone).unwrap();
        assert_eq!(midnight(day, zone), Some(at(begin)), "{zone}");
        let begin = at(begin);
        let earlier = Instant {
            microseconds: begin.microseconds - 1,
        };
        assert_eq!(day_of(begin, zone, 0), Some(day), "{zone}");
        assert_eq!(day_of(earlier, zone, 0), Some(before), "{zone}");
        assert_eq!(day_of(earlier, zone, 1), Some(day), "{zone}");
    }
}
