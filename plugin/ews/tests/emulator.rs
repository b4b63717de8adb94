//! The provider against the emulator's face, in process: what the one writes the other understands.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use bytes::Bytes;
use exchange::{Clock, Config, Draft, End, Exchange, Pattern, Recurrence, Zone as Place};
use sync::contract::{
    AttendeeProof, Change, ChangesRequest, ClientCredentials, Cloud, Contact, ContactSelection,
    Coverage, Credentials, Cursor, Date, DaySpan, Echo, EchoedItem, EventContent, EventPatch,
    EventShape, ExchangeContent, ExchangeDeletion, ExchangeEdition, ExchangeEvent, ExchangeId,
    ExchangePatch, ExchangeReference, ExchangeUpdate, Fault, FetchRequest, ImportMode, Instant,
    ItemKind, Mailbox, MailboxId, MailboxKind, Marker, NextStep, Outcome, Page, PostalAddress,
    Profile, PsaId, PsaReference, PushAction, PushOperation, PushRequest, RoundEnd, Scope,
    SecretState, Sensitivity, Settings, Severity, ShowAs, Slot, Span, TenantId, TimedSpan,
    ToldSeries, Window, Zone,
};
use transport::{Request, Response, Transport};
use uuid::Uuid;

const ANNA: &str = "anna@example.com";
const BERLIN: &str = "W. Europe Standard Time";

/// The way to the emulator, with what the host adds to a request.
struct Way {
    exchange: Exchange,
    requests: Cell<u32>,
    memory: RefCell<BTreeMap<String, Vec<u8>>>,
}

impl Way {
    /// An emulator with Anna's mailbox, at eight in the morning of 2026-11-22.
    fn new() -> Self {
        let exchange = Exchange::new(Config {
            clock: Clock::Fixed("2026-11-22T08:00:00Z".parse().unwrap()),
            ..Config::default()
        });
        exchange.add_mailbox(ANNA, BERLIN);
        Self {
            exchange,
            requests: Cell::new(0),
            memory: RefCell::default(),
        }
    }

    fn create(&self, draft: &Draft) -> String {
        self.exchange.person(ANNA).create(draft).unwrap()
    }
}

impl Transport for Way {
    fn send(&self, request: &Request) -> Result<Response, Fault> {
        self.requests.set(self.requests.get() + 1);
        let mut built = http::Request::post(format!("/EWS/Exchange.asmx{}", request.target))
            .header("authorization", format!("Bearer {}", self.exchange.token()));
        for (name, value) in &request.headers {
            built = built.header(*name, value);
        }
        let request = built.body(Bytes::from(request.body.clone())).unwrap();
        let answer = self.exchange.handle(request);
        let headers = answer.headers().iter();
        Ok(Response {
            status: answer.status().as_u16(),
            headers: headers
                .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
                .collect(),
            body: answer.body().to_vec(),
        })
    }

    fn now(&self) -> Instant {
        sync::zone::instant(self.exchange.now())
    }

    fn fresh_id(&self) -> Uuid {
        Uuid::new_v4()
    }

    fn recall(&self, name: &str) -> Option<Vec<u8>> {
        self.memory.borrow().get(name).cloned()
    }

    fn keep(&self, name: &str, value: Vec<u8>) {
        self.memory.borrow_mut().insert(name.to_owned(), value);
    }
}

fn settings() -> Settings {
    Settings {
        enabled: true,
        profile_name: "Test".into(),
        hosted: false,
        edition: ExchangeEdition::SubscriptionEdition,
        server_address: "mail.example.com".into(),
        virtual_directory: String::new(),
        cloud: Cloud::Worldwide,
        domain: String::new(),
        use_graph: false,
        interval_minutes: 30,
        credentials: Credentials::Oauth(ClientCredentials {
            tenant_id: "t".into(),
            client_id: "c".into(),
            client_secret: SecretState::Present,
        }),
        test_mailbox: Some(ANNA.into()),
        impersonate: true,
        error_addresses: Vec::new(),
        import_mode: ImportMode::AllDetails,
        send_free_time: true,
        export_appointments: true,
        export_to_dos: true,
        export_service_calls: true,
        export_contacts: true,
        public_contacts_folder: String::new(),
        relative_path: String::new(),
        contact_selection: ContactSelection::Own,
        past_days: 7,
        recurring_days: 30,
        service_url: "https://mail.example.com/EWS/Exchange.asmx".into(),
    }
}

