//! One setting of the Synchronization tab, or one choice of a user, is changed on a tenant of five
//! hundred linked items: exactly the writes that the law names, to exactly those items, and then
//! rest (behaviour, sections 1, 3 and 6).

use chrono::TimeDelta;
use end_to_end::time::{between, utc};
use end_to_end::{Desk, On, World, plain, with_every_provider};
use exchange::{Draft, Sensitivity, ShowAs};
use tandem::contract::{ContactSelection, ImportMode, PsaId, Rule, Span};
use tandem::psa::action_type::ActionType;
use tandem::psa::address::Address;
use tandem::psa::call_status::CallStatus;
use tandem::psa::company::Company;
use tandem::psa::contact::Contact;
use tandem::psa::key::Key;
use tandem::psa::record::{self, Record};
use tandem::psa::service_call::ServiceCall;
use tandem::psa::to_do::ToDo;
use tandem::settings::document::{ProfileDocument, SettingsDocument};
use tandem::store::link;

const APPOINTMENTS: i64 = 120;
const TO_DOS: i64 = 60;
const SERVICE_CALLS: i64 = 60;
/// Contacts of the company that Anna looks after, and others.
const CONTACTS: i64 = 30;
const OTHER_CONTACTS: i64 = 3;
/// Items of Exchange whose texts come over, some of them free; and private ones, whose do not.
const OPEN: i64 = 150;
const FREE: i64 = 40;
const PRIVATE: i64 = 40;

