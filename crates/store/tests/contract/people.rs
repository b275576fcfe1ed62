//! Subjects, links, and the facts that decisions rest on.

use domain::{
    Audience, Bar, Category, HomeId, Lock, Objection, PersonId, Relationship, RelationshipKind,
    ResourceId, Scope, Timestamp,
};
use store::{Protection, SubjectKeys, Write};

use crate::Shared;
use crate::world::{MORNING, Person, World, about_another, ordinary, subject};

const NOTE: &str = r#"{"resourceType":"Observation","status":"final"}"#;

async fn version_of(world: &World, person: Person) -> u64 {
    let facts = world.facts(person.id).await;
    let home = facts.homes.iter().find(|(home, _)| *home == person.home);
    home.unwrap().1
}

fn involved(worker: &str, evidence: ResourceId) -> Relationship {
    Relationship {
        kind: RelationshipKind::Caseload,
        organisation: "practice".into(),
        team: None,
        worker: Some(worker.into()),
        since: Timestamp(0),
        until: None,
        evidence: Some(evidence),
    }
}

pub async fn facts_are_whole_and_sorted(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let evidence = world.id();
    let note = world
        .contribute(marta, NOTE, ordinary(Category::Documents))
        .await;
    let objection = Objection {
        audience: Audience::Worker("zoe".into()),
        scope: Scope::Resource(note),
        purpose: None,
        since: MORNING,
        until: None,
        evidence,
    };
    let bar = Bar {
        worker: "mallory".into(),
        since: MORNING,
        lifted: None,
    };
    world
        .write(vec![
            Write::Evidenced {
                home: marta.home,
                evidence,
                relationships: vec![involved("zoe", evidence), involved("amina", evidence)],
                objections: vec![objection.clone()],
            },
            Write::Bar {
                home: marta.home,
                bar: bar.clone(),
            },
        ])
        .await
        .unwrap();

    let facts = world.facts(marta.id).await;
    assert_eq!(facts.person, marta.id);
    assert!(!facts.protected);
    assert_eq!(
        facts.relationships,
        [involved("amina", evidence), involved("zoe", evidence)]
    );
    assert_eq!(facts.objections, [objection]);
    assert_eq!(facts.bars, [bar]);
    let classes: Vec<_> = facts
        .classes
        .iter()
        .map(|(_, class)| class.clone())
        .collect();
    assert_eq!(
        classes,
        [
            ordinary(Category::Demographics),
            ordinary(Category::Documents)
        ]
    );
    assert_eq!(facts.named, [(note, facts.classes[1].0)]);
    assert_eq!(facts.only_locked, []);
    let mut snapshot = world.snapshot().await;
    let class = snapshot.class(facts.classes[1].0).await.unwrap();
    assert_eq!(class, Some(ordinary(Category::Documents)));
}

pub async fn facts_of_an_unknown_person_are_absent(world: Shared) {
    let mut snapshot = world.snapshot().await;
    let nobody = PersonId([1; 16]);
    assert_eq!(snapshot.facts(nobody).await.unwrap(), None);
    assert_eq!(snapshot.subjects(nobody).await.unwrap(), []);
    assert_eq!(
        snapshot.person_of(&ResourceId([1; 16])).await.unwrap(),
        None
    );
}

pub async fn facts_move_only_when_they_differ(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let evidence = world.id();
    let before = version_of(&world, marta).await;
    let say = async |relationships: Vec<Relationship>| {
        world
            .write(vec![Write::Evidenced {
                home: marta.home,
                evidence,
                relationships,
                objections: Vec::new(),
            }])
            .await
            .unwrap();
        version_of(&world, marta).await
    };
    let (amina, zoe) = (involved("amina", evidence), involved("zoe", evidence));
    assert_eq!(say(vec![]).await, before, "there was nothing to take away");
    assert_eq!(say(vec![amina.clone(), zoe.clone()]).await, before + 1);
    assert_eq!(
        say(vec![zoe.clone(), amina]).await,
        before + 1,
        "the same in another order"
    );
    assert_eq!(say(vec![zoe]).await, before + 2);
    assert_eq!(say(vec![]).await, before + 3);
}

