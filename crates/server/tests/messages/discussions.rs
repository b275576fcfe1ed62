//! A discussion between agencies over pages and API: opened from a police concern at night, and what
//! each agency sees of it.

use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::saying::parameters;

/// The police tell of Shannon, and her council's social worker has it; gives the concern's address.
async fn concern(hall: &Hall) -> String {
    let shannon = hall.patient("shannon-greig").to_string();
    let alison = hall.actor("alison-reekie", &["CP-CONCERN"]);
    let given = [
        ("patient", &*shannon),
        ("to", "southbrae-children"),
        ("text", "Called at 23:40. The child was awake, and hungry."),
        ("own-action", "Stayed until her grandmother came."),
    ];
    let made = alison.posts("Communication/$concern", parameters(&given));
    let id = made.await.is(201).at("/entry/0/resource/id");
    format!("/care/inbox/{id}")
}

/// Gurpreet asks police and hospital in, from the concern; gives the discussion's address.
async fn opened(gurpreet: &mut Browser<'_>, concern: &str) -> String {
    let read = gurpreet.gets(concern).await.is(200);
    let path = link(&read, "Ask other agencies to discuss it");
    let form = words(&gurpreet.gets(&path).await.is(200));
    assert!(form.contains("Concern hub, Police"), "{form}");
    let (path, from) = path.split_once("?from=").expect("what it is opened from");
    let fields = [
        ("about", "CP-CONCERN"),
        ("text", ""),
        ("to", "public-protection-hub"),
        ("other", "emergency-department"),
        ("telling", "hold"),
        ("from", from),
    ];
    let wrong = words(&gurpreet.posts(path, &fields).await.is(422));
    assert!(
        wrong.contains("Write what they should know or do"),
        "{wrong}"
    );
    let mut fields = fields.to_vec();
    fields[1] = ("text", "Alone at night, twice.");
    let made = gurpreet.posts(path, &fields).await.is(303);
    made.header("location").to_owned()
}

#[tokio::test]
async fn opened_from_a_concern_each_agency_speaks_for_itself_and_dissent_stands_beside_the_decision()
 {
    let hall = Hall::open().await;
    let mut gurpreet = Browser::of(&hall, "gurpreet-bains").await;
    let concern = concern(&hall).await;
    let address = opened(&mut gurpreet, &concern).await;

    let mut maggie = Browser::of(&hall, "maggie-torrance").await;
    let inbox = maggie.gets("/care/inbox").await.is(200);
    assert_eq!(link(&inbox, "Shannon Greig"), address);
    let block = format!("{address}/block");
    let wrong = maggie.posts(&block, &[("block", " ")]).await.is(422);
    let wrong = words(&wrong);
    assert!(
        wrong.contains("Write what they should know or do"),
        "{wrong}"
    );
    for text in ["Not known to us.", "Seen in December with a cut hand."] {
        let said = [("block", text)];
        maggie.does(&block, &said).await;
    }
    let why = [("dissent", "Her grandmother cannot manage two children.")];
    let read = words(&maggie.does(&format!("{address}/dissent"), &why).await);
    for said in [
        "Clydevale Hospital, said before",
        "Clydevale Hospital does not agree",
        "Seen in December with a cut hand.",
    ] {
        assert!(read.contains(said), "{said} in {read}");
    }
    assert!(!read.contains("Write down what is decided"), "{read}");

    let page = gurpreet.gets(&address).await.is(200);
    let path = link(&page, "Write down what is decided");
    gurpreet.gets(&path).await.is(200);
    let mut fields = vec![
        ("decision", "joint"),
        ("reasons", "Two nights."),
        (
            "plan",
            "With her grandmother until Monday; Gurpreet rings on Sunday.",
        ),
        ("emergency", "no"),
        ("other-children", "yes"),
        ("adult-at-risk", "no"),
        ("medical", "no"),
    ];
    let wrong = gurpreet.posts(&path, &fields).await.is(422);
    let asked = "Does an adult here care for another adult? Not known is an answer";
    assert!(words(&wrong).contains(asked), "{}", words(&wrong));
    assert!(
        wrong.text().contains("Two nights."),
        "nothing typed is lost"
    );
    fields.push(("adults-who-care", "not-known"));
    let read = words(&gurpreet.does(&path, &fields).await);
    for said in [
        "Decided: Police and social work investigate together",
        "Clydevale Hospital does not agree",
        "Decided without a word from: Police Public Protection Unit, Southbrae Council Social Work",
    ] {
        assert!(read.contains(said), "{said} in {read}");
    }

    // Raised out of it: the discussion leads to the message, and her account to neither.
    let page = gurpreet.gets(&address).await.is(200);
    let path = link(&page, "Raise a child protection message out of it");
    gurpreet.gets(&path).await.is(200);
    let (path, discussion) = path.split_once("?discussion=").expect("its discussion");
    let fields = [
        ("to", "emergency-department"),
        ("answers_for", "southbrae-children"),
        ("discussion", discussion),
        ("telling", "hold"),
    ];
    let raised = gurpreet.posts(path, &fields).await.is(303);
    let page = maggie.gets(&address).await.is(200);
    let said = "The child protection message that was raised out of it";
    assert_eq!(link(&page, said), raised.header("location"));
}

