//! The JSON interface under `/api/v1`, for programs: a PSA's records, cycles on demand, and what
//! came of them.
//!
//! What a newcomer has to know:
//!
//! - A bearer token ([`caller`]) binds each request to one tenant. It is asked for in front of all
//!   routes, unknown ones included; a handler gets a [`Caller`](caller::Caller) and reaches
//!   nothing but that tenant's rows.
//! - Each resource is a file: its shapes, and thin handlers that turn a request into the contract's
//!   types and call the store, the PSA or a cycle.
//! - Names and choices are written in snake case, instants as RFC 3339 in UTC, days as ISO dates.
//!   A list answers `{"items": […], "next": "…" | null}`; `next` is the `cursor` of the next page.
//! - What a request holds is never guessed: unknown fields and parameters are refused by name.
//! - Rows that people change carry their version as `ETag`; `PATCH` and `DELETE` name it in
//!   `If-Match` ([`version`]).
//! - All refusals are a [`Problem`] (RFC 9457), whose `type` never changes its meaning.
//! - [`routes`] is the one list of what there is. The router is made from it, and so are the tests
//!   that try each route without a token and with another tenant's, and the interface's own
//!   [description](openapi), which reads what a handler takes and gives from its signature.

pub mod answer;
pub mod appointments;
pub mod availability;
pub mod body;
pub mod bulk;
pub mod caller;
pub mod changes;
pub mod description;
pub mod finding;
pub mod held;
pub mod history;
pub mod kind;
pub mod list;
pub mod mailboxes;
pub mod openapi;
pub mod parameters;
pub mod plan;
pub mod problem;
pub mod profile;
pub mod records;
mod refusal;
pub mod remove_copies;
pub mod resources;
pub mod route;
pub mod runs;
pub mod service_calls;
pub mod settings;
pub mod span;
pub mod sync;
pub mod text;
pub mod time;
pub mod to_dos;
pub mod undo;
pub mod version;
pub mod webhooks;
pub mod working_hours;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::any;

use crate::host::Host;
use crate::psa::action_type::ActionType;
use crate::psa::call_status::CallStatus;
use crate::psa::company::Company;
use crate::psa::contact::Contact;
use crate::psa::opportunity::Opportunity;
use crate::psa::security_level::SecurityLevel;
use crate::psa::service_call::ServiceCall;
use crate::psa::service_contract::ServiceContract;
use crate::psa::task::Task;
use crate::psa::territory::Territory;
use crate::psa::ticket::Ticket;
use crate::psa::to_do::ToDo;
use appointments::shape::NewAppointment;
pub use problem::Problem;
pub use route::Route;

/// Where the interface lies.
pub const BASE: &str = "/api/v1";

/// The largest body that is read, in bytes: 1 MiB.
pub const LARGEST_BODY: usize = 1 << 20;

/// What all handlers share. Cheap to clone.
#[derive(Clone)]
pub struct ApiState {
    /// The host whose database and cycles these are.
    pub host: Host,
}

