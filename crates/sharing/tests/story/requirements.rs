//! Section 10 with two keys: an officer requires, a health professional reads, and both doors shut
//! with the inquiry.

use domain::message::advocacy::AdvocacyAnswer;
use domain::message::call::Way;
use domain::message::{AdultsWord, Concern, Outcome, Refusal, Required, Response, State, Urgency};
use domain::{Category, Clock, Purpose, ResourceId, Timestamp};
use sharing::messages::concern::advocacy::{Offered, offer};
use sharing::messages::concern::{self, Raise, Triage};
use sharing::messages::extract::{Extract, extract};
use sharing::messages::requirement::{Require, require};
use sharing::messages::respond::{Given, OnBehalf, respond};
use sharing::messages::{close, inbox, open};
use sharing::{Answer, Asking, Error};

use crate::hall::Hall;

const FERGUS: &str = "fergus-auchincloss";

fn margaret(hall: &Hall) -> Asking {
    hall.worker("margaret-haining", Purpose::AdultProtectionRequirement)
}

fn aonghas(hall: &Hall) -> Asking {
    hall.worker("aonghas-macphail", Purpose::AdultProtectionRequirement)
}

/// The police tell of Fergus, and the adults team looks into it; gives the concern.
async fn inquiry(hall: &Hall) -> ResourceId {
    let told = Raise {
        to: vec!["northburn-adults".into()],
        name: "Fergus Auchincloss".to_owned(),
        text: "His bank rang: odd withdrawals by a man who comes with him.".to_owned(),
        concern: Concern {
            own_action: "Asked the bank to hold large payments.".to_owned(),
            reference: None,
            points: None,
            alleged_harmer: None,
            advocacy: None,
        },
        urgency: Urgency::Routine,
        hold: None,
    };
    let stuart = hall.worker("stuart-leckie", Purpose::AdultProtection);
    let raised = concern::raise(&hall.cx, &stuart, hall.patient(FERGUS), &told).await;
    let id = raised.expect("raised").id;
    said(hall, id, Outcome::Inquiry).await;
    id
}

async fn said(hall: &Hall, id: ResourceId, outcome: Outcome) {
    let triage = Triage {
        outcome,
        text: String::new(),
    };
    let officer = hall.worker("margaret-haining", Purpose::AdultProtection);
    if triage.outcome == Outcome::Support {
        // Before somebody helps, an advocate was thought of.
        let offered = Offered {
            answer: AdvocacyAnswer::Declined,
            on: hall.cx.now(),
            words: String::new(),
        };
        let recorded = offer(&hall.cx, &officer, id, &offered).await;
        recorded.expect("it is recorded");
    }
    let said = concern::triage(&hall.cx, &officer, id, &triage).await;
    said.expect("it is said what became of it");
}

fn demand(inquiry: ResourceId) -> Require {
    Require {
        to: vec!["community-mental-health".into(), "millburn-surgery".into()],
        what: vec![Category::Documents, Category::Conditions],
        written_from: None,
        written_before: None,
        why: "A neighbour has his bank card; we need to know what he has said of it.".to_owned(),
        by: None,
        inquiry,
        terms: Required {
            number: "ASP-27-004".to_owned(),
            authority: "Council officer of Northburn, authorised 3 March 2025".to_owned(),
            reader: Some("aonghas-macphail".into()),
            adult: AdultsWord::Objects,
        },
    }
}

async fn required(hall: &Hall, inquiry: ResourceId) -> ResourceId {
    let sent = require(
        &hall.cx,
        &margaret(hall),
        hall.patient(FERGUS),
        &demand(inquiry),
    )
    .await;
    sent.expect("required").id
}

fn faults(error: Error) -> Vec<(String, String)> {
    let Error::Invalid(issues) = error else {
        panic!("{error:?}")
    };
    let issues = issues.into_iter();
    issues
        .map(|issue| (issue.expression.join(","), issue.details))
        .collect()
}

