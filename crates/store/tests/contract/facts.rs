//! What is said of people that decisions turn on, and how it parts label classes.

use domain::authority::{Tie, TieKind};
use domain::consent::{Consent, ConsentScope, ConsentStatus, Provision, ProvisionType};
use domain::restriction::{RiskKind, RiskMarker};
use domain::{Category, Fact, ItemId, Moment, PartyId, Timestamp};
use store::{Error, Expect, NewFacts, StoredFacts, SubjectKeys, Write};

use crate::Shared;
use crate::world::{MORNING, Person, World, ordinary, subject};

const NOTE: &str = r#"{"resourceType":"Observation","status":"final"}"#;

fn said(of: Person, evidence: domain::ResourceId, facts: Vec<Fact>) -> Write {
    Write::Facts(NewFacts {
        subject: of.patient,
        evidence,
        organisation: "practice".into(),
        said_by: "amina".to_owned(),
        said_at: MORNING,
        facts,
    })
}

fn tie(kind: TieKind) -> Fact {
    Fact::Tie(Tie {
        party: PartyId::new("piotr"),
        kind,
    })
}

fn risk() -> Fact {
    Fact::Risk(RiskMarker {
        kind: RiskKind::Coercion,
        from_party: None,
        since: Moment(MORNING),
        until: None,
    })
}

async fn version(world: &World, of: Person) -> u64 {
    world.facts(of.id).await.homes[0].1
}

pub async fn what_is_said_is_among_the_facts_and_moves_them_only_if_it_differs(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let id = world.id();
    let seen = world.facts(marta.id).await.homes.clone();
    let first = tie(TieKind::Friend);
    world
        .write(vec![said(marta, id, vec![first.clone()])])
        .await
        .unwrap();
    assert_eq!(world.facts(marta.id).await.circumstances.ties.len(), 1);
    let mut snapshot = world.snapshot().await;
    let by = StoredFacts {
        subject: marta.patient,
        organisation: "practice".into(),
        facts: vec![first.clone()],
    };
    assert_eq!(snapshot.said(&id).await.unwrap(), Some(by));

    // Whoever decided before it was said decides again.
    let expect = Expect {
        homes: seen,
        ..Expect::default()
    };
    let entry = world.entry(marta.home, 1, 1);
    let late = world.log(vec![entry], expect).await;
    assert!(matches!(late, Err(Error::Stale)));

    let before = version(&world, marta).await;
    world
        .write(vec![said(marta, id, vec![first])])
        .await
        .unwrap();
    assert_eq!(version(&world, marta).await, before);
    world
        .write(vec![said(marta, id, vec![tie(TieKind::Carer)])])
        .await
        .unwrap();
    assert_eq!(version(&world, marta).await, before + 1);
    world
        .write(vec![said(marta, id, Vec::new())])
        .await
        .unwrap();
    assert_eq!(version(&world, marta).await, before + 2);
    assert!(world.facts(marta.id).await.circumstances.ties.is_empty());
}

