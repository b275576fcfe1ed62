//! A round of calls and a meeting, noted once; what was told wrongly, struck out by each one who was
//! told; and what goes in writing, decided before it goes.

use serde_json::{Value, json};

use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::saying::parameters;

/// The sentences of an account, newest first.
async fn account(hall: &Hall, key: &str) -> Vec<String> {
    let patient = hall.patient(key).to_string();
    let bundle = hall.person_of(&patient).await.gets("AuditEvent").await;
    let lines = bundle.is(200).json()["entry"].clone();
    let lines = lines.as_array().cloned().unwrap_or_default();
    let said = |line: &Value| line["resource"]["outcomeDesc"].as_str().map(str::to_owned);
    lines.iter().filter_map(said).collect()
}

/// Fraser rings housing and a neighbour about Netta's needs; gives the address of his note.
async fn rung(hall: &Hall) -> String {
    let netta = hall.patient("netta-dunsmore").to_string();
    let given = [
        ("patient", &*netta),
        ("way", "phone"),
        ("identity", "called-back"),
        ("worker", "derek-muirhead"),
        ("relative", "Effie Rae, her niece"),
        ("worker", "margaret-haining"),
        ("told", "function"),
        ("text", "She needs a rail before Friday."),
        ("next", "Fraser rings Carewell on Thursday"),
    ];
    let fraser = hall.fraser();
    let made = fraser.posts("Communication/$call", parameters(&given));
    let made = made.await.is(201);
    let id = made.at("/entry/0/resource/id");
    let text = made.text();
    for said in [
        "\"code\":\"PHONE\"",
        "Derek Muirhead, housing officer, Northburn Council Housing",
        "They rang; I called back on a number that we had",
        "Next: Fraser rings Carewell on Thursday",
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
    id
}

#[tokio::test]
async fn a_round_of_calls_is_one_note_and_a_line_for_each_who_was_told() {
    let hall = Hall::open().await;
    let netta = hall.patient("netta-dunsmore").to_string();
    let tie = json!({"tie": {"party": "archie", "kind": "primary-carer"}});
    let say = format!("Patient/{netta}/$say");
    hall.fraser().posts(&say, tie.to_string()).await.is(201);

    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let path = format!("/care/people/{netta}/calls");
    let page = fraser.gets(&format!("{path}/new")).await.is(200);
    let shown = words(&page);
    // His own team, then those involved, then those who are close; nobody twice, and not himself.
    let order = [
        "Margaret Haining, social worker, Northburn Council Social Work",
        "Sheila Mathieson, nurse, Clydevale Hospital",
        "Primary carer",
        "Somebody else?",
    ];
    let places: Vec<_> = order.iter().map(|name| shown.find(name)).collect();
    assert!(places.iter().all(Option::is_some), "{places:?} in {shown}");
    assert!(places.is_sorted(), "{places:?} in {shown}");
    let choices = shown.split("What did you tell them?").next();
    assert!(
        !choices
            .unwrap_or_default()
            .contains("Fraser Abercrombie, social worker, N")
    );

    let html = page.text();
    let key = |name: &str| {
        let before = html.split(name).next().unwrap_or_default();
        let value = before.rsplit("name=\"spoke\"").next().unwrap_or_default();
        let value = value.split("value=\"").nth(1).unwrap_or_default();
        value.split('"').next().unwrap_or_default().to_owned()
    };
    let (colleague, nurse, carer) = (key(order[0]), key(order[1]), key(order[2]));
    let mut round = vec![
        ("spoke", &*colleague),
        ("spoke", &*nurse),
        ("spoke", &*carer),
        ("told", "function"),
        ("told", "care-plans"),
        ("way", "meeting"),
        ("identity", "met"),
    ];
    let wrong = fraser.posts(&path, &round).await.is(422);
    assert!(words(&wrong).contains("Say in a few words why you called"));
    let why = "Her legs are swollen.";
    round.push(("why", why));
    let noted = words(&fraser.does(&path, &round).await);
    assert!(noted.contains("Call noted"), "{noted}");
    for told in [
        "Sheila Mathieson, nurse, Clydevale Hospital",
        "your primary carer",
    ] {
        let line = format!(
            "told {told} your care plans and everyday needs at a meeting on 11 January 2027 at 9:30am, \
             for assessing care needs"
        );
        let swapped = line.replace(
            "care plans and everyday needs",
            "everyday needs and care plans",
        );
        assert!(
            noted.contains(&line) || noted.contains(&swapped),
            "{line} in {noted}"
        );
        let hers = account(&hall, "netta-dunsmore").await;
        let holds = |one: &String| one.contains(&line) || one.contains(&swapped);
        assert_eq!(hers.iter().filter(|one| holds(one)).count(), 1, "{hers:#?}");
    }
    assert!(
        !noted.contains("told Margaret Haining"),
        "nothing left the team: {noted}"
    );
    // What it cost him: one form, three ticks for people, and one line.
    assert!(why.chars().count() < 40);
}

#[tokio::test]
async fn what_was_told_wrongly_is_struck_out_by_each_who_was_told_and_silence_climbs() {
    let hall = Hall::open().await;
    let note = rung(&hall).await;
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let address = format!("/care/inbox/{note}");
    let page = fraser.gets(&address).await.is(200);
    let shown = words(&page);
    for said in [
        "Derek Muirhead, housing officer, Northburn Council Housing: told",
        "Margaret Haining, social worker, Northburn Council Social Work: of our own team",
        "They rang; I called back on a number that we had.",
    ] {
        assert!(shown.contains(said), "{said} in {shown}");
    }
    assert!(!shown.contains("Take back: it was wrong"), "{shown}");

    let correct = link(&page, "What was told was wrong");
    let bare = fraser.posts(&correct, &[("fault", "not-so")]).await.is(422);
    assert!(
        words(&bare).contains("Say what is so instead"),
        "{}",
        words(&bare)
    );
    let put_right = [
        ("fault", "not-so"),
        ("text", "She walks with a frame; no rail."),
    ];
    let after = words(&fraser.does(&correct, &put_right).await);
    for said in [
        "Taken back on 11 January 2027 because it was wrong: it is not so. She walks with a frame; no rail.",
        "Derek Muirhead, housing officer, Northburn Council Housing : delivered",
        "Effie Rae, her niece : delivered",
    ] {
        assert!(after.contains(said), "{said} in {after}");
    }
    let again = fraser.posts(&correct, &put_right).await.is(303);
    assert_eq!(again.header("location"), address, "it says so there");

    // His team finds it, and learns of nobody else who was told.
    let mut derek = Browser::of(&hall, "derek-muirhead").await;
    let inbox = derek.gets("/care/inbox").await.is(200);
    let address = link(&inbox, "Netta Dunsmore");
    let asked = words(&derek.gets(&address).await.is(200));
    let words_of_it = "Strike out what you were told about Netta Dunsmore on 11 January 2027, because it is not so. \
                       She walks with a frame; no rail.";
    assert!(asked.contains(words_of_it), "{asked}");
    assert!(
        !asked.contains("Effie") && !asked.contains("called back"),
        "{asked}"
    );
    derek.gets(&format!("/care/inbox/{note}")).await.is(404);
    derek
        .does(&format!("{address}/answer"), &[("reply", "done")])
        .await;

    // Nobody rings the niece: it climbs, and stays on the list.
    hall.wait(3 * 86_400);
    sharing::messages::do_what_is_due(&hall.cx)
        .await
        .expect("done");
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let inbox = fraser.gets("/care/inbox").await.is(200);
    let task = link(&inbox, "Netta Dunsmore");
    let late = words(&fraser.gets(&task).await.is(200));
    assert!(
        late.contains("Ring Effie Rae, her niece, and ask them to strike out"),
        "{late}"
    );
    assert!(late.contains("The deputy has it as well."), "{late}");
    fraser
        .does(&format!("{task}/answer"), &[("reply", "done")])
        .await;

    let hers = account(&hall, "netta-dunsmore").await;
    for said in [
        "Fraser Abercrombie of Northburn Council Social Work asked Derek Muirhead, housing officer, Northburn Council \
         Housing to strike out what they were told about you on 11 January 2027, because it is not so.",
        "Derek Muirhead of Northburn Council Housing confirmed that what Derek Muirhead, housing officer, Northburn \
         Council Housing had been told wrongly about you is struck out.",
        "Fraser Abercrombie of Northburn Council Social Work confirmed that what Effie Rae, her niece had been told \
         wrongly about you is struck out.",
    ] {
        assert_eq!(
            hers.iter().filter(|one| one.contains(said)).count(),
            1,
            "{said} in {hers:#?}"
        );
    }
}

#[tokio::test]
async fn whoever_something_was_told_of_as_if_of_another_reads_so_and_reads_nobodys_name() {
    let hall = Hall::open().await;
    let note = rung(&hall).await;
    let path = format!("Communication/{note}/$correct");
    let fraser = hall.fraser();
    let unsaid = fraser
        .posts(&path, parameters(&[("fault", "of-another")]))
        .await;
    unsaid.says(
        422,
        "required",
        "say about whom it is: their account has to tell them",
    );
    let herself = hall.patient("netta-dunsmore").to_string();
    let same = [("fault", "of-another"), ("other", &*herself)];
    let same = fraser.posts(&path, parameters(&same)).await.is(422);
    assert!(same.text().contains("that is the same person"));
    let oighrig = hall.patient("oighrig-macquarrie").to_string();
    let other = [("fault", "of-another"), ("other", &*oighrig)];
    fraser.posts(&path, parameters(&other)).await.is(200);

    let hers = account(&hall, "oighrig-macquarrie").await;
    let line = "By mistake Northburn Council Social Work told 2 others something about you as if it were about \
                somebody else, on 11 January 2027. Whoever was told is asked to strike it out. This is followed up as a \
                breach of privacy.";
    assert_eq!(
        hers.iter().filter(|one| *one == line).count(),
        1,
        "{hers:#?}"
    );
    let about_it: Vec<_> = hers.iter().filter(|one| one.contains("mistake")).collect();
    for name in ["Netta", "Fraser", "Derek", "Effie"] {
        assert!(
            !about_it.iter().any(|one| one.contains(name)),
            "{about_it:?}"
        );
    }
    let netta = account(&hall, "netta-dunsmore").await;
    let line = "because it is about somebody else.";
    assert_eq!(
        netta.iter().filter(|one| one.contains(line)).count(),
        2,
        "{netta:#?}"
    );
    assert!(
        !netta.iter().any(|one| one.contains("Oighrig")),
        "{netta:#?}"
    );
    let again = fraser.posts(&path, parameters(&other)).await.is(422);
    assert!(again.text().contains("it was taken back already"));
}

#[tokio::test]
async fn what_was_told_to_the_wrong_one_is_a_breach_in_the_persons_own_account() {
    let hall = Hall::open().await;
    let note = rung(&hall).await;
    let path = format!("Communication/{note}/$correct");
    let nobody = [("fault", "to-another"), ("who", "9")];
    let nobody = hall
        .fraser()
        .posts(&path, parameters(&nobody))
        .await
        .is(422);
    assert!(
        nobody
            .text()
            .contains("nobody stands at place 9 of the note")
    );
    let one = [("fault", "to-another"), ("who", "3")];
    hall.fraser().posts(&path, parameters(&one)).await.is(200);
    let hers = account(&hall, "netta-dunsmore").await;
    let line = "By mistake Northburn Council Social Work told something about you to somebody for whom it was not \
                meant, on 11 January 2027.";
    assert_eq!(
        hers.iter().filter(|one| one.starts_with(line)).count(),
        1,
        "{hers:#?}"
    );
    assert!(
        !hers.iter().any(|one| one.contains("asked Derek")),
        "{hers:#?}"
    );
}

#[tokio::test]
async fn a_solicitor_without_a_mandate_is_sent_nothing_and_the_account_says_that_it_was_tried() {
    let hall = Hall::open().await;
    let netta = hall.patient("netta-dunsmore").to_string();
    let send = |who: &'static str, name: &'static str| {
        [
            ("patient", netta.clone()),
            ("way", "letter".to_owned()),
            ("identity", "rung-on-record".to_owned()),
            (who, name.to_owned()),
            ("told", "care-plans".to_owned()),
            ("text", "The plan.".to_owned()),
        ]
    };
    let sent = |given: &[(&str, String)]| {
        let given: Vec<_> = given
            .iter()
            .map(|(name, value)| (*name, &**value))
            .collect();
        parameters(&given)
    };
    let rae = send("solicitor", "Ms Rae, solicitor");
    let made = hall.fraser().posts("Communication/$call", sent(&rae)).await;
    assert!(made.is(201).text().contains("\"code\":\"R07\""));
    let doreen = send("worker", "doreen-kidd");
    hall.fraser()
        .posts("Communication/$call", sent(&doreen))
        .await
        .is(201);
    let hers = account(&hall, "netta-dunsmore").await;
    let line = "Fraser Abercrombie, social worker at Northburn Council Social Work, tried to send Ms Rae, solicitor your \
                care plans on 11 January 2027 at 9:30am, for assessing care needs, and was refused:";
    assert_eq!(
        hers.iter().filter(|one| one.starts_with(line)).count(),
        1,
        "{hers:#?}"
    );
    let line = "told Doreen Kidd, care worker, Carewell Homecare your care plans in writing";
    assert_eq!(
        hers.iter().filter(|one| one.contains(line)).count(),
        1,
        "{hers:#?}"
    );
}

#[tokio::test]
async fn a_note_that_names_nobody_or_somebody_unknown_is_not_kept() {
    let hall = Hall::open().await;
    let netta = hall.patient("netta-dunsmore").to_string();
    let bare = [
        ("patient", &*netta),
        ("way", "phone"),
        ("identity", "met"),
        ("text", "To plan."),
    ];
    let post = |more: &[(&str, &str)]| {
        let all: Vec<_> = bare.iter().chain(more).copied().collect();
        parameters(&all)
    };
    let before = hall.bytes_kept();
    let fraser = hall.fraser();
    for (more, code, words) in [
        (&[][..], "required", "say who was there, or was rung"),
        (
            &[("worker", "nobody")],
            "not-found",
            "nobody of this id is in the directory, acts for the person or is close to them: choose one of those listed, \
             or give a name",
        ),
        (
            &[("other", " ")],
            "required",
            "give the name of who was told, and for whom they work or how they are related",
        ),
    ] {
        let answer = fraser.posts("Communication/$call", post(more)).await;
        answer.says(422, code, words);
    }
    assert_eq!(hall.bytes_kept(), before, "nothing was written");
    // Whoever may not open the record has nothing of it to tell, and learns nothing.
    let told = post(&[("other", "A neighbour")]);
    hall.derek()
        .posts("Communication/$call", told)
        .await
        .is(404);
    // Silence on a telephone tells nothing: the account says that somebody was rung.
    let left = post(&[("worker", "doreen-kidd")]);
    fraser.posts("Communication/$call", left).await.is(201);
    let hers = account(&hall, "netta-dunsmore").await;
    let line = "rang Doreen Kidd, care worker, Carewell Homecare about you on 11 January 2027";
    assert!(hers[0].contains(line), "{hers:#?}");
}

#[tokio::test]
async fn who_is_close_to_her_and_not_his_to_know_is_nobody_whatever_id_is_typed() {
    let mut said = Vec::new();
    for is_close in [true, false] {
        let hall = Hall::open().await;
        let netta = hall.patient("netta-dunsmore").to_string();
        let say = format!("Patient/{netta}/$say");
        let noted = async || {
            let call = [
                ("patient", &*netta),
                ("way", "phone"),
                ("identity", "called-back"),
                ("party", "archie"),
                ("told", "function"),
                ("text", "She needs a rail before Friday."),
            ];
            let fraser = hall.fraser();
            fraser.posts("Communication/$call", parameters(&call)).await
        };
        if is_close {
            let tie = json!({"tie": {"party": "archie", "kind": "primary-carer"}});
            hall.fraser().posts(&say, tie.to_string()).await.is(201);
            noted().await.is(201);
        }
        let no = json!({"wish": {"says": "no", "audience": [{"organisation": "northburn-social-work"}],
            "at": "2026-12-20", "about": {"categories": ["network"]}}});
        hall.fraser().posts(&say, no.to_string()).await.is(201);
        said.push(noted().await.is(422).issues());
    }
    assert_eq!(said[0], said[1]);
    assert!(said[0][0].1.contains("nobody of this id"), "{said:?}");
}
