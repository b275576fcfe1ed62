//! Conditions: what a resource must meet to be found, and how each is read from a query.

use super::table::{SearchParam, param_of};
use super::value::{dates, ids, missing, terms};
use super::{DateRange, ParamKind, QuantityTerm};
use crate::outcome::{Issue, IssueCode};
use crate::types;

/// How many chains and reverse chains may stand inside one another.
const DEEPEST_CHAIN: usize = 4;

/// One condition that a resource must meet. Alternatives of a condition are "or", conditions
/// among themselves "and".
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// The id is one of these.
    Id(Vec<String>),
    /// The current version is of one of these times.
    Updated(Vec<DateTerm>),
    /// A value compares with one of these, or with `not` none does.
    Value {
        /// The parameter.
        param: &'static SearchParam,
        /// With what.
        any_of: Vec<Term>,
        /// Whether `:not` or `:not-in` was asked.
        not: bool,
    },
    /// The element has no value (`true`) or has one.
    Missing {
        /// The parameter.
        param: &'static SearchParam,
        /// Whether it must be missing.
        missing: bool,
    },
    /// It refers to a resource that meets the condition for its type.
    Chain {
        /// The parameter that refers.
        param: &'static SearchParam,
        /// For each type that it may refer to, the condition.
        any_of: Vec<(&'static str, Filter)>,
    },
    /// A resource refers to it that meets a condition (`_has`).
    Has {
        /// The type of the resource that refers.
        rtype: &'static str,
        /// The parameter by which it refers.
        param: &'static SearchParam,
        /// The condition that it must meet.
        filter: Box<Filter>,
    },
}

/// What a value is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Term {
    /// A code.
    Token(TokenTerm),
    /// The words of a code's text or display (`:text`), folded.
    Label(String),
    /// An identifier of a type (`:of-type`): the type's system, and its code with the value.
    OfType(TokenTerm),
    /// A date.
    Date(DateTerm),
    /// Words.
    Text(TextMode, String),
    /// Another resource.
    Reference(ReferenceTerm),
    /// Another resource by an identifier in the reference (`:identifier`).
    Identified(TokenTerm),
    /// A number, perhaps with its unit.
    Quantity(QuantityTerm),
    /// A URI.
    Uri(UriMode, String),
    /// Near a place on the Earth.
    Near(Near),
    /// Values that belong together, one for each part.
    Together(Vec<Term>),
}

/// A place and how far from it, on a ball of radius 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// The place.
    pub point: [f64; 3],
    /// The square of the longest straight line to what is near.
    pub reach_squared: f64,
}

/// A code to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenTerm {
    /// `None`: any system; `Some(None)`: no system; `Some(Some(_))`: this one.
    pub system: Option<Option<String>>,
    /// `None`: any code of the system.
    pub code: Option<String>,
}

/// How a date or number compares (<https://hl7.org/fhir/R4/search.html#prefix>). With the value
/// asked for as `q` and the resource's as `v`, both half-open ranges:
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
    /// Takes a prefix off what it stands before; none means [`Prefix::Eq`].
    #[must_use]
    pub fn split(text: &str) -> (Self, &str) {
        let Some((prefix, rest)) = text.split_at_checked(2) else {
            return (Self::Eq, text);
        };
        let prefix = match prefix {
            "eq" => Self::Eq,
            "ne" => Self::Ne,
            "gt" => Self::Gt,
            "lt" => Self::Lt,
            "ge" => Self::Ge,
            "le" => Self::Le,
            "sa" => Self::Sa,
            "eb" => Self::Eb,
            "ap" => Self::Ap,
            _ => return (Self::Eq, text),
        };
        (prefix, rest)
    }

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

/// How a URI is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UriMode {
    /// As written, whole.
    Exact,
    /// It is the one given, or below it (`:below`).
    Below,
    /// It is the one given, or above it (`:above`).
    Above,
}

/// A resource to point at: its type if known, and its id; for a resource elsewhere the empty type
/// and its URL.
pub type ReferenceTerm = (Option<String>, String);

/// Reads one condition of a resource type; `None` for a parameter that is not known.
///
/// # Errors
/// An [`Issue`] if the value cannot be read, or the parameter does not take the modifier.
pub fn filter_of(rtype: &str, name: &str, value: &str) -> Result<Option<Filter>, Issue> {
    read(rtype, name, value, 0)
}

fn read(rtype: &str, name: &str, value: &str, depth: usize) -> Result<Option<Filter>, Issue> {
    if depth > DEEPEST_CHAIN {
        let details = "chains are followed four deep";
        return Err(Issue::error(IssueCode::NotSupported, details).at(name));
    }
    if let Some(rest) = name.strip_prefix("_has:") {
        return has(rest, value, depth);
    }
    if let Some((link, rest)) = name.split_once('.') {
        return chain(rtype, link, rest, value, depth);
    }
    let (bare, modifier) = match name.split_once(':') {
        Some((bare, modifier)) => (bare, Some(modifier)),
        None => (name, None),
    };
    let Some(param) = param_of(rtype, bare) else {
        return Ok(None);
    };
    Ok(Some(match (param.name, modifier) {
        ("_id", None) => Filter::Id(ids(value)?),
        ("_lastUpdated", None) => Filter::Updated(dates(param.name, value)?),
        ("_id" | "_lastUpdated", Some(modifier)) => return Err(bad_modifier(bare, modifier)),
        (_, Some("missing")) => Filter::Missing {
            param,
            missing: missing(param.name, value)?,
        },
        (_, modifier) => Filter::Value {
            param,
            any_of: terms(param, modifier, value)?,
            not: matches!(modifier, Some("not" | "not-in")),
        },
    }))
}

