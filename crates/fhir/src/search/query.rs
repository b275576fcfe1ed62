//! A whole query: its conditions, and how the answer should look.

use super::answer::{Include, Shape, Sort, Summary, Total};
use super::filter::{Filter, filter_of};
use super::value::split;
use crate::outcome::{Issue, IssueCode};

/// What a search asks of one type or several: a resource is found if it is of one of them and meets
/// what is asked of that.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// What it asks of each type.
    pub of: Vec<OfType>,
    /// `_count`: how many on a page.
    pub count: Option<u32>,
    /// `_include` and `_revinclude`.
    pub includes: Vec<Include>,
    /// `_total`.
    pub total: Option<Total>,
    /// `_summary` and `_elements`.
    pub shape: Shape,
    /// `_cursor`: where the page before ended, in our own terms.
    pub cursor: Option<String>,
    /// `_format`, where it names one we write.
    pub format: Option<Format>,
    /// `_pretty`.
    pub pretty: bool,
    /// What was asked that we do not do, as written: strict callers are refused, others told.
    pub unsupported: Vec<String>,
}

/// What a search asks of the resources of one type.
#[derive(Debug, Clone, PartialEq)]
pub struct OfType {
    /// The type.
    pub rtype: &'static str,
    /// Conditions, all of which must hold.
    pub filters: Vec<Filter>,
    /// `_sort`, first first: as many keys for each type of a search, of the same kinds.
    pub sort: Vec<Sort>,
}

/// The form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `application/fhir+json`.
    Json,
}

