//! How a mailbox's server is asked.

use sync::contract::{Credentials, ExchangeEdition, Fault, Mailbox, MailboxKind, Settings};
use transport::{Method, Request, Response, Transport};
use uuid::Uuid;

use crate::fault::{self, Service};
use crate::operation::Folder;
use crate::operation::message::{self, Message};
use crate::xml::Element;
use crate::{public_folder, soap};

/// The server of a mailbox.
pub struct Server<'a, T> {
    /// The edge to it.
    pub transport: &'a T,
    /// The mailbox's address.
    pub mailbox: &'a str,
    /// What kind of service it is.
    pub service: Service,
    /// An account acts for the mailbox's owner; with an own password it is the owner.
    impersonates: bool,
    /// The public folder where contacts lie, by the names that lead to it; none for the mailbox's own.
    public: Option<Vec<String>>,
}

/// An answer: one result for each thing that was asked, as far as the server gave them.
pub struct Answer {
    /// The results, in order.
    pub messages: Vec<Message>,
    /// What they came in.
    pub response: Response,
}

impl<'a, T: Transport> Server<'a, T> {
    /// The server of a mailbox that is kept in step.
    pub fn of_mailbox(transport: &'a T, settings: &Settings, mailbox: &'a Mailbox) -> Self {
        Self {
            public: match mailbox.kind {
                MailboxKind::User => None,
                MailboxKind::PublicContacts => Some(public_folder::path(settings)),
            },
            ..Self::of(transport, settings, &mailbox.address)
        }
    }

    /// The server of a user's mailbox.
    pub fn of(transport: &'a T, settings: &Settings, mailbox: &'a str) -> Self {
        let oauth = matches!(settings.credentials, Credentials::Oauth(_));
        Self {
            transport,
            mailbox: mailbox.trim(),
            service: Service {
                online: settings.edition == ExchangeEdition::Microsoft365,
                oauth,
            },
            impersonates: oauth || settings.impersonate,
            public: None,
        }
    }

    /// Whether contacts lie in a public folder.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        self.public.is_some()
    }

    /// A folder as a request names it; a public one is looked for first.
    ///
    /// # Errors
    /// Those of [`public_folder::find`].
    pub fn folder(&self, folder: Folder) -> Result<Element, Fault> {
        match (folder, &self.public) {
            (Folder::Contacts, Some(path)) => public_folder::find(self, path),
            _ => Ok(folder.id()),
        }
    }

    /// Sends a request under an id, and gives whatever came back.
    ///
    /// # Errors
    /// Those of [`Transport::send`].
    pub fn send(&self, body: Element, id: Uuid) -> Result<Response, Fault> {
        let impersonated = self.impersonates.then_some(self.mailbox);
        let request = Request {
            method: Method::Post,
            target: String::new(),
            headers: vec![
                ("Content-Type", "text/xml; charset=utf-8".to_owned()),
                ("Accept", "text/xml".to_owned()),
                ("X-AnchorMailbox", self.mailbox.to_owned()),
                ("return-client-request-id", "true".to_owned()),
            ],
            body: soap::envelope(impersonated, body).into_bytes(),
        };
        transport::send(self.transport, request, id)
    }

    /// Asks, under an id.
    ///
    /// # Errors
    /// What concerns the whole request. What concerns one of the things that were asked stands in
    /// its result.
    pub fn ask_as(&self, body: Element, id: Uuid) -> Result<Answer, Fault> {
        let response = self.send(body, id)?;
        let read: message::Response = self.read(&response)?;
        Ok(Answer {
            messages: read.messages(),
            response,
        })
    }

    /// Asks.
    ///
    /// # Errors
    /// Those of [`Self::ask_as`].
    pub fn ask(&self, body: Element) -> Result<Answer, Fault> {
        self.ask_as(body, self.transport.fresh_id())
    }

    /// Asks for one thing.
    ///
    /// # Errors
    /// Those of [`Self::ask`], and the refusal of that thing.
    pub fn one(&self, body: Element) -> Result<Message, Fault> {
        let answer = self.ask(body)?;
        let fault = |message| self.fault(message, &answer.response);
        match answer.messages.first() {
            Some(message) if !message.is_good() => Err(fault(message)),
            _ => answer.messages.into_iter().next().ok_or_else(|| {
                Fault::NotUnderstood("expected a result for what was asked".to_owned())
            }),
        }
    }

    /// The message of an answer.
    ///
    /// # Errors
    /// What the answer means where it holds none.
    pub fn read<M: serde::de::DeserializeOwned>(&self, response: &Response) -> Result<M, Fault> {
        if !response.is_good() {
            return Err(fault::of_response(response, self.service));
        }
        soap::message(&response.body).map_err(|error| match soap::Fault::read(&response.body) {
            Some(_) => fault::of_response(response, self.service),
            None => Fault::NotUnderstood(format!("expected an answer of EWS: {error}")),
        })
    }

    /// What a result means that names an error.
    #[must_use]
    pub fn fault(&self, message: &Message, response: &Response) -> Fault {
        fault::of_message(message, response, self.service)
    }
}
