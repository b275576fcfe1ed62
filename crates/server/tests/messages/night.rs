//! Friday, 23:40, whole: from the police report in the folder to the flag that is gone a year later,
//! and what every party sees and is spared in between.

use domain::message::Kind;
use serde_json::json;
use server::reports::take_all;

use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::packs::proven;
use crate::reports::{leave, terms};
use crate::saying::parameters;

/// What was said of the family in the night, which no linked message and no portal shows.
const PRIVATE: [&str; 4] = ["Corey", "Lamont", "sofa", "cut on his hand"];
const SAW: &str = "Asleep on the sofa at 23:40; his mother could not be woken.";

pub async fn at(hall: &Hall, instant: &str) {
    let instant = domain::Timestamp::parse(instant).expect("an instant");
    hall.clock.stand_at(instant);
    sharing::messages::do_what_is_due(&hall.cx)
        .await
        .expect("what is due is done");
}

/// How many lines interrupt somebody of these teams now, and about whom.
async fn interrupting(hall: &Hall) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    for who in [
        "tariq-nawaz",
        "catherine-rattray",
        "obinna-chukwu",
        "maggie-torrance",
        "doreen-kidd",
        "gurpreet-bains",
        "nkechi-obi",
        "alison-reekie",
    ] {
        let mut browser = Browser::of(hall, who).await;
        let inbox = words(&browser.gets("/care/inbox").await.is(200));
        if let Some((_, rest)) = inbox.split_once("Important: ") {
            let count = rest.split(" message").next().unwrap_or_default();
            all.push((who, count.to_owned()));
        }
    }
    all
}

/// The report of the police comes to the desk that stands in for both councils; gives its address.
async fn reported(hall: &Hall) -> String {
    at(hall, "2027-01-15T23:40:00Z").await;
    let corey = hall.town.person("corey-lamont").expect("Corey");
    let report = json!([{
        "reference": "PS-1501-0417",
        "purpose": "CP-CONCERN",
        "to": "northburn-children",
        "seen": SAW,
        "own_action": "Stayed until the ambulance came.",
        "hold_until": "2027-02-13T09:00:00Z",
        "hold_reason": "Telling now would put him at risk.",
        "family": "Lamont", "given": "Corey", "born": "2022-08-14",
        "chi": corey.chi.as_deref().expect("his number"),
    }]);
    let folder = tempfile::tempdir().expect("a folder");
    leave(folder.path(), "night.json", &report.to_string());
    let taken = take_all(&hall.cx, &terms(folder.path())).await;
    taken.expect("it is taken");
    let mut tariq = Browser::of(hall, "tariq-nawaz").await;
    let inbox = tariq.gets("/care/inbox").await.is(200);
    link(&inbox, "Corey Lamont")
}

/// Tariq opens the discussion from the report; gives its address.
async fn discussed(hall: &Hall, tariq: &mut Browser<'_>, report: &str) -> String {
    at(hall, "2027-01-15T23:50:00Z").await;
    let page = tariq.gets(report).await.is(200);
    let path = link(&page, "Ask other agencies to discuss it");
    tariq.gets(&path).await.is(200);
    let (path, from) = path.split_once("?from=").expect("what it is opened from");
    let fields = [
        ("about", "CP-CONCERN"),
        ("text", "Second call this week."),
        ("to", "public-protection-hub"),
        ("other", "emergency-department"),
        ("telling", "hold"),
        ("from", from),
    ];
    let made = tariq.posts(path, &fields).await.is(303);
    made.header("location").to_owned()
}

