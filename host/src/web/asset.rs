//! Style sheet and scripts: part of the program, sent again only when they changed.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::failure::Failure;

/// Where they lie.
pub const PATH: &str = "/assets/{name}";

/// Each with its name and media type.
const ASSETS: [(&str, &str, &str); 2] = [
    (
        "tandem.css",
        "text/css; charset=utf-8",
        include_str!("../../assets/tandem.css"),
    ),
    (
        "resources.js",
        "text/javascript; charset=utf-8",
        include_str!("../../assets/resources.js"),
    ),
];

/// An asset; nothing where the browser has it already.
pub async fn get(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Failure> {
    let known = ASSETS.iter().find(|(known, _, _)| *known == name);
    let (_, media, text) = known.ok_or(Failure::NotFound)?;
    let digest = Sha256::digest(text.as_bytes());
    let tag: String = digest
        .iter()
        .take(8)
        .map(|it| format!("{it:02x}"))
        .collect();
    let tag = format!("\"{tag}\"");
    let kept = headers.get(header::IF_NONE_MATCH);
    let is_kept = kept.is_some_and(|kept| kept.as_bytes() == tag.as_bytes());
    let told = [
        (header::ETAG, tag),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::CONTENT_TYPE, (*media).to_owned()),
    ];
    Ok(match is_kept {
        true => (StatusCode::NOT_MODIFIED, told).into_response(),
        false => (told, *text).into_response(),
    })
}
