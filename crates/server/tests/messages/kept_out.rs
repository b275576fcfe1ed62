//! What those who look after Iona Dalgleish are told of the nurse whom she barred: that the work is
//! somebody else's and that he is not her next of kin, and not why; what she reads of his attempts; and
//! that a bar said through the API keeps him from mail about her as one of the town's does.

use serde_json::json;

use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::nurse::{account, at_the_hospital, is_seen_in, kenneth, safe_account, what_is_due};

const NEXT_OF_KIN: &str =
    "Next of kin: not Kenneth Purdie, nurse, Clydevale Hospital. Do not ring or tell them";

/// The messages of this kind that stand on somebody's list.
async fn on_the_list(hall: &Hall, worker: &str, kind: &str) -> usize {
    let actor = hall.actor(worker, &["TREAT"]);
    let list = actor.gets("Communication/$inbox").await.is(200);
    list.text().matches(&format!("\"code\":\"{kind}\"")).count()
}

/// The doctor in the emergency department opens her record, with one short reason.
async fn is_brought_in(hall: &Hall) -> String {
    is_seen_in(hall, "emergency-department").await;
    let her = at_the_hospital(hall);
    let aniket = hall
        .actor("aniket-deshpande", &["ETREAT"])
        .with("reason", "Brought in unconscious");
    let path = format!("Patient/{her}/$everything?_count=200");
    aniket.gets(&path).await.is(200).text()
}

