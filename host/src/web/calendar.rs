//! `/users/{user}/calendar`: a user's week with what stands in it, and when the user is available.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Deserialize;

use super::failure::Failure;
use super::form::Form;
use super::frame::Frame;
use super::input::sentence;
use super::missing::{self, Missing};
use super::state::WebState;
use super::visitor::Visitor;
use super::week::Week;
use super::{item, resources};
use crate::contract::{ItemKind, PsaId, PsaReference, Side, Span};
use crate::cycle::window::resolve;
use crate::explanation::title::{Shown, of_row};
use crate::psa::availability::{self, Availability};
use crate::psa::calendar::{self, Entry};
use crate::psa::resource::{self, ResourceRecord};
use crate::store::mailbox::{self, MailboxRecord};

/// Where it lies.
pub const PATH: &str = "/users/{user}/calendar";

#[derive(Template, WebTemplate)]
#[template(path = "calendar.html")]
struct Page {
    frame: Frame,
    path: String,
    week: Week,
    days: Vec<Day>,
    time: Option<Time>,
    /// The mailbox synchronises, so that it can be asked for what is missing.
    synchronises: bool,
    missing: Option<Result<Vec<Missing>, String>>,
}

struct Day {
    date: NaiveDate,
    is_today: bool,
    items: Vec<Item>,
    /// When the user is available; none where nobody knows.
    available: Option<Vec<String>>,
}

struct Item {
    path: String,
    when: String,
    title: String,
    tags: Vec<&'static str>,
}

/// The week in numbers.
struct Time {
    available: String,
    working: String,
    utilisation: Option<String>,
}

/// Which week.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// A day of it, as YYYY-MM-DD; left out: today.
    week: String,
}

struct Known {
    user: ResourceRecord,
    mailbox: Option<MailboxRecord>,
}

impl Known {
    async fn read(visitor: &Visitor, user: String) -> Result<Self, Failure> {
        let user = resource::get(&visitor.tenant, &PsaId { value: user }).await?;
        let mailbox = mailbox::of_resource(&visitor.tenant, &user.id).await?;
        Ok(Self { user, mailbox })
    }

    /// The user's zone: that of the working hours, else the mailbox's, else UTC.
    fn zone(&self) -> Tz {
        let hours = self.user.fields.working_hours.as_ref();
        let of_hours = hours.and_then(|hours| hours.zone.parse().ok());
        let zone = self
            .mailbox
            .as_ref()
            .and_then(|it| it.mailbox.zone.as_ref());
        of_hours
            .or_else(|| zone.and_then(resolve))
            .unwrap_or(Tz::UTC)
    }

    async fn page(
        &self,
        state: &WebState,
        visitor: &Visitor,
        week: Week,
        missing: Option<Result<Vec<Missing>, String>>,
    ) -> Result<Page, Failure> {
        let tenant = &visitor.tenant;
        let id = &self.user.id;
        let is_own = visitor.user == *id;
        let path = resources::of_user(PATH, &id.value);
        let frame = match is_own {
            true => Frame::new(visitor, &["My"], "Calendar", path.clone()),
            false => {
                let title = format!("Calendar of {}", self.user.fields.name);
                Frame::of_user(visitor, title)
            }
        };
        let entries = calendar::of_user(tenant, id, week.period()).await?;
        let references: Vec<PsaReference> = entries.iter().map(|it| it.item.clone()).collect();
        let shown = Shown::read(&state.host.web_address, tenant, &references).await?;
        let time = match &self.user.fields.working_hours {
            Some(hours) => Some(availability::of_user(tenant, id, hours, week.period()).await?),
            None => None,
        };
        let today = Week::today(state.host.clock.now(), week.zone);
        let days = week.days().map(|date| Day {
            date,
            is_today: today == Some(date),
            items: items(&entries, &shown, week, date, (&id.value, is_own)),
            available: time.as_ref().map(|time| available(time, week, date)),
        });
        Ok(Page {
            frame,
            path,
            days: days.collect(),
            time: time.map(Time::from),
            week,
            synchronises: self
                .mailbox
                .as_ref()
                .is_some_and(|it| it.enabled && it.profile.is_some()),
            missing,
        })
    }
}

