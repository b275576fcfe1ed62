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
    // Whoever makes her show her ordinary list finds neither attempt there.
    let account = hall.account("iona-dalgleish").await;
    assert_eq!(account, Vec::<String>::new());
    let safe = crate::safe_channel::lines(&hall, sharing::Channel::Safe).await;
    let by_nurse = |line: &&String| {
        line.starts_with("Staff member ") && line.contains(", nurse at Clydevale Hospital,")
    };
    assert_eq!(safe.iter().filter(by_nurse).count(), 2, "{safe:#?}");
}
