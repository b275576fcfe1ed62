//! Whoever is said to harm somebody sees nothing more of where, when and with whom to find them, from the
//! minute in which the concern is told: by API, by links and copies that they have, and on open pages.
//! Told about Fergus Auchincloss, who had agreed that a neighbour reads his record.

use serde_json::{Value, json};

use crate::actor::Actor;
use crate::answer::Answer;
use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::night::undrawn;
use crate::saying::parameters;

pub const FERGUS: &str = "fergus-auchincloss";
pub const NEIGHBOUR: &str = "wallace-haldane-younger";
const NOBODY: &str = "0000000000000000000000000a";

/// Somebody as facts name them: the person that they sign in as.
pub async fn party(hall: &Hall, key: &str) -> String {
    let mut snapshot = hall.cx.store.snapshot().await.expect("a snapshot");
    let person = snapshot.person_of(&hall.patient(key)).await;
    person.expect("an answer").expect("somebody").to_string()
}

/// The council officer says something of Fergus.
async fn says(hall: &Hall, fact: Value) {
    let margaret = hall.actor("margaret-haining", &["ASP-INQUIRY"]);
    let path = format!("Patient/{}/$say", hall.patient(FERGUS));
    margaret.posts(&path, fact.to_string()).await.is(201);
}

/// He agreed in December that his neighbour reads his record, and gave him power over his money.
pub async fn trusted(hall: &Hall) -> String {
    let neighbour = party(hall, NEIGHBOUR).await;
    let agreed = json!({"consent": {"id": "agreed", "status": "active", "scope": "patient-privacy",
        "given": "2026-12-01", "provision": {"type": "permit", "actors": [{"party": neighbour}]}}});
    says(hall, agreed).await;
    let power = json!({"authority": {"holder": neighbour, "kind": "continuing-attorney",
        "powers": ["finance"], "registered": true, "verified": true}});
    says(hall, power).await;
    neighbour
}

/// The police tell the adults team of a concern that names him; gives its id.
async fn told(hall: &Hall, against: &str) -> String {
    let stuart = hall.actor("stuart-leckie", &["ASP-INQUIRY"]);
    let patient = hall.patient(FERGUS).to_string();
    let given = [
        ("patient", &*patient),
        ("to", "northburn-adults"),
        ("name", "Fergus Auchincloss"),
        ("text", "A bank rang: a neighbour draws his money."),
        ("own-action", "Asked the bank to hold large payments."),
        ("alleged-harmer", against),
    ];
    let made = stuart.posts("Communication/$concern", parameters(&given));
    made.await.is(201).at("/entry/0/resource/id")
}

fn everything() -> impl Fn(&Hall) -> String {
    |hall| format!("Patient/{}/$everything", hall.patient(FERGUS))
}

/// What somebody reads of the whole record, as type and id.
async fn reads(actor: &Actor<'_>, path: &str) -> Vec<String> {
    let answer = actor.gets(path).await.is(200);
    let named = |it: &Value| format!("{}/{}", it["resourceType"], it["id"]).replace('"', "");
    answer.matches().iter().map(named).collect()
}

fn without(answer: &Answer, id: &str) -> String {
    answer.text().replace(id, "ID")
}

#[tokio::test]
async fn a_token_to_ask_about_somebody_else_reaches_past_ones_own_record() {
    let hall = Hall::open().await;
    let neighbour = trusted(&hall).await;
    assert_eq!(neighbour.len(), 26);
    let path = everything()(&hall);
    hall.actor(NEIGHBOUR, &["FAMRQT"]).gets(&path).await.is(200);
    // A token for his own record opens that and no other.
    hall.actor(NEIGHBOUR, &["PATRQT"]).gets(&path).await.is(404);
    // And nobody's agreement is anybody else's.
    hall.actor("archie-dunsmore", &["FAMRQT"])
        .gets(&path)
        .await
        .is(404);
}

