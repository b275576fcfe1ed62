//! Friday, 23:40, as the desk at night has it: whose records open without a word typed, what waits for
//! somebody on call, how the family is to be told, and what the wrong child reads afterwards. Told about
//! Corey Lamont, his half-sister Shannon and his mother Leanne, who is Deaf.

use serde_json::json;

use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::night::{at, night};
use crate::saying::parameters;

/// A note of the hospital's mental health team about Corey's mother.
async fn note_about_his_mother(hall: &Hall) {
    let note = json!({
        "resourceType": "DocumentReference", "status": "current",
        "meta": {"security": [
            {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"},
            {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "MH"}]},
        "type": {"text": "Community mental health note"},
        "subject": {"reference": format!("Patient/{}", hall.patient("leanne-lamont"))},
        "date": "2026-12-20T10:00:00Z",
        "description": "Low since the autumn.",
        "content": [{"attachment": {"contentType": "text/plain", "data": "TG93Lg=="}}]
    });
    hall.hospital().creates(&note).await.is(201);
}

/// Corey comes to the emergency department at 23:31, with his mother, as its system writes it down.
async fn attends(hall: &Hall) {
    let corey = hall.patient("corey-lamont");
    let visit = json!({
        "resourceType": "Encounter", "status": "in-progress",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "EMER"},
        "subject": {"reference": format!("Patient/{corey}")},
        "period": {"start": "2027-01-15T23:31:00Z"},
        "location": [{"location": {"identifier": {
            "system": "https://candour.example/fhir/id/team", "value": "emergency-department"
        }}}]
    });
    let mother = json!({
        "resourceType": "RelatedPerson", "active": true,
        "patient": {"reference": format!("Patient/{corey}")},
        "relationship": [{"text": "Mother"}],
        "name": [{"text": "Leanne Lamont"}],
        "telecom": [{"system": "phone", "value": "07700 900 032"}],
        "communication": [{"preferred": true, "language": {
            "coding": [{"system": "urn:ietf:bcp:47", "code": "bfi"}],
            "text": "BSL interpreter needed: video relay link"}}]
    });
    for resource in [visit, mother] {
        hall.hospital().creates(&resource).await.is(201);
    }
}

async fn account(hall: &Hall, key: &str) -> Vec<String> {
    let patient = hall.patient(key).to_string();
    let lines = hall
        .person_of(&patient)
        .await
        .gets("AuditEvent")
        .await
        .is(200);
    let said = |one: &serde_json::Value| one["outcomeDesc"].as_str().map(str::to_owned);
    lines.matches().iter().filter_map(said).collect()
}

#[tokio::test]
async fn a_concern_on_the_list_opens_the_others_of_the_family_and_their_own_notes_wait_for_who_is_on_call()
 {
    let hall = Hall::open().await;
    note_about_his_mother(&hall).await;
    let record = format!("/care/people/{}", hall.patient("leanne-lamont"));
    // Before the police told anybody, there is no concern and nothing to tap.
    at(&hall, "2027-01-15T23:30:00Z").await;
    let mut tariq = Browser::of(&hall, "tariq-nawaz").await;
    let refused = words(&tariq.gets(&record).await.is(403));
    assert!(!refused.contains("open concern"), "{refused}");
    let forged = [("reason", "open-concern")];
    tariq.posts(&format!("{record}/why"), &forged).await.is(422);

    night(&hall).await;
    let mut tariq = Browser::of(&hall, "tariq-nawaz").await;
    let refused = words(&tariq.gets(&record).await.is(403));
    assert!(
        refused.contains("Your team has an open concern on its list."),
        "{refused}"
    );
    let read = words(&tariq.does(&format!("{record}/why"), &forged).await);
    for said in [
        "Somebody may need protecting. Purpose: A child protection concern.",
        "BSL interpreter needed: video relay, or text",
        "Waits for a decision.",
        "consultant on call, 01632 960191 , by 16-Jan-2027 01:20",
    ] {
        assert!(read.contains(said), "{said} in {read}");
    }
    assert!(!read.contains("Low since the autumn"), "{read}");

    // The same over the API, and in her account, which says nothing of the child.
    let system = hall.actor("tariq-nawaz", &["CP-CONCERN"]);
    let everything = format!("Patient/{}/$everything", hall.patient("leanne-lamont"));
    let part = system.gets(&everything).await.is(200);
    assert_eq!(part.header("candour-decision"), "PERMIT_PART");
    let waits = part.notices();
    assert!(
        waits.iter().any(|(code, text)| code == "suppressed"
            && text.starts_with("not shown to you until somebody decides: notes and letters")
            && text.contains(
                "referred to consultant on call, 01632 960 191, who answers by 2027-01-16T01:20:00"
            )),
        "{waits:?}"
    );
    let hers = account(&hall, "leanne-lamont").await;
    assert!(hers.iter().all(|line| !line.contains("Corey")), "{hers:#?}");

    // Whoever has no concern on their list types a reason, like anybody.
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let refused = words(&fraser.gets(&record).await.is(403));
    assert!(!refused.contains("open concern"), "{refused}");
    fraser
        .posts(&format!("{record}/why"), &forged)
        .await
        .is(422);
}

