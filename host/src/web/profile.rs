//! `/users/{user}/profile`: what a user chooses within the tenant's settings; for an administrator the
//! *User Profile Advanced Settings* (behaviour, section 1).

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::failure::Failure;
use super::form::Form;
use super::frame::Frame;
use super::input::{Control, Found, Group, Input, put_at_fields, tick, ticked};
use super::state::WebState;
use super::visitor::Visitor;
use super::{calendar, cycles, general, plan, resources, user_sign_in};
use crate::contract::{
    Credentials, Field, Finding, ImportMode, PsaId, RowVersion, SecretState, Settings, Severity,
};
use crate::cycle::{CycleError, validate};
use crate::host::tenant_secret;
use crate::page;
use crate::psa::resource::{self, ResourceRecord};
use crate::settings::check::{check_profile, is_address};
use crate::settings::document::ProfileDocument;
use crate::settings::names::label;
use crate::settings::{effective, user as choices};
use crate::store::mailbox::{self, MailboxRecord};
use crate::store::{StoreError, settings};

/// Where it lies.
pub const PATH: &str = page::PROFILE;

/// Where the connection is tested.
pub const TEST: &str = "/users/{user}/profile/test";

/// The way to a user's own tab.
const MY: [&str; 3] = ["My", "Miscellaneous", "Profile"];

/// What the page says above the fields.
enum Notice {
    /// Everything is saved; whether the user is permitted to synchronise.
    Saved(bool),
    /// Nothing is, because fields are wrong.
    Wrong,
    /// Nothing is, because somebody saved meanwhile.
    Stale,
    /// What a test of the connection found, and whether it is well.
    Tested(bool, Vec<Found>),
    /// A test could not be made.
    NotTested(String),
}

#[derive(Template, WebTemplate)]
#[template(path = "profile.html")]
struct Page {
    frame: Frame,
    path: String,
    test_path: String,
    /// For administrators: what else there is of the user.
    more: Vec<(&'static str, String)>,
    notice: Option<Notice>,
    /// Why there is nothing to choose yet.
    obstacle: Option<&'static str>,
    is_saved: bool,
    is_enabled: bool,
    groups: Vec<Group>,
    version: u64,
}

/// What the page is about.
struct Known {
    user: ResourceRecord,
    settings: Option<Settings>,
    mailbox: Option<MailboxRecord>,
}

impl Known {
    async fn read(visitor: &Visitor, user: String) -> Result<Self, Failure> {
        let tenant = &visitor.tenant;
        let user = resource::get(tenant, &PsaId { value: user }).await?;
        Ok(Self {
            mailbox: mailbox::of_resource(tenant, &user.id).await?,
            settings: settings::get(tenant).await?.settings,
            user,
        })
    }

    /// The choices as they are; before the first save what the tenant allows.
    fn document(&self, settings: &Settings) -> ProfileDocument {
        let saved = self.mailbox.as_ref().and_then(|mailbox| mailbox.profile);
        let profile =
            saved.unwrap_or_else(|| effective::profile(&ProfileDocument::default(), settings));
        ProfileDocument {
            own_account: self.mailbox.as_ref().and_then(|it| it.own_account.clone()),
            ..(&profile).into()
        }
    }

    fn address(&self) -> String {
        match &self.mailbox {
            Some(mailbox) => mailbox.mailbox.address.clone(),
            None => self.user.fields.email.clone(),
        }
    }

    /// Why there is nothing to choose yet.
    fn obstacle(&self, visitor: &Visitor) -> Option<&'static str> {
        match (&self.settings, &self.mailbox) {
            (None, _) => {
                Some("The administrator has not set up the integration with Exchange yet.")
            }
            (_, None) if !visitor.is_admin => Some(
                "You are not enabled for synchronisation yet. Ask an administrator to do it under Resources.",
            ),
            _ => None,
        }
    }
}

fn page(visitor: &Visitor, known: &Known, typed: Option<&Form>, notice: Option<Notice>) -> Page {
    let user = known.user.id.value.as_str();
    let path = resources::of_user(PATH, user);
    let frame = match *user == visitor.user.value {
        true => Frame::new(visitor, &MY, "MS Exchange", path.clone()),
        false => {
            let title = format!("User Profile Advanced Settings: {}", known.user.fields.name);
            Frame::of_user(visitor, title)
        }
    };
    let obstacle = known.obstacle(visitor);
    let groups = match (&known.settings, obstacle) {
        (Some(settings), None) => {
            let stored = Form::filled(filled(known, settings));
            groups(typed.unwrap_or(&stored), known, settings)
        }
        _ => Vec::new(),
    };
    let mailbox = known.mailbox.as_ref();
    Page {
        frame,
        test_path: resources::of_user(TEST, user),
        more: match visitor.is_admin {
            true => vec![
                ("Calendar", resources::of_user(calendar::PATH, user)),
                ("Cycles", cycles::path_of(user)),
                (
                    "Dry run, and removing copies",
                    resources::of_user(plan::PATH, user),
                ),
                ("Sign-in", resources::of_user(user_sign_in::PATH, user)),
            ],
            false => Vec::new(),
        },
        path,
        notice,
        obstacle,
        is_saved: mailbox.is_some_and(|it| it.profile.is_some()),
        is_enabled: mailbox.is_some_and(|it| it.enabled),
        groups,
        version: known.user.version.number,
    }
}

