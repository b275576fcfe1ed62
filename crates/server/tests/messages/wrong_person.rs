//! "Wrong person" as an answer (S4): whoever sent it hears at once that nobody there acts on it, and stewards
//! look at whether two records were taken for one. Told about Annag Tolmie-Ferrier, who is Ferrier to the
//! hospital and Tolmie-Ferrier to the council, and Fraser Abercrombie, who tells ward 6 of her.

use serde_json::json;

use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::saying::parameters;

const SAYS: &str = "The lady on our ward was born in 1951 and lives in Southbrae.";

/// Fraser tells ward 6 of Annag; gives the concern.
async fn told(hall: &Hall) -> String {
    let annag = hall.patient("annag-tolmie-ferrier").to_string();
    let tells = parameters(&[
        ("patient", &*annag),
        ("to", "ward-6"),
        ("name", "Annag Tolmie-Ferrier"),
        ("text", "She goes home to an empty house on Friday."),
        ("own-action", "Asked homecare for a visit."),
        ("safeguard", "not-known"),
        ("at-risk", "yes"),
        ("vulnerable", "not-known"),
    ]);
    let fraser = hall.actor("fraser-abercrombie", &["ASP-INQUIRY"]);
    let made = fraser.posts("Communication/$concern", tells).await.is(201);
    made.at("/entry/0/resource/id")
}

/// What the stewards of the hospital have to look at, raised by somebody: with what was said of it.
async fn raised(hall: &Hall) -> Vec<String> {
    let eleanor = hall.actor("eleanor-tweedie", &["HOPERAT"]);
    let queue = eleanor.gets("Linkage/$queue").await.is(200).json();
    let pairs = queue["parameter"].as_array().cloned().unwrap_or_default();
    let pairs = pairs.iter().map(ToString::to_string);
    pairs.filter(|pair| pair.contains("raised")).collect()
}

#[tokio::test]
async fn a_message_about_somebody_else_comes_back_at_once_and_stewards_look_at_the_two() {
    let hall = Hall::open().await;
    told(&hall).await;
    assert_eq!(raised(&hall).await, Vec::<String>::new());
    let mut ruksanas = Browser::of(&hall, "ruksana-chaudhry").await;
    let inbox = ruksanas.gets("/care/inbox").await.is(200);
    let page = link(&inbox, "Annag Tolmie-Ferrier");
    let read = words(&ruksanas.gets(&page).await.is(200));
    assert!(
        read.contains("It is about somebody else than the person you know"),
        "{read}"
    );
    let wrong = format!("{page}/wrong-person");
    let nothing = ruksanas.posts(&wrong, &[("who", " ")]).await.is(422);
    assert!(
        words(&nothing).contains("Say what shows that it is somebody else"),
        "{}",
        words(&nothing)
    );
    assert_eq!(raised(&hall).await, Vec::<String>::new());
    ruksanas.does(&wrong, &[("who", SAYS)]).await;

    // It is off her list; Fraser reads at once that nobody there acts on it, and why.
    let inbox = ruksanas.gets("/care/inbox").await.is(200);
    assert!(
        !words(&inbox).contains("Annag Tolmie-Ferrier"),
        "{}",
        words(&inbox)
    );
    let mut frasers = Browser::of(&hall, "fraser-abercrombie").await;
    let inbox = frasers.gets("/care/inbox").await.is(200);
    let answer = words(
        &frasers
            .gets(&link(&inbox, "Annag Tolmie-Ferrier"))
            .await
            .is(200),
    );
    for said in [
        "Ward 6, medicine for the elderly, Clydevale Hospital says that this is about somebody else than the person they know",
        SAYS,
        "Nobody there acts on it.",
    ] {
        assert!(answer.contains(said), "{said} in {answer}");
    }

    // One pair for the stewards, with what was said, however often it is answered.
    let pairs = raised(&hall).await;
    assert_eq!(pairs.len(), 1, "{pairs:#?}");
    let mut ruksanas = Browser::of(&hall, "ruksana-chaudhry").await;
    let again = ruksanas.posts(&wrong, &[("who", SAYS)]).await;
    assert_eq!(again.status, 303);
    assert_eq!(raised(&hall).await.len(), 1);
}

#[tokio::test]
async fn systems_answer_so_and_what_asks_or_is_over_is_answered_otherwise() {
    let hall = Hall::open().await;
    let id = told(&hall).await;
    let ruksana = hall.actor("ruksana-chaudhry", &["ASP-INQUIRY"]);
    let path = format!("Communication/{id}/$answer");
    let empty = parameters(&[("reply", "wrong-person")]);
    let refused = ruksana.posts(&path, empty).await.is(422);
    assert_eq!(
        refused.issues()[0].1,
        "say what shows that it is somebody else: another date of birth, address or school"
    );
    let other = parameters(&[("reply", "perhaps")]);
    let refused = ruksana.posts(&path, other).await.is(400);
    assert_eq!(
        refused.issues()[0].1,
        "a reply is mine, not-mine, wrong-person or done"
    );
    let said = parameters(&[("reply", "wrong-person"), ("text", SAYS)]);
    let answered = ruksana.posts(&path, said).await.is(200).json();
    let task = answered["entry"].as_array().expect("entries").iter();
    let mut task = task
        .map(|one| &one["resource"])
        .filter(|one| one["resourceType"] == "Task");
    let task = task.next().expect("the ward's");
    assert_eq!(
        task["businessStatus"],
        json!({"text": "about somebody else, they say"})
    );
    // Whoever has nothing to do with it answers nothing.
    let derek = hall.actor("derek-muirhead", &["HOUSING-ADAPT"]);
    let said = parameters(&[("reply", "wrong-person"), ("text", SAYS)]);
    derek.posts(&path, said).await.is(404);
}
