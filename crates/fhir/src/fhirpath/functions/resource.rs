//! What FHIR adds to FHIRPath (<https://hl7.org/fhir/R4/fhirpath.html#functions>).

use super::super::Fault;
use super::super::ast::Expr;
use super::super::element::Element;
use super::super::evaluate::{Environment, Evaluation};
use super::super::types;
use super::super::value::{Collection, Value, of_truth, single, text_of};
use super::markup;
use super::{Function, arg};
use crate::definitions::value_set;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("hasValue", 0..=0, |_, input, _| {
        let has = match input {
            [Value::Element(element)] => element.written().is_some(),
            [_] => true,
            _ => false,
        };
        Ok(vec![Value::Boolean(has)])
    }),
    Function::new("getValue", 0..=0, |_, input, _| match input {
        [Value::Element(element)] => Ok(element.plain().into_iter().collect()),
        [one] => Ok(vec![one.clone()]),
        _ => Ok(Vec::new()),
    }),
    Function::new("extension", 1..=1, extension),
    Function::new("resolve", 0..=0, |evaluation, input, _| {
        let environment = evaluation.environment;
        let found = input
            .iter()
            .filter_map(|value| resolved(value, &environment));
        Ok(found.map(Value::Element).collect())
    }),
    Function::new("htmlChecks", 0..=0, |_, input, _| {
        let text = text_of(input, "htmlChecks")?;
        Ok(of_truth(text.map(|text| markup::is_plain(&text))))
    }),
    Function::new("memberOf", 1..=1, member_of),
    Function::new("conformsTo", 1..=1, conforms_to),
];

fn extension<'d>(
    evaluation: &mut Evaluation<'d, '_>,
    input: &[Value<'d>],
    args: &'d [Expr],
) -> Result<Collection<'d>, Fault> {
    let wanted = evaluation.argument(arg(args, 0)?)?;
    let Some(wanted) = text_of(&wanted, "extension")? else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for value in input {
        if let Value::Element(element) = value {
            found.extend(element.named("extension").into_iter().filter(|one| {
                let url = one.named("url");
                url.iter()
                    .any(|url| url.text().as_deref() == Some(wanted.as_ref()))
            }));
        }
    }
    Ok(found.into_iter().map(Value::Element).collect())
}

/// What a reference or an address leads to: a contained resource, or another of the same Bundle.
/// Nothing else is looked up.
fn resolved<'d>(value: &Value<'d>, environment: &Environment<'d>) -> Option<Element<'d>> {
    let address = match value {
        Value::Element(element) if element.of() == "Reference" => {
            element.named("reference").first()?.text()?
        }
        other => other.text()?,
    };
    if let Some(id) = address.strip_prefix('#') {
        if id.is_empty() {
            return Some(environment.root);
        }
        let contained = environment.root.named("contained");
        let has_id = |one: &Element<'d>| {
            let own = one.named("id");
            own.iter().any(|own| own.text().as_deref() == Some(id))
        };
        return contained.into_iter().find(has_id);
    }
    let entries = environment.bundle?.named("entry");
    let is_meant = |entry: &&Element<'d>| {
        let urls = entry.named("fullUrl");
        let url = urls.first().and_then(Element::text);
        url.is_some_and(|url| {
            url == address
                || url
                    .strip_suffix(address.as_ref())
                    .is_some_and(|base| base.ends_with('/'))
        })
    };
    let entry = entries.iter().find(is_meant)?;
    entry.named("resource").into_iter().next()
}

/// Whether a code, a coding or a concept is of a value set that is shipped.
fn member_of<'d>(
    evaluation: &mut Evaluation<'d, '_>,
    input: &[Value<'d>],
    args: &'d [Expr],
) -> Result<Collection<'d>, Fault> {
    let url = evaluation.argument(arg(args, 0)?)?;
    let (Some(url), Some(one)) = (text_of(&url, "memberOf")?, single(input, "memberOf")?) else {
        return Ok(Vec::new());
    };
    let set = value_set(&url).ok_or_else(|| Fault::Unknown(format!("the value set {url}")))?;
    let has = |coding: &Element<'d>| {
        let part = |name| coding.named(name).first().and_then(Element::text);
        part("code").is_some_and(|code| set.has(part("system").as_deref(), &code))
    };
    let is_member = match one {
        Value::Element(element) => match element.of() {
            "CodeableConcept" => element.named("coding").iter().any(has),
            "Coding" | "Quantity" => has(element),
            _ => element.text().is_some_and(|code| set.has(None, &code)),
        },
        other => other.text().is_some_and(|code| set.has(None, &code)),
    };
    Ok(vec![Value::Boolean(is_member)])
}

/// Whether an element is of a type of FHIR; other profiles are not at hand here.
fn conforms_to<'d>(
    evaluation: &mut Evaluation<'d, '_>,
    input: &[Value<'d>],
    args: &'d [Expr],
) -> Result<Collection<'d>, Fault> {
    let url = evaluation.argument(arg(args, 0)?)?;
    let (Some(url), Some(one)) = (text_of(&url, "conformsTo")?, single(input, "conformsTo")?)
    else {
        return Ok(Vec::new());
    };
    let name = url.strip_prefix("http://hl7.org/fhir/StructureDefinition/");
    let name = name.filter(|name| crate::definitions::definition_of(name).is_some());
    let name = name.ok_or_else(|| Fault::Unknown(format!("the profile {url}")))?;
    let is_of = matches!(one, Value::Element(element) if types::is_a(element.of(), name));
    Ok(vec![Value::Boolean(is_of)])
}
