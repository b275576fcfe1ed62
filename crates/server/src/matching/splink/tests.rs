//! Models that Splink 5.0.0 trained and saved: one on invented people, one that compares first name
//! and surname in one.

use super::*;

const PEOPLE: &str = include_str!("../../../tests/splink/people.json");
const NAMES_TOGETHER: &str = include_str!("../../../tests/splink/names-together.json");

fn imported(text: &str) -> Result<Model, SplinkError> {
    let value: Value = serde_json::from_str(text).expect("JSON");
    assert!(is_from_splink(&value));
    import(value)
}

/// `m` and `u` of a level.
fn level(model: &Model, comparison: &str, level: &str) -> (f32, f32) {
    let comparison = model.comparisons.iter().find(|it| it.name == comparison);
    let level = comparison.and_then(|it| it.levels.iter().find(|it| it.name == level));
    level.map(|level| (level.m, level.u)).expect("a level")
}

#[track_caller]
fn assert_near((m, u): (f32, f32), expected: (f32, f32)) {
    let is_near = |one: f32, other: f32| (one - other).abs() <= other * 1e-4;
    assert!(is_near(m, expected.0) && is_near(u, expected.1), "{m} {u}");
}

#[test]
fn what_splink_learnt_is_what_counts_here() {
    let model = imported(PEOPLE).expect("a model");
    assert_near(level(&model, "birth", "the same"), (0.878_66, 0.000_229_95));
    assert_near(level(&model, "sex", "different"), (0.005_163_1, 0.494_97));
    // Two of Splink's levels are one here: 0.0537 and 0.0280 of those of one person.
    let near = level(&model, "given", "written nearly the same");
    assert_near(near, (0.081_633, 0.001_537_78));
    // Splink saw no pair of two people whose numbers are one slip apart: the estimate stays.
    let slip = "one slip in a number that fails its check";
    assert_near(level(&model, "national-number", slip), (0.01, 0.000_01));
    let rare = |name: &str| {
        let mut all = model.comparisons.iter();
        all.find(|it| it.name == name).map(|it| it.levels[0].rarity)
    };
    // As in Splink: rare names count more, and dates do not.
    assert_eq!((rare("family"), rare("birth")), (Some(1.0), Some(0.0)));
}

#[test]
fn what_splink_did_not_compare_counts_for_nothing() {
    let model = imported(PEOPLE).expect("a model");
    for silent in ["phone", "house", "region", "building"] {
        let comparison = model.comparisons.iter().find(|it| it.name == silent);
        let levels = &comparison.expect("a comparison").levels;
        assert!(levels.iter().all(|level| level.m == level.u), "{silent}");
    }
    assert_eq!(model.scope, Scope::File);
}

#[test]
fn each_part_without_a_counterpart_is_named() {
    let error = imported(NAMES_TOGETHER).expect_err("parts that cannot be read");
    assert_eq!(
        error.to_string(),
        "parts of this model of Splink have no counterpart here:\n  \
         comparison first_name_surname: it compares first_name, surname in one: compare each by itself\n  \
         comparison dob: another comparison is of birth already"
    );
    let alike = NAMES_TOGETHER.replace("levenshtein(\\\"dob_l\\\"", "soundex(\\\"dob_l\\\"");
    let error = imported(&alike).expect_err("parts that cannot be read");
    let words = "comparison dob, level soundex(\"dob_l\", \"dob_r\") <= 1";
    assert!(error.to_string().contains(words), "{error}");
}

#[test]
fn what_has_not_the_form_of_a_model_is_refused() {
    let value = serde_json::json!({"comparisons": [{"comparison_levels": []}]});
    let error = import(value).expect_err("no model");
    assert!(
        error
            .to_string()
            .starts_with("not a model that Splink saved: missing field")
    );
}
