//! Whoever acts for somebody has a list of their own: what they may read, and not a word, number or
//! gap about the rest. Told about Oighrig MacQuarrie, on ward 6 with dementia, and her son Torquil.

use domain::{Clock, Fact, Purpose, ResourceId};
use ledger::pack::{Outcome, Step};
use ledger::{Pack, Verdict};
use serde_json::json;
use sharing::account::{Account, AccountAsk};
use sharing::erase::{Erasure, ErasureRule, erase};
use sharing::say::{say, say_otherwise};
use sharing::{PackAsk, Target, disclose, epoch};

use crate::hall::{Hall, whole};
use crate::held::shape;
use crate::proven::{check, key, pack_of};

pub const OIGHRIG: &str = "oighrig-macquarrie";
pub const TORQUIL: &str = "torquil-macquarrie-sandhu";

/// The ward says something of Oighrig.
pub async fn ward_says(hall: &Hall, fact: serde_json::Value) -> ResourceId {
    let ward = hall.worker("ruksana-chaudhry", Purpose::Treatment);
    let fact: Fact = serde_json::from_value(fact).expect("a fact");
    let said = say(&hall.cx, &ward, hall.patient(OIGHRIG), &fact).await;
    said.expect("it is kept")
}

fn power(torquil: &str, powers: &[&str]) -> serde_json::Value {
    json!({"authority": {"holder": torquil, "kind": "welfare-attorney", "powers": powers,
        "registered": true}})
}

/// Oighrig cannot decide, and her son has a registered power over these matters.
pub async fn torquil_acts(hall: &Hall, powers: &[&str]) -> ResourceId {
    ward_says(
        hall,
        json!({"capacity": {"matter": "all", "state": "incapable", "at": "2026-11-02"}}),
    )
    .await;
    let torquil = hall.person_id(TORQUIL).await.to_string();
    ward_says(hall, power(&torquil, powers)).await
}

/// Somebody on the ward asks for Oighrig's resources of one type.
pub async fn looks_at(hall: &Hall, resource_type: &str) {
    let ward = hall.worker("ruksana-chaudhry", Purpose::Treatment);
    let target = Target::Everything {
        patient: hall.patient(OIGHRIG),
        types: vec![resource_type.to_owned()],
        within: store::Within::default(),
        page: whole(),
    };
    let answer = disclose(&hall.cx, &ward, &target, None).await;
    crate::hall::types(&answer.expect("an answer"));
    hall.clock.set(hall.clock.now().plus_seconds(3600));
}

/// What somebody reads of the account of another.
pub async fn read_by(hall: &Hall, who: &str, of: ResourceId) -> Option<Account> {
    let asking = hall.person(who).await;
    let page = AccountAsk {
        limit: 100,
        after: None,
        of: Some(of),
        earlier: false,
    };
    let account = sharing::account(&hall.cx, &asking, &page).await;
    account.expect("an answer")
}

/// The pack that somebody gets of the account of another.
pub async fn pack_for(hall: &Hall, who: &str, of: ResourceId) -> Option<Pack> {
    let asking = hall.person(who).await;
    let ask = PackAsk {
        of: Some(of),
        ..PackAsk::default()
    };
    let bytes = sharing::pack(&hall.cx, &asking, &key(), &ask).await;
    let bytes = bytes.expect("an answer")?;
    Some(Pack::decode(&bytes).expect("one form"))
}

fn sentences(account: &Account) -> Vec<String> {
    let lines = account.lines.iter();
    lines
        .map(|line| sharing::event::sentence(&line.event))
        .collect()
}

pub fn said(pack: &Pack, field: &str) -> Vec<String> {
    let links = pack.links.iter();
    links
        .map(|link| {
            let value = link.content.shown(field).expect("it is shown");
            String::from_utf8_lossy(value).into_owned()
        })
        .collect()
}

/// Where the first look at the whole record stands in a pack.
fn look(pack: &Pack) -> usize {
    let operations = said(pack, "operation");
    let found = operations.iter().position(|it| it == "everything");
    found.expect("somebody looked")
}

