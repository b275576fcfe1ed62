//! Told before, not after: from the ward to the day on which it is decided, Oighrig MacQuarrie's son, who
//! acts for her, is told and heard, and reads who else was told. Left out, he is one task of the team.

use std::process::Command;

use serde_json::{Value, json};

use crate::actor::Actor;
use crate::browser::{Browser, link, words};
use crate::hall::Hall;

const MOVE: &str = "Move to Braeside House";

fn set(hall: &Hall, at: &str) {
    let at = domain::Timestamp::parse(at).expect("an instant");
    hall.clock.stand_at(at);
}

/// Her son, as facts name him: the person that he signs in as.
async fn torquil(hall: &Hall) -> String {
    let mut snapshot = hall.cx.store.snapshot().await.expect("a snapshot");
    let patient = hall.patient("torquil-macquarrie-sandhu");
    let person = snapshot.person_of(&patient).await.expect("an answer");
    person.expect("somebody").to_string()
}

/// Her social worker says what she knows: the son's power, which nobody but him says has begun, and the
/// daughter who visits daily. Whether she can decide for herself nobody has assessed.
async fn known(hall: &Hall) -> String {
    let oighrig = hall.patient("oighrig-macquarrie").to_string();
    let say = format!("Patient/{oighrig}/$say");
    let believes = |matter: &str| json!({"matter": matter, "at": "2027-01-11T09:00:00Z"});
    let power = json!({"authority": {
        "holder": torquil(hall).await, "kind": "welfare-attorney", "registered": true, "verified": true,
        "powers": ["accommodation", "care", "treatment", "information"], "trigger": "reasonable-belief",
        "beliefs": [believes("accommodation"), believes("care"), believes("treatment")]
    }});
    let daughter = json!({"tie": {"party": "beathag", "kind": "primary-carer"}});
    for fact in [power, daughter] {
        hall.fraser().posts(&say, fact.to_string()).await.is(201);
    }
    oighrig
}

/// Her son, asking about her.
fn acting(hall: &Hall) -> Actor<'_> {
    hall.actor("torquil-macquarrie-sandhu", &["FAMRQT"])
}

async fn steps(hall: &Hall, step: Value) -> crate::answer::Answer {
    let oighrig = hall.patient("oighrig-macquarrie");
    let path = format!("Patient/{oighrig}/$decision");
    hall.fraser().posts(&path, step.to_string()).await
}

/// Fraser plans it, by her attorney's power: by section 13ZA it cannot be.
async fn plans(hall: &Hall) {
    let plan = |power: &str| json!({"plan": {"decision": MOVE, "matter": "accommodation", "power": power, "at": "2027-01-20T10:00:00Z"}});
    let refused = steps(hall, plan("s13za")).await.is(422);
    assert!(refused.text().contains("s.13ZA(4)"), "{}", refused.text());
    let planned = steps(hall, plan("attorney")).await.is(200).json();
    let heard = planned["to-be-heard"].as_array().expect("a list");
    let heard: Vec<_> = heard.iter().filter_map(|one| one["is"].as_str()).collect();
    let mut sorted = heard.clone();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        ["person themself", "primary carer", "welfare attorney"]
    );
}

/// The page on which her son is asked, as he finds it; it says for when it is planned, by whom, and how
/// he is heard.
async fn asked(hall: &Hall, day: &str) -> String {
    let mut torquils = Browser::of(hall, "torquil-macquarrie-sandhu").await;
    let family = torquils.gets("/me/family").await.is(200);
    let page = link(&family, "A decision about Oighrig MacQuarrie");
    let read = words(&torquils.gets(&page).await.is(200));
    for said in [
        MOVE,
        day,
        "Fraser Abercrombie",
        "Your view, and anything you want answered",
    ] {
        assert!(read.contains(said), "{said} in {read}");
    }
    page
}

/// What stands on the list of Fraser's team about somebody left out.
async fn left_out(hall: &Hall) -> usize {
    let done = sharing::messages::do_what_is_due(&hall.cx).await;
    done.expect("what is due is done");
    let inbox = hall.fraser().gets("Communication/$inbox").await.is(200);
    inbox.text().matches("\"code\":\"left-out\"").count()
}

