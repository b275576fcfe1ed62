//! A discussion between agencies: each fills in its own block, dissent stays dissent, one decision.

use std::collections::BTreeMap;

use domain::message::{Course, Kind, Prompt, PromptAnswer, Rota, State};
use domain::{OrganisationKind, Purpose, ResourceId, Timestamp};
use sharing::messages::discussion::{
    Conclude, Open, conclude, contribute, dissent, open as discuss,
};
use sharing::messages::protection::{self, Raise};
use sharing::messages::{close, do_what_is_due, finish, inbox, open};
use sharing::{Asking, Error};
use store::{Change, Expect, Write};

use crate::hall::Hall;

const KNOWN: &str = "Seen in December with a cut on her hand; the story fitted.";

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an instant")
}

fn nkechi(hall: &Hall) -> Asking {
    hall.worker("nkechi-obi", Purpose::ChildConcern)
}

fn alison(hall: &Hall) -> Asking {
    hall.worker("alison-reekie", Purpose::ChildConcern)
}

fn maggie(hall: &Hall) -> Asking {
    hall.worker("maggie-torrance", Purpose::ChildConcern)
}

/// Nkechi asks the police and the hospital in, about Corey.
async fn opened(hall: &Hall, hold: Option<(Timestamp, String)>) -> ResourceId {
    let what = Open {
        to: vec![
            "public-protection-hub".into(),
            "emergency-department".into(),
        ],
        text: "Called out twice this week; he was asleep on the sofa.".to_owned(),
        hold,
        ..Open::default()
    };
    let corey = hall.patient("corey-lamont");
    let sent = discuss(&hall.cx, &nkechi(hall), corey, &what).await;
    sent.expect("it is opened").id
}