#[tokio::test]
async fn systems_open_speak_and_decide_by_operations() {
    let hall = Hall::open().await;
    let shannon = hall.patient("shannon-greig").to_string();
    let gurpreet = hall.actor("gurpreet-bains", &["CP-CONCERN"]);
    let given = [
        ("patient", &*shannon),
        ("to", "public-protection-hub"),
        ("text", "Alone at night, twice."),
    ];
    let made = gurpreet
        .posts("Communication/$discuss", parameters(&given))
        .await
        .is(201);
    assert_eq!(
        made.at("/entry/0/resource/category/0/coding/0/code"),
        "discussion"
    );
    let id = made.at("/entry/0/resource/id");

    let alison = hall.actor("alison-reekie", &["CP-CONCERN"]);
    let path = format!("Communication/{id}/$contribute");
    let said = alison
        .posts(&path, parameters(&[("text", "Two calls.")]))
        .await
        .is(200);
    let block = said.at("/entry/0/resource/payload/1/contentString");
    assert!(
        block.starts_with("Block of Police Public Protection Unit (Alison Reekie, 2027-01-11"),
        "{block}"
    );
    let path = format!("Communication/{id}/$dissent");
    alison.posts(&path, parameters(&[])).await.says(
        422,
        "required",
        "write what they should know or do",
    );

    let path = format!("Communication/{id}/$conclude");
    let conclude = |decision| {
        let given = [
            ("decision", decision),
            ("reasons", "Two calls."),
            ("plan", "Gurpreet visits on Sunday."),
            ("emergency", "no"),
            ("other-children", "not-known"),
            ("adults-who-care", "no"),
            ("adult-at-risk", "no"),
            ("medical", "no"),
        ];
        parameters(&given)
    };
    gurpreet.posts(&path, conclude("let-it-be")).await.says(
        400,
        "value",
        "a decision is one of no-investigation, plan-meeting, more-enquiry, case-discussion, single-agency, joint, other-protocol",
    );
    let nothing = "there is nothing here of that id that you may see";
    alison
        .posts(&path, conclude("joint"))
        .await
        .says(404, "not-found", nothing);
    let done = gurpreet.posts(&path, conclude("joint")).await.is(200);
    assert!(done.text().contains("joint. Reasons: Two calls."));

    // Whoever was not asked in meets the answer of an id that never was.
    let nkechi = hall.actor("nkechi-obi", &["CP-CONCERN"]);
    let here = nkechi.gets(&format!("Communication/{id}/$open")).await;
    let never = nkechi.gets("Communication/none/$open").await;
    assert_eq!(here.status, never.status);
    assert_eq!(here.text().replace(&id, "none"), never.text());
}

