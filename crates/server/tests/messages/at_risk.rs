//! An adult at risk (S5): a bank rings another council, which takes the call with the three points; the
//! council where he lives says within a day that it has it, looks into it, and whoever told hears no more
//! than they may know. Told about Fergus Auchincloss and the neighbour who has power over his money.

use serde_json::json;

use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::packs::proven;
use crate::saying::parameters;
use crate::suspected::{FERGUS, NEIGHBOUR, trusted};

const SAW: &str = "A bank rang. Four withdrawals this week, each with a man who speaks for him.";
const SHOWS: &str = "He signs what is put before him.";

async fn later(hall: &Hall, at: &str) {
    let at = domain::Timestamp::parse(at).expect("an instant");
    hall.clock.stand_at(at);
    let done = sharing::messages::do_what_is_due(&hall.cx).await;
    done.expect("what is due is done");
}

/// Eilidh of Southbrae takes the bank's call on the page; gives the concern's address, and what she typed.
async fn taken(hall: &Hall, eilidh: &mut Browser<'_>) -> (String, usize) {
    let path = format!("/care/people/{}/concerns/new", hall.patient(FERGUS));
    let form = words(&eilidh.gets(&path).await.is(200));
    for said in [
        "Of an adult: the three points",
        "Unable to safeguard their own wellbeing, property, rights or other interests",
        "More vulnerable to harm, because affected by disability",
    ] {
        assert!(form.contains(said), "{said} in {form}");
    }
    // She may not open his record, and is told of nobody who is close to him.
    assert!(!form.contains("said to harm them"), "{form}");
    let mut fields = vec![
        ("about", "ASP-INQUIRY"),
        ("text", SAW),
        ("own_action", "Asked the bank to hold large payments."),
        ("other", "northburn-adults"),
        ("telling", "told"),
        ("name", "Fergus Auchincloss"),
        ("safeguard", "yes"),
        ("safeguard_words", SHOWS),
        ("at_risk", "yes"),
    ];
    let wrong = eilidh.posts(&path, &fields).await.is(422);
    let said = words(&wrong);
    assert!(
        said.contains("Say of each of the three points yes, no or not known"),
        "{said}"
    );
    for kept in [SAW, SHOWS] {
        assert!(wrong.text().contains(kept), "nothing typed is lost: {kept}");
    }
    fields.push(("vulnerable", "not-known"));
    let made = eilidh.posts(&path, &fields).await.is(303);
    let typed = ["text", "own_action", "name", "safeguard_words"];
    let typed = fields.iter().filter(|(name, _)| typed.contains(name));
    let typed = typed.map(|(_, value)| value.chars().count()).sum();
    (made.header("location").to_owned(), typed)
}

