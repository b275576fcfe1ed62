//! The relative's answer: who knows what and why not me, answered at once; what they tell is heard,
//! whoever they are; and a named person replies, by a day.

use domain::PersonId;
use serde_json::{Value, json};

use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::saying::parameters;

fn set(hall: &Hall, at: &str) {
    let at = domain::Timestamp::parse(at).expect("an instant");
    hall.clock.stand_at(at);
}

async fn person(hall: &Hall, key: &str) -> PersonId {
    let mut snapshot = hall.cx.store.snapshot().await.expect("a snapshot");
    let person = snapshot.person_of(&hall.patient(key)).await;
    person.expect("an answer").expect("somebody")
}

/// Says something of Oighrig, as her ward.
async fn says(hall: &Hall, fact: Value) {
    let path = format!("Patient/{}/$say", hall.patient("oighrig-macquarrie"));
    hall.ruksana().posts(&path, fact.to_string()).await.is(201);
}

const OIGHRIG: [(&str, &str); 6] = [
    ("name", "Oighrig MacQuarrie"),
    ("born_day", "2"),
    ("born_month", "5"),
    ("born_year", "1940"),
    ("chi", ""),
    ("says_to_be", "her son"),
];

/// Asks on the page about somebody; gives the answer and its address.
async fn asks(browser: &mut Browser<'_>, about: &[(&str, &str)]) -> (String, String, String) {
    browser.gets("/me/family").await.is(200);
    let to = browser.posts("/me/family", about).await.is(303);
    let address = to.header("location").to_owned();
    let page = browser.gets(&address).await.is(200);
    let sealed = address.rsplit('/').next().unwrap_or_default().to_owned();
    (words(&page), sealed, page.text())
}

/// What a page says but for its codes and sealed addresses, which are drawn at random.
fn comparable(page: &str) -> String {
    let mut kept = String::new();
    for part in page.split('"') {
        let sealed = part.len() > 60 && !part.contains([' ', '<']);
        let address = part.starts_with("/me/family/asked/");
        kept.push_str(if sealed || address { "..." } else { part });
    }
    kept
}

#[tokio::test]
async fn a_son_with_no_power_is_told_at_once_what_he_may_know_who_decides_and_who_answers() {
    let hall = Hall::open().await;
    let torquil = person(&hall, "torquil-macquarrie-sandhu").await.to_string();
    says(
        &hall,
        json!({"tie": {"party": torquil, "kind": "nearest-relative"}}),
    )
    .await;
    let lost = json!({"capacity": {"matter": "welfare", "state": "incapable", "at": "2026-11-02"}});
    says(&hall, lost).await;

    let mut his = Browser::of(&hall, "torquil-macquarrie-sandhu").await;
    let (said, sealed, _) = asks(&mut his, &OIGHRIG).await;
    for expected in [
        "How they are in general",
        "Ward 6",
        "Who decides about the rest",
        "by 18 January 2027",
        "What you are not told, and why",
        "Scottish Public Services Ombudsman",
        "answers you.",
    ] {
        assert!(said.contains(expected), "{expected} in {said}");
    }
    // Nothing of the record itself.
    for private in ["Donepezil", "dementia", "Alzheimer", "penicillin"] {
        assert!(!said.contains(private), "{private} in {said}");
    }

    let fields = [
        ("question", &*sealed),
        (
            "text",
            "She calls the nurses by my aunt's name when she is in pain.",
        ),
        ("to", "ward-6"),
    ];
    let receipt = words(&his.does("/me/family/words", &fields).await);
    assert!(
        receipt.contains("has it: not yet read. They answer by 18 January 2027 at 9:30am"),
        "{receipt}"
    );

    let mut ruksana = Browser::of(&hall, "ruksana-chaudhry").await;
    let inbox = ruksana.gets("/care/inbox").await.is(200);
    let address = link(&inbox, "Oighrig MacQuarrie");
    let word = words(&ruksana.gets(&address).await.is(200));
    for expected in [
        "Torquil MacQuarrie-Sandhu, who says to be her son",
        "born on 1940-05-02. Nobody has checked it.",
        "my aunt's name",
    ] {
        assert!(
            word.replace("&#39;", "'").contains(expected),
            "{expected} in {word}"
        );
    }
    let own = [(
        "text",
        "Thank you. We watch for it, and ask you on Thursday.",
    )];
    let done = ruksana.does(&format!("{address}/family"), &own).await;
    assert!(
        words(&done).contains("Nothing is waiting for your team."),
        "{}",
        words(&done)
    );

    let list = his.gets("/me/family").await.is(200);
    let answered = words(
        &his.gets(&link(&list, "About Oighrig MacQuarrie"))
            .await
            .is(200),
    );
    assert!(answered.contains("has it: answered."), "{answered}");
    let by = "Ruksana Chaudhry, Ward 6";
    assert!(answered.contains(by), "{answered}");
    assert!(
        answered.contains("We watch for it, and ask you on Thursday."),
        "{answered}"
    );
    let account = words(&his.gets("/me/access").await.is(200));
    assert!(
        account.contains("You asked on 11 January 2027 at 9:30am what you may know"),
        "{account}"
    );
    let hers = hall
        .person_of(&hall.patient("oighrig-macquarrie").to_string())
        .await;
    let lines = hers.gets("AuditEvent").await.is(200).text();
    for line in [
        "Torquil MacQuarrie-Sandhu, who says to be her son, asked on 11 January 2027 at 9:30am who knows what about you",
        "told Ward 6, medicine for the elderly, Clydevale Hospital something on 11 January 2027 at 9:30am that concerns you",
        "sent Torquil MacQuarrie-Sandhu, who says to be her son, a message about you",
    ] {
        assert!(lines.contains(line), "{line} in {lines}");
    }
}

