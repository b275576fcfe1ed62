//! The nurse she left: Iona Dalgleish lives at a hidden address and has barred Kenneth Purdie, bank
//! nurse at the hospital, by name. Whatever he tries, he learns nothing; the privacy officer of the
//! hospital learns of all of it, once.

use domain::ResourceId;
use serde_json::{Value, json};

use crate::actor::Actor;
use crate::answer::Answer;
use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::saying::parameters;

pub async fn what_is_due(hall: &Hall) {
    let done = sharing::messages::do_what_is_due(&hall.cx).await;
    done.expect("what is due is done");
}

pub fn kenneth(hall: &Hall) -> Actor<'_> {
    hall.actor("kenneth-purdie", &["TREAT", "ETREAT"])
}

/// The lines of the list of the hospital's privacy officer.
async fn alerts(hall: &Hall) -> Vec<Value> {
    let eleanor = hall.actor("eleanor-tweedie", &["HOPERAT"]);
    let list = eleanor.gets("Communication/$inbox").await.is(200);
    let entries = list.json()["entry"].as_array().cloned();
    let resources = entries.unwrap_or_default().into_iter();
    resources
        .map(|mut entry| entry["resource"].take())
        .filter(|resource| resource["resourceType"] == "Communication")
        .collect()
}

/// One night's attempts: by name, by number, by her id, by what was noted of it, as an emergency.
async fn tries_all_night(hall: &Hall) -> Vec<Answer> {
    let kenneth = kenneth(hall);
    let her = hall.patient("iona-dalgleish");
    let person = hall.town.person("iona-dalgleish").expect("her");
    let chi = person.chi.clone().expect("a number");
    let born = &person.birth_date;
    let usual = kenneth.with("purpose-of-use", "TREAT");
    let paths = [
        format!("Patient?name=Iona%20Dalgleish&birthdate={born}"),
        format!("Patient?identifier={chi}"),
        format!("Patient/{her}"),
        format!("Patient/{her}/$everything"),
        format!("Patient/{her}/_history"),
        format!("Appointment?patient={her}"),
        format!("Observation?patient={her}&_summary=count"),
    ];
    let mut answers = Vec::new();
    for path in &paths {
        answers.push(usual.gets(path).await);
    }
    let claims = usual.with("reason", "She is my patient tonight");
    answers.push(claims.gets(&format!("Patient/{her}/$everything")).await);
    let emergency = kenneth
        .with("purpose-of-use", "ETREAT")
        .with("reason", "Brought in unconscious");
    for _ in 0..6 {
        let path = format!("Patient/{her}/$everything");
        answers.push(emergency.gets(&path).await);
    }
    answers
}

#[tokio::test]
async fn fourteen_attempts_are_one_alert_that_is_seen_taken_and_closed() {
    let hall = Hall::open().await;
    for answer in tries_all_night(&hall).await {
        assert!(
            answer.status == 404 || !answer.text().contains("Dalgleish"),
            "{}",
            answer.text()
        );
    }
    what_is_due(&hall).await;
    let all = alerts(&hall).await;
    assert_eq!(all.len(), 1, "{all:#?}");
    assert_eq!(all[0]["category"][0]["coding"][0]["code"], "privacy-alert");
    assert_eq!(all[0]["priority"], "stat");
    assert_eq!(all[0]["subject"], json!({"display": "Iona Dalgleish"}));

    let mut eleanor = Browser::of(&hall, "eleanor-tweedie").await;
    let inbox = eleanor.gets("/care/inbox").await.is(200);
    let path = link(&inbox, "Iona Dalgleish");
    let said = words(&eleanor.gets(&path).await.is(200));
    for part in [
        "Attempts on a record",
        "Kenneth Purdie, nurse, Clydevale Hospital, tried to see a record that is not open to them: 14 times, on 11 January 2027 at 9:30am.",
        "Looked for the person twice; asked for the record 5 times; asked for the record with a reason of their own once; asked for the record as in an emergency 6 times.",
        "They are barred from this person, whatever their role, ward or shift.",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }

    // She takes it; he goes on; it is still one, and it is still hers.
    let taken = [("reply", "mine")];
    eleanor.does(&format!("{path}/answer"), &taken).await;
    hall.wait(1_200);
    let her = hall.patient("iona-dalgleish");
    kenneth(&hall)
        .with("purpose-of-use", "TREAT")
        .reads("Patient", her)
        .await
        .is(404);
    what_is_due(&hall).await;
    assert_eq!(alerts(&hall).await.len(), 1);
    let said = words(&eleanor.gets(&path).await.is(200));
    assert!(
        said.contains("15 times, from 11 January 2027 at 9:30am to 11 January 2027 at 9:50am."),
        "{said}"
    );
    assert!(said.contains("taken"), "{said}");

    // What came of it ends the alert; what he tries later is another.
    let fields = [("finding", "procedure"), ("text", "Suspended today.")];
    eleanor.does(&format!("{path}/resolve"), &fields).await;
    assert_eq!(alerts(&hall).await.len(), 0);
    let said = words(&eleanor.gets(&path).await.is(200));
    assert!(
        said.contains("it goes on under the agency’s own procedure. Suspended today."),
        "{said}"
    );
    kenneth(&hall)
        .with("purpose-of-use", "TREAT")
        .reads("Patient", her)
        .await
        .is(404);
    what_is_due(&hall).await;
    let again = alerts(&hall).await;
    assert_eq!(again.len(), 1);
    let id = again[0]["id"].as_str().expect("an id");
    assert!(!path.ends_with(id));

    // The same through the API; he himself has no line about it.
    let officer = hall.actor("eleanor-tweedie", &["HOPERAT"]);
    let done = format!("Communication/{id}/$answer");
    officer
        .posts(&done, parameters(&[("reply", "done")]))
        .await
        .says(
            422,
            "business-rule",
            "say what came of looking into it: explained, spoken to, taken further or reported as a breach",
        );
    let resolve = format!("Communication/{id}/$resolve");
    officer
        .posts(&resolve, parameters(&[("finding", "gossip")]))
        .await
        .is(400);
    kenneth(&hall)
        .with("purpose-of-use", "TREAT")
        .posts(&resolve, parameters(&[("finding", "explained")]))
        .await
        .is(404);
    let closed = officer
        .posts(&resolve, parameters(&[("finding", "breach")]))
        .await
        .is(200);
    assert_eq!(closed.at("/entry/0/resource/status"), "completed");
    assert_eq!(
        closed.at("/entry/0/resource/statusReason/coding/0/code"),
        "breach"
    );
    hall.verified().await;
}

