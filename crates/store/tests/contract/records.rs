//! Resources, their versions and their originals.

use domain::Category;
use policy::Internal;
use store::{Error, Write};

use crate::Shared;
use crate::world::{all, ids, ordinary, text};

const PULSE: &str =
    r#"{ "resourceType":"Observation", "status":"final", "valueQuantity":{"value":107.50} }"#;

pub async fn a_resource_reads_back_as_it_is_served_and_as_it_was_received(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let id = world
        .contribute(marta, PULSE, ordinary(Category::Results))
        .await;
    let permit = world.own_permit(marta.id).await;

    let mut snapshot = world.snapshot().await;
    let pulse = snapshot.read(&permit, "Observation", &id).await.unwrap();
    let pulse = pulse.unwrap();
    assert_eq!(pulse.version, 1);
    assert_eq!(pulse.custodian.as_str(), "hospital");
    assert!(text(&pulse).contains(&format!(r#""id":"{id}""#)));
    assert!(text(&pulse).contains("107.50"));

    let original = snapshot
        .original(&permit, "Observation", &id)
        .await
        .unwrap();
    assert_eq!(original.as_deref(), Some(PULSE.as_bytes()));
}

pub async fn a_resource_is_found_under_its_own_type_only(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let id = world
        .contribute(marta, PULSE, ordinary(Category::Results))
        .await;
    let permit = world.own_permit(marta.id).await;

    let mut snapshot = world.snapshot().await;
    assert!(
        snapshot
            .read(&permit, "Condition", &id)
            .await
            .unwrap()
            .is_none()
    );
    assert!(snapshot.locate("Condition", &id).await.unwrap().is_none());
    assert!(
        snapshot
            .locate("NeverHeardOf", &id)
            .await
            .unwrap()
            .is_none()
    );
    let located = snapshot.locate("Observation", &id).await.unwrap().unwrap();
    assert_eq!(located.home, marta.home);
    assert_eq!(located.subject, Some(marta.patient));
    assert_eq!((located.version, located.deleted), (1, false));
}

pub async fn an_update_adds_a_version_and_the_earlier_one_stays(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let results = ordinary(Category::Results);
    let id = world.contribute(marta, PULSE, results.clone()).await;
    let amended = PULSE.replace("final", "amended");
    world.update(marta, id, 2, &amended, results).await.unwrap();
    let permit = world.own_permit(marta.id).await;

    let mut snapshot = world.snapshot().await;
    let now = snapshot.read(&permit, "Observation", &id).await.unwrap();
    assert_eq!(now.map(|it| it.version), Some(2));
    let first = snapshot
        .read_version(&permit, "Observation", &id, 1)
        .await
        .unwrap()
        .unwrap();
    assert!(text(&first).contains("final"));
    let third = snapshot.read_version(&permit, "Observation", &id, 3).await;
    assert!(third.unwrap().is_none());
}

pub async fn of_two_updates_of_one_version_one_is_refused(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let results = ordinary(Category::Results);
    let id = world.contribute(marta, PULSE, results.clone()).await;

    let (amended, corrected) = (
        PULSE.replace("final", "amended"),
        PULSE.replace("final", "corrected"),
    );
    let (amended, corrected) = tokio::join!(
        world.update(marta, id, 2, &amended, results.clone()),
        world.update(marta, id, 2, &corrected, results.clone()),
    );
    let outcomes = [amended, corrected];
    let refused = |it: &&Result<_, Error>| matches!(it, Err(Error::Conflict));
    assert_eq!(outcomes.iter().filter(refused).count(), 1);

    let again = world.update(marta, id, 1, PULSE, results).await;
    assert!(matches!(again, Err(Error::Conflict)));
}

pub async fn a_deleted_resource_reads_as_a_deletion_and_is_in_no_list(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let results = ordinary(Category::Results);
    let kept = world.contribute(marta, PULSE, results.clone()).await;
    let id = world.contribute(marta, PULSE, results.clone()).await;
    let deletion = world.deletion(marta, id, 2, "Observation", results);
    world
        .write(vec![Write::Version(Box::new(deletion))])
        .await
        .unwrap();
    let permit = world.own_permit(marta.id).await;

    let mut snapshot = world.snapshot().await;
    let gone = snapshot.read(&permit, "Observation", &id).await.unwrap();
    assert!(gone.is_some_and(|it| it.is_deletion() && it.version == 2));
    assert!(
        snapshot
            .original(&permit, "Observation", &id)
            .await
            .unwrap()
            .is_none()
    );
    let located = snapshot.locate("Observation", &id).await.unwrap().unwrap();
    assert!(located.deleted);
    let everything = snapshot
        .everything(&permit, &["Observation"], store::Within::default(), &all())
        .await;
    assert_eq!(ids(&everything.unwrap()), [kept]);
    drop(snapshot);
    assert_eq!(
        world.search(&permit, "Observation", "status=final").await,
        [kept]
    );
    assert_eq!(world.search(&permit, "Observation", "").await, [kept]);
}

pub async fn a_deleted_resource_can_come_back(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let results = ordinary(Category::Results);
    let id = world.contribute(marta, PULSE, results.clone()).await;
    let deletion = world.deletion(marta, id, 2, "Observation", results.clone());
    world
        .write(vec![Write::Version(Box::new(deletion))])
        .await
        .unwrap();
    world.update(marta, id, 3, PULSE, results).await.unwrap();

    let permit = world.own_permit(marta.id).await;
    assert_eq!(
        world.search(&permit, "Observation", "status=final").await,
        [id]
    );
}

pub async fn the_same_bytes_again_are_known_by_their_hash(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let results = ordinary(Category::Results);
    let id = world.contribute(marta, PULSE, results.clone()).await;

    let again = world.version(marta, id, 2, PULSE, results.clone());
    let other = world.version(marta, id, 2, &PULSE.replace("107.50", "107.5"), results);
    let mut snapshot = world.snapshot().await;
    let located = snapshot.locate("Observation", &id).await.unwrap().unwrap();
    assert_eq!(located.original_hash, again.original_hash);
    assert_ne!(located.original_hash, other.original_hash);
}

pub async fn a_change_is_written_whole_or_not_at_all(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let results = ordinary(Category::Results);
    let id = world.contribute(marta, PULSE, results.clone()).await;
    let before = world.facts(marta.id).await;

    let new = world.id();
    let refused = world
        .write(vec![
            Write::Version(Box::new(world.version(
                marta,
                new,
                1,
                r#"{"resourceType":"Condition"}"#,
                ordinary(Category::Conditions),
            ))),
            Write::Version(Box::new(world.version(marta, id, 7, PULSE, results))),
        ])
        .await;
    assert!(matches!(refused, Err(Error::Conflict)));

    let mut snapshot = world.snapshot().await;
    assert!(snapshot.locate("Condition", &new).await.unwrap().is_none());
    assert_eq!(snapshot.facts(marta.id).await.unwrap(), Some(before));
    drop(snapshot);

    // What the refused change would have brought can still come, whole.
    let conditions = ordinary(Category::Conditions);
    let condition = r#"{"resourceType":"Condition","code":{"coding":[{"code":"c1"}]}}"#;
    let id = world.contribute(marta, condition, conditions.clone()).await;
    let facts = world.facts(marta.id).await;
    assert!(facts.classes.iter().any(|(_, class)| *class == conditions));
    let permit = world.own_permit(marta.id).await;
    assert_eq!(world.search(&permit, "Condition", "code=c1").await, [id]);
}

pub async fn a_refused_change_leaves_the_others_of_its_batch(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let results = ordinary(Category::Results);
    let id = world.contribute(marta, PULSE, results.clone()).await;

    let mut changes = tokio::task::JoinSet::new();
    for turn in 0..40_u32 {
        let (world, results) = (world.clone(), results.clone());
        changes.spawn(async move {
            if turn % 4 == 0 {
                let refused = world.update(marta, id, 9, PULSE, results).await;
                assert!(matches!(refused, Err(Error::Conflict)));
            } else {
                world.contribute(marta, PULSE, results).await;
            }
        });
    }
    changes.join_all().await;

    let permit = world.own_permit(marta.id).await;
    assert_eq!(world.search(&permit, "Observation", "").await.len(), 31);
    assert_eq!(
        world.store.verify_all().await.unwrap().faults,
        Vec::<String>::new()
    );
}

pub async fn a_resource_cannot_be_moved_to_somebody_else(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let jo = world.person("Reid", "Jo").await;
    let results = ordinary(Category::Results);
    let id = world.contribute(marta, PULSE, results.clone()).await;

    let moved = world.update(jo, id, 2, PULSE, results).await;
    assert!(matches!(moved, Err(Error::Unavailable(_))));
    let permit = world.own_permit(jo.id).await;
    assert!(world.search(&permit, "Observation", "").await.is_empty());
}

pub async fn naming_other_people_is_noted(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let jo = world.person("Reid", "Jo").await;
    let (alone, naming) = (world.id(), world.id());
    let note = |id, mentions| {
        let version = world.version(marta, id, 1, PULSE, ordinary(Category::Results));
        Write::Version(Box::new(store::NewVersion {
            mentions,
            ..version
        }))
    };
    world
        .write(vec![note(alone, vec![]), note(naming, vec![jo.patient])])
        .await
        .unwrap();

    let permit = world.own_permit(marta.id).await;
    let page = world
        .snapshot()
        .await
        .everything(&permit, &["Observation"], store::Within::default(), &all())
        .await
        .unwrap();
    let naming_others: Vec<_> = page
        .resources
        .iter()
        .map(|it| (it.id, it.mentions_others))
        .collect();
    assert_eq!(naming_others, [(alone, false), (naming, true)]);
}

pub async fn an_agency_finds_its_own_contribution_by_identifier_and_nobody_elses(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let visit = r#"{"resourceType":"Encounter","identifier":[{"system":"urn:hospital","value":"v-1"}],
        "status":"finished","class":{"code":"AMB"}}"#;
    let class = ordinary(Category::Encounters);
    let id = world.contribute(marta, visit, class.clone()).await;

    let found = async |agency: &str, value: &str| {
        let mut snapshot = world.snapshot().await;
        let custodian = agency.into();
        snapshot
            .by_identifier(
                Internal::Deriving,
                &custodian,
                "Encounter",
                "urn:hospital",
                value,
            )
            .await
            .unwrap()
    };
    assert_eq!(found("hospital", "v-1").await, [id]);
    assert_eq!(found("practice", "v-1").await, []);
    assert_eq!(found("hospital", "v-2").await, []);

    let renumbered = visit.replace("v-1", "v-2");
    world
        .update(marta, id, 2, &renumbered, class)
        .await
        .unwrap();
    assert_eq!(found("hospital", "v-1").await, []);
    assert_eq!(found("hospital", "v-2").await, [id]);
}

pub async fn the_labellers_report_counts_current_resources(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let results = ordinary(Category::Results);
    world.contribute(marta, PULSE, results.clone()).await;
    let id = world.contribute(marta, PULSE, results.clone()).await;
    let restricted = ordinary(Category::Unsorted);
    world
        .update(marta, id, 2, PULSE, restricted.clone())
        .await
        .unwrap();

    let mut snapshot = world.snapshot().await;
    let counts = snapshot.label_counts(Internal::Relabelling).await.unwrap();
    assert_eq!(
        counts,
        [
            ("Observation".to_owned(), results, 1),
            ("Observation".to_owned(), restricted, 1),
            ("Patient".to_owned(), ordinary(Category::Demographics), 1),
        ]
    );
}

pub async fn what_is_read_for_ourselves_needs_no_permit(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let mut snapshot = world.snapshot().await;
    let patient = snapshot
        .internal_read(Internal::Deriving, "Patient", &marta.patient)
        .await
        .unwrap();
    assert!(patient.is_some_and(|it| text(&it).contains("Nowak")));
}