#[tokio::test]
async fn safeguarding_is_of_a_child_or_of_an_adult_by_whose_record_it_is() {
    let hall = Hall::open().await;
    for (key, purpose) in [
        ("shannon-greig", "A child protection concern"),
        ("barry-greig", "An adult protection inquiry"),
    ] {
        let record = format!("/care/people/{}", hall.patient(key));
        let mut fraser = Browser::of(&hall, "nkechi-obi").await;
        fraser.gets(&format!("{record}/why")).await.is(200);
        let why = [
            ("reason", "safeguarding"),
            ("words", "Said to be in danger"),
        ];
        let read = words(&fraser.does(&format!("{record}/why"), &why).await);
        assert!(
            read.contains(&format!("Purpose: {purpose}.")),
            "{key}: {read}"
        );
    }
}

#[tokio::test]
async fn the_nurse_reads_how_to_talk_with_his_mother_and_where_he_was_seen_before() {
    let hall = Hall::open().await;
    night(&hall).await;
    attends(&hall).await;
    let record = format!("/care/people/{}", hall.patient("corey-lamont"));
    let mut maggie = Browser::of(&hall, "maggie-torrance").await;
    let page = maggie.gets(&record).await.is(200);
    let said = words(&page);
    assert!(
        said.contains("Leanne Lamont , mother, 07700900032 BSL interpreter needed: video relay link Clydevale Hospital")
            || said.contains("Leanne Lamont , mother, 07700 900032 BSL interpreter needed: video relay link Clydevale Hospital"),
        "{said}"
    );
    assert!(page.text().contains("<title>Record – Candour</title>"));
    assert!(
        !said.contains("Looked up in unscheduled care"),
        "she is the first: {said}"
    );
    let mut aniket = Browser::of(&hall, "aniket-deshpande").await;
    let said = words(&aniket.gets(&record).await.is(200));
    assert!(
        said.contains("Looked up in unscheduled care once: Emergency Department, Clydevale Hospital, 16 January 2027 at 12:20am"),
        "{said}"
    );
}

