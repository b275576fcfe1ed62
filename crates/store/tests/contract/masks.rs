//! What a permit does not open is nowhere.

use domain::{Category, Confidentiality, Lock, ResourceId, Sensitivity};
use policy::Permit;
use store::{PageRequest, SubjectKeys, Write};

use crate::Shared;
use crate::world::{
    Person, World, about_another, all, ask, class, first, ids, ordinary, subject, text,
};

const NOTE: &str = r#"{"resourceType":"Observation","status":"final",
    "code":{"coding":[{"system":"http://loinc.org","code":"34109-9"}]},
    "effectiveDateTime":"2027-01-04"}"#;

pub async fn what_the_mask_holds_back_is_in_no_answer(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let open = world
        .contribute(marta, NOTE, ordinary(Category::Documents))
        .await;
    let held = world
        .contribute(marta, NOTE, about_another(Category::Documents))
        .await;
    let permit = world.own_permit(marta.id).await;

    let mut snapshot = world.snapshot().await;
    assert!(
        snapshot
            .read(&permit, "Observation", &open)
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        snapshot
            .read(&permit, "Observation", &held)
            .await
            .unwrap()
            .is_none()
    );
    let version = snapshot
        .read_version(&permit, "Observation", &held, 1)
        .await;
    assert!(version.unwrap().is_none());
    assert!(
        snapshot
            .original(&permit, "Observation", &held)
            .await
            .unwrap()
            .is_none()
    );
    let types = ["Observation"];
    let everything = snapshot
        .everything(&permit, &types, store::Within::default(), &all())
        .await;
    assert_eq!(ids(&everything.unwrap()), [open]);
    let chronology = snapshot.chronology(&permit, &types, &all()).await;
    assert_eq!(ids(&chronology.unwrap()), [open]);
    drop(snapshot);
    for query in [
        "",
        "code=34109-9",
        "status:not=draft",
        &format!("_id={held},{open}"),
    ] {
        let found = world.search(&permit, "Observation", query).await;
        assert_eq!(found, [open], "{query}");
    }
}

pub async fn totals_and_pages_are_those_of_a_world_without_what_is_hidden(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let jo = world.person("Reid", "Jo").await;
    // Marta has hidden rows among her open ones; Jo has the same open ones and nothing else.
    for turn in 0..6 {
        world
            .contribute(marta, NOTE, about_another(Category::Documents))
            .await;
        world
            .contribute(marta, NOTE, ordinary(Category::Documents))
            .await;
        world
            .contribute(jo, NOTE, ordinary(Category::Documents))
            .await;
        if turn % 2 == 0 {
            world
                .contribute(marta, NOTE, about_another(Category::Results))
                .await;
        }
    }
    assert_eq!(pages(&world, marta).await, [3, 3, 0]);
    assert_eq!(pages(&world, jo).await, pages(&world, marta).await);
}

/// The sizes of all pages of three; each must give the total 6.
async fn pages(world: &World, person: Person) -> Vec<usize> {
    let permit = world.own_permit(person.id).await;
    let mut sizes = Vec::new();
    let mut page = PageRequest {
        with_total: true,
        ..first(3)
    };
    let mut snapshot = world.snapshot().await;
    loop {
        let query = ask("Observation", "code=34109-9&_sort=-date");
        let got = snapshot.search(&permit, &query, &page).await.unwrap();
        assert_eq!(got.total, Some(6));
        sizes.push(got.resources.len());
        page.after = got.next;
        if page.after.is_none() {
            // A full last page says that it is the last.
            sizes.push(0);
            return sizes;
        }
    }
}

pub async fn a_single_locked_resource_is_held_back_though_its_class_is_open(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    world.register_with_practice(marta).await;
    let open = world
        .contribute(marta, NOTE, ordinary(Category::Documents))
        .await;
    let locked = world
        .contribute(marta, NOTE, ordinary(Category::Documents))
        .await;
    lock(&world, marta, locked).await;
    let permit = world.doctor_permit(marta.id).await;
    assert!(permit.mask().without.contains(&locked));

    assert_eq!(world.search(&permit, "Observation", "").await, [open]);
    let mut snapshot = world.snapshot().await;
    assert!(
        snapshot
            .read(&permit, "Observation", &locked)
            .await
            .unwrap()
            .is_none()
    );
    let everything = snapshot
        .everything(&permit, &[], store::Within::default(), &all())
        .await
        .unwrap();
    assert_eq!(ids(&everything), [marta.patient, open]);
}

