//! One resource as received: parsed once, every value's place in the bytes kept, nothing copied.

mod node;
mod parser;
mod scalar;
pub(crate) mod text;

use std::borrow::Cow;

use node::Slot;
pub use node::{Children, Kind, Node, Subtree};
use parser::{Fault, Why};

use crate::outcome::{Issue, IssueCode};
use crate::types;

/// How large and how deep a resource may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most objects and lists inside one another.
    pub depth: usize,
    /// The most bytes.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 64,
            bytes: 16 << 20,
        }
    }
}

/// A FHIR resource in JSON (<https://hl7.org/fhir/R4/json.html>) with the place of every value.
pub struct Document<'a> {
    text: &'a str,
    slots: Vec<Slot>,
    resource_type: &'static str,
    id: Option<Cow<'a, str>>,
}

/// Reads one resource.
///
/// # Errors
/// An [`Issue`] that says where and what was expected, if the bytes are too many, not UTF-8, not
/// JSON, nested too deep, name an element twice, hold an empty value where FHIR forbids it, or are
/// not an R4 resource with well-formed `id` and `meta`.
pub fn parse<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Document<'a>, Issue> {
    // Places are kept in 32 bits, which halves the tree.
    if bytes.len() > limits.bytes.min(u32::MAX as usize) {
        let most = limits.bytes.min(u32::MAX as usize);
        let details = format!(
            "the resource has {} bytes, at most {most} are allowed",
            bytes.len()
        );
        return Err(Issue::error(IssueCode::TooLong, details));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, &error))?;
    let slots =
        parser::read(text, limits.depth).map_err(|fault| malformed(text, &fault, limits))?;
    let mut document = Document {
        text,
        slots,
        resource_type: "",
        id: None,
    };
    document.resource_type = resource_type(document.root())?;
    document.id = id(text, document.root())?;
    check_meta(&document)?;
    check_contained(document.root())?;
    Ok(document)
}

impl<'a> Document<'a> {
    /// The resource type, one of the 146 of R4.
    #[must_use]
    pub fn resource_type(&self) -> &'static str {
        self.resource_type
    }

    /// The `id` element.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// `meta.versionId`.
    #[must_use]
    pub fn version_id(&self) -> Option<Cow<'_, str>> {
        self.text_at("meta.versionId")
    }

    /// The bytes as received.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    /// The whole resource.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        const NOTHING: Slot = Slot {
            kind: Kind::Null,
            key: (0, 0),
            value: (0, 0),
            next: 1,
            has_gaps: false,
        };
        // A parsed document has a root; an empty node stands in so that this cannot fail.
        Node::new(self.text, &self.slots, 0).unwrap_or(Node {
            text: "",
            slots: &[],
            index: 0,
            slot: NOTHING,
        })
    }

    /// The first value at a dotted path below the resource, such as `code.coding.system`.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Node<'_>> {
        self.root().get(path)
    }

    /// The text of the first string at a dotted path.
    #[must_use]
    pub fn text_at(&self, path: &str) -> Option<Cow<'_, str>> {
        self.root().text_at(path)
    }

    /// Every value at a dotted path, entering every item of every list.
    #[must_use]
    pub fn all(&self, path: &str) -> Vec<Node<'_>> {
        self.root().all(path)
    }
}

impl std::fmt::Debug for Document<'_> {
    /// Says what it is, never what it holds.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {} bytes", self.resource_type, self.text.len())
    }
}

/// Whether this can be a resource id: 1 to 64 of `A-Z a-z 0-9 - .`
/// (<https://hl7.org/fhir/R4/datatypes.html#id>).
#[must_use]
pub fn is_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    (1..=64).contains(&text.len()) && text.bytes().all(allowed)
}