fn mailbox() -> Mailbox {
    Mailbox {
        tenant: TenantId {
            value: "acme".into(),
        },
        id: MailboxId { value: "m1".into() },
        kind: MailboxKind::User,
        address: ANNA.into(),
        zone: Some(Zone {
            name: BERLIN.into(),
        }),
        owner: PsaId { value: "u1".into() },
    }
}

const PROFILE: Profile = Profile {
    import_appointments: true,
    export_appointments: true,
    export_to_dos: true,
    export_service_calls: true,
    export_contacts: true,
    past_days: 7,
    recurring_days: 30,
    own_password: SecretState::Absent,
};

fn fetch(way: &Way, scope: Scope) -> Page {
    let request = FetchRequest {
        mailbox: mailbox(),
        settings: settings(),
        profile: PROFILE,
        scope,
    };
    ews::fetch::page(way, &request).unwrap()
}

fn at(text: &str) -> Instant {
    ews::event::time::instant(text).unwrap()
}

fn window(day: u8) -> Window {
    Window {
        start: at(&format!("2026-11-{day:02}T00:00:00+01:00")),
        end: at(&format!("2026-11-{:02}T00:00:00+01:00", day + 7)),
    }
}

/// A whole round, with the number of its requests.
fn round(way: &Way, mut cursor: Option<Cursor>, day: u8) -> (Vec<Change>, RoundEnd, u32) {
    let before = way.requests.get();
    let mut changes = Vec::new();
    loop {
        let page = fetch(
            way,
            Scope::Changes(ChangesRequest {
                cursor,
                window: window(day),
            }),
        );
        assert_eq!(page.remarks, []);
        changes.extend(page.changes);
        match page.next {
            NextStep::More(next) => cursor = Some(next),
            NextStep::Complete(end) => return (changes, end, way.requests.get() - before),
            NextStep::None => panic!("a round without an end"),
        }
    }
}

fn push(way: &Way, action: PushAction) -> Outcome {
    let marker = matches!(action, PushAction::Create(_)).then(marker);
    let request = PushRequest {
        mailbox: mailbox(),
        settings: settings(),
        profile: PROFILE,
        operations: vec![PushOperation {
            key: "5f0f6a52-6a57-5d0b-9c39-2b8f7d7c1f11".into(),
            marker,
            action,
        }],
    };
    ews::push::outcomes(way, &request).remove(0).outcome
}

fn marker() -> Marker {
    Marker {
        tenant: TenantId {
            value: "acme".into(),
        },
        psa: PsaReference {
            kind: ItemKind::ToDo,
            id: PsaId { value: "12".into() },
        },
        generation: 1,
    }
}

fn done(outcome: Outcome) -> Echo {
    match outcome {
        Outcome::Done(echo) => echo,
        other => panic!("{other:?}"),
    }
}

fn event(echo: &Echo) -> &ExchangeEvent {
    match &echo.item {
        EchoedItem::Event(event) => event,
        other => panic!("{other:?}"),
    }
}

fn content(span: Span) -> EventContent {
    EventContent {
        subject: "Visit <Acme> & \"Sons\"".into(),
        location: "Hauptstraße 1".into(),
        body: "First line\nsecond line".into(),
        span,
        zone: Zone {
            name: BERLIN.into(),
        },
        sensitivity: Sensitivity::Private,
        show_as: ShowAs::OutOfOffice,
        without_reminder: true,
    }
}

fn timed(start: &str, end: &str) -> Span {
    Span::Timed(TimedSpan {
        start: at(start),
        end: at(end),
    })
}

fn create(way: &Way, span: Span) -> ExchangeEvent {
    let action = PushAction::Create(ExchangeContent::Event(content(span)));
    event(&done(push(way, action))).clone()
}

fn proof(event: &ExchangeEvent) -> AttendeeProof {
    sync::base::exchange_base(event).proof
}

fn reference(event: &ExchangeEvent) -> ExchangeReference {
    ExchangeReference {
        id: event.id.clone(),
        uid: event.uid.clone(),
        slot: match &event.shape {
            EventShape::Exception(slot) => Some(slot.clone()),
            EventShape::Single | EventShape::Master(_) => None,
        },
    }
}

fn moved(event: &ExchangeEvent, span: Span) -> PushAction {
    PushAction::Update(ExchangeUpdate {
        target: reference(event),
        version: event.version.clone(),
        proof: proof(event),
        patch: ExchangePatch::Event(EventPatch {
            subject: None,
            location: None,
            body: None,
            span: Some(span),
            zone: Zone {
                name: BERLIN.into(),
            },
            sensitivity: None,
            show_as: None,
        }),
    })
}