/// The tab.
pub async fn form(visitor: Visitor, Path(user): Path<String>) -> Result<Response, Failure> {
    let known = Known::read(&visitor, user).await?;
    Ok(page(&visitor, &known, None, None).into_response())
}

/// Saves the choices. The mailbox synchronises from now on, if it is permitted.
pub async fn save(
    visitor: Visitor,
    Path(user): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let known = Known::read(&visitor, user).await?;
    let (Some(settings), None) = (&known.settings, known.obstacle(&visitor)) else {
        return Ok(page(&visitor, &known, None, None).into_response());
    };
    let mut document = known.document(settings);
    let mut found = read(&form, &mut document);
    if found.is_empty() {
        found = check_profile(&document);
    }
    let address = form.text("mailbox").trim();
    if !is_address(address) {
        let text = format!("`{address}` is not an e-mail address");
        found.push(at_mailbox(text, "enter the mailbox's primary address"));
    }
    if !found.is_empty() {
        return Ok(refused(&visitor, &known, &form, found));
    }
    let version = RowVersion {
        number: form.text("saved-version").parse().unwrap_or(0),
    };
    match write(&visitor, &known, settings, (address, &document), version).await {
        Ok(()) => {
            let known = Known::read(&visitor, known.user.id.value).await?;
            let enabled = known.mailbox.as_ref().is_some_and(|it| it.enabled);
            let notice = Some(Notice::Saved(enabled));
            Ok(page(&visitor, &known, None, notice).into_response())
        }
        Err(StoreError::Conflict { .. }) => {
            let page = page(&visitor, &known, Some(&form), Some(Notice::Stale));
            Ok((StatusCode::CONFLICT, page).into_response())
        }
        Err(error @ StoreError::AddressTaken { .. }) => {
            let hint = "give one of the two another address";
            let taken = vec![at_mailbox(error.to_string(), hint)];
            Ok(refused(&visitor, &known, &form, taken))
        }
        Err(StoreError::Invalid { rule, .. }) => {
            let invalid = vec![at_mailbox(rule, "")];
            Ok(refused(&visitor, &known, &form, invalid))
        }
        Err(error) => Err(error.into()),
    }
}

fn refused(visitor: &Visitor, known: &Known, form: &Form, found: Vec<Finding>) -> Response {
    let mut page = page(visitor, known, Some(form), Some(Notice::Wrong));
    put_at_fields(&mut page.groups, found);
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}

fn at_mailbox(text: String, hint: &str) -> Finding {
    Finding {
        field: Field::MailboxAddress,
        severity: Severity::Error,
        code: "mailbox".to_owned(),
        text,
        hint: hint.to_owned(),
    }
}

async fn write(
    visitor: &Visitor,
    known: &Known,
    settings: &Settings,
    (address, document): (&str, &ProfileDocument),
    version: RowVersion,
) -> Result<(), StoreError> {
    let id = &known.user.id;
    let enabled = known.mailbox.as_ref().is_some_and(|it| it.enabled);
    let mut transaction = visitor.tenant.begin().await?;
    resource::expect(&mut transaction, id, version).await?;
    // Nobody is newly enabled here.
    let permitted = choices::permit(&mut transaction, id, enabled, Some(address)).await?;
    let mut changed = permitted.changed;
    if let Some(mailbox) = mailbox::of_resource(&mut transaction, id).await? {
        changed |= choices::choose(&mut transaction, &mailbox, document, settings).await?;
    }
    if changed {
        resource::replace(&mut transaction, id, version, &known.user.fields).await?;
    }
    transaction.commit().await
}

/// Asks the server for the user's mailbox, with what is saved.
pub async fn test(
    State(state): State<WebState>,
    visitor: Visitor,
    Path(user): Path<String>,
) -> Result<Response, Failure> {
    let known = Known::read(&visitor, user).await?;
    let (Some(settings), Some(mailbox)) = (&known.settings, &known.mailbox) else {
        return Ok(page(&visitor, &known, None, None).into_response());
    };
    let asked = Settings {
        test_mailbox: Some(mailbox.mailbox.address.clone()),
        ..settings.clone()
    };
    let secret = tenant_secret(&visitor.tenant, settings).await?;
    let notice = match validate::ask(&state.host, &visitor.tenant, &asked, secret, None).await {
        Ok(findings) => {
            let is_well = findings.iter().all(|it| it.severity != Severity::Error);
            Notice::Tested(is_well, findings.into_iter().map(Found::from).collect())
        }
        Err(CycleError::Store(error)) => return Err(error.into()),
        Err(error) => Notice::NotTested(super::input::sentence(&error.to_string())),
    };
    Ok(page(&visitor, &known, None, Some(notice)).into_response())
}

