//! What speaks of somebody else is not told, and the rest of the entry stands. Told about Oighrig
//! MacQuarrie, her son Torquil, the nurse Ruksana Chaudhry and the privacy officer Eleanor Tweedie; and
//! about Barry Greig, of whom social work asks for a child's sake.

use domain::{Clock, Fact, Purpose, ResourceId};
use ledger::pack::{Content, PackField, Reason};
use ledger::{Hash, Pack, Verdict};
use serde_json::json;
use sharing::account::{AccountAsk, Line};
use sharing::event::sentence;
use sharing::say::{say, say_otherwise};
use sharing::screened::opened::{self, Asker, Wanted};
use sharing::{Asking, Error, Target, disclose};

use crate::hall::{Hall, whole};
use crate::protection::tariq;
use crate::proven::{check, pack_of};
use crate::represented::{OIGHRIG, TORQUIL, pack_for, read_by, said, torquil_acts};

const WORDS: &str = "Her neighbour Jean Pringle drinks, and rang the ward in a state.";
const MARKER: &str = "[not shown: it speaks of somebody else]";
const EMMA: Asker<'static> = Asker {
    by: "Emma Rae, reviewer",
    why: "complaint 12",
};

/// The nurse looks at Oighrig's allergies, and says why in her own words.
async fn looks_because(hall: &Hall, words: &str) {
    let mut ward = hall.worker("ruksana-chaudhry", Purpose::Treatment);
    ward.reason = Some(words.to_owned());
    let target = Target::Everything {
        patient: hall.patient(OIGHRIG),
        types: vec!["AllergyIntolerance".to_owned()],
        within: store::Within::default(),
        page: whole(),
    };
    let answer = disclose(&hall.cx, &ward, &target, None).await;
    answer.expect("an answer");
    hall.clock.set(hall.clock.now().plus_seconds(3600));
}

async fn lines(hall: &Hall, who: &str) -> Vec<Line> {
    let asking = hall.person(who).await;
    let account = sharing::account(&hall.cx, &asking, &AccountAsk::first(100)).await;
    account.expect("an answer").expect("their own").lines
}

fn screened(entry: &str) -> Fact {
    let fact = json!({"screened": {"entry": entry, "since": "2027-01-11"}});
    serde_json::from_value(fact).expect("a fact")
}

async fn says(hall: &Hall, by: &Asking, entry: &str) -> Result<ResourceId, Error> {
    say(&hall.cx, by, hall.patient(OIGHRIG), &screened(entry)).await
}

fn officer(hall: &Hall) -> Asking {
    hall.worker("eleanor-tweedie", Purpose::Treatment)
}

/// The fields of an entry that are withheld in a pack because they speak of somebody else.
fn withheld(pack: &Pack, link: usize) -> usize {
    let Content::Open { fields, .. } = &pack.links[link].content else {
        panic!("it is there")
    };
    let third_party = |field: &&PackField| match field {
        PackField::Withheld { reason, .. } => *reason == Reason::ThirdParty,
        PackField::Shown { .. } => false,
    };
    fields.iter().filter(third_party).count()
}

async fn hospital(hall: &Hall) -> Vec<String> {
    let lines = opened::agency(&hall.cx, &"hospital".into()).await;
    let lines = lines.expect("the hospital's own chain");
    lines.iter().map(opened::sentence).collect()
}

#[tokio::test]
async fn words_that_speak_of_a_neighbour_are_withheld_with_a_code_and_the_rest_verifies() {
    let hall = Hall::open().await;
    torquil_acts(&hall, &["information", "care", "treatment"]).await;
    looks_because(&hall, WORDS).await;
    looks_because(&hall, "She fell again.").await;
    let before = lines(&hall, OIGHRIG).await;
    assert_eq!(before[1].event.reason, WORDS);
    let entry = before[1].commitment.clone();
    says(&hall, &officer(&hall), &entry).await.expect("kept");

    let after = lines(&hall, OIGHRIG).await;
    assert_eq!(after.len(), before.len());
    assert_eq!(after[1].event.reason, MARKER);
    assert_eq!(after[1].event.withheld, ["reason"]);
    assert_eq!(sentence(&after[1].event), sentence(&before[1].event));
    assert_eq!(after[0].event.reason, "She fell again.");
    assert!(after[0].event.withheld.is_empty());

    let pack = pack_of(&hall, OIGHRIG).await;
    assert_eq!([withheld(&pack, 2), withheld(&pack, 3)], [1, 0]);
    assert_eq!(pack.links[2].content.shown("reason"), None);
    assert_eq!(pack.links[2].commitment.to_string(), entry);
    assert_ne!(check(&pack, None).verdict(), Verdict::False);
    // Whoever acts for her reads nobody's words in any case.
    let his = read_by(&hall, TORQUIL, hall.patient(OIGHRIG)).await;
    let his = his.expect("he acts for her");
    assert!(his.lines.iter().all(|line| line.event.reason.is_empty()));
    let pack = pack_for(&hall, TORQUIL, hall.patient(OIGHRIG)).await;
    let pack = pack.expect("he acts for her");
    assert!(said(&pack, "reason").iter().all(String::is_empty));
}

