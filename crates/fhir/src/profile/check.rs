//! Holds a resource against a profile.

use serde_json::Value;

use super::Profiles;
use super::rule::{Profile, Rule};
use super::slices::slice_of;
use super::value::{Typed, equals, holds};
use crate::document::Document;
use crate::fhirpath::{Element, Environment};
use crate::invariants::Told;
use crate::outcome::{Issue, IssueCode};
use crate::references::{ReferenceKind, classify};
use crate::types;

/// Where HL7's own types are, to which references of a profile may lead as well.
const HL7: &str = "http://hl7.org/fhir/StructureDefinition/";

/// Everything in which a resource is not as a profile has it.
pub(super) fn check(profiles: &Profiles, profile: &Profile, document: &Document<'_>) -> Vec<Issue> {
    let root = document.root();
    let resource = Typed::resource(root, document.resource_type().to_owned());
    let (Some(resource), Some(element)) = (resource, Element::resource(root)) else {
        return Vec::new();
    };
    let environment = Environment {
        resource: element,
        root: element,
        bundle: None,
    };
    of_value(profiles, profile, &resource, &environment)
}

/// The same of a value within a resource, such as an extension.
fn of_value<'d>(
    profiles: &'d Profiles,
    profile: &'d Profile,
    value: &Typed<'d>,
    environment: &Environment<'d>,
) -> Vec<Issue> {
    let mut check = Check {
        profiles,
        profile,
        environment,
        issues: Vec::new(),
        told: Told::default(),
    };
    check.invariants(&profile.root, value);
    check.below(&profile.root, value);
    let mut issues = check.issues;
    for mut issue in check.told.issues() {
        issue.details = format!("by the profile {}: {}", profile.name, issue.details);
        issues.push(issue);
    }
    issues
}

struct Check<'e, 'd> {
    profiles: &'d Profiles,
    profile: &'d Profile,
    environment: &'e Environment<'d>,
    issues: Vec<Issue>,
    told: Told,
}

