//! What goes wrong when somebody sends something: to a team that is not there, that is closed, where nobody
//! is on duty, or about the wrong person. Each says what to do instead, by page and API alike, and nothing
//! that was typed is lost. A file that is cut in the middle is `reports`' story.

use domain::message::rota::Closed;
use domain::message::{Opening, Rota};
use store::{Change, Expect, Write};

use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::saying::parameters;

const TEXT: &str = "She goes home on Thursday. Please visit.";

fn at(text: &str) -> domain::Timestamp {
    domain::Timestamp::parse(text).expect("an instant")
}

/// The hours of the district nurses, or the day on which their team was wound up.
async fn rota(hall: &Hall, closed: Option<Closed>) {
    let rota = Rota {
        team: "community-nursing".into(),
        opening: Opening::office(),
        deputy: None,
        manager: None,
        closed,
    };
    let change = Change {
        writes: vec![Write::Rota(rota)],
        ..Change::default()
    };
    let kept = hall.cx.store.commit(change, Expect::default()).await;
    kept.expect("the rota is kept");
}

/// What page and API say to a message to this team about this person, which must not be taken.
async fn refused(hall: &Hall, person: &str, to: &str) -> (String, String) {
    let before = hall.bytes_kept();
    let given = [("patient", person), ("to", to), ("text", TEXT)];
    let answer = hall
        .fraser()
        .posts("Communication/$send", parameters(&given))
        .await;
    assert!((404..=422).contains(&answer.status), "{}", answer.text());
    assert_eq!(hall.bytes_kept(), before, "nothing was written");
    let api = answer.issues()[0].1.clone();
    let mut fraser = Browser::of(hall, "fraser-abercrombie").await;
    let path = format!("/care/people/{person}/messages");
    fraser.gets(&path).await;
    let fields = [("to", to), ("text", TEXT)];
    let page = fraser.posts(&path, &fields).await;
    assert!((404..=422).contains(&page.status), "{}", page.text());
    if page.status == 422 {
        assert!(page.text().contains(TEXT), "nothing typed is lost");
    }
    (api, words(&page))
}

#[tokio::test]
async fn a_team_that_is_not_there_or_is_closed_is_said_with_whom_to_send_it_to() {
    let hall = Hall::open().await;
    let netta = hall.patient("netta-dunsmore").to_string();
    let (api, page) = refused(&hall, &netta, "ward-66").await;
    assert_eq!(
        api,
        "no team of this name is in the directory: choose one of those listed"
    );
    assert!(
        page.contains("No team of this name is in the directory"),
        "{page}"
    );

    let closed = |instead: Option<&str>| Closed {
        at: at("2027-01-01T00:00:00Z"),
        instead: instead.map(Into::into),
    };
    rota(&hall, Some(closed(Some("ward-6")))).await;
    let (api, page) = refused(&hall, &netta, "community-nursing").await;
    let instead =
        "Community nursing, Northburn is closed: send it to Ward 6, medicine for the elderly";
    assert_eq!(api, instead);
    assert!(page.contains(instead), "{page}");
    rota(&hall, Some(closed(None))).await;
    let (api, page) = refused(&hall, &netta, "community-nursing").await;
    let nobody =
        "Community nursing, Northburn is closed, and nobody does its work now: ring its agency";
    assert_eq!(api, nobody);
    assert!(page.contains(nobody), "{page}");
}

