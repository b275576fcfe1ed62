//! Somebody who is to be heard and has no page here is asked by a one-time link and a spoken code: Beathag,
//! who visits Oighrig MacQuarrie daily and has a telephone, about the move that Fraser plans.

use serde_json::json;

use crate::browser::{Browser, words};
use crate::hall::Hall;
use crate::invited::{Given, opens};
use crate::saying::parameters;
use crate::suspected::party;
use crate::to_be_heard::{MOVE, SON, account, acts, listed, oighrig, planned, says, set, takes};

const NAME: &str = "Beathag Nicolson";

/// She is down as who looks after Oighrig, and Fraser plans the move.
async fn to_be_heard() -> Hall {
    let hall = Hall::open().await;
    acts(&hall).await;
    let tie = json!({"tie": {"party": "beathag", "kind": "primary-carer"}});
    says(&hall, tie).await;
    planned(&hall).await;
    hall
}

fn decisions(hall: &Hall) -> String {
    format!("/care/people/{}/decisions", oighrig(hall))
}

/// The address at which Fraser gives her a link.
async fn giving(hall: &Hall, fraser: &mut Browser<'_>) -> String {
    let page = fraser.gets(&decisions(hall)).await.is(200);
    let path = format!(
        "/care/people/{}/hearings/{}/link",
        oighrig(hall),
        asks(hall).await
    );
    assert!(page.text().contains(&path), "{}", words(&page));
    path
}

/// Fraser gives her a link for four weeks.
async fn given(hall: &Hall) -> Given {
    let mut fraser = Browser::of(hall, "fraser-abercrombie").await;
    let path = giving(hall, &mut fraser).await;
    fraser.gets(&path).await.is(200);
    let to = [("name", NAME), ("days", "28")];
    Given::of(&fraser.posts(&path, &to).await.is(200))
}

/// She comes in by it; gives the address of her one page.
async fn enters(beathag: &mut Browser<'_>, given: &Given) -> String {
    let entered = opens(beathag, given, &given.code).await.is(303);
    entered.header("location").to_owned()
}

/// The message that asks her, as a system reads it.
async fn asks(hall: &Hall) -> String {
    let path = format!("Patient/{}/$decision", oighrig(hall));
    let all = hall.fraser().gets(&path).await.is(200).json();
    let heard = all[0]["to-be-heard"]
        .as_array()
        .expect("who is to be heard");
    let hers = heard.iter().find(|it| it["party"] == "beathag");
    let message = hers.and_then(|it| it["message"].as_str());
    message.expect("a message asks her").to_owned()
}

