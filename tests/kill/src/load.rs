//! A busy load: people who never rest, and callers who ask for one cycle after another.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::Result;
use crate::interface::Answer;
use crate::people::People;
use crate::place::Place;

/// How many ask for cycles; the schedule of each host runs beside them.
const CALLERS: usize = 3;

/// Between two deeds of people.
const BREATH: Duration = Duration::from_millis(15);

/// A load that goes on until it is ended.
pub struct Load {
    stop: watch::Sender<bool>,
    people: JoinHandle<Result<People>>,
    callers: Vec<JoinHandle<()>>,
}

impl Load {
    /// Begins it.
    #[must_use]
    pub fn begin(place: &Place, people: People) -> Self {
        let (stop, stopped) = watch::channel(false);
        let callers = (0..CALLERS)
            .map(|first| tokio::spawn(call(place, first, stopped.clone())))
            .collect();
        Self {
            stop,
            people: tokio::spawn(work(people, stopped)),
            callers,
        }
    }

    /// Ends it when everybody has put down what is in hand.
    ///
    /// # Errors
    /// When people could not do what should be possible.
    pub async fn end(self) -> Result<People> {
        let _ = self.stop.send(true);
        for caller in self.callers {
            caller.await?;
        }
        self.people.await?
    }
}

async fn work(mut people: People, stopped: watch::Receiver<bool>) -> Result<People> {
    while !*stopped.borrow() {
        people.act().await?;
        tokio::time::sleep(BREATH).await;
    }
    Ok(people)
}

/// Asks for one member's cycle after the other's, at one host after the other.
fn call(
    place: &Place,
    first: usize,
    stopped: watch::Receiver<bool>,
) -> impl Future<Output = ()> + use<> {
    let interface = place.interface.clone();
    let users: Vec<String> = place
        .members
        .iter()
        .map(|member| member.user.clone())
        .collect();
    async move {
        let mut turn = first;
        while !*stopped.borrow() {
            let user = users.get(turn % users.len().max(1)).map(String::as_str);
            let host = turn % interface.hosts().max(1);
            match interface.synchronise(host, user).await {
                Answer::Done(_) => {}
                // Another host is at work on the mailbox, or this one is gone.
                _ => tokio::time::sleep(BREATH).await,
            }
            turn += CALLERS;
        }
    }
}