async fn lock(world: &World, person: Person, resource: ResourceId) {
    let lock = Lock {
        resource,
        holder: "hospital".into(),
        team: None,
        since: domain::Timestamp(0),
    };
    world
        .write(vec![Write::Lock {
            home: person.home,
            lock,
        }])
        .await
        .unwrap();
}

pub async fn a_permit_opens_nobody_elses_record(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let jo = world.person("Reid", "Jo").await;
    let martas = world
        .contribute(marta, NOTE, ordinary(Category::Documents))
        .await;
    let permit: Permit = world.own_permit(jo.id).await;

    let mut snapshot = world.snapshot().await;
    assert!(
        snapshot
            .read(&permit, "Observation", &martas)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        snapshot
            .read(&permit, "Patient", &marta.patient)
            .await
            .unwrap()
            .is_none()
    );
    let everything = snapshot
        .everything(&permit, &[], store::Within::default(), &all())
        .await
        .unwrap();
    assert_eq!(ids(&everything), [jo.patient]);
}

pub async fn a_label_raised_since_covers_earlier_versions(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    world
        .contribute(marta, NOTE, ordinary(Category::Documents))
        .await;
    let id = world
        .contribute(marta, NOTE, ordinary(Category::Documents))
        .await;
    let raised = about_another(Category::Documents);
    world.update(marta, id, 2, NOTE, raised).await.unwrap();
    let permit = world.own_permit(marta.id).await;

    let mut snapshot = world.snapshot().await;
    let earlier = snapshot.read_version(&permit, "Observation", &id, 1).await;
    assert!(earlier.unwrap().is_none());
}

pub async fn a_label_lowered_since_does_not_open_earlier_versions(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    let id = world
        .contribute(marta, NOTE, about_another(Category::Documents))
        .await;
    let lowered = ordinary(Category::Documents);
    world.update(marta, id, 2, NOTE, lowered).await.unwrap();
    let permit = world.own_permit(marta.id).await;

    let mut snapshot = world.snapshot().await;
    let now = snapshot.read_version(&permit, "Observation", &id, 2).await;
    assert!(now.unwrap().is_some());
    let earlier = snapshot.read_version(&permit, "Observation", &id, 1).await;
    assert!(earlier.unwrap().is_none());
}

pub async fn two_people_in_one_home_stay_apart(world: Shared) {
    // Two Patients were taken for one person, placed in one home, and then unlinked.
    let marta = world.person("Nowak", "Marta").await;
    let twin = Person {
        id: domain::PersonId(world.draw()),
        home: marta.home,
        patient: world.id(),
    };
    let sensitive = class(
        Category::Documents,
        Confidentiality::Restricted,
        Some(Sensitivity::MentalHealth),
    );
    world
        .write(vec![subject(twin, marta.id, SubjectKeys::default())])
        .await
        .unwrap();
    let note = NOTE.replace("final", "amended");
    world.contribute(twin, &note, sensitive).await;
    let martas = world
        .contribute(marta, NOTE, ordinary(Category::Documents))
        .await;
    world
        .write(vec![subject(twin, twin.id, SubjectKeys::default())])
        .await
        .unwrap();

    let permit = world.own_permit(marta.id).await;
    assert_eq!(world.search(&permit, "Observation", "").await, [martas]);
    assert_eq!(
        world.search(&permit, "Observation", "status=amended").await,
        []
    );
    let permit = world.own_permit(twin.id).await;
    let mut snapshot = world.snapshot().await;
    let page = snapshot
        .everything(&permit, &[], store::Within::default(), &all())
        .await
        .unwrap();
    assert_eq!(page.resources.len(), 1);
    assert!(text(&page.resources[0]).contains("amended"));
    assert!(
        snapshot
            .read(&permit, "Observation", &martas)
            .await
            .unwrap()
            .is_none()
    );
}
