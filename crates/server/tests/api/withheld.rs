//! What is not given: refused with its grounds, referred with who decides, or not there at all.

use serde_json::json;

use crate::hall::Hall;

const NOTHING: &str = "there is nothing here of that id that you may see";

#[tokio::test]
async fn a_refusal_says_why_and_what_would_change_it() {
    let hall = Hall::open().await;
    let netta = hall.patient("netta-dunsmore");
    for path in [
        format!("Patient/{netta}"),
        format!("Patient/{netta}/$everything"),
        format!("Condition?patient={netta}"),
    ] {
        let answer = hall.derek().gets(&path).await.is(403);
        let issues = answer.issues();
        let issues: Vec<(&str, &str)> = issues
            .iter()
            .map(|(code, words)| (&**code, &**words))
            .collect();
        assert_eq!(
            issues,
            [
                (
                    "forbidden",
                    "R02: nothing shows that you are involved in this person's care"
                ),
                (
                    "informational",
                    "what would change it: a tenancy is recorded"
                ),
                (
                    "informational",
                    "what would change it: the person is referred to the service"
                ),
            ]
        );
        assert_eq!(answer.header("candour-decision"), "DENY");
        answer
            .receipt()
            .verify(&hall.log_key)
            .expect("a refusal is accountable too");
    }
    let account = hall
        .person("netta-dunsmore")
        .gets("AuditEvent")
        .await
        .is(200);
    assert_eq!(account.matches().len(), 3);
    assert_eq!(
        account.at("/entry/0/resource/outcomeDesc"),
        "Derek Muirhead, housing officer at Northburn Council Housing, asked for your record on 11 January 2027 at 9:30am, \
         for adapting a home, and was refused: nothing shows any involvement in your care."
    );
    assert_eq!(account.at("/entry/0/resource/outcome"), "8");
}

#[tokio::test]
async fn a_referral_says_who_decides_and_by_when() {
    let hall = Hall::open().await;
    let netta = hall.patient("netta-dunsmore");
    let answer = hall
        .actor("eleanor-tweedie", &["COMPLAINT"])
        .everything(netta)
        .await
        .is(403);
    let issues = answer.issues();
    let issues: Vec<(&str, &str)> = issues
        .iter()
        .map(|(code, words)| (&**code, &**words))
        .collect();
    assert_eq!(
        issues,
        [
            (
                "forbidden",
                "R19: only the agency that it came from may release it"
            ),
            (
                "suppressed",
                "referred to Braehead Medical Practice, 01632 960 002, who answers by 2027-01-18T09:30:00.000Z; what is \
                 missing: the holder's decision that it may lawfully be shared for this purpose"
            ),
            (
                "informational",
                "what would change it: ask the agency that holds it for what you need"
            ),
        ]
    );
    assert_eq!(answer.header("candour-decision"), "REFER");
    answer.receipt().verify(&hall.log_key).expect("a receipt");
}

#[tokio::test]
async fn a_part_comes_with_a_notice_that_follows_from_the_rules_and_not_from_what_there_is() {
    let hall = Hall::open().await;
    let netta = hall.patient("netta-dunsmore");
    let notice = [(
        "suppressed".to_owned(),
        "not shown to you for this purpose: vaccinations, tests and results, notes and letters. To ask for it, ring the \
         agency that holds it"
            .to_owned(),
    )];
    let all = hall.fraser().everything(netta).await.is(200);
    assert_eq!(all.header("candour-decision"), "PERMIT_PART");
    assert_eq!(all.notices(), notice);
    assert_eq!(all.json()["total"], all.matches().len());
    // It is the same where nothing is held back, and where all is.
    let conditions = hall
        .fraser()
        .gets(&format!("Condition?patient={netta}"))
        .await
        .is(200);
    assert_eq!(
        (conditions.notices(), conditions.json()["total"].clone()),
        (notice.to_vec(), json!(4))
    );
    let notes = hall
        .fraser()
        .gets(&format!("DocumentReference?patient={netta}"))
        .await
        .is(200);
    assert_eq!(
        (notes.notices(), notes.json()["total"].clone()),
        (notice.to_vec(), json!(0))
    );
}

