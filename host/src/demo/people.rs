//! The demo's technicians.

/// A technician.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// The PSA's key.
    pub id: &'static str,
    /// The name.
    pub name: &'static str,
    /// The mailbox.
    pub address: &'static str,
    /// The mailbox's zone, as Exchange names it.
    pub zone: &'static str,
}

/// Everybody, in three zones.
pub fn people() -> Vec<Person> {
    let berlin = "W. Europe Standard Time";
    vec![
        Person {
            id: "anna",
            name: "Anna Brandt",
            address: "anna.brandt@example.com",
            zone: berlin,
        },
        Person {
            id: "bela",
            name: "Béla Kovács",
            address: "bela.kovacs@example.com",
            zone: berlin,
        },
        Person {
            id: "carol",
            name: "Carol Nguyen",
            address: "carol.nguyen@example.com",
            zone: "Pacific Standard Time",
        },
        Person {
            id: "dmitri",
            name: "Dmitri Orlov",
            address: "dmitri.orlov@example.com",
            zone: berlin,
        },
        Person {
            id: "eve",
            name: "Eve Hughes",
            address: "eve.hughes@example.com",
            zone: "New Zealand Standard Time",
        },
    ]
}
