//! People without accounts: what they say by letter or telephone is put in for them as their word, a
//! team answers it, and the answer is printed.

use ledger::{HeadCode, Verdict};

use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::packs::{fetched, held_to};
use crate::saying::parameters;

/// Fraser looks at Netta, so that the form knows for what.
async fn fraser(hall: &Hall) -> Browser<'_> {
    let mut fraser = Browser::of(hall, "fraser-abercrombie").await;
    let record = format!("/care/people/{}", hall.patient("netta-dunsmore"));
    fraser.gets(&record).await.is(200);
    fraser
}

fn form(hall: &Hall) -> String {
    format!("/care/people/{}/words/new", hall.patient("netta-dunsmore"))
}

/// What Rona, a niece whom no fact names, wrote.
const RONA: [(&str, &str); 8] = [
    ("from", "other"),
    ("name", "Rona Galbraith"),
    ("says_to_be", "her niece"),
    ("way", "letter"),
    ("on", "2027-01-08"),
    ("text", "She hides the post under the cushions."),
    ("to", "northburn-adults"),
    ("answer_to", "Flat 2, 9 Kirk Wynd\nNorthburn"),
];

fn but<'a>(field: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let changed = RONA
        .iter()
        .map(|(name, old)| (*name, if *name == field { value } else { old }));
    changed.collect()
}

async fn account(hall: &Hall) -> Vec<String> {
    let mut netta = Browser::of(hall, "netta-dunsmore").await;
    let whole = netta.gets("/me/access.json").await.is(200).json();
    let lines = whole["account"].as_array().expect("lines");
    let said = lines.iter().map(|line| line["sentence"].as_str());
    said.map(|line| line.expect("a sentence").to_owned())
        .collect()
}

#[tokio::test]
async fn a_letter_from_somebody_without_an_account_is_their_word_and_is_answered_by_a_letter() {
    let hall = Hall::open().await;
    let mut fraser = fraser(&hall).await;
    let page = words(&fraser.gets(&form(&hall)).await.is(200));
    assert!(page.contains("The person themself") && page.contains("Somebody else"));

    let word = words(&fraser.does(&form(&hall), &RONA).await);
    for part in [
        "Rona Galbraith, who says to be her niece",
        "She hides the post under the cushions.",
        "By letter of 8 January 2027, put in by Fraser Abercrombie",
        "Nobody has checked it.",
    ] {
        assert!(word.contains(part), "{part} in {word}");
    }
    let inbox = fraser.gets("/care/inbox").await.is(200);
    let address = link(&inbox, "Netta Dunsmore");

    // To somebody whom nobody has checked, nothing of the record goes out in writing.
    let telling = [
        ("text", "She has carers twice a day."),
        ("told", "care-plans"),
    ];
    let refused = fraser.posts(&format!("{address}/family"), &telling).await;
    let refused = words(&refused.is(422));
    assert!(
        refused.contains("tell nothing of the record in writing"),
        "{refused}"
    );

    let answer = [
        ("text", "Thank you for writing. We look when we are there."),
        ("print", "yes"),
    ];
    let letter = words(&fraser.does(&format!("{address}/family"), &answer).await);
    for part in [
        "Rona Galbraith Flat 2, 9 Kirk Wynd Northburn",
        "Fraser Abercrombie Social worker",
        "Thank you for writing. We look when we are there.",
        "say this code:",
    ] {
        assert!(letter.contains(part), "{part} in {letter}");
    }
    assert!(!letter.contains("cushions"), "{letter}");

    let lines = account(&hall).await;
    for line in [
        "put in on 11 January 2027 at 9:30am what Rona Galbraith, who says to be her niece, told them about you by letter",
        "Rona Galbraith, who says to be her niece,",
    ] {
        assert!(
            lines.iter().any(|it| it.contains(line)),
            "{line} in {lines:#?}"
        );
    }
}

#[tokio::test]
async fn what_the_person_rings_about_is_their_own_word_and_the_answer_may_tell_them_of_their_record()
 {
    let hall = Hall::open().await;
    let mut fraser = fraser(&hall).await;
    let rang = [
        ("from", "the-person"),
        ("way", "phone"),
        ("on", "2027-01-11"),
        ("text", "Who sent the man about the bath?"),
        ("to", "northburn-adults"),
        ("answer_to", "Ring her in the morning"),
    ];
    let word = words(&fraser.does(&form(&hall), &rang).await);
    assert!(word.contains("Netta Dunsmore, 11-Jan-2027"), "{word}");
    assert!(word.contains("On the telephone on 11 January 2027, put in by Fraser Abercrombie"));

    // It stands among what she told, where she signs in one day.
    let mut netta = Browser::of(&hall, "netta-dunsmore").await;
    let hers = netta.gets("/me/family").await.is(200);
    netta
        .gets(&link(&hers, "About Netta Dunsmore"))
        .await
        .is(200);

    let inbox = fraser.gets("/care/inbox").await.is(200);
    let address = link(&inbox, "Netta Dunsmore");
    let answer = [
        ("text", "Carewell asked for a rail by the bath."),
        ("told", "care-plans"),
        ("print", "yes"),
    ];
    let letter = words(&fraser.does(&format!("{address}/family"), &answer).await);
    assert!(
        letter.contains("Netta Dunsmore Ring her in the morning"),
        "{letter}"
    );
    let lines = account(&hall).await;
    let line = "put in on 11 January 2027 at 9:30am what you told them on the telephone, for";
    assert!(lines.iter().any(|it| it.contains(line)), "{lines:#?}");
}