#[tokio::test]
async fn an_attorney_reads_who_was_told_what_but_not_what_his_powers_leave_out() {
    let hall = Hall::open().await;
    let oighrig = hall.patient("oighrig-macquarrie");
    let torquil = person(&hall, "torquil-macquarrie-sandhu").await.to_string();
    let lost = json!({"capacity": {"matter": "welfare", "state": "incapable", "at": "2026-11-02"}});
    says(&hall, lost).await;
    let power = json!({"authority": {"holder": torquil, "kind": "welfare-attorney", "verified": true,
        "powers": ["accommodation", "care", "treatment", "information"], "registered": true}});
    says(&hall, power).await;
    let read = format!("Patient/{oighrig}/$everything");
    hall.ruksana().gets(&read).await.is(200);

    let asked = parameters(&[
        ("name", "oighrig macquarrie"),
        ("born", "1940-05-02"),
        ("says-to-be", "her son and attorney"),
    ]);
    let his = hall.actor("torquil-macquarrie-sandhu", &["PATRQT"]);
    let answer = his.posts("Patient/$who-knows", asked).await.is(200).text();
    assert!(
        answer.contains("Ruksana Chaudhry, nurse at Clydevale Hospital, read your"),
        "{answer}"
    );
    assert!(answer.contains("\"valueCode\":\"PERMIT"), "{answer}");
}

#[tokio::test]
async fn a_stranger_learns_the_same_of_somebody_hidden_as_of_nobody_and_both_are_heard() {
    let hall = Hall::open().await;
    let hidden = [
        ("name", "Iona Dalgleish"),
        ("born_day", "13"),
        ("born_month", "9"),
        ("born_year", "1995"),
        ("chi", ""),
        ("says_to_be", "her partner"),
    ];
    let mut nobody = hidden;
    nobody[0] = ("name", "Iona Dalglysh");
    let mut pages = Vec::new();
    let mut his = Browser::of(&hall, "archie-dunsmore").await;
    for about in [hidden, nobody] {
        let (said, sealed, page) = asks(&mut his, &about).await;
        assert!(
            said.contains("We cannot say anything about any patient."),
            "{said}"
        );
        let fields = [
            ("question", &*sealed),
            ("text", "Tell her that I know where she is."),
            ("to", "ward-6"),
            ("unnamed", "yes"),
        ];
        let receipt = his.does("/me/family/words", &fields).await;
        let both = format!("{}{}", comparable(&page), words(&receipt));
        pages.push(both.replace("Dalglysh", "Dalgleish"));
    }
    assert_eq!(pages[0], pages[1]);

    // By operation too, to the byte but for ids and codes.
    let his = hall.actor("archie-dunsmore", &["PATRQT"]);
    let mut told = Vec::new();
    for name in ["Iona Dalgleish", "Iona Dalglysh"] {
        let given = parameters(&[
            ("name", name),
            ("born", "1995-09-13"),
            ("says-to-be", "a friend"),
            ("text", "She left her coat."),
            ("to", "ward-6"),
        ]);
        let asked = his.posts("Patient/$who-knows", given.clone()).await.is(200);
        let sent = his.posts("Communication/$tell", given).await.is(201).text();
        let shape: Value = serde_json::from_str(&sent).expect("JSON");
        let id = shape["entry"][0]["resource"]["id"]
            .as_str()
            .expect("an id")
            .to_owned();
        let sent = sent.replace(&id, "ID").replace("Dalglysh", "Dalgleish");
        told.push((asked.text(), sent));
    }
    assert_eq!(told[0], told[1]);

    // The ward reads both. Her bar holds for what is said of her: he whom she barred sees one only.
    let mut kenneth = Browser::of(&hall, "kenneth-purdie").await;
    let inbox = words(&kenneth.gets("/care/inbox").await);
    assert!(inbox.contains("Iona Dalglysh"), "{inbox}");
    assert!(!inbox.contains("Iona Dalgleish"), "{inbox}");
    let mut ruksana = Browser::of(&hall, "ruksana-chaudhry").await;
    let inbox = ruksana.gets("/care/inbox").await.is(200);
    let unknown = ruksana.gets(&link(&inbox, "Iona Dalglysh")).await.is(200);
    let said = words(&unknown);
    assert!(
        said.contains("Nobody was found by that name and date of birth."),
        "{said}"
    );
    assert!(!said.contains("Open the record"), "{said}");
    // Her account says that somebody wrote, and not who: he asked for that.
    let hers = hall
        .person("iona-dalgleish")
        .gets("AuditEvent")
        .await
        .is(200)
        .text();
    let line = "Somebody who asked not to be named told Ward 6, medicine for the elderly, Clydevale Hospital something";
    assert!(hers.contains(line), "{hers}");
    assert!(!hers.contains("I know where she is"), "{hers}");
}

