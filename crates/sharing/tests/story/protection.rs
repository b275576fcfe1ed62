//! Friday night: a child protection message and those whom it touches, from the desk that stands in
//! at night to the flag that is gone a year after it ended.

use domain::message::{Kind, Opening, Reply, Rota, State};
use domain::{OrganisationKind, Purpose, ResourceId, Timestamp};
use sharing::messages::protection::{Linked, Raise, link, raise};
use sharing::messages::{Inbox, answer, close, do_what_is_due, inbox, open, retract, tell, update};
use sharing::{Answer, Asking, Error};
use store::{Change, Expect, Write};

use crate::hall::Hall;

const SAFE: &str = "telling now would put her at risk";

pub fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an instant")
}

/// Saturday, twenty past midnight. The recovery service is an office, as the homecare is.
pub async fn friday_night(hall: &Hall) {
    hall.clock.set(at("2027-01-16T00:20:00Z"));
    let rota = Rota {
        opening: Opening::office(),
        ..Rota::usual("recovery-service".into(), OrganisationKind::Hospital)
    };
    let change = Change {
        writes: vec![Write::Rota(rota)],
        ..Change::default()
    };
    let kept = hall.cx.store.commit(change, Expect::default()).await;
    kept.expect("the rota is kept");
}

pub fn tariq(hall: &Hall) -> Asking {
    hall.worker("tariq-nawaz", Purpose::ChildConcern)
}

pub fn nkechi(hall: &Hall) -> Asking {
    hall.worker("nkechi-obi", Purpose::ChildConcern)
}

fn linked(hall: &Hall, key: &str, kind: Kind) -> Linked {
    Linked {
        patient: hall.patient(key),
        kind,
        care: None,
    }
}

pub fn corey(hall: &Hall) -> Raise {
    let care = "Visits go on as before; her son may be away until Monday.";
    Raise {
        to: Vec::new(),
        answers_for: Some("northburn-children".into()),
        linked: vec![
            linked(hall, "shannon-greig", Kind::LinkedChild),
            linked(hall, "barry-greig", Kind::LinkedAdult),
            Linked {
                care: Some(care.to_owned()),
                ..linked(hall, "senga-greig", Kind::LinkedAdult)
            },
        ],
        hold: Some((at("2027-02-13T09:00:00Z"), SAFE.to_owned())),
        out_of: None,
    }
}

pub async fn raised(hall: &Hall) -> ResourceId {
    friday_night(hall).await;
    let sent = raise(
        &hall.cx,
        &tariq(hall),
        hall.patient("corey-lamont"),
        &corey(hall),
    )
    .await;
    sent.expect("it is raised").id
}

async fn list(hall: &Hall, asking: &Asking) -> Inbox {
    inbox(&hall.cx, asking, 50, None).await.expect("a list")
}

/// The message about somebody on a worker's list.
async fn on_list(hall: &Hall, asking: &Asking, name: &str) -> ResourceId {
    let list = list(hall, asking).await;
    let line = list.lines.iter().find(|line| line.message.name == name);
    let line = line.unwrap_or_else(|| panic!("nothing about {name}"));
    line.message.id
}

async fn text(hall: &Hall, asking: &Asking, id: ResourceId) -> String {
    let opened = open(&hall.cx, asking, id).await.expect("it opens");
    opened.message.text
}

async fn flags(hall: &Hall, asking: &Asking, key: &str) -> Vec<String> {
    let answer = hall.everything(asking, key).await;
    let Answer::Released(disclosure) = &answer else {
        panic!("{answer:?}")
    };
    let resources = disclosure.released.resources().iter();
    let flags = resources.filter(|one| one.resource_type == "Flag");
    flags
        .map(|flag| serde_json::from_slice::<serde_json::Value>(&flag.bytes).expect("JSON"))
        .map(|flag| flag["code"]["text"].as_str().unwrap_or_default().to_owned())
        .filter(|text| text.contains("16 January") || text.contains("ended on"))
        .collect()
}

