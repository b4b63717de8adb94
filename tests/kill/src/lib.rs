//! Hosts that are killed under a busy load, and the proof that nothing is lost or doubled by it.
//!
//! Everything is real but Exchange: processes of the program, a SQLite file or a PostgreSQL database,
//! HTTP in both directions. Exchange is the emulator, which lives on in this process.
//!
//! ```text
//! cargo run -p kill -- --kills 300 --database sqlite
//! cargo run -p kill -- --kills 300 --database postgres --hosts 2 --seed 7
//! ```
//!
//! | what is tried | where |
//! |---|---|
//! | a kill at any moment, drawn from a seed | [`random`] |
//! | a kill at each named point of a cycle | [`named`], [`point`], [`stumbler`] |
//! | a host that stands still for longer than its lease, while another goes on | [`standstill`] |
//!
//! All of them have one [`place`], in which [`people`] work on both sides and write down what they did
//! ([`book`]). When it is quiet again ([`quiet`]), both sides are judged ([`check`]): through the
//! emulator's view for people and through `/api/v1`, and by nothing that the product itself is made of.

pub mod book;
pub mod check;
pub mod database;
pub mod interface;
pub mod load;
pub mod named;
pub mod people;
pub mod place;
pub mod point;
pub mod process;
pub mod quiet;
pub mod random;
pub mod report;
pub mod role;
pub mod row;
pub mod standstill;
pub mod stumbler;

/// What stands in the way of a run; that a promise was broken among it.
pub type Broken = Box<dyn std::error::Error + Send + Sync>;

/// The result of everything here.
pub type Result<T> = std::result::Result<T, Broken>;