/// One write: the action, its rule, and the item that it is about, by the key on the side that
/// owns it.
type Write = (&'static str, Rule, String);

/// What is changed, and back.
#[derive(Clone, Copy)]
enum Change {
    Tenant(fn(&mut SettingsDocument, bool)),
    User(fn() -> ProfileDocument),
}

/// What somebody makes while a setting is changed; it travels once the setting is back.
#[derive(Clone, Copy)]
enum Meanwhile {
    Nothing,
    Appointment,
    ToDo,
    ServiceCall,
    Contact,
    Lunch,
    FreeTime,
}

/// What a change writes at once.
#[derive(Clone, Copy)]
enum Writes {
    Nothing,
    /// Each open item of Exchange gets other texts in the PSA, and again when it is taken back.
    OpenItems,
    /// Each contact that came into the selection goes out, and stays when it is taken back.
    OtherContacts,
}

const ROWS: [(&str, Change, Writes, Meanwhile); 20] = {
    use Change::{Tenant, User};
    use Meanwhile::{Appointment, Contact, FreeTime, Lunch, Nothing, ServiceCall, ToDo};
    let none = Writes::Nothing;
    [
        (
            "import no details",
            Tenant(|it, on| it.import = import(ImportMode::NoDetails, on)),
            Writes::OpenItems,
            Nothing,
        ),
        (
            "do not import",
            Tenant(|it, on| it.import = import(ImportMode::None, on)),
            none,
            Lunch,
        ),
        (
            "send no free time",
            Tenant(|it, on| it.send_free_time = !on),
            none,
            FreeTime,
        ),
        (
            "export no appointments",
            Tenant(|it, on| it.export.appointments = !on),
            none,
            Appointment,
        ),
        (
            "export no to-dos",
            Tenant(|it, on| it.export.to_dos = !on),
            none,
            ToDo,
        ),
        (
            "export no service calls",
            Tenant(|it, on| it.export.service_calls = !on),
            none,
            ServiceCall,
        ),
        (
            "export no contacts",
            Tenant(|it, on| it.export.contacts = !on),
            none,
            Contact,
        ),
        (
            "contacts of the territory",
            Tenant(|it, on| it.contacts_to_export = contacts(ContactSelection::Territory, on)),
            none,
            Nothing,
        ),
        (
            "all contacts",
            Tenant(|it, on| it.contacts_to_export = contacts(ContactSelection::All, on)),
            Writes::OtherContacts,
            Nothing,
        ),
        (
            "one past day",
            Tenant(|it, on| it.past_days = if on { 1 } else { 7 }),
            none,
            Nothing,
        ),
        (
            "one day ahead for series",
            Tenant(|it, on| it.recurring_days = if on { 1 } else { 30 }),
            none,
            Nothing,
        ),
        (
            "the user imports nothing",
            User(|| ProfileDocument {
                import_appointments: Some(false),
                ..user()
            }),
            none,
            Lunch,
        ),
        (
            "the user exports no appointments",
            User(|| ProfileDocument {
                export_appointments: Some(false),
                ..user()
            }),
            none,
            Appointment,
        ),
        (
            "the user exports no to-dos",
            User(|| ProfileDocument {
                export_to_dos: Some(false),
                ..user()
            }),
            none,
            ToDo,
        ),
        (
            "the user exports no service calls",
            User(|| ProfileDocument {
                export_service_calls: Some(false),
                ..user()
            }),
            none,
            ServiceCall,
        ),
        (
            "the user exports no contacts",
            User(|| ProfileDocument {
                export_contacts: Some(false),
                ..user()
            }),
            none,
            Contact,
        ),
        (
            "one past day of the user's",
            User(|| ProfileDocument {
                past_days: Some(1),
                ..user()
            }),
            none,
            Nothing,
        ),
        (
            "one day ahead of the user's",
            User(|| ProfileDocument {
                recurring_days: Some(1),
                ..user()
            }),
            none,
            Nothing,
        ),
        (
            "another interval",
            Tenant(|it, on| it.synchronise_every = if on { 60 } else { 30 }),
            none,
            Nothing,
        ),
        (
            "other addresses for errors",
            Tenant(|it, on| {
                let address = if on {
                    "help@example.com"
                } else {
                    "it@example.com"
                };
                it.error_notifications_to = address.to_owned();
            }),
            none,
            Nothing,
        ),
    ]
};

const fn import(changed: ImportMode, on: bool) -> ImportMode {
    if on { changed } else { ImportMode::AllDetails }
}

const fn contacts(changed: ContactSelection, on: bool) -> ContactSelection {
    if on { changed } else { ContactSelection::Own }
}

/// A user's choices as the tenant has them.
fn user() -> ProfileDocument {
    ProfileDocument::default()
}

/// The world, the records that its items name, the items whose texts come over, and the contacts
/// that are not Anna's own.
struct Office {
    world: World,
    company: PsaId,
    action_type: PsaId,
    status: PsaId,
    open: Vec<String>,
    others: Vec<String>,
    made: i64,
}

impl Office {
    async fn settled(on: On) -> Self {
        let world = World::start(on).await;
        let company = Company {
            name: "Nordlicht Bakeries".to_owned(),
            phone: String::new(),
            address: Address::default(),
            territory: None,
            account_manager: Some(anna()),
        };
        let action_type = ActionType {
            name: "Call back".to_owned(),
            on_calendar: true,
        };
        let status = CallStatus {
            name: "Scheduled".to_owned(),
        };
        let mut office = Self {
            company: make(&world, &company).await,
            action_type: make(&world, &action_type).await,
            status: make(&world, &status).await,
            world,
            open: Vec::new(),
            others: Vec::new(),
            made: 0,
        };
        office.fill().await;
        let counts = office.anna().cycle().await.counts;
        let out = u64::try_from(APPOINTMENTS + TO_DOS + SERVICE_CALLS + CONTACTS).unwrap();
        let over = u64::try_from(OPEN + FREE + PRIVATE).unwrap();
        assert_eq!((counts.psa_writes, counts.exchange_writes), (over, out));
        assert_eq!(counts.failed, 0);
        office.anna().is_at_rest().await;
        let id = office.anna().mailbox().await.mailbox.id;
        let links = link::of_mailbox(&office.world.tenant, &id).await.unwrap();
        assert_eq!(links.len(), 500);
        office
    }

    async fn fill(&mut self) {
        let visits: Vec<_> = (0..APPOINTMENTS)
            .map(|number| plain(&format!("Visit {number}"), hour(number)))
            .collect();
        self.anna().plan_all(&visits).await;
        for number in 0..TO_DOS {
            self.to_do(hour(number)).await;
        }
        for number in 0..SERVICE_CALLS {
            self.service_call(hour(number)).await;
        }
        for _ in 0..CONTACTS {
            self.contact(Some(&self.company)).await;
        }
        for _ in 0..OTHER_CONTACTS {
            let id = self.contact(None).await;
            self.others.push(id);
        }
        for number in 0..OPEN {
            let id = self.lunch(number, ShowAs::Busy, Sensitivity::Normal);
            self.open.push(id);
        }
        for number in 0..FREE {
            let id = self.lunch(number, ShowAs::Free, Sensitivity::Normal);
            self.open.push(id);
        }
        for number in 0..PRIVATE {
            self.lunch(number, ShowAs::Busy, Sensitivity::Private);
        }
    }

    fn anna(&self) -> Desk<'_> {
        self.world.anna()
    }

    async fn to_do(&self, span: Span) -> String {
        let to_do = ToDo {
            resource: anna(),
            action_type: Key::new(self.action_type.clone()),
            company: Some(Key::new(self.company.clone())),
            contact: None,
            opportunity: None,
            ticket: None,
            contract: None,
            description: "Ask for the till's number".to_owned(),
            span,
            completed: false,
        };
        make(&self.world, &to_do).await.value
    }

    async fn service_call(&self, span: Span) -> String {
        let call = ServiceCall {
            description: "Replace the till".to_owned(),
            status: Key::new(self.status.clone()),
            company: Key::new(self.company.clone()),
            assigned: vec![anna()],
            work: Vec::new(),
            span,
        };
        make(&self.world, &call).await.value
    }

    async fn contact(&self, company: Option<&PsaId>) -> String {
        let contact = Contact {
            given_name: "Ann".to_owned(),
            surname: "Smith".to_owned(),
            company: company.cloned().map(Key::new),
            active: true,
            ..Contact::default()
        };
        make(&self.world, &contact).await.value
    }

    fn lunch(&self, number: i64, show_as: ShowAs, sensitivity: Sensitivity) -> String {
        let anna = self.anna();
        let draft = Draft {
            location: Some("Hall 3".to_owned()),
            show_as: Some(show_as),
            sensitivity: Some(sensitivity),
            ..anna.draft(&format!("Lunch {number}"), "2026-11-26T12:00", 30 + number)
        };
        anna.name_of(&anna.outlook().create(&draft).unwrap())
    }

    async fn set(&mut self, change: Change, on: bool) {
        match change {
            Change::Tenant(change) => {
                self.world.change_settings(|it| change(it, on)).await;
            }
            Change::User(changed) => {
                let profile = if on { changed() } else { user() };
                self.world.change_profile("anna", profile).await;
            }
        }
    }

    /// Somebody makes an item that the changed setting keeps at home; what it writes later.
    async fn meanwhile(&mut self, what: Meanwhile) -> Option<Write> {
        self.made += 1;
        let at = hour(200 + self.made);
        let out = |id| Some(("create-exchange", Rule::PsaItemIsNew, id));
        let over = |id| Some(("create-psa", Rule::ExchangeItemIsNew, id));
        match what {
            Meanwhile::Nothing => None,
            Meanwhile::Appointment => out(self.anna().plan("Talk", at).await.value),
            Meanwhile::ToDo => out(self.to_do(at).await),
            Meanwhile::ServiceCall => out(self.service_call(at).await),
            Meanwhile::Contact => out(self.contact(Some(&self.company)).await),
            Meanwhile::Lunch => {
                over(self.lunch(200 + self.made, ShowAs::Busy, Sensitivity::Private))
            }
            Meanwhile::FreeTime => {
                let id = self.lunch(200 + self.made, ShowAs::Free, Sensitivity::Private);
                over(id)
            }
        }
    }

    fn expected(&self, writes: Writes, taken_back: bool) -> Vec<Write> {
        match writes {
            Writes::OtherContacts if !taken_back => {
                let others = self.others.iter().cloned();
                others
                    .map(|id| ("create-exchange", Rule::PsaItemIsNew, id))
                    .collect()
            }
            Writes::Nothing | Writes::OtherContacts => Vec::new(),
            Writes::OpenItems => {
                let open = self.open.iter().cloned();
                open.map(|id| ("update-psa", Rule::SettingsChanged, id))
                    .collect()
            }
        }
    }

    /// A cycle makes exactly these writes, and the next one none.
    async fn writes(&self, mut expected: Vec<Write>, what: &str) {
        let anna = self.anna();
        self.world.exchange.reset_counters();
        let report = anna.cycle().await;
        let mut written: Vec<Write> = Vec::new();
        for entry in anna.history_of(&report).await {
            let (action, item) = match entry.action.as_str() {
                "create-exchange" => ("create-exchange", entry.psa.map(|it| it.id.value)),
                "update-exchange" => ("update-exchange", entry.psa.map(|it| it.id.value)),
                "delete-exchange" => ("delete-exchange", entry.psa.map(|it| it.id.value)),
                "create-psa" => ("create-psa", entry.exchange.map(|it| it.value)),
                "update-psa" => ("update-psa", entry.exchange.map(|it| it.value)),
                "delete-psa" => ("delete-psa", entry.exchange.map(|it| it.value)),
                _ => continue,
            };
            written.push((action, entry.rule.unwrap(), item.unwrap()));
        }
        let key = |write: &Write| format!("{write:?}");
        written.sort_by_key(key);
        expected.sort_by_key(key);
        assert!(
            written == expected,
            "{what}: {written:#?}\ninstead of {expected:#?}"
        );
        let counts = report.counts;
        let on_psa = expected.iter().filter(|it| it.0.ends_with("psa")).count() as u64;
        let on_exchange = expected.len() as u64 - on_psa;
        assert_eq!(
            (counts.psa_writes, counts.exchange_writes),
            (on_psa, on_exchange),
            "{what}"
        );
        assert_eq!((counts.failed, report.held), (0, 0), "{what}");
        assert_eq!(self.world.writes_at_exchange(), on_exchange, "{what}");
        anna.is_at_rest().await;
    }
}