#[tokio::test]
async fn how_his_family_is_told_is_a_task_with_a_date_and_no_mail() {
    let hall = Hall::open().await;
    let night = night(&hall).await;
    let listed = async |who: &str| {
        let mut browser = Browser::of(&hall, who).await;
        let inbox = browser.gets("/care/inbox").await.is(200);
        (words(&inbox).contains("To be told in person"), inbox)
    };
    assert!(!listed("tariq-nawaz").await.0, "it wakes nobody at night");
    at(&hall, "2027-01-18T08:45:00Z").await;
    assert!(
        !listed("nkechi-obi").await.0,
        "the first morning is for what nobody took"
    );
    at(&hall, "2027-01-19T08:45:00Z").await;
    let (is_there, inbox) = listed("nkechi-obi").await;
    assert!(is_there, "{}", words(&inbox));
    let list = hall.actor("nkechi-obi", &["CP-CONCERN"]);
    let list = list.gets("Communication/$inbox").await.is(200).json();
    let all = list["entry"].as_array().expect("lines").iter();
    let task = all.map(|one| &one["resource"]);
    let mut task = task.filter(|one| one["category"][0]["coding"][0]["code"] == "in-person");
    let id = task
        .next()
        .and_then(|one| one["id"].as_str())
        .expect("a task")
        .to_owned();
    assert!(task.next().is_none(), "one for the child");
    let mut nkechi = Browser::of(&hall, "nkechi-obi").await;
    let address = format!("/care/inbox/{id}");
    let read = words(&nkechi.gets(&address).await.is(200));
    for said in [
        "tell them in person, orally and in writing and in the language that they use",
        "On 12 February 2027 it appears in the accounts of those whom it concerns",
    ] {
        assert!(read.contains(said), "{said} in {read}");
    }
    let before = account(&hall, "barry-greig").await;
    nkechi
        .does(&format!("{address}/answer"), &[("reply", "mine")])
        .await;
    let done = nkechi
        .posts(&format!("{address}/answer"), &[("reply", "done")])
        .await;
    assert!(
        words(&done.is(422)).contains("say on the child protection message that they were told")
    );
    assert_eq!(
        account(&hall, "barry-greig").await,
        before,
        "nobody was written to"
    );

    // Told in BSL on Tuesday: the task goes, and the accounts show it.
    at(&hall, "2027-01-19T14:00:00Z").await;
    let mut nkechi = Browser::of(&hall, "nkechi-obi").await;
    nkechi.gets(&night.raised).await.is(200);
    nkechi.does(&format!("{}/told", night.raised), &[]).await;
    at(&hall, "2027-01-19T14:01:00Z").await;
    assert!(!listed("nkechi-obi").await.0);
    assert!(account(&hall, "barry-greig").await.len() > before.len());
}

#[tokio::test]
async fn the_wrong_child_reads_once_it_is_safe_that_it_was_an_error_and_the_right_one_is_linked_anew()
 {
    let hall = Hall::open().await;
    let night = night(&hall).await;
    at(&hall, "2027-01-18T09:10:00Z").await;
    let mut gurpreet = Browser::of(&hall, "gurpreet-bains").await;
    let inbox = gurpreet.gets("/care/inbox").await.is(200);
    let linked = link(&inbox, "Shannon Greig");
    gurpreet.gets(&linked).await.is(200);
    let before = account(&hall, "shannon-greig").await;
    let nkechi = hall.actor("nkechi-obi", &["CP-CONCERN"]);
    let id = linked.trim_start_matches("/care/inbox/");
    let wrong = parameters(&[("reason", "It was her cousin.")]);
    nkechi
        .posts(&format!("Communication/{id}/$retract"), wrong)
        .await
        .is(200);
    assert_eq!(
        account(&hall, "shannon-greig").await,
        before,
        "it is not safe yet"
    );

    // What is held stands in the log before the day on which it is told.
    let told = crate::packs::proven(&hall, "shannon-greig").await;

    // The right child: the message is raised anew for him, and nothing of the two is one.
    let root = night.raised.trim_start_matches("/care/inbox/");
    let right = [
        ("patient", &*hall.patient("rosie-gemmell").to_string()),
        ("kind", "linked-child"),
    ];
    nkechi
        .posts(&format!("Communication/{root}/$link"), parameters(&right))
        .await
        .is(200);

    at(&hall, "2027-02-12T00:20:01Z").await;
    let after = account(&hall, "shannon-greig").await;
    let line = "took back what Millburn surgery, Millburn Medical Practice and Southbrae children and families \
                team, Southbrae Council Social Work had been sent about you: it was an error. \
                Whoever had opened it is asked to say that they know.";
    assert!(after.iter().any(|one| one.contains(line)), "{after:#?}");
    // Of the child that it was linked to it says nothing, nor why it was wrong.
    assert!(
        after
            .iter()
            .all(|one| !one.contains("Corey") && !one.contains("cousin")),
        "{after:#?}"
    );
    assert!(crate::packs::proven(&hall, "shannon-greig").await > told);
}