fn daily(subject: &str) -> Draft {
    let zone = Place::parse(BERLIN).unwrap();
    let time = |text: &str| text.parse().unwrap();
    Draft::new(
        subject,
        time("2026-11-20T09:00:00"),
        time("2026-11-20T10:00:00"),
        &zone,
    )
    .repeating(Recurrence {
        pattern: Pattern::Daily,
        interval: 1,
        start: "2026-11-20".parse().unwrap(),
        end: End::Never,
    })
}

#[test]
fn the_settings_work() {
    let way = Way::new();
    let findings = ews::validate::findings(&way, &settings());
    assert!(
        findings.iter().all(|it| it.severity == Severity::Ok),
        "{findings:?}"
    );
}

#[test]
fn what_is_written_is_read_back_as_it_was_meant() {
    let way = Way::new();
    for span in [
        timed("2026-11-23T09:00:00Z", "2026-11-23T10:30:00Z"),
        // The hour that comes twice.
        timed("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"),
        timed("2027-07-01T09:00:00Z", "2027-07-01T10:00:00Z"),
        Span::AllDay(DaySpan {
            first: Date {
                year: 2026,
                month: 11,
                day: 24,
            },
            after: Date {
                year: 2026,
                month: 11,
                day: 25,
            },
        }),
    ] {
        let made = create(&way, span);
        let wanted = content(span);
        assert_eq!(made.span, span);
        assert_eq!(made.subject, wanted.subject);
        assert_eq!(made.location, wanted.location);
        assert_eq!(sync::base::normal_text(&made.body), wanted.body);
        assert_eq!(made.sensitivity, wanted.sensitivity);
        assert_eq!(made.show_as, wanted.show_as);
        assert!(made.meeting.owner_organizes && made.meeting.attendees.is_empty());
    }
    assert_eq!(way.exchange.mails().len(), 0);
}

#[test]
fn a_round_tells_what_people_did_and_an_idle_one_is_one_request() {
    let way = Way::new();
    let zone = Place::parse(BERLIN).unwrap();
    let time = |text: &str| text.parse().unwrap();
    let draft = Draft::new(
        "Visit",
        time("2026-11-23T09:00:00"),
        time("2026-11-23T10:00:00"),
        &zone,
    );
    way.create(&draft);
    let (changes, end, _) = round(&way, None, 22);
    let [Change::Event(single)] = &changes[..] else {
        panic!("{changes:?}")
    };
    assert_eq!(
        single.span,
        timed("2026-11-23T08:00:00Z", "2026-11-23T09:00:00Z")
    );
    assert_eq!(end.coverage, Coverage::Everything);
    let (changes, end, requests) = round(&way, Some(end.cursor), 22);
    assert_eq!((changes.len(), requests), (0, 1));
    let (changes, end, requests) = round(&way, Some(end.cursor), 23);
    assert_eq!((changes.len(), requests), (0, 2));
    let found = way.exchange.person(ANNA).events().unwrap();
    way.exchange.person(ANNA).delete(&found[0].id).unwrap();
    let (changes, ..) = round(&way, Some(end.cursor), 23);
    assert!(matches!(&changes[..], [Change::Removal(removal)] if removal.id == single.id));
}

#[test]
fn an_item_is_moved_and_deleted_only_as_it_was_planned_on() {
    let way = Way::new();
    let made = create(&way, timed("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z"));
    let later = timed("2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z");
    let echo = done(push(&way, moved(&made, later)));
    let now = event(&echo).clone();
    assert_eq!(now.span, later);
    assert_ne!(now.version, made.version);
    assert!(matches!(
        push(&way, moved(&made, later)),
        Outcome::Conflict(_)
    ));
    let delete = |event: &ExchangeEvent| {
        PushAction::Delete(ExchangeDeletion {
            target: reference(event),
            version: event.version.clone(),
            proof: proof(event),
            kind: ItemKind::ToDo,
        })
    };
    assert!(matches!(push(&way, delete(&made)), Outcome::Conflict(_)));
    assert_eq!(done(push(&way, delete(&now))).item, EchoedItem::Gone);
    assert_eq!(done(push(&way, delete(&now))).item, EchoedItem::Gone);
    let left = way.exchange.person(ANNA).events().unwrap();
    assert!(left.iter().all(|event| event.calendar.is_none()));
}

