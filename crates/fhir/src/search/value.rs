//! One parameter's value: escapes, alternatives, and what each kind compares.

use std::borrow::Cow;

use super::filter::{
    DateTerm, Near, Prefix, ReferenceTerm, Term, TextMode, TokenTerm, UriMode, bad_modifier,
};
use super::number::{number, quantity};
use super::table::{Composite, SearchParam};
use super::{DateRange, ParamKind, fold};
use crate::definitions::{code_system, value_set};
use crate::document::is_id;
use crate::index;
use crate::outcome::{Issue, IssueCode};
use crate::references::{ReferenceKind, classify};

/// The mean radius of the Earth, in metres.
const EARTH: f64 = 6_371_008.8;

/// Reads the alternatives of a parameter with its modifier.
pub(super) fn terms(
    param: &SearchParam,
    modifier: Option<&str>,
    value: &str,
) -> Result<Vec<Term>, Issue> {
    let name = param.name;
    let each = |read: &dyn Fn(&str) -> Result<Term, Issue>| {
        split(value, ',').iter().map(|term| read(term)).collect()
    };
    match (param.kind, modifier) {
        (ParamKind::Token, None | Some("not")) => each(&|term| Ok(Term::Token(token(term)))),
        (ParamKind::Token, Some("text")) => each(&|term| Ok(Term::Label(fold(&unescape(term))))),
        (ParamKind::Token, Some("of-type")) => each(&|term| of_type(name, term)),
        (ParamKind::Token, Some("in" | "not-in")) => in_value_set(name, value),
        (ParamKind::Token, Some("above")) => related(name, value, true),
        (ParamKind::Token, Some("below")) => related(name, value, false),
        (ParamKind::Date, None) => each(&|term| Ok(Term::Date(date(name, term)?))),
        (ParamKind::Number, None) => each(&|term| Ok(Term::Quantity(number(name, term)?))),
        (ParamKind::Quantity, None) => each(&|term| Ok(Term::Quantity(quantity(name, term)?))),
        (ParamKind::String, None) => each(&|term| Ok(words(TextMode::Starts, term))),
        (ParamKind::String, Some("exact")) => each(&|term| Ok(words(TextMode::Exact, term))),
        (ParamKind::String, Some("contains")) => each(&|term| Ok(words(TextMode::Contains, term))),
        (ParamKind::Uri, None) => each(&|term| Ok(Term::Uri(UriMode::Exact, unescape(term)))),
        (ParamKind::Uri, Some("below")) => {
            each(&|term| Ok(Term::Uri(UriMode::Below, unescape(term))))
        }
        (ParamKind::Uri, Some("above")) => {
            each(&|term| Ok(Term::Uri(UriMode::Above, unescape(term))))
        }
        (ParamKind::Reference, Some("identifier")) => {
            each(&|term| Ok(Term::Identified(token(term))))
        }
        (ParamKind::Reference, modifier) => {
            let rtype = match modifier {
                None => only_target(param),
                Some(name) if crate::types::of(name).is_some() => modifier,
                Some(other) => return Err(bad_modifier(name, other)),
            };
            each(&|term| Ok(Term::Reference(reference(name, rtype, &unescape(term))?)))
        }
        (ParamKind::Composite, None) => each(&|term| together(param, term)),
        (ParamKind::Special, None) => each(&|term| near(name, term)),
        (_, Some(other)) => Err(bad_modifier(name, other)),
    }
}

/// The type of a reference that is named by its id alone, where there is only one.
fn only_target(param: &SearchParam) -> Option<&'static str> {
    match param.targets.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// Reads the ids of `_id`.
pub(super) fn ids(value: &str) -> Result<Vec<String>, Issue> {
    let terms = split(value, ',');
    match terms.iter().find(|id| !is_id(id)) {
        Some(bad) => Err(bad_value("_id", "ids", bad)),
        None => Ok(terms.into_iter().map(Cow::into_owned).collect()),
    }
}

