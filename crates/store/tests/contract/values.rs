//! Every kind of value and modifier, with what it finds and what it does not.

use domain::{Category, ResourceId};
use policy::Permit;
use store::{PageRequest, Write};

use crate::Shared;
use crate::world::{World, ask, first, ids, ordinary};

const NONE: [usize; 0] = [];

/// Contributions of one person, found by their place.
struct Told {
    permit: Permit,
    ids: Vec<ResourceId>,
}

async fn told(world: &World, resources: &[&str]) -> Told {
    let marta = world.person("Nowak", "Marta").await;
    let mut ids = Vec::new();
    for json in resources {
        let class = ordinary(Category::Documents);
        ids.push(world.contribute(marta, json, class).await);
    }
    Told {
        permit: world.own_permit(marta.id).await,
        ids,
    }
}

impl Told {
    async fn find(&self, world: &World, rtype: &str, query: &str) -> Vec<usize> {
        let found = world.search(&self.permit, rtype, query).await;
        let place = |id: &ResourceId| self.ids.iter().position(|known| known == id).unwrap();
        found.iter().map(place).collect()
    }
}

pub async fn quantities_compare_by_number_and_unit(world: Shared) {
    let weight = |quantity: &str| {
        format!(r#"{{"resourceType":"Observation","valueQuantity":{{{quantity}}}}}"#)
    };
    let told = told(
        &world,
        &[
            &weight(r#""value":72.0,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg""#),
            &weight(r#""value":72.4,"unit":"kilos""#),
            &weight(r#""value":5,"comparator":"<","unit":"mg""#),
            r#"{"resourceType":"Observation","valueString":"72"}"#,
        ],
    )
    .await;
    let find = async |query: &str| told.find(&world, "Observation", query).await;
    assert_eq!(find("value-quantity=72").await, [0, 1]);
    assert_eq!(find("value-quantity=72.0").await, [0]);
    assert_eq!(find("value-quantity=ne72.0").await, [1, 2]);
    assert_eq!(find("value-quantity=gt72").await, [1]);
    assert_eq!(find("value-quantity=ge72").await, [0, 1]);
    assert_eq!(find("value-quantity=lt5").await, [2]);
    assert_eq!(find("value-quantity=sa71").await, [0, 1]);
    assert_eq!(find("value-quantity=eb73").await, [0, 1, 2]);
    assert_eq!(find("value-quantity=ap70").await, [0, 1]);
    assert_eq!(find("value-quantity=72||kg").await, [0]);
    assert_eq!(find("value-quantity=72||kilos").await, [1]);
    let ucum = "value-quantity=72|http://unitsofmeasure.org|kg";
    assert_eq!(find(ucum).await, [0]);
    assert_eq!(find("value-quantity=72|urn:never-seen|kg").await, NONE);
    assert_eq!(find("value-quantity:missing=true").await, [3]);
}

pub async fn a_composite_asks_for_values_of_the_same_item(world: Shared) {
    let part = |code: &str, value: u32| {
        format!(
            r#"{{"code":{{"coding":[{{"code":"{code}"}}]}},"valueQuantity":{{"value":{value}}}}}"#
        )
    };
    let pressure = |systolic, diastolic| {
        format!(
            r#"{{"resourceType":"Observation","component":[{},{}]}}"#,
            part("sys", systolic),
            part("dia", diastolic)
        )
    };
    let told = told(
        &world,
        &[
            &pressure(140, 90),
            &pressure(90, 60),
            r#"{"resourceType":"Observation","code":{"coding":[{"code":"sys"}]},"valueQuantity":{"value":150}}"#,
        ],
    )
    .await;
    let find = async |query: &str| told.find(&world, "Observation", query).await;
    let items = "component-code-value-quantity";
    assert_eq!(find(&format!("{items}=sys$gt130")).await, [0]);
    assert_eq!(find(&format!("{items}=dia$90")).await, [0]);
    assert_eq!(find(&format!("{items}=sys$90")).await, [1]);
    assert_eq!(
        find(&format!("{items}=sys$60")).await,
        NONE,
        "of the other item"
    );
    assert_eq!(find("code-value-quantity=sys$gt130").await, [2]);
    assert_eq!(find("combo-code-value-quantity=sys$gt130").await, [0, 2]);
    assert_eq!(find("combo-code=sys").await, [0, 1, 2]);
    assert_eq!(
        find(&format!("{items}=sys$gt200,dia$lt70")).await,
        [1],
        "alternatives"
    );
}

pub async fn items_go_with_their_resource(world: Shared) {
    let finding = |value: u32| {
        format!(
            r#"{{"resourceType":"Observation","component":[{{"code":{{"coding":[{{"code":"sys"}}]}},"valueQuantity":{{"value":{value}}}}}]}}"#
        )
    };
    let marta = world.person("Nowak", "Marta").await;
    let class = || ordinary(Category::Documents);
    let id = world.contribute(marta, &finding(90), class()).await;
    world
        .update(marta, id, 2, &finding(140), class())
        .await
        .unwrap();
    let permit = world.own_permit(marta.id).await;
    let find = async |query: &str| world.search(&permit, "Observation", query).await;
    assert_eq!(find("component-code-value-quantity=sys$90").await, []);
    assert_eq!(find("component-code-value-quantity=sys$140").await, [id]);
}

pub async fn a_composite_of_which_nothing_is_indexed_finds_nothing(world: Shared) {
    let told = told(
        &world,
        &[r#"{"resourceType":"Observation","status":"final"}"#],
    )
    .await;
    let find = async |query: &str| told.find(&world, "Observation", query).await;
    // Neither the code's system nor any item of a component was ever seen.
    let items = "component-code-value-concept";
    assert_eq!(
        find(&format!("{items}=urn:never|a$urn:never|b")).await,
        NONE
    );
    assert_eq!(find(&format!("{items}:missing=true")).await, [0]);
}

pub async fn what_cannot_be_compared_is_there_all_the_same(world: Shared) {
    let told = told(
        &world,
        &[
            r#"{"resourceType":"Procedure","performedString":"2027, in spring"}"#,
            r#"{"resourceType":"Procedure","performedString":"2027"}"#,
            r#"{"resourceType":"Procedure"}"#,
        ],
    )
    .await;
    let find = async |query: &str| told.find(&world, "Procedure", query).await;
    assert_eq!(find("date:missing=false").await, [0, 1]);
    assert_eq!(find("date:missing=true").await, [2]);
    assert_eq!(find("date=2027").await, NONE, "words are no date");
}

pub async fn a_parameter_of_one_type_misses_references_to_others(world: Shared) {
    let (clinic, doctor) = (world.id(), world.id());
    let at = |actor: String| {
        format!(
            r#"{{"resourceType":"Appointment","participant":[{{"actor":{{"reference":"{actor}"}}}}]}}"#
        )
    };
    let told = told(
        &world,
        &[
            &at(format!("Location/{clinic}")),
            &at(format!("Practitioner/{doctor}")),
        ],
    )
    .await;
    let find = async |query: &str| told.find(&world, "Appointment", query).await;
    assert_eq!(find("location:missing=false").await, [0]);
    assert_eq!(find("location:missing=true").await, [1]);
    assert_eq!(find("actor:missing=true").await, NONE);
}

pub async fn words_of_codes_identifiers_of_types_and_codes_of_sets(world: Shared) {
    let told = told(
        &world,
        &[
            r#"{"resourceType":"Condition","code":{"text":"Chest pain","coding":[{"system":"urn:s","code":"1","display":"Angina"}]},
                "clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"relapse"}]},
                "identifier":[{"system":"urn:a","value":"7","type":{"coding":[{"system":"urn:t","code":"MR"}]}}]}"#,
            r#"{"resourceType":"Condition","code":{"text":"Cough"},
                "clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"resolved"}]},
                "identifier":[{"system":"urn:a","value":"7","type":{"coding":[{"system":"urn:t","code":"DL"}]}}],
                "encounter":{"identifier":{"system":"urn:visits","value":"v1"}}}"#,
        ],
    )
    .await;
    let find = async |query: &str| told.find(&world, "Condition", query).await;
    assert_eq!(find("code:text=chest").await, [0]);
    assert_eq!(find("code:text=ANGINA").await, [0]);
    assert_eq!(find("code=Chest pain").await, NONE);
    assert_eq!(
        find("code:missing=false").await,
        [0, 1],
        "words are a value"
    );
    assert_eq!(find("identifier=7").await, [0, 1]);
    assert_eq!(find("identifier:of-type=urn:t|MR|7").await, [0]);
    assert_eq!(find("identifier:of-type=urn:t|MR|8").await, NONE);
    let system = "http://terminology.hl7.org/CodeSystem/condition-clinical";
    let below = format!("clinical-status:below={system}|active");
    assert_eq!(find(&below).await, [0]);
    let above = format!("clinical-status:above={system}|resolved");
    assert_eq!(find(&above).await, [1]);
    let set = "http://hl7.org/fhir/ValueSet/condition-clinical";
    assert_eq!(find(&format!("clinical-status:in={set}")).await, [0, 1]);
    assert_eq!(find(&format!("clinical-status:not-in={set}")).await, NONE);
    assert_eq!(find("encounter:identifier=urn:visits|v1").await, [1]);
    assert_eq!(find("encounter:identifier=v2").await, NONE);
    assert_eq!(find("encounter:missing=false").await, [1]);
}

pub async fn a_plain_code_is_of_the_system_that_its_element_implies(world: Shared) {
    let final_one = r#"{"resourceType":"Observation","status":"final"}"#;
    let told = told(&world, &[final_one]).await;
    let find = async |query: &str| told.find(&world, "Observation", query).await;
    let system = "http://hl7.org/fhir/observation-status";
    assert_eq!(find(&format!("status={system}|final")).await, [0]);
    assert_eq!(find("status=urn:another|final").await, NONE);
    assert_eq!(find(&format!("status={system}|draft")).await, NONE);
}

pub async fn whoever_is_not_said_to_have_died_is_alive(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let permit = world.own_permit(marta.id).await;
    let find = async |query: &str| world.search(&permit, "Patient", query).await;
    assert_eq!(find("deceased=false").await, [marta.patient]);
    assert_eq!(find("deceased=true").await, []);
}

pub async fn a_uri_is_found_with_what_is_above_and_below_it(world: Shared) {
    let mut written = Vec::new();
    for url in [
        "http://example.org/a",
        "http://example.org/a/b",
        "http://example.org/ab",
    ] {
        let id = world.id();
        let json = format!(r#"{{"resourceType":"ValueSet","url":"{url}"}}"#);
        let version = world.directory_version(id, 1, &json, ordinary(Category::Network));
        let write = Write::Version(Box::new(version));
        world.write(vec![write]).await.unwrap();
        written.push(id);
    }
    let find = async |query: &str| {
        let query = ask("ValueSet", query);
        let mut snapshot = world.snapshot().await;
        let page = snapshot.directory_search(&query, &first(9)).await;
        let found = ids(&page.unwrap());
        let place = |id: &ResourceId| written.iter().position(|known| known == id).unwrap();
        found.iter().map(place).collect::<Vec<_>>()
    };
    assert_eq!(find("url=http://example.org/a").await, [0]);
    assert_eq!(find("url:below=http://example.org/a").await, [0, 1]);
    assert_eq!(find("url:above=http://example.org/a/b").await, [0, 1]);
    assert_eq!(find("url:above=http://example.org/ab").await, [2]);
}

pub async fn a_place_is_found_by_how_far_away_it_is(world: Shared) {
    // Edinburgh and Leith lie 3 km apart, Glasgow 67 km away.
    let mut written = Vec::new();
    for (latitude, longitude) in [(55.9533, -3.1883), (55.9755, -3.1665), (55.8642, -4.2518)] {
        let id = world.id();
        let json = format!(
            r#"{{"resourceType":"Location","position":{{"latitude":{latitude},"longitude":{longitude}}}}}"#
        );
        let version = world.directory_version(id, 1, &json, ordinary(Category::Network));
        let write = Write::Version(Box::new(version));
        world.write(vec![write]).await.unwrap();
        written.push(id);
    }
    let find = async |query: &str| {
        let query = ask("Location", query);
        let mut snapshot = world.snapshot().await;
        let page = snapshot.directory_search(&query, &first(9)).await;
        page.unwrap().resources.len()
    };
    assert_eq!(find("near=55.9533|-3.1883|1|km").await, 1);
    assert_eq!(
        find("near=55.9533|-3.1883").await,
        2,
        "10 km unless it says more"
    );
    assert_eq!(find("near=55.9533|-3.1883|66|km").await, 2);
    assert_eq!(find("near=55.9533|-3.1883|68|km").await, 3);
    assert_eq!(find("near=-55.9533|-3.1883|1000|km").await, 0);
}

pub async fn an_answer_is_sorted_by_any_parameter_and_pages_go_on(world: Shared) {
    let finding = |status: &str, value: &str| {
        format!(
            r#"{{"resourceType":"Observation","status":"{status}","valueQuantity":{{"value":{value}}}}}"#
        )
    };
    let told = told(
        &world,
        &[
            &finding("final", "3.5"),
            &finding("amended", "7"),
            r#"{"resourceType":"Observation","status":"final"}"#,
            &finding("final", "-1"),
            &finding("amended", "7"),
        ],
    )
    .await;
    for (sort, expected) in [
        ("value-quantity", [3, 0, 1, 4, 2]),
        ("-value-quantity", [4, 1, 0, 3, 2]),
        ("status,value-quantity", [1, 4, 3, 0, 2]),
        ("status,-value-quantity", [1, 4, 0, 3, 2]),
        ("-status", [3, 2, 0, 4, 1]),
    ] {
        for size in 1..=6 {
            let walked = walk(&world, &told, &format!("_sort={sort}"), size).await;
            assert_eq!(walked, expected, "{sort} in pages of {size}");
        }
    }
}

async fn walk(world: &World, told: &Told, query: &str, size: u32) -> Vec<usize> {
    let query = ask("Observation", query);
    let mut page: PageRequest = first(size);
    let mut walked = Vec::new();
    loop {
        let mut snapshot = world.snapshot().await;
        let got = snapshot.search(&told.permit, &query, &page).await;
        let got = got.unwrap();
        let place = |id: &ResourceId| told.ids.iter().position(|known| known == id).unwrap();
        walked.extend(ids(&got).iter().map(place));
        page.after = got.next;
        if page.after.is_none() {
            return walked;
        }
    }
}
