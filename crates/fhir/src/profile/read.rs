//! Reads a profile from its StructureDefinition
//! (<https://hl7.org/fhir/R4/structuredefinition.html>).

use std::borrow::Cow;

use serde_json::Value;

use super::rule::{By, Discriminator, Profile, Rule, Slicing, Type};
use crate::definitions::definition_of;
use crate::document::{Document, Node};
use crate::fhirpath::Expression;
use crate::invariants::Invariant;
use crate::outcome::{Issue, IssueCode, Severity};

/// Invariants of R4 itself, which every snapshot repeats, are not the profile's own.
const HL7: &str = "http://hl7.org/fhir/StructureDefinition/";

/// A profile; `None` for what constrains nothing, such as a type's own definition.
pub(super) fn profile(document: &Document<'_>) -> Result<Option<Profile>, Issue> {
    let root = document.root();
    if root.text_at("derivation").as_deref() != Some("constraint") {
        return Ok(None);
    }
    let url = text(root, "url", "StructureDefinition")?.into_owned();
    let of = text(root, "type", "StructureDefinition")?;
    let Some(of) = definition_of(&of).map(|definition| definition.name) else {
        let issue = Issue::error(IssueCode::Value, "expected a type of FHIR R4");
        return Err(issue.at("StructureDefinition.type").found(&of));
    };
    let mut reading = Reading {
        unseen: Vec::new(),
        bindings: Vec::new(),
    };
    let root_rule = reading.tree(root)?;
    known(&root_rule, of, of)?;
    let plain = |name: &str| root.text_at(name).map(Cow::into_owned);
    Ok(Some(Profile {
        name: plain("name").unwrap_or_else(|| url.clone()),
        version: plain("version").unwrap_or_default(),
        url,
        of,
        root: root_rule,
        unseen: reading.unseen,
        bindings: reading.bindings,
    }))
}

/// What is gathered on the way through a snapshot.
struct Reading {
    unseen: Vec<String>,
    bindings: Vec<String>,
}

impl Reading {
    fn tree(&mut self, root: Node<'_>) -> Result<Rule, Issue> {
        let elements = root.all("snapshot.element");
        if elements.is_empty() {
            let details = "a profile is read from its snapshot: publish it with one";
            return Err(Issue::required("StructureDefinition.snapshot", details));
        }
        let mut tree = Rule::default();
        for (place, element) in elements.into_iter().enumerate() {
            let at = format!("StructureDefinition.snapshot.element[{place}]");
            let id = text(element, "id", &at)?;
            let steps: Vec<&str> = id.split('.').skip(1).collect();
            // A slice of a slice.
            if steps.iter().any(|step| step.contains('/')) {
                self.unseen.push(format!("the slices within {id}"));
                continue;
            }
            let rule = self.rule(element, &id, &at)?;
            insert(&mut tree, &steps, rule).ok_or_else(|| {
                let details = "the element above it does not come before it";
                let issue = Issue::error(IssueCode::Structure, details);
                issue.at(format!("{at}.id")).found(&id)
            })?;
        }
        Ok(tree)
    }

    fn rule(&mut self, element: Node<'_>, id: &str, at: &str) -> Result<Rule, Issue> {
        let last = id.rsplit('.').next().unwrap_or_default();
        let (name, slice) = last.split_once(':').unwrap_or((last, ""));
        let required = element
            .get("binding")
            .filter(|binding| binding.text_at("strength").as_deref() == Some("required"));
        let binding = required.and_then(|binding| binding.text_at("valueSet"));
        let binding = binding.map(Cow::into_owned);
        self.bindings.extend(binding.clone());
        for bound in ["minValue", "maxValue"] {
            if json_of(element, bound).is_some() {
                self.unseen.push(format!("{bound} of {id}"));
            }
        }
        Ok(Rule {
            name: name.trim_end_matches("[x]").to_owned(),
            slice: slice.to_owned(),
            min: whole(element, "min", at)?.unwrap_or(0),
            max: most(element, at)?,
            types: element.all("type").into_iter().map(type_of).collect(),
            fixed: json_of(element, "fixed"),
            pattern: json_of(element, "pattern"),
            binding,
            invariants: self.invariants(element),
            max_length: whole(element, "maxLength", at)?,
            slicing: self.slicing(element, id, at)?,
            ..Rule::default()
        })
    }

    /// The profile's own invariants; what cannot be read is named as not looked at.
    fn invariants(&mut self, element: Node<'_>) -> Vec<Invariant> {
        let mut found = Vec::new();
        for constraint in element.all("constraint") {
            let source = constraint.text_at("source");
            let is_own = source.is_none_or(|source| !source.starts_with(HL7));
            let (true, Some(key)) = (is_own, constraint.text_at("key")) else {
                continue;
            };
            let expression = constraint.text_at("expression").unwrap_or_default();
            match Expression::parse(&expression) {
                Ok(expression) => found.push(Invariant {
                    severity: match constraint.text_at("severity").as_deref() {
                        Some("warning") => Severity::Warning,
                        _ => Severity::Error,
                    },
                    words: owned(constraint.text_at("human").unwrap_or_default()),
                    key: owned(key),
                    expression,
                }),
                Err(error) => self.unseen.push(format!("the invariant {key}: {error}")),
            }
        }
        found
    }

