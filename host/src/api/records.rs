//! The PSA's records that are kept by a key: companies, contacts, to-dos, service calls, and what
//! those name. All are listed, made, read, changed and deleted in the same way.
//!
//! | request | does |
//! |---|---|
//! | `GET /companies` | lists them by version; one that changes meanwhile moves to the end |
//! | `POST /companies` | makes one under a new key; `POST /companies/bulk` under keys of the PSA's own |
//! | `GET /companies/{id}` | gives one |
//! | `PATCH /companies/{id}` | changes what is named, by JSON merge patch (RFC 7396): null empties |
//! | `DELETE /companies/{id}` | deletes one that no other record names |
//!
//! What is changed here counts as changed by a person. A kind joins by [`Kind`] and a line in
//! [`routes`].

pub mod change;
pub mod kinds;
pub mod sought;
pub mod view;

use axum::Json;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use self::change::{Change, merged};
use self::view::View;
use super::answer::{Created, NoContent, Versioned};
use super::body::{Body, read};
use super::bulk::{self, InBulk};
use super::caller::Caller;
use super::changes;
use super::kind::Kind as Refusal;
use super::list::{Listing, cursor, limit};
use super::parameters::{Parameters, Segments};
use super::problem::Problem;
use super::route::Route;
use super::text::{plain, plain_throughout};
use super::version::IfMatch;
use crate::contract::{PsaId, RowVersion};
use crate::psa::record::{self, Record, Search, Stored};
use crate::psa::written::Written;
use crate::store::Transaction;

/// A kind of record, as the interface gives it.
pub trait Kind: Record {
    /// Where it lies, and what its routes do.
    const NAMES: Names;

    /// How its fields are written.
    type Form: Form<Self>;

    /// The parameters by which it is searched.
    type Sought: Sought<Self::Filter>;

    /// The record as the change feed tells of it.
    fn in_feed(view: View<Self::Form>) -> changes::Record;
}

/// Where a kind lies, and what its routes do in a few words.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    path: &'static str,
    one: &'static str,
    bulk: &'static str,
    list: &'static str,
    create: &'static str,
    get: &'static str,
    edit: &'static str,
    delete: &'static str,
    write: &'static str,
}

/// A kind's names from its path, and what people call one and all.
macro_rules! names {
    ($path:literal, $one:literal, $all:literal) => {
        $crate::api::records::Names {
            path: $path,
            one: concat!($path, "/{id}"),
            bulk: concat!($path, "/bulk"),
            list: concat!("List ", $all, " by version"),
            create: concat!("Make a ", $one),
            get: concat!("Read a ", $one),
            edit: concat!("Change a ", $one),
            delete: concat!("Delete a ", $one),
            write: concat!("Make ", $all, " be as given"),
        }
    };
}
use names;

/// How a kind's fields are written.
pub trait Form<R>: Serialize + DeserializeOwned + ToSchema + From<R> + Send + 'static {
    /// The fields.
    ///
    /// # Errors
    /// 422 with the field.
    fn parse(self) -> Result<R, Problem>;

    /// Takes out of the fields as they are what a change makes meaningless.
    fn make_room(_fields: &mut Map<String, Value>, _change: &Map<String, Value>) {}
}

/// The parameters of a list.
pub trait Sought<F>: DeserializeOwned + IntoParams + Send {
    /// At most so many.
    fn limit(&self) -> Option<&str>;

    /// Where to go on.
    fn cursor(&self) -> Option<&str>;

    /// Which of them.
    ///
    /// # Errors
    /// 400 with the parameter.
    fn filter(self) -> Result<F, Problem>;
}

/// A kind's routes.
pub(super) fn routes<K: Kind>() -> [Route; 6]
where
    K::Form: InBulk,
{
    let names = K::NAMES;
    [
        Route::get(names.path, names.list, list::<K>),
        Route::post(names.path, names.create, create::<K>),
        Route::get(names.one, names.get, get::<K>),
        Route::patch(names.one, names.edit, edit::<K>),
        Route::delete(names.one, names.delete, delete::<K>).refuses(&[Refusal::InUse]),
        Route::post(names.bulk, names.write, bulk::write::<K::Form>),
    ]
}