/// A round of calls to housing and the home, and the plan to a solicitor who says that she acts for the
/// family; gives what it took to type.
async fn round(fraser: &mut Browser<'_>, oighrig: &str) -> usize {
    let path = format!("/care/people/{oighrig}/calls");
    fraser.gets(&format!("{path}/new")).await.is(200);
    let call = [
        ("other", "Gregor Muir, tenancies, Northburn Council Housing"),
        ("is", "landlord"),
        ("told", "function"),
        ("why", "When she leaves her flat"),
    ];
    fraser.does(&path, &call).await;
    let home = [
        ("other", "Grace Addo, manager, Braeside House"),
        ("told", "function"),
        ("told", "care-plans"),
        ("why", "Before she is admitted"),
    ];
    fraser.does(&path, &home).await;
    let rae = [
        ("other", "Ms Rae, solicitor"),
        ("is", "solicitor"),
        ("way", "letter"),
        ("told", "care-plans"),
        ("why", "She asked"),
    ];
    let kept = words(&fraser.does(&path, &rae).await);
    assert!(
        kept.contains("tried to send Ms Rae, solicitor your care plans"),
        "{kept}"
    );
    let typed = [&call[..], &home, &rae].concat();
    let typed = typed
        .iter()
        .filter(|(name, _)| matches!(*name, "other" | "why"));
    typed.map(|(_, value)| value.chars().count()).sum()
}

/// The sentences that somebody reads of her, newest first.
async fn log_of(hall: &Hall, oighrig: &str) -> Vec<String> {
    let his = acting(hall);
    let path = format!("AuditEvent?patient={oighrig}");
    let lines = his.gets(&path).await.is(200).json()["entry"].clone();
    let lines = lines.as_array().cloned().unwrap_or_default();
    let said = |line: &Value| line["resource"]["outcomeDesc"].as_str().map(str::to_owned);
    lines.iter().filter_map(said).collect()
}

/// Until somebody says that he acts for her, her record and one that never was are one answer to him.
async fn nobody_is_answered_like_him_before_he_is_known(hall: &Hall, everything: &str) {
    let hers = acting(hall).gets(everything).await.is(404);
    let nobody = "Patient/0000000000000000000000000a/$everything";
    let nobodys = acting(hall).gets(nobody).await.is(404);
    assert_eq!(hers.text(), nobodys.text());
}

/// Her funding assessment is about money, which his deed does not name: he is told so, and who decides.
async fn her_money_is_refused_openly(hall: &Hall, oighrig: &str) {
    let funding = json!({
        "resourceType": "Account", "status": "active", "name": "Funding assessment",
        "subject": [{"reference": format!("Patient/{oighrig}")}]
    });
    let council = hall.actor("northburn-social-work-records", &["SC-ASSESS"]);
    council.creates(&funding).await.is(201);
    let his = acting(hall);
    let asked = his
        .gets(&format!("Account?patient={oighrig}"))
        .await
        .is(200);
    assert_eq!(asked.matches(), [] as [Value; 0]);
    let openly =
        "not shown to you for this purpose: money. To ask for it, ring the agency that holds it";
    assert_eq!(
        asked.notices(),
        [("suppressed".to_owned(), openly.to_owned())]
    );
    let about = json!({"resourceType": "Parameters", "parameter": [
        {"name": "name", "valueString": "Oighrig MacQuarrie"}, {"name": "born", "valueString": "1940-05-02"},
        {"name": "says-to-be", "valueString": "her son"}]});
    let person = hall.person("torquil-macquarrie-sandhu");
    let why = person.posts("Patient/$who-knows", about.to_string()).await;
    let why = why.is(200).text();
    for said in [
        r#""name":"ground","valueCode":"R07""#,
        "the representative's powers do not cover this or are not in force",
        "the granter, the register or the sheriff",
    ] {
        assert!(why.contains(said), "{said} in {why}");
    }
}

