//! The son gives the paper by which he acts, on a page of his own; the council looks at it and accepts it power
//! by power; he says himself what he believes. Told about Oighrig MacQuarrie on ward 6, of whom nobody has found
//! out what she can decide, and her son Torquil in Carlisle.

use serde_json::json;

use crate::actor::Actor;
use crate::answer::Answer;
use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::suspected::party;

const OIGHRIG: &str = "oighrig-macquarrie";
const TORQUIL: &str = "torquil-macquarrie-sandhu";

const ABOUT: [(&str, &str); 6] = [
    ("name", "Oighrig MacQuarrie"),
    ("born_day", "2"),
    ("born_month", "5"),
    ("born_year", "1940"),
    ("chi", ""),
    ("says_to_be", "her son"),
];

const PAPER: [(&str, &str); 8] = [
    ("kind", "welfare-attorney"),
    ("number", "SC-2019-004417"),
    ("from_day", "3"),
    ("from_month", "6"),
    ("from_year", "2019"),
    ("on_belief", "yes"),
    ("shown", "bring"),
    ("to", "northburn-adults"),
];

fn set(hall: &Hall, at: &str) {
    let at = domain::Timestamp::parse(at).expect("an instant");
    hall.clock.stand_at(at);
}

fn claiming<'f>(powers: &[&'f str]) -> Vec<(&'f str, &'f str)> {
    let powers = powers.iter().map(|power| ("power", *power));
    ABOUT.into_iter().chain(PAPER).chain(powers).collect()
}

fn his(hall: &Hall) -> Actor<'_> {
    hall.actor(TORQUIL, &["FAMRQT"])
}

async fn everything(hall: &Hall) -> Answer {
    let path = format!("Patient/{}/$everything", hall.patient(OIGHRIG));
    his(hall).gets(&path).await
}

/// He gives his paper; gives the address of its page.
async fn gives(hall: &Hall) -> String {
    let mut torquils = Browser::of(hall, TORQUIL).await;
    torquils.gets("/me/representatives").await.is(200);
    let form = claiming(&["accommodation", "care", "treatment", "information"]);
    let to = torquils.posts("/me/representatives", &form).await.is(303);
    to.header("location").to_owned()
}

/// Fraser of the adults team opens it from his list; gives its page.
async fn opens(frasers: &mut Browser<'_>) -> (String, Answer) {
    let inbox = frasers.gets("/care/inbox").await.is(200);
    let page = link(&inbox, "Oighrig MacQuarrie");
    let read = frasers.gets(&page).await.is(200);
    (page, read)
}

const THREE: [(&str, &str); 6] = [
    ("found-accommodation", "accepted"),
    ("found-care", "accepted"),
    ("found-treatment", "accepted"),
    ("found-information", "not-in-paper"),
    ("registered", "yes"),
    ("seen", "yes"),
];

async fn accepted(hall: &Hall) -> String {
    let page = gives(hall).await;
    let mut frasers = Browser::of(hall, "fraser-abercrombie").await;
    let (at, _) = opens(&mut frasers).await;
    frasers.does(&format!("{at}/check"), &THREE).await;
    page
}