#[tokio::test]
async fn the_minute_a_concern_names_him_he_is_shut_out_and_does_not_learn_it() {
    let hall = Hall::open().await;
    let neighbour = trusted(&hall).await;
    let his = hall.actor(NEIGHBOUR, &["FAMRQT"]);
    let path = everything()(&hall);
    let before = reads(&his, &path).await;
    let visit = before.iter().find(|it| it.starts_with("Encounter/"));
    let visit = visit.expect("a visit that tells where he is").clone();
    let read = his.gets(&visit).await.is(200);
    let etag = read.header("etag").to_owned();
    assert_eq!(read.header("cache-control"), "no-store", "no copy is kept");
    let page = his.gets(&format!("{path}?_count=2")).await.is(200).json();
    let links = page["link"].as_array().expect("links").iter();
    let mut next = links.filter(|link| link["relation"] == "next");
    let next = next.next().and_then(|link| link["url"].as_str());
    let next = next.expect("another page").to_owned();

    told(&hall, &neighbour).await;

    // Not one second has passed. What tells of him, or is of since, is not there by any way.
    let after = reads(&his, &path).await;
    assert!(!after.contains(&visit), "{after:?}");
    assert!(after.iter().all(|it| before.contains(it)), "{after:?}");
    for gone in before.iter().filter(|it| !after.contains(it)) {
        let (rtype, id) = gone.split_once('/').expect("type and id");
        let hidden = his.gets(gone).await.is(404);
        let never = his.gets(&format!("{rtype}/{NOBODY}")).await.is(404);
        assert_eq!(without(&hidden, id), without(&never, NOBODY), "{gone}");
    }
    his.with("if-none-match", &etag).gets(&visit).await.is(404);
    let rest = reads(&his, &next).await;
    assert!(rest.iter().all(|it| after.contains(it)), "{rest:?}");
    let visits = format!("Encounter?patient={}&_summary=count", hall.patient(FERGUS));
    assert_eq!(his.gets(&visits).await.is(200).at("/total"), "0");

    // Others see what they saw, and the record is his own.
    let own = hall.actor(FERGUS, &["PATRQT"]);
    assert!(reads(&own, &path).await.contains(&visit));
}

/// What he reads of Fergus's account.
async fn list(hall: &Hall) -> Vec<String> {
    let his = hall.actor(NEIGHBOUR, &["FAMRQT"]);
    let path = format!("AuditEvent?patient=Patient/{}", hall.patient(FERGUS));
    let lines = his.gets(&path).await.is(200).json()["entry"].clone();
    let said = |line: &Value| line["resource"]["outcomeDesc"].as_str().map(str::to_owned);
    let lines = lines.as_array().cloned().unwrap_or_default();
    lines.iter().filter_map(said).collect()
}

#[tokio::test]
async fn on_a_page_that_was_open_he_reads_nothing_of_it_and_is_heard_as_before() {
    let (mut receipts, mut lists) = (Vec::new(), Vec::new());
    for suspected in [false, true] {
        let hall = Hall::open().await;
        let neighbour = trusted(&hall).await;
        let mut his = Browser::of(&hall, NEIGHBOUR).await;
        his.gets("/me/family").await.is(200);
        let before = list(&hall).await;
        if suspected {
            told(&hall, &neighbour).await;
        }
        let about = [
            ("name", "Fergus Auchincloss"),
            ("born_day", "25"),
            ("born_month", "6"),
            ("born_year", "1958"),
            ("says_to_be", "his neighbour"),
        ];
        let to = his.posts("/me/family", &about).await.is(303);
        let asked = to.header("location").to_owned();
        let page = words(&his.gets(&asked).await.is(200));
        let said = page.split("Who should read it?").next().unwrap_or_default();
        for word in ["concern", "harm", "inquiry", "What you are not told"] {
            assert!(!said.contains(word), "{word} in {page}");
        }
        let sealed = asked.rsplit('/').next().unwrap_or_default();
        let word = [
            ("question", sealed),
            ("text", "He has not opened his door since Friday."),
            ("to", "northburn-adults"),
        ];
        let receipt = words(&his.does("/me/family/words", &word).await);
        receipts.push(undrawn(&receipt));
        let conditions = format!("Condition?patient={}", hall.patient(FERGUS));
        let his = hall.actor(NEIGHBOUR, &["FAMRQT"]);
        receipts.push(undrawn(&his.gets(&conditions).await.is(200).text()));
        // What he did himself stands in his list whether or not he is suspected; what others did since
        // does not where he is.
        lists.push((before, list(&hall).await));
        let margaret = hall.actor("margaret-haining", &["ASP-INQUIRY"]);
        margaret.gets(&everything()(&hall)).await.is(200);
        let all = list(&hall).await;
        let others = all.iter().any(|line| line.contains("Margaret Haining"));
        assert_eq!(others, !suspected, "{all:?}");
    }
    assert_eq!(receipts[..2], receipts[2..]);
    assert_eq!(lists[0], lists[1]);
    let (before, after) = &lists[1];
    assert!(
        after.len() >= before.len() + 2,
        "{after:?} after {before:?}"
    );
}

