//! Lists in pages: `limit` says how many, `cursor` where to go on.
//!
//! A cursor is what `next` held; callers pass it on as it is, with the other parameters unchanged.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::parameters::number;
use super::problem::Problem;
use super::text::digits;

/// How many items a page has when nothing is said.
pub const USUAL: u32 = 100;

/// The most that a page has.
pub const MOST: u32 = 500;

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Listing<T> {
    /// What is on this page.
    pub items: Vec<T>,
    /// The cursor of the next page; none on the last one.
    pub next: Option<String>,
}

/// How many items a page is to have.
///
/// # Errors
/// 400 for what is no number from 1 to [`MOST`].
pub fn limit(text: Option<&str>) -> Result<u32, Problem> {
    let Some(text) = text else {
        return Ok(USUAL);
    };
    digits(text)
        .and_then(|number| u32::try_from(number).ok())
        .filter(|limit| (1..=MOST).contains(limit))
        .ok_or_else(|| Problem::parameter("limit", format!("give a whole number from 1 to {MOST}")))
}

/// A cursor that is a number: a version, or how many were passed over.
///
/// # Errors
/// 400 for what was never given as `next`.
pub fn cursor(text: Option<&str>) -> Result<Option<u64>, Problem> {
    number("cursor", text).map_err(|_| {
        Problem::parameter(
            "cursor",
            "give what the page before held in `next`, unchanged",
        )
    })
}

impl<T: ToSchema> PartialSchema for Listing<T> {
    fn schema() -> RefOr<Schema> {
        let item = Ref::from_schema_name(T::name());
        let next = SchemaType::from_iter([Type::String, Type::Null]);
        ObjectBuilder::new()
            .property("items", ArrayBuilder::new().items(item))
            .property("next", ObjectBuilder::new().schema_type(next))
            .required("items")
            .required("next")
            .into()
    }
}

impl<T: ToSchema> ToSchema for Listing<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Page", T::name()).into()
    }

    fn schemas(all: &mut Vec<(String, RefOr<Schema>)>) {
        all.push((T::name().into_owned(), T::schema()));
        T::schemas(all);
    }
}

impl<T> Listing<T> {
    /// A page from what was read: one more than `limit`, where there is more. `key` makes the
    /// cursor from the page's last record.
    ///
    /// # Errors
    /// What `view` refuses.
    pub fn page<R>(
        mut records: Vec<R>,
        limit: u32,
        key: impl FnOnce(&R) -> String,
        view: impl FnMut(R) -> Result<T, Problem>,
    ) -> Result<Self, Problem> {
        let size = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = records.len() > size;
        records.truncate(size);
        let next = records.last().filter(|_| more).map(key);
        let items = records.into_iter().map(view).collect::<Result<_, _>>()?;
        Ok(Self { items, next })
    }

    /// A page from the whole list.
    ///
    /// # Errors
    /// What `view` refuses, and a bad cursor.
    pub fn cut<R>(
        records: Vec<R>,
        limit: u32,
        after: Option<&str>,
        view: impl FnMut(R) -> Result<T, Problem>,
    ) -> Result<Self, Problem> {
        let offset = cursor(after)?.unwrap_or(0);
        let skipped = usize::try_from(offset).unwrap_or(usize::MAX);
        let rest: Vec<R> = records.into_iter().skip(skipped).collect();
        Self::page(rest, limit, |_| next_offset(offset, limit), view)
    }
}

/// The cursor of a list that counts.
#[must_use]
pub fn next_offset(offset: u64, limit: u32) -> String {
    offset.saturating_add(u64::from(limit)).to_string()
}