/// `_has:Observation:patient:code`, after its first colon.
fn has(rest: &str, value: &str, depth: usize) -> Result<Option<Filter>, Issue> {
    let mut words = rest.splitn(3, ':');
    let (Some(rtype), Some(name), Some(rest)) = (words.next(), words.next(), words.next()) else {
        let details = "_has is written _has:Type:parameter-that-refers:parameter";
        return Err(Issue::error(IssueCode::Value, details).at("_has"));
    };
    let Some(facts) = types::of(rtype) else {
        return Ok(None);
    };
    let link = param_of(facts.name, name).filter(|param| param.kind == ParamKind::Reference);
    let Some(param) = link else {
        return Ok(None);
    };
    let filter = read(facts.name, rest, value, depth + 1)?;
    Ok(filter.map(|filter| Filter::Has {
        rtype: facts.name,
        param,
        filter: Box::new(filter),
    }))
}

/// `subject:Patient.name`, taken apart at its first full stop.
fn chain(
    rtype: &str,
    link: &str,
    rest: &str,
    value: &str,
    depth: usize,
) -> Result<Option<Filter>, Issue> {
    let (name, only) = match link.split_once(':') {
        Some((name, only)) => (name, Some(only)),
        None => (link, None),
    };
    let param = param_of(rtype, name).filter(|param| param.kind == ParamKind::Reference);
    let Some(param) = param else {
        return Ok(None);
    };
    let every: Vec<&'static str> = match only {
        Some(only) => types::of(only)
            .map(|facts| facts.name)
            .into_iter()
            .collect(),
        None if param.targets.is_empty() => types::TYPES.iter().map(|facts| facts.name).collect(),
        None => param.targets.clone(),
    };
    let mut any_of = Vec::new();
    let mut wrong = None;
    for target in every {
        match read(target, rest, value, depth + 1) {
            Ok(Some(filter)) => any_of.push((target, filter)),
            Ok(None) => {}
            // A value may be right for one type of target and wrong for another.
            Err(issue) => wrong = Some(issue),
        }
    }
    match (any_of.is_empty(), wrong) {
        (true, Some(issue)) => Err(issue),
        (true, None) => Ok(None),
        (false, _) => Ok(Some(Filter::Chain { param, any_of })),
    }
}

impl Filter {
    /// Visits every id that the condition names, with the type it is of: whoever asks may mean
    /// their own ids.
    pub fn each_id(&mut self, rtype: &str, visit: &mut dyn FnMut(&str, &mut String)) {
        match self {
            Self::Id(ids) => ids.iter_mut().for_each(|id| visit(rtype, id)),
            Self::Value { any_of, .. } => any_of.iter_mut().for_each(|term| term.each_id(visit)),
            Self::Chain { any_of, .. } => {
                for (target, filter) in any_of {
                    filter.each_id(target, visit);
                }
            }
            Self::Has { rtype, filter, .. } => filter.each_id(rtype, visit),
            Self::Updated(_) | Self::Missing { .. } => {}
        }
    }
}

impl Term {
    fn each_id(&mut self, visit: &mut dyn FnMut(&str, &mut String)) {
        match self {
            Self::Reference((Some(rtype), id)) if !rtype.is_empty() => visit(rtype, id),
            Self::Together(terms) => terms.iter_mut().for_each(|term| term.each_id(visit)),
            _ => {}
        }
    }
}

pub(super) fn bad_modifier(name: &str, modifier: &str) -> Issue {
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

    #[test]
    fn a_chain_asks_each_type_that_it_may_lead_to() {
        let filter = filter_of("Encounter", "subject.family", "nowak").unwrap();
        let Some(Filter::Chain { param, any_of }) = filter else {
            panic!("a chain");
        };
        assert_eq!(param.name, "subject");
        let types: Vec<&str> = any_of.iter().map(|(rtype, _)| *rtype).collect();
        assert_eq!(types, ["Patient"], "a Group has no family name");
        assert_eq!(filter_of("Encounter", "class.family", "x").unwrap(), None);
        assert_eq!(filter_of("Encounter", "subject.shoe", "9").unwrap(), None);
        assert!(filter_of("Encounter", "subject.birthdate", "soon").is_err());
    }

    #[test]
    fn a_reverse_chain_names_who_refers_and_what_it_must_meet() {
        let name = "_has:Observation:patient:_has:AuditEvent:entity:agent";
        let filter = filter_of("Patient", name, "Practitioner/d1").unwrap();
        let Some(Filter::Has { rtype, filter, .. }) = filter else {
            panic!("a reverse chain");
        };
        assert_eq!(rtype, "Observation");
        let Filter::Has {
            rtype, mut filter, ..
        } = *filter
        else {
            panic!("another within");
        };
        assert_eq!(rtype, "AuditEvent");
        let mut ids = Vec::new();
        filter.each_id(rtype, &mut |rtype, id| ids.push(format!("{rtype}/{id}")));
        assert_eq!(ids, ["Practitioner/d1"]);
        assert!(filter_of("Patient", "_has:Observation", "x").is_err());
    }

    #[test]
    fn chains_end_somewhere() {
        let name = "subject.link.".repeat(9) + "name";
        let issue = filter_of(
            "Encounter",
            &name.replacen("subject.link", "subject", 1),
            "x",
        );
        assert!(issue.is_err() || issue == Ok(None));
    }
}