fn resource_type(resource: Node<'_>) -> Result<&'static str, Issue> {
    let Some(found) = resource.member("resourceType") else {
        let details = "resourceType is missing: name an R4 resource type such as Observation";
        return Err(Issue::error(IssueCode::Required, details).at("resourceType"));
    };
    let name = found.as_str().unwrap_or_default();
    types::of(&name).map(|facts| facts.name).ok_or_else(|| {
        Issue::error(IssueCode::Structure, "not an R4 resource type")
            .at("resourceType")
            .found(&name)
    })
}

fn id<'a>(text: &'a str, root: Node<'_>) -> Result<Option<Cow<'a, str>>, Issue> {
    let Some(node) = root.member("id") else {
        return Ok(None);
    };
    match node.as_str() {
        Some(id) if is_id(&id) => Ok(Some(match id {
            Cow::Borrowed(_) => Cow::Borrowed(text.get(node.inner_span()).unwrap_or_default()),
            Cow::Owned(id) => Cow::Owned(id),
        })),
        _ => Err(Issue::error(
            IssueCode::Value,
            "an id is 1 to 64 characters out of A-Z, a-z, 0-9, '-' and '.'",
        )
        .at("id")
        .found(node.raw())),
    }
}

/// Checks the shape of what [`crate::splice::stamp`] writes into.
fn check_meta(document: &Document<'_>) -> Result<(), Issue> {
    let Some(meta) = document.root().member("meta") else {
        return Ok(());
    };
    let shape = |name: &'static str, node: Option<Node<'_>>, kind: Kind, words: &str| match node {
        Some(node) if node.kind() != kind => {
            Err(Issue::error(IssueCode::Structure, format!("expected {words}")).at(name))
        }
        _ => Ok(()),
    };
    shape("meta", Some(meta), Kind::Object, "an object")?;
    shape(
        "meta.versionId",
        meta.member("versionId"),
        Kind::String,
        "text",
    )?;
    shape(
        "meta.lastUpdated",
        meta.member("lastUpdated"),
        Kind::String,
        "an instant",
    )?;
    for (name, member) in [
        ("meta.security", meta.member("security")),
        ("meta.tag", meta.member("tag")),
    ] {
        shape(name, member, Kind::Array, "a list of codings")?;
        for coding in member.iter().flat_map(Node::children) {
            shape(name, Some(coding), Kind::Object, "a list of codings")?;
        }
    }
    Ok(())
}

/// Checks that contained resources are resources, one level deep
/// (<https://hl7.org/fhir/R4/references.html#contained>).
fn check_contained(resource: Node<'_>) -> Result<(), Issue> {
    let Some(contained) = resource.member("contained") else {
        return Ok(());
    };
    if contained.kind() != Kind::Array {
        let details = "expected a list of resources";
        return Err(Issue::error(IssueCode::Structure, details).at("contained"));
    }
    for (place, inner) in contained.children().enumerate() {
        let at = |mut issue: Issue| {
            issue.expression = vec![format!("contained[{place}]")];
            issue
        };
        resource_type(inner).map_err(at)?;
        if inner.member("contained").is_some() {
            let details = "a contained resource cannot contain another";
            return Err(at(Issue::error(IssueCode::Structure, details)));
        }
    }
    Ok(())
}

fn not_utf8(bytes: &[u8], error: &std::str::Utf8Error) -> Issue {
    let at = error.valid_up_to();
    let details = match bytes.get(at) {
        Some(byte) => format!("not UTF-8: byte {at} is 0x{byte:02x}, which cannot stand there"),
        None => format!("not UTF-8 at byte {at}"),
    };
    Issue::error(IssueCode::Structure, details)
}

fn malformed(text: &str, fault: &Fault, limits: &Limits) -> Issue {
    let before = text.get(..fault.at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    let found = match text.get(fault.at..).and_then(|rest| rest.chars().next()) {
        Some(found) => format!("{found:?}"),
        None => "the end".to_owned(),
    };
    let (code, details) = match fault.why {
        Why::Expected(what) => (
            IssueCode::Structure,
            format!("malformed JSON: found {found}, expected {what}"),
        ),
        Why::Forbidden(what) => (IssueCode::Structure, format!("FHIR does not allow {what}")),
        Why::TooDeep => (
            IssueCode::TooLong,
            format!("nested deeper than {} levels", limits.depth),
        ),
    };
    let mut issue = Issue::error(code, details);
    issue.position = Some((line as u32, column as u32));
    issue
}

#[cfg(test)]
mod tests;