fn joint() -> Conclude {
    let answers = Prompt::ALL.iter().map(|one| (*one, PromptAnswer::NotKnown));
    Conclude {
        course: Course::Joint,
        reasons: "Two calls in a week.".to_owned(),
        plan: "He stays with his aunt until Monday; Nkechi visits on Sunday.".to_owned(),
        prompts: answers.collect::<BTreeMap<_, _>>(),
    }
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

#[tokio::test]
async fn each_agency_says_what_it_knows_and_what_it_said_before_can_still_be_read() {
    let hall = Hall::open().await;
    let id = opened(&hall, None).await;
    for text in ["Not known to us.", KNOWN] {
        contribute(&hall.cx, &maggie(&hall), id, text)
            .await
            .expect("said");
    }
    contribute(&hall.cx, &alison(&hall), id, "Two calls to the house.")
        .await
        .expect("said");

    let read = open(&hall.cx, &nkechi(&hall), id).await.expect("hers");
    let discussion = read.message.discussion.expect("a discussion");
    let said: Vec<_> = discussion
        .blocks
        .iter()
        .map(|one| {
            let superseded = discussion.is_superseded(one);
            (&*one.agency_name, &*one.text, superseded)
        })
        .collect();
    assert_eq!(
        said,
        [
            ("Clydevale Hospital", "Not known to us.", true),
            ("Clydevale Hospital", KNOWN, false),
            (
                "Police Public Protection Unit",
                "Two calls to the house.",
                false
            ),
        ]
    );
    // Whoever spoke has taken it, and owes nothing; the list does not interrupt them again.
    let states = read.message.deliveries.iter().map(|one| one.state);
    assert_eq!(states.collect::<Vec<_>>(), [State::Mine, State::Mine]);
    let account = hall.account("corey-lamont").await;
    assert!(
        account.contains(
            &"Maggie Torrance, nurse at Clydevale Hospital, spoke of you with Northburn children and families team, Northburn Council Social Work and Concern hub, Police Public Protection Unit in a discussion between agencies on 11 January 2027 at 9:30am, for a child protection concern.".to_owned()
        ),
        "{account:#?}"
    );
}

#[tokio::test]
async fn those_who_were_not_asked_in_read_nothing_and_speak_for_nobody() {
    let hall = Hall::open().await;
    let id = opened(&hall, None).await;
    for who in ["gurpreet-bains", "catherine-rattray", "derek-muirhead"] {
        let asking = hall.worker(who, Purpose::ChildConcern);
        let read = open(&hall.cx, &asking, id).await;
        assert!(matches!(read, Err(Error::NotFound)), "{who} {read:?}");
        for said in [
            contribute(&hall.cx, &asking, id, "Hearsay.").await,
            dissent(&hall.cx, &asking, id, "Hearsay.").await,
            conclude(&hall.cx, &asking, id, &joint()).await,
        ] {
            assert!(matches!(said, Err(Error::NotFound)), "{who} {said:?}");
        }
    }
    // Who was asked in speaks for their own agency, and writes no decision down for the others.
    let decided = conclude(&hall.cx, &alison(&hall), id, &joint()).await;
    assert!(matches!(decided, Err(Error::NotFound)), "{decided:?}");
    let done = finish(&hall.cx, &alison(&hall), id).await;
    assert_eq!(
        faults(done.expect_err("the others wait"))[0].1,
        "fill in your agency's block, or say that it is not yours: the others wait for you"
    );
}

#[tokio::test]
async fn dissent_stays_beside_the_decision_and_goes_to_those_who_answer_for_both_teams() {
    let hall = Hall::open().await;
    for (team, kind, manager) in [
        (
            "northburn-children",
            OrganisationKind::SocialWork,
            "margaret-haining",
        ),
        (
            "emergency-department",
            OrganisationKind::Hospital,
            "aniket-deshpande",
        ),
    ] {
        let rota = Rota {
            manager: Some(manager.into()),
            ..Rota::usual(team.into(), kind)
        };
        let change = Change {
            writes: vec![Write::Rota(rota)],
            ..Change::default()
        };
        let kept = hall.cx.store.commit(change, Expect::default()).await;
        kept.expect("the rota is kept");
    }
    let id = opened(&hall, None).await;
    let why = "He is not safe at his aunt's: she drinks with them.";
    dissent(&hall.cx, &maggie(&hall), id, why)
        .await
        .expect("put down");
    conclude(&hall.cx, &nkechi(&hall), id, &joint())
        .await
        .expect("decided");

    for who in ["margaret-haining", "aniket-deshpande"] {
        let manager = hall.worker(who, Purpose::ChildConcern);
        let list = inbox(&hall.cx, &manager, 50, None).await.expect("a list");
        let on_it = list.lines.iter().any(|line| line.message.id == id);
        assert!(on_it, "{who} sees to it");
        let read = open(&hall.cx, &manager, id).await.expect("theirs");
        let discussion = read.message.discussion.expect("a discussion");
        assert_eq!(discussion.dissents[0].text, why);
        let decided = discussion.conclusion().expect("decided");
        assert_eq!(decided.course, Course::Joint);
        assert_eq!(
            decided.without,
            [
                "Clydevale Hospital",
                "Northburn Council Social Work",
                "Police Public Protection Unit"
            ],
            "nobody has said what they know, and that can be read"
        );
    }
    close(&hall.cx, &nkechi(&hall), id, "The plan meeting has it.")
        .await
        .expect("closed");
    let manager = hall.worker("margaret-haining", Purpose::ChildConcern);
    let list = inbox(&hall.cx, &manager, 50, None).await.expect("a list");
    assert!(list.lines.is_empty());
    let late = contribute(&hall.cx, &alison(&hall), id, "One more call.").await;
    assert_eq!(
        faults(late.expect_err("over"))[0].1,
        "the discussion is over: open another"
    );
}

#[tokio::test]
async fn nothing_is_decided_before_everything_was_asked() {
    let hall = Hall::open().await;
    let id = opened(&hall, None).await;
    let mut hasty = joint();
    hasty.reasons = " ".to_owned();
    hasty.prompts.remove(&Prompt::AdultsWhoCare);
    let refused = conclude(&hall.cx, &nkechi(&hall), id, &hasty).await;
    assert_eq!(
        faults(refused.expect_err("not yet")),
        [
            ("reasons".to_owned(), "say why this was decided".to_owned()),
            (
                "adults-who-care".to_owned(),
                "answer this first: Does an adult here care for another adult? Not known is an answer"
                    .to_owned()
            ),
        ]
    );
}

#[tokio::test]
async fn only_police_health_and_social_work_open_one_and_never_with_themselves() {
    let hall = Hall::open().await;
    let corey = hall.patient("corey-lamont");
    let refused = |who: &'static str, purpose, to: &'static str| {
        let hall = &hall;
        async move {
            let what = Open {
                to: vec![to.into()],
                text: "Please discuss.".to_owned(),
                name: "Corey".to_owned(),
                ..Open::default()
            };
            let asking = hall.worker(who, purpose);
            let refused = discuss(&hall.cx, &asking, corey, &what).await;
            faults(refused.expect_err(who)).remove(0).1
        }
    };
    let concern = Purpose::ChildConcern;
    assert_eq!(
        refused("derek-muirhead", concern, "northburn-children").await,
        "a discussion between agencies is opened by social work, police or health: tell them of a concern"
    );
    assert_eq!(
        refused("nkechi-obi", Purpose::Assessment, "public-protection-hub").await,
        "agencies discuss so for the purpose of protecting somebody: CP-CONCERN, ASP-INQUIRY or a kind of them"
    );
    assert_eq!(
        refused("nkechi-obi", concern, "northburn-adults").await,
        "ask at least one other agency in: police, health and social work discuss together"
    );
    assert_eq!(hall.account("corey-lamont").await, [""; 0], "nothing left");
}

#[tokio::test]
async fn a_child_protection_message_is_raised_out_of_it_and_tells_nothing_of_it() {
    let hall = Hall::open().await;
    let id = opened(&hall, None).await;
    let out_of = |discussion| Raise {
        to: vec!["braehead-surgery".into()],
        out_of: Some(discussion),
        ..Raise::default()
    };
    let shannon = hall.patient("shannon-greig");
    let gurpreet = hall.worker("gurpreet-bains", Purpose::ChildConcern);
    let raised = protection::raise(&hall.cx, &gurpreet, shannon, &out_of(id)).await;
    assert!(raised.is_err(), "she was not asked in");

    let corey = hall.patient("corey-lamont");
    let sent = protection::raise(&hall.cx, &nkechi(&hall), corey, &out_of(id)).await;
    let sent = sent.expect("raised");
    let read = open(&hall.cx, &maggie(&hall), id).await.expect("hers");
    let discussion = read.message.discussion.expect("a discussion");
    assert_eq!(discussion.raised, Some(sent.id));
    let doctor = hall.worker("catherine-rattray", Purpose::Treatment);
    let message = open(&hall.cx, &doctor, sent.id).await.expect("hers");
    assert_eq!(message.message.kind, Kind::ChildProtection);
    assert_eq!(message.message.thread, sent.id);
    assert_eq!(message.thread, []);
}

#[tokio::test]
async fn what_would_put_a_child_at_risk_waits_outside_the_account() {
    let hall = Hall::open().await;
    let until = at("2027-01-18T09:00:00Z");
    let id = opened(&hall, Some((until, "He reads her letters.".to_owned()))).await;
    contribute(&hall.cx, &maggie(&hall), id, KNOWN)
        .await
        .expect("said");
    conclude(&hall.cx, &nkechi(&hall), id, &joint())
        .await
        .expect("decided");
    assert_eq!(hall.account("corey-lamont").await, [""; 0]);
    hall.clock.set(at("2027-01-18T09:00:01Z"));
    do_what_is_due(&hall.cx).await.expect("what is due is done");
    assert_eq!(hall.account("corey-lamont").await.len(), 4);
}