#[tokio::test]
async fn his_paper_is_accepted_power_by_power_and_he_says_himself_what_he_believes() {
    let hall = Hall::open().await;
    set(&hall, "2027-01-11T10:00:00Z");
    let page = gives(&hall).await;
    // Until somebody has looked it is his word, and opens nothing, not even that she is known.
    everything(&hall).await.is(404);
    let mut torquils = Browser::of(&hall, TORQUIL).await;
    let waits = words(&torquils.gets(&page).await.is(200));
    for said in [
        "I act as welfare attorney, number SC-2019-004417, since 3 June 2019.",
        "Powers: where to live, day-to-day care, medical treatment, who is told what.",
        "not yet read",
    ] {
        assert!(waits.contains(said), "{said} in {waits}");
    }

    let mut frasers = Browser::of(&hall, "fraser-abercrombie").await;
    let (at, read) = opens(&mut frasers).await;
    assert!(
        words(&read).contains("Look at the paper"),
        "{}",
        words(&read)
    );
    // Nothing is accepted that nobody has seen, or that the register does not have.
    let unseen = frasers
        .posts(&format!("{at}/check"), &THREE[..4])
        .await
        .is(422);
    let said = words(&unseen);
    assert!(
        said.contains("accept none before you have seen it"),
        "{said}"
    );
    assert!(
        said.contains("look at the register, or accept none"),
        "{said}"
    );
    everything(&hall).await.is(404);
    frasers.does(&format!("{at}/check"), &THREE).await;
    let again = frasers.posts(&format!("{at}/check"), &THREE).await;
    assert_ne!(again.status, 303, "a paper is looked at once");

    // Nobody has assessed her: his powers wait for what he believes, and say so.
    everything(&hall).await.is(403);
    let mut torquils = Browser::of(&hall, TORQUIL).await;
    let read = words(&torquils.gets(&page).await.is(200));
    for said in [
        "Where to live Begins when the person cannot decide it",
        "Who is told what: not in the paper.",
        "Fraser Abercrombie",
        "I believe that they cannot decide about",
    ] {
        assert!(read.contains(said), "{said} in {read}");
    }
    assert!(!read.contains("Who is told what Begins"), "{read}");
    let belief = format!("{page}/belief");
    let three = [
        ("about", "accommodation"),
        ("about", "care"),
        ("about", "treatment"),
    ];
    let read = words(&torquils.does(&belief, &three).await);
    assert!(
        read.contains("Day-to-day care In force on the holder&#39;s own belief"),
        "{read}"
    );
    everything(&hall).await.is(200);
    // What his paper does not give he cannot believe himself into.
    let beyond = torquils
        .posts(&belief, &[("about", "finance")])
        .await
        .is(422);
    assert!(
        words(&beyond).contains("your paper gives no power over this"),
        "{}",
        words(&beyond)
    );
}

#[tokio::test]
async fn she_reads_that_he_acts_and_is_told_to_her_face() {
    let hall = Hall::open().await;
    set(&hall, "2027-01-11T10:00:00Z");
    // Netta Dunsmore reads her own pages; her son Archie gives his paper.
    let mut archies = Browser::of(&hall, "archie-dunsmore").await;
    archies.gets("/me/representatives").await.is(200);
    let mut form = claiming(&["care"]);
    for (name, value) in &mut form {
        match *name {
            "name" => *value = "Netta Dunsmore",
            "born_day" => *value = "19",
            "born_month" => *value = "7",
            "born_year" => *value = "1945",
            _ => {}
        }
    }
    let to = archies.posts("/me/representatives", &form).await.is(303);
    let page = to.header("location").to_owned();
    let mut nettas = Browser::of(&hall, "netta-dunsmore").await;
    let read = words(&nettas.gets("/me/representatives").await.is(200));
    assert!(
        read.contains("Nobody has shown a paper here that lets them act for you."),
        "{read}"
    );
    let mut frasers = Browser::of(&hall, "fraser-abercrombie").await;
    let inbox = frasers.gets("/care/inbox").await.is(200);
    let at = link(&inbox, "Netta Dunsmore");
    frasers.gets(&at).await.is(200);
    let found = [
        ("found-care", "accepted"),
        ("registered", "yes"),
        ("seen", "yes"),
    ];
    frasers.does(&format!("{at}/check"), &found).await;
    archies
        .does(&format!("{page}/belief"), &[("about", "care")])
        .await;

    let hers = words(&nettas.gets("/me/access").await.is(200));
    for said in [
        "Archie Dunsmore, who says to be her son, told Northburn adults team, Northburn Council Social Work on 11 January \
         2027 at 10am that a paper lets them act for you. It looks at the paper; until it has, that changes nothing.",
        "Fraser Abercrombie of Northburn Council Social Work looked on 11 January 2027",
        "at the paper by which Archie Dunsmore acts for you, and accepted it for this: welfare attorney: \
         day-to-day care.",
        "Archie Dunsmore, who acts for you, declared on 11 January 2027",
        "to believe that you cannot decide about: day-to-day care.",
    ] {
        assert!(hers.contains(said), "{said} in {hers}");
    }
    let read = words(&nettas.gets("/me/representatives").await.is(200));
    for said in [
        "Archie Dunsmore, your welfare attorney Day-to-day care: In force on the holder&#39;s own belief",
        "They believe that you cannot decide about: day-to-day care.",
        "Fraser Abercrombie checked it on 11 January 2027",
    ] {
        assert!(read.contains(said), "{said} in {read}");
    }
    let own = words(&archies.gets("/me/access").await.is(200));
    assert!(
        own.contains("to believe that somebody you act for cannot decide about: day-to-day care."),
        "{own}"
    );
    // One task, to tell her to her face; it goes with the belief.
    let tasks = async || {
        let done = sharing::messages::do_what_is_due(&hall.cx).await;
        done.expect("what is due is done");
        let inbox = hall.fraser().gets("Communication/$inbox").await.is(200);
        inbox.text().matches("\"code\":\"in-person\"").count()
    };
    assert_eq!(tasks().await, 1);
    archies.does(&format!("{page}/belief"), &[]).await;
    assert_eq!(tasks().await, 0);
    let hers = words(&nettas.gets("/me/access").await.is(200));
    assert!(
        hers.contains("to believe that you cannot decide about: nothing any more."),
        "{hers}"
    );
}

