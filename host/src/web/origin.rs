//! Whether a form comes from a page of ours. Browsers say from where they send one, and no script of
//! another site can change that; who says nothing is no browser, or one of long ago, and needs the
//! session's token all the same.

use axum::http::{HeaderMap, header};
use url::Url;

use crate::psa::WebAddress;

/// Whether nothing that the browser says points to another site.
pub fn is_ours(headers: &HeaderMap, web: &WebAddress) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let site = text("sec-fetch-site");
    if !matches!(site, None | Some("same-origin" | "none")) {
        return false;
    }
    let Some(origin) = text(header::ORIGIN.as_str()) else {
        return true;
    };
    let Ok(origin) = Url::parse(origin) else {
        return false;
    };
    let is_host = |host: &str| {
        Url::parse(&format!("{}://{host}", origin.scheme()))
            .is_ok_and(|asked| asked.origin() == origin.origin())
    };
    text(header::HOST.as_str()).is_some_and(is_host) || web.is_at(&origin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn ours(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        is_ours(&headers, &WebAddress::new("https://psa.example/pages"))
    }

    #[test]
    fn only_what_says_another_site_is_refused() {
        let host = ("host", "127.0.0.1:8080");
        assert!(ours(&[host]));
        assert!(ours(&[host, ("origin", "http://127.0.0.1:8080")]));
        assert!(ours(&[host, ("sec-fetch-site", "same-origin")]));
        assert!(ours(&[host, ("sec-fetch-site", "none")]));
        // Behind a proxy the host is another one, and people's address is known.
        assert!(ours(&[host, ("origin", "https://psa.example")]));
        assert!(!ours(&[host, ("origin", "http://psa.example")]));
        assert!(!ours(&[host, ("origin", "http://127.0.0.1:8081")]));
        assert!(!ours(&[host, ("origin", "https://evil.example")]));
        assert!(!ours(&[host, ("origin", "null")]));
        assert!(!ours(&[host, ("sec-fetch-site", "cross-site")]));
        assert!(!ours(&[host, ("sec-fetch-site", "same-site")]));
    }
}