/// A day's items, whole days first, then by their beginning.
fn items(
    entries: &[Entry],
    shown: &Shown,
    week: Week,
    date: NaiveDate,
    (user, is_own): (&str, bool),
) -> Vec<Item> {
    let mut on_day: Vec<(i64, Item)> = entries
        .iter()
        .filter_map(|entry| {
            let when = week.on(date, &entry.span)?;
            let title = shown.row(&entry.item).and_then(of_row);
            let item = Item {
                path: item::path(user, &entry.item),
                when,
                title: match entry.private && !is_own {
                    true => "(private)".to_owned(),
                    false => title.unwrap_or_else(|| "(without title)".to_owned()),
                },
                tags: tags(entry),
            };
            let begins = match &entry.span {
                Span::AllDay(_) => i64::MIN,
                Span::Timed(span) => span.start.microseconds,
            };
            Some((begins, item))
        })
        .collect();
    on_day.sort_by(|(one, a), (other, b)| (one, &a.title).cmp(&(other, &b.title)));
    on_day.into_iter().map(|(_, item)| item).collect()
}

fn tags(entry: &Entry) -> Vec<&'static str> {
    let mut tags = vec![match entry.item.kind {
        ItemKind::Appointment => "appointment",
        ItemKind::ToDo => "to-do",
        ItemKind::ServiceCall => "service call",
        ItemKind::Contact => "contact",
    }];
    for (is_so, tag) in [
        (entry.origin == Side::Exchange, "from Exchange"),
        (entry.private, "private"),
        (entry.free, "free"),
        (entry.recurring, "recurring"),
        (entry.not_answered, "not answered"),
    ] {
        tags.extend(is_so.then_some(tag));
    }
    tags
}

fn available(time: &Availability, week: Week, date: NaiveDate) -> Vec<String> {
    let spans = time.available.iter();
    spans
        .filter_map(|span| week.on(date, &Span::Timed(*span)))
        .collect()
}

impl From<Availability> for Time {
    fn from(time: Availability) -> Self {
        let percent = |share: f64| format!("{:.0} %", share * 100.0);
        Self {
            available: hours(time.available_minutes()),
            working: hours(time.working_minutes),
            utilisation: time.utilisation().map(percent),
        }
    }
}

fn hours(minutes: u64) -> String {
    match (minutes / 60, minutes % 60) {
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// The week.
pub async fn week(
    State(state): State<WebState>,
    visitor: Visitor,
    Path(user): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let known = Known::read(&visitor, user).await?;
    let week = chosen(&state, &known, &wanted.week);
    Ok(known
        .page(&state, &visitor, week, None)
        .await?
        .into_response())
}

/// The same, with what the mailbox has in that week and the calendar has not.
pub async fn look_for_missing(
    State(state): State<WebState>,
    visitor: Visitor,
    Path(user): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let known = Known::read(&visitor, user).await?;
    let week = chosen(&state, &known, form.text("week"));
    let Some(mailbox) = &known.mailbox else {
        return Err(Failure::NotFound);
    };
    let (status, found) = match missing::look(&state.host, &visitor.tenant, mailbox, week).await? {
        Ok(found) => (StatusCode::OK, Ok(found)),
        Err(why) => (StatusCode::CONFLICT, Err(sentence(&why))),
    };
    let page = known.page(&state, &visitor, week, Some(found)).await?;
    Ok((status, page).into_response())
}

fn chosen(state: &WebState, known: &Known, day: &str) -> Week {
    match NaiveDate::parse_from_str(day, "%Y-%m-%d") {
        Ok(day) => Week::of(day, known.zone()).away(0),
        Err(_) => Week::at(state.host.clock.now(), known.zone()),
    }
}