#[tokio::test]
async fn each_is_told_what_keeps_somebody_safe_and_no_more() {
    let hall = Hall::open().await;
    let root = raised(&hall).await;
    let ring = "Ring at night, out-of-hours social work, 01632 960 190; Northburn children and \
                families team, 01632 960 115";
    let obinna = hall.worker("obinna-chukwu", Purpose::Treatment);
    let about_barry = on_list(&hall, &obinna, "Barry Greig").await;
    assert_eq!(
        text(&hall, &obinna, about_barry).await,
        format!("Linked to a child with protection activity since 16 January 2027. {ring}.")
    );
    let doreen = hall.worker("doreen-kidd", Purpose::Provision);
    let about_senga = on_list(&hall, &doreen, "Senga Greig").await;
    assert_eq!(
        text(&hall, &doreen, about_senga).await,
        format!("Visits go on as before; her son may be away until Monday. {ring}.")
    );
    let rattray = hall.worker("catherine-rattray", Purpose::Treatment);
    assert_eq!(
        text(&hall, &rattray, root).await,
        format!(
            "Child protection activity since 16 January 2027. {ring} before deciding anything \
             about this child."
        )
    );
    // Whoever looks after a linked person cannot open what is about the child, nor the reverse.
    for (asking, id) in [(&obinna, root), (&doreen, about_barry), (&doreen, root)] {
        let opened = open(&hall.cx, asking, id).await;
        assert!(matches!(opened, Err(Error::NotFound)), "{opened:?}");
    }
}

#[tokio::test]
async fn a_night_interrupts_those_on_duty_and_the_morning_has_one_row_for_each_child() {
    let hall = Hall::open().await;
    hall.clock.set(at("2027-01-16T00:15:00Z"));
    visit(&hall).await;
    raised(&hall).await;
    let mut interrupted = 0;
    for worker in hall.town.workers.iter().filter(|one| one.team.is_some()) {
        let asking = hall.worker(worker.id.as_str(), Purpose::Treatment);
        let lines = list(&hall, &asking).await.lines;
        let interrupting = lines.iter().filter(|line| line.interrupts).count();
        let team = worker.team.as_ref().map(domain::TeamId::as_str);
        assert!(
            interrupting == 0
                || !["braehead-surgery", "recovery-service"].contains(&team.unwrap_or_default()),
            "a shut office is not interrupted"
        );
        interrupted += interrupting;
    }
    assert!((1..=6).contains(&interrupted), "{interrupted} notices");

    hall.clock.set(at("2027-01-18T08:45:00Z"));
    do_what_is_due(&hall.cx).await.expect("what is due is done");
    let rattray = hall.worker("catherine-rattray", Purpose::Treatment);
    let lines = list(&hall, &rattray).await.lines;
    let names: Vec<_> = lines
        .iter()
        .map(|line| line.message.name.as_str())
        .collect();
    assert_eq!(
        names.iter().filter(|name| **name == "Corey Lamont").count(),
        1,
        "{names:?}"
    );
    let corey = lines
        .iter()
        .find(|line| line.message.name == "Corey Lamont");
    let delivery = corey
        .and_then(|line| line.delivery.as_ref())
        .expect("a delivery");
    assert_eq!(delivery.sent, at("2027-01-16T00:20:00Z"), "waiting since");
    assert_eq!(delivery.due, Some(at("2027-01-18T09:45:00Z")));
}

#[tokio::test]
async fn all_of_it_ends_together_and_the_flag_is_gone_after_a_year() {
    let hall = Hall::open().await;
    let root = raised(&hall).await;
    let rattray = hall.worker("catherine-rattray", Purpose::Treatment);
    assert_eq!(
        flags(&hall, &rattray, "corey-lamont").await,
        [
            "Child protection message in force since 16 January 2027. Ring at night, out-of-hours \
          social work, 01632 960 190; Northburn children and families team, 01632 960 115"
        ]
    );
    let obinna = hall.worker("obinna-chukwu", Purpose::Treatment);
    let about_barry = on_list(&hall, &obinna, "Barry Greig").await;

    hall.clock.set(at("2027-02-05T10:00:00Z"));
    do_what_is_due(&hall.cx).await.expect("what is due is done");
    let nkechi = nkechi(&hall);
    update(
        &hall.cx,
        &nkechi,
        root,
        "He is at his aunt's. Ring before any visit.",
    )
    .await
    .expect("said anew");
    let again = open(&hall.cx, &obinna, about_barry)
        .await
        .expect("it opens");
    assert_eq!(again.message.revision, 2);
    assert!(
        !again.message.text.contains("aunt"),
        "linked messages keep their own words"
    );

    close(&hall.cx, &nkechi, root, "The plan goes on without it.")
        .await
        .expect("closed");
    for asking in [
        &obinna,
        &rattray,
        &hall.worker("doreen-kidd", Purpose::Provision),
    ] {
        let lines = list(&hall, asking).await.lines;
        assert!(lines.is_empty(), "a stale link is a failure: {lines:?}");
    }
    let over = open(&hall.cx, &obinna, about_barry)
        .await
        .expect("it opens");
    assert_eq!(over.message.stage.code(), "closed");
    assert_eq!(
        flags(&hall, &rattray, "corey-lamont").await,
        ["Child protection message ended on 5 February 2027"]
    );
    hall.clock.set(at("2028-02-05T09:59:59Z"));
    assert_eq!(flags(&hall, &rattray, "corey-lamont").await.len(), 1);
    hall.clock.set(at("2028-02-05T10:00:00Z"));
    assert_eq!(flags(&hall, &rattray, "corey-lamont").await, [""; 0]);
}

