//! The pages, for the people of a tenant: administrators decide, users choose, both look things up.
//!
//! What a newcomer has to know:
//!
//! - [`routes`] is the one list of what there is, each with who may reach it ([`Reach`]). The router is
//!   made from it, and so is the test that tries each route as everybody.
//! - In front of each handler stands the [`guard`]: it knows the visitor by the session, holds who asks
//!   against the route's reach, and lets a form through only when it came from our own page. A handler
//!   gets a [`Visitor`](visitor::Visitor) and reaches nothing but that tenant's rows.
//! - A page is a file here and a template of its name in `host/templates`. Everything works without
//!   JavaScript: a form is posted, and its answer is a page or a redirect. What a script adds is said in
//!   `host/assets`.
//! - What is typed is read by [`form::Form`] and given back as it was typed when it is refused. Settings
//!   are checked and saved in [`settings`](crate::settings) alone.
//! - No page carries code or style of its own, so that the [security policy](headers) can forbid both.

pub mod administrator;
mod asset;
mod awaited;
mod calendar;
mod cycle;
mod cycles;
mod failure;
mod first_password;
mod form;
mod frame;
mod general;
mod guard;
mod headers;
mod home;
mod input;
mod item;
mod mails;
mod message;
mod missing;
mod origin;
mod own_password;
pub mod password;
mod pilot;
mod plan;
mod planned;
mod profile;
mod progress;
mod removal;
mod resources;
mod route;
mod session_cookie;
mod sign_in;
mod sign_out;
mod standing;
mod state;
mod synchronise;
mod synchronization;
mod tab;
mod undo;
mod user_sign_in;
mod visitor;
mod waiting;
mod waits;
mod week;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn_with_state, map_response};

pub use route::{Reach, Route};
pub use state::WebState;

/// The largest form that is read, in bytes: 1 MiB.
pub const LARGEST_FORM: usize = 1 << 20;

/// All routes of the pages.
#[must_use]
pub fn routes() -> Vec<Route> {
    use Reach::{Admin, Anyone, OwnOrAdmin, SignedIn};
    vec![
        Route::get(asset::PATH, Anyone, asset::get),
        Route::get(sign_in::PATH, Anyone, sign_in::form),
        Route::post(sign_in::PATH, Anyone, sign_in::sign_in),
        Route::get(first_password::PATH, Anyone, first_password::form),
        Route::post(first_password::PATH, Anyone, first_password::choose),
        Route::get("/", SignedIn, home::go),
        Route::post(sign_out::PATH, SignedIn, sign_out::sign_out),
        Route::get(own_password::PATH, SignedIn, own_password::form),
        Route::post(own_password::PATH, SignedIn, own_password::change),
        Route::get(tab::GENERAL, Admin, tab::general),
        Route::post(tab::GENERAL, Admin, tab::save_general),
        Route::get(tab::SYNCHRONIZATION, Admin, tab::synchronization),
        Route::post(tab::SYNCHRONIZATION, Admin, tab::save_synchronization),
        Route::get(tab::WAITING, Admin, tab::waiting),
        Route::post(tab::WAITING, Admin, tab::give_up),
        Route::get(resources::PATH, Admin, resources::list),
        Route::post(resources::PATH, Admin, resources::save),
        Route::post(pilot::PATH, Admin, pilot::switch),
        Route::get(progress::PATH, Admin, progress::tell),
        Route::post(synchronise::PATH, Admin, synchronise::now),
        Route::get(user_sign_in::PATH, Admin, user_sign_in::form),
        Route::post(user_sign_in::PATH, Admin, user_sign_in::invite),
        Route::get(profile::PATH, OwnOrAdmin, profile::form),
        Route::post(profile::PATH, OwnOrAdmin, profile::save),
        Route::post(profile::TEST, OwnOrAdmin, profile::test),
        Route::get(calendar::PATH, OwnOrAdmin, calendar::week),
        Route::post(calendar::PATH, OwnOrAdmin, calendar::look_for_missing),
        Route::get(item::PATH, OwnOrAdmin, item::history),
        Route::get(item::OPEN, SignedIn, item::open),
        Route::get(cycles::PATH, Admin, cycles::list),
        Route::post(cycles::PAUSE, Admin, cycles::pause),
        Route::get(cycle::PATH, Admin, cycle::show),
        Route::post(cycle::APPROVE, Admin, cycle::go_ahead),
        Route::get(waits::PATH, Admin, waits::list),
        Route::post(waits::PATH, Admin, waits::again),
        Route::get(plan::PATH, Admin, plan::form),
        Route::post(plan::PATH, Admin, plan::look),
        Route::get(undo::PATH, Admin, undo::form),
        Route::post(undo::PATH, Admin, undo::look),
        Route::get(removal::PATH, Admin, removal::list),
        Route::post(removal::PATH, Admin, removal::remove),
        Route::get(mails::PATH, Admin, mails::list),
    ]
}

/// The pages, to be merged into the program's router.
pub fn router(state: WebState) -> Router {
    let mut router = Router::new();
    for route in routes() {
        let guard = from_fn_with_state((state.clone(), route.reach), guard::guard);
        router = router.route(route.path, route.handler.route_layer(guard));
    }
    router
        .fallback(failure::no_page)
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(map_response(headers::strict))
        .with_state(state)
}
