//! A server that answers by a script, for tests: what was asked is kept, what is answered is
//! prepared.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use serde_json::{Value, json};
use sync::contract::{
    ClientCredentials, Cloud, Contact, ContactSelection, Credentials, ExchangeEdition, Fault,
    FetchRequest, ImportMode, Instant, Mailbox, MailboxId, MailboxKind, PostalAddress, Profile,
    PsaId, Scope, SecretState, Settings, TenantId, Zone,
};
use transport::{Method, Response, Transport};
use uuid::Uuid;

use crate::request::Request;

/// Prepared answers, taken in order, and the requests that were sent.
pub struct Script {
    answers: RefCell<VecDeque<Result<Answerer, Fault>>>,
    pub sent: RefCell<Vec<Request>>,
    pub clock: Cell<i64>,
    ids: Cell<u128>,
}

type Answerer = Box<dyn Fn(&Request) -> Response>;

impl Script {
    pub fn new() -> Self {
        Self {
            answers: RefCell::default(),
            sent: RefCell::default(),
            // 2026-03-02T08:00:00Z
            clock: Cell::new(1_772_438_400_000_000),
            ids: Cell::new(1),
        }
    }

    /// The next answer.
    pub fn then(self, response: Response) -> Self {
        self.answers
            .borrow_mut()
            .push_back(Ok(Box::new(move |_| response.clone())));
        self
    }

    /// The next answer does not come.
    pub fn then_fault(self, fault: Fault) -> Self {
        self.answers.borrow_mut().push_back(Err(fault));
        self
    }

    /// The next answer is that of a batch; each part is answered by its method and address.
    pub fn then_batch(self, part: impl Fn(&str, &str) -> (u16, Value) + 'static) -> Self {
        self.answers
            .borrow_mut()
            .push_back(Ok(Box::new(move |request| {
                assert!(request.target.ends_with("/$batch"), "{}", request.target);
                let mut responses: Vec<Value> = parts(request)
                    .iter()
                    .map(|asked| {
                        let (status, body) = part(
                            asked["method"].as_str().unwrap(),
                            asked["url"].as_str().unwrap(),
                        );
                        json!({"id": asked["id"], "status": status, "headers": {}, "body": body})
                    })
                    .collect();
                // Answers come in any order.
                responses.reverse();
                response(200, &json!({ "responses": responses }))
            })));
        self
    }

    /// The parts of the batches that were sent, in order.
    pub fn sent_parts(&self) -> Vec<Value> {
        self.sent
            .borrow()
            .iter()
            .filter(|request| request.method == Method::Post && request.target == "/$batch")
            .flat_map(parts)
            .collect()
    }

    /// The bodies of what was sent outside of batches, in order.
    pub fn sent_alone(&self) -> Vec<Value> {
        let sent = self.sent.borrow();
        let alone = sent.iter().filter(|request| request.target != "/$batch");
        alone.filter_map(|request| request.body.clone()).collect()
    }

    /// Everything prepared was asked for.
    pub fn is_over(&self) -> bool {
        self.answers.borrow().is_empty()
    }

    pub fn count(&self) -> usize {
        self.sent.borrow().len()
    }
}

impl Request {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let headers = self.headers.iter();
        let mut same = headers.filter(|(header, _)| header.eq_ignore_ascii_case(name));
        same.next().map(|(_, value)| value.as_str())
    }
}

fn parts(request: &Request) -> Vec<Value> {
    request.body.as_ref().unwrap()["requests"]
        .as_array()
        .unwrap()
        .clone()
}

