//! What people do, drawn: in the PSA, in Outlook, and to the machine.

pub mod business;
pub mod content;
pub mod damage;
pub mod hand_over;
pub mod outlook;
pub mod psa;
pub mod removal;
pub mod settings;
