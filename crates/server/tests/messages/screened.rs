//! What a person reads of an entry whose words speak of somebody else, and how whoever acts for somebody
//! finds the way to their account: pages, file and API. Told about Oighrig MacQuarrie and her son Torquil.

use serde_json::json;

use crate::browser::{Browser, link, words};
use crate::hall::Hall;

const OIGHRIG: &str = "oighrig-macquarrie";
const ALASDAIR: &str = "alasdair-mowat";
const TORQUIL: &str = "torquil-macquarrie-sandhu";
const WORDS: &str = "His neighbour Jean Pringle drinks, and rang the ward in a state.";
const MARKER: &str = "[not shown: it speaks of somebody else]";

#[tokio::test]
async fn page_file_and_api_show_one_marker_in_place_of_words_about_a_neighbour() {
    let hall = Hall::open().await;
    let alasdair = hall.patient(ALASDAIR);
    let because = hall.ruksana().with("reason", WORDS);
    let path = format!("Patient/{alasdair}/$everything");
    let read = because.gets(&path).await.is(200);
    let entry = read.receipt().commitment.to_string();
    let mut page = Browser::of(&hall, ALASDAIR).await;
    let his = hall.person(ALASDAIR);
    let mut told = Vec::new();
    let says = format!("Patient/{alasdair}/$say");
    let eleanor = hall.actor("eleanor-tweedie", &["HOPERAT"]);
    for is_screened in [false, true] {
        if is_screened {
            let fact = json!({"screened": {"entry": entry, "since": "2027-01-11"}});
            eleanor.posts(&says, fact.to_string()).await.is(201);
        }
        let pages = words(&page.gets("/me/access").await.is(200));
        let file = page.gets("/me/access.json").await.is(200).text();
        let api = his.gets("AuditEvent").await.is(200).text();
        for voice in [&pages, &file, &api] {
            assert_eq!(voice.contains(WORDS), !is_screened, "{voice}");
            assert_eq!(voice.contains(MARKER), is_screened, "{voice}");
            assert_eq!(voice.contains("Pringle"), !is_screened, "{voice}");
        }
        told.push((file, api));
    }
    let (file, api) = &told[1];
    let code = r#""withheld":[{"field":"reason","because":"third-party"}]"#;
    assert!(file.contains(code), "{file}");
    let code = r#"{"type":"withheld","valueString":"reason third-party"}"#;
    assert!(api.contains(code), "{api}");

    // No professional but the privacy officer of the agency says so, and no other agency's.
    let fact = json!({"screened": {"entry": entry, "since": "2027-01-11"}}).to_string();
    hall.ruksana().posts(&says, fact.clone()).await.is(403);
    let nobodys = fact.replace(&entry, &"0".repeat(64));
    eleanor.posts(&says, nobodys).await.is(404);
}

#[tokio::test]
async fn an_attorney_goes_from_the_list_of_those_he_acts_for_to_her_account_while_it_is_in_force() {
    let hall = Hall::open().await;
    let oighrig = hall.patient(OIGHRIG);
    let torquil = {
        let mut snapshot = hall.cx.store.snapshot().await.expect("a snapshot");
        let id = snapshot.person_of(&hall.patient(TORQUIL)).await;
        id.expect("an answer").expect("somebody").to_string()
    };
    let says = format!("Patient/{oighrig}/$say");
    let lost = json!({"capacity": {"matter": "welfare", "state": "incapable", "at": "2026-11-02"}});
    hall.ruksana().posts(&says, lost.to_string()).await.is(201);
    let mut his = Browser::of(&hall, TORQUIL).await;
    let nobody = words(&his.gets("/me/acting").await.is(200));
    let none = "Nothing that is recorded here says that you act for anybody now.";
    assert!(nobody.contains(none), "{nobody}");

    let power = |more: serde_json::Value| {
        let mut power = json!({"authority": {"holder": torquil, "kind": "welfare-attorney",
            "verified": true, "registered": true,
            "powers": ["accommodation", "care", "treatment", "information"]}});
        let known = power["authority"].as_object_mut().expect("an object");
        known.extend(more.as_object().expect("an object").clone());
        power.to_string()
    };
    let kept = hall.ruksana().posts(&says, power(json!({}))).await.is(201);
    let at = kept.header("location").to_owned();
    assert!(words(&his.gets("/me").await).contains("see whom you act for"));
    let list = his.gets("/me/acting").await.is(200);
    assert!(words(&list).contains("You act as: Welfare attorney"));
    let way = link(&list, "See who was told about Oighrig MacQuarrie");
    let account = words(&his.gets(&way).await.is(200));
    assert!(account.contains("Who was told about the person you act for"));

    let (_, fact) = at.rsplit_once('/').expect("an address");
    let ended = power(json!({"ended": "2027-01-10"}));
    let path = format!("{says}/{fact}");
    hall.ruksana().puts_at(&path, ended).await.is(204);
    assert_eq!(words(&his.gets("/me/acting").await.is(200)), nobody);
    his.gets(&way).await.is(404);
}
