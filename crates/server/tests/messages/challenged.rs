//! A refusal, or a line of somebody's account, is challenged before somebody who took no part in it: what
//! whoever challenges gets, who decides and who may not, and what comes of it.

use serde_json::{Value, json};

use crate::actor::Actor;
use crate::answer::Answer;
use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::saying::parameters;

fn set(hall: &Hall, at: &str) {
    let at = domain::Timestamp::parse(at).expect("an instant");
    hall.clock.stand_at(at);
}

async fn turn(hall: &Hall) {
    let done = sharing::messages::do_what_is_due(&hall.cx).await;
    done.expect("what is due is done");
}

fn eleanor(hall: &Hall) -> Actor<'_> {
    hall.actor("eleanor-tweedie", &["HOPERAT"])
}

fn sheila(hall: &Hall) -> Actor<'_> {
    hall.actor("sheila-mathieson", &["TREAT"])
}

/// Fraser asks the district nurses what Netta can do; gives the request's id.
async fn asked(hall: &Hall) -> String {
    let patient = hall.patient("netta-dunsmore").to_string();
    let given = [
        ("patient", &*patient),
        ("to", "community-nursing"),
        ("what", "function"),
    ];
    let fraser = hall.fraser();
    let made = fraser.posts("Communication/$request", parameters(&given));
    made.await.is(201).at("/entry/0/resource/id")
}

async fn answers(hall: &Hall, id: &str, given: &[(&str, &str)]) -> Answer {
    let path = format!("Communication/{id}/$respond");
    sheila(hall).posts(&path, parameters(given)).await
}

/// Asked, and refused on the ground that it is about somebody else.
async fn refused(hall: &Hall) -> String {
    let id = asked(hall).await;
    let why = [("response", "refused"), ("ground", "R10")];
    answers(hall, &id, &why).await.is(200);
    id
}

async fn challenges(hall: &Hall, request: &str) -> Answer {
    let path = format!("Communication/{request}/$challenge");
    hall.fraser().posts(&path, parameters(&[])).await
}

async fn challenged(hall: &Hall, request: &str) -> String {
    let made = challenges(hall, request).await.is(201);
    made.at("/entry/0/resource/id")
}

async fn decides(hall: &Hall, id: &str, given: &[(&str, &str)]) -> Answer {
    let path = format!("Communication/{id}/$decide-challenge");
    eleanor(hall).posts(&path, parameters(given)).await
}

async fn sentences(hall: &Hall, who: &str) -> Vec<String> {
    let mut browser = Browser::of(hall, who).await;
    let whole = browser.gets("/me/access.json").await.is(200).json();
    let lines = whole["account"].as_array().expect("lines");
    let said = |line: &Value| line["sentence"].as_str().map(str::to_owned);
    lines.iter().filter_map(said).collect()
}

/// The tasks of a message, as one who is party to it reads them: team, status, note.
fn task(opened: &Answer) -> Value {
    let entries = opened.json()["entry"].as_array().cloned().expect("entries");
    let mut all = entries.into_iter().map(|one| one["resource"].clone());
    all.find(|one| one["resourceType"] == "Task")
        .expect("a task")
}

