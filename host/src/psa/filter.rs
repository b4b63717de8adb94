//! By what records are searched. What is none finds all.

use super::company::Company;
use super::key::{Key, value};
use super::record::Filter;
use super::resource::Resource;
use crate::contract::Instant;
use crate::store::statement::Value;

/// By a text that the name contains.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ByName {
    /// In whichever case.
    pub text: Option<String>,
}

/// By a text that name or number contain, and the company.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OfCompany {
    /// In whichever case.
    pub text: Option<String>,
    /// Only what belongs to this company.
    pub company: Option<Key<Company>>,
}

/// By whose calendar it stands in, the company, and when it takes place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InCalendar {
    /// Only of this user.
    pub resource: Option<Key<Resource>>,
    /// Only what is done for this company.
    pub company: Option<Key<Company>>,
    /// Only what may end after this instant.
    pub from: Option<Instant>,
    /// Only what may begin before this instant.
    pub to: Option<Instant>,
}

impl Filter for ByName {
    fn values(&self) -> Vec<Value> {
        vec![Value::from(pattern(self.text.as_deref()))]
    }
}

impl Filter for OfCompany {
    fn values(&self) -> Vec<Value> {
        vec![
            Value::from(pattern(self.text.as_deref())),
            value(self.company.as_ref()),
        ]
    }
}

impl Filter for InCalendar {
    fn values(&self) -> Vec<Value> {
        vec![
            value(self.resource.as_ref()),
            value(self.company.as_ref()),
            Value::from(self.from),
            Value::from(self.to),
        ]
    }
}

/// A text as a pattern for `LIKE … ESCAPE '\'`: `%` and `_` are searched as they are.
pub(super) fn pattern(text: Option<&str>) -> Option<String> {
    text.map(|text| {
        let text = text.to_lowercase().replace('\\', "\\\\");
        format!("%{}%", text.replace('%', "\\%").replace('_', "\\_"))
    })
}