#[tokio::test]
async fn a_wrong_link_is_taken_back_from_whoever_saw_it_and_the_right_one_is_made() {
    let hall = Hall::open().await;
    let root = raised(&hall).await;
    let gurpreet = hall.worker("gurpreet-bains", Purpose::ChildConcern);
    let wrong = on_list(&hall, &gurpreet, "Shannon Greig").await;
    open(&hall.cx, &gurpreet, wrong)
        .await
        .expect("she opens it");
    let tariq = tariq(&hall);
    retract(&hall.cx, &tariq, wrong, "It was a cousin of that name.")
        .await
        .expect("taken back");
    let state = list(&hall, &gurpreet).await.lines[0].delivery.clone();
    assert_eq!(state.map(|one| one.state), Some(State::Recalled));
    answer(&hall.cx, &gurpreet, wrong, Reply::Mine)
        .await
        .expect("she knows");
    assert!(list(&hall, &gurpreet).await.lines.is_empty());

    let right = linked(&hall, "senga-greig", Kind::LinkedAdult);
    link(&hall.cx, &tariq, root, &right).await.expect("linked");
    let still = open(&hall.cx, &tariq, root).await.expect("it opens");
    assert!(
        still.message.is_in_force(),
        "the child's own message stands"
    );
}

#[tokio::test]
async fn what_is_held_is_not_in_the_account_until_it_is_told() {
    let hall = Hall::open().await;
    let before = hall.account("barry-greig").await;
    let root = raised(&hall).await;
    let obinna = hall.worker("obinna-chukwu", Purpose::Treatment);
    let about_barry = on_list(&hall, &obinna, "Barry Greig").await;
    open(&hall.cx, &obinna, about_barry)
        .await
        .expect("it opens");
    assert_eq!(
        hall.account("barry-greig").await,
        before,
        "he learns nothing"
    );
    assert_eq!(hall.account("senga-greig").await.len(), 0);

    tell(&hall.cx, &nkechi(&hall), root)
        .await
        .expect("they were told");
    do_what_is_due(&hall.cx).await.expect("what is due is done");
    let after = hall.account("barry-greig").await;
    assert_eq!(
        after[0],
        "Obinna Chukwu, addiction worker at Clydevale Hospital, opened a message about you on 16 \
         January 2027 at 12:20am, for a task that the law gives them."
    );
    // The recovery service and his practice were told, and one of them has looked.
    let sent = after
        .iter()
        .filter(|line| line.contains("a message about your alerts"));
    assert_eq!(sent.count(), 2, "{after:?}");
    assert_eq!(after.len(), before.len() + 3);
}

#[tokio::test]
async fn a_held_line_is_told_by_itself_on_its_day() {
    let hall = Hall::open().await;
    raised(&hall).await;
    hall.clock.set(at("2027-02-13T08:59:00Z"));
    do_what_is_due(&hall.cx).await.expect("what is due is done");
    assert_eq!(hall.account("senga-greig").await.len(), 0);
    hall.clock.set(at("2027-02-13T09:00:00Z"));
    do_what_is_due(&hall.cx).await.expect("what is due is done");
    // Her homecare and her practice.
    assert_eq!(hall.account("senga-greig").await.len(), 2);
}