/// The hospital dissents, the decision is written down, and the message raised out of it by ticks.
async fn decided(hall: &Hall, tariq: &mut Browser<'_>, discussion: &str) -> String {
    at(hall, "2027-01-16T00:20:00Z").await;
    let mut aniket = Browser::of(hall, "aniket-deshpande").await;
    let block = [("block", "Seen in December with a cut on his hand.")];
    aniket.does(&format!("{discussion}/block"), &block).await;
    let why = [("dissent", "He should not go home tonight.")];
    aniket.does(&format!("{discussion}/dissent"), &why).await;
    let said = [("block", "Two calls this week.")];
    let mut alison = Browser::of(hall, "alison-reekie").await;
    alison.does(&format!("{discussion}/block"), &said).await;
    let fields = [
        ("decision", "joint"),
        ("reasons", "Second call this week."),
        ("plan", "He stays on the ward until Monday."),
        ("emergency", "no"),
        ("other-children", "yes"),
        ("adults-who-care", "yes"),
        ("adult-at-risk", "not-known"),
        ("medical", "yes"),
    ];
    tariq.does(&format!("{discussion}/conclude"), &fields).await;

    let page = tariq.gets(discussion).await.is(200);
    let path = link(&page, "Raise a child protection message out of it");
    let (path, out_of) = path.split_once("?discussion=").expect("its discussion");
    let person = |key| hall.patient(key).to_string();
    let child = format!("linked-child:{}", person("shannon-greig"));
    let adult = format!("linked-adult:{}", person("barry-greig"));
    let fields = [
        ("to", "braehead-surgery"),
        ("answers_for", "northburn-children"),
        ("linked", &*child),
        ("linked", &*adult),
        ("discussion", out_of),
        ("telling", "hold"),
    ];
    let raised = tariq.posts(path, &fields).await.is(303);
    raised.header("location").to_owned()
}

pub struct Night<'h> {
    pub tariq: Browser<'h>,
    pub discussion: String,
    pub raised: String,
}

pub async fn night(hall: &Hall) -> Night<'_> {
    let report = reported(hall).await;
    let mut tariq = Browser::of(hall, "tariq-nawaz").await;
    let discussion = discussed(hall, &mut tariq, &report).await;
    let raised = decided(hall, &mut tariq, &discussion).await;
    Night {
        tariq,
        discussion,
        raised,
    }
}

#[tokio::test]
async fn in_the_night_each_sees_what_keeps_somebody_safe_and_few_are_interrupted() {
    let hall = Hall::open().await;
    let mut night = night(&hall).await;
    let disturbed = interrupting(&hall).await;
    let notices: usize = disturbed
        .iter()
        .map(|(_, count)| count.parse::<usize>().expect("a number"))
        .sum();
    assert!((1..=6).contains(&notices), "{disturbed:?}");
    for shut in ["catherine-rattray", "nkechi-obi", "gurpreet-bains"] {
        assert!(
            disturbed.iter().all(|(who, _)| *who != shut),
            "{disturbed:?}"
        );
    }
    let read = words(&night.tariq.gets(&night.discussion).await.is(200));
    for part in [
        "Decided: Police and social work investigate together",
        "Clydevale Hospital does not agree",
        "He should not go home tonight.",
        "Seen in December with a cut on his hand.",
        "Decided without a word from: Northburn Council Social Work",
    ] {
        assert!(read.contains(part), "{part} in {read}");
    }

    // The emergency nurse: one click from his name to the flag with tonight's number, nothing typed.
    let corey = hall.patient("corey-lamont");
    let visit = json!({
        "resourceType": "Encounter",
        "status": "in-progress",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "EMER"},
        "subject": {"reference": format!("Patient/{corey}")},
        "period": {"start": "2027-01-15T23:31:00Z"},
        "location": [{"location": {"identifier": {
            "system": "https://candour.example/fhir/id/team", "value": "emergency-department"
        }}}]
    });
    hall.hospital().creates(&visit).await.is(201);
    let mut maggie = Browser::of(&hall, "maggie-torrance").await;
    let number = hall.town.person("corey-lamont").expect("Corey");
    let number = number.chi.as_deref().expect("his number");
    let found = maggie.does("/care/people", &[("chi", number)]).await;
    let record = maggie.gets(&link(&found, "Corey Lamont")).await.is(200);
    assert!(maggie.clicks <= 3, "{} clicks", maggie.clicks);
    let said = words(&record);
    let flag = said
        .find("Child protection message in force")
        .expect("the flag");
    assert!(
        said[flag..].contains("01632 960190") || said[flag..].contains("01632 960 190"),
        "{said}"
    );

    // Those linked learn of a child, not which, and of nothing that happened.
    let mut obinna = Browser::of(&hall, "obinna-chukwu").await;
    let inbox = obinna.gets("/care/inbox").await.is(200);
    let linked = words(&obinna.gets(&link(&inbox, "Barry Greig")).await.is(200));
    assert!(
        linked.contains("Linked to a child with protection activity since 16 January 2027."),
        "{linked}"
    );
    for private in PRIVATE {
        assert!(!linked.contains(private), "{private} in {linked}");
    }
}