impl Transport for Script {
    fn send(&self, request: &transport::Request) -> Result<Response, Fault> {
        let request = &Request {
            method: request.method,
            target: request.target.clone(),
            headers: request.headers.clone(),
            body: serde_json::from_slice(&request.body).ok(),
        };
        for header in ["User-Agent", "client-request-id", "Accept"] {
            assert!(request.header(header).is_some(), "{header} is missing");
        }
        let prefer = request.header("Prefer").unwrap_or_default();
        assert!(prefer.contains("IdType=\"ImmutableId\""), "{prefer}");
        assert!(request.header("Authorization").is_none());
        self.sent.borrow_mut().push(request.clone());
        let answer = self.answers.borrow_mut().pop_front();
        match answer {
            Some(Ok(answer)) => Ok(answer(request)),
            Some(Err(fault)) => Err(fault),
            None => panic!("not expected: {} {}", request.method, request.target),
        }
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

    fn recall(&self, _name: &str) -> Option<Vec<u8>> {
        None
    }

    fn keep(&self, _name: &str, _value: Vec<u8>) {}
}

/// An answer with a JSON body.
pub fn response(status: u16, body: &Value) -> Response {
    Response {
        status,
        headers: vec![
            ("Content-Type".into(), "application/json".into()),
            ("request-id".into(), "r-1".into()),
        ],
        body: serde_json::to_vec(body).unwrap(),
    }
}

/// A refusal by name.
pub fn error(status: u16, code: &str) -> Response {
    response(
        status,
        &json!({"error": {"code": code, "message": "No.", "innerError": {}}}),
    )
}

/// A single event as the server shows it.
pub fn event(id: &str, subject: &str) -> Value {
    json!({
        "@odata.etag": format!("W/\"{id}-1\""),
        "id": id,
        "type": "singleInstance",
        "subject": subject,
        "body": {"contentType": "text", "content": "Text\r\n"},
        "start": {"dateTime": "2026-03-03T09:00:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": "2026-03-03T10:00:00.0000000", "timeZone": "UTC"},
        "isAllDay": false,
        "showAs": "busy",
        "sensitivity": "normal",
        "isCancelled": false,
        "isOrganizer": true,
        "attendees": [],
        "organizer": {"emailAddress": {"name": "A", "address": "a@b.example"}},
        "responseStatus": {"response": "organizer", "time": "0001-01-01T00:00:00Z"},
        "location": {"displayName": ""},
        "recurrence": null,
        "seriesMasterId": null,
        "iCalUId": format!("uid-{id}"),
        "originalStartTimeZone": "W. Europe Standard Time",
        "isOnlineMeeting": false,
        "onlineMeeting": null
    })
}

/// A contact as the server shows it.
pub fn contact(id: &str, surname: &str) -> Value {
    json!({
        "@odata.etag": format!("W/\"{id}-1\""),
        "id": id,
        "parentFolderId": "contacts",
        "title": "Dr.",
        "givenName": "Ann",
        "middleName": null,
        "surname": surname,
        "generation": "Jr.",
        "jobTitle": "Head of IT",
        "companyName": "Acme",
        "emailAddresses": [{"name": "Ann", "address": "ann@example.org"}],
        "businessPhones": ["+49 30 1"],
        "mobilePhone": "+49 170 1",
        "homePhones": [],
        "businessAddress": {"city": "Berlin", "countryOrRegion": "Germany"},
        "personalNotes": "Likes tea\r\n",
        "singleValueExtendedProperties": [{"id": "String 0x3a24", "value": "+49 30 2"}]
    })
}

/// What [`contact`] shows.
pub fn contact_fields(surname: &str) -> Contact {
    Contact {
        prefix: "Dr.".into(),
        given_name: "Ann".into(),
        middle_name: String::new(),
        surname: surname.into(),
        suffix: "Jr.".into(),
        job_title: "Head of IT".into(),
        organisation: "Acme".into(),
        emails: vec!["ann@example.org".into()],
        business_phones: vec!["+49 30 1".into()],
        mobile_phone: "+49 170 1".into(),
        home_phone: String::new(),
        business_fax: "+49 30 2".into(),
        business_address: PostalAddress {
            street: String::new(),
            city: "Berlin".into(),
            state: String::new(),
            postal_code: String::new(),
            country: "Germany".into(),
        },
        notes: "Likes tea".into(),
    }
}

/// A tenant that synchronises appointments through Graph.
pub fn settings() -> Settings {
    Settings {
        enabled: true,
        profile_name: "Test".into(),
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
        test_mailbox: Some("anna@acme.example".into()),
        impersonate: true,
        error_addresses: Vec::new(),
        import_mode: ImportMode::AllDetails,
        send_free_time: true,
        export_appointments: true,
        export_to_dos: true,
        export_service_calls: true,
        export_contacts: false,
        public_contacts_folder: String::new(),
        relative_path: String::new(),
        contact_selection: ContactSelection::Own,
        past_days: 7,
        recurring_days: 30,
        service_url: "https://graph.example/v1.0".into(),
    }
}

/// A user who synchronises everything.
pub fn profile() -> Profile {
    Profile {
        import_appointments: true,
        export_appointments: true,
        export_to_dos: true,
        export_service_calls: true,
        export_contacts: false,
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
