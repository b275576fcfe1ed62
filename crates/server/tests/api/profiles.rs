//! Profiles that agencies have agreed on: what `$validate` says by them, and that a write goes by FHIR
//! alone.

use fhir::profile::Profiles;
use serde_json::{Value, json};

use crate::hall::Hall;
use crate::morag::{admitted, in_words, weight};

const WEIGHT: &str = "https://northburn.example/StructureDefinition/Northburn-Weight";

/// Northburn weighs in kilograms, and says which: the value is a quantity with its unit.
fn northburn() -> Profiles {
    let element = |id: &str, min: u32, more: Value| {
        let mut element = json!({"id": id, "path": id, "min": min, "max": "1"});
        let members = element.as_object_mut().expect("an object");
        members.extend(more.as_object().cloned().expect("an object"));
        element
    };
    let profile = json!({
        "resourceType": "StructureDefinition",
        "url": WEIGHT,
        "name": "Northburn-Weight",
        "type": "Observation",
        "derivation": "constraint",
        "snapshot": {"element": [
            element("Observation", 0, json!({})),
            element("Observation.value[x]", 1, json!({"type": [{"code": "Quantity"}]})),
            element("Observation.value[x].code", 1, json!({"fixedCode": "kg"})),
        ]},
    });
    let file = ("weight.json".to_owned(), profile.to_string().into_bytes());
    Profiles::load(&[file]).expect("a profile")
}

fn in_kilograms(code: &str) -> Value {
    let mut weight = in_words(weight("anybody", "w-1", "71", "2027-01-11"));
    let members = weight.as_object_mut().expect("an object");
    members.remove("valueString");
    members.insert(
        "valueQuantity".into(),
        json!({"value": 71, "system": "http://unitsofmeasure.org", "code": code}),
    );
    weight
}

#[tokio::test]
async fn a_weight_is_validated_by_the_profile_that_is_asked_for() {
    let hall = Hall::with_profiles(northburn()).await;
    let before = hall.bytes_kept();
    let ruksana = hall.ruksana();
    let asked = format!("Observation/$validate?profile={WEIGHT}");
    let right = ruksana.posts(&asked, in_kilograms("kg").to_string()).await;
    right.says(200, "informational", "nothing is wrong with it");

    let stones = in_kilograms("[stone_av]");
    let answer = ruksana.posts(&asked, stones.to_string()).await;
    let expected = "by the profile Northburn-Weight: expected the value \"kg\"";
    let answer = answer.says(200, "value", expected);
    assert_eq!(
        answer.at("/issue/0/expression/0"),
        "Observation.valueQuantity.code"
    );
    assert_eq!(answer.at("/issue/0/severity"), "error");

    let named = json!({"resourceType": "Parameters", "parameter": [
        {"name": "resource", "resource": stones},
        {"name": "profile", "valueUri": WEIGHT},
    ]});
    let answer = ruksana
        .posts("Observation/$validate", named.to_string())
        .await;
    answer.says(200, "value", expected);

    // It says itself that it is one; without a word about it, FHIR alone counts.
    let mut claimed = stones.clone();
    claimed["meta"] = json!({"profile": [WEIGHT, "urn:never-seen"]});
    let answer = ruksana
        .posts("Observation/$validate", claimed.to_string())
        .await;
    answer.says(200, "value", expected);
    let answer = ruksana
        .posts("Observation/$validate", stones.to_string())
        .await;
    answer.says(200, "informational", "nothing is wrong with it");
    assert_eq!(hall.bytes_kept(), before);
}

#[tokio::test]
async fn a_broken_invariant_is_told_with_its_key_and_keeps_nothing_out() {
    let hall = Hall::open().await;
    let morag = admitted(&hall).await;
    let mut vague = in_words(weight(&morag, "w-1", "71", "2027-01-11"));
    vague["dataAbsentReason"] = json!({"text": "she stepped off"});
    let answer = hall
        .ruksana()
        .posts("Observation/$validate", vague.to_string())
        .await;
    let words =
        "obs-6: dataAbsentReason SHALL only be present if Observation.value[x] is not present";
    let answer = answer.says(200, "invariant", words);
    assert_eq!(answer.at("/issue/0/severity"), "error");
    assert_eq!(answer.at("/issue/0/expression/0"), "Observation");

    let told = hall.hospital().with("prefer", "return=OperationOutcome");
    let answer = told.puts(&vague).await;
    let answer = answer.is(201);
    assert_eq!(answer.at("/issue/0/details/text"), "created");
    assert_eq!(answer.at("/issue/1/details/text"), words);
    assert_eq!(answer.at("/issue/1/severity"), "warning");
}

#[tokio::test]
async fn nobodys_record_is_kept_out_by_a_profile() {
    let hall = Hall::with_profiles(northburn()).await;
    let morag = admitted(&hall).await;
    let mut stones = in_kilograms("[stone_av]");
    stones["subject"] = json!({"reference": format!("Patient/{morag}")});
    stones["meta"] = json!({"profile": [WEIGHT]});
    hall.hospital().puts(&stones).await.is(201);
}

#[tokio::test]
async fn the_capability_statement_names_the_profiles() {
    let hall = Hall::with_profiles(northburn()).await;
    let statement = hall.anybody().gets("metadata").await.is(200).json();
    let types = statement["rest"][0]["resource"].as_array().cloned();
    let types = types.unwrap_or_default();
    let profiles: Vec<&Value> = types
        .iter()
        .filter(|one| one.get("supportedProfile").is_some())
        .map(|one| &one["supportedProfile"])
        .collect();
    assert_eq!(profiles, [&json!([WEIGHT])]);
}
