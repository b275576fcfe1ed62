//! Which type is which, and which is a kind of another
//! (<https://hl7.org/fhir/R4/fhirpath.html#types>).

use super::ast::TypeName;
use super::temporal::Kind;
use super::value::Value;
use crate::definitions::definition_of;

/// Whether a type of FHIR is primitive.
pub(super) fn is_primitive(of: &str) -> bool {
    of.starts_with(|first: char| first.is_ascii_lowercase())
}

/// Whether values of a primitive type are dates or times.
pub(super) fn is_temporal(of: &str) -> bool {
    matches!(of, "date" | "dateTime" | "instant" | "time")
}

/// What a type of FHIR is a kind of.
fn parent(of: &str) -> Option<&'static str> {
    Some(match of {
        "code" | "id" | "markdown" => "string",
        "url" | "canonical" | "uuid" | "oid" => "uri",
        "unsignedInt" | "positiveInt" => "integer",
        "Age" | "Count" | "Distance" | "Duration" | "MoneyQuantity" | "SimpleQuantity" => {
            "Quantity"
        }
        "Timing" | "Dosage" | "ElementDefinition" | "MarketingStatus" | "Population"
        | "ProdCharacteristic" | "ProductShelfLife" | "SubstanceAmount" => "BackboneElement",
        "BackboneElement" => "Element",
        "Bundle" | "Binary" | "Parameters" | "DomainResource" => "Resource",
        "Element" | "Resource" => return None,
        of if crate::types::of(of).is_some() => "DomainResource",
        of if of.contains('.') => "BackboneElement",
        of if is_primitive(of) || definition_of(of).is_some() => "Element",
        _ => return None,
    })
}

/// Whether a type of FHIR is another or a kind of it.
pub(super) fn is_a(of: &str, other: &str) -> bool {
    of == other || parent(of).is_some_and(|parent| is_a(parent, other))
}

/// Whether a value is of a type.
pub(super) fn is_of(value: &Value<'_>, wanted: &TypeName) -> bool {
    let is_in = |space: &str| {
        wanted
            .namespace
            .as_deref()
            .is_none_or(|named| named == space)
    };
    match value {
        Value::Element(element) => is_in("FHIR") && is_a(element.of(), &wanted.name),
        other => is_in("System") && system_name(other) == wanted.name,
    }
}

fn system_name(value: &Value<'_>) -> &'static str {
    match value {
        Value::Element(_) => "",
        Value::Boolean(_) => "Boolean",
        Value::Integer(_) => "Integer",
        Value::Decimal(_) => "Decimal",
        Value::Text(_) => "String",
        Value::Quantity(_) => "Quantity",
        Value::Temporal(moment) => match moment.0.kind {
            Kind::Date => "Date",
            Kind::DateTime => "DateTime",
            Kind::Time => "Time",
        },
    }
}

/// Whether there is such a type, of FHIR or of FHIRPath itself.
pub(super) fn is_known(name: &TypeName) -> bool {
    const SYSTEM: [&str; 8] = [
        "Boolean", "Integer", "Decimal", "String", "Date", "DateTime", "Time", "Quantity",
    ];
    let is_in = |space: &str| name.namespace.as_deref().is_none_or(|named| named == space);
    let is_fhir =
        parent(&name.name).is_some() || matches!(name.name.as_str(), "Element" | "Resource");
    (is_in("System") && SYSTEM.contains(&name.name.as_str())) || (is_in("FHIR") && is_fhir)
}