#[tokio::test]
async fn a_refusal_is_challenged_in_one_tap_overturned_given_and_counted() {
    let hall = Hall::open().await;
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let request = refused(&hall).await;
    let address = format!("/care/inbox/{request}");
    let page = words(&fraser.gets(&address).await.is(200));
    assert!(page.contains("Challenge this"), "{page}");
    let tap = format!("{address}/challenge");
    let made = fraser.posts(&tap, &[("team", "community-nursing")]).await;
    let challenge = made.is(303).header("location").to_owned();
    let said = words(&fraser.gets(&challenge).await.is(200));
    for part in [
        "Fraser Abercrombie, the team that asked, challenges this: Community nursing, Northburn, Clydevale Hospital refused on 11 January 2027, because it is about somebody else (R10).",
        "Why: it should have been shared. What they want: share it.",
        "Clydevale information governance office : delivered",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    // The mark is on the request, for whoever asked and for whoever refused.
    let contested = "Contested since";
    assert!(words(&fraser.gets(&address).await).contains(contested));
    let mut nurse = Browser::of(&hall, "sheila-mathieson").await;
    let seen = words(&nurse.gets(&address).await.is(200));
    assert!(seen.contains(contested), "{seen}");
    assert!(!seen.contains("Challenge this"), "{seen}");
    // It is not hers to read, and less to decide.
    nurse.gets(&challenge).await.is(404);
    let mine = words(&fraser.gets("/care/requests").await.is(200));
    assert!(
        mine.contains("Challenge: it should have been shared"),
        "{mine}"
    );

    let mut officer = Browser::of(&hall, "eleanor-tweedie").await;
    let inbox = officer.gets("/care/inbox").await.is(200);
    assert_eq!(link(&inbox, "Netta Dunsmore"), challenge);
    let form = words(&officer.gets(&challenge).await.is(200));
    for part in [
        "Mine: I look at it again",
        "Why you decide so",
        "It was wrong",
    ] {
        assert!(form.contains(part), "{part} in {form}");
    }
    let rule = format!("{challenge}/rule");
    let unsaid = officer.posts(&rule, &[("verdict", "overturned"), ("text", "")]);
    let unsaid = words(&unsaid.await.is(422));
    assert!(unsaid.contains("Say why in a few words"), "{unsaid}");
    let why = [
        ("verdict", "overturned"),
        ("ground", "R10"),
        ("text", "What she can do herself is about nobody else."),
    ];
    officer.posts(&rule, &why).await.is(303);
    let inbox = fraser.gets("/care/inbox").await.is(200);
    let heard = words(&fraser.gets(&link(&inbox, "Netta Dunsmore")).await.is(200));
    for part in [
        "Decided by Eleanor Tweedie, who took no part in it: it was wrong.",
        "What she can do herself is about nobody else.",
    ] {
        assert!(heard.contains(part), "{part} in {heard}");
    }

    // Back on the list of whoever refused, who cannot refuse it so again.
    let inbox = nurse.gets("/care/inbox").await.is(200);
    assert_eq!(link(&inbox, "Netta Dunsmore"), address);
    let again = [("response", "refused"), ("ground", "R10")];
    answers(&hall, &request, &again).await.says(
        422,
        "business-rule",
        "refusing it on ground R10 was challenged and overturned: give it, or say whom to ring",
    );
    let given = [
        ("response", "shared"),
        ("text", "She walks with two sticks."),
        ("told", "function"),
    ];
    let done = answers(&hall, &request, &given).await.is(200);
    assert_eq!(task(&done)["status"], "completed");
    assert_eq!(task(&done)["note"], Value::Null);
    set(&hall, "2027-02-01T10:00:00Z");
    let counts = eleanor(&hall).gets("Communication/$counts").await.is(200);
    let counts = counts.text();
    for counted in [
        r#"{"name":"what","valueCode":"overturned"},{"name":"number","valueUnsignedInt":1}"#,
        r#"{"name":"what","valueCode":"shared"},{"name":"number","valueUnsignedInt":1}"#,
    ] {
        assert!(counts.contains(counted), "{counted} in {counts}");
    }
    let hers = sentences(&hall, "netta-dunsmore").await;
    for line in [
        "Fraser Abercrombie of Northburn Council Social Work challenged something in this list on",
        "Eleanor Tweedie of Clydevale Hospital, who took no part in it, looked again on",
        "and found that it was wrong: “What she can do herself is about nobody else.”",
    ] {
        assert!(
            hers.iter().any(|one| one.contains(line)),
            "{line} in {hers:#?}"
        );
    }
    // The refusal stays where it was: four lines about it, and the one that gives.
    assert!(hers.len() >= 5, "{hers:#?}");
}

#[tokio::test]
async fn what_is_upheld_names_its_ground_and_where_to_go_next_and_a_second_challenge_waits_its_turn()
 {
    let hall = Hall::open().await;
    let request = refused(&hall).await;
    let id = challenged(&hall, &request).await;
    challenges(&hall, &request).await.says(
        422,
        "duplicate",
        "this was challenged on 11 January 2027 and is being looked at: Clydevale information governance office, Clydevale Hospital answers",
    );
    let path = format!("Communication/{id}/$answer");
    eleanor(&hall)
        .posts(&path, parameters(&[("reply", "done")]))
        .await
        .says(
            422,
            "business-rule",
            "whoever challenged waits for a decision: say that it is yours, and then what you decide",
        );
    let mine = parameters(&[("reply", "mine")]);
    let taken = eleanor(&hall).posts(&path, mine).await.is(200);
    // Acknowledged: from now the law's thirty days run.
    assert_eq!(
        task(&taken)["restriction"]["period"]["end"],
        "2027-02-10T09:30:00.000Z"
    );
    let upheld = [
        ("verdict", "upheld"),
        ("ground", "R99"),
        ("text", "It names her neighbour throughout."),
    ];
    decides(&hall, &id, &upheld).await.says(
        422,
        "business-rule",
        "choose the ground on which it still stays back",
    );
    let upheld = [upheld[0], ("ground", "R10"), upheld[2]];
    decides(&hall, &id, &upheld).await.is(200);
    decides(&hall, &id, &upheld).await.says(
        422,
        "business-rule",
        "Eleanor Tweedie decided on 11 January 2027: it stands",
    );
    let path = format!("Communication/{id}/$open");
    let heard = hall.fraser().gets(&path).await.is(200).text();
    for part in [
        "It names her neighbour throughout.",
        "What stays back, stays back because it is about somebody else (R10).",
        "the agency's complaints procedure, then the Scottish Public Services Ombudsman; the Information Commissioner",
    ] {
        assert!(heard.contains(part), "{part} in {heard}");
    }
    let opened = format!("Communication/{request}/$open");
    let opened = hall.fraser().gets(&opened).await.is(200);
    assert_eq!(task(&opened)["note"], Value::Null);
    assert_eq!(task(&opened)["status"], "rejected");
    // Decided, so it can be challenged anew.
    challenges(&hall, &request).await.is(201);
}

#[tokio::test]
async fn nobody_decides_who_took_part_and_nobody_outside_learns_that_there_is_a_challenge() {
    let hall = Hall::open().await;
    let request = asked(&hall).await;
    let why = [
        ("response", "refused"),
        ("ground", "R10"),
        ("text", "It is all about her son."),
        ("decider", "Eleanor Tweedie, privacy officer"),
    ];
    answers(&hall, &request, &why).await.is(200);
    let id = challenged(&hall, &request).await;
    let given = [("verdict", "upheld"), ("text", "I said so before.")];
    let own = "you took part in it yourself: somebody who took no part in it decides";
    decides(&hall, &id, &given)
        .await
        .says(403, "forbidden", own);
    let mine = parameters(&[("reply", "mine")]);
    let path = format!("Communication/{id}/$answer");
    eleanor(&hall)
        .posts(&path, mine)
        .await
        .says(403, "forbidden", own);
    let nothing = "there is nothing here of that id that you may see";
    for path in ["$decide-challenge", "$challenge"] {
        let path = format!("Communication/{id}/{path}");
        let sent = parameters(&given);
        sheila(&hall)
            .posts(&path, sent.clone())
            .await
            .says(404, "not-found", nothing);
        hall.derek()
            .posts(&path, sent)
            .await
            .says(404, "not-found", nothing);
    }
    // Nobody may challenge for the team that asked.
    let path = format!("Communication/{request}/$challenge");
    sheila(&hall)
        .posts(&path, parameters(&[]))
        .await
        .says(404, "not-found", nothing);
    // A request that was given, or that nobody answered, has no refusal to challenge.
    let other = asked_anyway(&hall).await;
    challenges(&hall, &other).await.says(
        422,
        "business-rule",
        "nothing was refused here: a request that nobody answered is overdue, and its managers know",
    );
}

async fn asked_anyway(hall: &Hall) -> String {
    let patient = hall.patient("netta-dunsmore").to_string();
    let given = [
        ("patient", &*patient),
        ("to", "community-nursing"),
        ("what", "care-plans"),
        ("anyway", "true"),
    ];
    let fraser = hall.fraser();
    let made = fraser.posts("Communication/$request", parameters(&given));
    made.await.is(201).at("/entry/0/resource/id")
}

#[tokio::test]
async fn of_two_outcomes_at_once_one_wins() {
    let hall = Hall::open().await;
    let request = refused(&hall).await;
    let id = challenged(&hall, &request).await;
    let upheld = [("verdict", "upheld"), ("text", "It names her neighbour.")];
    let fallen = [("verdict", "overturned"), ("text", "It names nobody.")];
    let (one, other) = tokio::join!(decides(&hall, &id, &upheld), decides(&hall, &id, &fallen));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422]);
    let hers = sentences(&hall, "netta-dunsmore").await;
    let outcomes = hers.iter().filter(|line| line.contains("looked again on"));
    assert_eq!(outcomes.count(), 1, "{hers:#?}");
}

