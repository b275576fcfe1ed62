//! Equality and order of values (<http://hl7.org/fhirpath/N1/#equality>).

use std::cmp::Ordering;
use std::collections::HashSet;

use super::Fault;
use super::evaluate::Steps;
use super::value::{Collection, Quantity, Value};

/// Whether two collections are equal, in their order; `None` where dates are not precise enough to
/// tell, or one is empty.
pub(super) fn equal(one: &[Value<'_>], other: &[Value<'_>]) -> Option<bool> {
    if one.is_empty() || other.is_empty() {
        return None;
    }
    if one.len() != other.len() {
        return Some(false);
    }
    let mut all = Some(true);
    for (one, other) in one.iter().zip(other) {
        match same(one, other) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

/// Whether two values are equal; `None` where dates are not precise enough to tell.
pub(super) fn same(one: &Value<'_>, other: &Value<'_>) -> Option<bool> {
    let (one, other) = (one.plain(), other.plain());
    match (one.as_ref(), other.as_ref()) {
        (Value::Element(one), Value::Element(other)) => Some(key_of(one) == key_of(other)),
        (Value::Temporal(one), Value::Temporal(other)) => match one.0.compare(&other.0) {
            Some(order) => Some(order == Ordering::Equal),
            None if one.0.is_as_precise_as(&other.0) => Some(false),
            None => None,
        },
        (Value::Quantity(one), Value::Quantity(other)) => {
            is_same_unit(one, other).then_some(one.value == other.value)
        }
        (Value::Boolean(one), Value::Boolean(other)) => Some(one == other),
        (Value::Text(one), Value::Text(other)) => Some(one == other),
        (one, other) => match (one.number(), other.number()) {
            (Some(one), Some(other)) => Some(one == other),
            _ => Some(false),
        },
    }
}

/// Whether two collections say the same, whatever their order, their case and their spaces.
pub(super) fn equivalent(one: &[Value<'_>], other: &[Value<'_>]) -> bool {
    let has_match = |value: &Value<'_>| other.iter().any(|other| alike(value, other));
    one.len() == other.len() && one.iter().all(has_match)
}

fn alike(one: &Value<'_>, other: &Value<'_>) -> bool {
    match (one.plain().as_ref(), other.plain().as_ref()) {
        (Value::Text(one), Value::Text(other)) => {
            let folded = |text: &str| {
                let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
                words.join(" ")
            };
            folded(one) == folded(other)
        }
        _ => same(one, other) == Some(true),
    }
}

/// Which of two values comes first; `None` where that cannot be told.
pub(super) fn order(one: &Value<'_>, other: &Value<'_>) -> Result<Option<Ordering>, Fault> {
    let (one, other) = (one.plain(), other.plain());
    Ok(match (one.as_ref(), other.as_ref()) {
        (Value::Temporal(one), Value::Temporal(other)) => one.0.compare(&other.0),
        (Value::Quantity(one), Value::Quantity(other)) if is_same_unit(one, other) => {
            one.value.partial_cmp(&other.value)
        }
        (Value::Quantity(_), Value::Quantity(_)) => None,
        (Value::Text(one), Value::Text(other)) => Some(one.cmp(other)),
        // What has nothing but extensions has no place in an order.
        (Value::Element(element), _) | (_, Value::Element(element)) if has_no_value(element) => {
            None
        }
        (one, other) => match (one.number(), other.number()) {
            (Some(one), Some(other)) => one.partial_cmp(&other),
            _ => return Err(Fault::Unfit("a comparison")),
        },
    })
}

fn has_no_value(element: &super::Element<'_>) -> bool {
    element.is_absent() || super::types::is_a(element.of(), "Quantity")
}

fn is_same_unit(one: &Quantity, other: &Quantity) -> bool {
    one.unit == other.unit
}

/// The values without those that are equal to an earlier one.
pub(super) fn distinct<'d>(
    values: Collection<'d>,
    steps: &mut Steps,
) -> Result<Collection<'d>, Fault> {
    let mut seen = HashSet::new();
    let mut kept: Collection<'d> = Vec::with_capacity(values.len());
    for value in values {
        steps.spend(1)?;
        if seen.insert(value_key(&value)) {
            kept.push(value);
        }
    }
    Ok(kept)
}

/// The keys of values, by which they can be looked up.
pub(super) fn keys(values: &[Value<'_>]) -> HashSet<String> {
    values.iter().map(value_key).collect()
}

/// A text that is the same for equal values and for no others.
pub(super) fn value_key(value: &Value<'_>) -> String {
    match value.plain().as_ref() {
        Value::Element(element) => key_of(element),
        Value::Boolean(truth) => format!("b{truth}"),
        Value::Integer(whole) => format!("n{}", *whole as f64),
        Value::Decimal(number) => format!("n{number}"),
        Value::Text(text) => format!("s{text}"),
        Value::Temporal(moment) => format!("t{}", moment.0.key()),
        Value::Quantity(quantity) => format!("q{} {}", quantity.value, quantity.unit),
    }
}

/// The same of an element and all below it, whatever the order of its members.
fn key_of(element: &super::Element<'_>) -> String {
    let mut parts: Vec<String> = Vec::new();
    for child in element.placed() {
        let key = value_key(&Value::Element(child.element));
        parts.push(format!("{}={key}", child.key));
    }
    if !element.is_primitive() {
        // Members may stand in any order, items of one name may not.
        parts.sort_by(|one, other| name_of(one).cmp(name_of(other)));
    }
    let own = element.written().unwrap_or_default();
    format!("{{{own}{}}}", parts.join("\u{1f}"))
}

fn name_of(part: &str) -> &str {
    part.split_once('=').map_or(part, |(name, _)| name)
}
