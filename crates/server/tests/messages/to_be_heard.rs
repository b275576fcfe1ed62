//! Those who are to be heard about a planned decision are asked by the exchange itself, on a page of their
//! own. Told about Oighrig MacQuarrie: her son Torquil acts for her and signs in; Beathag, who visits
//! daily, has no page here.

use serde_json::{Value, json};

use crate::actor::Actor;
use crate::answer::Answer;
use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::saying::parameters;
use crate::suspected::party;

pub const MOVE: &str = "Move to Braeside House";
pub const SON: &str = "torquil-macquarrie-sandhu";
const NOBODY: &str = "0000000000000000000000000a";

pub fn set(hall: &Hall, at: &str) {
    let at = domain::Timestamp::parse(at).expect("an instant");
    hall.clock.stand_at(at);
}

/// What the exchange does by itself, as it does every few seconds.
pub async fn turn(hall: &Hall) {
    let done = sharing::messages::do_what_is_due(&hall.cx).await;
    done.expect("what is due is done");
}

pub fn oighrig(hall: &Hall) -> String {
    hall.patient("oighrig-macquarrie").to_string()
}

pub async fn says(hall: &Hall, fact: Value) {
    let path = format!("Patient/{}/$say", oighrig(hall));
    hall.fraser().posts(&path, fact.to_string()).await.is(201);
}

pub async fn takes(hall: &Hall, step: Value) -> Answer {
    let path = format!("Patient/{}/$decision", oighrig(hall));
    hall.fraser().posts(&path, step.to_string()).await
}

/// Her son's power over where she lives.
pub async fn acts(hall: &Hall) {
    let power = json!({"authority": {"holder": party(hall, SON).await, "kind": "guardian",
        "powers": ["accommodation", "care", "information"], "registered": true, "verified": true}});
    says(hall, power).await;
}

/// Fraser plans that she moves, on Tuesday 12 January at 10, for the 20th; the exchange does its turn.
pub async fn planned(hall: &Hall) {
    set(hall, "2027-01-12T10:00:00Z");
    let plan = json!({"plan": {"decision": MOVE, "matter": "accommodation", "power": "guardian",
        "at": "2027-01-20T10:00:00Z"}});
    takes(hall, plan).await.is(200);
    turn(hall).await;
}

fn his(hall: &Hall) -> Actor<'_> {
    hall.actor(SON, &["PATRQT"])
}

/// The ids of what he is asked.
async fn asked(hall: &Hall) -> Vec<String> {
    let list = his(hall).gets("Communication/$hearings").await.is(200);
    let list = list.matches();
    let id = |one: &Value| one["id"].as_str().map(str::to_owned);
    list.iter().filter_map(id).collect()
}

/// What stands on the list of the team that plans, of one kind: what it says to whoever opens it.
pub async fn listed(hall: &Hall, kind: &str) -> Vec<String> {
    turn(hall).await;
    let inbox = hall.fraser().gets("Communication/$inbox").await.is(200);
    let entries = inbox.json()["entry"].as_array().cloned();
    let all = entries.unwrap_or_default();
    let all = all.iter().map(|one| &one["resource"]);
    let of_kind = all.filter(|one| one["category"][0]["coding"][0]["code"] == kind);
    let mut texts = Vec::new();
    for one in of_kind {
        let id = one["id"].as_str().expect("an id");
        let path = format!("Communication/{id}/$open");
        let opened = hall.fraser().gets(&path).await.is(200);
        texts.push(opened.at("/entry/0/resource/payload/0/contentString"));
    }
    texts
}

/// The lines of her own account, newest first.
pub async fn account(hall: &Hall) -> Vec<String> {
    let hers = hall.person_of(&oighrig(hall)).await;
    let lines = hers.gets("AuditEvent").await.is(200);
    let said = |one: &Value| one["outcomeDesc"].as_str().map(str::to_owned);
    lines.matches().iter().filter_map(said).collect()
}

