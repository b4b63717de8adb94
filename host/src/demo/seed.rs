//! What stands in the calendars when the demo begins: the same for the same day.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use exchange::{Draft, Sensitivity as ExchangeSensitivity, ShowAs as ExchangeShowAs, Zone};
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::{Demo, DemoError, NEWCOMER, Person, business, weeks};
use crate::contract::{Appointment, Date, DaySpan, Instant, PsaId, Span, TimedSpan};
use crate::psa::appointment;

/// What the drawing begins with: the same world every time.
const SEED: u64 = 20_261_122;

/// An appointment that everybody has: days from today, hour (UTC), minutes, title, description.
const OF_EVERYBODY: [(i64, u32, i64, &str, &str); 2] = [
    (0, 7, 30, "Stand-up of the service desk", "Short, standing."),
    (
        40,
        9,
        120,
        "Yearly audit",
        "Far ahead: single items have no forward limit.",
    ),
];

/// An item of Exchange: days from today, hour (wall time), minutes, subject, how it is shown.
const AT_EXCHANGE: [(u64, u32, i64, &str, How); 6] = [
    (0, 15, 30, "Dentist", How::Private),
    (1, 9, 60, "Lunch and learn", How::Busy),
    (2, 16, 45, "Call with the distributor", How::Busy),
    (3, 10, 60, "Focus time", How::Free),
    (4, 0, 0, "Parents' day at school", How::AllDay),
    (6, 11, 60, "Project meeting", How::Meeting),
];

#[derive(Clone, Copy)]
enum How {
    Busy,
    Private,
    Free,
    AllDay,
    Meeting,
}

/// Fills both sides.
pub async fn seed(demo: &Demo) -> Result<(), DemoError> {
    let now = demo.host.clock.now();
    let now = DateTime::from_timestamp_micros(now.microseconds).ok_or(DemoError::Clock)?;
    let today = now.date_naive();
    let tenant = demo.host.store.tenant(&demo.tenant);
    let mut chance = StdRng::seed_from_u64(SEED);
    let mut transaction = tenant.begin().await?;
    let business = business::make(&mut transaction, &demo.people, &mut chance).await?;
    weeks::fill(
        &mut transaction,
        &demo.people,
        &business,
        today,
        &mut chance,
    )
    .await?;
    business::hire(&mut transaction, &NEWCOMER).await?;
    for person in demo.people.iter().chain([&NEWCOMER]) {
        let owner = PsaId {
            value: person.id.to_owned(),
        };
        for fields in appointments(today).ok_or(DemoError::Clock)? {
            appointment::create(&mut transaction, &owner, &fields).await?;
        }
    }
    transaction.commit().await?;
    for (number, person) in demo.people.iter().chain([&NEWCOMER]).enumerate() {
        let inviting = demo.people.get((number + 1) % demo.people.len());
        for draft in events(person, inviting, today).ok_or(DemoError::Clock)? {
            demo.model.person(person.address).create(&draft)?;
        }
    }
    Ok(())
}

fn appointments(today: NaiveDate) -> Option<Vec<Appointment>> {
    let mut all = Vec::new();
    for (days, hour, minutes, title, description) in OF_EVERYBODY {
        let start = today.and_hms_opt(hour, 0, 0)?.and_utc();
        let start = start.checked_add_signed(TimeDelta::days(days))?;
        let end = start.checked_add_signed(TimeDelta::minutes(minutes))?;
        all.push(plain(title, description, timed(start, end)));
    }
    let fair = |days: u64| today.checked_add_days(Days::new(days)).map(crate_date);
    let span = Span::AllDay(DaySpan {
        first: fair(8)?,
        after: fair(10)?,
    });
    all.push(plain("Trade fair", "Stand 14 in hall 3.", span));
    Some(all)
}

/// An appointment that is neither private nor free.
pub fn plain(title: &str, description: &str, span: Span) -> Appointment {
    Appointment {
        title: title.to_owned(),
        description: description.to_owned(),
        span,
        private: false,
        free: false,
        recurring: false,
        not_answered: false,
    }
}

/// A span between two instants.
pub fn timed(start: DateTime<Utc>, end: DateTime<Utc>) -> Span {
    let instant = |time: DateTime<Utc>| Instant {
        microseconds: time.timestamp_micros(),
    };
    Span::Timed(TimedSpan {
        start: instant(start),
        end: instant(end),
    })
}

fn crate_date(day: NaiveDate) -> Date {
    use chrono::Datelike;
    let small = |number: u32| u8::try_from(number).unwrap_or(1);
    Date {
        year: day.year(),
        month: small(day.month()),
        day: small(day.day()),
    }
}

fn events(person: &Person, inviting: Option<&Person>, today: NaiveDate) -> Option<Vec<Draft>> {
    let zone = Zone::parse(person.zone)?;
    let mut all = Vec::new();
    for (days, hour, minutes, subject, how) in AT_EXCHANGE {
        let day = today.checked_add_days(Days::new(days))?;
        let start = day.and_time(NaiveTime::from_hms_opt(hour, 0, 0)?);
        let end = start.checked_add_signed(TimeDelta::minutes(minutes))?;
        let mut draft = Draft::new(subject, start, end, &zone);
        match how {
            How::Busy => {}
            How::Private => draft.sensitivity = Some(ExchangeSensitivity::Private),
            How::Free => draft.show_as = Some(ExchangeShowAs::Free),
            How::AllDay => draft = Draft::all_day(subject, day, day.succ_opt()?, &zone),
            How::Meeting => {
                if let Some(other) = inviting {
                    draft = draft.inviting(&[other.address]);
                }
            }
        }
        all.push(draft);
    }
    Some(all)
}
