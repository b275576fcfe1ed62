//! What a query asks of its answer: order, how much, what goes with it
//! (<https://hl7.org/fhir/R4/search.html#return>).

use super::ParamKind;
use super::table::{SearchParam, param_of};
use crate::outcome::{Issue, IssueCode};
use crate::types;

/// A key to sort by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// What is compared.
    pub key: SortKey,
    /// Whether the last comes first.
    pub descending: bool,
}

/// What an answer can be sorted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SortKey {
    /// The id.
    Id,
    /// When the current version was accepted.
    Updated,
    /// The least value of a parameter, or the greatest where the last comes first.
    Param(&'static SearchParam),
}

impl Sort {
    /// Reads `date` or `-date`; `None` for what cannot be sorted by.
    #[must_use]
    pub fn read(rtype: &str, text: &str) -> Option<Self> {
        let (name, descending) = match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text, false),
        };
        let key = match name {
            "_id" => SortKey::Id,
            "_lastUpdated" => SortKey::Updated,
            _ => SortKey::Param(param_of(rtype, name).filter(|param| !param.paths.is_empty())?),
        };
        Some(Self { key, descending })
    }

    /// What kind of value is compared; `None` for what every resource has.
    #[must_use]
    pub fn kind(&self) -> Option<ParamKind> {
        match self.key {
            SortKey::Param(param) => Some(param.kind),
            SortKey::Id | SortKey::Updated => None,
        }
    }
}

/// Resources that go with those found, because one refers to the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Include {
    /// Whether they refer to what was found (`_revinclude`), or it to them.
    pub reverse: bool,
    /// Whether they are also sought for what was itself included.
    pub iterate: bool,
    /// The type that refers.
    pub source: &'static str,
    /// The parameter by which it refers; `None` for any.
    pub param: Option<&'static SearchParam>,
    /// The type that is referred to; `None` for any.
    pub target: Option<&'static str>,
}

impl Include {
    /// Reads `Type:parameter`, `Type:parameter:Type` or `*`; `None` for what is not known.
    #[must_use]
    pub fn read(rtype: &str, name: &str, value: &str) -> Option<Self> {
        let (name, iterate) = match name.split_once(':') {
            Some((name, "iterate" | "recurse")) => (name, true),
            Some(_) => return None,
            None => (name, false),
        };
        let reverse = name == "_revinclude";
        let mut words = value.split(':');
        let (source, param) = match (words.next()?, words.next()) {
            ("*", None) if !reverse => (types::of(rtype)?.name, None),
            (source, Some("*")) => (types::of(source)?.name, None),
            (source, Some(param)) => {
                let source = types::of(source)?.name;
                let param = param_of(source, param)?;
                (source, Some(param).filter(|_| !param.paths.is_empty()))
            }
            (_, None) => return None,
        };
        let target = match words.next() {
            Some(target) => Some(types::of(target)?.name),
            None => None,
        };
        words.next().is_none().then_some(Self {
            reverse,
            iterate,
            source,
            param,
            target,
        })
    }
}

/// Whether the answer says how many match in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// It does not.
    None,
    /// It does, or as nearly as is cheap: here exactly.
    Estimate,
    /// It does, exactly.
    Accurate,
}

impl Total {
    pub(super) fn read(value: &str) -> Result<Self, Issue> {
        match value {
            "none" => Ok(Self::None),
            "estimate" => Ok(Self::Estimate),
            "accurate" => Ok(Self::Accurate),
            _ => Err(expected("_total", "none, estimate or accurate", value)),
        }
    }
}

/// How much of each resource is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    /// `_summary`.
    pub summary: Summary,
    /// `_elements`: only these; empty for all.
    pub elements: Vec<String>,
}

/// `_summary` (<https://hl7.org/fhir/R4/search.html#summary>).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Summary {
    /// The whole resource.
    #[default]
    False,
    /// The elements that its definition marks as its summary.
    True,
    /// Its narrative, and what must be there.
    Text,
    /// All but its narrative.
    Data,
    /// Nothing: only how many there are.
    Count,
}

impl Summary {
    pub(super) fn read(value: &str) -> Result<Self, Issue> {
        match value {
            "false" => Ok(Self::False),
            "true" => Ok(Self::True),
            "text" => Ok(Self::Text),
            "data" => Ok(Self::Data),
            "count" => Ok(Self::Count),
            _ => Err(expected(
                "_summary",
                "true, text, data, count or false",
                value,
            )),
        }
    }
}

impl Shape {
    /// Whether resources are shown whole.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.elements.is_empty() && matches!(self.summary, Summary::False | Summary::Count)
    }
}

pub(super) fn expected(name: &str, expected: &str, found: &str) -> Issue {
    Issue::error(IssueCode::Value, format!("{name} is {expected}"))
        .at(name)
        .found(found)
}
