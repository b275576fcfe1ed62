//! A refusal to share, with a reason (the town's Fergus Auchincloss): who asked hears why, what would
//! change it and whom to ring; silence is overdue and no refusal; and he reads all of it.

use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::packs::proven;

/// Margaret asks his mental health nurses for his care plan, by ticks; gives her request's address.
async fn asked(hall: &Hall, margaret: &mut Browser<'_>) -> String {
    let person = hall.patient("fergus-auchincloss");
    let record = margaret.gets(&format!("/care/people/{person}")).await;
    let path = link(&record.is(200), "Ask for information");
    margaret.gets(&path).await.is(200);
    let fields = [
        ("to", "community-mental-health"),
        ("what", "care-plans"),
        ("by", "2027-01-14"),
    ];
    let made = margaret.posts(&path, &fields).await.is(303);
    made.header("location").to_owned()
}

#[tokio::test]
async fn a_refusal_names_its_ground_to_whoever_asked_and_to_the_person() {
    let hall = Hall::open().await;
    let mut margaret = Browser::of(&hall, "margaret-haining").await;
    let address = asked(&hall, &mut margaret).await;

    let mut aonghas = Browser::of(&hall, "aonghas-macphail").await;
    let request = aonghas.gets(&address).await.is(200);
    let path = link(&request, "Refuse, on a ground");
    aonghas.gets(&path).await.is(200);
    // Silence about the ground, and a word that is none, refuse nothing.
    aonghas.posts(&path, &[("ground", "")]).await.is(422);
    let why = [
        ("ground", "R05"),
        ("text", "He told us in his own words on 4 January."),
        ("harm_if_shared", "He may stop coming to the clinic."),
        (
            "harm_if_not_shared",
            "You plan without knowing his good days.",
        ),
        ("decider", "Dr Parveen Sheikh, consultant"),
        ("review_on", "2027-04-01"),
    ];
    aonghas.does(&path, &why).await;

    let shown = words(&margaret.gets(&address).await.is(200));
    for part in [
        "refused: the person has said no to this",
        "He told us in his own words on 4 January.",
        "Dr Parveen Sheikh, consultant",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    assert!(!shown.to_lowercase().contains("depress"), "{shown}");

    let mut his = Browser::of(&hall, "fergus-auchincloss").await;
    let account = words(&his.gets("/me/access").await.is(200));
    for part in ["asked Community mental health", "you have said no to this"] {
        assert!(account.contains(part), "{part} in {account}");
    }
    assert!(proven(&hall, "fergus-auchincloss").await >= 2);
}

#[tokio::test]
async fn what_nobody_answers_is_overdue_and_never_a_refusal() {
    let hall = Hall::open().await;
    let mut margaret = Browser::of(&hall, "margaret-haining").await;
    asked(&hall, &mut margaret).await;
    let after = domain::Timestamp::parse("2027-01-15T09:00:00Z").expect("an instant");
    hall.clock.stand_at(after);
    sharing::messages::do_what_is_due(&hall.cx)
        .await
        .expect("what is due is done");
    let mut margaret = Browser::of(&hall, "margaret-haining").await;
    let mine = words(&margaret.gets("/care/requests").await.is(200));
    assert!(mine.contains("Overdue"), "{mine}");
    assert!(!mine.contains("refused"), "{mine}");
}
