//! What the tabs *General* and *Synchronization* have in common: they show settings, read what was
//! typed over those that are stored, and save them in [`settings::save`](crate::settings::save).

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::failure::Failure;
use super::form::Form;
use super::frame::{EXCHANGE, Frame};
use super::input::{Control, Found, Group, put_at_fields, sentence};
use super::state::WebState;
use super::visitor::Visitor;
use super::waiting::Ended;
use super::{general, synchronization};
use crate::contract::{Finding, Settings};
use crate::cycle::CycleError;
use crate::page;
use crate::settings::check::check_settings;
use crate::settings::document::{ApplyFile, SettingsDocument};
use crate::settings::effective;
use crate::settings::save::{Consequence, SaveError, Saved, consequences, save_at, secret_state};
use crate::store::settings::{self, StoredSettings};
use crate::store::{StoreError, lease};

/// Where *General* lies.
pub const GENERAL: &str = page::GENERAL;

/// Where *Synchronization* lies.
pub const SYNCHRONIZATION: &str = page::SYNCHRONIZATION;

/// Where a save waits for running cycles.
pub const WAITING: &str = "/admin/exchange/saving";

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Where Exchange is, how Tandem signs in, how often it runs.
    General,
    /// What travels in which direction, and how far.
    Synchronization,
}

impl Tab {
    fn path(self) -> &'static str {
        match self {
            Self::General => GENERAL,
            Self::Synchronization => SYNCHRONIZATION,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::General => "General",
            Self::Synchronization => "Synchronization",
        }
    }

    fn filled(self, document: &SettingsDocument) -> Form {
        Form::filled(match self {
            Self::General => general::filled(document),
            Self::Synchronization => synchronization::filled(document),
        })
    }

    fn groups(self, form: &Form, stored: Option<&Settings>) -> Vec<Group> {
        match self {
            Self::General => general::groups(form, stored),
            Self::Synchronization => synchronization::groups(form, stored),
        }
    }

    fn read(self, form: &Form, document: &mut SettingsDocument) -> Vec<Finding> {
        match self {
            Self::General => general::read(form, document),
            Self::Synchronization => synchronization::read(form, document),
        }
    }
}