#[tokio::test]
async fn the_carer_reads_what_is_planned_says_what_she_thinks_and_reads_the_answer_on_her_telephone()
 {
    let hall = to_be_heard().await;
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let path = giving(&hall, &mut fraser).await;
    fraser.gets(&path).await.is(200);
    let bare = words(&fraser.posts(&path, &[("name", NAME)]).await.is(422));
    assert!(bare.contains("Choose for how long"), "{bare}");
    let bare = words(&fraser.posts(&path, &[("days", "7")]).await.is(422));
    assert!(bare.contains("Say who is to be heard"), "{bare}");
    let link = given(&hall).await;
    let waits = words(&fraser.gets(&decisions(&hall)).await.is(200));
    let out = "Beathag Nicolson has a one-time link until 9 February 2027, and has not opened it";
    assert!(waits.contains(out), "{waits}");

    let mut beathag = Browser::nobody(&hall);
    let home = enters(&mut beathag, &link).await;
    let page = words(&beathag.gets(&home).await.is(200));
    for said in [
        "Beathag Nicolson, what you say is noted under your name.",
        "This is planned for Oighrig MacQuarrie on 20 January 2027: “Move to Braeside House”.",
        "You are asked because you are down as their primary carer.",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
    // By reading it she was told, once; of the record and the account it opens nothing.
    beathag.gets(&home).await.is(200);
    for more in ["record", "account"] {
        beathag.gets(&format!("{home}/{more}")).await.is(404);
    }
    let view = format!("{home}/view");
    let nothing = words(&beathag.posts(&view, &[("text", " ")]).await.is(422));
    assert!(nothing.contains("Error"), "{nothing}");
    let night = [("text", "She wanders at night. Who is there then?")];
    let said = words(&beathag.does(&view, &night).await);
    assert!(said.contains("A named person answers you before"), "{said}");

    let [on_list] = listed(&hall, "hearing").await.try_into().expect("one");
    let hers = "The primary carer says of “Move to Braeside House”:\nShe wanders at night. Who is there then?";
    assert!(on_list.starts_with(hers), "{on_list}");
    let answer =
        json!({"answer": {"decision": MOVE, "party": "beathag", "words": "Two staff are."}});
    takes(&hall, answer).await.is(200);
    let answered = words(&beathag.gets(&home).await.is(200));
    assert!(answered.contains("“Two staff are.”"), "{answered}");

    // She reads by it that it was decided, and cannot say any more; nobody is given another.
    let asks = asks(&hall).await;
    let told = json!({"told": {"decision": MOVE, "party": party(&hall, SON).await, "by": "phone"}});
    takes(&hall, told).await.is(200);
    let made =
        json!({"make": {"decision": MOVE, "reasons": "she wanders", "review": "2027-04-20"}});
    takes(&hall, made).await.is(200);
    let decided = words(&beathag.gets(&home).await.is(200));
    assert!(decided.contains("It has been decided"), "{decided}");
    let late = words(&beathag.posts(&view, &night).await.is(422));
    assert!(late.contains("It has been decided"), "{late}");
    let another = parameters(&[("name", NAME), ("until", "2027-01-20")]);
    let path = format!("Communication/{asks}/$invite");
    let another = hall.fraser().posts(&path, another).await.is(422);
    assert!(
        another.text().contains("it has been decided"),
        "{}",
        another.text()
    );

    let told = account(&hall).await;
    let count = |said: &str| told.iter().filter(|line| line.contains(said)).count();
    for line in [
        "gave Beathag Nicolson a one-time link with which to read what is planned for you, and to say what they think.",
        "Beathag Nicolson opened the one-time link to what is planned for you.",
        "Beathag Nicolson, your primary carer, read of the planned decision “Move to Braeside House”.",
        "Beathag Nicolson, your primary carer, said what they think of the planned decision",
    ] {
        assert_eq!(count(line), 1, "{line} in {told:#?}");
    }
}

#[tokio::test]
async fn the_team_that_plans_ends_it_and_a_second_one_ends_the_first() {
    let hall = to_be_heard().await;
    let mut early = Browser::nobody(&hall);
    let first = given(&hall).await;
    let early_home = enters(&mut early, &first).await;
    early.gets(&early_home).await.is(200);
    hall.wait(60);
    let second = given(&hall).await;
    early.gets(&early_home).await.is(410);
    let mut beathag = Browser::nobody(&hall);
    let home = enters(&mut beathag, &second).await;
    beathag.gets(&home).await.is(200);

    // It stands among the links of her record, for the agency that gave it, and is no link to it.
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let links = format!("/care/people/{}/links", oighrig(&hall));
    let page = fraser.gets(&links).await.is(200);
    let read = words(&page);
    let row = "Beathag Nicolson, Asked what they think Nothing of the record. To say what they think of “Move to Braeside House”";
    assert!(read.contains(row), "{read}");
    let (_, rest) = page.text().split_once(&format!("{links}/")).map_or_else(
        || panic!("a way to end it"),
        |(a, b)| (a.to_owned(), b.to_owned()),
    );
    let id = rest.split('/').next().expect("its id").to_owned();
    fraser
        .posts(&format!("{links}/{id}/end"), &[])
        .await
        .is(303);
    let dead = words(&beathag.gets(&home).await.is(410));
    assert!(dead.contains("This link ended"), "{dead}");
    assert!(
        !dead.contains("Braeside") && !dead.contains("Oighrig"),
        "{dead}"
    );
    let late = [("text", "Wait!")];
    beathag.posts(&format!("{home}/view"), &late).await.is(410);
}

#[tokio::test]
async fn systems_give_and_end_it_and_nobody_who_may_not_learns_that_anybody_is_asked() {
    let hall = to_be_heard().await;
    let message = asks(&hall).await;
    let path = format!("Communication/{message}/$invite");
    let to = parameters(&[("name", NAME), ("until", "2027-01-20")]);
    let fraser = hall.fraser();
    let made = fraser.posts(&path, to.clone()).await.is(201);
    let id = made.at("/parameter/0/valueId");
    let end = format!("{path}/{id}");
    // To a housing officer it is as if there were none; another agency that sees the plan may not.
    let derek = hall.derek();
    let here = derek.posts(&path, to.clone()).await.is(404).text();
    let none = "Communication/0000000000000000000000000a/$invite";
    let never = derek.posts(none, to.clone()).await.is(404).text();
    assert_eq!(
        here.replace(&message, "ID"),
        never.replace("0000000000000000000000000a", "ID")
    );
    derek.deletes(&end).await.is(404);
    let ruksana = hall.ruksana();
    let other = ruksana.posts(&path, to.clone()).await.is(422);
    assert_eq!(
        other.issues()[0].1,
        "another agency has planned this: ask them"
    );
    ruksana.deletes(&end).await.is(404);
    fraser.deletes(&end).await.is(204);

    // Left out on a ground, she is asked nothing any more.
    let leave = json!({"leave-out": {"decision": MOVE, "ground": "R11"}});
    takes(&hall, leave).await.is(200);
    fraser.posts(&path, to).await.is(404);
}

#[tokio::test]
async fn whoever_is_said_to_harm_her_finds_a_dead_link_and_nothing_of_why() {
    let hall = to_be_heard().await;
    let link = given(&hall).await;
    let mut beathag = Browser::nobody(&hall);
    let home = enters(&mut beathag, &link).await;
    beathag.gets(&home).await.is(200);
    let concern = parameters(&[
        ("patient", &oighrig(&hall)),
        ("to", "northburn-adults"),
        ("name", "Oighrig MacQuarrie"),
        ("text", "A bank rang: her visitor draws her money."),
        ("own-action", "Asked the bank to hold large payments."),
        ("alleged-harmer", "beathag"),
    ]);
    let stuart = hall.actor("stuart-leckie", &["ASP-INQUIRY"]);
    stuart
        .posts("Communication/$concern", concern)
        .await
        .is(201);
    let dead = beathag.gets(&home).await.text();
    for nothing in ["Braeside", "Oighrig", "concern", "bank"] {
        assert!(!dead.contains(nothing), "{nothing} in {dead}");
    }
    let view = format!("{home}/view");
    let refused = beathag.posts(&view, &[("text", "I object.")]).await;
    assert!([404, 410].contains(&refused.status), "{}", refused.text());
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let page = fraser.gets(&decisions(&hall)).await.is(200);
    assert!(
        !page.text().contains("primary carer a link"),
        "{}",
        words(&page)
    );
    set(&hall, "2027-01-12T14:00:00Z");
    assert!(listed(&hall, "hearing").await.is_empty());
}
