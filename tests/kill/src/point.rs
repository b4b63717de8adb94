//! The points of a cycle at which a host is made to fall.
//!
//! A point is a moment of the database within a step, or a request on its way to Exchange. Between two
//! of them nothing changes that outlives the process.

use tandem::store::moment::Moment;

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A token.
    Token,
    /// Something is read.
    Read,
    /// Something may be changed.
    Write,
}

/// Before a request is sent, or after its answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// It was not sent.
    Before,
    /// It took effect, and nobody knows.
    After,
}

/// Where a host can fall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// A moment of the database in a step, counted from 1 in each cycle.
    Step(&'static str, Moment, u32),
    /// A request.
    Request(Purpose, Edge),
}

/// A point with its name.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// As people call it.
    pub name: &'static str,
    /// Where it is.
    pub spot: Spot,
}

const fn step(name: &'static str, step: &'static str, moment: Moment, count: u32) -> Point {
    let spot = Spot::Step(step, moment, count);
    Point { name, spot }
}

const fn request(name: &'static str, purpose: Purpose, edge: Edge) -> Point {
    let spot = Spot::Request(purpose, edge);
    Point { name, spot }
}

/// After a lot is noted as sent and before it is handed over.
pub const MARKED: Point = step("noted as sent", "push", Moment::Committed, 2);

/// Within the transaction that applies a plan.
pub const APPLYING: Point = step("about to apply", "apply", Moment::Commit, 1);

/// After Exchange did what was asked and before that is recorded.
pub const WRITTEN: Point = request("written", Purpose::Write, Edge::After);

/// All points, in the order of a cycle. Where `push` falls, the next host recovers: its points follow.
pub const POINTS: [Point; 25] = [
    step("about to open", "open", Moment::Commit, 1),
    step("opened", "open", Moment::Committed, 1),
    request("about to ask for a token", Purpose::Token, Edge::Before),
    request("token given", Purpose::Token, Edge::After),
    request("about to read", Purpose::Read, Edge::Before),
    request("read", Purpose::Read, Edge::After),
    step("about to stage", "observe", Moment::Commit, 1),
    step("staged", "observe", Moment::Committed, 1),
    step("planning", "plan", Moment::Read, 1),
    step("guarding", "guard", Moment::Read, 1),
    APPLYING,
    step("applied", "apply", Moment::Committed, 1),
    step("about to note as sent", "push", Moment::Commit, 2),
    MARKED,
    step("about to recover", "recover", Moment::Commit, 2),
    request("about to write", Purpose::Write, Edge::Before),
    step("recovered", "recover", Moment::Committed, 2),
    WRITTEN,
    step("about to record", "push", Moment::Commit, 3),
    step(
        "about to recover what was done",
        "recover",
        Moment::Commit,
        2,
    ),
    step("recovered what was done", "recover", Moment::Committed, 2),
    step("recorded", "push", Moment::Committed, 3),
    step("about to settle", "settle", Moment::Commit, 1),
    step("settled", "settle", Moment::Committed, 1),
    step("the next cycle opened", "open", Moment::Committed, 1),
];

/// The point of this name.
#[must_use]
pub fn named(name: &str) -> Option<Point> {
    POINTS.into_iter().find(|point| point.name == name)
}