/// Half an hour, so many hours after the first.
fn hour(number: i64) -> Span {
    let start = utc("2026-11-23T09:00Z") + TimeDelta::hours(number);
    between(start, start + TimeDelta::minutes(30))
}

fn anna<R>() -> Key<R> {
    Key::new(PsaId {
        value: "anna".to_owned(),
    })
}

async fn make<R: Record>(world: &World, fields: &R) -> PsaId {
    let mut transaction = world.tenant.begin().await.unwrap();
    let made = record::create(&mut transaction, None, fields)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    made.id
}

async fn each_setting_and_each_choice_writes_what_the_law_names_and_no_more(on: On) {
    let mut office = Office::settled(on).await;
    for (what, change, writes, meanwhile) in ROWS {
        office.set(change, true).await;
        office.writes(office.expected(writes, false), what).await;
        let made = office.meanwhile(meanwhile).await;
        office.writes(Vec::new(), what).await;
        office.set(change, false).await;
        let mut back = office.expected(writes, true);
        back.extend(made);
        office.writes(back, &format!("{what}, taken back")).await;
    }
}

async fn more_past_days_bring_older_items_of_both_sides_and_fewer_take_none(on: On) {
    let mut office = Office::settled(on).await;
    let start = utc("2026-11-10T09:00Z");
    let old = office
        .anna()
        .plan("Old", between(start, start + TimeDelta::hours(1)))
        .await;
    let older = office.anna().book("Older", "2026-11-09T09:00", 60);
    let older = office.anna().name_of(&older);
    office.writes(Vec::new(), "before").await;
    let change: fn(&mut SettingsDocument, bool) = |it, on| it.past_days = if on { 30 } else { 7 };
    office.set(Change::Tenant(change), true).await;
    let brought = vec![
        ("create-exchange", Rule::PsaItemIsNew, old.value),
        ("create-psa", Rule::ExchangeItemIsNew, older),
    ];
    office.writes(brought, "thirty past days").await;
    office.set(Change::Tenant(change), false).await;
    office.writes(Vec::new(), "seven past days again").await;
}

with_every_provider![
    each_setting_and_each_choice_writes_what_the_law_names_and_no_more,
    more_past_days_bring_older_items_of_both_sides_and_fewer_take_none,
];
