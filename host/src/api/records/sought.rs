//! The parameters by which records are searched.

use serde::Deserialize;
use utoipa::IntoParams;

use super::Sought;
use crate::api::problem::Problem;
use crate::api::time::instant_parameter;
use crate::contract::PsaId;
use crate::psa::filter::{ByName, InCalendar, OfCompany};
use crate::psa::key::Key;

/// Records that have a name.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub struct Named {
    /// Only those whose name contains this, in whichever case.
    pub text: Option<String>,
    /// At most so many, 1 to 500; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    pub limit: Option<String>,
    /// Where to go on.
    pub cursor: Option<String>,
}

/// Records that belong to a company.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub struct Companys {
    /// Only those whose name, or number and title, contain this, in whichever case.
    pub text: Option<String>,
    /// Only those of this company.
    pub company: Option<String>,
    /// At most so many, 1 to 500; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    pub limit: Option<String>,
    /// Where to go on.
    pub cursor: Option<String>,
}

/// Records that stand in calendars.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub struct Planned {
    /// Only of this user.
    pub resource: Option<String>,
    /// Only those for this company.
    pub company: Option<String>,
    /// Only what ends after this instant. Whole days count in the zone where they end last.
    #[param(format = DateTime)]
    pub from: Option<String>,
    /// Only what begins before this instant. Whole days count in the zone where they begin first.
    #[param(format = DateTime)]
    pub to: Option<String>,
    /// At most so many, 1 to 500; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    pub limit: Option<String>,
    /// Where to go on.
    pub cursor: Option<String>,
}

fn key<R>(text: Option<String>) -> Option<Key<R>> {
    text.map(|value| Key::new(PsaId { value }))
}

impl Sought<ByName> for Named {
    fn limit(&self) -> Option<&str> {
        self.limit.as_deref()
    }

    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    fn filter(self) -> Result<ByName, Problem> {
        Ok(ByName { text: self.text })
    }
}

impl Sought<OfCompany> for Companys {
    fn limit(&self) -> Option<&str> {
        self.limit.as_deref()
    }

    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    fn filter(self) -> Result<OfCompany, Problem> {
        Ok(OfCompany {
            text: self.text,
            company: key(self.company),
        })
    }
}

impl Sought<InCalendar> for Planned {
    fn limit(&self) -> Option<&str> {
        self.limit.as_deref()
    }

    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    fn filter(self) -> Result<InCalendar, Problem> {
        Ok(InCalendar {
            from: instant_parameter("from", self.from.as_deref())?,
            to: instant_parameter("to", self.to.as_deref())?,
            resource: key(self.resource),
            company: key(self.company),
        })
    }
}
