//! A wish is in force for the next byte.

use std::sync::Arc;

use domain::{Category, OrganisationId, Purpose};
use sharing::wishes::{Wish, object, standing, withdraw};
use sharing::{Answer, Context, Ground};
use tokio::sync::Barrier;

use crate::barrier::AtTheCommit;
use crate::hall::Hall;

#[tokio::test]
async fn a_no_is_in_force_at_once_and_can_be_taken_back() {
    let hall = Hall::open().await;
    let social_worker = hall.worker("fraser-abercrombie", Purpose::Assessment);
    assert!(matches!(
        hall.everything(&social_worker, "netta-dunsmore").await,
        Answer::Released(_)
    ));

    let netta = hall.person("netta-dunsmore").await;
    let wish = Wish {
        organisation: OrganisationId::from("northburn-social-work"),
        category: None,
    };
    object(&hall.cx, &netta, &wish)
        .await
        .expect("it is recorded");

    let answer = hall.everything(&social_worker, "netta-dunsmore").await;
    let Answer::Refused(refusal) = &answer else {
        panic!("{answer:?}")
    };
    assert_eq!(refusal.decision.grounds, [Ground::Objected]);

    let own = standing(&hall.cx, &netta)
        .await
        .expect("her wishes")
        .into_iter()
        .find_map(|wish| wish.own);
    withdraw(&hall.cx, &netta, own.expect("her own wish"))
        .await
        .expect("it is taken back");
    assert!(matches!(
        hall.everything(&social_worker, "netta-dunsmore").await,
        Answer::Released(_)
    ));
}

#[tokio::test]
async fn a_no_to_one_kind_leaves_the_rest() {
    let hall = Hall::open().await;
    let social_worker = hall.worker("fraser-abercrombie", Purpose::Assessment);
    let netta = hall.person("netta-dunsmore").await;
    let wish = Wish {
        organisation: OrganisationId::from("northburn-social-work"),
        category: Some(Category::Medicines),
    };
    object(&hall.cx, &netta, &wish)
        .await
        .expect("it is recorded");

    let answer = hall.everything(&social_worker, "netta-dunsmore").await;
    let types = crate::hall::types(&answer);
    assert!(
        !types.contains(&"MedicationRequest".to_owned()),
        "{types:?}"
    );
    assert!(types.contains(&"Patient".to_owned()), "{types:?}");
}

/// The request has decided and gathered; it stands before its commit while the person says no.
#[tokio::test]
async fn a_no_between_deciding_and_committing_lets_not_one_byte_out() {
    let hall = Hall::open().await;
    let barrier = Arc::new(Barrier::new(2));
    let held_up = Context {
        store: Arc::new(AtTheCommit::new(
            Arc::clone(&hall.cx.store),
            Arc::clone(&barrier),
        )),
        ..hall.cx.clone()
    };
    let social_worker = hall.worker("fraser-abercrombie", Purpose::Assessment);
    let patient = hall.patient("netta-dunsmore");
    let request = tokio::spawn(async move {
        let target = sharing::Target::Everything {
            patient,
            types: Vec::new(),
            within: store::Within::default(),
            page: crate::hall::whole(),
        };
        sharing::disclose(&held_up, &social_worker, &target, None).await
    });

    barrier.wait().await;
    let netta = hall.person("netta-dunsmore").await;
    let wish = Wish {
        organisation: OrganisationId::from("northburn-social-work"),
        category: None,
    };
    object(&hall.cx, &netta, &wish)
        .await
        .expect("it is recorded");
    barrier.wait().await;

    let answer = request
        .await
        .expect("the request ends")
        .expect("it is answered");
    let Answer::Refused(refusal) = &answer else {
        panic!("{answer:?}")
    };
    assert_eq!(refusal.decision.grounds, [Ground::Objected]);
    // One line, and it is the refusal: the overtaken attempt left no trace.
    let account = hall.account("netta-dunsmore").await;
    assert_eq!(account.len(), 1, "{account:#?}");
    assert!(account[0].contains("was refused"), "{account:#?}");
}
