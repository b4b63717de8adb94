//! What the plugin tells its host about itself.

use sync::contract::{Authorisation, Description, HostTemplate, ItemKind, ProviderKind};

/// The plugin's name.
pub const NAME: &str = "tandem-ews";

/// The plugin's version (semver).
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What `describe` answers.
#[must_use]
pub fn description() -> Description {
    Description {
        name: NAME.to_owned(),
        version: VERSION.to_owned(),
        provider: ProviderKind::Ews,
        kinds: vec![
            ItemKind::Appointment,
            ItemKind::ToDo,
            ItemKind::ServiceCall,
            ItemKind::Contact,
        ],
        hosts: vec![HostTemplate {
            template: "{service-url}".to_owned(),
        }],
        authorisation: vec![Authorisation::OauthClientCredentials, Authorisation::Basic],
        token_scope: "{service-origin}/.default".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_service_that_the_tenant_named_is_asked_for() {
        let description = description();
        let hosts: Vec<&str> = description
            .hosts
            .iter()
            .map(|host| host.template.as_str())
            .collect();
        assert_eq!(hosts, ["{service-url}"]);
        assert_eq!(description.token_scope, "{service-origin}/.default");
    }
}
