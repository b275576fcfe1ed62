//! A whole query: its conditions, and how the answer should look.

use super::table::params_of;
use super::value::{self, Filter, split};
use crate::outcome::{Issue, IssueCode};

/// What a search asks of one resource type.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// Conditions, all of which must hold.
    pub filters: Vec<Filter>,
    /// `_count`: how many on a page.
    pub count: Option<u32>,
    /// `_sort`, first first.
    pub sort: Vec<Sort>,
    /// `_cursor`: where the page before ended, in our own terms.
    pub cursor: Option<String>,
    /// `_format`, where it names one we write.
    pub format: Option<Format>,
    /// `_pretty`.
    pub pretty: bool,
    /// What was asked that we do not do, as written: strict callers are refused, others told.
    pub unsupported: Vec<String>,
}

/// A key to sort by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// The parameter.
    pub param: &'static str,
    /// Whether the last comes first.
    pub descending: bool,
}

/// The form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `application/fhir+json`.
    Json,
}

/// Reads a query of a resource type from its decoded name and value pairs.
///
/// # Errors
/// An [`Issue`] if a value cannot be read or a known parameter has a modifier it does not take;
/// parameters that are not known are listed as unsupported.
pub fn parse_query(rtype: &str, pairs: &[(String, String)]) -> Result<Query, Issue> {
    let mut query = Query::default();
    for (name, value) in pairs {
        // An empty value asks nothing (https://hl7.org/fhir/R4/search.html#errors).
        if !value.is_empty() {
            query.read(rtype, name, value)?;
        }
    }
    Ok(query)
}

impl Query {
    fn read(&mut self, rtype: &str, name: &str, value: &str) -> Result<(), Issue> {
        match name {
            "_id" => self.filters.push(value::ids(value)?),
            "_count" => self.count = Some(count(value)?),
            "_sort" => self.read_sort(rtype, value),
            "_cursor" => self.cursor = Some(value.to_owned()),
            "_pretty" => self.pretty = value == "true",
            "_format" => match value {
                "json"
                | "application/json"
                | "application/fhir+json"
                | "text/json"
                | "application/fhir json" => self.format = Some(Format::Json),
                _ => self.unsupported.push(written(name, value)),
            },
            _ => {
                let (bare, modifier) = match name.split_once(':') {
                    Some((bare, modifier)) => (bare, Some(modifier)),
                    None => (name, None),
                };
                let is_chain = modifier.is_some_and(|modifier| modifier.contains(['.', ':']));
                match params_of(rtype).find(|param| param.name == bare) {
                    Some(param) if !is_chain => {
                        self.filters.push(value::filter(param, modifier, value)?);
                    }
                    _ => self.unsupported.push(written(name, value)),
                }
            }
        }
        Ok(())
    }

    fn read_sort(&mut self, rtype: &str, value: &str) {
        for key in split(value, ',') {
            let (name, descending) = match key.strip_prefix('-') {
                Some(name) => (name, true),
                None => (&*key, false),
            };
            let known = match name {
                "_id" => Some("_id"),
                _ => params_of(rtype)
                    .find(|param| param.name == name)
                    .map(|param| param.name),
            };
            match known {
                Some(param) => self.sort.push(Sort { param, descending }),
                None => self.unsupported.push(written("_sort", &key)),
            }
        }
    }
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
mod tests {
    use super::super::{DateRange, DateTerm, Prefix, TextMode, TokenTerm};
    use super::*;

    fn ask(rtype: &str, pairs: &[(&str, &str)]) -> Result<Query, Issue> {
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()))
            .collect();
        parse_query(rtype, &pairs)
    }

    fn filters(rtype: &str, name: &str, value: &str) -> Vec<Filter> {
        ask(rtype, &[(name, value)]).unwrap().filters
    }

    #[test]
    fn tokens_keep_system_and_code_apart() {
        let loinc = |code: &str| TokenTerm {
            system: Some(Some("http://loinc.org".into())),
            code: Some(code.into()),
        };
        assert_eq!(
            filters(
                "Observation",
                "code",
                "http://loinc.org|8867-4,http://loinc.org|a\\,b\\|c"
            ),
            [Filter::Token {
                param: "code",
                any_of: vec![loinc("8867-4"), loinc("a,b|c")],
                not: false
            }]
        );
        assert_eq!(
            filters("Patient", "gender:not", "|male"),
            [Filter::Token {
                param: "gender",
                any_of: vec![TokenTerm {
                    system: Some(None),
                    code: Some("male".into())
                }],
                not: true,
            }]
        );
    }

    #[test]
    fn a_query_string_is_taken_apart() {
        let found =
            pairs("identifier=https://x.example/id%7C42&name=Zo%C3%AB+Ann&&_pretty&odd=%zz%e");
        let expected = [
            ("identifier", "https://x.example/id|42"),
            ("name", "Zoë Ann"),
            ("_pretty", ""),
            ("odd", "%zz%e"),
        ];
        assert_eq!(
            found,
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }

    #[test]
    fn a_partial_date_asks_for_the_whole_of_it() {
        assert_eq!(
            filters("Patient", "birthdate", "ge1947-03"),
            [Filter::Date {
                param: "birthdate",
                any_of: vec![DateTerm {
                    prefix: Prefix::Ge,
                    range: DateRange {
                        from_us: -720_748_800_000_000,
                        to_us: -718_070_400_000_000
                    },
                }],
            }]
        );
    }

    #[test]
    fn names_are_folded_unless_exact() {
        assert_eq!(
            filters("Patient", "family", "Müller"),
            [Filter::Text {
                param: "family",
                mode: TextMode::Starts,
                any_of: vec!["muller".into()]
            }]
        );
        assert_eq!(
            filters("Patient", "family:exact", "Müller"),
            [Filter::Text {
                param: "family",
                mode: TextMode::Exact,
                any_of: vec!["Müller".into()]
            }]
        );
    }

    #[test]
    fn a_patient_is_named_with_or_without_the_type() {
        let marta = [Filter::Reference {
            param: "patient",
            any_of: vec![(Some("Patient".into()), "p1".into())],
        }];
        assert_eq!(filters("Condition", "patient", "p1"), marta);
        assert_eq!(filters("Condition", "patient", "Patient/p1"), marta);
        assert_eq!(
            filters("Condition", "subject:Patient", "p1"),
            [Filter::Reference {
                param: "subject",
                any_of: vec![(Some("Patient".into()), "p1".into())]
            }]
        );
        assert!(ask("Condition", &[("patient", "Group/g1")]).is_err());
    }

    #[test]
    fn what_we_do_not_do_is_listed_and_what_is_wrong_is_refused() {
        let query = ask(
            "Observation",
            &[
                ("subject:Patient.name", "peter"),
                ("shoe-size", "9"),
                ("_sort", "-date,zzz"),
                ("code", ""),
            ],
        )
        .unwrap();
        assert_eq!(
            query.unsupported,
            ["subject:Patient.name=peter", "shoe-size=9", "_sort=zzz"]
        );
        assert_eq!(
            query.sort,
            [Sort {
                param: "date",
                descending: true
            }]
        );
        assert!(query.filters.is_empty());

        for (name, value) in [
            ("date", "yesterday"),
            ("code:sounds-like", "x"),
            ("_count", "-1"),
            ("code:missing", "maybe"),
            ("_id", "a b"),
        ] {
            assert!(
                ask("Observation", &[(name, value)]).is_err(),
                "{name}={value}"
            );
        }
    }
}
