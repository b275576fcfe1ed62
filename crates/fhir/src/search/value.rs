//! One parameter's value: escapes, alternatives, prefixes, and what each kind compares.

use std::borrow::Cow;

use super::{DateRange, ParamKind, SearchParam, fold};
use crate::document::is_id;
use crate::outcome::{Issue, IssueCode};
use crate::references::{ReferenceKind, classify};

/// One condition that a resource must meet. Alternatives of a condition are "or", conditions
/// among themselves "and".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// The id is one of these.
    Id(Vec<String>),
    /// A code is one of these, or with `not` none of its codes is.
    Token {
        /// The parameter.
        param: &'static str,
        /// The codes.
        any_of: Vec<TokenTerm>,
        /// Whether `:not` was asked.
        not: bool,
    },
    /// A date compares with one of these.
    Date {
        /// The parameter.
        param: &'static str,
        /// The dates.
        any_of: Vec<DateTerm>,
    },
    /// Words match one of these.
    Text {
        /// The parameter.
        param: &'static str,
        /// How they are compared.
        mode: TextMode,
        /// The words: folded, except for [`TextMode::Exact`].
        any_of: Vec<String>,
    },
    /// A reference points at one of these.
    Reference {
        /// The parameter.
        param: &'static str,
        /// The targets.
        any_of: Vec<ReferenceTerm>,
    },
    /// A URI is one of these.
    Uri {
        /// The parameter.
        param: &'static str,
        /// The URIs.
        any_of: Vec<String>,
    },
    /// The element has no value (`true`) or has one.
    Missing {
        /// The parameter.
        param: &'static str,
        /// Whether it must be missing.
        missing: bool,
    },
}

/// A code to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenTerm {
    /// `None`: any system; `Some(None)`: no system; `Some(Some(_))`: this one.
    pub system: Option<Option<String>>,
    /// `None`: any code of the system.
    pub code: Option<String>,
}

/// How a date compares (<https://hl7.org/fhir/R4/search.html#prefix>). With the value asked for as
/// `q` and the resource's as `v`, both half-open ranges:
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefix {
    /// `v` lies within `q`.
    Eq,
    /// `v` does not lie within `q`.
    Ne,
    /// `v` goes on after `q`.
    Gt,
    /// `v` begins before `q`.
    Lt,
    /// `v` goes on after `q` or lies within it.
    Ge,
    /// `v` begins before `q` or lies within it.
    Le,
    /// `v` begins when `q` is over, or later.
    Sa,
    /// `v` is over when `q` begins, or earlier.
    Eb,
    /// `v` and `q` overlap.
    Ap,
}

impl Prefix {
    /// Whether the resource's range compares so with the range asked for.
    #[must_use]
    pub fn holds(self, v: DateRange, q: DateRange) -> bool {
        let within = q.from_us <= v.from_us && v.to_us <= q.to_us;
        match self {
            Self::Eq => within,
            Self::Ne => !within,
            Self::Gt => v.to_us > q.to_us,
            Self::Lt => v.from_us < q.from_us,
            Self::Ge => v.to_us > q.to_us || within,
            Self::Le => v.from_us < q.from_us || within,
            Self::Sa => v.from_us >= q.to_us,
            Self::Eb => v.to_us <= q.from_us,
            Self::Ap => v.from_us < q.to_us && q.from_us < v.to_us,
        }
    }
}

/// A date to compare with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateTerm {
    /// How.
    pub prefix: Prefix,
    /// With what.
    pub range: DateRange,
}

/// How words are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextMode {
    /// Folded, from the start.
    Starts,
    /// As written, whole.
    Exact,
    /// Folded, anywhere.
    Contains,
}

/// A resource to point at: its type if known, and its id; for a resource elsewhere the empty type
/// and its URL.
pub type ReferenceTerm = (Option<String>, String);

