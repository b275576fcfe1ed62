//! The son with power of attorney (S7): "who knows what, what was decided without me, and why was I not
//! told?" Told about Oighrig MacQuarrie, who cannot decide, her son Torquil, whose deed names her welfare
//! and not her money, and her daughter, who was told as one close to her.

use std::process::Command;

use serde_json::{Value, json};

use crate::actor::Actor;
use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::suspected::party;

const OIGHRIG: &str = "oighrig-macquarrie";
const TORQUIL: &str = "torquil-macquarrie-sandhu";
const OTHERS: [(&str, &str); 6] = [
    ("name", "Oighrig MacQuarrie"),
    ("born_day", "2"),
    ("born_month", "5"),
    ("born_year", "1940"),
    ("chi", ""),
    ("says_to_be", "her son and attorney"),
];

fn set(hall: &Hall, at: &str) {
    let at = domain::Timestamp::parse(at).expect("an instant");
    hall.clock.stand_at(at);
}

fn his(hall: &Hall) -> Actor<'_> {
    hall.actor(TORQUIL, &["FAMRQT"])
}

/// Her social worker says something of her; gives the address under which they say otherwise.
async fn says(hall: &Hall, fact: &Value) -> String {
    let path = format!("Patient/{}/$say", hall.patient(OIGHRIG));
    let said = hall.fraser().posts(&path, fact.to_string()).await.is(201);
    said.header("location").to_owned()
}

fn deed(holder: &str, verified: bool) -> Value {
    json!({"authority": {"holder": holder, "kind": "welfare-attorney", "registered": true,
        "verified": verified, "powers": ["accommodation", "care", "treatment", "information"]}})
}

/// She cannot decide, as was certified in November; her council has a funding assessment of her.
async fn known(hall: &Hall) -> String {
    let lost = json!({"capacity": {"matter": "welfare", "state": "incapable", "at": "2026-11-02"}});
    says(hall, &lost).await;
    says(
        hall,
        &json!({"tie": {"party": "beathag", "kind": "primary-carer"}}),
    )
    .await;
    let funding = json!({
        "resourceType": "Account", "status": "active", "name": "Funding assessment",
        "subject": [{"reference": format!("Patient/{}", hall.patient(OIGHRIG))}]
    });
    let council = hall.actor("northburn-social-work-records", &["SC-ASSESS"]);
    council.creates(&funding).await.is(201).at("/id")
}

/// Everybody but him is told: his sister by telephone, housing and a home at a meeting.
async fn told_past_him(hall: &Hall) {
    set(hall, "2027-01-12T11:00:00Z");
    let mut fraser = Browser::of(hall, "fraser-abercrombie").await;
    let path = format!("/care/people/{}/calls", hall.patient(OIGHRIG));
    for (other, is, way) in [
        ("Beathag MacQuarrie, her daughter", "relative", "phone"),
        (
            "Gregor Muir, tenancies, Northburn Council Housing",
            "landlord",
            "meeting",
        ),
        ("Grace Addo, manager, Braeside House", "", "meeting"),
    ] {
        let call = [
            ("other", other),
            ("is", is),
            ("way", way),
            ("told", "care-plans"),
            ("why", "When she leaves the ward"),
        ];
        fraser.does(&path, &call).await;
    }
}

/// What stands on the list of her social worker's team about somebody left out.
async fn left_out(hall: &Hall) -> usize {
    let done = sharing::messages::do_what_is_due(&hall.cx).await;
    done.expect("what is due is done");
    let inbox = hall.fraser().gets("Communication/$inbox").await.is(200);
    inbox.text().matches("\"code\":\"left-out\"").count()
}

/// What he reads on the page of who knows what.
async fn asks(hall: &Hall) -> String {
    let mut torquils = Browser::of(hall, TORQUIL).await;
    torquils.gets("/me/family").await.is(200);
    let to = torquils.posts("/me/family", &OTHERS).await.is(303);
    words(&torquils.gets(to.header("location")).await.is(200))
}

/// The sentences of an account, newest first.
async fn list(actor: &Actor<'_>, path: &str) -> Vec<String> {
    let lines = actor.gets(path).await.is(200).json()["entry"].clone();
    let lines = lines.as_array().cloned().unwrap_or_default();
    let said = |line: &Value| line["resource"]["outcomeDesc"].as_str().map(str::to_owned);
    lines.iter().filter_map(said).collect()
}

