//! What the demo's companies, people and work are called. All of it is invented.

/// What companies are called after; with [`TRADES`] all their names.
pub const NAMES: [&str; 20] = [
    "Nordlicht",
    "Hafen",
    "Kiesel",
    "Möwe",
    "Falkenau",
    "Birkenhof",
    "Silberbach",
    "Adlerstein",
    "Morgenrot",
    "Lindental",
    "Brückner",
    "Seestern",
    "Rotdorn",
    "Windmühlen",
    "Ostertor",
    "Klarwasser",
    "Eulenspiegel",
    "Dreieck",
    "Grünwinkel",
    "Sonnenfeld",
];

/// What companies do.
pub const TRADES: [&str; 15] = [
    "Bakeries",
    "Logistics",
    "Hotels",
    "Printing",
    "Dental Care",
    "Timber",
    "Legal",
    "Plumbing",
    "Opticians",
    "Insurance",
    "Garden Centre",
    "Machine Works",
    "Architects",
    "Pharmacy",
    "Cycles",
];

/// Streets, without their numbers.
pub const STREETS: [&str; 8] = [
    "Kanalweg",
    "Am Speicher",
    "Lindenallee",
    "Alte Werft",
    "Mühlengasse",
    "Bahnhofstraße",
    "Marktplatz",
    "Deichstraße",
];

/// Towns with their postal codes.
pub const TOWNS: [(&str, &str); 8] = [
    ("00101", "Altenhagen"),
    ("00214", "Brunsmoor"),
    ("00327", "Kolkwitz am See"),
    ("00440", "Neuhafen"),
    ("00553", "Oberlinden"),
    ("00666", "Rabenfels"),
    ("00779", "Tiefenbruch"),
    ("00892", "Westerdeich"),
];

/// Given names of contacts.
pub const GIVEN_NAMES: [&str; 16] = [
    "Ada", "Bruno", "Clara", "Deniz", "Emil", "Frieda", "Goran", "Hanna", "Ida", "Jakob", "Katja",
    "Leo", "Mira", "Nils", "Olga", "Paul",
];

/// Surnames of contacts.
pub const SURNAMES: [&str; 16] = [
    "Albers", "Becker", "Castillo", "Dorn", "Ekström", "Fink", "Grassi", "Hartwig", "Ilić",
    "Jansen", "Keller", "Lund", "Moravec", "Nowak", "Okafor", "Petersen",
];

/// What contacts do.
pub const JOBS: [&str; 6] = [
    "Office manager",
    "Managing director",
    "Head of accounting",
    "Branch manager",
    "Workshop lead",
    "Reception",
];

/// Titles of tickets.
pub const TICKETS: [&str; 12] = [
    "Printer on the second floor jams",
    "Mail arrives twice",
    "Till offline",
    "New colleague needs a laptop",
    "Backup failed last night",
    "VPN drops every hour",
    "Screen flickers",
    "Scanner does not reach the share",
    "Password expired during leave",
    "Telephone rings in the wrong room",
    "Wireless is slow in the hall",
    "Invoice portal refuses PDF",
];

/// Titles of tasks.
pub const TASKS: [&str; 6] = [
    "Label the racks",
    "Move mailboxes",
    "Replace switches",
    "Document the network",
    "Renew certificates",
    "Retire the old server",
];

/// Names of opportunities.
pub const OPPORTUNITIES: [&str; 5] = [
    "Weekend cover",
    "Twenty laptops",
    "Second site",
    "Off-site backup",
    "Awareness training",
];

/// Names of contracts.
pub const CONTRACTS: [&str; 4] = [
    "Basic care",
    "Managed workplace",
    "Gold support",
    "Server care",
];

/// Titles of appointments.
pub const APPOINTMENTS: [&str; 8] = [
    "Stand-up of the service desk",
    "Review of open tickets",
    "Training: new ticket form",
    "Contract talk",
    "Handover",
    "Planning of the migration",
    "Interview with an applicant",
    "Quarterly figures",
];

/// What to-dos say.
pub const TO_DOS: [&str; 6] = [
    "Ask whether it works now",
    "Send the quote",
    "Agree on a date",
    "Get the serial numbers",
    "Explain the invoice",
    "",
];

/// What service calls say.
pub const CALLS: [&str; 5] = [
    "On-site visit",
    "Installation",
    "Yearly maintenance",
    "Exchange of hardware",
    "",
];