#[tokio::test]
async fn her_son_is_asked_within_minutes_reads_what_is_planned_and_is_answered_by_name() {
    let hall = Hall::open().await;
    acts(&hall).await;
    planned(&hall).await;
    let [id] = asked(&hall).await.try_into().expect("one question");
    assert!(
        account(&hall).await[0].starts_with(
            "On 12 January 2027 at 10am, Candour wrote to your guardian of the planned decision “Move to Braeside House”"
        ),
        "{:#?}",
        account(&hall).await
    );

    // On the list stands about whom he is asked; what is planned he reads where it says so.
    let list = his(&hall).gets("Communication/$hearings").await.text();
    assert!(!list.contains("Braeside"), "{list}");
    set(&hall, "2027-01-12T18:00:00Z");
    let mut torquil = Browser::of(&hall, SON).await;
    let home = words(&torquil.gets("/me").await.is(200));
    assert!(home.contains("You are asked what you think"), "{home}");
    let family = torquil.gets("/me/family").await.is(200);
    let page = link(&family, "A decision about Oighrig MacQuarrie");
    assert_eq!(page, format!("/me/hearings/{id}"));
    let read = words(&torquil.gets(&page).await.is(200));
    for said in [
        "This is planned for Oighrig MacQuarrie on 20 January 2027: “Move to Braeside House”.",
        "It is planned by Fraser Abercrombie, Northburn adults team, Northburn Council Social Work.",
        "You are asked because you are down as their guardian.",
        "Your view, and anything you want answered",
    ] {
        assert!(read.contains(said), "{said} in {read}");
    }
    // Looked at twice, he was told once.
    torquil.gets(&page).await.is(200);
    let told = account(&hall).await;
    let read = "Torquil MacQuarrie-Sandhu, your guardian, read of the planned decision";
    assert_eq!(
        told.iter().filter(|line| line.contains(read)).count(),
        1,
        "{told:#?}"
    );

    set(&hall, "2027-01-15T12:00:00Z");
    let mut torquil = Browser::of(&hall, SON).await;
    torquil.gets(&page).await.is(200);
    let nothing = torquil.posts(&page, &[("text", "  ")]).await.is(422);
    assert!(words(&nothing).contains("Error"), "{}", words(&nothing));
    let said = torquil
        .does(
            &page,
            &[("text", "Home with care first. Who visits at night?")],
        )
        .await;
    assert!(
        words(&said).contains("A named person answers you before"),
        "{}",
        words(&said)
    );
    let [on_list] = listed(&hall, "hearing")
        .await
        .try_into()
        .expect("one on the list");
    assert!(
        on_list.starts_with("The guardian says of “Move to Braeside House”:\nHome with care first. Who visits at night?"),
        "{on_list}"
    );
    let made = json!({"make": {"decision": MOVE, "reasons": "she needs somebody at night", "review": "2027-04-20"}});
    takes(&hall, made.clone()).await.is(409);

    set(&hall, "2027-01-18T09:00:00Z");
    let answer = json!({"answer": {"decision": MOVE, "party": party(&hall, SON).await, "words": "Nobody can before March."}});
    takes(&hall, answer).await.is(200);
    assert_eq!(
        listed(&hall, "hearing").await,
        [] as [String; 0],
        "answered, it is off the list"
    );
    let mut torquil = Browser::of(&hall, SON).await;
    let answered = words(&torquil.gets(&page).await.is(200));
    assert!(
        answered
            .contains("Fraser Abercrombie answered on 18 January 2027: “Nobody can before March.”"),
        "{answered}"
    );
    set(&hall, "2027-01-20T10:00:00Z");
    takes(&hall, made).await.is(200);
    let mut torquil = Browser::of(&hall, SON).await;
    let decided = words(&torquil.gets(&page).await.is(200));
    assert!(decided.contains("It has been decided"), "{decided}");
    let late = parameters(&[("text", "Wait!")]);
    let late = his(&hall)
        .posts(&format!("Communication/{id}/$hearing"), late)
        .await
        .is(422);
    assert!(
        late.text().contains("it has been decided"),
        "{}",
        late.text()
    );
}

