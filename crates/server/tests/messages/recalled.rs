//! What is found to have been shared wrongly is taken back: each one who was told destroys it or gives it
//! back and says so, silence climbs to the managers of both sides, and the person reads who did and who did not.

use domain::message::{Opening, Rota};
use serde_json::Value;
use store::{Change, Expect, Write};

use crate::answer::Answer;
use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::saying::parameters;
use crate::section_ten::{FORM, bank, inquiry};

const JESSIE: &str = "jessie-pettigrew";
const NETTA: &str = "netta-dunsmore";
const FERGUS: &str = "fergus-auchincloss";

/// The lines of somebody's own account, newest first.
async fn account(hall: &Hall, who: &str) -> Vec<Value> {
    let mut browser = Browser::of(hall, who).await;
    let whole = browser.gets("/me/access.json").await.is(200).json();
    whole["account"].as_array().cloned().expect("lines")
}

async fn sentences(hall: &Hall, who: &str) -> Vec<String> {
    let lines = account(hall, who).await;
    let said = |line: &Value| line["sentence"].as_str().map(str::to_owned);
    lines.iter().filter_map(said).collect()
}

/// The commitment of the newest line that says this.
async fn line(hall: &Hall, who: &str, says: &str) -> String {
    let lines = account(hall, who).await;
    let is_it = |line: &&Value| {
        line["sentence"]
            .as_str()
            .is_some_and(|it| it.contains(says))
    };
    let line = lines.iter().find(is_it).expect("a line says so");
    let commitment = line["entry"]["commitment"].as_str();
    commitment.expect("a commitment").to_owned()
}

/// Somebody challenges a line of their own account; gives the address of the challenge.
async fn challenged(hall: &Hall, who: &str, line: &str, because: &str) -> String {
    let mut browser = Browser::of(hall, who).await;
    let form = format!("/me/lines/{line}/challenge");
    browser.gets(&form).await.is(200);
    let why = [("because", because), ("wanted", "stop")];
    let made = browser.posts(&form, &why).await.is(303);
    made.header("location").to_owned()
}

/// Whoever took no part decides about it.
async fn decided(hall: &Hall, officer: &str, challenge: &str, verdict: &str) {
    let id = challenge.rsplit('/').next().expect("an id");
    let path = format!("Communication/{id}/$decide-challenge");
    let why = parameters(&[("verdict", verdict), ("text", "Nobody there needed it.")]);
    let officer = hall.actor(officer, &["HOPERAT"]);
    officer.posts(&path, why).await.is(200);
}

/// What asks somebody's team to give something up: the addresses on their list.
async fn asked(browser: &mut Browser<'_>) -> Option<String> {
    let inbox = browser.gets("/care/inbox").await.is(200);
    let text = words(&inbox);
    text.contains("What was told was wrong")
        .then(|| link(&inbox, "Jessie Pettigrew"))
}

async fn shona_reads(hall: &Hall) {
    let shona = hall.actor("shona-pirie", &["HOUSING-ADAPT"]);
    let path = format!("Patient/{}/$everything", hall.patient(JESSIE));
    shona.gets(&path).await.is(200);
}