#[tokio::test]
async fn what_he_is_shown_is_what_he_would_be_shown_of_nobody() {
    let hall = Hall::open().await;
    let her = hall.patient("iona-dalgleish").to_string();
    let nobody = hall.id_of("hospital", "Patient", "nobody").to_string();
    let kenneth = kenneth(&hall);
    let emergency = kenneth
        .with("purpose-of-use", "ETREAT")
        .with("reason", "Brought in unconscious");
    let usual = kenneth.with("purpose-of-use", "TREAT");
    for path in [
        "Patient/WHO",
        "Patient/WHO/$everything",
        "Patient/WHO/_history",
    ] {
        for asked in [&usual, &emergency] {
            let hers = asked.gets(&path.replace("WHO", &her)).await.is(404);
            let nobodys = asked.gets(&path.replace("WHO", &nobody)).await.is(404);
            assert_eq!(hers.comparable(), nobodys.comparable(), "{path}");
        }
    }
    // On his screen too: the page for her and the page for nobody are one page.
    let mut browser = Browser::of(&hall, "kenneth-purdie").await;
    let mut shown = Vec::new();
    for id in [&her, &nobody] {
        let why = [("why", "emergency"), ("reason", "Brought in unconscious")];
        let tried = browser
            .posts(&format!("/care/people/{id}/open"), &why)
            .await;
        let page = browser.gets(&format!("/care/people/{id}")).await;
        let text = |answer: &Answer| (answer.status, answer.text().replace(id.as_str(), "WHO"));
        shown.push((text(&tried), text(&page)));
    }
    assert_eq!(shown[0], shown[1]);
}

#[tokio::test]
async fn a_receptionist_who_looks_at_her_neighbour_is_told_of_and_a_doctor_who_errs_once_is_not() {
    let hall = Hall::open().await;
    let netta = hall.patient("netta-dunsmore");
    // A surgery that names no privacy officer: the alert goes to one of an agency that holds the record.
    let alina = hall.actor("alina-popescu", &["TREAT"]);
    alina.reads("Patient", netta).await.is(403);
    // Nobody connects this doctor with her either, but a doctor may say why they ask.
    let sunita = hall.actor("sunita-krishnan", &["TREAT"]);
    for _ in 0..4 {
        sunita.everything(netta).await.is(403);
    }
    what_is_due(&hall).await;
    let told = alerts(&hall).await;
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!(told[0]["priority"], "routine");
    assert_eq!(told[0]["subject"]["display"], "Netta Dunsmore");

    // Five times within a day is a pattern, and so is the sixth.
    sunita.everything(netta).await.is(403);
    what_is_due(&hall).await;
    assert_eq!(alerts(&hall).await.len(), 2);
    sunita.everything(netta).await.is(403);
    what_is_due(&hall).await;
    let told = alerts(&hall).await;
    assert_eq!(told.len(), 2);
    let officer = hall.actor("eleanor-tweedie", &["HOPERAT"]);
    let mut texts = Vec::new();
    for one in &told {
        let id = one["id"].as_str().expect("an id");
        let opened = officer
            .gets(&format!("Communication/{id}/$open"))
            .await
            .is(200);
        texts.push(opened.at("/entry/0/resource/payload/0/contentString"));
    }
    assert!(
        texts.iter().any(|text| text.starts_with("Dr Sunita Krishnan, doctor, Millburn Medical Practice, tried to see a record that is not open to them: 6 times")),
        "{texts:#?}"
    );
}