#[tokio::test]
async fn whoever_has_no_page_comes_back_to_the_team_after_a_call_round_and_goes_when_told() {
    let hall = Hall::open().await;
    acts(&hall).await;
    says(
        &hall,
        json!({"tie": {"party": "beathag", "kind": "primary-carer"}}),
    )
    .await;
    planned(&hall).await;
    assert_eq!(
        listed(&hall, "hearing").await,
        [] as [String; 0],
        "the round is under way"
    );
    let decisions = format!("/care/people/{}/decisions", oighrig(&hall));
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let page = words(&fraser.gets(&decisions).await.is(200));
    assert!(
        page.contains("Candour could not ask them: ring or write"),
        "{page}"
    );
    assert!(
        page.contains("Candour asked them on 12 January 2027"),
        "{page}"
    );

    set(&hall, "2027-01-12T14:00:00Z");
    let [back] = listed(&hall, "hearing")
        .await
        .try_into()
        .expect("one on the list");
    assert!(
        back.starts_with(
            "The primary carer is to be heard about “Move to Braeside House”, and has no page here"
        ),
        "{back}"
    );
    // It cannot be ticked off: it goes when she was told.
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let inbox = fraser.gets("/care/inbox").await.is(200);
    let message = link(&inbox, "Oighrig MacQuarrie");
    let page = fraser.gets(&message).await.is(200);
    let decisions = link(&page, "Say that they were told, or answer them");
    fraser.gets(&decisions).await.is(200);
    let done = fraser
        .posts(&format!("{message}/answer"), &[("reply", "done")])
        .await
        .is(422);
    assert!(
        words(&done).contains("It goes by itself"),
        "{}",
        words(&done)
    );
    let told = [
        ("step", "told"),
        ("decision", MOVE),
        ("party", "beathag"),
        ("way", "phone"),
    ];
    fraser.does(&decisions, &told).await;
    assert_eq!(listed(&hall, "hearing").await, [] as [String; 0]);
}

#[tokio::test]
async fn he_does_not_look_within_a_working_day_and_is_one_task_and_no_second_one() {
    let hall = Hall::open().await;
    acts(&hall).await;
    planned(&hall).await;
    set(&hall, "2027-01-13T09:59:00Z");
    assert_eq!(listed(&hall, "left-out").await.len(), 0, "he has until ten");
    set(&hall, "2027-01-13T10:00:00Z");
    turn(&hall).await;
    set(&hall, "2027-01-13T14:00:00Z");
    assert_eq!(listed(&hall, "left-out").await.len(), 1);
    assert_eq!(
        listed(&hall, "hearing").await.len(),
        0,
        "nobody is on a list twice"
    );
    // Then he looks after all.
    let [id] = asked(&hall).await.try_into().expect("one question");
    his(&hall)
        .gets(&format!("Communication/{id}/$hearing"))
        .await
        .is(200);
    assert_eq!(listed(&hall, "left-out").await.len(), 0);
}

#[tokio::test]
async fn whoever_comes_to_act_for_her_after_it_was_planned_is_asked_then() {
    let hall = Hall::open().await;
    set(&hall, "2027-01-12T10:00:00Z");
    let plan = json!({"plan": {"decision": MOVE, "matter": "accommodation", "power": "s13za",
        "at": "2027-01-20T10:00:00Z"}});
    takes(&hall, plan).await.is(200);
    turn(&hall).await;
    assert_eq!(asked(&hall).await.len(), 0);
    set(&hall, "2027-01-14T10:00:00Z");
    acts(&hall).await;
    turn(&hall).await;
    assert_eq!(asked(&hall).await.len(), 1);
}

/// She is found unable to decide where she lives.
async fn unable(hall: &Hall) {
    says(
        hall,
        json!({"capacity": {"matter": "welfare", "state": "incapable", "at": "2027-01-04"}}),
    )
    .await;
}

/// Her son as her nearest relative, without powers; she moves by her own decision, or by nobody's power.
async fn son_without_powers(hall: &Hall) -> String {
    let son = party(hall, SON).await;
    let tie = json!({"tie": {"party": son, "kind": "nearest-relative"}});
    says(hall, tie).await;
    son
}

async fn plans(hall: &Hall, power: &str) {
    set(hall, "2027-01-12T10:00:00Z");
    let plan = json!({"plan": {"decision": MOVE, "matter": "accommodation", "power": power,
        "at": "2027-01-20T10:00:00Z"}});
    takes(hall, plan).await.is(200);
    turn(hall).await;
}