    /// How values are told apart; `None` also where that is by something not looked at.
    fn slicing(&mut self, element: Node<'_>, id: &str, at: &str) -> Result<Option<Slicing>, Issue> {
        let Some(slicing) = element.get("slicing") else {
            return Ok(None);
        };
        let mut discriminators = Vec::new();
        for (place, one) in slicing.all("discriminator").into_iter().enumerate() {
            let at = format!("{at}.slicing.discriminator[{place}]");
            match discriminator(one, &at)? {
                Some(discriminator) => discriminators.push(discriminator),
                None => {
                    let path = text(one, "path", &at)?;
                    self.unseen.push(format!("the slices of {id} by {path}"));
                    return Ok(None);
                }
            }
        }
        if discriminators.is_empty() {
            self.unseen.push(format!("the slices of {id}"));
            return Ok(None);
        }
        Ok(Some(Slicing {
            discriminators,
            is_closed: slicing.text_at("rules").as_deref() == Some("closed"),
        }))
    }
}

fn owned(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}

/// A discriminator; `None` for one that looks into other resources or extensions.
fn discriminator(node: Node<'_>, at: &str) -> Result<Option<Discriminator>, Issue> {
    let kind = text(node, "type", at)?;
    let by = match kind.as_ref() {
        "value" | "pattern" => By::Value,
        "exists" => By::Exists,
        "type" => By::Type,
        "profile" => return Ok(None),
        other => {
            let details = "expected value, pattern, exists, type or profile";
            let issue = Issue::error(IssueCode::Value, details);
            return Err(issue.at(format!("{at}.type")).found(other));
        }
    };
    let path = text(node, "path", at)?;
    if path.contains('(') {
        return Ok(None);
    }
    let steps = path.split('.').filter(|step| *step != "$this");
    let path = steps.map(|step| step.trim_end_matches("[x]").to_owned());
    Ok(Some(Discriminator {
        by,
        path: path.collect(),
    }))
}

/// Puts a rule where the steps lead; `None` if what is above is not there.
fn insert(tree: &mut Rule, steps: &[&str], rule: Rule) -> Option<()> {
    let Some((last, above)) = steps.split_last() else {
        *tree = rule;
        return Some(());
    };
    let mut parent = tree;
    for step in above {
        parent = step_into(parent, step)?;
    }
    match last.split_once(':') {
        Some((name, _)) => step_into(parent, name)?.slices.push(rule),
        None => parent.children.push(rule),
    }
    Some(())
}

fn step_into<'r>(rule: &'r mut Rule, step: &str) -> Option<&'r mut Rule> {
    let (name, slice) = step.split_once(':').unwrap_or((step, ""));
    let name = name.trim_end_matches("[x]");
    let child = rule.children.iter_mut().find(|child| child.name == name)?;
    match slice {
        "" => Some(child),
        slice => child.slices.iter_mut().find(|one| one.slice == slice),
    }
}

/// That the elements of a tree are those of its type.
fn known(rule: &Rule, of: &str, path: &str) -> Result<(), Issue> {
    let Some(definition) = definition_of(of) else {
        return Ok(());
    };
    for child in &rule.children {
        let path = format!("{path}.{}", child.name);
        let mut elements = definition.elements.iter();
        let Some(element) = elements.find(|element| element.name == child.name) else {
            let details = format!("{of} has no such element in FHIR R4");
            let issue = Issue::error(IssueCode::Structure, details);
            return Err(issue.at("StructureDefinition.snapshot").found(&path));
        };
        if let [only] = element.types.as_slice() {
            for one in std::iter::once(child).chain(&child.slices) {
                known(one, only.name, &path)?;
            }
        }
    }
    Ok(())
}

fn type_of(node: Node<'_>) -> Type {
    let texts = |name: &str| {
        let all = node.all(name);
        all.iter()
            .filter_map(Node::as_str)
            .map(Cow::into_owned)
            .collect()
    };
    let code = node.text_at("code").unwrap_or_default();
    Type {
        // Ids and the like are texts of FHIRPath's own.
        code: match code.starts_with("http://hl7.org/fhirpath/") {
            true => "string".to_owned(),
            false => code.into_owned(),
        },
        profiles: texts("profile"),
        targets: texts("targetProfile"),
    }
}

fn text<'d>(node: Node<'d>, name: &str, at: &str) -> Result<Cow<'d, str>, Issue> {
    node.text_at(name)
        .ok_or_else(|| Issue::required(format!("{at}.{name}"), "this element must be present"))
}

fn whole(node: Node<'_>, name: &str, at: &str) -> Result<Option<usize>, Issue> {
    let Some(number) = node.member(name) else {
        return Ok(None);
    };
    number.raw().parse().map(Some).map_err(|_| {
        let issue = Issue::error(IssueCode::Value, "expected a whole number from 0");
        issue.at(format!("{at}.{name}")).found(number.raw())
    })
}

fn most(node: Node<'_>, at: &str) -> Result<Option<usize>, Issue> {
    match node.text_at("max").as_deref() {
        None | Some("*") => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| {
            let issue = Issue::error(IssueCode::Value, "expected a whole number or *");
            issue.at(format!("{at}.max")).found(text)
        }),
    }
}

/// The value of `fixed[x]` and the like.
fn json_of(node: Node<'_>, name: &str) -> Option<Value> {
    let is_it = |member: &Node<'_>| {
        let rest = member.key().strip_prefix(name);
        rest.is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_uppercase()))
    };
    let member = node.children().find(is_it)?;
    serde_json::from_str(member.raw()).ok()
}
