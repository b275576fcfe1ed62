//! The style sheet, the scripts and the mark, embedded in the program and served for ever.
//!
//! `make assets` builds them. Their address carries a digest of all of them, so a browser may
//! keep each for a year and still sees a new release at once.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Dist;

/// First 16 hexadecimal digits of the digest over every name and content.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<_> = Dist::iter().collect();
    names.sort();
    let mut all = Sha256::new();
    for file in names.iter().filter_map(|name| Dist::get(name)) {
        all.update(file.metadata.sha256_hash());
    }
    all.finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
});

/// The address of a file, for templates: `/assets/0123456789abcdef/app.css`.
#[must_use]
pub fn href(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

/// Serves `/assets/{version}/{name}`.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{version}/{name}", get(serve))
}

async fn serve(Path((version, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let Some(content_type) = content_type(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Some((encoding, file)) = best(&name, accepted(&headers)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // A page of another release may ask us for its files while a rollout is under way: ours are
    // better than none, but must not be kept under its name.
    let cache = match version == *VERSION {
        true => "public, max-age=31536000, immutable",
        false => "no-store",
    };
    let mut reply = HeaderMap::new();
    let mut set = |name, value| reply.insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_TYPE, content_type);
    set(header::CACHE_CONTROL, cache);
    set(header::VARY, "accept-encoding");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if let Some(encoding) = encoding {
        set(header::CONTENT_ENCODING, encoding);
    }
    (reply, file.data.into_owned()).into_response()
}

/// The type of a file we serve; `None` for names that are not ours to give.
fn content_type(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}

/// Which compressed forms a browser takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Accepted {
    brotli: bool,
    gzip: bool,
}

/// Reads `Accept-Encoding`; a coding with `q=0` is refused.
fn accepted(headers: &HeaderMap) -> Accepted {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter();
    let list: Vec<&str> = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let takes = |coding: &str| {
        list.iter().any(|item| {
            let (name, weight) = item.split_once(';').unwrap_or((item, ""));
            let weight = weight
                .trim()
                .trim_start_matches("q=")
                .parse()
                .unwrap_or(1.0_f32);
            name.trim().eq_ignore_ascii_case(coding) && weight > 0.0
        })
    };
    Accepted {
        brotli: takes("br"),
        gzip: takes("gzip"),
    }
}

/// The smallest form of a file that the browser takes, with its coding.
fn best(
    name: &str,
    accepted: Accepted,
) -> Option<(Option<&'static str>, rust_embed::EmbeddedFile)> {
    let coded = |takes: bool, coding: &'static str, suffix: &str| {
        let file = if takes {
            Dist::get(&format!("{name}.{suffix}"))
        } else {
            None
        };
        file.map(|file| (Some(coding), file))
    };
    coded(accepted.brotli, "br", "br")
        .or_else(|| coded(accepted.gzip, "gzip", "gz"))
        .or_else(|| Dist::get(name).map(|file| (None, file)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(encodings: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(encodings));
        headers
    }

    #[test]
    fn a_browser_gets_the_smallest_form_it_takes() {
        let coding = |encodings| best("app.css", accepted(&asking(encodings))).map(|(c, _)| c);
        assert_eq!(coding("gzip, deflate, br, zstd"), Some(Some("br")));
        assert_eq!(coding("gzip;q=1.0"), Some(Some("gzip")));
        assert_eq!(coding("br;q=0, gzip;q=0.0"), Some(None));
        assert_eq!(coding("identity"), Some(None));
    }

    #[test]
    fn every_page_file_is_embedded_and_nothing_else_is_served() {
        for name in ["app.css", "app.js", "nhsuk.js", "start.js", "mark.svg"] {
            assert!(
                content_type(name).is_some() && Dist::get(name).is_some(),
                "{name}"
            );
        }
        assert_eq!(content_type("app.css.br"), None);
        assert_eq!(content_type("passwd"), None);
    }

    #[test]
    fn the_style_sheet_asks_no_other_site_for_anything() {
        let css = Dist::get("app.css").expect("the style sheet is embedded");
        let css = String::from_utf8_lossy(&css.data).into_owned();
        assert!(!css.contains("url(\"http") && !css.contains("url(http"));
        assert!(!css.contains("Frutiger"));
    }

    #[tokio::test]
    async fn only_our_own_release_is_kept_by_browsers() {
        let ask = |version: String| serve(Path((version, "app.js".to_owned())), asking("br"));
        let current = ask(VERSION.clone()).await;
        assert_eq!(
            current.headers()[header::CACHE_CONTROL],
            "public, max-age=31536000, immutable"
        );
        let other = ask("0000000000000000".to_owned()).await;
        assert_eq!(other.status(), StatusCode::OK);
        assert_eq!(other.headers()[header::CACHE_CONTROL], "no-store");
    }
}
