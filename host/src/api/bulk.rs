//! `/KIND/bulk`: a PSA's way in. Many records of one kind in one request, each under the PSA's own key.
//!
//! Each entry says how a record is to be, or by `"record": null` that it is to be gone. What is so
//! already is left as it is and keeps its version, so that the same request sent twice changes
//! nothing, and no cycle writes anything for it.
//!
//! Entries stand for themselves: one that breaks a rule is refused in its place of the answer, and
//! the others are written, all in one transaction. What cannot be read at all refuses the request,
//! naming the place. A kind of record joins by [`InBulk`] and a line in the list of routes.

mod schema;

use std::future::Future;

use axum::Json;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::body::Body;
use super::caller::Caller;
use super::problem::{Problem, ProblemView};
use crate::contract::{PsaId, RowVersion};
use crate::psa::written::{Outcome, Written};
use crate::store::Transaction;

/// The most entries of a request.
pub const MOST: usize = 1_000;

/// A kind of record that comes in bulk, as it is written in a request.
pub trait InBulk: DeserializeOwned + ToSchema + Send + 'static {
    /// Makes the record under this key be as given.
    fn put(
        self,
        transaction: &mut Transaction,
        id: &PsaId,
        expected: Option<RowVersion>,
    ) -> impl Future<Output = Result<Written, Problem>> + Send;

    /// Makes sure that there is no record under this key.
    fn remove(
        transaction: &mut Transaction,
        id: &PsaId,
        expected: Option<RowVersion>,
    ) -> impl Future<Output = Result<Written, Problem>> + Send;
}

/// Records of one kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request<T> {
    /// At most [`MOST`].
    pub records: Vec<Entry<T>>,
}

/// How one record is to be.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry<T> {
    /// The PSA's own key.
    pub id: String,
    /// The version that the record must have; left out, any.
    pub version: Option<u64>,
    /// The record; null: it is to be gone.
    #[serde(bound(deserialize = "T: Deserialize<'de>"), deserialize_with = "given")]
    pub record: Option<T>,
}

/// A field that may be null, but not be left out: a forgotten record is no deletion.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(from)
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = BulkAnswer)]
pub struct Answer {
    /// One for each entry, in the same order.
    pub results: Vec<EntryResult>,
}

/// What came of an entry.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = BulkResult)]
pub struct EntryResult {
    /// The key.
    pub id: String,
    /// `created`, `changed`, `deleted`, `unchanged` or `refused`.
    pub outcome: &'static str,
    /// The version that the record has now; null for a refused one, and where there is none.
    pub version: Option<u64>,
    /// Why it was refused; null otherwise.
    #[schema(value_type = Option<ProblemView>)]
    pub problem: Option<Problem>,
}

/// Makes the records be as given.
pub async fn write<T: InBulk>(
    caller: Caller,
    Body(request): Body<Request<T>>,
) -> Result<Json<Answer>, Problem> {
    let many = request.records.len();
    if many > MOST {
        let detail = format!("give at most {MOST} records, these are {many}");
        return Err(Problem::invalid("records", detail).hint("send them in several requests"));
    }
    let mut results = Vec::with_capacity(many);
    let mut transaction = caller.tenant.begin().await?;
    for entry in request.records {
        let id = PsaId { value: entry.id };
        let expected = entry.version.map(|number| RowVersion { number });
        let written = match entry.record {
            _ if id.value == "bulk" => {
                Err(Problem::invalid("id", "give another key, this is a path"))
            }
            Some(record) => record.put(&mut transaction, &id, expected).await,
            None => T::remove(&mut transaction, &id, expected).await,
        };
        results.push(match written {
            Ok(written) => EntryResult {
                id: id.value,
                outcome: name(written.outcome),
                version: written.version.map(|version| version.number),
                problem: None,
            },
            // The database's trouble is nobody's entry.
            Err(problem) if problem.is_of_the_host() => return Err(problem),
            Err(problem) => EntryResult {
                id: id.value,
                outcome: "refused",
                version: None,
                problem: Some(problem),
            },
        });
    }
    transaction.commit().await?;
    Ok(Json(Answer { results }))
}

fn name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Created => "created",
        Outcome::Changed => "changed",
        Outcome::Deleted => "deleted",
        Outcome::Unchanged => "unchanged",
    }
}
