//! Finding who could be meant.

use domain::PersonId;
use policy::Internal;
use store::{FindKeys, Found, SubjectKeys};

use crate::Shared;
use crate::world::{Person, World, subject};

fn keys(names: &[&str], birth_date: Option<&str>, identifiers: &[(&str, &str)]) -> SubjectKeys {
    SubjectKeys {
        names: names.iter().map(|&name| name.to_owned()).collect(),
        birth_date: birth_date.map(str::to_owned),
        identifiers: identifiers
            .iter()
            .map(|(system, value)| ((*system).to_owned(), (*value).to_owned()))
            .collect(),
        postcode: Some("nb12ab".to_owned()),
    }
}

fn by(names: &[&str], birth_date: Option<&str>, identifiers: &[(&str, &str)]) -> FindKeys {
    let keys = keys(names, birth_date, identifiers);
    FindKeys {
        identifiers: keys.identifiers,
        names: keys.names,
        birth_date: keys.birth_date,
    }
}

async fn known(world: &World, keys: SubjectKeys) -> Person {
    let person = world.person("Unnamed", "Unnamed").await;
    world
        .write(vec![subject(person, person.id, keys)])
        .await
        .unwrap();
    person
}

async fn found(world: &World, keys: &FindKeys) -> Vec<Found> {
    let mut snapshot = world.snapshot().await;
    snapshot.find(Internal::MatchIndex, keys, 20).await.unwrap()
}

async fn who(world: &World, keys: &FindKeys) -> Vec<PersonId> {
    let found = found(world, keys).await;
    found.into_iter().map(|found| found.person).collect()
}

pub async fn people_are_found_by_identifier_with_or_without_its_system(world: Shared) {
    let marta = known(
        &world,
        keys(&["nowak", "marta"], None, &[("chi", "0903471234")]),
    )
    .await;
    let jo = known(
        &world,
        keys(&["reid", "jo"], None, &[("swift", "0903471234")]),
    )
    .await;

    let with = |system| by(&[], None, &[(system, "0903471234")]);
    assert_eq!(who(&world, &with("chi")).await, [marta.id]);
    assert_eq!(who(&world, &with("swift")).await, [jo.id]);
    assert_eq!(who(&world, &with("")).await, [marta.id, jo.id]);
    assert_eq!(who(&world, &with("nhs")).await, []);
    assert_eq!(who(&world, &by(&[], None, &[("chi", "0903")])).await, []);
}

pub async fn people_are_found_by_all_parts_of_a_name_and_birth_date(world: Shared) {
    let born = Some("1947-03-09");
    let marta = known(&world, keys(&["nowak", "marta"], born, &[])).await;
    let undated = known(&world, keys(&["nowak", "marta"], None, &[])).await;
    known(&world, keys(&["nowak", "piotr"], born, &[])).await;
    known(&world, keys(&["nowak", "marta"], Some("1980-01-01"), &[])).await;

    let both = [marta.id, undated.id];
    assert_eq!(who(&world, &by(&["nowak", "marta"], born, &[])).await, both);
    assert_eq!(
        who(&world, &by(&["now", "mar"], born, &[])).await,
        both,
        "beginnings of names"
    );
    assert_eq!(who(&world, &by(&["nowak"], born, &[])).await.len(), 3);
    assert_eq!(
        who(&world, &by(&["marta"], None, &[])).await.len(),
        3,
        "any birth date"
    );
    assert_eq!(who(&world, &by(&["owak"], born, &[])).await, []);
    assert_eq!(
        who(&world, &by(&[], born, &[])).await,
        [],
        "a birth date alone finds nobody"
    );
}

pub async fn everyone_found_comes_with_all_their_subjects(world: Shared) {
    let marta = known(&world, keys(&["nowak", "marta"], None, &[])).await;
    let other = known(
        &world,
        keys(&["nowak", "martha"], None, &[("chi", "0903471234")]),
    )
    .await;
    let linked = keys(&["nowak", "martha"], None, &[("chi", "0903471234")]);
    world
        .write(vec![subject(other, marta.id, linked.clone())])
        .await
        .unwrap();

    let found = found(&world, &by(&[], None, &[("chi", "0903471234")])).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].person, marta.id);
    let subjects = &found[0].subjects;
    assert_eq!(
        (subjects[0].0.id, &subjects[0].1),
        (other.patient, &linked),
        "the match first"
    );
    assert_eq!(subjects[1].0.id, marta.patient);
}

pub async fn a_renamed_person_is_no_longer_found_by_the_old_keys(world: Shared) {
    let marta = known(&world, keys(&["smith"], None, &[("chi", "1")])).await;
    let renamed = keys(&["nowak"], None, &[("chi", "2")]);
    world
        .write(vec![subject(marta, marta.id, renamed)])
        .await
        .unwrap();
    assert_eq!(
        who(&world, &by(&["smith"], None, &[("chi", "1")])).await,
        []
    );
    assert_eq!(who(&world, &by(&["nowak"], None, &[])).await, [marta.id]);
    assert_eq!(
        who(&world, &by(&[], None, &[("chi", "2")])).await,
        [marta.id]
    );
}

pub async fn no_more_people_than_asked_for(world: Shared) {
    for _ in 0..5 {
        known(&world, keys(&["nowak"], None, &[("chi", "same")])).await;
    }
    let mut snapshot = world.snapshot().await;
    for keys in [by(&["nowak"], None, &[]), by(&[], None, &[("chi", "same")])] {
        let found = snapshot.find(Internal::MatchIndex, &keys, 3).await.unwrap();
        assert_eq!(found.len(), 3);
    }
}