/// All routes of the interface.
#[must_use]
pub fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::get("/openapi.json", "This description", openapi::get),
        Route::get(
            "/appointments",
            "Appointments by version",
            appointments::list,
        ),
        Route::post("/appointments", "Make an appointment", appointments::create),
        Route::get("/appointments/{id}", "An appointment", appointments::get),
        Route::patch(
            "/appointments/{id}",
            "Change an appointment",
            appointments::edit,
        ),
        Route::delete(
            "/appointments/{id}",
            "Delete an appointment",
            appointments::delete,
        ),
        Route::post(
            "/appointments/bulk",
            "Make appointments be as given",
            bulk::write::<NewAppointment>,
        ),
        Route::get("/changes", "What changed after a version", changes::list),
        Route::get("/webhooks", "Webhooks, the oldest first", webhooks::list),
        Route::post("/webhooks", "Make a webhook", webhooks::create),
        Route::get("/webhooks/{id}", "A webhook", webhooks::get),
        Route::patch("/webhooks/{id}", "Change a webhook", webhooks::edit),
        Route::delete("/webhooks/{id}", "End a webhook", webhooks::delete),
        Route::post(
            "/webhooks/{id}/secret",
            "Exchange a webhook's secret",
            webhooks::rotate,
        ),
        Route::get("/resources", "Users by name", resources::list),
        Route::post("/resources", "Make a user", resources::create),
        Route::get("/resources/{id}", "A user", resources::get),
        Route::patch("/resources/{id}", "Change a user", resources::edit)
            .refuses(resources::REFUSALS),
        Route::delete(
            "/resources/{id}",
            "Put a user out of use",
            resources::retire,
        ),
        Route::get(
            "/resources/{id}/profile",
            "What a user chooses",
            profile::get,
        )
        .refuses(profile::REFUSALS),
        Route::put(
            "/resources/{id}/profile",
            "Save what a user chooses",
            profile::put,
        )
        .refuses(profile::REFUSALS),
        Route::get(
            "/resources/{id}/availability",
            "A user's time over a period",
            availability::get,
        )
        .refuses(availability::REFUSALS),
        Route::get("/settings", "The tenant's settings", settings::get),
        Route::put("/settings", "Check and save settings", settings::put)
            .refuses(settings::REFUSALS),
        Route::post(
            "/settings/validate",
            "Ask the server with the settings",
            settings::ask,
        )
        .refuses(settings::REFUSALS_TO_ASK),
        Route::get(
            "/mailboxes",
            "How each user's synchronisation stands",
            mailboxes::list,
        ),
        Route::post("/sync", "Run cycles now", sync::start).refuses(sync::REFUSALS),
        Route::post(
            "/remove-copies",
            "Remove all copies that Tandem made",
            remove_copies::start,
        )
        .refuses(sync::REFUSALS),
        Route::post("/undo", "Undo a user's last cycle", undo::start).refuses(sync::REFUSALS),
        Route::get("/runs", "Cycles, the newest first", runs::list),
        Route::get("/runs/{id}", "A cycle", runs::get),
        Route::post(
            "/runs/{id}/approve",
            "Approve what a cycle holds, or stopped for",
            held::approve,
        ),
        Route::get("/held", "Deletions that wait for approval", held::list),
        Route::get(
            "/items/{kind}/{id}/history",
            "What happened to an item",
            history::of_item,
        ),
    ];
    routes.extend(records::routes::<Company>());
    routes.extend(records::routes::<Contact>());
    routes.extend(records::routes::<ToDo>());
    routes.extend(records::routes::<ServiceCall>());
    // What those name.
    routes.extend(records::routes::<Territory>());
    routes.extend(records::routes::<SecurityLevel>());
    routes.extend(records::routes::<Opportunity>());
    routes.extend(records::routes::<ServiceContract>());
    routes.extend(records::routes::<Ticket>());
    routes.extend(records::routes::<Task>());
    routes.extend(records::routes::<ActionType>());
    routes.extend(records::routes::<CallStatus>());
    routes
}

/// The interface, to be merged into the program's router.
pub fn router(state: ApiState) -> Router {
    let mut router = Router::new();
    for route in routes() {
        router = router.route(&format!("{BASE}{}", route.path), route.handler);
    }
    // Paths below the base that do not exist are routes too: a fallback would be the whole
    // program's, and would stand in front of no token.
    for rest in ["", "/", "/{*rest}"] {
        router = router.route(&format!("{BASE}{rest}"), any(problem::no_route));
    }
    router
        .method_not_allowed_fallback(problem::no_method)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        // The last layer runs first: who has no token learns nothing, not even which routes exist.
        .layer(from_fn_with_state(state.clone(), caller::identify))
        .layer(map_response(not_to_be_kept))
        .with_state(state)
}

/// Calendars are nothing for a cache between here and the caller.
async fn not_to_be_kept(mut response: Response) -> Response {
    let value = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, value);
    response
}
