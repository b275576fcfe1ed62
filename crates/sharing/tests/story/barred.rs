//! Somebody who may not be known is as if absent, by every way of asking.

use domain::Purpose;
use sharing::Answer;
use sharing::find::{Sought, find};

use crate::hall::Hall;

#[tokio::test]
async fn a_barred_nurse_meets_nobody_and_an_emergency_does_not_help_him() {
    let hall = Hall::open().await;
    let mut purdie = hall.worker("kenneth-purdie", Purpose::Treatment);

    assert!(matches!(
        hall.everything(&purdie, "iona-dalgleish").await,
        Answer::Nothing
    ));
    purdie.purpose = Purpose::Emergency;
    purdie.reason = Some("brought in unconscious".to_owned());
    assert!(matches!(
        hall.everything(&purdie, "iona-dalgleish").await,
        Answer::Nothing
    ));

    let sought = Sought {
        name: "Iona Dalgleish".to_owned(),
        birth_date: Some(
            hall.town
                .person("iona-dalgleish")
                .expect("her")
                .birth_date
                .clone(),
        ),
        identifier: None,
    };
    let found = find(&hall.cx, &purdie, &sought).await.expect("an answer");
    assert_eq!(found.people.len(), 0);
    // She reads of both attempts.
    let account = hall.account("iona-dalgleish").await;
    assert_eq!(
        account
            .iter()
            .filter(|line| line.contains("Purdie"))
            .count(),
        2,
        "{account:#?}"
    );
}
