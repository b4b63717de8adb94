//! Words to build items with. Days are days of March 2026 in UTC; the cycle's instant is noon of
//! the 10th, and the window begins with the 3rd in Berlin.

use crate::contract::*;

pub const OWNER: &str = "owner@example.org";

pub fn at(day: i64, hour: i64) -> Instant {
    minute(day, hour, 0)
}

pub fn minute(day: i64, hour: i64, minute: i64) -> Instant {
    // 2026-03-01T00:00:00Z
    let first = 1_772_323_200_i64;
    Instant {
        microseconds: (first + (day - 1) * 86_400 + hour * 3_600 + minute * 60) * 1_000_000,
    }
}

/// One hour on a day.
pub fn on(day: i64, hour: i64) -> Span {
    between(at(day, hour), at(day, hour + 1))
}

pub fn between(start: Instant, end: Instant) -> Span {
    Span::Timed(TimedSpan { start, end })
}

/// Whole days of March 2026, the second exclusive.
pub fn days(first: u8, after: u8) -> Span {
    let day = |day| Date {
        year: 2026,
        month: 3,
        day,
    };
    Span::AllDay(DaySpan {
        first: day(first),
        after: day(after),
    })
}

pub fn tenant() -> TenantId {
    TenantId {
        value: "acme".into(),
    }
}

pub fn eid(id: &str) -> ExchangeId {
    ExchangeId { value: id.into() }
}

pub fn psa(id: &str) -> PsaReference {
    PsaReference {
        kind: ItemKind::Appointment,
        id: PsaId { value: id.into() },
    }
}

pub fn psa_of(kind: ItemKind, id: &str) -> PsaReference {
    PsaReference { kind, ..psa(id) }
}

pub fn reference(id: &str) -> ExchangeReference {
    ExchangeReference {
        id: eid(id),
        uid: Some(uid(id)),
        slot: None,
    }
}

pub fn uid(id: &str) -> Uid {
    Uid {
        value: format!("uid-{id}"),
    }
}

pub fn version(number: u64) -> RowVersion {
    RowVersion { number }
}

pub fn marker_of(id: &str) -> MarkerReading {
    MarkerReading::Present(Marker {
        tenant: tenant(),
        psa: psa(id),
        generation: 0,
    })
}

pub fn appointment(title: &str, span: Span) -> Appointment {
    Appointment {
        title: title.into(),
        description: format!("About {title}"),
        span,
        private: false,
        free: false,
        recurring: false,
        not_answered: false,
    }
}

pub fn to_do(action_type: &str, span: Span) -> ToDo {
    ToDo {
        action_type: action_type.into(),
        on_calendar: true,
        organisation: "Acme".into(),
        contact: "Ann".into(),
        opportunity: "Big deal".into(),
        ticket: "T7 Slow network".into(),
        contract: "Gold".into(),
        description: format!("About {action_type}"),
        span,
        completed: false,
    }
}

pub fn call(description: &str, span: Span) -> ServiceCall {
    let line = |number: &str, title: &str| WorkLine {
        number: number.into(),
        title: title.into(),
    };
    ServiceCall {
        description: description.into(),
        status: "Planned".into(),
        work: vec![line("T7", "Slow network"), line("A2", "Cabling")],
        organisation: "Acme".into(),
        phone: "+49 30 1".into(),
        address: "Main Street 1, Berlin".into(),
        span,
        assigned: true,
    }
}

pub fn person(surname: &str) -> Contact {
    Contact {
        prefix: "Dr.".into(),
        given_name: "Ann".into(),
        middle_name: String::new(),
        surname: surname.into(),
        suffix: String::new(),
        job_title: "Head of IT".into(),
        organisation: "Acme".into(),
        emails: vec!["ann@example.org".into()],
        business_phones: vec!["+49 30 1".into()],
        mobile_phone: "+49 170 1".into(),
        home_phone: String::new(),
        business_fax: "+49 30 2".into(),
        business_address: PostalAddress {
            street: "Main Street 1".into(),
            city: "Berlin".into(),
            state: String::new(),
            postal_code: "10115".into(),
            country: "Germany".into(),
        },
        notes: "Likes tea".into(),
    }
}