#[tokio::test]
async fn each_agency_names_the_other_children_and_the_adults_whom_it_touches_and_they_are_ready_to_be_linked()
 {
    let hall = Hall::open().await;
    let concern = concern(&hall).await;
    let mut gurpreet = Browser::of(&hall, "gurpreet-bains").await;
    let address = opened(&mut gurpreet, &concern).await;
    let id = address.trim_start_matches("/care/inbox/").to_owned();

    // The hospital knows her father's record; the council a boy by his name alone.
    let barry = hall.patient("barry-greig").to_string();
    let maggie = hall.actor("maggie-torrance", &["CP-CONCERN"]);
    let path = format!("Communication/{id}/$name-other");
    let father = [
        ("is", "adult"),
        ("name", "Barry Greig"),
        ("relationship", "her father"),
        ("has-rights", "yes"),
        ("patient", &*barry),
    ];
    let named = maggie.posts(&path, parameters(&father)).await.is(200);
    let sentence = "Touches Barry Greig: an adult, her father, with parental responsibilities. Named by Clydevale Hospital.";
    assert!(named.text().contains(sentence), "{}", named.text());
    let twice = maggie.posts(&path, parameters(&father)).await.is(422);
    assert_eq!(twice.issues()[0].1, "they are named already");
    let nobody = [
        ("is", "child"),
        ("name", "Jo"),
        ("relationship", "cousin"),
        ("patient", "none"),
    ];
    maggie.posts(&path, parameters(&nobody)).await.is(404);

    // On the page nothing that was typed is lost to a fault.
    let others = format!("{address}/others");
    gurpreet.gets(&others).await.is(200);
    let typed = [("other", "Corey"), ("rights", "no")];
    let missing = gurpreet.posts(&others, &typed).await.is(422);
    assert!(words(&missing).contains("Say whether it is a child or an adult"));
    let typed = [("is", "child"), ("other", "Corey")];
    let missing = gurpreet.posts(&others, &typed).await.is(422);
    assert!(
        words(&missing).contains("Say what they are to the person, such as half-sister or mother")
    );
    assert!(missing.text().contains("value=\"Corey\""));
    let boy = [
        ("is", "child"),
        ("other", "Corey"),
        ("relationship", "half-brother"),
        ("rights", "yes"),
    ];
    let read = words(&gurpreet.does(&others, &boy).await);
    for said in [
        "Whom else it touches",
        "Barry Greig: an adult, her father, with parental responsibilities. Named by Clydevale Hospital.",
        "Corey: another child, half-brother. Named by Southbrae Council Social Work.",
    ] {
        assert!(read.contains(said), "{said} in {read}");
    }

    // Whoever raises a message out of it finds him ready, and nothing of his record.
    let page = gurpreet.gets(&address).await.is(200);
    let path = link(&page, "Raise a child protection message out of it");
    let form = gurpreet.gets(&path).await.is(200);
    let ready = format!("value=\"linked-adult:{barry}\" selected");
    assert!(form.text().contains(&ready), "{}", form.text());
    assert!(
        words(&form).contains("Barry Greig, her father"),
        "{}",
        words(&form)
    );
    assert!(
        !words(&form).contains("Corey, half-brother"),
        "he is known by name alone"
    );
    // Of those who are no part of it nobody names anybody in it, and he reads nothing of it.
    let derek = hall.actor("derek-muirhead", &["HOUSING-ADAPT"]);
    let path = format!("Communication/{id}/$name-other");
    derek.posts(&path, parameters(&father)).await.is(404);
    let mut his = Browser::of(&hall, "barry-greig").await;
    let list = words(&his.gets("/me/access").await.is(200));
    assert!(
        !list.contains("Gurpreet") && !list.contains("Maggie"),
        "{list}"
    );
}
