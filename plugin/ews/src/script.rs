//! A server that answers by a script, for tests: what was asked is kept, what is answered is prepared.
//!
//! Every request is also left as a file under `target/wire/ews/requests`, for the schema to judge.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;

use sync::contract::{
    Account, Cloud, ContactSelection, Credentials, ExchangeEdition, Fault, FetchRequest,
    ImportMode, Instant, Mailbox, MailboxId, MailboxKind, Profile, PsaId, Scope, SecretState,
    Settings, TenantId, Zone,
};
use transport::{Method, Request, Response, Transport};
use uuid::Uuid;

/// Prepared answers, taken in order, the requests that were sent, and what was kept.
pub struct Script {
    answers: RefCell<VecDeque<Result<Response, Fault>>>,
    sent: RefCell<Vec<String>>,
    pub clock: Cell<i64>,
    ids: Cell<u128>,
    memory: RefCell<BTreeMap<String, Vec<u8>>>,
}

impl Script {
    pub fn new() -> Self {
        Self {
            answers: RefCell::default(),
            sent: RefCell::default(),
            // 2026-03-02T08:00:00Z
            clock: Cell::new(1_772_438_400_000_000),
            ids: Cell::new(1),
            memory: RefCell::default(),
        }
    }

    /// The next answer, by the name of its operation.
    pub fn then(self, operation: &str, messages: &[String]) -> Self {
        let text = format!(
            "<m:{operation}Response><m:ResponseMessages>{}</m:ResponseMessages></m:{operation}Response>",
            messages.concat()
        );
        self.then_response(soap(200, &text))
    }

    /// The next answer, whole.
    pub fn then_response(self, response: Response) -> Self {
        self.answers.borrow_mut().push_back(Ok(response));
        self
    }

    /// The next answer does not come.
    pub fn then_fault(self, fault: Fault) -> Self {
        self.answers.borrow_mut().push_back(Err(fault));
        self
    }

    /// Everything prepared was asked for.
    pub fn is_over(&self) -> bool {
        self.answers.borrow().is_empty()
    }

    /// The names of the operations that were asked for, in order.
    pub fn asked(&self) -> Vec<String> {
        let name = |text: &String| {
            let body = text.split("<s:Body><m:").nth(1).unwrap();
            body.split([' ', '>']).next().unwrap().to_owned()
        };
        self.sent.borrow().iter().map(name).collect()
    }

    /// The text of a request.
    pub fn sent(&self, index: usize) -> String {
        self.sent.borrow()[index].clone()
    }

    fn leave(&self, text: &str) {
        let folder =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/wire/ews/requests");
        std::fs::create_dir_all(&folder).unwrap();
        let thread = std::thread::current();
        let test = thread.name().unwrap_or("main").replace("::", "-");
        let number = self.sent.borrow().len();
        std::fs::write(folder.join(format!("{test}-{number:02}.xml")), text).unwrap();
    }
}

impl Transport for Script {
    fn send(&self, request: &Request) -> Result<Response, Fault> {
        assert_eq!(request.method, Method::Post);
        assert_eq!(request.target, "");
        for header in ["User-Agent", "client-request-id", "Content-Type"] {
            assert!(request.header(header).is_some(), "{header} is missing");
        }
        assert_eq!(request.header("X-AnchorMailbox"), Some("anna@acme.example"));
        assert!(request.header("Authorization").is_none());
        let text = String::from_utf8(request.body.clone()).unwrap();
        self.leave(&text);
        self.sent.borrow_mut().push(text.clone());
        let answer = self.answers.borrow_mut().pop_front();
        answer.unwrap_or_else(|| panic!("not expected: {text}"))
    }

    fn now(&self) -> Instant {
        Instant {
            microseconds: self.clock.get(),
        }
    }

    fn fresh_id(&self) -> Uuid {
        self.ids.set(self.ids.get() + 1);
        Uuid::from_u128(self.ids.get())
    }

    fn recall(&self, name: &str) -> Option<Vec<u8>> {
        self.memory.borrow().get(name).cloned()
    }

    fn keep(&self, name: &str, value: Vec<u8>) {
        self.memory.borrow_mut().insert(name.to_owned(), value);
    }
}

/// A message in its envelope.
pub fn soap(status: u16, body: &str) -> Response {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/messages\" \
         xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\">\
         <s:Header><t:ServerVersionInfo MajorVersion=\"15\"/></s:Header>\
         <s:Body>{body}</s:Body></s:Envelope>"
    );
    Response {
        status,
        headers: vec![
            ("Content-Type".into(), "text/xml; charset=utf-8".into()),
            ("request-id".into(), "r-1".into()),
        ],
        body: text.into_bytes(),
    }
}

/// A result that something was done.
pub fn good(content: &str) -> String {
    format!(
        "<m:X ResponseClass=\"Success\"><m:ResponseCode>NoError</m:ResponseCode>{content}</m:X>"
    )
}

/// A result that names an error.
pub fn bad(code: &str) -> String {
    format!(
        "<m:X ResponseClass=\"Error\"><m:MessageText>No.</m:MessageText>\
         <m:ResponseCode>{code}</m:ResponseCode><m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>\
         <m:Items/></m:X>"
    )
}

/// A result with one item.
pub fn item(content: &str) -> String {
    good(&format!("<m:Items>{content}</m:Items>"))
}

/// A SOAP fault that names an error.
pub fn fault(code: &str) -> Response {
    soap(
        500,
        &format!(
            "<s:Fault><faultcode>a:{code}</faultcode><faultstring>No.</faultstring>\
             <detail><e:ResponseCode xmlns:e=\"e\">{code}</e:ResponseCode></detail></s:Fault>"
        ),
    )
}