#[tokio::test]
async fn her_ward_is_told_to_give_her_care_to_somebody_else_and_not_why() {
    let hall = Hall::open().await;
    is_seen_in(&hall, "ward-6").await;
    is_brought_in(&hall).await;
    what_is_due(&hall).await;
    let mut ruksana = Browser::of(&hall, "ruksana-chaudhry").await;
    let inbox = ruksana.gets("/care/inbox").await.is(200);
    let path = link(&inbox, "Iona Dalgleish");
    let said = words(&ruksana.gets(&path).await.is(200));
    for part in [
        "Somebody else is to look after them",
        "Kenneth Purdie is not to look after this person, nor to be told that they are here.",
        "No reason is given here",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    for reason in ["barred", "partner", "abuse", "police", "afraid"] {
        assert!(!said.to_lowercase().contains(reason), "{reason} in {said}");
    }
    // He is of the same ward, and there is nothing on his list, by either door.
    let mut his = Browser::of(&hall, "kenneth-purdie").await;
    let list = words(&his.gets("/care/inbox").await.is(200));
    assert!(
        !list.contains("Iona") && !list.contains("look after them"),
        "{list}"
    );
    his.gets(&path).await.is(404);
    assert_eq!(on_the_list(&hall, "kenneth-purdie", "reassign").await, 0);
    let told = "sent Ward 6, medicine for the elderly, Clydevale Hospital a message about you";
    let lines = account(&hall).await;
    assert!(lines.iter().any(|line| line.contains(told)), "{lines:#?}");

    // One tap; another look, and what he tries himself, ask nobody again.
    ruksana
        .does(&format!("{path}/answer"), &[("reply", "done")])
        .await;
    is_brought_in(&hall).await;
    kenneth(&hall)
        .with("purpose-of-use", "TREAT")
        .everything(at_the_hospital(&hall))
        .await
        .is(404);
    what_is_due(&hall).await;
    assert_eq!(on_the_list(&hall, "ruksana-chaudhry", "reassign").await, 0);
    hall.verified().await;
}

#[tokio::test]
async fn where_he_is_not_of_the_ward_his_first_attempt_tells_it() {
    let hall = Hall::open().await;
    is_brought_in(&hall).await;
    what_is_due(&hall).await;
    let told = async || on_the_list(&hall, "aniket-deshpande", "reassign").await;
    assert_eq!(told().await, 0, "he is of another ward, and has not tried");
    kenneth(&hall)
        .with("purpose-of-use", "ETREAT")
        .with("reason", "Brought in unconscious")
        .everything(at_the_hospital(&hall))
        .await
        .is(404);
    what_is_due(&hall).await;
    assert_eq!(told().await, 1);
}

#[tokio::test]
async fn whoever_would_ring_her_next_of_kin_reads_that_it_is_not_he() {
    let hall = Hall::open().await;
    is_seen_in(&hall, "ward-6").await;
    let record = is_brought_in(&hall).await;
    assert!(record.contains(NEXT_OF_KIN), "{record}");
    let her = at_the_hospital(&hall);
    let mut ruksana = Browser::of(&hall, "ruksana-chaudhry").await;
    let page = words(&ruksana.gets(&format!("/care/people/{her}")).await.is(200));
    assert!(page.contains(NEXT_OF_KIN), "{page}");
    // Not to a ward clerk, to whom nobody close to her is shown, and not to her on her own page.
    let una = hall.actor("una-begbie", &["TREAT"]);
    let clerk = una.gets(&format!("Patient/{her}/$everything")).await;
    assert!(!clerk.text().contains("Kenneth"), "{}", clerk.text());
    let own = hall.person("iona-dalgleish");
    let own = own.gets(&format!("Patient/{her}/$everything")).await;
    assert!(!own.is(200).text().contains(NEXT_OF_KIN));
    // Nobody else has such a line.
    let netta = hall
        .fraser()
        .everything(hall.patient("netta-dunsmore"))
        .await;
    assert!(!netta.is(200).text().contains("Next of kin: not"));
}

#[tokio::test]
async fn on_a_safe_channel_she_reads_of_a_nurse_of_the_hospital_and_not_his_name() {
    let hall = Hall::open().await;
    let her = hall.patient("iona-dalgleish");
    let kenneth = kenneth(&hall).with("purpose-of-use", "TREAT");
    for _ in 0..2 {
        kenneth.everything(her).await.is(404);
    }
    // Whoever makes her show the ordinary list finds nothing of it.
    assert_eq!(account(&hall).await, Vec::<String>::new());
    let lines = safe_account(&hall).await;
    let tried: Vec<_> = lines.iter().filter(|it| it.contains("refused")).collect();
    assert_eq!(tried.len(), 2, "{lines:#?}");
    for line in &tried {
        assert!(line.starts_with("Staff member "), "{line}");
        assert!(
            line.contains(", nurse at Clydevale Hospital, asked"),
            "{line}"
        );
    }
    let mut hers = Browser::of(&hall, "iona-dalgleish").await;
    for page in ["/me/access", "/me/access.json"] {
        let page = hers.gets(page).await.is(200).text();
        assert!(!page.to_lowercase().contains("kenneth"), "{page}");
        assert!(!page.contains("Purdie"), "{page}");
    }
    crate::packs::proven(&hall, "iona-dalgleish").await;
}

#[tokio::test]
async fn a_bar_that_is_said_keeps_him_from_mail_about_her_and_from_the_night_as_well() {
    let hall = Hall::open().await;
    // Alasdair Mowat lies on the ward, and Kenneth may see him, until he says no.
    let him = hall.patient("alasdair-mowat");
    let kenneth = kenneth(&hall);
    kenneth
        .with("purpose-of-use", "TREAT")
        .everything(him)
        .await
        .is(200);
    let bar = json!({"bar": {"against": [{"worker": "kenneth-purdie"}], "since": "2027-01-11"}});
    let say = format!("Patient/{him}/$say");
    hall.ruksana().posts(&say, bar.to_string()).await.is(201);
    hall.wait(60);
    kenneth
        .with("purpose-of-use", "TREAT")
        .everything(him)
        .await
        .is(404);
    kenneth
        .with("purpose-of-use", "ETREAT")
        .with("reason", "He fell")
        .everything(him)
        .await
        .is(404);
    what_is_due(&hall).await;
    assert_eq!(on_the_list(&hall, "ruksana-chaudhry", "reassign").await, 1);
    assert_eq!(on_the_list(&hall, "kenneth-purdie", "reassign").await, 0);
    let mut his = Browser::of(&hall, "kenneth-purdie").await;
    let list = words(&his.gets("/care/inbox").await.is(200));
    assert!(!list.contains("Mowat"), "{list}");
}
