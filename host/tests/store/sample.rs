//! Values of the contract to test with.

use std::sync::LazyLock;

use tandem::contract::*;
use tandem::psa::WebAddress;
use tandem::psa::feed::Reader;
use tandem::psa::resource::Resource;

pub const NOON: i64 = 1_800_014_400_000_000;
pub const HOUR: i64 = 3_600_000_000;

static WEB: LazyLock<WebAddress> = LazyLock::new(|| WebAddress::new("https://psa.example"));

/// Reads all kinds for a user, and the contacts that are the user's own.
pub fn reader(resource: &PsaId) -> Reader<'_> {
    Reader {
        resource,
        kinds: &[
            ItemKind::Appointment,
            ItemKind::ToDo,
            ItemKind::ServiceCall,
            ItemKind::Contact,
        ],
        contacts: ContactSelection::Own,
        web: &WEB,
    }
}

pub fn instant(microseconds: i64) -> Instant {
    Instant { microseconds }
}

pub fn timed(start: i64, end: i64) -> Span {
    Span::Timed(TimedSpan {
        start: instant(start),
        end: instant(end),
    })
}

pub fn days(first: Date, after: Date) -> Span {
    Span::AllDay(DaySpan { first, after })
}

pub fn settings() -> Settings {
    Settings {
        enabled: true,
        profile_name: "main".into(),
        hosted: false,
        edition: ExchangeEdition::Microsoft365,
        server_address: "outlook.office365.com".into(),
        virtual_directory: String::new(),
        cloud: Cloud::Worldwide,
        domain: String::new(),
        use_graph: true,
        interval_minutes: 30,
        credentials: Credentials::Oauth(ClientCredentials {
            tenant_id: "directory".into(),
            client_id: "application".into(),
            client_secret: SecretState::Present,
        }),
        test_mailbox: None,
        impersonate: true,
        error_addresses: vec!["admin@example.com".into()],
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
        export_to_dos: false,
        export_service_calls: false,
        export_contacts: false,
        past_days: 7,
        recurring_days: 30,
        own_password: SecretState::Absent,
    }
}

pub fn user(name: &str) -> Resource {
    Resource {
        name: name.to_owned(),
        email: format!("{name}@example.com"),
        working_hours: None,
        active: true,
        territory: None,
        security_level: None,
    }
}

pub fn appointment(title: &str) -> Appointment {
    Appointment {
        title: title.to_owned(),
        description: "bring the ladder".into(),
        span: timed(NOON, NOON + HOUR),
        private: false,
        free: false,
        recurring: false,
        not_answered: false,
    }
}

pub fn exchange_id(id: &str) -> ExchangeId {
    ExchangeId {
        value: id.to_owned(),
    }
}

pub fn exchange(id: &str) -> ExchangeReference {
    ExchangeReference {
        id: exchange_id(id),
        uid: Some(Uid {
            value: format!("uid-{id}"),
        }),
        slot: None,
    }
}

pub fn event(id: &str, marker: MarkerReading) -> ExchangeEvent {
    ExchangeEvent {
        id: exchange_id(id),
        version: ExchangeVersion { tag: "1".into() },
        uid: Some(Uid {
            value: format!("uid-{id}"),
        }),
        created: None,
        shape: EventShape::Single,
        subject: "Visit".into(),
        body: String::new(),
        location: String::new(),
        span: timed(NOON, NOON + HOUR),
        zone: Some(Zone {
            name: "Europe/Berlin".into(),
        }),
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
        marker,
    }
}

pub fn marker() -> Marker {
    Marker {
        tenant: TenantId {
            value: "acme".into(),
        },
        psa: psa("7"),
        generation: 1,
    }
}

pub fn psa(id: &str) -> PsaReference {
    PsaReference {
        kind: ItemKind::Appointment,
        id: PsaId {
            value: id.to_owned(),
        },
    }
}

fn digest() -> Digest {
    let fingerprint = || Fingerprint { hex: "00ff".into() };
    Digest {
        span: timed(NOON, NOON + HOUR),
        subject: fingerprint(),
        location: fingerprint(),
        body: fingerprint(),
        sensitivity: Sensitivity::Private,
        show_as: ShowAs::Busy,
    }
}

pub fn attempts() -> Attempts {
    Attempts {
        count: 0,
        version: RowVersion { number: 1 },
    }
}

pub fn link(psa_id: &str, exchange_id: &str) -> Link {
    let version = ExchangeVersion { tag: "1".into() };
    Link {
        id: tandem::store::link::new_id(),
        kind: ItemKind::Appointment,
        origin: Side::Psa,
        psa: Some(psa(psa_id)),
        exchange: Some(exchange(exchange_id)),
        provenance: Provenance::Own,
        state: LinkState::Linked,
        generation: 1,
        base: Some(Base {
            psa: PsaBase {
                version: RowVersion { number: 3 },
                digest: digest(),
            },
            exchange: ExchangeBase {
                version: version.clone(),
                digest: digest(),
                proof: AttendeeProof {
                    version,
                    attendees: 0,
                    owner_organizes: true,
                },
                online: false,
            },
            copy: digest(),
        }),
        undoing: attempts(),
        remaking: attempts(),
        refused: None,
    }
}

pub fn operation(link: &Link) -> Operation {
    Operation {
        group: 0,
        link: LinkTarget::Existing(link.id.clone()),
        psa: link.psa.clone(),
        exchange: None,
        action: Action::Nothing,
        after: LinkChange::Keep,
        rule: Rule::Waiting,
        evidence: evidence(),
        remark: String::new(),
    }
}

pub fn evidence() -> Evidence {
    Evidence {
        base: None,
        psa: Some(digest()),
        exchange: None,
        fields: vec!["span".into()],
    }
}
