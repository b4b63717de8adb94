//! Tandem's law and the kit that a provider is built with.
//!
//! Everything here is pure: no clock, no randomness, no input or output. The types are the
//! contract's own, generated from `wit/`.

#[doc(hidden)]
pub mod bindings {
    #![allow(
        missing_docs,
        unsafe_code,
        unused_qualifications,
        clippy::all,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )]
    wit_bindgen::generate!({
        path: "../../wit",
        world: "plugin",
        pub_export_macro: true,
        default_bindings_module: "sync::bindings",
        additional_derives: [PartialEq, Clone, serde::Serialize, serde::Deserialize],
    });
}

pub mod base;
pub mod compose;
pub mod contract;
mod cut;
pub mod import;
pub mod kit;
pub mod marker;
pub mod planner;
pub mod series;
pub mod zone;