/// The entry of an account whose sentence begins so, as its outcome and the sentence.
async fn entry(hall: &Hall, oighrig: &str, part: &str) -> (String, String) {
    let path = format!("AuditEvent?patient={oighrig}");
    let lines = acting(hall).gets(&path).await.is(200).json()["entry"].clone();
    let lines = lines.as_array().cloned().unwrap_or_default();
    let text = |line: &Value, name: &str| {
        line["resource"][name]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let found = lines
        .iter()
        .find(|line| text(line, "outcomeDesc").contains(part));
    let found = found.unwrap_or_else(|| panic!("{part} in {lines:#?}"));
    (text(found, "outcome"), text(found, "outcomeDesc"))
}

#[tokio::test]
async fn her_son_is_told_and_heard_before_it_is_decided_and_reads_who_else_was_told() {
    let hall = Hall::open().await;
    let everything = format!("Patient/{}/$everything", hall.patient("oighrig-macquarrie"));
    // The nurse types nothing: an admission proves why.
    let ruksana = hall.ruksana();
    ruksana.gets(&everything).await.is(200);
    nobody_is_answered_like_him_before_he_is_known(&hall, &everything).await;
    let oighrig = known(&hall).await;
    let his = acting(&hall);
    his.gets(&everything).await.is(200);
    her_money_is_refused_openly(&hall, &oighrig).await;

    set(&hall, "2027-01-12T10:00:00Z");
    plans(&hall).await;
    // The exchange asks him within minutes; that evening he reads what is planned.
    set(&hall, "2027-01-12T10:05:00Z");
    assert_eq!(left_out(&hall).await, 0);
    set(&hall, "2027-01-12T19:00:00Z");
    let asked = asked(&hall, "20 January 2027").await;

    set(&hall, "2027-01-13T11:00:00Z");
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let typed = round(&mut fraser, &oighrig).await;
    assert!(typed <= 200, "{typed} letters for a round of three");
    assert!(fraser.clicks <= 5, "{} screens for it", fraser.clicks);
    let (outcome, _) = entry(&hall, &oighrig, "tried to send Ms Rae").await;
    assert_eq!(outcome, "8", "a refusal, in the log like any other");

    // The daughter, by telephone: one tap, and nobody signs for it.
    set(&hall, "2027-01-14T15:00:00Z");
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let decisions = format!("/care/people/{oighrig}/decisions");
    let page = words(&fraser.gets(&decisions).await.is(200));
    assert!(
        page.contains("I told the primary carer by telephone"),
        "{page}"
    );
    let tap = [
        ("step", "told"),
        ("decision", MOVE),
        ("party", "beathag"),
        ("way", "phone"),
    ];
    let page = words(&fraser.does(&decisions, &tap).await);
    assert!(
        page.contains("Primary carer : told on 14 January 2027"),
        "{page}"
    );

    // He objects and asks; nobody decides until somebody answers him by name.
    set(&hall, "2027-01-15T12:00:00Z");
    let mut torquils = Browser::of(&hall, "torquil-macquarrie-sandhu").await;
    torquils.gets(&asked).await.is(200);
    let word = [(
        "text",
        "I object: home with care first. Who visits at night?",
    )];
    torquils.does(&asked, &word).await;
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let inbox = words(&fraser.gets("/care/inbox").await.is(200));
    assert!(inbox.contains("Somebody is to be heard"), "{inbox}");
    let party = torquil(&hall).await;
    set(&hall, "2027-01-18T10:00:00Z");
    let make = json!({"make": {"decision": MOVE, "reasons": "she needs somebody there at night", "review": "2027-04-20"}});
    let early = steps(&hall, make.clone()).await.is(409);
    assert!(
        early
            .text()
            .contains("a question is not answered by a named person"),
        "{}",
        early.text()
    );
    let answer =
        json!({"answer": {"decision": MOVE, "party": party, "words": "Nobody can before March."}});
    steps(&hall, answer).await.is(200);
    set(&hall, "2027-01-20T10:00:00Z");
    steps(&hall, make).await.is(200);
    assert_eq!(left_out(&hall).await, 0, "nobody was left out");

    // The nurse was interrupted by none of it.
    let mut nurse = Browser::of(&hall, "ruksana-chaudhry").await;
    let inbox = words(&nurse.gets("/care/inbox").await.is(200));
    assert!(!inbox.contains("Oighrig"), "{inbox}");

    let log = log_of(&hall, &oighrig).await;
    for line in [
        "told Gregor Muir, tenancies, Northburn Council Housing your everyday needs by telephone on 13 January 2027",
        "told Grace Addo, manager, Braeside House your",
        "tried to send Ms Rae, solicitor your care plans on 13 January 2027 at 11am, for assessing care needs, and was \
         refused.",
        "told your primary carer by telephone of the planned decision",
        "Candour wrote to your welfare attorney of the planned decision",
        "your welfare attorney, read of the planned decision",
        "your welfare attorney, said what they think of the planned decision",
        "made the decision “Move to Braeside House”, by the power of your attorney",
        "Scottish Public Services Ombudsman, with the Mental Welfare Commission, or before the sheriff.",
    ] {
        assert!(
            log.iter().any(|one| one.contains(line)),
            "{line} in {log:#?}"
        );
    }
    proven(&hall, &oighrig).await;
}

/// Her own list is proven to be whole by the program itself, on a machine that knows nothing of it.
async fn proven(hall: &Hall, oighrig: &str) {
    sharing::epoch::make(&hall.cx).await.expect("an epoch");
    let hers = hall.person_of(oighrig).await;
    let pack = hers.gets("AuditEvent/$pack").await.is(200);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("hers.pack");
    std::fs::write(&file, &pack.body).expect("it is written");
    let mut verify = Command::new(env!("CARGO_BIN_EXE_candour"));
    let verified = verify.arg("verify").arg(&file).output().expect("it runs");
    let said = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert_eq!(verified.status.code(), Some(0), "{said}");
    assert!(said.contains("nothing is false"), "{said}");
}

#[tokio::test]
async fn left_out_of_the_round_he_is_exactly_one_task_within_a_working_day() {
    let hall = Hall::open().await;
    let oighrig = known(&hall).await;
    set(&hall, "2027-01-12T10:00:00Z");
    plans(&hall).await;
    assert_eq!(left_out(&hall).await, 0, "the exchange asks him");
    // He does not look, and nobody rings.
    set(&hall, "2027-01-13T10:00:00Z");
    assert_eq!(left_out(&hall).await, 0, "a call round can still reach him");
    set(&hall, "2027-01-13T11:00:00Z");
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    round(&mut fraser, &oighrig).await;
    set(&hall, "2027-01-14T11:00:00Z");
    assert_eq!(left_out(&hall).await, 1);
    let told = json!({"told": {"decision": MOVE, "party": torquil(&hall).await, "by": "phone"}});
    steps(&hall, told).await.is(200);
    assert_eq!(left_out(&hall).await, 0);
}

/// Her son's power begins on 1 February, after the landlord was told and with nobody saying another word.
#[tokio::test]
async fn whose_power_begins_later_is_left_out_from_that_moment_by_the_clock_alone() {
    let hall = Hall::open().await;
    let oighrig = hall.patient("oighrig-macquarrie").to_string();
    let say = format!("Patient/{oighrig}/$say");
    let guardian = json!({"authority": {"holder": torquil(&hall).await, "kind": "guardian",
        "powers": ["accommodation", "care"], "registered": true, "verified": true, "from": "2027-02-01"}});
    let incapable =
        json!({"capacity": {"matter": "welfare", "state": "incapable", "at": "2027-01-04"}});
    for fact in [incapable, guardian] {
        hall.fraser().posts(&say, fact.to_string()).await.is(201);
    }
    set(&hall, "2027-01-13T11:00:00Z");
    let plan = json!({"plan": {"decision": MOVE, "matter": "accommodation", "power": "s13za", "at": "2027-03-20T10:00:00Z"}});
    steps(&hall, plan).await.is(200);
    set(&hall, "2027-01-31T12:00:00Z");
    assert_eq!(left_out(&hall).await, 0, "he has no power yet");

    set(&hall, "2027-02-01T00:00:00Z");
    assert_eq!(left_out(&hall).await, 0, "the exchange asks him");
    set(&hall, "2027-02-02T00:00:00Z");
    assert_eq!(
        left_out(&hall).await,
        0,
        "he did not look, and a call round has time to reach him"
    );
    set(&hall, "2027-02-02T09:00:00Z");
    assert_eq!(left_out(&hall).await, 1);
    let told = json!({"told": {"decision": MOVE, "party": torquil(&hall).await, "by": "phone"}});
    steps(&hall, told).await.is(200);
    assert_eq!(left_out(&hall).await, 0);
}
