//! A concern over pages and API: told by somebody who may not read the record, triaged in one tap.

use serde_json::json;

use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::saying::parameters;

#[tokio::test]
async fn a_housing_officer_tells_social_work_what_he_saw_and_hears_back() {
    let hall = Hall::open().await;
    let shannon = hall.patient("shannon-greig");
    let mut derek = Browser::of(&hall, "derek-muirhead").await;
    let refused = derek.gets(&format!("/care/people/{shannon}")).await;
    let path = link(&refused, "Tell of a concern about them");
    let form = words(&derek.gets(&path).await.is(200));
    assert!(
        form.contains("You need not be involved with somebody to protect them."),
        "{form}"
    );

    let seen = "The door was open at ten at night, and she was alone.";
    let mut fields = vec![
        ("about", "CP-CONCERN"),
        ("text", seen),
        ("own_action", ""),
        ("other", "southbrae-children"),
        ("telling", "told"),
    ];
    let wrong = derek.posts(&path, &fields).await.is(422);
    let said = words(&wrong);
    for fault in [
        "Say what you did, or will do, yourself: passing a concern on is not acting on it",
        "Error: Record a concern",
    ] {
        assert!(said.contains(fault), "{fault} in {said}");
    }
    assert!(wrong.text().contains(seen), "nothing typed is lost");
    fields[2] = ("own_action", "Waited with her until her aunt came.");
    let wrong = words(&derek.posts(&path, &fields).await.is(422));
    assert!(
        wrong.contains("Give the name by which you know them"),
        "{wrong}"
    );
    fields.push(("name", "Shannon, of 15 Fairway View"));
    let kept = derek.posts(&path, &fields).await.is(303);
    let address = kept.header("location").to_owned();

    let mut gurpreet = Browser::of(&hall, "gurpreet-bains").await;
    let inbox = gurpreet.gets("/care/inbox").await.is(200);
    assert_eq!(link(&inbox, "Shannon, of 15 Fairway View"), address);
    let concern = words(&gurpreet.gets(&address).await.is(200));
    for said in [
        seen,
        "What they do themselves Waited with her until her aunt came.",
        "We look into it",
    ] {
        assert!(concern.contains(said), "{said} in {concern}");
    }
    // "No further action" alone says nothing to whoever waits.
    let triage = format!("{address}/triage");
    let wrong = gurpreet
        .posts(&triage, &[("outcome", "no-action")])
        .await
        .is(422);
    assert!(words(&wrong).contains("Say why nothing more is done: whoever raised it reads this"));
    let left = gurpreet.does(&triage, &[("outcome", "inquiry")]).await;
    assert!(words(&left).contains("Nothing is waiting for your team."));

    let inbox = derek.gets("/care/inbox").await.is(200);
    let told = derek
        .gets(&link(&inbox, "Shannon, of 15 Fairway View"))
        .await
        .is(200);
    let told = words(&told);
    assert!(told.contains("It is being looked into."), "{told}");
    let own = words(&derek.gets(&address).await.is(200));
    assert!(
        own.contains("Southbrae children and families team : is looking into it"),
        "{own}"
    );
}

#[tokio::test]
async fn whoever_is_not_there_and_whoever_may_not_be_known_of_answer_alike() {
    let hall = Hall::open().await;
    let iona = hall.patient("iona-dalgleish");
    let kenneth = hall.actor("kenneth-purdie", &["ASP-INQUIRY"]);
    let tell = |patient: String| {
        let kenneth = &kenneth;
        async move {
            let given = [
                ("patient", &*patient),
                ("text", "I saw her."),
                ("own-action", "Nothing."),
                ("name", "Iona"),
            ];
            let answer = kenneth.posts("Communication/$concern", parameters(&given));
            let answer = answer.await.is(404);
            answer.text().replace(&patient, "ID")
        }
    };
    assert_eq!(tell(iona.to_string()).await, tell("none".to_owned()).await);
}

#[tokio::test]
async fn systems_tell_and_triage_by_operations() {
    let hall = Hall::open().await;
    let shannon = hall.patient("shannon-greig").to_string();
    let alison = hall.actor("alison-reekie", &["CP-CONCERN"]);
    let given = [
        ("patient", &*shannon),
        ("to", "southbrae-children"),
        ("text", "Called at 23:40. The child was awake, and hungry."),
        ("own-action", "Stayed until her grandmother came."),
        ("reference", "PS-20270111-0417"),
    ];
    let made = alison
        .posts("Communication/$concern", parameters(&given))
        .await
        .is(201);
    assert_eq!(
        made.at("/entry/0/resource/category/0/coding/0/code"),
        "concern"
    );
    assert_eq!(
        made.at("/entry/0/resource/payload/1/contentString"),
        "What we do ourselves: Stayed until her grandmother came."
    );
    assert_eq!(
        made.at("/entry/0/resource/identifier/0/value"),
        "PS-20270111-0417"
    );
    let id = made.at("/entry/0/resource/id");

    let gurpreet = hall.actor("gurpreet-bains", &["CP-CONCERN"]);
    let path = format!("Communication/{id}/$triage");
    let triage = |given: &[(&str, &str)]| gurpreet.posts(&path, parameters(given));
    triage(&[("outcome", "gossip")]).await.says(
        400,
        "value",
        "an outcome is inquiry, support, passed-on or no-action",
    );
    triage(&[("outcome", "passed-on")])
        .await
        .says(422, "required", "the parameter to is missing");
    let done = triage(&[("outcome", "passed-on"), ("to", "northburn-children")])
        .await
        .is(200);
    assert_eq!(
        done.at("/entry/1/resource/businessStatus/coding/0/code"),
        "passed-on"
    );
    assert_eq!(
        done.at("/entry/1/resource/output/0/valueReference/identifier/value"),
        "northburn-children"
    );
}

#[tokio::test]
async fn who_is_close_to_somebody_is_named_to_those_alone_who_may_see_who_is_involved() {
    let hall = Hall::open().await;
    let oighrig = hall.patient("oighrig-macquarrie");
    let say = format!("Patient/{oighrig}/$say");
    let carer = json!({"tie": {"party": "beathag", "kind": "primary-carer"}});
    hall.fraser().posts(&say, carer.to_string()).await.is(201);
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let record = format!("/care/people/{oighrig}");
    fraser.gets(&record).await.is(200);
    let mut named = async || {
        let mut forms = Vec::new();
        for form in ["concerns", "words", "calls"] {
            let shown = fraser.gets(&format!("{record}/{form}/new")).await.is(200);
            let shown = words(&shown).to_lowercase();
            if shown.contains("primary carer") {
                forms.push(form);
            }
        }
        forms
    };
    assert_eq!(named().await, ["concerns", "words", "calls"]);
    let no = json!({"wish": {"says": "no", "audience": [{"organisation": "northburn-social-work"}],
        "at": "2026-12-20", "about": {"categories": ["network"]}}});
    hall.fraser().posts(&say, no.to_string()).await.is(201);
    assert_eq!(named().await, [""; 0]);
}
