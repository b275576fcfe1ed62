//! A case written down as one JSON document: a request, the facts about one person, the moment.
//!
//! It lets anybody check a decision without a server. Whatever the law turns on can be said in it
//! (`docs/reference/decision.md`). A list that is left out says that nothing of the kind is on
//! record; anything else that is left out is unknown, and what a decision cannot do without is
//! asked for by name.

mod build;
mod expect;
mod fields;
mod needed;
mod report;
mod text;

use std::fmt;

use domain::{Fact, Timestamp};
use schemars::SchemaGenerator;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::explain::Names;
use crate::{Decision, Facts, Policies, Request};

pub use expect::{Difference, Expect};
pub use fields::{
    AgencyNames, Document, ObjectionField, PersonField, RecordItem, RelationshipField,
    RequestField, Requester, RequesterKind,
};
pub use report::Report;
pub use text::text;

/// Why a document cannot be decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentError {
    /// Something in it is not what it should be.
    Malformed {
        /// Where, such as `request.requester.role`; empty for the document as such.
        path: String,
        /// What was found and what is expected.
        problem: String,
    },
    /// What a decision cannot do without is not there.
    Incomplete {
        /// What is missing: its path, and what it is.
        missing: Vec<(String, String)>,
    },
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { path, problem } if path.is_empty() => f.write_str(problem),
            Self::Malformed { path, problem } => write!(f, "{path}: {problem}"),
            Self::Incomplete { missing } => {
                f.write_str("this document is incomplete: ")?;
                for (place, (path, what)) in missing.iter().enumerate() {
                    let comma = if place == 0 { "" } else { "; " };
                    write!(f, "{comma}{path} ({what})")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for DocumentError {}

impl DocumentError {
    /// Whether something is missing, where a list was being read.
    fn is_a_gap(&self) -> bool {
        matches!(self, Self::Malformed { problem, .. } if problem.starts_with("missing field"))
    }
}

/// What a document was decided to, and how that differs from what it expects.
#[derive(Debug)]
pub struct Decided {
    /// The decision and its reasons.
    pub report: Report,
    /// Where it differs from what the document expects; empty if it expects nothing else.
    pub differences: Vec<Difference>,
    /// Whether the document says what it expects.
    pub expects: bool,
}

/// Reads a document.
///
/// # Errors
/// [`DocumentError::Malformed`] names the first place that is wrong; [`DocumentError::Incomplete`]
/// everything that is missing.
pub fn parse(text: &str) -> Result<Document, DocumentError> {
    read(text).map_err(|error| match lacks(text) {
        missing if missing.is_empty() || !error.is_a_gap() => error,
        missing => DocumentError::Incomplete { missing },
    })
}

/// What a document lacks that its types ask for, in any of its lists.
fn lacks(text: &str) -> Vec<(String, String)> {
    let document = serde_json::from_str(text).unwrap_or_default();
    needed::missing(&document, &schema())
}

/// Reads one fact, as it stands in a document under the name of its list: `{"tie": {...}}`.
///
/// # Errors
/// [`DocumentError::Malformed`] names the first place that is wrong.
pub fn fact(text: &str) -> Result<Fact, DocumentError> {
    read(text)
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, DocumentError> {
    let mut json = serde_json::Deserializer::from_str(text);
    let read: Result<T, _> = serde_path_to_error::deserialize(&mut json);
    let value = read.map_err(|error| {
        let path = error.path().to_string();
        // Text that is no JSON has no path.
        let path = if matches!(path.as_str(), "." | "?") {
            String::new()
        } else {
            path
        };
        DocumentError::Malformed {
            path,
            problem: error.into_inner().to_string(),
        }
    })?;
    json.end().map_err(|error| DocumentError::Malformed {
        path: String::new(),
        problem: error.to_string(),
    })?;
    Ok(value)
}

/// Decides a document, and compares the decision with what the document expects.
///
/// # Errors
/// If the document cannot be decided, unless that is what it expects.
pub fn decide(document: &Document, policies: &Policies) -> Result<Decided, DocumentError> {
    let written = build::build(document)?;
    let decision = written.decide(policies);
    let report = report::of(&written, &decision, policies);
    let differences = document
        .expect
        .as_ref()
        .map(|expect| expect::differences(expect, document, &report, policies))
        .unwrap_or_default();
    Ok(Decided {
        report,
        differences,
        expects: document.expect.is_some(),
    })
}

/// Whether a document expects to be refused as incomplete, for just this.
///
/// It is read from the text, since one that lacks something in a list is no [`Document`] yet.
#[must_use]
pub fn expects_incomplete(text: &str, error: &DocumentError) -> bool {
    let DocumentError::Incomplete { missing } = error else {
        return false;
    };
    let document: Value = serde_json::from_str(text).unwrap_or_default();
    document
        .pointer("/expect/incomplete")
        .and_then(Value::as_array)
        .is_some_and(|paths| {
            let found: Vec<&str> = missing.iter().map(|(path, _)| path.as_str()).collect();
            paths.iter().filter_map(Value::as_str).collect::<Vec<_>>() == found
        })
}

/// The JSON Schema of a document, from the types that read it.
#[must_use]
pub fn schema() -> Value {
    let generator = SchemaGenerator::default();
    let mut schema = generator.into_root_schema_for::<Document>().to_value();
    for (object, fields) in NEEDED {
        if let Some(object) = schema.pointer_mut(object) {
            need(object, fields);
        }
    }
    if let Some(requester) = schema.pointer_mut(REQUESTER) {
        requester["if"] = json!({"properties": {"kind": {"const": "worker"}}});
        requester["then"] = json!({"required":
            ["id", "role", "organisation", "organisation-kind", "assurance"]});
    }
    schema
}

const REQUESTER: &str = "/properties/request/properties/requester";

/// What a decision cannot do without, by where it stands in the schema. In Rust these fields are
/// optional, so that all that is missing can be said at once.
const NEEDED: &[(&str, &[&str])] = &[
    ("", &["at", "request", "person", "record"]),
    ("/properties/request", &["requester", "purpose"]),
    (REQUESTER, &["kind"]),
    ("/properties/person", &["id"]),
    (
        "/$defs/RecordItem",
        &["id", "holder", "categories", "confidentiality"],
    ),
];

fn need(object: &mut Value, fields: &[&str]) {
    object["required"] = json!(fields);
    for field in fields {
        let property = object.pointer_mut(&format!("/properties/{field}"));
        if let Some(property) = property.and_then(Value::as_object_mut) {
            property.remove("default");
        }
    }
}

/// A decision about a written case, for tests and tools that need more than the report.
///
/// # Errors
/// If the document cannot be decided.
pub fn decision(document: &Document, policies: &Policies) -> Result<Decision, DocumentError> {
    Ok(build::build(document)?.decide(policies))
}

/// What a written case comes to: the request, the facts and the moment.
///
/// # Errors
/// If the document cannot be decided.
pub fn taken_apart(document: &Document) -> Result<(Request, Facts, Timestamp), DocumentError> {
    let written = build::build(document)?;
    Ok((written.request, written.facts, written.at))
}

/// Names of agencies, and moments as people say them.
impl Names for build::Written {
    fn organisation(&self, id: &domain::OrganisationId) -> String {
        let named = self.agencies.get(id.as_str());
        named.map_or_else(|| id.to_string(), |agency| agency.name.clone())
    }

    fn when(&self, at: domain::Timestamp) -> String {
        domain::moment::in_words(at)
    }
}