fn signs_in_alone(settings: &Settings) -> bool {
    matches!(settings.credentials, Credentials::Basic(_)) && !settings.impersonate
}

fn groups(form: &Form, known: &Known, settings: &Settings) -> Vec<Group> {
    let mut about_mailbox = vec![
        Input::text(
            form,
            Field::MailboxAddress,
            "The mailbox's primary address, as Outlook shows it under File, Account; ask your administrator if \
             you have several. With another address its contents are read and linked anew.",
        )
        .needed(),
    ];
    if signs_in_alone(settings) {
        let profile = known.mailbox.as_ref().and_then(|mailbox| mailbox.profile);
        let is_stored = profile.is_some_and(|it| it.own_password == SecretState::Present);
        about_mailbox.push(Input::text(
            form,
            ("own-account", "Own account"),
            "The account that the password belongs to; left empty, it is the mailbox address.",
        ));
        about_mailbox.push(Input::secret(
            Field::OwnPassword,
            "The one with which you sign in to Exchange. It is stored encrypted and never shown again; when you \
             change it there, change it here too.",
            is_stored,
        ));
    }
    let off = |allowed: bool| {
        (!allowed).then_some("The administrator has switched this off for everybody.")
    };
    let imports = settings.import_mode != ImportMode::None;
    vec![
        Group {
            legend: "Mailbox",
            about: "",
            inputs: about_mailbox,
        },
        Group {
            legend: "What is synchronised",
            about: "Within what the administrator allows. You may switch everything off; copies stay where they are.",
            inputs: vec![
                Input::check(
                    form,
                    ("import-appointments", "Synchronise appointments to the PSA"),
                    "Your private items are titled Appointment there, without details.",
                )
                .greyed(off(imports)),
                Input::check(
                    form,
                    ("export-appointments", label(Field::ExportAppointments)),
                    "Those that you made in the PSA; nobody is invited by it.",
                )
                .greyed(off(settings.export_appointments)),
                Input::check(
                    form,
                    ("export-to-dos", label(Field::ExportToDos)),
                    "Those whose action type is shown on the calendar.",
                )
                .greyed(off(settings.export_to_dos)),
                Input::check(
                    form,
                    ("export-service-calls", label(Field::ExportServiceCalls)),
                    "Those that you are assigned to.",
                )
                .greyed(off(settings.export_service_calls)),
                Input::check(
                    form,
                    ("export-contacts", label(Field::ExportContacts)),
                    "Into your default contacts folder, those that the administrator selects.",
                )
                .greyed(off(settings.export_contacts)),
            ],
        },
        Group {
            legend: "How far a cycle looks",
            about: "",
            inputs: vec![
                Input::number(
                    form,
                    Field::PastDays,
                    "1 to 30: how far back past items are looked at.",
                    (1, Some(30)),
                ),
                Input::number(
                    form,
                    Field::RecurringDays,
                    "1 to 30: how far ahead occurrences of series come over.",
                    (1, Some(30)),
                ),
            ],
        },
    ]
}

fn filled(known: &Known, settings: &Settings) -> Vec<(&'static str, String)> {
    let document = known.document(settings);
    let days = |days: Option<u32>| days.map_or_else(String::new, |days| days.to_string());
    let mut fields = vec![
        ("mailbox", known.address()),
        ("own-account", document.own_account.unwrap_or_default()),
        ("past-days", days(document.past_days)),
        ("recurring-days", days(document.recurring_days)),
    ];
    for (name, choice) in [
        ("import-appointments", document.import_appointments),
        ("export-appointments", document.export_appointments),
        ("export-to-dos", document.export_to_dos),
        ("export-service-calls", document.export_service_calls),
        ("export-contacts", document.export_contacts),
    ] {
        fields.extend(tick(name, choice == Some(true)));
    }
    fields
}

/// What was typed, in place of what the document has. Gives what could not be read.
fn read(form: &Form, document: &mut ProfileDocument) -> Vec<Finding> {
    for (name, choice) in [
        ("import-appointments", &mut document.import_appointments),
        ("export-appointments", &mut document.export_appointments),
        ("export-to-dos", &mut document.export_to_dos),
        ("export-service-calls", &mut document.export_service_calls),
        ("export-contacts", &mut document.export_contacts),
    ] {
        *choice = Some(ticked(form, name, *choice == Some(true)));
    }
    document.own_account = form.maybe("own-account").map(str::to_owned);
    document.own_password = form.secret("own-password");
    let mut found = Vec::new();
    for (field, name, days) in [
        (Field::PastDays, "past-days", &mut document.past_days),
        (
            Field::RecurringDays,
            "recurring-days",
            &mut document.recurring_days,
        ),
    ] {
        match form.number(name) {
            Ok(number) => *days = Some(number),
            Err(typed) => found.push(general::not_a_number(field, typed, "1 to 30")),
        }
    }
    found
}