/// The deed that he names, and then the word of an officer who has seen it; gives where it is said.
async fn verified(hall: &Hall) -> String {
    let everything = format!("Patient/{}/$everything", hall.patient(OIGHRIG));
    let torquil = party(hall, TORQUIL).await;
    let at = says(hall, &deed(&torquil, false)).await;
    let unseen = his(hall).gets(&everything).await.is(403);
    assert_eq!(
        unseen.issues()[1].1,
        "what would change it: bring the instrument: the deed, the order, or a mandate that the person \
         signed while able to"
    );
    let path = at.trim_start_matches("/fhir/").to_owned();
    let seen = deed(&torquil, true).to_string();
    hall.fraser().puts_at(&path, seen).await.is(204);
    his(hall).gets(&everything).await.is(200);
    path
}

#[tokio::test]
async fn he_reads_who_was_told_past_him_by_telephone_and_at_a_meeting_and_nobody_may_leave_it_so() {
    let hall = Hall::open().await;
    known(&hall).await;
    verified(&hall).await;
    told_past_him(&hall).await;
    set(&hall, "2027-01-13T11:00:00Z");
    let path = format!("AuditEvent?patient=Patient/{}", hall.patient(OIGHRIG));
    let lines = list(&his(&hall), &path).await;
    for line in [
        "told Beathag MacQuarrie, her daughter your care plans by telephone on 12 January 2027",
        "told Gregor Muir, tenancies, Northburn Council Housing your care plans at a meeting on 12 January 2027",
        "told Grace Addo, manager, Braeside House your care plans at a meeting on 12 January 2027",
    ] {
        assert!(
            lines.iter().any(|one| one.contains(line)),
            "{line} in {lines:#?}"
        );
    }
    // His sister was told as one close to her, and he with a power was not: somebody has to say why.
    assert_eq!(left_out(&hall).await, 1);
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let inbox = fraser.gets("/care/inbox").await.is(200);
    let task = fraser.gets(&link(&inbox, "Oighrig MacQuarrie")).await;
    let task = words(&task.is(200));
    assert!(
        task.contains("The welfare attorney was neither told nor heard"),
        "{task}"
    );

    // What he takes away is proven on a machine that knows nothing of it.
    sharing::epoch::make(&hall.cx).await.expect("an epoch");
    let pack = format!("AuditEvent/$pack?patient={}", hall.patient(OIGHRIG));
    let pack = his(&hall).gets(&pack).await.is(200);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("his.pack");
    std::fs::write(&file, &pack.body).expect("it is written");
    let mut verify = Command::new(env!("CARGO_BIN_EXE_candour"));
    let verified = verify.arg("verify").arg(&file).output().expect("it runs");
    let said = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert_eq!(verified.status.code(), Some(0), "{said}");
}