#[tokio::test]
async fn an_attorneys_list_begins_when_he_acts_and_is_proven_like_any_other() {
    let hall = Hall::open().await;
    looks_at(&hall, "AllergyIntolerance").await;
    torquil_acts(&hall, &["information", "care", "treatment"]).await;
    looks_at(&hall, "AllergyIntolerance").await;
    epoch::make(&hall.cx).await.expect("an epoch");

    let pack = pack_for(&hall, TORQUIL, hall.patient(OIGHRIG)).await;
    let pack = pack.expect("he acts for her");
    assert_eq!(said(&pack, "operation"), ["everything", "account"]);
    assert_eq!(said(&pack, "what"), ["allergies", "account"]);
    assert_eq!(
        said(&pack, "name"),
        ["Ruksana Chaudhry", "Torquil MacQuarrie-Sandhu"]
    );
    let report = check(&pack, None);
    assert_eq!(report.verdict(), Verdict::ProvenInPart, "{report:?}");
    assert_eq!(
        report.outcome(Step::Completeness),
        Some(&Outcome::Holds(
            "complete at epoch 0, with 1 entry; 1 entry younger".to_owned()
        ))
    );
    let own = pack_of(&hall, OIGHRIG).await;
    // Hers has besides what was recorded of her, and the look from before he acted.
    assert_eq!(
        said(&own, "operation"),
        ["everything", "fact", "fact", "everything", "account"]
    );
    assert_ne!(own.view, pack.view);
}

#[tokio::test]
async fn the_person_reads_that_somebody_who_acts_for_her_looked() {
    let hall = Hall::open().await;
    torquil_acts(&hall, &["information"]).await;
    let account = read_by(&hall, TORQUIL, hall.patient(OIGHRIG)).await;
    let account = account.expect("he acts for her");
    let line = "Torquil MacQuarrie-Sandhu looked at your account of who was told what on 11 January \
                2027 at 9:30am, for the person's own request, because they act for you.";
    assert_eq!(sentences(&account), [line]);
    let recorded = "On 11 January 2027 at 9:30am, Ruksana Chaudhry of Clydevale Hospital recorded";
    assert_eq!(
        hall.account(OIGHRIG).await,
        [
            line.to_owned(),
            format!("{recorded} who acts for you, and on what."),
            format!("{recorded} what you can decide for yourself."),
        ]
    );
}

#[tokio::test]
async fn what_his_powers_do_not_cover_does_not_stand_in_his_list() {
    let hall = Hall::open().await;
    torquil_acts(&hall, &["accommodation"]).await;
    looks_at(&hall, "AllergyIntolerance").await;
    looks_at(&hall, "Patient").await;
    let pack = pack_for(&hall, TORQUIL, hall.patient(OIGHRIG)).await;
    let pack = pack.expect("he acts for her");
    assert_eq!(said(&pack, "operation"), ["everything", "account"]);
    let what = &said(&pack, "what")[0];
    assert!(what.contains("demographics"), "{what}");
    assert!(!what.contains("allergies"), "{what}");
    assert_eq!(hall.account(OIGHRIG).await.len(), 5);
}

#[tokio::test]
async fn of_a_look_at_everything_he_reads_the_part_that_is_open_to_him() {
    let hall = Hall::open().await;
    torquil_acts(&hall, &["accommodation"]).await;
    let ward = hall.worker("ruksana-chaudhry", Purpose::Treatment);
    hall.everything(&ward, OIGHRIG).await;
    let own = pack_of(&hall, OIGHRIG).await;
    let his = pack_for(&hall, TORQUIL, hall.patient(OIGHRIG)).await;
    let his = his.expect("he acts for her");
    let of_look = |pack: &Pack, field| said(pack, field).swap_remove(look(pack));
    let number = |pack: &Pack| of_look(pack, "count").parse::<u32>().expect("a number");
    assert!(of_look(&own, "what").contains("allergies"));
    assert!(!of_look(&his, "what").contains("allergies"));
    assert!(number(&his) < number(&own));
    assert_ne!(of_look(&his, "content"), of_look(&own, "content"));
    for silent in ["reason", "grounds", "obligations", "rules"] {
        assert_eq!(of_look(&his, silent), "", "{silent}");
    }
}

#[tokio::test]
async fn whoever_is_barred_or_a_stranger_gets_what_nobodys_id_gets() {
    let hall = Hall::open().await;
    torquil_acts(&hall, &["information"]).await;
    let oighrig = hall.patient(OIGHRIG);
    assert!(read_by(&hall, "archie-dunsmore", oighrig).await.is_none());
    assert!(pack_for(&hall, "archie-dunsmore", oighrig).await.is_none());
    let nobody = ResourceId([7; 16]);
    assert!(read_by(&hall, TORQUIL, nobody).await.is_none());
    assert!(pack_for(&hall, TORQUIL, nobody).await.is_none());

    assert!(read_by(&hall, TORQUIL, oighrig).await.is_some());
    let torquil = hall.person_id(TORQUIL).await.to_string();
    let bar = json!({"bar": {"against": [{"party": torquil}], "since": "2027-01-11",
        "ground": "serious-harm-social-work"}});
    ward_says(&hall, bar).await;
    assert!(read_by(&hall, TORQUIL, oighrig).await.is_none());
    assert!(pack_for(&hall, TORQUIL, oighrig).await.is_none());
    // She reads that they tried, and he is told of nothing that happens from then on.
    let account = hall.account(OIGHRIG).await;
    assert_eq!(account.len(), 7, "{account:#?}");
}