impl<'d> Check<'_, 'd> {
    fn wrong(&mut self, code: IssueCode, expected: &str, at: &str, found: Option<&str>) {
        let details = format!("by the profile {}: expected {expected}", self.profile.name);
        let issue = Issue::error(code, details).at(at);
        self.issues.push(match found {
            Some(found) => issue.found(found),
            None => issue,
        });
    }

    /// What must hold between the elements of a value.
    fn invariants(&mut self, rule: &'d Rule, value: &Typed<'d>) {
        let element = value.element();
        let mut environment = *self.environment;
        if element.is_resource() {
            environment.resource = element;
        }
        for invariant in &rule.invariants {
            let path = || value.path.clone();
            self.told.hold(invariant, &element, &environment, &path);
        }
    }

    /// The elements below a value.
    fn below(&mut self, rule: &'d Rule, value: &Typed<'d>) {
        for child in &rule.children {
            let values = value.below(&child.name);
            let at = format!("{}.{}", value.path, child.name);
            self.count(child, values.len(), "", &at);
            for one in &values {
                self.value(child, one);
            }
            self.slices(child, &values, &at);
        }
    }

    fn count(&mut self, rule: &Rule, found: usize, of_slice: &str, at: &str) {
        if found < rule.min {
            let expected = format!("at least {} of this element{of_slice}", rule.min);
            self.wrong(IssueCode::Required, &expected, at, None);
        }
        if let Some(max) = rule.max.filter(|max| found > *max) {
            let expected = format!("at most {max} of this element{of_slice}");
            self.wrong(IssueCode::Structure, &expected, at, None);
        }
    }

    /// Each slice is an element of its own.
    fn slices(&mut self, rule: &'d Rule, values: &[Typed<'d>], at: &str) {
        let Some(slicing) = &rule.slicing else {
            return;
        };
        let sets = &self.profiles.sets;
        let of = |value| slice_of(sets, slicing, &rule.slices, value);
        let sliced: Vec<Option<&'d Rule>> = values.iter().map(of).collect();
        for slice in &rule.slices {
            let is_own = |of: &&Option<&'d Rule>| of.is_some_and(|of| std::ptr::eq(of, slice));
            let count = sliced.iter().filter(is_own).count();
            self.count(slice, count, &format!(" as {}", slice.slice), at);
        }
        for (value, slice) in values.iter().zip(sliced) {
            match slice {
                Some(slice) => self.value(slice, value),
                None if slicing.is_closed => {
                    let names: Vec<&str> = rule.slices.iter().map(|it| it.slice.as_str()).collect();
                    let expected = format!("one of {}", names.join(", "));
                    let raw = value.node.raw();
                    self.wrong(IssueCode::Structure, &expected, &value.path, Some(raw));
                }
                None => {}
            }
        }
    }

    /// One value against what is said of its element.
    fn value(&mut self, rule: &'d Rule, value: &Typed<'d>) {
        let found = Some(value.node.raw());
        if let Some(expected) = type_expected(rule, value) {
            return self.wrong(IssueCode::Value, &expected, &value.path, found);
        }
        let own = self.value_expected(rule, value);
        for expected in own.into_iter().chain(self.target_expected(rule, value)) {
            self.wrong(IssueCode::Value, &expected, &value.path, found);
        }
        self.by_profile_of_type(rule, value);
        self.invariants(rule, value);
        self.below(rule, value);
    }

    /// What the value itself should be and is not.
    fn value_expected(&self, rule: &Rule, value: &Typed<'_>) -> Vec<String> {
        let mut expected = Vec::new();
        let json = value.json().unwrap_or(Value::Null);
        if let Some(fixed) = rule.fixed.as_ref().filter(|fixed| !equals(&json, fixed)) {
            expected.push(format!("the value {fixed}"));
        }
        if let Some(pattern) = rule
            .pattern
            .as_ref()
            .filter(|pattern| !holds(&json, pattern))
        {
            expected.push(format!("a value that holds {pattern}"));
        }
        let is_outside = |set: &&String| !self.profiles.sets.has_any(set, &value.codes());
        if let Some(set) = rule.binding.as_ref().filter(is_outside)
            && !value.is_absent()
        {
            expected.push(format!("a code of the value set {set}"));
        }
        if let (Some(most), Some(text)) = (rule.max_length, value.node.as_str())
            && text.chars().count() > most
        {
            expected.push(format!("a text of at most {most} characters"));
        }
        expected
    }

    /// The types to which a reference may lead and does not; those of profiles that are not loaded
    /// are not known.
    fn target_expected(&self, rule: &Rule, value: &Typed<'_>) -> Option<String> {
        let reference = (value.of == "Reference").then(|| value.node.text_at("reference"))??;
        let (ReferenceKind::Literal { rtype, .. } | ReferenceKind::Conditional { rtype, .. }) =
            classify(reference)
        else {
            return None;
        };
        let targets = rule.types.iter().flat_map(|of| &of.targets);
        let types: Option<Vec<&str>> = targets.map(|url| self.type_of(url)).collect();
        let types = types.filter(|types| !types.is_empty() && !types.contains(&"Resource"))?;
        let is_right = types.contains(&rtype);
        (!is_right).then(|| format!("a reference to {}", types.join(" or ")))
    }

    fn type_of<'u>(&'u self, url: &'u str) -> Option<&'u str> {
        let own = url.strip_prefix(HL7);
        let own = own.filter(|name| *name == "Resource" || types::of(name).is_some());
        own.or_else(|| self.profiles.get(url).map(|profile| profile.of))
    }

    /// A value whose type names profiles must meet one of them, as far as they are loaded.
    fn by_profile_of_type(&mut self, rule: &'d Rule, value: &Typed<'d>) {
        let own = rule.types.iter().filter(|of| of.code == value.of);
        let named: Vec<&String> = own.flat_map(|of| &of.profiles).collect();
        let loaded: Option<Vec<&'d Profile>> =
            named.iter().map(|url| self.profiles.get(url)).collect();
        let told = loaded.into_iter().flatten();
        let told: Vec<Vec<Issue>> = told
            .map(|profile| of_value(self.profiles, profile, value, self.environment))
            .collect();
        if told.iter().all(|issues| !issues.is_empty()) {
            self.issues
                .extend(told.into_iter().next().into_iter().flatten());
        }
    }
}

/// The types of which the value is none, where the element takes several.
fn type_expected(rule: &Rule, value: &Typed<'_>) -> Option<String> {
    let is_element = value.of.contains('.') || rule.types.is_empty();
    let is_allowed = |code: &str| code == value.of || matches!(code, "Resource" | "Element");
    let is_right = is_element || rule.types.iter().any(|of| is_allowed(&of.code));
    let names: Vec<&str> = rule.types.iter().map(|of| of.code.as_str()).collect();
    (!is_right).then(|| format!("a value of type {}", names.join(" or ")))
}