/// By when a challenge is due.
async fn due(hall: &Hall, id: &str) -> Value {
    let path = format!("Communication/{id}/$open");
    let opened = hall.fraser().gets(&path).await.is(200);
    task(&opened)["restriction"]["period"]["end"].clone()
}

#[tokio::test]
async fn silence_about_a_challenge_climbs_before_and_after_it_is_acknowledged() {
    let hall = Hall::open().await;
    let request = refused(&hall).await;
    let id = challenged(&hall, &request).await;
    // Monday 11 January at half past nine: three working days.
    assert_eq!(due(&hall, &id).await, "2027-01-14T09:30:00.000Z");
    set(&hall, "2027-01-14T10:00:01Z");
    turn(&hall).await;
    assert_eq!(due(&hall, &id).await, "2027-01-19T10:00:01.000Z");
    let path = format!("Communication/{id}/$answer");
    eleanor(&hall)
        .posts(&path, parameters(&[("reply", "mine")]))
        .await
        .is(200);
    assert_eq!(due(&hall, &id).await, "2027-02-10T09:30:00.000Z");
    set(&hall, "2027-02-10T10:00:01Z");
    turn(&hall).await;
    assert_ne!(due(&hall, &id).await, "2027-02-10T09:30:00.000Z");
}

const JESSIE: &str = "jessie-pettigrew";

