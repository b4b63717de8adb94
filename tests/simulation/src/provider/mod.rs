//! The ways to Exchange, one for each component that the program carries: which one a run takes, and
//! what goes wrong on it.

pub mod ews;
pub mod graph;

use bytes::Bytes;
use exchange::{Behaviour, Fault};
use http::Response;
use tandem::runtime::embedded::Embedded;

use crate::dice::Dice;

/// Where the host believes EWS to be.
pub const EWS: &str = "https://mail.example/EWS/Exchange.asmx";

/// Where the host believes Graph to be; links to next pages lead there too.
pub const GRAPH: &str = "https://graph.example";

/// The one that a seed takes: each takes its turn.
#[must_use]
pub fn of_seed(seed: u64) -> Embedded {
    let all = Embedded::ALL;
    let place = usize::try_from(seed).unwrap_or_default() % all.len();
    all.get(place).copied().unwrap_or(Embedded::Graph)
}

/// Its name on the command line.
#[must_use]
pub const fn name(provider: Embedded) -> &'static str {
    match provider {
        Embedded::Graph => "graph",
        Embedded::Ews => "ews",
    }
}

/// The one that a request was sent to; whatever is not EWS answers like Graph.
#[must_use]
pub fn asked(target: &str) -> Embedded {
    match EWS.ends_with(target) {
        true => Embedded::Ews,
        false => Embedded::Graph,
    }
}

/// A server, each of its ways drawn. All are, because a run may change from one to the other.
pub fn behaviour(seed: u64, dice: &mut Dice) -> Behaviour {
    ews::behaviour(&mut Dice::new(seed, 3), graph::behaviour(dice))
}

/// A fault of the server itself, which may hit a single part of a request. One of these items, by their
/// ids in EWS, may be beyond reading.
pub fn fault(provider: Embedded, dice: &mut Dice, items: &[String]) -> Fault {
    match provider {
        Embedded::Graph => graph::fault(dice),
        Embedded::Ews => ews::fault(dice, items),
    }
}

/// What a request asks for, where its target does not tell.
#[must_use]
pub fn operation(provider: Embedded, body: &str) -> Option<&str> {
    match provider {
        Embedded::Graph => None,
        Embedded::Ews => Some(ews::operation(body)),
    }
}

/// Whether a request changes or deletes what is there.
#[must_use]
pub fn overwrites(provider: Embedded, body: &str) -> bool {
    match provider {
        Embedded::Graph => graph::overwrites(body),
        Embedded::Ews => ews::overwrites(body),
    }
}

/// Whether a request makes what Exchange would make twice if it came twice. What a network delivers twice
/// is there twice then, and nobody can tell.
#[must_use]
pub fn makes_without_key(provider: Embedded, body: &str) -> bool {
    match provider {
        Embedded::Graph => graph::makes_without_key(body),
        Embedded::Ews => ews::makes_without_key(body),
    }
}

/// A busy server that does nothing.
#[must_use]
pub fn busy(provider: Embedded) -> Response<Bytes> {
    match provider {
        Embedded::Graph => graph::busy(),
        Embedded::Ews => ews::busy(),
    }
}

/// A server that denies what it has done.
#[must_use]
pub fn denial(provider: Embedded) -> Response<Bytes> {
    match provider {
        Embedded::Graph => graph::denial(),
        Embedded::Ews => ews::denial(),
    }
}
