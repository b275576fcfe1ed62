//! The cases beside the local policies (`policies/lanarkshire/cases/`): each file is what
//! `candour decide` reads, with what it expects. The sentences that each party reads are kept in
//! `tests/cases.txt`; to accept a change: `UPDATE_CASES=1 cargo test -p policy cases`.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use policy::document::{self, Document, DocumentError};

use crate::people::policies;

const FOLDER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../policies/lanarkshire/cases"
);

fn files() -> Vec<PathBuf> {
    let entries = fs::read_dir(FOLDER).expect("the folder of cases");
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files
}

fn read(path: &PathBuf) -> Document {
    let text = fs::read_to_string(path).expect("a readable file");
    document::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_case_beside_the_policies_is_decided_as_it_expects() {
    let mut wrong = String::new();
    let files = files();
    for path in &files {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let text = fs::read_to_string(path).expect("a readable file");
        let decided = document::parse(&text).and_then(|written| {
            assert!(written.expect.is_some(), "{name} expects nothing");
            document::decide(&written, policies())
        });
        match decided {
            Ok(decided) => {
                for difference in decided.differences {
                    writeln!(wrong, "{name}: {difference}").expect("a string");
                }
            }
            Err(error) if document::expects_incomplete(&text, &error) => {}
            Err(error) => writeln!(wrong, "{name}: {error}").expect("a string"),
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(files.len() >= 100, "{} cases", files.len());
}

#[test]
fn the_sentences_that_each_party_reads_are_those_that_were_agreed() {
    let mut said = String::new();
    for path in files() {
        let written = read(&path);
        let title = written.title.clone().unwrap_or_default();
        writeln!(said, "{title}").expect("a string");
        match document::decide(&written, policies()) {
            Ok(decided) => {
                let explanation = &decided.report.explanation;
                writeln!(said, "  asker:  {}", explanation.practitioner).expect("a string");
                writeln!(said, "  person: {}\n", explanation.person).expect("a string");
            }
            Err(error) => writeln!(said, "  {error}\n").expect("a string"),
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases.txt");
    if std::env::var_os("UPDATE_CASES").is_some() {
        fs::write(path, &said).expect("the sentences can be written");
    }
    let agreed = fs::read_to_string(path).unwrap_or_default();
    for (now, before) in said.lines().zip(agreed.lines()) {
        assert_eq!(now, before);
    }
    assert_eq!(said.lines().count(), agreed.lines().count());
}

#[test]
fn the_schema_in_the_documents_is_that_of_the_types() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/reference/decision.schema.json"
    );
    let schema = format!("{:#}\n", document::schema());
    if std::env::var_os("UPDATE_CASES").is_some() {
        fs::write(path, &schema).expect("the schema can be written");
    }
    assert!(
        fs::read_to_string(path).unwrap_or_default() == schema,
        "docs/reference/decision.schema.json is not what the types say: UPDATE_CASES=1"
    );
}

fn error(text: &str) -> String {
    match document::parse(text) {
        Err(error) => error.to_string(),
        Ok(written) => document::decide(&written, policies())
            .expect_err("a document that cannot be decided")
            .to_string(),
    }
}

#[test]
fn a_document_that_lacks_something_is_told_everything_that_it_lacks() {
    assert_eq!(
        error(r#"{"request": {"requester": {"kind": "worker", "role": "nurse"}}, "record": [{}]}"#),
        "this document is incomplete: at (the moment of deciding); person (whose record it is); \
         record[0].id (any name for the item); record[0].holder (the agency that holds it); \
         record[0].categories (what it is about; `unsorted` if no rule could say); \
         record[0].confidentiality (how closely it is held: `N` for ordinary information)"
    );
}

#[test]
fn what_is_missing_in_a_list_is_told_with_its_place_and_what_to_write() {
    let text = r#"{"at": "2027-01-11", "person": {"id": "p", "capacity": [{"matter": "care"}]},
        "request": {"purpose": "TREAT", "requester": {"kind": "worker", "id": "ruth"}}, "record": [],
        "authorities": [{"holder": "euan"}], "wishes": [{"says": "no"}],
        "consents": [{"id": "c", "status": "active", "scope": "research", "given": "2026-01-01",
            "provision": {"type": "permit", "provisions": [{"purposes": ["HRESCH"]}]}}],
        "expect": {"incomplete": ["person.capacity[0].state", "person.capacity[0].at",
            "request.requester.role", "request.requester.organisation",
            "request.requester.organisation-kind", "request.requester.assurance",
            "authorities[0].kind", "wishes[0].at",
            "consents[0].provision.provisions[0].type"]}}"#;
    let error = document::parse(text).expect_err("an incomplete document");
    assert!(document::expects_incomplete(text, &error), "{error}");
    let said = error.to_string();
    for part in [
        "person.capacity[0].state (What was found; one of `capable`, `incapable`, `unknown`)",
        "wishes[0].at (When they said so)",
        "consents[0].provision.provisions[0].type (Whether it allows or refuses; one of `permit`, \
         `deny`)",
    ] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn a_wrong_word_is_told_with_its_place_and_with_what_is_expected() {
    let wrong = error(r#"{"at": "2027-01-11T10:00:00Z", "request": {"purpose": "treatment"}}"#);
    assert!(
        wrong.starts_with("request.purpose: unknown variant `treatment`, expected one of `TREAT`"),
        "{wrong}"
    );
    let unknown = error(r#"{"request": {"who": "nurse"}}"#);
    assert!(
        unknown.starts_with("request.who: unknown field `who`"),
        "{unknown}"
    );
    assert_eq!(
        error(r#"{"at": "yesterday"}"#),
        "at: `yesterday` is not an instant such as `2027-01-11T09:00:00Z` nor a date such as \
         `2027-01-11` at line 1 column 19"
    );
    assert!(error("{").contains("EOF"));
    let two = r#"{"id": "a", "holder": "h", "categories": ["results"], "confidentiality": "N"}"#;
    let repeated = format!(
        r#"{{"at": "2027-01-11", "person": {{"id": "p"}}, "record": [{two}, {two}],
            "request": {{"purpose": "PATRQT", "requester": {{"kind": "person"}}}}}}"#
    );
    assert_eq!(
        error(&repeated),
        "record[1].id: `a` is the id of an item before it"
    );
}

#[test]
fn a_document_that_was_to_be_rejected_for_one_thing_is_not_excused_for_another() {
    let text = r#"{"expect": {"incomplete": ["request.purpose"]}}"#;
    let written = document::parse(text).expect("a document");
    let error = document::decide(&written, policies()).expect_err("an incomplete document");
    assert!(matches!(error, DocumentError::Incomplete { .. }));
    assert!(!document::expects_incomplete(text, &error));
}