/// An appointment of the mailbox's owner, without attendees.
pub fn event(id: &str, subject: &str, span: Span) -> ExchangeEvent {
    ExchangeEvent {
        id: eid(id),
        version: ExchangeVersion {
            tag: format!("{id}-first"),
        },
        uid: Some(uid(id)),
        created: Some(at(1, 0)),
        shape: EventShape::Single,
        subject: subject.into(),
        body: format!("About {subject}"),
        location: String::new(),
        span,
        zone: None,
        sensitivity: Sensitivity::Normal,
        show_as: ShowAs::Busy,
        response: Response::Organizer,
        cancelled: false,
        meeting: Meeting {
            owner_organizes: true,
            organizer: None,
            attendees: Vec::new(),
            online: false,
        },
        marker: MarkerReading::Absent,
    }
}

pub fn attendee(name: &str) -> Attendee {
    Attendee {
        person: Person {
            name: name.into(),
            address: format!("{}@example.org", name.to_lowercase()),
        },
        role: AttendeeRole::Required,
        response: Response::NotResponded,
    }
}

pub fn row(id: &str, origin: Side, content: Appointment) -> PsaRow {
    psa_row(psa(id), origin, PsaContent::Appointment(content))
}

/// The PSA user whose mailbox it is.
pub fn owner() -> PsaId {
    PsaId { value: "u".into() }
}

pub fn psa_row(reference: PsaReference, origin: Side, content: PsaContent) -> PsaRow {
    PsaRow {
        web_link: format!("https://psa.example.org/item/{}", reference.id.value),
        reference,
        version: version(1),
        person_version: version(1),
        owner: None,
        origin,
        deleted: false,
        exchange: None,
        copy_deleted: None,
        content,
    }
}

pub fn settings() -> Settings {
    Settings {
        enabled: true,
        profile_name: "Acme".into(),
        hosted: false,
        edition: ExchangeEdition::Microsoft365,
        server_address: "outlook.office365.com".into(),
        virtual_directory: String::new(),
        cloud: Cloud::Worldwide,
        domain: String::new(),
        use_graph: true,
        interval_minutes: 30,
        credentials: Credentials::Oauth(ClientCredentials {
            tenant_id: "t".into(),
            client_id: "c".into(),
            client_secret: SecretState::Present,
        }),
        test_mailbox: None,
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
        service_url: "https://graph.microsoft.com".into(),
    }
}

pub fn profile() -> Profile {
    Profile {
        import_appointments: true,
        export_appointments: true,
        export_to_dos: true,
        export_service_calls: true,
        export_contacts: true,
        past_days: 7,
        recurring_days: 30,
        own_password: SecretState::Absent,
    }
}

/// A batch of one group.
pub fn batch(group: Group) -> Batch {
    Batch {
        now: at(10, 12),
        mailbox: Mailbox {
            tenant: tenant(),
            id: MailboxId { value: "m".into() },
            kind: MailboxKind::User,
            address: OWNER.into(),
            zone: Some(Zone {
                name: "W. Europe Standard Time".into(),
            }),
            owner: owner(),
        },
        settings: settings(),
        profile: profile(),
        // Midnight in Berlin.
        window: Window {
            start: at(2, 23),
            end: at(40, 22),
        },
        relinking: false,
        removing: false,
        groups: vec![group],
    }
}

/// Operations that write an item on either side, or note something on one.
pub fn writes(plan: &Plan) -> Vec<&Operation> {
    plan.operations
        .iter()
        .filter(|operation| !matches!(operation.action, Action::LinkOnly | Action::Nothing))
        .collect()
}

pub fn rules(plan: &Plan) -> Vec<Rule> {
    plan.operations.iter().map(|it| it.rule).collect()
}

/// How many fields a patch changes.
pub fn patched_fields(patch: &AppointmentPatch) -> usize {
    [
        patch.title.is_some(),
        patch.description.is_some(),
        patch.span.is_some(),
        patch.private.is_some(),
        patch.free.is_some(),
        patch.recurring.is_some(),
        patch.not_answered.is_some(),
    ]
    .into_iter()
    .filter(|changes| *changes)
    .count()
}