/// The documents of Fergus that somebody is shown, by type and id; `None` if they are refused, with
/// the grounds.
async fn documents(hall: &Hall, asking: &Asking) -> Result<Vec<(String, ResourceId)>, Vec<String>> {
    match hall.everything(asking, FERGUS).await {
        Answer::Released(it) => {
            let all = it.released.resources().iter();
            let documents = all.filter(|one| one.resource_type == "DocumentReference");
            Ok(documents
                .filter(|one| one.custodian.as_str() == "hospital")
                .map(|one| (one.resource_type.clone(), one.id))
                .collect())
        }
        Answer::Refused(refusal) => {
            let grounds = refusal.decision.grounds.iter();
            Err(grounds.map(|ground| ground.code().to_owned()).collect())
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_officer_requires_the_nurse_reads_and_only_her_extract_is_passed_on() {
    let hall = Hall::open().await;
    let id = required(&hall, inquiry(&hall).await).await;
    assert_eq!(
        documents(&hall, &margaret(&hall)).await.unwrap_or_default(),
        [],
        "no health record is hers to read"
    );
    let read = documents(&hall, &aonghas(&hall)).await.expect("he reads");
    assert!(!read.is_empty(), "the reader reads what is required");

    let what = Extract {
        text: "In December he spoke of a neighbour who has his bank card and borrows money."
            .to_owned(),
        told: vec![Category::Documents],
        sources: read.clone(),
    };
    let passed_on = extract(&hall.cx, &aonghas(&hall), id, &what).await;
    let passed_on = passed_on.expect("passed on");
    let seen = open(&hall.cx, &margaret(&hall), passed_on)
        .await
        .expect("hers");
    assert_eq!(seen.message.text, what.text);
    assert_eq!(seen.message.sources.len(), read.len());
    assert_eq!(
        documents(&hall, &margaret(&hall)).await.unwrap_or_default(),
        [],
        "and the records still are not"
    );
    let account = hall.account(FERGUS).await;
    let line = "Aonghas MacPhail, nurse at Clydevale Hospital, told Northburn adults team, Northburn Council Social Work your notes and letters, which they had asked for, on 11 January 2027 at 9:30am, for a requirement under section 10 of the Adult Support and Protection (Scotland) Act 2007.";
    assert!(account.contains(&line.to_owned()), "{account:#?}");
}

#[tokio::test]
async fn an_extract_has_its_sources_and_is_the_readers_alone() {
    let hall = Hall::open().await;
    let id = required(&hall, inquiry(&hall).await).await;
    let read = documents(&hall, &aonghas(&hall)).await.expect("he reads");
    let what = |sources| Extract {
        text: "He spoke of a neighbour.".to_owned(),
        told: vec![Category::Documents],
        sources,
    };
    let refused = extract(&hall.cx, &aonghas(&hall), id, &what(Vec::new())).await;
    assert_eq!(
        faults(refused.expect_err("hearsay")),
        [(
            "source".to_owned(),
            "name the records that it is from: what has no source is hearsay".to_owned()
        )]
    );
    let elsewhere = vec![("Patient".to_owned(), hall.patient("netta-dunsmore"))];
    let refused = extract(&hall.cx, &aonghas(&hall), id, &what(elsewhere)).await;
    assert_eq!(faults(refused.expect_err("not his"))[0].0, "source");
    let parveen = hall.worker("parveen-sheikh", Purpose::AdultProtectionRequirement);
    let refused = extract(&hall.cx, &parveen, id, &what(read)).await;
    assert_eq!(
        faults(refused.expect_err("not named"))[0].1,
        "an extract is passed on by the health professional whom the requirement names"
    );
}

#[tokio::test]
async fn a_second_officer_without_authority_is_refused_and_told_why() {
    let hall = Hall::open().await;
    required(&hall, inquiry(&hall).await).await;
    let eilidh = hall.worker("eilidh-crombie", Purpose::AdultProtectionRequirement);
    assert_eq!(documents(&hall, &eilidh).await, Err(vec!["R01".to_owned()]));
}

#[tokio::test]
async fn when_the_inquiry_is_over_nobody_reads_under_it() {
    let hall = Hall::open().await;
    let inquiry = inquiry(&hall).await;
    let id = required(&hall, inquiry).await;
    said(&hall, inquiry, Outcome::Support).await;
    let dead = Err(vec!["R04".to_owned()]);
    assert_eq!(documents(&hall, &aonghas(&hall)).await, dead);
    assert_eq!(documents(&hall, &margaret(&hall)).await, dead);
    let over = open(&hall.cx, &margaret(&hall), id).await.expect("hers");
    assert!(!over.message.is_in_force());
    let list = inbox(&hall.cx, &aonghas(&hall), 50, None)
        .await
        .expect("a list");
    assert!(list.lines.is_empty());

    // A requirement that is closed by itself ends likewise, and the inquiry goes on.
    let hall = Hall::open().await;
    let inquiry = self::inquiry(&hall).await;
    let id = required(&hall, inquiry).await;
    close(&hall.cx, &margaret(&hall), id, "All is there.")
        .await
        .expect("closed");
    assert_eq!(documents(&hall, &aonghas(&hall)).await, dead);
}

#[tokio::test]
async fn a_practice_that_answers_by_letter_is_held_to_the_grounds_and_its_silence_is_overdue() {
    let hall = Hall::open().await;
    let id = required(&hall, inquiry(&hall).await).await;
    let letter = |ground: &str| Given {
        response: Response::Refused(Refusal {
            ground: ground.to_owned(),
            harm_if_shared: Some("He may stop coming.".to_owned()),
            harm_if_not_shared: Some("Money goes on disappearing.".to_owned()),
            decider: Some("Dr Hamish Colquhoun, partner".to_owned()),
            review: Timestamp::parse("2027-02-01T09:00:00Z"),
        }),
        text: String::new(),
        told: Vec::new(),
        on_behalf_of: Some(OnBehalf {
            team: "millburn-surgery".into(),
            by: "Dr Hamish Colquhoun, partner".to_owned(),
            on: hall.clock.now(),
            way: Way::Letter,
        }),
    };
    for (typed, why) in [
        (
            "GDPR",
            "data protection law says how information is shared, not that it is not",
        ),
        (
            "The patient would be distressed",
            "distress is not serious harm; R09 needs an opinion with author and date",
        ),
    ] {
        let refused = respond(&hall.cx, &margaret(&hall), id, &letter(typed)).await;
        let said = faults(refused.expect_err(typed)).remove(0).1;
        assert!(said.contains(why), "{said}");
    }
    let read = open(&hall.cx, &margaret(&hall), id).await.expect("hers");
    let of_practice = |message: &domain::message::Message| {
        let mut all = message.deliveries.iter();
        all.find(|one| one.team.as_str() == "millburn-surgery")
            .cloned()
    };
    let delivery = of_practice(&read.message).expect("it was asked");
    assert!(delivery.state.owes_answer(), "silence is no answer");
    hall.clock
        .set(Timestamp::parse("2027-01-18T09:30:00Z").expect("an instant"));
    assert!(delivery.is_overdue(sharing_clock(&hall)));

    let done = respond(&hall.cx, &margaret(&hall), id, &letter("R09")).await;
    let answer = open(&hall.cx, &margaret(&hall), done.expect("put in")).await;
    let answer = answer.expect("hers").message;
    assert!(
        answer.text.starts_with(
            "By letter of 18 January 2027, Dr Hamish Colquhoun, partner for Millburn surgery, Millburn Medical Practice: Refused (R09)"
        ),
        "{}",
        answer.text
    );
    assert!(answer.text.contains("s.49"), "{}", answer.text);
    let read = open(&hall.cx, &margaret(&hall), id).await.expect("hers");
    let delivery = of_practice(&read.message).expect("it was asked");
    assert_eq!(delivery.state, State::Actioned);
    let account = hall.account(FERGUS).await;
    assert!(
        account.iter().any(|line| line.starts_with(
            "Millburn surgery, Millburn Medical Practice, refused Northburn adults team"
        )),
        "{account:#?}"
    );
    // Whoever was asked and did not ask puts nothing in for others.
    let nurse = respond(&hall.cx, &aonghas(&hall), id, &letter("R09")).await;
    assert!(matches!(nurse, Err(Error::NotFound)), "{nurse:?}");
}

fn sharing_clock(hall: &Hall) -> Timestamp {
    use domain::Clock;
    hall.clock.now()
}

#[tokio::test]
async fn nothing_is_required_without_an_inquiry_an_authority_or_the_adults_word() {
    let hall = Hall::open().await;
    let inquiry = inquiry(&hall).await;
    let fergus = hall.patient(FERGUS);
    let mut empty = demand(inquiry);
    empty.terms.authority = " ".to_owned();
    empty.terms.reader = Some("fraser-abercrombie".into());
    empty.terms.adult = AdultsWord::NotAsked {
        because: String::new(),
    };
    let refused = require(&hall.cx, &margaret(&hall), fergus, &empty).await;
    let said: Vec<String> = faults(refused.expect_err("not whole"))
        .into_iter()
        .map(|(at, _)| at)
        .collect();
    assert_eq!(said, ["authority", "adult", "reader"]);

    let nurse = require(&hall.cx, &aonghas(&hall), fergus, &demand(inquiry)).await;
    assert_eq!(
        faults(nurse.expect_err("no officer"))[0].1,
        "only a council officer requires records under section 10"
    );
    required(&hall, inquiry).await;
    let again = require(&hall.cx, &margaret(&hall), fergus, &demand(inquiry)).await;
    assert_eq!(faults(again.expect_err("twice"))[0].0, "number");
    said_over(&hall, inquiry).await;
}

/// After the inquiry nothing more is required in it.
async fn said_over(hall: &Hall, inquiry: ResourceId) {
    said(hall, inquiry, Outcome::Support).await;
    let mut later = demand(inquiry);
    later.terms.number = "ASP-27-005".to_owned();
    let refused = require(&hall.cx, &margaret(hall), hall.patient(FERGUS), &later).await;
    assert_eq!(
        faults(refused.expect_err("over"))[0].1,
        "records are required in an inquiry: say first that your team looks into the concern about this adult"
    );
}