#[tokio::test]
async fn where_nobody_is_on_duty_it_waits_in_sight_and_is_there_in_the_morning() {
    let hall = Hall::open().await;
    rota(&hall, None).await;
    hall.clock.stand_at(at("2027-01-15T23:40:00Z"));
    let netta = hall.patient("netta-dunsmore").to_string();
    let given = [
        ("patient", &*netta),
        ("to", "community-nursing"),
        ("text", TEXT),
    ];
    let made = hall
        .fraser()
        .posts("Communication/$send", parameters(&given))
        .await;
    let api = made.is(201).at("/entry/0/resource/id");
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let path = format!("/care/people/{netta}/messages");
    fraser.gets(&path).await.is(200);
    let fields = [
        ("to", "community-nursing"),
        ("text", "And bring the hoist."),
    ];
    let sent = fraser.posts(&path, &fields).await.is(303);
    let by_page = sent.header("location").to_owned();
    for address in [format!("/care/inbox/{api}"), by_page] {
        let shown = words(&fraser.gets(&address).await.is(200));
        assert!(
            shown.contains("Community nursing, Northburn : waiting: nobody on duty"),
            "{shown}"
        );
    }
    let listed = async || {
        let done = sharing::messages::do_what_is_due(&hall.cx).await;
        done.expect("what is due is done");
        let mut sheila = Browser::of(&hall, "sheila-mathieson").await;
        let inbox = sheila.gets("/care/inbox").await.is(200);
        (words(&inbox).matches("About Netta Dunsmore").count(), inbox)
    };
    let (waiting, _) = listed().await;
    hall.clock.stand_at(at("2027-01-18T08:45:00Z"));
    let (both, inbox) = listed().await;
    assert_eq!(
        (waiting, both),
        (2, 2),
        "neither is lost, and neither twice"
    );
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let shown = words(&fraser.gets(&format!("/care/inbox/{api}")).await.is(200));
    assert!(
        shown.contains("Community nursing, Northburn : delivered"),
        "{shown}"
    );
    link(&inbox, "Netta Dunsmore");
}

#[tokio::test]
async fn the_wrong_person_is_answered_like_nobody_and_taken_back_if_it_was_sent() {
    let hall = Hall::open().await;
    let hidden = hall.patient("iona-dalgleish").to_string();
    let nobody = "0000000000000000000000000a";
    let kenneth = hall.actor("kenneth-purdie", &["TREAT"]);
    let tells = async |person: &str| {
        let given = [("patient", person), ("to", "ward-6"), ("text", TEXT)];
        let answer = kenneth
            .posts("Communication/$send", parameters(&given))
            .await;
        answer.is(404).text().replace(person, "ID")
    };
    assert_eq!(tells(&hidden).await, tells(nobody).await);
    let mut pages = Vec::new();
    for person in [&*hidden, nobody] {
        let mut kenneth = Browser::of(&hall, "kenneth-purdie").await;
        let path = format!("/care/people/{person}/messages");
        let page = kenneth
            .posts(&path, &[("to", "ward-6"), ("text", TEXT)])
            .await;
        pages.push((page.status, words(&page).replace(person, "ID")));
    }
    assert_eq!(pages[0], pages[1]);

    // Sent about the wrong one, and read: whoever read it says that they know.
    let archie = hall.patient("netta-dunsmore").to_string();
    let given = [
        ("patient", &*archie),
        ("to", "community-nursing"),
        ("text", TEXT),
    ];
    let made = hall
        .fraser()
        .posts("Communication/$send", parameters(&given))
        .await;
    let id = made.is(201).at("/entry/0/resource/id");
    let mut sheila = Browser::of(&hall, "sheila-mathieson").await;
    sheila.gets(&format!("/care/inbox/{id}")).await.is(200);
    let unsaid = parameters(&[("reason", " ")]);
    let retract = format!("Communication/{id}/$retract");
    let unsaid = hall.fraser().posts(&retract, unsaid).await.is(422);
    assert!(
        unsaid.text().contains("say why in a few words"),
        "{}",
        unsaid.text()
    );
    let wrong = parameters(&[("reason", "It was about another lady.")]);
    hall.fraser().posts(&retract, wrong).await.is(200);
    let page = words(&sheila.gets(&format!("/care/inbox/{id}")).await.is(200));
    assert!(
        page.contains("because it was wrong: It was about another lady."),
        "{page}"
    );
}