/// A row that is not open and one that does not exist are one answer, byte for byte.
#[tokio::test]
async fn a_row_that_is_not_open_is_one_that_is_not_there() {
    let hall = Hall::open().await;
    let fraser = hall.fraser();
    let random = hall.cx.ids.fresh(hall.cx.chance.as_ref());
    let note = hall.id_of("hospital", "DocumentReference", "DR-1007");
    for part in ["", "/_history/1", "/$original"] {
        let closed = fraser
            .gets(&format!("DocumentReference/{note}{part}"))
            .await;
        let none = fraser
            .gets(&format!("DocumentReference/{random}{part}"))
            .await;
        assert_eq!(closed.comparable(), none.comparable(), "{part}");
        assert!(!closed.headers.contains_key("candour-receipt"));
        closed.says(404, "not-found", NOTHING);
    }
    // Somebody else's record altogether, of a person whom he may know of.
    let struans = hall.patient("struan-petrie");
    let his = hall
        .actor("maggie-torrance", &["TREAT"])
        .gets(&format!("MedicationRequest?patient={struans}"))
        .await
        .is(200);
    let his = his.at("/entry/0/resource/id");
    let closed = fraser.reads("MedicationRequest", his).await;
    let none = fraser.reads("MedicationRequest", random).await;
    assert_eq!(closed.comparable(), none.comparable());
}

/// A locked note stays so in an emergency, and the nurse is not told that it is there.
#[tokio::test]
async fn a_locked_item_is_not_there_for_other_teams() {
    let hall = Hall::open().await;
    let struan = hall.patient("struan-petrie");
    let maggie = hall
        .actor("maggie-torrance", &["ETREAT"])
        .with("reason", "found unconscious in the street");
    let lock = hall
        .town
        .restrictions
        .iter()
        .find_map(|restriction| match restriction {
            sharing::town::Restriction::Lock {
                by,
                resource_type,
                local_id,
            } => Some((
                resource_type.clone(),
                hall.id_of(by.as_str(), resource_type, local_id),
            )),
            _ => None,
        });
    let (resource_type, locked) = lock.expect("something is locked");
    let all = maggie.everything(struan).await.is(200);
    assert!(!all.text().contains(&locked.to_string()));
    let closed = maggie.reads(&resource_type, locked).await;
    let none = maggie
        .reads(&resource_type, hall.cx.ids.fresh(hall.cx.chance.as_ref()))
        .await;
    assert_eq!(closed.comparable(), none.comparable());
}

#[tokio::test]
async fn somebody_who_may_not_be_known_of_is_nobody() {
    let hall = Hall::open().await;
    let random = hall.cx.ids.fresh(hall.cx.chance.as_ref());
    let iona = hall.patient("iona-dalgleish");
    let kenneth = hall.actor("kenneth-purdie", &["TREAT"]);
    let in_emergency = hall
        .actor("kenneth-purdie", &["ETREAT"])
        .with("reason", "she fainted");
    let apart = hall.patient("held-apart");
    for (actor, hidden) in [
        (&kenneth, iona),
        (&in_emergency, iona),
        (&hall.fraser(), apart),
        (&hall.ruksana(), apart),
    ] {
        for path in [
            "Patient/{}",
            "Patient/{}/_history/1",
            "Patient/{}/$original",
            "Patient/{}/$everything",
            "Patient?_id={}",
            "Condition?patient={}",
        ] {
            let known = actor.gets(&path.replace("{}", &hidden.to_string())).await;
            let none = actor.gets(&path.replace("{}", &random.to_string())).await;
            assert_eq!(known.comparable(), none.comparable(), "{path}");
            known.says(404, "not-found", NOTHING);
        }
    }
    // Her own doctor knows her, and she reads of him and of nobody who met nobody.
    hall.actor("hamish-colquhoun", &["TREAT"])
        .reads("Patient", iona)
        .await
        .is(200);
}

#[tokio::test]
async fn an_emergency_needs_words_and_then_opens() {
    let hall = Hall::open().await;
    let struan = hall.patient("struan-petrie");
    let maggie = hall.actor("maggie-torrance", &["ETREAT"]);
    let answer = maggie.everything(struan).await.is(403);
    assert_eq!(
        answer.issues()[0],
        (
            "forbidden".to_owned(),
            "R01: your identity or authority is not proven well enough".to_owned()
        )
    );
    let answer = maggie
        .with("reason", "   ")
        .everything(struan)
        .await
        .is(403);
    assert_eq!(answer.header("candour-decision"), "DENY");
    maggie
        .with("reason", "gefunden, bewußtlos")
        .everything(struan)
        .await
        .is(200);
}