/// Shona, the landlord's adaptations officer, asks for what the exchange has of Jessie.
async fn landlord(hall: &Hall) -> Answer {
    let shona = hall.actor("shona-pirie", &["HOUSING-ADAPT"]);
    let path = format!("Patient/{}/$everything", hall.patient(JESSIE));
    shona.gets(&path).await
}

/// The newest line of Jessie's account that names the landlord: its commitment, and what it told of.
async fn landlords_line(hall: &Hall) -> (String, Vec<String>) {
    let mut jessie = Browser::of(hall, JESSIE).await;
    let whole = jessie.gets("/me/access.json").await.is(200).json();
    let lines = whole["account"].as_array().expect("lines");
    let line = lines.iter().find(|it| it["with"]["name"] == "Shona Pirie");
    let line = line.expect("the landlord's line");
    let what = line["what"].as_array().expect("categories");
    let what = what.iter().filter_map(|it| it.as_str().map(str::to_owned));
    let commitment = line["entry"]["commitment"].as_str().expect("a commitment");
    (commitment.to_owned(), what.collect())
}

/// Fraser lets Morven read who was told what about Jessie; gives her browser and the link's address.
async fn morven<'h>(hall: &'h Hall, what: &[String]) -> (Browser<'h>, String) {
    let mut fraser = Browser::of(hall, "fraser-abercrombie").await;
    let address = format!("/care/people/{}/links", hall.patient(JESSIE));
    fraser.gets(&address).await.is(200);
    let mut form = vec![
        ("name", "Morven Gillespie"),
        ("kind", "advocate"),
        ("organisation", "Clydevale Advocacy"),
        ("about", "account"),
        ("days", "28"),
        ("why", "To speak for her"),
    ];
    form.extend(what.iter().map(|code| ("about", code.as_str())));
    let given = words(&fraser.posts(&address, &form).await.is(200));
    let (_, rest) = given.split_once("/open/").expect("the link");
    let secret = rest.split(' ').next().expect("its secret");
    let (_, rest) = given.split_once("in person ").expect("the code");
    let code: String = rest.chars().take(7).collect();
    let mut browser = Browser::nobody(hall);
    let path = format!("/open/{secret}");
    browser.gets(&path).await.is(200);
    let entered = browser.posts(&path, &[("code", &code)]).await.is(303);
    let home = entered.header("location").to_owned();
    (browser, home)
}

