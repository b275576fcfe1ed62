//! A child protection message with a linked child and linked adults (S4), on a working day: from a nurse's
//! concern, which is no alert, to the end of all that hangs on it. Told about Corey Lamont, his half-sister
//! Shannon in another council, his mother's partner Barry, and Barry's mother Senga whom he looks after.

use serde_json::json;

use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::night::undrawn;
use crate::packs::proven;
use crate::saying::parameters;

const SAW: &str = "Bruises on both arms, and he would not say from what.";
/// What nobody reads who works with somebody linked.
const PRIVATE: [&str; 4] = ["Corey", "Lamont", "Bruises", "slipper"];

async fn at(hall: &Hall, instant: &str) {
    let instant = domain::Timestamp::parse(instant).expect("an instant");
    hall.clock.stand_at(instant);
    let done = sharing::messages::do_what_is_due(&hall.cx).await;
    done.expect("what is due is done");
}

/// Somebody does something by an operation; gives the answer.
async fn does(hall: &Hall, who: &str, path: &str, given: &[(&str, &str)]) -> crate::answer::Answer {
    let actor = hall.actor(who, &["CP-CONCERN"]);
    actor
        .posts(&format!("Communication/{path}"), parameters(given))
        .await
}

/// What the flags of Corey's record say to a doctor of his practice.
async fn flags(hall: &Hall) -> String {
    let doctor = hall.actor("catherine-rattray", &["TREAT"]);
    let path = format!("Flag?patient={}", hall.patient("corey-lamont"));
    doctor.gets(&path).await.is(200).text()
}

/// The practice nurse tells of him; gives the concern.
async fn concern(hall: &Hall) -> String {
    let corey = hall.patient("corey-lamont").to_string();
    let given = [
        ("patient", &*corey),
        ("to", "northburn-children"),
        ("text", SAW),
        ("own-action", "Asked him and his mother back for tomorrow."),
        ("name", "Corey Lamont"),
        ("hold-until", "2027-02-12T09:00:00Z"),
        ("hold-reason", "Telling now would put him at risk."),
    ];
    let made = does(hall, "deirdre-quigley", "$concern", &given).await;
    made.is(201).at("/entry/0/resource/id")
}

/// Social work looks into it and asks police and hospital, who each say their own; gives the discussion.
async fn discussed(hall: &Hall, concern: &str) -> String {
    let outcome = [("outcome", "inquiry")];
    let triage = format!("{concern}/$triage");
    does(hall, "nkechi-obi", &triage, &outcome).await.is(200);
    let corey = hall.patient("corey-lamont").to_string();
    let given = [
        ("patient", &*corey),
        ("to", "public-protection-hub"),
        ("to", "emergency-department"),
        ("text", "Bruises that nobody explains."),
        ("from", concern),
        ("hold-until", "2027-02-12T09:00:00Z"),
        ("hold-reason", "Telling now would put him at risk."),
    ];
    let made = does(hall, "nkechi-obi", "$discuss", &given).await.is(201);
    let id = made.at("/entry/0/resource/id");
    let block = [("text", "One call in January, about a slipper thrown.")];
    let path = format!("{id}/$contribute");
    does(hall, "alison-reekie", &path, &block).await.is(200);
    let dissent = [("text", "He should be seen by a paediatrician today.")];
    let path = format!("{id}/$dissent");
    does(hall, "aniket-deshpande", &path, &dissent)
        .await
        .is(200);
    let conclusion = [
        ("decision", "joint"),
        ("reasons", "Bruises that nobody explains."),
        ("plan", "With his aunt until Friday; Nkechi visits."),
        ("emergency", "no"),
        ("other-children", "yes"),
        ("adults-who-care", "yes"),
        ("adult-at-risk", "no"),
        ("medical", "yes"),
    ];
    let path = format!("{id}/$conclude");
    let decided = does(hall, "nkechi-obi", &path, &conclusion).await.is(200);
    for said in [
        "joint. Reasons: Bruises",
        "He should be seen by a paediatrician today.",
    ] {
        assert!(
            decided.text().contains(said),
            "{said} in {}",
            decided.text()
        );
    }
    id
}

/// The message with its three linked ones; gives its id.
async fn raised(hall: &Hall) -> String {
    let concern = concern(hall).await;
    let since = "Child protection activity since";
    assert!(!flags(hall).await.contains(since), "a concern is no alert");
    let discussion = discussed(hall, &concern).await;
    let person = |key| hall.patient(key).to_string();
    let given = [
        ("patient", &*person("corey-lamont")),
        ("to", "braehead-surgery"),
        ("to", "emergency-department"),
        ("linked-child", &*person("shannon-greig")),
        ("linked-adult", &*person("barry-greig")),
        ("linked-adult", &*person("senga-greig")),
        ("discussion", &*discussion),
        ("hold-until", "2027-02-12T09:00:00Z"),
        ("hold-reason", "Telling now would put him at risk."),
    ];
    let made = does(hall, "nkechi-obi", "$raise", &given).await.is(201);
    assert!(
        !made.text().contains("Bruises"),
        "no allegation: {}",
        made.text()
    );
    assert!(flags(hall).await.contains("Child protection"));
    made.at("/entry/0/resource/id")
}

