//! The live index holds whom the store holds, after whatever happened.

use std::sync::Arc;

use domain::{Purpose, ResourceId};
use sharing::contribute::import;
use sharing::identity::{Likely, LiveIndex, describe, indexed};
use sharing::restrict::{Restriction, restrict};

use crate::hall::Hall;

/// Whom everybody of the town is taken for, by an index.
async fn everybody(hall: &Hall, index: &LiveIndex) -> Vec<(ResourceId, Vec<Likely>)> {
    let mut all = Vec::new();
    for written in &hall.town.contributions {
        if written.resource_type == "Patient" {
            let document = fhir::parse(written.json.as_bytes(), &fhir::Limits::default());
            let record = describe(&document.expect("a Patient"));
            let id = hall
                .cx
                .ids
                .of_alias(&written.by, "Patient", &written.local_id);
            all.push((id, index.find(&record, 100).await.expect("an answer")));
        }
    }
    all
}

/// An index that is read anew from what the store holds.
fn anew(hall: &Hall) -> Arc<LiveIndex> {
    indexed(Arc::clone(&hall.cx.store)).1
}

#[tokio::test]
async fn what_was_kept_up_to_date_finds_the_same_as_what_is_read_anew() {
    let hall = Hall::open().await;
    hall.cx.index.ready().await.expect("everybody is read");
    let before = everybody(&hall, &hall.cx.index).await;
    assert!(before.iter().all(|(_, found)| !found.is_empty()));

    // One moves, one comes, one is protected, one bars a nurse, one is locked away.
    let system = hall.worker("hospital-records", Purpose::Treatment);
    let patients = [
        r#"{"resourceType":"Patient","id":"new-1","name":[{"family":"Dunsmore","given":["Netta"]}],"birthDate":"1945-07-19"}"#,
        r#"{"resourceType":"Patient","id":"new-2","name":[{"family":"Abara","given":["Chidi"]}],"birthDate":"1999-01-30"}"#,
    ];
    let sent: Vec<Vec<u8>> = patients.iter().map(|it| it.as_bytes().to_vec()).collect();
    for taken in import(&hall.cx, &system, &sent).await.expect("a commit") {
        taken.expect("a Patient is taken in");
    }
    let moved = patients[1].replace("Abara", "Abara-Quist");
    for taken in import(&hall.cx, &system, &[moved.into_bytes()])
        .await
        .expect("a commit")
    {
        taken.expect("a Patient is taken in");
    }
    for (key, restriction) in [
        ("netta-dunsmore", Restriction::Protect),
        ("alasdair-mowat", Restriction::Bar("kenneth-purdie".into())),
        (
            "jessie-pettigrew",
            Restriction::Lock {
                resource_type: "Patient".to_owned(),
                id: hall.patient("jessie-pettigrew"),
                team: None,
            },
        ),
    ] {
        let person = hall.person_id(key).await;
        let done = restrict(&hall.cx, &system, person, &restriction).await;
        done.expect("the restriction is set");
    }

    let after = everybody(&hall, &hall.cx.index).await;
    assert_ne!(before, after);
    assert_eq!(after, everybody(&hall, &anew(&hall)).await);
    assert_eq!(hall.cx.index.len(), before.len() + 2);
}

#[tokio::test]
async fn whoever_is_held_close_changes_nothing_of_what_is_found_of_others() {
    let hall = Hall::open().await;
    let system = hall.worker("hospital-records", Purpose::Treatment);
    let isla = describe(
        &fhir::parse(
            br#"{"resourceType":"Patient","name":[{"family":"Testwell","given":["Isla"]}],"birthDate":"1988-02-11","address":[{"postalCode":"NB1 9ZZ"}]}"#,
            &fhir::Limits::default(),
        )
        .expect("a Patient"),
    );
    let patient = |id: &str, security: &str| {
        format!(
            r#"{{"resourceType":"Patient","id":"{id}"{security},"name":[{{"family":"Testwell","given":["Isla"]}}],"birthDate":"1988-02-11","address":[{{"use":"home","postalCode":"NB1 9ZZ"}}]}}"#
        )
        .into_bytes()
    };
    import(&hall.cx, &system, &[patient("isla-1", "")])
        .await
        .expect("a commit");
    let alone = hall.cx.index.find(&isla, 100).await.expect("an answer");
    let very = r#","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"V"}]}"#;
    for place in 0..60 {
        let hidden = patient(&format!("hidden-{place}"), very);
        import(&hall.cx, &system, &[hidden])
            .await
            .expect("a commit");
    }
    let among = hall.cx.index.find(&isla, 100).await.expect("an answer");
    assert_eq!(among.len(), alone.len() + 60);
    let still: Vec<Likely> = among
        .into_iter()
        .filter(|likely| alone.iter().any(|known| known.subject == likely.subject))
        .collect();
    assert_eq!(still, alone);
}