#[tokio::test]
async fn her_money_is_not_of_his_paper_and_who_can_decide_needs_nobody() {
    let hall = Hall::open().await;
    set(&hall, "2027-01-11T10:00:00Z");
    let page = accepted(&hall).await;
    let mut torquils = Browser::of(&hall, TORQUIL).await;
    let belief = format!("{page}/belief");
    torquils.does(&belief, &[("about", "care")]).await;
    let funding = json!({
        "resourceType": "Account", "status": "active", "name": "Funding assessment",
        "subject": [{"reference": format!("Patient/{}", hall.patient(OIGHRIG))}]
    });
    let council = hall.actor("northburn-social-work-records", &["SC-ASSESS"]);
    let funding = council.creates(&funding).await.is(201).at("/id");
    his(&hall).gets(&format!("Account/{funding}")).await.is(404);
    // Her doctor finds that she can decide about her care: he is not needed, and cannot believe otherwise.
    let can = json!({"capacity": {"matter": "care", "state": "capable", "at": "2027-01-11"}});
    let say = format!("Patient/{}/$say", hall.patient(OIGHRIG));
    hall.fraser().posts(&say, can.to_string()).await.is(201);
    everything(&hall).await.is(403);
    let read = words(&torquils.gets(&page).await.is(200));
    assert!(
        read.contains("Day-to-day care Not needed: the person can decide it"),
        "{read}"
    );
    let refused = torquils.posts(&belief, &[("about", "care")]).await.is(422);
    assert!(
        words(&refused).contains("somebody assessed that the person can decide this"),
        "{}",
        words(&refused)
    );
}

#[tokio::test]
async fn what_is_missing_is_said_at_once_and_a_paper_is_given_once() {
    let hall = Hall::open().await;
    set(&hall, "2027-01-11T10:00:00Z");
    let mut torquils = Browser::of(&hall, TORQUIL).await;
    torquils.gets("/me/representatives").await.is(200);
    let nothing = torquils.posts("/me/representatives", &[]).await.is(422);
    for said in [
        "Give the name of whom you ask about",
        "Choose what your paper makes you",
        "Say how they get to see it",
    ] {
        assert!(
            words(&nothing).contains(said),
            "{said} in {}",
            words(&nothing)
        );
    }
    let mut late = claiming(&["care", "finance"]);
    for (name, value) in &mut late {
        match *name {
            "from_year" => *value = "2031",
            "number" => *value = "",
            _ => {}
        }
    }
    let wrong = torquils.posts("/me/representatives", &late).await.is(422);
    for said in [
        "Give the number under which the Office of the Public Guardian or the court has it",
        "The paper of a welfare attorney gives no power over money and property: take it out",
        "This day is to come: give the day on the certificate",
    ] {
        assert!(words(&wrong).contains(said), "{said} in {}", words(&wrong));
    }
    // What was typed is kept.
    assert!(wrong.text().contains("value=\"Oighrig MacQuarrie\""));
    assert!(wrong.text().contains("value=\"2031\""));

    let page = gives(&hall).await;
    let mut again = claiming(&["care"]);
    for (name, value) in &mut again {
        if *name == "number" {
            *value = "sc 2019 004417";
        }
    }
    let twice = torquils.posts("/me/representatives", &again).await.is(422);
    assert!(
        words(&twice).contains("You gave this paper on 11 January 2027 and it is being looked at"),
        "{}",
        words(&twice)
    );
    // Nobody else reads it, and nobody whose it is not looks at it.
    let mut others = Browser::of(&hall, "archie-dunsmore").await;
    others.gets(&page).await.is(404);
    let id = page.rsplit('/').next().expect("an id");
    let elsewhere = hall.actor("ruksana-chaudhry", &["TREAT"]);
    let check = json!({"resourceType": "Parameters", "parameter": [
        {"name": "accepted", "valueCode": "care"}]});
    let path = format!("Communication/{id}/$check-authority");
    elsewhere.posts(&path, check.to_string()).await.is(404);
}