/// Reads the value of a parameter with its modifier.
pub(super) fn filter(
    param: &'static SearchParam,
    modifier: Option<&str>,
    value: &str,
) -> Result<Filter, Issue> {
    let name = param.name;
    if modifier == Some("missing") {
        let missing = match value {
            "true" => true,
            "false" => false,
            _ => return Err(bad_value(name, "true or false", value)),
        };
        return Ok(Filter::Missing {
            param: name,
            missing,
        });
    }
    let terms = split(value, ',');
    if terms.iter().any(|term| term.is_empty()) {
        return Err(bad_value(name, "a value", value));
    }
    match (param.kind, modifier) {
        (ParamKind::Token, None | Some("not")) => Ok(Filter::Token {
            param: name,
            any_of: terms.iter().map(|term| token(term)).collect(),
            not: modifier.is_some(),
        }),
        (ParamKind::Date, None) => {
            let any_of = terms
                .iter()
                .map(|term| date(name, term))
                .collect::<Result<_, _>>()?;
            Ok(Filter::Date {
                param: name,
                any_of,
            })
        }
        (ParamKind::String, modifier) => {
            let mode = match modifier {
                None => TextMode::Starts,
                Some("exact") => TextMode::Exact,
                Some("contains") => TextMode::Contains,
                Some(other) => return Err(bad_modifier(name, other)),
            };
            let words = |term: &Cow<'_, str>| match mode {
                TextMode::Exact => unescape(term),
                _ => fold(&unescape(term)),
            };
            Ok(Filter::Text {
                param: name,
                mode,
                any_of: terms.iter().map(words).collect(),
            })
        }
        (ParamKind::Uri, None) => Ok(Filter::Uri {
            param: name,
            any_of: terms.iter().map(|term| unescape(term)).collect(),
        }),
        (ParamKind::Reference, modifier) => {
            let rtype = match modifier {
                None => param.target,
                Some(name) if crate::types::of(name).is_some() => modifier,
                Some(other) => return Err(bad_modifier(name, other)),
            };
            let read = |term: &Cow<'_, str>| reference(name, rtype, &unescape(term));
            let any_of = terms.iter().map(read).collect::<Result<_, _>>()?;
            Ok(Filter::Reference {
                param: name,
                any_of,
            })
        }
        (_, Some(other)) => Err(bad_modifier(name, other)),
    }
}

/// Reads the ids of `_id`.
pub(super) fn ids(value: &str) -> Result<Filter, Issue> {
    let terms = split(value, ',');
    match terms.iter().find(|id| !is_id(id)) {
        Some(bad) => Err(bad_value("_id", "ids", bad)),
        None => Ok(Filter::Id(terms.into_iter().map(Cow::into_owned).collect())),
    }
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

fn date(name: &str, term: &str) -> Result<DateTerm, Issue> {
    let (prefix, date) = match term.split_at_checked(2) {
        Some(("eq", date)) => (Prefix::Eq, date),
        Some(("ne", date)) => (Prefix::Ne, date),
        Some(("gt", date)) => (Prefix::Gt, date),
        Some(("lt", date)) => (Prefix::Lt, date),
        Some(("ge", date)) => (Prefix::Ge, date),
        Some(("le", date)) => (Prefix::Le, date),
        Some(("sa", date)) => (Prefix::Sa, date),
        Some(("eb", date)) => (Prefix::Eb, date),
        Some(("ap", date)) => (Prefix::Ap, date),
        _ => (Prefix::Eq, term),
    };
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
fn unescape(value: &str) -> String {
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

fn bad_value(name: &str, expected: &str, found: &str) -> Issue {
    Issue::error(
        IssueCode::Value,
        format!("the search parameter {name} expects {expected}"),
    )
    .at(name)
    .found(found)
}

fn bad_modifier(name: &str, modifier: &str) -> Issue {
    let details = format!("the search parameter {name} has no such modifier");
    Issue::error(IssueCode::NotSupported, details)
        .at(name)
        .found(modifier)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_compare_ranges_as_fhir_says() {
        let day = |text: &str| DateRange::parse(text).unwrap();
        let holds = |prefix: Prefix, v: &str, q: &str| prefix.holds(day(v), day(q));
        assert!(holds(Prefix::Eq, "2027-01-11", "2027-01"));
        assert!(!holds(Prefix::Eq, "2027", "2027-01"));
        assert!(holds(Prefix::Ne, "2027", "2027-01"));
        assert!(
            holds(Prefix::Gt, "2027", "2027-01"),
            "it goes on after January"
        );
        assert!(!holds(Prefix::Gt, "2027-01-31", "2027-01"));
        assert!(holds(Prefix::Lt, "2027", "2027-02"));
        assert!(holds(Prefix::Ge, "2027-01-11", "2027-01-11"));
        assert!(!holds(Prefix::Ge, "2027-01-10", "2027-01-11"));
        assert!(holds(Prefix::Le, "2027-01-11", "2027-01"));
        assert!(!holds(Prefix::Le, "2027-02-01", "2027-01"));
        assert!(holds(Prefix::Sa, "2027-02-01", "2027-01"));
        assert!(!holds(Prefix::Sa, "2027-01-31", "2027-01"));
        assert!(holds(Prefix::Eb, "2026-12-31", "2027-01"));
        assert!(holds(Prefix::Ap, "2027", "2027-01") && !holds(Prefix::Ap, "2026", "2027-01"));
    }

    #[test]
    fn an_open_period_goes_on_after_every_date() {
        let since = DateRange {
            to_us: i64::MAX,
            ..DateRange::parse("2027").unwrap()
        };
        assert!(Prefix::Gt.holds(since, DateRange::parse("2050").unwrap()));
    }
}
