//! From the database to a mail server.
//!
//! Mails are written in the transactions that have something to tell (`store::mail`), and stay there
//! until a server took them: [`sender`] tries and tries again, [`smtp`] speaks to the server. What
//! all of them look like is said in [`letter`].

pub mod letter;
pub mod section;
pub mod sender;
pub mod smtp;
