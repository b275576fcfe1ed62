//! What is shared, and that the person reads of it.

use domain::message::Identity;
use domain::message::call::Way;
use domain::{Category, Clock, Purpose};
use sharing::Answer;
use sharing::messages::call::{Attended, Note, note};

use crate::hall::{Hall, types};
use sharing::disclose::PageAsk;
use sharing::{Target, disclose};

#[tokio::test]
async fn a_charge_nurse_opens_her_own_patient_and_types_nothing() {
    let hall = Hall::open().await;
    let nurse = hall.worker("ruksana-chaudhry", Purpose::Treatment);

    let answer = hall.everything(&nurse, "alasdair-mowat").await;

    let Answer::Released(disclosure) = &answer else {
        panic!("{answer:?}")
    };
    assert_eq!(
        disclosure
            .decision
            .because
            .as_ref()
            .map(|because| because.code),
        Some("admission")
    );
    assert!(types(&answer).contains(&"Encounter".to_owned()));
    assert_eq!(
        hall.account("alasdair-mowat")
            .await
            .first()
            .map(String::as_str),
        Some(
            "Ruksana Chaudhry, nurse at Clydevale Hospital, read your name and birth date, address, visits and \
             admissions, health conditions, medicines, vaccinations, tests and results, notes and letters, care plans, \
             list of who is involved and everyday needs on 11 January 2027 at 9:30am, for care and treatment, because \
             you are a patient there."
        )
    );
}

#[tokio::test]
async fn a_call_stands_in_the_account_like_anything_read() {
    let hall = Hall::open().await;
    let social_worker = hall.worker("fraser-abercrombie", Purpose::Assessment);
    let content = Note {
        way: Way::Phone,
        attended: vec![Attended::Other {
            name: "Bernie Quigg, co-ordinator, Carewell".to_owned(),
            is: None,
        }],
        what: vec![Category::CarePlans, Category::Contact],
        why: "the morning visit moves to 09:15".to_owned(),
        identity: Identity::RungOnRecord,
        next: String::new(),
        matter: None,
    };

    let patient = hall.patient("netta-dunsmore");
    note(&hall.cx, &social_worker, patient, &content)
        .await
        .expect("it is noted");

    assert_eq!(
        hall.account("netta-dunsmore").await,
        [
            "Fraser Abercrombie, social worker at Northburn Council Social Work, told Bernie Quigg, co-ordinator, Carewell \
          your care plans and address by telephone on 11 January 2027 at 9:30am, for assessing care needs, because you \
          are looked after by the care team."
        ]
    );
}

#[tokio::test]
async fn the_pages_of_one_look_are_one_line_in_the_account() {
    let hall = Hall::open().await;
    let nurse = hall.worker("ruksana-chaudhry", Purpose::Treatment);
    let ask = |after| Target::Everything {
        patient: hall.patient("alasdair-mowat"),
        types: Vec::new(),
        within: store::Within::default(),
        page: PageAsk {
            limit: 3,
            after,
            with_total: true,
        },
    };

    let (mut after, mut operation, mut seen, mut pages) = (None, None, 0, 0);
    loop {
        let answer = disclose(&hall.cx, &nurse, &ask(after), operation)
            .await
            .expect("an answer");
        let Answer::Released(page) = answer else {
            panic!("{answer:?}")
        };
        seen += page.released.resources().len();
        pages += 1;
        operation = Some(page.operation);
        after = page.next.clone();
        if after.is_none() {
            assert_eq!(page.total, Some(seen as u64));
            break;
        }
    }

    assert!(pages > 2, "{pages}");
    let account = hall.account("alasdair-mowat").await;
    assert_eq!(account.len(), 1, "{account:#?}");
    assert!(account[0].contains("medicines"), "{account:#?}");
}

#[tokio::test]
async fn what_a_relationship_opened_closes_when_it_ends() {
    let hall = Hall::open().await;
    let nurse = hall.worker("ruksana-chaudhry", Purpose::Treatment);
    assert!(matches!(
        hall.everything(&nurse, "alasdair-mowat").await,
        Answer::Released(_)
    ));

    hall.discharge("alasdair-mowat").await;
    hall.clock.set(hall.clock.now().plus_seconds(3600));

    let answer = hall.everything(&nurse, "alasdair-mowat").await;
    assert!(matches!(answer, Answer::Refused(_)), "{answer:?}");
}
