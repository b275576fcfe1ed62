use super::super::{
    DateRange, DateTerm, Prefix, SortKey, Term, TextMode, TokenTerm, UriMode, param_of,
};
use super::*;

fn ask(rtype: &'static str, pairs: &[(&str, &str)]) -> Result<Query, Issue> {
    ask_of(&[rtype], pairs)
}

fn ask_of(types: &[&'static str], pairs: &[(&str, &str)]) -> Result<Query, Issue> {
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect();
    parse_query(types, &pairs)
}

/// The alternatives of the one condition that a query has.
fn terms(rtype: &'static str, name: &str, value: &str) -> Vec<Term> {
    let mut query = ask(rtype, &[(name, value)]).unwrap();
    match query.of.pop().unwrap().filters.pop() {
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
        query.of[0].filters,
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
    let found = pairs("identifier=https://x.example/id%7C42&name=Zo%C3%AB+Ann&&_pretty&odd=%zz%e");
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
    let [of] = query.of.as_slice() else {
        panic!("{:?}", query.of);
    };
    let [sort] = of.sort.as_slice() else {
        panic!("{:?}", of.sort);
    };
    assert!(sort.descending);
    assert!(matches!(sort.key, SortKey::Param(param) if param.name == "date"));
    assert!(of.filters.is_empty());

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
fn what_is_asked_of_several_types_is_known_to_each() {
    let both = ["Observation", "Condition"];
    let query = ask_of(
        &both,
        &[
            ("code", "38341003"),
            ("value-quantity", "gt140"),
            ("_sort", "_lastUpdated,code,-recorded-date"),
            ("_include", "*"),
            ("_include", "Condition:encounter"),
        ],
    )
    .unwrap();
    let asked: Vec<_> = query
        .of
        .iter()
        .map(|of| (of.rtype, of.filters.len(), of.sort.len()))
        .collect();
    assert_eq!(asked, [("Observation", 1, 2), ("Condition", 1, 2)]);
    assert_eq!(
        query.unsupported,
        ["value-quantity=gt140", "_sort=-recorded-date"]
    );
    let sources: Vec<&str> = query.includes.iter().map(|one| one.source).collect();
    assert_eq!(sources, ["Observation", "Condition", "Condition"]);
}

#[test]
fn values_of_different_kinds_have_no_order() {
    // One looks at a date there, the other at a code.
    let query = ask_of(&["Goal", "Condition"], &[("_sort", "identifier,category")]);
    assert_eq!(query.unwrap().unsupported, [""; 0]);
    let both = ["ResearchStudy", "Observation"];
    assert_eq!(
        ask_of(&both, &[("_sort", "focus")]).unwrap().unsupported,
        ["_sort=focus"]
    );
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
