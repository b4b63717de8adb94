//! Failed tries to sign in, so that nobody can guess for long: after a few failures under one name, or
//! from one address, tries are refused for growing pauses.
//!
//! A try is counted before it is looked at, and forgiven when it succeeds: so that guesses made at
//! once count each. After a day without failures all is forgotten.

use std::time::Duration;

use super::bearer::digest;
use super::database::Database;
use super::error::Result;
use super::lease::micros;
use super::statement::sql;

/// The first pause; each further failure doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(15);

/// No pause is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);

/// After so long without a failure all is forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// What failures are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject<'a> {
    /// The name that was typed; there need be nobody of that name.
    Name(&'a str),
    /// Where the try came from: many people may share it.
    Address(&'a str),
}

impl Subject<'_> {
    /// How many failures have no consequence.
    const fn free(self) -> u32 {
        match self {
            Self::Name(_) => 5,
            Self::Address(_) => 30,
        }
    }

    /// What is kept of it: somebody may have typed a password in the name's place.
    fn digest(self) -> String {
        match self {
            Self::Name(name) => digest(&format!("name {}", name.trim().to_lowercase())),
            Self::Address(address) => digest(&format!("address {address}")),
        }
    }

    /// How long tries are refused after so many failures.
    fn pause(self, failures: u32) -> Duration {
        match failures.checked_sub(self.free() + 1) {
            None => Duration::ZERO,
            Some(doubled) => FIRST_PAUSE
                .saturating_mul(1_u32.checked_shl(doubled).unwrap_or(u32::MAX))
                .min(LONGEST_PAUSE),
        }
    }
}

/// What becomes of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Try {
    /// It may be looked at, and is counted as failed until it is [forgiven](FailedSignIns::forgive).
    Allowed,
    /// It is refused unseen, for so long.
    Refused(Duration),
}

/// All failed tries; see [`Store::failed_sign_ins`](super::Store::failed_sign_ins).
#[derive(Clone, Copy, Debug)]
pub struct FailedSignIns<'a> {
    database: &'a Database,
}

impl<'a> FailedSignIns<'a> {
    pub(super) fn new(database: &'a Database) -> Self {
        Self { database }
    }

    /// Counts a try, unless it comes in a pause.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin(&self, subject: Subject<'_>) -> Result<Try> {
        let clock = self.database.clock();
        let mut open = self.database.begin().await?;
        let forgotten = micros(FORGOTTEN_AFTER);
        let statement = sql!(
            "DELETE FROM failed_sign_in WHERE last < {now} - $1",
            forgotten
        );
        open.execute(clock, statement).await?;
        // Its lock on the row makes tries of one subject wait for each other.
        let counted = sql!(
            "INSERT INTO failed_sign_in (subject, failures, last, refused_until)
             VALUES ($1, 1, {now}, 0)
             ON CONFLICT (subject) DO UPDATE
               SET failures = failed_sign_in.failures + 1, last = excluded.last
             WHERE failed_sign_in.refused_until <= {now}
             RETURNING failures",
            subject.digest(),
        );
        let outcome = match open.fetch(clock, counted).await?.first() {
            Some(row) => {
                let pause = subject.pause(row.unsigned("failures")?);
                let statement = sql!(
                    "UPDATE failed_sign_in SET refused_until = {now} + $2 WHERE subject = $1",
                    subject.digest(),
                    micros(pause),
                );
                open.execute(clock, statement).await?;
                Try::Allowed
            }
            None => {
                let statement = sql!(
                    "SELECT refused_until - {now} AS pause FROM failed_sign_in WHERE subject = $1",
                    subject.digest(),
                );
                let rows = open.fetch(clock, statement).await?;
                let pause = rows.first().map_or(Ok(0), |row| row.get::<i64>("pause"))?;
                Try::Refused(Duration::from_micros(u64::try_from(pause).unwrap_or(0)))
            }
        };
        self.database.keep(open).await?;
        Ok(outcome)
    }

    /// Takes back that a try was counted: it succeeded. Of a name all is forgotten; of an address only
    /// this try, or else who has an account could guess at others without end.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn forgive(&self, subject: Subject<'_>) -> Result<()> {
        let text = match subject {
            Subject::Name(_) => "DELETE FROM failed_sign_in WHERE subject = $1",
            Subject::Address(_) => {
                "UPDATE failed_sign_in SET failures = failures - 1, refused_until = 0
                  WHERE subject = $1 AND failures > 0"
            }
        };
        let statement = sql!(text, subject.digest());
        self.database.write(statement).await.map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Instant;

    #[tokio::test]
    async fn pauses_grow_with_each_failure_and_end_after_a_success_or_a_day() {
        let database = Database::open("sqlite::memory:").await.unwrap();
        let at = |seconds: i64| {
            database.stand_at(Instant {
                microseconds: seconds * 1_000_000,
            })
        };
        let failed = FailedSignIns::new(&database);
        let name = Subject::Name("Ada");
        at(100);
        for _ in 0..5 {
            assert_eq!(failed.begin(name).await.unwrap(), Try::Allowed);
        }
        assert_eq!(failed.begin(name).await.unwrap(), Try::Allowed);
        let pause = |seconds| Try::Refused(Duration::from_secs(seconds));
        assert_eq!(
            failed.begin(Subject::Name(" ADA")).await.unwrap(),
            pause(15)
        );
        assert_eq!(
            failed.begin(Subject::Name("bob")).await.unwrap(),
            Try::Allowed
        );
        at(115);
        assert_eq!(failed.begin(name).await.unwrap(), Try::Allowed);
        at(120);
        assert_eq!(failed.begin(name).await.unwrap(), pause(25));
        at(145);
        assert_eq!(failed.begin(name).await.unwrap(), Try::Allowed);
        failed.forgive(name).await.unwrap();
        assert_eq!(failed.begin(name).await.unwrap(), Try::Allowed);
        for _ in 0..5 {
            assert_eq!(failed.begin(name).await.unwrap(), Try::Allowed);
        }
        assert_eq!(failed.begin(name).await.unwrap(), pause(15));
        at(145 + 24 * 60 * 60 + 1);
        assert_eq!(failed.begin(name).await.unwrap(), Try::Allowed);
        assert_eq!(failed.begin(name).await.unwrap(), Try::Allowed);
    }

    #[tokio::test]
    async fn who_signs_in_well_is_forgiven_one_try_of_the_address() {
        let database = Database::open("sqlite::memory:").await.unwrap();
        database.stand_at(Instant { microseconds: 0 });
        let failed = FailedSignIns::new(&database);
        let address = Subject::Address("192.0.2.1");
        for _ in 0..31 {
            assert_eq!(failed.begin(address).await.unwrap(), Try::Allowed);
        }
        assert!(matches!(
            failed.begin(address).await.unwrap(),
            Try::Refused(_)
        ));
        failed.forgive(address).await.unwrap();
        assert_eq!(failed.begin(address).await.unwrap(), Try::Allowed);
        assert!(matches!(
            failed.begin(address).await.unwrap(),
            Try::Refused(_)
        ));
    }

    #[test]
    fn no_pause_is_longer_than_a_quarter_of_an_hour() {
        let name = Subject::Name("a");
        assert_eq!(name.pause(5), Duration::ZERO);
        assert_eq!(name.pause(6), FIRST_PAUSE);
        assert_eq!(name.pause(7), 2 * FIRST_PAUSE);
        for failures in [13, 40, u32::MAX] {
            assert_eq!(name.pause(failures), LONGEST_PAUSE);
        }
    }
}