#[test]
fn an_item_becomes_whole_days_and_timed_again() {
    let way = Way::new();
    let date = |day| Date {
        year: 2026,
        month: 11,
        day,
    };
    let mut made = create(&way, timed("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z"));
    for span in [
        Span::AllDay(DaySpan {
            first: date(23),
            after: date(25),
        }),
        Span::AllDay(DaySpan {
            first: date(22),
            after: date(23),
        }),
        timed("2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z"),
    ] {
        made = event(&done(push(&way, moved(&made, span)))).clone();
        assert_eq!(made.span, span);
    }
}

#[test]
fn a_state_that_the_server_lost_makes_everything_be_read_again() {
    let way = Way::new();
    create(&way, timed("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z"));
    let (_, end, _) = round(&way, None, 22);
    way.exchange.expire_cursors();
    let page = fetch(
        &way,
        Scope::Changes(ChangesRequest {
            cursor: Some(end.cursor),
            window: window(22),
        }),
    );
    let NextStep::More(cursor) = page.next else {
        panic!("{:?}", page.next)
    };
    let (changes, end, _) = round(&way, Some(cursor), 22);
    assert_eq!(changes.len(), 1);
    assert_eq!(end.coverage, Coverage::Everything);
}

#[test]
fn what_was_made_is_found_by_its_marker_and_by_its_id() {
    let way = Way::new();
    let made = create(&way, timed("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z"));
    let page = fetch(&way, Scope::MarkedEvents(vec![marker()]));
    assert!(matches!(&page.changes[..], [Change::Event(event)] if event.id == made.id));
    let mut other = marker();
    other.psa.id.value = "1".into();
    let page = fetch(&way, Scope::MarkedEvents(vec![other]));
    assert_eq!(page.changes, []);
    let unknown = ExchangeId {
        value: "AAMkAGU".into(),
    };
    let page = fetch(&way, Scope::Events(vec![made.id.clone(), unknown]));
    assert!(matches!(&page.changes[..], [Change::Event(event), ..] if event.id == made.id));
}

#[test]
fn a_series_is_told_with_its_occurrences_exceptions_and_deletions() {
    let way = Way::new();
    let person = way.exchange.person(ANNA);
    let zone = Place::parse(BERLIN).unwrap();
    let time = |text: &str| text.parse().unwrap();
    let id = way.create(&daily("Standup"));
    let (changes, end, _) = round(&way, None, 22);
    let masters = changes.iter().filter(|change| {
        matches!(change, Change::Event(event) if matches!(event.shape, EventShape::Master(_)))
    });
    assert_eq!(masters.count(), 1);
    let occurrence = |changes: &[Change], start: &str| {
        changes
            .iter()
            .any(|it| matches!(it, Change::Occurrence(one) if one.slot.original_start == at(start)))
    };
    assert!(occurrence(&changes, "2026-11-23T08:00:00Z"), "{changes:?}");
    let third = person.occurrence(&id, time("2026-11-23T09:00:00")).unwrap();
    let draft = Draft::to(
        time("2026-11-23T11:00:00"),
        time("2026-11-23T12:00:00"),
        &zone,
    );
    person.update(&third, &draft).unwrap();
    let fourth = person.occurrence(&id, time("2026-11-24T09:00:00")).unwrap();
    person.delete(&fourth).unwrap();
    let (changes, end, _) = round(&way, Some(end.cursor), 22);
    assert!(!occurrence(&changes, "2026-11-23T08:00:00Z"));
    assert!(!occurrence(&changes, "2026-11-24T08:00:00Z"));
    assert!(occurrence(&changes, "2026-11-25T08:00:00Z"));
    let exception = changes.iter().find_map(|it| match it {
        Change::Event(event) => match &event.shape {
            EventShape::Exception(slot) => Some((event.clone(), slot.clone())),
            _ => None,
        },
        _ => None,
    });
    let (exception, slot) = exception.unwrap();
    assert_eq!(slot.original_start, at("2026-11-23T08:00:00Z"));
    assert_eq!(
        exception.span,
        timed("2026-11-23T10:00:00Z", "2026-11-23T11:00:00Z")
    );
    let master = changes.iter().find_map(|it| match it {
        Change::Event(event) if matches!(event.shape, EventShape::Master(_)) => Some(event.clone()),
        _ => None,
    });
    let told = ToldSeries {
        master: master.unwrap(),
        instances: changes.clone(),
        untold: Vec::new(),
        within: end.series_within,
    };
    let before = way.requests.get();
    let page = fetch(&way, Scope::Series(vec![told]));
    assert_eq!(page.changes, []);
    assert_eq!(way.requests.get(), before, "nothing was missing");
}