#[tokio::test]
async fn a_look_in_the_emergency_department_is_one_line_and_no_alarm() {
    let hall = Hall::open().await;
    let root = raised(&hall).await;
    // Corey's visit of the week before has ended; this one goes on.
    visit(&hall).await;
    let maggie = hall.worker("maggie-torrance", Purpose::Treatment);
    assert_eq!(flags(&hall, &maggie, "corey-lamont").await.len(), 1);
    flags(&hall, &maggie, "corey-lamont").await;
    let lines = list(&hall, &tariq(&hall)).await.lines;
    let looked: Vec<_> = lines
        .iter()
        .filter(|line| line.message.kind == Kind::LookUp)
        .collect();
    assert_eq!(looked.len(), 1, "once a day for each who looks");
    assert!(!looked[0].interrupts);
    assert_eq!(looked[0].due, None);
    assert_eq!(looked[0].message.thread, root);
    assert_eq!(
        looked[0].message.text,
        "Looked up by Maggie Torrance, who saw that a child protection message is in force."
    );
    // A look by the family's own practice is no news.
    let rattray = hall.worker("catherine-rattray", Purpose::Treatment);
    flags(&hall, &rattray, "corey-lamont").await;
    let lines = list(&hall, &tariq(&hall)).await.lines;
    let looked = lines
        .iter()
        .filter(|line| line.message.kind == Kind::LookUp);
    assert_eq!(looked.count(), 1);
}

/// The emergency department takes Corey in.
async fn visit(hall: &Hall) {
    use sharing::contribute::{Incoming, Method, contribute};
    let hospital = "hospital".into();
    let system = sharing::settle::system_of(&hall.cx, &hospital).await;
    let system = system.expect("the hospital's record system");
    let asking = sharing::settle::asking_for(&hall.cx, &system).await;
    let mut known = None;
    for one in &hall.town.contributions {
        let is_visit = one.by.as_str() == "hospital" && one.resource_type == "Encounter";
        if is_visit && one.json.contains("2027-01-08T23:31") {
            known = Some(one);
        }
    }
    let known = known.expect("Corey's visit");
    let mut body: serde_json::Value = serde_json::from_str(&known.json).expect("JSON");
    body["id"] = "another-visit".into();
    body["status"] = "in-progress".into();
    body["period"] = serde_json::json!({ "start": "2027-01-16T00:10:00Z" });
    let bytes = body.to_string().into_bytes();
    let incoming = Incoming {
        method: Method::Update,
        resource_type: "Encounter",
        id: Some("another-visit"),
        if_match: None,
        bytes: &bytes,
    };
    let asking = asking.expect("a worker");
    let taken = contribute(&hall.cx, &asking, &incoming).await;
    taken.expect("the visit is recorded");
}

#[tokio::test]
async fn what_cannot_be_raised_says_why() {
    let hall = Hall::open().await;
    raised(&hall).await;
    let patient = hall.patient("shannon-greig");
    let empty = Raise::default();
    let named = Raise {
        linked: vec![Linked {
            care: Some("Barry may not see Shannon.".to_owned()),
            ..linked(&hall, "senga-greig", Kind::LinkedAdult)
        }],
        ..Raise::default()
    };
    let gurpreet = hall.worker("gurpreet-bains", Purpose::ChildConcern);
    let table = [
        (
            hall.worker("gurpreet-bains", Purpose::Assessment),
            &empty,
            "a child protection message is raised for the purpose of protecting a child \
             (CP-CONCERN or a kind of it)",
        ),
        (
            hall.worker("maggie-torrance", Purpose::ChildConcern),
            &empty,
            "a child protection message is raised by social work: ring their duty desk, now if a \
             child is at risk",
        ),
        (
            gurpreet.clone(),
            &named,
            "do not name the child here: say only what changes in the care",
        ),
    ];
    for (asking, what, expected) in table {
        let refused = raise(&hall.cx, &asking, patient, what).await;
        let Err(Error::Invalid(issues)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(issues[0].details, expected);
    }
    let twice = raise(
        &hall.cx,
        &tariq(&hall),
        hall.patient("corey-lamont"),
        &empty,
    )
    .await;
    let Err(Error::Invalid(issues)) = twice else {
        panic!("{twice:?}")
    };
    assert!(
        issues[0]
            .details
            .starts_with("a child protection message is in force since 16 January 2027.")
    );
}