impl Format {
    /// Reads a media type or its short name.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        // A '+' that was not percent-encoded arrives as a space.
        let (bare, _) = text.split_once(';').unwrap_or((text, ""));
        match bare.trim().replace(' ', "+").as_str() {
            "json" | "application/json" | "application/fhir+json" | "text/json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// Reads a query of some resource types from its decoded name and value pairs.
///
/// # Errors
/// An [`Issue`] if a value cannot be read or a known parameter has a modifier it does not take;
/// parameters that are not known to every type are listed as unsupported.
pub fn parse_query(types: &[&'static str], pairs: &[(String, String)]) -> Result<Query, Issue> {
    let mut query = Query::about(types);
    for (name, value) in pairs {
        // An empty value asks nothing (https://hl7.org/fhir/R4/search.html#errors).
        if !value.is_empty() {
            query.read(name, value)?;
        }
    }
    Ok(query)
}

/// How much of a resource a query wants to be shown, where it asks for one resource and so for nothing
/// else that a search would understand (<https://hl7.org/fhir/R4/search.html#summary>).
///
/// # Errors
/// An [`Issue`] if `_summary` or `_elements` cannot be read.
pub fn parse_shape(query: &str) -> Result<Shape, Issue> {
    let mut asked = pairs(query);
    asked.retain(|(name, _)| matches!(name.as_str(), "_summary" | "_elements"));
    Ok(parse_query(&[], &asked)?.shape)
}

impl Query {
    /// The search that finds everything of some types.
    #[must_use]
    pub fn about(types: &[&'static str]) -> Self {
        let of = types.iter().map(|rtype| OfType {
            rtype,
            filters: Vec::new(),
            sort: Vec::new(),
        });
        Self {
            of: of.collect(),
            ..Self::default()
        }
    }

    /// Every condition, of whichever type.
    pub fn filters(&self) -> impl Iterator<Item = &Filter> {
        self.of.iter().flat_map(|of| &of.filters)
    }

    fn read(&mut self, name: &str, value: &str) -> Result<(), Issue> {
        let (bare, _) = name.split_once(':').unwrap_or((name, ""));
        match bare {
            "_count" => self.count = Some(count(value)?),
            "_sort" => self.read_sort(value),
            "_include" | "_revinclude" => self.read_include(name, value),
            "_total" => self.total = Some(Total::read(value)?),
            "_summary" => self.shape.summary = Summary::read(value)?,
            "_elements" => self.read_elements(value)?,
            "_cursor" => self.cursor = Some(value.to_owned()),
            "_pretty" => self.pretty = value == "true",
            "_format" => match Format::of(value) {
                Some(format) => self.format = Some(format),
                None => self.unsupported.push(written(name, value)),
            },
            _ => self.read_condition(name, value)?,
        }
        Ok(())
    }

    /// A condition that one of the types does not know is none: it must be common to all
    /// (<https://hl7.org/fhir/R4/http.html#search>).
    fn read_condition(&mut self, name: &str, value: &str) -> Result<(), Issue> {
        let read = |of: &OfType| filter_of(of.rtype, name, value).transpose();
        let filters: Option<Result<Vec<Filter>, Issue>> = self.of.iter().map(read).collect();
        match filters.transpose()? {
            Some(filters) => {
                for (of, filter) in self.of.iter_mut().zip(filters) {
                    of.filters.push(filter);
                }
            }
            None => self.unsupported.push(written(name, value)),
        }
        Ok(())
    }

    /// Only `*` means something else for each type.
    fn read_include(&mut self, name: &str, value: &str) {
        let read = |of: &OfType| Include::read(of.rtype, name, value);
        let includes: Vec<Include> = self.of.iter().filter_map(read).collect();
        if includes.is_empty() {
            self.unsupported.push(written(name, value));
        }
        for include in includes {
            if !self.includes.contains(&include) {
                self.includes.push(include);
            }
        }
    }

    /// Whether only the number of matches is wanted, which `_count=0` asks as well.
    #[must_use]
    pub fn only_counts(&self) -> bool {
        self.shape.summary == Summary::Count || self.count == Some(0)
    }

    fn read_sort(&mut self, value: &str) {
        for key in split(value, ',') {
            let read = |of: &OfType| Sort::read(of.rtype, &key);
            let sorts: Option<Vec<Sort>> = self.of.iter().map(read).collect();
            match sorts.filter(|sorts| are_comparable(sorts)) {
                Some(sorts) => {
                    for (of, sort) in self.of.iter_mut().zip(sorts) {
                        of.sort.push(sort);
                    }
                }
                None => self.unsupported.push(written("_sort", &key)),
            }
        }
    }

    fn read_elements(&mut self, value: &str) -> Result<(), Issue> {
        for name in value.split(',') {
            let is_name = |text: &str| {
                !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
            };
            if !is_name(name) {
                let details = "_elements lists names of elements of the resource";
                let issue = Issue::error(IssueCode::Value, details);
                return Err(issue.at("_elements").found(name));
            }
            self.shape.elements.push(name.to_owned());
        }
        Ok(())
    }
}

/// Whether what different types are sorted by is of one kind.
fn are_comparable(sorts: &[Sort]) -> bool {
    let mut kinds = sorts.iter().map(Sort::kind);
    let first = kinds.next();
    kinds.all(|kind| Some(kind) == first)
}

/// Takes a query string such as `code=a%7Cb&_count=10` apart. Bytes that are not UTF-8 once decoded
/// become U+FFFD.
#[must_use]
pub fn pairs(query: &str) -> Vec<(String, String)> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (percent_decode(name), percent_decode(value))
        })
        .collect()
}

fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let (byte, left) = match (first, after) {
            (b'+', _) => (b' ', after),
            (b'%', [high, low, left @ ..]) => match hex_byte(*high, *low) {
                Some(byte) => (byte, left),
                None => (b'%', after),
            },
            (byte, _) => (*byte, after),
        };
        bytes.push(byte);
        rest = left;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_byte(high: u8, low: u8) -> Option<u8> {
    let digit = |byte| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

fn written(name: &str, value: &str) -> String {
    format!("{name}={value}")
}

fn count(value: &str) -> Result<u32, Issue> {
    value.parse().map_err(|_| {
        Issue::error(IssueCode::Value, "_count is a whole number from 0")
            .at("_count")
            .found(value)
    })
}

#[cfg(test)]
mod tests;
