//! What the guests of this folder are made with.
//!
//! Each guest is one file in `examples/`, a component of its own that misbehaves in one way. Most do
//! it in `validate-config`, where the tests hand them their order as the settings' profile name, and
//! tell what came of it in findings. For the machine that runs the tests a guest is an empty library,
//! since a component's exports only link for wasm; where the components lie is said here instead.

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
        default_bindings_module: "guests::bindings",
        additional_derives: [PartialEq, Clone],
    });
}

#[cfg(not(target_family = "wasm"))]
include!(concat!(env!("OUT_DIR"), "/built.rs"));

pub use bindings::exports::tandem::sync::provider;
pub use bindings::tandem::sync::{mail, settings, storage};

use provider::{
    Batch, Description, Fault, FetchRequest, Finding, HostTemplate, Page, Plan, ProviderKind,
    PushOutcome, PushRequest, Settings,
};

/// What a guest does. Whatever it leaves out behaves.
pub trait Mischief {
    /// Its name.
    fn name() -> String;

    /// The hosts that it asks for.
    fn hosts() -> Vec<&'static str> {
        vec!["{service-url}"]
    }

    /// Carries out an order, and tells what came of it.
    fn validate(order: &str) -> Vec<Finding> {
        let _ = order;
        Vec::new()
    }

    /// Reads.
    fn fetch(requests: Vec<FetchRequest>) -> Vec<Result<Page, Fault>> {
        let _ = requests;
        Vec::new()
    }

    /// Plans.
    fn transform(batch: Batch) -> Plan {
        let _ = batch;
        Plan {
            operations: Vec::new(),
        }
    }
}

impl<T: Mischief> provider::Guest for T {
    fn describe() -> Description {
        Description {
            name: T::name(),
            version: "1.0.0".to_owned(),
            provider: ProviderKind::Other,
            kinds: Vec::new(),
            hosts: T::hosts()
                .into_iter()
                .map(|template| HostTemplate {
                    template: template.to_owned(),
                })
                .collect(),
            authorisation: Vec::new(),
            token_scope: "{service-origin}/.default".to_owned(),
        }
    }

    fn validate_config(settings: Settings) -> Vec<Finding> {
        T::validate(&settings.profile_name)
    }

    fn fetch(requests: Vec<FetchRequest>) -> Vec<Result<Page, Fault>> {
        T::fetch(requests)
    }

    fn transform(batch: Batch) -> Plan {
        T::transform(batch)
    }

    fn push(requests: Vec<PushRequest>) -> Vec<Vec<PushOutcome>> {
        requests.into_iter().map(|_| Vec::new()).collect()
    }
}

/// A finding with a code and a text.
pub fn finding(code: &str, text: impl Into<String>) -> Finding {
    Finding {
        field: settings::Field::ProfileName,
        severity: settings::Severity::Ok,
        code: code.to_owned(),
        text: text.into(),
        hint: String::new(),
    }
}

/// What came of a request: its status and body, or the name of the error.
#[cfg(target_family = "wasm")]
pub fn outcome(request: waki::RequestBuilder) -> Finding {
    match request.send() {
        Ok(response) => {
            let status = response.status_code().to_string();
            let cause = response
                .header("tandem-credentials")
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .to_owned();
            let body = response.body().unwrap_or_default();
            let mut finding = finding(&status, String::from_utf8_lossy(&body));
            finding.hint = cause;
            finding
        }
        Err(error) => match error.downcast_ref::<waki::ErrorCode>() {
            Some(code) => finding(&format!("{code:?}"), ""),
            None => finding("failed", error.to_string()),
        },
    }
}

/// Exports a guest.
#[macro_export]
macro_rules! export_guest {
    ($guest:ident) => {
        $crate::bindings::export!($guest with_types_in $crate::bindings);
    };
}
