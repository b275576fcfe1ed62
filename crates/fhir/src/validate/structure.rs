//! Structure: which elements there may be, how many, and of which types
//! (<https://hl7.org/fhir/R4/json.html>).

use super::primitive;
use crate::definitions::{Definition, Element, ElementType, Most, definition_of, value_set};
use crate::document::{Document, Kind, Node};
use crate::outcome::{Issue, IssueCode, Severity};
use crate::references::{ReferenceKind, classify};
use crate::types;

/// Adds everything that is wrong with the structure of a resource.
pub(super) fn check(document: &Document<'_>, issues: &mut Vec<Issue>) {
    let facts = types::of(document.resource_type());
    let is_definition = facts.is_some_and(|facts| facts.kind == types::Kind::Definition);
    let mut check = Check {
        issues,
        is_definition,
    };
    check.resource(document.root(), document.resource_type());
}

struct Check<'i> {
    issues: &'i mut Vec<Issue>,
    /// Drafts of definitions circulate unfinished, HL7's own among them: what they lack is told
    /// and does not refuse them.
    is_definition: bool,
}

impl Check<'_> {
    fn wrong(&mut self, code: IssueCode, details: impl Into<String>, path: &str, found: &str) {
        let issue = Issue::error(code, details);
        self.issues.push(issue.at(path).found(found));
    }

    /// A resource by itself, contained in another, or in an entry of a Bundle.
    fn resource(&mut self, node: Node<'_>, path: &str) {
        let name = node.text_at("resourceType").unwrap_or_default();
        let facts = types::of(&name).filter(|_| node.is_object());
        match facts.and_then(|facts| definition_of(facts.name)) {
            Some(definition) => self.object(definition, node, path),
            None => {
                let details = "expected a resource whose resourceType is one of R4";
                self.wrong(IssueCode::Structure, details, path, &name);
            }
        }
    }

    /// The members of an object, against the elements it may have.
    fn object(&mut self, definition: &Definition, node: Node<'_>, path: &str) {
        let mut present = vec![None; definition.elements.len()];
        for member in node.children() {
            let key = member.key();
            if key == "resourceType" && types::of(definition.name).is_some() {
                continue;
            }
            let at = || format!("{path}.{key}");
            let bare = key.strip_prefix('_').unwrap_or(key);
            let Some((element, of)) = definition.element(bare) else {
                let details = format!("{} has no such element in FHIR R4", definition.name);
                self.wrong(IssueCode::Structure, details, &at(), key);
                continue;
            };
            self.only_choice(definition, element, bare, &mut present, path);
            match bare.len() == key.len() {
                true => self.member(definition, element, of, node, member, &at()),
                false => self.companion(element, of, member, &at()),
            }
        }
        for (element, present) in definition.elements.iter().zip(&present) {
            if element.is_required && present.is_none() {
                let suffix = if element.is_choice { "[x]" } else { "" };
                let at = format!("{path}.{}{suffix}", element.name);
                let issue = Issue::required(at, "this element must be present");
                self.issues.push(match self.is_definition {
                    true => issue.with_severity(Severity::Warning),
                    false => issue,
                });
            }
        }
        if definition.name == "Extension" {
            self.extension(node, path);
        }
    }

    /// Notes that an element is there. Of a choice only one may be, with its companion.
    fn only_choice<'k>(
        &mut self,
        definition: &Definition,
        element: &Element,
        key: &'k str,
        present: &mut [Option<&'k str>],
        path: &str,
    ) {
        let place = definition.elements.iter().position(|one| one == element);
        let Some(known) = place.and_then(|place| present.get_mut(place)) else {
            return;
        };
        if known.is_some_and(|known| known != key) {
            let details = format!("{}[x] may be given in one way only", element.name);
            let at = format!("{path}.{key}");
            self.wrong(IssueCode::Structure, details, &at, key);
        }
        *known = Some(key);
    }

    /// The values of one member.
    fn member(
        &mut self,
        definition: &Definition,
        element: &Element,
        of: &ElementType,
        parent: Node<'_>,
        member: Node<'_>,
        path: &str,
    ) {
        match (element.most, member.kind()) {
            (Most::One, Kind::Array) => {
                self.wrong(
                    IssueCode::Structure,
                    "expected one value and no list",
                    path,
                    "[",
                );
            }
            (Most::One, _) => self.value(definition, element, of, member, path),
            (Most::Many, Kind::Array) => {
                let has_companion = parent
                    .children()
                    .any(|one| one.key().strip_prefix('_') == Some(member.key()));
                for (place, item) in member.children().enumerate() {
                    // Where an item has nothing but extensions, null keeps its place.
                    if item.kind() == Kind::Null && has_companion {
                        continue;
                    }
                    self.value(definition, element, of, item, &format!("{path}[{place}]"));
                }
            }
            (Most::Many, _) => {
                self.wrong(IssueCode::Structure, "expected a list", path, member.raw());
            }
        }
    }

    /// The ids and extensions of primitive values: `_birthDate` beside `birthDate`.
    fn companion(&mut self, element: &Element, of: &ElementType, member: Node<'_>, path: &str) {
        if !is_primitive(of.name) {
            let details = "only values of primitive types have such a member";
            self.wrong(IssueCode::Structure, details, path, member.key());
            return;
        }
        let is_list = member.kind() == Kind::Array;
        if is_list != (element.most == Most::Many) {
            let details = "expected a list where the element is one, else an object";
            self.wrong(IssueCode::Structure, details, path, member.raw());
            return;
        }
        let Some(definition) = definition_of("Element") else {
            return;
        };
        for (place, item) in member.items().enumerate() {
            let at = match is_list {
                true => format!("{path}[{place}]"),
                false => path.to_owned(),
            };
            match item.kind() {
                Kind::Object => self.object(definition, item, &at),
                Kind::Null if is_list => {}
                _ => {
                    let details = "expected an object with id or extension";
                    self.wrong(IssueCode::Structure, details, &at, item.raw());
                }
            }
        }
    }

    /// One value of an element.
    fn value(
        &mut self,
        definition: &Definition,
        element: &Element,
        of: &ElementType,
        node: Node<'_>,
        path: &str,
    ) {
        if of.name == "Resource" {
            return self.resource(node, path);
        }
        if is_primitive(of.name) {
            // The definitions call it a string and the specification an id.
            let is_own_id = element.name == "id" && types::of(definition.name).is_some();
            let name = if is_own_id { "id" } else { of.name };
            return self.primitive(element, name, node, path);
        }
        let Some(inner) = definition_of(of.name) else {
            return;
        };
        if !node.is_object() {
            let details = format!("expected an object of type {}", of.name);
            return self.wrong(IssueCode::Structure, details, path, node.raw());
        }
        self.object(inner, node, path);
        match of.name {
            "Reference" => self.target(of, node, path),
            "CodeableConcept" => self.concept(element, node, path),
            _ => {}
        }
    }

    fn primitive(&mut self, element: &Element, of: &str, node: Node<'_>, path: &str) {
        if let Some(expected) = primitive::wrong(of, node) {
            let details = format!("expected {expected}");
            return self.wrong(IssueCode::Value, details, path, node.raw());
        }
        let set = element.binding.and_then(value_set);
        if let (Some(set), Some(code)) = (set, node.as_str())
            && !set.has(None, &code)
        {
            let details = format!("expected a code of the value set {}", set.url);
            self.wrong(IssueCode::Value, details, path, &code);
        }
    }

    /// A concept that must be from a value set has a coding that is.
    fn concept(&mut self, element: &Element, node: Node<'_>, path: &str) {
        let Some(set) = element.binding.and_then(value_set) else {
            return;
        };
        let is_of_set = node.all("coding").iter().any(|coding| {
            let code = coding.text_at("code").unwrap_or_default();
            set.has(coding.text_at("system").as_deref(), &code)
        });
        if !is_of_set {
            let details = format!("expected a coding of the value set {}", set.url);
            self.wrong(IssueCode::Value, details, path, node.raw());
        }
    }

    /// A reference points at a type of resource that the element may refer to.
    fn target(&mut self, of: &ElementType, node: Node<'_>, path: &str) {
        let Some(text) = node.text_at("reference") else {
            return;
        };
        let rtype = match classify(text.clone()) {
            ReferenceKind::Literal { rtype, .. } | ReferenceKind::Conditional { rtype, .. } => {
                rtype
            }
            _ => return,
        };
        if !of.targets.is_empty() && !of.targets.contains(&rtype) {
            let details = format!("expected a reference to {}", of.targets.join(" or "));
            let at = format!("{path}.reference");
            self.wrong(IssueCode::Value, details, &at, &text);
        }
    }

    /// An extension has a value or extensions of its own, and not both
    /// (<https://hl7.org/fhir/R4/extensibility.html#Extension>, ext-1).
    fn extension(&mut self, node: Node<'_>, path: &str) {
        let has_value = node
            .children()
            .any(|member| member.key().trim_start_matches('_').starts_with("value"));
        if has_value == node.member("extension").is_some() {
            let details = "an extension has either a value or extensions of its own";
            self.wrong(IssueCode::Invariant, details, path, node.raw());
        }
    }
}

fn is_primitive(of: &str) -> bool {
    of.starts_with(|first: char| first.is_ascii_lowercase())
}
