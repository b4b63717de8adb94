//! The components that this program carries in itself, built by `build.rs`.

/// The provider for Microsoft Graph.
pub const GRAPH: &[u8] = include_bytes!(env!("TANDEM_COMPONENT_GRAPH"));
