//! A folder of policies that is wrong anywhere is refused with file and line.

use policy::Policies;
use policy::labeller::Labeller;

const AREAS: (&str, &str) = ("care-areas.toml", "");

fn error(files: &[(&str, &str)]) -> String {
    Policies::load_dir(files)
        .expect_err("something is wrong with it")
        .to_string()
}

fn policy(body: &str) -> String {
    format!("// A comment.\n@id(\"one\")\n@says(\"Someone sees something.\")\n{body}")
}

#[test]
fn a_misspelt_role_is_an_error_on_its_line() {
    let text = policy(
        "permit (principal, action, resource)\nwhen { principal.role == Role::\"docter\" };",
    );
    let error = error(&[AREAS, ("care.cedar", &text)]);
    assert!(error.starts_with("care.cedar:5: "), "{error}");
    assert!(error.contains("docter"), "{error}");
}

#[test]
fn an_unknown_purpose_is_an_error_on_its_line() {
    let text = policy("permit (principal, action == Action::\"TREATMENT\", resource);");
    let error = error(&[AREAS, ("care.cedar", &text)]);
    assert!(error.starts_with("care.cedar:4: "), "{error}");
}

#[test]
fn a_comparison_that_could_fail_when_asked_is_an_error_now() {
    let text = policy("permit (principal, action, resource)\nwhen { principal.ward == \"6\" };");
    let error = error(&[AREAS, ("care.cedar", &text)]);
    assert!(error.starts_with("care.cedar:5: "), "{error}");
}

#[test]
fn what_is_not_cedar_is_an_error_on_its_line() {
    let error = error(&[AREAS, ("care.cedar", "\n\npermit everything;")]);
    assert!(error.starts_with("care.cedar:3: "), "{error}");
}

#[test]
fn a_policy_without_words_or_with_anothers_id_is_an_error() {
    let nameless = "@says(\"x\") permit (principal, action, resource);";
    assert_eq!(
        error(&[AREAS, ("a.cedar", nameless)]),
        "a.cedar:1: a policy has no @id"
    );
    let wordless = "@id(\"x\") permit (principal, action, resource);";
    assert_eq!(
        error(&[AREAS, ("a.cedar", wordless)]),
        "a.cedar:1: a policy has no @says"
    );
    let text = policy("permit (principal, action, resource);");
    assert_eq!(
        error(&[AREAS, ("a.cedar", &text), ("b.cedar", &text)]),
        "b.cedar:2: two policies have the id `one`"
    );
}

#[test]
fn another_schema_is_for_another_program() {
    let text = policy("permit (principal, action, resource);");
    let schema = "entity Caller;";
    assert_eq!(
        error(&[AREAS, ("a.cedar", &text), ("x.cedarschema", schema)]),
        "x.cedarschema: this is not the schema of this program (candour.cedarschema)"
    );
}

#[test]
fn a_wrong_care_area_is_an_error_on_its_line() {
    let text = policy("permit (principal, action, resource);");
    let areas = "[[area]]\nname = \"x\"\nsensitivities = [\"MHX\"]\nup_to = \"R\"\n";
    let error = error(&[("care-areas.toml", areas), ("a.cedar", &text)]);
    assert_eq!(error, "care-areas.toml:3: `MHX` is not a sensitivity");
}

#[test]
fn a_folder_without_policies_or_areas_is_refused() {
    assert_eq!(error(&[AREAS]), "*.cedar: there is no policy");
    let text = policy("permit (principal, action, resource);");
    assert_eq!(
        error(&[("a.cedar", &text)]),
        "care-areas.toml: the file is missing"
    );
}

#[test]
fn the_hash_tells_folders_apart_and_ignores_what_is_no_policy() {
    let one = policy("permit (principal, action, resource);");
    let other = policy("forbid (principal, action, resource);");
    let hash = |files: &[(&str, &str)]| Policies::load_dir(files).unwrap().hash().to_owned();
    let base = hash(&[AREAS, ("a.cedar", &one)]);
    assert_eq!(
        base,
        hash(&[("a.cedar", &one), ("scenarios.toml", "x"), AREAS])
    );
    assert_ne!(base, hash(&[AREAS, ("a.cedar", &other)]));
    assert_ne!(base, hash(&[AREAS, ("b.cedar", &one)]));
}

#[test]
fn a_wrong_rule_of_the_labeller_is_an_error_on_its_line() {
    let text = "version = \"v9\"\nwordless = []\n[systems]\n[types]\nPatient = [\"demograpics\"]\n";
    let error = Labeller::load("rules.toml", text).unwrap_err().to_string();
    assert_eq!(error, "rules.toml:5: `demograpics` is not a category");
}

/// Whatever a policy says: a kind of a purpose never opens more than the purpose itself.
#[test]
fn a_policy_for_a_kind_of_purpose_opens_nothing_that_the_purpose_does_not() {
    use crate::people::*;
    use domain::{Category, Confidentiality, Purpose, RelationshipKind};

    let narrow = policy("permit (principal, action == Action::\"SC-ASSESS\", resource);");
    let wide = narrow.replace(
        "action == Action::\"SC-ASSESS\"",
        "action in Action::\"TREAT\"",
    );
    let record = empty_record()
        .holding(
            "practice",
            Category::Conditions,
            Confidentiality::Normal,
            &[],
        )
        .related(RelationshipKind::Caseload, "northburn-social-work");
    let opened_by = |text: &str, purpose| {
        let policies = Policies::load_dir(&[AREAS, ("a.cedar", text)]).unwrap();
        let request = pauline_social_worker().request(purpose);
        policy::decide(&request, &record.facts, &policies, now())
            .answer
            .shares()
    };
    assert!(!opened_by(&narrow, Purpose::Assessment));
    assert!(opened_by(&wide, Purpose::Assessment));
    assert!(opened_by(&wide, Purpose::Treatment));
    let forbids = format!(
        "{wide}\n@id(\"two\") @says(\"x\") forbid (principal, action == Action::\"COC\", resource);"
    );
    assert!(!opened_by(&forbids, Purpose::Assessment));
    assert!(opened_by(&forbids, Purpose::Treatment));
}
