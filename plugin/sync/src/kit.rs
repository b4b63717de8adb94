//! What an author of a provider implements, and the macro that makes a component of it.
//!
//! A provider reads and writes one mailbox at a time and knows nothing of the law: `transform` is
//! the same in every component and comes from the planner. What all providers do alike stands beside
//! the trait: they [gather](harvest) what they read, [answer](mod@answer) for what was never asked, [find](finding) what is wrong with settings
//! and with [credentials](sign_in), write several [occurrences](occurrence) of a series one after the
//! other, and see to it that a written time [lands](landing) where it was to.

pub mod answer;
pub mod cursor;
pub mod finding;
pub mod harvest;
pub mod landing;
pub mod occurrence;
pub mod sign_in;

use crate::bindings::exports::tandem::sync::provider as exported;
use crate::contract::{
    Batch, Description, Fault, FetchRequest, Finding, Page, Plan, PushOutcome, PushRequest,
    Settings,
};

/// The four functions that differ from provider to provider.
pub trait Provider {
    /// What the plugin is. Called without network, storage or mail.
    fn describe() -> Description;

    /// Asks the server whether the settings work; each finding apart, at its field.
    fn validate_config(settings: &Settings) -> Vec<Finding>;

    /// Reads one bounded page.
    ///
    /// # Errors
    /// A fault that concerns the whole request; what concerns one item is a remark.
    fn fetch(request: &FetchRequest) -> Result<Page, Fault>;

    /// Writes one mailbox's operations and says of each what became of it, in order.
    fn push(request: &PushRequest) -> Vec<PushOutcome>;
}

/// The exported interface of a component built around `P`.
pub struct Component<P>(std::marker::PhantomData<P>);

impl<P: Provider> exported::Guest for Component<P> {
    fn describe() -> Description {
        P::describe()
    }

    fn validate_config(settings: Settings) -> Vec<Finding> {
        P::validate_config(&settings)
    }

    fn fetch(requests: Vec<FetchRequest>) -> Vec<Result<Page, Fault>> {
        requests.iter().map(P::fetch).collect()
    }

    fn transform(batch: Batch) -> Plan {
        crate::planner::plan(&batch)
    }

    fn push(requests: Vec<PushRequest>) -> Vec<Vec<PushOutcome>> {
        requests.iter().map(P::push).collect()
    }
}

/// Makes a component of a [`Provider`]. Only components for wasm export anything; natively the
/// crate stays an ordinary library that tests can call.
#[macro_export]
macro_rules! export_provider {
    ($provider:ident) => {
        #[cfg(target_family = "wasm")]
        #[allow(unsafe_code)]
        mod exported {
            type Exported = $crate::kit::Component<super::$provider>;
            $crate::bindings::export!(Exported with_types_in $crate::bindings);
        }
    };
}
