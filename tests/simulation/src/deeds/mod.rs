//! What people do, drawn: in the PSA, in Outlook, and to the machine.

pub mod damage;
pub mod outlook;
pub mod psa;
pub mod settings;