/// A page of changes.
pub fn changes(state: &str, is_last: bool, changes: &str) -> String {
    good(&format!(
        "<m:SyncState>{state}</m:SyncState>\
         <m:IncludesLastItemInRange>{is_last}</m:IncludesLastItemInRange>\
         <m:Changes>{changes}</m:Changes>"
    ))
}

/// What a search found.
pub fn found(is_last: bool, items: &str) -> String {
    good(&format!(
        "<m:RootFolder IncludesLastItemInRange=\"{is_last}\" TotalItemsInView=\"1\">\
         <t:Items>{items}</t:Items></m:RootFolder>"
    ))
}

/// A single event as the server shows it.
pub fn event(id: &str, subject: &str) -> String {
    event_with(id, subject, "")
}

/// The same with more elements at its end.
pub fn event_with(id: &str, subject: &str, more: &str) -> String {
    format!(
        "<t:CalendarItem><t:ItemId Id=\"{id}\" ChangeKey=\"{id}-1\"/><t:Subject>{subject}</t:Subject>\
         <t:Sensitivity>Normal</t:Sensitivity><t:Body BodyType=\"Text\">Text&#xD;\n</t:Body>\
         <t:DateTimeCreated>2026-03-01T09:00:00Z</t:DateTimeCreated><t:UID>uid-{id}</t:UID>\
         <t:Start>2026-03-03T09:00:00Z</t:Start><t:End>2026-03-03T11:00:00+01:00</t:End>\
         <t:IsAllDayEvent>false</t:IsAllDayEvent>\
         <t:LegacyFreeBusyStatus>Busy</t:LegacyFreeBusyStatus><t:Location/>\
         <t:IsCancelled>false</t:IsCancelled>\
         <t:CalendarItemType>Single</t:CalendarItemType>\
         <t:MyResponseType>Organizer</t:MyResponseType>\
         <t:Organizer><t:Mailbox><t:Name>A</t:Name><t:EmailAddress>a@b.example</t:EmailAddress></t:Mailbox></t:Organizer>\
         <t:AppointmentState>0</t:AppointmentState>\
         <t:StartTimeZone Id=\"W. Europe Standard Time\" Name=\"(UTC+01:00) Berlin\"><t:Periods/></t:StartTimeZone>\
         {more}</t:CalendarItem>"
    )
}

/// The master of a daily series at 9:00 UTC since 2026-03-01.
pub fn master(id: &str, more: &str) -> String {
    event_with(id, "Series", &format!(
        "<t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence>\
         <t:NoEndRecurrence><t:StartDate>2026-03-01+01:00</t:StartDate></t:NoEndRecurrence></t:Recurrence>{more}"
    ))
    .replace(">Single<", ">RecurringMaster<")
}

/// An occurrence of such a series in March 2026, or an exception, as a view shows it.
pub fn occurrence(master: &str, day: u8, kind: &str) -> String {
    format!(
        "<t:CalendarItem><t:ItemId Id=\"{master}.{day}\" ChangeKey=\"{master}-1\"/><t:UID>uid-{master}</t:UID>\
         <t:Start>2026-03-{day:02}T09:00:00Z</t:Start><t:End>2026-03-{day:02}T10:00:00Z</t:End>\
         <t:OriginalStart>2026-03-{day:02}T09:00:00Z</t:OriginalStart>\
         <t:IsAllDayEvent>false</t:IsAllDayEvent><t:CalendarItemType>{kind}</t:CalendarItemType></t:CalendarItem>"
    )
}

/// The marker as the server shows it.
pub fn marked(text: &str) -> String {
    format!(
        "<t:ExtendedProperty><t:ExtendedFieldURI PropertySetId=\"6D2B7C0E-93F4-4A1B-8A57-2F0C41D5BE96\" \
         PropertyName=\"TandemMarker\" PropertyType=\"String\"/><t:Value>{text}</t:Value></t:ExtendedProperty>"
    )
}

/// A tenant with its own server, an account that acts for its users, and a user who synchronises all.
pub fn settings() -> Settings {
    Settings {
        enabled: true,
        profile_name: "Test".into(),
        hosted: false,
        edition: ExchangeEdition::Exchange2019,
        server_address: "mail.acme.example".into(),
        virtual_directory: "EWS/Exchange.asmx".into(),
        cloud: Cloud::Worldwide,
        domain: "ACME".into(),
        use_graph: false,
        interval_minutes: 30,
        credentials: Credentials::Basic(Account {
            name: "tandem".into(),
            password: SecretState::Present,
        }),
        test_mailbox: Some("anna@acme.example".into()),
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
        service_url: "https://mail.acme.example/EWS/Exchange.asmx".into(),
    }
}

/// A user who synchronises everything.
pub const fn profile() -> Profile {
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

/// Anna's mailbox.
pub fn mailbox() -> Mailbox {
    Mailbox {
        tenant: TenantId {
            value: "acme".into(),
        },
        id: MailboxId { value: "m1".into() },
        kind: MailboxKind::User,
        address: "anna@acme.example".into(),
        zone: Some(Zone {
            name: "W. Europe Standard Time".into(),
        }),
        owner: PsaId { value: "u1".into() },
    }
}

/// A request of the host about Anna's mailbox.
pub fn fetch(scope: Scope) -> FetchRequest {
    FetchRequest {
        mailbox: mailbox(),
        settings: settings(),
        profile: profile(),
        scope,
    }
}
