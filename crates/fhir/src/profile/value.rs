//! Values of a resource together with their types, as rules see them.

use serde_json::Value;

use crate::definitions::definition_of;
use crate::document::{Kind, Node};
use crate::fhirpath::Element;
use crate::types;

/// A value, its type and its place.
#[derive(Clone)]
pub(super) struct Typed<'d> {
    /// The value; of an element that has nothing but extensions, these.
    pub(super) node: Node<'d>,
    /// The ids and extensions beside a primitive value.
    companion: Option<Node<'d>>,
    /// A primitive type, a data type, a resource type, or an element with elements of its own.
    pub(super) of: &'static str,
    /// The element path, such as `Patient.name[0]`.
    pub(super) path: String,
}

impl<'d> Typed<'d> {
    /// A resource.
    pub(super) fn resource(node: Node<'d>, path: String) -> Option<Self> {
        let facts = types::of(&node.text_at("resourceType")?)?;
        let of = facts.name;
        Some(Self {
            node,
            companion: None,
            of,
            path,
        })
    }

    /// The same as expressions see it.
    pub(super) fn element(&self) -> Element<'d> {
        match self.is_absent() {
            true => Element::new(None, Some(self.node), self.of),
            false => Element::new(Some(self.node), self.companion, self.of),
        }
    }

    /// The values of an element below.
    pub(super) fn below(&self, name: &str) -> Vec<Self> {
        let values = self.members(name, "");
        match values.is_empty() {
            // A primitive may have nothing but extensions: `_birthDate`.
            true => self.members(name, "_"),
            false => values,
        }
    }

    /// The values at the end of a path of element names.
    pub(super) fn at(&self, path: &[String]) -> Vec<Self> {
        match path.split_first() {
            None => vec![self.clone()],
            Some((name, rest)) => {
                let values = self.below(name);
                values.iter().flat_map(|value| value.at(rest)).collect()
            }
        }
    }

    fn members(&self, name: &str, mark: &str) -> Vec<Self> {
        let mut found = Vec::new();
        let Some(definition) = definition_of(self.of) else {
            return found;
        };
        for member in self.node.children() {
            let key = member.key();
            let bare = match mark {
                "" => Some(key),
                mark => key.strip_prefix(mark),
            };
            let known = bare.and_then(|bare| definition.element(bare));
            let Some((_, of)) = known.filter(|(element, _)| element.name == name) else {
                continue;
            };
            let is_list = member.kind() == Kind::Array;
            let beside = match mark {
                "" => self.companions(key),
                _ => Vec::new(),
            };
            for (place, node) in member.items().enumerate() {
                let path = match is_list {
                    true => format!("{}.{key}[{place}]", self.path),
                    false => format!("{}.{key}", self.path),
                };
                found.extend(match of.name {
                    "Resource" => Self::resource(node, path),
                    of => Some(Self {
                        node,
                        companion: beside.get(place).copied(),
                        of,
                        path,
                    }),
                });
            }
        }
        found
    }

    /// The ids and extensions beside the values of a primitive.
    fn companions(&self, key: &str) -> Vec<Node<'d>> {
        let mut members = self.node.children();
        let member = members.find(|member| member.key().strip_prefix('_') == Some(key));
        member.iter().flat_map(Node::items).collect()
    }

    /// Whether a primitive has nothing but extensions.
    pub(super) fn is_absent(&self) -> bool {
        self.of
            .starts_with(|first: char| first.is_ascii_lowercase())
            && matches!(self.node.kind(), Kind::Object | Kind::Null)
    }

    /// The value as JSON; `None` where there is nothing but extensions.
    pub(super) fn json(&self) -> Option<Value> {
        serde_json::from_str(self.node.raw()).ok()
    }

    /// The codes that it holds, as (system, code), whether it is a code, a coding or a concept.
    pub(super) fn codes(&self) -> Vec<(Option<String>, String)> {
        let coding = |node: Node<'d>| {
            let system = node.text_at("system").map(Into::into);
            node.text_at("code").map(|code| (system, code.into()))
        };
        match self.of {
            "CodeableConcept" => self
                .node
                .all("coding")
                .into_iter()
                .filter_map(coding)
                .collect(),
            "Coding" | "Quantity" => coding(self.node).into_iter().collect(),
            _ => self
                .node
                .as_str()
                .map(|code| (None, code.into()))
                .into_iter()
                .collect(),
        }
    }
}

/// Whether two values are the same; numbers whatever their digits.
pub(super) fn equals(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Number(found), Value::Number(wanted)) => found.as_f64() == wanted.as_f64(),
        (Value::Array(found), Value::Array(wanted)) => {
            found.len() == wanted.len()
                && found
                    .iter()
                    .zip(wanted)
                    .all(|(one, other)| equals(one, other))
        }
        (Value::Object(found), Value::Object(wanted)) => {
            let is_same = |(name, wanted): (&String, &Value)| {
                found.get(name).is_some_and(|found| equals(found, wanted))
            };
            found.len() == wanted.len() && wanted.iter().all(is_same)
        }
        _ => found == wanted,
    }
}

/// Whether a value holds all that a pattern has
/// (<https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.pattern_x_>).
pub(super) fn holds(found: &Value, pattern: &Value) -> bool {
    match (found, pattern) {
        (Value::Object(found), Value::Object(pattern)) => pattern
            .iter()
            .all(|(name, wanted)| found.get(name).is_some_and(|found| holds(found, wanted))),
        (Value::Array(found), Value::Array(pattern)) => pattern
            .iter()
            .all(|wanted| found.iter().any(|found| holds(found, wanted))),
        _ => equals(found, pattern),
    }
}