async fn list<K: Kind>(
    caller: Caller,
    Parameters(sought): Parameters<K::Sought>,
) -> Result<Json<Listing<View<K::Form>>>, Problem> {
    let limit = limit(sought.limit())?;
    let after = cursor(sought.cursor())?.map(|number| RowVersion { number });
    let search = Search {
        after,
        limit: limit.saturating_add(1),
        filter: sought.filter()?,
    };
    let records = record::list::<K>(&caller.tenant, &search).await?;
    let key = |last: &Stored<K>| last.version.number.to_string();
    Listing::page(records, limit, key, |record| Ok(record.into())).map(Json)
}

async fn create<K: Kind>(
    caller: Caller,
    Body(form): Body<K::Form>,
) -> Result<Created<View<K::Form>>, Problem> {
    let fields = parsed::<K>(form)?;
    let mut transaction = caller.tenant.begin().await?;
    let made = record::create(&mut transaction, None, &fields).await?;
    transaction.commit().await?;
    Ok(Created {
        path: format!("{}/{}", K::NAMES.path, made.id.value),
        version: made.version,
        view: made.into(),
    })
}

async fn get<K: Kind>(
    caller: Caller,
    Segments(id): Segments<String>,
) -> Result<Versioned<View<K::Form>>, Problem> {
    let record = record::get::<K>(&caller.tenant, &PsaId { value: id }).await?;
    Ok(versioned(record))
}

async fn edit<K: Kind>(
    caller: Caller,
    Segments(id): Segments<String>,
    IfMatch(expected): IfMatch,
    Body(change): Body<Change<K::Form>>,
) -> Result<Versioned<View<K::Form>>, Problem> {
    let id = PsaId { value: id };
    let mut transaction = caller.tenant.begin().await?;
    let before = record::get::<K>(&mut transaction, &id).await?;
    // On another version the change is refused below; it is not to be judged by these fields.
    let fields = match before.version == expected {
        true => changed::<K>(before.fields, change)?,
        false => before.fields,
    };
    let record = record::replace(&mut transaction, &id, expected, &fields).await?;
    transaction.commit().await?;
    Ok(versioned(record))
}

async fn delete<K: Kind>(
    caller: Caller,
    Segments(id): Segments<String>,
    IfMatch(expected): IfMatch,
) -> Result<NoContent, Problem> {
    let mut transaction = caller.tenant.begin().await?;
    record::delete::<K>(&mut transaction, &PsaId { value: id }, expected).await?;
    transaction.commit().await?;
    Ok(NoContent)
}

/// A form in bulk: its kind's fields under a key.
async fn put<K: Kind>(
    form: K::Form,
    transaction: &mut Transaction,
    id: &PsaId,
    expected: Option<RowVersion>,
) -> Result<Written, Problem> {
    let fields = parsed::<K>(form)?;
    Ok(record::put(transaction, id, expected, &fields).await?)
}

async fn remove<K: Kind>(
    transaction: &mut Transaction,
    id: &PsaId,
    expected: Option<RowVersion>,
) -> Result<Written, Problem> {
    plain("id", id.value.clone())?;
    Ok(record::remove::<K>(transaction, id, expected).await?)
}

fn versioned<K: Kind>(record: Stored<K>) -> Versioned<View<K::Form>> {
    Versioned {
        version: record.version,
        view: record.into(),
    }
}

fn parsed<K: Kind>(form: K::Form) -> Result<K, Problem> {
    plain_throughout(&form)?;
    form.parse()
}

fn changed<K: Kind>(before: K, change: Change<K::Form>) -> Result<K, Problem> {
    let now = serde_json::to_value(K::Form::from(before)).map_err(|e| Problem::internal(&e))?;
    let Value::Object(mut now) = now else {
        return Err(Problem::internal(&"a record is written as no object"));
    };
    K::Form::make_room(&mut now, &change.fields);
    let merged = merged(now, change.fields);
    let text = serde_json::to_vec(&merged).map_err(|e| Problem::internal(&e))?;
    parsed::<K>(read(&text)?)
}