#[tokio::test]
async fn what_is_withheld_is_opened_to_a_reviewer_and_told_again_when_the_officer_says_so() {
    let hall = Hall::open().await;
    looks_because(&hall, WORDS).await;
    let entry = lines(&hall, OIGHRIG).await[0].commitment.clone();
    let id = says(&hall, &officer(&hall), &entry).await.expect("kept");

    let oighrig = hall.person_id(OIGHRIG).await;
    let commitment = Hash::from_hex(&entry).expect("a commitment");
    let read = opened::open(&hall.cx, oighrig, &commitment, Wanted::Words, EMMA).await;
    assert_eq!(read.expect("an answer").expect("hers").reason, WORDS);
    // In nobody else's account is there such an entry, and nothing is noted of having asked.
    let netta = hall.person_id("netta-dunsmore").await;
    let nothing = opened::open(&hall.cx, netta, &commitment, Wanted::Words, EMMA).await;
    assert_eq!(nothing.expect("an answer"), None);

    let (cx, patient) = (&hall.cx, hall.patient(OIGHRIG));
    let lifted = say_otherwise(cx, &officer(&hall), patient, id, None).await;
    lifted.expect("it is taken back");
    assert_eq!(lines(&hall, OIGHRIG).await[0].event.reason, WORDS);
    assert_eq!(withheld(&pack_of(&hall, OIGHRIG).await, 0), 0);

    let when = "On 11 January 2027 at 10:30am";
    assert_eq!(
        hospital(&hall).await,
        [
            format!(
                "{when}, Eleanor Tweedie withheld the words in entry {entry}: they speak of somebody else."
            ),
            format!(
                "{when}, Emma Rae, reviewer read what is not told in entry {entry}. Why: complaint 12"
            ),
            format!("{when}, Eleanor Tweedie let the words in entry {entry} be told again."),
        ]
    );
}

#[tokio::test]
async fn only_the_privacy_officer_of_the_agency_that_wrote_it_withholds_words() {
    let hall = Hall::open().await;
    looks_because(&hall, WORDS).await;
    let entry = lines(&hall, OIGHRIG).await[0].commitment.clone();
    let nurse = hall.worker("ruksana-chaudhry", Purpose::Treatment);
    let hers = says(&hall, &nurse, &entry).await;
    assert!(matches!(hers, Err(Error::Invalid(_))), "{hers:?}");
    let council = Asking {
        caller: domain::Caller {
            capacity: domain::Capacity::Worker {
                worker: "fraser-abercrombie".into(),
                role: domain::Role::PrivacyOfficer,
                organisation: "northburn-social-work".into(),
                organisation_kind: domain::OrganisationKind::SocialWork,
                team: None,
            },
            ..officer(&hall).caller
        },
        ..officer(&hall)
    };
    let theirs = says(&hall, &council, &entry).await;
    assert!(matches!(theirs, Err(Error::NotFound)), "{theirs:?}");
    let none = says(&hall, &officer(&hall), &"0".repeat(64)).await;
    assert!(matches!(none, Err(Error::NotFound)), "{none:?}");
    let bad = says(&hall, &officer(&hall), "soon").await;
    assert!(matches!(bad, Err(Error::Invalid(_))), "{bad:?}");
    assert_eq!(lines(&hall, OIGHRIG).await[0].event.reason, WORDS);
}

#[tokio::test]
async fn what_is_asked_of_an_adult_for_a_childs_sake_shows_a_neutral_purpose() {
    let hall = Hall::open().await;
    let mut tariq = tariq(&hall);
    tariq.reason = Some("Corey Lamont's bruises".to_owned());
    hall.everything(&tariq, "barry-greig").await;
    hall.everything(&tariq, "corey-lamont").await;

    let his = lines(&hall, "barry-greig").await.swap_remove(0);
    let told = sentence(&his.event);
    assert!(
        told.contains(", for a task that the law gives them"),
        "{told}"
    );
    for other in ["child", "protect", "Corey"] {
        assert!(!told.contains(other), "{told}");
    }
    assert_eq!(his.event.reason, MARKER);
    assert_eq!((&*his.event.purpose, &*his.event.basis), ("", ""));
    assert_eq!(his.event.withheld, ["reason", "purpose"]);
    let pack = pack_of(&hall, "barry-greig").await;
    assert_eq!(withheld(&pack, 0), 6);
    assert_eq!(said(&pack, "matter"), ["anothers"]);
    assert_ne!(check(&pack, None).verdict(), Verdict::False);
    // The child's own account says what it was.
    let own = lines(&hall, "corey-lamont").await.swap_remove(0);
    assert!(sentence(&own.event).contains("for a child protection concern"));
    // Who answers for it reads the purpose.
    let barry = hall.person_id("barry-greig").await;
    let entry = Hash::from_hex(&his.commitment).expect("a commitment");
    let read = opened::open(&hall.cx, barry, &entry, Wanted::Words, EMMA).await;
    let read = read.expect("an answer").expect("his");
    assert_eq!(read.purpose, "CP-CONCERN");
    assert_eq!(read.reason, "Corey Lamont's bruises");
}