/// What somebody who acts for a child reads of who was told about it; nothing where nothing is open to them.
async fn account_of(hall: &Hall, reader: &str, child: &str) -> Vec<String> {
    let reader = hall.actor(reader, &["FAMRQT"]);
    let path = format!("AuditEvent?patient=Patient/{}", hall.patient(child));
    let lines = reader.gets(&path).await.is(200);
    let said = |one: &serde_json::Value| one["outcomeDesc"].as_str().map(str::to_owned);
    lines.matches().iter().filter_map(said).collect()
}

#[tokio::test]
async fn the_wrong_childs_parent_reads_once_it_is_safe_that_it_was_an_error() {
    let hall = Hall::open().await;
    // Shannon's father has parental rights, and lives with Corey's mother: while it is held he is one of those
    // who must not know.
    let father = crate::suspected::party(&hall, "barry-greig").await;
    let rights =
        json!({"authority": {"holder": father, "kind": "parental-rights", "source": "marriage"}});
    let say = format!("Patient/{}/$say", hall.patient("shannon-greig"));
    let gurpreet = hall.actor("gurpreet-bains", &["CP-CONCERN"]);
    gurpreet.posts(&say, rights.to_string()).await.is(201);
    let before = account_of(&hall, "barry-greig", "shannon-greig").await;
    night(&hall).await;
    at(&hall, "2027-01-18T09:10:00Z").await;
    let mut gurpreets = Browser::of(&hall, "gurpreet-bains").await;
    let inbox = gurpreets.gets("/care/inbox").await.is(200);
    let linked = link(&inbox, "Shannon Greig");
    let nkechi = hall.actor("nkechi-obi", &["CP-CONCERN"]);
    let id = linked.trim_start_matches("/care/inbox/");
    let wrong = parameters(&[("reason", "It was her cousin.")]);
    let retract = format!("Communication/{id}/$retract");
    nkechi.posts(&retract, wrong).await.is(200);
    // Reading the list is told in it; nothing else has come.
    let held = account_of(&hall, "barry-greig", "shannon-greig").await;
    let news = |one: &&String| !before.contains(one) && !one.contains("Barry Greig");
    assert_eq!(
        held.iter().filter(news).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );

    at(&hall, "2027-02-12T00:20:01Z").await;
    let after = account_of(&hall, "barry-greig", "shannon-greig").await;
    let line = "had been sent about you: it was an error.";
    assert!(after.iter().any(|one| one.contains(line)), "{after:#?}");
    assert!(
        after
            .iter()
            .all(|one| !one.contains("Corey") && !one.contains("cousin")),
        "{after:#?}"
    );
}

#[tokio::test]
async fn a_year_after_it_was_closed_no_view_of_him_shows_it() {
    let hall = Hall::open().await;
    let night = night(&hall).await;
    let root = night.raised.trim_start_matches("/care/inbox/").to_owned();
    at(&hall, "2027-02-05T10:00:00Z").await;
    let over = parameters(&[("reason", "The plan goes on without it.")]);
    let nkechi = hall.actor("nkechi-obi", &["CP-CONCERN"]);
    nkechi
        .posts(&format!("Communication/{root}/$close"), over)
        .await
        .is(200);
    let corey = hall.patient("corey-lamont");
    let ended = "Child protection message ended on 5 February 2027";
    for (instant, shown) in [
        ("2028-02-05T09:59:00Z", true),
        ("2028-02-05T10:00:01Z", false),
    ] {
        at(&hall, instant).await;
        let doctor = hall.actor("catherine-rattray", &["TREAT"]);
        for view in [
            format!("Patient/{corey}/$everything"),
            format!("Flag?patient={corey}"),
            format!("Patient/{corey}/Flag"),
        ] {
            let said = doctor.gets(&view).await.is(200).text();
            assert_eq!(said.contains(ended), shown, "{instant} {view}: {said}");
        }
        doctor.gets(&format!("Flag/{root}")).await.is(404);
        let mut catherine = Browser::of(&hall, "catherine-rattray").await;
        let page = words(
            &catherine
                .gets(&format!("/care/people/{corey}"))
                .await
                .is(200),
        );
        assert_eq!(page.contains(ended), shown, "{instant}: {page}");
    }
}