#[test]
fn occurrences_of_one_series_are_moved_one_after_the_other() {
    let way = Way::new();
    way.create(&daily("Standup"));
    let (changes, ..) = round(&way, None, 22);
    let operations: Vec<PushOperation> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Occurrence(one) => Some(one),
            _ => None,
        })
        .filter(|one| {
            one.slot.original_start.microseconds > at("2026-11-22T12:00:00Z").microseconds
        })
        .take(2)
        .enumerate()
        .map(|(number, one)| {
            let Span::Timed(times) = one.span else {
                panic!("{one:?}")
            };
            let later = |instant: Instant| Instant {
                microseconds: instant.microseconds + 3_600_000_000,
            };
            let slot = Slot {
                master_id: one.slot.master_id.clone(),
                original_start: one.slot.original_start,
            };
            PushOperation {
                key: format!("5f0f6a52-6a57-5d0b-9c39-2b8f7d7c1f1{number}"),
                marker: None,
                action: PushAction::Update(ExchangeUpdate {
                    target: ExchangeReference {
                        id: one.id.clone(),
                        uid: None,
                        slot: Some(slot),
                    },
                    version: one.version.clone(),
                    proof: AttendeeProof {
                        version: one.version.clone(),
                        attendees: 0,
                        owner_organizes: true,
                    },
                    patch: ExchangePatch::Event(EventPatch {
                        subject: None,
                        location: None,
                        body: None,
                        span: Some(Span::Timed(TimedSpan {
                            start: later(times.start),
                            end: later(times.end),
                        })),
                        zone: Zone {
                            name: BERLIN.into(),
                        },
                        sensitivity: None,
                        show_as: None,
                    }),
                }),
            }
        })
        .collect();
    assert_eq!(operations.len(), 2);
    let request = PushRequest {
        mailbox: mailbox(),
        settings: settings(),
        profile: PROFILE,
        operations,
    };
    for outcome in ews::push::outcomes(&way, &request) {
        let echo = done(outcome.outcome);
        assert!(matches!(event(&echo).shape, EventShape::Exception(_)));
    }
    assert_eq!(way.exchange.mails().len(), 0);
}

#[test]
fn a_contact_is_made_overwritten_found_and_deleted() {
    let way = Way::new();
    let mut contact = Contact {
        prefix: "Dr.".into(),
        given_name: "Ann".into(),
        middle_name: "B.".into(),
        surname: "Smith".into(),
        suffix: "Jr.".into(),
        job_title: "Head of IT".into(),
        organisation: "Acme".into(),
        emails: vec!["ann@example.org".into(), "smith@example.org".into()],
        business_phones: vec!["+49 30 1".into()],
        mobile_phone: "+49 170 1".into(),
        home_phone: "+49 30 9".into(),
        business_fax: "+49 30 3".into(),
        business_address: PostalAddress {
            street: "Hauptstraße 1".into(),
            city: "Berlin".into(),
            state: String::new(),
            postal_code: "10115".into(),
            country: "Germany".into(),
        },
        notes: "Likes tea".into(),
    };
    let action = PushAction::Create(ExchangeContent::Contact(contact.clone()));
    let EchoedItem::Contact(made) = done(push(&way, action)).item else {
        panic!()
    };
    assert_eq!(made.fields, contact);
    contact.prefix = String::new();
    contact.emails.remove(0);
    contact.business_address.postal_code = String::new();
    let target = ExchangeReference {
        id: made.id.clone(),
        uid: None,
        slot: None,
    };
    let unread = AttendeeProof {
        version: made.version.clone(),
        attendees: 0,
        owner_organizes: true,
    };
    let action = PushAction::Update(ExchangeUpdate {
        target: target.clone(),
        version: made.version.clone(),
        proof: unread.clone(),
        patch: ExchangePatch::Contact(contact.clone()),
    });
    let EchoedItem::Contact(now) = done(push(&way, action)).item else {
        panic!()
    };
    assert_eq!(now.fields, contact);
    let page = fetch(&way, Scope::MarkedContacts);
    assert!(matches!(&page.changes[..], [Change::Contact(found)] if found.id == made.id));
    let action = PushAction::Delete(ExchangeDeletion {
        target,
        version: made.version,
        proof: unread,
        kind: ItemKind::Contact,
    });
    assert_eq!(done(push(&way, action)).item, EchoedItem::Gone);
    let page = fetch(&way, Scope::Contacts(vec![made.id]));
    assert!(matches!(&page.changes[..], [Change::Removal(_)]));
}
