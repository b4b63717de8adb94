//! `/openapi.json`: the interface's own description, OpenAPI 3.1, made from the list of routes.
//!
//! It needs a token like everything else: who has none learns nothing.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::{Method, header};
use axum::response::{IntoResponse, Response as HttpResponse};
use utoipa::openapi::path::PathItem;
use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, PathsBuilder};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, Content, InfoBuilder, OpenApi, OpenApiBuilder, Ref, Server,
};

use super::caller::Caller;
use super::description::{Answer, Description};
use super::kind::Kind;
use super::problem::ProblemView;
use super::route::Route;
use super::{BASE, routes};

/// The name under which the document speaks of bearer tokens.
const TOKEN: &str = "token";

static TEXT: LazyLock<Result<String, serde_json::Error>> =
    LazyLock::new(|| serde_json::to_string(&document()));

/// The document as text; made once.
#[derive(Clone, Copy, Debug)]
pub struct Document;

impl IntoResponse for Document {
    fn into_response(self) -> HttpResponse {
        match &*TEXT {
            Ok(text) => {
                ([(header::CONTENT_TYPE, "application/json")], text.as_str()).into_response()
            }
            Err(error) => super::Problem::internal(error).into_response(),
        }
    }
}

impl Answer for Document {
    fn describe(of: &mut Description) {
        let json = Content::new(Some(utoipa::openapi::schema::empty()));
        let response = ResponseBuilder::new()
            .description("done")
            .content("application/json", json);
        of.answer = Some(("200", response.build()));
    }
}

/// The document.
pub async fn get(_: Caller) -> Document {
    Document
}

/// The description of all routes.
#[must_use]
pub fn document() -> OpenApi {
    let mut components = ComponentsBuilder::new().schema("Problem", problem());
    let mut paths: BTreeMap<&'static str, PathItem> = BTreeMap::new();
    for route in routes() {
        let path = route.path;
        let Some(method) = method(&route.method) else {
            continue;
        };
        let (operation, description) = operation(route);
        components = components.schemas_from_iter(description.schemas);
        paths
            .entry(path)
            .or_default()
            .merge_operations(PathItem::new(method, operation));
    }
    let paths = paths
        .into_iter()
        .fold(PathsBuilder::new(), |all, (path, item)| {
            all.path(path, item)
        });
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("Made by `tandem token create`, bound to one tenant"));
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Tandem")
                .version("1")
                .description(Some(
                    "A PSA's records, their synchronisation with Exchange, and what came of it. \
                     Lists come in pages: `next` is the `cursor` of the next one. Changes name the \
                     version that they were made on in `If-Match`. Refusals are problem documents \
                     (RFC 9457); their `type` never changes its meaning.",
                )),
        )
        .servers(Some([Server::new(BASE)]))
        .paths(paths)
        .components(Some(
            components
                .security_scheme(TOKEN, SecurityScheme::Http(bearer.build()))
                .build(),
        ))
        .security(Some([SecurityRequirement::new::<_, [&str; 0], &str>(
            TOKEN,
            [],
        )]))
        .build()
}

fn problem() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    <ProblemView as utoipa::PartialSchema>::schema()
}

/// None for a method that the document has no room for.
fn method(method: &Method) -> Option<HttpMethod> {
    match *method {
        Method::GET => Some(HttpMethod::Get),
        Method::POST => Some(HttpMethod::Post),
        Method::PUT => Some(HttpMethod::Put),
        Method::PATCH => Some(HttpMethod::Patch),
        Method::DELETE => Some(HttpMethod::Delete),
        _ => None,
    }
}

fn operation(route: Route) -> (Operation, Description) {
    let mut description = route.description;
    let tag = route.path.split('/').nth(1).unwrap_or_default();
    let mut operation = OperationBuilder::new()
        .operation_id(Some(operation_id(&route.method, route.path)))
        .tag(tag)
        .summary(Some(route.title))
        .parameters(Some(std::mem::take(&mut description.parameters)))
        .request_body(description.body.take());
    if let Some((status, response)) = description.answer.take() {
        operation = operation.response(status, response);
    }
    for (status, response) in refusals(&description.refusals) {
        operation = operation.response(status, response);
    }
    (operation.build(), description)
}

/// `GET /runs/{id}/held` is `get_runs_id_held`.
fn operation_id(method: &Method, path: &str) -> String {
    let path = path.replace(['/', '.', '-'], "_").replace(['{', '}'], "");
    format!("{}{path}", method.as_str().to_ascii_lowercase())
}

/// One response for each status, which names the kinds of refusal that have it.
fn refusals(kinds: &[Kind]) -> Vec<(String, Response)> {
    let mut by_status: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for kind in kinds {
        let (name, title, status) = kind.facts();
        let told = format!("`{name}`: {title}");
        by_status.entry(status.as_u16()).or_default().push(told);
    }
    by_status
        .into_iter()
        .map(|(status, told)| {
            let problem = Content::new(Some(Ref::from_schema_name("Problem")));
            let response = ResponseBuilder::new()
                .description(told.join("; "))
                .content("application/problem+json", problem);
            (status.to_string(), response.build())
        })
        .collect()
}