#[tokio::test]
async fn the_councils_look_into_what_a_bank_saw_and_it_hears_that_and_no_more() {
    let hall = Hall::open().await;
    trusted(&hall).await;
    let mut eilidh = Browser::of(&hall, "eilidh-crombie").await;
    let (concern, typed) = taken(&hall, &mut eilidh).await;
    assert!(typed <= 200, "{typed} letters for one form");

    // The council where he lives leads. It has a clock, and silence is not taken for an answer.
    let mut margaret = Browser::of(&hall, "margaret-haining").await;
    let inbox = margaret.gets("/care/inbox").await.is(200);
    assert_eq!(link(&inbox, "Fergus Auchincloss"), concern);
    later(&hall, "2027-01-12T09:00:00Z").await;
    let mut eilidh = Browser::of(&hall, "eilidh-crombie").await;
    let waits = words(&eilidh.gets(&concern).await.is(200));
    assert!(waits.contains("The deputy has it as well."), "{waits}");
    let mut margaret = Browser::of(&hall, "margaret-haining").await;
    let said = words(&margaret.gets(&concern).await.is(200));
    for part in [
        "Unable to safeguard their own wellbeing, property, rights or other interests: yes. He signs what is put before him.",
        "At risk of harm: yes.",
        "infirmity: not known.",
        "Nobody knows yet whether all three points hold.",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let mine = [("reply", "mine")];
    margaret.does(&format!("{concern}/answer"), &mine).await;
    let mut eilidh = Browser::of(&hall, "eilidh-crombie").await;
    let known = words(&eilidh.gets(&concern).await.is(200));
    assert!(known.contains("Northburn adults team : taken"), "{known}");

    // She looks into it, and names who is close to him: nothing is told him of it.
    let triage = format!("{concern}/triage");
    margaret.does(&triage, &[("outcome", "inquiry")]).await;
    let path = format!("/care/people/{}/concerns/new", hall.patient(FERGUS));
    let form = margaret.gets(&path).await.is(200);
    let said = words(&form);
    assert!(
        said.contains("Is somebody close to them said to harm them?"),
        "{said}"
    );
    assert!(said.contains("Their continuing attorney"), "{said}");
    let html = form.text();
    let party = html.split("name=\"harmer\"").nth(2).expect("a choice");
    let party = party.split("value=\"").nth(1).expect("a value");
    let party = party.split('"').next().unwrap_or_default().to_owned();
    let own = [
        ("about", "ASP-INQUIRY"),
        ("text", "He has his card, and power over his money."),
        ("own_action", "Visit on Thursday, with an interpreter."),
        ("harmer", &*party),
        ("other", "community-mental-health"),
        ("telling", "told"),
        ("name", "Fergus Auchincloss"),
    ];
    let alone: Vec<_> = own
        .iter()
        .copied()
        .filter(|(name, _)| *name != "other")
        .collect();
    let wrong = words(&margaret.posts(&path, &alone).await.is(422));
    assert!(
        wrong.contains("Choose the team that looks into it"),
        "{wrong}"
    );
    let his = hall.actor(NEIGHBOUR, &["FAMRQT"]);
    let visits = format!("Encounter?patient={}", hall.patient(FERGUS));
    assert_ne!(his.gets(&visits).await.is(200).matches().len(), 0);
    margaret.posts(&path, &own).await.is(303);
    assert_eq!(his.gets(&visits).await.is(200).matches().len(), 0);

    // His own wish is on record, and the end goes back to who told.
    let wish = json!({"wish": {"says": "no", "about": {"categories": ["finance"]}, "at": "2027-01-14",
        "audience": [{"organisation": "millburn-practice"}]}});
    let say = format!("Patient/{}/$say", hall.patient(FERGUS));
    let officer = hall.actor("margaret-haining", &["ASP-INQUIRY"]);
    officer.posts(&say, wish.to_string()).await.is(201);
    // Nobody helps him past an advocate: that one was offered is asked for first, and recorded in one tap.
    let early = margaret
        .posts(&triage, &[("outcome", "support")])
        .await
        .is(422);
    let asked = "Say first whether an independent advocate was offered, or why not";
    assert!(words(&early).contains(asked), "{}", words(&early));
    let advocacy = format!("{concern}/advocacy");
    let none = margaret
        .posts(&advocacy, &[("answer", "not-offered")])
        .await
        .is(422);
    assert!(
        words(&none).contains("Say why no advocate was offered"),
        "{}",
        words(&none)
    );
    let offered = [("answer", "accepted"), ("advocate", "Maggie Torrance")];
    let recorded = words(&margaret.does(&advocacy, &offered).await);
    let line = "An independent advocate was offered and wanted, 12 January 2027: Maggie Torrance. Margaret Haining recorded it.";
    assert!(recorded.contains(line), "{recorded}");
    margaret.does(&triage, &[("outcome", "support")]).await;
    let mut eilidh = Browser::of(&hall, "eilidh-crombie").await;
    let thread = words(&eilidh.gets(&concern).await.is(200));
    assert!(
        thread.contains("Northburn adults team : offers help"),
        "{thread}"
    );
    let inbox = eilidh.gets("/care/inbox").await.is(200);
    let heard = words(
        &eilidh
            .gets(&link(&inbox, "Fergus Auchincloss"))
            .await
            .is(200),
    );
    assert!(heard.contains("It is being looked into.") || heard.contains("Help is being offered."));
    for private in ["attorney", "card", "Thursday", "advocate"] {
        assert!(!heard.contains(private), "{private} in {heard}");
    }

    // His account names the councils, and not the bank.
    let mut own = Browser::of(&hall, FERGUS).await;
    let account = words(&own.gets("/me/access").await.is(200));
    let line = "told Northburn adults team, Northburn Council Social Work of a concern about you";
    assert!(account.contains(line), "{account}");
    let line = "recorded that an independent advocate was offered and wanted.";
    assert!(account.contains(line), "{account}");
    assert!(!account.contains("bank"), "{account}");
    assert!(proven(&hall, FERGUS).await > 0);
}

#[tokio::test]
async fn systems_say_the_three_points_and_each_is_answered_or_none() {
    let hall = Hall::open().await;
    let fergus = hall.patient(FERGUS).to_string();
    let first = [
        ("patient", &*fergus),
        ("to", "northburn-adults"),
        ("name", "Fergus Auchincloss"),
        ("text", SAW),
        ("own-action", "Asked the bank to hold large payments."),
    ];
    let tells = |purpose: &'static str, more: &[(&str, &str)]| {
        let given = parameters(&[&first[..], more].concat());
        let eilidh = hall.actor("eilidh-crombie", &[purpose]);
        async move { eilidh.posts("Communication/$concern", given).await }
    };
    let one = [("safeguard", "yes")];
    let wrong = tells("ASP-INQUIRY", &one).await.is(422);
    let asked = "say of each of the three points yes, no or not known";
    let missing = ("required".to_owned(), asked.to_owned());
    assert_eq!(wrong.issues(), [missing.clone(), missing]);
    let all = [
        ("safeguard", "no"),
        ("at-risk", "yes"),
        ("vulnerable", "perhaps"),
    ];
    tells("ASP-INQUIRY", &all).await.says(400, "value", asked);
    let all = [
        ("safeguard", "no"),
        ("safeguard-words", "He rang the bank himself."),
        ("at-risk", "yes"),
        ("vulnerable", "not-known"),
    ];
    let of_child = tells("CP-CONCERN", &all).await.is(422);
    assert!(of_child.text().contains("the three points are of an adult"));
    let made = tells("ASP-INQUIRY", &all).await.is(201);
    let said = |place: usize| made.at(&format!("/entry/0/resource/payload/{place}/contentString"));
    let safeguard = "Unable to safeguard their own wellbeing, property, rights or other interests: no. He rang the bank himself.";
    assert_eq!(said(2), safeguard);
    assert_eq!(said(3), "At risk of harm: yes.");
}