#[tokio::test]
async fn nothing_is_written_for_him_while_his_power_is_suspended_and_then_it_goes_on() {
    let hall = Hall::open().await;
    let power_id = torquil_acts(&hall, &["information"]).await;
    looks_at(&hall, "AllergyIntolerance").await;
    let torquil = hall.person_id(TORQUIL).await.to_string();
    let says = async |suspended: serde_json::Value| {
        let mut fact = power(&torquil, &["information"]);
        fact["authority"]["suspended"] = suspended;
        let fact: Fact = serde_json::from_value(fact).expect("a fact");
        let ward = hall.worker("ruksana-chaudhry", Purpose::Treatment);
        let patient = hall.patient(OIGHRIG);
        let said = say_otherwise(&hall.cx, &ward, patient, power_id, Some(&fact)).await;
        said.expect("it is kept");
    };
    says(json!([{"from": "2027-01-11"}])).await;
    looks_at(&hall, "AllergyIntolerance").await;
    assert!(
        pack_for(&hall, TORQUIL, hall.patient(OIGHRIG))
            .await
            .is_none()
    );
    says(json!([])).await;
    looks_at(&hall, "AllergyIntolerance").await;
    let pack = pack_for(&hall, TORQUIL, hall.patient(OIGHRIG)).await;
    let pack = pack.expect("he acts for her again");
    assert_eq!(
        said(&pack, "operation"),
        ["everything", "everything", "account"]
    );
    assert_ne!(check(&pack, None).verdict(), Verdict::False);
}

#[tokio::test]
async fn of_two_worlds_with_and_without_an_entry_barred_from_him_his_packs_are_of_one_shape() {
    let mut shapes = Vec::new();
    for is_there in [true, false] {
        let hall = Hall::open().await;
        torquil_acts(&hall, &["information", "care", "treatment"]).await;
        let torquil = hall.person_id(TORQUIL).await.to_string();
        let bar = json!({"bar": {"against": [{"party": torquil}], "since": "2027-01-11",
            "about": {"categories": ["allergies"]}, "ground": "serious-harm-health"}});
        ward_says(&hall, bar).await;
        looks_at(&hall, "Patient").await;
        if is_there {
            looks_at(&hall, "AllergyIntolerance").await;
        } else {
            hall.clock.set(hall.clock.now().plus_seconds(3600));
        }
        let ward = hall.worker("ruksana-chaudhry", Purpose::Treatment);
        hall.everything(&ward, OIGHRIG).await;
        epoch::make(&hall.cx).await.expect("an epoch");
        let pack = pack_for(&hall, TORQUIL, hall.patient(OIGHRIG)).await;
        let pack = pack.expect("he acts for her");
        assert_eq!(
            said(&pack, "operation"),
            ["everything", "everything", "account"]
        );
        assert!(
            said(&pack, "what")
                .iter()
                .all(|what| !what.contains("allergies"))
        );
        shapes.push((shape(&pack), said(&pack, "count"), said(&pack, "at")));
    }
    assert_eq!(shapes[0], shapes[1]);
}

#[tokio::test]
async fn what_is_erased_from_her_list_is_erased_from_his_and_both_say_so() {
    let hall = Hall::open().await;
    torquil_acts(&hall, &["information", "treatment"]).await;
    looks_at(&hall, "AllergyIntolerance").await;
    let own = pack_of(&hall, OIGHRIG).await;
    let entry = own.links[look(&own)].commitment;
    let oighrig = hall.person_id(OIGHRIG).await;
    let erased = erase(
        &hall.cx,
        oighrig,
        &entry,
        ErasureRule::Unlawful,
        "Moira Keir",
    )
    .await;
    assert_eq!(erased.expect("an answer"), Erasure::Done);
    let his = pack_for(&hall, TORQUIL, hall.patient(OIGHRIG)).await;
    for pack in [pack_of(&hall, OIGHRIG).await, his.expect("he acts for her")] {
        let report = check(&pack, None);
        assert_ne!(report.verdict(), Verdict::False, "{report:?}");
        assert_eq!(
            report.outcome(Step::Erasures),
            Some(&Outcome::Holds(
                "1 entry erased, and a later entry says so".to_owned()
            ))
        );
    }
}
