//! The components that this program carries in itself, one for each provider, built by `build.rs`.

use super::component::Component;
use super::engine::Engine;
use super::error::ComponentError;
use crate::contract::Settings;

/// A component that the program carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Embedded {
    /// The provider for Microsoft Graph.
    Graph,
    /// The provider for Exchange Web Services.
    Ews,
}

impl Embedded {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Graph, Self::Ews];

    /// The one that serves these settings.
    #[must_use]
    pub const fn of(settings: &Settings) -> Self {
        if settings.use_graph {
            Self::Graph
        } else {
            Self::Ews
        }
    }

    /// What people read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Graph => "the built-in plugin for Microsoft Graph",
            Self::Ews => "the built-in plugin for Exchange Web Services",
        }
    }

    /// It as WebAssembly.
    #[must_use]
    pub const fn bytes(self) -> &'static [u8] {
        match self {
            Self::Graph => include_bytes!(env!("TANDEM_COMPONENT_GRAPH")),
            Self::Ews => include_bytes!(env!("TANDEM_COMPONENT_EWS")),
        }
    }

    /// Loads it.
    ///
    /// # Errors
    /// [`ComponentError`] when what was embedded is no plugin.
    pub async fn load(self, engine: &Engine) -> Result<Component, ComponentError> {
        Component::from_bytes(engine, self.name(), self.bytes()).await
    }
}

/// A component for each provider.
#[derive(Clone)]
pub struct Components {
    /// For Microsoft Graph.
    pub graph: Component,
    /// For Exchange Web Services.
    pub ews: Component,
}

impl Components {
    /// Loads all that the program carries.
    ///
    /// # Errors
    /// As [`Embedded::load`].
    pub async fn load(engine: &Engine) -> Result<Self, ComponentError> {
        Ok(Self {
            graph: Embedded::Graph.load(engine).await?,
            ews: Embedded::Ews.load(engine).await?,
        })
    }

    /// The one in this place.
    #[must_use]
    pub const fn get(&self, which: Embedded) -> &Component {
        match which {
            Embedded::Graph => &self.graph,
            Embedded::Ews => &self.ews,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::ProviderKind;
    use crate::runtime::EngineSettings;

    #[tokio::test]
    async fn each_speaks_the_interface_of_its_place() {
        let engine = Engine::new(&EngineSettings::default()).unwrap();
        let components = Components::load(&engine).await.unwrap();
        for which in Embedded::ALL {
            let kind = match which {
                Embedded::Graph => ProviderKind::Graph,
                Embedded::Ews => ProviderKind::Ews,
            };
            let description = components.get(which).description();
            assert_eq!(description.provider, kind, "{}", which.name());
        }
    }
}