pub async fn a_class_that_comes_or_goes_moves_the_facts(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let documents = ordinary(Category::Documents);
    let before = version_of(&world, marta).await;

    let id = world.contribute(marta, NOTE, documents.clone()).await;
    assert_eq!(version_of(&world, marta).await, before + 1, "a class came");
    let other = world.contribute(marta, NOTE, documents.clone()).await;
    assert_eq!(version_of(&world, marta).await, before + 1, "it was there");
    world
        .update(marta, id, 2, NOTE, documents.clone())
        .await
        .unwrap();
    assert_eq!(version_of(&world, marta).await, before + 1, "it stayed");
    for (id, version) in [(id, 3), (other, 2)] {
        let deletion = world.deletion(marta, id, version, "Observation", documents.clone());
        world
            .write(vec![Write::Version(Box::new(deletion))])
            .await
            .unwrap();
    }
    assert_eq!(version_of(&world, marta).await, before + 2, "it went");
    let facts = world.facts(marta.id).await;
    assert_eq!(facts.classes.len(), 1);
}

pub async fn linking_two_records_moves_the_facts_of_both(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let other = world.person("Nowak", "Martha").await;
    let bar = Bar {
        worker: "mallory".into(),
        since: MORNING,
        lifted: None,
    };
    world
        .write(vec![Write::Bar {
            home: other.home,
            bar: bar.clone(),
        }])
        .await
        .unwrap();
    let before = (
        version_of(&world, marta).await,
        version_of(&world, other).await,
    );

    world
        .write(vec![subject(other, marta.id, SubjectKeys::default())])
        .await
        .unwrap();

    let facts = world.facts(marta.id).await;
    // Hers stands first: her chain is kept under it, whoever else is taken for her.
    let homes = [(marta.home, before.0 + 1), (other.home, before.1 + 1)];
    assert_eq!(facts.homes, homes);
    assert_eq!(
        facts.bars,
        [bar],
        "what held for one part holds for the whole"
    );
    let mut snapshot = world.snapshot().await;
    assert_eq!(snapshot.facts(other.id).await.unwrap(), None);
    assert_eq!(
        snapshot.person_of(&other.patient).await.unwrap(),
        Some(marta.id)
    );
    let subjects = snapshot.subjects(marta.id).await.unwrap();
    let patients: Vec<_> = subjects.iter().map(|subject| subject.id).collect();
    assert_eq!(patients, [marta.patient, other.patient]);
}

pub async fn a_linked_record_is_read_across_its_homes(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let other = world.person("Nowak", "Martha").await;
    let here = world
        .contribute(marta, NOTE, ordinary(Category::Documents))
        .await;
    let there = world
        .contribute(other, NOTE, ordinary(Category::Documents))
        .await;
    world
        .write(vec![subject(other, marta.id, SubjectKeys::default())])
        .await
        .unwrap();

    let permit = world.own_permit(marta.id).await;
    assert_eq!(
        world.search(&permit, "Observation", "status=final").await,
        [here, there]
    );
    let mut snapshot = world.snapshot().await;
    assert!(
        snapshot
            .read(&permit, "Observation", &there)
            .await
            .unwrap()
            .is_some()
    );
}

pub async fn a_class_of_which_every_row_is_locked_is_said_to_be(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let documents = ordinary(Category::Documents);
    let id = world.contribute(marta, NOTE, documents.clone()).await;
    let lock = Lock {
        resource: id,
        holder: "hospital".into(),
        team: None,
        since: MORNING,
    };
    world
        .write(vec![Write::Lock {
            home: marta.home,
            lock: lock.clone(),
        }])
        .await
        .unwrap();
    let facts = world.facts(marta.id).await;
    let class = facts.classes[1].0;
    assert_eq!(facts.locks, [lock]);
    assert_eq!(facts.named, [(id, class)]);
    assert_eq!(facts.only_locked, [class]);

    // A second row of the class, not locked, moves the facts though the class was there.
    world.contribute(marta, NOTE, documents).await;
    let facts = world.facts(marta.id).await;
    assert_eq!(facts.only_locked, []);

    // And so does a new label of the locked row.
    let other = about_another(Category::Documents);
    world
        .update(marta, id, 2, NOTE, other.clone())
        .await
        .unwrap();
    let facts = world.facts(marta.id).await;
    let class = facts
        .classes
        .iter()
        .find(|(_, class)| *class == other)
        .unwrap()
        .0;
    assert_eq!(facts.named, [(id, class)]);
    assert_eq!(facts.only_locked, [class]);
}

