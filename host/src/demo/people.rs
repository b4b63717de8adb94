//! The demo's technicians: twelve who synchronise, and one who joined today.

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
    /// At which hour of UTC the working day begins there.
    pub morning: u32,
}

const fn person(
    id: &'static str,
    name: &'static str,
    address: &'static str,
    (zone, morning): (&'static str, u32),
) -> Person {
    Person {
        id,
        name,
        address,
        zone,
        morning,
    }
}

const BERLIN: (&str, u32) = ("W. Europe Standard Time", 7);
const LONDON: (&str, u32) = ("GMT Standard Time", 8);
const SEATTLE: (&str, u32) = ("Pacific Standard Time", 16);
const AUCKLAND: (&str, u32) = ("New Zealand Standard Time", 20);

const PEOPLE: [Person; 12] = [
    person("anna", "Anna Brandt", "anna.brandt@example.com", BERLIN),
    person("bela", "Béla Kovács", "bela.kovacs@example.com", BERLIN),
    person("carol", "Carol Nguyen", "carol.nguyen@example.com", SEATTLE),
    person("dmitri", "Dmitri Orlov", "dmitri.orlov@example.com", BERLIN),
    person("eve", "Eve Hughes", "eve.hughes@example.com", AUCKLAND),
    person("femi", "Femi Adeyemi", "femi.adeyemi@example.com", LONDON),
    person(
        "greta",
        "Greta Lindqvist",
        "greta.lindqvist@example.com",
        BERLIN,
    ),
    person("hassan", "Hassan Demir", "hassan.demir@example.com", BERLIN),
    person("ines", "Inês Carvalho", "ines.carvalho@example.com", LONDON),
    person("jonas", "Jonas Weiss", "jonas.weiss@example.com", BERLIN),
    person("kiri", "Kiri Walker", "kiri.walker@example.com", AUCKLAND),
    person(
        "lorenzo",
        "Lorenzo Bassi",
        "lorenzo.bassi@example.com",
        BERLIN,
    ),
];

/// Who joined today: she stands in the PSA and has a mailbox, and whoever tries the demo may enable her.
pub const NEWCOMER: Person = person("mira", "Mira Sommer", "mira.sommer@example.com", BERLIN);

/// Everybody else, in four zones.
pub fn people() -> Vec<Person> {
    PEOPLE.to_vec()
}