#[tokio::test]
async fn nobody_who_wrote_is_left_without_somebody_who_answers() {
    let hall = Hall::open().await;
    let his = hall.actor("archie-dunsmore", &["PATRQT"]);
    let given = |to: &str, text: &str| {
        parameters(&[
            ("name", "Netta Dunsmore"),
            ("born", "1945-07-19"),
            ("says-to-be", "her husband"),
            ("text", text),
            ("to", to),
        ])
    };
    let nowhere = his.posts("Communication/$tell", given("", "x")).await;
    nowhere.says(
        422,
        "required",
        "choose the service that should read it; your council if you do not know",
    );
    his.posts("Communication/$tell", given("ward-66", "x"))
        .await
        .says(
            422,
            "not-found",
            "no team of this name is in the directory: choose one of those listed",
        );
    let sent = his
        .posts("Communication/$tell", given("ward-6", "She fell twice."))
        .await
        .is(201);
    let id = sent.at("/entry/0/resource/id");

    // It is not the ward's; saying no more than that is refused.
    let refused = hall
        .ruksana()
        .posts(
            &format!("Communication/{id}/$answer"),
            parameters(&[("reply", "not-mine")]),
        )
        .await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    let to = parameters(&[("to", "northburn-adults")]);
    hall.ruksana()
        .posts(&format!("Communication/{id}/$pass-on"), to)
        .await
        .is(200);
    let fraser = hall.fraser();
    let list = fraser.gets("Communication/$inbox").await.is(200).text();
    assert!(list.contains(&id), "{list}");

    // Five working days later nobody has answered: it climbs, and he reads so.
    set(&hall, "2027-01-18T09:31:00Z");
    sharing::messages::do_what_is_due(&hall.cx)
        .await
        .expect("what is due is done");
    let mut page = Browser::of(&hall, "archie-dunsmore").await;
    let late = words(&page.gets(&format!("/me/family/words/{id}")).await.is(200));
    let late = late.replace("&#39;", "'");
    assert!(late.contains("the team's deputy has it as well"), "{late}");
    // Nobody else reads his words, and one that never was is the same page.
    let mut netta = Browser::of(&hall, "netta-dunsmore").await;
    let hers = words(&netta.gets(&format!("/me/family/words/{id}")).await.is(404));
    let none = words(
        &netta
            .gets("/me/family/words/00000000000000000000000000")
            .await
            .is(404),
    );
    assert_eq!(hers, none);
}

#[tokio::test]
async fn what_the_person_said_no_to_is_not_told_to_him_by_a_reply_either() {
    let hall = Hall::open().await;
    let torquil = person(&hall, "torquil-macquarrie-sandhu").await.to_string();
    says(
        &hall,
        json!({"tie": {"party": torquil, "kind": "nearest-relative"}}),
    )
    .await;
    let no = json!({"wish": {"says": "no", "audience": [{"party": torquil}], "at": "2024-03-01"}});
    says(&hall, no).await;
    let his = hall.actor("torquil-macquarrie-sandhu", &["PATRQT"]);
    let told = parameters(&[
        ("name", "Oighrig MacQuarrie"),
        ("born", "1940-05-02"),
        ("says-to-be", "her son"),
        ("text", "How is she?"),
        ("to", "ward-6"),
    ]);
    let sent = his.posts("Communication/$tell", told).await.is(201);
    let id = sent.at("/entry/0/resource/id");
    let path = format!("Communication/{id}/$reply");
    let reply = parameters(&[("text", "She eats well."), ("told", "care-plans")]);
    let refused = hall.ruksana().posts(&path, reply).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert!(
        refused
            .text()
            .contains("this may not be told to them, because"),
        "{}",
        refused.text()
    );
    // Listening and general courtesy are always allowed.
    let reply = parameters(&[("text", "Thank you for asking. We told her that you did.")]);
    hall.ruksana().posts(&path, reply).await.is(200);
    let words = his.gets("Communication/$words").await.is(200).text();
    assert!(words.contains("Thank you for asking."), "{words}");
}
