//! Which slice a value is of (<https://hl7.org/fhir/R4/profiling.html#slicing>).

use serde_json::Value;

use super::rule::{By, Discriminator, Rule, Slicing};
use super::sets::Sets;
use super::value::{Typed, equals, holds};

/// The first slice that a value fits.
pub(super) fn slice_of<'r>(
    sets: &Sets,
    slicing: &Slicing,
    slices: &'r [Rule],
    value: &Typed<'_>,
) -> Option<&'r Rule> {
    let fits = |slice: &&Rule| {
        let mut discriminators = slicing.discriminators.iter();
        discriminators.all(|one| fits(sets, slice, one, value))
    };
    slices.iter().find(fits)
}

fn fits(sets: &Sets, slice: &Rule, discriminator: &Discriminator, value: &Typed<'_>) -> bool {
    let Discriminator { by, path } = discriminator;
    let found = value.at(path);
    match by {
        By::Value => has_value(sets, slice, path, &found),
        By::Exists => {
            let wanted = slice.below(path);
            wanted.is_some_and(|rule| match rule.max {
                Some(0) => found.is_empty(),
                _ => rule.min == 0 || !found.is_empty(),
            })
        }
        By::Type => {
            let types = slice.below(path).map_or(&[][..], |rule| &rule.types);
            found
                .iter()
                .any(|one| types.iter().any(|of| of.code == one.of))
        }
    }
}

/// Whether some value is what a slice demands at a path.
fn has_value(sets: &Sets, slice: &Rule, path: &[String], found: &[Typed<'_>]) -> bool {
    if let Some(wanted) = slice.demanded(path) {
        let is_wanted = |one: &Typed<'_>| {
            let json = one.json();
            json.is_some_and(|json| wanted.iter().any(|wanted| holds(&json, wanted)))
        };
        return found.iter().any(is_wanted);
    }
    let rule = slice.below(path).filter(|rule| rule.demands());
    rule.is_some_and(|rule| found.iter().any(|one| meets(sets, rule, one)))
}

/// Whether a value has what a rule and those below it demand.
fn meets(sets: &Sets, rule: &Rule, value: &Typed<'_>) -> bool {
    let json = value.json().unwrap_or(Value::Null);
    let is_fixed = rule
        .fixed
        .as_ref()
        .is_none_or(|wanted| equals(&json, wanted));
    let has_pattern = rule
        .pattern
        .as_ref()
        .is_none_or(|wanted| holds(&json, wanted));
    let binding = rule.binding.as_ref();
    let is_bound = binding.is_none_or(|set| sets.has_any(set, &value.codes()));
    let mut demanding = rule.children.iter().filter(|child| child.demands());
    is_fixed
        && has_pattern
        && is_bound
        && demanding.all(|child| {
            let below = value.below(&child.name);
            below.iter().any(|one| meets(sets, child, one))
        })
}

impl Rule {
    /// Whether it, or a rule below it, says what a value must be.
    fn demands(&self) -> bool {
        let own = self.fixed.is_some() || self.pattern.is_some() || self.binding.is_some();
        own || self.children.iter().any(Self::demands)
    }

    /// The values that stand at a path in what is fixed here or on the way; an extension's profile
    /// fixes its URL.
    fn demanded(&self, path: &[String]) -> Option<Vec<Value>> {
        if let Some(whole) = self.fixed.as_ref().or(self.pattern.as_ref()) {
            return Some(values_at(whole, path)).filter(|values| !values.is_empty());
        }
        let (name, rest) = path.split_first()?;
        let child = self.children.iter().find(|child| child.name == *name);
        if let Some(values) = child.and_then(|child| child.demanded(rest)) {
            return Some(values);
        }
        let profile = self.types.iter().find_map(|of| of.profiles.first())?;
        let (url, _) = profile.split_once('|').unwrap_or((profile, ""));
        (name == "url" && rest.is_empty()).then(|| vec![Value::from(url)])
    }
}

fn values_at(value: &Value, path: &[String]) -> Vec<Value> {
    match (value, path.split_first()) {
        (Value::Array(items), _) => items
            .iter()
            .flat_map(|item| values_at(item, path))
            .collect(),
        (_, None) => vec![value.clone()],
        (_, Some((name, rest))) => {
            let member = value.get(name);
            member
                .map(|member| values_at(member, rest))
                .unwrap_or_default()
        }
    }
}