#[tokio::test]
async fn the_council_that_looks_after_her_is_told_by_itself_where_another_leads() {
    let hall = Hall::open().await;
    // Netta Dunsmore of Northburn stays with her sister in Southbrae. Whoever tells the council there does not
    // learn which other looks after her at home.
    let netta = hall.patient("netta-dunsmore").to_string();
    let tells = parameters(&[
        ("patient", &*netta),
        ("to", "southbrae-adults"),
        ("name", "Netta Dunsmore"),
        ("text", SAW),
        ("own-action", "Asked the bank to hold large payments."),
        ("safeguard", "not-known"),
        ("at-risk", "yes"),
        ("vulnerable", "not-known"),
    ]);
    let kenneth = hall.actor("kenneth-purdie", &["ASP-INQUIRY"]);
    let told = kenneth.posts("Communication/$concern", tells).await.is(201);
    assert!(!told.text().contains("northburn"), "{}", told.text());

    let mut frasers = Browser::of(&hall, "fraser-abercrombie").await;
    let inbox = frasers.gets("/care/inbox").await.is(200);
    let read = words(&frasers.gets(&link(&inbox, "Netta Dunsmore")).await.is(200));
    for said in [
        "There is a concern that this person may be an adult at risk of harm.",
        "Southbrae adults team, Southbrae Council Social Work is asked to look into it.",
        "Ring before you decide anything about them",
    ] {
        assert!(read.contains(said), "{said} in {read}");
    }
    for private in ["bank", "withdrawals", "Kenneth"] {
        assert!(!read.contains(private), "{private} in {read}");
    }
    // It hears what became of it, as whoever told does.
    let mut eilidhs = Browser::of(&hall, "eilidh-crombie").await;
    let inbox = eilidhs.gets("/care/inbox").await.is(200);
    let concern = link(&inbox, "Netta Dunsmore");
    eilidhs.gets(&concern).await.is(200);
    eilidhs
        .does(&format!("{concern}/triage"), &[("outcome", "inquiry")])
        .await;
    let inbox = hall.actor("fraser-abercrombie", &["ASP-INQUIRY"]);
    let listed = inbox.gets("Communication/$inbox").await.is(200).json();
    let listed = listed["entry"].as_array().expect("entries").clone();
    let mut texts = Vec::new();
    for one in listed.iter().map(|one| &one["resource"]) {
        if one["resourceType"] == "Communication" && one["subject"]["display"] == "Netta Dunsmore" {
            let path = format!("Communication/{}/$open", one["id"].as_str().expect("an id"));
            texts.push(inbox.gets(&path).await.is(200).text());
        }
    }
    assert!(
        texts.iter().any(|text| text.contains("looks into it")),
        "{texts:#?}"
    );
    let mut own = Browser::of(&hall, "netta-dunsmore").await;
    let account = words(&own.gets("/me/access").await.is(200));
    assert!(
        account.contains(
            "Candour sent Northburn adults team, Northburn Council Social Work a message about you on 11 January 2027"
        ),
        "{account}"
    );
    assert!(proven(&hall, "netta-dunsmore").await > 0);
}