/// Reads `true` or `false`.
pub(super) fn missing(name: &str, value: &str) -> Result<bool, Issue> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(bad_value(name, "true or false", value)),
    }
}

/// Reads dates with their prefixes.
pub(super) fn dates(name: &str, value: &str) -> Result<Vec<DateTerm>, Issue> {
    let terms = split(value, ',');
    terms.iter().map(|term| date(name, term)).collect()
}

fn token(term: &str) -> TokenTerm {
    let parts = split(term, '|');
    match parts.as_slice() {
        [system, code] => TokenTerm {
            system: Some(Some(unescape(system)).filter(|system| !system.is_empty())),
            code: Some(unescape(code)).filter(|code| !code.is_empty()),
        },
        _ => TokenTerm {
            system: None,
            code: Some(unescape(term)),
        },
    }
}

/// `type-system|type-code|value`.
fn of_type(name: &str, term: &str) -> Result<Term, Issue> {
    let parts = split(term, '|');
    match parts.as_slice() {
        [system, code, value] => Ok(Term::OfType(TokenTerm {
            system: Some(Some(unescape(system)).filter(|system| !system.is_empty())),
            code: Some(index::of_type(&unescape(code), &unescape(value))),
        })),
        _ => Err(bad_value(name, "type-system|type-code|value", term)),
    }
}

/// The codes of a value set that is shipped.
fn in_value_set(name: &str, value: &str) -> Result<Vec<Term>, Issue> {
    let Some(set) = value_set(&unescape(value)) else {
        let details = format!("the search parameter {name} names a value set that is not shipped");
        let issue = Issue::error(IssueCode::NotSupported, details);
        return Err(issue.at(name).found(value));
    };
    Ok(set
        .codes()
        .map(|(system, concept)| coded(Some(system), concept.code))
        .collect())
}

/// The codes above or below one of a code system that is shipped, that one included.
fn related(name: &str, value: &str, broader: bool) -> Result<Vec<Term>, Issue> {
    let mut terms = Vec::new();
    for term in split(value, ',') {
        let TokenTerm { system, code } = token(&term);
        let (Some(Some(url)), Some(code)) = (system, code) else {
            return Err(bad_value(name, "a code with its system", &term));
        };
        let Some(system) = code_system(&url) else {
            let details =
                format!("the search parameter {name} names a code system that is not shipped");
            let issue = Issue::error(IssueCode::NotSupported, details);
            return Err(issue.at(name).found(&term));
        };
        let codes = system.related(&code, broader);
        terms.extend(codes.into_iter().map(|code| coded(Some(&url), code)));
    }
    Ok(terms)
}

fn coded(system: Option<&str>, code: &str) -> Term {
    Term::Token(TokenTerm {
        system: Some(system.map(str::to_owned)),
        code: Some(code.to_owned()),
    })
}

fn words(mode: TextMode, term: &str) -> Term {
    let text = unescape(term);
    Term::Text(
        mode,
        match mode {
            TextMode::Exact => text,
            _ => fold(&text),
        },
    )
}

fn date(name: &str, term: &str) -> Result<DateTerm, Issue> {
    let (prefix, date) = Prefix::split(term);
    // A '+' before the zone that was not percent-encoded arrives as a space.
    let date = date.replace(' ', "+");
    let range = DateRange::parse(&date)
        .ok_or_else(|| bad_value(name, "a date such as ge2027-01-11", term))?;
    Ok(DateTerm { prefix, range })
}

fn reference(name: &str, rtype: Option<&str>, term: &str) -> Result<ReferenceTerm, Issue> {
    let of_type = |found: &str| rtype.is_none_or(|wanted| wanted == found);
    match classify(Cow::Borrowed(term)) {
        ReferenceKind::Literal { rtype, id, .. } if of_type(rtype) => {
            Ok((Some(rtype.to_owned()), id.into_owned()))
        }
        ReferenceKind::Absolute { .. } | ReferenceKind::Urn => {
            Ok((Some(String::new()), term.to_owned()))
        }
        ReferenceKind::Malformed if is_id(term) => Ok((rtype.map(str::to_owned), term.to_owned())),
        _ => Err(bad_value(name, "a reference such as Patient/p1", term)),
    }
}

