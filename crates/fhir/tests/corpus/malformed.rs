//! Whatever bytes arrive, reading them ends in a resource or an issue, and never in a panic.

use super::data;

use std::collections::BTreeSet;

use fhir::redact::Redaction;
use fhir::splice::{Edits, Stamp, stamp};
use fhir::{Document, Limits, parse};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

/// Does with bytes everything that the crate can do with a resource.
fn use_everything(bytes: &[u8]) {
    let Ok(document) = parse(bytes, &Limits::default()) else {
        return;
    };
    let label = [("s", "c")];
    let edits = stamp(
        &document,
        &Stamp {
            id: "x",
            version: 1,
            last_updated: "2027-01-11T09:00:00.000Z",
            security: &label,
        },
        &[],
    );
    let resource = edits.apply(bytes);
    assert!(
        edits.inverse(bytes).apply(&resource) == bytes,
        "the inverse gives the bytes back"
    );
    let served = parse(&resource, &Limits::default()).expect("what we write is what we read");
    assert_eq!(served.id(), Some("x"));
    read_everything(&document);
    redact_everything(&resource);
}

fn read_everything(document: &Document<'_>) {
    let _ = fhir::types::subject(document);
    let _ = fhir::references::references(document);
    let _ = fhir::references::unlinked(document);
    let _ = fhir::index::index(document);
    let _ = fhir::index::occurred(document);
    let _ = fhir::evidence::evidence(document);
    let _ = fhir::evidence::encounter(document);
    let _ = fhir::evidence::authors(document);
    let _ = fhir::events::events(document);
    let _ = fhir::patient::read(document);
    let _ = fhir::consent::read(document);
    let _ = fhir::bundle::read(document);
    let _ = fhir::validate::validate(document);
    let _ = fhir::invariants::check(document);
}

fn redact_everything(resource: &[u8]) {
    let document = parse(resource, &Limits::default()).unwrap();
    let members = document
        .root()
        .children()
        .map(|member| member.key().to_owned());
    let what = Redaction {
        strip_displays: fhir::references::references(&document)
            .into_iter()
            .map(|one| one.path)
            .collect::<BTreeSet<_>>(),
        drop_elements: members.collect(),
    };
    let least = fhir::redact::redact(resource, &what).unwrap();
    parse(&least, &Limits::default()).expect("what is left is a resource");
    let stripped = fhir::redact::strip_displays(resource, &|_, _| true).unwrap();
    parse(&stripped, &Limits::default()).expect("what is left is a resource");
    let summary = fhir::redact::summary_of_patient(&document);
    parse(&summary, &Limits::default()).expect("a summary is a resource");
}

#[test]
fn every_example_goes_through_everything() {
    let Some(examples) = data::official_examples() else {
        return;
    };
    examples.iter().for_each(|(_, bytes)| use_everything(bytes));
}

#[test]
fn five_thousand_damaged_examples_never_panic() {
    let Some(examples) = data::official_examples() else {
        return;
    };
    let small: Vec<_> = examples
        .into_iter()
        .filter(|(_, bytes)| bytes.len() < 8_000)
        .collect();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let damage = (
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        damages(),
    );
    for _ in 0..5_000 {
        let tree = damage.new_tree(&mut runner).unwrap();
        let (example, place, damage) = tree.current();
        let (_, bytes) = &small[example.index(small.len())];
        use_everything(&damaged(bytes, place.index(bytes.len()), &damage));
    }
}