#[tokio::test]
async fn in_the_morning_all_that_nobody_took_is_on_the_day_teams_list_as_waiting_since() {
    let hall = Hall::open().await;
    night(&hall).await;
    at(&hall, "2027-01-18T08:45:00Z").await;
    let mut nkechi = Browser::of(&hall, "nkechi-obi").await;
    let inbox = words(&nkechi.gets("/care/inbox").await.is(200));
    assert_eq!(inbox.matches("About Corey Lamont").count(), 1, "{inbox}");
    assert!(
        inbox.contains("15-Jan-2027 23:40"),
        "waiting since: {inbox}"
    );
    let mut gurpreet = Browser::of(&hall, "gurpreet-bains").await;
    let inbox = words(&gurpreet.gets("/care/inbox").await.is(200));
    assert_eq!(inbox.matches("About Shannon Greig").count(), 1, "{inbox}");
    let mut catherine = Browser::of(&hall, "catherine-rattray").await;
    let inbox = words(&catherine.gets("/care/inbox").await.is(200));
    assert_eq!(inbox.matches("About Corey Lamont").count(), 1, "{inbox}");
}

#[tokio::test]
async fn the_wrong_child_is_taken_back_by_itself_and_whoever_opened_it_must_say_that_they_know() {
    let hall = Hall::open().await;
    let night = night(&hall).await;
    at(&hall, "2027-01-18T09:10:00Z").await;
    let mut gurpreet = Browser::of(&hall, "gurpreet-bains").await;
    let inbox = gurpreet.gets("/care/inbox").await.is(200);
    let linked = link(&inbox, "Shannon Greig");
    gurpreet.gets(&linked).await.is(200);

    let nkechi = hall.actor("nkechi-obi", &["CP-CONCERN"]);
    let id = linked.trim_start_matches("/care/inbox/");
    let wrong = parameters(&[("reason", "It was her cousin.")]);
    let path = format!("Communication/{id}/$retract");
    nkechi.posts(&path, wrong).await.is(200);
    let page = words(&gurpreet.gets(&linked).await.is(200));
    assert!(
        page.contains("Taken back on 18 January 2027 because it was wrong: It was her cousin."),
        "{page}"
    );
    let known = [("reply", "known")];
    let left = gurpreet.does(&format!("{linked}/answer"), &known).await;
    assert!(words(&left).contains("Nothing is waiting for your team."));

    // The message about Corey, and the one linked to Barry, stand.
    let obinna = hall.actor("obinna-chukwu", &["TREAT"]);
    let list = obinna.gets("Communication/$inbox").await.is(200);
    assert!(
        list.text().contains(Kind::LinkedAdult.code()),
        "{}",
        list.text()
    );
    let root = night.raised.trim_start_matches("/care/inbox/");
    let open = nkechi
        .gets(&format!("Communication/{root}/$open"))
        .await
        .is(200);
    assert_eq!(open.at("/entry/0/resource/status"), "in-progress");
}

