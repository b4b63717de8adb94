//! Ids of other interfaces, translated to Graph's immutable ones.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::json;
use sync::contract::{ExchangeId, Fault, ForeignId, ProviderKind, TranslatedId};
use transport::{Method, Response, Transport};

use crate::address;
use crate::fault::permission;
use crate::request::{self, Request, ask};

/// The request that translates ids of one kind.
#[must_use]
pub fn request(mailbox: &str, ids: &[&str], source: &str) -> Request {
    Request::send(
        Method::Post,
        format!("{}/translateExchangeIds", address::mailbox(mailbox)),
        json!({
            "inputIds": ids,
            "sourceIdType": source,
            "targetIdType": "restImmutableEntryId",
        }),
    )
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    value: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    source_id: Option<String>,
    target_id: Option<String>,
}

/// The pairs of an answer; ids that the server could not translate are left out.
///
/// # Errors
/// [`Fault::NotUnderstood`].
pub fn read(response: &Response) -> Result<HashMap<String, String>, Fault> {
    let body: Body = request::json(response, "translated ids")?;
    Ok(body
        .value
        .into_iter()
        .filter_map(|entry| Some((entry.source_id?, entry.target_id?)))
        .filter(|(_, target)| !target.is_empty())
        .collect())
}

/// The name of a provider's ids in Graph.
const fn id_type(provider: ProviderKind) -> Option<&'static str> {
    match provider {
        ProviderKind::Ews => Some("ewsId"),
        ProviderKind::Graph => Some("restId"),
        ProviderKind::Other => None,
    }
}

/// Translates at most 1,000 ids, in their order.
///
/// # Errors
/// Whatever keeps all of them from being translated.
pub fn translate(
    transport: &impl Transport,
    mailbox: &str,
    ids: &[ForeignId],
) -> Result<Vec<TranslatedId>, Fault> {
    let mut known: HashMap<(&str, String), String> = HashMap::new();
    for provider in [ProviderKind::Ews, ProviderKind::Graph] {
        let Some(source) = id_type(provider) else {
            continue;
        };
        let asked: Vec<&str> = ids
            .iter()
            .filter(|id| id.provider == provider)
            .map(|id| id.value.as_str())
            .collect();
        if asked.is_empty() {
            continue;
        }
        let answer = ask(
            transport,
            request(mailbox, &asked, source),
            permission::USERS,
        )?;
        let pairs = read(&answer)?;
        known.extend(pairs.into_iter().map(|(from, to)| ((source, from), to)));
    }
    Ok(ids
        .iter()
        .map(|foreign| TranslatedId {
            foreign: foreign.clone(),
            id: id_type(foreign.provider)
                .and_then(|source| known.get(&(source, foreign.value.clone())))
                .map(|value| ExchangeId {
                    value: value.clone(),
                }),
        })
        .collect())
}