#[tokio::test]
async fn a_form_that_is_not_whole_says_at_each_field_what_is_missing_and_keeps_what_was_typed() {
    let hall = Hall::open().await;
    let mut fraser = fraser(&hall).await;
    let mut says = async |fields: Vec<(&str, &str)>, wrong: &str| {
        let page = fraser.posts(&form(&hall), &fields).await.is(422);
        let said = words(&page);
        assert!(said.contains(wrong), "{wrong} in {said}");
        said
    };
    says(but("from", ""), "Say who told you").await;
    says(but("way", ""), "Say how they told you").await;
    says(but("on", "last week"), "Give the day like this: 2027-01-15").await;
    says(but("on", "2027-01-12"), "This day is to come").await;
    says(but("name", ""), "Give their name").await;
    says(but("says_to_be", ""), "Say what they are to the person").await;
    says(but("answer_to", ""), "Say where the answer goes").await;
    says(but("to", ""), "Choose the team that answers").await;
    says(but("to", "ward-66"), "No team of this name").await;
    says(but("from", "p-77"), "Nobody of this id acts for the person").await;
    let kept = says(but("text", ""), "Say what they told you").await;
    assert!(kept.contains("Rona Galbraith") || kept.contains("9 Kirk Wynd"));
    assert_eq!(account(&hall).await.len(), account_before(&hall).await);
}

/// How many lines Netta's account has when only Fraser looked at her.
async fn account_before(_: &Hall) -> usize {
    let fresh = Hall::open().await;
    drop(fraser(&fresh).await);
    account(&fresh).await.len()
}

#[tokio::test]
async fn a_record_system_puts_it_in_too_and_whoever_may_not_open_the_record_puts_in_nothing() {
    let hall = Hall::open().await;
    let netta = hall.patient("netta-dunsmore").to_string();
    let rang = parameters(&[
        ("patient", &netta),
        ("name", "Rona Galbraith"),
        ("says-to-be", "her niece"),
        ("way", "phone"),
        ("on", "2027-01-11"),
        ("text", "She fell twice."),
        ("to", "northburn-adults"),
        ("answer-to", "01632 960 777"),
    ]);
    let path = "Communication/$heard";
    let put_in = hall.fraser().posts(path, rang.clone()).await.is(201).json();
    let face = &put_in["entry"][0]["resource"];
    assert_eq!(
        face["sender"]["display"],
        "Rona Galbraith, who says to be her niece"
    );
    assert_eq!(face["medium"][0]["coding"][0]["code"], "PHONE");
    hall.derek().posts(path, rang.clone()).await.is(404);
    hall.person("netta-dunsmore")
        .posts(path, rang)
        .await
        .is(403);
}

/// The code that the page of somebody's own account ends with.
async fn code_on_paper(hall: &Hall, key: &str) -> HeadCode {
    let mut browser = Browser::of(hall, key).await;
    let page = words(&browser.gets("/me/access").await.is(200));
    let (_, rest) = page
        .split_once("The code of this list today ")
        .expect("a code");
    let code = rest.split(' ').next().expect("its letters");
    code.parse().expect("a head code")
}

#[tokio::test]
async fn the_code_on_paper_holds_every_later_pack_to_what_stood_there() {
    let hall = Hall::open().await;
    drop(fraser(&hall).await);
    let code = code_on_paper(&hall, "netta-dunsmore").await;
    let others = code_on_paper(&hall, "jessie-pettigrew").await;

    // More is told; the list goes on from what the paper has.
    let mut derek = Browser::of(&hall, "derek-muirhead").await;
    let record = format!("/care/people/{}", hall.patient("netta-dunsmore"));
    derek.gets(&record).await.is(403);
    assert_ne!(code_on_paper(&hall, "netta-dunsmore").await, code);

    let mut pack = fetched(&hall, "netta-dunsmore").await;
    assert_ne!(held_to(&hall, &pack, Some(code)), Verdict::False);
    assert_eq!(held_to(&hall, &pack, Some(others)), Verdict::False);
    // A list that leaves out what stood on the paper is found out by the paper.
    let earlier = pack.links.len() - 2;
    pack.links.remove(earlier);
    assert_eq!(held_to(&hall, &pack, Some(code)), Verdict::False);
}
