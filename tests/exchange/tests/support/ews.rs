//! EWS as the tests speak it: requests as text, answers looked into by the names of elements.

use std::hash::{DefaultHasher, Hash, Hasher};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::{ANNA, Server};

pub const PATH: &str = "/EWS/Exchange.asmx";

/// The path of the marker, as restrictions and shapes name it.
pub const MARKER_PATH: &str = "<t:ExtendedFieldURI PropertySetId=\"6d2b7c0e-93f4-4a1b-8a57-2f0c41d5be96\" \
     PropertyName=\"TandemMarker\" PropertyType=\"String\"/>";

/// An answer.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub text: String,
}

impl Answer {
    /// The texts of all elements of this name, such as `t:Subject`.
    pub fn texts(&self, name: &str) -> Vec<String> {
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        let parts = self.text.split(&open).skip(1);
        parts
            .map(|part| part.split(&close).next().unwrap().to_owned())
            .collect()
    }

    pub fn text(&self, name: &str) -> String {
        let texts = self.texts(name);
        texts.first().cloned().unwrap_or_default()
    }

    /// An attribute of all elements of this name.
    pub fn attributes(&self, name: &str, attribute: &str) -> Vec<String> {
        let open = format!("<{name} ");
        let parts = self.text.split(&open).skip(1);
        parts
            .filter_map(|part| {
                let tag = part.split('>').next().unwrap();
                let value = tag.split(&format!("{attribute}=\"")).nth(1)?;
                Some(value.split('"').next().unwrap().to_owned())
            })
            .collect()
    }

    pub fn ids(&self) -> Vec<String> {
        self.attributes("t:ItemId", "Id")
    }

    pub fn id(&self) -> String {
        self.ids()
            .first()
            .unwrap_or_else(|| panic!("{}", self.text))
            .clone()
    }

    pub fn change_key(&self) -> String {
        self.attributes("t:ItemId", "ChangeKey")[0].clone()
    }

    /// The response codes of all messages, or that of the fault.
    pub fn codes(&self) -> Vec<String> {
        let codes = self.texts("m:ResponseCode");
        if codes.is_empty() {
            return self.texts("e:ResponseCode");
        }
        codes
    }

    pub fn code(&self) -> String {
        self.codes().join(" ")
    }

    /// The texts between the tags of all elements of this name, one by one.
    pub fn pieces(&self, name: &str) -> Vec<Answer> {
        let texts = self.texts(name).into_iter();
        texts
            .map(|text| Self {
                status: self.status,
                headers: Vec::new(),
                text,
            })
            .collect()
    }
}

pub fn basic(name: &str, password: &str) -> String {
    format!(
        "Basic {}",
        BASE64_STANDARD.encode(format!("{name}:{password}"))
    )
}

/// An envelope around an operation.
pub fn envelope(header: &str, body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\" \
         xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/messages\"><s:Header>\
         <t:RequestServerVersion Version=\"Exchange2013_SP1\"/>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    )
}

pub fn impersonating(address: &str) -> String {
    format!(
        "<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>{address}</t:PrimarySmtpAddress>\
         </t:ConnectingSID></t:ExchangeImpersonation>"
    )
}

impl Server {
    /// Sends an envelope with this `Authorization`.
    pub fn soap_as(&self, authorization: &str, envelope: &str) -> Answer {
        let headers = [
            ("Authorization", authorization),
            ("Content-Type", "text/xml; charset=utf-8"),
        ];
        let reply = self.try_send("POST", PATH, &headers, envelope).unwrap();
        if reply.text.starts_with("<?xml") {
            leave(&reply.text);
        }
        Answer {
            status: reply.status,
            headers: reply.headers,
            text: reply.text,
        }
    }

