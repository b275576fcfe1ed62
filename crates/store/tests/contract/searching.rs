//! Search conditions, each with what it finds and what it does not.

use domain::{Category, ResourceId};
use policy::Permit;
use store::Write;

use crate::Shared;
use crate::world::{Person, World, all, ask, ids, ordinary};

const NONE: [usize; 0] = [];

/// A person with some contributions, and the permit to search them.
struct Record {
    person: Person,
    permit: Permit,
    ids: Vec<ResourceId>,
}

async fn record(world: &World, resources: &[&str]) -> Record {
    let person = world.person("Nowak", "Marta").await;
    let mut ids = Vec::new();
    for json in resources {
        let documents = ordinary(Category::Documents);
        ids.push(world.contribute(person, json, documents).await);
    }
    let permit = world.own_permit(person.id).await;
    Record {
        person,
        permit,
        ids,
    }
}

impl Record {
    /// Which of the contributions a query finds, by their place.
    async fn find(&self, world: &World, rtype: &str, query: &str) -> Vec<usize> {
        let found = world.search(&self.permit, rtype, query).await;
        let place = |id: &ResourceId| self.ids.iter().position(|known| known == id).unwrap();
        found.iter().map(place).collect()
    }
}

fn observation(coding: &str, rest: &str) -> String {
    format!(r#"{{"resourceType":"Observation","code":{{"coding":[{coding}]}}{rest}}}"#)
}

pub async fn codes_are_found_with_and_without_their_system(world: Shared) {
    let loinc = observation(r#"{"system":"http://loinc.org","code":"8867-4"}"#, "");
    let local = observation(r#"{"system":"urn:local","code":"8867-4"}"#, "");
    let bare = observation(r#"{"code":"8867-4"}"#, "");
    let other = observation(r#"{"system":"http://loinc.org","code":"9999-9"}"#, "");
    let record = record(&world, &[&loinc, &local, &bare, &other]).await;

    let find = async |query: &str| record.find(&world, "Observation", query).await;
    assert_eq!(find("code=8867-4").await, [0, 1, 2]);
    assert_eq!(find("code=http://loinc.org|8867-4").await, [0]);
    assert_eq!(find("code=|8867-4").await, [2]);
    assert_eq!(find("code=http://loinc.org|").await, [0, 3]);
    assert_eq!(
        find("code=urn:local|8867-4,http://loinc.org|9999-9").await,
        [1, 3]
    );
    assert_eq!(find("code=urn:never-seen|8867-4").await, NONE);
    assert_eq!(find("code=8867").await, NONE);
}

pub async fn not_finds_what_has_no_such_code(world: Shared) {
    let one = observation(r#"{"code":"a"}"#, "");
    let both = observation(r#"{"code":"a"},{"code":"b"}"#, "");
    let none = r#"{"resourceType":"Observation"}"#;
    let record = record(&world, &[&one, &both, none]).await;

    let find = async |query: &str| record.find(&world, "Observation", query).await;
    assert_eq!(find("code:not=b").await, [0, 2]);
    assert_eq!(find("code:not=a,b").await, [2]);
    assert_eq!(find("code:not=never-seen").await, [0, 1, 2]);
}

pub async fn dates_compare_as_ranges(world: Shared) {
    let on = |date: &str| {
        observation(
            r#"{"code":"x"}"#,
            &format!(r#","effectiveDateTime":"{date}""#),
        )
    };
    let january = on("2027-01");
    let monday = on("2027-01-04T09:30:00Z");
    let stay = observation(
        r#"{"code":"x"}"#,
        r#","effectivePeriod":{"start":"2027-01-20","end":"2027-02-10"}"#,
    );
    let open = observation(
        r#"{"code":"x"}"#,
        r#","effectivePeriod":{"start":"2027-02-01"}"#,
    );
    let record = record(&world, &[&january, &monday, &stay, &open]).await;

    let find = async |query: &str| record.find(&world, "Observation", query).await;
    assert_eq!(find("date=2027-01").await, [0, 1]);
    assert_eq!(find("date=2027-01-04").await, [1]);
    assert_eq!(find("date=ne2027-01").await, [2, 3]);
    assert_eq!(find("date=gt2027-01-31").await, [2, 3]);
    assert_eq!(find("date=lt2027-01-02").await, [0]);
    assert_eq!(find("date=ge2027-01").await, [0, 1, 2, 3]);
    assert_eq!(find("date=le2027-01-04").await, [0, 1]);
    assert_eq!(find("date=sa2027-01-31").await, [3]);
    assert_eq!(find("date=eb2027-01-05").await, [1]);
    assert_eq!(find("date=ap2027-01-25").await, [0, 2]);
    assert_eq!(
        find("date=ge2027-01-04&date=lt2027-01-05").await,
        [0, 1],
        "each alone"
    );
}

pub async fn words_are_found_from_their_start_whole_or_anywhere(world: Shared) {
    let marta = world.person("Müller-Nowak", "Zoë").await;
    let permit = world.own_permit(marta.id).await;
    let finds = async |query: &str| {
        let found = world.search(&permit, "Patient", query).await;
        found == [marta.patient]
    };
    for query in [
        "family=muller",
        "family=MÜLLER-now",
        "given=zoe",
        "name=z",
        "family:contains=nowak",
    ] {
        assert!(finds(query).await, "{query}");
    }
    assert!(finds("family:exact=Müller-Nowak").await);
    for query in [
        "family=nowak",
        "family:exact=muller-nowak",
        "family:exact=Müller",
        "given=z%",
    ] {
        assert!(!finds(query).await, "{query}");
    }
}

pub async fn references_are_found_by_type_and_id(world: Shared) {
    let (ward, stay) = (world.id(), world.id());
    let elsewhere = "https://elsewhere.example/fhir/Encounter/e1";
    let here = observation(
        r#"{"code":"x"}"#,
        &format!(
            r#","encounter":{{"reference":"Encounter/{stay}"}},"performer":[{{"reference":"Organization/{ward}"}}]"#
        ),
    );
    let there = observation(
        r#"{"code":"x"}"#,
        &format!(r#","encounter":{{"reference":"{elsewhere}"}}"#),
    );
    let record = record(&world, &[&here, &there]).await;

    let find = async |query: String| record.find(&world, "Observation", &query).await;
    assert_eq!(find(format!("encounter=Encounter/{stay}")).await, [0]);
    assert_eq!(find(format!("encounter={stay}")).await, [0]);
    assert_eq!(find(format!("encounter={elsewhere}")).await, [1]);
    assert_eq!(find(format!("performer=Organization/{ward}")).await, [0]);
    assert_eq!(find(format!("performer=Practitioner/{ward}")).await, NONE);
    assert_eq!(find(format!("performer:Organization={ward}")).await, [0]);
}

pub async fn uris_are_found_exactly(world: Shared) {
    let letter = r#"{"resourceType":"DocumentReference",
        "content":[{"attachment":{"url":"urn:letter:1"}}]}"#;
    let record = record(&world, &[letter]).await;
    let find = async |query: &str| record.find(&world, "DocumentReference", query).await;
    assert_eq!(find("location=urn:letter:1").await, [0]);
    assert_eq!(find("location=urn:letter").await, NONE);
}

pub async fn missing_values_can_be_asked_for(world: Shared) {
    let dated = observation(r#"{"code":"a"}"#, r#","effectiveDateTime":"2027-01-04""#);
    let undated = r#"{"resourceType":"Observation"}"#;
    let record = record(&world, &[&dated, undated]).await;
    let find = async |query: &str| record.find(&world, "Observation", query).await;
    assert_eq!(find("date:missing=true").await, [1]);
    assert_eq!(find("date:missing=false").await, [0]);
    assert_eq!(find("code:missing=true").await, [1]);
    assert_eq!(find("encounter:missing=true").await, [0, 1]);
    assert_eq!(find("encounter:missing=false").await, NONE);
}

pub async fn ids_can_be_asked_for(world: Shared) {
    let plain = observation(r#"{"code":"x"}"#, "");
    let record = record(&world, &[&plain, &plain, &plain]).await;
    let query = format!("_id={},{},never-seen", record.ids[2], record.ids[0]);
    assert_eq!(record.find(&world, "Observation", &query).await, [0, 2]);
    assert_eq!(
        record.find(&world, "Observation", "_id=never-seen").await,
        NONE
    );
    assert_eq!(record.find(&world, "Condition", &query).await, NONE);
}

pub async fn conditions_must_all_hold(world: Shared) {
    let with = |code: &str, status: &str| {
        observation(
            &format!(r#"{{"code":"{code}"}}"#),
            &format!(r#","status":"{status}","effectiveDateTime":"2027-01-04""#),
        )
    };
    let (a, b, c) = (with("a", "final"), with("a", "draft"), with("b", "final"));
    let record = record(&world, &[&a, &b, &c]).await;
    let find = async |query: &str| record.find(&world, "Observation", query).await;
    assert_eq!(find("code=a&status=final").await, [0]);
    assert_eq!(find("code=a&status:not=final").await, [1]);
    assert_eq!(find("code=a&status=final&date=2026").await, NONE);
    assert_eq!(find("date=2027&status=final").await, [0, 2]);
}

pub async fn many_alternatives_are_one_condition(world: Shared) {
    let (a, b) = (
        observation(r#"{"code":"c7"}"#, ""),
        observation(r#"{"code":"c777"}"#, ""),
    );
    let record = record(&world, &[&a, &b]).await;
    let codes: Vec<String> = (0..900).map(|code| format!("c{code}")).collect();
    let all_codes = codes.join(",");
    let find = async |query: String| record.find(&world, "Observation", &query).await;
    assert_eq!(find(format!("code={all_codes}")).await, [0, 1]);
    assert_eq!(find(format!("code:not={all_codes}")).await, NONE);
}

pub async fn an_update_replaces_what_a_resource_is_found_by(world: Shared) {
    let (before, after) = (
        observation(r#"{"code":"a"}"#, ""),
        observation(r#"{"code":"b"}"#, ""),
    );
    let record = record(&world, &[&before]).await;
    let class = ordinary(Category::Documents);
    world
        .update(record.person, record.ids[0], 2, &after, class)
        .await
        .unwrap();
    assert_eq!(record.find(&world, "Observation", "code=a").await, NONE);
    assert_eq!(record.find(&world, "Observation", "code=b").await, [0]);
}

pub async fn directory_resources_are_found_apart_from_peoples(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let ward = r#"{"resourceType":"Location","name":"Ward 7","status":"active"}"#;
    let id = world.id();
    let class = ordinary(Category::Network);
    let version = world.directory_version(id, 1, ward, class.clone());
    world
        .write(vec![Write::Version(Box::new(version))])
        .await
        .unwrap();
    let martas = world.contribute(marta, ward, class).await;

    let mut snapshot = world.snapshot().await;
    let query = ask("Location", "name=ward");
    let found = snapshot.directory_search(&query, &all()).await.unwrap();
    assert_eq!(ids(&found), [id]);
    let read = snapshot.directory_read("Location", &id).await.unwrap();
    assert_eq!(read.map(|it| it.id), Some(id));
    let original = snapshot.directory_original("Location", &id).await.unwrap();
    assert_eq!(original.as_deref(), Some(ward.as_bytes()));
    assert!(
        snapshot
            .directory_read("Location", &martas)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        snapshot
            .directory_original("Location", &martas)
            .await
            .unwrap()
            .is_none()
    );
    drop(snapshot);
    let permit = world.own_permit(marta.id).await;
    assert_eq!(
        world.search(&permit, "Location", "name=ward").await,
        [martas]
    );
}