#[tokio::test]
async fn whom_she_said_no_to_is_not_written_to_and_the_team_reads_on_which_ground() {
    let hall = Hall::open().await;
    unable(&hall).await;
    let son = son_without_powers(&hall).await;
    let no = json!({"wish": {"says": "no", "audience": [{"party": son}], "at": "2024-03-01"}});
    says(&hall, no).await;
    set(&hall, "2027-01-12T10:00:00Z");
    let nothing = (his_pages(&hall).await, asked(&hall).await);
    plans(&hall, "s13za").await;
    // To him it is as if nothing was planned.
    assert_eq!((his_pages(&hall).await, asked(&hall).await), nothing);
    set(&hall, "2027-01-12T14:00:00Z");
    let all = [
        listed(&hall, "hearing").await,
        listed(&hall, "left-out").await,
    ]
    .concat();
    assert_eq!(all.len(), 1, "{all:?}");
}

#[tokio::test]
async fn while_she_decides_for_herself_nobody_is_told_unasked_and_once_she_cannot_he_is_asked() {
    let hall = Hall::open().await;
    son_without_powers(&hall).await;
    plans(&hall, "person").await;
    assert_eq!(asked(&hall).await, [] as [String; 0]);
    set(&hall, "2027-01-13T16:00:00Z");
    assert_eq!(listed(&hall, "hearing").await, [] as [String; 0]);
    unable(&hall).await;
    turn(&hall).await;
    assert_eq!(asked(&hall).await.len(), 1);
}

/// What he reads on his own pages, without what is drawn anew each time.
async fn his_pages(hall: &Hall) -> Vec<String> {
    let mut torquil = Browser::of(hall, SON).await;
    let mut pages = Vec::new();
    for path in ["/me", "/me/family"] {
        pages.push(words(&torquil.gets(path).await.is(200)));
    }
    pages
}

#[tokio::test]
async fn who_is_said_to_harm_her_is_asked_nothing_more_and_reads_as_if_nothing_was_planned() {
    let hall = Hall::open().await;
    acts(&hall).await;
    set(&hall, "2027-01-12T10:00:00Z");
    let before = his_pages(&hall).await;
    planned(&hall).await;
    let [id] = asked(&hall).await.try_into().expect("one question");
    let page = format!("/me/hearings/{id}");
    let mut torquil = Browser::of(&hall, SON).await;
    torquil.gets(&page).await.is(200);

    let concern = parameters(&[
        ("patient", &oighrig(&hall)),
        ("to", "northburn-adults"),
        ("name", "Oighrig MacQuarrie"),
        ("text", "A bank rang: her son draws her money."),
        ("own-action", "Asked the bank to hold large payments."),
        ("alleged-harmer", &party(&hall, SON).await),
    ]);
    let stuart = hall.actor("stuart-leckie", &["ASP-INQUIRY"]);
    stuart
        .posts("Communication/$concern", concern)
        .await
        .is(201);

    // The same minute, by the page that he has open and by every way to it.
    let gone = torquil.gets(&page).await.is(404).text().replace(&id, "ID");
    let never = torquil
        .gets(&format!("/me/hearings/{NOBODY}"))
        .await
        .is(404);
    assert_eq!(gone, never.text().replace(NOBODY, "ID"));
    let words = parameters(&[("text", "I object.")]);
    let refused = his(&hall)
        .posts(&format!("Communication/{id}/$hearing"), words.clone())
        .await
        .is(404);
    let nobody = his(&hall)
        .posts(&format!("Communication/{NOBODY}/$hearing"), words)
        .await
        .is(404);
    assert_eq!(refused.text().replace(&id, NOBODY), nobody.text());
    assert_eq!(asked(&hall).await, [] as [String; 0]);
    assert_eq!(his_pages(&hall).await, before);
}

#[tokio::test]
async fn nobody_else_reads_what_he_is_asked() {
    let hall = Hall::open().await;
    acts(&hall).await;
    planned(&hall).await;
    let [id] = asked(&hall).await.try_into().expect("one question");
    let path = format!("Communication/{id}/$hearing");
    let never = format!("Communication/{NOBODY}/$hearing");
    for stranger in [
        hall.actor("archie-dunsmore", &["PATRQT"]),
        hall.ruksana(),
        hall.fraser(),
    ] {
        let closed = stranger.gets(&path).await.is(404);
        let nobody = stranger.gets(&never).await.is(404);
        assert_eq!(closed.text().replace(&id, NOBODY), nobody.text());
    }
    // Nor is it a word of his own.
    let words = his(&hall).gets("Communication/$words").await.is(200);
    assert_eq!(words.matches(), [] as [Value; 0]);
}