#[tokio::test]
async fn her_money_is_not_his_to_read_and_he_is_told_why_and_who_can_change_it() {
    let hall = Hall::open().await;
    let funding = known(&hall).await;
    verified(&hall).await;
    let oighrig = hall.patient(OIGHRIG);
    let search = format!("Account?patient={oighrig}");
    let asked = his(&hall).gets(&search).await.is(200);
    assert!(asked.matches().is_empty());
    let openly =
        "not shown to you for this purpose: money. To ask for it, ring the agency that holds it";
    assert_eq!(
        asked.notices(),
        [("suppressed".to_owned(), openly.to_owned())]
    );
    his(&hall).gets(&format!("Account/{funding}")).await.is(404);
    let page = asks(&hall).await.replace("&#39;", "'");
    for said in [
        "Care plans and requests",
        "Health conditions",
        "Money Not told, because the representative's powers do not cover this or are not in force. Who can change that: \
         the granter, the register or the sheriff.",
        "Bring a power that covers this, or the person's own agreement",
        "The Mental Welfare Commission (2000 Act s.9)",
        "Scottish Public Services Ombudsman",
        "Northburn adults team answers you.",
        "01632 960225",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
    assert!(
        !page.contains("You may also be told about: Money"),
        "{page}"
    );
    // The one whose money it is reads that he asked.
    let hers = hall.person_of(&oighrig.to_string()).await;
    let lines = list(&hers, "AuditEvent").await;
    let asked = "Torquil MacQuarrie-Sandhu read your record on 11 January 2027 at 9:30am, for a request by the family, \
                 because they act for you; the rest was not shared: the representative's powers do not cover this or are \
                 not in force.";
    assert!(lines.iter().any(|line| line == asked), "{lines:#?}");
}

#[tokio::test]
async fn what_she_wished_narrows_it_and_when_she_can_decide_again_it_is_over() {
    let hall = Hall::open().await;
    known(&hall).await;
    let power = verified(&hall).await;
    let everything = format!("Patient/{}/$everything", hall.patient(OIGHRIG));
    let reads = async || {
        let read = his(&hall).gets(&everything).await.is(200).matches();
        read.iter()
            .filter(|it| it["resourceType"] == "Condition")
            .count()
    };
    assert_ne!(reads().await, 0);
    let torquil = party(&hall, TORQUIL).await;
    let no = json!({"wish": {"says": "no", "audience": [{"party": torquil}], "at": "2024-03-01",
        "about": {"categories": ["conditions"]}}});
    says(&hall, &no).await;
    assert_eq!(reads().await, 0, "she said so while she could");
    // Her wish is the first thing that he reads, before what he may be told.
    let page = asks(&hall).await;
    let wished = "What Oighrig MacQuarrie wanted comes first Oighrig MacQuarrie did not want you to be told about: Health \
                  conditions What you may be told";
    assert!(page.contains(wished), "{wished} in {page}");

    let again = json!({"capacity": {"matter": "welfare", "state": "capable", "at": "2027-01-11"}});
    let capacity = says(&hall, &again).await;
    let over = his(&hall).gets(&everything).await.is(403);
    let ask_her = "what would change it: the person can decide this: ask them";
    assert_eq!(over.issues()[1].1, ask_her);
    let path = capacity.trim_start_matches("/fhir/");
    hall.fraser().deletes(path).await.is(204);
    his(&hall).gets(&everything).await.is(200);
    // Taken back, the power is as if it had never been, and he is a stranger.
    hall.fraser().deletes(&power).await.is(204);
    his(&hall).gets(&everything).await.is(404);
}

#[tokio::test]
async fn what_she_says_of_her_life_stands_first_for_him_and_for_whoever_decides_unless_she_keeps_it_from_him()
 {
    let hall = Hall::open().await;
    known(&hall).await;
    verified(&hall).await;
    let sea = json!({"own-words": {"kind": "advance-statement", "at": "2024-03-01",
        "words": "I want to stay near the sea, and to keep the dog."}});
    says(&hall, &sea).await;
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let decisions = format!("/care/people/{}/decisions", hall.patient(OIGHRIG));
    fraser.gets(&decisions).await.is(200);
    let now = [
        ("step", "own-words"),
        ("kind", "present-wishes"),
        ("own_words", "She asks for the dog each morning."),
        ("said_at", "2027-01-11"),
    ];
    let without = words(&fraser.posts(&decisions, &now[..2]).await.is(422));
    assert!(
        without.contains("Give the day like this: 2027-01-20"),
        "{without}"
    );
    let empty = [now[0], now[1], ("own_words", " "), now[3]];
    let empty = words(&fraser.posts(&decisions, &empty).await.is(422));
    assert!(
        empty.contains("Write what they said, in their own words"),
        "{empty}"
    );
    let early = [now[0], now[1], now[2], ("said_at", "2027-02-11")];
    let early = fraser.posts(&decisions, &early).await.is(422);
    assert!(
        words(&early).contains("They cannot have said it on a day that has not come"),
        "{}",
        words(&early)
    );
    assert!(early.text().contains("She asks for the dog each morning."));
    fraser.does(&decisions, &now).await;

    let page = asks(&hall).await;
    let first = "What Oighrig MacQuarrie wanted comes first On 11 January 2027, of how they feel now: “She asks for the \
                 dog each morning.” In an advance statement of 1 March 2024: “I want to stay near the sea, and to keep \
                 the dog.” What you may be told";
    assert!(page.contains(first), "{page}");
    let plan = json!({"plan": {"decision": "Move to Braeside House", "matter": "accommodation",
        "power": "attorney", "at": "2027-01-20T10:00:00Z"}});
    let path = format!("Patient/{}/$decision", hall.patient(OIGHRIG));
    let planned = hall
        .fraser()
        .posts(&path, plan.to_string())
        .await
        .is(200)
        .json();
    assert_eq!(
        planned["own-words"][1],
        "In an advance statement of 1 March 2024: “I want to stay near the sea, and to keep the dog.”"
    );
    let read = words(&fraser.gets(&decisions).await.is(200));
    assert!(
        read.contains("In their own words, before everything else On 11 January 2027"),
        "{read}"
    );
    // Somebody who signs in reads their own among their choices, until it is said otherwise.
    let netta = hall.patient("netta-dunsmore");
    let own =
        json!({"own-words": {"kind": "past-wishes", "at": "2024-03-01", "words": "Cats, please."}});
    let fraser = hall.fraser();
    let path = format!("Patient/{netta}/$say");
    let made = fraser.posts(&path, own.to_string()).await.is(201);
    let mut hers = Browser::of(&hall, "netta-dunsmore").await;
    let choices = words(&hers.gets("/me/sharing").await.is(200));
    assert!(
        choices.contains("On 1 March 2024: “Cats, please.”"),
        "{choices}"
    );
    let path = made
        .header("location")
        .trim_start_matches("/fhir/")
        .to_owned();
    fraser.deletes(&path).await.is(204);
    let choices = words(&hers.gets("/me/sharing").await.is(200));
    assert!(!choices.contains("Cats"), "{choices}");
    // She reads that it was written down; what she keeps from him, he reads nothing of.
    let hers = hall.person_of(&hall.patient(OIGHRIG).to_string()).await;
    let account = hers.gets("AuditEvent").await.is(200).text();
    assert!(account.contains("recorded what you say about your life, in your own words"));
    let power = json!({"wish": {"says": "no", "audience": [{"party": party(&hall, TORQUIL).await}],
        "about": {"categories": ["wishes"]}, "at": "2024-03-01"}});
    says(&hall, &power).await;
    let kept = asks(&hall).await;
    assert!(
        !kept.contains("the dog"),
        "she keeps her wishes from him: {kept}"
    );
}

/// Who is told one thing, by telephone.
async fn tells(hall: &Hall, other: &str, told: &str) {
    let mut fraser = Browser::of(hall, "fraser-abercrombie").await;
    let path = format!("/care/people/{}/calls", hall.patient(OIGHRIG));
    let call = [
        ("other", other),
        ("is", ""),
        ("way", "phone"),
        ("told", told),
        ("why", "When she leaves the ward"),
    ];
    fraser.does(&path, &call).await;
}

/// What he reads by the API: the sentences and what is said beside them.
async fn reads_all(hall: &Hall) -> (Vec<String>, Vec<String>) {
    let path = format!("AuditEvent?patient=Patient/{}", hall.patient(OIGHRIG));
    let said = his(hall).gets(&path).await.is(200);
    let lines = said.matches();
    let sentence = |line: &Value| line["outcomeDesc"].as_str().expect("a line").to_owned();
    let lines = lines.iter().map(sentence).collect();
    let notes = said.notices().into_iter().map(|(_, note)| note).collect();
    (lines, notes)
}

const TOLD: [&str; 4] = [
    "told Beathag MacQuarrie, her daughter your care plans by telephone on 12 January 2027",
    "told Gregor Muir, tenancies, Northburn Council Housing your care plans at a meeting on 12 January 2027",
    "told Grace Addo, manager, Braeside House your care plans at a meeting on 12 January 2027",
    "told Ewan Sillars, her solicitor your care plans by telephone on 12 January 2027",
];

/// Four people are told of her care and one of her money, and then his deed is accepted.
async fn told_and_then_accepted(hall: &Hall, with_what_he_is_kept_from: bool) -> String {
    known(hall).await;
    let torquil = party(hall, TORQUIL).await;
    let no = json!({"wish": {"says": "no", "audience": [{"party": torquil}], "at": "2024-03-01",
        "about": {"categories": ["conditions"]}}});
    says(hall, &no).await;
    told_past_him(hall).await;
    tells(hall, "Ewan Sillars, her solicitor", "care-plans").await;
    tells(hall, "Ina Baird, her bank", "finance").await;
    if with_what_he_is_kept_from {
        tells(hall, "Dr Hamish Colquhoun, her doctor", "conditions").await;
    }
    set(hall, "2027-01-13T09:00:00Z");
    let deed = verified(hall).await;
    set(hall, "2027-01-13T11:00:00Z");
    deed
}

#[tokio::test]
async fn what_was_told_past_him_before_his_deed_was_known_he_reads_after_his_own_list_and_she_sees_it()
 {
    let (hall, other) = (Hall::open().await, Hall::open().await);
    let deed = told_and_then_accepted(&hall, true).await;
    let (lines, notes) = reads_all(&hall).await;
    let last: Vec<&String> = lines.iter().rev().take(4).collect();
    for line in TOLD {
        assert!(
            last.iter().any(|it| it.contains(line)),
            "{line} in {lines:#?}"
        );
    }
    let all = lines.join(" ");
    for back in ["Ina Baird", "her doctor", "When she leaves"] {
        assert!(!all.contains(back), "{back} in {all}");
    }
    let said = [
        "the last 4 lines were told before it was known here that you act for this person",
        "not shown of before, because your powers do not reach that far: money, 1 lines",
    ];
    assert_eq!(notes, said);
    // What she wished him not to know is as if it had never been.
    told_and_then_accepted(&other, false).await;
    assert_eq!(reads_all(&other).await, (lines, notes));

    let mut torquils = Browser::of(&hall, TORQUIL).await;
    let page = format!("/me/access?patient={}", hall.patient(OIGHRIG));
    let page = words(&torquils.gets(&page).await.is(200));
    let (own, before) = page
        .split_once("Before it was known here that you act for them")
        .expect("its own heading");
    for line in TOLD {
        assert!(before.contains(line), "{line} in {before}");
        assert!(!own.contains(line), "{line} in {own}");
    }
    assert!(
        before.contains("do not reach that far: money, 1 line."),
        "{before}"
    );

    let hers = hall.person_of(&hall.patient(OIGHRIG).to_string()).await;
    let read = "Torquil MacQuarrie-Sandhu read who was told what about you before it was known here that they act \
                for you: 4 lines.";
    let hers = list(&hers, "AuditEvent").await;
    let times = hers.iter().filter(|line| line.ends_with(read)).count();
    assert_eq!(times, 2, "{hers:#?}");

    // With the deed it is over.
    hall.fraser().deletes(&deed).await.is(204);
    let path = format!("AuditEvent?patient=Patient/{}", hall.patient(OIGHRIG));
    his(&hall).gets(&path).await.is(404);
}

#[tokio::test]
async fn what_was_told_while_she_could_decide_was_hers_to_tell_him_or_not() {
    let hall = Hall::open().await;
    known(&hall).await;
    told_past_him(&hall).await;
    set(&hall, "2027-01-13T09:00:00Z");
    // She was found unable to decide on the next day only.
    let able = json!({"capacity": {"matter": "welfare", "state": "capable", "at": "2026-11-03"}});
    says(&hall, &able).await;
    let lost = json!({"capacity": {"matter": "welfare", "state": "incapable", "at": "2027-01-13"}});
    says(&hall, &lost).await;
    verified(&hall).await;
    let (lines, notes) = reads_all(&hall).await;
    assert!(
        !lines.is_empty() && notes.is_empty(),
        "{lines:#?} {notes:#?}"
    );
    assert!(!lines.join(" ").contains("Beathag"), "{lines:#?}");
}

#[tokio::test]
async fn whoever_is_said_to_harm_her_reads_nothing_of_before_and_no_count_of_it() {
    let hall = Hall::open().await;
    told_and_then_accepted(&hall, false).await;
    let torquil = party(&hall, TORQUIL).await;
    let said = json!({"allegation": {"against": torquil, "since": "2027-01-12"}});
    says(&hall, &said).await;
    let (lines, notes) = reads_all(&hall).await;
    assert_eq!(notes, Vec::<String>::new(), "{lines:#?}");
    let all = lines.join(" ");
    for told in ["Beathag", "Gregor Muir", "Ina Baird"] {
        assert!(!all.contains(told), "{told} in {all}");
    }
}

#[tokio::test]
async fn a_page_that_shows_nothing_of_before_says_to_nobody_that_it_was_read() {
    let hall = Hall::open().await;
    told_and_then_accepted(&hall, false).await;
    let page = asks(&hall).await;
    assert!(!page.contains("Beathag"), "{page}");
    let hers = hall.person_of(&hall.patient(OIGHRIG).to_string()).await;
    let hers = list(&hers, "AuditEvent").await.join(" ");
    assert!(!hers.contains("before it was known here"), "{hers}");
}

#[tokio::test]
async fn an_ended_power_opens_nothing_and_neither_does_one_after_her_death() {
    let hall = Hall::open().await;
    known(&hall).await;
    let power = verified(&hall).await;
    let torquil = party(&hall, TORQUIL).await;
    let everything = format!("Patient/{}/$everything", hall.patient(OIGHRIG));
    let mut ended = deed(&torquil, true);
    ended["authority"]["ended"] = json!("2027-01-11");
    hall.fraser()
        .puts_at(&power, ended.to_string())
        .await
        .is(204);
    let over = his(&hall).gets(&everything).await.is(403);
    assert!(
        over.issues()[0].1.starts_with("R07: "),
        "{:?}",
        over.issues()
    );

    let stands = deed(&torquil, true).to_string();
    hall.fraser().puts_at(&power, stands).await.is(204);
    his(&hall).gets(&everything).await.is(200);
    says(&hall, &json!({"died": "2027-01-11T08:00:00Z"})).await;
    let after = his(&hall).gets(&everything).await.is(403);
    assert!(
        after.issues()[0].1.starts_with("R07: "),
        "{:?}",
        after.issues()
    );
    let executor = "what would change it: ask through the executor";
    assert_eq!(after.issues()[1].1, executor);
}