    /// Sends an operation for Anna's mailbox as an application.
    pub fn soap(&self, body: &str) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        self.soap_as(&bearer, &envelope(&impersonating(ANNA), body))
    }

    /// The same, and nothing is refused.
    pub fn ok(&self, body: &str) -> Answer {
        let answer = self.soap(body);
        assert!(
            answer.status == 200 && answer.codes().iter().all(|code| code == "NoError"),
            "{}\n{}",
            body,
            answer.text
        );
        answer
    }

    /// Writes an appointment from the fields of a calendar item.
    pub fn make(&self, fields: &str) -> Answer {
        self.soap(&create(fields))
    }

    pub fn get_item(&self, ids: &[&str], fields: &[&str]) -> Answer {
        let ids: String = ids
            .iter()
            .map(|id| format!("<t:ItemId Id=\"{id}\"/>"))
            .collect();
        self.soap(&format!(
            "<m:GetItem>{}<m:ItemIds>{ids}</m:ItemIds></m:GetItem>",
            shape(fields)
        ))
    }

    pub fn sync(&self, state: &str, most: usize) -> Answer {
        let state = match state {
            "" => String::new(),
            state => format!("<m:SyncState>{state}</m:SyncState>"),
        };
        self.soap(&format!(
            "<m:SyncFolderItems>{}<m:SyncFolderId><t:DistinguishedFolderId Id=\"calendar\"/></m:SyncFolderId>{state}\
             <m:MaxChangesReturned>{most}</m:MaxChangesReturned></m:SyncFolderItems>",
            shape(&["item:Subject", "calendar:UID", "calendar:CalendarItemType"])
        ))
    }

    /// Everything between two days of the calendar.
    pub fn view(&self, from: &str, to: &str) -> Answer {
        self.ok(&format!(
            "<m:FindItem Traversal=\"Shallow\">{}<m:CalendarView StartDate=\"{from}T00:00:00Z\" EndDate=\"{to}T00:00:00Z\"/>{}</m:FindItem>",
            shape(&["item:Subject", "calendar:Start", "calendar:CalendarItemType"]),
            CALENDAR
        ))
    }

    /// Sets fields of an item as `(path, element)`.
    pub fn set(&self, id: &str, key: &str, updates: &[(&str, &str)]) -> Answer {
        let updates: String = updates
            .iter()
            .map(|(uri, field)| {
                format!(
                    "<t:SetItemField><t:FieldURI FieldURI=\"{uri}\"/><t:CalendarItem>{field}</t:CalendarItem></t:SetItemField>"
                )
            })
            .collect();
        self.soap(&update(id, key, &updates))
    }
}

pub const CALENDAR: &str =
    "<m:ParentFolderIds><t:DistinguishedFolderId Id=\"calendar\"/></m:ParentFolderIds>";

pub fn create(fields: &str) -> String {
    format!(
        "<m:CreateItem SendMeetingInvitations=\"SendToNone\"><m:Items><t:CalendarItem>{fields}</t:CalendarItem></m:Items></m:CreateItem>"
    )
}

pub fn update(id: &str, key: &str, updates: &str) -> String {
    format!(
        "<m:UpdateItem ConflictResolution=\"NeverOverwrite\" SendMeetingInvitationsOrCancellations=\"SendToNone\">\
         <m:ItemChanges><t:ItemChange><t:ItemId Id=\"{id}\" ChangeKey=\"{key}\"/><t:Updates>{updates}</t:Updates>\
         </t:ItemChange></m:ItemChanges></m:UpdateItem>"
    )
}

pub fn delete(id: &str, how: &str) -> String {
    format!(
        "<m:DeleteItem DeleteType=\"{how}\" SendMeetingCancellations=\"SendToNone\"><m:ItemIds><t:ItemId Id=\"{id}\"/></m:ItemIds></m:DeleteItem>"
    )
}

/// The shape of ids and these fields, with text bodies.
pub fn shape(fields: &[&str]) -> String {
    let fields: String = fields
        .iter()
        .map(|uri| match uri.strip_prefix('<') {
            Some(_) => (*uri).to_owned(),
            None => format!("<t:FieldURI FieldURI=\"{uri}\"/>"),
        })
        .collect();
    let additional = if fields.is_empty() {
        String::new()
    } else {
        format!("<t:AdditionalProperties>{fields}</t:AdditionalProperties>")
    };
    format!(
        "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape>{}{additional}</m:ItemShape>",
        if fields.contains("item:Body") {
            "<t:BodyType>Text</t:BodyType>"
        } else {
            ""
        }
    )
}

/// The fields of an appointment of an hour in Berlin.
pub fn hour_in_berlin(subject: &str, start: &str) -> String {
    let begin: chrono::NaiveDateTime = start.parse().unwrap();
    let end = begin + chrono::Duration::hours(1);
    format!(
        "<t:Subject>{subject}</t:Subject><t:Start>{start}</t:Start><t:End>{}</t:End>{BERLIN_ZONES}",
        end.format("%Y-%m-%dT%H:%M:%S")
    )
}

pub const BERLIN_ZONES: &str = "<t:StartTimeZone Id=\"W. Europe Standard Time\"/><t:EndTimeZone Id=\"W. Europe Standard Time\"/>";

/// Leaves an answer under `target/wire/ews/emulator`, for the schema to judge. Equal ones are one file.
fn leave(text: &str) {
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/wire/ews/emulator");
    std::fs::create_dir_all(&folder).unwrap();
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let name = format!("{:016x}.xml", hasher.finish());
    std::fs::write(folder.join(name), text).unwrap();
}