/// The words of the message about somebody on a worker's list, and its address; none if it is not there.
async fn listed(hall: &Hall, who: &str, about: &str) -> Option<(String, String)> {
    let mut browser = Browser::of(hall, who).await;
    let inbox = browser.gets("/care/inbox").await.is(200);
    if !words(&inbox).contains(about) {
        return None;
    }
    let address = link(&inbox, about);
    let page = words(&browser.gets(&address).await.is(200));
    Some((page, address))
}

#[tokio::test]
async fn each_who_works_with_one_of_them_reads_the_least_that_keeps_somebody_safe() {
    let hall = Hall::open().await;
    raised(&hall).await;
    for (who, about) in [
        ("gurpreet-bains", "Shannon Greig"),
        ("obinna-chukwu", "Barry Greig"),
        ("doreen-kidd", "Senga Greig"),
    ] {
        let (page, _) = listed(&hall, who, about).await.expect(about);
        assert!(page.contains("child with protection activity"), "{page}");
        assert!(page.contains("01632 960 115"), "whom to ring: {page}");
        for private in PRIVATE {
            assert!(!page.contains(private), "{who}: {private} in {page}");
        }
    }
    let (his, _) = listed(&hall, "catherine-rattray", "Corey Lamont")
        .await
        .expect("his doctor");
    assert!(
        his.contains("Child protection activity since 11 January 2027."),
        "{his}"
    );
    assert!(!his.contains("Bruises"), "{his}");
}

#[tokio::test]
async fn silence_climbs_to_deputy_and_manager_and_not_my_child_is_an_answer() {
    let hall = Hall::open().await;
    let message = raised(&hall).await;
    let (_, address) = listed(&hall, "gurpreet-bains", "Shannon Greig")
        .await
        .expect("hers");
    let mut gurpreet = Browser::of(&hall, "gurpreet-bains").await;
    let not_mine = [("reply", "not-mine")];
    gurpreet.does(&format!("{address}/answer"), &not_mine).await;
    assert_eq!(listed(&hall, "gurpreet-bains", "Shannon Greig").await, None);
    let taken = [("reply", "mine")];
    let answer = format!("{message}/$answer");
    does(&hall, "aniket-deshpande", &answer, &taken)
        .await
        .is(200);
    let mut seen = Vec::new();
    for later in ["2027-01-11T11:00:00Z", "2027-01-11T15:00:00Z"] {
        at(&hall, later).await;
        let mut nkechi = Browser::of(&hall, "nkechi-obi").await;
        let page = words(&nkechi.gets(&format!("/care/inbox/{message}")).await.is(200));
        assert!(page.contains("Emergency Department : taken"), "{page}");
        seen.push(page);
    }
    assert!(
        seen[0].contains("The deputy has it as well."),
        "{}",
        seen[0]
    );
    assert!(seen[1].contains("manager has it as well"), "{}", seen[1]);
}

#[tokio::test]
async fn a_look_in_the_emergency_department_is_one_line_to_the_team_and_a_visit_to_the_surgery_none()
 {
    let hall = Hall::open().await;
    raised(&hall).await;
    let corey = hall.patient("corey-lamont");
    let visit = json!({
        "resourceType": "Encounter", "status": "in-progress",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "EMER"},
        "subject": {"reference": format!("Patient/{corey}")},
        "period": {"start": "2027-01-11T09:20:00Z"},
        "location": [{"location": {"identifier": {
            "system": "https://candour.example/fhir/id/team", "value": "emergency-department"
        }}}]
    });
    hall.hospital().creates(&visit).await.is(201);
    let everything = format!("Patient/{corey}/$everything");
    let looks = async |who: &str| {
        hall.actor(who, &["TREAT"]).gets(&everything).await.is(200);
        let list = hall.actor("nkechi-obi", &["CP-CONCERN"]);
        let list = list.gets("Communication/$inbox").await.is(200).text();
        list.matches("\"code\":\"look-up\"").count()
    };
    assert_eq!(looks("catherine-rattray").await, 0);
    assert_eq!(looks("maggie-torrance").await, 1);
    assert_eq!(looks("maggie-torrance").await, 1, "once a day");
}

