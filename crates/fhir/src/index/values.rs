//! What each type of value is found by (<https://hl7.org/fhir/R4/search.html#ptypes>).

use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Aspect, IndexKey, IndexValue};
use crate::document::Node;
use crate::references::{ReferenceKind, classify};
use crate::search::{DateRange, ParamKind, fold};

/// Takes a value in.
type Add<'a> = dyn FnMut(Aspect, IndexKey) + 'a;

/// Reads every key of a value of type `of`.
pub(super) fn read(kind: ParamKind, of: &str, node: Node<'_>, add: &mut Add<'_>) {
    match kind {
        ParamKind::Token => tokens(of, node, add),
        ParamKind::String => texts(of, node, add),
        // Words about a time are not compared with one.
        ParamKind::Date if of == "string" => {}
        ParamKind::Date => {
            if let Some(DateRange { from_us, to_us }) = DateRange::read(node) {
                add(Aspect::Value, IndexKey::Date { from_us, to_us });
            }
        }
        ParamKind::Reference => reference(of, node, add),
        ParamKind::Uri => uri(node, add),
        ParamKind::Number | ParamKind::Quantity => quantity(of, node, add),
        ParamKind::Special => position(node, add),
        ParamKind::Composite => {}
    }
}

/// Tells values apart; equal values have equal digests.
pub(super) fn digest(value: &IndexValue) -> u64 {
    let mut digest = DefaultHasher::new();
    (value.path, value.aspect, value.item).hash(&mut digest);
    match &value.key {
        IndexKey::Token { system, code } => (0, system, code).hash(&mut digest),
        IndexKey::Text { exact, .. } => (1, exact).hash(&mut digest),
        IndexKey::Date { from_us, to_us } => (2, from_us, to_us).hash(&mut digest),
        IndexKey::Reference { rtype, id } => (3, rtype, id).hash(&mut digest),
        IndexKey::Uri(uri) => (4, uri).hash(&mut digest),
        IndexKey::Quantity {
            low,
            high,
            system,
            code,
        } => (5, low.to_bits(), high.to_bits(), system, code).hash(&mut digest),
    }
    digest.finish()
}

fn tokens(of: &str, node: Node<'_>, add: &mut Add<'_>) {
    match of {
        "boolean" => {
            if node.as_bool().is_some() {
                add(Aspect::Value, token("", node.raw()));
            }
        }
        // That there is one is what is asked.
        "exists" => add(Aspect::Value, token("", "true")),
        "Coding" => coding(node, add),
        "CodeableConcept" => {
            node.each("coding", &mut |one| coding(one, add));
            label(node.text_at("text").as_deref(), add);
        }
        "Identifier" => identifier(node, add),
        // A ContactPoint's system says phone or email; it is not part of the token.
        "ContactPoint" => {
            if let Some(value) = node.text_at("value") {
                add(Aspect::Value, token("", &value));
            }
        }
        _ => {
            if let Some(code) = node.as_str() {
                add(Aspect::Value, token("", &code));
            }
        }
    }
}

fn token(system: &str, code: &str) -> IndexKey {
    IndexKey::Token {
        system: system.to_owned(),
        code: code.to_owned(),
    }
}

fn coding(node: Node<'_>, add: &mut Add<'_>) {
    if let Some(code) = node.text_at("code") {
        let system = node.text_at("system").unwrap_or_default();
        add(Aspect::Value, token(&system, &code));
    }
    label(node.text_at("display").as_deref(), add);
}

fn label(words: Option<&str>, add: &mut Add<'_>) {
    if let Some(words) = words {
        add(Aspect::Label, text(words));
    }
}

/// An identifier by its value, and by the codes of its type where it has one.
fn identifier(node: Node<'_>, add: &mut Add<'_>) {
    let Some(value) = node.text_at("value") else {
        return;
    };
    let system = node.text_at("system").unwrap_or_default();
    add(Aspect::Value, token(&system, &value));
    node.each("type.coding", &mut |coding| {
        if let Some(code) = coding.text_at("code") {
            let system = coding.text_at("system").unwrap_or_default();
            add(Aspect::OfType, token(&system, &of_type(&code, &value)));
        }
    });
    label(node.text_at("type.text").as_deref(), add);
}

/// How an identifier and the code of its type are kept together.
#[must_use]
pub(crate) fn of_type(code: &str, value: &str) -> String {
    format!("{code}|{value}")
}

/// The words of a string, or of every part of a HumanName or Address.
fn texts(of: &str, node: Node<'_>, add: &mut Add<'_>) {
    const NAME: [&str; 5] = ["text", "family", "given", "prefix", "suffix"];
    const ADDRESS: [&str; 7] = [
        "text",
        "line",
        "city",
        "district",
        "state",
        "postalCode",
        "country",
    ];
    let mut words = |node: Node<'_>| {
        if let Some(words) = node.as_str() {
            add(Aspect::Value, text(&words));
        }
    };
    match of {
        "HumanName" => NAME.iter().for_each(|part| node.each(part, &mut words)),
        "Address" => ADDRESS.iter().for_each(|part| node.each(part, &mut words)),
        _ => words(node),
    }
}

fn text(words: &str) -> IndexKey {
    IndexKey::Text {
        folded: fold(words),
        exact: words.to_owned(),
    }
}

