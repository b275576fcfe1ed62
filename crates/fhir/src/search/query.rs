//! A whole query: its conditions, and how the answer should look.

use super::answer::{Include, Shape, Sort, Summary, Total};
use super::filter::{Filter, filter_of};
use super::value::split;
use crate::outcome::{Issue, IssueCode};

/// What a search asks of one resource type.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// Conditions, all of which must hold.
    pub filters: Vec<Filter>,
    /// `_count`: how many on a page.
    pub count: Option<u32>,
    /// `_sort`, first first.
    pub sort: Vec<Sort>,
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
        let (bare, _) = name.split_once(':').unwrap_or((name, ""));
        match bare {
            "_count" => self.count = Some(count(value)?),
            "_sort" => self.read_sort(rtype, value),
            "_include" | "_revinclude" => match Include::read(rtype, name, value) {
                Some(include) => self.includes.push(include),
                None => self.unsupported.push(written(name, value)),
            },
            "_total" => self.total = Some(Total::read(value)?),
            "_summary" => self.shape.summary = Summary::read(value)?,
            "_elements" => self.read_elements(value)?,
            "_cursor" => self.cursor = Some(value.to_owned()),
            "_pretty" => self.pretty = value == "true",
            "_format" => match Format::of(value) {
                Some(format) => self.format = Some(format),
                None => self.unsupported.push(written(name, value)),
            },
            _ => match filter_of(rtype, name, value)? {
                Some(filter) => self.filters.push(filter),
                None => self.unsupported.push(written(name, value)),
            },
        }
        Ok(())
    }

    /// Whether only the number of matches is wanted, which `_count=0` asks as well.
    #[must_use]
    pub fn only_counts(&self) -> bool {
        self.shape.summary == Summary::Count || self.count == Some(0)
    }

    fn read_sort(&mut self, rtype: &str, value: &str) {
        for key in split(value, ',') {
            match Sort::read(rtype, &key) {
                Some(sort) => self.sort.push(sort),
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
    use super::super::{
        DateRange, DateTerm, Prefix, SortKey, Term, TextMode, TokenTerm, UriMode, param_of,
    };
    use super::*;

    fn ask(rtype: &str, pairs: &[(&str, &str)]) -> Result<Query, Issue> {
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()))
            .collect();
        parse_query(rtype, &pairs)
    }

    /// The alternatives of the one condition that a query has.
    fn terms(rtype: &str, name: &str, value: &str) -> Vec<Term> {
        let mut query = ask(rtype, &[(name, value)]).unwrap();
        match query.filters.pop() {
            Some(Filter::Value { any_of, .. }) => any_of,
            other => panic!("{name}={value}: {other:?}"),
        }
    }

    #[test]
    fn tokens_keep_system_and_code_apart() {
        let loinc = |code: &str| {
            Term::Token(TokenTerm {
                system: Some(Some("http://loinc.org".into())),
                code: Some(code.into()),
            })
        };
        let value = "http://loinc.org|8867-4,http://loinc.org|a\\,b\\|c";
        assert_eq!(
            terms("Observation", "code", value),
            [loinc("8867-4"), loinc("a,b|c")]
        );
        let query = ask("Patient", &[("gender:not", "|male")]).unwrap();
        assert_eq!(
            query.filters,
            [Filter::Value {
                param: param_of("Patient", "gender").unwrap(),
                any_of: vec![Term::Token(TokenTerm {
                    system: Some(None),
                    code: Some("male".into())
                })],
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
            terms("Patient", "birthdate", "ge1947-03"),
            [Term::Date(DateTerm {
                prefix: Prefix::Ge,
                range: DateRange {
                    from_us: -720_748_800_000_000,
                    to_us: -718_070_400_000_000
                },
            })]
        );
    }

    #[test]
    fn names_are_folded_unless_exact() {
        let text = |mode, words: &str| [Term::Text(mode, words.to_owned())];
        assert_eq!(
            terms("Patient", "family", "Müller"),
            text(TextMode::Starts, "muller")
        );
        assert_eq!(
            terms("Patient", "family:exact", "Müller"),
            text(TextMode::Exact, "Müller")
        );
    }

    #[test]
    fn a_patient_is_named_with_or_without_the_type() {
        let marta = [Term::Reference((Some("Patient".into()), "p1".into()))];
        assert_eq!(terms("Condition", "patient", "p1"), marta);
        assert_eq!(terms("Condition", "patient", "Patient/p1"), marta);
        assert_eq!(terms("Condition", "subject:Patient", "p1"), marta);
        assert!(ask("Condition", &[("patient", "Group/g1")]).is_err());
    }

    #[test]
    fn a_value_set_stands_for_its_codes() {
        let url = "http://hl7.org/fhir/ValueSet/administrative-gender";
        assert_eq!(terms("Patient", "gender:in", url).len(), 4);
        assert!(ask("Patient", &[("gender:in", "urn:never-seen")]).is_err());
        let active = "http://terminology.hl7.org/CodeSystem/condition-clinical|active";
        assert_eq!(terms("Condition", "clinical-status:below", active).len(), 3);
        assert!(ask("Condition", &[("code:below", "http://snomed.info/sct|1")]).is_err());
    }

    #[test]
    fn parts_of_a_composite_stand_in_their_order() {
        let found = terms("Observation", "code-value-quantity", "8867-4$gt100||/min");
        let [Term::Together(parts)] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert!(matches!(
            parts.as_slice(),
            [Term::Token(_), Term::Quantity(_)]
        ));
        assert!(ask("Observation", &[("code-value-quantity", "8867-4")]).is_err());
    }

    #[test]
    fn a_uri_is_asked_for_whole_or_with_what_is_below_it() {
        let url = "http://example.org/a";
        assert_eq!(
            terms("ValueSet", "url:below", url),
            [Term::Uri(UriMode::Below, url.into())]
        );
    }

    #[test]
    fn what_we_do_not_do_is_listed_and_what_is_wrong_is_refused() {
        let query = ask(
            "Observation",
            &[
                ("subject:Patient.shoe-size", "9"),
                ("shoe-size", "9"),
                ("_sort", "-date,zzz"),
                ("_include", "Observation:zzz"),
                ("code", ""),
            ],
        )
        .unwrap();
        assert_eq!(
            query.unsupported,
            [
                "subject:Patient.shoe-size=9",
                "shoe-size=9",
                "_sort=zzz",
                "_include=Observation:zzz"
            ]
        );
        let [sort] = query.sort.as_slice() else {
            panic!("{:?}", query.sort);
        };
        assert!(sort.descending);
        assert!(matches!(sort.key, SortKey::Param(param) if param.name == "date"));
        assert!(query.filters.is_empty());

        for (name, value) in [
            ("date", "yesterday"),
            ("code:sounds-like", "x"),
            ("_count", "-1"),
            ("code:missing", "maybe"),
            ("_id", "a b"),
            ("_total", "all"),
            ("_summary", "short"),
            ("_elements", "a b"),
            ("value-quantity", "much"),
        ] {
            assert!(
                ask("Observation", &[(name, value)]).is_err(),
                "{name}={value}"
            );
        }
    }

    #[test]
    fn what_goes_with_the_answer_is_read() {
        let query = ask(
            "Observation",
            &[
                ("_include", "Observation:subject:Patient"),
                ("_include:iterate", "Encounter:*"),
                ("_revinclude", "Provenance:target"),
                ("_total", "none"),
                ("_elements", "code,status"),
                ("_count", "0"),
            ],
        )
        .unwrap();
        let read: Vec<_> = query
            .includes
            .iter()
            .map(|one| (one.reverse, one.iterate, one.source, one.target))
            .collect();
        assert_eq!(
            read,
            [
                (false, false, "Observation", Some("Patient")),
                (false, true, "Encounter", None),
                (true, false, "Provenance", None),
            ]
        );
        assert_eq!(query.total, Some(Total::None));
        assert_eq!(query.shape.elements, ["code", "status"]);
        assert!(query.only_counts() && query.unsupported.is_empty());
    }
}
