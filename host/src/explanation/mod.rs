//! Telling people what will happen and what happened, in plain words: the plan of a dry run, and
//! the history of an item.
//!
//! What is said follows two laws. Each rule has one sentence ([`rule`]), so that the plan, the
//! history and the documents never give different reasons for the same thing. And a text of an
//! item is said only where the PSA shows it anyway ([`title`]): a private item has times and
//! reasons here, never words. Everything that came from outside is made harmless for a terminal
//! before it is printed ([`text`]).

pub mod action;
pub mod change;
pub mod find;
pub mod plan;
pub mod plan_table;
pub mod rule;
pub mod state;
pub mod step;
pub mod story;
pub mod story_text;
pub mod text;
pub mod time;
pub mod title;