#[tokio::test]
async fn the_landlord_who_read_too_much_destroys_it_and_jessie_reads_that_it_is_done() {
    let hall = Hall::open().await;
    shona_reads(&hall).await;
    let read = line(&hall, JESSIE, "Shona Pirie").await;
    let challenge = challenged(&hall, JESSIE, &read, "too-much").await;
    let mut shona = Browser::of(&hall, "shona-pirie").await;
    assert_eq!(asked(&mut shona).await, None, "nobody has decided yet");
    decided(&hall, "callum-tait", &challenge, "overturned").await;

    let mut shona = Browser::of(&hall, "shona-pirie").await;
    let address = asked(&mut shona).await.expect("it asks her team");
    let page = words(&shona.gets(&address).await.is(200));
    for said in [
        "Destroy or give back what you were told about Jessie Pettigrew on 11 January 2027",
        "because it was more than you need. That goes for every copy.",
        "It is destroyed or given back",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
    // Nothing of who challenged it, or why in whose words.
    assert!(!page.contains("Nobody there needed it"), "{page}");
    let answer = format!("{address}/answer");
    let mine = words(&shona.posts(&answer, &[("reply", "mine")]).await.is(422));
    assert!(
        mine.contains("Say that it is destroyed or given back: the person waits to hear"),
        "{mine}"
    );

    let mut jessie = Browser::of(&hall, JESSIE).await;
    let waits = words(&jessie.gets(&challenge).await.is(200));
    assert!(
        waits.contains(
            "they are asked to destroy it or give it back, and to say so by 18 January 2027."
        ),
        "{waits}"
    );
    shona.does(&answer, &[("reply", "done")]).await;
    let done = words(&jessie.gets(&challenge).await.is(200));
    assert!(
        done.contains("on 11 January 2027 they said that it is destroyed or given back."),
        "{done}"
    );
    let hers = sentences(&hall, JESSIE).await;
    let count = |said: &str| hers.iter().filter(|one| one.contains(said)).count();
    for said in [
        "to destroy or give back what they were told about you on 11 January 2027, because it was more than they need. Somebody has to say when it is done.",
        "confirmed that what Shona Pirie of",
    ] {
        assert_eq!(count(said), 1, "{said} in {hers:#?}");
    }
}

#[tokio::test]
async fn what_stands_or_was_only_partly_wrong_or_not_so_is_taken_back_from_nobody() {
    for (because, verdict) in [
        ("too-much", "upheld"),
        ("too-much", "partly"),
        ("inaccurate", "overturned"),
    ] {
        let hall = Hall::open().await;
        shona_reads(&hall).await;
        let read = line(&hall, JESSIE, "Shona Pirie").await;
        let challenge = challenged(&hall, JESSIE, &read, because).await;
        decided(&hall, "callum-tait", &challenge, verdict).await;
        let mut shona = Browser::of(&hall, "shona-pirie").await;
        assert_eq!(asked(&mut shona).await, None, "{because} {verdict}");
        let hers = sentences(&hall, JESSIE).await;
        assert!(!hers.iter().any(|one| one.contains("destroy")), "{hers:#?}");
    }
}

/// Who stands above a team.
async fn managed(hall: &Hall, team: &str, manager: &str) {
    let rota = Rota {
        team: team.into(),
        deputy: None,
        manager: Some(manager.into()),
        opening: Opening::office(),
        closed: None,
    };
    let change = Change {
        writes: vec![Write::Rota(rota)],
        ..Change::default()
    };
    let kept = hall.cx.store.commit(change, Expect::default()).await;
    kept.expect("the rota is kept");
}

/// Whether what asks to give something up stands on somebody's list.
async fn reaches(hall: &Hall, who: &str) -> bool {
    let inbox = hall
        .actor(who, &["TREAT"])
        .gets("Communication/$inbox")
        .await;
    inbox.is(200).text().contains("\"code\":\"recall\"")
}

/// Ruksana of the ward rings the housing office and a niece about Netta.
async fn rung(hall: &Hall) -> Answer {
    let netta = hall.patient(NETTA).to_string();
    let given = [
        ("patient", &*netta),
        ("way", "phone"),
        ("identity", "called-back"),
        ("worker", "derek-muirhead"),
        ("relative", "Effie Rae, her niece"),
        ("told", "function"),
        ("text", "She needs a rail before Friday."),
    ];
    let ruksana = hall.ruksana();
    let made = ruksana.posts("Communication/$call", parameters(&given));
    made.await.is(201)
}

#[tokio::test]
async fn whoever_has_no_list_is_rung_and_silence_reaches_the_managers_of_both_sides_and_netta() {
    let hall = Hall::open().await;
    managed(&hall, "ward-6", "sheila-mathieson").await;
    managed(&hall, "privacy-office", "maggie-torrance").await;
    rung(&hall).await;
    let niece = line(&hall, NETTA, "Effie Rae").await;
    let challenge = challenged(&hall, NETTA, &niece, "wrong-recipient").await;
    decided(&hall, "eleanor-tweedie", &challenge, "overturned").await;

    let mut ruksana = Browser::of(&hall, "ruksana-chaudhry").await;
    let inbox = ruksana.gets("/care/inbox").await.is(200);
    let task = link(&inbox, "Netta Dunsmore");
    let page = words(&ruksana.gets(&task).await.is(200));
    let ring = "Ring Effie Rae, her niece, and ask them to destroy or give back what they were told about Netta Dunsmore on 11 January 2027";
    assert!(page.contains(ring), "{page}");
    assert!(page.contains("because it was not meant for them"), "{page}");
    // Whoever decided sees how it stands.
    let mut eleanor = Browser::of(&hall, "eleanor-tweedie").await;
    let id = challenge.rsplit('/').next().expect("an id");
    let stands = words(&eleanor.gets(&format!("/care/inbox/{id}")).await.is(200));
    assert!(stands.contains("Effie Rae, her niece : "), "{stands}");
    // Derek was told on the same call, and is asked nothing.
    let mut derek = Browser::of(&hall, "derek-muirhead").await;
    let inbox = words(&derek.gets("/care/inbox").await.is(200));
    assert!(!inbox.contains("What was told was wrong"), "{inbox}");

    for manager in ["sheila-mathieson", "maggie-torrance"] {
        assert!(
            !reaches(&hall, manager).await,
            "{manager}: it is not late yet"
        );
    }
    hall.wait(8 * 86_400);
    let due = sharing::messages::do_what_is_due(&hall.cx).await;
    due.expect("what is due is done");
    for manager in ["sheila-mathieson", "maggie-torrance"] {
        assert!(reaches(&hall, manager).await, "{manager}");
    }
    let mut netta = Browser::of(&hall, NETTA).await;
    let late = words(&netta.gets(&challenge).await.is(200));
    let silent = "Effie Rae, her niece: nobody has said that it is destroyed or given back. They had until 18 January 2027. The managers on both sides know.";
    assert!(late.contains(silent), "{late}");
    let hers = sentences(&hall, NETTA).await;
    let nobody = "nobody had confirmed that what Effie Rae, her niece had been told about you is destroyed or given back.";
    let count = |said: &str| hers.iter().filter(|one| one.contains(said)).count();
    assert_eq!(count(nobody), 1, "{hers:#?}");
    // Late is better than never; and it is said once more, not over what was said before.
    let mut ruksana = Browser::of(&hall, "ruksana-chaudhry").await;
    ruksana.gets(&task).await.is(200);
    ruksana
        .does(&format!("{task}/answer"), &[("reply", "done")])
        .await;
    let hers = sentences(&hall, NETTA).await;
    let count = |said: &str| hers.iter().filter(|one| one.contains(said)).count();
    assert_eq!(count(nobody), 1, "{hers:#?}");
    assert_eq!(
        count(
            "Ruksana Chaudhry of Clydevale Hospital confirmed that what Effie Rae, her niece had been told about you is destroyed or given back."
        ),
        1,
        "{hers:#?}"
    );
}

#[tokio::test]
async fn a_bank_that_should_not_have_been_asked_gives_it_up_and_is_another_organisation_to_him() {
    let hall = Hall::open().await;
    bank(&hall).await;
    let mut margaret = Browser::of(&hall, "margaret-haining").await;
    let concern = inquiry(&hall, &mut margaret).await;
    let path = format!("{concern}/require");
    margaret.gets(&path).await.is(200);
    let mut form = FORM.to_vec();
    form.retain(|(field, _)| *field != "to");
    form.extend([("what", "finance"), ("to", "clydeside-fraud")]);
    margaret.posts(&path, &form).await.is(303);
    let asked = line(&hall, FERGUS, "asked another organisation").await;
    let challenge = challenged(&hall, FERGUS, &asked, "no-basis").await;
    decided(&hall, "moira-geddes", &challenge, "overturned").await;

    // The bank has no list that anybody reads: who asked it rings, and knows which it is.
    let margarets = hall.actor("margaret-haining", &["ASP-INQUIRY"]);
    let inbox = margarets.gets("Communication/$inbox").await.is(200).json();
    let entries = inbox["entry"].as_array().cloned().unwrap_or_default();
    let recall = entries
        .iter()
        .map(|one| &one["resource"])
        .find(|one| one["category"][0]["coding"][0]["code"] == "recall")
        .and_then(|one| one["id"].as_str())
        .expect("who asked it has a task");
    let opened = margarets
        .gets(&format!("Communication/{recall}/$open"))
        .await
        .is(200);
    let said = opened.at("/entry/0/resource/payload/0/contentString");
    let ring = "Ring Fraud desk, Clydeside Bank, and ask them to destroy or give back what they were told about Fergus Auchincloss on 11 January 2027";
    assert!(said.starts_with(ring), "{said}");
    assert!(
        said.contains("because nothing allowed that they were told"),
        "{said}"
    );
    let done = parameters(&[("reply", "done")]);
    margarets
        .posts(&format!("Communication/{recall}/$answer"), done)
        .await
        .is(200);

    let mut his = Browser::of(&hall, FERGUS).await;
    let read = words(&his.gets(&challenge).await.is(200));
    let given_up =
        "another organisation: on 11 January 2027 they said that it is destroyed or given back.";
    assert!(read.contains(given_up), "{read}");
    let hers = sentences(&hall, FERGUS).await;
    let all = hers.join("\n") + &read;
    for bank in ["Clydeside", "Fraud desk"] {
        assert!(!all.contains(bank), "{bank} in {all}");
    }
    assert!(
        all.contains("asked another organisation to destroy or give back"),
        "{all}"
    );
    assert!(
        all.contains("Margaret Haining of Northburn Council Social Work confirmed that what another organisation had been told"),
        "{all}"
    );
}
