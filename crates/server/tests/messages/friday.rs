//! Friday, 23:40 (the town's people): from the desk at night, over pages and API, to the morning.

use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::night::undrawn;
use crate::saying::parameters;

fn set(hall: &Hall, at: &str) {
    let at = domain::Timestamp::parse(at).expect("an instant");
    hall.clock.stand_at(at);
}

/// Tariq, on duty for both councils, raises it for Corey on the page; gives its address.
async fn raised<'h>(hall: &'h Hall) -> (Browser<'h>, String) {
    set(hall, "2027-01-16T00:20:00Z");
    let mut tariq = Browser::of(hall, "tariq-nawaz").await;
    let barry = hall.patient("barry-greig").to_string();
    let person = hall.patient("corey-lamont");
    let path = format!("/care/people/{person}/protection");
    let form = tariq.gets(&path).await.is(200);
    let said = words(&form);
    assert!(
        said.contains("Braehead surgery"),
        "everyone involved is ticked: {said}"
    );
    let linked = format!("linked-adult:{barry}");
    let fields = [
        ("to", "braehead-surgery"),
        ("to", "emergency-department"),
        ("answers_for", "northburn-children"),
        ("linked", ""),
        ("linked", &*linked),
        ("telling", "hold"),
    ];
    let address = tariq.posts(&path, &fields).await.is(303);
    let address = address.header("location").to_owned();
    (tariq, address)
}

#[tokio::test]
async fn raised_by_ticks_alone_it_reaches_each_with_the_least_that_keeps_somebody_safe() {
    let hall = Hall::open().await;
    let (mut tariq, address) = raised(&hall).await;
    let shown = words(&tariq.gets(&address).await.is(200));
    assert!(
        shown.contains("Child protection activity since 16 January 2027."),
        "{shown}"
    );
    assert!(shown.contains("Not yet in the accounts"), "{shown}");
    assert!(
        shown.contains("Braehead surgery : waiting: nobody on duty")
            || shown.contains("Braehead surgery : delivered"),
        "{shown}"
    );

    let mut obinna = Browser::of(&hall, "obinna-chukwu").await;
    let inbox = obinna.gets("/care/inbox").await.is(200);
    let linked = obinna.gets(&link(&inbox, "Barry Greig")).await.is(200);
    let said = words(&linked);
    assert!(
        said.contains("Linked to a child with protection activity since 16 January 2027."),
        "{said}"
    );
    assert!(
        said.contains("01632 960190") || said.contains("01632 960 190"),
        "{said}"
    );
    for private in ["Corey", "Lamont", "sofa", "disturbance"] {
        assert!(!said.contains(private), "{private} in {said}");
    }
    // The clinicians' first screen has the flag, and whom to ring at this hour first.
    let flags = hall.actor("catherine-rattray", &["TREAT"]);
    let corey = hall.patient("corey-lamont");
    let flag = flags.gets(&format!("Flag?patient={corey}")).await.is(200);
    assert!(
        flag.text()
            .contains("Ring at night, out-of-hours social work, 01632 960 190;"),
        "{}",
        flag.text()
    );
}

#[tokio::test]
async fn he_who_is_linked_learns_nothing_from_his_pages_until_he_is_told() {
    let (world, twin) = (Hall::open().await, Hall::open().await);
    let (mut tariq, address) = raised(&world).await;
    set(&twin, "2027-01-16T00:20:00Z");
    let barry = world.patient("barry-greig");
    let questions = [
        format!("Patient/{barry}/$everything"),
        format!("Flag?patient={barry}"),
        format!("Communication?patient={barry}"),
        format!("AuditEvent?patient={barry}"),
        "Communication/$inbox".to_owned(),
    ];
    for question in &questions {
        let here = world.person("barry-greig").gets(question).await;
        let there = twin.person("barry-greig").gets(question).await;
        assert_eq!(here.status, there.status, "{question}");
        assert_eq!(here.comparable().0, there.comparable().0, "{question}");
        let said = |text: String| text.matches("protection").count();
        assert_eq!(said(here.text()), said(there.text()), "{question}");
    }
    let mut his = Browser::of(&world, "barry-greig").await;
    let mut twins = Browser::of(&twin, "barry-greig").await;
    let here = words(&his.gets("/me/access").await.is(200));
    let there = words(&twins.gets("/me/access").await.is(200));
    assert_eq!(undrawn(&here), undrawn(&there));

    tariq.gets(&address).await.is(200);
    tariq.does(&format!("{address}/told"), &[]).await;
    sharing::messages::do_what_is_due(&world.cx)
        .await
        .expect("what is due is done");
    let told = words(&his.gets("/me/access").await.is(200));
    // He is told that something was, and not of which child.
    assert!(told.contains("a message about your alerts"), "{told}");
    assert!(told.contains("a task that the law gives them"), "{told}");
    assert!(!told.contains("a child protection concern"), "{told}");
}

#[tokio::test]
async fn systems_raise_link_and_close_by_operations() {
    let hall = Hall::open().await;
    set(&hall, "2027-01-11T10:00:00Z");
    let nkechi = hall.actor("nkechi-obi", &["CP-CONCERN"]);
    let (corey, shannon) = (hall.patient("corey-lamont"), hall.patient("shannon-greig"));
    let given = [("patient", &*corey.to_string())];
    let made = nkechi
        .posts("Communication/$raise", parameters(&given))
        .await
        .is(201);
    let id = made.at("/entry/0/resource/id");
    let given = [("patient", &*shannon.to_string()), ("kind", "linked-child")];
    let path = format!("Communication/{id}/$link");
    nkechi.posts(&path, parameters(&given)).await.is(200);
    let gurpreet = hall.actor("gurpreet-bains", &["CP-CONCERN"]);
    let list = gurpreet.gets("Communication/$inbox").await.is(200);
    assert_eq!(
        list.at("/entry/1/resource/category/0/coding/0/code"),
        "linked-child"
    );
    assert!(!list.text().contains("Corey"), "{}", list.text());

    let path = format!("Communication/{id}/$close");
    nkechi
        .posts(&path, parameters(&[("reason", "Over.")]))
        .await
        .is(200);
    let list = gurpreet.gets("Communication/$inbox").await.is(200);
    assert_eq!(list.json().get("entry"), None, "a stale link is a failure");

    let fraser = hall.actor("maggie-torrance", &["CP-CONCERN"]);
    let given = [("patient", &*corey.to_string())];
    let refused = fraser
        .posts("Communication/$raise", parameters(&given))
        .await;
    assert_eq!(refused.status, 403, "{}", refused.text());
}
