//! One request, its answer, and what two answers must have in common.

use axum::body::{Body, to_bytes};
use http::{HeaderMap, Method, Request, Response, header};

use crate::premises::SITE;

/// A request to be put to both worlds.
#[derive(Debug, Clone)]
pub struct Ask {
    pub method: Method,
    /// Below the site, or the whole of a link.
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Ask {
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path, Vec::new())
    }

    pub fn new(method: Method, path: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: Vec::new(),
            body: body.into(),
        }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn request(&self) -> Request<Body> {
        let path = self.path.strip_prefix(SITE).unwrap_or(&self.path);
        let mut request = Request::builder().method(&self.method).uri(path);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let request = request.body(Body::from(self.body.clone()));
        request.unwrap_or_else(|error| panic!("{error}: {}", self.path))
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub async fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("the whole body");
        Self {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    pub fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The link to the next page of a Bundle.
    pub fn next(&self) -> Option<String> {
        let bundle: serde_json::Value = serde_json::from_str(&self.body).ok()?;
        let links = bundle["link"].as_array()?;
        let next = links.iter().find(|link| link["relation"] == "next")?;
        next["url"].as_str().map(str::to_owned)
    }

    /// Everything that both worlds must answer alike. What differs by right (receipts, which
    /// commit to hidden facts, and sealed places) is replaced by its length.
    pub fn comparable(&self) -> String {
        let mut headers: Vec<String> = self
            .headers
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes());
                match name == header::SET_COOKIE {
                    true => format!("{name}: {}", cookie(&value)),
                    false => format!("{name}: {value}"),
                }
            })
            .collect();
        headers.sort();
        let all = format!("{}\n{}\n\n{}", self.status, headers.join("\n"), self.body);
        let all = BY_RIGHT
            .iter()
            .fold(all, |text, mark| measured(&text, mark));
        without_commitments(&all)
    }
}

/// What stands before something that differs by right: receipts, and whatever is sealed.
const BY_RIGHT: [&str; 8] = [
    "candour-receipt: ",
    "_cursor=",
    "?before=",
    "/care/people/s/",
    "/calls/",
    // A page's own receipt, and the code of a line in an account.
    "<strong class=\"c-whole c-number\">",
    "fhir/AuditEvent/",
    // The code of a whole list, which follows from secrets that are drawn for each entry.
    "<p class=\"c-whole c-number\"><strong>",
];

/// A cookie with its sealed value replaced by its length.
fn cookie(text: &str) -> String {
    let (name, rest) = text.split_once('=').unwrap_or((text, ""));
    let (value, terms) = rest.split_once(';').unwrap_or((rest, ""));
    format!("{name}=<{}>;{terms}", value.len())
}

/// Replaces what follows a mark by its length.
fn measured(text: &str, mark: &str) -> String {
    let mut parts = text.split(mark);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let sealed = |letter: char| letter.is_ascii_alphanumeric() || "-_+/=.".contains(letter);
        let end = part.find(|letter| !sealed(letter)).unwrap_or(part.len());
        let (value, rest) = part.split_at(end);
        out.push_str(mark);
        out.push_str(&format!("<{}>", value.len()));
        out.push_str(rest);
    }
    out
}

/// Replaces every run of exactly as many hexadecimal digits as a commitment has.
fn without_commitments(text: &str) -> String {
    let is_hex = |letter: char| letter.is_ascii_hexdigit() && !letter.is_ascii_uppercase();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let run = rest.find(|letter| !is_hex(letter)).unwrap_or(rest.len());
        out.push_str(if run == 64 { "<64>" } else { &rest[..run] });
        let other = rest[run..].find(is_hex).unwrap_or(rest.len() - run);
        out.push_str(&rest[run..run + other]);
        rest = &rest[run + other..];
    }
    out
}

/// Where two texts part, with what stands around it.
pub fn parting(one: &str, other: &str) -> String {
    let same = one
        .bytes()
        .zip(other.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let around = |text: &str| {
        let text = text.as_bytes();
        let from = same.saturating_sub(120);
        let to = text.len().min(same + 160);
        String::from_utf8_lossy(&text[from..to]).into_owned()
    };
    format!(
        "    with:    ...{}\n    without: ...{}",
        around(one),
        around(other)
    )
}