#[tokio::test]
async fn he_is_let_in_again_when_nobody_goes_on_or_it_was_wrong() {
    let hall = Hall::open().await;
    let neighbour = trusted(&hall).await;
    let his = hall.actor(NEIGHBOUR, &["FAMRQT"]);
    let path = everything()(&hall);
    let before = reads(&his, &path).await;
    let concern = told(&hall, &neighbour).await;
    let mut margaret = Browser::of(&hall, "margaret-haining").await;
    let inbox = margaret.gets("/care/inbox").await.is(200);
    let address = link(&inbox, "Fergus Auchincloss");
    let said = words(&margaret.gets(&address).await.is(200));
    assert!(
        said.contains("Somebody close is said to harm them."),
        "{said}"
    );
    let triage = format!("{address}/triage");
    margaret.does(&triage, &[("outcome", "inquiry")]).await;
    assert!(reads(&his, &path).await.len() < before.len(), "it goes on");
    let over = [
        ("outcome", "no-action"),
        ("text", "The bank had the wrong customer."),
    ];
    margaret.does(&triage, &over).await;
    assert_eq!(reads(&his, &path).await, before);
    assert!(concern.len() == 26);

    // Another one is taken back by those who told it.
    hall.wait(60);
    let wrong = told(&hall, &neighbour).await;
    assert!(reads(&his, &path).await.len() < before.len());
    let stuart = hall.actor("stuart-leckie", &["ASP-INQUIRY"]);
    let reason = parameters(&[("reason", "It was another street.")]);
    let retract = format!("Communication/{wrong}/$retract");
    stuart.posts(&retract, reason).await.is(200);
    assert_eq!(reads(&his, &path).await, before);
}

#[tokio::test]
async fn nobody_is_shut_out_without_somebody_who_decides_about_it() {
    let hall = Hall::open().await;
    let fergus = hall.patient(FERGUS).to_string();
    let given = |more: &[(&str, &str)]| {
        let first = [
            ("patient", &*fergus),
            ("text", "He draws his money."),
            ("own-action", "Told my manager."),
            ("name", "Fergus Auchincloss"),
            ("alleged-harmer", "somebody"),
        ];
        parameters(&[&first[..], more].concat())
    };
    let margaret = hall.actor("margaret-haining", &["ASP-INQUIRY"]);
    let alone = margaret.posts("Communication/$concern", given(&[]));
    alone.await.says(
        422,
        "business-rule",
        "choose the team that looks into it: nobody is shut out without somebody who decides about it",
    );
    let to = [("to", "northburn-adults")];
    let margaret = hall.actor("margaret-haining", &["SC-ASSESS"]);
    let care = margaret.posts("Communication/$concern", given(&to));
    care.await.says(
        422,
        "business-rule",
        "somebody is said to harm another only where that other is protected: say that they may come to harm",
    );
}

/// The tasks to decide whether he stays shut out that the adults team has on its list, by their texts.
async fn to_decide(hall: &Hall) -> Vec<(String, String)> {
    let done = sharing::messages::do_what_is_due(&hall.cx).await;
    done.expect("what is due is done");
    let margaret = hall.actor("margaret-haining", &["ASP-INQUIRY"]);
    let inbox = margaret.gets("Communication/$inbox").await.is(200).json();
    let entries = inbox["entry"].as_array().cloned().unwrap_or_default();
    let mut all = Vec::new();
    for one in entries.iter().map(|one| &one["resource"]) {
        if one["category"][0]["coding"][0]["code"] == "shut-out" {
            let id = one["id"].as_str().expect("an id").to_owned();
            let opened = margaret
                .gets(&format!("Communication/{id}/$open"))
                .await
                .is(200);
            let text = opened.at("/entry/0/resource/payload/0/contentString");
            all.push((id, text));
        }
    }
    all
}

fn set(hall: &Hall, at: &str) {
    let at = domain::Timestamp::parse(at).expect("an instant");
    hall.clock.stand_at(at);
}