/// What can happen to bytes on their way.
#[derive(Debug, Clone)]
enum Damage {
    Cut,
    Replaced(u8),
    Inserted(&'static str),
    Swallowed(usize),
    Repeated(usize),
}

fn damages() -> impl Strategy<Value = Damage> {
    const ODD: [&str; 14] = [
        "{",
        "}",
        "[",
        "]",
        "\"",
        "\\",
        "\\u0000",
        "\\ud800",
        "null,",
        "1e999,",
        "\u{0}",
        "\"id\":\"..\",",
        "😀",
        ",",
    ];
    prop_oneof![
        Just(Damage::Cut),
        any::<u8>().prop_map(Damage::Replaced),
        prop::sample::select(&ODD[..]).prop_map(Damage::Inserted),
        (1usize..40).prop_map(Damage::Swallowed),
        (1usize..40).prop_map(Damage::Repeated),
    ]
}

fn damaged(bytes: &[u8], at: usize, damage: &Damage) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let end = |length: usize| (at + length).min(bytes.len());
    match damage {
        Damage::Cut => out.truncate(at),
        Damage::Replaced(byte) => out[at] = *byte,
        Damage::Inserted(text) => drop(out.splice(at..at, text.bytes())),
        Damage::Swallowed(length) => drop(out.drain(at..end(*length))),
        Damage::Repeated(length) => drop(out.splice(at..at, bytes[at..end(*length)].to_vec())),
    }
    out
}

/// JSON of any shape, with names that mean something to FHIR.
fn any_json() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        "[a-zA-Z0-9/#:?.|é-]{1,12}",
        prop::sample::select(
            &[
                "Patient/p1",
                "2027-01-11",
                "active",
                "deny",
                "text/plain",
                "R0VIRUlN",
                "person",
                "document"
            ][..]
        )
        .prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        text.prop_map(|text| format!("{text:?}")),
        Just("107.50".to_owned()),
        Just("true".to_owned()),
    ];
    let name = prop::sample::select(
        &[
            "meta",
            "security",
            "tag",
            "coding",
            "code",
            "system",
            "subject",
            "patient",
            "reference",
            "display",
            "identifier",
            "value",
            "type",
            "status",
            "period",
            "start",
            "end",
            "name",
            "family",
            "text",
            "div",
            "contained",
            "entry",
            "resource",
            "request",
            "provision",
            "actor",
            "data",
            "contentType",
            "birthDate",
            "participant",
            "individual",
            "resourceType",
            "class",
            "scope",
            "id",
        ][..],
    );
    leaf.prop_recursive(6, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4)
                .prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::btree_map(name.clone(), inner, 1..6).prop_map(|members| {
                let members: Vec<_> = members
                    .iter()
                    .map(|(name, value)| format!("\"{name}\":{value}"))
                    .collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        use_everything(&bytes);
    }

    #[test]
    fn resources_of_any_shape_never_panic(
        rtype in prop::sample::select(&["Patient", "Encounter", "Consent", "Bundle", "DocumentReference", "Binary", "Group", "CareTeam"][..]),
        members in prop::collection::vec(any_json(), 1..5),
    ) {
        for (place, member) in members.iter().enumerate() {
            let name = ["subject", "meta", "entry", "provision", "contained"][place];
            use_everything(format!(r#"{{"resourceType":"{rtype}","{name}":{member}}}"#).as_bytes());
            use_everything(format!(r#"{{"resourceType":"{rtype}",{}}}"#, member.trim_start_matches('{').trim_end_matches('}')).as_bytes());
        }
    }

    #[test]
    fn what_an_independent_reader_refuses_is_refused(text in r#"[{}\[\]":,a-c0-9eE+.\\ntu-]{0,24}"#) {
        let text = format!(r#"{{"resourceType":"Basic","x":{text}}}"#);
        if serde_json::from_str::<serde_json::Value>(&text).is_err() {
            prop_assert!(parse(text.as_bytes(), &Limits::default()).is_err(), "{}", text);
        }
    }

    #[test]
    fn stored_edits_of_any_bytes_never_panic(encoded in prop::collection::vec(any::<u8>(), 0..40), bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        if let Ok(edits) = Edits::decode(&encoded) {
            let _ = edits.inverse(&bytes).apply(&edits.apply(&bytes));
        }
    }
}