const PAUSED: &str = "sharing with your agency is paused";

#[tokio::test]
async fn an_advocate_asks_why_the_landlord_needs_this_and_the_landlord_waits_and_learns_nothing_of_it()
 {
    let hall = Hall::open().await;
    landlord(&hall).await.is(200);
    let (line, what) = landlords_line(&hall).await;
    let (mut morven, home) = morven(&hall, &what).await;
    let empty = words(&morven.gets(&format!("{home}/challenges")).await.is(200));
    assert!(
        empty.contains("You have not asked anybody to look at something again."),
        "{empty}"
    );
    let account = morven.gets(&format!("{home}/account")).await.is(200);
    let form = format!("{home}/lines/{line}/challenge");
    assert!(account.text().contains(&form), "the line leads to the form");
    let asks = words(&morven.gets(&form).await.is(200));
    assert!(asks.contains("Shona Pirie"), "{asks}");
    morven
        .posts(&form, &[("because", ""), ("wanted", "")])
        .await
        .is(422);
    let why = [
        ("because", "too-much"),
        ("wanted", "explain"),
        ("text", "Why the stairs?"),
    ];
    let made = morven.posts(&form, &why).await.is(303);
    let challenge = made.header("location").to_owned();
    let receipt = words(&morven.gets(&challenge).await.is(200));
    for part in [
        "You challenged this on 11 January 2027: it was more than they need.",
        "Northburn Housing information rights, Northburn Council Housing will tell you by 14 January 2027 that they have it.",
        "You get an answer by 10 February 2027 at the latest.",
    ] {
        assert!(receipt.contains(part), "{part} in {receipt}");
    }
    let twice = words(&morven.posts(&form, &why).await.is(422));
    assert!(
        twice.contains("This was challenged on 11 January 2027"),
        "{twice}"
    );
    let account = words(&morven.gets(&format!("{home}/account")).await);
    assert!(account.contains("It is being looked at again"), "{account}");
    let hers = sentences(&hall, JESSIE).await;
    assert!(
        hers[1..]
            .iter()
            .chain(&hers[..1])
            .any(|it| it.starts_with("Morven Gillespie, who speaks for you, challenged")),
        "{hers:#?}"
    );

    // The landlord reads that it is paused and whom to ring, and nothing of who or why.
    let waits = landlord(&hall).await;
    let said = waits.text();
    assert!(
        said.contains(PAUSED) && said.contains("Northburn Council Housing"),
        "{said}"
    );
    for part in [
        "Morven",
        "challeng",
        "Why the stairs",
        "more than",
        "resourceType\":\"Observation",
    ] {
        assert!(!said.contains(part), "{part} in {said}");
    }
    // Care goes on.
    let care = format!("Patient/{}/$everything", hall.patient(JESSIE));
    hall.actor("agnieszka-lis", &["TREAT"])
        .gets(&care)
        .await
        .is(200);

    let id = challenge.rsplit('/').next().expect("an id").to_owned();
    let path = format!("Communication/{id}/$keep-sharing");
    let callum = hall.actor("callum-tait", &["HOPERAT"]);
    callum
        .posts(&path, parameters(&[("text", "")]))
        .await
        .is(422);
    let safety = parameters(&[("text", "She fell in the bath twice.")]);
    callum.posts(&path, safety).await.is(200);
    landlord(&hall).await.is(200);
    let hers = sentences(&hall, JESSIE).await;
    let goes_on = hers
        .iter()
        .find(|it| it.contains("that sharing goes on while it is looked at again"));
    assert!(!goes_on.expect("a line").contains("bath"), "{hers:#?}");
}