#[tokio::test]
async fn somebody_decides_why_and_until_when_he_is_shut_out_and_it_never_ends_by_itself() {
    let hall = Hall::open().await;
    let neighbour = trusted(&hall).await;
    let his = hall.actor(NEIGHBOUR, &["FAMRQT"]);
    let path = everything()(&hall);
    let before = reads(&his, &path).await;
    let concern = told(&hall, &neighbour).await;
    let shut = reads(&his, &path).await;
    assert!(shut.len() < before.len());

    // Within a working day somebody has to decide that it has to be: without a reason it is not decided.
    let tasks = to_decide(&hall).await;
    assert_eq!(tasks.len(), 1, "{tasks:#?}");
    assert!(
        tasks[0].1.contains("It never ends by itself."),
        "{}",
        tasks[0].1
    );
    let mut margaret = Browser::of(&hall, "margaret-haining").await;
    let page = format!("/care/inbox/{}", tasks[0].0);
    let decide = format!("{page}/stays-shut-out");
    margaret.gets(&page).await.is(200);
    let none = margaret
        .posts(&decide, &[("why", ""), ("days", "28")])
        .await
        .is(422);
    assert!(
        words(&none).contains("Say why it has to go on"),
        "{}",
        words(&none)
    );
    let why = [("why", "He still has the card and a key."), ("days", "28")];
    margaret.posts(&decide, &why).await.is(303);
    assert_eq!(to_decide(&hall).await, []);

    // On the day on which it is looked at again it is back, with what was decided; missed, it climbs, and he is
    // still shut out.
    set(&hall, "2027-02-08T09:00:00Z");
    let tasks = to_decide(&hall).await;
    assert_eq!(tasks.len(), 1, "{tasks:#?}");
    let decided = "Margaret Haining decided on 11 January 2027 that it goes on: He still has the card and a key.";
    assert!(tasks[0].1.contains(decided), "{}", tasks[0].1);
    set(&hall, "2027-06-01T09:00:00Z");
    to_decide(&hall).await;
    set(&hall, "2027-06-09T09:00:00Z");
    to_decide(&hall).await;
    let his = hall.actor(NEIGHBOUR, &["FAMRQT"]);
    assert_eq!(reads(&his, &path).await, shut);
    let mut margaret = Browser::of(&hall, "margaret-haining").await;
    let late = words(
        &margaret
            .gets(&format!("/care/inbox/{}", tasks[0].0))
            .await
            .is(200),
    );
    assert!(late.contains("manager has it as well"), "{late}");

    // Nothing more is done about the concern: he is let in, and nobody has to decide about it.
    let triage = format!("/care/inbox/{concern}/triage");
    let over = [
        ("outcome", "no-action"),
        ("text", "The bank had the wrong customer."),
    ];
    margaret.posts(&triage, &over).await.is(303);
    assert_eq!(reads(&his, &path).await, before);
    assert_eq!(to_decide(&hall).await, []);
}

#[tokio::test]
async fn systems_decide_it_too_and_a_day_is_to_come_and_within_a_year() {
    let hall = Hall::open().await;
    let neighbour = trusted(&hall).await;
    told(&hall, &neighbour).await;
    let (id, _) = to_decide(&hall).await.remove(0);
    let path = format!("Communication/{id}/$stays-shut-out");
    let margaret = hall.actor("margaret-haining", &["ASP-INQUIRY"]);
    for day in ["2027-01-10", "2028-03-01"] {
        let given = parameters(&[("text", "He has a key."), ("until", day)]);
        let far = margaret.posts(&path, given).await;
        far.says(
            400,
            "value",
            "give a day to come, within a year, on which somebody looks again",
        );
    }
    let done = parameters(&[("reply", "done")]);
    let answer = format!("Communication/{id}/$answer");
    margaret.posts(&answer, done).await.is(422);
    let given = parameters(&[("text", "He has a key."), ("until", "2027-02-01")]);
    margaret.posts(&path, given).await.is(200);
    let account = crate::browser::words(
        &Browser::of(&hall, FERGUS)
            .await
            .gets("/me/access")
            .await
            .is(200),
    );
    assert!(
        account.contains("recorded that somebody is shown less about you, to keep you safe."),
        "{account}"
    );
    // He who is shut out reads nothing of it in his list of what concerns Fergus.
    let his = hall.actor(NEIGHBOUR, &["FAMRQT"]);
    let list = format!("AuditEvent?patient=Patient/{}", hall.patient(FERGUS));
    assert!(!his.gets(&list).await.text().contains("shown less"));
}