#[tokio::test]
async fn said_anew_then_closed_it_takes_all_that_is_linked_with_it_and_fades_in_a_year() {
    let hall = Hall::open().await;
    let message = raised(&hall).await;
    listed(&hall, "catherine-rattray", "Corey Lamont")
        .await
        .expect("read");
    let taken = [("reply", "mine")];
    let answer = format!("{message}/$answer");
    does(&hall, "catherine-rattray", &answer, &taken)
        .await
        .is(200);
    let anew = [("text", "He lives with his aunt now.")];
    let update = format!("{message}/$update");
    does(&hall, "nkechi-obi", &update, &anew).await.is(200);
    let (page, _) = listed(&hall, "catherine-rattray", "Corey Lamont")
        .await
        .expect("again");
    assert!(page.contains("He lives with his aunt now."), "{page}");
    for (who, about) in [
        ("obinna-chukwu", "Barry Greig"),
        ("gurpreet-bains", "Shannon Greig"),
    ] {
        let (page, _) = listed(&hall, who, about).await.expect(about);
        assert!(
            !page.contains("aunt"),
            "of others nothing new is said: {page}"
        );
    }

    // What is held stands in the log before the day on which it is told.
    let before = proven(&hall, "corey-lamont").await;
    at(&hall, "2027-02-05T10:00:00Z").await;
    let over = [("reason", "The plan goes on without it.")];
    let close = format!("{message}/$close");
    does(&hall, "nkechi-obi", &close, &over).await.is(200);
    for (who, about) in [
        ("gurpreet-bains", "Shannon Greig"),
        ("obinna-chukwu", "Barry Greig"),
        ("doreen-kidd", "Senga Greig"),
    ] {
        assert_eq!(
            listed(&hall, who, about).await,
            None,
            "a stale link is a failure"
        );
    }
    let ended = "Child protection message ended on 5 February 2027";
    assert!(flags(&hall).await.contains(ended));
    at(&hall, "2028-02-05T10:00:01Z").await;
    assert!(!flags(&hall).await.contains(ended));
    assert!(proven(&hall, "corey-lamont").await > before);
}

#[tokio::test]
async fn raised_in_error_it_is_taken_back_from_everyone_who_read_it() {
    let hall = Hall::open().await;
    let message = raised(&hall).await;
    let (_, address) = listed(&hall, "obinna-chukwu", "Barry Greig")
        .await
        .expect("his");
    let wrong = [("reason", "It was another Corey Lamont.")];
    let retract = format!("{message}/$retract");
    does(&hall, "nkechi-obi", &retract, &wrong).await.is(200);
    let (page, _) = listed(&hall, "obinna-chukwu", "Barry Greig")
        .await
        .expect("to be answered");
    assert!(page.contains("Taken back on 11 January 2027"), "{page}");
    for private in PRIVATE {
        assert!(!page.contains(private), "{private} in {page}");
    }
    let mut obinna = Browser::of(&hall, "obinna-chukwu").await;
    let known = [("reply", "known")];
    obinna.does(&format!("{address}/answer"), &known).await;
    assert_eq!(listed(&hall, "obinna-chukwu", "Barry Greig").await, None);
    // Who had not opened it has nothing to answer.
    assert_eq!(listed(&hall, "doreen-kidd", "Senga Greig").await, None);
}

#[tokio::test]
async fn he_who_is_linked_sees_what_he_would_see_if_nothing_had_happened_until_the_day_that_was_set()
 {
    let (world, twin) = (Hall::open().await, Hall::open().await);
    raised(&world).await;
    let barry = world.patient("barry-greig");
    let (here, there) = (world.person("barry-greig"), twin.person("barry-greig"));
    for question in [
        format!("Patient/{barry}/$everything"),
        format!("Flag?patient={barry}"),
        format!("Communication?patient={barry}"),
        format!("AuditEvent?patient={barry}"),
    ] {
        let (here, there) = (here.gets(&question).await, there.gets(&question).await);
        assert_eq!(here.status, there.status, "{question}");
        assert_eq!(undrawn(&here.text()), undrawn(&there.text()), "{question}");
    }
    let mut here = Browser::of(&world, "barry-greig").await;
    let mut there = Browser::of(&twin, "barry-greig").await;
    for page in ["/me", "/me/access", "/me/sharing"] {
        let (here, there) = (here.gets(page).await, there.gets(page).await);
        assert_eq!(undrawn(&here.text()), undrawn(&there.text()), "{page}");
    }
    at(&world, "2027-02-12T09:00:01Z").await;
    let mut his = Browser::of(&world, "barry-greig").await;
    let told = words(&his.gets("/me/access").await.is(200));
    assert!(told.contains("a message about you"), "{told}");
}