/// `code$value`, with a part for each part of the parameter.
fn together(param: &SearchParam, term: &str) -> Result<Term, Issue> {
    let values = split(term, '$');
    let parts = param.composites.first().map_or(&[][..], Composite::parts);
    if values.len() != parts.len() {
        let expected = "its parts with a $ between them";
        return Err(bad_value(param.name, expected, term));
    }
    let read = |(kind, value): (ParamKind, &Cow<'_, str>)| {
        let name = param.name;
        Ok(match kind {
            ParamKind::Token => Term::Token(token(value)),
            ParamKind::Date => Term::Date(date(name, value)?),
            ParamKind::Number => Term::Quantity(number(name, value)?),
            ParamKind::Quantity => Term::Quantity(quantity(name, value)?),
            ParamKind::Reference => Term::Reference(reference(name, None, &unescape(value))?),
            _ => words(TextMode::Starts, value),
        })
    };
    let kinds = parts.iter().map(|part| part.kind);
    let terms: Result<_, Issue> = kinds.zip(&values).map(read).collect();
    Ok(Term::Together(terms?))
}

/// `latitude|longitude|distance|unit`; without a distance 10 km, without a unit kilometres.
fn near(name: &str, term: &str) -> Result<Term, Issue> {
    let expected = "latitude|longitude|distance|km";
    let wrong = || bad_value(name, expected, term);
    let parts = split(term, '|');
    let part = |place: usize| parts.get(place).map_or("", |part| part.as_ref());
    let number = |place: usize, usual: Option<f64>| match (part(place), usual) {
        ("", Some(usual)) => Ok(usual),
        (text, _) => text.parse::<f64>().map_err(|_| wrong()),
    };
    let metres = match part(3) {
        "" | "km" => 1000.0,
        "m" => 1.0,
        "[mi_us]" | "mi" => 1609.344,
        _ => return Err(wrong()),
    };
    let (latitude, longitude) = (number(0, None)?, number(1, None)?);
    let distance = number(2, Some(10.0))? * metres;
    let is_on_earth = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    if !is_on_earth || !(0.0..=EARTH * std::f64::consts::PI).contains(&distance) || parts.len() > 4
    {
        return Err(wrong());
    }
    let half_chord = (distance / EARTH / 2.0).sin();
    Ok(Term::Near(Near {
        point: index::on_ball(latitude.to_radians(), longitude.to_radians()),
        reach_squared: 4.0 * half_chord * half_chord,
    }))
}

/// Splits at a separator that no backslash stands before.
pub(super) fn split(value: &str, separator: char) -> Vec<Cow<'_, str>> {
    let mut parts = Vec::new();
    let (mut start, mut is_escaped) = (0, false);
    for (place, letter) in value.char_indices() {
        if letter == separator && !is_escaped {
            parts.push(Cow::Borrowed(value.get(start..place).unwrap_or_default()));
            start = place + letter.len_utf8();
        }
        is_escaped = letter == '\\' && !is_escaped;
    }
    parts.push(Cow::Borrowed(value.get(start..).unwrap_or_default()));
    parts
}

/// Takes out the backslashes of `\,` `\|` `\$` and `\\`.
pub(super) fn unescape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut letters = value.chars().peekable();
    while let Some(letter) = letters.next() {
        let escapes = letter == '\\' && matches!(letters.peek(), Some(',' | '|' | '$' | '\\'));
        out.push(if escapes {
            letters.next().unwrap_or(letter)
        } else {
            letter
        });
    }
    out
}

pub(super) fn bad_value(name: &str, expected: &str, found: &str) -> Issue {
    Issue::error(
        IssueCode::Value,
        format!("the search parameter {name} expects {expected}"),
    )
    .at(name)
    .found(found)
}