fn power(holder: domain::PersonId) -> Fact {
    let power = format!(r#"{{"authority": {{"holder": "{holder}", "kind": "guardian"}}}}"#);
    serde_json::from_str(&power).unwrap()
}

pub async fn whoever_acts_is_found_by_who_they_are_and_no_longer_once_it_is_taken_back(
    world: Shared,
) {
    let marta = world.person("Nowak", "Marta").await;
    let piotr = world.person("Nowak", "Piotr").await;
    let jan = world.person("Nowak", "Jan").await;
    let acted_for = |who: Person| {
        let world = world.clone();
        async move {
            let mut snapshot = world.snapshot().await;
            snapshot.acted_for(who.id).await.unwrap()
        }
    };
    let (first, second) = (world.id(), world.id());
    let says = |of: Person, id, facts| vec![said(of, id, facts)];
    let both = vec![power(piotr.id), tie(TieKind::Friend), power(jan.id)];
    world.write(says(marta, first, both)).await.unwrap();
    world
        .write(says(marta, second, vec![power(piotr.id)]))
        .await
        .unwrap();
    assert_eq!(acted_for(piotr).await, [marta.id]);
    assert_eq!(acted_for(jan).await, [marta.id]);
    assert_eq!(acted_for(marta).await, []);

    // One of two is taken back, the other changed to be another's.
    world
        .write(says(marta, first, vec![power(piotr.id)]))
        .await
        .unwrap();
    assert_eq!(acted_for(jan).await, []);
    world.write(says(marta, first, Vec::new())).await.unwrap();
    assert_eq!(acted_for(piotr).await, [marta.id]);
    world
        .write(says(marta, second, vec![power(jan.id)]))
        .await
        .unwrap();
    assert_eq!(acted_for(piotr).await, []);
    assert_eq!(acted_for(jan).await, [marta.id]);
}

pub async fn after_a_parting_what_only_restrains_counts_for_both(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let martha = world.person("Nowak", "Martha").await;
    let placed = Person {
        home: marta.home,
        patient: world.id(),
        ..martha
    };
    let joined = |person| vec![subject(placed, person, SubjectKeys::default())];
    world.write(joined(marta.id)).await.unwrap();
    let facts = vec![tie(TieKind::Friend), risk()];
    world
        .write(vec![said(marta, world.id(), facts)])
        .await
        .unwrap();
    world.write(joined(martha.id)).await.unwrap();
    let known = |of: Person| {
        let world = world.clone();
        async move {
            let facts = world.facts(of.id).await;
            let known = &facts.circumstances;
            (known.ties.len(), known.risks.len())
        }
    };
    assert_eq!(known(marta).await, (1, 1));
    assert_eq!(known(martha).await, (0, 1));
}

pub async fn a_boundary_in_time_parts_a_class_and_the_mask_names_its_rows(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    world.register_with_practice(marta).await;
    let documents = || ordinary(Category::Documents);
    let early = world.contribute(marta, NOTE, documents()).await;
    let noon = MORNING.plus_seconds(3 * 3600);
    world.clock.set(noon);
    let late = world.contribute(marta, NOTE, documents()).await;
    let whole = world.doctor_permit(marta.id).await;
    assert_eq!(world.search(&whole, "Observation", "").await, [early, late]);

    let consent = refusing_what_was_written_from(noon);
    world
        .write(vec![said(marta, world.id(), vec![consent])])
        .await
        .unwrap();
    let facts = world.facts(marta.id).await;
    let resources: Vec<_> = facts
        .cells
        .iter()
        .map(|cell| cell.resources.clone())
        .collect();
    assert!(
        resources.contains(&vec![early]) && resources.contains(&vec![late]),
        "{resources:?}"
    );
    let permit = world.doctor_permit(marta.id).await;
    assert!(permit.mask().with.contains(&early));
    assert_eq!(world.search(&permit, "Observation", "").await, [early]);
    let mut snapshot = world.snapshot().await;
    let hidden = snapshot.read(&permit, "Observation", &late).await.unwrap();
    assert!(hidden.is_none());

    // What comes later falls on one side of the boundary without anything being said anew.
    let later = world.contribute(marta, NOTE, documents()).await;
    let permit = world.doctor_permit(marta.id).await;
    assert!(!permit.mask().with.contains(&later));
    assert_eq!(world.search(&permit, "Observation", "").await, [early]);
}

fn refusing_what_was_written_from(from: Timestamp) -> Fact {
    Fact::Consent(Box::new(Consent {
        id: ItemId::new("consent"),
        status: ConsentStatus::Active,
        scope: ConsentScope::PatientPrivacy,
        given: Moment(MORNING),
        withdrawn: None,
        supersedes: None,
        by: None,
        provision: Provision {
            kind: ProvisionType::Deny,
            from: None,
            until: None,
            actors: Vec::new(),
            purposes: Default::default(),
            confidentiality: None,
            sensitivities: Default::default(),
            categories: [Category::Documents].into(),
            codes: Default::default(),
            items: Default::default(),
            authors: Default::default(),
            written_from: Some(Moment(from)),
            written_before: None,
            not_understood: Vec::new(),
            provisions: Vec::new(),
        },
    }))
}