/// What the page says above the fields.
enum Notice {
    /// Everything is saved.
    Saved {
        began: Vec<&'static str>,
        runs: bool,
    },
    /// Nothing is, because fields are wrong: so many.
    Wrong(usize),
    /// Nothing is, because a cycle runs.
    InProgress(String),
    /// Nothing is, because somebody saved meanwhile.
    Stale,
    /// Nothing is, because the server could not even be asked.
    NotAsked(String),
    /// Nothing is yet: this would begin, and has to be confirmed.
    Announced(Vec<&'static str>),
    /// Somebody gave up a save that waited.
    GivenUp,
}

#[derive(Template, WebTemplate)]
#[template(path = "settings.html")]
struct Page {
    frame: Frame,
    path: &'static str,
    is_general: bool,
    /// Nothing was ever saved.
    is_first: bool,
    notice: Option<Notice>,
    /// What was found at fields that are not on this tab.
    elsewhere: Vec<Found>,
    groups: Vec<Group>,
    version: u64,
}

/// Shows *General*.
pub async fn general(visitor: Visitor) -> Result<Response, Failure> {
    show(visitor, Tab::General).await
}

/// Shows *Synchronization*.
pub async fn synchronization(visitor: Visitor) -> Result<Response, Failure> {
    show(visitor, Tab::Synchronization).await
}

/// Saves *General*.
pub async fn save_general(
    State(state): State<WebState>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    save(state, visitor, Tab::General, form).await
}

/// Saves *Synchronization*.
pub async fn save_synchronization(
    State(state): State<WebState>,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    save(state, visitor, Tab::Synchronization, form).await
}

async fn show(visitor: Visitor, tab: Tab) -> Result<Response, Failure> {
    let stored = settings::get(&visitor.tenant).await?;
    Ok(page(&visitor, tab, &stored, None, None, Vec::new()).into_response())
}

/// The page. `typed`: what stands in its fields, in place of what is stored.
fn page(
    visitor: &Visitor,
    tab: Tab,
    stored: &StoredSettings,
    typed: Option<&Form>,
    notice: Option<Notice>,
    mut findings: Vec<Finding>,
) -> Page {
    let settings = stored.settings.as_ref();
    let form = match typed {
        Some(form) => form.clone(),
        None => tab.filled(&settings.map(SettingsDocument::from).unwrap_or_default()),
    };
    if findings.is_empty() {
        findings = general::standing(settings);
        findings.retain(|_| tab == Tab::General);
    }
    let mut groups = tab.groups(&form, settings);
    let elsewhere = put_at_fields(&mut groups, findings);
    Page {
        frame: Frame::new(visitor, &EXCHANGE, tab.title(), tab.path()),
        path: tab.path(),
        is_general: tab == Tab::General,
        is_first: settings.is_none(),
        notice,
        elsewhere,
        groups,
        // Who was refused repeats the save on the version that it was made on.
        version: match typed.map(|form| form.text("saved-version").parse()) {
            Some(Ok(version)) => version,
            _ => stored.version,
        },
    }
}

async fn save(
    state: WebState,
    visitor: Visitor,
    tab: Tab,
    form: Form,
) -> Result<Response, Failure> {
    let stored = settings::get(&visitor.tenant).await?;
    let before = stored.settings.as_ref();
    let mut document = before.map(SettingsDocument::from).unwrap_or_default();
    let mut wrong = tab.read(&form, &mut document);
    let secret = secret_state(&visitor.tenant, &document).await?;
    if !wrong.is_empty() {
        let known: Vec<_> = wrong.iter().map(|it| it.field).collect();
        let more = check_settings(&document, secret).into_iter();
        wrong.extend(more.filter(|it| !known.contains(&it.field)));
        let notice = Notice::Wrong(wrong.len());
        let page = page(&visitor, tab, &stored, Some(&form), Some(notice), wrong);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let version = form.text("saved-version").parse().unwrap_or(0);
    let after = effective::settings(&document, secret);
    let begins = before.map_or_else(Vec::new, |before| consequences(before, &after));
    let is_sound = check_settings(&document, secret).is_empty();
    if is_sound && !begins.is_empty() && !form.is_ticked("confirmed") {
        let notice = Notice::Announced(begins.into_iter().map(announced).collect());
        let page = page(
            &visitor,
            tab,
            &stored,
            Some(&form),
            Some(notice),
            Vec::new(),
        );
        return Ok(page.into_response());
    }
    let file = ApplyFile {
        tenant: visitor.tenant.id().value.clone(),
        settings: Some(document),
        resource: Vec::new(),
    };
    if form.text("action") != "wait" {
        let result = save_at(&state.host, &file, Some(version)).await;
        return outcome(&visitor, tab, &form, result).await;
    }
    let begun = state
        .waiting
        .begin(&state.host, &visitor.tenant, (tab, form), (file, version));
    match begun.await {
        Some(ended) => of_waiting(&visitor, ended).await,
        None => Ok(Redirect::to(WAITING).into_response()),
    }
}

/// What came of a save, with what was typed where it was refused.
async fn outcome(
    visitor: &Visitor,
    tab: Tab,
    form: &Form,
    result: Result<Saved, SaveError>,
) -> Result<Response, Failure> {
    let stored = settings::get(&visitor.tenant).await?;
    let (status, notice, findings) = match result {
        Ok(saved) => {
            let began = match saved.resynchronises {
                true => vec![announced(Consequence::Resynchronisation)],
                false => Vec::new(),
            };
            let runs = stored.settings.as_ref().is_some_and(|it| it.enabled);
            let notice = Notice::Saved { began, runs };
            let page = page(visitor, tab, &stored, None, Some(notice), saved.findings);
            return Ok(page.into_response());
        }
        Err(SaveError::Wrong(wrong)) => {
            let wrong: Vec<Finding> = wrong.into_iter().map(|(_, finding)| finding).collect();
            let notice = Notice::Wrong(wrong.len());
            (StatusCode::UNPROCESSABLE_ENTITY, notice, wrong)
        }
        Err(error @ SaveError::InProgress) => {
            let notice = Notice::InProgress(sentence(&error.to_string()));
            (StatusCode::CONFLICT, notice, Vec::new())
        }
        Err(SaveError::Store(StoreError::Conflict { .. })) => {
            (StatusCode::CONFLICT, Notice::Stale, Vec::new())
        }
        Err(SaveError::Ask(CycleError::Store(error)) | SaveError::Store(error)) => {
            return Err(error.into());
        }
        Err(error) => {
            let notice = Notice::NotAsked(sentence(&error.to_string()));
            (StatusCode::UNPROCESSABLE_ENTITY, notice, Vec::new())
        }
    };
    let page = page(visitor, tab, &stored, Some(form), Some(notice), findings);
    Ok((status, page).into_response())
}

async fn of_waiting(visitor: &Visitor, ended: Ended) -> Result<Response, Failure> {
    match ended.result {
        Some(result) => outcome(visitor, ended.tab, &ended.form, result).await,
        None => show(visitor.clone(), ended.tab).await,
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "waiting.html")]
struct WaitingPage {
    frame: Frame,
    running: u64,
}

/// Shows how a save stands that waits, or what came of it.
pub async fn waiting(State(state): State<WebState>, visitor: Visitor) -> Result<Response, Failure> {
    if let Some(ended) = state.waiting.ended(&visitor.tenant).await {
        return of_waiting(&visitor, ended).await;
    }
    if !state.waiting.is_waiting(&visitor.tenant) {
        return Ok(Redirect::to(GENERAL).into_response());
    }
    let page = WaitingPage {
        frame: Frame::new(&visitor, &EXCHANGE, "Saving", GENERAL),
        running: lease::running(&visitor.tenant).await?,
    };
    Ok(page.into_response())
}

/// Gives a save up that waits.
pub async fn give_up(State(state): State<WebState>, visitor: Visitor) -> Result<Response, Failure> {
    state.waiting.give_up(&visitor.tenant).await?;
    let stored = settings::get(&visitor.tenant).await?;
    let notice = Some(Notice::GivenUp);
    Ok(page(&visitor, Tab::General, &stored, None, notice, Vec::new()).into_response())
}

const fn announced(consequence: Consequence) -> &'static str {
    match consequence {
        Consequence::Resynchronisation => {
            "A full re-synchronisation: each mailbox is read from the beginning, and what exists on both sides is \
             linked again: by link, then by marker, then by equal content. No second copy is made; what cannot be \
             told apart is left alone and reported. It takes longer than a usual synchronisation."
        }
        Consequence::HandOver => {
            "A hand-over to the other interface: each mailbox translates the names of its items at its next \
             synchronisation. No item is made, changed or deleted by it, and the way back works alike."
        }
    }
}
