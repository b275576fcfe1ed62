//! What came back, and what a test says of it.

use axum::body::{Body, to_bytes};
use http::{HeaderMap, Response};
use ledger::Receipt;
use serde_json::Value;

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub async fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("the whole body");
        Self {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: body.to_vec(),
        }
    }

    /// The answer, if it has this status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// A refusal with this status and this one reason, as an OperationOutcome.
    #[track_caller]
    pub fn says(self, status: u16, code: &str, words: &str) -> Self {
        let issues = self.issues();
        let issues: Vec<(&str, &str)> = issues
            .iter()
            .map(|(code, words)| (&**code, &**words))
            .collect();
        assert_eq!(
            (self.status, issues),
            (status, vec![(code, words)]),
            "{}",
            self.text()
        );
        self
    }

    /// Code and words of each issue of an OperationOutcome.
    #[track_caller]
    pub fn issues(&self) -> Vec<(String, String)> {
        assert_eq!(
            self.header("content-type"),
            "application/fhir+json; charset=utf-8",
            "{}",
            self.text()
        );
        let outcome = self.json();
        assert_eq!(outcome["resourceType"], "OperationOutcome", "{outcome:#}");
        issues(&outcome)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The text at a JSON pointer.
    #[track_caller]
    pub fn at(&self, pointer: &str) -> String {
        let json = self.json();
        let value = json.pointer(pointer);
        let value = value.unwrap_or_else(|| panic!("nothing at {pointer} of {json:#}"));
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    }

    /// A header's value; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("an ASCII header"))
    }

    /// The receipt that came with it.
    #[track_caller]
    pub fn receipt(&self) -> Receipt {
        Receipt::decode(self.header("candour-receipt")).expect("a receipt")
    }

    /// The resources of a searchset that match.
    #[track_caller]
    pub fn matches(&self) -> Vec<Value> {
        self.entries("match")
    }

    /// The issues that a searchset says about itself.
    #[track_caller]
    pub fn notices(&self) -> Vec<(String, String)> {
        self.entries("outcome").iter().flat_map(issues).collect()
    }

    #[track_caller]
    fn entries(&self, mode: &str) -> Vec<Value> {
        let bundle = self.json();
        assert_eq!(bundle["type"], "searchset", "{bundle:#}");
        let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
        entries
            .into_iter()
            .filter(|entry| entry["search"]["mode"] == mode)
            .map(|mut entry| entry["resource"].take())
            .collect()
    }

    /// A link of a bundle.
    #[track_caller]
    pub fn link(&self, relation: &str) -> Option<String> {
        let bundle = self.json();
        let links = bundle["link"].as_array()?;
        let link = links.iter().find(|link| link["relation"] == relation)?;
        link["url"].as_str().map(str::to_owned)
    }

    /// Everything that a stranger to this request could compare: all but its id, receipt and hour.
    pub fn comparable(&self) -> (u16, Vec<(String, String)>, String) {
        let varying = ["x-request-id", "candour-receipt", "date"];
        let headers = self.headers.iter();
        let mut headers: Vec<(String, String)> = headers
            .filter(|(name, _)| !varying.contains(&name.as_str()))
            .map(|(name, value)| {
                (
                    name.to_string(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect();
        headers.sort();
        (self.status, headers, self.text())
    }
}

fn issues(outcome: &Value) -> Vec<(String, String)> {
    let issues = outcome["issue"].as_array().expect("issues");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    issues
        .iter()
        .map(|issue| (text(&issue["code"]), text(&issue["details"]["text"])))
        .collect()
}