pub async fn an_objection_to_a_single_resource_holds_across_homes(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let other = world.person("Nowak", "Martha").await;
    world
        .write(vec![subject(other, marta.id, SubjectKeys::default())])
        .await
        .unwrap();
    let documents = ordinary(Category::Documents);
    world.contribute(other, NOTE, documents.clone()).await;
    let about_it = about_another(Category::Documents);
    world.contribute(other, NOTE, about_it.clone()).await;
    let id = world.contribute(other, NOTE, documents).await;

    // The objection is recorded in one home, the resource lives in the other.
    let objection = Objection {
        audience: Audience::Everyone,
        scope: Scope::Resource(id),
        purpose: None,
        since: MORNING,
        until: None,
        evidence: world.id(),
    };
    world
        .write(vec![Write::Evidenced {
            home: marta.home,
            evidence: objection.evidence,
            relationships: Vec::new(),
            objections: vec![objection],
        }])
        .await
        .unwrap();
    let label = async || {
        let facts = world.facts(marta.id).await;
        facts.class_of(id).map(|(_, label)| label.clone())
    };
    assert_eq!(label().await, Some(ordinary(Category::Documents)));

    // No class comes or goes with this update, and yet the facts move.
    world
        .update(other, id, 2, NOTE, about_it.clone())
        .await
        .unwrap();
    assert_eq!(label().await, Some(about_it));
}

pub async fn a_relationship_counts_for_the_person_whose_resource_proves_it(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let twin = Person {
        id: PersonId(world.draw()),
        home: marta.home,
        patient: world.id(),
    };
    world
        .write(vec![subject(twin, twin.id, SubjectKeys::default())])
        .await
        .unwrap();
    let proof = world
        .contribute(twin, NOTE, ordinary(Category::Encounters))
        .await;
    world
        .write(vec![Write::Evidenced {
            home: marta.home,
            evidence: proof,
            relationships: vec![involved("amina", proof)],
            objections: Vec::new(),
        }])
        .await
        .unwrap();

    assert_eq!(world.facts(marta.id).await.relationships, []);
    assert_eq!(
        world.facts(twin.id).await.relationships,
        [involved("amina", proof)]
    );
}

pub async fn protection_is_a_fact_of_the_home(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let before = version_of(&world, marta).await;
    let set = async |protection| {
        let home = marta.home;
        world
            .write(vec![Write::Protect { home, protection }])
            .await
            .unwrap();
        (
            world.facts(marta.id).await.protected,
            version_of(&world, marta).await,
        )
    };
    assert_eq!(set(Protection::Protected).await, (true, before + 1));
    assert_eq!(set(Protection::Protected).await, (true, before + 1));
    assert_eq!(set(Protection::Ordinary).await, (false, before + 2));
}

pub async fn home_keys_and_decision_facts_are_kept_as_given(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let keep = |sealed: &[u8]| Write::DecisionFacts {
        home: marta.home,
        digest: [5; 32],
        sealed: sealed.to_vec(),
    };
    let before = version_of(&world, marta).await;
    world.write(vec![keep(b"first")]).await.unwrap();
    world.write(vec![keep(b"second")]).await.unwrap();
    assert_eq!(version_of(&world, marta).await, before);

    let mut snapshot = world.snapshot().await;
    let kept = snapshot.decision_facts(marta.home, &[5; 32]).await.unwrap();
    assert_eq!(kept.as_deref(), Some(b"first".as_slice()));
    assert_eq!(
        snapshot.decision_facts(marta.home, &[6; 32]).await.unwrap(),
        None
    );
    let key = snapshot.home_key(marta.home).await.unwrap();
    assert_eq!(key.as_deref(), Some(b"wrapped key".as_slice()));
    assert_eq!(snapshot.home_key(HomeId([1; 16])).await.unwrap(), None);
    assert_eq!(snapshot.home_key(HomeId::DIRECTORY).await.unwrap(), None);
}
