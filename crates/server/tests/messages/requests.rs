//! A request for information over pages and API: what each party sees, and what it costs them.

use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::saying::parameters;

/// Fraser asks the district nurses and the ward, by ticks alone; gives the address of his request.
async fn asked(hall: &Hall, fraser: &mut Browser<'_>) -> String {
    let person = hall.patient("netta-dunsmore");
    let record = fraser.gets(&format!("/care/people/{person}")).await.is(200);
    let path = link(&record, "Ask for information");
    let form = words(&fraser.gets(&path).await.is(200));
    assert!(form.contains("You ask for assessing care needs."), "{form}");
    let fields = [
        ("to", "community-nursing"),
        ("to", "ward-6"),
        ("what", "function"),
        ("what", "care-plans"),
        ("by", "2027-01-14"),
    ];
    let answer = fraser.posts(&path, &fields).await.is(303);
    answer.header("location").to_owned()
}

#[tokio::test]
async fn one_form_two_holders_and_the_answer_without_a_word_typed() {
    let hall = Hall::open().await;
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let address = asked(&hall, &mut fraser).await;
    let mine = words(&fraser.gets("/care/requests").await.is(200));
    assert!(
        mine.contains("Community nursing, Northburn : delivered, due 14-Jan-2027 17:00"),
        "{mine}"
    );

    let mut sheila = Browser::of(&hall, "sheila-mathieson").await;
    let inbox = sheila.gets("/care/inbox").await.is(200);
    assert_eq!(link(&inbox, "Netta Dunsmore"), address);
    let form = words(&sheila.gets(&address).await.is(200));
    for said in [
        "Please tell us what you hold of:",
        "Lawful basis: A-e, B-h, C-imp: UK GDPR articles 6(1)(e)",
        "Refuse, on a ground",
    ] {
        assert!(form.contains(said), "{said} in {form}");
    }
    // One tap: it is not held here.
    let left = sheila
        .does(
            &format!("{address}/respond"),
            &[("response", "not-held"), ("ask", "community-therapy")],
        )
        .await;
    assert!(words(&left).contains("Nothing is waiting for your team."));

    let inbox = fraser.gets("/care/inbox").await.is(200);
    let answer = fraser.gets(&link(&inbox, "Netta Dunsmore")).await.is(200);
    let said = words(&answer);
    assert!(
        said.contains("Not held here. Ask Community occupational therapy, Clydevale Hospital"),
        "{said}"
    );
    let mine = words(&fraser.gets("/care/requests").await.is(200));
    assert!(
        mine.contains("Community nursing, Northburn : does not hold it: it is not held here"),
        "{mine}"
    );
    let mut netta = Browser::of(&hall, "netta-dunsmore").await;
    let account = words(&netta.gets("/me/access").await.is(200));
    assert!(
        account.contains("told Northburn adults team, Northburn Council Social Work that they do not hold what was asked about you"),
        "{account}"
    );
}

#[tokio::test]
async fn what_was_typed_is_kept_and_what_was_asked_already_is_one_click_away() {
    let hall = Hall::open().await;
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let address = asked(&hall, &mut fraser).await;
    let person = hall.patient("netta-dunsmore");
    let path = format!("/care/people/{person}/requests/new");
    let fields = [
        ("to", "ward-6"),
        ("what", "function"),
        ("text", "And the bath?"),
        ("by", ""),
    ];
    let again = fraser.posts(&path, &fields).await.is(422);
    assert!(words(&again).contains("This was asked on 11 January 2027 by Fraser Abercrombie"));
    assert_eq!(
        link(&again, "Read the earlier request and its answers"),
        address
    );
    assert!(
        again.text().contains("And the bath?"),
        "nothing typed is lost"
    );
    let fields = [&fields[..], &[("anyway", "yes")]].concat();
    fraser.posts(&path, &fields).await.is(303);
}

#[tokio::test]
async fn gdpr_refuses_nothing_on_the_page_and_a_ground_does() {
    let hall = Hall::open().await;
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let address = asked(&hall, &mut fraser).await;
    let mut sheila = Browser::of(&hall, "sheila-mathieson").await;
    let request = sheila.gets(&address).await.is(200);
    let path = link(&request, "Refuse, on a ground");
    sheila.gets(&path).await.is(200);
    let refused = sheila
        .posts(&path, &[("ground", ""), ("other", "GDPR")])
        .await
        .is(422);
    let said = words(&refused);
    assert!(
        said.contains("`GDPR` is not a ground: data protection law says how information is shared"),
        "{said}"
    );
    sheila.does(&path, &[("ground", "R10")]).await;
    // What was answered cannot be refused again from a page left open.
    let late = sheila.gets(&path).await;
    assert_eq!(late.status, 404);
    let shown = words(&fraser.gets(&address).await.is(200));
    assert!(
        shown.contains("Community nursing, Northburn : refused: it is about somebody else"),
        "{shown}"
    );
}

#[tokio::test]
async fn systems_ask_and_answer_by_operations() {
    let hall = Hall::open().await;
    let patient = hall.patient("netta-dunsmore").to_string();
    let given = [
        ("patient", &*patient),
        ("to", "community-nursing"),
        ("what", "function"),
        ("by", "2027-01-13T12:00:00Z"),
    ];
    let made = hall
        .fraser()
        .posts("Communication/$request", parameters(&given))
        .await
        .is(201);
    assert_eq!(
        made.at("/entry/0/resource/category/0/coding/0/code"),
        "request"
    );
    assert_eq!(
        made.at("/entry/1/resource/restriction/period/end"),
        "2027-01-13T12:00:00.000Z"
    );
    assert_eq!(
        made.at("/entry/1/resource/input/0/valueCoding/code"),
        "function"
    );
    let id = made.at("/entry/0/resource/id");

    let sheila = hall.actor("sheila-mathieson", &["TREAT"]);
    let path = format!("Communication/{id}/$respond");
    let respond = |given: &[(&str, &str)]| sheila.posts(&path, parameters(given));
    respond(&[("response", "perhaps")]).await.says(
        400,
        "value",
        "a response is shared, part, ring, more-needed, not-held or refused",
    );
    respond(&[("response", "refused"), ("ground", "policy")]).await.says(
        422,
        "business-rule",
        "`policy` is not a ground: a local policy is no reason of its own; say what it protects; choose one, give part, name whom to ring, or ask for more",
    );
    sheila
        .posts(
            &format!("Communication/{id}/$answer"),
            parameters(&[("reply", "mine")]),
        )
        .await
        .says(
            422,
            "business-rule",
            "a request is answered by sharing, naming whom to ring, asking for more, saying that it is not held here, or refusing on a ground",
        );
    let part = [
        ("response", "part"),
        ("ground", "R12"),
        ("text", "Two sticks."),
        ("told", "function"),
    ];
    respond(&part).await.is(200);
    let list = hall.fraser().gets("Communication/$requests").await.is(200);
    assert_eq!(list.at("/entry/0/resource/status"), "completed");
    assert_eq!(
        list.at("/entry/0/resource/businessStatus/coding/0/code"),
        "part"
    );
    assert_eq!(
        list.at("/entry/0/resource/statusReason/coding/0/code"),
        "R12"
    );
    let nothing = "there is nothing here of that id that you may see";
    hall.derek()
        .posts(
            &format!("Communication/{id}/$respond"),
            parameters(&[("response", "shared"), ("text", "x")]),
        )
        .await
        .says(404, "not-found", nothing);
}