/// Her Patient at the hospital.
pub fn at_the_hospital(hall: &Hall) -> ResourceId {
    let person = hall.town.person("iona-dalgleish").expect("her");
    let chi = person.chi.as_deref().expect("a number");
    let mut written = hall.town.contributions.iter();
    let file = written.find(|it| {
        it.by.as_str() == "hospital" && it.resource_type == "Patient" && it.json.contains(chi)
    });
    hall.id_of("hospital", "Patient", &file.expect("her file").local_id)
}

/// She is in one of the hospital's departments.
pub async fn is_seen_in(hall: &Hall, team: &str) {
    let visit = json!({
        "resourceType": "Encounter",
        "status": "in-progress",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "EMER"},
        "subject": {"reference": format!("Patient/{}", at_the_hospital(hall))},
        "period": {"start": "2027-01-11T09:00:00Z"},
        "location": [{"location": {"identifier": {
            "system": "https://candour.example/fhir/id/team", "value": team
        }}}]
    });
    hall.hospital().creates(&visit).await.is(201);
}

/// What she reads in her own account.
pub async fn account(hall: &Hall) -> Vec<String> {
    sentences(&hall.person("iona-dalgleish")).await
}

/// What she reads on a safe channel: at her friend's, with a token that says so.
pub async fn safe_account(hall: &Hall) -> Vec<String> {
    let token = hall.token_but("iona-dalgleish", &["PATRQT"], |claims| {
        claims["extensions"]["candour"] = json!({"safe_channel": true});
    });
    sentences(&hall.bearing(&token)).await
}

async fn sentences(her: &Actor<'_>) -> Vec<String> {
    let listed = her.gets("AuditEvent").await.is(200);
    let lines = listed.json()["entry"].as_array().cloned();
    let lines = lines.unwrap_or_default().into_iter();
    lines
        .filter_map(|line| line["resource"]["outcomeDesc"].as_str().map(str::to_owned))
        .collect()
}

#[tokio::test]
async fn a_pharmacist_reads_what_to_tell_no_caller_and_the_call_stands_in_her_account() {
    let hall = Hall::open().await;
    is_seen_in(&hall, "pharmacy").await;
    let her = at_the_hospital(&hall);
    let mut haroon = Browser::of(&hall, "haroon-siddiqui").await;
    let page = words(&haroon.gets(&format!("/care/people/{her}")).await.is(200));
    assert!(
        page.contains("Do not give address, telephone or appointments to any caller."),
        "{page}"
    );
    assert!(!page.contains("Quay Street"), "{page}");

    let fields = [
        ("spoke", "other"),
        ("other", "Kenneth Purdie, who rang for her address"),
        ("why", "He was told nothing"),
    ];
    let path = format!("/care/people/{her}/calls");
    haroon.posts(&path, &fields).await.is(303);
    let account = account(&hall).await;
    let call = account
        .iter()
        .find(|line| line.contains("who rang for her address"));
    let call = call.unwrap_or_else(|| panic!("{account:#?}"));
    assert!(call.contains("Haroon Siddiqui"), "{call}");
}

#[tokio::test]
async fn in_an_emergency_the_doctor_sees_what_keeps_her_alive_and_he_sees_nothing() {
    let hall = Hall::open().await;
    is_seen_in(&hall, "emergency-department").await;
    let her = at_the_hospital(&hall);
    let aniket = hall
        .actor("aniket-deshpande", &["ETREAT"])
        .with("reason", "Brought in unconscious");
    let record = aniket
        .gets(&format!("Patient/{her}/$everything?_count=200"))
        .await
        .is(200);
    assert_eq!(record.header("candour-decision"), "PERMIT");
    for part in ["AllergyIntolerance", "MedicationRequest", "Morna Jardine"] {
        assert!(record.text().contains(part), "{part}");
    }

    // The nurse of the ward that night, with the same purpose and a reason of his own.
    let emergency = kenneth(&hall)
        .with("purpose-of-use", "ETREAT")
        .with("reason", "Brought in unconscious");
    emergency.everything(her).await.is(404);
    what_is_due(&hall).await;
    assert_eq!(alerts(&hall).await.len(), 1);

    // She reads who saw her record; that a nurse of the hospital was refused it, on a safe channel only.
    let by_doctor = |line: &&String| line.contains("Aniket Deshpande");
    let refused = |line: &&String| line.contains("refused") && line.contains("Clydevale Hospital");
    let ordinary = account(&hall).await;
    assert_eq!(
        ordinary.iter().filter(by_doctor).count(),
        1,
        "{ordinary:#?}"
    );
    assert_eq!(ordinary.iter().filter(refused).count(), 0, "{ordinary:#?}");
    let safe = safe_account(&hall).await;
    assert_eq!(safe.iter().filter(by_doctor).count(), 1, "{safe:#?}");
    assert_eq!(safe.iter().filter(refused).count(), 1, "{safe:#?}");
}