fn reference(of: &str, node: Node<'_>, add: &mut Add<'_>) {
    if of == "Resource" {
        if let (Some(rtype), Some(id)) = (node.text_at("resourceType"), node.text_at("id")) {
            add(Aspect::Value, pointing_at(&rtype, &id));
        }
        return;
    }
    if let Some(canonical) = node.as_str() {
        each_spelling(&canonical, &mut |url| {
            let (rtype, id) = match classify(url.into()) {
                ReferenceKind::Literal { rtype, id, .. } => (rtype, id.into_owned()),
                _ => ("", url.to_owned()),
            };
            add(Aspect::Value, pointing_at(rtype, &id));
        });
        return;
    }
    if let Some(identifier) = node.member("identifier")
        && let Some(value) = identifier.text_at("value")
    {
        let system = identifier.text_at("system").unwrap_or_default();
        add(Aspect::Identifier, token(&system, &value));
    }
    let Some(text) = node.text_at("reference") else {
        return;
    };
    match classify(text.clone()) {
        ReferenceKind::Literal { rtype, id, .. } => add(Aspect::Value, pointing_at(rtype, &id)),
        ReferenceKind::Absolute { .. } | ReferenceKind::Urn => {
            add(Aspect::Value, pointing_at("", &text));
        }
        _ => {}
    }
}

fn pointing_at(rtype: &str, id: &str) -> IndexKey {
    IndexKey::Reference {
        rtype: rtype.to_owned(),
        id: id.to_owned(),
    }
}

/// A canonical URL is found with its version and without.
fn each_spelling(canonical: &str, visit: &mut dyn FnMut(&str)) {
    visit(canonical);
    if let Some((bare, _)) = canonical.split_once('|') {
        visit(bare);
    }
}

fn uri(node: Node<'_>, add: &mut Add<'_>) {
    if let Some(uri) = node.as_str() {
        each_spelling(&uri, &mut |uri| {
            add(Aspect::Value, IndexKey::Uri(uri.to_owned()));
        });
    }
}

/// A number, a quantity with its unit in code and words, an amount of money, or a range.
fn quantity(of: &str, node: Node<'_>, add: &mut Add<'_>) {
    if of == "Range" {
        let (low, high) = (node.member("low"), node.member("high"));
        let ends = (low.and_then(value), high.and_then(value));
        if ends == (None, None) {
            return;
        }
        let low_end = ends.0.unwrap_or(f64::NEG_INFINITY);
        let high_end = ends.1.unwrap_or(f64::INFINITY);
        if let Some(unit) = low.or(high) {
            each_unit(unit, &mut |system, code| {
                add(Aspect::Value, range(low_end, high_end, system, code));
            });
        }
        return;
    }
    let Some(number) = value(node) else {
        return;
    };
    let (low, high) = match node.text_at("comparator").as_deref() {
        Some("<" | "<=") => (f64::NEG_INFINITY, number),
        Some(">" | ">=") => (number, f64::INFINITY),
        _ => (number, number),
    };
    if of == "Money" || of == "MoneyQuantity" && node.member("currency").is_some() {
        let currency = node.text_at("currency").unwrap_or_default();
        add(
            Aspect::Value,
            range(low, high, "urn:iso:std:iso:4217", &currency),
        );
        return;
    }
    each_unit(node, &mut |system, code| {
        add(Aspect::Value, range(low, high, system, code));
    });
}

/// The number itself, or the value of a quantity.
fn value(node: Node<'_>) -> Option<f64> {
    let number = node.member("value").unwrap_or(node);
    let is_number = number.kind() == crate::document::Kind::Number;
    let value: f64 = number.raw().parse().ok()?;
    (is_number && value.is_finite()).then_some(value)
}

/// A unit's code with its system, then its words if they differ; once with neither if it has none.
fn each_unit(node: Node<'_>, visit: &mut dyn FnMut(&str, &str)) {
    let code = node.text_at("code");
    let words = node
        .text_at("unit")
        .filter(|unit| code.as_ref() != Some(unit));
    match (&code, &words) {
        (None, None) => visit("", ""),
        _ => {
            if let Some(code) = &code {
                visit(&node.text_at("system").unwrap_or_default(), code);
            }
            if let Some(words) = &words {
                visit("", words);
            }
        }
    }
}

fn range(low: f64, high: f64, system: &str, code: &str) -> IndexKey {
    IndexKey::Quantity {
        low,
        high,
        system: system.to_owned(),
        code: code.to_owned(),
    }
}

/// A place on the Earth as a point on a ball of radius 1: how far two lie apart can then be
/// compared by adding and multiplying alone.
fn position(node: Node<'_>, add: &mut Add<'_>) {
    let angle = |name: &str| node.member(name).and_then(value).map(f64::to_radians);
    let (Some(latitude), Some(longitude)) = (angle("latitude"), angle("longitude")) else {
        return;
    };
    for (axis, along) in ["x", "y", "z"].iter().zip(on_ball(latitude, longitude)) {
        add(Aspect::Value, range(along, along, "", axis));
    }
}

/// The point of a latitude and longitude, both in radians.
#[must_use]
pub(crate) fn on_ball(latitude: f64, longitude: f64) -> [f64; 3] {
    [
        latitude.cos() * longitude.cos(),
        latitude.cos() * longitude.sin(),
        latitude.sin(),
    ]
}