#[tokio::test]
async fn whoever_names_nobody_is_answered_the_same_and_nothing_can_be_accepted() {
    let hall = Hall::open().await;
    set(&hall, "2027-01-11T10:00:00Z");
    let pages = async |year: &'static str| {
        let mut torquils = Browser::of(&hall, TORQUIL).await;
        torquils.gets("/me/representatives").await.is(200);
        let mut form = claiming(&["care"]);
        for (name, value) in &mut form {
            match *name {
                "born_year" => *value = year,
                "number" => *value = if year == "1940" { "A1" } else { "A2" },
                _ => {}
            }
        }
        let to = torquils.posts("/me/representatives", &form).await.is(303);
        let page = to.header("location").to_owned();
        let read = words(&torquils.gets(&page).await.is(200));
        (page, read.replace("A1", "A2"))
    };
    let (_, known) = pages("1940").await;
    let (page, unknown) = pages("1941").await;
    assert_eq!(known, unknown);
    let id = page.rsplit('/').next().expect("an id");
    let path = format!("Communication/{id}/$check-authority");
    let accept = json!({"resourceType": "Parameters", "parameter": [
        {"name": "accepted", "valueCode": "care"},
        {"name": "registered", "valueBoolean": true}, {"name": "seen", "valueBoolean": true}]});
    let refused = hall.fraser().posts(&path, accept.to_string()).await.is(422);
    assert_eq!(
        refused.issues()[0].1,
        "nobody was found by that name and date of birth: accept nothing, and ask for the particulars again"
    );
    // Accepting nothing needs a reason, which he reads.
    let none = |more: &[serde_json::Value]| {
        let not = json!({"name": "not-seen", "valueCode": "care"});
        let all: Vec<_> = std::iter::once(not).chain(more.iter().cloned()).collect();
        json!({"resourceType": "Parameters", "parameter": all}).to_string()
    };
    hall.fraser().posts(&path, none(&[])).await.is(422);
    let why = json!({"name": "text", "valueString": "Please give her date of birth again."});
    hall.fraser().posts(&path, none(&[why])).await.is(200);
    let mut torquils = Browser::of(&hall, TORQUIL).await;
    let read = words(&torquils.gets(&page).await.is(200));
    assert!(read.contains("It is not accepted"), "{read}");
    assert!(
        read.contains("Please give her date of birth again."),
        "{read}"
    );
}

#[tokio::test]
async fn systems_claim_check_and_believe_by_operations_and_a_council_takes_it_back() {
    let hall = Hall::open().await;
    set(&hall, "2027-01-11T10:00:00Z");
    let parameter = |name: &str, value: &str| json!({"name": name, "valueString": value});
    let claim = json!({"resourceType": "Parameters", "parameter": [
        parameter("name", "Oighrig MacQuarrie"), parameter("born", "1940-05-02"),
        parameter("says-to-be", "her son"), parameter("to", "northburn-adults"),
        parameter("kind", "guardian"), parameter("number", "AW12/27"),
        parameter("power", "care"), parameter("shown", "seen")]});
    let made = his(&hall)
        .posts("Communication/$claim-authority", claim.to_string())
        .await
        .is(201);
    let id = made.at("/entry/0/resource/id");
    let accept = json!({"resourceType": "Parameters", "parameter": [
        {"name": "accepted", "valueCode": "care"},
        {"name": "registered", "valueBoolean": true}, {"name": "seen", "valueBoolean": true}]});
    let path = format!("Communication/{id}/$check-authority");
    hall.fraser().posts(&path, accept.to_string()).await.is(200);
    // A guardian waits for nobody's belief.
    everything(&hall).await.is(200);
    let listed = his(&hall).gets("Communication/$claims").await.is(200);
    assert_eq!(
        listed.at("/entry/0/resource/note/0/text"),
        "day-to-day care: in force"
    );
    // The council says that the sheriff recalled the order: over for the next byte.
    let holder = party(&hall, TORQUIL).await;
    let over = json!({"authority": {"holder": holder, "kind": "guardian", "powers": ["care"],
        "registered": true, "verified": true, "ended": "2027-01-11"}});
    let open = format!("Communication/{id}/$open");
    let about = hall.fraser().gets(&open).await.is(200);
    let about = about.at("/entry/0/resource/subject/reference");
    let say = format!("{about}/$say/{id}");
    hall.fraser().puts_at(&say, over.to_string()).await.is(204);
    everything(&hall).await.is(403);
    let listed = his(&hall).gets("Communication/$claims").await.is(200);
    assert_eq!(
        listed.at("/entry/0/resource/note/0/text"),
        "day-to-day care: ended"
    );
}
