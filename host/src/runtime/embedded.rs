//! The components that this program carries in itself, built by `build.rs`.

use super::component::Component;
use super::engine::Engine;
use super::error::ComponentError;

/// The provider for Microsoft Graph, as WebAssembly.
pub const GRAPH: &[u8] = include_bytes!(env!("TANDEM_COMPONENT_GRAPH"));

/// Loads the provider for Microsoft Graph.
///
/// # Errors
/// [`ComponentError`] when what was embedded is no plugin.
pub async fn graph(engine: &Engine) -> Result<Component, ComponentError> {
    Component::from_bytes(engine, "embedded graph", GRAPH).await
}