#[tokio::test]
async fn jessie_challenges_a_line_on_her_own_page_and_the_outcome_lets_the_landlord_in_again() {
    let hall = Hall::open().await;
    landlord(&hall).await.is(200);
    let (line, _) = landlords_line(&hall).await;
    let mut jessie = Browser::of(&hall, JESSIE).await;
    let form = format!("/me/lines/{line}/challenge");
    assert!(jessie.gets("/me/access").await.text().contains(&form));
    jessie.gets(&form).await.is(200);
    let why = [("because", "wrong-purpose"), ("wanted", "stop")];
    let made = jessie.posts(&form, &why).await.is(303);
    let page = made.header("location").to_owned();
    let list = jessie.gets("/me/challenges").await.is(200);
    assert!(list.text().contains(&page), "the list leads to it");
    assert!(words(&jessie.gets("/me/access").await).contains("Not agreed"));
    assert!(landlord(&hall).await.text().contains(PAUSED));
    let id = page.rsplit('/').next().expect("an id").to_owned();
    let callum = hall.actor("callum-tait", &["HOPERAT"]);
    let path = format!("Communication/{id}/$decide-challenge");
    let why = [("verdict", "upheld"), ("text", "They fit the shower.")];
    callum.posts(&path, parameters(&why)).await.is(200);
    landlord(&hall).await.is(200);
    let read = words(&jessie.gets(&page).await.is(200));
    for part in [
        "Callum Tait answered on 11 January 2027: it stands.",
        "“They fit the shower.”",
        "the Information Commissioner",
    ] {
        assert!(read.contains(part), "{part} in {read}");
    }
    assert!(!words(&jessie.gets("/me/access").await).contains("Not agreed"));
    // A line that is not hers answers as one that does not exist.
    let mut netta = Browser::of(&hall, "netta-dunsmore").await;
    let theirs = netta.gets(&form).await;
    let none = netta
        .gets(&format!("/me/lines/{}/challenge", "0".repeat(64)))
        .await;
    assert_eq!((theirs.status, none.status), (404, 404));
    assert_eq!(words(&theirs), words(&none));
    netta.gets(&page).await.is(404);
}

#[tokio::test]
async fn of_a_line_that_is_challenged_nothing_more_is_held_back_until_it_is_decided() {
    let hall = Hall::open().await;
    let alasdair = hall.patient("alasdair-mowat");
    let because = hall
        .ruksana()
        .with("reason", "His neighbour rang the ward.");
    let path = format!("Patient/{alasdair}/$everything");
    let read = because.gets(&path).await.is(200);
    let entry = read.receipt().commitment.to_string();
    let mut his = Browser::of(&hall, "alasdair-mowat").await;
    let form = format!("/me/lines/{entry}/challenge");
    his.gets(&form).await.is(200);
    let why = [("because", "no-basis"), ("wanted", "stop")];
    let made = his.posts(&form, &why).await.is(303);
    let id = made.header("location").rsplit('/').next().expect("an id");

    let says = format!("Patient/{alasdair}/$say");
    let fact = json!({"screened": {"entry": entry, "since": "2027-01-11"}}).to_string();
    eleanor(&hall).posts(&says, fact.clone()).await.says(
        422,
        "business-rule",
        "this line is challenged: nothing more of it is held back until somebody decided about that",
    );
    let upheld = [("verdict", "upheld"), ("text", "She was on the ward.")];
    decides(&hall, id, &upheld).await.is(200);
    eleanor(&hall).posts(&says, fact).await.is(201);
}