#[tokio::test]
async fn closed_it_ends_with_all_that_is_linked_and_a_year_later_it_is_gone_from_every_view() {
    let hall = Hall::open().await;
    let night = night(&hall).await;
    at(&hall, "2027-02-05T10:00:00Z").await;
    let nkechi = hall.actor("nkechi-obi", &["CP-CONCERN"]);
    let root = night.raised.trim_start_matches("/care/inbox/");
    let over = parameters(&[("reason", "The plan goes on without it.")]);
    nkechi
        .posts(&format!("Communication/{root}/$close"), over)
        .await
        .is(200);
    let obinna = hall.actor("obinna-chukwu", &["TREAT"]);
    let list = obinna.gets("Communication/$inbox").await.is(200);
    assert!(
        !list.text().contains("linked-adult"),
        "a stale link is a failure"
    );

    let corey = hall.patient("corey-lamont");
    let flags = format!("Flag?patient={corey}");
    let doctor = hall.actor("catherine-rattray", &["TREAT"]);
    let ended = doctor.gets(&flags).await.is(200).text();
    assert!(
        ended.contains("Child protection message ended on 5 February 2027"),
        "{ended}"
    );
    at(&hall, "2028-02-05T10:00:01Z").await;
    let doctor = hall.actor("catherine-rattray", &["TREAT"]);
    let gone = doctor.gets(&flags).await.is(200).text();
    // What the practice wrote itself stays: it is a record, and not made from the message.
    assert!(!gone.contains("Child protection message ended"), "{gone}");
}

/// A body without what is drawn at random, of which only the length is kept: ids, codes and sealed
/// texts. Days and times stay.
pub fn undrawn(body: &str) -> String {
    let is_part = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
    let mut plain = String::new();
    for word in body.split_inclusive(|it| !is_part(it)) {
        let run = word.trim_end_matches(|it| !is_part(it));
        let digits = run.bytes().any(|it| it.is_ascii_digit());
        let code = run.len() >= 12 && run.bytes().all(|it| it.is_ascii_hexdigit());
        match digits && (code || run.len() >= 20) {
            true => plain.push_str(&format!("[{}]", run.len())),
            false => plain.push_str(run),
        }
        plain.push_str(&word[run.len()..]);
    }
    plain
}

#[tokio::test]
async fn those_who_must_not_know_yet_see_what_they_would_see_if_nothing_had_happened() {
    let (world, twin) = (Hall::open().await, Hall::open().await);
    night(&world).await;
    at(&twin, "2027-01-16T00:20:00Z").await;
    let barry = world.patient("barry-greig");
    let (his, other) = (world.person("barry-greig"), twin.person("barry-greig"));
    for question in [
        format!("Patient/{barry}/$everything"),
        format!("Flag?patient={barry}"),
        format!("Communication?patient={barry}"),
        format!("AuditEvent?patient={barry}"),
        "Communication/$words".to_owned(),
    ] {
        let (here, there) = (his.gets(&question).await, other.gets(&question).await);
        assert_eq!(here.status, there.status, "{question}");
        assert_eq!(undrawn(&here.text()), undrawn(&there.text()), "{question}");
    }
    let mut his = Browser::of(&world, "barry-greig").await;
    let mut other = Browser::of(&twin, "barry-greig").await;
    for page in [
        "/me",
        "/me/access",
        "/me/access.json",
        "/me/sharing",
        "/me/links",
    ] {
        let (here, there) = (his.gets(page).await, other.gets(page).await);
        assert_eq!(here.status, there.status, "{page}");
        assert_eq!(undrawn(&here.text()), undrawn(&there.text()), "{page}");
    }

    // The day on which telling is no danger any more: the entries are there, and the packs prove it.
    let before = proven(&world, "corey-lamont").await;
    at(&world, "2027-02-13T09:00:01Z").await;
    let mut his = Browser::of(&world, "barry-greig").await;
    let told = words(&his.gets("/me/access").await.is(200));
    assert!(told.contains("a message about you"), "{told}");
    assert!(proven(&world, "corey-lamont").await > before);
    for linked in ["barry-greig", "shannon-greig"] {
        assert!(proven(&world, linked).await > 0, "{linked}");
    }
}
